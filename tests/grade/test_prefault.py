"""The pages that a fork has beforehand: those that it will write to, and the work is no other."""

from __future__ import annotations

import mmap
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from quiz.grade import prefault

_PAGES = 400

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/pagemap").exists(), reason="only Linux tells which pages are whose"
)


def _faults(before: Callable[[], object], work: Callable[[], object]) -> int:
    """How often a fork that does `before` has to wait for a page while it does the work."""
    told = os.memfd_create("faults")
    if (pid := os.fork()) == 0:
        try:
            before()
            start = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            work()
            waited = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - start
            os.write(told, waited.to_bytes(8, "big"))
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    return int.from_bytes(os.pread(told, 8, 0), "big")


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # pytest may have threads
def test_a_fork_has_the_pages_that_the_work_writes_to() -> None:
    block = mmap.mmap(-1, 8 * _PAGES * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE)
    block.madvise(mmap.MADV_NOHUGEPAGE)
    for start in range(0, len(block), mmap.PAGESIZE):
        block[start] = 1

    def work() -> None:
        for start in range(0, len(block), 8 * mmap.PAGESIZE):
            block[start] += 1

    touch = prefault.learned(work)
    assert _faults(lambda: None, work) >= _PAGES
    assert _faults(touch, work) < _PAGES / 4
    assert block[0] == block[-mmap.PAGESIZE] == 1, "learning left a trace"


def test_where_the_system_does_not_tell_the_work_itself_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def work() -> None:
        pass

    monkeypatch.setattr(sys, "platform", "darwin")
    assert prefault.learned(work) is work
