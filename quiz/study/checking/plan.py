"""What a check is asked to do, and what it has to say: the values of this room."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from quiz.model.finding import Finding
from quiz.model.question import Question


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly to check."""

    seeds: int = 2
    """A solution must agree with itself under so many."""
    mutants: int = 0
    """At most so many of each solution are graded."""
    jobs: int = 2
    """Answers graded at the same time."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a solution's mutants."""

    killed: int = 0
    survived: int = 0
    accepted: int = 0
    """Of those that live, the ones that the deck lists as equivalent."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.killed + other.killed,
            self.survived + other.survived,
            self.accepted + other.accepted,
        )

    @property
    def share(self) -> float:
        """Share killed of those that could be, 0 to 1."""
        graded = self.killed + self.survived
        return self.killed / graded if graded else 1.0


@dataclass(frozen=True, slots=True)
class Survivor(Finding):
    """A mutant that passes."""

    question: str = ""
    """Id of its question."""
    change: str = ""
    """The lines that differ from the solution: `- old` and `+ new`."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One question, and all that is wrong with it."""

    question: Question
    findings: tuple[Finding, ...] = ()
    tally: Tally = Tally()
    unchanged: bool = False
    """It was found right before, and was not run again."""


@dataclass(slots=True)
class Meter:
    """How far a check has come, in grades; `on_change` is called whenever that changes."""

    on_change: Callable[[], None] = lambda: None
    done: int = 0
    total: int = 0
    """May grow and shrink: a mutant that survives is graded again, a wrong question no further."""
    began: float = field(default_factory=time.monotonic)

    def begin(self, total: int) -> None:
        """The first grade is about to begin."""
        self.total, self.began = total, time.monotonic()
        self.on_change()

    def plan(self, more: int) -> None:
        """So many more (or fewer) than was thought."""
        self.total += more
        self.on_change()

    def step(self) -> None:
        """One more is done."""
        self.done += 1
        self.on_change()

    @property
    def rate(self) -> float:
        """Grades a second, so far."""
        return self.done / max(time.monotonic() - self.began, 1e-3)

    @property
    def left(self) -> float | None:
        """Seconds left at this rate; None while that cannot be said."""
        return max(self.total - self.done, 0) / self.rate if self.done else None
