"""Predict and code: text that is judged by running."""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static
from textual.widgets.text_area import Selection

from quiz.language import _
from quiz.model.question import Code, Predict
from quiz.study.values import Asked
from quiz.tui.starter import starting_text
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.code_editor import CodeEditor
from quiz.tui.widgets.prose import Prose, fenced

_PLACEHOLDER = re.compile(r"^[^#]*?(?<![^\s=])(\.\.\.|pass)\s*$")
"""What a starter leaves to be written: at the end of a line, as in `y = ...`."""


class ProgramArea(AnswerArea):
    """An editor whose text is handed over to be run. It stays open after the verdict."""

    @property
    def editor(self) -> CodeEditor:
        return self.query_one(CodeEditor)

    @property
    def text(self) -> str:
        return self.editor.text

    def take_focus(self) -> bool:
        self.editor.focus()
        return True

    def submit(self) -> None:
        self.post_message(self.Submitted(self.text))


class PredictArea(ProgramArea):
    """The card's program above, what it prints below."""

    def compose(self) -> ComposeResult:
        content = self.asked.question.content
        assert isinstance(content, Predict)
        if content.setup is not None:
            yield Prose(fenced(content.setup.text))
        yield Prose(fenced(content.program.text))
        yield Static(Content(_("What does it print?")), classes="label")
        yield CodeEditor("", language=None)
        yield Static(Content(_("Ctrl+R checks · Esc leaves the editor")), classes="keys")

    def on_mount(self) -> None:
        self.editor.show_line_numbers = False

    def reveal(self) -> None:
        """What it prints is known now: there is nothing left to type."""
        super().reveal()
        self.editor.read_only = True
        self.query_one(".keys").display = False


class CodeArea(ProgramArea):
    """The learner's own code, beginning with the card's starter."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        content = asked.question.content
        assert isinstance(content, Code)
        self._code = content
        self._start = starting_text(content)

    def compose(self) -> ComposeResult:
        if self._code.setup is not None:
            yield Prose(fenced(self._code.setup.text), id="setup")
        yield CodeEditor(self._start)
        yield Static(Content(self._advice()), classes="keys")

    def on_mount(self) -> None:
        self.editor.selection = _first_place(self._start)

    def previous(self) -> bool:
        """Swap the text for the previous answer. It can be undone as any edit can."""
        answer = self.asked.previous_answer
        if not answer or answer == self.text:
            return False
        self._replace(answer)
        return True

    def _replace(self, text: str) -> None:
        editor = self.editor
        editor.replace(text, (0, 0), editor.document.end)
        editor.move_cursor((0, 0))

    def _advice(self) -> str:
        parts = [_("Ctrl+R runs it"), _("Ctrl+G gives up"), _("Esc leaves the editor")]
        if self.asked.previous_answer:
            parts.insert(1, _("Ctrl+O previous answer"))
        return " · ".join(parts)


def _first_place(text: str) -> Selection:
    """What is typed first probably takes the place of `...`, else it follows all there is."""
    lines = text.split("\n")
    for row, line in enumerate(lines):
        if found := _PLACEHOLDER.search(line):
            return Selection((row, found.start(1)), (row, found.end(1)))
    for row in range(len(lines) - 1, -1, -1):
        if lines[row]:
            return Selection.cursor((row, len(lines[row])))
    return Selection.cursor((0, 0))
