"""Ids of log entries: UUIDv7, so that they are unique across machines and sort by time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import uuid_utils

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BELOW_TIME = 80
"""Bits of an id after its millisecond."""
_lock = threading.Lock()
_last = 0


def new_id(now: datetime) -> str:
    """A fresh UUIDv7 that carries `now` (aware, to the millisecond).

    Within a process, ids of the same millisecond grow in the order they were asked for. A clock
    that is set back is followed: the log is ordered by (time, id), never by id alone.
    """
    global _last
    nanoseconds = (now - _EPOCH) // timedelta(microseconds=1) * 1000
    with _lock:
        fresh = uuid_utils.uuid7(nanoseconds=nanoseconds).int
        if fresh >> _BELOW_TIME == _last >> _BELOW_TIME and fresh <= _last:
            fresh = _last + 1
        _last = fresh
    return str(uuid_utils.UUID(int=fresh))
