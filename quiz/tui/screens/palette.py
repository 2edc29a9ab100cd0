"""Every command, to be searched: Textual's palette, in the language that is spoken."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.widgets import Footer

from quiz.language import mark
from quiz.tui.page import Spoken


class Palette(Spoken, CommandPalette):
    """With its own keys beneath it: those of the page that it covers mean nothing now."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "escape", mark("Close"))]

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Footer(show_command_palette=False)
