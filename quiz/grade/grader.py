"""`Grader`: an answer goes in, a verdict comes out, whatever the answer does.

Runs in the application's process, without torch. For each grade it carries messages between the
judge and two jails, and takes care that each of them ends. The zygote watches the jails; the judge
gives the verdict; nothing is decided here except when they fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace

from quiz.errors import GradeError
from quiz.grade.device import choose
from quiz.grade.fresh import FreshPool
from quiz.grade.jail import Layer
from quiz.grade.judging import ended
from quiz.grade.pool import Pool, Process
from quiz.grade.protocol import (
    MAX_RELAY,
    Ending,
    Message,
    ProtocolError,
    Role,
    decode,
    encode,
    program_to_json,
)
from quiz.grade.recording import Conversation, Recordings
from quiz.grade.report import case_from_json, verdict_from_json
from quiz.model.question import Program
from quiz.model.verdict import Case, Outcome, Verdict

PATIENCE = 30.0
"""Seconds the judge may take for one step before it is given up."""
_REFERENCE_FACTOR = 3
"""The solution may take so many times the time limit before the card is at fault."""
_MAX_TOGETHER = 1 << 20
"""Bytes of small frames that are carried at once, to spare everybody the turns."""
_MAX_TRAFFIC = 1 << 30
"""Bytes one jail may send in all."""

OnCase = Callable[[Case], None]


class JudgeFailedError(Exception):
    """The judge died, hung or broke: an error of ours."""


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
        self._bench: _Bench | None = None
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

    async def start(self) -> None:
        """Choose the device and start the processes; does not wait for torch."""
        if not self._device:
            self._device = await choose(self._requested)
        self._processes().start()

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
        """Wait until what answers import on their way is loaded, so that no grade pays for it.

        To be awaited while no grade is in progress.
        """
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
        if ahead is not None and not ahead.task.done():
            ahead.task.cancel()
        if seed is None:
            known = ahead is not None and ahead.program == program and ahead.task.done()
            seed = ahead.seed if ahead is not None and known else _any_seed()
        await self.start()
        wanted = program.rules.device
        if wanted is not None and wanted.partition(":")[0] != self._device.partition(":")[0]:
            verdict = Verdict(Outcome.SKIPPED, f"This question needs {wanted}, which is not here.")
        else:
            pool = self._processes()
            async with self._turns:
                pool.grading += 1
                try:
                    verdict = await self._grade(program, answer, seed, on_case)
                finally:
                    pool.grading -= 1
                    pool.rest()
        seconds = time.perf_counter() - began
        return replace(verdict, seed=seed, device=self._device, seconds=seconds)

    def expect(self, program: Program) -> None:
        """Let the solution run now, so that the next grade of `program` need not wait for it.

        That grade has the same seed, unless it is given one. What goes wrong here shows there.
        """
        if self._ahead is not None:
            self._ahead.task.cancel()
        seed = _any_seed()
        task = asyncio.ensure_future(self._look_ahead(program, seed))
        self._ahead = _Ahead(program, seed, task)

    async def _look_ahead(self, program: Program, seed: int) -> None:
        with contextlib.suppress(GradeError, JudgeFailedError):
            await self.start()
            pool = self._processes()
            async with self._turns, self._opened(program, None) as grade:
                try:
                    await grade.look_ahead(seed, self._device)
                finally:
                    pool.rest()

    async def close(self) -> None:
        """End every process and remove every folder."""
        if self._ahead is not None:
            self._ahead.task.cancel()
            await asyncio.wait({self._ahead.task})
        if self._bench is not None:
            self._bench.close()
            self._bench = None
        if self._pool is not None:
            await self._pool.close()

    async def _judge(self) -> _Bench:
        process = await self._processes().judge()
        if self._bench is None or self._bench.process is not process:
            if self._bench is not None:
                self._bench.retire()
            self._bench = _Bench(process)
        return self._bench

    async def _grade(
        self, program: Program, answer: str, seed: int, on_case: OnCase | None
    ) -> Verdict:
        try:
            async with self._opened(program, on_case) as grade:
                return await grade.run(answer, seed, self._device)
        except JudgeFailedError as failure:
            return Verdict(Outcome.GRADER_ERROR, f"The grader failed: {failure}")

    @contextlib.asynccontextmanager
    async def _opened(self, program: Program, on_case: OnCase | None) -> AsyncIterator[_Grade]:
        bench = await self._judge()
        reference = Conversation(self._recordings)
        grade = _Grade(
            next(self._numbers),
            program,
            self._processes(),
            bench,
            reference,
            on_case,
            self._patience,
        )
        try:
            yield grade
        finally:
            await grade.finish()


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A solution that runs, or has run, before its answer is there."""

    program: Program
    seed: int
    task: asyncio.Task[None]


