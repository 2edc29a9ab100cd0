"""Killing the program at random instants of what it does, and looking at what is left.

Each act runs in a child that says what it has done, and is killed (-9) a random moment after it
began. Whatever it had said must be there, whole, and the memory must be what the log says.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from quiz.model.review import ActionKind, Entry, Rating, Review, Standing
from quiz.store import database, migrate, shelf
from quiz.store.backup import backup
from quiz.store.file import VERSION
from quiz.store.history import History
from quiz.store.ids import new_id
from quiz.study.library import Library
from quiz.study.values import Attempt

CARDS = 30
CHUNK = 200
"""Reviews of one import."""
OLD = 3_000
"""Reviews of the history that is migrated."""
SPAN = 0.12
"""Seconds within which the child is killed after it has begun."""

_SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.add_column("review", sa.Column("mood", sa.String(), server_default="", nullable=False))
    op.execute("CREATE TABLE copied AS SELECT * FROM review")
"""


class LostError(AssertionError):
    """Something that had been acknowledged is missing, or what is left is not sound."""


class Place:
    """A collection with its history, and what has been acknowledged so far."""

    def __init__(self, folder: Path) -> None:
        self.cards, self.path = folder / "cards", folder / "history.db"
        self.acknowledged: set[str] = set()
        self.cards.mkdir()
        for number in range(CARDS):
            text = f"# C{number}\n\n## What is {number}?\n\nIt is {number}.\n"
            (self.cards / f"c{number:02}.md").write_text(text, encoding="utf-8")
        (self.cards / "quiz.toml").write_text("new_per_day = 9999\nreviews_per_day = 9999\n")
        with closing(self.library()):
            pass

    def library(self) -> Library:
        """The collection, open; what is learned comes again within minutes."""
        return Library.open(self.cards, self.path)

    def ids(self) -> set[str]:
        """What the log holds."""
        with History.open(self.path) as history:
            return {entry.id for entry in history.entries()}

    def check(self, told: Sequence[str], most: int) -> None:
        """Everything told is there, at most so many more, sound, and the memory follows."""
        _check_sound(self.path)
        there = self.ids()
        expected = self.acknowledged | set(told)
        _demand(expected <= there, f"{len(expected - there)} acknowledged entries are missing")
        more = len(there - expected)
        _demand(more in (0, most), f"{more} entries more than acknowledged, not 0 or {most}")
        self.acknowledged = there
        with closing(self.library()) as library:
            stored = dict(library.standings)
            _, changed = library.rebuild()
            _demand(changed == 0, f"{changed} memories were not what the log says")
            _demand(stored == library.standings, "the memories are not what the log says")


def session(place: Place, tell: Connection) -> None:
    """Rate, bury, suspend, undo and redo for ever; tell every entry once it is stored."""
    rng = random.Random(os.getpid())
    with closing(place.library()) as library:
        ledger = library.ledger
        append, append_many = ledger.history.append, ledger.history.append_many

        def appending(entry: Entry, standings: Iterable[Standing] = ()) -> None:
            append(entry, standings)
            tell.send([entry.id])

        def appending_many(entries: Iterable[Entry], standings: Iterable[Standing] = ()) -> int:
            entries = list(entries)
            added = append_many(entries, standings)
            tell.send([entry.id for entry in entries])
            return added

        ledger.history.append = appending  # type: ignore[method-assign]
        ledger.history.append_many = appending_many  # type: ignore[method-assign]
        tell.send("")
        asking = library.session()
        while True:
            if asking.asked is None:
                for question in library.collection.questions:
                    ledger.act(question, ActionKind.FORGET)
                    ledger.act(question, ActionKind.UNSUSPEND)
                asking = library.session()
            act = rng.random()
            if act < 0.8:
                asking.rate(Rating(rng.randint(1, 4)), Attempt(duration=5))
            elif act < 0.9:
                asking.undo()
            elif act < 0.95:
                asking.redo()
            else:
                asking.suspend()


def importing(place: Place, tell: Connection) -> None:
    """Import logs for ever; tell each entry once all of its log is stored."""
    rng = random.Random(os.getpid())
    with closing(place.library()) as library:
        questions = list(library.collection.questions)
        tell.send("")
        while True:
            log = [_review(library, rng.choice(questions), rng) for _ in range(CHUNK)]
            library.add_to_log(log)
            tell.send([review.id for review in log])


def backing_up(place: Place, tell: Connection) -> None:
    """Back up for ever."""
    now = datetime.now(UTC)
    with closing(place.library()) as library:
        tell.send("")
        while True:
            now += timedelta(hours=7)
            backup(library.ledger.history, now, force=True)


def check_backups(place: Place) -> None:
    """Every backup is whole, and holds what the history held."""
    count = len(place.acknowledged)
    for made in shelf.list_backups(place.path):
        _demand(shelf.is_sound(made.path), f"{made.path.name} is not sound")
        held = (made.reviews or 0) + (made.actions or 0)
        _demand(held == count, f"{made.path.name} holds {held} entries of {count}")


