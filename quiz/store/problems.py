"""What goes wrong with a history file, said so that a learner knows what to do.

Turns SQLite's errors into `StoreError`s. Reads the file at most; never changes anything.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from quiz.errors import Place, StoreError
from quiz.language import _
from quiz.store.shelf import newest_sound

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_WAIT = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_MAYBE_FULL = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
"""What SQLite says where not even the files beside the history find room."""
_ROOM = 64 * 1024
"""Bytes: more than those files need at first."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the operating system leave this block as `StoreError`s."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _explain(error, path) from error


def code_of(error: BaseException) -> int:
    """SQLite's primary result code; 0 where there is none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _explain(error: BaseException, path: Path) -> StoreError:
    code = code_of(error)
    if code in _DAMAGE:
        return damaged(path, str(error))
    if code in _WAIT:
        return busy(path)
    if code == sqlite3.SQLITE_FULL or (code in _MAYBE_FULL and _is_full(path)):
        return _error(
            _("the disk is full, so nothing more can be stored; what was stored before is safe"),
            path,
            _("Free some space and go on."),
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return read_only(path, str(error))
    if code == sqlite3.SQLITE_CANTOPEN:
        said = _("the history cannot be opened ({why})").format(why=error)
        return _error(said, path, _permissions(path))
    if code == sqlite3.SQLITE_IOERR:
        return _error(
            _("the disk failed while the history was read or written ({why})").format(why=error),
            path,
            _("Check the disk and the connection to it; `quiz backup` makes a copy."),
        )
    why = getattr(error, "strerror", None) or error  # what the system said, without its number
    return _error(_("the history cannot be used: {why}").format(why=why), path, "")


def damaged(path: Path, detail: str) -> StoreError:
    """The file is broken: say how, and name the newest sound backup."""
    said = _("the history is damaged ({why})").format(why=first_damage(path) or detail)
    return _error(said, path, advice(path))


def not_a_history(path: Path, what: str) -> StoreError:
    """The file is something else, or so damaged that it cannot be told."""
    said = _("{what}; it was left as it is").format(what=what)
    return _error(said, path, advice(path, _("Choose another `--db`.")))


def busy(path: Path) -> StoreError:
    """Another process holds the write lock for longer than we wait."""
    who = holder(path) or _("another process")
    return _error(
        _("the history is busy: {who} is writing to it").format(who=who),
        path,
        _("Close the other program, or try again in a moment."),
    )


def in_use(path: Path) -> StoreError:
    """It is open elsewhere, and what is to be done needs it alone."""
    return _error(
        _("the history is open in another program, so it cannot be replaced"),
        path,
        _("Close every other quiz that uses it, and try again."),
    )


def read_only(path: Path, why: str) -> StoreError:
    """It can be read but not written."""
    said = _("the history is read-only ({why}), so nothing can be stored").format(why=why)
    return _error(said, path, _permissions(path))


def newer(path: Path, found: int, ours: int) -> StoreError:
    """A later version of the program has written it."""
    said = _(
        "the history was written by a newer version of quiz (format {found}, this one knows {ours})"
    ).format(found=found, ours=ours)
    return _error(said, path, _("Upgrade quiz; the file was left as it is."))


def unwritable(path: Path) -> str:
    """Why the history at `path` cannot be written; empty where nothing is known against it."""
    if path.exists() and not os.access(path, os.W_OK):
        return _("the file may not be written")
    folder = path.parent
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        return _("the folder {folder} may not be written").format(folder=folder)
    return ""


def advice(path: Path, otherwise: str = "") -> str:
    """What to do about a broken history: the newest sound backup, where there is one."""
    with suppress(OSError, sqlite3.Error):
        if backup := newest_sound(path):
            return _(
                "The newest sound backup is {path} ({time:%Y-%m-%d %H:%M} UTC, {n} reviews). "
                "`quiz restore` brings it back and keeps this file."
            ).format(path=backup.path, time=backup.time, n=backup.reviews)
    return otherwise or _("There is no sound backup beside it; keep the file, it may be recovered.")


def first_damage(path: Path) -> str:
    """The first finding of SQLite's `quick_check`; empty where it can say nothing."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return ""
    return "" if finding == "ok" else str(finding).replace("\n", " ")


def holder(path: Path) -> str:
    """Which process holds a write lock on the history, where the system can tell (Linux)."""
    inodes = set()
    for file in (path, path.with_name(path.name + "-shm")):
        with suppress(OSError):
            inodes.add(str(file.stat().st_ino))
    with suppress(OSError):
        for line in Path("/proc/locks").read_text().splitlines():
            fields = line.split()
            if fields[3] == "WRITE" and fields[5].rpartition(":")[2] in inodes:
                return _process(int(fields[4]))
    return ""


def _process(pid: int) -> str:
    if pid == os.getpid():
        return _("another part of this program")
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        return _("process {number} ({command})").format(number=pid, command=command[:80])
    return _("process {number}").format(number=pid)


def _is_full(path: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < _ROOM
    return False


def _permissions(path: Path) -> str:
    said = _("Give yourself write permission on {path} and its folder, or choose another `--db`.")
    return said.format(path=path)


def _error(what: str, path: Path, fix: str) -> StoreError:
    return StoreError(what, where=Place(str(path)), fix=fix)
