"""From cards and standings to the day's queue, and to the counts of the home screen."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from quiz.schedule.limits import Limits, Studied
from quiz.schedule.limits import ancestors as decks_above
from quiz.schedule.queue import Candidate, DayQueue, Today
from quiz.settings import Settings
from quiz.study.values import Counts, DeckRow, Selection

if TYPE_CHECKING:
    from quiz.study.library import Library

_UNLIMITED = 9999


def build(library: Library, selected: Some[str] | None, selection: Selection) -> DayQueue:
    """What a session about the `selected` questions (None: all) asks today."""
    now = library.clock()
    studied = _studied(library)
    policy = library.policy
    limits = _limits(library.settings)
    if selection.new is not None:
        # Asked for by number, new questions come on top of what the day has brought already.
        policy = replace(policy, new_per_day=min(len(studied.new) + selection.new, _UNLIMITED))
        limits = {deck: replace(limit, new=_UNLIMITED) for deck, limit in limits.items()}
    return DayQueue(
        _candidates(library),
        library.standings,
        Today(now, limits, studied),
        policy,
        library.calendar,
        selected=selected,
        cram=selection.cram,
    )


def deck_rows(library: Library) -> tuple[DeckRow, ...]:
    """The decks as a tree, the collection itself first, with what is to be done today."""
    left = build(library, None, Selection()).by_deck()
    totals: dict[str, int] = {}
    for question in library.collection.questions.values():
        for deck in decks_above(question.deck):
            totals[deck] = totals.get(deck, 0) + 1
    collection = library.collection
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


def deck_setting(settings: Settings, deck: str, name: str) -> Any:  # noqa: ANN401 - by the name
    """A setting as it holds for a deck: its own, else that of the nearest deck around it."""
    for around in decks_above(deck):
        value = settings.decks.get(around, {}).get(name)
        if value is not None:
            return value
    return getattr(settings, name)


def _candidates(library: Library) -> Iterator[Candidate]:
    collection = library.collection
    for order, question in enumerate(collection.questions.values()):
        yield Candidate(
            question=question.id,
            concept=question.concept,
            deck=question.deck,
            order=order,
            requires=collection.concepts[question.concept].requires,
            suspended=question.suspended,
            tags=question.tags,
        )


def _limits(settings: Settings) -> Mapping[str, Limits]:
    return {
        deck: Limits(
            new=_or_unlimited(own.get("new_per_day")),
            reviews=_or_unlimited(own.get("reviews_per_day")),
        )
        for deck, own in settings.decks.items()
    }


def _or_unlimited(value: int | None) -> int:
    return _UNLIMITED if value is None else value


def _studied(library: Library) -> Studied:
    counts = library.history.counts_on(library.today())
    new = frozenset(question for question, count in counts.items() if count.first)
    return Studied(new, frozenset(counts.keys() - new))
