"""Checking one question: its solution under several seeds, its starter, its mutants, its time."""

from __future__ import annotations

from dataclasses import dataclass

from quiz.language import _, mark
from quiz.model.finding import Finding, Severity
from quiz.model.question import Code, Form, Predict, Program, Question
from quiz.model.verdict import Outcome, Verdict
from quiz.study.checking.accepted import Accepted
from quiz.study.checking.mutation import check_mutants, to_grade
from quiz.study.checking.places import Places
from quiz.study.checking.plan import Checked, Plan
from quiz.study.checking.runs import Runs
from quiz.study.text import outcome_word

SLOW_SHARE = 0.2
"""A question that takes more than this share of its time limit is reported."""

_FIXED_SEED = mark(
    "the program prints something else every time; fix its seed (`torch.manual_seed`), or print "
    "what does not depend on chance, time or addresses"
)
_SLOW = mark(
    "the {form} question's solution takes {seconds:.1f} s of the {limit:g} s allowed, more than a "
    "fifth: make its tensors or loops smaller, or raise `timeout=`"
)
_SLOW_PROGRAM = mark(
    "the program takes {seconds:.1f} s of the {limit:g} s allowed, more than a "
    "fifth: make its tensors or loops smaller, or raise `timeout=`"
)
_INCOMPARABLE = (mark("cannot be compared"), mark("meta tensor"))
"""What the messages about values that cannot be compared have in common, in every language."""


def cost(question: Question, plan: Plan, accepted: Accepted) -> int:
    """How many grades a check of the question takes, if all goes well."""
    content = question.content
    if isinstance(content, Code):
        starter = content.starter is not None
        mutants = len(to_grade(content, plan, accepted.of(question.id)))
        return len(_seeds(content, plan)) + starter + mutants
    return 1 + len(_further_seeds(plan)) if isinstance(content, Predict) else 0


def _seeds(content: Code, plan: Plan) -> tuple[int, ...]:
    """The seeds of a solution's runs, the first one twice where one run is not already two.

    To grade a solution is to run it twice under one seed and to compare; under tests it runs once.
    """
    twice = (1,) if content.form is Form.TEST or plan.seeds == 1 else ()
    return (1, *twice, *range(2, plan.seeds + 1))


def _further_seeds(plan: Plan) -> range:
    """The seeds under which a program must print what it printed under the first.

    At least one: what it printed under a seed is remembered, and not computed again.
    """
    return range(2, max(2, plan.seeds) + 1)


async def check_question(question: Question, runs: Runs, plan: Plan, accepted: Accepted) -> Checked:
    """Run one question and say all that is wrong with it. Raises `GradeError`."""
    content = question.content
    assert isinstance(content, Code | Predict)
    check = _Check(question, content, runs, plan)
    if isinstance(content, Predict):
        return Checked(question, tuple(await check.predict(content)))
    findings = await check.solution(content)
    if any(finding.severity is Severity.ERROR for finding in findings) or check.skipped:
        return Checked(question, tuple(findings))
    findings += await check.starter(content)
    graded = await check_mutants(
        question, check.places, runs, plan, accepted.of(question.id), check.seconds
    )
    return Checked(question, (*findings, *graded.findings), graded.tally)


