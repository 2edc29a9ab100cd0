"""How many questions a study day may bring, for every deck and the decks around it.

A limit set on a deck binds all that lies below it; the collection's own limit stands at the empty
path. New questions count against the limit of reviews too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from quiz.model.review import Review, ReviewKind, Standing


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions still to be asked today."""

    new: int = 0
    learning: int = 0
    review: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.new + other.new, self.learning + other.learning, self.review + other.review
        )

    @property
    def total(self) -> int:
        return self.new + self.learning + self.review


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many a study day."""

    new: int = 20
    reviews: int = 200


@dataclass(frozen=True, slots=True)
class Studied:
    """What has been asked on this study day already, by question id."""

    new: frozenset[str] = frozenset()
    """Seen for the first time today."""
    reviewed: frozenset[str] = frozenset()
    """Asked today, and known before."""

    def __contains__(self, question: object) -> bool:
        return question in self.new or question in self.reviewed


def studied(reviews: Iterable[Review], standings: Mapping[str, Standing]) -> Studied:
    """What the day's `reviews` (those that count) amount to, given the standings after them."""
    times: dict[str, int] = {}
    for review in reviews:
        if review.kind is ReviewKind.REVIEW:
            times[review.question] = times.get(review.question, 0) + 1
    new = set()
    for question, count in times.items():
        standing = standings.get(question)
        if standing and standing.memory and standing.memory.reps <= count:
            new.add(question)
    return Studied(frozenset(new), frozenset(times.keys() - new))


def ancestors(deck: str) -> Iterator[str]:
    """A deck, the decks it lies in, and the collection itself (the empty path)."""
    while deck:
        yield deck
        deck = deck.rpartition("/")[0]
    yield ""


class Budget:
    """What the limits still allow today. Taking is for good: a day's limit does not grow."""

    def __init__(self, limits: Mapping[str, Limits]) -> None:
        self._new = {deck: limit.new for deck, limit in limits.items()}
        self._reviews = {deck: limit.reviews for deck, limit in limits.items()}
        self._bound: dict[str, tuple[str, ...]] = {}

    @property
    def is_spent(self) -> bool:
        """Whether nothing more can be taken, unless by force."""
        return self._reviews.get("", 1) < 1

    def take_review(self, deck: str, *, force: bool = False) -> bool:
        """Take one review of `deck`, if (or although: `force`) no limit forbids it."""
        decks = self._limited(deck)
        if not force and any(self._reviews[d] < 1 for d in decks):
            return False
        for d in decks:
            self._reviews[d] -= 1
        return True

    def take_new(self, deck: str, *, force: bool = False) -> bool:
        """Take one new question of `deck`, if (or although: `force`) no limit forbids it."""
        decks = self._limited(deck)
        if not force and any(self._new[d] < 1 or self._reviews[d] < 1 for d in decks):
            return False
        for d in decks:
            self._new[d] -= 1
            self._reviews[d] -= 1
        return True

    def _limited(self, deck: str) -> tuple[str, ...]:
        """The decks whose limits bind `deck`."""
        if deck not in self._bound:
            self._bound[deck] = tuple(d for d in ancestors(deck) if d in self._new)
        return self._bound[deck]
