from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.errors import StoreError
from quiz.store import shelf
from quiz.store.backup import backup, list_backups, newest_sound, restore
from quiz.store.difference import compare
from quiz.store.history import History
from quiz.store.values import Difference, Entries
from tests.store.make import START, at, instants, learned, review


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "내 기록.db"
    with History.open(path) as history:
        history.append_many([review(f"q{n}", n) for n in range(20)], [learned()])
    return path


def log_of(path: Path) -> list[str]:
    with History.open(path, read_only=True) as history:
        return [entry.question for entry in history.entries()]


def test_a_backup_holds_the_history_as_it_was_and_stands_alone(path: Path) -> None:
    with History.open(path) as history:
        made = backup(history, START)
        history.append(review("later", 30))
    assert made == path.parent / "backups" / "내 기록-2026-03-29T203232Z.db"
    assert log_of(made) == [f"q{n}" for n in range(20)]
    assert sorted(made.parent.iterdir()) == [made]


def test_there_is_one_backup_a_day_unless_forced(path: Path) -> None:
    with History.open(path) as history:
        assert backup(history, START)
        assert backup(history, START + timedelta(hours=3)) is None
        assert backup(history, START + timedelta(hours=3), force=True)
        assert len(shelf.files(path)) == 2
        assert backup(history, at(1))
        # The same UTC day, told by a clock on the other side of the world.
        assert backup(history, at(1.01).astimezone(timezone(timedelta(hours=14)))) is None
    assert len(shelf.files(path)) == 2, "of a day that is over only the latest stays"


def test_backups_are_listed_newest_first_with_what_they_hold(path: Path) -> None:
    with History.open(path) as history:
        backup(history, START)
        history.append(review("later", 30))
        backup(history, at(31))
    (path.parent / "backups" / "notes.db").touch()
    newest, oldest = list_backups(path)
    assert (newest.time, newest.reviews, newest.actions) == (
        at(31).replace(microsecond=0),
        21,
        0,
    )
    assert oldest.reviews == 20
    assert oldest.size == oldest.path.stat().st_size


def test_a_damaged_backup_is_listed_without_counts_and_passed_over(path: Path) -> None:
    with History.open(path) as history:
        sound = backup(history, START)
        broken = backup(history, at(1))
    assert broken is not None
    broken.write_bytes(broken.read_bytes()[:5000])
    assert [b.reviews is None for b in list_backups(path)] == [True, False]
    newest = newest_sound(path)
    assert newest is not None
    assert newest.path == sound
    with pytest.raises(StoreError, match="damaged"):
        restore(path, broken)


def test_no_backup_is_made_of_a_damaged_history(path: Path) -> None:
    with History.open(path) as history:
        content = bytearray(path.read_bytes())
        history.append_many([review(f"more {n}", n) for n in range(3000)])
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 40960] = b"\xa5" * 40960
    path.write_bytes(content)
    with History.open(path) as history, pytest.raises(StoreError, match="damaged"):
        backup(history, START)
    assert list((path.parent / "backups").iterdir()) == []


def test_a_year_of_daily_backups_is_rotated(path: Path) -> None:
    times = {START + timedelta(days=n) for n in range(365)}
    for time in sorted(times):
        times -= shelf.superfluous(t for t in times if t <= time)
    days = sorted(((START + timedelta(days=364)) - time).days for time in times)
    assert days[:12] == list(range(12))
    assert len({time.isocalendar()[:2] for time in times}) >= 10
    assert len({(time.year, time.month) for time in times}) == 9
    assert len(times) <= 12 + 10 + 9


@given(st.sets(instants, max_size=80))
def test_rotation_keeps_what_it_promises_and_is_settled_at_once(times: set[datetime]) -> None:
    kept = times - shelf.superfluous(times)
    assert shelf.superfluous(kept) == set()
    today = [time for time in times if time.date() == max(times).date()]
    assert len(kept) <= shelf.DAILY + shelf.WEEKLY + shelf.MONTHLY + len(today)
    for count, period in (
        (shelf.DAILY, lambda time: time.date()),
        (shelf.MONTHLY, lambda time: (time.year, time.month)),
    ):
        periods = sorted({period(time) for time in times}, reverse=True)[:count]
        for wanted in periods:
            assert max(time for time in times if period(time) == wanted) in kept


def test_making_a_backup_removes_what_rotation_lets_go_and_nothing_else(path: Path) -> None:
    folder = path.parent / "backups"
    folder.mkdir()
    other = folder / "other-2020-01-01T000000Z.db"
    kept = folder / "내 기록-before-version-2-1.db"
    old = [shelf.name_for(path, at(-1 - n / 4)) for n in range(8)]
    for file in (other, kept, *old):
        file.touch()
    with History.open(path) as history:
        backup(history, START)
    assert other.exists()
    assert kept.exists()
    assert [file.exists() for file in old] == [True, False, False, False, True] + [False] * 3


def test_restoring_shows_what_changes_and_keeps_what_it_replaces(path: Path) -> None:
    with History.open(path) as history:
        made = backup(history, START)
        history.append(review("decks/a/b#after the backup", 30))
        history.set_meta("device", "here")
    assert made is not None
    change = compare(path, made)
    assert (change.gone.reviews, change.gone.actions, change.common) == (1, 0, 20)
    assert [one.question for one in change.gone.newest] == ["decks/a/b#after the backup"]
    assert change.gone.by_day == {(at(30).date(), "decks/a"): 1}
    assert change.back == Entries()
    kept = restore(path, made)
    assert kept is not None
    assert log_of(path) == [f"q{n}" for n in range(20)]
    assert log_of(kept)[-1] == "decks/a/b#after the backup"
    assert compare(path, kept) == Difference(change.back, change.gone, 20)
    assert restore(path, kept) != kept
    assert log_of(path)[-1] == "decks/a/b#after the backup"
    with History.open(path) as history:
        history.append(review("life goes on", 31))


def test_a_damaged_history_is_replaced_and_kept_as_it_was(path: Path) -> None:
    with History.open(path) as history:
        made = backup(history, START)
    assert made is not None
    path.write_bytes(b"not a database any more" * 100)
    path.with_name(path.name + "-wal").write_bytes(b"what was not yet written into it")
    kept = restore(path, made)
    assert kept is not None
    assert kept.read_bytes().startswith(b"not a database")
    assert kept.with_name(kept.name + "-wal").read_bytes().startswith(b"what was")
    assert len(log_of(path)) == 20


def test_a_lost_history_is_restored(path: Path) -> None:
    with History.open(path) as history:
        made = backup(history, START)
    assert made is not None
    path.unlink()
    assert restore(path, made) is None
    assert len(log_of(path)) == 20


def test_a_history_in_use_is_not_replaced(path: Path) -> None:
    with History.open(path) as history:
        made = backup(history, START)
        assert made is not None
        with pytest.raises(StoreError, match="open in another program"):
            restore(path, made)
        history.append(review("still here", 30))
    assert log_of(path)[-1] == "still here"
    assert not list(path.parent.glob("*.restoring*"))


def test_another_programs_file_is_no_backup(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER)")
    with pytest.raises(StoreError, match="none of a history"):
        restore(path, other)
    assert len(log_of(path)) == 20


def test_a_backup_is_made_while_another_history_writes(path: Path) -> None:
    with History.open(path) as one, History.open(path, busy_timeout=0.05) as two:
        one.append(review("first", 30))
        with one.database.writing():
            made = backup(two, datetime(2026, 5, 1, tzinfo=UTC))
        assert made is not None
        assert log_of(made)[-1] == "first"
