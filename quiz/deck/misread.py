"""What an author meant as markup, and Markdown reads as text: questions would be lost in it.

Each function finds one kind of it, by its line from 0; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from quiz.deck.document import Block, BlockKind, Document

_UNSEEN = "\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_HEADING = re.compile(
    rf"^(?: {{0,3}}##(?:[{_UNSEEN}]|[^#\s])|[ {_UNSEEN}]*[{_UNSEEN}] ?##[ \t])", re.MULTILINE
)
"""Two hashes without the blank that makes them a heading, or behind a sign that nobody sees."""
_IN_HTML = re.compile(r" {0,3}##[ \t]+\S")
_LITERAL_HTML = re.compile(r" {0,3}<(?:[!?]|(?:script|pre|style|textarea)\b)", re.IGNORECASE)
_TITLE = re.compile(rf"[ {_UNSEEN}]{{0,3}}#(?!#).*\S")
_OTHERWISE = re.compile(
    r" {0,3}#{3,6}[ \t]+\S|[QC]:[ \t]|\?{1,2}[ \t]*$|-{3,}[ \t]*$|[-+*] \[[ xX]\] "
    r"|[^`]*(?:\{\{c(?:\d+::|loze )|#(?:card|flashcards)\b)|[^:`]*[^:`\s] *:::? *[^:`\s][^:`]*$"
)
"""Questions as Anki, hashcards, Obsidian, Logseq or Mochi write them, and deeper headings."""
_TASK = re.compile(r"(?:[ \t]*>)*[ \t]*(?:[-+*]|\d{1,9}[.)])[^\S\n]*\[[ xX\u00a0]\](?=\s)")


def headings_without_blank(document: Document) -> Iterator[int]:
    """Lines that would begin a question, were there a blank behind `##` or nothing before it."""
    text = "\n".join(document.shown)
    line = at = 0
    for found in _HEADING.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        if not document.is_literal(line) and not any(
            block.start <= line < block.end and _is_literal_html(document, block)
            for block in document.blocks
        ):
            yield line


def headings_in_html(document: Document) -> Iterator[int]:
    """Headings that HTML takes in, because no blank line ends it."""
    for block in document.blocks:
        if block.kind is BlockKind.OTHER and not _is_literal_html(document, block):
            # In any other block such a line would be a heading.
            lines = range(block.start, block.end)
            yield from (line for line in lines if _IN_HTML.match(document.shown[line]))


def _is_literal_html(document: Document, block: Block) -> bool:
    return bool(_LITERAL_HTML.match(document.lines[block.start]))


def title_without_blank(document: Document) -> int | None:
    """The line that was meant as the title of a file that has none."""
    lines = enumerate(document.shown)
    first = next((line for line, text in lines if text.strip()), None)
    return first if first is not None and _TITLE.match(document.shown[first]) else None


def questions_otherwise(document: Document) -> int | None:
    """The first line that asks something in a file without `##`, as other programs have it."""
    lines = islice(enumerate(document.shown), document.head.end, None)
    meant = (n for n, text in lines if _OTHERWISE.match(text) and not document.is_literal(n))
    return next(meant, None)


def options_elsewhere(document: Document, start: int, end: int) -> int | None:
    """The first of some lines that looks like an option, and stands where none is read."""
    for line in range(start, end):
        text = document.shown[line]
        if "[" in text and _TASK.match(text) and not document.is_literal(line):
            return line
    return None
