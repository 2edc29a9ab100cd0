"""What is written into a history: the statements, made from the declared tables once.

Importing this module loads SQLModel; `Database` does so when something is to be written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from sqlite3 import Connection
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import ClauseElement

from quiz.model.log import undone
from quiz.model.review import Action, ActionKind, Entry, Review, Standing
from quiz.model.snapshot import Snapshot
from quiz.store import codec
from quiz.store.file import APPLICATION_ID, VERSION
from quiz.store.tables import (
    ACTION,
    META,
    METADATA,
    QUESTION,
    REVIEW,
    SNAPSHOT,
    STANDING,
    TRIGGERS,
    UNDONE,
    WEIGHTS,
)

_PAGE = 5000
"""Rows written at a time, so that they need not all be there at once."""

_DIALECT = sqlite.dialect(paramstyle="named")


def _sql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=_DIALECT))


def _insertion(table: Table) -> sqlite.Insert:
    """An insertion by `name` of the question instead of its number."""
    rest: dict[str, Any] = {
        column.name: bindparam(column.name) for column in table.c if column.name != "question"
    }
    return sqlite.insert(table).inline().values(question=_KEY, **rest)


def _replacing(table: Table) -> str:
    """The same, in the place of what is there of the question."""
    insertion = _insertion(table)
    rest = {c.name: insertion.excluded[c.name] for c in table.c if not c.primary_key}
    return _sql(insertion.on_conflict_do_update(index_elements=["question"], set_=rest))


_KEY = select(QUESTION.c.key).where(QUESTION.c.id == bindparam("name")).scalar_subquery()
_NAME = _sql(sqlite.insert(QUESTION).values(id=bindparam("name")).on_conflict_do_nothing())
_REVIEW = _sql(_insertion(REVIEW).on_conflict_do_nothing(index_elements=["id"]))
_ACTION = _sql(_insertion(ACTION).on_conflict_do_nothing(index_elements=["id"]))
_STANDING = _replacing(STANDING)
_NO_STANDING = _sql(delete(STANDING).where(STANDING.c.question == _KEY))
_NO_STANDINGS = _sql(delete(STANDING))
_SNAPSHOT = _replacing(SNAPSHOT)
_ABSENT = _sql(
    update(SNAPSHOT).where(SNAPSHOT.c.question == _KEY).values(present=bindparam("present"))
)
_UNDOS = _sql(select(ACTION.c.id, ACTION.c.value).where(ACTION.c.kind == bindparam("kind")))
_NONE_UNDONE = _sql(delete(UNDONE))
_UNDONE = _sql(sqlite.insert(UNDONE))
_WEIGHTS = _sql(
    sqlite.insert(WEIGHTS).values(
        {c.name: bindparam(c.name) for c in WEIGHTS.c if c.name not in ("version", "reverted")}
    )
)
_REVERT = _sql(
    update(WEIGHTS)
    .where(WEIGHTS.c.version == bindparam("which"))
    .values(reverted=bindparam("time"))
)
_FACT = sqlite.insert(META).values(key=bindparam("key"), value=bindparam("value"))
_FACT_IN_PLACE = _sql(
    _FACT.on_conflict_do_update(index_elements=["key"], set_={"value": _FACT.excluded.value})
)
_NO_FACT = _sql(delete(META).where(META.c.key == bindparam("key")))


def lay_out(connection: Connection) -> None:
    """The tables of an empty file, and its marks, for us and for Alembic."""
    for table in METADATA.sorted_tables:
        connection.execute(_sql(CreateTable(table)))
        for index in table.indexes:
            connection.execute(_sql(CreateIndex(index)))
    for trigger in TRIGGERS:
        connection.execute(trigger)
    connection.execute(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute("INSERT INTO alembic_version VALUES (?)", (f"{VERSION:04d}",))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


class Writer:
    """Writes inside the transaction that its connection is in."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add_all(self, entries: Iterable[Entry]) -> int:
        """Put into the log what is not there yet, of any number; how many were new."""
        waiting, added = iter(entries), 0
        while chunk := list(islice(waiting, _PAGE)):
            added += self.add(chunk)
        return added

    def add(self, entries: Sequence[Entry]) -> int:
        """Put into the log what is not there yet; how many were new."""
        reviews = [codec.review_row(entry) for entry in entries if isinstance(entry, Review)]
        actions = [codec.action_row(entry) for entry in entries if isinstance(entry, Action)]
        added = 0
        for rows, insertion in ((reviews, _REVIEW), (actions, _ACTION)):
            if rows:
                self._name(rows)
                added += self.connection.executemany(insertion, rows).rowcount
        if any(row["kind"] == ActionKind.UNDO.value for row in actions):
            self.settle_undone()
        return added

    def put_standings(self, standings: Iterable[Standing]) -> None:
        """Put these in the place of what is cached of their questions."""
        waiting = iter(standings)
        while chunk := list(islice(waiting, _PAGE)):
            kept = [codec.standing_row(one) for one in chunk if one != Standing(one.question)]
            new = [{"name": one.question} for one in chunk if one == Standing(one.question)]
            if kept:
                self._name(kept)
                self.connection.executemany(_STANDING, kept)
            if new:
                self.connection.executemany(_NO_STANDING, new)

    def replace_standings(self, standings: Iterable[Standing]) -> None:
        """Put these in the place of the whole cache."""
        self.connection.execute(_NO_STANDINGS)
        self.put_standings(standings)

    def remember(self, present: Iterable[Snapshot], gone: Iterable[str]) -> None:
        """Note texts that are in the cards, and which ids are there no more."""
        texts = [codec.snapshot_row(snapshot) | {"present": True} for snapshot in present]
        self._name(texts)
        self.connection.executemany(_SNAPSHOT, texts)
        self.connection.executemany(_ABSENT, [{"name": name, "present": False} for name in gone])

    def adopt_weights(
        self,
        values: Sequence[float],
        time: datetime,
        reviews: int,
        algorithm: str,
        report: Mapping[str, float],
    ) -> None:
        """Add a set of weights, which is in force from now on."""
        row = {
            "time": codec.micros(time),
            "algorithm": algorithm,
            "weights": json.dumps(list(values)),
            "reviews": reviews,
            "report": json.dumps(dict(report)),
        }
        self.connection.execute(_WEIGHTS, row)

    def revert_weights(self, version: int, time: datetime) -> None:
        """Take a set of weights back."""
        self.connection.execute(_REVERT, {"which": version, "time": codec.micros(time)})

    def set_meta(self, key: str, value: str | None) -> None:
        """Note a small fact, or forget it with None."""
        if value is None:
            self.connection.execute(_NO_FACT, {"key": key})
        else:
            self.connection.execute(_FACT_IN_PLACE, {"key": key, "value": value})

    def _name(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Give every question that `rows` mention a number."""
        names = dict.fromkeys(row["name"] for row in rows)
        self.connection.executemany(_NAME, [{"name": name} for name in names])

    def settle_undone(self) -> None:
        """Compute anew which entries do not count."""
        found = self.connection.execute(_UNDOS, {"kind": ActionKind.UNDO.value})
        undos = {codec.unpack_id(entry): target for entry, target in found}
        self.connection.execute(_NONE_UNDONE)
        self.connection.executemany(_UNDONE, _targets(undone(undos)))


def _targets(ids: Iterable[str]) -> Iterator[dict[str, bytes]]:
    """The rows of `undone`; what is no id, as only another program writes it, names no entry."""
    for one in ids:
        with suppress(ValueError):
            yield {"entry": codec.pack_id(one)}
