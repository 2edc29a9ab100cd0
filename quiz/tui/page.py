"""What all pages have in common: how they open, and keys in the language that is spoken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import on
from textual.binding import ActiveBinding
from textual.events import Mount, Resize, ScreenResume
from textual.geometry import Size
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget

from quiz.language import _, mark
from quiz.tui.keys import sign_of
from quiz.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    _Mixed = Screen[Any]
else:
    _Mixed = object  # a second widget among the bases would hide the style of the first

TEXTUAL = (
    mark("Move cursor left"), mark("Move cursor left and select"), mark("Move cursor left a word"),
    mark("Move cursor left a word and select"),
    mark("Move cursor right or accept the completion suggestion"),
    mark("Move cursor right and select"), mark("Move cursor right a word"),
    mark("Move cursor right a word and select"), mark("Delete character left"),
    mark("Select all"), mark("Go to start"), mark("Go to end"), mark("Select line start"),
    mark("Select line end"), mark("Delete character right"), mark("Submit"),
    mark("Delete left to start of word"), mark("Delete all to the left"),
    mark("Delete right to start of word"), mark("Delete all to the right"),
    mark("Cut selected text"), mark("Copy selected text"), mark("Paste text from the clipboard"),
    mark("Select"), mark("Cursor up"), mark("Cursor down"), mark("Cursor right"),
    mark("Cursor left"), mark("Page up"), mark("Page down"), mark("Top"), mark("Bottom"),
    mark("Home"), mark("End"), mark("Down"), mark("Last"), mark("First"), mark("Page Down"),
    mark("Page Up"), mark("Up"), mark("Toggle collapsible"), mark("Scroll Up"),
    mark("Scroll Down"), mark("Scroll Left"), mark("Scroll Right"), mark("Scroll Home"),
    mark("Scroll End"), mark("Page Left"), mark("Page Right"),
)  # fmt: skip
"""What Textual's own widgets say of their keys."""


class Opened(_Mixed):
    """Laid out and painted once when it is opened.

    Textual does so when the page is shown, again when it is told its size, and a third time with
    the classes for that size; for this it has no public hook.
    """

    async def on_compose(self) -> None:
        """The classes for the size there is, before there are widgets to style."""
        await self._on_resize(Resize(self.app.size, self.app.size))

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Every widget of a page that opens has just been styled."""
        if not self.outer_size:
            event.refresh_styles = False

    def is_open(self) -> bool:
        """Whether it has not been left: its widgets are there still for who has waited."""
        return self.is_attached and self in self.app.screen_stack

    def _screen_resized(self, size: Size) -> None:
        if size != self.outer_size:
            super()._screen_resized(size)


class Spoken(_Mixed):
    """Key bindings are written in English and marked for translation."""

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that mean something now, as the footer shows them."""
        return _shown(super().active_bindings, self.focused)


class Page(Opened, Spoken, Screen[ScreenResultType]):
    """What fills the terminal."""


class Dialog(Opened, Spoken, ModalScreen[ScreenResultType]):
    """The same above another page, whose own keys mean nothing now: the footer covers them."""

    @on(Mount)
    async def _add_footer(self) -> None:
        await self.mount(KeyBar())
        self.refresh_bindings()


def _shown(bindings: dict[str, ActiveBinding], focused: Widget | None) -> dict[str, ActiveBinding]:
    """Each in the language that is spoken, without those that are letters where one types."""
    return {
        key: _translated(active)
        for key, active in bindings.items()
        if focused is None
        or active.node is focused
        or not focused.check_consume_key(key, sign_of(key))
    }


def _translated(active: ActiveBinding) -> ActiveBinding:
    binding = active.binding
    return active._replace(
        binding=replace(binding, description=_(binding.description), tooltip=_(binding.tooltip)),
        tooltip=_(active.tooltip),
    )
