"""Proving a deck: every solution passes, every starter fails, every predicted program prints.

What a file says wrongly, `deck` finds; here the code questions are run.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from quiz.errors import Place
from quiz.model.finding import Finding, Severity
from quiz.model.question import Code, Fence, Predict, Question
from quiz.model.verdict import Outcome, Verdict
from quiz.study.coding import Coding

SLOW_SHARE = 0.2
"""A question that takes more than this share of its time limit is reported."""

_SEEDS = (1, 2)
"""A solution must agree with itself under each of these."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One question that was run."""

    question: Question
    findings: tuple[Finding, ...]
    seconds: float


def runnable(questions: Iterable[Question]) -> list[Question]:
    """Those whose answer is run."""
    return [question for question in questions if isinstance(question.content, Code | Predict)]


async def check_questions(
    questions: Iterable[Question], coding: Coding, *, at_once: int = 2
) -> AsyncIterator[Checked]:
    """Run the code of each question and say what is wrong with it, as each one finishes."""
    gate = asyncio.Semaphore(at_once)

    async def one(question: Question) -> Checked:
        async with gate:
            return await check_question(question, coding)

    tasks = [asyncio.create_task(one(question)) for question in questions]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def check_question(question: Question, coding: Coding) -> Checked:
    """Run one question: its solution must pass, its starter must not."""
    content = question.content
    if isinstance(content, Predict):
        return await _check_predict(question, content, coding)
    assert isinstance(content, Code)
    findings: list[Finding] = []
    seconds = 0.0
    for seed in _SEEDS:
        verdict = await coding.grade(content, content.solution.text, seed=seed)
        seconds = max(seconds, verdict.seconds)
        if verdict.outcome is Outcome.SKIPPED:
            findings.append(_finding(question, content.solution, Severity.WARNING, verdict.message))
            return Checked(question, tuple(findings), seconds)
        if not verdict.passed:
            findings.append(
                _finding(question, content.solution, Severity.ERROR, _why(verdict, "the solution"))
            )
            break
    if seconds > content.rules.timeout * SLOW_SHARE:
        findings.append(
            _finding(
                question,
                content.solution,
                Severity.WARNING,
                f"the solution takes {seconds:.1f} s of the {content.rules.timeout:g} s allowed; "
                "make the cases smaller, or raise `timeout=`",
            )
        )
    if not findings and content.starter is not None:
        verdict = await coding.grade(content, content.starter.text, seed=_SEEDS[0])
        if verdict.passed:
            findings.append(
                _finding(
                    question,
                    content.starter,
                    Severity.ERROR,
                    "the starter passes as it stands: leave the idea to the learner, or add cases "
                    "that tell it from the solution",
                )
            )
    return Checked(question, tuple(findings), seconds)


async def _check_predict(question: Question, content: Predict, coding: Coding) -> Checked:
    """The program must run, print something, and print the same every time."""
    verdict = await coding.grade(content, "", seed=_SEEDS[0])
    message = ""
    if verdict.outcome is Outcome.PASS:
        message = "the program prints nothing, so there is nothing to predict"
    elif verdict.outcome is not Outcome.WRONG:
        message = _why(verdict, "the program")
    else:
        again = await coding.grade(content, _printed(verdict), seed=_SEEDS[1])
        if not again.passed:
            message = (
                "the program prints something else every time; fix its seed "
                "(`torch.manual_seed`) or print what does not depend on chance"
            )
    findings = (_finding(question, content.program, Severity.ERROR, message),) if message else ()
    return Checked(question, findings, verdict.seconds)


def _printed(verdict: Verdict) -> str:
    return "\n".join(case.expected for case in verdict.cases)


def _why(verdict: Verdict, what: str) -> str:
    case = verdict.first_failure
    parts = [f"{what} does not pass ({verdict.outcome.value})", verdict.message]
    if case is not None:
        parts += [case.call, *case.differences, case.traceback]
    parts.append(verdict.traceback)
    return "\n".join(part for part in dict.fromkeys(parts) if part)


def _finding(question: Question, fence: Fence, severity: Severity, message: str) -> Finding:
    # The fence's own line is the one above its content.
    return Finding(
        Place(question.place.path, max(fence.line - 1, 1), 1), severity, message, source=""
    )
