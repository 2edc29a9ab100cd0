"""The year to come for this collection and this learner, under several desired retentions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from quiz.model.review import Memory
from quiz.schedule.fit import rated
from quiz.schedule.forecast import Forecast, Plan, compare, habits_of
from quiz.study.ledger import Ledger
from quiz.study.queueing import limits_of


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

    Those given hold for the whole collection; what decks set for themselves holds in any case.
    `on_progress` is told the share that is done, 0 to 1.
    """
    policy = ledger.policy
    if new_per_day is not None:
        policy = replace(policy, new_per_day=new_per_day)
    if reviews_per_day is not None:
        policy = replace(policy, reviews_per_day=reviews_per_day)
    plan = _plan(ledger)
    forecasts = compare(
        plan,
        policy,
        today=ledger.today(),
        days=days,
        habits=habits_of(rated(ledger.history.entries())),
        on_progress=on_progress,
    )
    return Outlook(
        days=days,
        questions=len(plan.known) + len(plan.new),
        new=len(plan.new),
        new_per_day=policy.new_per_day,
        reviews_per_day=policy.reviews_per_day,
        desired_retention=policy.desired_retention,
        weights_version=policy.weights_version,
        forecasts=forecasts,
    )


def _plan(ledger: Ledger) -> Plan:
    """The questions that can be asked, with their decks and these decks' limits."""
    known: list[tuple[str, Memory]] = []
    new: list[str] = []
    for candidate in ledger.candidates:
        standing = ledger.standing(candidate.question)
        if candidate.suspended or standing.suspended:
            continue
        if standing.memory is None:
            new.append(candidate.deck)
        else:
            known.append((candidate.deck, standing.memory))
    return Plan(known, new, limits_of(ledger.settings))
