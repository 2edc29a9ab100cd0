"""Pictures drawn with characters, each for the width it gets. Pure functions.

Every picture says its numbers in words too: nothing is told by colour or length alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from quiz.tui.wording import aligned

if TYPE_CHECKING:
    from quiz.tui.plots import Axis

Draw = Callable[[int], Content]
"""A picture for so many columns."""

POINT = "●"
QUIET = "$foreground 60%"
_LEVELS = " ▁▂▃▄▅▆▇█"
_LONGEST = 40
"""Columns of the longest bar: a longer one tells no more."""

_WIDEST = 4
"""Columns from one number to the next, where there is room."""


def bars(rows: Sequence[tuple[str, int, str]], width: int) -> Content:
    """A row for each name, number and colour of the theme: a bar, the number, its share of all."""
    total = sum(number for _name, number, _colour in rows) or 1
    top = max((number for _name, number, _colour in rows), default=0) or 1
    names = max((cell_len(name) for name, _number, _colour in rows), default=0)
    digits = len(f"{top:,}")
    room = min(_LONGEST, max(4, width - names - digits - 9))
    return Content("\n").join(
        Content.assemble(
            f"{aligned(name, names)}  ",
            (rail(number / top, room), f"${colour}"),
            f" {number:>{digits},}",
            (f" {number / total:>5.0%}", QUIET),
        )
        for name, number, colour in rows
    )


def rail(share: float, width: int) -> str:
    """A line along its share of `width` cells: one below the other, they stay apart."""
    halves = round(max(0.0, min(1.0, share)) * width * 2)
    return ("━" * (halves // 2) + "╸" * (halves % 2)).ljust(width)


def columns(
    numbers: Sequence[int], first: str, last: str, width: int, *, height: int = 6
) -> Content:
    """A column a number, the highest one's written beside it; `first` and `last` stand below."""
    top = max(numbers, default=0) or 1
    margin = len(f"{top:,}") + 1
    step = max(1, min(_WIDEST, (width - margin) // max(1, len(numbers))))
    lines = []
    for level in range(height, 0, -1):
        label = f"{top:,} " if level == height else " " * margin
        cells = "".join(
            (_level(n / top * height - level + 1) * max(1, step - 1)).ljust(step) for n in numbers
        )
        lines.append(Content.assemble((label, QUIET), (cells, "$primary")))
    across = step * len(numbers)
    axis = aligned(first, across - cell_len(last)) + last
    lines.append(Content.styled(" " * margin + axis, QUIET))
    return Content("\n").join(lines)


def _level(share: float) -> str:
    """A cell that is filled so far from below."""
    return _LEVELS[max(0, min(8, round(share * 8)))]


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Content:
    """Lines of a name and numbers: the name is cut where there is too little room."""
    sizes = [max(map(cell_len, column)) for column in zip(titles, *rows, strict=True)]
    sizes[0] = max(6, min(sizes[0], width - sum(sizes[1:]) - 2 * (len(sizes) - 1)))

    def line(cells: Sequence[str]) -> str:
        name, *numbers = cells
        if cell_len(name) > sizes[0]:
            name = f"{set_cell_size(name, sizes[0] - 1)}…"
        ends = (" " * (n - cell_len(c)) + c for c, n in zip(numbers, sizes[1:], strict=True))
        return "  ".join([aligned(name, sizes[0]), *ends])

    return Content("\n").join(
        [Content.styled(line(titles), QUIET), *(Content(line(row)) for row in rows)]
    )


def points(
    pairs: Sequence[tuple[float, float]], across: Axis, up: Axis, width: int, *, height: int = 10
) -> Content:
    """Points over two axes, and the line on which both are the same."""
    # Deferred: bars alone need no library for plots.
    from quiz.tui.plots import Curve, plot

    line = [(across.low, up.low), (across.high, up.high)]
    drawn = plot(
        [Curve(line, None), Curve(pairs, None, POINT)], across, up, height=height, width=width
    )
    parts: list[str | tuple[str, str]] = []
    for piece in drawn.rstrip().split(POINT):
        parts += [(piece, QUIET), (POINT, "bold $text-success")]
    return Content.assemble(*parts[:-1])
