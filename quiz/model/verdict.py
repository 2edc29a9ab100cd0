"""What the grader says about an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The one word of a verdict."""

    PASS = "pass"
    WRONG = "wrong"
    ERROR = "error"
    """The answer raised an exception, or is not Python."""
    FORBIDDEN = "forbidden"
    """It breaks a constraint of the question."""
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    """It printed more than allowed."""
    CRASH = "crash"
    """Its process died of a signal, or left without an outcome."""
    BLOCKED = "blocked"
    """It tried what the jail refuses."""
    SKIPPED = "skipped"
    """The question needs a device that is not here."""
    CARD_ERROR = "card-error"
    """The deck's own code failed."""
    GRADER_ERROR = "grader-error"
    """Ours."""

    @property
    def counts(self) -> bool:
        """Whether the learner answered at all, rightly or wrongly."""
        return self not in (Outcome.SKIPPED, Outcome.CARD_ERROR, Outcome.GRADER_ERROR)


@dataclass(frozen=True, slots=True)
class Grid:
    """A tensor, or a part of it, as a table of at most 16 × 16, for drawing."""

    cells: tuple[tuple[str, ...], ...]
    """The numbers as text, row by row."""
    values: tuple[tuple[float, ...], ...]
    """The same as numbers, for colour (bool as 0 and 1; NaN stays NaN)."""
    differs: tuple[tuple[bool, ...], ...]
    """Which cells are beyond tolerance; all False where shapes do not agree."""
    part: str = ""
    """Which part of what was expected or came: `[1, :, :]`, `result[0]`; empty for the whole."""


@dataclass(frozen=True, slots=True)
class Worst:
    """The element that is furthest beyond tolerance."""

    index: tuple[int, ...]
    expected: str
    got: str
    allowed: float
    """The absolute difference that would have been accepted there."""


@dataclass(frozen=True, slots=True)
class Case:
    """One call, binding or test, and what came of it."""

    outcome: Outcome
    call: str
    """As one would type it: `not_equal(torch.tensor([1, 2]), 1)`; a name for a script or test."""
    expected: str = ""
    got: str = ""
    differences: tuple[str, ...] = ()
    """Every difference in a sentence each: dtype, shape, values, changed inputs…"""
    share_differing: float | None = None
    """Share of elements beyond tolerance, 0 to 1, where shapes agree."""
    worst: Worst | None = None
    expected_grid: Grid | None = None
    got_grid: Grid | None = None
    printed: str = ""
    """What the code printed during this case."""
    traceback: str = ""
    """The learner's lines alone, with the numbers of their snippet."""
    size: int = 0
    """How large the case is to read, to show the smallest failing one first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one grade."""

    outcome: Outcome
    message: str = ""
    """One or two sentences for the learner; empty on a pass."""
    cases: tuple[Case, ...] = ()
    """In the order of the card."""
    traceback: str = ""
    """Of an exception outside any case, a syntax error included."""
    line: int | None = None
    """Line of the answer the message is about, from 1."""
    column: int | None = None
    printed: str = ""
    """What the answer printed outside any case."""
    seed: int = 0
    """Repeats the grade exactly."""
    device: str = ""
    seconds: float = 0.0
    """From submission to verdict."""

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASS

    @property
    def share(self) -> float | None:
        """Share of the cases that passed; None where there were none."""
        if not self.cases:
            return None
        return sum(case.outcome is Outcome.PASS for case in self.cases) / len(self.cases)

    @property
    def first_failure(self) -> Case | None:
        """The failing case that is smallest to read."""
        failed = [case for case in self.cases if case.outcome is not Outcome.PASS]
        return min(failed, key=lambda case: case.size, default=None)
