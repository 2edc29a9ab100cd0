"""`python -m tests.fuzz GROUP [--count N] [--seed N]`: exit code 1 when something was found."""

from __future__ import annotations

import argparse
import sys

from tests.fuzz import cards, frames

GROUPS = {"cards": cards.run, "frames": frames.run}


def main() -> None:
    """Run one group."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("--count", type=int, default=10_000, help="mutated files or conversations")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    sys.exit(GROUPS[given.group](given.count, given.seed))


if __name__ == "__main__":
    main()
