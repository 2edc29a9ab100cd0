"""The keys of a page, taken from its bindings, so that this page cannot be out of date."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Static

from quiz.language import _, mark
from quiz.tui.keys import key_name
from quiz.tui.page import Dialog

_ALIASES = ("ctrl+j", "ctrl+underscore")
"""What old terminals send for Ctrl+Enter and Ctrl+/."""


def keys_of(node: DOMNode) -> list[tuple[str, str]]:
    """Keys and meaning of each action that a node's own class binds."""
    actions: dict[str, tuple[list[str], str]] = {}
    for binding in type(node).BINDINGS:
        if not isinstance(binding, Binding) or not binding.description or binding.system:
            continue
        keys, meaning = actions.setdefault(binding.action, ([], ""))
        keys += [key_name(key) for key in binding.key.split(",") if key not in _ALIASES]
        actions[binding.action] = keys, meaning or binding.tooltip or binding.description
    return [(" ".join(keys), _(meaning)) for keys, meaning in actions.values()]


class HelpScreen(Dialog[None]):
    """What can be pressed on the page below."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [Binding("escape,q,question_mark,f1,enter", "dismiss", mark("Close"))]  # noqa: RUF012

    def __init__(self, page: Screen[Any]) -> None:
        super().__init__()
        self._sections = [(_("This page"), keys_of(page))]
        focused = page.focused
        if focused is not None and (keys := keys_of(focused)):
            self._sections.append((_("Where the cursor is"), keys))
        everywhere = [("Ctrl+P", _("All commands, and the theme")), ("Ctrl+Q", _("Quit"))]
        self._sections.append((_("Everywhere"), everywhere))

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_subtitle = _("Esc closes")
            yield Static(Content(_("Keys")), classes="dialog-title")
            for title, rows in self._sections:
                yield Static(Content(title), classes="dialog-section")
                for keys, meaning in rows:
                    with Horizontal(classes="key-row"):
                        yield Static(Content.styled(keys, "bold $text-primary"), classes="keys")
                        yield Static(Content(meaning), classes="meaning")
