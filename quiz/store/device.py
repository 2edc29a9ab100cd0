"""Which device writes to a history: its name in a shared folder, its sign in the ids of entries."""

from __future__ import annotations

import platform
from datetime import datetime

from quiz.model.log import SIGN
from quiz.store.history import History
from quiz.store.ids import new_id

_DEVICE = "device"
"""Name of the fact that holds the name."""


def name_of(history: History, now: datetime) -> str:
    """The machine's name, and a sign that no other has; made up where the history has none yet.

    A history that was copied to another machine is that of another device from then on.
    """
    host = plain(platform.node()) or "device"
    known = history.meta(_DEVICE)
    if known is None or known.rpartition("-")[0] != host:
        known = f"{host}-{new_id(now)[-8:]}"
        history.set_meta(_DEVICE, known)
    return known


def sign_of(history: History, now: datetime) -> str:
    """What the ids of this device's entries hold."""
    return name_of(history, now)[SIGN.start - SIGN.stop :]


def plain(text: str) -> str:
    """A text as part of a file's name, on every system."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in text).strip("-.")
