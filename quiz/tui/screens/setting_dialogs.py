"""What a setting is to be: typed, or picked from all it can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from quiz.language import _, mark
from quiz.tui.page import Dialog
from quiz.tui.widgets.keys_in_order import Field


class ValueScreen(Dialog[str]):
    """Dismissed with the text of the new value, one in which `problem` finds nothing wrong."""

    CSS_PATH = "modal.tcss"
    AUTO_FOCUS = "#value"
    BINDINGS = [Binding("escape", "dismiss", mark("Cancel"))]  # noqa: RUF012

    def __init__(self, name: str, meaning: str, value: str, problem: Callable[[str], str]) -> None:
        super().__init__()
        self._setting, self._meaning, self._value, self._problem = name, meaning, value, problem

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(Content(self._setting), classes="dialog-title")
            yield Static(Content(self._meaning))
            yield Field(self._value, id="value")
            yield Static(id="value-problem")
            advice = _("Enter takes it · Esc leaves everything as it is")
            yield Static(Content.styled(advice, "$foreground 60%"))

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one("#value-problem", Static).update(Content(""))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        problem = self._problem(event.value)
        if problem:
            shown = Content.assemble(("✗ ", "bold $text-error"), problem)
            self.query_one("#value-problem", Static).update(shown)
        else:
            self.dismiss(event.value)


class PickScreen(Dialog[str]):
    """Dismissed with the one that was picked."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [Binding("escape", "dismiss", mark("Cancel"))]  # noqa: RUF012

    def __init__(self, name: str, meaning: str, value: str, choices: Sequence[str]) -> None:
        super().__init__()
        self._setting, self._meaning, self._value, self._choices = name, meaning, value, choices

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_subtitle = _("Enter takes it · Esc cancels")
            yield Static(Content(self._setting), classes="dialog-title")
            yield Static(Content(self._meaning))
            yield OptionList(*(Option(Content(one or _("(empty)"))) for one in self._choices))

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        if self._value in self._choices:
            options.highlighted = self._choices.index(self._value)
        options.focus()

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index])
