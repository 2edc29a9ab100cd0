"""Small renderings of values as text, for buttons, lists and messages."""

from __future__ import annotations

import re
from datetime import timedelta

from quiz.language import _, mark
from quiz.model.verdict import Outcome

_MARKS = re.compile(r"(`+)(.+?)\1|\*\*(.+?)\*\*|(?<!\w)[*_](\S.*?)[*_](?!\w)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


_OUTCOMES = {
    Outcome.PASS: mark("pass"), Outcome.WRONG: mark("wrong"), Outcome.ERROR: mark("error"),
    Outcome.FORBIDDEN: mark("forbidden"), Outcome.TIMEOUT: mark("timeout"),
    Outcome.MEMORY: mark("memory"), Outcome.OUTPUT: mark("output"), Outcome.CRASH: mark("crash"),
    Outcome.BLOCKED: mark("blocked"), Outcome.SKIPPED: mark("skipped"),
    Outcome.CARD_ERROR: mark("card-error"), Outcome.GRADER_ERROR: mark("grader-error"),
}  # fmt: skip


def outcome_word(outcome: Outcome) -> str:
    """The one word of a verdict."""
    return _(_OUTCOMES[outcome])


def interval(span: timedelta) -> str:
    """A span as on a rating button: `<1m`, `10m`, `3h`, `12d`, `2.5mo`, `1.2y`."""
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return _("<1m")
    if minutes < 60:
        return _("{n}m").format(n=f"{minutes:.0f}")
    if minutes < 60 * 24:
        return _("{n}h").format(n=f"{minutes / 60:.0f}")
    days = minutes / (60 * 24)
    if days < 30.5:
        return _("{n}d").format(n=f"{days:.0f}")
    if days < 365:
        return _("{n}mo").format(n=f"{days / 30.44:.1f}")
    return _("{n}y").format(n=f"{days / 365.25:.1f}")


def plain(markdown: str) -> str:
    """One line of Markdown without its marks, for a list; never parsed again."""
    line = markdown.strip().partition("\n")[0]
    if "[" in line:
        line = _LINK.sub(r"\1", line)
    return _MARKS.sub(_unmarked, line)


def _unmarked(found: re.Match[str]) -> str:
    return found[found.lastindex or 0]
