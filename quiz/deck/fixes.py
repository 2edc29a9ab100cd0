"""Mistakes that can be put right without asking: one correction each, tried before it is kept.

A correction is kept only when what it is about is not found any more, nothing else is, and every
question that was there is there still, under the same id and with the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from quiz.deck.config import CollectionConfig
from quiz.deck.identity import snapshot
from quiz.deck.parser import DOUBLE_ANCHOR, parse_concept
from quiz.deck.sections import MISSING_BLANK, WRONG_ROLE, corrected_role
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.snapshot import Snapshot

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_FENCE = re.compile(r"(?P<mark>(?P<margin>[ >]*)(?:`{3,}|~{3,})\s*)(?P<info>[^\r\n]*)")
_HEADING = re.compile(r"(?P<text> {0,3}##[^\r\n]*?)(?P<braces>\s*\{[^{}\r\n]*\})?(?P<end>[ \t]*)$")
_EXPLICIT = re.compile(r"(?<=[{\s])#[^\s{}]+")
_PROPOSAL = re.compile(r"`\{#([^\s{}`]+)\}`")


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that was put right."""

    line: int
    """In the text as it was, from 1."""
    before: str
    after: str
    """The line then and now; of an inserted blank line, the two lines around it."""
    what: str
    """What was put right."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A card file's text with what could be put right."""

    text: str
    corrections: tuple[Correction, ...] = ()


def fix(text: str, findings: Iterable[Finding]) -> Fixed:
    """The text of a card file with those of its `findings` put right that can be safely.

    These are a missing blank line before a break, a fence's role spelled nearly right, and an
    anchor for a heading that has another one's. Line ends stay as they are; the text is the same
    when there was nothing to do.
    """
    kept: list[Correction] = []
    # From the end, so that the lines above keep their numbers.
    for finding in sorted(findings, key=lambda one: one.place.line, reverse=True):
        correct = _CORRECTIONS.get(finding.rule)
        lines = _lines(text)
        if correct is None or not 0 < finding.place.line <= len(lines):
            continue
        change = correct(lines, finding)
        if change is None:
            continue
        changed = "".join(lines)
        if _is_better(text, changed, finding):
            text = changed
            kept.append(change)
    return Fixed(text, tuple(reversed(kept)))


def with_anchor(text: str, line: int, anchor: str) -> str:
    """The text with `{#anchor}` behind the heading on `line` (from 1), in the place of its own.

    Settles which of several questions an earlier one has become. The text is the same where no
    `##` heading stands on that line.
    """
    lines = _lines(text)
    if 0 < line <= len(lines):
        _write_anchor(lines, line - 1, anchor)
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends, parted as a card file is."""
    return [found[0] for found in _LINE.finditer(text) if found[0]]


def _missing_blank(lines: list[str], finding: Finding) -> Correction | None:
    first = finding.place.line - 1
    # A question mark or attributes say that a heading was meant.
    if lines[first].rstrip().endswith(("?", "？", "}")):
        return None
    for line in reversed(lines[:first]):
        if line.startswith("## "):
            break
        if line.strip() == "---":
            return None  # its section has a break already
    for index in range(first + 1, len(lines)):
        if lines[index].strip() == "---":
            above = lines[index - 1].rstrip("\r\n")
            end = lines[index - 1][len(above) :]
            lines.insert(index, end)
            what = _("a blank line makes `---` a break, and not a heading of the line above it")
            return Correction(index + 1, f"{above}\n---", f"{above}\n\n---", what)
        if not lines[index].strip():
            break
    return None


def _wrong_role(lines: list[str], finding: Finding) -> Correction | None:
    index = finding.place.line - 1
    found = _FENCE.match(lines[index])
    info = corrected_role(found["info"]) if found else None
    if found is None or info is None:
        return None
    before = lines[index].rstrip("\r\n")
    after = found["mark"] + info
    lines[index] = after + lines[index][len(before) :]
    return Correction(index + 1, before, after, _("the role of a fence"))


def _double_anchor(lines: list[str], finding: Finding) -> Correction | None:
    proposal = _PROPOSAL.search(finding.message)
    if proposal is None:
        return None
    return _write_anchor(lines, finding.place.line - 1, proposal[1])


def _write_anchor(lines: list[str], index: int, anchor: str) -> Correction | None:
    before = lines[index].rstrip("\r\n")
    found = _HEADING.match(before)
    if found is None:
        return None
    braces = (found["braces"] or "").strip()
    if _EXPLICIT.search(braces):
        braces = _EXPLICIT.sub(f"#{anchor}", braces, count=1)
    elif re.match(r"\{\s*(?:\.[a-z]|tol=)", braces):
        braces = f"{{#{anchor} {braces[1:].lstrip()}"
    else:
        braces = f"{braces} {{#{anchor}}}".strip()
    after = f"{found['text'].rstrip()} {braces}"
    lines[index] = after + lines[index][len(before) :]
    return Correction(index + 1, before, after, _("an anchor of its own"))


_CORRECTIONS: Mapping[str, Callable[[list[str], Finding], Correction | None]] = {
    MISSING_BLANK: _missing_blank,
    WRONG_ROLE: _wrong_role,
    DOUBLE_ANCHOR: _double_anchor,
}


def _is_better(before: str, after: str, finding: Finding) -> bool:
    """Whether the mistake is gone, and every question that was there is there as it was."""
    old, new = _read(before), _read(after)
    questions = {one.question: one for one, _ in new[1]}
    if finding.rule == MISSING_BLANK:
        # The line above the break was taken for a question, and the one before it cut short.
        line = finding.place.line
        kept = all(one.question in questions for one, at in old[1] if at != line)
        return kept and len(new[0]) < len(old[0])
    still = any((one.rule, one.place.line) == (finding.rule, finding.place.line) for one in new[0])
    return not still and all(questions.get(one.question) == one for one, _ in old[1])


def _read(text: str) -> tuple[tuple[Finding, ...], list[tuple[Snapshot, int]]]:
    data = text.encode("utf-8", "surrogatepass")
    parsed = parse_concept(data, path="", concept="c", config=CollectionConfig())
    questions = parsed.concept.questions if parsed.concept else ()
    return parsed.findings, [(snapshot(one), one.place.line) for one in questions]
