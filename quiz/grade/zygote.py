"""The zygote: imports torch once, and forks from itself every process that needs it.

It never sees a card or an answer. It owns the processes of a session: it forks jails and the
judge, hands the application one socket for each, watches the jails that are at work (time,
memory, what they print and write), kills whole trees, adopts orphans, and tells how each ended. It
ends with the application: their socket closes, and everything below it is killed.

From the application: `fork` (a jail), `judge`, `watch` (a jail got its job, with these limits),
`kill`. To it: `jail` and `judge`, each with a socket; `ended`; `failed`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from quiz import language
from quiz.grade import cell, jail, limits, pages, prefault, single, watch
from quiz.grade.channel import Channel, Descriptors
from quiz.grade.protocol import BROKEN, MAX_RELAY, Decoder, Ending, Message, encode

_OFTEN = 12
"""Times that the second zygote practises: more gains nothing."""
_LAST_WORDS = 0.05
"""Seconds a jail has to say where it is before it is killed."""
_IMPORTING = 5.0
"""Seconds more for who is importing by then: a part of torch can take two, which no answer is
to blame for."""
_FEW = 100
"""Files and folders that are removed at once."""
_SLACK = 64 * limits.MIB
"""What a jail may hold beyond its limit before it is killed: the limit itself refuses politely."""


@dataclass(slots=True)
class Watch:
    """The limits of a jail at work."""

    deadline: float
    memory: int
    output: int
    processes: bool
    base: int
    tick: float
    patient: bool = True
    """Whether it still gets more time if that ends in the middle of an import."""


@dataclass(slots=True)
class Child:
    """A jail or the judge, as its parent sees it."""

    pid: int
    folder: Path
    made: int
    """When the folder was last changed by us, in nanoseconds."""
    printing: int = -1
    tracing: int = -1
    watch: Watch | None = None
    killing: dict[str, bool] = field(default_factory=dict)
    """Why it is being killed, as fields of an `Ending`."""


class Zygote:
    """The loop. `control` is the socket to the application, `root` the session's folder.

    A jail calls `prepare` first, while nobody waits for it.
    """

    def __init__(
        self,
        control: socket.socket,
        root: Path,
        off: frozenset[str],
        prepare: Callable[[], object],
    ) -> None:
        self._control = control
        self._root = root
        self._prepare = prepare
        self._children: dict[int, Child] = {}
        self._decoder = Decoder()
        self._selector = selectors.DefaultSelector()
        self._wake, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._confinement = jail.Confinement.here(off)

    def serve(self) -> None:
        """Until the application closes its socket."""
        limits.adopt_orphans()
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(self._control, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        try:
            self._send(Message({"t": "up"}))
            while self._turn():
                pass
        except OSError:
            pass
        finally:
            self._end()

    def _turn(self) -> bool:
        ticks = [child.watch.tick for child in self._children.values() if child.watch]
        ready = {key.fd for key, _ in self._selector.select(min(ticks, default=None))}
        if self._control.fileno() in ready and not self._hear():
            return False
        if self._wake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake, 4096)
            self._reap()
        if ticks:
            self._look()
        return True

    def _hear(self, flags: int = 0) -> bool:
        """Obey all that has been said by now; False where the application has gone."""
        with contextlib.suppress(BlockingIOError):
            while data := self._control.recv(1 << 16, flags):
                for message in self._decoder.feed(data):
                    self._obey(message)
                flags = socket.MSG_DONTWAIT
            return False
        return True

    def _obey(self, message: Message) -> None:
        header = message.header
        number = int(header.get("id", 0))
        child = self._children.get(number)
        if message.type == "fork":
            self._fork_jail(number)
        elif message.type == "judge":
            self._fork_judge(number)
        elif message.type == "kill" and child is not None:
            self._kill(child)
        elif message.type == "watch" and child is not None and not child.killing:
            child.watch = Watch(
                deadline=time.monotonic() + float(header["seconds"]),
                memory=int(header["memory"]) * limits.MIB,
                output=int(header["output"]),
                processes=bool(header["processes"]),
                base=child.watch.base if child.watch else watch.memory(child.pid),
                tick=watch.SELDOM if header["waiting"] else watch.TICK,
            )

    def _fork_jail(self, number: int) -> None:
        printing = os.memfd_create("printed")
        fcntl.fcntl(printing, fcntl.F_SETFL, os.O_APPEND)
        tracing = os.memfd_create("where")
        child = self._fork(number, printing, tracing)
        if child is not None:
            child.printing, child.tracing = printing, tracing

    def _fork_judge(self, number: int) -> None:
        self._fork(number, -1, -1)

    def _fork(self, number: int, printing: int, tracing: int) -> Child | None:
        """A new child; its application end of the socket is sent off at once."""
        folder = self._root / str(number)
        folder.mkdir(mode=0o700)
        made = watch.last_change(folder)
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._become(theirs, folder, parent, printing, tracing)
        theirs.close()
        kind = "judge" if printing < 0 else "jail"
        child = self._children[number] = Child(pid, folder, made)
        frame = encode(Message({"t": kind, "id": number, "pid": pid}))
        socket.send_fds(self._control, [frame], [ours.fileno()])
        ours.close()
        return child

    def _become(
        self, theirs: socket.socket, folder: Path, parent: int, printing: int, tracing: int
    ) -> None:
        """In the child: forget everything of the zygote's, then live as a jail or as the judge."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            kept = _keep_only(theirs.detach(), printing, tracing)
            room = cell.Cell(self._confinement, str(folder), parent)
            pipe = Descriptors(kept[0], kept[0])
            if printing < 0:
                channel = Channel(pipe, tmp=str(folder), printing=-1, max_blobs=MAX_RELAY)
                cell.live_as_judge(channel, room)
            self._prepare()
            channel = Channel(pipe, tmp=str(folder), printing=kept[1])
            cell.live_as_jail(channel, room, printing=kept[1], tracing=kept[2])
        finally:
            os._exit(BROKEN)

    def _look(self) -> None:
        now = time.monotonic()
        for child in list(self._children.values()):
            if (given := child.watch) is None:
                continue
            if child.killing:
                if now >= given.deadline and not self._spared(child, given, now):
                    self._kill(child)
            elif now >= given.deadline:
                child.killing["timeout"] = True
                given.deadline = now + _LAST_WORDS
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, cell.WHERE_SIGNAL)
            elif reason := self._excess(child, given):
                child.killing[reason] = True
                self._kill(child)

    def _spared(self, child: Child, given: Watch, now: float) -> bool:
        """Whether it is only late because it imports, and gets more time; that happens once."""
        if not given.patient or set(child.killing) != {"timeout"}:
            return False
        if not watch.imports(os.pread(child.tracing, 1 << 16, 0).decode(errors="replace")):
            return False
        os.ftruncate(child.tracing, 0)
        os.lseek(child.tracing, 0, os.SEEK_SET)
        child.killing.clear()
        given.patient, given.deadline = False, now + _IMPORTING
        return True

    def _excess(self, child: Child, given: Watch) -> str:
        if os.fstat(child.printing).st_size > given.output:
            return "output"
        pids = tuple(watch.session(child.pid)) if given.processes else (child.pid,)
        # Every file begins with a name in there, so most jails need no closer look.
        if watch.last_change(child.folder) != child.made:
            size = watch.stored(child.folder, pids, limits.FOLDER_SIZE)
            if size > limits.FOLDER_SIZE:
                return "output"
        held = sum(max(0, watch.memory(pid) - given.base) for pid in pids)
        return "memory" if held > given.memory + _SLACK else ""

    def _kill(self, child: Child) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)

    def _reap(self) -> None:
        """Bury every dead child; sweep a jail's descendants while its id still is its own."""
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None:
                return
            # The word that it was given a job may have come meanwhile.
            self._hear(socket.MSG_DONTWAIT)
            number = next((n for n, c in self._children.items() if c.pid == found.si_pid), None)
            if number is not None:
                self._sweep(self._children[number])
            _, status, used = os.wait4(found.si_pid, 0)
            if number is not None:
                self._bury(number, status, used.ru_utime + used.ru_stime)

    def _sweep(self, child: Child) -> None:
        """Kill what a dead jail left behind, if it could start processes at all."""
        if child.watch is not None and (child.watch.processes or not self._confinement.filters):
            watch.kill_session(child.pid)

    def _bury(self, number: int, status: int, processor: float) -> None:
        child = self._children.pop(number)
        words, flooded = self._last_words(child), self._printed_too_much(child)
        ending = Ending(
            signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            status=os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
            timeout=child.killing.get("timeout", False),
            memory=child.killing.get("memory", False),
            output=child.killing.get("output", False) or flooded,
            where=watch.place(words),
        )
        self._remove(child)
        if ending.status == BROKEN:
            print(f"child {number} failed: {words}", file=sys.stderr, flush=True)  # noqa: T201
        header = {"t": "ended", "id": number, "processor": processor, "ending": asdict(ending)}
        self._send(Message(header))

    def _remove(self, child: Child) -> None:
        """The folder of a dead child; thousands of entries are a child's work, as nobody waits."""
        if watch.folder_size(child.folder, limits.FOLDER_SIZE, most=_FEW) <= limits.FOLDER_SIZE:
            watch.remove_folder(child.folder)
        elif os.fork() == 0:
            try:
                signal.set_wakeup_fd(-1)
                _keep_only()
                watch.remove_folder(child.folder)
            finally:
                os._exit(0)

    def _printed_too_much(self, child: Child) -> bool:
        if child.printing < 0:
            return False
        size = os.fstat(child.printing).st_size
        os.close(child.printing)
        return child.watch is not None and size > child.watch.output

    def _last_words(self, child: Child) -> str:
        if child.tracing < 0:
            return ""
        text = os.pread(child.tracing, 1 << 16, 0).decode(errors="replace")
        os.close(child.tracing)
        return text

    def _send(self, message: Message) -> None:
        self._control.sendall(encode(message))

    def _end(self) -> None:
        """Kill every descendant: orphans come to us one generation after the other."""
        for child in self._children.values():
            self._kill(child)
        with contextlib.suppress(ChildProcessError):
            while True:
                for pid in watch.children(os.getpid()):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                os.waitpid(-1, 0)
        watch.remove_folder(self._root)


