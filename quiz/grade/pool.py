"""The application's end of the zygote: starts it, keeps jails ready, holds on to every process.

A `Process` is a jail or the judge as the application sees it: frames to it, frames from it, and how
it ended. The pool asks for a new jail as soon as one is taken, so that no grade waits for a fork.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from quiz.errors import GradeError
from quiz.grade import folders, watch
from quiz.grade.jail import Layer, layers_from_json
from quiz.grade.protocol import (
    MAX_BLOBS,
    MAX_RELAY,
    Decoder,
    Ending,
    Frames,
    Message,
    ProtocolError,
    decode,
    encode,
    from_json,
)

_CHUNK = 1 << 18
_PACKAGES = Path(__file__).resolve().parent.parent.parent
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TMPDIR")
_KEPT_PREFIXES = ("CUDA_", "NVIDIA_", "TORCH_", "PYTORCH_", "PYTHON")


class Process:
    """A jail or the judge."""

    def __init__(
        self,
        number: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        max_blobs: int = MAX_BLOBS,
    ) -> None:
        self.number = number
        self.layers: tuple[Layer, ...] = ()
        self.ended: asyncio.Future[Ending | None] = asyncio.get_running_loop().create_future()
        """How it ended; None where its parent died with it and nobody knows."""
        self._reader = reader
        self._writer = writer
        self._frames = Frames(max_blobs=max_blobs)
        self._arrived: deque[bytes] = deque()

    async def receive(self) -> bytes:
        """The next whole frame, or nothing at the end; `ProtocolError` if it is no frame."""
        while not self._arrived:
            try:
                data = await self._reader.read(_CHUNK)
            except OSError:
                data = b""
            if not data:
                if self._frames.pending:
                    raise ProtocolError("a frame cut short")
                return b""
            self._arrived.extend(self._frames.feed(data))
        return self._arrived.popleft()

    async def send(self, *parts: bytes) -> None:
        """Bytes to it, if it still lives."""
        with contextlib.suppress(OSError):
            self._writer.writelines(parts)
            await self._writer.drain()

    def close(self) -> None:
        self._writer.close()


class Pool:
    """The zygote and its ready jails. `ready` is how many jails stand by."""

    def __init__(self, *, ready: int, off: Iterable[str] = ()) -> None:
        self._target = ready
        self._off = tuple(off)
        self._ready: deque[Process] = deque()
        self._waiting: deque[asyncio.Future[Process]] = deque()
        self._coming: set[int] = set()
        self._processes: dict[int, Process] = {}
        self._judge: asyncio.Future[Process] | None = None
        self._numbers = 0
        self._control: socket.socket | None = None
        self._decoder = Decoder()
        self._descriptors: deque[int] = deque()
        self._child: subprocess.Popen[bytes] | None = None
        self._root: Path | None = None
        self._lock = -1
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: GradeError | None = None

    @property
    def running(self) -> bool:
        return self._control is not None

    def start(self) -> None:
        """Start the zygote, if it does not run; does not wait for it."""
        if self.running:
            return
        folders.sweep()
        self._failure = None
        self._root, self._lock = folders.make()
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "quiz.grade.zygote"]
        command += ["--control", str(theirs.fileno()), "--root", str(self._root)]
        command += ["--off", ",".join(self._off)]
        try:
            with (self._root / "log").open("wb") as log:
                self._child = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment(self._root),
                    cwd=self._root,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
        except OSError as error:
            ours.close()
            raise GradeError(f"the grader's process cannot be started: {error}") from error
        finally:
            theirs.close()
        ours.setblocking(False)
        self._control = ours
        self._decoder = Decoder()
        asyncio.get_running_loop().add_reader(ours.fileno(), self._on_control)
        self._top_up()

    async def take(self) -> Process:
        """A ready jail, to be used once; `GradeError` when there can be none."""
        self.start()
        while self._ready:
            process = self._ready.popleft()
            if not process.ended.done():
                self._top_up()
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
        if self._judge is not None and self._judge.done():
            broken = self._judge.cancelled() or self._judge.exception() is not None
            if broken or self._judge.result().ended.done():
                self._judge = None
        if self._judge is None:
            self._judge = asyncio.get_running_loop().create_future()
            self._ask("judge")
        return await asyncio.shield(self._judge)

    def watch(self, process: Process, *, seconds: float, memory: int, output: int) -> None:
        """The jail is about to get its job: from now on it is watched (MiB, bytes)."""
        self._tell(
            Message(
                {
                    "t": "watch",
                    "id": process.number,
                    "seconds": seconds,
                    "memory": memory,
                    "output": output,
                }
            )
        )

    def kill(self, process: Process) -> None:
        """The process and all that descends from it."""
        if not process.ended.done():
            self._tell(Message({"t": "kill", "id": process.number}))
        process.close()

    async def close(self) -> None:
        """End everything, and wait until nothing is left."""
        child, root, lock = self._child, self._root, self._lock
        self._lost(GradeError("the grader is closed"))
        if child is not None:
            await asyncio.to_thread(child.wait)
        if root is not None:
            await asyncio.to_thread(watch.remove_folder, root)
            os.close(lock)
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ask(self, kind: str) -> int:
        self._numbers += 1
        self._tell(Message({"t": kind, "id": self._numbers}))
        return self._numbers

    def _top_up(self) -> None:
        wanted = self._target + sum(not future.done() for future in self._waiting)
        while self.running and len(self._ready) + len(self._coming) < wanted:
            self._coming.add(self._ask("fork"))

    def _tell(self, message: Message) -> None:
        if self._control is None:
            return
        # A few dozen bytes into an empty socket buffer: if they do not fit, the zygote has died.
        try:
            self._control.sendall(encode(message))
        except OSError:
            self._lost(GradeError("the grader's process has died"))

    def _on_control(self) -> None:
        assert self._control is not None
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 32)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        self._descriptors.extend(descriptors)
        if not data:
            self._lost(self._failure or GradeError("the grader's process has died"))
            return
        for message in self._decoder.feed(data):
            self._on_message(message)

    def _on_message(self, message: Message) -> None:
        header = message.header
        if message.type in ("jail", "judge"):
            task = asyncio.ensure_future(
                self._welcome(header["id"], message.type, self._descriptors.popleft())
            )
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif message.type == "ended":
            process = self._processes.pop(header["id"], None)
            if process is not None and not process.ended.done():
                process.ended.set_result(from_json(Ending, header["ending"]))
        elif message.type == "failed":
            self._failure = _failure(header.get("missing"), str(header.get("why")))

    async def _welcome(self, number: int, kind: str, descriptor: int) -> None:
        """Wait until a new process says that it is ready, then put it to use."""
        connection = socket.socket(fileno=descriptor)
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=_CHUNK)
        blobs = MAX_RELAY if kind == "judge" else MAX_BLOBS
        process = Process(number, reader, writer, max_blobs=blobs)
        self._processes[number] = process
        try:
            hello = decode(await process.receive())
        except ProtocolError:
            self._stillborn(number, kind)
            return
        process.layers = layers_from_json(hello.header.get("layers"))
        if kind == "judge":
            if self._judge is not None and not self._judge.done():
                self._judge.set_result(process)
            return
        self._coming.discard(number)
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(process)
                return
        self._ready.append(process)

    def _stillborn(self, number: int, kind: str) -> None:
        """A child that died before it was ready: whoever waits gets an error, not another try."""
        error = GradeError(f"the grader's {kind} does not start")
        self._coming.discard(number)
        if kind == "judge" and self._judge is not None and not self._judge.done():
            self._judge.set_exception(error)
        for future in self._waiting if kind == "jail" else ():
            if not future.done():
                future.set_exception(error)

    def _lost(self, error: GradeError) -> None:
        """The zygote is gone, and every process with it."""
        if self._control is None:
            return
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        self._control.close()
        self._control = None
        for process in self._processes.values():
            process.close()
            if not process.ended.done():
                process.ended.set_result(None)
        for future in [*self._waiting, *([self._judge] if self._judge else [])]:
            if not future.done():
                future.set_exception(error)
        while self._descriptors:
            os.close(self._descriptors.popleft())
        self._processes.clear()
        self._ready.clear()
        self._waiting.clear()
        self._coming.clear()
        self._judge = None


def environment(home: Path) -> dict[str, str]:
    """What of the application's environment the grader's processes may see: no secrets."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    kept |= {"HOME": str(home), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    search = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    kept["PYTHONPATH"] = os.pathsep.join(_with(search, str(_PACKAGES)))
    return kept


def _with(search: Sequence[str], path: str) -> list[str]:
    return (
        list(search)
        if path in (*search, *sys.path[1:]) and "site-packages" in path
        else [
            *search,
            path,
        ]
    )


def _failure(missing: object, why: str) -> GradeError:
    if missing == "torch":
        return GradeError("torch is not installed", fix="install it: pip install torch")
    return GradeError(f"the grader's process does not start: {why}")
