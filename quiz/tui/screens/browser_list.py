"""All questions in a table: search as one types, sort, look."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.model.pieces import let_go
from quiz.study.values import Row
from quiz.tui.background import COUNTING, in_thread
from quiz.tui.page import Page
from quiz.tui.widgets.key_bar import KeyBar
from quiz.tui.widgets.keys_in_order import Field
from quiz.tui.widgets.preview import QuestionPreview
from quiz.tui.widgets.question_columns import COLUMNS
from quiz.tui.widgets.question_table import QuestionTable
from quiz.tui.wording import questions

if TYPE_CHECKING:
    from quiz.study.library import Library

PAUSE = 0.15
"""Seconds without a key after which the search runs."""
REST = 0.06
"""Seconds the cursor stays on a row before that is previewed: while a key is held down it moves on
sooner."""
MOST = 1000
"""Rows drawn; the count says how many there are."""


class Query(Field):
    """What is searched for."""

    BINDINGS = [Binding("down", "screen.table", mark("To the table"))]  # noqa: RUF012


class BrowserList(Page[bool]):
    """Finds and shows questions; what is done to them is the subclass's.

    Dismissed with whether anything was done.
    """

    class Found(Message):
        """A search is done."""

        def __init__(self, query: str, rows: list[Row], problem: str = "") -> None:
            super().__init__()
            self.query, self.rows, self.problem = query, rows, problem

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library
        self.acted = False
        """Whether anything was done to a question."""
        self._timer: Timer | None = None
        self._resting: Timer | None = None
        self._found_rows: list[Row] = []
        self._line = ""
        self._order = ""
        """The column the rows are sorted by; empty: in the order of the collection."""
        self._descending = False

    def compose(self) -> ComposeResult:
        advice = _("search: words, deck:…, tag:…, is:due, is:new")
        yield Query(placeholder=advice, id="query")
        yield Static(id="found")
        with Horizontal(id="browse"):
            yield QuestionTable(id="rows")
            with VerticalScroll(id="preview"):
                yield QuestionPreview()
        yield KeyBar()

    def on_mount(self) -> None:
        self.search()

    @property
    def table(self) -> QuestionTable:
        return self.query_one(QuestionTable)

    @on(Input.Changed, "#query")
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self.search)

    @on(Input.Submitted, "#query")
    def _entered(self) -> None:
        self.action_table()

    def search(self) -> None:
        """Look for what the field says."""
        query = self.query_one("#query", Input).value
        self._find(query)

    @work(group="search", exclusive=True)
    async def _find(self, query: str) -> None:
        try:
            rows = await in_thread(self.library.rows, query, executor=COUNTING)
        except QuizError as error:
            self.post_message(self.Found(query, [], str(error)))
        else:
            self.post_message(self.Found(query, rows))

    @on(Found)
    async def _found(self, event: Found) -> None:
        if event.query != self.query_one("#query", Input).value:
            _drop(event.rows)
            return
        self._line = event.problem or questions(len(event.rows))
        if event.query and not (event.problem or event.rows):
            self._line = _("No question matches. Esc empties the search.")
        if len(event.rows) > MOST:
            self._line = _("{questions}, the first {n} shown").format(
                questions=self._line, n=f"{MOST:,}"
            )
        _drop(self._found_rows)
        self._found_rows = event.rows
        await self._fill()

    async def _fill(self) -> None:
        """Draw what was found, sorted; a sign in the title says by what."""
        order, found = (self._order, self._descending), self._found_rows
        rows = found[:MOST]
        if self._order:
            rows = await in_thread(_first, found, *order, executor=COUNTING)
        if (self._order, self._descending) != order or found is not self._found_rows:
            return  # another wish came meanwhile
        sign = "▼" if self._descending else "▲"
        self.table.show(rows, f"{self._order}:{sign}", self.library.clock())
        self.query_one("#browse").display = bool(rows)
        if not rows:
            self.action_query()

    @on(QuestionTable.Picked)
    def _count(self) -> None:
        line = self._line
        if picked := len(self.table.picked):
            line = f"{line} · {_('{n} picked').format(n=f'{picked:,}')}"
        elif len(self.table.rows) > 1:
            line = f"{line} · {_('Space picks several')}"
        self.query_one("#found", Static).update(Content(line))

    async def action_sort(self) -> None:
        """Sort by the next column, after the last one by none."""
        keys = ["", *COLUMNS]
        self._order = keys[(keys.index(self._order) + 1) % len(keys)]
        self._descending = False
        await self._fill()

    async def action_turn_order(self) -> None:
        self._descending = not self._descending
        await self._fill()

    @on(QuestionTable.TitlePressed)
    async def _title_pressed(self, event: QuestionTable.TitlePressed) -> None:
        if not event.key:
            self.table.action_pick_all()
            return
        self._descending = not self._descending if event.key == self._order else False
        self._order = event.key
        await self._fill()

    @on(QuestionTable.Highlighted)
    def _highlighted(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._preview)

    async def _preview(self) -> None:
        if row := self.table.current:
            await self.query_one(QuestionPreview).show(self.library.shown(row.question), row)

    def on_unmount(self) -> None:
        _drop(self._found_rows)

    def action_query(self) -> None:
        self.query_one("#query", Input).focus()

    def action_table(self) -> None:
        self.table.focus()

    def action_escape(self) -> None:
        query = self.query_one("#query", Input)
        if query.has_focus and query.value:
            query.value = ""
        elif not self.table.drop():
            self.action_leave()

    def action_leave(self) -> None:
        self.dismiss(self.acted)


def _first(rows: list[Row], order: str, descending: bool) -> list[Row]:
    """Those that come first in that order; a whole sort would hold all threads up."""
    pick = heapq.nlargest if descending else heapq.nsmallest
    return pick(MOST, rows, key=COLUMNS[order].rank)


def _drop(rows: list[Row]) -> None:
    COUNTING.submit(let_go, rows)
