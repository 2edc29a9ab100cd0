"""One's own code against the card's, line by line: signs and underlines beside the colours."""

from __future__ import annotations

from difflib import SequenceMatcher

from textual.content import Content

_ALIKE = 0.5
"""Share of agreeing characters from which two lines are compared sign by sign."""


def code_diff(mine: str, theirs: str) -> Content | None:
    """Lines of one's own alone (`-`), of the card alone (`+`) and of both; None where all agree.

    White space at the end of a line, and empty lines around the code, do not count; nor do empty
    lines where nothing else differs.
    """
    own, card = _lines(mine), _lines(theirs)
    if [*filter(None, own)] == [*filter(None, card)]:
        return None
    shown: list[Content] = []
    for tag, start, end, from_, to in SequenceMatcher(None, own, card, False).get_opcodes():
        if tag == "equal":
            shown += [Content.styled(f"  {line}", "$foreground 60%") for line in own[start:end]]
            continue
        mine_now, theirs_now = own[start:end], card[from_:to]
        pairs = (
            list(zip(mine_now, theirs_now, strict=True)) if len(mine_now) == len(theirs_now) else []
        )
        shown += [
            _line("- ", "$text-error", line, pairs[at][1] if pairs else "")
            for at, line in enumerate(mine_now)
        ]
        shown += [
            _line("+ ", "$text-success", line, pairs[at][0] if pairs else "")
            for at, line in enumerate(theirs_now)
        ]
    return Content("\n").join(shown)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.expandtabs(4).strip("\n").split("\n")]


def _line(sign: str, colour: str, line: str, other: str) -> Content:
    """A line with what the other one does not have underlined, where they are alike."""
    matcher = SequenceMatcher(None, other, line, False)
    if not other or matcher.ratio() < _ALIKE:
        return Content.assemble((sign, f"bold {colour}"), (line, colour))
    parts = [
        (line[from_:to], colour if tag == "equal" else f"bold underline {colour}")
        for tag, _start, _end, from_, to in matcher.get_opcodes()
        if to > from_
    ]
    return Content.assemble((sign, f"bold {colour}"), *parts)
