"""Checking many questions: in parallel, in a stable order, without those that have not changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from quiz.model.question import Question
from quiz.study.checking.accepted import Accepted
from quiz.study.checking.found import Found
from quiz.study.checking.plan import Checked, Meter, Plan
from quiz.study.checking.questions import check_question, cost
from quiz.study.checking.runs import Runs
from quiz.study.coding import Coding

_WARMING = 90.0
"""Seconds to wait until everything that a question may import is loaded; then go on without."""


async def check_questions(
    questions: Sequence[Question],
    coding: Coding,
    plan: Plan,
    *,
    accepted: Accepted,
    found: Found | None = None,
    meter: Meter | None = None,
) -> AsyncGenerator[Checked, None]:
    """Run the code of each question and say what is wrong with it, in the order given.

    Questions that `found` knows to be right are not run; the grader is not even started when that
    holds for all. Raises `GradeError` where nothing can be graded.
    """
    meter = meter or Meter()
    known = [found.recall(question, plan, accepted) if found else None for question in questions]
    costs = [
        0 if before else cost(question, plan, accepted)
        for question, before in zip(questions, known, strict=True)
    ]
    if any(costs):
        await _warm(coding)
    meter.begin(sum(costs))
    at_work, grading = asyncio.Semaphore(plan.jobs), asyncio.Semaphore(plan.jobs)

    async def one(question: Question, expected: int) -> Checked:
        async with at_work:
            runs = Runs(coding, grading, meter, expected=expected)
            checked = await check_question(question, runs, plan, accepted)
            runs.finish()
            return checked

    tasks = [
        asyncio.create_task(_done(before) if before else one(question, expected))
        for question, before, expected in zip(questions, known, costs, strict=True)
    ]
    try:
        for task in tasks:
            checked = await task
            if found is not None:
                found.remember(checked, plan, accepted)
            yield checked
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _done(checked: Checked) -> Checked:
    return checked


async def _warm(coding: Coding) -> None:
    """Load everything first: else the first optimizer of a deck would be called slow."""
    grader = await coding.start(everything=True)
    with suppress(TimeoutError):
        await asyncio.wait_for(grader.warm(), _WARMING)
