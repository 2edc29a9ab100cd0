"""What restoring a backup would change: the entries that only one of two logs holds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from quiz.model.log import moment
from quiz.model.review import Entry, Review
from quiz.store import codec, problems
from quiz.store.file import Kind, kind_of
from quiz.store.selecting import rows_of
from quiz.store.values import Difference, Entries

NEWEST = 5
"""Entries that are told one by one."""


def compare(path: Path, copy: Path) -> Difference:
    """What restoring the backup `copy` would change in the log of the history at `path`.

    Both are only read; a history that is not there holds nothing. Raises `StoreError` for one that
    cannot be read.
    """
    if kind_of(path) in (Kind.ABSENT, Kind.EMPTY):
        with problems.explained(copy), closing(_open(copy)) as there:
            return Difference(Entries(), _entries(there, "1"), 0)
    with problems.explained(path), closing(_open(path)) as here:
        # First of all: attaching to a damaged file says that the other one cannot be opened.
        both = "SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM action)"
        (all_here,) = here.execute(both).fetchone()
        with problems.explained(copy), closing(_open(copy)) as there:
            here.execute("ATTACH ? AS other", (_uri(copy),))
            there.execute("ATTACH ? AS other", (_uri(path),))
            lacking = "{table}.id NOT IN (SELECT id FROM other.{table})"
            gone, back = _entries(here, lacking), _entries(there, lacking)
    return Difference(gone, back, all_here - gone.reviews - gone.actions)


def _uri(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(_uri(path), uri=True)


def _entries(connection: sqlite3.Connection, condition: str) -> Entries:
    """The entries of the main database that fulfil a condition on `{table}`."""
    found = list(_selected(connection, condition))
    by_day = Counter((one.day, _deck(one)) for one in found)
    reviews = sum(isinstance(one, Review) for one in found)
    return Entries(
        reviews=reviews,
        actions=len(found) - reviews,
        by_day=dict(sorted(by_day.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))),
        newest=tuple(sorted(found, key=moment, reverse=True)[:NEWEST]),
    )


def _selected(connection: sqlite3.Connection, condition: str) -> Iterator[Entry]:
    for row in connection.execute(
        rows_of("review", codec.REVIEW, "WHERE " + condition.format(table="review"))
    ):
        yield codec.review_of(row)
    for row in connection.execute(
        rows_of("action", codec.ACTION, "WHERE " + condition.format(table="action"))
    ):
        yield codec.action_of(row)


def _deck(entry: Entry) -> str:
    return entry.question.partition("#")[0].rpartition("/")[0]
