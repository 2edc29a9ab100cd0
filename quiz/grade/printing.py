"""What code prints, line by line, against what should be printed. Pure."""

from __future__ import annotations

import re

from quiz.grade import source
from quiz.language import _, counted
from quiz.model.verdict import Case, Outcome

_MOST = 20
_WARNING = re.compile(r"^.*:\d+: \w*Warning: .*\n?(?:^ .*\n?)?", re.MULTILINE)


def folded(text: str) -> list[str]:
    """Lines with their white space folded, blank lines at both ends left out."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def prints(text: str) -> bool:
    """Whether code that printed this printed anything of its own."""
    return bool(_lines(text))


def printed_case(expected: str, got: str, *, call: str, size: int) -> Case:
    """The case of code whose outcome is what it prints: blanks at the ends of lines do not count,
    nor do the warnings of a library.
    """
    ours, theirs = _lines(expected), _lines(got)
    found = unlike_lines(ours, theirs)
    if len(ours) != len(theirs):
        said = counted(
            "It should print {n} line, and prints {got}.",
            "It should print {n} lines, and prints {got}.",
            len(ours),
            got=len(theirs),
        )
        found.append(said)
    outcome = Outcome.WRONG if found else Outcome.PASS
    shown = "\n".join(ours), "\n".join(theirs)
    return Case(outcome, call, *shown, tuple(found), printed=got, size=size)


def unlike_lines(expected: list[str], got: list[str]) -> list[str]:
    """A sentence on each line that both have and that is not the same."""
    found = [
        _("Line {number}: expected `{expected}`, got `{got}`.").format(
            number=number, expected=source.quote(a), got=source.quote(b)
        )
        for number, (a, b) in enumerate(zip(expected, got, strict=False), 1)
        if a != b
    ]
    return found[: _MOST - 1]


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in _WARNING.sub("", text).splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines
