"""Two histories joined: the union of their logs, whichever is merged into which."""

from __future__ import annotations

from pathlib import Path

from quiz.model.review import Standing
from quiz.store.history import Fold, History


def merge(history: History, other: Path, fold: Fold) -> tuple[int, dict[str, Standing]]:
    """Add to `history` every log entry of the one at `other` that it lacks; how many those were.

    All or nothing, together with the standings that `fold` makes of the whole; `other` is only
    read. The set that results does not depend on the order of merges.
    """
    with History.open(other, read_only=True) as source:
        return history.refold(fold, source.entries())
