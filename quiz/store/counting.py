"""What the log comes to, counted by the database: a million reviews do not pass through here.

Each function reads inside the transaction of its caller.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby, pairwise
from operator import itemgetter
from sqlite3 import Connection
from typing import Any

from quiz.model.log import Moment, Owners, moment
from quiz.model.review import Action, ActionKind, Entry, Rating
from quiz.store import codec
from quiz.store.selecting import COUNTS, LISTED, listed, rows_of
from quiz.store.values import DayCount, Tally

HELD_BACK = "relinks-held-back"
"""Name of the fact that lists the relinks that do not count for now, their ids in hexadecimal."""
_IS_HELD_BACK = (
    "lower(hex(action.id)) IN (SELECT value FROM json_each("
    f"(SELECT value FROM meta WHERE key = '{HELD_BACK}')))"
)
_EVERY_RELINK = (
    f"WHERE action.kind = '{ActionKind.RELINK}' AND action.id NOT IN (SELECT entry FROM undone) "
    "AND action.rowid > :written AND {} ORDER BY action.time, action.id"
)
_RELINKS = rows_of("action", codec.ACTION, _EVERY_RELINK.format(f"NOT {_IS_HELD_BACK}"))
_HELD_BACK = rows_of("action", codec.ACTION, _EVERY_RELINK.format(_IS_HELD_BACK))
_REVIEWS = rows_of(
    "review",
    codec.REVIEW,
    "WHERE review.id NOT IN (SELECT entry FROM undone) "
    "ORDER BY review.question, review.time, review.id",
)
_ACTIONS = rows_of(
    "action",
    codec.ACTION,
    f"WHERE action.kind NOT IN ('{ActionKind.RELINK}', '{ActionKind.UNDO}') "
    "AND action.id NOT IN (SELECT entry FROM undone)",
)
_MOMENTS = ("name", "time", "id")
_ON_DAY = rows_of("review", _MOMENTS, f"WHERE review.day = :day AND {COUNTS}")
_EARLIER = rows_of(
    "review", _MOMENTS, f"WHERE question.id IN ({LISTED}) AND review.day < :day AND {COUNTS}"
)
_WITH_EARLIER = (
    f"SELECT question.id FROM question WHERE question.id IN ({LISTED}) AND EXISTS "
    "(SELECT 1 FROM review WHERE review.question = question.key AND review.day < :day "
    f"AND {COUNTS})"
)
_LATEST = "SELECT " + " UNION ALL SELECT ".join(
    f"max(time) FROM {table} WHERE time >= :since AND {of}"
    for table, of in (
        ("review", f"question IN (SELECT key FROM question WHERE id IN ({LISTED}))"),
        ("action", f"question IN (SELECT key FROM question WHERE id IN ({LISTED}))"),
        # By time, of which few entries are that late; not by kind, of which there may be many.
        ("action", f"+kind = '{ActionKind.RELINK}' AND value IN ({LISTED})"),
    )
)
_GRADED = "review.attempts > 0 AND review.device != ''"
_TALLY = (
    "SELECT review.day, review.rating, count(*), "
    f"count(*) FILTER (WHERE {_GRADED}), "
    f"count(*) FILTER (WHERE {_GRADED} AND review.attempts = 1 AND review.verdict = 'pass') "
    # In the order of the file: by an index every row would have to be looked up.
    f"FROM review NOT INDEXED WHERE {COUNTS} GROUP BY review.day, review.rating"
)
_RECALLS = f"""
SELECT review.rating, review.day, (
    SELECT earlier.day FROM review AS earlier
    WHERE earlier.question = review.question
    AND (earlier.time, earlier.id) < (review.time, review.id)
    AND {COUNTS.replace("review.", "earlier.")}
    ORDER BY earlier.time DESC, earlier.id DESC LIMIT 1
) FROM review WHERE review.day > :late AND {COUNTS}
AND review.question NOT IN (SELECT question.key FROM question WHERE question.id IN ({LISTED}))
"""
_OF_SOME = rows_of(
    "review", (*_MOMENTS, "day", "rating"), f"WHERE question.id IN ({LISTED}) AND {COUNTS}"
)
_LATE = rows_of(
    "review", _MOMENTS, f"WHERE question.id IN ({LISTED}) AND review.day > :late AND {COUNTS}"
)
_FORGETS = rows_of(
    "action",
    _MOMENTS,
    f"WHERE action.kind = '{ActionKind.FORGET}' AND action.id NOT IN (SELECT entry FROM undone)",
)


def relinks(connection: Connection, written: int = 0) -> list[Action]:
    """The relinks that count (neither undone nor held back), in the order of the log; from a row of
    the table on."""
    rows = connection.execute(_RELINKS, {"written": written})
    return [codec.action_of(row) for row in rows]


def held_back(connection: Connection) -> list[Action]:
    """The relinks that are held back, in the order of the log."""
    return [codec.action_of(row) for row in connection.execute(_HELD_BACK, {"written": 0})]


def latest(connection: Connection, questions: Iterable[str], since: datetime) -> datetime | None:
    """The time of the last entry under these ids, or that took one's history away, from `since`."""
    given = {"names": listed(questions), "since": codec.micros(since)}
    times = [time for (time,) in connection.execute(_LATEST, given) if time is not None]
    return codec.instant(max(times)) if times else None


