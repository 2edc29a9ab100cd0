"""Markdown as blocks with their lines: what markdown-it's tokens say, and nothing about questions.

Only block rules run; text within a line stays source, so that nothing an author wrote is lost and
parsing is linear in the size of the file. Lines are counted from 0 here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING

from quiz.deck.head import Head, head_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_NESTING = 40
"""How deep lists and quotes may stand in one another."""
_PASSES = 5
"""How often a file is taken apart anew without the lines that go deeper."""


class BlockKind(Enum):
    """What a block at the margin is, as far as questions care."""

    HEADING = auto()
    """Of level 1 or 2."""
    BREAK = auto()
    FENCE = auto()
    QUOTE = auto()
    LIST = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list."""

    start: int
    end: int
    text: str
    """Source of its first paragraph; empty when it begins with something else."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block at the margin, on the lines `start`…`end`, half open."""

    kind: BlockKind
    start: int
    end: int
    text: str = ""
    """Of a heading, its text; of a fence, what stands in it."""
    info: str = ""
    """Of a fence, what stands after the opening mark."""
    level: int = 0
    """Of a heading, 1 or 2."""
    setext: bool = False
    """Whether a heading is one because of the line under it."""
    items: tuple[Item, ...] = ()
    """Of a list."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file, taken apart."""

    lines: Sequence[str]
    """As in the file, without line ends."""
    shown: Sequence[str]
    """The same without HTML comments."""
    head: Head
    """The front matter; its lines belong to no block."""
    blocks: tuple[Block, ...]
    literal: tuple[tuple[int, int], ...]
    """Lines of code, at any depth: nothing in there is markup."""
    nested: tuple[tuple[int, str], ...]
    """Lines where a fence begins within a list or quote, and what stands after its mark."""
    inner: tuple[int, ...]
    """Lines of headings of level 2 within a list or quote."""
    unclosed: tuple[tuple[int, str], ...]
    """Lines where a fence or comment begins that has no end, and what would end it."""
    too_deep: tuple[int, ...]
    """Lines left out because lists or quotes are nested beyond reason there."""

    def text(self, start: int, end: int, leave_out: Iterable[tuple[int, int]] = ()) -> str:
        """The source of some lines without comments, and without the ranges in `leave_out`."""
        chunks, at = [], start
        for first, last in sorted(leave_out):
            if first >= at:
                chunks.append(_strip(self.shown[at : min(first, end)]))
            at = max(at, last)
        if at < end:
            chunks.append(_strip(self.shown[at:end]))
        return "\n\n".join(chunk for chunk in chunks if chunk)

    def literal_within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The ranges of `literal` that lie between two lines."""
        at = bisect_right(self.literal, (start, -1))
        while at < len(self.literal) and self.literal[at][0] < end:
            yield self.literal[at]
            at += 1

    def is_literal(self, line: int) -> bool:
        """Whether a line is code."""
        at = bisect_right(self.literal, (line, len(self.lines))) - 1
        return at >= 0 and line < self.literal[at][1]


def read_document(text: str) -> Document:
    """Takes apart a file's text, whose lines end in a line feed alone and hold no NUL."""
    lines = text.split("\n")
    head = head_of(lines)
    body = ["" if at < head.end else line for at, line in enumerate(lines)] if head.end else lines
    too_deep: list[int] = []
    tokens = _parsed("\n".join(body) if head.end else text)
    # markdown-it drops everything behind a nesting it refuses, to the end of the file; without
    # the line that goes too deep, the questions after it are found.
    for _ in range(_PASSES):
        if not (deep := _too_deep(tokens)):
            break
        too_deep += deep
        tokens = _parsed("\n".join(_without(body, too_deep)))
    source = _without(body, too_deep)
    literal = tuple(
        (token.map[0], token.map[1])
        for token in tokens
        if token.map and token.type in ("fence", "code_block")
    )
    nested = tuple(
        (token.map[0], token.info.strip())
        for token in tokens
        if token.map and token.level and token.type == "fence"
    )
    inner = tuple(
        token.map[0]
        for token in tokens
        if token.map and token.level and token.type == "heading_open" and token.tag == "h2"
    )
    blocks = tuple(_blocks(tokens))
    unclosed = tuple(_unclosed(tokens, lines))
    html = [token.map for token in tokens if token.map and token.type == "html_block"]
    shown = without_comments(source, literal, html) if "<!--" in text else source
    return Document(lines, shown, head, blocks, literal, nested, inner, unclosed, tuple(too_deep))


