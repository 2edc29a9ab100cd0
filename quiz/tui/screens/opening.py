"""The first frame, painted before anything is loaded."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from quiz.language import _
from quiz.tui.page import Page


class OpeningScreen(Page[None]):
    """Says that the cards are being read."""

    CSS_PATH = "opening.tcss"

    def compose(self) -> ComposeResult:
        yield Static(Content("quiz"), id="opening-name")
        yield Static(Content.styled(_("reading the cards…"), "$foreground 60%"), id="opening-line")
