"""The keys of a page, taken from its bindings, so that this page cannot be out of date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "minus": "-",
    "exclamation_mark": "!",
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "down": "↓",
    "up": "↑",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}


def key_name(key: str) -> str:
    """`Ctrl+R`, `?`, `Space`: a key as it stands on the keyboard."""
    if key in _NAMES:
        return _NAMES[key]
    *modifiers, last = key.split("+")
    shown = _NAMES.get(last, last.upper() if modifiers or last.startswith("f") else last)
    return "+".join([*(m.capitalize() for m in modifiers), shown])


def keys_of(node: DOMNode) -> Iterator[tuple[str, str]]:
    """Keys and meaning of each binding a node's own class declares."""
    for binding in type(node).BINDINGS:
        if isinstance(binding, Binding) and binding.description and not binding.system:
            keys = [k for k in binding.key.split(",") if k not in ("ctrl+j", "ctrl+underscore")]
            yield " ".join(map(key_name, keys)), binding.tooltip or binding.description


class HelpScreen(ModalScreen[None]):
    """What can be pressed on the page below."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [Binding("escape,q,question_mark,f1,enter", "dismiss", "Close")]  # noqa: RUF012

    def __init__(self, page: Screen[Any]) -> None:
        super().__init__()
        self._sections = [("This page", list(keys_of(page)))]
        focused = page.focused
        if focused is not None and (keys := list(keys_of(focused))):
            self._sections.append(("Where the cursor is", keys))
        self._sections.append(
            ("Everywhere", [("Ctrl+P", "All commands, and the theme"), ("Ctrl+Q", "Quit")])
        )

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static(Content("Keys"), classes="dialog-title")
            for title, rows in self._sections:
                yield Static(Content(title), classes="dialog-section")
                for keys, meaning in rows:
                    with Horizontal(classes="key-row"):
                        yield Static(Content.styled(keys, "bold $text-primary"), classes="keys")
                        yield Static(Content(meaning), classes="meaning")
