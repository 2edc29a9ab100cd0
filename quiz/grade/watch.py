"""Looking at a jail from outside: what its processes hold, what lies in its folder.

Reads `/proc` where there is one. Everything is bounded: a jail that makes itself expensive to
look at is over its limit.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import secrets
import shutil
import signal
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from quiz.grade import limits

TICK, SELDOM = 0.05, 1.0
"""Seconds between two looks at a jail at work, and at one that waits for its answer."""
MAX_ENTRIES = 10_000
"""Files and folders in a jail's folder."""
_MAX_LEVELS = 64
"""Folders in which something is left to see, one below the other."""


_FOLDER = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


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


def stored(folder: Path, pids: Iterable[int], limit: int) -> int:
    """Bytes on the disk that a jail's processes hold: in its folder, and in files without a name.

    Not followed further than `limit`. Where the kernel does not let us look into the processes (a
    container's root without CAP_SYS_PTRACE), files without a name are not seen.
    """
    total = folder_size(folder, limit)
    if total > limit:
        return total
    mine = f"{folder}/"
    opened: dict[int, int] = {}
    mapped: set[int] = set()
    for pid in pids:
        opened |= _nameless_opened(pid)
        mapped |= _nameless_mapped(pid, mine)
    # How large a mapped file is cannot be seen, only how large it can be.
    return total + sum(opened.values()) + limits.FILE_SIZE * len(mapped - opened.keys())


def last_change(folder: Path) -> int:
    """When something came into a folder or left it, in nanoseconds; 0 where there is none."""
    with contextlib.suppress(OSError):
        return folder.stat().st_mtime_ns
    return 0


def _nameless_opened(pid: int) -> dict[int, int]:
    """Sizes by inode; memory files are what a jail has from its parent, and counted there."""
    found: dict[int, int] = {}
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as descriptors:
        for entry in descriptors:
            with contextlib.suppress(OSError):
                info = os.stat(entry.path)  # noqa: PTH116 - hundreds of them, twenty times a second
                memory_file = os.readlink(entry.path).startswith("/memfd:")  # noqa: PTH115
                if stat.S_ISREG(info.st_mode) and not info.st_nlink and not memory_file:
                    found[info.st_ino] = info.st_blocks * 512
    return found


def _nameless_mapped(pid: int, mine: str) -> set[int]:
    """Their inodes, of those that lay in this folder: packages may be replaced at any time."""
    found: set[int] = set()
    with contextlib.suppress(OSError), Path(f"/proc/{pid}/maps").open("rb") as maps:
        for line in maps:
            if line.endswith(b" (deleted)\n"):
                fields = line.split(maxsplit=5)
                if fields[5].startswith(os.fsencode(mine)):
                    found.add(int(fields[4]))
    return found


def folder_size(path: str | Path, limit: int, most: int = MAX_ENTRIES) -> int:
    """Bytes on the disk below `path`, not followed further than `limit`.

    More than `most` entries count as too much, and so do folders both deep and wide: each level
    at which something is left to see costs an open descriptor, as no path may exceed PATH_MAX.
    """
    total = entries = 0
    levels: list[tuple[int, list[str]]] = []
    try:
        above, name = -1, os.fspath(path)
        while True:
            with contextlib.suppress(OSError):
                folder = os.open(name, _FOLDER, dir_fd=None if above < 0 else above)
                inner: list[str] = []
                levels.append((folder, inner))
                with os.scandir(folder) as found:
                    for entry in found:
                        entries += 1
                        with contextlib.suppress(OSError):
                            total += entry.stat(follow_symlinks=False).st_blocks * 512
                            if entry.is_dir(follow_symlinks=False):
                                inner.append(entry.name)
                        if total > limit or entries > most:
                            return max(total, limit + 1)
            levels = _unfinished(levels)
            if len(levels) > _MAX_LEVELS:
                return limit + 1
            if not levels:
                return total
            above, names = levels[-1]
            name = names.pop()
    finally:
        for folder, _ in levels:
            os.close(folder)


def _unfinished(levels: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The levels of which something is left to see; the others are closed."""
    for folder, names in levels:
        if not names:
            os.close(folder)
    return [level for level in levels if level[1]]


def remove_folder(path: str | Path) -> None:
    """Remove a folder and all below it, whatever modes were set in there, however deep it goes.

    What cannot be removed is left. Nobody may be at work in it any more.
    """
    if sys.platform == "win32":
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        Path(path).chmod(0o700)
        root = os.open(path, _FOLDER)
        try:
            _empty(root)
        finally:
            os.close(root)
        Path(path).rmdir()


def _empty(root: int) -> None:
    """Every folder below is moved to the top before it is emptied: no path grows long."""
    unique = secrets.token_hex(8)
    names = (f"{unique}-{number}" for number in itertools.count())
    todo = ["."]
    while todo:
        name = todo.pop()
        with contextlib.suppress(OSError):
            folder = os.open(name, _FOLDER, dir_fd=root)
            try:
                todo += _emptied(folder, root, names)
            finally:
                os.close(folder)
        if name.startswith(unique):
            # Its own folders wait at the top by now.
            with contextlib.suppress(OSError):
                os.rmdir(name, dir_fd=root)


def _emptied(folder: int, root: int, names: Iterator[str]) -> list[str]:
    """Remove the files of a folder; the new names of its folders, now at the top."""
    moved = []
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.name, 0o700, dir_fd=folder)
                os.rename(entry.name, new := next(names), src_dir_fd=folder, dst_dir_fd=root)
                moved.append(new)
            else:
                os.unlink(entry.name, dir_fd=folder)
    return moved


_FRAME = re.compile(r'^  File "<(?:answer|solution)>", (line \d+) (in .+)$', re.MULTILINE)
_ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U000[0-9a-f]{5})")


def imports(trace: str) -> bool:
    """Whether something was just being imported, from a dump by `faulthandler`."""
    return '"<frozen importlib._bootstrap>"' in trace


def place(trace: str) -> str:
    """`line 3, in f`: the innermost line of the answer, from a dump by `faulthandler`."""
    found = _FRAME.search(trace)
    return f"{found[1]}, {_spelled(found[2])}" if found else ""


def _spelled(name: str) -> str:
    """A name as it stands in the answer: `faulthandler` writes every sign beyond ASCII escaped.

    Left as it is where that gives signs that a terminal might obey.
    """
    spelled = _ESCAPED.sub(lambda sign: chr(int(sign[0][2:], 16)), name)
    return spelled if spelled.isprintable() else name
