"""Reading the Markdown of other programs: where code stands, comments, front matter, pictures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.*?)(?<!`)\1(?!`)", re.DOTALL)
_MATH = re.compile(
    r"\$\$.+?\$\$|(?<![\\$\w])\$(?=[^\s$])[^$\n]*?(?<=[^\s$\\])\$(?![\d$])", re.DOTALL
)
_IMAGE = re.compile(r"!\[(?:[^\[\]\n]|\[[^\[\]\n]*\]){0,500}\](?:\([^)\n]*\))?|!\[\[[^\]\n]*\]\]")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.M)


@cache
def blocks() -> MarkdownIt:
    """A parser of blocks alone, linear in the size of the text."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join", "reference"])


def literal_lines(text: str) -> list[tuple[int, int]]:
    """The lines of code blocks and fences, as ranges from 0, half open."""
    kinds = ("fence", "code_block")
    return [(t.map[0], t.map[1]) for t in blocks().parse(text) if t.map and t.type in kinds]


def fenced_lines(text: str) -> set[int]:
    """The numbers of lines within fences, from 0."""
    if "```" not in text and "~~~" not in text:
        return set()
    fences = (t.map for t in blocks().parse(text) if t.map and t.type == "fence")
    return {line for start, end in fences for line in range(start, end)}


class Spans:
    """Ranges of characters that do not overlap; `offset in spans`: whether a place is inside."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._spans)

    def __contains__(self, offset: object) -> bool:
        return isinstance(offset, int) and self.end_of(offset) is not None

    def end_of(self, offset: int) -> int | None:
        """Where the range around a place ends; None outside of all."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0 or offset >= self._spans[number][1]:
            return None
        return self._spans[number][1]


def inline_literals(text: str, *also: re.Pattern[str]) -> Spans:
    """Where code, mathematics, pictures and what matches `also` stand in a text."""
    found: list[tuple[int, int]] = []
    taken = bytearray(len(text) + 1)

    def take(start: int, end: int) -> None:
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            found.append((start, end))

    if fenced := fenced_lines(text):
        offset = 0
        for number, line in enumerate(text.split("\n")):
            if number in fenced:
                take(offset, offset + len(line) + 1)
            offset += len(line) + 1
    for pattern in (CODE, _MATH, _IMAGE, *also):
        for match in pattern.finditer(text):
            take(*match.span())
    return Spans(found)


def outside_code(text: str, replace: Callable[[str], str]) -> str:
    """`text` with `replace` applied to what is not code."""
    pieces, at = [], 0
    for start, end in _code(text):
        pieces += [replace(text[at:start]), text[start:end]]
        at = end
    pieces.append(replace(text[at:]))
    return "".join(pieces)


def prose(text: str) -> list[str]:
    """The pieces of `text` that are not code."""
    pieces, at = [], 0
    for start, end in _code(text):
        pieces.append(text[at:start])
        at = end
    return [*pieces, text[at:]]


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Where code stands, blocks and spans, as ranges of characters in order."""
    lines = text.split("\n")
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    at = 0
    for start, end in (*literal_lines(text), (len(lines), len(lines))):
        begin = min(offsets[start], len(text))
        for span in CODE.finditer(text[at:begin]):
            yield at + span.start(), at + span.end()
        if end > start:
            yield begin, min(offsets[end], len(text))
        at = min(offsets[end], len(text))


def without_comments(text: str) -> str:
    """`text` without HTML comments, those in code excepted; as many lines as before."""
    if "<!--" not in text:
        return text
    # What a comment takes in is no code, so code is looked for in the text without comments.
    fenced = fenced_lines(COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text))
    pieces: list[str] = []
    at = line = counted = 0
    for match in COMMENT.finditer(text):
        start, end = match.span()
        line += text.count("\n", counted, start)
        counted = start
        if start < at or line in fenced or _in_span(text, start):
            continue
        pieces += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _in_span(text: str, offset: int) -> bool:
    """Whether a place stands in the code of its own line."""
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[begin : end if end >= 0 else len(text)]
    return any(m.start() <= offset - begin < m.end() for m in CODE.finditer(line))


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a Markdown file below its front matter."""

    body: str
    skipped: int
    """Lines above it."""
    tags: tuple[str, ...]


def read_source(text: str) -> Source:
    """Part the YAML at the head, of which the tags are kept, from the text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found = _FRONT_MATTER.match(text)
    if found is None:
        return Source(text, 0, ())
    return Source(text[found.end() :], found[0].count("\n"), _tags(found[1]))


def _tags(front: str) -> tuple[str, ...]:
    import yaml

    if len(front) > 64 * 1024 or "&" in front:  # Anchors can grow without bounds.
        return ()
    try:
        given = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()
    tags = given.get("tags", given.get("tag")) if isinstance(given, dict) else None
    if isinstance(tags, str):
        tags = re.split(r"[,\s]+", tags)
    if not isinstance(tags, list):
        return ()
    return tuple(dict.fromkeys(str(tag).lstrip("#").strip() for tag in tags if str(tag).strip()))


def gap_answer(answer: str) -> str:
    """Markdown as the answer of a gap: double colons and braces that belong to it stay in it."""
    pieces, at = [], 0
    for start, end in inline_literals(answer):
        pieces += [_shielded(answer[at:start]), answer[start:end]]
        at = end
    pieces.append(_shielded(answer[at:]))
    return "".join(pieces)


def _shielded(text: str) -> str:
    text = re.sub(r":(?=:)", r":\\", text)
    return re.sub(r"(?<!\\)([{}])", r"\\\1", text)
