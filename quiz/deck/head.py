"""Where the front matter of a file stands, and what is wrong with how it is marked.

An end that was forgotten must not cost the questions that stand where it is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quiz.language import _

_MARK = re.compile(r" {0,3}(-{3,}|\+{3,})[ \t]*")
_KEY = re.compile(r"[\w-]+[ \t]*[:=]")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+\S")
_TITLE = re.compile(r" {0,3}#[ \t]+\S")


@dataclass(frozen=True, slots=True)
class Head:
    """The front matter of a file."""

    yaml: str | None = None
    """What stands between its marks; its first line is line 2 of the file. None: there is none."""
    end: int = 0
    """The line behind it, from 0."""
    line: int = 0
    """Where it begins, from 0."""
    mistake: str = ""
    """What is wrong with its marks, and what to write instead."""


def head_of(lines: Sequence[str]) -> Head:
    """The front matter of a file's lines.

    A `---` above a blank line is a break, as pandoc has it too; so is one with no `key:` behind it
    that no other mark ends.
    """
    line = next((at for at, text in enumerate(lines) if text.strip()), len(lines))
    mark = _MARK.fullmatch(lines[line]) if line + 1 < len(lines) else None
    if mark is None or not lines[line + 1].strip():
        return Head()
    keyed = _KEY.match(lines[line + 1]) is not None
    if (line or mark[0][0] != "-") and not keyed:
        return Head()
    end = _end(lines, line, mark[1])
    mistake = ""
    if end is None:
        if not keyed:
            return Head()
        end = _cut(lines, line + 1)
        said = _("this front matter is never closed: write `{mark}` above line {line}")
        mistake = said.format(mark=mark[1], line=end + 1)
        yaml = lines[line + 1 : end]
    else:
        yaml = lines[line + 1 : end - 1]
    if mark[1][0] == "+":
        mistake = _("front matter is YAML between `---` lines: write `tags: [a, b]` between them")
        return Head(None, end, line, mistake)
    if mark[0][0] != "-" or line:
        said = _("front matter begins with the file: delete what stands above or before this `---`")
        mistake = mistake or said
    return Head("\n" * line + "\n".join(yaml), end, line, mistake)


def _end(lines: Sequence[str], line: int, mark: str) -> int | None:
    """The line behind the mark that ends what begins on `line`; None when a break is all there is.

    YAML has `#` for remarks, so that headings do not tell alone: behind a true end stands a title.
    """
    closing = re.compile(rf" {{0,3}}{re.escape(mark)}{re.escape(mark[0])}*[ \t]*|\.\.\.[ \t]*")
    end = next((at + 1 for at in range(line + 1, len(lines)) if closing.fullmatch(lines[at])), None)
    if end is None:
        return None
    behind = next((at for at in range(end, len(lines)) if lines[at].strip()), end)
    first, under = (*lines[behind : behind + 2], "", "")[:2]
    if under.strip() and not under.strip().strip("="):
        return end
    for heading in (_TITLE, _HEADING):
        if any(map(heading.match, lines[line + 1 : end - 1])) and not heading.match(first):
            return None
    return end


def _cut(lines: Sequence[str], start: int) -> int:
    """Where what has no end ends: above the first heading, else the first blank line."""
    heading = next((at for at in range(start, len(lines)) if _HEADING.match(lines[at])), None)
    if heading is not None:
        return heading
    return next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
