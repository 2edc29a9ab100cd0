"""One grade under way: its two jails, and what is carried between them and the judge.

It can be opened before there is an answer. The solution then runs, and a jail draws the cases and
waits, so that the answer, once given, finds everything ready.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

from quiz.grade import pages
from quiz.grade.fresh import FreshPool
from quiz.grade.hearing import Hearing, JudgeFailedError
from quiz.grade.judging import ended
from quiz.grade.limits import Limits
from quiz.grade.pool import Pool
from quiz.grade.process import Process
from quiz.grade.protocol import Message, ProtocolError, Role, program_to_json
from quiz.grade.recording import Conversation
from quiz.grade.report import case_from_json, verdict_from_json
from quiz.language import _
from quiz.model.question import Program
from quiz.model.verdict import Case, Verdict

_REFERENCE_FACTOR = 3
"""The solution may take so many times the time limit before the card is at fault."""
_MAX_TOGETHER = 1 << 20
"""Bytes of small frames that are carried at once, to spare everybody the turns."""
_MAX_TRAFFIC = 1 << 30
"""Bytes one jail may send in all."""
_WAITING = 900.0
"""Seconds a jail may wait for an answer."""

OnCase = Callable[[Case], None]


class Grading:
    """A grade of `program` under `seed` on `device`, in jails of `pool`.

    A judge that is silent for `patience` seconds when it is its turn has failed.
    """

    def __init__(
        self,
        number: int,
        program: Program,
        seed: int,
        device: str,
        *,
        pool: Pool | FreshPool,
        hearing: Hearing,
        reference: Conversation,
        patience: float,
    ) -> None:
        self.seed = seed
        self._number = number
        self._program = program
        self._device = device
        self._pool = pool
        self._hearing = hearing
        self._reference = reference
        self._patience = patience
        self._replies = hearing.open(number)
        self._on_case: OnCase | None = None
        self._answered = False
        self._clock: asyncio.Timeout | None = None
        """Runs while the judge is waited for."""
        self._jails: dict[Role, Process] = {}
        self._pumps: list[asyncio.Task[None]] = []
        self._traffic = 0
        """Bytes that its jails have sent."""
        self._deadline = 0.0
        """When the last jail at work will have been killed, by the loop's clock."""

    @property
    def sound(self) -> bool:
        """Whether an answer can still be given: no jail of it was lost while it waited."""
        jails = [jail.ended for jail in self._jails.values() if jail.ended.done()]
        waits = self._jails.get(Role.ANSWER)
        lost = waits is not None and waits.ended.done()
        return not lost and all(end.result() is not None for end in jails)

    async def open(self) -> None:
        """Let the judge begin with all that needs no answer."""
        order = {
            "t": "grade",
            "id": self._number,
            "program": program_to_json(self._program),
            "seed": self.seed,
            "device": self._device,
        }
        await self._hearing.say(Message(order))

    async def give(self, answer: str, on_case: OnCase | None) -> None:
        """The answer is there; `on_case` is called with each case as it is decided."""
        self._answered = True
        self._on_case = on_case
        if (jail := self._jails.get(Role.ANSWER)) is not None:
            self._watch(Role.ANSWER, jail)
        if self._clock is not None:
            self._clock.reschedule(self._judge_due())
        await self._hearing.say(Message({"t": "answer", "id": self._number, "answer": answer}))

    async def carry(self) -> Verdict:
        """Carry messages until the judge has its verdict. Raises `JudgeFailedError`."""
        while True:
            reply = await self._reply()
            try:
                cases = [case_from_json(case) for case in reply.header["cases"]]
                verdict = reply.header["verdict"] and verdict_from_json(reply.header["verdict"])
            except (KeyError, TypeError, ValueError) as error:
                said = _("the judge's word makes no sense: {why}").format(why=repr(error))
                raise JudgeFailedError(said) from error
            if self._on_case is not None:
                for case in cases:
                    self._on_case(case)
            orders = zip(map(Role, reply.header["roles"]), reply.blobs, strict=True)
            # The answer first: what is recalled of the reference, the judge reads meanwhile.
            for role, frame in sorted(orders, key=lambda order: order[0] is Role.REFERENCE):
                await self._deliver(role, frame)
            if verdict:
                return verdict

    async def finish(self) -> None:
        """No process of this grade outlives it."""
        for pump in self._pumps:
            pump.cancel()
        for jail in self._jails.values():
            self._pool.kill(jail)
        self._hearing.forget(self._number)
        with contextlib.suppress(OSError):
            await self._hearing.say(Message({"t": "forget", "id": self._number}))
        if self._traffic > pages.MUCH:
            # When nobody holds its last frames any more.
            asyncio.get_running_loop().call_later(1, pages.give_back)

    def _judge_due(self) -> float | None:
        """When the judge must have spoken; None while it waits for the answer itself."""
        if not self._answered:
            return None
        return max(self._deadline, asyncio.get_running_loop().time()) + self._patience

    async def _reply(self) -> Message:
        try:
            async with asyncio.timeout_at(self._judge_due()) as self._clock:
                reply = await self._replies.get()
        except TimeoutError:
            self._pool.drop_judge(self._hearing.process)
            raise JudgeFailedError(_("the judge hangs")) from None
        finally:
            self._clock = None
        if reply is None:
            self._pool.drop_judge(self._hearing.process)
            raise JudgeFailedError(_("the judge has died"))
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
        self._watch(role, jail)
        self._pumps.append(asyncio.ensure_future(self._pump(role, jail)))
        return jail

    def _watch(self, role: Role, jail: Process, *, waiting: bool = False) -> None:
        """The jail has the question's time from now on; while it is `waiting`, nearly any."""
        rules = self._program.rules
        seconds = rules.timeout * (_REFERENCE_FACTOR if role is Role.REFERENCE else 1)
        self._pool.watch(
            jail,
            Limits(rules.memory, rules.output, rules.processes),
            seconds=_WAITING if waiting else seconds,
            waiting=waiting,
        )
        if not waiting:
            now = asyncio.get_running_loop().time()
            self._deadline = max(self._deadline, now + seconds)

    async def _relay(self, role: Role, frames: tuple[bytes, ...]) -> None:
        """What a jail said, to the judge."""
        head = {"t": "from", "id": self._number, "role": role.value}
        await self._hearing.say(Message(head, frames))

    async def _pump(self, role: Role, jail: Process) -> None:
        """Carry what a jail says to the judge, and at last how it ended."""
        garbage, traffic = False, 0
        repeated = self._reference.recalled if role is Role.REFERENCE else 0
        try:
            while frames := await jail.receive_all(_MAX_TOGETHER):
                if role is Role.ANSWER and not self._answered:
                    self._watch(role, jail, waiting=True)
                    self._pool.rest()
                size = sum(map(len, frames))
                traffic += size
                self._traffic += size
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
        ending = await asyncio.shield(jail.ended)
        if ending is None:
            self._replies.put_nowait(None)
            return
        said = replace(ending, garbage=ending.garbage or garbage)
        await self._hearing.say(ended(self._number, role, said))
        if not self._answered:
            self._pool.rest()
