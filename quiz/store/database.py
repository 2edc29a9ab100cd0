"""A history file, open: identity and version checked, pragmas set, transactions, errors explained.

A file that is not a history of this program is never opened for writing. A rating that was
committed is on the disk (`synchronous=FULL`), in write-ahead mode where the file system allows it.
Opened and read by the standard library; SQLModel is loaded when something is to be written.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.errors import Place, StoreError
from quiz.language import _
from quiz.store import problems
from quiz.store.file import TABLES, VERSION, Kind, kind_of
from quiz.store.network import is_network
from quiz.store.shelf import files as backup_files

if TYPE_CHECKING:
    from quiz.store.writing import Writer

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another one."""
_RETRY = 0.02
_CACHE = 16 * 1024
"""KiB of pages kept in memory."""
_LARGEST_IDLE_LOG = 64 * 1024 * 1024
"""Bytes to which the write-ahead log is cut after a large import."""


class Database:
    """One connection to a history file, safe to use from several threads one at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection, obstacle: str) -> None:
        self.path = path
        self.obstacle = obstacle
        """Why it cannot be written; empty where it can."""
        self._connection: sqlite3.Connection | None = connection
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        busy_timeout: float = BUSY_TIMEOUT,
        vfs: str | None = None,
    ) -> Database:
        """Open the history at `path`, creating it unless `read_only`; `StoreError` if impossible.

        A file that may not be written is opened for reading. `vfs` names one of SQLite's file
        system layers, for file systems that need another than the system's usual one.
        """
        with problems.explained(path):
            kind = kind_of(path)
            _refuse(path, kind, read_only)
            obstacle = _("it was opened for reading") if read_only else ""
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
                obstacle = problems.unwritable(path)
            if obstacle:
                if kind is not Kind.HISTORY:
                    raise problems.read_only(path, obstacle)
                connection = _connect_for_reading(path, busy_timeout)
            else:
                connection = _connect(path, "rwc", busy_timeout, vfs)
            try:
                _prepare(connection, path, busy_timeout, writable=not obstacle)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, obstacle)

    def close(self) -> None:
        """Let go of the file. A second call does nothing."""
        with self._lock, problems.explained(self.path):
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @property
    def version(self) -> int:
        """Another number once another connection has written; own writing does not change it."""
        with self._lock, problems.explained(self.path):
            return _pragma(self._open, "data_version")

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(_("the history has been closed"), where=Place(str(self.path)))
        return self._connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one moment of the history."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def surveying(self) -> Iterator[sqlite3.Connection]:
        """The same for what takes long: where the file allows it, no rating waits for its end."""
        if self.obstacle or not self._writes_ahead():
            with self.reading() as connection:
                yield connection
            return
        with (
            problems.explained(self.path),
            closing(_connect(self.path, "ro", BUSY_TIMEOUT)) as connection,
            _begun(connection, "BEGIN"),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction that is on the disk when the block ends, or leaves no trace."""
        # Loaded first of all, so that no reader has to wait for it.
        from quiz.store.writing import Writer

        if self.obstacle:
            raise problems.read_only(self.path, self.obstacle)
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield Writer(connection)

    def _writes_ahead(self) -> bool:
        with self.reading() as connection:
            return _text_pragma(connection, "journal_mode") == "wal"

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, problems.explained(self.path), _begun(self._open, begin):
            yield self._open


def _refuse(path: Path, kind: Kind, read_only: bool) -> None:
    if path.is_dir():
        raise problems.not_a_history(path, _("this is a folder, not a history"))
    if kind is Kind.NO_DATABASE:
        raise problems.not_a_history(path, _("this file is not a database"))
    if kind is Kind.OTHER_DATABASE:
        said = _("this is a database of another program, not a history")
        raise problems.not_a_history(path, said)
    if kind is Kind.EMPTY and backup_files(path):
        raise problems.damaged(path, _("the file is empty although there are backups of it"))
    if read_only and kind in (Kind.ABSENT, Kind.EMPTY):
        raise StoreError(_("there is no history here"), where=Place(str(path)))


