"""The table of all questions, and what can be done to those that are picked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.binding import Binding

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.model.finding import Finding
from quiz.model.review import Standing
from quiz.study import acting
from quiz.tui.background import in_thread
from quiz.tui.editing import edit_at, edit_here
from quiz.tui.following import read_again
from quiz.tui.screens.browser_list import BrowserList
from quiz.tui.screens.help import HelpScreen
from quiz.tui.screens.history import show_history
from quiz.tui.widgets.question_table import QuestionTable
from quiz.tui.wording import questions

if TYPE_CHECKING:
    from quiz.study.ledger import Ledger
    from quiz.study.library import Library

Act = Callable[["Ledger", Iterable[str]], list[Standing]]


class BrowserScreen(BrowserList):
    """Search and look at questions; suspend, bury, forget, tag them, or give them another day."""

    CSS_PATH = "browser.tcss"
    AUTO_FOCUS = "#query"
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        Binding("slash", "query", mark("Search")),
        Binding("i", "history", mark("History")),
        Binding(
            "e", "edit", mark("Edit"), tooltip=mark("Open the card at its line in your editor")
        ),
        Binding(
            "E",
            "edit_here",
            mark("Edit here"),
            tooltip=mark("Edit the card on a page here"),
            show=False,
        ),
        Binding(
            "exclamation_mark",
            "suspend",
            mark("Suspend"),
            tooltip=mark("Take the questions out of the rotation, or put them back"),
        ),
        Binding(
            "minus",
            "bury",
            mark("Bury"),
            tooltip=mark("Out of sight until tomorrow, or back in sight"),
        ),
        Binding(
            "d",
            "set_due",
            mark("Day"),
            tooltip=mark("Choose the day on which they return"),
        ),
        Binding("t", "tags", mark("Tags"), tooltip=mark("Add tags, or take them away")),
        Binding(
            "F",
            "forget",
            mark("Forget"),
            tooltip=mark("New again; the log keeps what was"),
            show=False,
        ),
        Binding("u", "undo", mark("Undo"), tooltip=mark("Take back what was done here last")),
        Binding(
            "o",
            "sort",
            mark("Sort"),
            tooltip=mark("Sort by the next column; O: the other way"),
            show=False,
        ),
        Binding("O", "turn_order", mark("Sort the other way"), show=False),
        Binding("question_mark,f1", "help", mark("Help")),
        Binding("escape", "escape", mark("Back")),
        Binding("q", "leave", mark("Back"), show=False),
    ]

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self._acting = asyncio.Lock()
        self._done: list[str] = []
        """The last log entry of each thing that was done here and not taken back."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Undo only what was done here: the ratings of a session are its own."""
        return bool(self._done) if action == "undo" else True

    # --- looking ---------------------------------------------------------------------------

    @on(QuestionTable.Selected)
    async def _selected(self) -> None:
        await self.action_history()

    async def action_history(self) -> None:
        if row := self.table.current:
            await show_history(self.app, self.library, row.question)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    # --- the card --------------------------------------------------------------------------

    async def action_edit(self) -> None:
        row = self.table.current
        if row is None:
            return
        place = self.library.shown(row.question).place
        path = Path(place.path)
        if await edit_at(self.app, self.library.settings, path, place.line):
            await read_again(self.library, [path.resolve()])
            self.acted = True
            self.search()

    def action_edit_here(self) -> None:
        async def edited(findings: tuple[Finding, ...]) -> None:
            self.acted = True
            self.search()

        if row := self.table.current:
            place = self.library.shown(row.question).place
            edit_here(self.app, self.library, place, edited)

    def action_tags(self) -> None:
        from quiz.study.tagging import tagged
        from quiz.tui.screens.browser_dialogs import TagsScreen

        chosen = self.table.chosen

        def decided(tags: tuple[frozenset[str], frozenset[str]] | None) -> None:
            if tags is not None and any(tags):
                self._retag(chosen, *tags)

        if chosen:
            have = tagged(self.library.collection, chosen)
            self.app.push_screen(TagsScreen(len(chosen), have), decided)

    @work(group="act")
    async def _retag(self, chosen: list[str], add: frozenset[str], remove: frozenset[str]) -> None:
        from quiz.study.tagging import retag

        async with self._acting:
            try:
                paths = await in_thread(retag, self.library.collection, chosen, add, remove)
                await read_again(self.library, [path.resolve() for path in paths])
            except QuizError as error:
                self.notify(str(error), severity="error", timeout=15)
                return
        self.acted = True
        number = len({question.partition("#")[0] for question in chosen})
        self.notify(_("Tags written: {n} of {all} files changed.").format(n=len(paths), all=number))
        self.search()

    # --- the schedule ----------------------------------------------------------------------

    def action_suspend(self) -> None:
        if self._all("suspended"):
            self._act(acting.unsuspend, _("Back in the rotation"))
        else:
            self._act(acting.suspend, _("Suspended"))

    def action_bury(self) -> None:
        if self._all("buried"):
            self._act(acting.unbury, _("Back in sight"))
        else:
            self._act(acting.bury, _("Hidden until tomorrow"))

    def action_forget(self) -> None:
        self._act(acting.forget, _("New again"))

    def action_set_due(self) -> None:
        from quiz.tui.screens.browser_dialogs import DueScreen

        def decided(day: date | None) -> None:
            if day is not None:
                self._act(
                    lambda ledger, ids: acting.set_due(ledger, ids, day),
                    _("Due on {day}").format(day=day.isoformat()),
                )

        if chosen := self.table.chosen:
            self.app.push_screen(DueScreen(len(chosen), self.library.today()), decided)

    def _all(self, state: str) -> bool:
        """Whether all that are chosen are in that state, so that the same key takes them out."""
        rows = [self.table.row(question) for question in self.table.chosen]
        return all(row is not None and row.state == state for row in rows)

    @work(group="act")
    async def _act(self, act: Act, said: str) -> None:
        """Do it to all that are chosen, at once: one undo takes it back."""
        chosen = self.table.chosen
        if not chosen:
            return
        ledger = self.library.ledger
        async with self._acting:
            try:
                changed = await in_thread(act, ledger, chosen)
            except QuizError as error:
                self.notify(str(error), severity="error", timeout=15)
                return
            if changed:
                self._done.append((await in_thread(ledger.undoable))[-1].id)
        if not changed:
            self.notify(_("Nothing to change. What the card itself says is changed in the card."))
            return
        self.acted = True
        self.notify(
            _("{done}: {questions}. u takes it back.").format(
                done=said, questions=questions(len(changed))
            ),
            timeout=4,
        )
        self._look_again()

    @work(group="act")
    async def action_undo(self) -> None:
        ledger = self.library.ledger
        async with self._acting:
            last = (await in_thread(ledger.undoable))[-1:]
            if not self._done or not last or last[0].id != self._done.pop():
                self._done.clear()
                self.notify(_("Something else was done since; it is not taken back here."))
                return
            undone = await in_thread(acting.undo, ledger)
        said = _("Taken back: {questions}.").format(questions=questions(len(undone)))
        self.notify(said, timeout=3)
        self._look_again()

    def _look_again(self) -> None:
        self.refresh_bindings()
        self.search()
