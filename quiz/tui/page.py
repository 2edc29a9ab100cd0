"""What all pages have in common: their keys are described in the language that is spoken."""

from __future__ import annotations

from dataclasses import replace

from textual.binding import ActiveBinding
from textual.screen import ModalScreen, Screen, ScreenResultType

from quiz.language import _


class Page(Screen[ScreenResultType]):
    """A page whose key bindings are written in English and marked for translation."""

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that mean something now, as the footer shows them."""
        return {key: _translated(active) for key, active in super().active_bindings.items()}


class Dialog(ModalScreen[ScreenResultType]):
    """The same above another page."""

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that mean something now."""
        return {key: _translated(active) for key, active in super().active_bindings.items()}


def _translated(active: ActiveBinding) -> ActiveBinding:
    binding = active.binding
    return active._replace(
        binding=replace(binding, description=_(binding.description), tooltip=_(binding.tooltip)),
        tooltip=_(active.tooltip),
    )
