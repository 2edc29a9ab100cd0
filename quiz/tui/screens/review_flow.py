"""How a question comes to the table, is answered, graded and rated.

The page holds no rule: what is asked, stored and undone is the session's; what a rating should be
is the trial's. Work that takes time happens in workers, which send messages and touch no widget.
What each key does is in `review`, which builds on this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.events import DescendantBlur, DescendantFocus, Resize, ScreenResume
from textual.message import Message
from textual.worker import Worker

from quiz.errors import GradeError, QuizError
from quiz.language import _, mark
from quiz.model.question import Kind
from quiz.model.verdict import Case, Verdict
from quiz.study.values import Asked, Selection
from quiz.tui.background import in_thread, in_turn
from quiz.tui.markdown import with_formulas
from quiz.tui.naming import collection_name
from quiz.tui.page import Page
from quiz.tui.screens.consent import ConsentScreen
from quiz.tui.screens.summary import SummaryScreen
from quiz.tui.trial import Trial
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.key_bar import KeyBar
from quiz.tui.widgets.question_view import QuestionView
from quiz.tui.widgets.rating_bar import RatingBar
from quiz.tui.widgets.session_bar import SessionBar
from quiz.tui.widgets.waiting import WaitingView

if TYPE_CHECKING:
    from quiz.study.library import Library
    from quiz.study.session import Session, Turn

T = TypeVar("T")

_COMPARE = mark("Compare your answer with the solution and rate yourself.")


class ReviewFlow(Page[None]):
    """Asks the questions of a selection; the keys are bound by the subclass."""

    AUTO_FOCUS = ""

    class CaseDone(Message):
        """One case of the running grade is decided."""

        def __init__(self, trial: Trial, case: Case) -> None:
            super().__init__()
            self.trial, self.case = trial, case

    class Graded(Message):
        """The running grade has its verdict."""

        def __init__(self, trial: Trial, answer: str, verdict: Verdict) -> None:
            super().__init__()
            self.trial, self.answer, self.verdict = trial, answer, verdict

    class Unprotected(Message):
        """The answer can only be run without protection."""

        def __init__(self, trial: Trial, answer: str) -> None:
            super().__init__()
            self.trial, self.answer = trial, answer

    class Ungradable(Message):
        """Nothing can be graded here."""

        def __init__(self, trial: Trial, error: QuizError) -> None:
            super().__init__()
            self.trial, self.error = trial, error

    def __init__(
        self, library: Library, selection: Selection, session: Session | None = None
    ) -> None:
        """With a `session` about the selection where one was begun away from the event loop."""
        super().__init__()
        self.library = library
        self.session: Session = session or library.session(selection)
        self._selection = selection
        self._trial: Trial | None = None
        self._shown: Asked | None = None
        self._first_shown: Asked | None = None
        """The same as it read before any edit of this showing."""
        self._grading: Worker[None] | None = None
        self._checkable = True
        self._end: SummaryScreen | None = None
        """The page of the end, which waits until no other page lies above this one."""
        self._warm = asyncio.Event()
        self._laying = asyncio.Lock()
        """One question is laid on the table at a time, whoever wants it there."""

    def compose(self) -> ComposeResult:
        yield SessionBar()
        yield RatingBar()
        yield KeyBar()

    async def on_mount(self) -> None:
        await self._present()
        self.call_after_refresh(self._warm_up)

    def _warm_up(self) -> None:
        self.run_worker(self._start_grader(), group="warm-up")

    async def _start_grader(self) -> None:
        try:
            await self.library.warm_up()
        except QuizError as error:
            # Only code questions need it; they will say so, with what to do.
            self.log.warning(str(error))
        finally:
            self._warm.set()
            self._look_ahead()

    def _look_ahead(self) -> None:
        """What the solution computes need not be waited for when the answer is there."""
        if self._warm.is_set() and self._shown is not None:
            self.library.expect(self._shown.question)

    # --- putting a question on the table -------------------------------------------------

    async def _present(self) -> None:
        """Show what the session asks now: a question, the wait for one, or the end."""
        async with self._laying:
            await self._present_turn()

    async def _present_turn(self) -> None:
        self._cancel_grading()
        self._trial = self._end = None
        turn = await self._in_session(self.session.turn)
        if not self.is_open():
            return
        asked = turn.asked
        self._shown = self._first_shown = asked
        self._checkable = True
        self.query_one(RatingBar).close()
        self.set_focus(None)
        self._update_bar(turn)
        if asked is None:
            await self._present_end(turn)
            return
        await self._lay(QuestionView(asked))
        if not self.is_open():
            return
        self._trial = Trial(asked.question.kind, monotonic())
        self.query_one(AnswerArea).take_focus()
        self.refresh_bindings()
        self._look_ahead()

    async def _in_session(self, act: Callable[[], T]) -> T:
        """What comes of doing something with the session, which keeps nobody else waiting."""
        return await in_turn(act)

    async def _present_end(self, turn: Turn) -> None:
        self.refresh_bindings()
        assert turn.summary is not None
        if turn.waiting_until is None:
            await self._lay(None)
            self._end = SummaryScreen(self.library, turn.summary, can_undo=self.session.can_undo)
            self._show_end()
        else:
            await self._lay(WaitingView(turn.waiting_until, self.library.clock, turn.summary))

    @on(ScreenResume)
    def _show_end(self) -> None:
        if self._end is not None and self.is_active:
            page, self._end = self._end, None
            self.app.push_screen(page, self._after_summary)

    async def _lay(self, view: QuestionView | WaitingView | None) -> None:
        with self.app.batch_update():
            await self.query("#table").remove()
            if view is not None:
                await self.mount(view, after=self.query_one(SessionBar))
        # A layout that falls into the batch is taken as painted, though nothing was.
        self.refresh(layout=True)

    def _update_bar(self, turn: Turn) -> None:
        bar = self.query_one(SessionBar)
        bar.progress = turn.progress
        asked = turn.asked
        self.call_after_refresh(self._estimate, turn.left)
        bar.current = bar.place = ""
        if asked is not None:
            title = with_formulas(asked.title)
            bar.place = " › ".join([*filter(None, asked.question.deck.split("/")), title])
            bar.current = asked.state.value.removeprefix("re") if asked.memory else "new"
            if asked.state.value == "review":
                bar.current = "review"

    @work(group="estimate", exclusive=True)
    async def _estimate(self, left: tuple[str, ...]) -> None:
        """How long the rest will take: the log is asked, and the question need not wait for it."""
        try:
            seconds = await in_thread(self.library.seconds_for, left)
        except QuizError:
            return  # whoever reads the log next will say so
        for bar in self.query(SessionBar):
            bar.seconds = seconds

    @on(WaitingView.Due)
    async def _due(self, event: WaitingView.Due) -> None:
        await self._in_session(self.session.refresh)
        await self._present()

    async def _after_summary(self, wanted: str | None) -> None:
        if wanted == "more":
            self.call_next(self._begin_more)
        elif wanted == "undo" and await self._in_session(self.session.undo):
            self.call_next(self._present)
        else:
            self.dismiss()

    async def _begin_more(self) -> None:
        await self._in_session(self.session.begin_more)
        await self._present()

    # --- answers --------------------------------------------------------------------------

    @on(AnswerArea.Checked)
    async def _checked(self, event: AnswerArea.Checked) -> None:
        if self._trial is None:
            return
        self._trial.checked(event.answer, passed=event.passed, share=event.share)
        await self._settle()

    @on(AnswerArea.Submitted)
    def _submitted(self, event: AnswerArea.Submitted) -> None:
        self._start_grading(event.answer)

    @on(Unprotected)
    def _unprotected(self, event: Unprotected) -> None:
        """No jail holds the code here: it runs once the learner has agreed to that."""
        trial, answer = event.trial, event.answer

        def answered(agreed: bool | None) -> None:
            if trial is not self._trial:
                return
            if agreed:
                self.library.consent()
                self._start_grading(answer)
            else:
                refusal = GradeError(_("Not run, as you decided."), fix=_(_COMPARE))
                self.post_message(self.Ungradable(trial, refusal))

        self.app.push_screen(ConsentScreen(collection_name(self.library)), answered)

    def _start_grading(self, answer: str) -> None:
        trial, asked = self._trial, self._shown
        if trial is None or asked is None:
            return
        self._cancel_grading()
        self._grading = self.run_worker(self._grade(trial, asked, answer), group="grade")
        self.call_next(self._view().outcome.show_running)
        self.refresh_bindings()

    async def _grade(self, trial: Trial, asked: Asked, answer: str) -> None:
        def on_case(case: Case) -> None:
            self.post_message(self.CaseDone(trial, case))

        await self._warm.wait()
        if self.library.code_needs_consent:
            self.post_message(self.Unprotected(trial, answer))
            return
        try:
            verdict = await self.library.grade(asked.question, answer, on_case=on_case)
        except QuizError as error:
            self.post_message(self.Ungradable(trial, error))
        else:
            self.post_message(self.Graded(trial, answer, verdict))

    def _cancel_grading(self) -> bool:
        running, self._grading = self._grading, None
        if running is None or running.is_finished:
            return False
        running.cancel()
        return True

    @on(CaseDone)
    def _case_done(self, event: CaseDone) -> None:
        if event.trial is self._trial:
            self._view().outcome.add_case(event.case)

    @on(Graded)
    async def _graded(self, event: Graded) -> None:
        trial = self._trial
        if event.trial is not trial or trial is None:
            return
        self._grading = None
        if not trial.revealed:
            trial.graded(event.answer, event.verdict)
        predicting = trial.kind is Kind.PREDICT
        outcome = self._view().outcome
        await outcome.show_verdict(event.verdict, predicting=predicting)
        # Painted before what follows from it: both at once would take twice as long.
        self.call_after_refresh(self._conclude, trial, event.verdict)

    async def _conclude(self, trial: Trial, verdict: Verdict) -> None:
        """What follows from a verdict that is shown."""
        if trial is not self._trial or self._grading is not None:
            return  # rated already, or run again
        view = self._view()
        predicting = trial.kind is Kind.PREDICT
        if predicting:
            view.area.reveal()
        if verdict.passed or predicting:
            await self._settle()
        else:
            await self._offer()
            self._look_ahead()
            view.show_outcome()

    @on(Ungradable)
    async def _ungradable(self, event: Ungradable) -> None:
        if event.trial is not self._trial:
            return
        self._grading = None
        self._checkable = False
        outcome = self._view().outcome
        await outcome.show_problem(event.error.what, event.error.fix)
        self._trial.reveal(self.query_one(AnswerArea).text)
        await self._settle()

    async def _settle(self) -> None:
        """The question is answered: show the ratings, and what belongs to the answer."""
        answer = self._trial.answer if self._trial else ""
        self.set_focus(None)
        await self._offer()
        # Painted before the rest is laid out: both at once would hold up whoever presses a key.
        self.call_after_refresh(self._show_after, self._trial, answer)

    async def _show_after(self, trial: Trial | None, answer: str) -> None:
        if trial is self._trial:
            view = self._view()
            await view.outcome.show_after(solution=True, answer=answer)
            view.show_outcome()

    async def _offer(self) -> None:
        if self._trial is None or self._shown is None:
            return
        proposal = self._trial.proposal(checkable=self._checkable)
        await self.query_one(RatingBar).offer(self._shown.intervals, proposal)
        self.refresh_bindings()

    @on(Resize)
    def _resized(self) -> None:
        if self._trial is not None and self._trial.ratable:
            self._view().show_outcome()

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _focus_moved(self) -> None:
        self.query_one(RatingBar).typing = self.focused is not None

    def _view(self) -> QuestionView:
        return self.query_one(QuestionView)
