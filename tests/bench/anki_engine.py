"""The same work done by Anki's own engine: `python anki_engine.py CARDS REVIEWS RATINGS FOLDER`.

It is under the AGPL, so that nothing but this file and the oracles of the tests touch it.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any


def _milliseconds(action: Callable[[], object], count: int) -> list[float]:
    found = []
    for _ in range(count):
        began = time.perf_counter()
        action()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def _fill(path: Path, model: int, today: int, cards: int, reviews: int) -> None:
    """Notes, cards in review and their log, written as rows: by the engine it takes hours."""
    now = int(time.time())
    first = (now - 400 * 86_400) * 1000
    rows = range(cards)
    data = json.dumps({"s": 30.0, "d": 5.0, "dr": 0.9, "decay": 0.1542, "lrt": now - 30 * 86_400})
    with closing(sqlite3.connect(path)) as db:
        db.executemany(
            "insert into notes values (?,?,?,?,-1,'',?,?,0,0,'')",
            (
                (first + n, f"g{n}", model, now, f"What is {n}?\x1fIt is {n}.", f"What is {n}?")
                for n in rows
            ),
        )
        db.executemany(
            "insert into cards values (?,?,1,0,?,-1,2,2,?,30,2500,?,0,0,0,0,0,?)",
            ((first + n, first + n, now, today + n % 60 - 30, reviews, data) for n in rows),
        )
        db.executemany(
            "insert into revlog values (?,?,-1,3,30,20,2500,8000,1)",
            ((first + n * reviews + k, first + n) for n in rows for k in range(reviews)),
        )
        db.commit()


def main() -> None:
    """Measure, and tell."""
    from anki.collection import Collection
    from anki.scheduler.v3 import CardAnswer

    cards, reviews, ratings = map(int, sys.argv[1:4])
    path = Path(sys.argv[4]) / "collection.anki2"
    col: Any = Collection(str(path))
    col.set_config("fsrs", True)
    options = col.decks.config_dict_for_deck_id(1)
    options["rev"]["perDay"] = 9999
    col.decks.update_config(options)
    model, today = col.models.by_name("Basic")["id"], col.sched.today
    col.close()
    _fill(path, model, today, cards, reviews)
    figures = {}

    def timed(name: str, action: Callable[[], object]) -> object:
        began = time.perf_counter()
        result = action()
        figures[f"{name}, s"] = time.perf_counter() - began
        return result

    opened: Any = timed("open", lambda: Collection(str(path)))
    col = opened
    timed("session, first question", col.sched.get_queued_cards)
    saved, asked = [], []
    for _ in range(ratings):
        began = time.perf_counter()
        queued = col.sched.get_queued_cards().cards[0]
        card = col.get_card(queued.card.id)
        card.start_timer()
        asked.append((time.perf_counter() - began) * 1000)
        answer = col.sched.build_answer(card=card, states=queued.states, rating=CardAnswer.GOOD)
        began = time.perf_counter()
        col.sched.answer_card(answer)
        saved.append((time.perf_counter() - began) * 1000)
    saved.sort()
    figures["rating to disk, median ms"] = statistics.median(saved)
    figures["rating to disk, p99 ms"] = saved[round(0.99 * (ratings - 1))]
    figures["next question, median ms"] = statistics.median(asked)
    figures["undo, median ms"] = statistics.median(_milliseconds(col.undo, 10))
    timed("search for a word", lambda: col.find_cards("54321"))
    timed("statistics", lambda: col._backend.graphs(search="", days=0))
    timed("decks with counts", col.sched.deck_due_tree)
    col.close()
    figures["database, MB"] = path.stat().st_size / 1e6
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
