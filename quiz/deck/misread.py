"""What an author meant as markup, and Markdown reads as text: questions would be lost in it.

Each function finds one kind of it, by its line from 0; nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from itertools import islice

from quiz.deck.document import Block, BlockKind, Document
from quiz.deck.remarks import Remarks
from quiz.language import _

_UNSEEN = "\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_HEADING = re.compile(
    rf"^(?: {{0,3}}##(?:[{_UNSEEN}]|[^#\s])|[ {_UNSEEN}]*[{_UNSEEN}] ?##[ \t]"
    r"| {0,3}(?:\uff03[#\uff03]|#\uff03)(?![#\uff03]))",
    re.MULTILINE,
)
"""Two hashes without the blank that makes them a heading, or behind a sign that nobody sees, or as
wide as Hangul."""
_INDENTED = re.compile(r"(?: {4,}|\t)\s*##[ \t]+\S")
_IN_HTML = re.compile(r" {0,3}##[ \t]+\S")
_LITERAL_HTML = re.compile(r" {0,3}<(?:[!?]|(?:script|pre|style|textarea)\b)", re.IGNORECASE)
_TITLE = re.compile(rf"[ {_UNSEEN}]{{0,3}}#(?!#).*\S")
_OTHERWISE = re.compile(
    r" {0,3}#{3,6}[ \t]+\S|(?:[-+*] )?[QC]:[ \t]|\?{1,2}[ \t]*$|-{3,}[ \t]*$|[-+*] \[[ xX]\] "
    r"|START(?:I \[.*|[ \t]*)$|::[^:{}]+::[^:{}]+\{|[^`]*(?:\{\{c(?:\d+::|loze )"
    r"|#(?:card|flashcards?|spaced)\b)|[^:`]*[^:`\s] *:::? *[^:`\s][^:`]*$"
)
"""Questions as Anki, hashcards, Obsidian, Logseq, Mochi or GIFT write them, and deeper headings."""
_OF_OTHERS = re.compile(
    r"(?P<between>\?{1,2}[ \t]*$)"
    r"|(?P<asks>(?:[-+*] )?(?:\*\*|__)?Q(?:\*\*|__)?:(?:\*\*|__)?[ \t]+\S)"
    r"|%[ \t]*$|(?:.*\s)?#(?:card|flashcards?|spaced)(?![\w-])|.*<!--SR:!"
    r"|START[ \t]*$|STARTI \[|::[^:{}]+::[^:{}]+\{.*(?:[=~]|TRUE|FALSE|[TF]\}).*"
)
"""What marks a card of another program without doubt, also where there are questions of ours."""
_ANSWERS = re.compile(r"(?:\s*[-+*] )?(?:\*\*|__)?A(?:\*\*|__)?:")
_DIV = re.compile(r" {0,3}(:{3,})(.*)$")
_BOX = re.compile(
    r"(?:[ \t]*>)*[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?"
    r"(?:\((?P<round>[ xX])\)|\[(?P<square>[ xX])\]|\[\[(?P<double>[ xX])\]\]"
    r"|\[\((?P<both>[ xX])\)\])[ \t]+\S"
)
"""An option as other programs write it, or without the sign of a list."""
_TAG = re.compile(r" {0,3}\{(?:%|\{[<%])-?[ \t]*(?P<end>end|/)?[ \t]*(?P<name>\w+)")
"""A tag of Liquid (Jekyll), or a shortcode of Hugo."""
_TASK = re.compile(r"(?:[ \t]*>)*[ \t]*(?:[-+*]|\d{1,9}[.)])[^\S\n]*\[[ xX\u00a0]\](?=\s)")


def say_what_is_misread(
    document: Document, remarks: Remarks, *, is_asking: bool, has_headings: bool
) -> None:
    """Remark on all of that; what is missing depends on the headings that a file has."""
    for line in headings_without_blank(document):
        message = _("looks like a heading, and is none: begin the line with `## `")
        remarks.error(message, line + 1)
    for line in headings_in_html(document):
        message = _("the HTML above takes in this heading: put a blank line before `##`")
        remarks.error(message, line + 1)
    for line in headings_in_lists(document):
        message = _("asks nothing inside a list: move it to the margin if it is a question")
        remarks.warning(message, line + 1)
    for line, opening in headings_enclosed(document):
        message = _(
            "asked, though it stands within the `{mark}` of line {line}: write `###` if it is no "
            "question, else move it out of there"
        ).format(mark=document.lines[opening].strip()[:20], line=opening + 1)
        remarks.warning(message, line + 1)
    if is_asking:
        meant = next(cards_of_others(document), None)
        message = _(
            "looks like a card of another program, and is read as text: write `## ` before what is "
            "asked, or bring such cards in with `quiz import`"
        )
    else:
        meant = questions_otherwise(document) if has_headings else None
        message = _(
            "nothing is asked in this file: write `## ` before each question, "
            "or bring cards of another program in with `quiz import`"
        )
    if meant is not None:
        remarks.warning(message, meant + 1)


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


def headings_in_lists(document: Document) -> Iterator[int]:
    """Headings that an item of a list holds, as outliners write them; quotes are left alone."""
    inner = iter(document.inner)
    line = next(inner, None)
    for block in document.blocks:
        while line is not None and line < block.end:
            if block.kind is BlockKind.LIST:
                yield line
            line = next(inner, None)


def headings_in_html(document: Document) -> Iterator[int]:
    """Headings that HTML takes in, because no blank line ends it."""
    for block in document.blocks:
        if block.kind is BlockKind.OTHER and not _is_literal_html(document, block):
            # In any other block such a line would be a heading.
            lines = range(block.start, block.end)
            yield from (line for line in lines if _IN_HTML.match(document.shown[line]))


def headings_enclosed(document: Document) -> list[tuple[int, int]]:
    """Headings within a `:::` block of Pandoc, Quarto or Docusaurus, a `%%` comment of Obsidian, or
    tags of Jekyll or Hugo, each with the line where that begins."""
    headings = {one.start for one in document.blocks if one.kind is BlockKind.HEADING}
    if not headings:
        return []
    within = dict(_within_tags(document, headings)) | dict(_enclosed(document, headings))
    return sorted(within.items())


def _enclosed(document: Document, headings: Set[int]) -> Iterator[tuple[int, int]]:
    """Those of the `headings` that stand in such a block with an end, each with its innermost."""
    open_: list[tuple[int, list[int]]] = []
    comment: tuple[int, list[int]] | None = None
    for line, text in enumerate(document.shown):
        ends: tuple[int, list[int]] | None = None
        if line in headings:
            if (comment or open_) and not text.startswith("# "):
                (comment or open_[-1])[1].append(line)
        elif text.lstrip()[:2] not in ("::", "%%") or document.is_literal(line):
            continue
        elif text.startswith("%%") and text.count("%%") == 1:
            ends, comment = comment, None if comment else (line, [])
        elif (div := _DIV.match(text)) and div[2].strip(" :"):
            open_.append((line, []))
        elif div and open_:
            ends = open_.pop()
        if ends:
            yield from ((inside, ends[0]) for inside in ends[1])


def _within_tags(document: Document, headings: Set[int]) -> Iterator[tuple[int, int]]:
    """Those of the `headings` that stand between a tag and its end, each with that tag."""
    open_: list[tuple[str, int, list[int]]] = []
    names: Counter[str] = Counter()
    for line, text in enumerate(document.shown):
        if line in headings:
            if open_ and not text.startswith("# "):
                open_[-1][2].append(line)
            continue
        found = _TAG.match(text) if "{" in text else None
        if found is None or document.is_literal(line):
            continue
        name = found["name"]
        if not found["end"]:
            open_.append((name, line, []))
            names[name] += 1
        elif names[name]:
            inside: list[int] = []
            while True:
                other, begin, lines = open_.pop()  # one of another name has no end
                names[other] -= 1
                inside += lines
                if other == name:
                    yield from ((one, begin) for one in inside)
                    break


def cards_of_others(document: Document) -> Iterator[int]:
    """Lines that ask something as another program has it, whatever is asked around them."""
    shown = document.shown
    for line, text in enumerate(document.lines):
        found = _OF_OTHERS.match(text) if line >= document.head.end else None
        if found is None or document.is_literal(line):
            continue
        if found["between"] and not all(map(str.strip, shown[line - 1 : line + 2])):
            continue
        if found["asks"] and not any(map(_ANSWERS.match, shown[line + 1 : line + 12])):
            continue
        yield line


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
    inner = set(document.inner)
    meant = (
        n for n, text in lines
        if n in inner
        or (_INDENTED if document.is_literal(n) else _OTHERWISE).match(text)
    )  # fmt: skip
    return next(meant, None)


def options_elsewhere(document: Document, start: int, end: int) -> int | None:
    """The first of some lines that looks like an option, and stands where none is read."""
    boxes: dict[bool, int] = {}
    for line in range(start, end):
        text = document.shown[line]
        if not ("[" in text or "(" in text) or document.is_literal(line):
            continue
        if _TASK.match(text):
            return line
        if found := _BOX.match(text):
            boxes.setdefault(found[found.lastgroup or 0] == " ", line)
    # One alone may be a formula, or anything.
    return min(boxes.values()) if len(boxes) == 2 else None
