"""Asked once for a collection, where no jail can hold its code: may it be run?"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from quiz.language import _, mark
from quiz.tui.page import Dialog
from quiz.tui.phrase import phrase


class ConsentScreen(Dialog[bool]):
    """True: the learner agrees that code of this collection runs unprotected."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        Binding("y", "answer(True)", mark("Run it")),
        Binding("n,escape", "answer(False)", mark("Do not run")),
    ]

    def __init__(self, collection: str) -> None:
        super().__init__()
        self._collection = collection

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(Content(_("Run code without protection?")), classes="dialog-title")
            yield Static(
                phrase(
                    _(
                        "On this system nothing holds back the code of a card: it can read and "
                        "change whatever you can. Agree only if you trust the authors of the "
                        "collection {name}.\n\nWithout it code questions can still be read, "
                        "compared with their solution, and rated. `quiz doctor` says what is "
                        "missing. This is asked once."
                    ),
                    name=(self._collection, "bold"),
                )
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button(_("Do not run (n)"), id="no")
                yield Button(_("Run it (y)"), id="yes", variant="warning")

    def action_answer(self, agreed: bool) -> None:
        self.dismiss(agreed)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
