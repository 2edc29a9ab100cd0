"""A table of questions: as many columns as there is room for, rows that can be picked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.events import Click, Resize
from textual.message import Message

from quiz.language import _, mark
from quiz.study.values import Row
from quiz.tui.markdown import with_formulas
from quiz.tui.widgets.rows import Rows
from quiz.tui.wording import days, kind_word, state_word

PICKED = "✓"
_MARK = "picked"
_PADDING = 2
"""Cells around the text of a column."""
_LEAST = 24
"""Cells of the question's own column, whatever else there is."""
_PORTION = 60
"""Rows drawn at once; they also say how wide a column is."""
_AHEAD = 20
"""Rows that are drawn below what is seen."""
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that is said of a question."""

    title: str
    rank: Callable[[Row], Any]
    """What the rows are sorted by."""
    text: Callable[[Row, datetime], str]
    """What is said now."""
    most: int = 24
    """Cells it may take."""
    justify: str = "left"


def _due(row: Row, now: datetime) -> str:
    if row.due is None or row.state in ("new", "suspended"):
        return ""
    return _("now") if row.due <= now else f"{row.due.astimezone():%Y-%m-%d}"


COLUMNS: dict[str, Column] = {
    "prompt": Column(
        mark("Question"), lambda r: r.prompt.casefold(), lambda r, _now: with_formulas(r.prompt)
    ),
    "kind": Column(mark("Kind"), lambda r: r.kind, lambda r, _now: kind_word(r.kind)),
    "deck": Column(mark("Deck"), lambda r: r.deck, lambda r, _now: r.deck),
    "state": Column(mark("State"), lambda r: r.state, lambda r, _now: state_word(r.state)),
    "due": Column(mark("Due on"), lambda r: r.due or _LATEST, _due),
    "stability": Column(
        mark("Stability"),
        lambda r: r.stability or 0.0,
        lambda r, _now: days(r.stability) if r.stability is not None else "",
        justify="right",
    ),
    "lapses": Column(
        mark("Lapses"),
        lambda r: r.lapses,
        lambda r, _now: str(r.lapses) if r.reps else "",
        justify="right",
    ),
    "tags": Column(
        mark("Tags"), lambda r: r.tags, lambda r, _now: " ".join(f"#{t}" for t in r.tags), most=32
    ),
}
"""In the order in which they stand."""
_ROOM = (
    (_LEAST, ("state", "due")),
    (32, ("deck",)),
    (44, ("kind", "stability", "tags", "lapses")),
)
"""In the order in which they get room, while so many cells are left for the question."""


def fit(room: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """The columns that go into `room` cells, with their widths; the question takes the rest."""
    left = room - _PADDING
    widths = {}
    for least, keys in _ROOM:
        for key in keys:
            width = min(wanted[key], COLUMNS[key].most)
            if left - width - _PADDING < least:
                break
            widths[key] = width
            left -= width + _PADDING
    widths["prompt"] = max(_LEAST, left)
    return {key: widths[key] for key in COLUMNS if key in widths}


class QuestionTable(Rows):
    """Space, Shift with the arrows, or the first column under the mouse pick rows."""

    DEFAULT_CSS = """
    QuestionTable { scrollbar-size-vertical: 1; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
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

    class Picked(Message):
        """Others are picked than before."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as every widget calls it
        super().__init__(id=id, cursor_type="row")
        self.picked: set[str] = set()
        """Ids of the picked questions, all of them in the table."""
        self._shown: dict[str, Row] = {}
        self._sorted = ""
        self._now = _LATEST
        self._from = 0
        self._widths: dict[str, int] = {}
        self._cursor_to: int | None = None
        """The row the cursor goes to once it is drawn."""
        self._drawing = False

    @property
    def current(self) -> Row | None:
        """The question under the cursor."""
        if not self.row_count:
            return None
        return self._shown.get(self._at(self.cursor_row))

    @property
    def chosen(self) -> list[str]:
        """The picked questions in their order; without any, the one under the cursor."""
        if self.picked:
            return [question for question in self._shown if question in self.picked]
        return [self.current.question] if self.current else []

    def row(self, question: str) -> Row | None:
        """What is said of a question that is shown."""
        return self._shown.get(question)

    def show(self, rows: Iterable[Row], sorted_by: str, now: datetime) -> None:
        """Show these, with a sign beside the title of the column they are sorted by."""
        before, at = self.current, self.cursor_row
        again = sorted_by == self._sorted
        self._shown = {row.question: row for row in rows}
        self._sorted, self._now = sorted_by, now
        self.picked &= self._shown.keys()
        if not again:
            at = 0  # who sorts wants to see what comes first
        elif before is not None and before.question in self._shown:
            at = list(self._shown).index(before.question)
        at = min(at, max(0, len(self._shown) - 1))
        self._lay(at)
        self.post_message(self.Picked())

    def on_resize(self, event: Resize) -> None:
        if self._shown and event.size.width:
            self._lay(self.cursor_row)

    def _lay(self, cursor: int) -> None:
        """Columns and rows anew, for the room there is, the cursor on that row."""
        rows = list(self._shown.values())[:_PORTION]
        titles = {key: self._title(key) for key in COLUMNS}
        wanted = {
            key: max([cell_len(titles[key]), *(cell_len(c.text(row, self._now)) for row in rows)])
            for key, c in COLUMNS.items()
        }
        room = (self.size.width or self.app.size.width) - 1 - (1 + _PADDING)
        self._widths = fit(room, wanted)
        self._cursor_to, self._drawing = cursor, True
        self.clear(columns=True)
        self.add_column("", key=_MARK, width=1)
        for key, width in self._widths.items():
            self.add_column(Text(titles[key]), key=key, width=width)
        self._draw_more()

    def _draw_more(self) -> None:
        """The next rows: so few that no key has to wait for them."""
        drawn = self.row_count
        for row in islice(self._shown.values(), drawn, drawn + _PORTION):
            cells = [
                _cell(COLUMNS[key].text(row, self._now), key, width)
                for key, width in self._widths.items()
            ]
            self.add_row(self._mark(row.question), *cells, key=row.question)
        self._drawing = False
        if self._cursor_to is not None and self._cursor_to < max(1, self.row_count):
            self.move_cursor(row=self._cursor_to, animate=False)
            self._cursor_to = None
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Draw more once the end of what is drawn comes near."""
        seen = max(self.cursor_row, round(self.scroll_y) + self.size.height)
        wanted = self._cursor_to is not None or seen > self.row_count - _AHEAD
        if wanted and self.row_count < len(self._shown) and not self._drawing:
            self._drawing = True
            self.call_after_refresh(self._draw_more)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._look_ahead()

    def watch_cursor_coordinate(self, old: Coordinate, new: Coordinate) -> None:
        super().watch_cursor_coordinate(old, new)
        self._look_ahead()

    def action_scroll_bottom(self) -> None:
        self._cursor_to = max(0, len(self._shown) - 1)
        self._look_ahead()
        if self.row_count == len(self._shown):
            self._cursor_to = None
            super().action_scroll_bottom()

    def _title(self, key: str) -> str:
        name, _colon, sign = self._sorted.partition(":")
        return f"{_(COLUMNS[key].title)} {sign if key == name else ' '}"

    def _mark(self, question: str) -> Text:
        return Text(PICKED if question in self.picked else " ", style="bold")

    def _at(self, row: int) -> str:
        return self.ordered_rows[row].key.value or ""

    # --- picking --------------------------------------------------------------------------

    def action_pick(self) -> None:
        if self.row_count:
            question = self._at(self.cursor_row)
            self._pick([question], picked=question not in self.picked)
            self.move_cursor(row=self.cursor_row + 1)

    def action_extend(self, step: int) -> None:
        if self.row_count:
            to = max(0, min(self.row_count - 1, self.cursor_row + step))
            self._pick([self._at(self.cursor_row), self._at(to)])
            self.move_cursor(row=to)

    def action_pick_all(self) -> None:
        self._pick(list(self._shown))

    def drop(self) -> bool:
        """Pick none any more. False where none was."""
        dropped = bool(self.picked)
        self._pick(list(self.picked), picked=False)
        return dropped

    def on_click(self, event: Click) -> None:
        row, column = event.style.meta.get("row", -1), event.style.meta.get("column", -1)
        if not 0 <= row < self.row_count:
            return
        if event.shift:
            first, last = sorted((self._from, row))
            self._pick([self._at(at) for at in range(first, last + 1)])
        elif event.ctrl or column == 0:
            question = self._at(row)
            self._pick([question], picked=question not in self.picked)
        else:
            self._from = row
            return
        self._from = row
        self.move_cursor(row=row)
        event.stop()
        event.prevent_default()

    def _pick(self, questions: Sequence[str], *, picked: bool = True) -> None:
        if picked:
            self.picked.update(questions)
        else:
            self.picked.difference_update(questions)
        for question in questions:
            if question in self.rows:
                self.update_cell(question, _MARK, self._mark(question))
        self.post_message(self.Picked())


def _cell(text: str, key: str, width: int) -> Text:
    cell = Text(text, no_wrap=True, overflow="ellipsis")
    cell.truncate(width, overflow="ellipsis")
    if COLUMNS[key].justify == "right":
        cell.pad_left(width - cell.cell_len)
    return cell
