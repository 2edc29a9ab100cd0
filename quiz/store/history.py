"""The repository: the log, the standings cached beside it, known questions, weights, small facts.

The log is the truth and only grows; each append is one transaction that is on the disk when the
call returns, together with the standings that follow from it. Reading needs the standard library
alone; SQLModel is loaded when something is written, or beforehand by `prepare_writing`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from heapq import merge as merge_sorted
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from quiz.model.pieces import collector_paused
from quiz.model.review import Action, ActionKind, Entry, Standing
from quiz.model.snapshot import Snapshot
from quiz.store import codec, counting
from quiz.store.database import BUSY_TIMEOUT, Database
from quiz.store.ids import new_id
from quiz.store.selecting import LISTED, listed, rows_of
from quiz.store.values import DayCount, Known, Tally, WeightsRow

__all__ = ["DayCount", "History", "Known", "Tally", "WeightsRow", "new_id"]

_PAGE = 5000
"""Log entries fetched at a time, so that no reader holds a snapshot for long."""

Fold = Callable[[Iterable[tuple[str, list[Entry]]], list[Action]], dict[str, Standing]]
"""The standings by question, from the entries that count under each id and the relinks."""

_LOG: tuple[tuple[str, Sequence[str], Callable[[Sequence[Any]], Entry]], ...] = (
    ("review", codec.REVIEW, codec.review_of),
    ("action", codec.ACTION, codec.action_of),
)
_DONE = {
    "review": "WHERE review.id NOT IN (SELECT entry FROM undone)",
    "action": f"WHERE +action.kind NOT IN ('{ActionKind.UNDO}', '{ActionKind.RELINK}') "
    "AND action.id NOT IN (SELECT entry FROM undone)",
}
"""What of each table somebody did, and what counts still."""
_STANDINGS = rows_of("standing", codec.STANDING)
_KNOWN = rows_of("snapshot", (*codec.SNAPSHOT, "present"))
_WEIGHTS = (
    "SELECT version, time, algorithm, weights, reviews, report, reverted FROM weights "
    "ORDER BY version"
)


class History:
    """A collection's history file, open. A context manager; usable from any thread."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._version = database.version

    @classmethod
    def open(
        cls, path: Path, *, read_only: bool = False, busy_timeout: float = BUSY_TIMEOUT
    ) -> Self:
        """Open the history at `path`; it and its folders are created unless `read_only`.

        `busy_timeout` is how many seconds a write waits for another process. A file that may not
        be written is opened for reading, and each write then says why it cannot be done.
        Raises `StoreError` for what is no history, a damaged one, or one of a newer version; the
        file is left as it is.
        """
        return cls(Database.open(path, read_only=read_only, busy_timeout=busy_timeout))

    @property
    def path(self) -> Path:
        return self.database.path

    @property
    def read_only(self) -> str:
        """Why nothing can be written; empty where it can."""
        return self.database.obstacle

    def close(self) -> None:
        self.database.close()

    def changed_elsewhere(self) -> bool:
        """Whether another program has written to it, since it was opened or this was asked last."""
        before, self._version = self._version, self.database.version
        return self._version != before

    def prepare_writing(self) -> None:
        """Load what writing needs, so that the first write is as quick as any other."""
        import quiz.store.writing  # noqa: F401

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # The log

    def append(self, entry: Entry, standings: Iterable[Standing] = ()) -> None:
        """Add one entry and the standings that follow from it, in one transaction on the disk.

        An id that is in the log already changes nothing, the standings included.
        """
        with self.database.writing() as writer:
            if writer.add([entry]):
                writer.put_standings(standings)

    def append_many(self, entries: Iterable[Entry], standings: Iterable[Standing] = ()) -> int:
        """Add all or nothing; how many were new is returned. Ids in the log already are skipped.

        The standings are stored in any case: the caller computed them from the whole.
        """
        with self.database.writing() as writer:
            added = writer.add_all(entries)
            writer.put_standings(standings)
        return added

    def refold(self, fold: Fold, entries: Iterable[Entry] = ()) -> tuple[int, dict[str, Standing]]:
        """Add entries, all or none, and put what `fold` makes of the log in the cache's place.

        How many were new, and the standings. One transaction: nobody rates meanwhile, and whatever
        goes wrong, nothing has happened.
        """
        with self.database.writing() as writer, collector_paused():
            added = writer.add_all(entries)
            writer.settle_undone()
            connection = writer.connection
            standings = fold(counting.histories(connection), counting.relinks(connection))
            writer.replace_standings(standings.values())
        return added, standings

    def entries(
        self,
        *,
        question: str | Iterable[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Entry]:
        """The log in the order of (time, id), of all questions or those ids, undone ones included.

        From `since` (inclusive) to `until` (exclusive). Read page by page as it is consumed.
        """
        names = [question] if isinstance(question, str) else question
        conditions, given = [], dict[str, object]()
        if names is not None:
            conditions.append(f"question.id IN ({LISTED})")
            given["names"] = listed(names)
        if since is not None:
            conditions.append("{table}.time >= :since")
            given["since"] = codec.micros(since)
        if until is not None:
            conditions.append("{table}.time < :until")
            given["until"] = codec.micros(until)
        return merge_sorted(
            *(
                self._paged(table, columns, decode, conditions, given)
                for table, columns, decode in _LOG
            ),
            key=lambda entry: (entry.time, entry.id),
        )

    def _paged(
        self,
        table: str,
        columns: Sequence[str],
        decode: Callable[[Sequence[Any]], Entry],
        conditions: Sequence[str],
        given: Mapping[str, object],
    ) -> Iterator[Entry]:
        """The entries of one table in the order of the log, a page at a time."""
        after = (-1, b"")
        place = [columns.index(name) for name in ("time", "id")]
        tests = " AND ".join([*conditions, "({table}.time, {table}.id) > (:time, :id)"])
        rest = f"WHERE {tests} ORDER BY {{table}}.time, {{table}}.id LIMIT {_PAGE}"
        query = rows_of(table, columns, rest.format(table=table))
        while True:
            with self.database.reading() as connection:
                page = connection.execute(
                    query, {**given, "time": after[0], "id": after[1]}
                ).fetchall()
            yield from map(decode, page)
            if len(page) < _PAGE:
                return
            time, identity = (page[-1][n] for n in place)
            after = time, identity

    def size(self) -> int:
        """How many entries the log holds, undone ones included."""
        both = "SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM action)"
        with self.database.reading() as connection:
            return int(connection.execute(both).fetchone()[0])

    def last_entries(self, n: int) -> list[Entry]:
        """The newest `n` entries of the log, newest first, undone ones included."""
        return self._last(n, dict.fromkeys(("review", "action"), ""))

    def last_done(self, n: int) -> list[Entry]:
        """The newest `n` ratings and acts that count, newest first: no undo, and no relink."""
        return self._last(n, _DONE)

    def _last(self, n: int, conditions: Mapping[str, str]) -> list[Entry]:
        found: list[Entry] = []
        with self.database.reading() as connection:
            for table, columns, decode in _LOG:
                newest = f"{conditions[table]} ORDER BY {table}.time DESC, {table}.id DESC LIMIT ?"
                found += map(decode, connection.execute(rows_of(table, columns, newest), (n,)))
        return sorted(found, key=lambda entry: (entry.time, entry.id), reverse=True)[:n]

    def latest(self, questions: Iterable[str], since: datetime) -> datetime | None:
        """When the last entry about these ids was made, of those with that time or a later one."""
        with self.database.reading() as connection:
            return counting.latest(connection, questions, since)

    def written(self) -> int:
        """A number that grows with every action that is written."""
        with self.database.reading() as connection:
            return int(connection.execute("SELECT max(rowid) FROM action").fetchone()[0] or 0)

    def relinks_after(self, written: int) -> list[Action]:
        """Those of `relinks` that were not here yet when that was the number of `written`."""
        with self.database.reading() as connection:
            return counting.relinks(connection, written)

    def relinks(self) -> list[Action]:
        """The relinks that count (neither undone nor held back), in the order of the log."""
        with self.database.reading() as connection:
            return counting.relinks(connection)

    def held_back(self) -> list[Action]:
        """The relinks that do not count for now, in the order of the log."""
        with self.database.reading() as connection:
            return counting.held_back(connection)

    def hold_back(self, relinks: Iterable[Action]) -> None:
        """Let these relinks, and no others, not count for now; the log keeps them."""
        ids = [codec.pack_id(relink.id).hex() for relink in relinks]
        self.set_meta(counting.HELD_BACK, json.dumps(ids) if ids else None)

    def undone(self) -> frozenset[str]:
        """The ids of all entries that do not count, after every undo and redo."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT entry FROM undone")
            return frozenset(codec.unpack_id(entry) for (entry,) in rows)

    # What the log says

    def standings(self, questions: Iterable[str] | None = None) -> dict[str, Standing]:
        """The standing of every question the log says anything about; the others are new.

        Of these `questions` alone, where they are given.
        """
        query, given = _STANDINGS, dict[str, object]()
        if questions is not None:
            query, given = f"{query} WHERE question.id IN ({LISTED})", {"names": listed(questions)}
        with self.database.reading() as connection:
            rows = connection.execute(query, given).fetchall()
        with collector_paused():
            return {row[0]: codec.standing_of(row) for row in rows}

    def standing(self, question: str) -> Standing:
        """The standing of one question; a new one's where the log says nothing."""
        with self.database.reading() as connection:
            row = connection.execute(f"{_STANDINGS} WHERE question.id = ?", (question,)).fetchone()
        return codec.standing_of(row) if row else Standing(question)

    def counts_on(self, day: date) -> dict[str, DayCount]:
        """What happened on a study day to each question, under the id it has by now."""
        with self.database.reading() as connection:
            return counting.day_counts(connection, day)

    def tally(self, late: date) -> Tally:
        """What the log's reviews come to; recalls of the study days after `late` alone."""
        with self.database.surveying() as connection:
            return counting.tally(connection, late)

    # Known questions

    def known(self) -> dict[str, Known]:
        """The text of every question ever seen in the cards, by id."""
        with self.database.surveying() as connection:
            return {
                row[0]: Known(codec.snapshot_of(row[:-1]), bool(row[-1]))
                for row in connection.execute(_KNOWN)
            }

    def remember(self, present: Iterable[Snapshot], gone: Iterable[str] = ()) -> None:
        """Note texts that are in the cards, and which ids are there no more."""
        with self.database.writing() as writer:
            writer.remember(present, gone)

    # Weights and small facts

    def weights(self) -> WeightsRow | None:
        """The weights in force: the latest adopted and not taken back; None: the defaults."""
        return next((row for row in reversed(self.all_weights()) if row.reverted is None), None)

    def all_weights(self) -> list[WeightsRow]:
        """Every set ever adopted, by version, those taken back included."""
        with self.database.reading() as connection:
            return [
                WeightsRow(
                    version=version,
                    time=codec.instant(time),
                    algorithm=algorithm,
                    values=tuple(json.loads(values)),
                    reviews=reviews,
                    report=json.loads(report),
                    reverted=None if reverted is None else codec.instant(reverted),
                )
                for version, time, algorithm, values, reviews, report, reverted in (
                    connection.execute(_WEIGHTS)
                )
            ]

    def adopt_weights(
        self,
        values: Sequence[float],
        *,
        time: datetime,
        reviews: int = 0,
        algorithm: str = "fsrs-6",
        report: Mapping[str, float] | None = None,
    ) -> WeightsRow:
        """Put a set of weights in force; those before it are kept."""
        with self.database.writing() as writer:
            writer.adopt_weights(values, time, reviews, algorithm, report or {})
        return self.all_weights()[-1]

    def revert_weights(self, time: datetime) -> WeightsRow | None:
        """Take back the weights in force; those that hold from now on, None the defaults."""
        if current := self.weights():
            with self.database.writing() as writer:
                writer.revert_weights(current.version, time)
        return self.weights()

    def meta(self, key: str) -> str | None:
        """A small fact about this history; None where it was never noted."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str | None) -> None:
        """Note a small fact, or forget it with None."""
        with self.database.writing() as writer:
            writer.set_meta(key, value)
