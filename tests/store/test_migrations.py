from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from quiz.errors import StoreError
from quiz.store import codec, database, migrate, shelf
from quiz.store.file import APPLICATION_ID, TABLES, VERSION
from quiz.store.history import History
from quiz.store.tables import METADATA
from tests.store.make import learned, review

SECOND = '''
"""Adds what the next version needs."""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("review", sa.Column("mood", sa.String(), server_default="", nullable=False))
    {then}
'''


def by_migration_alone(path: Path) -> Path:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert migrate.upgrade(connection, migrate.SCRIPTS) == VERSION
    return path


def schema(path: Path) -> dict[str, str]:
    """Everything in the file's schema, white space folded."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.split()).replace("( ", "(") for name, sql in rows}


def test_the_migrations_give_the_tables_of_the_models(tmp_path: Path) -> None:
    path = by_migration_alone(tmp_path / "h.db")
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_a_migrated_file_and_a_created_one_have_the_same_triggers_checks_and_marks(
    tmp_path: Path,
) -> None:
    migrated = by_migration_alone(tmp_path / "migrated.db")
    created = tmp_path / "created.db"
    History.open(created).close()

    def parts(path: Path) -> dict[str, set[str]]:
        # The clauses of a table may stand in another order.
        return {name: set(sql.split(", ")) for name, sql in schema(path).items()}

    one, other = parts(migrated), parts(created)
    assert one.keys() == other.keys()
    for name in one.keys() - {"alembic_version"}:
        assert {clause.strip("() ") for clause in one[name]} == {
            clause.strip("() ") for clause in other[name]
        }
    for path in (migrated, created):
        with closing(sqlite3.connect(path)) as connection:
            marks = [
                connection.execute(sql).fetchone()[0]
                for sql in (
                    "PRAGMA application_id",
                    "PRAGMA user_version",
                    "SELECT version_num FROM alembic_version",
                )
            ]
        assert marks == [APPLICATION_ID, VERSION, f"{VERSION:04d}"]


def test_a_file_made_by_migration_works(tmp_path: Path) -> None:
    with History.open(by_migration_alone(tmp_path / "h.db")) as history:
        history.append(review(), [learned()])
        assert history.standings() == {"ne#dtype": learned()}


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as it will be with a second migration, whose end is to be filled in."""
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    for name in ("env.py", "versions/v0001_history.py"):
        (scripts / name).write_text((migrate.SCRIPTS / name).read_text())
    monkeypatch.setattr(migrate.upgrade, "__defaults__", (scripts,))
    monkeypatch.setattr(database, "VERSION", 2)
    return scripts / "versions" / "v0002_mood.py"


def old_history(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "h.db"
    path.parent.mkdir()
    by_migration_alone(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO question VALUES (1, 'q')")
        connection.execute("INSERT INTO meta VALUES ('kept', 'yes')")
        connection.commit()
    return path


def test_an_older_history_is_backed_up_and_migrated_when_opened(
    tmp_path: Path, next_version: Path
) -> None:
    next_version.write_text(SECOND.format(then=""))
    path = old_history(tmp_path)
    with History.open(path) as history:
        assert history.meta("kept") == "yes"
    assert "mood" in schema(path)["review"]
    (kept,) = shelf.folder_of(path).iterdir()
    assert kept.name == "h-before-version-2-1.db"
    assert "mood" not in schema(kept)["review"]
    History.open(path).close()
    assert list(shelf.folder_of(path).iterdir()) == [kept], "it is migrated once"


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, next_version: Path
) -> None:
    next_version.write_text(SECOND.format(then="op.execute('INSERT INTO nowhere VALUES (1)')"))
    path = old_history(tmp_path)
    before = schema(path)
    with pytest.raises(StoreError, match="nowhere"):
        History.open(path)
    assert schema(path) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT value FROM meta").fetchone() == ("yes",)


def test_an_older_history_that_may_only_be_read_is_refused(
    tmp_path: Path, next_version: Path
) -> None:
    next_version.write_text(SECOND.format(then=""))
    path = old_history(tmp_path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="older format 1"):
        History.open(path, read_only=True)
    assert path.read_bytes() == before


def loaded_by(script: str, *arguments: object) -> set[str]:
    """The modules that a fresh interpreter holds after running a script."""
    script += "\nimport sys; print(*sys.modules)"
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return set(subprocess.check_output(command, text=True).split())


def test_reading_a_history_loads_no_sqlmodel_and_making_one_no_alembic(tmp_path: Path) -> None:
    path = by_migration_alone(tmp_path / "h.db")
    script = (
        "import sys; from pathlib import Path; from quiz.store.history import History\n"
        "from datetime import date, datetime\n"
        "history = History.open(Path(sys.argv[1]))\n"
    )
    read = (
        "history.standings(), list(history.entries()), history.relinks(), history.undone()\n"
        "history.counts_on(date.min), history.tally(date.min), history.known(), history.weights()\n"
        "history.standing('q'), history.last_entries(1), history.size(), history.meta('fact')\n"
    )
    heavy = {"sqlmodel", "sqlalchemy", "pydantic", "alembic", "torch", "textual"}
    assert not loaded_by(script + read, path) & heavy
    assert loaded_by(f"{script}history.set_meta('fact', 'one')", path) & heavy == heavy - {
        "alembic", "torch", "textual",
    }  # fmt: skip
    assert "alembic" not in loaded_by(script, tmp_path / "new.db")


def test_the_names_for_reading_are_those_of_the_tables() -> None:
    assert METADATA.tables.keys() == TABLES
    for table in ("review", "action", "standing", "snapshot"):
        there = [c.name.replace("question", "name") for c in METADATA.tables[table].c]
        read = [*getattr(codec, table.upper()), *(["present"] if table == "snapshot" else [])]
        assert sorted(read) == sorted(there)
