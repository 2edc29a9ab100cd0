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
_WEEKS = 53


class Heatmap(Widget):
    """As many of the last `_WEEKS` weeks as there is room for, today the last."""

    DEFAULT_CSS = """
    Heatmap {
        height: 9; width: 1fr; border-title-color: $text-primary; border-title-style: bold;
    }
    """

    def __init__(self, by_day: Mapping[date, int], today: date) -> None:
        super().__init__()
        self.border_title = _("Reviews of the last year")
        self._by_day = by_day
        self._today = today

    def show(self, by_day: Mapping[date, int]) -> None:
        """Other numbers from now on."""
        self._by_day = by_day
        self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        # A cell of a terminal is half as wide as high: two of them make a square.
        step = 3 if width >= _MARGIN + 3 * _WEEKS else 2
        weeks = max(1, min(_WEEKS, (width - _MARGIN) // step))
        monday = self._today - timedelta(days=self._today.weekday())
        starts = [monday - timedelta(weeks=weeks - 1 - n) for n in range(weeks)]
        top = max(self._by_day.values(), default=0)
        lines = [_months(starts, step)]
        for weekday in range(7):
            name = short_weekday(weekday) if weekday in _NAMED else ""
            cells = [self._cell(start + timedelta(days=weekday), top, step) for start in starts]
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

    def _cell(self, day: date, top: int, step: int) -> Content:
        if day > self._today:
            return Content(" " * step)
        level = shade(self._by_day.get(day, 0), top)
        glyph = _GLYPHS[level]
        drawn = glyph * (step - 1) if level else glyph
        return Content.styled(drawn.ljust(step), _COLOURS[level])


def shade(number: int, top: int) -> int:
    """0 for none, else 1 to 4 by the share of the busiest day."""
    if number <= 0 or top <= 0:
        return 0
    return min(4, 1 + (4 * number - 1) // top) if number < top else 4


def _months(starts: list[date], step: int) -> Content:
    line, last = " " * _MARGIN, 0
    for column, start in enumerate(starts):
        at = _MARGIN + step * column
        if start.month != last and at >= cell_len(line):
            line = f"{set_cell_size(line, at)}{short_month(start.month)}  "
        last = start.month
    return Content.styled(line.rstrip(), "$foreground 60%")
