"""Merge conflicts that were saved before they were resolved.

What stands between the marks is two texts of one thing: neither is asked, and no history goes to
either, until the author has chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from quiz.deck.document import BlockKind, Document, read_document
from quiz.deck.sections import is_role

_OURS = re.compile(r"<{7}(?: |$)")
_BASE = re.compile(r"\|{7}(?: |$)")
_BETWEEN = re.compile(r"={7}$")
_END = re.compile(r">{7}(?: |$)")


class Conflict(NamedTuple):
    """The lines of one conflict, from 0, half open, its marks included."""

    start: int
    other: int
    """Where what is not ours begins: the mark below our side."""
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Whether one of its sides has any of these lines."""
        return self.start + 1 < end and start < self.end - 1


def without_conflicts(document: Document, text: str) -> tuple[Document, tuple[Conflict, ...]]:
    """The document of `text` as it reads with our side of each conflict, and the conflicts."""
    found = tuple(one for one in _conflicts(document.lines) if not _is_shown(document, one))
    if not found:
        return document, ()
    lines = text.split("\n")
    for one in found:
        lines[one.start] = ""
        lines[one.other : one.end] = [""] * (one.end - one.other)
    return replace(read_document("\n".join(lines)), lines=document.lines), found


def _conflicts(lines: Iterable[str]) -> Iterator[Conflict]:
    start = other = -1
    is_split = False
    for at, line in enumerate(lines):
        if line[:1] not in ("<", "|", "=", ">"):
            continue
        if _OURS.match(line):
            start, other, is_split = at, -1, False
        elif start >= 0 and not is_split and (_BASE.match(line) or _BETWEEN.match(line)):
            other = at if other < 0 else other
            is_split = bool(_BETWEEN.match(line))
        elif is_split and _END.match(line):
            yield Conflict(start, other, at + 1)
            start, is_split = -1, False


def _is_shown(document: Document, one: Conflict) -> bool:
    """Whether it is an example: all of it stands in one block of code, which no program reads."""
    for start, end in document.literal_within(0, one.start + 1):
        if start < one.start and one.end < end:
            return not any(
                block.kind is BlockKind.FENCE and block.start == start and is_role(block.info)
                for block in document.blocks
            )
    return False
