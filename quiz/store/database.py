"""A history file, open: identity and version checked, pragmas set, transactions, errors explained.

A file that is not a history of this program is never opened for writing. A rating that was
committed is on the disk (`synchronous=FULL`), in write-ahead mode where the file system allows it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from quiz.errors import Place, StoreError
from quiz.store import problems
from quiz.store.network import is_network
from quiz.store.shelf import files as backup_files
from quiz.store.tables import APPLICATION_ID, METADATA, TRIGGERS, VERSION

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another one."""
_RETRY = 0.02
_MAGIC = b"SQLite format 3\0"
_CACHE = 16 * 1024
"""KiB of pages kept in memory."""
_LARGEST_IDLE_LOG = 64 * 1024 * 1024
"""Bytes to which the write-ahead log is cut after a large import."""


class Kind(Enum):
    """What stands at a path."""

    ABSENT = auto()
    EMPTY = auto()
    HISTORY = auto()
    OTHER_DATABASE = auto()
    NO_DATABASE = auto()


def kind_of(path: Path) -> Kind:
    """What stands at `path`, by its first bytes, so that SQLite need not touch it."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return Kind.ABSENT
    if not head:
        return Kind.EMPTY
    if not head.startswith(_MAGIC):
        return Kind.NO_DATABASE
    ours = len(head) == 100 and int.from_bytes(head[68:72], "big") == APPLICATION_ID
    return Kind.HISTORY if ours else Kind.OTHER_DATABASE


class Database:
    """One connection to a history file, safe to use from several threads one at a time."""

    def __init__(self, path: Path, connection: Connection, obstacle: str) -> None:
        self.path = path
        self.obstacle = obstacle
        """Why it cannot be written; empty where it can."""
        self._connection = connection
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
            obstacle = "it was opened for reading" if read_only else ""
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
                connection.engine.dispose()
                raise
        return cls(path, connection, obstacle)

    def close(self) -> None:
        """Let go of the file. A second call does nothing."""
        with self._lock, problems.explained(self.path):
            if not self._connection.closed:
                self._connection.close()
                self._connection.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the history."""
        yield from self._transaction("BEGIN")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or leaves no trace."""
        if self.obstacle:
            raise problems.read_only(self.path, self.obstacle)
        yield from self._transaction("BEGIN IMMEDIATE")

    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._lock, problems.explained(self.path):
            if self._connection.closed:
                raise StoreError("the history has been closed", where=Place(str(self.path)))
            with _begun(self._connection, begin):
                yield self._connection


def _refuse(path: Path, kind: Kind, read_only: bool) -> None:
    if path.is_dir():
        raise problems.not_a_history(path, "this is a folder, not a history")
    if kind is Kind.NO_DATABASE:
        raise problems.not_a_history(path, "this file is not a database")
    if kind is Kind.OTHER_DATABASE:
        raise problems.not_a_history(path, "this is a database of another program, not a history")
    if kind is Kind.EMPTY and backup_files(path):
        raise problems.damaged(path, "the file is empty although there are backups of it")
    if read_only and kind in (Kind.ABSENT, Kind.EMPTY):
        raise StoreError("there is no history here", where=Place(str(path)))


def _connect(
    path: Path, mode: str, timeout: float, vfs: str | None = None, extra: str = ""
) -> Connection:
    """A connection that begins transactions as `_begun` says and none by itself."""
    uri = f"{path.absolute().as_uri()}?mode={mode}{extra}" + (f"&vfs={vfs}" if vfs else "")

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.info.get("begin", "BEGIN"))

    return engine.connect()


def _connect_for_reading(path: Path, timeout: float) -> Connection:
    """SQLite wants to create files beside a write-ahead database even to read it.

    Where it may not, the file can be read as one that nobody changes, provided that nothing is
    waiting in the log beside it.
    """
    connection = _connect(path, "ro", timeout)
    try:
        _pragma(connection, "user_version")
    except Exception as error:
        connection.engine.dispose()
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise problems.read_only(
                path, "its write-ahead log holds ratings that cannot be read without writing"
            ) from error
        return _connect(path, "ro", timeout, extra="&immutable=1")
    return connection


def _prepare(connection: Connection, path: Path, timeout: float, *, writable: bool) -> None:
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
            raise problems.read_only(
                path, f"it has the older format {version} and must be migrated first"
            )
        _migrate(connection, path)
    with _begun(connection, "BEGIN"):
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        missing = METADATA.tables.keys() - {name for (name,) in rows}
    if missing:
        raise problems.damaged(path, f"it lacks the table {min(missing)}")


def _create(connection: Connection, path: Path) -> int:
    """Lay out an empty file, unless another process just did; its version is returned.

    Done before write-ahead mode is on, so that the file itself says from its first page on whose
    it is.
    """
    with _begun(connection, "BEGIN IMMEDIATE"):
        if version := _scalar(connection, "PRAGMA user_version"):
            return version
        if _scalar(connection, "SELECT count(*) FROM sqlite_master"):
            raise problems.not_a_history(path, "this is a database of another program")
        METADATA.create_all(connection)
        for trigger in TRIGGERS:
            connection.exec_driver_sql(trigger)
        stamp(connection)
    return VERSION


def stamp(connection: Connection) -> None:
    """Mark a file as a history of this version, for us and for Alembic."""
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (f"{VERSION:04d}",))
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _migrate(connection: Connection, path: Path) -> None:
    from quiz.store.backup import before_migration
    from quiz.store.migrate import upgrade

    before_migration(path, VERSION)
    with _begun(connection, "BEGIN IMMEDIATE"):
        # Another process may have done it while this one waited.
        if _scalar(connection, "PRAGMA user_version") < VERSION:
            upgrade(connection)


def _set_journal(connection: Connection, path: Path, timeout: float) -> None:
    """Write-ahead mode where the file system can, else a rollback journal."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            remote = is_network(path.parent)
            if remote or _text_pragma(connection, "journal_mode = WAL") != "wal":
                _leave_write_ahead(connection)
            return
        except Exception as error:
            code = problems.code_of(getattr(error, "orig", error))
            # SQLite does not wait by itself for others to leave when the mode changes.
            if code == sqlite3.SQLITE_BUSY and time.monotonic() < deadline:
                time.sleep(_RETRY)
            elif code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
                _leave_write_ahead(connection)
                return
            else:
                raise


def _leave_write_ahead(connection: Connection) -> None:
    """A rollback journal, also where the shared memory of the write-ahead mode cannot be had."""
    for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = DELETE", "locking_mode = NORMAL"):
        _text_pragma(connection, pragma)
    # The lock is given back with the next access.
    _pragma(connection, "user_version")


def _set_pragmas(connection: Connection) -> None:
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
        _driver(connection).execute(f"PRAGMA {pragma}").close()


@contextmanager
def _begun(connection: Connection, begin: str) -> Iterator[None]:
    connection.info["begin"] = begin
    with connection.begin():
        yield


def _driver(connection: Connection) -> sqlite3.Connection:
    """The connection below SQLAlchemy's, for what cannot be said inside a transaction."""
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _pragma(connection: Connection, name: str) -> int:
    return int(_text_pragma(connection, name))


def _text_pragma(connection: Connection, name: str) -> str:
    row = _driver(connection).execute(f"PRAGMA {name}").fetchone()
    return str(row[0]) if row else ""


def _scalar(connection: Connection, sql: str) -> int:
    return int(connection.exec_driver_sql(sql).scalar_one())
