"""The only place where the present moment is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant in UTC; passed in wherever time matters."""


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)
