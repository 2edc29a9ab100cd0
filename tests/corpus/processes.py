"""The processes below this one, and what they hold."""

from __future__ import annotations

import contextlib
import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def adopt() -> None:
    """Whatever a descendant leaves behind becomes a child of this process: none can hide."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def below(root: int) -> set[int]:
    """All descendants of a process, zombies included."""
    families = _families()
    found: set[int] = set()
    todo = [root]
    while todo:
        new = families.get(todo.pop(), [])
        found |= set(new)
        todo += new
    return found


def children(parent: int) -> set[int]:
    """The processes whose parent it is."""
    return set(_families().get(parent, ()))


def _families() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
                found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a family of processes holds at a moment."""

    processes: int
    descriptors: int
    memory: int
    """Bytes: the sum of the proportional set sizes."""

    def __str__(self) -> str:
        memory = f"{self.memory / 2**20:.0f} MiB"
        return f"{self.processes} processes, {self.descriptors} descriptors, {memory}"


def footprint(root: int) -> Footprint:
    """Of a process and all below it."""
    family = {root, *below(root)}
    descriptors = memory = 0
    for pid in family:
        with contextlib.suppress(OSError):
            descriptors += sum(1 for _ in os.scandir(f"/proc/{pid}/fd"))
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    memory += int(line.split()[1]) * 1024
    return Footprint(len(family), descriptors, memory)
