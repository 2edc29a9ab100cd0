"""The question that is being written, as it will be asked, and what its own solution does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from quiz.errors import QuizError
from quiz.language import _
from quiz.model.question import Code, Program, Question
from quiz.model.verdict import Outcome, Verdict
from quiz.study.editing import Reading
from quiz.tui.widgets.prose import Prose
from quiz.tui.widgets.question_view import QuestionView
from quiz.tui.wording import kind_word

if TYPE_CHECKING:
    from quiz.study.library import Library


class CardPreview(VerticalScroll):
    """Shows one question of a reading; laid anew only where it is another one."""

    class Ran(Message):
        """What came of running the solution of a question; None: it may not run yet."""

        def __init__(self, question: Question, result: Verdict | QuizError | None) -> None:
            super().__init__()
            self.question, self.result = question, result

    class ConsentNeeded(Message):
        """Code can only be run without protection here."""

    def __init__(self, library: Library, folder: Path) -> None:
        super().__init__(id="editor-preview")
        self._library = library
        self._folder = folder
        self._reading: Reading | None = None
        self._line = 1
        self._member = 0
        self._shown: Question | None = None

    @property
    def question(self) -> Question | None:
        """The one that is shown."""
        return self._shown

    @property
    def members(self) -> tuple[Question, ...]:
        """All of its heading."""
        return (self._reading.at(self._line) if self._reading else None) or ()

    @property
    def can_run(self) -> bool:
        return self._shown is not None and isinstance(self._shown.content, Program)

    async def show(self, reading: Reading, line: int) -> None:
        """The question of the section that `line` (from 1) stands in."""
        if not self.members or reading.at(line) != self.members:
            self._member = 0 if line != self._line else self._member
        self._reading, self._line = reading, line
        members = self.members
        question = members[self._member % len(members)] if members else None
        if question is None:
            await self._lay(_missing(reading, line))
        elif self._shown is None or not _same(question, self._shown):
            label = f"{_('As it will be asked')} · {kind_word(question.kind.value)}"
            if len(members) > 1:
                number = self._member % len(members) + 1
                said = _("{number} of {all}, F3 the next")
                label += f" · {said.format(number=number, all=len(members))}"
            view = QuestionView(reading.asked(question), self._folder)
            view.disabled = True
            await self._lay(Static(Content(label), id="editor-label"), view)
        self._shown = question

    async def _lay(self, *widgets: Widget) -> None:
        with self.app.batch_update():
            await self.remove_children()
            await self.mount(*widgets)
        self.screen.refresh(layout=True)

    async def turn(self) -> None:
        """Show its other side too, or only the front again."""
        view = self.query_one(QuestionView)
        if view.has_class("-turned"):
            await self._again()
            return
        view.add_class("-turned")
        view.area.reveal()
        await view.outcome.show_after(solution=True)
        self._to_outcome()

    async def next(self) -> None:
        """The next question of the same heading."""
        self._member += 1
        await self._again()

    async def _again(self) -> None:
        self._shown = None
        if self._reading is not None:
            await self.show(self._reading, self._line)

    async def run_solution(self) -> None:
        """Judge the card's own solution by the real grader; the verdict follows."""
        if self._shown is not None:
            await self.query_one(QuestionView).outcome.show_running()
            self.run_worker(self._run(self._shown), group="run", exclusive=True)

    async def _run(self, question: Question) -> None:
        result: Verdict | QuizError | None = None
        try:
            await self._library.warm_up()
            if not self._library.code_needs_consent:
                result = await _verdict(self._library, question)
        except QuizError as error:
            result = error
        self.post_message(self.Ran(question, result))

    @on(Ran)
    async def _ran(self, event: Ran) -> None:
        event.stop()
        if self._shown is None or not _same(event.question, self._shown):
            return
        outcome = self.query_one(QuestionView).outcome
        if isinstance(event.result, Verdict):
            predicting = not isinstance(event.question.content, Code)
            await outcome.show_verdict(event.result, predicting=predicting)
        elif event.result is not None:
            await outcome.show_problem(event.result.what, event.result.fix)
        else:
            await outcome.show_cancelled()
            self.post_message(self.ConsentNeeded())
        self._to_outcome()

    def _to_outcome(self) -> None:
        after = self.query_one("#after")
        self.call_after_refresh(self.scroll_to_widget, after, animate=False, top=True)


async def _verdict(library: Library, question: Question) -> Verdict:
    """What the grader says of the card's own answer; that its starter fails is part of it."""
    content = question.content
    if isinstance(content, Code):
        verdict = await library.grade(question, content.solution.text)
        starter = content.starter.text if content.starter else None
        if not verdict.passed or starter is None:
            return verdict
        if (await library.grade(question, starter)).passed:
            message = _("The solution passes, but so does the starter as it stands.")
            return replace(verdict, outcome=Outcome.CARD_ERROR, message=message)
        return verdict
    blank = await library.grade(question, "")
    if blank.outcome is not Outcome.WRONG:
        return blank
    return await library.grade(question, "\n".join(case.expected for case in blank.cases))


def _same(one: Question, other: Question) -> bool:
    """Whether two questions are asked alike, wherever they stand."""
    return replace(one, place=other.place) == other


def _missing(reading: Reading, line: int) -> Widget:
    """What stands in the place of a question."""
    if reading.at(line) is None:
        return Prose(f"*{_('The note, shown after an answer:')}*\n\n{reading.note}")
    return Static(Content.styled(_("No question yet: see what is said below the text."), "dim"))
