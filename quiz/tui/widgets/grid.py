"""Tensors drawn as coloured grids.

Colour tells sign and magnitude; a cell beyond tolerance is marked with `≠` as well, so that
nothing is said by colour alone.
"""

from __future__ import annotations

import math

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from quiz.language import _
from quiz.model.verdict import Grid

POSITIVE = "#3f8fd9"
NEGATIVE = "#d9782f"
MARK = "≠"


def grid_content(grid: Grid) -> Content:
    """The grid as lines of right-aligned, coloured cells."""
    if not grid.cells or not any(grid.cells):
        return Content.styled(_("(empty)"), "dim")
    marked = any(any(row) for row in grid.differs)
    width = max(cell_len(cell) for row in grid.cells for cell in row)
    largest = max(
        (abs(v) for row in grid.values for v in row if math.isfinite(v)),
        default=0.0,
    )
    lines = [
        Content.assemble(
            *(
                _cell(text, value, differs, width, largest, marked)
                for text, value, differs in zip(cells, values, differences, strict=True)
            )
        )
        for cells, values, differences in zip(grid.cells, grid.values, grid.differs, strict=True)
    ]
    return Content("\n").join(lines)


def _cell(
    text: str, value: float, differs: bool, width: int, largest: float, marked: bool
) -> Content:
    padded = " " * (width - cell_len(text) + 1) + text
    mark = (MARK if differs else " ") if marked else " "
    style = f"{'bold underline ' if differs else ''}{_background(value, largest)}".strip()
    return Content.styled(padded + mark, style)


def _background(value: float, largest: float) -> str:
    """Stronger with magnitude; none for zero."""
    if math.isnan(value):
        return "on $warning 35%"
    if value == 0 or largest == 0:
        return ""
    share = 1.0 if math.isinf(value) else abs(value) / largest
    return f"on {POSITIVE if value > 0 else NEGATIVE} {10 + 40 * share:.0f}%"


class GridPair(Container):
    """What was expected beside what came, or below it where there is no room."""

    DEFAULT_CSS = """
    GridPair {
        height: auto;
        layout: horizontal;
        overflow-x: auto;
        scrollbar-size-horizontal: 1;
        & > Static { width: auto; height: auto; margin: 0 2 0 0; }
        & > Static:last-of-type { margin: 0; }
        &.-stacked { layout: vertical; }
        &.-stacked > Static { margin: 0 0 1 0; }
        &.-stacked > Static:last-of-type { margin: 0; }
    }
    """

    def __init__(self, expected: Grid | None, got: Grid | None) -> None:
        super().__init__()
        self._parts = [
            Content.assemble(
                (f"{label} {grid.part}".rstrip(), "$foreground 60%"), "\n", grid_content(grid)
            )
            for label, grid in ((_("expected"), expected), (_("got"), got))
            if grid is not None
        ]
        widths = [max(cell_len(line) for line in part.plain.split("\n")) for part in self._parts]
        self._room = sum(widths) + 2 * (len(widths) - 1)

    def compose(self) -> ComposeResult:
        for part in self._parts:
            yield Static(part)

    def on_resize(self, event: Resize) -> None:
        self.set_class(self._room > event.size.width, "-stacked")
