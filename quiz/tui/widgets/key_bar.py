"""The last line of every page: its keys."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Footer


class KeyBar(Footer):
    """Textual's footer, which has its keys too when the page opens where the learner is elsewhere.

    Textual leaves it as it is until the terminal has the focus, as without one other keys mean
    something; an application that starts behind another window would show none.
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def bindings_changed(self, screen: Screen[object]) -> None:
        """The keys of `screen` mean something else now."""
        super().bindings_changed(screen)
        if not (self.children or screen.app.app_focus) and screen is self.screen:
            self.call_after_refresh(self.recompose)
