"""The questions of a collection in the order of learning, as the queue wants them.

They depend on the cards alone, so that they are gathered once for each state of the cards.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from quiz.deck.collection import Collection
from quiz.schedule.queue import Candidate


def candidates(collection: Collection) -> tuple[Candidate, ...]:
    """Every question, what is required before what requires it."""
    return tuple(_candidates(collection))


def curriculum(requires: Mapping[str, Iterable[str]]) -> list[str]:
    """The concepts in the order of learning: that of the files, but what is required goes first.

    `requires` holds every concept, in the order of the files, and has no circles.
    """
    ordered: dict[str, None] = {}
    waiting: list[str] = list(requires)[::-1]
    while waiting:
        concept = waiting[-1]
        missing = [one for one in requires[concept] if one in requires and one not in ordered]
        if missing and concept not in ordered:
            waiting += reversed(missing)
        else:
            ordered.setdefault(waiting.pop())
    return list(ordered)


def _candidates(collection: Collection) -> Iterator[Candidate]:
    # From the entries: no question has to be made for the day to be planned.
    entries = {entry.concept: entry for entry in collection.entries}
    order = itertools.count()
    for name in curriculum({name: entry.requires for name, entry in entries.items()}):
        entry = entries[name]
        deck, requires, tags, suspended = entry.deck, entry.requires, entry.tags, entry.suspended
        for question in entry.questions:
            yield Candidate(
                question, name, deck, next(order), requires, question in suspended, tags
            )
