"""Between rows and the model's values. Pure; exact in both directions.

The columns of each kind of row stand here by name, in the order in which they are read; `name` is
the id of the row's question. Instants are microseconds since 1970 UTC, study days ISO dates, ids
the 16 bytes of their UUID.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from quiz.model.question import Kind
from quiz.model.review import (
    Action,
    ActionKind,
    Memory,
    Rating,
    Review,
    ReviewKind,
    Standing,
    State,
)
from quiz.model.snapshot import Snapshot

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_RATINGS = {rating.value: rating for rating in Rating}
_REVIEW_KINDS = {kind.value: kind for kind in ReviewKind}
_STATES = {state.value: state for state in State}

day = lru_cache(maxsize=65536)(date.fromisoformat)
"""The date of its ISO text; remembered, because few days stand in many rows."""


def micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC of an aware `instant`."""
    return (instant - EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    """The UTC instant so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micros)


def pack_id(text: str) -> bytes:
    """The 16 bytes of a UUID; `ValueError` if `text` is none."""
    return UUID(text).bytes


def unpack_id(data: bytes) -> str:
    """The UUID as text, in lower case."""
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


REVIEW = (
    "id", "name", "time", "day", "rating", "duration", "kind", "attempts", "hints", "answer",
    "verdict", "share", "device", "due", "algorithm", "weights",
)  # fmt: skip
ACTION = ("id", "name", "time", "day", "kind", "value")
MEMORY = (
    "state", "stability", "difficulty", "due", "due_day", "last_time", "last_day", "interval",
    "step", "reps", "lapses",
)  # fmt: skip
STANDING = ("name", "suspended", "buried_until", "leech", *MEMORY)
SNAPSHOT = ("name", "kind", "prompt", "answer", "explicit_anchor")


def review_row(review: Review) -> dict[str, Any]:
    """The parameters of one insertion into `review`; `name` is the question's id."""
    return {
        "id": pack_id(review.id),
        "name": review.question,
        "time": micros(review.time),
        "day": review.day.isoformat(),
        "rating": int(review.rating),
        "duration": review.duration,
        "kind": review.kind.value,
        "attempts": review.attempts,
        "hints": review.hints,
        "answer": review.answer,
        "verdict": review.verdict,
        "share": review.share,
        "device": review.device,
        "due": None if review.due is None else micros(review.due),
        "algorithm": review.algorithm,
        "weights": review.weights,
    }


def review_of(row: Sequence[Any]) -> Review:
    """From the columns of `REVIEW`."""
    (
        identity,
        question,
        time,
        study_day,
        rating,
        duration,
        kind,
        attempts,
        hints,
        answer,
        verdict,
        share,
        device,
        due,
        algorithm,
        weights,
    ) = row
    return Review(
        unpack_id(identity),
        question,
        instant(time),
        day(study_day),
        _RATINGS[rating],
        duration,
        _REVIEW_KINDS[kind],
        attempts,
        hints,
        answer,
        verdict,
        share,
        device,
        None if due is None else instant(due),
        algorithm,
        weights,
    )


def action_row(action: Action) -> dict[str, Any]:
    """The parameters of one insertion into `action`; `name` is the question's id."""
    return {
        "id": pack_id(action.id),
        "name": action.question,
        "time": micros(action.time),
        "day": action.day.isoformat(),
        "kind": action.kind.value,
        "value": action.value,
    }


def action_of(row: Sequence[Any]) -> Action:
    """From the columns of `ACTION`."""
    identity, question, time, study_day, kind, value = row
    return Action(
        unpack_id(identity), question, instant(time), day(study_day), ActionKind(kind), value
    )


def standing_row(standing: Standing) -> dict[str, Any]:
    """The parameters of one insertion into `standing`; `name` is the question's id."""
    memory = standing.memory
    row: dict[str, Any] = {
        "name": standing.question,
        "suspended": standing.suspended,
        "buried_until": standing.buried_until.isoformat() if standing.buried_until else None,
        "leech": standing.leech,
    }
    if memory is None:
        return row | dict.fromkeys(MEMORY)
    return row | {
        "state": memory.state.value,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "due": micros(memory.due),
        "due_day": memory.due_day.isoformat(),
        "last_time": micros(memory.last_time),
        "last_day": memory.last_day.isoformat(),
        "interval": memory.interval,
        "step": memory.step,
        "reps": memory.reps,
        "lapses": memory.lapses,
    }


def standing_of(row: Sequence[Any]) -> Standing:
    """From the columns of `STANDING`."""
    (
        question,
        suspended,
        buried_until,
        leech,
        state,
        stability,
        difficulty,
        due,
        due_day,
        last_time,
        last_day,
        interval,
        step,
        reps,
        lapses,
    ) = row
    memory = None
    if state is not None:
        memory = Memory(
            _STATES[state],
            stability,
            difficulty,
            EPOCH + timedelta(microseconds=due),
            day(due_day),
            EPOCH + timedelta(microseconds=last_time),
            day(last_day),
            interval,
            step,
            reps,
            lapses,
        )
    return Standing(
        question, memory, bool(suspended), day(buried_until) if buried_until else None, bool(leech)
    )


def snapshot_row(snapshot: Snapshot) -> dict[str, Any]:
    """The parameters of one insertion into `snapshot`; `name` is the question's id."""
    return {
        "name": snapshot.question,
        "kind": snapshot.kind.value,
        "prompt": snapshot.prompt,
        "answer": snapshot.answer,
        "explicit_anchor": snapshot.explicit_anchor,
    }


def snapshot_of(row: Sequence[Any]) -> Snapshot:
    """From the columns of `SNAPSHOT`."""
    question, kind, prompt, answer, explicit_anchor = row
    return Snapshot(question, Kind(kind), prompt, answer, bool(explicit_anchor))
