"""The memory model, FSRS-6: stability, difficulty and retrievability, and nothing of the calendar.

Stability and difficulty are computed by the `fsrs` package. It counts spans of 24 hours where
learners live in study days, so it is given instants that lie exactly as many days apart as the
study days do, and none of its steps, fuzz or due dates are used.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from quiz.model.review import Rating
from quiz.schedule.weights import STABILITY_BOUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Trace(NamedTuple):
    """What the model remembers of a question."""

    stability: float
    """Days until the probability of recall is 0.9."""
    difficulty: float
    """1 to 10."""


class MemoryModel:
    """FSRS-6 with one set of weights."""

    def __init__(self, weights: Sequence[float]) -> None:
        # Deferred: the package takes some 25 ms to load, which the first screen need not wait for.
        from fsrs import Card, Scheduler, State
        from fsrs import Rating as FsrsRating

        self._scheduler = Scheduler(
            parameters=tuple(weights),
            learning_steps=(),
            relearning_steps=(),
            enable_fuzzing=False,
        )
        self._card = Card
        self._learning, self._review = State.Learning, State.Review
        self._ratings = {rating: FsrsRating(int(rating)) for rating in Rating}
        self._decay = -weights[20]
        self._factor: float = 0.9 ** (1 / self._decay) - 1

    def after(self, trace: Trace | None, rating: Rating, elapsed: int) -> Trace:
        """The trace after a review, `elapsed` study days after the last; None: the first one."""
        card = self._card(
            card_id=0,
            state=self._review if trace else self._learning,
            step=None if trace else 0,
            stability=trace.stability if trace else None,
            difficulty=trace.difficulty if trace else None,
            due=_EPOCH,
            last_review=_EPOCH if trace else None,
        )
        now = _EPOCH + timedelta(days=elapsed)
        card, _ = self._scheduler.review_card(card, self._ratings[rating], now)
        if card.stability is None or card.difficulty is None:
            raise AssertionError("the fsrs package left a reviewed card without memory")
        lower, upper = STABILITY_BOUNDS
        return Trace(min(max(card.stability, lower), upper), card.difficulty)

    def retrievability(self, stability: float, elapsed: float) -> float:
        """Probability of recall after `elapsed` days: (1 + factor · t / S) ^ decay; 1 before."""
        return float((1 + self._factor * max(elapsed, 0) / stability) ** self._decay)

    def interval(self, stability: float, retention: float) -> float:
        """Days until the probability of recall has fallen to `retention`, unrounded."""
        return float(stability / self._factor * (retention ** (1 / self._decay) - 1))
