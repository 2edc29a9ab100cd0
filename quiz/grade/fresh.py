"""Jails that are started fresh, one program each, where they cannot be forked.

The same few methods as `Pool`, for CUDA, MPS and systems other than Linux. There is no zygote to
watch them, so that is done here: time, what they print and write, and memory where `/proc` tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quiz.errors import GradeError
from quiz.grade import cell, folders, limits, watch
from quiz.grade.jail import layers_from_json
from quiz.grade.link import environment
from quiz.grade.process import Process, failure, stillborn
from quiz.grade.protocol import MAX_BLOBS, MAX_RELAY, Ending, ProtocolError, decode
from quiz.language import _, spoken

_LAST_WORDS = 0.05
_LINUX = sys.platform == "linux"


@dataclass(slots=True)
class _Child:
    """What is known of a process besides the conversation with it."""

    handle: asyncio.subprocess.Process
    folder: Path
    reason: str = ""
    """Why it is being killed, as the field of an `Ending`."""
    output: int = 0
    """Bytes it may print; 0 while it has no job."""
    base: int = 0
    """Bytes it held before its job."""
    watcher: asyncio.Task[None] | None = None

    @property
    def printing(self) -> Path:
        return self.folder.with_suffix(".printed")

    @property
    def tracing(self) -> Path:
        return self.folder.with_suffix(".where")


class FreshPool:
    """`ready` jails on `device`, started beforehand, and a judge."""

    def __init__(self, *, device: str, ready: int, off: Iterable[str] = ()) -> None:
        self._device = device
        self._target = ready
        self._off = tuple(off)
        self._ready: deque[asyncio.Task[Process]] = deque()
        self._judge: asyncio.Task[Process] | None = None
        self._children: dict[Process, _Child] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = 0
        self._root: Path | None = None
        self._lock = -1
        self.grading = 0
        """Grades in progress."""

    def start(self, *, everything: bool = False) -> None:
        """Start ready jails, if there are none; each loads `everything` its own answer needs."""
        if self._root is None:
            folders.sweep()
            self._root, self._lock = folders.make()
        self._top_up()

    async def take(self) -> Process:
        """A ready jail, to be used once; `GradeError` when there can be none."""
        self.start()
        coming = (
            self._ready.popleft() if self._ready else asyncio.ensure_future(self._spawn("jail"))
        )
        try:
            return await asyncio.shield(coming)
        except asyncio.CancelledError:
            self._ready.append(coming)
            raise

    async def judge(self) -> Process:
        """The judge's process; a new one where the last has died."""
        self.start()
        known = self._judge
        if known is None or (
            known.done() and (known.cancelled() or known.exception() or known.result().ended.done())
        ):
            self._judge = known = asyncio.ensure_future(self._spawn("judge"))
        return await asyncio.shield(known)

    def drop_judge(self, process: Process) -> None:
        """This judge has died, or hangs: the next grade gets another."""
        self.kill(process)
        self._judge = None

    async def warm(self) -> None:
        """Nothing to wait for: each of these jails loads what its own answer needs."""

    def watch(
        self, process: Process, given: limits.Limits, *, seconds: float, waiting: bool = False
    ) -> None:
        """The jail is about to get its job: from now on it is watched.

        Said again it has so many seconds anew; while it is `waiting` it is seldom looked at.
        """
        child = self._children.get(process)
        if child is not None and not child.reason:
            child.output = given.output
            if child.watcher is None:
                child.base = watch.memory(child.handle.pid)
            else:
                child.watcher.cancel()
            tick = watch.SELDOM if waiting else watch.TICK
            work = self._watch(child, given, time.monotonic() + seconds, tick)
            child.watcher = asyncio.ensure_future(work)

    def kill(self, process: Process) -> None:
        """The process and all that descends from it."""
        process.close()
        if (child := self._children.get(process)) is not None:
            _kill(child.handle)

    def rest(self) -> None:
        """A grade is over: replace its jails."""
        if self._root is not None:
            self._top_up()

    async def close(self) -> None:
        """End everything, and wait until nothing is left."""
        root, self._root = self._root, None
        coming = [*self._ready, *([self._judge] if self._judge else [])]
        self._ready.clear()
        self._judge = None
        for task in coming:
            task.cancel()
        await asyncio.gather(*coming, return_exceptions=True)
        for process in list(self._children):
            self.kill(process)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if root is not None:
            os.close(self._lock)
            await asyncio.to_thread(watch.remove_folder, root)

    def _top_up(self) -> None:
        while len(self._ready) < self._target:
            self._ready.append(asyncio.ensure_future(self._spawn("jail")))

    async def _spawn(self, kind: str) -> Process:
        assert self._root is not None
        self._numbers += 1
        number = self._numbers
        folder = self._root / str(number)
        folder.mkdir(mode=0o700)
        child = _Child(await self._execute(kind, folder), folder)
        assert child.handle.stdout is not None
        assert child.handle.stdin is not None
        blobs = MAX_RELAY if kind == "judge" else MAX_BLOBS
        process = Process(number, None, child.handle.stdout, child.handle.stdin, max_blobs=blobs)
        self._children[process] = child
        self._tasks.add(task := asyncio.ensure_future(self._bury(process, child)))
        task.add_done_callback(self._tasks.discard)
        try:
            hello = decode(await process.receive())
        except ProtocolError as error:
            raise stillborn(kind) from error
        except asyncio.CancelledError:
            self.kill(process)
            raise
        if hello.type == "failed":
            raise failure(hello.header.get("missing"), str(hello.header.get("why")))
        process.layers = layers_from_json(hello.header.get("layers"))
        return process

    async def _execute(self, kind: str, folder: Path) -> asyncio.subprocess.Process:
        arguments = [kind, "--device", self._device, "--folder", str(folder)]
        arguments += ["--printing", str(folder.with_suffix(".printed"))]
        arguments += ["--tracing", str(folder.with_suffix(".where"))]
        arguments += ["--off", ",".join(self._off), "--language", spoken()]
        try:
            with (folder.parent / "log").open("ab") as log:
                return await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", "quiz.grade.single", *arguments),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=environment(folder),
                    cwd=folder,
                    start_new_session=True,
                )
        except OSError as error:
            said = _("the grader's process cannot be started: {why}").format(why=error)
            raise GradeError(said) from error

    async def _watch(
        self, child: _Child, given: limits.Limits, deadline: float, tick: float
    ) -> None:
        while not child.reason and time.monotonic() < deadline:
            await asyncio.sleep(min(tick, max(0.0, deadline - time.monotonic())))
            pid = child.handle.pid
            pids = tuple(watch.session(pid)) if given.processes and _LINUX else (pid,)
            held = sum(max(0, watch.memory(one) - child.base) for one in pids)
            stored = watch.stored(child.folder, pids, limits.FOLDER_SIZE)
            if child.printing.stat().st_size > child.output or stored > limits.FOLDER_SIZE:
                child.reason = "output"
            elif held > (given.memory + 64) * limits.MIB:
                child.reason = "memory"
        if not child.reason:
            child.reason = "timeout"
            if cell.WHERE_SIGNAL:
                with contextlib.suppress(ProcessLookupError):
                    child.handle.send_signal(cell.WHERE_SIGNAL)
                await asyncio.sleep(_LAST_WORDS)
        _kill(child.handle)

    async def _bury(self, process: Process, child: _Child) -> None:
        """Wait for its end, sweep what it left behind, and say how it ended."""
        code = await child.handle.wait()
        if child.watcher is not None:
            child.watcher.cancel()
        if _LINUX:
            watch.kill_session(child.handle.pid)
        with contextlib.suppress(OSError):
            if child.output and child.printing.stat().st_size > child.output:
                child.reason = child.reason or "output"
        words = ""
        with contextlib.suppress(OSError):
            words = watch.place(child.tracing.read_text(errors="replace"))
        await asyncio.to_thread(watch.remove_folder, child.folder)
        for path in (child.printing, child.tracing):
            with contextlib.suppress(OSError):
                path.unlink()
        self._children.pop(process, None)
        process.ended.set_result(
            Ending(
                signal=max(0, -code),
                status=max(0, code),
                timeout=child.reason == "timeout",
                memory=child.reason == "memory",
                output=child.reason == "output",
                where=words,
            )
        )


def _kill(handle: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            handle.kill()
        else:
            os.killpg(handle.pid, signal.SIGKILL)
