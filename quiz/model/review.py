"""The history's vocabulary: ratings, memory states, the reviews and actions of the log.

The log (reviews and actions) is append-only and the truth; a `Memory` can always be computed
from it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum


class Rating(IntEnum):
    """How well the answer was known; the numbers are those of the keys and of the log."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(StrEnum):
    """Where a question stands in its life."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known about one learner's memory of one question after its latest review."""

    state: State
    stability: float
    """Days after which the probability of recall has fallen to 0.9."""
    difficulty: float
    """From 1 (easy) to 10."""
    due: datetime
    """UTC. While learning: the instant. In review: the start of the study day it is due on."""
    due_day: date
    """The study day of `due`."""
    last_time: datetime
    """UTC instant of the latest review."""
    last_day: date
    """Study day of the latest review."""
    interval: int
    """Whole study days between `last_day` and `due_day` as scheduled; 0 while learning."""
    step: int = 0
    """Index of the learning or relearning step it waits in."""
    reps: int = 1
    """Reviews so far."""
    lapses: int = 0
    """Times it was forgotten after having been learned."""


class ReviewKind(StrEnum):
    REVIEW = "review"
    CRAM = "cram"
    """Logged, but without any effect on the schedule."""


@dataclass(frozen=True, slots=True)
class Review:
    """One rating, as it stands in the log."""

    id: str
    """UUIDv7: unique across machines, ordered by time."""
    question: str
    """The question's id as it was at that moment."""
    time: datetime
    """UTC."""
    day: date
    """The learner's study day."""
    rating: Rating
    duration: int = 0
    """Milliseconds from showing the prompt to the rating."""
    kind: ReviewKind = ReviewKind.REVIEW
    attempts: int = 0
    """Graded runs of an answer."""
    hints: int = 0
    """Hints uncovered."""
    answer: str = ""
    """What the learner gave, as text."""
    verdict: str = ""
    """The verdict of the last run, empty where nothing was graded."""
    share: float | None = None
    """Share of the cases that passed, 0 to 1."""
    device: str = ""
    due: datetime | None = None
    """UTC: when it was scheduled to return, as decided then; None where that is not known (an
    imported log), so that it is computed."""
    algorithm: str = ""
    """Name of the memory model that scheduled it, `fsrs-6`."""
    weights: int = 0
    """Version of the weights that scheduled it; 0 the defaults."""


class ActionKind(StrEnum):
    """What a learner can do to a question besides rating it."""

    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    BURY = "bury"
    """Out of sight until the study day in `value`."""
    UNBURY = "unbury"
    FORGET = "forget"
    """New again; the log keeps what was."""
    SET_DUE = "set-due"
    """Due on the study day in `value`."""
    RELINK = "relink"
    """The history of the id in `value` belongs to `question` from now on."""
    UNDO = "undo"
    """The log entry whose id is in `value` does not count; undoing an undo is a redo."""


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of the log that is no rating."""

    id: str
    """UUIDv7."""
    question: str
    time: datetime
    """UTC."""
    day: date
    kind: ActionKind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the log says about one question at a moment: what the scheduler needs to know."""

    question: str
    memory: Memory | None = None
    """None: new (never rated, or forgotten)."""
    suspended: bool = False
    """By the learner, or as a leech."""
    buried_until: date | None = None
    """Hidden before this study day."""
    leech: bool = False

    @property
    def state(self) -> State:
        return self.memory.state if self.memory else State.NEW


Entry = Review | Action
"""One entry of the log."""
