"""Notes with the cards of Obsidian's spaced repetition plugin in them.

https://www.stephenmwangi.com/obsidian-spaced-repetition/flashcards/: `question::answer` and
`question:::answer` (asked both ways) on a line; `?` or `??` on a line of its own between question
and answer, to the next blank line; `==gap==` within a paragraph. What the plugin noted about
reviews in comments is dropped, as it holds no ratings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from quiz.interchange.draft import Converted, Draft, LeftOut, Section
from quiz.interchange.markdown import (
    fenced_lines,
    gap_answer,
    inline_literals,
    read_source,
    without_comments,
)
from quiz.language import _

_HIGHLIGHT = re.compile(r"==(?=[^\s=])(.{1,1000}?)(?<=[^\s=])==(?!=)", re.DOTALL)
_SEPARATOR = re.compile(r"(?<!:)(:::?)(?!:)")
_DECK_TAG = re.compile(r"(?<!\S)#flashcards((?:/[\w-]+)*)(?!\S)", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])\s+")
_EMBED = re.compile(r"!\[\[([^\]|\n]+)(?:\|[^\]\n]*)?\]\]")
_WIKI = re.compile(r"\[\[(?:[^\]|\n]*\|)?([^\]|\n]+)\]\]")


def read_obsidian(text: str, name: str) -> Converted:
    """The cards of one note; `name` is the file's, without its suffix."""
    source = read_source(text)
    body = without_comments(source.body)
    decks: tuple[str, ...] = ()
    tags = [tag for tag in source.tags if not tag.lower().startswith("flashcards")]
    deck_tags = [m[1] for m in _DECK_TAG.finditer(body)]
    deck_tags += [t[len("flashcards") :] for t in source.tags if t.lower().startswith("flashcards")]
    if deck_tags:
        decks = tuple(part for part in deck_tags[0].split("/") if part)
    body = _DECK_TAG.sub("", body)
    drafts: list[Draft] = []
    left_out: list[LeftOut] = []
    keys: Counter[str] = Counter()
    plain = 0
    for line, block in _paragraphs(body):
        sections = list(_cards(block))
        plain += not sections and not block.lstrip().startswith("#")
        for offset, section in sections:
            place = f"{name}:{line + offset + source.skipped}"
            if isinstance(section, str):
                left_out.append(LeftOut(place, section))
                continue
            content = f"obsidian\n{section.front}\n{section.back}"
            keys[content] += 1
            if keys[content] > 1:
                left_out.append(LeftOut(place, _("the same card as one above")))
                continue
            drafts.append(Draft(place, content, decks, (section,), tags=tuple(tags)))
    if plain:
        left_out.append(LeftOut(name, _("{n} paragraphs that hold no card").format(n=plain)))
    return Converted("obsidian", tuple(drafts), tuple(left_out))


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """What stands between blank lines, fences in one piece, each with its first line from 1."""
    fenced = fenced_lines(text)
    block: list[str] = []
    start = 0
    for index, line in enumerate([*text.split("\n"), ""]):
        if line.strip() or index in fenced:
            if not block:
                start = index + 1
            block.append(line)
        elif block:
            yield start, "\n".join(block)
            block = []
    if block:
        yield start, "\n".join(block)


def _cards(block: str) -> Iterator[tuple[int, Section | str]]:
    """The cards of a paragraph, each with its line within, or why it is none.

    A line that is a card by itself belongs to no other one.
    """
    lines = block.split("\n")
    fenced = fenced_lines(block)
    found: list[tuple[int, Section | str]] = []
    rest: list[tuple[int, str]] = []
    """Text between the cards."""
    begin = 0
    for index, line in enumerate(lines):
        if index in fenced:
            continue
        if line.strip() in ("?", "??"):
            card = _asked_and_answered(lines[begin:], index - begin)
            found.append((index if isinstance(card, str) else begin, card))
            begin = len(lines)
            break
        if (parted := _parted(line)) is not None:
            rest.append((begin, "\n".join(lines[begin:index])))
            front, mark, back = parted
            found.append(
                (index, Section(_markdown(front), _markdown(back), reversed=mark == ":::"))
            )
            begin = index + 1
    rest.append((begin, "\n".join(lines[begin:])))
    for index, text in rest:
        gapped, count = _gaps(text)
        if count:
            found.append((index, Section(_markdown(gapped), cloze=True)))
        elif found and text.strip() and not text.lstrip().startswith("#"):
            found.append((index, _("text that belongs to no card")))
    yield from sorted(found, key=lambda one: one[0])


def _asked_and_answered(lines: list[str], mark: int) -> Section | str:
    """The card of some lines with `?` or `??` between question and answer, or why it is none."""
    front, back, sign = "\n".join(lines[:mark]), "\n".join(lines[mark + 1 :]), lines[mark].strip()
    if not (front.strip() and back.strip()):
        said = _("a `{sign}` without a question above or an answer below")
        return said.format(sign=sign)
    return Section(_markdown(front), _markdown(back), reversed=sign == "??")


def _parted(line: str) -> tuple[str, str, str] | None:
    if "::" not in line or line.lstrip().startswith("|"):  # a row of a table
        return None
    literal = inline_literals(line, _HIGHLIGHT)
    for mark in _SEPARATOR.finditer(line):
        if mark.start() in literal:
            continue
        front, back = _ITEM.sub("", line[: mark.start()], count=1).strip(), line[mark.end() :]
        if front and back.strip():
            return front, mark[1], back.strip()
    return None


def _gaps(text: str) -> tuple[str, int]:
    """The text with gaps in Anki's notation, and how many there are."""
    if "==" not in text:
        return text, 0
    literal = inline_literals(text)
    pieces: list[str] = []
    count = at = 0
    for found in _HIGHLIGHT.finditer(text):
        if found.start() in literal:
            continue
        count += 1
        pieces += [text[at : found.start()], f"{{{{c{count}::{gap_answer(found[1].strip())}}}}}"]
        at = found.end()
    pieces.append(text[at:])
    return "".join(pieces), count


def _markdown(text: str) -> str:
    """Links between notes as their text, embedded files as pictures."""
    text = _EMBED.sub(lambda m: f"![]({m[1].strip()})", text.strip("\n"))
    return _WIKI.sub(r"\1", text)