def histories(connection: Connection) -> Iterator[tuple[str, list[Entry]]]:
    """The entries that count under each id, in the order of the log, relinks left out."""
    actions: dict[str, list[Entry]] = defaultdict(list)
    for row in connection.execute(_ACTIONS):
        action = codec.action_of(row)
        actions[action.question].append(action)
    rows = connection.execute(_REVIEWS)
    for question, of_question in groupby(rows, key=itemgetter(codec.REVIEW.index("name"))):
        entries: list[Entry] = list(map(codec.review_of, of_question))
        if question in actions:
            entries = sorted([*entries, *actions.pop(question)], key=moment)
        yield question, entries
    for question, entries in actions.items():
        yield question, sorted(entries, key=moment)


def day_counts(connection: Connection, day: date) -> dict[str, DayCount]:
    """What happened on a study day to each question, under the id it has by now."""
    owners = Owners(relinks(connection))
    rows = connection.execute(_ON_DAY, {"day": day.isoformat()})
    counts = Counter(question for question, _ in _owned(owners, rows))
    seen = _reviewed_before(connection, owners, counts, day)
    return {
        question: DayCount(count, first=question not in seen) for question, count in counts.items()
    }


def tally(connection: Connection, late: date) -> Tally:
    """What the reviews come to; recalls of the study days after `late` alone."""
    by_day: Counter[date] = Counter()
    ratings: Counter[Rating] = Counter()
    graded = first = 0
    for day, rating, count, graded_here, first_here in connection.execute(_TALLY):
        by_day[codec.day(day)] += count
        ratings[Rating(rating)] += count
        graded += graded_here
        first += first_here
    return Tally(by_day, ratings, graded, first, tuple(_recalls(connection, late)))


def _reviewed_before(
    connection: Connection, owners: Owners, questions: Iterable[str], day: date
) -> set[str]:
    """Which of the questions, by their ids of now, had a review that counts before that day.

    What was forgotten since begins anew.
    """
    former = {name for question in questions for name in owners.earlier(question)}
    given = {"names": listed(former), "day": day.isoformat()}
    forgotten = _forgotten(connection, owners)
    if not owners and not forgotten:
        return {name for (name,) in connection.execute(_WITH_EARLIER, given)}
    return {
        question
        for question, at in _owned(owners, connection.execute(_EARLIER, given))
        if question not in forgotten or at > forgotten[question][-1]
    }


def _forgotten(connection: Connection, owners: Owners) -> dict[str, list[Moment]]:
    """When questions were made new again, in order, by their ids of now."""
    found: dict[str, list[Moment]] = defaultdict(list)
    for question, at in _owned(owners, connection.execute(_FORGETS)):
        found[question].append(at)
    return {question: sorted(moments) for question, moments in found.items()}


def _owned(owners: Owners, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, Moment]]:
    """To which question each of these moments of the log belongs."""
    for name, time, entry, *_rest in rows:
        at = (codec.instant(time), codec.unpack_id(entry))
        yield owners.owner(name, at) if owners else name, at


def _recalls(connection: Connection, late: date) -> Iterator[tuple[bool, int]]:
    """Of each review after `late` that came a day or more after another: recalled, and the gap."""
    owners = Owners(relinks(connection))
    forgotten = _forgotten(connection, owners)
    apart = owners.ids | {name for name, *_ in connection.execute(_FORGETS)}
    given = {"late": late.isoformat(), "names": listed(apart)}
    for rating, day, last in connection.execute(_RECALLS, given):
        if last is not None and day > last:
            yield rating != Rating.AGAIN, (codec.day(day) - codec.day(last)).days
    # The database does not know which entries are one history where ids changed.
    asked = {question for question, _ in _owned(owners, connection.execute(_LATE, given))}
    former = {name for question in asked for name in owners.earlier(question)}
    rows = connection.execute(_OF_SOME, {"names": listed(former)}).fetchall()
    histories: dict[str, list[tuple[Moment, date, int]]] = defaultdict(list)
    for (question, at), row in zip(_owned(owners, rows), rows, strict=True):
        histories[question].append((at, codec.day(row[3]), row[4]))
    for question, reviews in histories.items():
        for (before, last, _), (at, day, rating) in pairwise(sorted(reviews)):
            is_new = any(before < when < at for when in forgotten.get(question, ()))
            if late < day > last and not is_new:
                yield rating != Rating.AGAIN, (day - last).days
