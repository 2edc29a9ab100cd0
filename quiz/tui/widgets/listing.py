"""Code and tracebacks to read: no line is cut off, and a broken one can be told from two."""

from __future__ import annotations

import re
from functools import lru_cache

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets.markdown import MarkdownFence

_SIGN = "╰ "
"""Begins what belongs to the line above."""
_DEEPER = 4
_MARKS = re.compile(r"\s*[\^~]+\s*")
"""A line that marks columns of the one above it."""


class Listing(Widget):
    """Code as high as it needs to be at its width."""

    DEFAULT_CSS = "Listing { height: auto; padding: 0 1; text-wrap: nowrap; }"

    def __init__(self, code: Content) -> None:
        super().__init__()
        self.show(code)

    def show(self, code: Content) -> None:
        """Other code, or the same in other colours, from now on."""
        lines = code.split("\n", allow_blank=True)

        @lru_cache(2)
        def at_width(width: int) -> Content:
            return Content("\n").join(self._laid(lines, width))

        self._at_width = at_width
        self.refresh(layout=True)

    def _laid(self, lines: list[Content], width: int) -> list[Content]:
        return [part for line in lines for part in broken(line, width)]

    def render(self) -> Content:
        return self._at_width(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._at_width(width).plain.count("\n") + 1


class Traceback(Listing):
    """A traceback, in which marks stay under what they mark when its line is broken."""

    def __init__(self, text: str) -> None:
        super().__init__(Content(text.rstrip().expandtabs()))

    def _laid(self, lines: list[Content], width: int) -> list[Content]:
        laid: list[Content] = []
        following = [*lines[1:], Content("")]
        for line, below in zip(lines, following, strict=True):
            if laid and _MARKS.fullmatch(line.plain):
                continue
            marks = below.plain if _MARKS.fullmatch(below.plain) else ""
            laid += broken(line, width, marks)
        return laid


class CodeFence(MarkdownFence):
    """A fence whose lines are broken where Textual's own would have to be scrolled by mouse."""

    def compose(self) -> ComposeResult:
        yield Listing(self._highlighted_code)

    def set_content(self, content: Content) -> None:
        self._content = content
        for listing in self.query(Listing):
            listing.show(content)


def broken(line: Content, width: int, marks: str = "") -> list[Content]:
    """A line of code in lines of at most `width` cells, broken between words where it can be.

    All but the first are indented further than it, behind a sign; `+` and `-` of a comparison are
    no part of it. `marks` under cells of the line come under the same of the part that holds them.
    """
    if line.cell_length <= width:
        return [line, Content(marks)] if marks else [line]
    indent = len(line.plain) - len(line.plain.lstrip(" +-"))
    hang = min(indent + _DEEPER, max(width // 3, len(_SIGN)))
    sign = Content.styled(_SIGN, "$text-muted").pad_left(hang - len(_SIGN))
    parts, room, rest = [], max(width, 2), line
    while rest.cell_length > room:
        cut = _cut(rest, room, indent)
        parts.append(rest[:cut])
        room, indent, rest = max(width - hang, 2), 0, rest[cut:]
    parts.append(rest)
    shown, end = [], 0
    for number, part in enumerate(parts):
        begin, end = end, end + part.cell_length
        below = marks[begin : end if number < len(parts) - 1 else None].rstrip()
        shown.append(sign + part if number else part)
        if below:
            shown.append(Content(below).pad_left(hang if number else 0))
    return shown


def _cut(line: Content, room: int, indent: int) -> int:
    """How many characters of the line stand in that many cells: whole words, if that is much."""
    most = len(line.fold(room)[0].plain)
    word = line.plain.rfind(" ", 0, most) + 1
    return word if word > indent + (most - indent) // 3 else most
