"""Two pure rules of the log that its own counts need: what was undone, and what was renamed.

Neither depends on the order in which entries arrived, so merged logs come out the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from quiz.model.review import Action


def undone(undos: Mapping[str, str]) -> set[str]:
    """The entries that do not count, given each undo action's id and the id that it takes back.

    An entry is undone if any undo of it counts; an undo counts unless it is itself undone.
    """
    by_target: dict[str, list[str]] = defaultdict(list)
    for undo, target in undos.items():
        by_target[target].append(undo)
    settled: dict[str, bool] = {}
    for start in by_target:
        waiting = [start]
        while waiting:
            entry = waiting[-1]
            unsettled = [undo for undo in by_target.get(entry, ()) if undo not in settled]
            # An undo that takes back itself, by whatever path, cannot come from this program.
            unsettled = [undo for undo in unsettled if undo not in waiting]
            if unsettled:
                waiting += unsettled
                continue
            settled[entry] = any(not settled.get(undo, False) for undo in by_target.get(entry, ()))
            waiting.pop()
    return {entry for entry, gone in settled.items() if gone}


class Names:
    """Under which ids a question has been known, by the relinks that count."""

    def __init__(self, relinks: Iterable[Action]) -> None:
        self._relinks: Sequence[Action] = sorted(relinks, key=lambda link: (link.time, link.id))
        self._old: dict[str, set[str]] = defaultdict(set)
        for link in self._relinks:
            self._old[link.question].add(link.value)

    def __bool__(self) -> bool:
        return bool(self._relinks)

    def earlier(self, question: str) -> set[str]:
        """Every id whose entries may belong to `question`, itself included."""
        found, waiting = {question}, [question]
        while waiting:
            fresh = self._old.get(waiting.pop(), set()) - found
            found |= fresh
            waiting += fresh
        return found

    def owner(self, question: str, time: datetime, entry: str) -> str:
        """The id to which an entry made under `question` at that moment belongs by now."""
        for link in self._relinks:
            if (link.time, link.id) > (time, entry) and link.value == question:
                question = link.question
        return question
