"""Recall: think, look, rate."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from quiz.language import _
from quiz.model.question import Recall
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.prose import Prose


class RecallArea(AnswerArea):
    """Nothing to type; the answer appears when asked for."""

    DEFAULT_CSS = """
    RecallArea {
        & > #recall-answer { display: none; border-left: outer $success; padding: 0 0 0 2; }
        &.-answered > #recall-answer { display: block; }
        &.-answered > .keys { display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        content = self.asked.question.content
        answer = content.answer if isinstance(content, Recall) else ""
        yield Prose(answer, id="recall-answer", classes="-tight")
        advice = _("Say the answer to yourself, then press Space.")
        yield Static(Content(advice), classes="keys")

    def submit(self) -> None:
        self.reveal()

    def reveal(self) -> None:
        super().reveal()
        self.add_class("-answered")
