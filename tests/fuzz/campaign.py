"""One thing after another tried, found wanting or not, and how long each took."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable

_ENOUGH = 20
"""Finds after which there is no use in going on."""


def campaign(count: int, seed: int, what: str, attempt: Callable[[str], str]) -> tuple[int, float]:
    """Make `count` attempts, each with a seed of its own; prints what is wrong with any.

    `attempt` gives what is wrong, empty when all is well; an exception is wrong too. Returns how
    many were, and the seconds of processor time that the slowest took.
    """
    begin = time.perf_counter()
    slowest = (0.0, -1)
    found = number = 0
    for number in range(count):
        started = time.process_time()
        try:
            said = attempt(f"{seed} {number}")
        except Exception:
            said = traceback.format_exc()
        slowest = max(slowest, (time.process_time() - started, number))
        if said:
            found += 1
            print(f"seed {seed}, number {number}: {said}\n", flush=True)  # noqa: T201
        if found >= _ENOUGH:
            break
        if (number + 1) % 10_000 == 0:
            rate = (number + 1) / (time.perf_counter() - begin)
            print(f"{number + 1:,} {what}, {found} found, {rate:.0f}/s", flush=True)  # noqa: T201
    print(  # noqa: T201
        f"{number + 1:,} mutated {what}, {found} problems; "
        f"slowest {slowest[0] * 1000:.0f} ms (number {slowest[1]})"
    )
    return found, slowest[0]
