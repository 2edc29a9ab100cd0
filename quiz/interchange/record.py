"""One record of a review log: from its fields to a `Review`, with everything wrong in it, and back.

Pure; knows nothing of files. A field's value is of JSON's types, or the text of a CSV cell.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from quiz.language import _
from quiz.model.review import Rating, Review, ReviewKind

DayOf = Callable[[datetime], date]
"""The study day of an instant."""

ALIASES = {
    "card": "card_id",
    "rating": "review_rating",
    "time": "review_time",
    "duration": "review_duration",
}
"""Field names of py-fsrs that are understood as well."""

COLUMNS = (
    *("card", "rating", "time", "duration", "id", "day", "kind", "attempts", "hints", "answer"),
    *("verdict", "share", "device", "due", "algorithm", "weights"),
)
"""Every field, in the order in which they are written."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_YEAR = 9998
_LARGEST = 2**53
"""Numbers beyond it lose digits in other programs' JSON."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong in one field."""

    field: str
    """As it is written in the record; the usual name where it is missing."""
    message: str


def review_of(fields: Mapping[str, object], day_of: DayOf) -> Review | tuple[Wrong, ...]:
    """The review that a record means, or all that is wrong with it.

    Without an `id` it gets one that follows from its content; without a `day`, that of `day_of`.
    """
    record = _Record(fields)
    given_day = record.optional("day", None, _day)
    review = Review(
        id="",
        question=record.required("card", "", _card),
        time=record.required("time", _EPOCH, _instant),
        day=given_day or date.min,
        rating=record.required("rating", Rating.AGAIN, _rating),
        duration=record.optional("duration", 0, _whole),
        kind=record.optional("kind", ReviewKind.REVIEW, _kind),
        attempts=record.optional("attempts", 0, _whole),
        hints=record.optional("hints", 0, _whole),
        answer=record.optional("answer", "", _text),
        verdict=record.optional("verdict", "", _text),
        share=record.optional("share", None, _share),
        device=record.optional("device", "", _text),
        due=record.optional("due", None, _instant),
        algorithm=record.optional("algorithm", "", _text),
        weights=record.optional("weights", 0, _whole),
    )
    identity = record.optional("id", "", _identity)
    if record.wrong:
        return tuple(record.wrong)
    return replace(
        review,
        id=identity or _derived_id(review),
        day=given_day or day_of(review.time),
    )


def fields_of(review: Review) -> dict[str, object]:
    """The record that reads back as `review`; None or empty text where a field may be left out."""
    return {
        "card": review.question,
        "rating": int(review.rating),
        "time": _written(review.time),
        "duration": review.duration,
        "id": review.id,
        "day": review.day.isoformat(),
        "kind": None if review.kind is ReviewKind.REVIEW else review.kind.value,
        "attempts": review.attempts or None,
        "hints": review.hints or None,
        "answer": review.answer,
        "verdict": review.verdict,
        "share": review.share,
        "device": review.device,
        "due": None if review.due is None else _written(review.due),
        "algorithm": review.algorithm,
        "weights": review.weights or None,
    }


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


class _Record:
    """Fields taken one by one; what is wrong is collected, and a stand-in returned instead."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.wrong: list[Wrong] = []
        self._fields = fields

    def required(self, name: str, stand_in: _Value, convert: Callable[[object], _Value]) -> _Value:
        if self._value(self._written(name)) is None:
            self.wrong.append(Wrong(name, _said(name, _("is missing"))))
        return self.optional(name, stand_in, convert)

    def optional(self, name: str, default: _Value, convert: Callable[[object], _Value]) -> _Value:
        written = self._written(name)
        value = self._value(written)
        if value is None:
            return default
        try:
            return convert(value)
        except ValueError as error:
            self.wrong.append(Wrong(written, _said(written, str(error))))
            return default

    def _value(self, written: str) -> object:
        return self._fields.get(written)

    def _written(self, name: str) -> str:
        alias = ALIASES.get(name, name)
        return alias if alias in self._fields and name not in self._fields else name


def _said(name: str, what: str) -> str:
    return _("`{field}` {what}").format(field=name, what=what)


def _derived_id(review: Review) -> str:
    """An id in the form of a UUIDv7: the time, then a hash of the record instead of chance.

    The study day is left out of it: it depends on where the learner is, not on the review.
    """
    micros = (review.time - _EPOCH) // timedelta(microseconds=1)
    content = {key: value for key, value in fields_of(review).items() if key not in ("id", "day")}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
    chance = int.from_bytes(digest[:10], "big")
    low = chance & ((1 << 62) - 1)
    high = chance >> 62 & 0xFFF
    return str(UUID(int=micros // 1000 << 80 | 7 << 76 | high << 64 | 2 << 62 | low))


# One field's value: what it means, or a `ValueError` that ends the sentence "`field` …".


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(_("must be text"))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(_("is not valid UTF-8")) from None
    return value


def _card(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = _text(value)
    if not text.strip():
        raise ValueError(_("is empty"))
    return text


def _whole(value: object) -> int:
    if isinstance(value, str):
        with suppress(ValueError):
            value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # as programs write it that know one kind of number
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(_("must be a whole number, not {value}").format(value=_shown(value)))
    if not 0 <= value < _LARGEST:
        raise ValueError(_("is out of range: {value}").format(value=_shown(value)))
    return value


def _rating(value: object) -> Rating:
    try:
        return Rating(_whole(value))
    except ValueError:
        said = _("must be 1 (again), 2 (hard), 3 (good) or 4 (easy), not {value}")
        raise ValueError(said.format(value=_shown(value))) from None


def _share(value: object) -> float | None:
    if isinstance(value, str):
        with suppress(ValueError):
            value = float(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(_("must be a number, not {value}").format(value=_shown(value)))
    if math.isnan(value) or not 0 <= value <= 1:
        raise ValueError(_("must be from 0 to 1, not {value}").format(value=_shown(value)))
    return float(value)


def _instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(text := _text(value))
    except ValueError:
        said = _("must be ISO 8601, as 2026-03-29T20:32:32.250+00:00, not {value}")
        raise ValueError(said.format(value=_shown(value))) from None
    if found.tzinfo is None:
        said = _("has no offset: write {time}Z if it is UTC, or {time}+09:00")
        shown = text if len(text) > len("2026-03-29") else f"{text}T12:00:00"
        raise ValueError(said.format(time=shown))
    if not _EPOCH.year < found.year <= _LAST_YEAR:
        raise ValueError(_("is out of range: {value}").format(value=_shown(text)))
    return found.astimezone(UTC)


def _day(value: object) -> date:
    text = _text(value)
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = _("must be a date, as 2026-03-29, not {value}")
        raise ValueError(said.format(value=_shown(text))) from None


def _kind(value: object) -> ReviewKind:
    try:
        return ReviewKind(_text(value))
    except ValueError:
        said = _("must be review or cram, not {value}")
        raise ValueError(said.format(value=_shown(value))) from None


def _identity(value: object) -> str:
    try:
        return str(UUID(_text(value)))
    except ValueError:
        raise ValueError(_("must be a UUID, not {value}").format(value=_shown(value))) from None


def _shown(value: object) -> str:
    # Never the whole of a large value, and never a number too long to be printed.
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**40:
        return _("so large a number")
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 40 else f"{text[:39]}…"