def _keep_only(*descriptors: int) -> list[int]:
    """Move these to the lowest places from 3 on and close everything else above 2."""
    high = [os.dup(fd) if fd >= 0 else -1 for fd in descriptors]
    top = max(high, default=3) + 16
    moved = [
        os.dup2(fd, top + n, inheritable=False) if fd >= 0 else -1 for n, fd in enumerate(high)
    ]
    os.closerange(3, top)
    kept = [os.dup2(fd, 3 + n, inheritable=False) if fd >= 0 else -1 for n, fd in enumerate(moved)]
    os.closerange(3 + len(kept), 1 << 20)
    return kept


_LATER = ("torch._dynamo", "torch.testing", "torch.func", "torch.utils.checkpoint")
"""What answers import on their way: an optimizer's first step alone takes a second for it."""


def _load(*, everything: bool) -> Callable[[], object]:
    """What a jail or the judge will need, imported while files can still be read.

    Gives what each jail does to prepare itself.
    """
    single.load("cpu")
    # It imports torch, as nothing does before it is asked to.
    practice = importlib.import_module("quiz.grade.practice")
    if everything:
        for name in _LATER:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        practice.practise(_OFTEN)
    gc.collect()
    gc.freeze()
    pages.collapse()
    return prefault.learned(practice.rehearse)


def main() -> None:
    """Entry of `python -m quiz.grade.zygote`."""
    parser = argparse.ArgumentParser(prog="quiz.grade.zygote")
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--off", default="")
    parser.add_argument("--language", default="en")
    parser.add_argument("--everything", action="store_true")
    options = parser.parse_args()
    control = socket.socket(fileno=options.control)
    control.set_inheritable(False)
    try:
        language.load(options.language)
        prepare = _load(everything=options.everything)
    except Exception as error:
        missing = error.name if isinstance(error, ImportError) else None
        said = {"t": "failed", "why": str(error), "missing": missing}
        control.sendall(encode(Message(said)))
        sys.exit(1)
    off = frozenset(filter(None, options.off.split(",")))
    Zygote(control, options.root, off, prepare).serve()


if __name__ == "__main__":
    main()