def migrating(path: Path, scripts: Path, tell: Connection) -> None:
    """Open a history of the older version with the program of the next."""
    defaults = migrate.upgrade.__defaults__
    migrate.upgrade.__defaults__ = (scripts,)
    vars(database)["VERSION"] = 2
    try:
        tell.send("")
        History.open(path).close()
    finally:
        migrate.upgrade.__defaults__ = defaults


def check_migrated(path: Path) -> None:
    """Wholly old or wholly new, with every review."""
    _check_sound(path)
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (reviews,) = connection.execute("SELECT count(*) FROM review").fetchone()
        (number,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        columns = {row[1] for row in connection.execute("PRAGMA table_info(review)")}
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    whole = (version == 2, int(number) == 2, "mood" in columns, "copied" in tables)
    _demand(len(set(whole)) == 1, f"migrated by half: {whole}")
    _demand(reviews == OLD, f"{reviews} reviews of {OLD}")
    for kept in shelf.folder_of(path).glob("*.db"):
        _demand(shelf.is_sound(kept), f"{kept.name} is not sound")


def kill_sessions(folder: Path, count: int, rng: random.Random) -> None:
    """Kill so many sessions."""
    place = Place(folder)
    for _ in range(count):
        place.check(_killed(partial(session, place), rng), 1)


def kill_imports(folder: Path, count: int, rng: random.Random) -> None:
    """Kill so many imports."""
    place = Place(folder)
    for _ in range(count):
        if len(place.acknowledged) > 40 * CHUNK:  # so that later ones take no longer
            shutil.rmtree(folder)
            folder.mkdir()
            place = Place(folder)
        place.check(_killed(partial(importing, place), rng), CHUNK)


def kill_backups(folder: Path, count: int, rng: random.Random) -> None:
    """Kill so many backups."""
    place = Place(folder)
    with closing(place.library()) as library:
        questions = list(library.collection.questions)
        library.add_to_log([_review(library, rng.choice(questions), rng) for _ in range(OLD)])
    place.acknowledged = place.ids()
    for _ in range(count):
        _killed(partial(backing_up, place), rng)
        check_backups(place)
        shutil.rmtree(shelf.folder_of(place.path), ignore_errors=True)
    place.check([], 0)


def kill_migrations(folder: Path, count: int, rng: random.Random) -> None:
    """Kill so many migrations."""
    import alembic.command  # noqa: F401 - loaded before the fork, so that kills hit the work

    assert VERSION == 1, "the migration tried here leads from version 1 to 2"
    scripts = folder / "scripts"
    (scripts / "versions").mkdir(parents=True)
    for name in ("env.py", "versions/v0001_history.py"):
        (scripts / name).write_text((migrate.SCRIPTS / name).read_text())
    (scripts / "versions" / "v0002_mood.py").write_text(_SECOND)
    old = folder / "old.db"
    now = datetime.now(UTC)
    with History.open(old) as history:
        history.append_many(
            Review(new_id(now), f"q{n % 7}", now, now.date(), Rating.GOOD) for n in range(OLD)
        )
    for number in range(count):
        path = folder / f"{number}" / "history.db"
        path.parent.mkdir()
        shutil.copy(old, path)
        _killed(partial(migrating, path, scripts), rng)
        check_migrated(path)
        shutil.rmtree(path.parent)


ACTS: dict[str, Callable[[Path, int, random.Random], None]] = {
    "session": kill_sessions,
    "import": kill_imports,
    "backup": kill_backups,
    "migration": kill_migrations,
}


def kill(act: str, count: int, seed: int = 0) -> None:
    """Kill an act so many times; `LostError` says what was found wrong."""
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder) / act
        inner.mkdir()
        ACTS[act](inner, count, random.Random(seed))


def _killed(work: Callable[[Connection], None], rng: random.Random) -> list[str]:
    """Let a child work, kill it within `SPAN`, and hear what it had told."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(sender,))
    child.start()
    sender.close()
    receiver.recv()  # it has begun
    told: list[str] = []
    moment = datetime.now() + timedelta(seconds=rng.random() * SPAN)
    while (left := (moment - datetime.now()).total_seconds()) > 0:
        if receiver.poll(left):
            try:
                told += receiver.recv()
            except EOFError:
                break
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    try:
        while True:
            told += receiver.recv()
    except (EOFError, OSError):
        pass
    child.join()
    child.close()
    receiver.close()
    return told


def _review(library: Library, question: str, rng: random.Random) -> Review:
    time = datetime.now(UTC) - timedelta(days=rng.uniform(0, 300))
    return Review(
        new_id(time), question, time, library.calendar.day(time), Rating(rng.randint(1, 4))
    )


def _check_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        _demand(found == "ok", found)
        _demand(not connection.execute("PRAGMA foreign_key_check").fetchall(), "foreign keys")


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise LostError(otherwise)
