"""Anki's review log as entries of this one, with ids that are the same at every import.

https://docs.ankiweb.net/stats.html#manual-analysis names the columns of a line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from quiz.interchange.anki.collection import Revlog
from quiz.model.review import Action, ActionKind, Entry, Rating, Review, ReviewKind

_FILTERED, _MANUAL, _RESCHEDULED = 3, 4, 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_370_764_800_000
"""Milliseconds: the year 9999 is out of range."""
_LONGEST = 36_500
_LONGEST_DURATION = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class StudyDays:
    """What has to be known of the learner's days."""

    day_of: Callable[[datetime], date]
    """The study day of an instant."""
    start_of: Callable[[date], datetime]
    """The instant (UTC) at which a study day begins."""


def entries_of(
    lines: Iterable[Revlog], question: str, days: StudyDays
) -> tuple[list[Entry], list[Revlog]]:
    """The log of one card as entries about `question`, and the lines that hold nothing usable.

    Ratings in a filtered deck that rescheduled nothing are cram. A card that was reset is a new
    one from then on; one that was given a date is due on it. Lines of a mere recalculation of
    intervals hold no rating and are passed over.
    """
    entries: list[Entry] = []
    unusable: list[Revlog] = []
    for line in lines:
        if not 0 < line.time < _LAST:
            unusable.append(line)
        elif 1 <= line.ease <= 4 and line.type < _MANUAL:
            entries.append(_review(line, question, days))
        elif line.type == _MANUAL and not line.ease:
            entries.append(_action(line, question, days))
        elif line.type != _RESCHEDULED:
            unusable.append(line)
    return entries, unusable


def state_change(question: str, kind: ActionKind, time: datetime, days: StudyDays) -> Action:
    """An action that brings a question to the state its card has at the export."""
    key = derived_id(time, f"{question}\n{kind.value}")
    return Action(key, question, time, days.day_of(time), kind)


def instant(milliseconds: int) -> datetime:
    """A moment of Anki's."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _review(line: Revlog, question: str, days: StudyDays) -> Review:
    time = instant(line.time)
    day = days.day_of(time)
    cram = line.type == _FILTERED and not line.factor
    due: datetime | None = None
    if 0 < line.interval <= _LONGEST:
        due = days.start_of(day + timedelta(days=line.interval))
    elif line.interval < 0:
        due = time + timedelta(seconds=min(-line.interval, 86_400 * _LONGEST))
    return Review(
        id=derived_id(time, f"{question}\n{line.time}\n{line.ease}"),
        question=question,
        time=time,
        day=day,
        rating=Rating(line.ease),
        duration=min(max(0, line.duration), _LONGEST_DURATION),
        kind=ReviewKind.CRAM if cram else ReviewKind.REVIEW,
        due=None if cram else due,
    )


def _action(line: Revlog, question: str, days: StudyDays) -> Action:
    time = instant(line.time)
    day = days.day_of(time)
    if line.factor and 0 <= line.interval <= _LONGEST:
        kind, value = ActionKind.SET_DUE, (day + timedelta(days=line.interval)).isoformat()
    else:
        kind, value = ActionKind.FORGET, ""
    key = derived_id(time, f"{question}\n{line.time}\n{kind.value}")
    return Action(key, question, time, day, kind, value)


def derived_id(time: datetime, content: str) -> str:
    """An id in the form of a UUIDv7: the time, then a hash instead of chance."""
    millis = (time - _EPOCH) // timedelta(milliseconds=1)
    chance = int.from_bytes(hashlib.sha256(content.encode()).digest()[:10], "big")
    low, high = chance & ((1 << 62) - 1), chance >> 62 & 0xFFF
    return str(UUID(int=millis << 80 | 7 << 76 | high << 64 | 2 << 62 | low))
