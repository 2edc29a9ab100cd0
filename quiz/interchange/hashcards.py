"""Decks of hashcards: `Q:` and `A:`, `C:` with its gaps in brackets, `---` between cards.

https://github.com/eudoxia0/hashcards: a line that begins with `Q:`, `A:` or `C:` begins that part;
all that follows belongs to it. In a `C:` card, `[…]` is a gap of its own, `\\[` and `\\]` are
brackets; a bracket in code or mathematics, of a link or a picture, is none.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

from quiz.interchange.draft import Converted, Draft, LeftOut, Section
from quiz.interchange.markdown import (
    fenced_lines,
    gap_answer,
    inline_literals,
    without_comments,
)
from quiz.language import _

_MARK = re.compile(r"([QAC]):(.*)$", re.DOTALL)
_SEPARATOR = re.compile(r"-{3}\s*$")


@dataclass(slots=True)
class _Card:
    line: int
    parts: dict[str, list[str]] = field(default_factory=dict)


def read_hashcards(text: str, name: str) -> Converted:
    """The cards of one deck; `name` is the file's, without its suffix."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines, title, skipped = _without_front_matter(text.split("\n"))
    lines = without_comments("\n".join(lines)).split("\n")
    cards, left_out = _cards(lines, skipped, name)
    drafts: list[Draft] = []
    seen: dict[str, int] = {}
    for card in cards:
        source = f"{name}:{card.line}"
        section = _section(card)
        if isinstance(section, str):
            left_out.append(LeftOut(source, section))
            continue
        # hashcards knows a card by its content, so that is its identity here too.
        key = f"hashcards\n{section.front}\n{section.back}"
        if key in seen:
            said = _("the same card as on line {line}").format(line=seen[key])
            left_out.append(LeftOut(source, said))
            continue
        seen[key] = card.line
        drafts.append(Draft(source, key, (title,) if title else (), (section,)))
    return Converted("hashcards", tuple(drafts), tuple(left_out))


def _without_front_matter(lines: list[str]) -> tuple[list[str], str, int]:
    """The lines below the TOML at the head, the deck's name from it, and how many were above."""
    if lines and lines[0].rstrip() == "---":
        for end in range(1, len(lines)):
            if lines[end].rstrip() == "---":
                try:
                    front = tomllib.loads("\n".join(lines[1:end]))
                except tomllib.TOMLDecodeError:
                    break
                given = front.get("name")
                return lines[end + 1 :], given if isinstance(given, str) else "", end + 1
    return lines, "", 0


def _cards(lines: list[str], skipped: int, name: str) -> tuple[list[_Card], list[LeftOut]]:
    cards: list[_Card] = []
    left_out: list[LeftOut] = []
    card: _Card | None = None
    part: list[str] | None = None
    literal = fenced_lines("\n".join(lines))
    for index, line in enumerate(lines):
        number = index + 1 + skipped
        mark = None if index in literal else _MARK.match(line)
        if mark is not None:
            letter = mark[1]
            if letter == "A":
                if card is None or set(card.parts) != {"Q"}:
                    reason = _("an `A:` without a `Q:` above it")
                    left_out.append(LeftOut(f"{name}:{number}", reason))
                    part = None
                    continue
            else:
                card = _Card(number)
                cards.append(card)
            part = card.parts.setdefault(letter, [])
            part.append(mark[2].lstrip())
        elif index not in literal and _SEPARATOR.match(line):
            card = part = None
        elif part is not None:
            part.append(line)
        elif line.strip():
            reason = _("text that belongs to no card")
            if not left_out or left_out[-1].reason != reason:
                left_out.append(LeftOut(f"{name}:{number}", reason))
    return cards, left_out


def _section(card: _Card) -> Section | str:
    """The section of a card, or why there is none."""
    parts = {letter: "\n".join(lines).strip() for letter, lines in card.parts.items()}
    if "C" in parts:
        text, count = _gaps(parts["C"])
        return Section(text, cloze=True) if count else _("a `C:` card without a gap in brackets")
    if not parts.get("Q"):
        return _("a `Q:` with nothing behind it")
    if not parts.get("A"):
        return _("a `Q:` without an `A:`")
    return Section(parts["Q"], parts["A"])


def _gaps(text: str) -> tuple[str, int]:
    """The text with gaps in Anki's notation, and how many there are."""
    literal = inline_literals(text)
    pieces: list[str] = []
    count = at = 0
    opened: int | None = None
    begin = 0
    while at < len(text):
        sign = text[at]
        inside = literal.end_of(at)
        if inside is not None:
            pieces.append(text[at:inside])
            at = inside
        elif sign == "\\" and text[at + 1 : at + 2] in ("[", "]"):
            pieces.append(text[at : at + 2])
            at += 2
        elif sign == "[" and opened is None:
            opened, begin = len(pieces), at
            pieces.append("[")
            at += 1
        elif sign == "]" and opened is not None:
            answer = "".join(pieces[opened + 1 :]).strip()
            at += 1
            if not answer:
                opened = None
                pieces.append("]")
                continue
            count += 1
            pieces[opened:] = [f"{{{{c{count}::{gap_answer(answer)}}}}}"]
            opened = None
        else:
            pieces.append(sign)
            at += 1
    if opened is not None and begin:
        pieces[opened] = "\\["
    return "".join(pieces), count
