"""What is asked around the editing of a card: which card, and what becomes of unsaved text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from quiz.language import _, mark
from quiz.model.question import Kind
from quiz.tui.page import Dialog
from quiz.tui.widgets.keys_in_order import Field
from quiz.tui.wording import aligned, kind_word

Choice = Literal["save", "discard", "stay"]

KINDS = {
    Kind.RECALL: mark("think, reveal, rate"),
    Kind.CLOZE: mark("fill the gaps"),
    Kind.CHOICE: mark("pick what holds"),
    Kind.TYPED: mark("type the answer"),
    Kind.PREDICT: mark("type what a program prints"),
    Kind.CODE: mark("write code that is run"),
}


class UnsavedScreen(Dialog[Choice]):
    """What becomes of text that is not saved."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        Binding("s", "answer('save')", mark("Save")),
        Binding("d", "answer('discard')", mark("Discard")),
        Binding("escape", "answer('stay')", mark("Go on editing")),
    ]

    def __init__(self, title: str, text: str, *, save: str = "", discard: str = "") -> None:
        super().__init__()
        self._title, self._text = title, text
        self._save, self._discard = save or _("Save"), discard or _("Discard")

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Static(Content(self._text))
            with Horizontal(classes="dialog-buttons"):
                yield Button(_("Go on editing (Esc)"), id="stay")
                yield Button(f"{self._discard} (d)", id="discard", variant="warning")
                yield Button(f"{self._save} (s)", id="save", variant="primary")

    def action_answer(self, choice: Choice) -> None:
        self.dismiss(choice)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        choices: dict[str | None, Choice] = {"save": "save", "discard": "discard"}
        self.dismiss(choices.get(event.button.id, "stay"))


class NameField(Field):
    """What the card is called; the kinds below are gone through without leaving it."""

    BINDINGS = [  # noqa: RUF012
        Binding("down", "screen.kind(1)", mark("To the kinds"), show=False),
        Binding("up", "screen.kind(-1)", mark("To the kinds"), show=False),
    ]


class NewCardScreen(Dialog[tuple[str, Kind]]):
    """The name of a card, new or there already, and the kind of the question."""

    CSS_PATH = ["modal.tcss", "editor.tcss"]  # noqa: RUF012 - Textual's own way
    AUTO_FOCUS = "#new-name"
    BINDINGS = [Binding("escape", "cancel", mark("Cancel"))]  # noqa: RUF012

    def __init__(self, names: Sequence[str], deck: str = "") -> None:
        super().__init__()
        self._names = names
        self._deck = f"{deck}/" if deck else ""

    def compose(self) -> ComposeResult:
        width = 2 + max(cell_len(kind_word(kind.value)) for kind in KINDS)
        with VerticalScroll(classes="dialog"):
            yield Static(Content(_("A new question")), classes="dialog-title")
            yield Static(Content(_("Card: deck/name, a new one or one that is there")))
            yield NameField(
                self._deck,
                placeholder=_("deck/name"),
                suggester=SuggestFromList(self._names, case_sensitive=False),
                select_on_focus=False,
                id="new-name",
            )
            yield OptionList(
                *(
                    Option(
                        Content.assemble((aligned(kind_word(kind.value), width), "bold"), _(does)),
                        id=kind.value,
                    )
                    for kind, does in KINDS.items()
                ),
                id="new-kind",
            )
            advice = _(
                "Tab between name and kind · → takes the suggestion · Enter begins · Esc cancels"
            )
            yield Static(Content(advice), classes="dialog-keys")

    def on_mount(self) -> None:
        self.query_one("#new-kind", OptionList).highlighted = 0

    def action_kind(self, step: int) -> None:
        """The next kind or the one before it, without leaving the name."""
        listed = self.query_one("#new-kind", OptionList)
        listed.highlighted = ((listed.highlighted or 0) + step) % len(KINDS)

    def action_cancel(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted, "#new-name")
    @on(OptionList.OptionSelected, "#new-kind")
    def _begin(self) -> None:
        field, listed = self.query_one("#new-name", Input), self.query_one("#new-kind", OptionList)
        if not field.value.strip(" /") or field.value.endswith("/"):
            field.focus()
            self.notify(_("Type a name for the card first, such as tensors/broadcasting."))
            return
        self.dismiss((field.value, list(KINDS)[listed.highlighted or 0]))