@dataclass(slots=True)
class _Check:
    """The runs of one question; `seconds` is its time, once its solution has passed."""

    question: Question
    content: Program
    runs: Runs
    plan: Plan
    seconds: float = 0.0
    skipped: bool = False

    @property
    def places(self) -> Places:
        return Places(self.question)

    async def solution(self, content: Code) -> list[Finding]:
        """It must pass under every seed."""
        times = []
        for at, seed in enumerate(_seeds(content, self.plan)):
            verdict = await self.runs.grade(content, content.solution.text, seed)
            if verdict.outcome is Outcome.SKIPPED:
                return self._skip(verdict)
            if not verdict.passed:
                passed_before = "" if not at else "same" if seed == 1 else "other"
                message = _failed(content, verdict, passed_before)
                return [self.places.of_failure(verdict, message)]
            times.append(verdict.seconds)
        self.seconds = min(times)
        return await self._slow(content.solution.text, _(_SLOW), form=_(content.form))

    async def starter(self, content: Code) -> list[Finding]:
        """It must not pass."""
        if content.starter is None:
            return []
        if not (await self.runs.grade(content, content.starter.text, 1)).passed:
            return []
        message = _(
            "the starter passes as it stands: leave the idea to the learner, or add cases that "
            "tell it from the solution"
        )
        return [self.places.at_fence(content.starter, Severity.ERROR, message)]

    async def predict(self, content: Predict) -> list[Finding]:
        """The program must run, print something, and print the same every time."""
        verdict = await self.runs.grade(content, "", 1)
        if verdict.outcome is Outcome.SKIPPED:
            return self._skip(verdict)
        if verdict.outcome is not Outcome.WRONG:
            return [self.places.of_failure(verdict, _program_failed(verdict))]
        printed = "\n".join(case.expected for case in verdict.cases)
        times = [verdict.seconds]
        for seed in _further_seeds(self.plan):
            again = await self.runs.grade(content, printed, seed)
            if again.outcome is Outcome.WRONG:
                return [self.places.at_fence(content.program, Severity.ERROR, _(_FIXED_SEED))]
            if not again.passed:
                return [self.places.of_failure(again, _program_failed(again))]
            times.append(again.seconds)
        self.seconds = min(times)
        return await self._slow(printed, _(_SLOW_PROGRAM))

    def _skip(self, verdict: Verdict) -> list[Finding]:
        self.skipped = True
        return [self.places.at_fence(self.places.main, Severity.WARNING, verdict.message)]

    async def _slow(self, answer: str, said: str, **values: str) -> list[Finding]:
        """That it takes long, and does so again when it has nothing to import."""
        limit = self.content.rules.timeout
        if self.seconds > limit * SLOW_SHARE:
            again = await self.runs.grade_again(self.content, answer, 1)
            self.seconds = min(self.seconds, again.seconds)
        if self.seconds <= limit * SLOW_SHARE:
            return []
        message = said.format(seconds=self.seconds, limit=limit, **values)
        return [self.places.at_fence(self.places.main, Severity.WARNING, message)]


def _failed(content: Code, verdict: Verdict, passed_before: str) -> str:
    """What is wrong with a solution that does not pass, and what to do.

    `passed_before`: whether it passed in an earlier run, of the `same` seed or only of an `other`.
    """
    unsteady = verdict.outcome is Outcome.WRONG and content.form is not Form.TEST
    if unsteady or passed_before == "same":
        advice = _(
            "the solution is not deterministic: two runs with the same seed differ; draw random "
            "numbers from torch or random alone, and let nothing depend on time, addresses, "
            "threads or uninitialised memory"
        )
    elif verdict.outcome is Outcome.FORBIDDEN:
        advice = _(
            "the solution breaks the question's own constraints: change it, or the attributes "
            "`forbid`, `require` or `lines` of its fence"
        )
    elif verdict.outcome is Outcome.GRADER_ERROR:
        advice = _("the grader itself failed on this question, which is a defect of quiz")
    elif any(_(words) in verdict.message for words in _INCOMPARABLE):
        advice = _(
            "the outcome cannot be compared: return tensors, numbers, texts or containers of "
            "them, or judge it with a `test` fence"
        )
    elif _("its `cases` yield nothing.") in verdict.message:
        advice = _("no case is yielded: write at least one `yield` that is reached")
    else:
        said = _("the solution does not pass ({outcome})")
        if passed_before:
            said = _(
                "the solution does not pass under seed {seed}, though it passes under others "
                "({outcome})"
            )
        advice = said.format(seed=verdict.seed, outcome=outcome_word(verdict.outcome))
    return _detailed(advice, verdict)


def _program_failed(verdict: Verdict) -> str:
    if _("the program prints nothing.") in verdict.message:
        return _("the program prints nothing, so there is nothing to predict: add a `print`")
    said = _("the program does not run to its end ({outcome})")
    return _detailed(said.format(outcome=outcome_word(verdict.outcome)), verdict)


def _detailed(advice: str, verdict: Verdict) -> str:
    case = verdict.first_failure
    parts = [advice, verdict.message]
    # A card's fault is told by the card's own lines; the case is told by those of an answer.
    if case is not None and verdict.outcome is not Outcome.CARD_ERROR:
        parts += [*case.differences[1:], case.traceback]
    parts.append(verdict.traceback)
    return "\n".join(part for part in dict.fromkeys(parts) if part)
