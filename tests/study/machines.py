"""Machines that share cards as by git and histories as by `quiz sync`, each in its own time.

The headings of the cards are numbers, so that all questions that follow one that is put between
others go on under another id, and their old ids are used again. Every review carries the name of
the text that was rated, so that it can be seen in the end whether it belongs to that question.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from quiz.model.review import Rating, Review
from quiz.study.library import Library

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_WORDS = "tensor shape stride view copy grad leaf hook dtype cast mask index sum mean norm axis"


class Machine:
    """A folder of cards that may be behind, and a history of its own."""

    def __init__(self, machines: Machines, number: int) -> None:
        self._all = machines
        self._card = machines.folder / str(number) / "cards" / "card.md"
        self._card.parent.mkdir(parents=True)
        self._history = machines.folder / f"{number}.db"
        self.texts: list[str] = []
        """Names of the texts, in the order of the card."""
        self._write()
        self.library = Library.open(
            self._card.parent, self._history, clock=lambda: machines.now, seed=number
        )

    def pull(self) -> None:
        """Take up the newest cards."""
        self.texts = list(self._all.newest)
        self._write()
        self.library.reload()

    def _write(self) -> None:
        parts = [f"## Question {n}\n\n{_answer(text)}\n" for n, text in enumerate(self.texts, 1)]
        self._card.write_text("\n".join(["# Card\n", *parts]), encoding="utf-8")

    def hear(self, other: Machine) -> None:
        """What has been done on the other machine."""
        self.library.ledger.merge(other._history)

    def rate(self, place: int) -> None:
        """The question that stands there."""
        ledger, now = self.library.ledger, self._all.now
        question, text = self._id(place), self.texts[place]
        rated = Review(ledger.new_id(), question, now, now.date(), Rating.GOOD, answer=text)
        ledger.record(rated)

    def reviews_of(self, place: int) -> list[str]:
        """The texts that were rated with the reviews of the question that stands there."""
        entries = self.library.ledger.entries(self._id(place))
        return sorted(entry.answer for entry in entries if isinstance(entry, Review))

    def _id(self, place: int) -> str:
        return f"card#question-{place + 1}"


class Outcome(NamedTuple):
    """Reviews of texts that are in the cards still, when all have heard of everything."""

    reviews: int
    misplaced: int
    """Belong to another question, or to none."""
    strange: int
    """Belong to a question that they are not about, be theirs in the cards or not."""


class Machines:
    """Some machines, and the cards as they are newest."""

    def __init__(self, folder: Path, number: int, rng: random.Random) -> None:
        self.folder, self.rng = folder, rng
        self.now = START
        self.newest: list[str] = []
        self._texts = 0
        self.machines = [Machine(self, n) for n in range(number)]
        for _ in range(4):
            self.edit()
        for machine in self.machines:
            machine.pull()

    def edit(self) -> None:
        """One edit of the newest cards."""
        texts, rng = self.newest, self.rng
        kind = rng.choice(["insert", "insert", "swap", "delete"])
        if kind == "insert" or len(texts) < 2:
            self._texts += 1
            texts.insert(rng.randrange(len(texts) + 1), f"n{self._texts}")
        elif kind == "delete":
            texts.pop(rng.randrange(len(texts)))
        else:
            one, other = rng.sample(range(len(texts)), 2)
            texts[one], texts[other] = texts[other], texts[one]

    def morning(self, careful: float) -> None:
        """At one of the machines: with that chance each, what others did is taken up first."""
        rng = self.rng
        self.now += timedelta(hours=rng.randint(2, 20))
        machine = rng.choice(self.machines)
        for hears in rng.sample([True, False], 2):
            if rng.random() > careful:
                continue
            if hears:
                self._hear_all(machine)
            else:
                machine.pull()
        if rng.random() < 0.3:
            machine.pull()
            self.edit()
            self.now += timedelta(minutes=1)
            machine.pull()
        for _ in range(3):
            self.now += timedelta(minutes=1)
            if machine.texts:
                machine.rate(rng.randrange(len(machine.texts)))

    def settle(self) -> Outcome:
        """All take up all; what came of it is the same everywhere."""
        for machine in self.machines:
            self.now += timedelta(minutes=1)
            machine.pull()
        for machine in [*self.machines, *self.machines]:
            self._hear_all(machine)
        found = [
            [machine.reviews_of(place) for place in range(len(self.newest))]
            for machine in self.machines
        ]
        assert all(one == found[0] for one in found), "the machines differ"
        log = self.machines[0].library.ledger.history.entries()
        rated = [entry.answer for entry in log if isinstance(entry, Review)]
        alive = sum(text in self.newest for text in rated)
        own = sum(texts.count(name) for name, texts in zip(self.newest, found[0], strict=True))
        strange = sum(map(len, found[0])) - own
        for machine in self.machines:
            machine.library.close()
        return Outcome(alive, alive - own, strange)

    def _hear_all(self, machine: Machine) -> None:
        for other in self.machines:
            if other is not machine:
                machine.hear(other)


def _answer(text: str) -> str:
    words = random.Random(text).choices(_WORDS.split(), k=8)
    return f"{text}: {' '.join(words)}"
