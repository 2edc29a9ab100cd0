"""Histories follow their questions: when the cards were edited, and when a log brings more.

A question may go on under another id before anything is known of it under the first, as where the
history comes from another machine or a log only later. So it is kept which id has become which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from quiz.language import _
from quiz.model.log import Owners
from quiz.model.review import Action
from quiz.store.history import History
from quiz.study.identity import reconcile_with

if TYPE_CHECKING:
    from quiz.deck.collection import Collection
    from quiz.study.ledger import Ledger

_SEEN = "cards"
"""Name of the fact that says which state of the cards the history has been reconciled with."""
_WENT = "went"
"""Name of the fact that says where questions went that had no history to go along."""


class Followed(NamedTuple):
    """What came of an edit of the cards."""

    moved: Mapping[str, str]
    """New ids by old ones."""
    notices: tuple[str, ...]


class Others:
    """What other programs write to the same history while it is open here."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._written = history.written()
        self._own: set[str] = set()

    def know(self, relinks: Iterable[Action]) -> None:
        """These were written here."""
        self._own |= {link.id for link in relinks}

    def went(self) -> Mapping[str, str] | None:
        """Where they have had histories go since this was asked last; None: they wrote nothing."""
        if not self._history.changed_elsewhere():
            return None
        fresh = self._history.relinks_after(self._written)
        self._written = self._history.written()
        owners = Owners(self._history.relinks() if fresh else ())
        return {link.value: owners.heir(link.value) for link in fresh if link.id not in self._own}


def is_followed(ledger: Ledger) -> bool:
    """Whether the histories are where the cards that are open here want them."""
    return ledger.collection.fingerprint == ledger.history.meta(_SEEN)


def follow_edits(ledger: Ledger) -> Followed:
    """Let histories follow their questions to new ids, and remember the texts of today."""
    history, collection = ledger.history, ledger.collection
    if history.read_only:
        said = _("The history cannot be written: {why}").format(why=history.read_only)
        return Followed({}, (said,))
    if is_followed(ledger):
        return Followed({}, ())
    found = reconcile_with(history, collection, ledger.standings, ledger.today())
    moves: list[tuple[str, str]] = []
    reached: set[str] = set()
    for old, new in found.moves:
        if old in reached or ledger.entries(old):
            moves.append((old, new))
            reached.add(new)
    if moves:
        ledger.give(moves)
    if found.remember or found.gone:
        history.remember(found.remember, found.gone)
    _note_ways(ledger, dict(found.moves))
    history.set_meta(_SEEN, collection.fingerprint)
    said = _("The history of {old} goes on as {new}.")
    moved = (said.format(old=old, new=new) for old, new in moves if ledger.has(new))
    return Followed(dict(found.moves), (*found.notices, *moved))


def follow_arrivals(ledger: Ledger) -> None:
    """Give what has come under ids of earlier times to the questions they have become."""
    moves = [
        (old, new)
        for old, new in ways(ledger).items()
        if old in ledger.standings and not ledger.has(old) and ledger.has(new)
    ]
    if moves:
        ledger.give(moves)


def followed(before: Mapping[str, str], *steps: Mapping[str, str]) -> dict[str, str]:
    """New ids by old ones, after further `steps` from some ids to others."""
    after = dict(before)
    for step in steps:
        after = {old: step.get(new, new) for old, new in after.items()} | dict(step)
    return after


def reads_alike(before: Collection, after: Collection, question: str) -> bool:
    """Whether both hold the question, with the same text."""
    from quiz.deck.identity import snapshot

    one, other = before.questions.get(question), after.questions.get(question)
    return one is not None and other is not None and snapshot(one) == snapshot(other)


def ways(ledger: Ledger) -> dict[str, str]:
    """Where questions are now that are no more under their first id, as far as edits were seen."""
    kept: dict[str, str] = json.loads(ledger.history.meta(_WENT) or "{}")
    return kept


def _note_ways(ledger: Ledger, moves: Mapping[str, str]) -> None:
    """Keep where questions are now; of those that stand under their first id again, nothing."""
    before = ways(ledger)
    if not before and not moves:
        return
    after = followed(before, moves)
    after = {old: new for old, new in after.items() if not ledger.has(old)}
    if after != before:
        ledger.history.set_meta(_WENT, json.dumps(after))
