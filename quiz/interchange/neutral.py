"""Markdown made fit for a section: what it says stays, what the card format would act upon goes.

In a section, headings of level 1 and 2, thematic breaks, task lists, role fences, hints, gaps and
comments mean something. In the text of another program they are content, and are written so that
they stay content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quiz.interchange.markdown import CODE, blocks, without_comments

if TYPE_CHECKING:
    from markdown_it.token import Token

_GAP = re.compile(r"\{\{(?=[cC]?[0-9]*:)|\{\{(?=\s*[cC]?[0-9]+\s*:)")
_TASK = re.compile(r"^(\s*(?:[-+*]|[0-9]{1,9}[.)])\s+)\[(?=[ xX✓✔]?\])")
_TIP = re.compile(r"^(\s{0,3}>\s*)\[(!(?:TIP|HINT)\])", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9+#.-]{0,19}$")
_ROLES = ("answer", "setup", "starter", "solution", "cases", "test", "predict")
_NEAR_ROLES = re.compile(r"an?s+we?rs?|ans", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Neutral:
    """A text that is content throughout."""

    text: str
    breaks: bool
    """Whether a thematic break stands in it, so that it may only follow one."""


def neutral(text: str, *, gaps: bool = False, breaks: bool = True) -> Neutral:
    """Write `text` so that nothing in it is markup of a section.

    With `gaps`, those in Anki's notation are meant and stay. Without `breaks`, a thematic break
    becomes a line of dashes.
    """
    text = without_comments(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))
    lines = text.split("\n")
    found_break = False
    open_fence = ""
    literal: set[int] = set()
    for token in blocks().parse(text):
        if not token.map:
            continue
        start, end = token.map
        if token.type in ("fence", "code_block"):
            literal.update(range(start, end))
        if token.type == "fence":
            lines[start] = _fence(lines[start], token)
            if not _is_closed(lines, token):
                open_fence = token.markup
        elif token.type == "heading_open" and not token.level and token.tag in ("h1", "h2"):
            _lower(lines, token)
        elif token.type == "hr" and not token.level:
            found_break = True
            if not breaks:
                lines[start] = "———"
        elif token.type == "list_item_open":
            lines[start] = _TASK.sub(r"\1\\[", lines[start])
        elif token.type == "blockquote_open":
            lines[start] = _TIP.sub(r"\1\\[\2", lines[start])
    if not gaps:
        _close_gaps(lines, literal)
    whole = "\n".join(lines).strip("\n")
    if open_fence:
        whole = f"{whole}\n{open_fence}"
    return Neutral(whole.rstrip(), found_break and breaks)


def _fence(line: str, token: Token) -> str:
    """The opening line of a fence with a language at most, and none that means a role."""
    at = line.find(token.markup)
    if at < 0:
        return line
    return f"{line[:at]}{token.markup}{safe_language(token.info)}"


def safe_language(info: str) -> str:
    """The language of a fence, or nothing where it would be taken for a role."""
    word = (info.split() or [""])[0].lower()
    if not _LANGUAGE.match(word) or word in _ROLES or _NEAR_ROLES.match(word):
        return ""
    return word


def _is_closed(lines: list[str], token: Token) -> bool:
    assert token.map is not None
    start, end = token.map
    last = lines[end - 1].strip() if end - 1 > start else ""
    last = last.lstrip("> ")
    return last.startswith(token.markup) and not last.strip(token.markup[0])


def _lower(lines: list[str], token: Token) -> None:
    """A heading two levels below, so that it is no question."""
    assert token.map is not None
    start, end = token.map
    if token.markup in ("=", "-"):
        lines[start] = "### " + " ".join(line.strip() for line in lines[start : end - 1])
        lines[start + 1 : end] = [""] * (end - start - 1)
    else:
        lines[start] = "##" + lines[start].lstrip()


def _close_gaps(lines: list[str], literal: set[int]) -> None:
    """Braces that would begin a gap, written so that they begin none."""
    for number, line in enumerate(lines):
        if number in literal or "{{" not in line:
            continue
        # A backslash is no escape within code, which is written as text for once.
        line = CODE.sub(lambda code: _plain(code[2]) if _GAP.search(code[2]) else code[0], line)
        lines[number] = _GAP.sub(r"{\\{", line)


def _plain(code: str) -> str:
    return re.sub(r"([\\`*_\[\]<$~])", r"\\\1", code)
