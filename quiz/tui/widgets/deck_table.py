"""The decks as a tree in a table, names and numbers in columns that line up in any script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType

from quiz.language import _, mark
from quiz.study.values import DeckRow
from quiz.tui.widgets.rows import Rows

SLIM = 60
"""Cells of width below which only what is due is shown."""
LONGEST = 44
"""Cells of a name: numbers further away are hard to follow to it."""


class DeckTable(Rows):
    """A row a deck, its sub-decks counted in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", mark("Start"), tooltip=mark("Review this deck"))
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, cursor_type="row", cell_padding=1)

    def fill(self, decks: Sequence[DeckRow]) -> None:
        """Show these decks, the cursor staying on the deck it is on."""
        before = self.deck
        self.clear(columns=True)
        names = tree_names(decks)
        widest = max((cell_len(name) for name in names), default=0)
        slim = self.app.size.width < SLIM
        room = max(12, min(LONGEST, self.app.size.width - (26 if slim else 40)))
        self.add_column(_("Deck"), width=min(widest, room), key="deck")
        titles: tuple[str, ...] = (_("Due"), _("Lrn"), _("New"))
        if not slim:
            titles = (_("Due"), _("Learning"), _("New"), _("All"))
        for title in titles:
            width = max(3 if slim else 5, cell_len(title))
            self.add_column(Text(title, justify="right"), width=width)
        for name, row in zip(names, decks, strict=True):
            counts = row.counts
            label = Text(name, no_wrap=True)
            label.truncate(min(widest, room), overflow="ellipsis")
            cells = [_number(n, "bold") for n in (counts.review, counts.learning, counts.new)]
            if not slim:
                cells.append(_number(row.questions, "dim"))
            self.add_row(label, *cells, key=row.deck)
        for at, row in enumerate(decks):
            if row.deck == before:
                self.move_cursor(row=at)

    @property
    def deck(self) -> str:
        """Path of the deck under the cursor; empty for the whole collection."""
        if not self.row_count:
            return ""
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value or ""


def tree_names(decks: Sequence[DeckRow]) -> list[str]:
    """The names with the lines of a tree before them."""
    names = []
    for at, row in enumerate(decks):
        lead = ""
        for depth in range(1, row.depth + 1):
            more = _continues(decks, at, depth)
            if depth == row.depth:
                lead += "├ " if more else "└ "
            else:
                lead += "│ " if more else "  "
        names.append(lead + (row.name or _("All decks")))
    return names


def _continues(decks: Sequence[DeckRow], at: int, depth: int) -> bool:
    """Whether another deck of that depth follows under the same parent."""
    for row in decks[at + 1 :]:
        if row.depth < depth:
            return False
        if row.depth == depth:
            return True
    return False


def _number(number: int, style: str) -> Text:
    return Text(str(number) if number else "·", style=style if number else "dim", justify="right")
