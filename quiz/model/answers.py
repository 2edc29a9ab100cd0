"""Judging what a learner typed or picked: pure rules over a question's content.

Text is compared after Unicode NFKC, trimming and folding runs of white space, without case unless
the question says that case counts. A wrong text comes with the difference to the nearest accepted
one, as segments to be coloured.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from quiz.model.question import Choice, Cloze, Gap, Typed

_LONGEST_DIFF = 2000
"""Characters; beyond it, texts are shown whole instead of compared sign by sign."""
_NEAR = 0.75
"""Share of agreeing characters from which a wrong text is a near miss."""
_MARKUP = re.compile(r"(`+|\*\*|__|\$\$?)(.+)\1", re.DOTALL)


class SegmentKind(StrEnum):
    SAME = "same"
    MISSING = "missing"
    """In the accepted answer, not in what was given."""
    EXTRA = "extra"
    """In what was given, not in the accepted answer."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the difference between what was given and what is accepted."""

    kind: SegmentKind
    text: str


@dataclass(frozen=True, slots=True)
class TextResult:
    """What came of one typed text."""

    correct: bool
    accepted: str
    """The accepted answer it matches, or is nearest to."""
    segments: tuple[Segment, ...] = ()
    """From what was given to `accepted`; one `SAME` segment when it is correct."""
    near: bool = False
    """Whether it is wrong by little, so that the difference is worth showing."""


@dataclass(frozen=True, slots=True)
class ClozeResult:
    """What came of the gaps of one number."""

    gaps: tuple[TextResult, ...]

    @property
    def correct(self) -> bool:
        return all(gap.correct for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """What came of picking options; indexes are those of `Choice.options`."""

    hits: tuple[int, ...]
    """Picked, and they hold."""
    missed: tuple[int, ...]
    """They hold, and were not picked."""
    false: tuple[int, ...]
    """Picked, and they do not hold."""

    @property
    def correct(self) -> bool:
        return not self.missed and not self.false


def normal(text: str, *, case: bool = False) -> str:
    """The form in which texts are compared: NFKC, trimmed, white space folded, case folded."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    # Folding case can undo the normal form (İ), so it is made once more.
    return folded if case else unicodedata.normalize("NFKC", folded.casefold())


def check_typed(content: Typed, given: str) -> TextResult:
    """Judges a typed answer against every accepted one."""
    return check_text(given, content.accepted, case=content.case, tolerance=content.tolerance)


def check_gap(gap: Gap, given: str, *, case: bool = False) -> TextResult:
    """Judges what was typed into one gap; Markdown marks around the answer need not be typed."""
    bare = plain(gap.answer)
    accepted = (gap.answer,) if bare == gap.answer else (bare, gap.answer)
    return check_text(given, accepted, case=case)


def check_cloze(content: Cloze, given: Sequence[str], *, case: bool = False) -> ClozeResult:
    """Judges all gaps of a cloze, in order; one that was not typed into counts as empty."""
    texts = [*given, *[""] * len(content.gaps)]
    return ClozeResult(
        tuple(
            check_gap(gap, text, case=case) for gap, text in zip(content.gaps, texts, strict=False)
        )
    )


def check_choice(content: Choice, picked: Iterable[int]) -> ChoiceResult:
    """Judges a set of picked options, given by their index in the card."""
    chosen = set(picked)
    holding = {index for index, option in enumerate(content.options) if option.correct}
    return ChoiceResult(
        tuple(sorted(chosen & holding)),
        tuple(sorted(holding - chosen)),
        tuple(sorted(chosen - holding)),
    )


def check_text(
    given: str, accepted: Sequence[str], *, case: bool = False, tolerance: float | None = None
) -> TextResult:
    """Judges a text against accepted ones (at least one).

    With a `tolerance`, a number within that relative distance of an accepted number is right too.
    """
    typed = normal(given, case=case)
    for answer in accepted:
        if typed == normal(answer, case=case) or _close(given, answer, tolerance):
            return TextResult(True, answer, (Segment(SegmentKind.SAME, given.strip()),))
    nearest = max(accepted, key=lambda answer: _likeness(typed, normal(answer, case=case)))
    likeness = _likeness(typed, normal(nearest, case=case))
    return TextResult(False, nearest, difference(given, nearest, case=case), likeness >= _NEAR)


def plain(text: str) -> str:
    """A short answer without the code, emphasis or mathematics marks that enclose it."""
    stripped = text.strip()
    while (found := _MARKUP.fullmatch(stripped)) and found[1] not in found[2]:
        stripped = found[2].strip()
    return stripped


def difference(given: str, accepted: str, *, case: bool = False) -> tuple[Segment, ...]:
    """What to leave out of `given` and what to add, character by character, to get `accepted`.

    White space is folded in both; signs that compare as equal are `SAME`, as they were typed.
    """
    mine = " ".join(unicodedata.normalize("NFC", given).split())
    theirs = " ".join(unicodedata.normalize("NFC", accepted).split())
    if max(len(mine), len(theirs)) > _LONGEST_DIFF:
        whole = (Segment(SegmentKind.EXTRA, mine), Segment(SegmentKind.MISSING, theirs))
        return tuple(segment for segment in whole if segment.text)
    matcher = SequenceMatcher(
        None, [normal(sign, case=case) or sign for sign in mine],
        [normal(sign, case=case) or sign for sign in theirs], autojunk=False,
    )  # fmt: skip
    segments = []
    for tag, start, end, from_, to in matcher.get_opcodes():
        if tag == "equal":
            segments.append(Segment(SegmentKind.SAME, mine[start:end]))
            continue
        if end > start:
            segments.append(Segment(SegmentKind.EXTRA, mine[start:end]))
        if to > from_:
            segments.append(Segment(SegmentKind.MISSING, theirs[from_:to]))
    return tuple(segments)


def _close(given: str, accepted: str, tolerance: float | None) -> bool:
    """Whether both are numbers, and within the tolerance relative to the accepted one."""
    if tolerance is None:
        return False
    typed, wanted = _number(given), _number(accepted)
    if typed is None or wanted is None:
        return False
    if math.isnan(wanted):
        return math.isnan(typed)
    # An infinite number is only itself; the allowance of a zero is zero.
    return typed == wanted or abs(typed - wanted) <= tolerance * abs(wanted) < math.inf


def _number(text: str) -> float | None:
    stripped = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if "_" in stripped:
        return None
    try:
        return float(stripped)
    except ValueError:
        return None


def _likeness(one: str, other: str) -> float:
    """Share of agreeing characters, from 0 to 1; of Hangul, of letters (jamo) within syllables."""
    one, other = (unicodedata.normalize("NFD", text[:_LONGEST_DIFF]) for text in (one, other))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
