"""A picture in a titled frame, drawn anew for every width it gets."""

from __future__ import annotations

from functools import cache

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from quiz.tui.drawing import Draw


class Figure(Widget):
    """As high as its picture; the title stands in the frame."""

    DEFAULT_CSS = """
    Figure {
        height: auto; border: round $border; border-title-color: $text-primary;
        border-title-style: bold; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, title: str, draw: Draw, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.border_title = title
        self._draw = cache(draw)

    def show(self, draw: Draw) -> None:
        """Another picture from now on."""
        self._draw = cache(draw)
        self.refresh(layout=True)

    def render(self) -> Content:
        return self._draw(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._draw(width).plain.count("\n") + 1
