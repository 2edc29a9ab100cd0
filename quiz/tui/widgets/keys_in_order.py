"""Keys take effect in the order in which they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.widget import Widget as _Mixed
else:
    _Mixed = object  # a second widget among the bases would hide the style of the first


class KeysInOrder(_Mixed):
    """A widget to type in that runs its own key bindings at once.

    Textual runs a binding when its key has bubbled up to the application, and inserts a letter
    when it reaches the widget: of keys that come in one burst, as over a slow connection or from
    a macro, the letters would overtake Backspace, Home or Tab.
    """

    async def _on_key(self, event: Key) -> None:
        bound = self.screen.active_bindings.get(event.key)
        if bound is None or bound.node is not self or not bound.enabled:
            return
        if await self.app.run_action(bound.binding.action, self):
            event.stop()
            event.prevent_default()


class Field(KeysInOrder, Input):
    """One line to type in."""