def _parsed(text: str) -> list[Token]:
    return _markdown().parse(text)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import table

    markdown = MarkdownIt("commonmark", {"maxNesting": _NESTING})
    # Where markdown-it has it, a table's head may be what looks like a heading or a fence.
    markdown.block.ruler.before("lheading", "gfm_table", table, {"alt": ["paragraph"]})
    # Link definitions are text here, and their rule is quadratic in their number.
    return markdown.disable(["inline", "text_join", "reference"])


def _too_deep(tokens: Sequence[Token]) -> list[int]:
    deep = {token.map[0] for token in tokens if token.level >= _NESTING - 2 and token.map}
    return sorted(deep)


def _without(lines: Sequence[str], dropped: Sequence[int]) -> Sequence[str]:
    if not dropped:
        return lines
    kept = list(lines)
    for line in dropped:
        kept[line] = ""
    return kept


_QUOTE_AND_LIST = {
    "blockquote_open": BlockKind.QUOTE,
    "bullet_list_open": BlockKind.LIST,
    "ordered_list_open": BlockKind.LIST,
}


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    for index, token in enumerate(tokens):
        if token.level or not token.map:
            continue
        start, end = token.map
        match token.type:
            case "heading_open" if token.tag in ("h1", "h2"):
                text = " ".join(tokens[index + 1].content.split("\n"))
                setext = token.markup in ("=", "-")
                yield Block(
                    BlockKind.HEADING, start, end, text, level=int(token.tag[1]), setext=setext
                )
            case "hr":
                yield Block(BlockKind.BREAK, start, end)
            case "fence":
                yield Block(BlockKind.FENCE, start, end, token.content, token.info.strip())
            case "bullet_list_open" | "ordered_list_open":
                items = tuple(_items(tokens, index))
                yield Block(BlockKind.LIST, start, end, items=items)
            case "blockquote_open":
                yield Block(BlockKind.QUOTE, start, end)
            case _:
                yield Block(BlockKind.OTHER, start, end)


def _items(tokens: Sequence[Token], opening: int) -> Iterator[Item]:
    for index in range(opening + 1, len(tokens)):
        token = tokens[index]
        if token.level == 0:
            return
        if token.type == "list_item_open" and token.level == 1 and token.map:
            follows = tokens[index + 1].type == "paragraph_open"
            yield Item(token.map[0], token.map[1], tokens[index + 2].content if follows else "")


_HTML_OPENING = re.compile(
    r"\s*(?:<!--|<\?|<!\[CDATA\[|<!(?=[A-Za-z])|<(?:script|pre|style|textarea)(?=[\s>]|$))",
    re.IGNORECASE,
)
"""What begins HTML that goes on over blank lines, until it is closed."""
_HTML_CLOSING = {
    "<!--": "-->",
    "<?": "?>",
    "<![cdata[": "]]>",
    **{f"<{tag}": f"</{tag}>" for tag in ("script", "pre", "style", "textarea")},
}
_HTML_END_TAG = re.compile("</(?:script|pre|style|textarea)>", re.IGNORECASE)


