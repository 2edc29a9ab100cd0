"""Work away from the event loop, which goes on drawing meanwhile.

Python's collector of cycles stops all threads for as long as it looks at every object there is:
tenths of a second for a large collection, whichever thread set it off. So it rests while work is
done in a thread, and what much work leaves behind (questions, rows, standings), which holds no
cycles, is not looked at again. Widgets do hold cycles: `tidy` looks at those made since the last
time, and is called often enough to take a few milliseconds.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

MUCH = 0.1
"""Seconds of processor time in which enough is made to be left out of the collector's sight."""

NEVER = 1_000_000
"""Collections of the middle generation before one of everything: more than there will be."""

COUNTING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counting")
"""For what goes over all questions: one such thing at a time leaves the event loop half of a
processor, several would leave it less."""

_lock = Lock()
_running = 0


def serve_the_loop() -> None:
    """A thread that computes gives way to the event loop after a millisecond, instead of five."""
    sys.setswitchinterval(0.001)


def leave_to_tidy() -> None:
    """From now on only `tidy` looks at everything; all that is there now stays for good."""
    gc.freeze()
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)


def tidy() -> None:
    """Free what was dropped since the last time."""
    if not _running:
        gc.collect()
        gc.freeze()


async def in_thread(work: Callable[[*Ts], T], *args: *Ts, executor: Executor | None = None) -> T:
    """What `work` gives, done in a thread (of `executor`)."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(executor, quietly, work, *args)


def quietly(work: Callable[[*Ts], T], *args: *Ts) -> T:
    """What `work` gives, done here, while the collector rests."""
    global _running
    began = time.thread_time()
    with _lock:
        _running += 1
        gc.disable()
    try:
        return work(*args)
    finally:
        with _lock:
            _running -= 1
            if time.thread_time() - began > MUCH:
                gc.freeze()
            if not _running:
                gc.enable()
