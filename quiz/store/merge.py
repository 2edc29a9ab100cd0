"""Two histories joined: the union of their logs, whichever is merged into which."""

from __future__ import annotations

from pathlib import Path

from quiz.store.history import History


def merge(history: History, other: Path) -> int:
    """Add to `history` every log entry of the one at `other` that it lacks; how many those were.

    All or nothing; `other` is only read. The set that results does not depend on the order of
    merges. The standings are left as they are: the caller computes them anew from the log.
    """
    with History.open(other, read_only=True) as source:
        return history.append_many(source.entries())
