"""Anki's cloze notation, `{{c1::answer::hint}}`: finding gaps, opening some and filling the rest.

Braces within a gap are balanced, so that `{{c1::\\frac{a}{b}}}` is one gap. Reading is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quiz.deck.document import CodeSpans
from quiz.language import _
from quiz.model.question import Gap

_TOKEN = re.compile(r"\{\{c[0-9]+::|\\[{}\\]|[{}]")
_OPENING = re.compile(r"\{\{c([0-9]+)::")
_ALMOST = re.compile(r"\{\{\s*(?:[cC][0-9]*\s*:{1,2}|[0-9]+\s*::|C[0-9]+)")
_OF_OTHERS = re.compile(r"(?<![\w$^_\\{}])\{\{(?:cloze\s[^{}\n]+|[\w`][^{}:|\n]{0,59})(?<!\s)\}\}")
"""Gaps as Mochi, RemNote and Logseq write them; with blanks around it is a template's."""
_NUMBER_LIMIT = 500
"""Numbers above this are a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Span:
    """One gap in a text, from `start` to `end`."""

    start: int
    end: int
    number: int
    gap: Gap


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the notation that cannot be used (or, if not `fatal`, is no gap at all)."""

    source: str
    """What stands there, to find its place by."""
    message: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of one text, in order."""

    text: str
    spans: tuple[Span, ...]
    mistakes: tuple[Mistake, ...] = ()

    def open(self, number: int) -> str:
        """The text with the gaps of `number` open, as `[…]` or `[hint]`, and the others filled."""
        return self._replaced(
            f"[{span.gap.hint or '…'}]" if span.number == number else span.gap.answer
            for span in self.spans
        )

    @property
    def filled(self) -> str:
        """The text with every gap filled."""
        return self._replaced(span.gap.answer for span in self.spans)

    def _replaced(self, words: Iterable[str]) -> str:
        pieces, at = [], 0
        for span, word in zip(self.spans, words, strict=True):
            pieces += [self.text[at : span.start], word]
            at = span.end
        pieces.append(self.text[at:])
        return "".join(pieces)


def may_have_gaps(text: str) -> bool:
    """Whether `text` holds the beginning of a gap."""
    return "{{c" in text and _OPENING.search(text) is not None


def almost_gaps(text: str) -> Iterable[str]:
    """What looks like a gap or its beginning, and is none: `{{1::`, `{{c::`, `{{c1:`, `{{gap}}`."""
    if "{{" not in text:
        return
    for found in _ALMOST.finditer(text):
        if not _OPENING.match(text, found.start()):
            yield found[0]
    code = CodeSpans(text)
    yield from (found[0] for found in _OF_OTHERS.finditer(text) if found.start() not in code)


def read_gaps(text: str) -> Gaps:
    """The gaps of `text`, and what is wrong with them."""
    spans: list[Span] = []
    mistakes: list[Mistake] = []
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        end = _end(text, opening.end())
        source = text[opening.start() : opening.start() + 40]
        if end is None:
            message = _(
                "this gap is not closed before the next one or the end: write `}}` behind it"
            )
            mistakes.append(Mistake(source, message))
            at = opening.end()
            continue
        at = end
        inside = text[opening.end() : end - 2]
        digits = opening[1]
        number = int(digits) if len(digits) < 5 else 0
        gap, parted = _gap(inside)
        if not 1 <= number <= _NUMBER_LIMIT:
            message = _("`c{number}`: number gaps from c1 to c{most}")
            message = message.format(number=digits[:10], most=_NUMBER_LIMIT)
            mistakes.append(Mistake(source, message))
        elif not gap.answer:
            mistakes.append(Mistake(source, _("this gap is empty: write its answer after `::`")))
        else:
            spans.append(Span(opening.start(), end, number, gap))
            if parted and not gap.hint:
                message = _("empty hint: write it after the second `::`")
                mistakes.append(Mistake(source, message, fatal=False))
    return Gaps(text, tuple(spans), tuple(mistakes))


def _end(text: str, start: int) -> int | None:
    """Where the gap whose answer begins at `start` ends: behind the `}}` that balances it.

    Where braces do not balance before the next gap begins, the first `}}` ends it.
    """
    depth = 0
    at = limit = start
    while (token := _TOKEN.search(text, at)) is not None:
        what, at = token[0], token.end()
        if what.startswith("{{c"):
            limit = token.start()
            break
        if what == "{":
            depth += 1
        elif what == "}" and depth:
            depth -= 1
        elif what == "}" and text.startswith("}}", token.start()):
            return token.start() + 2
        limit = at
    first = text.find("}}", start, limit)
    return first + 2 if first >= 0 else None


_BRACKETS = re.compile(r"::|[\[({]|[\])}]")


def _gap(inside: str) -> tuple[Gap, bool]:
    """Answer and hint, and whether a `::` outside of brackets and code parts them."""
    if "::" not in inside:
        return Gap(inside.strip()), False
    code = CodeSpans(inside)
    depth = 0
    for found in _BRACKETS.finditer(inside):
        if found.start() in code:
            continue
        if found[0] != "::":
            depth += 1 if found[0] in "[({" else -1
        elif depth <= 0:
            return Gap(inside[: found.start()].strip(), inside[found.end() :].strip()), True
    return Gap(inside.strip()), False


def numbers(parts: Sequence[Gaps]) -> list[int]:
    """The numbers used in some texts, ascending."""
    return sorted({span.number for part in parts for span in part.spans})
