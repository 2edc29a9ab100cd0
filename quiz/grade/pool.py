"""The application's end of the zygote: starts it, keeps jails ready, holds on to every process.

It asks for new jails as soon as a grade is over, so that the next one does not wait for a fork.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Coroutine, Iterable
from dataclasses import asdict
from pathlib import Path

from quiz.errors import GradeError
from quiz.grade import folders, watch
from quiz.grade.jail import layers_from_json
from quiz.grade.limits import Limits
from quiz.grade.link import Link
from quiz.grade.process import CHUNK, Process, failure, stillborn
from quiz.grade.protocol import (
    MAX_BLOBS,
    MAX_RELAY,
    Ending,
    Message,
    ProtocolError,
    decode,
    from_json,
)
from quiz.language import _, spoken

_SETTLE = 2.0
"""Seconds of quiet before the second zygote is loaded: it takes a core for some seconds, which
who only wanted a grade or two need not pay, nor who has just opened the application."""
_LONG = 0.5
"""Seconds of processor time after which an answer has most likely imported what that one loads."""


class Pool:
    """Two zygotes, one after the other, and the ready jails (`ready` of them).

    The first loads as little as a grade needs. Once it stands ready, a second one loads what some
    answers import on their way (an optimizer's first step takes a second for it), takes over, and
    the first one goes. Who has much to grade starts with the second.
    """

    def __init__(self, *, ready: int, off: Iterable[str] = ()) -> None:
        self._target = ready
        self._off = tuple(off)
        self._ready: deque[Process] = deque()
        self._waiting: deque[asyncio.Future[Process]] = deque()
        self._coming: set[int] = set()
        self._processes: dict[int, Process] = {}
        self._judge: asyncio.Future[Process] | None = None
        self._numbers = 0
        self._zygotes = 0
        self._link: Link | None = None
        self._links: dict[Link, bool] = {}
        """Every zygote, and whether it has loaded everything."""
        self._root: Path | None = None
        self._lock = -1
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: GradeError | None = None
        self._warm = asyncio.Event()
        self._settling: asyncio.TimerHandle | None = None
        self.grading = 0
        """Grades in progress."""

    def start(self, *, everything: bool = False) -> None:
        """Start a zygote, if none runs: with `everything` the second. Does not wait for it."""
        if self._link is not None:
            return
        self._failure = None
        if self._root is None:
            folders.sweep()
            self._root, self._lock = folders.make()
        self._link = self._spawn(everything=everything)
        self._top_up()

    async def take(self) -> Process:
        """A ready jail, to be used once; `GradeError` when there can be none."""
        self.start()
        while self._ready:
            process = self._ready.popleft()
            if not process.ended.done():
                return process
        future: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._top_up()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._ready.append(future.result())
            raise

    async def judge(self) -> Process:
        """The judge's process; a new one where the last has died."""
        self.start()
        known = self._bench()
        pending = self._judge is not None and not self._judge.done()
        if not pending and (known is None or known.ended.done()):
            self._judge = asyncio.get_running_loop().create_future()
            self._ask("judge")
        assert self._judge is not None
        return await asyncio.shield(self._judge)

    async def warm(self) -> None:
        """Wait until the second zygote has taken over."""
        self.start()
        self._load_everything()
        await self._warm.wait()

    def watch(
        self, process: Process, given: Limits, *, seconds: float, waiting: bool = False
    ) -> None:
        """The jail is about to get its job: from now on it is watched.

        Said again it has so many seconds anew; while it is `waiting` it is seldom looked at.
        """
        how = {**asdict(given), "seconds": seconds, "waiting": waiting}
        _tell(process, Message({"t": "watch", "id": process.number, **how}))

    def kill(self, process: Process) -> None:
        """The process and all that descends from it."""
        if not process.ended.done():
            _tell(process, Message({"t": "kill", "id": process.number}))
        process.close()

    def _bench(self) -> Process | None:
        """The judge that is there, if one is."""
        future = self._judge
        if future is None or not future.done() or future.cancelled() or future.exception():
            return None
        return future.result()

    def drop_judge(self, process: Process) -> None:
        """This judge has died, or hangs: the next grade gets another."""
        self.kill(process)
        if self._bench() is process:
            self._judge = None

    def rest(self) -> None:
        """A grade is over: the moment to replace its jails, as it was not while it ran.

        When none is left in progress, also to prepare the second zygote, or to move over to it.
        """
        self._top_up()
        if not self._resting():
            return
        if self._settling is None:
            self._settling = asyncio.get_running_loop().call_later(_SETTLE, self._settle)
        for link in [link for link in self._links if link is not self._link]:
            if self._link is not None and self._links[self._link]:
                self._retire(link)

    def _resting(self) -> bool:
        """Whether no grade is in progress, and the next would not have to wait."""
        busy = self.grading or self._waiting or len(self._ready) < self._target
        return self._link is not None and not busy

    def _settle(self) -> None:
        """There has been quiet: load the second zygote, if that has not been done."""
        self._settling = None
        if self._resting():
            self._load_everything()

    def _load_everything(self) -> None:
        """Start the second zygote, if there is none."""
        if self._link is not None and len(self._links) == 1 and not self._links[self._link]:
            self._spawn(everything=True)

    async def close(self) -> None:
        """End everything, and wait until nothing is left."""
        if self._settling is not None:
            self._settling.cancel()
        links, root, lock = list(self._links), self._root, self._lock
        self._root = None
        await asyncio.gather(*(link.close() for link in links))
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if root is not None:
            await asyncio.to_thread(watch.remove_folder, root)
            os.close(lock)

    def _spawn(self, *, everything: bool) -> Link:
        assert self._root is not None
        # A zygote that was killed leaves its folder: no number comes twice.
        self._zygotes += 1
        folder = self._root / f"zygote-{self._zygotes}"
        folder.mkdir(mode=0o711)
        arguments = ["--root", str(folder), "--off", ",".join(self._off), "--language", spoken()]
        if everything:
            arguments.append("--everything")
        link = Link(folder, arguments, heard=self._on_message, lost=self._on_lost)
        self._links[link] = everything
        return link

    def _ask(self, kind: str) -> int:
        self._numbers += 1
        if self._link is not None:
            self._link.tell(Message({"t": kind, "id": self._numbers}))
        return self._numbers

    def _top_up(self) -> None:
        wanted = self._target + sum(not future.done() for future in self._waiting)
        while self._link is not None and len(self._ready) + len(self._coming) < wanted:
            self._coming.add(self._ask("fork"))

    def _on_message(self, link: Link, message: Message) -> None:
        header = message.header
        if message.type in ("jail", "judge"):
            welcome = self._welcome(link, header["id"], message.type, link.descriptor())
            self._run(welcome)
        elif message.type == "ended":
            process = self._processes.pop(header["id"], None)
            ending = from_json(Ending, header["ending"])
            if process is not None and not process.ended.done():
                process.ended.set_result(ending)
            if float(header["processor"]) > _LONG and not ending.timeout:
                self._load_everything()
        elif message.type == "failed":
            self._failure = failure(header.get("missing"), str(header.get("why")))
        elif message.type == "up" and link is not self._link and self._link is not None:
            self._move_to(link)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _move_to(self, link: Link) -> None:
        """From now on everything comes from this zygote; what is ready serves until it is there."""
        self._link = link
        self._coming.clear()
        for _jail in range(self._target):
            self._coming.add(self._ask("fork"))
        # Who waits for a judge gets this one.
        if self._judge is None or self._judge.done():
            self._judge = asyncio.get_running_loop().create_future()
        self._ask("judge")

    def _retire(self, link: Link) -> None:
        for process in [process for process in self._ready if process.link is link]:
            self._ready.remove(process)
        self._run(link.close())

    async def _welcome(self, link: Link, number: int, kind: str, descriptor: int) -> None:
        """Wait until a new process says that it is ready, then put it to use."""
        connection = socket.socket(fileno=descriptor)
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=CHUNK)
        blobs = MAX_RELAY if kind == "judge" else MAX_BLOBS
        process = Process(number, link, reader, writer, max_blobs=blobs)
        if not link.alive:
            process.lose()
            return
        self._processes[number] = process
        try:
            hello = decode(await process.receive())
        except ProtocolError:
            self._stillborn(link, number, kind)
            return
        process.layers = layers_from_json(hello.header.get("layers"))
        if kind == "judge":
            if link is self._link and self._judge is not None and not self._judge.done():
                self._judge.set_result(process)
        else:
            self._put_to_use(process)
        if self._taken_over():
            self._warm.set()

    def _taken_over(self) -> bool:
        """Whether the judge and all ready jails come from a zygote that has loaded everything."""
        link, judge = self._link, self._bench()
        return (
            link is not None
            and self._links[link]
            and judge is not None
            and len(self._ready) == self._target
            and all(process.link is link for process in [judge, *self._ready])
        )

    def _put_to_use(self, process: Process) -> None:
        self._coming.discard(process.number)
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(process)
                return
        self._ready.append(process)
        while len(self._ready) > self._target:
            self.kill(self._ready.popleft())
        self.rest()

    def _stillborn(self, link: Link, number: int, kind: str) -> None:
        """A child that died before it was ready: whoever waits gets an error, not another try."""
        if link is not self._link:
            return
        error = stillborn(kind)
        self._coming.discard(number)
        if kind == "judge" and self._judge is not None and not self._judge.done():
            _fail(self._judge, error)
        while kind == "jail" and self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                _fail(future, error)

    def _on_lost(self, link: Link) -> None:
        """A zygote is gone, and every process of its with it."""
        del self._links[link]
        for process in [p for p in self._processes.values() if p.link is link]:
            del self._processes[process.number]
            process.lose()
        self._run(link.close())
        if link is not self._link:
            return
        self._link = None
        self._warm.clear()
        self._ready.clear()
        self._coming.clear()
        error = self._failure or GradeError(_("the grader's process has ended"))
        for future in [*self._waiting, *([self._judge] if self._judge else [])]:
            if not future.done():
                _fail(future, error)
        self._waiting.clear()
        self._judge = None


def _fail(future: asyncio.Future[Process], error: GradeError) -> None:
    """Whoever waits gets the error; that nobody does is none."""
    future.set_exception(error)
    future.exception()


def _tell(process: Process, message: Message) -> None:
    if process.link is not None:
        process.link.tell(message)
