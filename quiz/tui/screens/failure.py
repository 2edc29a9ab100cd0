"""The one page that is shown when the collection or its history cannot be opened."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.tui.page import Page
from quiz.tui.widgets.key_bar import KeyBar


class FailureScreen(Page[None]):
    """What is wrong, where, and what to do."""

    CSS_PATH = "opening.tcss"
    BINDINGS = [Binding("q,escape,enter", "quit", mark("Quit"))]  # noqa: RUF012

    def __init__(self, error: QuizError) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        error = self._error
        with VerticalScroll(id="failure"):
            yield Static(Content(_("This cannot be opened")), id="failure-title")
            if error.where is not None:
                yield Static(Content.styled(str(error.where), "bold"), id="failure-where")
            yield Static(Content(error.what), id="failure-what")
            if error.fix:
                yield Static(Content(error.fix), id="failure-fix")
            yield Static(Content.styled(_("Press q to quit."), "$foreground 60%"))
        yield KeyBar()

    def action_quit(self) -> None:
        self.app.exit(return_code=self._error.exit_code, message=str(self._error))
