"""All questions in a table: search as one types, look, open in the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import DataTable, Footer, Input, Static

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.model.finding import Finding
from quiz.study import acting
from quiz.study.values import Row
from quiz.tui.background import in_thread
from quiz.tui.editing import edit_at, edit_here
from quiz.tui.following import read_again
from quiz.tui.page import Page
from quiz.tui.screens.help import HelpScreen
from quiz.tui.screens.history import HistoryScreen
from quiz.tui.widgets.keys_in_order import Field
from quiz.tui.widgets.preview import QuestionPreview
from quiz.tui.wording import days, kind_word, questions, state_word

if TYPE_CHECKING:
    from quiz.study.library import Library

PAUSE = 0.15
"""Seconds without a key after which the search runs."""
MOST = 1000
"""Rows drawn; the count says how many there are."""
AT_ONCE = 100
"""Rows drawn in one go."""
_LATEST = datetime.max.replace(tzinfo=UTC)
_COLUMNS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "prompt": (mark("Question"), lambda row: row.prompt.casefold()),
    "kind": (mark("Kind"), lambda row: row.kind),
    "deck": (mark("Deck"), lambda row: row.deck),
    "state": (mark("State"), lambda row: row.state),
    "due": (mark("Due on"), lambda row: row.due or _LATEST),
    "stability": (mark("Stability"), lambda row: row.stability or 0.0),
}
"""By key: the title, and what the rows are sorted by."""


class BrowserScreen(Page[None]):
    """Search and look at questions."""

    CSS_PATH = "browser.tcss"
    AUTO_FOCUS = "#query"
    BINDINGS = [  # noqa: RUF012
        Binding("slash", "query", mark("Search"), key_display="/"),
        Binding("i", "history", mark("History")),
        Binding(
            "e", "edit", mark("Edit"), tooltip=mark("Open the card at its line in your editor")
        ),
        Binding("E", "edit_here", mark("Edit here"), tooltip=mark("Edit the card on a page here")),
        Binding(
            "exclamation_mark",
            "suspend",
            mark("Suspend"),
            key_display="!",
            tooltip=mark("Take the question out of the rotation, or put it back"),
        ),
        Binding(
            "o", "sort", mark("Sort"), tooltip=mark("Sort by the next column; O: the other way")
        ),
        Binding("O", "turn_order", mark("Sort the other way"), show=False),
        Binding("question_mark,f1", "help", mark("Help"), key_display="?"),
        Binding("q", "dismiss", mark("Back")),
        Binding("escape", "escape", mark("Back"), show=False),
        Binding("down", "table", mark("To the table"), show=False),
    ]

    class Found(Message):
        """A search is done."""

        def __init__(self, query: str, rows: list[Row], problem: str = "") -> None:
            super().__init__()
            self.query, self.rows, self.problem = query, rows, problem

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._rows: dict[str, Row] = {}
        self._timer: Timer | None = None
        self._found_rows: list[Row] = []
        self._unfilled: Iterator[Row] = iter(())
        self._order = ""
        """The column the rows are sorted by; empty: in the order of the collection."""
        self._descending = False

    def compose(self) -> ComposeResult:
        advice = _("search: words, deck:…, tag:…, is:due, is:new")
        yield Field(placeholder=advice, id="query")
        yield Static(id="found")
        with Horizontal(id="browse"):
            yield DataTable(id="rows", cursor_type="row")
            with VerticalScroll(id="preview"):
                yield QuestionPreview()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        table = self.query_one("#rows", DataTable)
        for key, (title, _value) in _COLUMNS.items():
            width = self._prompt_width() if key == "prompt" else None
            table.add_column(f"{_(title)}  ", key=key, width=width)
        self._search()

    def _prompt_width(self) -> int:
        return max(20, min(56, self.app.size.width // 2 - 10))

    @on(Input.Changed, "#query")
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._search)

    @on(Input.Submitted, "#query")
    def _entered(self) -> None:
        self.action_table()

    def _search(self) -> None:
        query = self.query_one("#query", Input).value
        self.run_worker(self._find(query), group="search", exclusive=True)

    async def _find(self, query: str) -> None:
        try:
            rows = await in_thread(self._library.rows, query)
        except QuizError as error:
            self.post_message(self.Found(query, [], str(error)))
        else:
            self.post_message(self.Found(query, rows))

    @on(Found)
    def _found(self, event: Found) -> None:
        if event.query != self.query_one("#query", Input).value:
            return
        line = event.problem or questions(len(event.rows))
        if len(event.rows) > MOST:
            line = _("{questions}, the first {n} shown").format(questions=line, n=f"{MOST:,}")
        self.query_one("#found", Static).update(Content(line))
        self._found_rows = event.rows
        self._fill()

    def _fill(self) -> None:
        """Draw what was found, sorted; a sign in the title says by what."""
        rows = self._found_rows
        if self._order:
            rows = sorted(rows, key=_COLUMNS[self._order][1], reverse=self._descending)
        table = self.query_one("#rows", DataTable)
        sign = "▼" if self._descending else "▲"
        for column in table.ordered_columns:
            key = column.key.value or ""
            column.label = Text(f"{_(_COLUMNS[key][0])} {sign if key == self._order else ' '}")
        table.clear()
        self._rows = {row.question: row for row in rows[:MOST]}
        self._unfilled = iter(self._rows.values())
        self._fill_more()
        self.query_one(QuestionPreview).display = bool(self._rows)

    def _fill_more(self) -> None:
        """Draw the next rows: all of them at once would be felt."""
        table = self.query_one("#rows", DataTable)
        now, width = self._library.clock(), self._prompt_width()
        rows = list(islice(self._unfilled, AT_ONCE))
        for row in rows:
            table.add_row(*_cells(row, now, width), key=row.question)
        if len(rows) == AT_ONCE:
            self.set_timer(0.01, self._fill_more)

    def action_sort(self) -> None:
        """Sort by the next column, after the last one by none."""
        keys = ["", *_COLUMNS]
        self._order = keys[(keys.index(self._order) + 1) % len(keys)]
        self._descending = False
        self._fill()

    def action_turn_order(self) -> None:
        self._descending = not self._descending
        self._fill()

    @on(DataTable.HeaderSelected, "#rows")
    def _header(self, event: DataTable.HeaderSelected) -> None:
        key = event.column_key.value or ""
        self._descending = not self._descending if key == self._order else False
        self._order = key
        self._fill()

    @on(DataTable.RowHighlighted, "#rows")
    async def _highlighted(self, event: DataTable.RowHighlighted) -> None:
        row = self._rows.get(event.row_key.value or "")
        if row is not None:
            await self.query_one(QuestionPreview).show(self._library.shown(row.question), row)

    @on(DataTable.RowSelected, "#rows")
    def _selected(self) -> None:
        self.action_history()

    def _current(self) -> Row | None:
        table = self.query_one("#rows", DataTable)
        if not table.row_count:
            return None
        key = table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
        return self._rows.get(key or "")

    def action_query(self) -> None:
        self.query_one("#query", Input).focus()

    def action_table(self) -> None:
        self.query_one("#rows", DataTable).focus()

    def action_history(self) -> None:
        if row := self._current():
            history = self._library.question_history(row.question)
            self.app.push_screen(HistoryScreen(history, self._library.clock()))

    async def action_edit(self) -> None:
        row = self._current()
        if row is None:
            return
        place = self._library.shown(row.question).place
        path = Path(place.path)
        if await edit_at(self.app, self._library.settings, path, place.line):
            await read_again(self._library, [path.resolve()])
            self._search()

    def action_edit_here(self) -> None:
        async def edited(findings: tuple[Finding, ...]) -> None:
            self._search()

        if row := self._current():
            place = self._library.shown(row.question).place
            edit_here(self.app, self._library, place, edited)

    def action_suspend(self) -> None:
        row = self._current()
        if row is None:
            return
        if row.state == "suspended":
            acting.unsuspend(self._library.ledger, [row.question])
            self.notify(_("Back in the rotation."), timeout=3)
        else:
            acting.suspend(self._library.ledger, [row.question])
            self.notify(_("Suspended. ! puts it back."), timeout=3)
        self._search()

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    def action_escape(self) -> None:
        query = self.query_one("#query", Input)
        if query.has_focus and query.value:
            query.value = ""
        else:
            self.dismiss()


def _cells(row: Row, now: datetime, width: int) -> tuple[Text, ...]:
    due = ""
    if row.due is not None and row.state not in ("new", "suspended"):
        gap = (row.due - now).total_seconds()
        due = _("now") if gap <= 0 else f"{row.due.astimezone():%Y-%m-%d}"
    prompt = Text(row.prompt, no_wrap=True, overflow="ellipsis")
    prompt.truncate(width, overflow="ellipsis")
    return (
        prompt,
        Text(kind_word(row.kind)),
        Text(row.deck),
        Text(state_word(row.state)),
        Text(due),
        Text(days(row.stability) if row.stability is not None else "", justify="right"),
    )
