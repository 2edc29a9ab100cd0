"""Writing a card: its text beside the question as it will be asked, errors at their lines.

What is not saved is never lost: leaving asks, and whatever ends the page otherwise keeps the text
in a draft beside the card, which is offered when the card is opened next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.model.finding import Severity
from quiz.study.editing import Card, ChangedError, Reading, read_card, save_card
from quiz.tui.naming import collection_name
from quiz.tui.page import Page
from quiz.tui.screens.consent import ConsentScreen
from quiz.tui.screens.editor_dialogs import Choice, UnsavedScreen
from quiz.tui.screens.editor_preview import CardPreview
from quiz.tui.screens.editor_text import CardText
from quiz.tui.screens.help import HelpScreen
from quiz.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from quiz.study.library import Library

PAUSE = 0.2
"""Seconds without a key after which the text is read."""


class EditorScreen(Page[bool]):
    """One card file. The result says whether it was saved."""

    CSS_PATH = "editor.tcss"
    AUTO_FOCUS = "CardText"
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        Binding("ctrl+s", "save", mark("Save"), priority=True),
        Binding(
            "ctrl+r", "run", mark("Run"), tooltip=mark("Run the solution against its own cases")
        ),
        Binding("f2", "turn", mark("Answer"), tooltip=mark("Turn the question over, and back")),
        Binding("f3", "next", mark("Next gap"), tooltip=mark("The next question of this heading")),
        Binding(
            "f4", "look", mark("Preview"), tooltip=mark("Scroll the preview; again: to the text")
        ),
        Binding(
            "f8", "error", mark("Next error"), tooltip=mark("Go to the next line with an error")
        ),
        Binding("f1", "help", mark("Help")),
        Binding("escape", "leave", mark("Back")),
        Binding("ctrl+q", "quit", mark("Quit"), show=False, priority=True),
    ]

    class Read(Message):
        """What the text means, as of a moment."""

        def __init__(self, text: str, reading: Reading) -> None:
            super().__init__()
            self.text, self.reading = text, reading

    def __init__(self, library: Library, card: Card) -> None:
        super().__init__()
        self._library = library
        self._card = card
        self._text = card.text
        """As it stands in the field, which is gone before the page is."""
        self._changeable = True
        self._saved = False
        self._left = False
        self._reading: Reading | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="editor-title")
        with Container(id="editor-panes"):
            with Vertical(id="editor-left"):
                yield CardText(self._card.text)
                yield Static(id="editor-findings")
            yield CardPreview(self._library, self._card.path.parent)
        yield KeyBar()

    def on_mount(self) -> None:
        field = self._field
        if field.text != self._card.text:
            field.read_only = True
            self._changeable = False
            self.notify(
                _("This file mixes line ends, which an edit here would change. Open it with e."),
                severity="warning",
                timeout=15,
            )
        elif (kept := self._card.kept()) is not None and kept != self._card.text:
            field.load_text(kept)
            self.notify(_("This is the text that was left unsaved the last time."), timeout=10)
        field.go_to(self._card.line)
        self._update_title()
        self._read()

    def on_unmount(self) -> None:
        """The page ends without an answer to what becomes of the text: it is kept."""
        if not self._left and self._unsaved:
            with suppress(QuizError):  # there is nobody left to tell
                self._card.keep(self._text)

    @property
    def _field(self) -> CardText:
        return self.query_one(CardText)

    @property
    def _preview(self) -> CardPreview:
        return self.query_one(CardPreview)

    @property
    def _unsaved(self) -> bool:
        if not self._changeable:
            return False
        return self._text != self._card.text or self._card.stored is None

    # --- reading what is written -----------------------------------------------------------

    @on(TextArea.Changed, "CardText")
    def _changed(self) -> None:
        self._text = self._field.text
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._read)
        self._update_title()

    @on(TextArea.SelectionChanged, "CardText")
    async def _moved(self) -> None:
        await self._update()

    def _read(self) -> None:
        self.run_worker(self._parse(self._field.text), group="read", exclusive=True)

    async def _parse(self, text: str) -> None:
        reading = await asyncio.to_thread(read_card, self._card, text)
        self.post_message(self.Read(text, reading))

    @on(Read)
    async def _was_read(self, event: Read) -> None:
        if event.text == self._field.text:
            self._reading = event.reading
            self._field.mark(event.reading.findings)
            await self._update()

    async def _update(self) -> None:
        """Show what the cursor's place means; while the text is being typed, as it was before."""
        if self._reading is not None:
            self._update_findings(self._reading)
            await self._preview.show(self._reading, self._field.line)
            self.refresh_bindings()

    def _update_title(self) -> None:
        state = _("not saved") if self._unsaved else _("saved")
        if self._card.stored is None:
            state = _("new, not saved")
        self.query_one("#editor-title", Static).update(
            Content.assemble(
                ("● ", "$text-warning") if self._unsaved else "  ",
                (
                    f"{self._card.concept}.md" if self._card.base is None else self._card.path.name,
                    "bold",
                ),
                (f"  {state}", "$foreground 60%"),
            )
        )

    def _update_findings(self, reading: Reading) -> None:
        """What is wrong on the cursor's line, else in the file: the first few."""
        findings = reading.findings
        here = [one for one in findings if max(one.place.line, 1) == self._field.line]
        lines = []
        for one in (here or list(findings))[:3]:
            error = one.severity is Severity.ERROR
            sign = ("✗ ", "bold $text-error") if error else ("! ", "bold $text-warning")
            where = _("line {n}").format(n=max(one.place.line, 1)) + "  "
            lines.append(Content.assemble(sign, (where, "bold"), one.message))
        more = len(findings) - len(lines)
        if lines and more > 0:
            said = _("{n} more; F8 goes through them").format(n=more)
            lines.append(Content.styled(f"  {said}", "$foreground 60%"))
        shown = self.query_one("#editor-findings", Static)
        shown.update(Content("\n").join(lines))
        shown.display = bool(lines)

    # --- what the keys do --------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted:
            return action != "save"
        if action == "run":
            return self._preview.can_run
        if action == "turn":
            return self._preview.question is not None
        if action == "next":
            return len(self._preview.members) > 1
        if action == "look":
            return self._preview.display
        if action == "error":
            return bool(self._reading and self._reading.findings)
        return True

    async def action_run(self) -> None:
        await self._preview.run_solution()

    async def action_turn(self) -> None:
        await self._preview.turn()

    def action_look(self) -> None:
        """Between the text and the preview, where the arrows and Page Down scroll."""
        (self._field if self._preview.has_focus else self._preview).focus()

    async def action_next(self) -> None:
        await self._preview.next()

    def action_error(self) -> None:
        findings = self._reading.findings if self._reading else ()
        lines = sorted({max(one.place.line, 1) for one in findings})
        if lines:
            self._field.go_to(next((n for n in lines if n > self._field.line), lines[0]))

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    @on(CardPreview.ConsentNeeded)
    def _ask_for_consent(self) -> None:
        async def answered(agreed: bool | None) -> None:
            if agreed:
                self._library.consent()
                await self._preview.run_solution()

        self.app.push_screen(ConsentScreen(collection_name(self._library)), answered)

    # --- saving and leaving --------------------------------------------------------------------

    def action_save(self) -> None:
        if self._changeable:
            self._save()

    def _save(self, *, force: bool = False) -> bool:
        """Whether the text is on the disk; if not, why is said."""
        self._text = text = self._field.text
        try:
            self._card = save_card(self._card, text, force=force)
        except ChangedError:
            self._ask_about_conflict()
            return False
        except QuizError as error:
            self.notify(str(error), title=_("Not saved"), severity="error", timeout=15)
            return False
        self._saved = True
        self._update_title()
        errors = [f for f in read_card(self._card, text).findings if f.severity is Severity.ERROR]
        if errors:
            said = _("Saved, with errors.")
            said += f" {errors[0].place}: {errors[0].message}"
            self.notify(said, severity="warning", timeout=8)
        else:
            self.notify(_("Saved."), timeout=2)
        return True

    def _ask_about_conflict(self) -> None:
        def answered(choice: Choice | None) -> None:
            if choice == "save":
                self._save(force=True)
            elif choice == "discard":
                self._card.forget()
                self._leave()

        dialog = UnsavedScreen(
            _("The file was changed by another program"),
            _("{path} is not what it was when it was opened here.").format(path=self._card.path),
            save=_("Write mine over it"),
            discard=_("Drop mine"),
        )
        self.app.push_screen(dialog, answered)

    def action_leave(self) -> None:
        if self._preview.has_focus:
            self._field.focus()
        else:
            self._when_settled(self._leave)

    def action_quit(self) -> None:
        self._when_settled(self.app.exit)

    def _leave(self) -> None:
        self._left = True
        self.dismiss(self._saved)

    def _when_settled(self, go_on: Callable[[], None]) -> None:
        """Go on once it is said what becomes of unsaved text."""
        if not self._unsaved:
            go_on()
            return

        def answered(choice: Choice | None) -> None:
            if choice == "discard":
                self._card.forget()
                self._left = True
                go_on()
            elif choice == "save" and self._save():
                go_on()

        text = _("What becomes of your text in {path}?").format(path=self._card.path)
        self.app.push_screen(UnsavedScreen(_("Not saved yet"), text), answered)
