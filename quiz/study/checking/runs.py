"""Grades as a check asks for them: no more at once than allowed, each one counted."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from quiz.model.question import Program
from quiz.model.verdict import Verdict
from quiz.study.checking.plan import Meter
from quiz.study.coding import Coding

_WARMING = 90.0
"""Seconds to wait until everything that a question may import is loaded; then go on without."""


async def warm(coding: Coding) -> None:
    """Wait until what answers import is loaded: else the first optimizer would be called slow."""
    grader = await coding.start(everything=True)
    with suppress(TimeoutError):
        await asyncio.wait_for(grader.warm(), _WARMING)


class Runs:
    """The grades of one question; `gate` is shared by those of all.

    `expected` is how many there will be, as far as is known.
    """

    def __init__(
        self, coding: Coding, gate: asyncio.Semaphore, meter: Meter, *, expected: int
    ) -> None:
        self._coding = coding
        self._gate = gate
        self._meter = meter
        self._left = expected

    def expect(self, more: int) -> None:
        """There will be so many more."""
        self._left += more
        self._meter.plan(more)

    def finish(self) -> None:
        """There will be no more."""
        self._meter.plan(-self._left)
        self._left = 0

    async def grade_again(self, program: Program, answer: str, seed: int) -> Verdict:
        """The verdict on an answer that took long, now that nothing is left for it to import."""
        self.expect(1)
        await warm(self._coding)
        return await self.grade(program, answer, seed)

    async def grade(self, program: Program, answer: str, seed: int) -> Verdict:
        """The verdict on an answer. Raises `GradeError`."""
        async with self._gate:
            verdict = await self._coding.grade(program, answer, seed=seed)
        self._left -= 1
        self._meter.step()
        return verdict
