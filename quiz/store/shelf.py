"""The backups on the shelf: how they are named, what is in them, which may go. Reads only.

They stand in `backups/` beside the history, `NAME-YYYY-MM-DDTHHMMSSZ.db` each.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from quiz.store.values import Backup

DAILY, WEEKLY, MONTHLY = 12, 10, 9
"""How many days, weeks and months keep their latest backup."""

_STAMP = "%Y-%m-%dT%H%M%SZ"


def folder_of(path: Path) -> Path:
    """Where the backups of the history at `path` stand."""
    return path.parent / "backups"


def name_for(path: Path, now: datetime) -> Path:
    """The file for a backup made `now` (aware)."""
    return folder_of(path) / f"{path.stem}-{now.astimezone(UTC).strftime(_STAMP)}.db"


def files(path: Path) -> list[tuple[datetime, Path]]:
    """The backups of the history at `path` with their times, newest first."""
    return _named(path, r"\.db")


def unfinished(path: Path) -> list[tuple[datetime, Path]]:
    """What is left of backups that are being made, or were cut short, with their times."""
    return _named(path, r"\.db\.partial.*")


def _named(path: Path, ending: str) -> list[tuple[datetime, Path]]:
    pattern = re.compile(re.escape(path.stem) + r"-(\d{4}-\d\d-\d\dT\d{6}Z)" + ending)
    folder = folder_of(path)
    if not folder.is_dir():
        return []
    found = []
    for file in folder.iterdir():
        if match := pattern.fullmatch(file.name):
            time = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            found.append((time, file))
    return sorted(found, reverse=True)


def list_backups(path: Path) -> list[Backup]:
    """The backups of the history at `path`, newest first, with what each holds."""
    return [_describe(time, file) for time, file in files(path)]


def newest_sound(path: Path) -> Backup | None:
    """The newest backup that passes SQLite's check."""
    for time, file in files(path):
        backup = _describe(time, file)
        if backup.reviews is not None and is_sound(file):
            return backup
    return None


def is_sound(file: Path) -> bool:
    """Whether SQLite's `integrity_check` finds nothing wrong with it."""
    try:
        with closing(read(file)) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def read(file: Path) -> sqlite3.Connection:
    """A connection for reading a backup, which nobody writes to."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def superfluous(times: Iterable[datetime]) -> set[datetime]:
    """Which backups rotation lets go: those that are no day's, week's or month's latest.

    All of the newest day stay: whoever makes a second one on purpose may want the first.
    """
    newest_first = sorted(times, reverse=True)
    kept = {time for time in newest_first if time.date() == newest_first[0].date()}
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (DAILY, lambda time: time.date()),
        (WEEKLY, lambda time: time.isocalendar()[:2]),
        (MONTHLY, lambda time: (time.year, time.month)),
    )
    for count, period in periods:
        latest: dict[object, datetime] = {}
        for time in newest_first:
            latest.setdefault(period(time), time)
        kept.update(list(latest.values())[:count])
    return set(newest_first) - kept


def _describe(time: datetime, file: Path) -> Backup:
    reviews = actions = None
    try:
        with closing(read(file)) as connection:
            (reviews,) = connection.execute("SELECT count(*) FROM review").fetchone()
            (actions,) = connection.execute("SELECT count(*) FROM action").fetchone()
    except sqlite3.Error:
        reviews = actions = None
    return Backup(file, time, file.stat().st_size, reviews, actions)
