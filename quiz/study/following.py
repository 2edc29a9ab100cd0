"""Histories follow their questions: when the cards were edited, and when a log brings more.

A question may go on under another id before anything is known of it under the first, as where the
history comes from another machine or a log only later. So it is kept which id has become which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from quiz.language import _
from quiz.model.log import Owners, moment
from quiz.model.review import Action
from quiz.store.history import History
from quiz.study.identity import is_aside, reconcile_with

if TYPE_CHECKING:
    from quiz.deck.collection import Collection
    from quiz.study.ledger import Ledger

_SEEN = "cards"
"""Name of the fact that says which state of the cards the history has been reconciled with."""
_SINCE = "cards-since"
"""Name of the fact that says since when the cards are in that state."""
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
    if hold_back_early(ledger):
        ledger.refold()
    found = reconcile_with(history, collection, ledger.standings, ledger.today())
    histories = ledger.histories(old for old, _new in found.moves) if found.moves else {}
    moves: list[tuple[str, str]] = []
    carried: set[str] = set()
    relinks: list[tuple[str, str]] = []
    reached: set[str] = set()
    for old, new in found.moves:
        if old in carried or histories[old]:
            moves.append((old, new))
            carried.add(new)
        if new in carried or old in reached or ledger.has(old):
            relinks.append((old, new))
            reached.add(new)
    if relinks:
        ledger.give(relinks, found.texts)
    if found.remember or found.gone:
        history.remember(found.remember, found.gone)
    _note_ways(ledger, dict(found.moves))
    history.set_meta(_SEEN, collection.fingerprint)
    history.set_meta(_SINCE, ledger.clock().isoformat())
    said = _("The history of {old} goes on as {new}.")
    moved = (said.format(old=old, new=new) for old, new in moves if ledger.has(new))
    left = set(dict(moves).values()) - dict(moves).keys()
    said_of_left = _("Another question stands at {old} now; its earlier history is kept as {new}.")
    kept = (
        said_of_left.format(old=old, new=new)
        for old, new in moves
        if new in left and not ledger.has(new)
    )
    return Followed(dict(found.moves), (*found.notices, *kept, *moved))


def hold_back_early(ledger: Ledger, fresh: Iterable[Action] = ()) -> bool:
    """Let histories wait for their questions: whether another set of relinks counts from now on.

    Another machine renamed a card, and its log was `fresh` here before the card was: until that
    comes too, the question stands here under its old id, and keeps its history there, as long as
    it reads as it did. What was renamed before the cards came to be as they are here, they know.
    """
    from quiz.deck.identity import snapshot

    before = ledger.history.held_back()
    arrived = list(fresh)
    if not before and not arrived:
        return False
    since = ledger.history.meta(_SINCE)
    reached = {link.question for link in arrived}
    early = [
        link
        for link in arrived
        if since is not None
        and link.time > datetime.fromisoformat(since)
        and link.value not in reached
        and not is_aside(link.question)
    ]
    owners = Owners(sorted([*ledger.history.relinks(), *before], key=moment))
    known = ledger.history.known() if before or early else {}

    def waits(link: Action) -> bool:
        here = ledger.collection.questions.get(link.value)
        text = known.get(link.value)
        if here is None or text is None or text.snapshot != snapshot(here):
            return False
        return not ledger.has(owners.owner(link.value, (link.time, "")))

    now = [link for link in (*before, *early) if waits(link)]
    if {link.id for link in now} == {link.id for link in before}:
        return False
    ledger.history.hold_back(now)
    return True


def follow_arrivals(ledger: Ledger) -> None:
    """Give what has come under ids of earlier times to the questions they have become.

    What another device has had go on under such an id is about an edit still to be seen here.
    """
    moves = {
        old: new
        for old, new in ways(ledger).items()
        if old in ledger.standings and not ledger.has(old) and ledger.has(new)
    }
    if not moves:
        return
    owners = Owners(ledger.history.relinks())
    entered = {e.question for e in ledger.history.entries(question=moves) if owners.stays(e)}
    if entered:
        ledger.give((old, new) for old, new in moves.items() if old in entered)


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
