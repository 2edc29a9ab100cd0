"""What users of Anki expect, asked of Anki's own engine. CONTRIBUTING.md has the table."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quiz.model.review import Memory, Rating, Standing, State
from quiz.schedule.days import Calendar
from quiz.schedule.limits import Limits
from quiz.schedule.policy import Policy
from quiz.schedule.queue import Candidate, DayQueue, Today
from quiz.schedule.replay import is_leech
from quiz.schedule.scheduler import Scheduler

pytestmark = pytest.mark.skipif(find_spec("anki") is None, reason="the extra `oracle` is missing")

ZONE = "Asia/Seoul"
DAY = timedelta(days=1)
CARD = {"state": "review", "stability": 20.0, "difficulty": 5.0, "interval": 20, "elapsed": 20}
LEARNING = {"stability": 2.0, "difficulty": 5.0}
NEW: dict[str, Any] = {"state": "new"}

STEPS: dict[str, tuple[list[int], list[int], dict[str, Any]]] = {
    "new": ([1, 10], [10], NEW),
    "new, one step": ([5], [], NEW),
    "new, one step of more than a day": ([2000], [], NEW),
    "first step": ([1, 10], [10], {"state": "learning", **LEARNING, "remaining": 2}),
    "last step": ([1, 10], [10], {"state": "learning", **LEARNING, "remaining": 1}),
    "before a step of days": ([1, 10, 4320], [], {"state": "learning", **LEARNING, "remaining": 2}),
    "in a step of a day": ([1, 10, 1440], [], {"state": "learning", **LEARNING, "remaining": 1}),
    "lapse": ([1, 10], [10], CARD),
    "relearning": (
        [1, 10],
        [10, 30],
        {"state": "relearning", **LEARNING, "remaining": 2, "interval": 1, "lapses": 1},
    ),
    "relearning, last step": (
        [1, 10],
        [10, 30],
        {"state": "relearning", **LEARNING, "remaining": 1, "interval": 1, "lapses": 1},
    ),
}
"""Learning and relearning steps in minutes, and a card."""

OPTIONS = {
    "new.perDay": 100,
    "rev.perDay": 200,
    "newMix": 0,  # new cards among the reviews
    "reviewOrder": 12,  # by relative overdueness
    "new.bury": False,
    "rev.bury": False,
}


def _alone(deck: str, **cards: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"deck": deck, "cards": {name: card}} for name, card in cards.items()]


def _reviews(count: int) -> dict[str, dict[str, Any]]:
    return {f"r{n}": {**CARD, "elapsed": 60 - n} for n in range(count)}


def _mixed(deck: str, reviews: int, new: int, **more: int) -> dict[str, Any]:
    fresh = {f"n{n}": NEW for n in range(new)}
    options = OPTIONS | {key.replace("_", "."): value for key, value in more.items()}
    return {"decks": {deck: options}, "notes": _alone(deck, **_reviews(reviews), **fresh)}


DAYS: dict[str, dict[str, Any]] = {
    "more reviews than new": _mixed("d63", 6, 3),
    "more new than reviews": _mixed("d36", 3, 6),
    "one new": _mixed("d10", 10, 1),
    "one review": _mixed("d11", 1, 10),
    "as many": _mixed("d55", 5, 5),
    "unevenly": _mixed("d74", 7, 4),
    "learning due, then the day, then learning nearly due": {
        "decks": {"learning": OPTIONS},
        "notes": _alone(
            "learning",
            **{
                f"l{minutes}": {
                    "state": "learning",
                    **LEARNING,
                    "remaining": 1,
                    "minutes": minutes,
                }
                for minutes in (-5, 10, 30, -20)
            },
            r0=CARD,
            n0=NEW,
        ),
    },
    "siblings": {
        "decks": {"siblings": OPTIONS | {"new.bury": True, "rev.bury": True}},
        "notes": [
            {"deck": "siblings", "cards": {"a1": CARD, "a2": {**CARD, "elapsed": 30}}},
            {"deck": "siblings", "cards": {"b1": NEW, "b2": NEW}},
            {"deck": "siblings", "cards": {"c1": NEW, "c2": CARD}},
            {
                "deck": "siblings",
                "cards": {
                    "d1": {"state": "learning", **LEARNING, "remaining": 1, "minutes": -5},
                    "d2": CARD,
                },
            },
        ],
    },
    "reviews beyond the limit": _mixed("over", 6, 4, new_perDay=3, rev_perDay=5),
    "new within what reviews leave": _mixed("left", 3, 4, new_perDay=3, rev_perDay=5),
    "a deck's limit below another's": {
        "decks": {"A": OPTIONS | {"rev.perDay": 4}, "A::B": OPTIONS | {"rev.perDay": 2}},
        "notes": [
            *_alone("A", **{f"a{n}": {**CARD, "elapsed": 40 - 2 * n} for n in range(4)}),
            *_alone("A::B", **{f"b{n}": {**CARD, "elapsed": 41 - 2 * n} for n in range(4)}),
        ],
    },
}


def _cards() -> list[dict[str, Any]]:
    rng = Random(6)
    cards = []
    for _ in range(40):
        stability = rng.choice([rng.uniform(0.1, 3), rng.uniform(3, 40), rng.uniform(40, 900)])
        interval = max(1, round(stability * rng.uniform(0.7, 1.5)))
        elapsed = max(1, round(interval * rng.choice([0.3, 1, 1, 1.5, 3])))
        card = {"state": "review", "interval": interval, "elapsed": elapsed, "lapses": 1}
        difficulty = round(rng.uniform(1, 10), 3)
        cards.append({**card, "stability": round(stability, 4), "difficulty": difficulty})
    return cards


CARDS = _cards()
COPIES = 25
RETENTIONS = (0.9, 0.8)


def ask(zone: str, **asked: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("oracle.py"))],
        input=json.dumps(asked),
        env={"TZ": zone},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def anki() -> dict[str, Any]:
    """Everything is asked at once: the engine takes a second to start."""
    steps = [
        {"settings": {"new.delays": learning, "lapse.delays": relearning}, "cards": [card]}
        for learning, relearning, card in STEPS.values()
    ]
    passes = [
        {"settings": {"desiredRetention": retention}, "cards": CARDS, "copies": COPIES}
        for retention in RETENTIONS
    ]
    return ask(
        ZONE,
        states=[*steps, *passes],
        leeches=[(8, 20), (5, 20)],
        days=list(DAYS.values()),
        cutoffs=True,
    )


def now_of(told: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(told["now"], UTC)


CALENDAR = Calendar(ZoneInfo(ZONE))


def memory_of(card: Mapping[str, Any], now: datetime, steps: int = 0) -> Memory | None:
    """The card as this program remembers it; `steps` is how many there are where it waits."""
    if card["state"] == "new":
        return None
    last = now - card.get("elapsed", 0) * DAY
    interval = card.get("interval", 0)
    learning = card["state"] != "review"
    due = now + timedelta(minutes=card.get("minutes", 0))
    due_day = CALENDAR.day(due) if learning else CALENDAR.day(last) + interval * DAY
    return Memory(
        State(card["state"]),
        card["stability"],
        card["difficulty"],
        due=due if learning else CALENDAR.start(due_day),
        due_day=due_day,
        last_time=last,
        last_day=CALENDAR.day(last),
        interval=0 if learning else interval,
        step=steps - card["remaining"] if learning else 0,
        lapses=card.get("lapses", 0),
    )


def minutes(steps: Sequence[int]) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=step) for step in steps)


@pytest.mark.parametrize("name", STEPS)
def test_steps_lead_where_they_lead_in_anki(anki: dict[str, Any], name: str) -> None:
    learning, relearning, card = STEPS[name]
    ((told,),) = anki["states"][list(STEPS).index(name)]
    now = now_of(anki)
    policy = Policy(learning_steps=minutes(learning), relearning_steps=minutes(relearning))
    waits_in = relearning if card["state"] == "relearning" else learning
    memory = memory_of(card, now, len(waits_in))
    options = Scheduler(policy, CALENDAR).options(memory, question="q", now=now)
    for rating, after in options.items():
        state, wait = told[rating.name.lower()]
        assert after.state == state, rating
        if state == "review":
            continue  # how many days: below
        if wait < DAY.total_seconds():
            assert (after.due - now).total_seconds() == wait, rating
        else:
            days = (after.due_day - CALENDAR.day(now)).days
            assert days == round(wait / DAY.total_seconds()), rating


@pytest.mark.parametrize("retention", RETENTIONS)
def test_intervals_of_the_buttons_are_spread_as_in_anki(
    anki: dict[str, Any], retention: float
) -> None:
    asked = anki["states"][len(STEPS) + RETENTIONS.index(retention)]
    now = now_of(anki)
    scheduler = Scheduler(Policy(desired_retention=retention), CALENDAR)
    for card, told in zip(CARDS, asked, strict=True):
        memory = memory_of(card, now)
        ours = [scheduler.options(memory, question=f"{n}", now=now) for n in range(120)]
        for rating in (Rating.HARD, Rating.GOOD, Rating.EASY):
            theirs = [days for state, days in (one[rating.name.lower()] for one in told)]
            mine = [options[rating].interval for options in ours]
            low, high = min(mine), max(mine)
            # Anki reckons with single precision; a long interval comes out a day apart.
            slack = 1 + high // 500
            where = f"{card} {rating.name}: {min(theirs)}–{max(theirs)}, here {low}–{high}"
            assert low - slack <= min(theirs), where
            assert max(theirs) <= high + slack, where
            assert max(theirs) - min(theirs) >= (high - low) / 2 - slack, where


@pytest.mark.parametrize("name", DAYS)
def test_a_day_is_asked_in_the_order_of_anki(anki: dict[str, Any], name: str) -> None:
    asked = DAYS[name]
    now = now_of(anki)
    policy = Policy(
        new_per_day=9999, reviews_per_day=9999,
        bury_siblings=any(options["new.bury"] for options in asked["decks"].values()),
    )  # fmt: skip
    limits = {
        deck.replace("::", "/"): Limits(options["new.perDay"], options["rev.perDay"])
        for deck, options in asked["decks"].items()
    }
    candidates: list[Candidate] = []
    standings: dict[str, Standing] = {}
    for number, note in enumerate(asked["notes"]):
        for question, card in note["cards"].items():
            deck = note["deck"].replace("::", "/")
            candidates.append(Candidate(question, f"{deck}/{number}", deck, len(candidates)))
            if memory := memory_of(card, now, 2):
                standings[question] = Standing(question, memory)
    queue = DayQueue(candidates, standings, Today(now, limits), policy, CALENDAR)
    scheduler = Scheduler(policy, CALENDAR)
    order = []
    while question := queue.next(now):
        order.append(question)
        before = standings.get(question) or Standing(question)
        after = scheduler.review(before.memory, question=question, rating=Rating.EASY, now=now)
        queue.answered(question, Standing(question, after))
    assert order == anki["days"][list(DAYS).index(name)]


def test_leeches_come_at_the_same_lapses(anki: dict[str, Any]) -> None:
    for told, threshold in zip(anki["leeches"], (8, 5), strict=True):
        assert told == [lapses for lapses in range(1, 21) if is_leech(lapses, threshold)]


@pytest.mark.parametrize("zone", [ZONE, "Australia/Lord_Howe"])
def test_the_day_ends_at_the_same_instant(anki: dict[str, Any], zone: str) -> None:
    told = anki if zone == ZONE else ask(zone, cutoffs=True)
    now = now_of(told)
    for hour, cutoff in enumerate(told["cutoffs"]):
        calendar = Calendar(ZoneInfo(zone), hour)
        assert calendar.start(calendar.day(now) + DAY).timestamp() == cutoff, hour
