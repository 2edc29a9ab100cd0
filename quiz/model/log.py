"""Which entries of the log count, and to whose history they belong.

Undone entries do not count; relinked ones belong to another question than they name. Both depend
on the set of entries alone, never on the order in which they arrived.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from quiz.model.review import Action, ActionKind, Entry

Moment = tuple[datetime, str]
"""A place in the log: time, then id."""


SIGN = slice(24, 30)
"""Where an entry's id holds the sign of the device that wrote it."""
TEXT = slice(30, 36)
"""Where the id of a relink holds a sign of the text it is about."""
TICK = timedelta(microseconds=1)
"""Between the relinks of one edit."""


def moment(entry: Entry) -> Moment:
    """Where an entry stands in the log."""
    return entry.time, entry.id


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


def _latest(indices: Sequence[int], last: int) -> int | None:
    """The last of these that is not beyond `last`."""
    found = bisect_right(indices, last)
    return indices[found - 1] if found else None


class Owners:
    """Whose history an entry belongs to in the end, once every relink after it is followed.

    Each device follows the same edit of the cards when it sees it, with a relink of its own. What
    it enters under an id from then on is about what stands there after the edit; so a relink of
    another device, which comes to see that edit later, is passed over where its text stood
    elsewhere in the eyes of the device that wrote an entry, or relinked it last.
    """

    def __init__(self, kept: Iterable[Entry]) -> None:
        """`kept` holds at least every relink that counts, in the order of the log."""
        self._relinks = list(_relinks(kept))
        self._moments = [moment(relink) for relink in self._relinks]
        self._from: dict[str, list[int]] = defaultdict(list)
        self._into: dict[str, set[str]] = defaultdict(set)
        self._done: dict[tuple[str, str], list[int]] = defaultdict(list)
        """The relinks by device and the id they take from."""
        self._went: dict[tuple[str, str], list[int]] = defaultdict(list)
        """The same by the text they are about."""
        for index, relink in enumerate(self._relinks):
            device = relink.id[SIGN]
            self._from[relink.value].append(index)
            self._into[relink.question].add(relink.value)
            self._done[device, relink.value].append(index)
            self._went[device, relink.id[TEXT]].append(index)
        self._edit = self._edits()
        """The last relink of the edit that a relink belongs to, by their moments."""

    def _edits(self) -> dict[Moment, int]:
        ends: dict[Moment, int] = {}
        latest: dict[str, Moment] = {}
        for index in range(len(self._relinks) - 1, -1, -1):
            at, device = self._moments[index], self._relinks[index].id[SIGN]
            after = latest.get(device)
            ends[at] = ends[after] if after and after[0] - at[0] == TICK else index
            latest[device] = at
        return ends

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

    def stays(self, entry: Entry) -> bool:
        """Whether no relink takes the entry from the id it names."""
        return self._next(entry.question, moment(entry)) is None

    def owner(self, question: str, at: Moment) -> str:
        """The question to which what was entered under this id at that moment belongs."""
        owner, last = question, at
        while (index := self._next(owner, last)) is not None:
            owner, last = self._relinks[index].question, self._moments[index]
        return owner

    def _next(self, owner: str, last: Moment) -> int | None:
        """The relink that takes on what was entered, or came, under this id then.

        It is the first one of the device that did so, else the first one of another device, unless
        that is about another text.
        """
        at = bisect_right(self._moments, last) - 1
        own = self._done.get((last[1][SIGN], owner), ())
        if (first := bisect_right(own, at)) < len(own):
            return own[first]
        every = self._from.get(owner, [])
        others = islice(every, bisect_right(every, at), None)
        seen = self._edit.get(last, at)
        return next((i for i in others if not self._is_elsewhere(i, last[1][SIGN], seen)), None)

    def _is_elsewhere(self, index: int, device: str, seen: int) -> bool:
        """Whether the text that a relink moves stood elsewhere in the eyes of another device, up to
        this one of all relinks."""
        relink = self._relinks[index]
        went = _latest(self._went.get((device, relink.id[TEXT]), ()), seen)
        return went is not None and self._relinks[went].question != relink.value

    def heir(self, question: str) -> str:
        """The question that has by now what was entered under this id before it was relinked."""
        last = next(reversed(self._from.get(question, ())), None)
        if last is None:
            return question
        return self.owner(self._relinks[last].question, self._moments[last])

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