def _connect(
    path: Path, mode: str, timeout: float, vfs: str | None = None, extra: str = ""
) -> sqlite3.Connection:
    """A connection that begins no transaction by itself."""
    uri = f"{path.absolute().as_uri()}?mode={mode}{extra}" + (f"&vfs={vfs}" if vfs else "")
    return sqlite3.connect(
        uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )


def _connect_for_reading(path: Path, timeout: float) -> sqlite3.Connection:
    """SQLite wants to create files beside a write-ahead database even to read it.

    Where it may not, the file can be read as one that nobody changes, provided that nothing is
    waiting in the log beside it.
    """
    connection = _connect(path, "ro", timeout)
    try:
        _pragma(connection, "user_version")
    except sqlite3.Error as error:
        connection.close()
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise problems.read_only(
                path, _("its write-ahead log holds ratings that cannot be read without writing")
            ) from error
        return _connect(path, "ro", timeout, extra="&immutable=1")
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, timeout: float, *, writable: bool) -> None:
    """Create, check or migrate, then set the pragmas."""
    try:
        version = _pragma(connection, "user_version")
    except sqlite3.OperationalError as error:
        # It came here in write-ahead mode, to a file system that has no shared memory.
        if not writable or problems.code_of(error) != sqlite3.SQLITE_CANTOPEN:
            raise
        _leave_write_ahead(connection)
        version = _pragma(connection, "user_version")
    if version == 0 and writable:
        version = _create(connection, path)
    if version > VERSION:
        raise problems.newer(path, version, VERSION)
    if writable:
        _set_journal(connection, path, timeout)
    _set_pragmas(connection)
    if version < VERSION:
        if not writable:
            said = _("it has the older format {version} and must be migrated first")
            raise problems.read_only(path, said.format(version=version))
        _migrate(connection, path)
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    if missing := TABLES - {name for (name,) in rows}:
        said = _("it lacks the table {name}").format(name=min(missing))
        raise problems.damaged(path, said)


def _create(connection: sqlite3.Connection, path: Path) -> int:
    """Lay out an empty file, unless another process just did; its version is returned.

    Done before write-ahead mode is on, so that the file itself says from its first page on whose
    it is.
    """
    from quiz.store.writing import lay_out

    with _begun(connection, "BEGIN IMMEDIATE"):
        if version := _pragma(connection, "user_version"):
            return version
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise problems.not_a_history(path, _("this is a database of another program"))
        lay_out(connection)
    return VERSION


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    from quiz.store.backup import before_migration
    from quiz.store.migrate import upgrade

    before_migration(path, VERSION)
    upgrade(connection)


def _set_journal(connection: sqlite3.Connection, path: Path, timeout: float) -> None:
    """Write-ahead mode where the file system can, else a rollback journal."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            remote = is_network(path.parent)
            if remote or _text_pragma(connection, "journal_mode = WAL") != "wal":
                _leave_write_ahead(connection)
            return
        except sqlite3.Error as error:
            code = problems.code_of(error)
            # SQLite does not wait by itself for others to leave when the mode changes.
            if code == sqlite3.SQLITE_BUSY and time.monotonic() < deadline:
                time.sleep(_RETRY)
            elif code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
                _leave_write_ahead(connection)
                return
            else:
                raise


def _leave_write_ahead(connection: sqlite3.Connection) -> None:
    """A rollback journal, also where the shared memory of the write-ahead mode cannot be had."""
    for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = DELETE", "locking_mode = NORMAL"):
        _text_pragma(connection, pragma)
    # The lock is given back with the next access.
    _pragma(connection, "user_version")


def _set_pragmas(connection: sqlite3.Connection) -> None:
    for pragma in (
        "synchronous = FULL",
        # Without it a Mac says that data is on the disk when it is not.
        "fullfsync = ON",
        "foreign_keys = ON",
        # So that REPLACE runs into the triggers too.
        "recursive_triggers = ON",
        f"cache_size = -{_CACHE}",
        f"journal_size_limit = {_LARGEST_IDLE_LOG}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def _begun(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(_text_pragma(connection, name))


def _text_pragma(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return str(row[0]) if row else ""
