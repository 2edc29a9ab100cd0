"""Tables no wider than what they hold, their columns aligned as the card says."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Markdown

from quiz.tui.markdown import parser

if TYPE_CHECKING:
    from textual.widgets._markdown import MarkdownTable
else:
    MarkdownTable = Markdown.BLOCKS["table_open"]

_STYLE = "text-align:"


class Table(MarkdownTable):
    """A table of a card's text. Textual's own fills the page, and aligns everything to the left."""

    DEFAULT_CSS = """
    Table .-center { text-align: center; }
    Table .-right { text-align: right; }
    """

    def compose(self) -> ComposeResult:
        """The table that Textual draws."""
        yield from super().compose()
        columns = zip(self._headers, *self._rows, strict=False)
        # Beside each cell a blank on either side and a line, and one more line at the end.
        self.styles.max_width = 1 + sum(3 + max(c.cell_length for c in cells) for cells in columns)

    def on_mount(self) -> None:
        """Align the cells, row by row."""
        heads = (t for t in parser().parse(self.source or "") if t.type == "th_open")
        sides = [str(head.attrs.get("style", _STYLE)).removeprefix(_STYLE) for head in heads]
        for cell, side in zip(self.query(".header, .cell"), cycle(sides)):
            cell.set_class(bool(side), f"-{side}")
