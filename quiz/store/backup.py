"""Backups made, rotated and brought back. A copy is checked before it counts as a backup.

Copies are made by SQLite's online backup while the history stays in use, under another name until
they are complete.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from quiz.errors import Place, StoreError
from quiz.language import _
from quiz.store import problems, shelf
from quiz.store.file import Kind, kind_of
from quiz.store.history import History
from quiz.store.shelf import list_backups, newest_sound
from quiz.store.values import Backup

__all__ = [
    "Backup",
    "backup",
    "copy_to",
    "list_backups",
    "newest_sound",
    "restore",
]


def backup(history: History, now: datetime, *, force: bool = False) -> Path | None:
    """Copy the history into `backups/` beside it, check the copy, and rotate the older ones.

    At most one a day (UTC) unless `force`; None where nothing was to be done.
    """
    made = shelf.files(history.path)
    today = now.astimezone(UTC).date()
    if not force and any(time.date() == today for time, _ in made):
        return None
    target = shelf.name_for(history.path, now)
    with problems.explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_to(history.path, target)
        _tidy(history.path, today)
    return target


def _tidy(path: Path, today: date) -> None:
    made = dict(shelf.files(path))
    cut_short = [file for time, file in shelf.unfinished(path) if time.date() < today]
    for file in [*(made[time] for time in shelf.superfluous(made)), *cut_short]:
        file.unlink(missing_ok=True)


def before_migration(path: Path, version: int) -> Path:
    """Keep what stands at `path` before it is migrated to `version`; never rotated away."""
    target = _free_name(shelf.folder_of(path), f"{path.stem}-before-version-{version}")
    with problems.explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_to(path, target)
    return target


def restore(path: Path, copy: Path) -> Path | None:
    """Put the backup `copy` in the place of the history at `path`.

    What stood there, damaged or not, is kept beside it; where, is returned (None: nothing stood
    there). Killed at any instant, either the old or the new history is whole, or the kept one is.
    """
    if kind_of(copy) is not Kind.HISTORY or not shelf.is_sound(copy):
        raise StoreError(
            _("this backup is damaged, or none of a history; nothing was restored"),
            where=Place(str(copy)),
            fix=_("`quiz restore` lists the others."),
        )
    with problems.explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.restoring")
        copy_to(copy, fresh, immutable=True)
        try:
            kept = _set_aside(path) if path.exists() else None
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        _sync(path.parent)
    return kept


def _set_aside(path: Path) -> Path:
    """Copy the history at `path`, and leave it without files beside it that belong to it alone."""
    kept = _free_name(path.parent, f"{path.stem}-replaced")
    # First of all: SQLite may throw away the log beside a file that it cannot read.
    _copy_with_companions(path, kept)
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            # Writes the log into the file and removes it; fails while anyone else has it open.
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if problems.code_of(error) == sqlite3.SQLITE_BUSY:
            _remove(kept)
            raise problems.in_use(path) from error
    else:
        _remove(kept)
        shutil.copy2(path, kept)
    _sync(kept)
    for companion in _companions(path):
        companion.unlink(missing_ok=True)
    return kept


def _copy_with_companions(path: Path, target: Path) -> None:
    shutil.copy2(path, target)
    for beside, there in zip(_companions(path), _companions(target), strict=True):
        with suppress(FileNotFoundError):
            shutil.copy2(beside, there)


def _remove(path: Path) -> None:
    for file in (path, *_companions(path)):
        file.unlink(missing_ok=True)


def _companions(path: Path) -> list[Path]:
    """What SQLite may keep beside a database."""
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]


def _free_name(folder: Path, stem: str) -> Path:
    number = 1
    while (candidate := folder / f"{stem}-{number}.db").exists():
        number += 1
    return candidate


def copy_to(source: Path, target: Path, *, immutable: bool = False) -> None:
    """An online backup of `source` to `target`, complete and sound or not there at all."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    uri = f"{source.absolute().as_uri()}?mode=ro" + ("&immutable=1" if immutable else "")
    try:
        with closing(sqlite3.connect(uri, uri=True)) as reader, _new(partial) as writer:
            reader.backup(writer)
            # One file that needs no other beside it.
            writer.execute("PRAGMA journal_mode = DELETE").fetchone()
        if not shelf.is_sound(partial):
            said = _("a copy of it does not pass SQLite's integrity check")
            raise problems.damaged(source, said)
        _sync(partial)
        partial.replace(target)
        _sync(target.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _new(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
