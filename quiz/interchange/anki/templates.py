"""Anki's card templates: fields in double braces, sections that depend on a field, filters.

https://docs.ankiweb.net/templates/intro.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\{\{\s*([#^/]?)\s*(.*?)\s*\}\}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BACK_OF_FRONT = re.compile(r"\{\{\s*FrontSide\s*\}\}", re.IGNORECASE)
_RULE = re.compile(r"<hr[^>]*\bid\s*=\s*[\"']?answer\b[^>]*>", re.IGNORECASE)
_FURIGANA = re.compile(r" ?([^ >\[]{1,100})\[([^\[\]]{1,200})\]")
_SPECIAL = ("Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID")


@dataclass(frozen=True, slots=True)
class Side:
    """A template filled with a note's fields."""

    html: str
    typed: tuple[str, ...] = ()
    """Names of the fields that the learner types."""


def fill(template: str, fields: Mapping[str, str]) -> Side:
    """A side of a card as HTML. Sections that are not closed hold to the end."""
    typed: list[str] = []
    pieces: list[str] = []
    shown: list[tuple[str, bool]] = []
    at = 0
    template = _COMMENT.sub("", template)
    for token in _TOKEN.finditer(template):
        visible = all(yes for _, yes in shown)
        if visible:
            pieces.append(template[at : token.start()])
        at = token.end()
        mark, name = token[1], token[2]
        if mark in ("#", "^"):
            full = bool(_visible(fields.get(name, "")))
            shown.append((name, full if mark == "#" else not full))
        elif mark == "/":
            while shown and shown.pop()[0] != name:
                pass
        elif visible:
            pieces.append(_field(name, fields, typed))
    if all(yes for _, yes in shown):
        pieces.append(template[at:])
    return Side("".join(pieces), tuple(typed))


def back_only(template: str) -> str:
    """An answer's template without the question above it."""
    before, found, after = template.partition("{{FrontSide}}")
    if not found:
        parts = _BACK_OF_FRONT.split(template, maxsplit=1)
        before, after = (parts[0], parts[1]) if len(parts) > 1 else ("", template)
    return _RULE.sub("", before + after)


def used_fields(template: str) -> tuple[str, ...]:
    """Names of the fields a template shows, filters left aside."""
    names = (token[2].rpartition(":")[2].strip() for token in _TOKEN.finditer(template))
    return tuple(dict.fromkeys(names))


def _visible(html: str) -> str:
    """What of a field would be seen, as Anki asks when it decides whether a field is empty."""
    return re.sub(r"(?:<(?!img|audio|video|object)[^<>]*>|&nbsp;|\s)+", "", html)


def _field(name: str, fields: Mapping[str, str], typed: list[str]) -> str:
    *filters, field = (part.strip() for part in name.split(":"))
    if field not in fields:
        return ""
    text = fields[field]
    for one in reversed(filters):
        if one == "type" and "cloze" not in filters:
            typed.append(field)
            return ""
        if one == "text":
            text = re.sub(r"<[^<>]*>", "", text)
        elif one in ("furigana", "kanji", "kana"):
            pattern = {"furigana": r"\1(\2)", "kanji": r"\1", "kana": r"\2"}[one]
            text = _FURIGANA.sub(pattern, text)
        elif one.startswith("tts"):
            return ""
    return text


def special_fields(tags: str, kind: str, deck: str, card: str) -> dict[str, str]:
    """The fields every note has without being given them."""
    values = (tags, kind, deck, deck.rpartition("::")[2], card, "", "")
    return dict(zip(_SPECIAL, values, strict=True))
