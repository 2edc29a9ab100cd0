"""The year to come for this collection and this learner, under several desired retentions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from quiz.model.review import Memory
from quiz.schedule.fit import rated
from quiz.schedule.forecast import Forecast, compare, habits_of
from quiz.study.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is simulated, and what came of it."""

    days: int
    questions: int
    """That can be asked: not suspended."""
    new: int
    """Of them, those that were never seen."""
    new_per_day: int
    reviews_per_day: int
    desired_retention: float
    """In force now."""
    weights_version: int
    """Of the weights by which the learner forgets; 0 the defaults."""
    forecasts: tuple[Forecast, ...]


def outlook(
    ledger: Ledger,
    *,
    days: int = 365,
    new_per_day: int | None = None,
    reviews_per_day: int | None = None,
    on_progress: Callable[[float], None] = lambda share: None,
) -> Outlook:
    """Simulate the coming `days`; limits that are not given are those in force.

    The collection's own limits alone count, not those of its decks. `on_progress` is told the
    share that is done, 0 to 1.
    """
    policy = ledger.policy
    if new_per_day is not None:
        policy = replace(policy, new_per_day=new_per_day)
    if reviews_per_day is not None:
        policy = replace(policy, reviews_per_day=reviews_per_day)
    memories, new = _questions(ledger)
    forecasts = compare(
        memories,
        new,
        policy,
        today=ledger.today(),
        days=days,
        habits=habits_of(rated(ledger.history.entries())),
        on_progress=on_progress,
    )
    return Outlook(
        days=days,
        questions=len(memories) + new,
        new=new,
        new_per_day=policy.new_per_day,
        reviews_per_day=policy.reviews_per_day,
        desired_retention=policy.desired_retention,
        weights_version=policy.weights_version,
        forecasts=forecasts,
    )


def _questions(ledger: Ledger) -> tuple[list[Memory], int]:
    """The memories of the questions that can be asked, and how many of these are new."""
    memories = []
    new = 0
    for entry in ledger.collection.entries:
        for question in entry.questions:
            standing = ledger.standing(question)
            if question in entry.suspended or standing.suspended:
                continue
            if standing.memory is None:
                new += 1
            else:
                memories.append(standing.memory)
    return memories, new
