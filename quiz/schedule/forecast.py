"""What a desired retention would cost and bring: a year of study, simulated.

The learner forgets as the weights say, and answers each review by chance. Questions, limits and
retention are those given; siblings, prerequisites, steps and fuzz are left out, which move a review
by days at most and even out over a year.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from quiz.model.review import Memory, Rating
from quiz.schedule.fit import Rated, situations
from quiz.schedule.fuzz import whole
from quiz.schedule.memory import MemoryModel, Trace
from quiz.schedule.policy import Policy

RETENTIONS = tuple(n / 100 for n in range(70, 98, 3))
"""0.70 to 0.97, as far as they are worth comparing."""

_KNOWN_EVERY = 30
"""Days between two counts of what is known: each looks at every question."""
_USUAL = 100
"""Ratings that the usual habits are worth against the learner's own."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How often a learner gives each rating."""

    first: tuple[float, ...] = (0.24, 0.09, 0.49, 0.18)
    """Shares of Again, Hard, Good and Easy at the first sight of a question."""
    passing: tuple[float, ...] = (0.07, 0.80, 0.13)
    """Shares of Hard, Good and Easy among reviews that are recalled."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days to come under one desired retention, today first."""

    retention: float
    reviews: tuple[int, ...]
    """Questions asked on each day, the new ones included."""
    known_days: tuple[int, ...]
    """Days (1: today) at whose end it was counted what is known; the last day is the last."""
    known: tuple[float, ...]
    """Questions that would be recalled at the end of each of these days, in expectation."""
    waiting: int = 0
    """Questions that were due on the last day, and for which the limits left no room."""

    @property
    def reviews_a_day(self) -> float:
        return sum(self.reviews) / len(self.reviews)


def habits_of(reviews: Sequence[Rated]) -> Habits:
    """The habits in a history; of a short one, mostly the usual ones."""
    seen: set[str] = set()
    first: Counter[int] = Counter()
    for review in reviews:
        if review.question not in seen:
            seen.add(review.question)
            first[review.rating] += 1
    predicted = situations(reviews)
    passing = Counter(reviews[place].rating for place, one in predicted.items() if one.recalled)
    usual = Habits()
    return Habits(
        _shares([first[rating] for rating in Rating], usual.first),
        _shares([passing[rating] for rating in Rating if rating > Rating.AGAIN], usual.passing),
    )


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
    on_day: Callable[[int], None] = lambda day: None,
) -> Forecast:
    """The next `days` for questions with these `memories` and so many `new` ones.

    `on_day` is told how many days have been simulated, after each.
    """
    simulation = _Simulation(policy, retention, habits or Habits(), rng)
    for memory in memories:
        simulation.remember(memory, today)
    reviews, known_days, known = [], [], []
    for day in range(days):
        asked = simulation.review(day)
        fresh = min(new, policy.new_per_day, policy.reviews_per_day - asked)
        simulation.introduce(fresh, day)
        new -= fresh
        reviews.append(asked + fresh)
        if (day + 1) % _KNOWN_EVERY == 0 or day + 1 == days:
            known_days.append(day + 1)
            known.append(simulation.known(day))
        on_day(day + 1)
    return Forecast(
        retention, tuple(reviews), tuple(known_days), tuple(known), simulation.waiting(days - 1)
    )


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
    on_progress: Callable[[float], None] = lambda share: None,
) -> tuple[Forecast, ...]:
    """A forecast for each of `retentions`, all by the same chances.

    `on_progress` is told the share that is done, 0 to 1.
    """

    def one(number: int, retention: float) -> Forecast:
        return forecast(
            memories,
            new,
            policy,
            retention,
            today=today,
            rng=Random(seed),
            days=days,
            habits=habits,
            on_day=lambda day: on_progress((number + day / days) / len(retentions)),
        )

    return tuple(one(number, retention) for number, retention in enumerate(retentions))


@dataclass(slots=True)
class _Learned:
    """One question in the simulation."""

    trace: Trace
    last: int
    """Day of its latest review; today is 0."""


class _Simulation:
    """A learner's questions, and when each returns. Days count from today, which is 0."""

    def __init__(self, policy: Policy, retention: float, habits: Habits, rng: Random) -> None:
        self._model = MemoryModel(policy.weights)
        self._policy = policy
        self._retention = retention
        self._habits = habits
        self._rng = rng
        self._learned: list[_Learned] = []
        self._due: list[tuple[int, int]] = []

    def remember(self, memory: Memory, today: date) -> None:
        """Take over a question as it stands."""
        heapq.heappush(self._due, (max(0, (memory.due_day - today).days), len(self._learned)))
        trace = Trace(memory.stability, memory.difficulty)
        self._learned.append(_Learned(trace, (memory.last_day - today).days))

    def review(self, day: int) -> int:
        """Ask what is due, as far as the limit allows: how many that were."""
        asked = 0
        while self._due and self._due[0][0] <= day and asked < self._policy.reviews_per_day:
            _, index = heapq.heappop(self._due)
            learned = self._learned[index]
            elapsed = max(0, day - learned.last)
            recall = self._model.retrievability(learned.trace.stability, elapsed)
            recalled = self._rng.random() < recall
            rating = self._draw(self._habits.passing, Rating.HARD) if recalled else Rating.AGAIN
            learned.trace, learned.last = self._rated(learned.trace, rating, elapsed), day
            self._schedule(index, day)
            asked += 1
        return asked

    def introduce(self, count: int, day: int) -> None:
        """Ask so many questions for the first time."""
        for _ in range(count):
            rating = self._draw(self._habits.first, Rating.AGAIN)
            self._learned.append(_Learned(self._rated(None, rating, 0), day))
            self._schedule(len(self._learned) - 1, day)

    def known(self, day: int) -> float:
        """How many questions would be recalled at the end of `day`, in expectation."""
        return sum(
            self._model.retrievability(one.trace.stability, max(0, day - one.last))
            for one in self._learned
        )

    def waiting(self, day: int) -> int:
        """How many questions are due by `day`."""
        return sum(due <= day for due, _ in self._due)

    def _rated(self, trace: Trace | None, rating: Rating, elapsed: int) -> Trace:
        trace = self._model.after(trace, rating, elapsed)
        # What was not known is learned again on the same day.
        return self._model.after(trace, Rating.GOOD, 0) if rating is Rating.AGAIN else trace

    def _schedule(self, index: int, day: int) -> None:
        interval = whole(
            self._model.interval(self._learned[index].trace.stability, self._retention)
        )
        days = min(max(interval, 1), self._policy.maximum_interval)
        heapq.heappush(self._due, (day + days, index))

    def _draw(self, shares: Sequence[float], first: Rating) -> Rating:
        """A rating from `first` upwards, by its share."""
        return Rating(first + self._rng.choices(range(len(shares)), shares)[0])


def _shares(counts: Sequence[int], usual: Sequence[float]) -> tuple[float, ...]:
    total = sum(counts) + _USUAL
    return tuple((n + share * _USUAL) / total for n, share in zip(counts, usual, strict=True))
