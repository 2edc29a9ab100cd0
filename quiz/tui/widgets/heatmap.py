"""A year of reviews, a column a week; the number of reviews by shade and by glyph."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from quiz.language import _
from quiz.tui.wording import short_month, short_weekday

_GLYPHS = "·░▒▓█"
_COLOURS = ("$foreground 30%", "$success 55%", "$success 70%", "$success 85%", "$success")
_NAMED = (0, 2, 4, 6)
"""Weekdays that are written beside their row; Monday is 0."""
_MARGIN = 5
"""Cells left of the weeks."""


class Heatmap(Widget):
    """As many of the last 53 weeks as there is room for, today the last."""

    DEFAULT_CSS = """
    Heatmap { height: 9; width: 1fr; max-width: 112; }
    """

    def __init__(self, by_day: Mapping[date, int], today: date) -> None:
        super().__init__()
        self._by_day = by_day
        self._today = today

    def render(self) -> Content:
        weeks = max(1, min(53, (self.size.width - _MARGIN) // 2))
        monday = self._today - timedelta(days=self._today.weekday())
        starts = [monday - timedelta(weeks=weeks - 1 - n) for n in range(weeks)]
        top = max(self._by_day.values(), default=0)
        lines = [_months(starts)]
        for weekday in range(7):
            name = short_weekday(weekday) if weekday in _NAMED else ""
            cells = [self._cell(start + timedelta(days=weekday), top) for start in starts]
            lines.append(
                Content.assemble((set_cell_size(name, _MARGIN), "$foreground 60%"), *cells)
            )
        lines.append(
            Content.assemble(
                (f"{' ' * _MARGIN}{_('less')} ", "$foreground 60%"),
                *((f"{glyph} ", colour) for glyph, colour in zip(_GLYPHS, _COLOURS, strict=True)),
                (_("more (most: {n})").format(n=top), "$foreground 60%"),
            )
        )
        return Content("\n").join(lines)

    def _cell(self, day: date, top: int) -> Content:
        if day > self._today:
            return Content("  ")
        level = shade(self._by_day.get(day, 0), top)
        return Content.styled(f"{_GLYPHS[level]} ", _COLOURS[level])


def shade(number: int, top: int) -> int:
    """0 for none, else 1 to 4 by the share of the busiest day."""
    if number <= 0 or top <= 0:
        return 0
    return min(4, 1 + (4 * number - 1) // top) if number < top else 4


def _months(starts: list[date]) -> Content:
    line, last = " " * _MARGIN, 0
    for column, start in enumerate(starts):
        at = _MARGIN + 2 * column
        if start.month != last and at >= cell_len(line):
            line = f"{set_cell_size(line, at)}{short_month(start.month)}  "
        last = start.month
    return Content.styled(line.rstrip(), "$foreground 60%")
