"""Looking at a jail from outside: what its processes hold, what lies in its folder.

Reads `/proc` where there is one. Everything is bounded: a jail that makes itself expensive to
look at is over its limit.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

MAX_ENTRIES = 10_000
"""Files and folders in a jail's folder."""


def session(leader: int) -> Iterator[int]:
    """The living processes of the session that `leader` began, itself included."""
    return _having(3, leader)


def children(parent: int) -> Iterator[int]:
    """The living children of a process."""
    return _having(1, parent)


def _having(field: int, value: int) -> Iterator[int]:
    """Processes by a field of `/proc/<pid>/stat`, counted from the state."""
    for name in os.listdir("/proc"):  # noqa: PTH208 - a Path for each would cost as much again
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
                if int(fields[field]) == value and fields[0] not in "ZX":
                    yield int(name)


def kill_session(leader: int) -> None:
    """Kill until nothing of the session lives; no jail can leave its session."""
    for _ in range(1000):
        others = [pid for pid in session(leader) if pid != leader]
        if not others:
            return
        for pid in others:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def memory(pid: int) -> int:
    """Bytes of anonymous and shared memory that a process has touched; 0 when it is gone."""
    total = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(("RssAnon:", "RssShmem:")):
                total += int(line.split()[1]) * 1024
    return total


def folder_size(path: str | Path, limit: int) -> int:
    """Bytes on the disk below `path`, not followed further than `limit` (or too many entries)."""
    total, entries, todo = 0, 0, [os.fspath(path)]
    while todo:
        with contextlib.suppress(OSError), os.scandir(todo.pop()) as found:
            for entry in found:
                entries += 1
                with contextlib.suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                if total > limit or entries > MAX_ENTRIES:
                    return max(total, limit + 1)
    return total


def remove_folder(path: str | Path) -> None:
    """Remove a folder and all below it, whatever modes were set in there."""

    def open_up(_: Callable[..., object], name: str, __: object) -> None:
        with contextlib.suppress(OSError):
            Path(name).parent.chmod(0o700)
            if not Path(name).is_symlink() and Path(name).is_dir():
                Path(name).chmod(0o700)
                shutil.rmtree(name, ignore_errors=True)
            else:
                Path(name).unlink()

    shutil.rmtree(path, onerror=open_up)


_FRAME = re.compile(r'^  File "<(?:answer|solution)>", (line \d+) (in .+)$', re.MULTILINE)


def place(trace: str) -> str:
    """`line 3, in f`: the innermost line of the answer, from a dump by `faulthandler`."""
    found = _FRAME.search(trace)
    return f"{found[1]}, {found[2]}" if found else ""
