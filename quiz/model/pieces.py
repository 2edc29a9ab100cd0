"""Very many values, handled a few at a time, so that other threads come to their turn meanwhile.

A call into the interpreter's own code, as a sort of a hundred thousand values or the release of a
list of them, lets no other thread in until it is done: for tenths of a second nothing is drawn.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")

_PIECE = 2000
"""Values at once: a few milliseconds."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Making many values that stay, in no cycles, needs no search for cycles: it would look at all
    of them again and again, which takes longer than making them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def in_order(values: Iterable[T], key: Callable[[T], Any]) -> Iterator[T]:
    """The values as `sorted` would give them, in the order of `key`; equals as they came."""
    rest = iter(values)
    pieces = []
    while piece := list(islice(rest, _PIECE)):
        pieces.append(sorted(piece, key=key))
    return heapq.merge(*pieces, key=key)


def let_go(values: list[Any] | dict[Any, Any]) -> None:
    """Empty what nobody needs any more."""
    take = values.popitem if isinstance(values, dict) else values.pop
    while values:
        take()
