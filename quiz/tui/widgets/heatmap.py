"""A year of reviews, a column a week; the number of reviews by shade and by glyph."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from textual.content import Content
from textual.widget import Widget

_GLYPHS = "·░▒▓█"
_COLOURS = ("$foreground 30%", "$success 55%", "$success 70%", "$success 85%", "$success")
_NAMES = ("Mon", "   ", "Wed", "   ", "Fri", "   ", "Sun")


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
        weeks = max(1, min(53, (self.size.width - 5) // 2))
        monday = self._today - timedelta(days=self._today.weekday())
        starts = [monday - timedelta(weeks=weeks - 1 - n) for n in range(weeks)]
        top = max(self._by_day.values(), default=0)
        lines = [_months(starts)]
        for weekday, name in enumerate(_NAMES):
            cells = [self._cell(start + timedelta(days=weekday), top) for start in starts]
            lines.append(Content.assemble((f"{name}  ", "$foreground 60%"), *cells))
        lines.append(
            Content.assemble(
                ("     less ", "$foreground 60%"),
                *((f"{glyph} ", colour) for glyph, colour in zip(_GLYPHS, _COLOURS, strict=True)),
                (f"more (most: {top})", "$foreground 60%"),
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
    text = [" "] * (2 * len(starts) + 4)
    last, free = 0, 0
    for column, start in enumerate(starts):
        at = 2 * column
        if start.month != last and at >= free:
            text[at : at + 3] = f"{start:%b}"
            free = at + 5
        last = start.month
    return Content.styled("     " + "".join(text).rstrip(), "$foreground 60%")
