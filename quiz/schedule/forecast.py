"""What a desired retention would cost and bring: a year of study, simulated.

The learner forgets as the weights say, and answers each review by chance. Questions, limits and
retention are those given; siblings, prerequisites, steps and fuzz are left out, which move a review
by days at most and even out over a year.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from quiz.model.review import Memory, Rating
from quiz.schedule.fuzz import whole
from quiz.schedule.memory import MemoryModel, Trace
from quiz.schedule.policy import Policy

RETENTIONS = tuple(n / 100 for n in range(70, 98, 3))
"""0.70 to 0.97, as far as they are worth comparing."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How often a learner gives each rating."""

    first: tuple[float, float, float, float] = (0.24, 0.09, 0.49, 0.18)
    """Shares of Again, Hard, Good and Easy at the first sight of a question."""
    passing: tuple[float, float, float] = (0.07, 0.80, 0.13)
    """Shares of Hard, Good and Easy among reviews that are recalled."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days to come under one desired retention, today first."""

    retention: float
    reviews: tuple[int, ...]
    """Questions asked on each day, the new ones included."""
    known: tuple[float, ...]
    """Questions that would be recalled at the end of each day, in expectation."""

    @property
    def reviews_a_day(self) -> float:
        return sum(self.reviews) / len(self.reviews)


@dataclass(slots=True)
class _Learner:
    """One question in the simulation."""

    trace: Trace
    last: int
    """Day of its latest review; today is 0."""


def forecast(
    memories: Iterable[Memory],
    new: int,
    policy: Policy,
    retention: float,
    *,
    today: date,
    rng: Random,
    days: int = 365,
    habits: Habits | None = None,
) -> Forecast:
    """The next `days` for questions with these `memories` and so many `new` ones."""
    habits = habits or Habits()
    model = MemoryModel(policy.weights)
    known: list[_Learner] = []
    due: list[tuple[int, int]] = []
    for memory in memories:
        learner = _Learner(
            Trace(memory.stability, memory.difficulty), (memory.last_day - today).days
        )
        heapq.heappush(due, (max(0, (memory.due_day - today).days), len(known)))
        known.append(learner)

    def schedule(index: int, day: int) -> None:
        interval = whole(model.interval(known[index].trace.stability, retention))
        heapq.heappush(due, (day + min(max(interval, 1), policy.maximum_interval), index))

    def rate(trace: Trace | None, rating: Rating, elapsed: int) -> Trace:
        trace = model.after(trace, rating, elapsed)
        # What was not known is learned again on the same day.
        return model.after(trace, Rating.GOOD, 0) if rating is Rating.AGAIN else trace

    reviews, knowledge = [], []
    for day in range(days):
        asked = 0
        while due and due[0][0] <= day and asked < policy.reviews_per_day:
            _, index = heapq.heappop(due)
            learner = known[index]
            elapsed = max(0, day - learner.last)
            recalled = rng.random() < model.retrievability(learner.trace.stability, elapsed)
            rating = _draw(rng, habits.passing, Rating.HARD) if recalled else Rating.AGAIN
            learner.trace, learner.last = rate(learner.trace, rating, elapsed), day
            schedule(index, day)
            asked += 1
        fresh = min(new, policy.new_per_day, policy.reviews_per_day - asked)
        for _ in range(fresh):
            known.append(_Learner(rate(None, _draw(rng, habits.first, Rating.AGAIN), 0), day))
            schedule(len(known) - 1, day)
        new -= fresh
        reviews.append(asked + fresh)
        knowledge.append(
            sum(model.retrievability(one.trace.stability, max(0, day - one.last)) for one in known)
        )
    return Forecast(retention, tuple(reviews), tuple(knowledge))


def compare(
    memories: Sequence[Memory],
    new: int,
    policy: Policy,
    *,
    today: date,
    seed: int = 0,
    days: int = 365,
    retentions: Sequence[float] = RETENTIONS,
    habits: Habits | None = None,
) -> tuple[Forecast, ...]:
    """A forecast for each of `retentions`, all by the same chances."""
    return tuple(
        forecast(
            memories,
            new,
            policy,
            retention,
            today=today,
            rng=Random(seed),
            days=days,
            habits=habits,
        )
        for retention in retentions
    )


def _draw(rng: Random, shares: Sequence[float], first: Rating) -> Rating:
    """A rating from `first` upwards, by its share."""
    return Rating(first + rng.choices(range(len(shares)), shares)[0])
