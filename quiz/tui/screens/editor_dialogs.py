"""What is asked around the editing of a card: which card, and what becomes of unsaved text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from quiz.model.question import Kind
from quiz.tui.widgets.keys_in_order import Field

Choice = Literal["save", "discard", "stay"]

KINDS = {
    Kind.RECALL: "think, reveal, rate",
    Kind.CLOZE: "fill the gaps",
    Kind.CHOICE: "pick what holds",
    Kind.TYPED: "type the answer",
    Kind.PREDICT: "type what a program prints",
    Kind.CODE: "write code that is run",
}


class UnsavedScreen(ModalScreen[Choice]):
    """What becomes of text that is not saved."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        Binding("s", "answer('save')", "Save"),
        Binding("d", "answer('discard')", "Discard"),
        Binding("escape", "answer('stay')", "Go on editing"),
    ]

    def __init__(
        self, title: str, text: str, *, save: str = "Save", discard: str = "Discard"
    ) -> None:
        super().__init__()
        self._title, self._text, self._save, self._discard = title, text, save, discard

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Static(Content(self._text))
            with Horizontal(classes="dialog-buttons"):
                yield Button("Go on editing (Esc)", id="stay")
                yield Button(f"{self._discard} (d)", id="discard", variant="warning")
                yield Button(f"{self._save} (s)", id="save", variant="primary")

    def action_answer(self, choice: Choice) -> None:
        self.dismiss(choice)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        choices: dict[str | None, Choice] = {"save": "save", "discard": "discard"}
        self.dismiss(choices.get(event.button.id, "stay"))


class NewCardScreen(ModalScreen[tuple[str, Kind]]):
    """The name of a card, new or there already, and the kind of the question."""

    CSS_PATH = ["modal.tcss", "editor.tcss"]  # noqa: RUF012 - Textual's own way
    AUTO_FOCUS = "#new-name"
    BINDINGS = [  # noqa: RUF012
        Binding("escape", "cancel", "Cancel"),
        Binding("down", "kinds", "To the kinds", show=False),
    ]

    def __init__(self, names: Sequence[str], deck: str = "") -> None:
        super().__init__()
        self._names = names
        self._deck = f"{deck}/" if deck else ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(Content("A new question"), classes="dialog-title")
            yield Static(Content("Card: deck/name, a new one or one that is there"))
            yield Field(
                self._deck,
                placeholder="deck/name",
                suggester=SuggestFromList(self._names, case_sensitive=False),
                select_on_focus=False,
                id="new-name",
            )
            yield OptionList(
                *(
                    Option(Content.assemble((f"{kind.value:<9}", "bold"), does), id=kind.value)
                    for kind, does in KINDS.items()
                ),
                id="new-kind",
            )
            advice = (
                "Tab between name and kind · → takes the suggestion · Enter begins · Esc cancels"
            )
            yield Static(Content(advice), classes="dialog-keys")

    def on_mount(self) -> None:
        self.query_one("#new-kind", OptionList).highlighted = 0

    def action_kinds(self) -> None:
        self.query_one("#new-kind", OptionList).focus()

    def action_cancel(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted, "#new-name")
    @on(OptionList.OptionSelected, "#new-kind")
    def _begin(self) -> None:
        field, listed = self.query_one("#new-name", Input), self.query_one("#new-kind", OptionList)
        if not field.value.strip(" /") or field.value.endswith("/"):
            field.focus()
            self.notify("Type a name for the card first, such as tensors/broadcasting.")
            return
        self.dismiss((field.value, list(KINDS)[listed.highlighted or 0]))
