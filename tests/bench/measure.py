"""Timing helpers and the table every benchmark prints."""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall times of one thing, in seconds."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]

    def __str__(self) -> str:
        return f"median {_time(self.median)}, p95 {_time(self.p95)} (n={len(self.seconds)})"


def timed(action: Callable[[], object], times: int) -> Timing:
    """How long `action` takes, again and again."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begin)
    return Timing(seconds)


def until_shown(
    command: Sequence[str], text: str, environment: Mapping[str, str], timeout: float = 60
) -> float:
    """Seconds from starting `command` in a terminal of 120×40 until it has written `text`."""
    begin = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(command[0], list(command), {**os.environ, **environment})
    try:
        _resize(fd)
        seen = b""
        wanted = text.encode()
        while wanted not in seen:
            ready, _, _ = select.select([fd], [], [], begin + timeout - time.perf_counter())
            if not ready:
                raise TimeoutError(f"{command}: {text!r} did not appear")
            seen += os.read(fd, 65536)
        return time.perf_counter() - begin
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(fd)


def run_python(code: str, *arguments: str) -> float:
    """Seconds that a fresh interpreter takes for `code`."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begin


def report(name: str, figure: object, bar: str = "") -> None:
    """One line of the table: what, how much, and the bar it is held against."""
    print(f"  {name:<52} {figure!s:<44} {bar}".rstrip(), flush=True)  # noqa: T201


def heading(text: str) -> None:
    """The title of a group of figures."""
    print(f"\n{text}", flush=True)  # noqa: T201


def _resize(fd: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
