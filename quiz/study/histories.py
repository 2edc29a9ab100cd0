"""Whose entries are whose, read from the log for as many questions as are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from quiz.model.log import Owners, moment
from quiz.model.review import Action, ActionKind, Entry
from quiz.store.history import History


def histories(
    history: History, questions: Iterable[str], more: Sequence[Action] = ()
) -> dict[str, list[Entry]]:
    """All of the log that belongs to each of these questions, by way of its earlier ids, in order.

    `more` count as if they were in the log already. The log is gone through once, however many
    questions there are.
    """
    relinks = [one for one in more if one.kind is ActionKind.RELINK]
    owners = Owners(sorted([*history.relinks(), *relinks], key=moment))
    found: dict[str, list[Entry]] = {question: [] for question in questions}
    former = {name for question in found for name in owners.earlier(question)}
    undos: dict[str, list[Action]] = defaultdict(list)
    for entry in chain(history.entries(question=former), more):
        if isinstance(entry, Action) and entry.kind is ActionKind.UNDO:
            undos[entry.value].append(entry)
        elif (owner := owners.of(entry)) in found:
            found[owner].append(entry)
    for entries in found.values() if undos else ():
        for entry in entries:  # the list grows: an undo may be undone
            entries += undos.get(entry.id, ())
        entries.sort(key=moment)
    return found
