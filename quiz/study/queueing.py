"""From cards and standings to the day's queue, and to the counts of the home screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from quiz.schedule.limits import Limits, Studied
from quiz.schedule.limits import ancestors as decks_above
from quiz.schedule.policy import read_order
from quiz.schedule.queue import DayQueue, Today
from quiz.settings import Settings
from quiz.study.catalogue import selected
from quiz.study.ledger import Ledger
from quiz.study.search import in_deck
from quiz.study.values import Counts, DeckRow, Selection

_UNLIMITED = 9999


def build(ledger: Ledger, selection: Selection, *, tomorrow: bool = False) -> DayQueue:
    """What a session about `selection` asks today; `CardError` for a deck that does not exist.

    Or what it would ask as soon as the study day of `tomorrow` begins.
    """
    now = _tomorrow(ledger) if tomorrow else ledger.clock()
    studied = Studied() if tomorrow else _studied(ledger)
    policy = ledger.policy
    if order := ledger.own(selection.deck, "order"):
        policy = replace(policy, review_order=read_order(order))
    limits = limits_of(ledger.settings)
    if selection.new is not None:
        # Asked for by number, new questions come on top of what the day has brought already.
        policy = replace(policy, new_per_day=min(len(studied.new) + selection.new, _UNLIMITED))
        # But a deck that offers none by itself (0) is asked only where it is named.
        limits = {
            deck: replace(limit, new=_UNLIMITED)
            if limit.new or in_deck(selection.deck, deck)
            else limit
            for deck, limit in limits.items()
        }
    return DayQueue(
        ledger.candidates,
        ledger.standings,
        Today(now, limits, studied),
        policy,
        ledger.calendar,
        selected=None if selection == Selection() else set(selected(ledger, selection)),
        cram=selection.cram,
    )


def next_due(ledger: Ledger, selection: Selection) -> datetime | None:
    """When there is a question of the selection to be asked again; None: none is foreseen.

    What the day holds back, for a sibling, a limit or a burial, comes when the next one begins.
    """
    selection = replace(selection, new=None, limit=None, cram=False)
    now, tomorrow = ledger.clock(), _tomorrow(ledger)
    if build(ledger, selection).next(now):
        return now
    resting = {one.question for one in ledger.candidates if one.suspended}
    standings = (ledger.standing(q) for q in selected(ledger, selection) if q not in resting)
    waiting = (s.memory.due for s in standings if s.memory and not s.suspended)
    first = min((due for due in waiting if due > now), default=None)
    if first and first <= tomorrow:
        return first
    return tomorrow if build(ledger, selection, tomorrow=True).left() else first


def deck_rows(ledger: Ledger, queue: DayQueue) -> tuple[DeckRow, ...]:
    """The decks as a tree, the collection itself first, with what is to be done today.

    `queue` is the day's, of the whole collection.
    """
    left = queue.by_deck()
    totals: dict[str, int] = {}
    for entry in ledger.collection.entries:
        for deck in decks_above(entry.deck):
            totals[deck] = totals.get(deck, 0) + len(entry.questions)
    collection = ledger.collection
    rows = []
    for deck in ("", *(deck for deck in collection.decks if deck)):
        rows.append(
            DeckRow(
                deck=deck,
                name=deck.rpartition("/")[2] if deck else collection.config.name,
                depth=deck.count("/") + 1 if deck else 0,
                questions=totals.get(deck, 0),
                counts=left.get(deck, Counts()),
            )
        )
    return tuple(rows)


def limits_of(settings: Settings) -> Mapping[str, Limits]:
    """What decks may bring a day, by their paths."""
    return {
        deck: Limits(
            new=_or_unlimited(own.get("new_per_day")),
            reviews=_or_unlimited(own.get("reviews_per_day")),
        )
        for deck, own in settings.decks.items()
    }


def _or_unlimited(value: int | None) -> int:
    return _UNLIMITED if value is None else value


def _tomorrow(ledger: Ledger) -> datetime:
    """When the next study day begins."""
    return ledger.calendar.start(ledger.today() + timedelta(days=1))


def _studied(ledger: Ledger) -> Studied:
    counts = ledger.history.counts_on(ledger.today())
    new = frozenset(question for question, count in counts.items() if count.first)
    return Studied(new, frozenset(counts.keys() - new))
