"""A table of questions: as many columns as there is room for, rows that can be picked.

A line is made when it is seen, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, MouseMove, Resize
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from quiz.language import _, mark
from quiz.study.values import Row
from quiz.tui.widgets.question_columns import COLUMNS, GAP, cell, fit

PICKED = "✓"
_MARGIN = 1
"""Cells left of the picks."""
_BEFORE = _MARGIN + 1 + GAP
"""Cells left of the first column."""
_SAMPLE = 60
"""Rows that say how wide a column is."""


class QuestionTable(ScrollView, can_focus=True):
    """Space, Shift with the arrows, or the first column under the mouse pick rows."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "question-table--header",
        "question-table--cursor",
        "question-table--hover",
    }
    DEFAULT_CSS = """
    QuestionTable {
        background: $background; color: $foreground;
        scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .question-table--header { color: $text-muted; }
        & > .question-table--hover { background: $block-hover-background; }
        & > .question-table--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .question-table--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,ctrl+home", "first", show=False),
        Binding("end,ctrl+end", "last", show=False),
        Binding("enter", "select", mark("History"), show=False),
        Binding(
            "space",
            "pick",
            mark("Pick"),
            tooltip=mark("Pick this question, or drop it"),
            show=False,
        ),
        Binding("shift+down", "extend(1)", mark("Pick downwards"), show=False),
        Binding("shift+up", "extend(-1)", mark("Pick upwards"), show=False),
        Binding("ctrl+a", "pick_all", mark("Pick all"), show=False),
    ]

    cursor_row = reactive(0, repaint=False)
    """The row that keys act on, from 0."""
    hovered = reactive(-1, repaint=False)
    """The row under the mouse; -1: none."""

    class Picked(Message):
        """Others are picked than before."""

    class Highlighted(Message):
        """The cursor is on another row, or the row says something else."""

    class Selected(Message):
        """The row under the cursor was chosen."""

    class TitlePressed(Message):
        """The title of a column was pressed; of that of the picks where `key` is empty."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as every widget calls it
        super().__init__(id=id)
        self.picked: set[str] = set()
        """Ids of the picked questions, all of them in the table."""
        self.rows: list[Row] = []
        """What is shown, in its order."""
        self._at: dict[str, int] = {}
        self._sorted = ""
        self._now = datetime.now(UTC)
        self._from = 0
        self._widths: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        """The lines made so far, by question."""

    @property
    def current(self) -> Row | None:
        """The question under the cursor."""
        return self.rows[self.cursor_row] if self.rows else None

    @property
    def chosen(self) -> list[str]:
        """The picked questions in their order; without any, the one under the cursor."""
        if self.picked:
            return [row.question for row in self.rows if row.question in self.picked]
        return [self.current.question] if self.current else []

    def row(self, question: str) -> Row | None:
        """What is said of a question that is shown."""
        at = self._at.get(question)
        return None if at is None else self.rows[at]

    def show(self, rows: Iterable[Row], sorted_by: str, now: datetime) -> None:
        """Show these, with a sign beside the title of the column they are sorted by."""
        before, at = self.current, self.cursor_row
        again = sorted_by == self._sorted
        self.rows = list(rows)
        self._at = {row.question: at for at, row in enumerate(self.rows)}
        self._sorted, self._now = sorted_by, now
        self.picked &= self._at.keys()
        if not again:
            at = 0  # who sorts wants to see what comes first
        elif before is not None:
            at = self._at.get(before.question, at)
        self._lay()
        self._go_to(at)
        self.post_message(self.Highlighted())
        self.post_message(self.Picked())

    # --- drawing --------------------------------------------------------------------------

    def on_resize(self, event: Resize) -> None:
        if self.rows and event.size.width:
            self._lay()
            self._into_sight()

    def _lay(self) -> None:
        """Columns and lines anew, for the room there is."""
        sample = self.rows[:_SAMPLE]
        wanted = {
            key: max(
                [cell_len(self._title(key)), *(cell_len(c.text(row, self._now)) for row in sample)]
            )
            for key, c in COLUMNS.items()
        }
        room = (self.size.width or self.app.size.width) - _BEFORE
        self._widths = fit(room, wanted)
        self._texts.clear()
        self.virtual_size = Size(1, 1 + len(self.rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if y == 0:
            titles = [cell(self._title(key), width) for key, width in self._widths.items()]
            style = self.get_component_rich_style("question-table--header")
            return self._strip([Segment(" " * _BEFORE + (" " * GAP).join(titles), style)], style)
        at = self.scroll_offset.y + y - 1
        if at >= len(self.rows):
            return Strip.blank(self.size.width, self.rich_style)
        row, style = self.rows[at], self._style(at)
        sign = PICKED if row.question in self.picked else " "
        pick = Segment(f"{' ' * _MARGIN}{sign}{' ' * GAP}", style + Style(bold=True))
        return self._strip([pick, Segment(self._text(row), style)], style)

    def _strip(self, segments: list[Segment], style: Style) -> Strip:
        return Strip(segments).adjust_cell_length(self.size.width, style)

    def _style(self, at: int) -> Style:
        if at == self.cursor_row:
            return self.get_component_rich_style("question-table--cursor")
        if at == self.hovered:
            return self.get_component_rich_style("question-table--hover")
        return self.rich_style

    def _text(self, row: Row) -> str:
        text = self._texts.get(row.question)
        if text is None:
            cells = (
                cell(c.text(row, self._now), self._widths[key], to_the_right=c.numbers)
                for key, c in COLUMNS.items()
                if key in self._widths
            )
            self._texts[row.question] = text = (" " * GAP).join(cells)
        return text

    def _title(self, key: str) -> str:
        name, _colon, sign = self._sorted.partition(":")
        return f"{_(COLUMNS[key].title)} {sign if key == name else ' '}"

    def _draw(self, *rows: int) -> None:
        """Those again, where they are seen."""
        for at in rows:
            self.refresh_line(at + 1)

    # --- moving ---------------------------------------------------------------------------

    def _go_to(self, row: int) -> None:
        self.cursor_row = max(0, min(row, len(self.rows) - 1))
        self._into_sight()

    def _into_sight(self) -> None:
        # The line of the titles covers the first one of what is scrolled.
        line = Region(0, self.cursor_row + 1, 1, 1)
        self.scroll_to_region(line, spacing=Spacing(top=1), animate=False, force=True)

    def watch_cursor_row(self, before: int, row: int) -> None:
        self._draw(before, row)
        self.post_message(self.Highlighted())

    def watch_hovered(self, before: int, row: int) -> None:
        self._draw(before, row)

    def action_move(self, rows: int) -> None:
        self._go_to(self.cursor_row + rows)

    def action_page(self, pages: int) -> None:
        self._go_to(self.cursor_row + pages * max(1, self.size.height - 1))

    def action_first(self) -> None:
        self._go_to(0)

    def action_last(self) -> None:
        self._go_to(len(self.rows) - 1)

    def action_select(self) -> None:
        if self.rows:
            self.post_message(self.Selected())

    def on_mouse_move(self, event: MouseMove) -> None:
        self.hovered = self._row_at(event.y)

    def on_leave(self) -> None:
        self.hovered = -1

    def on_click(self, event: Click) -> None:
        if event.y == 0:
            self.post_message(self.TitlePressed(self._column_at(event.x)))
            return
        row = self._row_at(event.y)
        if row < 0:
            return
        if event.shift:
            first, last = sorted((self._from, row))
            self._pick([one.question for one in self.rows[first : last + 1]])
        elif event.ctrl or event.x < _BEFORE:
            question = self.rows[row].question
            self._pick([question], picked=question not in self.picked)
        elif row == self.cursor_row:
            self.action_select()
        self._from = row
        self._go_to(row)

    def _row_at(self, y: int) -> int:
        """The row in that line of what is seen; -1 where there is none."""
        row = self.scroll_offset.y + y - 1
        return row if y > 0 and row < len(self.rows) else -1

    def _column_at(self, x: int) -> str:
        """The column whose title stands there; empty left of the first."""
        left = _BEFORE
        found = ""
        for key, width in self._widths.items():
            if x >= left:
                found = key
            left += width + GAP
        return found

    # --- picking --------------------------------------------------------------------------

    def action_pick(self) -> None:
        if self.current is not None:
            question = self.current.question
            self._pick([question], picked=question not in self.picked)
            self._go_to(self.cursor_row + 1)

    def action_extend(self, step: int) -> None:
        if self.rows:
            to = max(0, min(len(self.rows) - 1, self.cursor_row + step))
            self._pick([self.rows[self.cursor_row].question, self.rows[to].question])
            self._go_to(to)

    def action_pick_all(self) -> None:
        self._pick([row.question for row in self.rows])

    def drop(self) -> bool:
        """Pick none any more. False where none was."""
        dropped = bool(self.picked)
        self._pick(list(self.picked), picked=False)
        return dropped

    def _pick(self, questions: Sequence[str], *, picked: bool = True) -> None:
        if picked:
            self.picked.update(questions)
        else:
            self.picked.difference_update(questions)
        self.refresh()
        self.post_message(self.Picked())
