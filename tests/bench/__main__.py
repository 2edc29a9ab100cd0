"""`make bench`, or `python -m tests.bench NAME…` for some of it."""

from __future__ import annotations

import sys

from tests.bench import cards, grading, identity, starting

GROUPS = {
    "starting": starting.run,
    "cards": cards.run,
    "identity": identity.run,
    "grading": grading.run,
}


def main() -> None:
    """Run the groups that were named, or all."""
    for name in sys.argv[1:] or GROUPS:
        GROUPS[name]()


if __name__ == "__main__":
    main()
