"""`Grader`: an answer goes in, a verdict comes out, whatever the answer does.

Runs in the application's process, without torch. The zygote watches the jails; the judge gives the
verdict; nothing is decided here except when they fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace

from quiz.grade.device import choose
from quiz.grade.fresh import FreshPool
from quiz.grade.grading import Grading, OnCase
from quiz.grade.hearing import Hearing, JudgeFailedError
from quiz.grade.jail import Layer
from quiz.grade.pool import Pool
from quiz.grade.recording import Conversation, Recordings
from quiz.language import _
from quiz.model.question import Program
from quiz.model.verdict import Outcome, Verdict

PATIENCE = 30.0
"""Seconds the judge may take for one step before it is given up."""


class Grader:
    """Grades answers on one device, `ready` grades' jails ahead.

    `device` None chooses: CUDA, MPS, CPU. A judge that is silent for `patience` seconds when it is
    its turn is replaced. `off` names layers of the jail to leave out, to see
    what the others do; `fork` among them starts every jail fresh, as other systems must.
    """

    def __init__(
        self,
        *,
        device: str | None = None,
        ready: int = 2,
        off: Iterable[str] = (),
        patience: float = PATIENCE,
    ) -> None:
        self._requested = device
        self._device = ""
        self._jails = 2 * ready
        self._off = frozenset(off)
        self._patience = patience
        self._pool: Pool | FreshPool | None = None
        self._turns = asyncio.Semaphore(max(2, os.cpu_count() or 2))
        self._numbers = itertools.count(1)
        self._hearing: Hearing | None = None
        self._recordings = Recordings()
        self._ahead: _Ahead | None = None
        self._layers: tuple[Layer, ...] = ()

    @property
    def device(self) -> str:
        """`cpu`, `cuda` or `mps`; empty until it has been chosen by `start`."""
        return self._device

    @property
    def protected(self) -> bool:
        """Whether every layer of the jail holds; False also while that is not known."""
        return bool(self._layers) and all(layer.holds for layer in self._layers)

    async def start(self, *, everything: bool = False) -> None:
        """Choose the device and start the processes; does not wait for torch.

        With `everything` the first grade waits, so that none later pays for what it imports.
        """
        if not self._device:
            self._device = await choose(self._requested)
        self._processes().start(everything=everything)

    def _processes(self) -> Pool | FreshPool:
        """Forked from a zygote where that can be, else started one by one."""
        if self._pool is None:
            if self._device == "cpu" and sys.platform == "linux" and "fork" not in self._off:
                self._pool = Pool(ready=self._jails, off=self._off)
            else:
                # One grade's jails alone: each of these holds a torch, and a context, of its own.
                ready = min(2, self._jails)
                self._pool = FreshPool(device=self._device, ready=ready, off=self._off)
        return self._pool

    async def prepare(self) -> None:
        """Wait until a grade could be served without waiting."""
        await self.layers()
        await self._judge()

    async def warm(self) -> None:
        """Wait until what answers import on their way is loaded, so that no grade pays for it."""
        await self.prepare()
        await self._processes().warm()

    async def layers(self) -> tuple[Layer, ...]:
        """Which layers of the jail hold here, as a jail has tested them from the inside."""
        if not self._layers:
            await self.start()
            pool = self._processes()
            process = await pool.take()
            self._layers = process.layers
            pool.kill(process)
            pool.rest()
        return self._layers

    async def grade(
        self,
        program: Program,
        answer: str,
        *,
        seed: int | None = None,
        on_case: OnCase | None = None,
    ) -> Verdict:
        """The verdict on `answer`; `on_case` is called with each case as it is decided.

        Raises `GradeError` alone, where nothing can be graded at all.
        """
        began = time.perf_counter()
        ahead, self._ahead = self._ahead, None
        if ahead is not None and not ahead.serves(program, seed):
            ahead.task.cancel()
            ahead = None
        if seed is None:
            seed = ahead.seed if ahead is not None else _any_seed()
        await self.start()
        wanted = program.rules.device
        if wanted is not None and wanted.partition(":")[0] != self._device.partition(":")[0]:
            why = _("This question needs the device `{device}`.").format(device=wanted)
            verdict = Verdict(Outcome.SKIPPED, why)
        else:
            pool = self._processes()
            async with self._turns:
                pool.grading += 1
                try:
                    if ahead is not None and ahead.serves(program, seed):
                        verdict = await ahead.grade(answer, on_case)
                    else:
                        verdict = await self._grade(program, answer, seed, on_case)
                except JudgeFailedError as failure:
                    why = _("The grader failed: {why}").format(why=failure)
                    verdict = Verdict(Outcome.GRADER_ERROR, why)
                finally:
                    pool.grading -= 1
                    pool.rest()
        seconds = time.perf_counter() - began
        return replace(verdict, seed=seed, device=self._device, seconds=seconds)

    def expect(self, program: Program) -> None:
        """Do now what the next grade of `program` need not wait for then: all but the answer.

        The solution runs, and a jail draws the cases and waits. That grade has their seed, unless
        it is given one. What goes wrong here, it does anew.
        """
        if self._ahead is not None:
            self._ahead.task.cancel()
        ahead = _Ahead(program, _any_seed())
        ahead.task = asyncio.ensure_future(self._stand_by(ahead))
        ahead.task.add_done_callback(_noticed)
        self._ahead = ahead

    async def _stand_by(self, ahead: _Ahead) -> Verdict:
        """The verdict on the answer that will be given."""
        await self.start()
        try:
            return await self._await_answer(ahead)
        except JudgeFailedError:
            if ahead.given:
                raise
            # The zygote has made way for one that has loaded everything.
            return await self._await_answer(ahead)

    async def _await_answer(self, ahead: _Ahead) -> Verdict:
        async with self._opened(ahead.program, ahead.seed) as grading:
            ahead.grading = grading
            try:
                return await grading.carry()
            finally:
                ahead.grading = None

    async def close(self) -> None:
        """End every process and remove every folder."""
        if self._ahead is not None:
            self._ahead.task.cancel()
            await asyncio.wait({self._ahead.task})
        if self._hearing is not None:
            self._hearing.close()
            self._hearing = None
        if self._pool is not None:
            await self._pool.close()

    async def _judge(self) -> Hearing:
        process = await self._processes().judge()
        if self._hearing is None or self._hearing.process is not process:
            if self._hearing is not None:
                self._hearing.retire()
            self._hearing = Hearing(process)
        return self._hearing

    async def _grade(
        self, program: Program, answer: str, seed: int, on_case: OnCase | None
    ) -> Verdict:
        async with self._opened(program, seed) as grading:
            await grading.give(answer, on_case)
            return await grading.carry()

    @contextlib.asynccontextmanager
    async def _opened(self, program: Program, seed: int) -> AsyncIterator[Grading]:
        hearing = await self._judge()
        grading = Grading(
            next(self._numbers),
            program,
            seed,
            self._device,
            pool=self._processes(),
            hearing=hearing,
            reference=Conversation(self._recordings),
            patience=self._patience,
        )
        try:
            await grading.open()
            yield grading
        finally:
            await grading.finish()


@dataclass(slots=True)
class _Ahead:
    """A grade that has begun before its answer is there."""

    program: Program
    seed: int
    task: asyncio.Task[Verdict] = field(init=False)
    grading: Grading | None = None
    given: bool = False

    def serves(self, program: Program, seed: int | None) -> bool:
        """Whether an answer to this program can be given to it."""
        fits = self.program == program and seed in (None, self.seed)
        return fits and self.grading is not None and self.grading.sound and not self.task.done()

    async def grade(self, answer: str, on_case: OnCase | None) -> Verdict:
        """Give it the answer. Where nobody waits any more, it ends."""
        assert self.grading is not None
        self.given = True
        await self.grading.give(answer, on_case)
        return await self.task


def _any_seed() -> int:
    return random.SystemRandom().randrange(1 << 31)


def _noticed(task: asyncio.Task[Verdict]) -> None:
    """That nobody asks for what went wrong is no error."""
    if not task.cancelled():
        task.exception()
