"""A year of reviews, a column a week; the number of reviews by shade and by glyph.

Where there is little height, two days share a cell, one above the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len, set_cell_size
from textual.color import Color
from textual.content import Content
from textual.widget import Widget

from quiz.language import _
from quiz.tui.wording import short_month, short_weekday

_GLYPHS = "·░▒▓█"
_COLOURS = ("$foreground 30%", "$success 55%", "$success 70%", "$success 85%", "$success")
_QUIET = "$foreground 60%"
_NAMED = (0, 2, 4, 6)
"""Weekdays that are written beside their row; Monday is 0."""
_MARGIN = 5
"""Cells left of the weeks."""
_WEEKS = 53
_ROWS = 9
"""Lines of the whole picture: months, days, and what the shades mean."""
_DENSE = (0.0, 0.4, 0.6, 0.8, 1.0)
"""Strength of the colour by shade, where it alone tells how many."""


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
        if self.content_size.height < _ROWS:
            return self._dense()
        # A cell of a terminal is half as wide as high: two of them make a square. The whole year
        # is worth more than squares.
        room = self.content_size.width - _MARGIN
        step = next((step for step in (3, 2) if room >= step * _WEEKS), 1)
        starts, top = self._starts(step), self._top
        lines = [self._months(starts, step)]
        for weekday in range(7):
            cells = [self._cell(start + timedelta(days=weekday), top, step) for start in starts]
            lines.append(Content.assemble(_beside(weekday), *_runs(cells)))
        lines.append(
            Content.assemble(
                (f"{' ' * _MARGIN}{_('less')} ", _QUIET),
                *((f"{glyph} ", colour) for glyph, colour in zip(_GLYPHS, _COLOURS, strict=True)),
                (_("more (most: {n})").format(n=top), _QUIET),
            )
        )
        return Content("\n").join(lines)

    def _dense(self) -> Content:
        """Half a cell a day: Monday above Tuesday, and so on."""
        starts, top = self._starts(1), self._top
        behind = self.background_colors[1]
        full = Color.parse(self.app.theme_variables["success"])
        shades = [behind.blend(full, strength).hex6 for strength in _DENSE]
        lines = [self._months(starts, 1)]
        for weekday in range(0, 7, 2):
            days = [start + timedelta(days=weekday) for start in starts]
            pairs = [(self._shade(day, top), self._below(day, top)) for day in days]
            cells = [_pair(*pair, shades) for pair in pairs]
            lines.append(Content.assemble(_beside(weekday), *_runs(cells)))
        said = Content.styled(f"  {_('most: {n} a day').format(n=top)}", _QUIET)
        if _MARGIN + len(starts) + said.cell_length <= self.content_size.width:
            lines[-1] = Content.assemble(lines[-1], said)
        return Content("\n").join(lines)

    def _starts(self, step: int) -> list[date]:
        """The Mondays of the weeks that are shown."""
        weeks = max(1, min(_WEEKS, (self.content_size.width - _MARGIN) // step))
        monday = self._today - timedelta(days=self._today.weekday())
        return [monday - timedelta(weeks=weeks - 1 - n) for n in range(weeks)]

    def _months(self, starts: list[date], step: int) -> Content:
        """The names of the months, each above its first week, as far as there is room.

        The first may be there by a week alone: it gives way to the one that follows.
        """
        gap, line = " " * min(step, 2), " " * _MARGIN
        named = [
            (_MARGIN + step * n, short_month(start.month))
            for n, start in enumerate(starts)
            if n == 0 or start.month != starts[n - 1].month
        ]
        if len(named) > 1 and named[0][0] + cell_len(named[0][1] + gap) > named[1][0]:
            del named[0]
        for at, name in named:
            if cell_len(line) <= at <= self.content_size.width - cell_len(name):
                line = f"{set_cell_size(line, at)}{name}{gap}"
        return Content.styled(line.rstrip(), _QUIET)

    @property
    def _top(self) -> int:
        return max(self._by_day.values(), default=0)

    def _shade(self, day: date, top: int) -> int:
        return shade(self._by_day.get(day, 0), top) if day <= self._today else -1

    def _below(self, day: date, top: int) -> int:
        return self._shade(day + timedelta(days=1), top) if day.weekday() < 6 else -1

    def _cell(self, day: date, top: int, step: int) -> tuple[str, str]:
        level = self._shade(day, top)
        if level < 0:
            return " " * step, ""
        glyph = _GLYPHS[level]
        drawn = glyph * max(1, step - 1) if level else glyph
        return drawn.ljust(step), _COLOURS[level]


def shade(number: int, top: int) -> int:
    """0 for none, else 1 to 4 by the share of the busiest day."""
    if number <= 0 or top <= 0:
        return 0
    return min(4, 1 + (4 * number - 1) // top) if number < top else 4


def _beside(weekday: int) -> Content:
    """What stands before a row of days."""
    name = short_weekday(weekday) if weekday in _NAMED else ""
    return Content.styled(set_cell_size(name, _MARGIN), _QUIET)


def _pair(above: int, below: int, shades: list[str]) -> tuple[str, str]:
    """Two days in one cell, and its colours; -1 is no day at all."""
    if above <= 0 and below <= 0:
        return " " if above < 0 else "·", _COLOURS[0]
    if below <= 0:
        return "▀", shades[above]
    if above <= 0:
        return "▄", shades[below]
    return "▀", f"{shades[above]} on {shades[below]}"


def _runs(cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Neighbours of the same colours as one: a page paints each piece by itself."""
    for colours, run in groupby(cells, key=itemgetter(1)):
        yield "".join(text for text, _colours in run), colours
