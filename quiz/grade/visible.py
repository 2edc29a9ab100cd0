"""Text from a jail made fit for a terminal: no character that acts, and no more than there is room.

An answer chooses the names of its classes, its messages and what it prints.
"""

from __future__ import annotations

import re
from dataclasses import replace

from quiz.model.verdict import Case, Verdict, Worst

SENTENCE = 1000
"""Characters of one sentence."""
BLOCK = 8000
"""Characters of a traceback."""
PRINTED = 80_000
"""Characters of what was printed."""

# Controls but for line feed and tab, marks that turn the direction of text, line and paragraph
# separators, halves of surrogate pairs.
_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str, most: int = SENTENCE) -> str:
    """The text with acting characters written as escapes (`\\x1b`), cut to `most` characters."""
    # A character becomes six at most, so that nothing long is worked on in vain.
    shown = _ACTS.sub(_escape, text[: most + 1].replace("\r\n", "\n"))
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def visible_case(case: Case) -> Case:
    """The case with all its text made visible."""
    worst = case.worst
    return replace(
        case,
        call=visible(case.call, 2 * SENTENCE),
        expected=visible(case.expected, 2 * SENTENCE),
        got=visible(case.got, 2 * SENTENCE),
        differences=tuple(visible(sentence) for sentence in case.differences),
        worst=worst
        and Worst(worst.index, visible(worst.expected), visible(worst.got), worst.allowed),
        printed=visible(case.printed, PRINTED),
        traceback=visible(case.traceback, BLOCK),
    )


def visible_verdict(verdict: Verdict) -> Verdict:
    """The verdict with all its text but its cases' made visible."""
    return replace(
        verdict,
        message=visible(verdict.message, 2 * SENTENCE),
        traceback=visible(verdict.traceback, BLOCK),
        printed=visible(verdict.printed, PRINTED),
    )
