"""The anchor GitHub gives a heading: lower case, punctuation dropped, spaces as hyphens."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from quiz.deck.document import CodeSpans

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MARKUP = re.compile(r"[\[\]_<>&\\!]")
_KEPT = re.compile(r"[^\w\- ]")
_WORD = re.compile(r"\w")
_RENDERED = 2000
"""Characters up to which a heading's inline markup is read; nobody links to longer ones."""


def slug(heading: str) -> str:
    """GitHub's anchor for a heading's source; empty when only punctuation stands there."""
    text = unicodedata.normalize("NFC", _plain(heading)).strip()
    if not _WORD.search(text):
        return ""
    if text.isascii():
        return _KEPT.sub("", text).lower().replace(" ", "-")
    kept = "".join(sign for sign in text if sign in "- _" or _is_word(sign))
    return unicodedata.normalize("NFC", kept.lower().replace(" ", "-"))


def _plain(heading: str) -> str:
    """The heading's text as it is rendered: no link targets, tags or emphasis marks."""
    if "`" in heading:
        outside, at = [], 0
        for start, end in CodeSpans(heading).spans:
            outside.append(heading[at:start])
            at = end
        outside.append(heading[at:])
        plain = not _MARKUP.search(" ".join(outside))
    else:
        plain = not _MARKUP.search(heading)
    if plain or len(heading) > _RENDERED:
        return heading
    (inline,) = _markdown().parseInline(heading)
    pieces = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
    return "".join(pieces)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": 40})


def _is_word(sign: str) -> bool:
    # \p{Word} of the pattern GitHub uses: letters, marks, decimal digits, connectors.
    category = unicodedata.category(sign)
    return category[0] in "LM" or category in ("Nd", "Pc")
