"""The keys of a page, taken from its bindings, so that this page cannot be out of date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Static

from quiz.language import _, mark
from quiz.tui.keys import key_name
from quiz.tui.page import Dialog

_ALIASES = ("ctrl+j", "ctrl+underscore")
"""What old terminals send for Ctrl+Enter and Ctrl+/."""
_WIDE, _SLIM = 20, 12
"""Cells that keys get, and on narrow screens."""


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


class KeyList(Static):
    """Keys, and beside them what they do: one widget, where one for each would take long to lay."""

    COMPONENT_CLASSES = {"key-list--keys"}  # noqa: RUF012 - Textual's own way
    DEFAULT_CSS = "KeyList > .key-list--keys { color: $text-primary; text-style: bold; }"

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._rows = rows

    def render(self) -> Table:
        listed = Table.grid(expand=True)
        listed.add_column(width=_SLIM if self.screen.has_class("-slim") else _WIDE)
        listed.add_column(ratio=1)
        style = self.get_component_rich_style("key-list--keys", partial=True)
        for keys, meaning in self._rows:
            listed.add_row(Text(keys, style=style), Text(meaning))
        return listed


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
        with VerticalScroll(classes="dialog"):
            yield Static(Content(_("Keys")), classes="dialog-title")
            for title, rows in self._sections:
                yield Static(Content(title), classes="dialog-section")
                yield KeyList(rows)
