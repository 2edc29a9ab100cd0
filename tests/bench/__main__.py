"""`make bench`, or `python -m tests.bench NAME…` for some of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    cards,
    fitting,
    grading,
    heartbeat,
    identity,
    kills,
    machines,
    scale,
    starting,
)


def main() -> None:
    """Run the groups that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all if none is given")
    parser.add_argument("--history", type=Path, help="a real review history, for `fitting`")
    parser.add_argument("--day-begins", type=int, default=8, help="its hour of rollover, UTC")
    parser.add_argument("--count", type=int, default=100, help="how many `kills`")
    given = parser.parse_args()
    groups: dict[str, Callable[[], None]] = {
        "starting": starting.run,
        "cards": cards.run,
        "identity": identity.run,
        "grading": grading.run,
        "fitting": lambda: fitting.run(given.history, given.day_begins),
        "scale": scale.run,
        "heartbeat": heartbeat.run,
        "machines": machines.run,
        "kills": lambda: kills.run(given.count),
    }
    together = {"scheduling": ("fitting", "scale")}
    names = [one for name in given.names for one in together.get(name, (name,))]
    if unknown := [name for name in names if name not in groups]:
        parser.error(f"there is no {unknown[0]}; there are {', '.join([*groups, *together])}")
    for name in names or groups:
        groups[name]()


if __name__ == "__main__":
    main()
