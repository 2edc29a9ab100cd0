"""Work away from the event loop, which goes on drawing meanwhile.

Python's collector of cycles stops all threads for as long as it looks at every object there is:
tenths of a second for a large collection, whichever thread set it off. So it rests while work is
done in a thread, and what much work leaves behind (questions, rows, standings), which holds no
cycles, is not looked at again. What is left to it are widgets, which take it some milliseconds.
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

from quiz.model.courtesy import ask_for_courtesy

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

MUCH = 0.1
"""Seconds of processor time in which enough is made to be left out of the collector's sight."""

LONG = 0.01
"""Seconds of processor time that the collector may take for one look at everything."""
OFTEN = 2
"""Collections of the middle generation before one of everything: much at once would take long."""

COUNTING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counting")
"""For what goes over all questions: one such thing at a time leaves the event loop half of a
processor, several would leave it less."""

SESSION = ThreadPoolExecutor(max_workers=1, thread_name_prefix="session")
"""Where a session is worked with: one thing after the other, and the disk may take its time."""

_lock = Lock()
_running = 0
_collecting_since = 0.0


def serve_the_loop() -> None:
    """A thread that computes gives way to the event loop after a millisecond, instead of five."""
    ask_for_courtesy()
    sys.setswitchinterval(0.001)


def keep_for_good() -> None:
    """The collector goes to work, but leaves alone what is there now."""
    if _spare_the_loop not in gc.callbacks:
        gc.callbacks.append(_spare_the_loop)
        young, middle, _old = gc.get_threshold()
        gc.set_threshold(young, middle, OFTEN)
    gc.freeze()
    with _lock:
        if not _running:
            gc.enable()


def _spare_the_loop(phase: str, info: dict[str, int]) -> None:
    """What the collector took long to look at is not looked at again."""
    global _collecting_since
    if info["generation"] < 2:
        return
    if phase == "start":
        _collecting_since = time.thread_time()
    elif time.thread_time() - _collecting_since > LONG:
        gc.freeze()


async def in_thread(work: Callable[[*Ts], T], *args: *Ts, executor: Executor | None = None) -> T:
    """What `work` gives, done in a thread (of `executor`)."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(executor, quietly, work, *args)


async def in_turn(work: Callable[[], T]) -> T:
    """What `work` gives, done in the session's thread after what waits there, and in any case.

    Who asked may be gone before its turn comes: a rating behind something that takes its time
    would else be lost when the application ends.
    """
    loop = asyncio.get_running_loop()
    return await asyncio.shield(loop.run_in_executor(SESSION, quietly, work))


async def all_turns() -> None:
    """Wait until everything that was asked of the session is done."""
    await in_turn(lambda: None)


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
