"""How a question was remembered over time: its chance of recall day by day, and its stability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quiz.model.review import Memory, Rating
from quiz.study.ledger import Ledger
from quiz.study.values import QuestionHistory

_BETWEEN = 24
"""Days at most that are looked at between two reviews."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """By study day; empty where a question has never been rated."""

    recall: tuple[tuple[date, float], ...]
    """Chance of recall, 0 to 1: it falls from review to review, and on to the day it is due.
    A day with a review is there twice, before and after it."""
    stability: tuple[tuple[date, float], ...]
    """Days of stability after each review."""
    reviews: tuple[tuple[date, float, Rating], ...]
    """Each review: its day, the chance of recall then, the rating."""


def recollection(ledger: Ledger, history: QuestionHistory) -> Recollection:
    """What became of the memory of a question between its reviews."""
    scheduler = ledger.scheduler(history.question)
    steps = [(step.review, step.memory) for step in history.steps if step.memory is not None]
    recall: list[tuple[date, float]] = []
    reviews: list[tuple[date, float, Rating]] = []

    def fall(memory: Memory, end: date) -> None:
        recall.extend((d, scheduler.retrievability_on(memory, d)) for d in _days(memory, end))

    before = None
    for review, memory in steps:
        if before is not None:
            fall(before, memory.last_day)
        chance = recall[-1][1] if before is not None else 1.0
        reviews.append((memory.last_day, chance, review.rating))
        before = memory
    if before is not None:
        fall(before, max(ledger.today(), before.due_day))
    return Recollection(
        tuple(recall),
        tuple((memory.last_day, memory.stability) for _review, memory in steps),
        tuple(reviews),
    )


def _days(memory: Memory, end: date) -> Sequence[date]:
    """Days from the review to `end`, both included."""
    first, span = memory.last_day, (end - memory.last_day).days
    if span <= 0:
        return [first]
    count = min(span, _BETWEEN)
    return [first + timedelta(days=round(span * n / count)) for n in range(count + 1)]
