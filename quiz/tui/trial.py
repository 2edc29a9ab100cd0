"""What happened to a question since it was shown: the evidence behind the proposed rating.

A `Trial` lives from showing to rating. It decides nothing but which rating to propose, by
`study.rating`, and says why in a few words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quiz.language import _, counted
from quiz.model.question import Kind
from quiz.model.review import Rating
from quiz.model.verdict import Verdict
from quiz.study.rating import propose
from quiz.study.values import Attempt


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which rating Enter would give, and why."""

    rating: Rating | None
    """None: only the learner can say."""
    reason: str


@dataclass(slots=True)
class Trial:
    """One showing of one question."""

    kind: Kind
    started: float
    """Seconds of a monotonic clock when it was shown."""
    attempts: int = 0
    """Checks and graded runs that count."""
    failed: int = 0
    """Those before the first one that passed."""
    hints: int = 0
    revealed: bool = False
    """The answer was looked at before any check passed."""
    passed: bool | None = None
    """What the checks said; None before the first."""
    answer: str = ""
    verdict: str = ""
    share: float | None = None
    device: str = ""
    uncounted: Verdict | None = field(default=None)
    """The latest verdict, where it says nothing about the learner."""

    def checked(self, answer: str, *, passed: bool, share: float | None = None) -> None:
        """An answer was compared with the card's."""
        self._count(passed)
        if passed or not self.passed:
            self.answer, self.share = answer, share
            self.verdict = "pass" if passed else "wrong"
        self.passed = passed or bool(self.passed)

    def graded(self, answer: str, verdict: Verdict) -> None:
        """An answer was run. What a broken card or grader says is not held against the learner."""
        if not verdict.outcome.counts:
            self.uncounted = verdict
            if self.attempts == 0:
                self.answer = answer
                self.verdict = verdict.outcome.value
            return
        self.uncounted = None
        self._count(verdict.passed)
        if verdict.passed or not self.passed:
            self.answer, self.share = answer, verdict.share
            self.verdict, self.device = verdict.outcome.value, verdict.device
        self.passed = verdict.passed or bool(self.passed)

    def _count(self, passed: bool) -> None:
        self.attempts += 1
        if not passed and not self.passed:
            self.failed += 1

    def reveal(self, answer: str = "") -> None:
        """The learner looked at the answer. After a pass this gives nothing away."""
        if self.passed:
            return
        self.revealed = True
        if answer and not self.answer:
            self.answer = answer

    @property
    def ratable(self) -> bool:
        """Whether enough has happened for a rating to mean something."""
        return self.revealed or self.passed is not None or self.uncounted is not None

    def proposal(self, *, checkable: bool = True) -> Proposal:
        """What to propose now. `checkable` is False where no answer can be checked here."""
        if self.kind is Kind.RECALL:
            rating = propose(passed=True, hints=self.hints)
            return Proposal(rating, _with_hints(self.hints) or _("if you knew it"))
        if self.passed is None and (self.uncounted is not None or not checkable):
            return Proposal(None, _("Compare with the solution and rate yourself"))
        if self.revealed:
            return Proposal(propose(passed=None), _("the answer was shown first"))
        if not self.passed:
            reason = _("not right yet") if self.attempts else _("unanswered")
            return Proposal(propose(passed=False), reason)
        rating = propose(passed=True, failed_runs=self.failed, hints=self.hints)
        return Proposal(rating, self._why_passed())

    def _why_passed(self) -> str:
        if self.failed:
            return counted(
                "right after {n} failed try", "right after {n} failed tries", self.failed
            )
        return _with_hints(self.hints) or _("right at the first try")

    def attempt(self, now: float) -> Attempt:
        """What is stored with the rating. `now` is of the clock that gave `started`."""
        return Attempt(
            duration=max(0, round((now - self.started) * 1000)),
            attempts=self.attempts,
            hints=self.hints,
            answer=self.answer,
            verdict=self.verdict,
            share=self.share,
            device=self.device,
        )


def _with_hints(hints: int) -> str:
    if not hints:
        return ""
    return counted("right with a hint", "right with {n} hints", hints)
