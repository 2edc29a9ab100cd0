"""Which entries of the log count, and to whose history they belong.

Undone entries do not count; relinked ones belong to another question than they name. Both depend
on the set of entries alone, never on the order in which they arrived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from quiz.model.review import Action, ActionKind, Entry

Moment = tuple[datetime, str]
"""A place in the log: time, then id."""


def moment(entry: Entry) -> Moment:
    """Where an entry stands in the log."""
    return entry.time, entry.id


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the log in which the entries under one id belong to a certain question."""

    id: str
    begin: Moment | None = None
    """Entries after this; None: from the first."""
    end: Moment | None = None
    """Entries before this; None: to the last."""

    def holds(self, entry: Entry) -> bool:
        at = moment(entry)
        return (
            entry.question == self.id
            and (self.begin is None or at > self.begin)
            and (self.end is None or at < self.end)
        )


def lineage(question: str, actions: Iterable[Entry]) -> tuple[Segment, ...]:
    """Which stretches of which ids make up the history of `question`, by the relinks in the log.

    `actions` holds at least every relink of the log and every undo; the rest is passed over.
    Without a relink that bears on it, a question's history is its own id from first to last.
    """
    segments: dict[str, list[Segment]] = {}
    for relink in _relinks(effective(actions)):
        given = segments.pop(relink.value, None) or [Segment(relink.value)]
        at = moment(relink)
        closed = [replace(s, end=at) if s.end is None else s for s in given]
        taken = segments.get(relink.question) or [Segment(relink.question)]
        segments[relink.question] = [*taken, *closed]
        segments[relink.value] = [Segment(relink.value, begin=at)]
    return tuple(segments.get(question) or [Segment(question)])


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that count, by time and id, each id once: neither undone nor an undo."""
    by_id = {entry.id: entry for entry in entries}
    undos = {
        entry.id: entry.value
        for entry in by_id.values()
        if isinstance(entry, Action) and entry.kind is ActionKind.UNDO
    }
    gone = undone(undos)
    kept = [e for e in by_id.values() if e.id not in gone and e.id not in undos]
    kept.sort(key=moment)
    return kept


def undone(undos: Mapping[str, str]) -> set[str]:
    """The ids that do not count, given what each undo (by id) takes back.

    An undo counts unless one that counts takes it back; undos in a circle, which no program
    writes, count for nothing.
    """
    open_questions: dict[str, int] = defaultdict(int)
    for target in undos.values():
        open_questions[target] += 1
    settled = [undo for undo in undos if not open_questions[undo]]
    gone: set[str] = set()
    while settled:
        undo = settled.pop()
        target = undos[undo]
        if undo not in gone:
            gone.add(target)
        open_questions[target] -= 1
        if target in undos and not open_questions[target]:
            settled.append(target)
    return gone


def _relinks(kept: Iterable[Entry]) -> Iterator[Action]:
    for entry in kept:
        if (
            isinstance(entry, Action)
            and entry.kind is ActionKind.RELINK
            and entry.value != entry.question
        ):
            yield entry


class Owners:
    """Whose history an entry belongs to in the end, once every relink after it is followed."""

    def __init__(self, kept: Iterable[Entry]) -> None:
        """`kept` holds at least every relink that counts, in the order of the log."""
        self._relinks = list(_relinks(kept))
        self._moments = [moment(relink) for relink in self._relinks]
        self._from: dict[str, list[int]] = defaultdict(list)
        self._into: dict[str, set[str]] = defaultdict(set)
        for index, relink in enumerate(self._relinks):
            self._from[relink.value].append(index)
            self._into[relink.question].add(relink.value)

    def __bool__(self) -> bool:
        """Whether any id was ever relinked."""
        return bool(self._relinks)

    @property
    def ids(self) -> set[str]:
        """Every id whose entries ever went to another, or that others came to."""
        return self._from.keys() | self._into.keys()

    def concern(self, question: str) -> bool:
        """Whether entries ever went to this id or away from it."""
        return question in self._from or question in self._into

    def of(self, entry: Entry) -> str:
        """The question that the entry belongs to."""
        return self.owner(entry.question, moment(entry))

    def owner(self, question: str, at: Moment) -> str:
        """The question to which what was entered under this id at that moment belongs."""
        owner = question
        index = next((i for i in self._from.get(owner, ()) if self._moments[i] > at), None)
        while index is not None:
            owner = self._relinks[index].question
            index = next((i for i in self._from.get(owner, ()) if i > index), None)
        return owner

    def heir(self, question: str) -> str:
        """The question that has by now what was entered under this id before it was relinked."""
        owner, index = question, next(reversed(self._from.get(question, ())), None)
        while index is not None:
            after, owner = index, self._relinks[index].question
            index = next((i for i in self._from.get(owner, ()) if i > after), None)
        return owner

    @property
    def heirs(self) -> set[str]:
        """The questions that have by now what was relinked."""
        return {self.heir(question) for question in self._from}

    def earlier(self, question: str) -> set[str]:
        """Every id whose entries may belong to `question`, itself included."""
        found, waiting = {question}, [question]
        while waiting:
            fresh = self._into.get(waiting.pop(), set()) - found
            found |= fresh
            waiting += fresh
        return found
