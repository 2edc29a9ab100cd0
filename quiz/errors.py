"""One root for every error a user may see: what is wrong, where, and what to do about it.

Anything raised as a `QuizError` is printed by `cli` (or shown by the application) as a short
block; anything else is a defect of the program.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file, printed as `path:line:column`."""

    path: str
    """As the learner would type it: relative to the working folder where that is shorter."""
    line: int = 0
    """From 1, front matter included; 0 when the whole file is meant."""
    column: int = 0
    """From 1, in characters; 0 when the whole line is meant."""

    def __str__(self) -> str:
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class QuizError(Exception):
    """The root. `exit_code` is what a command that fails with it returns to the shell."""

    exit_code = 2

    def __init__(self, what: str, *, where: Place | None = None, fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  {self.fix}" if self.fix else head


class CardError(QuizError):
    """A card file, or the collection around it, cannot be used as it is written."""


class SettingsError(QuizError):
    """A flag, an environment variable or a settings file holds what it cannot hold."""


class StoreError(QuizError):
    """The history cannot be opened, read or written."""


class GradeError(QuizError):
    """No answer can be graded at all: torch is missing, or its process cannot be started."""


class ImportFormatError(QuizError):
    """A file to be imported is not what it claims to be."""
