"""Worker processes inside a jail, where a question allows them: locks and tensors by value.

Python keeps its locks between processes in /dev/shm, and torch sends tensors through it; a jail
has none. Here a lock lies in anonymous memory that a fork shares, and tensors are sent by value.
Linux only, and only for processes that are forked: starting programs is refused in a jail anyway.
"""

from __future__ import annotations

import _multiprocessing  # type: ignore[import-not-found]
import ctypes
import errno
import mmap
import multiprocessing
import multiprocessing.heap
import os
import sys
import threading
import time
from multiprocessing.reduction import ForkingPickler
from typing import Any

import torch

_RECURSIVE = 0
"""`multiprocessing.synchronize.RECURSIVE_MUTEX`."""


class _TimeSpec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


def allow() -> None:
    """Make `multiprocessing` and data loaders work in this process and those forked from it."""
    if sys.platform != "linux":
        return
    multiprocessing.set_start_method("fork", force=True)
    _multiprocessing.SemLock = SemLock
    multiprocessing.heap.Arena._dir_candidates = []  # type: ignore[attr-defined]
    reducers: dict[type, Any] = ForkingPickler._extra_reducers  # type: ignore[attr-defined]
    for cls, reduce in list(reducers.items()):
        if reduce.__module__.partition(".")[0] == "torch":
            del reducers[cls]
    torch.UntypedStorage._new_shared = classmethod(_new_private)  # type: ignore[assignment, method-assign]


def _new_private(
    cls: type[torch.UntypedStorage], size: int, *, device: str | torch.device = "cpu"
) -> torch.UntypedStorage:
    return cls(size, device=device)


class SemLock:
    """`_multiprocessing.SemLock` on a POSIX semaphore without a name (`man 7 sem_overview`).

    Times are in seconds.
    """

    SEM_VALUE_MAX = 0x7FFFFFFF

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind = kind
        self.maxvalue = maxvalue
        self.name: str | None = None
        """None: as for a semaphore whose name has been unlinked, there is nothing to clean up."""
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self._place = ctypes.c_char.from_buffer(self._memory)
        self._held = 0
        self._holder = 0
        if self._libc.sem_init(ctypes.byref(self._place), 1, ctypes.c_uint(value)):
            raise _failure()

    @property
    def handle(self) -> int:
        """Where the semaphore lies."""
        return ctypes.addressof(self._place)

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take one; False where there was none in time."""
        if self.kind == _RECURSIVE and self._is_mine():
            self._held += 1
            return True
        if not self._try() and not (block and self._wait(timeout)):
            return False
        self._held += 1
        self._holder = threading.get_ident()
        return True

    def release(self) -> None:
        """Give one back."""
        if self.kind == _RECURSIVE:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        elif self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        if self._libc.sem_post(ctypes.byref(self._place)):
            raise _failure()
        self._held -= 1

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *problem: object) -> None:
        self.release()

    def _try(self) -> bool:
        while self._libc.sem_trywait(ctypes.byref(self._place)):
            if ctypes.get_errno() == errno.EAGAIN:
                return False
            if ctypes.get_errno() != errno.EINTR:
                raise _failure()
        return True

    def _wait(self, timeout: float | None) -> bool:
        place = ctypes.byref(self._place)
        end = _TimeSpec()
        if timeout is not None:
            at = time.time_ns() + int(max(0.0, timeout) * 1e9)
            end.seconds, end.nanoseconds = divmod(at, 1_000_000_000)
        while (
            self._libc.sem_wait(place)
            if timeout is None
            else self._libc.sem_timedwait(place, ctypes.byref(end))
        ):
            if ctypes.get_errno() == errno.ETIMEDOUT:
                return False
            if ctypes.get_errno() != errno.EINTR:
                raise _failure()
        return True

    def _get_value(self) -> int:
        value = ctypes.c_int()
        if self._libc.sem_getvalue(ctypes.byref(self._place), ctypes.byref(value)):
            raise _failure()
        return max(0, value.value)

    def _is_zero(self) -> bool:
        return self._get_value() == 0

    def _count(self) -> int:
        return self._held

    def _is_mine(self) -> bool:
        return self._held > 0 and self._holder == threading.get_ident()

    def _after_fork(self) -> None:
        self._held = 0


def _failure() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
