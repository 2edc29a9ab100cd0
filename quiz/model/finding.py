"""What a check of the cards has to say: one remark about one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quiz.errors import Place


class Severity(StrEnum):
    ERROR = "error"
    """The question (or file) cannot be used."""
    WARNING = "warning"
    """It works, but probably not as meant."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An error or a warning about a card."""

    place: Place
    severity: Severity
    message: str
    """What is wrong, and what to write instead."""
    source: str = ""
    """The line it stands on, quoted; empty when the whole file is meant."""
    rule: str = ""
    """Name of what was broken, where something can be done about it (`quiz.deck.fixes`)."""

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity}: {self.message}"
        if not self.source:
            return text
        caret = f"\n    {' ' * (self.place.column - 1)}^" if self.place.column else ""
        return f"{text}\n    {self.source}{caret}"
