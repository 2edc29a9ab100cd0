"""Kills (-9) at random instants of a session, an import, a backup and a migration."""

from __future__ import annotations

import time

from tests.bench.measure import heading, report
from tests.kills import ACTS, kill


def run(count: int) -> None:
    """So many kills in all, a quarter of each act; raises where anything was lost."""
    heading(f"{count:,} kills at random instants")
    for number, act in enumerate(ACTS):
        each = count // len(ACTS) + (number < count % len(ACTS))
        began = time.perf_counter()
        kill(act, each, seed=time.time_ns())
        report(f"{act}: {each} kills", f"nothing lost ({time.perf_counter() - began:.0f} s)")
