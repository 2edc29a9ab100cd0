"""Log entries and standings to test with, made by hand or by hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from quiz.model.review import (
    Action,
    ActionKind,
    Entry,
    Memory,
    Rating,
    Review,
    ReviewKind,
    Standing,
    State,
)
from quiz.store.ids import new_id

START = datetime(2026, 3, 29, 20, 32, 32, 250001, tzinfo=UTC)


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def review(
    question: str = "ne#dtype",
    days: float = 0,
    rating: Rating = Rating.GOOD,
    kind: ReviewKind = ReviewKind.REVIEW,
) -> Review:
    time = at(days)
    return Review(new_id(time), question, time, time.date(), rating, kind=kind)


def action(
    kind: ActionKind, question: str = "ne#dtype", days: float = 0, value: str = ""
) -> Action:
    time = at(days)
    return Action(new_id(time), question, time, time.date(), kind, value)


def undo(entry: Entry, days: float = 1) -> Action:
    return action(ActionKind.UNDO, entry.question, days, entry.id)


def learned(question: str = "ne#dtype", due: date = date(2026, 4, 9), reps: int = 1) -> Standing:
    midnight = datetime(due.year, due.month, due.day, 4, tzinfo=UTC)
    memory = Memory(
        State.REVIEW, 10.5, 6.25, midnight, due, START, START.date(), 11, reps=reps, lapses=1
    )
    return Standing(question, memory)


names = st.sampled_from(
    ["ne#dtype", "eq#dtype", "자동미분/기울기#왜", "a b/c#%_'\"", "ne#dtype/c1"]
)
texts = st.text(st.characters(codec="utf-8"), max_size=40)
instants = st.datetimes(
    datetime(1971, 1, 1),
    datetime(2199, 12, 31),
    timezones=st.just(UTC),
)
days = st.dates(date(1971, 1, 1), date(2199, 12, 31))
uuids = st.integers(0, 2**128 - 1).map(lambda number: str(UUID(int=number)))
counts = st.integers(0, 2**53 - 1)

reviews = st.builds(
    Review,
    id=uuids,
    question=names,
    time=instants,
    day=days,
    rating=st.sampled_from(Rating),
    duration=counts,
    kind=st.sampled_from(ReviewKind),
    attempts=counts,
    hints=counts,
    answer=texts,
    verdict=texts,
    share=st.none() | st.floats(0, 1),
    device=texts,
    due=st.none() | instants,
    algorithm=texts,
    weights=counts,
)
actions = st.builds(
    Action,
    id=uuids,
    question=names,
    time=instants,
    day=days,
    kind=st.sampled_from([kind for kind in ActionKind if kind is not ActionKind.UNDO]),
    value=texts,
)
entries = reviews | actions

memories = st.builds(
    Memory,
    state=st.sampled_from([State.LEARNING, State.REVIEW, State.RELEARNING]),
    stability=st.floats(0.001, 36500),
    difficulty=st.floats(1, 10),
    due=instants,
    due_day=days,
    last_time=instants,
    last_day=days,
    interval=counts,
    step=counts,
    reps=counts,
    lapses=counts,
)
standings = st.builds(
    Standing,
    question=names,
    memory=st.none() | memories,
    suspended=st.booleans(),
    buried_until=st.none() | days,
    leech=st.booleans(),
)
