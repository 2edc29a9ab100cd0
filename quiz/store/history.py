"""The repository: the log, the standings cached beside it, known questions, weights, small facts.

The log is the truth and only grows; each append is one transaction that is on the disk when the
call returns, together with the standings that follow from it. Importing this module loads SQLModel.
"""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from heapq import merge as merge_sorted
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from quiz.model.log import Owners, undone
from quiz.model.review import (
    Action,
    ActionKind,
    Entry,
    Rating,
    Review,
    ReviewKind,
    Standing,
    State,
)
from quiz.model.snapshot import Snapshot
from quiz.store import codec
from quiz.store.database import BUSY_TIMEOUT, Database
from quiz.store.ids import new_id
from quiz.store.tables import (
    ACTION,
    META,
    QUESTION,
    REVIEW,
    SNAPSHOT,
    STANDING,
    UNDONE,
    WEIGHTS,
)
from quiz.store.values import DayCount, Known, Tally, WeightsRow

__all__ = ["DayCount", "History", "Known", "Tally", "WeightsRow", "new_id"]

_PAGE = 5000
"""Log entries fetched at a time, so that no reader holds a snapshot for long."""

_KEY = select(QUESTION.c.key).where(QUESTION.c.id == bindparam("name")).scalar_subquery()


def _insertion(table: Table) -> Any:  # noqa: ANN401  (Insert's type has no public generic form)
    """An insertion by `name` of the question instead of its number."""
    rest: dict[str, Any] = {
        column.name: bindparam(column.name) for column in table.c if column.name != "question"
    }
    return insert(table).values(question=_KEY, **rest)


def _selection(table: Table) -> Select[Any]:
    """The columns in the order of the table, with the question's id in the place of its number."""
    columns: list[ColumnElement[Any]] = [
        QUESTION.c.id.label("name") if column.name == "question" else column for column in table.c
    ]
    return select(*columns).join_from(table, QUESTION, table.c.question == QUESTION.c.key)


_NAME_INSERTION = insert(QUESTION).values(id=bindparam("name")).on_conflict_do_nothing()
_REVIEW_INSERTION = _insertion(REVIEW).on_conflict_do_nothing(index_elements=["id"])
_ACTION_INSERTION = _insertion(ACTION).on_conflict_do_nothing(index_elements=["id"])
_STANDING_INSERTION = _insertion(STANDING)
_STANDING_INSERTION = _STANDING_INSERTION.on_conflict_do_update(
    index_elements=["question"],
    set_={c.name: _STANDING_INSERTION.excluded[c.name] for c in STANDING.c if not c.primary_key},
)
_STANDING_DELETION = delete(STANDING).where(STANDING.c.question == _KEY)
_SNAPSHOT_INSERTION = _insertion(SNAPSHOT)
_SNAPSHOT_INSERTION = _SNAPSHOT_INSERTION.on_conflict_do_update(
    index_elements=["question"],
    set_={c.name: _SNAPSHOT_INSERTION.excluded[c.name] for c in SNAPSHOT.c if not c.primary_key},
)

_COUNTS: ColumnElement[bool] = and_(
    REVIEW.c.kind == ReviewKind.REVIEW.value, REVIEW.c.id.not_in(select(UNDONE.c.entry))
)
"""Whether a review has an effect on the schedule: neither cram nor undone."""


