"""Ids of log entries: UUIDv7, so that they are unique across machines and sort by time.

Among their random bits stands a sign of the device, by which a log that was joined from several
machines tells who saw an edit of the cards when, and in those of relinks one of the text that
moved (`quiz.model.log`). Ids without them are as good.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import uuid_utils

from quiz.model.log import SIGN, TEXT

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BELOW_TIME = 80
"""Bits of an id after its millisecond."""
_BELOW_SIGN = 24
"""Bits after the sign. The first of them is 0 at the beginning of a millisecond, so that what is
counted on does not reach the sign."""
_lock = threading.Lock()
_last: dict[str, int] = {}
"""The latest id of each device, as a number."""


def new_id(now: datetime, device: str = "", text: str = "") -> str:
    """A fresh UUIDv7 that carries `now` (aware, to the millisecond) and the signs of a device and
    of a text.

    Within a process, a device's ids of the same millisecond grow in the order they were asked for,
    but those that are about a text. A clock that is set back is followed: the log is ordered by
    (time, id), never by id alone.
    """
    nanoseconds = (now - _EPOCH) // timedelta(microseconds=1) * 1000
    with _lock:
        fresh = uuid_utils.uuid7(nanoseconds=nanoseconds).int
        if device:
            fresh = _signed(fresh & ~(1 << _BELOW_SIGN - 1), SIGN, device)
        if text:
            return str(uuid_utils.UUID(int=_signed(fresh, TEXT, text)))
        last = _last.get(device, 0)
        if fresh >> _BELOW_TIME == last >> _BELOW_TIME and fresh <= last:
            fresh = last + 1
        _last[device] = fresh
    return str(uuid_utils.UUID(int=fresh))


def _signed(number: int, place: slice, sign: str) -> int:
    """An id, as a number, with the sign at that place."""
    plain = str(uuid_utils.UUID(int=number))
    return uuid_utils.UUID(plain[: place.start] + sign + plain[place.stop :]).int
