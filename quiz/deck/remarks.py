"""Findings as they are gathered: places with the line quoted, and the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quiz.errors import Place
from quiz.language import _
from quiz.model.finding import Finding, Severity

_QUOTED = 160
"""Characters of a line that are quoted; longer lines are cut, so that a finding stays readable."""


class Remarks:
    """The findings about one file, in the order they were made."""

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self._path = path
        self._lines = lines
        self._findings: list[Finding] = []
        self.errors = 0
        """How many of them are errors."""

    def error(self, message: str, line: int = 0, column: int = 0, *, rule: str = "") -> None:
        """Something that cannot be used as it is written, at `line` and `column` from 1.

        Without a column the whole line is meant, without a line the whole file.
        """
        self.errors += 1
        self._add(Severity.ERROR, message, line, column, rule)

    def warning(self, message: str, line: int = 0, column: int = 0, *, rule: str = "") -> None:
        """Something that works, but probably not as meant."""
        self._add(Severity.WARNING, message, line, column, rule)

    def find(self, needle: str, start: int, end: int) -> tuple[int, int]:
        """Line and column (from 1) of `needle` within lines `start`…`end` (from 0, half open)."""
        first = needle.partition("\n")[0]
        for index in range(start, min(end, len(self._lines))):
            column = self._lines[index].find(first)
            if column >= 0:
                return index + 1, column + 1
        return start + 1, 0

    def line(self, index: int) -> str:
        """A line of the file, counted from 0."""
        return self._lines[index]

    def quoted(self, line: int) -> str:
        """A line, from 1, as a finding shows it; empty where there is none."""
        quoted = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return quoted if len(quoted) <= _QUOTED else quoted[:_QUOTED] + "…"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, in the order of the file."""
        return tuple(sorted(self._findings, key=lambda finding: finding.place))

    def _add(self, severity: Severity, message: str, line: int, column: int, rule: str) -> None:
        quoted = self.quoted(line)
        # A whole line is meant from its first sign on, a whole file from its first line.
        line, column = max(line, 1), column or len(quoted) - len(quoted.lstrip()) + 1
        if column > _QUOTED:
            quoted = ""
        place = Place(self._path, line, column)
        self._findings.append(Finding(place, severity, message, quoted, rule))


def nearest(word: str, known: Iterable[str], *, cutoff: float = 60) -> str | None:
    """The known word most like `word`; None when none is like it at all (`cutoff`: 0 to 100)."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(word[:100], list(known), scorer=fuzz.ratio, score_cutoff=cutoff)
    return found[0] if found else None


def instead(word: str, known: Iterable[str]) -> str:
    """What to write instead of `word`: the nearest known word, or all of them."""
    words = list(known)
    listed = ", ".join(f"`{one}`" for one in words)
    return meant(word, words) or _("known: {words}").format(words=listed)


def meant(word: str, known: Iterable[str]) -> str:
    """A question for the known word most like `word`; empty when none is like it."""
    near = nearest(word, known)
    return _("did you mean `{word}`?").format(word=near) if near is not None else ""


def clip(text: str, length: int = 60) -> str:
    """`text` in one line of at most `length` characters, for a message."""
    line = " ".join(text[: 2 * length].split())
    return line if len(line) <= length else line[: length - 1] + "…"