class History:
    """A collection's history file, open. A context manager; usable from any thread."""

    def __init__(self, database: Database) -> None:
        self.database = database

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
        with self.database.writing() as connection:
            if _add(connection, [entry]):
                _put_standings(connection, standings)

    def append_many(self, entries: Iterable[Entry], standings: Iterable[Standing] = ()) -> int:
        """Add all or nothing; how many were new is returned. Ids in the log already are skipped.

        The standings are stored in any case: the caller computed them from the whole.
        """
        added = 0
        with self.database.writing() as connection:
            waiting = iter(entries)
            while chunk := list(islice(waiting, _PAGE)):
                added += _add(connection, chunk)
            _put_standings(connection, standings)
        return added

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
        wanted = None if names is None else list(names)

        def pages(table: Table, decode: Any) -> Iterator[Entry]:  # noqa: ANN401
            after: tuple[int, bytes] | None = None
            while True:
                page = self._page(table, wanted, since, until, after)
                yield from map(decode, page)
                if len(page) < _PAGE:
                    return
                after = (page[-1].time, page[-1].id)

        return merge_sorted(
            pages(REVIEW, codec.review_of),
            pages(ACTION, codec.action_of),
            key=lambda entry: (entry.time, entry.id),
        )

    def _page(
        self,
        table: Table,
        wanted: list[str] | None,
        since: datetime | None,
        until: datetime | None,
        after: tuple[int, bytes] | None,
    ) -> Sequence[Any]:
        query = _selection(table).order_by(table.c.time, table.c.id).limit(_PAGE)
        if wanted is not None:
            keys = select(QUESTION.c.key).where(QUESTION.c.id.in_(_listed(wanted)))
            query = query.where(table.c.question.in_(keys))
        if since is not None:
            query = query.where(table.c.time >= codec.micros(since))
        if until is not None:
            query = query.where(table.c.time < codec.micros(until))
        if after is not None:
            query = query.where(tuple_(table.c.time, table.c.id) > after)
        with self.database.reading() as connection:
            return connection.execute(query).all()

    def size(self) -> int:
        """How many entries the log holds, undone ones included."""
        with self.database.reading() as connection:
            tables = (REVIEW, ACTION)
            return sum(
                connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables
            )

    def last_entries(self, n: int) -> list[Entry]:
        """The newest `n` entries of the log, newest first, undone ones included."""
        found: list[Entry] = []
        with self.database.reading() as connection:
            for table, decode in ((REVIEW, codec.review_of), (ACTION, codec.action_of)):
                newest = table.c.time.desc(), table.c.id.desc()
                rows = connection.execute(_selection(table).order_by(*newest).limit(n))
                found += map(decode, rows)
        return sorted(found, key=lambda entry: (entry.time, entry.id), reverse=True)[:n]

    def relinks(self) -> list[Action]:
        """The relinks that count (not undone), in the order of the log."""
        with self.database.reading() as connection:
            return _relinks(connection)

    def undone(self) -> frozenset[str]:
        """The ids of all entries that do not count, after every undo and redo."""
        with self.database.reading() as connection:
            return frozenset(map(codec.unpack_id, connection.scalars(select(UNDONE.c.entry))))

    # What the log says

    def standings(self) -> dict[str, Standing]:
        """The standing of every question the log says anything about; the others are new."""
        with self.database.reading() as connection:
            rows = connection.execute(_STANDINGS).all()
        with _collector_paused():
            return {row[0]: codec.standing_of(row) for row in rows}

    def standing(self, question: str) -> Standing:
        """The standing of one question; a new one's where the log says nothing."""
        with self.database.reading() as connection:
            row = connection.execute(_STANDINGS.where(QUESTION.c.id == question)).one_or_none()
        return codec.standing_of(row) if row else Standing(question)

    def leeches(self) -> list[Standing]:
        """The questions marked as leeches, by id."""
        query = _STANDINGS.where(STANDING.c.leech).order_by(QUESTION.c.id)
        with self.database.reading() as connection:
            return [codec.standing_of(row) for row in connection.execute(query)]

    def replace_standings(self, standings: Iterable[Standing]) -> None:
        """Put these in the place of the whole cache."""
        with self.database.writing() as connection:
            connection.execute(delete(STANDING))
            _put_standings(connection, standings)

    def due_load(self, from_day: date, to_day: date) -> dict[date, int]:
        """How many questions in review are due on each study day of the range, ends included.

        Suspended ones do not count; days without any are left out.
        """
        query = (
            select(STANDING.c.due_day, func.count())
            .where(
                STANDING.c.due_day.between(from_day.isoformat(), to_day.isoformat()),
                STANDING.c.state == State.REVIEW.value,
                ~STANDING.c.suspended,
            )
            .group_by(STANDING.c.due_day)
        )
        with self.database.reading() as connection:
            return {codec.day(text): count for text, count in connection.execute(query)}

    def counts_on(self, day: date) -> dict[str, DayCount]:
        """What happened on a study day to each question, under the id it has by now."""
        query = (
            select(QUESTION.c.id, REVIEW.c.time, REVIEW.c.id)
            .join_from(REVIEW, QUESTION, REVIEW.c.question == QUESTION.c.key)
            .where(REVIEW.c.day == day.isoformat(), _COUNTS)
        )
        with self.database.reading() as connection:
            owners = Owners(_relinks(connection))
            counts = Counter(
                owners.owner(name, (codec.instant(time), codec.unpack_id(entry)))
                for name, time, entry in connection.execute(query)
            )
            seen = _reviewed_before(connection, owners, counts, day)
        return {
            question: DayCount(count, first=question not in seen)
            for question, count in counts.items()
        }

    def review_days(self, since: date = date.min) -> dict[date, int]:
        """How many ratings were given on each study day, cram included, undone ones not."""
        every = select(REVIEW.c.day, func.count()).group_by(REVIEW.c.day)
        every = every.where(REVIEW.c.day >= since.isoformat())
        gone = every.join_from(REVIEW, UNDONE, REVIEW.c.id == UNDONE.c.entry)
        with self.database.reading() as connection:
            counts = {row[0]: row[1] for row in connection.execute(every)}
            for row in connection.execute(gone):
                counts[row[0]] -= row[1]
        return {codec.day(day): count for day, count in sorted(counts.items()) if count}

    def tally(self, late: date) -> Tally:
        """What the log's reviews come to; recalls of the study days after `late` alone.

        Counted by the database: a history of a million reviews does not pass through here.
        """
        coded = and_(REVIEW.c.attempts > 0, REVIEW.c.device != "")
        first = and_(coded, REVIEW.c.attempts == 1, REVIEW.c.verdict == "pass")
        groups = (
            select(
                REVIEW.c.day,
                REVIEW.c.rating,
                func.count(),
                func.count().filter(coded),
                func.count().filter(first),
            )
            .where(_COUNTS)
            .group_by(REVIEW.c.day, REVIEW.c.rating)
        )
        by_day: Counter[date] = Counter()
        ratings: Counter[Rating] = Counter()
        coded_count = first_count = 0
        with self.database.reading() as connection:
            for day, rating, count, coded_here, first_here in connection.execute(groups):
                by_day[codec.day(day)] += count
                ratings[Rating(rating)] += count
                coded_count += coded_here
                first_count += first_here
            recalls = tuple(_recalls(connection, late))
        return Tally(by_day, ratings, coded_count, first_count, recalls)

    # Known questions

    def known(self) -> dict[str, Known]:
        """The text of every question ever seen in the cards, by id."""
        columns = [c for c in SNAPSHOT.c if c.name not in ("question", "present")]
        query = select(QUESTION.c.id, *columns, SNAPSHOT.c.present).join_from(SNAPSHOT, QUESTION)
        with self.database.reading() as connection:
            return {
                row[0]: Known(codec.snapshot_of(row[:-1]), bool(row[-1]))
                for row in connection.execute(query)
            }

    def remember(self, present: Iterable[Snapshot], gone: Iterable[str] = ()) -> None:
        """Note texts that are in the cards, and which ids are there no more."""
        texts = [codec.snapshot_row(snapshot) | {"present": True} for snapshot in present]
        missing = [{"name": question} for question in gone]
        with self.database.writing() as connection:
            _name(connection, texts)
            if texts:
                connection.execute(_SNAPSHOT_INSERTION, texts)
            if missing:
                absent = update(SNAPSHOT).where(SNAPSHOT.c.question == _KEY).values(present=False)
                connection.execute(absent, missing)

    # Weights and small facts

    def weights(self) -> WeightsRow | None:
        """The weights in force: the latest adopted and not taken back; None: the defaults."""
        return next((row for row in reversed(self.all_weights()) if row.reverted is None), None)

    def all_weights(self) -> list[WeightsRow]:
        """Every set ever adopted, by version, those taken back included."""
        with self.database.reading() as connection:
            rows = connection.execute(select(WEIGHTS).order_by(WEIGHTS.c.version)).all()
        return [
            WeightsRow(
                version=row.version,
                time=codec.instant(row.time),
                algorithm=row.algorithm,
                values=tuple(json.loads(row.weights)),
                reviews=row.reviews,
                report=json.loads(row.report),
                reverted=None if row.reverted is None else codec.instant(row.reverted),
            )
            for row in rows
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
        with self.database.writing() as connection:
            connection.execute(
                insert(WEIGHTS).values(
                    time=codec.micros(time),
                    algorithm=algorithm,
                    weights=json.dumps(list(values)),
                    reviews=reviews,
                    report=json.dumps(dict(report or {})),
                )
            )
        return self.all_weights()[-1]

    def revert_weights(self, time: datetime) -> WeightsRow | None:
        """Take back the weights in force; those that hold from now on, None the defaults."""
        if current := self.weights():
            taken_back = update(WEIGHTS).where(WEIGHTS.c.version == current.version)
            with self.database.writing() as connection:
                connection.execute(taken_back.values(reverted=codec.micros(time)))
        return self.weights()

    def meta(self, key: str) -> str | None:
        """A small fact about this history; None where it was never noted."""
        with self.database.reading() as connection:
            return connection.scalar(select(META.c.value).where(META.c.key == key))

    def set_meta(self, key: str, value: str | None) -> None:
        """Note a small fact, or forget it with None."""
        with self.database.writing() as connection:
            connection.execute(delete(META).where(META.c.key == key))
            if value is not None:
                connection.execute(insert(META).values(key=key, value=value))


_STANDINGS = _selection(STANDING)


def _add(connection: Connection, entries: Sequence[Entry]) -> int:
    """Insert what is not there yet; how many were new."""
    reviews = [codec.review_row(entry) for entry in entries if isinstance(entry, Review)]
    actions = [codec.action_row(entry) for entry in entries if isinstance(entry, Action)]
    added = 0
    for rows, insertion in ((reviews, _REVIEW_INSERTION), (actions, _ACTION_INSERTION)):
        if rows:
            _name(connection, rows)
            added += connection.execute(insertion, rows).rowcount
    if any(row["kind"] == ActionKind.UNDO.value for row in actions):
        _settle_undone(connection)
    return added


def _name(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give every question that `rows` mention a number."""
    names = [{"name": name} for name in dict.fromkeys(row["name"] for row in rows)]
    if names:
        connection.execute(_NAME_INSERTION, names)


def _put_standings(connection: Connection, standings: Iterable[Standing]) -> None:
    waiting = iter(standings)
    while chunk := list(islice(waiting, _PAGE)):
        kept = [codec.standing_row(one) for one in chunk if one != Standing(one.question)]
        new = [{"name": one.question} for one in chunk if one == Standing(one.question)]
        if kept:
            _name(connection, kept)
            connection.execute(_STANDING_INSERTION, kept)
        if new:
            connection.execute(_STANDING_DELETION, new)


def _settle_undone(connection: Connection) -> None:
    """Compute anew which entries do not count."""
    query = select(ACTION.c.id, ACTION.c.value).where(ACTION.c.kind == ActionKind.UNDO.value)
    undos = {codec.unpack_id(entry): target for entry, target in connection.execute(query)}
    entries = [{"entry": codec.pack_id(entry)} for entry in undone(undos)]
    connection.execute(delete(UNDONE))
    if entries:
        connection.execute(insert(UNDONE), entries)


def _relinks(connection: Connection) -> list[Action]:
    query = _selection(ACTION).where(
        ACTION.c.kind == ActionKind.RELINK.value, ACTION.c.id.not_in(select(UNDONE.c.entry))
    )
    rows = connection.execute(query.order_by(ACTION.c.time, ACTION.c.id))
    return [codec.action_of(row) for row in rows]


def _reviewed_before(
    connection: Connection, owners: Owners, questions: Iterable[str], day: date
) -> set[str]:
    """Which of the questions, by their ids of now, had a review that counts before that day."""
    former = {name for question in questions for name in owners.earlier(question)}
    before = and_(REVIEW.c.day < day.isoformat(), _COUNTS)
    if not owners:
        earlier = exists().where(REVIEW.c.question == QUESTION.c.key, before)
        query = select(QUESTION.c.id).where(QUESTION.c.id.in_(_listed(former)), earlier)
        return set(connection.scalars(query))
    entries = (
        select(QUESTION.c.id, REVIEW.c.time, REVIEW.c.id)
        .join_from(REVIEW, QUESTION, REVIEW.c.question == QUESTION.c.key)
        .where(QUESTION.c.id.in_(_listed(former)), before)
    )
    return {
        owners.owner(name, (codec.instant(time), codec.unpack_id(entry)))
        for name, time, entry in connection.execute(entries)
    }


def _recalls(connection: Connection, late: date) -> Iterator[tuple[bool, int]]:
    """Of each review after `late` that came a day or more after another: recalled, and the gap."""
    earlier = REVIEW.alias()
    before = (
        select(earlier.c.day)
        .where(
            earlier.c.question == REVIEW.c.question,
            tuple_(earlier.c.time, earlier.c.id) < tuple_(REVIEW.c.time, REVIEW.c.id),
            earlier.c.kind == ReviewKind.REVIEW.value,
            earlier.c.id.not_in(select(UNDONE.c.entry)),
        )
        .order_by(earlier.c.time.desc(), earlier.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(REVIEW.c.rating, REVIEW.c.day, before).where(
        REVIEW.c.day > late.isoformat(), _COUNTS
    )
    for rating, day, last in connection.execute(query):
        if last is not None and day > last:
            yield rating != Rating.AGAIN, (codec.day(day) - codec.day(last)).days


def _listed(names: Iterable[str]) -> Select[Any]:
    """Any number of texts as one parameter."""
    return select(func.json_each(json.dumps(list(names))).table_valued("value").c.value)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Making many small values that stay needs no search for cycles; it would take most of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
