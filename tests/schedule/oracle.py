"""Anki's own engine, asked about scheduling in a process of its own: JSON in, JSON out.

It is under the AGPL, so that nothing but this file touches it, and tests only run it. The clock
is the computer's: cards are laid out around the present instant.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_DAY = 86_400
_QUEUES = {"new": (0, 0), "learning": (1, 1), "review": (2, 2), "relearning": (3, 1)}


class Engine:
    """A fresh collection, and the questions that can be asked about it."""

    def __init__(self, folder: str) -> None:
        from anki.collection import Collection

        self.col: Any = Collection(str(Path(folder) / "collection.anki2"))
        self.col.set_config("fsrs", True)
        self._decks = 0

    def deck(self, settings: dict[str, Any], name: str = "") -> int:
        """A deck with options of its own; settings by the names in Anki's options."""
        self._decks += 1
        deck = self.col.decks.id(name or f"deck{self._decks}")
        config = self.col.decks.add_config_returning_id(f"options{self._decks}")
        options = self.col.decks.get_config(config)
        for path, value in settings.items():
            place, _, key = path.rpartition(".")
            (options[place] if place else options)[key] = value
        self.col.decks.update_config(options)
        self.col.decks.set_config_id_for_deck_dict(self.col.decks.get(deck), config)
        return int(deck)

    def cards(self, deck: int, count: int, *, siblings: bool = False) -> list[int]:
        """New cards; with `siblings`, two of each note."""
        kind = "Basic (and reversed card)" if siblings else "Basic"
        found = []
        for number in range(count):
            note = self.col.new_note(self.col.models.by_name(kind))
            note.fields[0], note.fields[1] = f"front {deck} {number}", "back"
            self.col.add_note(note, deck)
            found += note.card_ids()
        return found

    def place(self, card: int, state: dict[str, Any]) -> None:
        """Have a card stand as `state` says."""
        if state["state"] == "new":
            return
        today, now = self.col.sched.today, time.time()
        kind, queue = _QUEUES[state["state"]]
        elapsed, interval = state.get("elapsed", 0), state.get("interval", 0)
        learning = queue == 1
        data = {
            "s": state["stability"],
            "d": state["difficulty"],
            "dr": 0.9,
            "decay": state.get("decay", 0.1542),
            "lrt": int(now - elapsed * _DAY),
        }
        self.col.db.execute(
            "update cards set type=?, queue=?, due=?, ivl=?, reps=?, lapses=?, left=?, factor=2500,"
            " data=? where id=?",
            kind,
            queue,
            int(now + state.get("minutes", 0) * 60) if learning else today - elapsed + interval,
            interval,
            state.get("reps", 1),
            state.get("lapses", 0),
            state.get("remaining", 0),
            json.dumps(data),
            card,
        )

    def outcomes(self, card: int) -> dict[str, tuple[str, int]]:
        """After each button: the state, and the wait in seconds or, in review, in days."""
        states = self.col._backend.get_scheduling_states(card)
        found = {}
        for name in ("again", "hard", "good", "easy"):
            normal = getattr(states, name).normal
            kind = normal.WhichOneof("kind")
            state = getattr(normal, kind)
            if kind == "relearning":
                state = state.learning
            wait = state.scheduled_days if kind == "review" else state.scheduled_secs
            found[name] = (kind, wait)
        return found

    def states(self, asked: list[dict[str, Any]]) -> list[list[list[dict[str, tuple[str, int]]]]]:
        """For each deck asked about, and each of its cards, the outcomes of so many copies."""
        told = []
        for one in asked:
            copies = self.cards(self.deck(one["settings"]), one.get("copies", 1))
            cards = []
            for number, card in enumerate(one["cards"]):
                for copy in copies:
                    # Fuzz depends on the card and on the number of its repetitions.
                    self.place(copy, {**card, "reps": 1 + number})
                cards.append([self.outcomes(copy) for copy in copies])
            told.append(cards)
        return told

    def leeches(self, threshold: int, most: int) -> list[int]:
        """The lapses at which a card becomes a leech."""
        from anki.scheduler.v3 import CardAnswer

        deck = self.deck({"lapse.leechFails": threshold, "lapse.leechAction": 0})
        found = []
        for lapses in range(1, most + 1):
            (card,) = self.cards(deck, 1)
            review = {"state": "review", "stability": 5.0, "difficulty": 5.0, "interval": 5}
            self.place(card, {**review, "elapsed": 5, "lapses": lapses - 1})
            self.col.decks.select(deck)
            queued = self.col.sched.get_queued_cards().cards[0]
            given = self.col.get_card(queued.card.id)
            given.start_timer()
            answer = self.col.sched.build_answer(
                card=given, states=queued.states, rating=CardAnswer.AGAIN
            )
            if self.col.sched.answer_card(answer) and self.col.get_card(card).queue == -1:
                found.append(lapses)
            self.col.remove_notes_by_card([card])
        return found

    def day(self, asked: dict[str, Any]) -> list[str]:
        """The names of the cards in the order of asking, each answered Easy; the first deck's."""
        from anki.scheduler.v3 import CardAnswer

        decks = {name: self.deck(settings, name) for name, settings in asked["decks"].items()}
        names: dict[int, str] = {}
        for note in asked["notes"]:
            cards = self.cards(decks[note["deck"]], 1, siblings=len(note["cards"]) == 2)
            for card, (name, state) in zip(cards, note["cards"].items(), strict=True):
                self.place(card, state)
                names[card] = name
        self.col.decks.select(next(iter(decks.values())))
        order = []
        while queued := self.col.sched.get_queued_cards().cards:
            first = queued[0]
            order.append(names[first.card.id])
            card = self.col.get_card(first.card.id)
            card.start_timer()
            answer = self.col.sched.build_answer(
                card=card, states=first.states, rating=CardAnswer.EASY
            )
            self.col.sched.answer_card(answer)
        return order

    def cutoffs(self) -> list[int]:
        """For each rollover hour, the instant at which the next day begins."""
        found = []
        for hour in range(24):
            preferences = self.col.get_preferences()
            preferences.scheduling.rollover = hour
            self.col.set_preferences(preferences)
            found.append(int(self.col._backend.sched_timing_today().next_day_at))
        return found


def main() -> None:
    """Answer one question of each kind that is asked."""
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(folder)
        told: dict[str, Any] = {"now": time.time()}
        if "states" in asked:
            told["states"] = engine.states(asked["states"])
        if "leeches" in asked:
            told["leeches"] = [engine.leeches(*one) for one in asked["leeches"]]
        if "days" in asked:
            told["days"] = [engine.day(one) for one in asked["days"]]
        if "cutoffs" in asked:
            told["cutoffs"] = engine.cutoffs()
        engine.col.close()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
