"""The review as the learner drives it: what each key does.

Keys that lead to another question take the present one off the table before anything else, so
that a second press can never fall on a question that was not seen. Pages and editors that the first
question can do without are loaded when they are called for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual import on

from quiz.errors import QuizError
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.question import Kind
from quiz.model.review import Rating
from quiz.study.values import Selection
from quiz.tui.editing import edit_at, edit_here
from quiz.tui.following import CardsChanged, read_again
from quiz.tui.screens.question_keys import QUESTION_KEYS
from quiz.tui.screens.review_flow import ReviewFlow
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.outcome import OutcomePane
from quiz.tui.widgets.question_view import QuestionView
from quiz.tui.widgets.rating_bar import RatingBar
from quiz.tui.widgets.waiting import WaitingView

if TYPE_CHECKING:
    from quiz.study.library import Library
    from quiz.study.session import Session

ESCAPES_WITHIN = 1.5
"""Seconds in which a second Escape means leaving."""

_NEEDS_QUESTION = {"note", "edit", "edit_here", "bury", "suspend", "history", "scroll"}


class ReviewScreen(ReviewFlow):
    """Asks the questions of a selection."""

    CSS_PATH = "review.tcss"
    BINDINGS = QUESTION_KEYS

    _escaped = -ESCAPES_WITHIN

    def __init__(
        self, library: Library, selection: Selection, session: Session | None = None
    ) -> None:
        super().__init__(library, selection, session)
        self._changing = asyncio.Lock()
        """Changes of the cards are taken one after the other."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys mean something now; the footer shows no others."""
        trial, asked = self._trial, self._shown
        if action in _NEEDS_QUESTION:
            return asked is not None
        if action in ("reveal", "check"):
            settled = trial is None or trial.revealed or trial.passed is not None
            if action == "check" and trial and trial.kind is Kind.RECALL:
                return False
            if action == "check":
                return trial is not None and (self._is_program() or not settled)
            return trial is not None and (not settled or self._unseen_solution())
        if action == "rate":
            return trial is not None and trial.ratable
        if action == "hint":
            return bool(trial and asked and trial.hints < len(asked.question.hints))
        if action == "more":
            return any(view.more for view in self.query(WaitingView))
        if action == "previous":
            return bool(asked and asked.previous_answer and self.query("CodeArea"))
        if action == "changes":
            return bool(self.query("ChangedNotice"))
        if action == "undo":
            return self.session.can_undo
        if action == "redo":
            return self.session.can_redo
        return True

    def _is_program(self) -> bool:
        return bool(self.query("ProgramArea"))

    def _unseen_solution(self) -> bool:
        """Whether code was tried in vain and its solution has not been shown yet."""
        trial = self._trial
        return bool(trial and self.query("CodeArea") and not trial.passed and not trial.revealed)

    # --- answering and rating -------------------------------------------------------------

    async def action_reveal(self) -> None:
        trial = self._trial
        if trial is None:
            return
        area = self.query_one(AnswerArea)
        trial.reveal(area.text)
        area.reveal()
        if trial.kind is Kind.PREDICT:
            self._start_grading(trial.answer)
        await self._settle()

    def action_check(self) -> None:
        self.query_one(AnswerArea).submit()

    async def action_accept(self) -> None:
        """Enter: the proposed rating; before an answer, on with answering."""
        trial = self._trial
        if trial is None:
            if self._shown is None:
                self.action_leave()
            return
        if not trial.ratable:
            area = self.query_one(AnswerArea)
            if not area.take_focus():
                await self.action_reveal()
            return
        proposal = trial.proposal(checkable=self._checkable)
        if proposal.rating is None:
            self.notify(_("Rate yourself with 1 to 4, or press - to skip this question for today."))
        else:
            await self.action_rate(proposal.rating)

    async def action_rate(self, number: int) -> None:
        trial, rating = self._trial, Rating(number)
        if trial is None or not trial.ratable:
            return
        attempt = trial.attempt(monotonic())
        await self._advance(lambda: self.session.rate(rating, attempt))

    @on(RatingBar.Chosen)
    async def _chosen(self, event: RatingBar.Chosen) -> None:
        await self.action_rate(event.rating)

    async def _advance(self, act: Callable[[], object], said: str = "") -> None:
        """Do to the question that is shown what leads to another one."""
        shown = self._shown

        def do() -> bool:
            # Cards that were just saved may have taken the question away.
            still = shown is None or self.session.is_asking(shown.question.id)
            if still:
                act()
            return still

        await self._move(do, said)

    async def _move(self, act: Callable[[], bool], said: str) -> None:
        """Show what is asked after `act`. What cannot be stored is said; nothing moves."""
        trial, self._trial = self._trial, None
        self._escaped = -ESCAPES_WITHIN
        try:
            done = await self._in_session(act)
        except QuizError as error:
            self._trial = trial
            self.notify(str(error), title=_("Not saved"), severity="error", timeout=15)
            return
        if done and said:
            self.notify(said, timeout=3)
        self.call_next(self._present)

    async def action_hint(self) -> None:
        trial, asked = self._trial, self._shown
        if trial is None or asked is None or trial.hints >= len(asked.question.hints):
            return
        trial.hints += 1
        await self.query_one(QuestionView).show_hint(trial.hints - 1)
        if self.query_one(RatingBar).has_class("-open"):
            await self._offer()
        self.refresh_bindings()

    def action_previous(self) -> None:
        from quiz.tui.widgets.program import CodeArea

        if not self.query_one(CodeArea).previous():
            self.notify(_("This is what you wrote the last time."))

    # --- the question, and the way through the session --------------------------------------

    async def action_more(self) -> None:
        await self._begin_more()

    async def action_note(self) -> None:
        if not await self.query_one(OutcomePane).toggle_note():
            self.notify(_("This concept has no note."))

    async def action_undo(self) -> None:
        await self._move(self.session.undo, _("Taken back. Here it is again."))

    async def action_redo(self) -> None:
        await self._move(self.session.redo, _("Done again."))

    async def action_bury(self) -> None:
        await self._advance(self.session.bury, _("Hidden until tomorrow. u takes it back."))

    async def action_suspend(self) -> None:
        await self._advance(self.session.suspend, _("Suspended. u takes it back."))

    def action_changes(self) -> None:
        from quiz.tui.widgets.changed import ChangedNotice

        for notice in self.query(ChangedNotice):
            notice.collapsed = not notice.collapsed

    async def action_history(self) -> None:
        from quiz.tui.screens.history import show_history

        if self._shown is not None:
            await show_history(self.app, self.library, self._shown.question.id)

    def action_search(self) -> None:
        from quiz.tui.screens.browser import BrowserScreen

        async def closed(acted: bool | None) -> None:
            if acted:
                await self._take_changes(())

        self.app.push_screen(BrowserScreen(self.library), closed)

    def action_help(self) -> None:
        from quiz.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self))

    def action_scroll(self, pages: float) -> None:
        self.query_one(QuestionView).scroll_by(pages)

    def action_leave(self) -> None:
        self._cancel_grading()
        self.dismiss()

    async def action_escape(self) -> None:
        """Out of what one is in: the run, the field, and at the second press the session."""
        if self._cancel_grading():
            await self.query_one(OutcomePane).show_cancelled()
            return
        if self.focused is not None:
            self.set_focus(None)
            self.refresh_bindings()
            return
        now = monotonic()
        if now - self._escaped <= ESCAPES_WITHIN:
            self.action_leave()
            return
        self._escaped = now
        self.notify(_("Press Escape again to end the session. Every rating is saved."), timeout=2)

    # --- cards that change underneath ---------------------------------------------------------

    async def action_edit(self) -> None:
        if self._shown is None:
            return
        place = self._shown.question.place
        path = Path(place.path)
        if await edit_at(self.app, self.library.settings, path, place.line):
            findings = await read_again(self.library, [path.resolve()])
            await self._take_changes(findings)

    def action_edit_here(self) -> None:
        if self._shown is not None:
            edit_here(self.app, self.library, self._shown.question.place, self._take_changes)

    @on(CardsChanged)
    async def _cards_changed(self, event: CardsChanged) -> None:
        await self._take_changes(event.findings)

    async def _take_changes(self, findings: tuple[Finding, ...]) -> None:
        """Cards were saved: what is right takes effect, what is wrong is said."""
        for finding in findings[:3]:
            title = _("The card has an error")
            self.notify(str(finding), title=title, severity="error", timeout=15)
        # Who saved a card here is told so, and then the page that follows the files is.
        async with self._changing:
            await self._look_again()

    async def _look_again(self) -> None:
        from quiz.tui.changes import changes

        trial, before = self._trial, self._shown
        same = await self._in_session(self.session.refresh)
        turn = await self._in_session(self.session.turn)
        if self._trial is not trial or not self.is_open():
            return  # a key has led on meanwhile, and what it leads to will be shown
        asked = turn.asked
        if before is None or asked is None or not same:
            await self._present()
            return
        if changes(before, asked):
            await self._renew()
            self.notify(_("The card was changed; this is how it reads now."), timeout=3)
        else:
            self._shown = asked
            self._update_bar(turn)

    async def _renew(self) -> None:
        """The same question with its new text; what was typed and uncovered stays."""
        from quiz.tui.changes import changes
        from quiz.tui.widgets.program import ProgramArea

        trial, first = self._trial, self._first_shown
        text = self.query_one(AnswerArea).text if self._is_program() else None
        await self._present()
        if trial is None or first is None:
            return
        self._trial, self._first_shown = trial, first
        view = self.query_one(QuestionView)
        if changed := changes(first, view.asked):
            await view.show_changes(changed)
        hints = min(trial.hints, len(view.asked.question.hints))
        for number in range(hints):
            await view.show_hint(number)
        area = view.area
        if text is not None and isinstance(area, ProgramArea):
            area.editor.load_text(text)
        if trial.ratable:
            area.reveal()
            await self._settle()
