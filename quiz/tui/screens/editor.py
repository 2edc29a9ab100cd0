"""Writing a card: its text beside the question as it will be asked, errors at their lines.

What is not saved is never lost: leaving asks, and whatever ends the page otherwise keeps the text
in a draft beside the card, which is offered when the card is opened next.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Footer, Static, TextArea

from quiz.errors import QuizError
from quiz.model.finding import Severity
from quiz.model.question import Code, Program, Question
from quiz.model.verdict import Outcome, Verdict
from quiz.study.editing import Card, ChangedMeanwhile, Reading, read_card, save_card
from quiz.tui.naming import collection_name
from quiz.tui.screens.consent import ConsentScreen
from quiz.tui.screens.editor_dialogs import Choice, UnsavedScreen
from quiz.tui.screens.editor_text import CardText
from quiz.tui.screens.help import HelpScreen
from quiz.tui.widgets.prose import Prose
from quiz.tui.widgets.question_view import QuestionView

if TYPE_CHECKING:
    from quiz.study.library import Library

PAUSE = 0.2
"""Seconds without a key after which the text is read."""


class EditorScreen(Screen[bool]):
    """One card file. The result says whether it was saved."""

    CSS_PATH = "editor.tcss"
    AUTO_FOCUS = "CardText"
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        Binding("ctrl+s", "save", "Save", priority=True),
        Binding("ctrl+r", "run", "Run", tooltip="Run the solution against its own cases"),
        Binding("f2", "turn", "Answer", tooltip="Turn the question over, and back"),
        Binding("f3", "next", "Next gap", tooltip="The next question of this heading"),
        Binding("f8", "error", "Next error", tooltip="Go to the next line with an error"),
        Binding("f1", "help", "Help"),
        Binding("escape", "leave", "Back", priority=True),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    class Read(Message):
        """What the text means, as of a moment."""

        def __init__(self, text: str, reading: Reading) -> None:
            super().__init__()
            self.text, self.reading = text, reading

    class Ran(Message):
        """What came of running the solution of a question."""

        def __init__(self, question: Question, result: Verdict | QuizError | None) -> None:
            super().__init__()
            self.question, self.result = question, result
            """None: only the learner can say whether it may run."""

    def __init__(self, library: Library, card: Card) -> None:
        super().__init__()
        self._library = library
        self._card = card
        self._saved = False
        self._reading: Reading | None = None
        self._shown: Question | None = None
        self._member = 0
        self._timer: Timer | None = None
        self._left = False

    def compose(self) -> ComposeResult:
        yield Static(id="editor-title")
        with Container(id="editor-panes"):
            with Vertical(id="editor-left"):
                yield CardText(self._card.text)
                yield Static(id="editor-findings")
            yield Vertical(id="editor-preview", can_focus=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        field = self.query_one(CardText)
        if field.text != self._card.text:
            field.read_only = True
            self.notify(
                "This file mixes line ends, which an edit here would change. Open it with e.",
                severity="warning",
                timeout=15,
            )
        elif (kept := self._card.kept()) is not None and kept != self._card.text:
            field.text = kept
            self.notify("This is the text that was left unsaved the last time.", timeout=10)
        field.go_to(self._card.line)
        self._update_title()
        self._read()

    async def on_unmount(self) -> None:
        """The page ends without an answer to what becomes of the text: it is kept."""
        if not self._left and self._unsaved:
            self._card.keep(self.query_one(CardText).text)

    @property
    def _unsaved(self) -> bool:
        text = self.query_one(CardText).text
        return text != self._card.text or self._card.stored is None

    # --- reading what is written -----------------------------------------------------------

    @on(TextArea.Changed, "CardText")
    def _changed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._read)
        self._update_title()

    @on(TextArea.SelectionChanged, "CardText")
    async def _moved(self) -> None:
        self._update_findings()
        await self._update_preview()

    def _read(self) -> None:
        self.run_worker(self._parse(self.query_one(CardText).text), group="read", exclusive=True)

    async def _parse(self, text: str) -> None:
        reading = await asyncio.to_thread(read_card, self._card, text)
        self.post_message(self.Read(text, reading))

    @on(Read)
    async def _was_read(self, event: Read) -> None:
        field = self.query_one(CardText)
        if event.text != field.text:
            return
        self._reading = event.reading
        field.mark(event.reading.findings)
        self._update_findings()
        await self._update_preview()
        self.refresh_bindings()

    def _update_title(self) -> None:
        unsaved = ("● ", "$text-warning") if self._unsaved else ("  ", "")
        what = "not saved" if self._unsaved else "saved"
        if self._card.stored is None:
            what = "new, not saved"
        self.query_one("#editor-title", Static).update(
            Content.assemble(
                unsaved,
                (self._card.path.name, "bold"),
                (f"  {self._card.concept}  {what}", "$foreground 60%"),
            )
        )

    def _update_findings(self) -> None:
        """What is wrong on the cursor's line, else in the file, the first few of it."""
        findings = self._reading.findings if self._reading else ()
        line = self.query_one(CardText).line
        here = [one for one in findings if max(one.place.line, 1) == line]
        lines = []
        for one in (here or list(findings))[:3]:
            error = one.severity is Severity.ERROR
            sign = ("✗ ", "bold $text-error") if error else ("! ", "bold $text-warning")
            where = f"line {max(one.place.line, 1)}  "
            lines.append(Content.assemble(sign, (where, "bold"), one.message))
        more = len(findings) - len(lines)
        if lines and more > 0:
            lines.append(Content.styled(f"  {more} more; F8 goes through them", "$foreground 60%"))
        shown = self.query_one("#editor-findings", Static)
        shown.update(Content("\n").join(lines))
        shown.display = bool(lines)

    # --- the question as it will be asked ---------------------------------------------------

    def _questions(self) -> tuple[Question, ...] | None:
        return self._reading.at(self.query_one(CardText).line) if self._reading else None

    async def _update_preview(self) -> None:
        """Lay the question of the cursor's section anew, where it is another one now."""
        questions = self._questions()
        question = questions[self._member % len(questions)] if questions else None
        if question is not None and self._reading is not None:
            if self._shown is not None and _same(question, self._shown):
                return
            view = QuestionView(self._reading.asked(question))
            view.disabled = True
            await self._lay(view)
        elif self._shown is not None or not self.query("#editor-preview > *"):
            await self._lay(_nothing(self._reading, questions))
        self._shown = question
        self.refresh_bindings()

    async def _lay(self, widget: Widget) -> None:
        holder = self.query_one("#editor-preview")
        with self.app.batch_update():
            await holder.remove_children()
            await holder.mount(widget)
        self.refresh(layout=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "run":
            return self._shown is not None and isinstance(self._shown.content, Program)
        if action == "turn":
            return self._shown is not None
        if action == "next":
            return len(self._questions() or ()) > 1
        if action == "error":
            return bool(self._reading and self._reading.findings)
        return True

    async def action_turn(self) -> None:
        view = self.query_one(QuestionView)
        if view.area.answered:
            self._shown = None
            await self._update_preview()
            return
        view.area.reveal()
        view.area.answered = True
        await view.outcome.show_after(solution=True)
        view.show_outcome()

    async def action_next(self) -> None:
        self._member += 1
        await self._update_preview()

    def action_error(self) -> None:
        field = self.query_one(CardText)
        lines = sorted(
            {max(f.place.line, 1) for f in self._reading.findings} if self._reading else ()
        )
        if lines:
            field.go_to(next((line for line in lines if line > field.line), lines[0]))

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    # --- running its solution ----------------------------------------------------------------

    async def action_run(self) -> None:
        if self._shown is not None:
            await self.query_one(QuestionView).outcome.show_running()
            self.run_worker(self._run(self._shown), group="run", exclusive=True)

    async def _run(self, question: Question) -> None:
        try:
            await self._library.warm_up()
            consent = self._library.code_needs_consent
            result = None if consent else await _verdict(self._library, question)
        except QuizError as error:
            result = error
        self.post_message(self.Ran(question, result))

    @on(Ran)
    async def _ran(self, event: Ran) -> None:
        if self._shown is None or not _same(event.question, self._shown):
            return
        view = self.query_one(QuestionView)
        if isinstance(event.result, Verdict):
            predicting = not isinstance(event.question.content, Code)
            await view.outcome.show_verdict(event.result, predicting=predicting)
        elif event.result is not None:
            await view.outcome.show_problem(event.result.what, event.result.fix)
        else:
            await view.outcome.show_cancelled()
            screen = ConsentScreen(collection_name(self._library))
            await self.app.push_screen(screen, self._consented)
        view.show_outcome()

    async def _consented(self, agreed: bool | None) -> None:
        if agreed:
            self._library.consent()
            await self.action_run()

    # --- saving and leaving --------------------------------------------------------------------

    def action_save(self) -> None:
        self._save()

    def _save(self, *, force: bool = False) -> bool:
        """Whether the text is on the disk; if not, why is said."""
        text = self.query_one(CardText).text
        try:
            self._card = save_card(self._card, text, force=force)
        except ChangedMeanwhile:
            dialog = UnsavedScreen(
                "The file was changed by another program",
                f"{self._card.path} is not what it was when it was opened here.",
                save="Write mine over it",
                discard="Drop mine",
            )
            self.app.push_screen(dialog, self._conflict)
            return False
        except QuizError as error:
            self.notify(str(error), title="Not saved", severity="error", timeout=15)
            return False
        self._saved = True
        self._update_title()
        errors = [f for f in read_card(self._card, text).findings if f.severity is Severity.ERROR]
        if errors:
            said = f"Saved, with errors. {errors[0].place}: {errors[0].message}"
            self.notify(said, severity="warning", timeout=8)
        else:
            self.notify("Saved.", timeout=2)
        return True

    def _conflict(self, choice: Choice | None) -> None:
        if choice == "save":
            self._save(force=True)
        elif choice == "discard":
            self._leave()

    def action_leave(self) -> None:
        self._ask(self._leave)

    def action_quit(self) -> None:
        self._ask(self.app.exit)

    def _ask(self, then: object) -> None:
        """Go on with `then`, once it is said what becomes of unsaved text."""
        assert callable(then)
        if not self._unsaved:
            self._left = True
            then()
            return

        def answered(choice: Choice | None) -> None:
            if choice == "discard":
                self._card.forget()
                self._left = True
                then()
            elif choice == "save" and self._save():
                self._left = True
                then()

        dialog = UnsavedScreen("Not saved yet", f"What becomes of your text in {self._card.path}?")
        self.app.push_screen(dialog, answered)

    def _leave(self) -> None:
        self._left = True
        self._card.forget()
        self.dismiss(self._saved)


async def _verdict(library: Library, question: Question) -> Verdict:
    """What the grader says of the card's own answer."""
    content = question.content
    if isinstance(content, Code):
        verdict = await library.grade(question, content.solution.text)
        if verdict.passed and content.starter is not None:
            if (await library.grade(question, content.starter.text)).passed:
                message = "The solution passes, but so does the starter as it stands."
                return replace(verdict, outcome=Outcome.CARD_ERROR, message=message)
        return verdict
    blank = await library.grade(question, "")
    if blank.outcome is not Outcome.WRONG:
        return blank
    return await library.grade(question, "\n".join(case.expected for case in blank.cases))


def _same(one: Question, other: Question) -> bool:
    """Whether two questions are asked alike, wherever they stand."""
    return replace(one, place=other.place) == other


def _nothing(reading: Reading | None, questions: tuple[Question, ...] | None) -> Widget:
    """What stands in the place of a question."""
    if reading is None:
        return Static()
    if questions is None:
        return Prose(f"*The note, shown after an answer:*\n\n{reading.note}")
    return Static(
        Content.styled("No question yet: see the line below the text.", "$foreground 60%")
    )
