"""Typed: one line, compared with the accepted answers; a near miss shows where it differs."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from quiz.language import _
from quiz.model.answers import check_typed
from quiz.model.question import Typed
from quiz.study.values import Asked
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.diff import judged_content
from quiz.tui.widgets.keys_in_order import Field


class TypedArea(AnswerArea):
    """A field and, afterwards, how it compares."""

    DEFAULT_CSS = """
    TypedArea > #typed-result { display: none; margin: 1 0 0 0; padding: 0 1; }
    TypedArea.-answered > #typed-result { display: block; }
    """

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        content = asked.question.content
        assert isinstance(content, Typed)
        self._typed = content

    def compose(self) -> ComposeResult:
        yield Field(placeholder=_("your answer"))
        yield Static(Content(_("Enter checks · Esc leaves the field")), classes="keys")
        yield Static(id="typed-result")

    @property
    def text(self) -> str:
        return self.query_one(Input).value

    def take_focus(self) -> bool:
        if not self.answered:
            self.query_one(Input).focus()
        return not self.answered

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.submit()

    def submit(self) -> None:
        if self.answered:
            return
        if not self.text.strip():
            self.query_one(".keys", Static).update(
                Content(_("Type an answer first, or press Esc, then Space, to see it."))
            )
            return
        result = check_typed(self._typed, self.text)
        self._show(judged_content(result))
        self.post_message(
            self.Checked(self.text, passed=result.correct, share=float(result.correct))
        )

    def reveal(self) -> None:
        if not self.answered:
            label = _("answer")
            self._show(
                Content.assemble(
                    (f"{label}  ", "$foreground 60%"), (self._typed.accepted[0], "bold")
                )
            )

    def _show(self, content: Content) -> None:
        self.answered = True
        others = self._typed.accepted[1:]
        if others:
            also = _("also right {answers}").format(answers=" · ".join(others))
            content = Content.assemble(content, "\n", (f"  {also}", "$foreground 60%"))
        self.query_one("#typed-result", Static).update(content)
        self.query_one(".keys").display = False
        self.query_one(Input).disabled = True
        self.add_class("-answered")
