"""The log folded into standings: what every question's history comes to.

The fold depends on the set of entries alone, not on the order in which they arrive: entries are
taken by time and id, so that histories of several machines join in any order. `advance` is its
single step; everything else decides which entries it is applied to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from quiz.model.log import Owners, effective, moment
from quiz.model.review import (
    ActionKind,
    Entry,
    Memory,
    Review,
    ReviewKind,
    Standing,
)
from quiz.schedule.scheduler import Scheduler


def advance(standing: Standing, entry: Entry, scheduler: Scheduler) -> Standing:
    """The standing after one more entry, later than all before it.

    An undo or a relink changes nothing here: it bears on other entries, so that the question's
    history is to be folded again (`standing_of`).
    """
    if isinstance(entry, Review):
        return _reviewed(standing, entry, scheduler)
    match entry.kind:
        case ActionKind.SUSPEND:
            return replace(standing, suspended=True)
        case ActionKind.UNSUSPEND:
            return replace(standing, suspended=False)
        case ActionKind.BURY:
            return replace(standing, buried_until=date.fromisoformat(entry.value))
        case ActionKind.UNBURY:
            return replace(standing, buried_until=None)
        case ActionKind.FORGET:
            return Standing(standing.question)
        case ActionKind.SET_DUE:
            day = date.fromisoformat(entry.value)
            memory = scheduler.rescheduled(standing.memory, day, entry.time, entry.day)
            return replace(standing, memory=memory)
        case ActionKind.RELINK | ActionKind.UNDO:
            return standing


def standing_of(entries: Iterable[Entry], scheduler: Scheduler, question: str = "") -> Standing:
    """The standing that one question's entries come to, in whatever order they are given.

    `entries` are all that belong to the question (by `Owners`, where ids were relinked) with the
    undo actions that bear on them. `question` names the result; left out, the latest entry does.
    """
    kept = effective(entries)
    standing = Standing(question or (kept[-1].question if kept else ""))
    for entry in kept:
        standing = advance(standing, entry, scheduler)
    return standing


def memories_after(
    entries: Iterable[Entry], scheduler: Scheduler
) -> list[tuple[Review, Memory | None]]:
    """One question's reviews, each with the memory after it (None: cram before anything else)."""
    standing = Standing("")
    result: list[tuple[Review, Memory | None]] = []
    for entry in effective(entries):
        standing = advance(standing, entry, scheduler)
        if isinstance(entry, Review):
            result.append((entry, standing.memory))
    return result


def by_question(entries: Iterable[Entry], owners: Owners) -> dict[str, list[Entry]]:
    """The entries of the whole log that count, in order, by the question they belong to by now."""
    kept = effective(entries)
    histories: dict[str, list[Entry]] = defaultdict(list)
    for entry in kept:
        histories[owners.of(entry)].append(entry)
    return histories


def fold(
    histories: Iterable[tuple[str, Iterable[Entry]]],
    owners: Owners,
    scheduler_of: Callable[[str], Scheduler],
) -> dict[str, Standing]:
    """The whole log as standings by question; questions without any effect are not in it.

    `histories` are the entries that count under each id, in the order of the log; relinked ones are
    given to their `owners`. They are taken one after the other, so that a long log need never be
    held as a whole. `scheduler_of` gives the scheduler of a question: one deck may want to be known
    better than another.
    """
    standings: dict[str, Standing] = {}

    def put(question: str, history: Iterable[Entry]) -> None:
        standing = new = Standing(question)
        scheduler = scheduler_of(question)
        for entry in history:
            standing = advance(standing, entry, scheduler)
        if standing != new:
            standings[question] = standing

    joined: dict[str, list[Entry]] = defaultdict(list)
    for question, history in histories:
        if owners.concern(question):
            for entry in history:
                joined[owners.of(entry)].append(entry)
        else:
            put(question, history)
    for question, parts in joined.items():
        put(question, sorted(parts, key=moment))
    return standings


def _reviewed(standing: Standing, review: Review, scheduler: Scheduler) -> Standing:
    if review.kind is ReviewKind.CRAM:
        return standing
    before = standing.memory
    memory = scheduler.replayed(before, review)
    lapsed = memory.lapses > (before.lapses if before else 0)
    if lapsed and is_leech(memory.lapses, scheduler.policy.leech_threshold):
        return Standing(standing.question, memory, True, standing.buried_until, leech=True)
    # Not by `replace`, which takes as long as all the rest of a fold.
    question, leech = standing.question, standing.leech
    return Standing(question, memory, standing.suspended, standing.buried_until, leech)


def is_leech(lapses: int, threshold: int) -> bool:
    """Whether this very lapse makes a leech: at `threshold`, and every half as many after."""
    if threshold <= 0 or lapses < threshold:
        return False
    return (lapses - threshold) % max(1, (threshold + 1) // 2) == 0


__all__ = [
    "advance",
    "by_question",
    "is_leech",
    "memories_after",
    "standing_of",
]
