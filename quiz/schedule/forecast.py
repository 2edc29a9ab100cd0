"""What a desired retention would cost and bring: a year of study, simulated.

The learner forgets as the weights say, and answers each review by chance. Questions, limits (those
of decks too) and retention are those given; siblings, prerequisites, steps and fuzz are left out,
which move a review by days at most and even out over a year.
"""

from __future__ import annotations

import heapq
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from quiz.model.review import Memory, Rating
from quiz.schedule.fit import Rated, situations
from quiz.schedule.fuzz import whole
from quiz.schedule.limits import Budget, Limits
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
class Plan:
    """What there is to study, each question with its deck."""

    known: Sequence[tuple[str, Memory]] = ()
    new: Sequence[str] = ()
    """The decks of the questions never seen, in the order of learning."""
    limits: Mapping[str, Limits] = field(default_factory=dict)
    """By deck path, those of the collection left out: they are the policy's."""


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
    plan: Plan,
    policy: Policy,
    retention: float,
    *,
    today: date,
    rng: Random,
    days: int = 365,
    habits: Habits | None = None,
    on_day: Callable[[int], None] = lambda day: None,
) -> Forecast:
    """The next `days` of a learner who follows the plan as far as the limits allow.

    `on_day` is told how many days have been simulated, after each.
    """
    simulation = _Simulation(policy, retention, habits or Habits(), rng)
    for deck, memory in plan.known:
        simulation.remember(deck, memory, today)
    simulation.expect(plan.new)
    limits = {**plan.limits, "": Limits(policy.new_per_day, policy.reviews_per_day)}
    reviews, known_days, known = [], [], []
    for day in range(days):
        budget = Budget(limits)
        asked = simulation.review(day, budget)
        reviews.append(asked + simulation.introduce(day, budget))
        if (day + 1) % _KNOWN_EVERY == 0 or day + 1 == days:
            known_days.append(day + 1)
            known.append(simulation.known(day))
        on_day(day + 1)
    return Forecast(
        retention, tuple(reviews), tuple(known_days), tuple(known), simulation.waiting(days - 1)
    )


def compare(
    plan: Plan,
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
            plan,
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

    deck: str
    trace: Trace
    last: int
    """Day of its latest review; today is 0."""


class _Waiting:
    """Questions by number that wait for their turn, in each deck the earliest first."""

    def __init__(self) -> None:
        self._of_deck: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def add(self, deck: str, turn: int, number: int) -> None:
        """A question of `deck`, whose turn comes on that day or in that place."""
        heapq.heappush(self._of_deck[deck], (turn, number))

    def take(self, until: int, allows: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
        """Those whose turn has come, the earliest first; of a deck until `allows` says no."""
        first = [(queue[0], deck) for deck, queue in self._of_deck.items() if queue]
        heapq.heapify(first)
        while first and first[0][0][0] <= until:
            _, deck = heapq.heappop(first)
            if not allows(deck):
                continue
            _, number = heapq.heappop(self._of_deck[deck])
            yield deck, number
            if self._of_deck[deck]:
                heapq.heappush(first, (self._of_deck[deck][0], deck))

    def count(self, until: int) -> int:
        """How many have come to their turn."""
        return sum(turn <= until for queue in self._of_deck.values() for turn, _ in queue)


class _Simulation:
    """A learner's questions, and when each returns. Days count from today, which is 0."""

    def __init__(self, policy: Policy, retention: float, habits: Habits, rng: Random) -> None:
        self._model = MemoryModel(policy.weights)
        self._policy = policy
        self._retention = retention
        self._habits = habits
        self._rng = rng
        self._learned: list[_Learned] = []
        self._due = _Waiting()
        self._new = _Waiting()

    def remember(self, deck: str, memory: Memory, today: date) -> None:
        """Take over a question as it stands."""
        self._due.add(deck, max(0, (memory.due_day - today).days), len(self._learned))
        trace = Trace(memory.stability, memory.difficulty)
        self._learned.append(_Learned(deck, trace, (memory.last_day - today).days))

    def expect(self, decks: Iterable[str]) -> None:
        """New questions of these decks, in this order."""
        for place, deck in enumerate(decks):
            self._new.add(deck, place, place)

    def review(self, day: int, budget: Budget) -> int:
        """Ask what is due, as far as the budget allows: how many that were."""
        asked = 0
        for _deck, index in self._due.take(day, budget.take_review):
            learned = self._learned[index]
            elapsed = max(0, day - learned.last)
            recall = self._model.retrievability(learned.trace.stability, elapsed)
            recalled = self._rng.random() < recall
            rating = self._draw(self._habits.passing, Rating.HARD) if recalled else Rating.AGAIN
            learned.trace, learned.last = self._rated(learned.trace, rating, elapsed), day
            self._schedule(index, day)
            asked += 1
        return asked

    def introduce(self, day: int, budget: Budget) -> int:
        """Ask new questions, as far as the budget allows: how many that were."""
        before = len(self._learned)
        for deck, _place in self._new.take(sys.maxsize, budget.take_new):
            rating = self._draw(self._habits.first, Rating.AGAIN)
            self._learned.append(_Learned(deck, self._rated(None, rating, 0), day))
            self._schedule(len(self._learned) - 1, day)
        return len(self._learned) - before

    def known(self, day: int) -> float:
        """How many questions would be recalled at the end of `day`, in expectation."""
        return sum(
            self._model.retrievability(one.trace.stability, max(0, day - one.last))
            for one in self._learned
        )

    def waiting(self, day: int) -> int:
        """How many questions are due by `day`."""
        return self._due.count(day)

    def _rated(self, trace: Trace | None, rating: Rating, elapsed: int) -> Trace:
        trace = self._model.after(trace, rating, elapsed)
        # What was not known is learned again on the same day.
        return self._model.after(trace, Rating.GOOD, 0) if rating is Rating.AGAIN else trace

    def _schedule(self, index: int, day: int) -> None:
        learned = self._learned[index]
        interval = whole(self._model.interval(learned.trace.stability, self._retention))
        days = min(max(interval, 1), self._policy.maximum_interval)
        self._due.add(learned.deck, day + days, index)

    def _draw(self, shares: Sequence[float], first: Rating) -> Rating:
        """A rating from `first` upwards, by its share."""
        return Rating(first + self._rng.choices(range(len(shares)), shares)[0])


def _shares(counts: Sequence[int], usual: Sequence[float]) -> tuple[float, ...]:
    total = sum(counts) + _USUAL
    return tuple((n + share * _USUAL) / total for n, share in zip(counts, usual, strict=True))
