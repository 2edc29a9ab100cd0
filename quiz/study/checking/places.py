"""Where a finding about a program stands: its fence's line, or the line that is concerned."""

from __future__ import annotations

import re
from pathlib import Path

from quiz.errors import Place
from quiz.language import _, pattern
from quiz.model.finding import Finding, Severity
from quiz.model.question import Code, Fence, Predict, Question
from quiz.model.verdict import Outcome, Verdict

_PARTS = (("setup", "setup"), ("cases", "cases"), ("test", "test"))


class Places:
    """The findings about one question."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._path = question.place.path
        content = question.content
        assert isinstance(content, Code | Predict)
        self._content = content
        self.main = content.solution if isinstance(content, Code) else content.program
        try:
            text = Path(self._path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            text = ""
        self._lines = text.splitlines()

    def at_fence(self, fence: Fence, severity: Severity, message: str) -> Finding:
        """A finding about a fence as a whole: on the line that opens it."""
        return self.at(fence.line - 1, severity, message)

    def at(self, line: int, severity: Severity, message: str) -> Finding:
        """A finding about a line of the file, quoted, at its first sign."""
        source = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        column = len(source) - len(source.lstrip()) + 1
        return Finding(Place(self._path, max(line, 1), column), severity, message, source)

    def inside(self, fence: Fence, line: int, column: int) -> Place:
        """The place in the file of a place in a fence (from 1)."""
        number = fence.line + line - 1
        text = fence.text.split("\n")[line - 1]
        whole = self._lines[number - 1] if number <= len(self._lines) else text
        # The content of an indented fence stands further to the right than it says.
        return Place(self._path, number, column + max(whole.find(text), 0))

    def of_failure(self, verdict: Verdict, message: str) -> Finding:
        """An error at the line where the card's code failed, or at the fence it concerns."""
        if found := re.findall(_card_line(), verdict.traceback):
            return self.at(int(found[-1]), Severity.ERROR, message)
        line, own = verdict.line, True
        if found := re.findall(_syntax_line(), verdict.message):
            # The card's code is numbered as in its file; run as an answer, from 1.
            line, own = int(found[-1]), verdict.outcome is not Outcome.CARD_ERROR
        if line is not None:
            return self.at(line + own * (self.main.line - 1), Severity.ERROR, message)
        return self.at_fence(self._concerned(verdict.message), Severity.ERROR, message)

    def _concerned(self, message: str) -> Fence:
        for word, name in _PARTS:
            fence = getattr(self._content, name, None)
            said = _("card's {part}").format(part=word)
            if fence is not None and (said in message or f"`{word}`" in message):
                assert isinstance(fence, Fence)
                return fence
        return self.main


def _card_line() -> str:
    """Where a traceback names a line of the card's, in the words of `quiz.grade.failures`."""
    parts = "setup|cases|solution|test|program"
    return r"line (\d+) " + pattern("of the card's {part}", part=parts)


def _syntax_line() -> str:
    """Where a message names the line of a syntax error."""
    line = pattern("line {line}", line=r"(\d+)")
    return pattern("{error} at {place}: {why}", place=f"{line}.*?")
