"""Every command, to be searched: Textual's palette, in the language that is spoken."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets.option_list import Option

from quiz.language import _, mark
from quiz.tui.page import Spoken
from quiz.tui.widgets.key_bar import KeyBar


class Palette(Spoken, CommandPalette):
    """With its own keys beneath it: those of the page that it covers mean nothing now."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "escape", mark("Close"))]

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield KeyBar()

    def _action_command_list(self, action: str) -> None:
        """Move in the list. Textual ends with an error where it has not been laid out yet."""
        with suppress(KeyError):
            super()._action_command_list(action)

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual says it in English alone, and has no public way to say something else."""
        self._stop_no_matches_countdown()
        tell = partial(self._tell_no_matches, search_value)
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, tell)

    def _tell_no_matches(self, search_value: str) -> None:
        if search_value:
            said = Content.styled(_("There is no such command."), "$text-muted")
            option = Option(said, disabled=True, id=self._NO_MATCHES)
            self.query_one(CommandList).add_option(option)
        self._list_visible = bool(search_value)