def _any_seed() -> int:
    return random.SystemRandom().randrange(1 << 31)


class _Bench:
    """The conversation with the judge, shared by all grades in progress."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._replies: dict[int, asyncio.Queue[Message | None]] = {}
        self._retired = False
        self._task = asyncio.ensure_future(self._read())

    def open(self, number: int) -> asyncio.Queue[Message | None]:
        """Where the replies about a grade will arrive; None once the judge is gone."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        if self._task.done():
            queue.put_nowait(None)
        self._replies[number] = queue
        return queue

    def forget(self, number: int) -> None:
        self._replies.pop(number, None)
        if self._retired and not self._replies:
            self.close()

    def retire(self) -> None:
        """Another judge has taken over: only the grades in progress are still heard out."""
        self._retired = True
        if not self._replies:
            self.close()

    async def say(self, message: Message) -> None:
        await self.process.send(encode(message, max_blobs=MAX_RELAY))

    async def _read(self) -> None:
        try:
            while frame := await self.process.receive():
                message = decode(frame)
                queue = self._replies.get(message.header["id"])
                if queue is not None:
                    queue.put_nowait(message)
        except ProtocolError:
            pass
        finally:
            for queue in self._replies.values():
                queue.put_nowait(None)

    def close(self) -> None:
        self._task.cancel()


