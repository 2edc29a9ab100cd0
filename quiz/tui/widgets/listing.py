"""Code to read: no line is cut off, and a broken one can be told from two."""

from __future__ import annotations

from functools import lru_cache

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets.markdown import MarkdownFence

_SIGN = "╰ "
"""Begins what belongs to the line above."""
_DEEPER = 4


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
            return Content("\n").join(part for line in lines for part in broken(line, width))

        self._at_width = at_width
        self.refresh(layout=True)

    def render(self) -> Content:
        return self._at_width(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._at_width(width).plain.count("\n") + 1


class CodeFence(MarkdownFence):
    """A fence whose lines are broken where Textual's own would have to be scrolled by mouse."""

    def compose(self) -> ComposeResult:
        yield Listing(self._highlighted_code)

    def set_content(self, content: Content) -> None:
        self._content = content
        for listing in self.query(Listing):
            listing.show(content)


def broken(line: Content, width: int) -> list[Content]:
    """A line of code in lines of at most `width` cells, broken between words where it can be.

    All but the first are indented further than it, behind a sign; `+` and `-` of a comparison are
    no part of it.
    """
    if line.cell_length <= width:
        return [line]
    indent = len(line.plain) - len(line.plain.lstrip(" +-"))
    hang = min(indent + _DEEPER, max(width // 3, len(_SIGN)))
    sign = Content.styled(_SIGN, "$text-muted").pad_left(hang - len(_SIGN))
    parts, room, rest = [], max(width, 2), line
    while rest.cell_length > room:
        cut = _cut(rest, room, indent)
        parts.append(rest[:cut])
        room, indent, rest = max(width - hang, 2), 0, rest[cut:]
    parts.append(rest)
    return [parts[0], *(sign + part for part in parts[1:])]


def _cut(line: Content, room: int, indent: int) -> int:
    """How many characters of the line stand in that many cells: whole words, if that is much."""
    most = len(line.fold(room)[0].plain)
    word = line.plain.rfind(" ", 0, most) + 1
    return word if word > indent + (most - indent) // 3 else most
