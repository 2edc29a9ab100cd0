"""Two pure rules of the log that its own counts need: what was undone, and what was renamed.

Neither depends on the order in which entries arrived, so merged logs come out the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from quiz.model.review import Action


def undone(undos: Mapping[str, str]) -> set[str]:
    """The entries that do not count, given each undo action's id and the id that it takes back.

    An undo counts unless one that counts takes it back; undos in a circle, which no program
    writes, count for nothing.
    """
    unsettled = Counter(undos.values())
    ready = [undo for undo in undos if not unsettled[undo]]
    gone: set[str] = set()
    while ready:
        undo = ready.pop()
        target = undos[undo]
        if undo not in gone:
            gone.add(target)
        unsettled[target] -= 1
        if target in undos and not unsettled[target]:
            ready.append(target)
    return gone


class Names:
    """Under which ids a question has been known, by the relinks that count."""

    def __init__(self, relinks: Iterable[Action]) -> None:
        self._relinks: Sequence[Action] = sorted(
            (link for link in relinks if link.value != link.question),
            key=lambda link: (link.time, link.id),
        )
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