class _Grade:
    """One grade: its jails, and what is carried between them and the judge."""

    def __init__(
        self,
        number: int,
        program: Program,
        pool: Pool | FreshPool,
        bench: _Bench,
        reference: Conversation,
        on_case: OnCase | None,
        patience: float,
    ) -> None:
        self._number = number
        self._patience = patience
        self._program = program
        self._pool = pool
        self._bench = bench
        self._reference = reference
        self._on_case = on_case
        self._replies = bench.open(number)
        self._jails: dict[Role, Process] = {}
        self._pumps: list[asyncio.Task[None]] = []
        self._deadline = 0.0
        """When the last jail at work will have been killed, by the loop's clock."""

    async def run(self, answer: str, seed: int, device: str) -> Verdict:
        """Until the judge has its verdict."""
        await self._order(answer, seed, device)
        while True:
            reply = await self._reply()
            try:
                cases = [case_from_json(case) for case in reply.header["cases"]]
                verdict = reply.header["verdict"] and verdict_from_json(reply.header["verdict"])
            except (KeyError, TypeError, ValueError) as error:
                raise JudgeFailedError(f"the judge's word makes no sense: {error!r}") from error
            if self._on_case is not None:
                for case in cases:
                    self._on_case(case)
            orders = zip(map(Role, reply.header["roles"]), reply.blobs, strict=True)
            # The answer first: what is recalled of the reference, the judge reads meanwhile.
            for role, frame in sorted(orders, key=lambda order: order[0] is Role.REFERENCE):
                await self._deliver(role, frame)
            if verdict:
                return verdict

    async def look_ahead(self, seed: int, device: str) -> None:
        """The reference's part alone, until its jail has ended: to be recalled later."""
        await self._order("", seed, device)
        reply = await self._reply()
        while not reply.header["verdict"]:
            for role, frame in zip(reply.header["roles"], reply.blobs, strict=True):
                if role == Role.REFERENCE:
                    await self._deliver(Role.REFERENCE, frame)
            if not self._pumps:
                return
            waiting = asyncio.ensure_future(self._reply())
            try:
                await asyncio.wait({*self._pumps, waiting}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                over = not waiting.done()
                waiting.cancel()
            if over:
                return
            reply = waiting.result()

    async def _order(self, answer: str, seed: int, device: str) -> None:
        """Open the grade at the judge."""
        order = {
            "t": "grade",
            "id": self._number,
            "program": program_to_json(self._program),
            "answer": answer,
            "seed": seed,
            "device": device,
        }
        await self._bench.say(Message(order))

    async def finish(self) -> None:
        """No process of this grade outlives it."""
        for pump in self._pumps:
            pump.cancel()
        for jail in self._jails.values():
            self._pool.kill(jail)
        self._bench.forget(self._number)
        with contextlib.suppress(OSError):
            await self._bench.say(Message({"t": "forget", "id": self._number}))

    async def _reply(self) -> Message:
        busy = max(0.0, self._deadline - time.monotonic())
        try:
            reply = await asyncio.wait_for(self._replies.get(), busy + self._patience)
        except TimeoutError:
            self._pool.drop_judge(self._bench.process)
            raise JudgeFailedError("the judge hangs") from None
        if reply is None:
            self._pool.drop_judge(self._bench.process)
            raise JudgeFailedError("the judge has died")
        if reply.type == "failed":
            raise JudgeFailedError(str(reply.header.get("why")))
        return reply

    async def _deliver(self, role: Role, frame: bytes) -> None:
        frames = [frame]
        if role is Role.REFERENCE:
            known = self._reference.tell(frame)
            if role not in self._jails:
                if known is not None:
                    await self._relay(role, known)
                    return
                frames = self._reference.told
        jail = self._jails.get(role) or await self._start(role)
        await jail.send(*frames)

    async def _start(self, role: Role) -> Process:
        """A jail for the role, watched from now on."""
        jail = self._jails[role] = await self._pool.take()
        rules = self._program.rules
        seconds = rules.timeout * (_REFERENCE_FACTOR if role is Role.REFERENCE else 1)
        self._pool.watch(
            jail,
            seconds=seconds,
            memory=rules.memory,
            output=rules.output,
            processes=rules.processes,
        )
        self._deadline = max(self._deadline, time.monotonic() + seconds)
        self._pumps.append(asyncio.ensure_future(self._pump(role, jail)))
        return jail

    async def _relay(self, role: Role, frames: tuple[bytes, ...]) -> None:
        """What a jail said, to the judge."""
        head = {"t": "from", "id": self._number, "role": role.value}
        await self._bench.say(Message(head, frames))

    async def _pump(self, role: Role, jail: Process) -> None:
        """Carry what a jail says to the judge, and at last how it ended."""
        garbage, traffic = False, 0
        repeated = self._reference.recalled if role is Role.REFERENCE else 0
        try:
            while frames := await jail.receive_all(_MAX_TOGETHER):
                traffic += sum(map(len, frames))
                if traffic > _MAX_TRAFFIC:
                    raise ProtocolError("more than one jail may send")
                skipped = min(repeated, len(frames))
                repeated, frames = repeated - skipped, frames[skipped:]
                if role is Role.REFERENCE:
                    self._reference.hear(frames)
                if frames:
                    await self._relay(role, frames)
        except ProtocolError:
            garbage = True
            self._pool.kill(jail)
        ending = await jail.ended
        if ending is None:
            self._replies.put_nowait(None)
            return
        said = replace(ending, garbage=ending.garbage or garbage)
        await self._bench.say(ended(self._number, role, said))


__all__ = ["Ending", "GradeError", "Grader", "JudgeFailedError"]
