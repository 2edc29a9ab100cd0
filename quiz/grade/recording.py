"""What solutions computed, kept: the same job gives the same results, so it is done once.

A reference jail runs the card's code alone. What it says follows from what it was told (the
program, the seed, the device, and later the judge's questions), so that a second answer to the same
question under the same seed needs no second reference. A conversation is known by a digest of all
that the jail has been told so far; what it said then, until it was told more, is kept as it came.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b

from quiz.grade.protocol import ProtocolError, decode

_MOST = 4 << 20
"""Bytes of frames that are kept in all: those of some hundred solutions."""
_SHARE = 4
"""What takes more than one part in so many of that is not kept."""
_LONGEST = 1 << 20
"""Bytes of a last frame that is looked into: those that matter are small."""


class Recordings:
    """The latest conversations, as far as they fit into `most` bytes."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._held = 0
        self._said: OrderedDict[bytes, tuple[bytes, ...]] = OrderedDict()

    def said(self, mark: bytes) -> tuple[bytes, ...] | None:
        """What a jail that had been told `mark` said then; None where that is not known."""
        found = self._said.get(mark)
        if found is not None:
            self._said.move_to_end(mark)
        return found

    def keep(self, mark: bytes, frames: Iterable[bytes]) -> None:
        """Remember all that was said at `mark`; the oldest is forgotten for it."""
        kept = tuple(frames)
        size = sum(map(len, kept))
        if size > self._most // _SHARE:
            return
        self._held += size - sum(map(len, self._said.pop(mark, ())))
        self._said[mark] = kept
        while self._held > self._most:
            _, oldest = self._said.popitem(last=False)
            self._held -= sum(map(len, oldest))


class Conversation:
    """One reference's part in one grade, live or recalled."""

    def __init__(self, recordings: Recordings) -> None:
        self._recordings = recordings
        self._mark = b""
        self._said: list[bytes] = []
        self.told: list[bytes] = []
        """All frames for the jail, in order."""
        self.recalled = 0
        """Frames that were taken from the recordings: a jail started after them says them again."""

    def tell(self, frame: bytes) -> tuple[bytes, ...] | None:
        """Note what the jail is told; what it would say, where that is known."""
        if self._said:
            self._recordings.keep(self._mark, self._said)
        self.told.append(frame)
        self._mark = blake2b(self._mark + frame, digest_size=32).digest()
        self._said = []
        known = self._recordings.said(self._mark)
        self.recalled += len(known or ())
        return known

    def hear(self, frames: Iterable[bytes]) -> None:
        """Note what a live jail says; its last word completes the recording."""
        self._said += frames
        if self._said and _is_last(self._said[-1]):
            self._recordings.keep(self._mark, self._said)


def _is_last(frame: bytes) -> bool:
    if len(frame) > _LONGEST:
        return False
    try:
        return decode(frame).type == "done"
    except ProtocolError:
        return False
