"""Checking many questions: in parallel, in a stable order, without those that have not changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from quiz.model.question import Question
from quiz.study.checking.accepted import Accepted
from quiz.study.checking.found import Found
from quiz.study.checking.plan import Checked, Meter, Plan
from quiz.study.checking.questions import check_question, cost
from quiz.study.checking.runs import Runs, warm
from quiz.study.coding import Coding

_MANY = 100
"""Grades for which it pays to wait some seconds until everything they may import is loaded."""


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
    if sum(costs) >= _MANY:
        await warm(coding)
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
