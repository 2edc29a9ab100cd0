"""A line of source as a learner reads it, with marks under the part that is meant. Pure."""

from __future__ import annotations

import unicodedata

_WIDE = 160
"""Characters of a line of source that are shown."""


def columns(text: str, column: int, end: int | None) -> tuple[int, int]:
    """Columns as the compiler counts them, in bytes of UTF-8, as characters of the line."""
    raw = text.encode("utf-8", "replace")
    start = len(raw[: column - 1].decode("utf-8", "replace"))
    return start, len(raw[:end].decode("utf-8", "replace")) if end is not None else len(text)


def pointed(text: str, start: int, stop: int, *, whole: bool) -> list[str]:
    """A line of source, and marks under its characters from `start` to `stop` if there are any.

    Of a long line only what is around them. `whole`: mark all of a line, too, which says little.
    """
    first = len(text) - len(text.lstrip())
    marked = start < stop and (whole or start > first or stop < len(text))
    last = len(text)
    if last - first > _WIDE:
        first = max(first, min(start, last) - _WIDE // 2) if marked else first
        last = min(last, first + _WIDE)
    before, after = "…" * (text[:first].strip() != ""), "…" * (last < len(text))
    lines = [f"    {before}{text[first:last]}{after}"]
    if marked:
        blank = "".join("\t" if c == "\t" else " " * _cells(c) for c in before + text[first:start])
        lines.append(f"    {blank}{'^' * max(1, _cells(text[start : min(stop, last)]))}")
    return lines


def _cells(text: str) -> int:
    """Columns on a terminal: Korean, its like and pictures are two wide, what combines none."""
    return sum(map(_cell, text))


def _cell(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0  # the last of these: vowels and finals of decomposed Korean
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
