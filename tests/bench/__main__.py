"""`make bench`, or `python -m tests.bench NAME…` for some of it."""

from __future__ import annotations

import sys

from tests.bench import grading, starting

GROUPS = {"grading": grading.run, "starting": starting.run}


def main() -> None:
    """Run the groups that were named, or all."""
    for name in sys.argv[1:] or GROUPS:
        GROUPS[name]()


if __name__ == "__main__":
    main()