def _unclosed(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for token in tokens:
        if token.level or not token.map:
            continue
        start, end = token.map
        if token.type == "fence":
            last = lines[end - 1].strip() if end - 1 > start else ""
            if not last.startswith(token.markup) or last.strip(token.markup[0]):
                yield start, token.markup
        elif token.type == "html_block" and (opening := _HTML_OPENING.match(token.content)):
            mark = _HTML_CLOSING.get(opening[0].strip().lower(), ">")
            rest = token.content[opening.end() :]
            if mark not in rest.lower() and not (mark[:2] == "</" and _HTML_END_TAG.search(rest)):
                yield start, mark


def _strip(lines: Sequence[str]) -> str:
    """The lines as one text, without blank ones at either end."""
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return "\n".join(lines[first:last]).rstrip()


_TICKS = re.compile(r"(?<!\\)`+")


class CodeSpans:
    """Where inline code stands in a text; `offset in spans` asks whether a place is code."""

    def __init__(self, text: str) -> None:
        self.spans = _code_spans(text) if "`" in text else []
        """From the opening to the closing backticks, in order."""
        self._starts = [start for start, _ in self.spans]

    def __contains__(self, offset: object) -> bool:
        return isinstance(offset, int) and self.end_of(offset) is not None

    def end_of(self, offset: int) -> int | None:
        """Where the code that `offset` stands in ends; None when it stands in none."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0 or offset >= self.spans[number][1]:
            return None
        return self.spans[number][1]


def _code_spans(text: str) -> list[tuple[int, int]]:
    runs = [found.span() for found in _TICKS.finditer(text)]
    by_length: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(runs):
        by_length.setdefault(end - start, []).append(number)
    spans, at = [], 0
    while at < len(runs):
        start, end = runs[at]
        same = by_length[end - start]
        place = bisect_right(same, at)
        closing = same[place] if place < len(same) else None
        if closing is None or text.find("\n\n", end, runs[closing][0]) >= 0:
            at += 1
        else:
            spans.append((start, runs[closing][1]))
            at = closing + 1
    return spans


_AT_MARGIN = re.compile(r"(?:^|\n) {0,3}$")


def strip_comments(text: str) -> str:
    """`text` without HTML comments, those in inline code excepted; line ends are kept.

    A comment that begins a line ends at `-->` wherever that is, or never; one within a line is a
    comment only when it ends in the same paragraph.
    """
    if "<!--" not in text:
        return text
    code = CodeSpans(text)
    pieces: list[str] = []
    at = search = 0
    close = blank = -1
    while (start := text.find("<!--", search)) >= 0:
        if (end := code.end_of(start)) is not None:
            search = end
            continue
        close = text.find("-->", start + 4) if close < start + 4 else close
        blank = text.find("\n\n", start) if blank < start else blank
        close, blank = (len(text) if found < 0 else found for found in (close, blank))
        margin = _AT_MARGIN.search(text[max(0, start - 4) : start]) is not None
        if not margin and (close == len(text) or blank < close):
            search = start + 4
            continue
        search = min(close + 3, len(text))
        pieces += [text[at:start], "\n" * text.count("\n", start, search)]
        at = search
    pieces.append(text[at:])
    return "".join(pieces)


def without_comments(
    lines: Sequence[str], literal: Iterable[Sequence[int]], html: Iterable[Sequence[int]] = ()
) -> Sequence[str]:
    """The lines with the comments outside of code blanked; as many lines as before.

    `literal` are the ranges of code, `html` those of HTML blocks: a comment that begins in one of
    these ends there at the latest, as where it stands in an item of a list.
    """
    shown: list[str] = []

    def strip_to(end: int) -> None:
        if end > len(shown):
            shown.extend(strip_comments("\n".join(lines[len(shown) : end])).split("\n"))

    ranges = [(start, end, True) for start, end in literal]
    ranges += [(start, end, False) for start, end in html]
    for start, end, is_code in sorted(ranges):
        strip_to(start)
        if is_code:
            shown.extend(lines[len(shown) : end])
        else:
            strip_to(end)
    strip_to(len(lines))
    return shown
