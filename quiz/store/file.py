"""What a history file says of itself: whose it is, of which version, and what it must hold.

Told by the standard library alone, so that a history can be opened before its tables are loaded.
"""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

VERSION = 1
"""Number of the newest migration; stands in the file as SQLite's `user_version`."""
APPLICATION_ID = 0x5155495A
"""SQLite's `application_id` of a history: `QUIZ` in ASCII."""
TABLES = frozenset(
    {"question", "snapshot", "review", "action", "undone", "standing", "weights", "meta"}
)
"""As `tables` declares them."""

_MAGIC = b"SQLite format 3\0"


class Kind(Enum):
    """What stands at a path."""

    ABSENT = auto()
    EMPTY = auto()
    HISTORY = auto()
    OTHER_DATABASE = auto()
    NO_DATABASE = auto()


def kind_of(path: Path) -> Kind:
    """What stands at `path`, by its first bytes, so that SQLite need not touch it."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return Kind.ABSENT
    if not head:
        return Kind.EMPTY
    if not head.startswith(_MAGIC):
        return Kind.NO_DATABASE
    ours = len(head) == 100 and int.from_bytes(head[68:72], "big") == APPLICATION_ID
    return Kind.HISTORY if ours else Kind.OTHER_DATABASE
