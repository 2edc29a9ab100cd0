"""One card file, from bytes to a `Concept`: the whole format, all its errors in one reading.

A section with an error makes no question; the other sections of the file stay. Nothing is raised
for anything a file may hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from quiz.deck.config import CollectionConfig
from quiz.deck.conflicts import Conflict, without_conflicts
from quiz.deck.document import Block, CodeSpans, Document, read_document
from quiz.deck.front_matter import FrontMatter, read_front_matter
from quiz.deck.kinds import questions_of
from quiz.deck.misread import title_without_blank
from quiz.deck.parsed import Image, Parsed, ParsedSection
from quiz.deck.remarks import Remarks
from quiz.deck.sections import Section, outline_document, read_section
from quiz.deck.slug import slug
from quiz.errors import Place
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.question import Concept, Question

__all__ = ["Parsed", "ParsedSection", "parse_concept"]

DOUBLE_ANCHOR = "double-anchor"
"""A heading whose anchor is that of another one above it."""

_BOM = b"\xef\xbb\xbf"
_ACTS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""Characters that make a terminal act: no deck sets its title or fills the clipboard."""


def parse_concept(
    data: bytes,
    *,
    path: str,
    concept: str,
    config: CollectionConfig,
    base: Parsed | None = None,
) -> Parsed:
    """Reads the bytes of a card file.

    `path` is what findings call the file, `concept` its id, `config` gives the limits that fences
    do not set. With `base`, the file is a translation of that one: role fences it leaves out are
    taken from there, section by section.
    """
    concept = unicodedata.normalize("NFC", concept)
    text, broken = _decode(data, path)
    if broken is not None:
        return Parsed(None, (broken,))
    document, conflicts = without_conflicts(read_document(text), text)
    remarks = Remarks(path, document.lines)
    for conflict in conflicts:
        message = _(
            "a merge conflict is not resolved: keep what is right of both sides, "
            "without the lines of `<<<<<<<`, `=======` and `>>>>>>>`"
        )
        remarks.error(message, conflict.start + 1, 1)
    for line, mark in document.unclosed:
        remarks.error(_unclosed(mark), line + 1, 1)
    for line in document.too_deep:
        remarks.error(_("lists or quotes nested too deeply: this line is left out"), line + 1)
    if document.head.mistake:
        remarks.error(document.head.mistake, document.head.line + 1)
    front = read_front_matter(document.head.yaml, remarks)
    outlined = outline_document(document, remarks)
    if outlined.title is None:
        if not text.strip():
            remarks.error(
                _("the file is empty: begin with `# Title`, then a `##` for each question")
            )
            return Parsed(None, remarks.findings)
        _no_title(document, remarks)
    sections = _sections(
        document, outlined.sections, conflicts, front, path, concept, config, base, remarks
    )
    read = Concept(
        id=concept,
        title=outlined.title or concept.rpartition("/")[2],
        note=outlined.note,
        questions=tuple(question for section in sections for question in section.questions),
        place=Place(path, outlined.title_line or 1),
        tags=front.tags,
        requires=tuple(one.name for one in front.requires),
        links=front.links,
        suspended=front.suspended,
    )
    images = tuple(_images(document))
    return Parsed(read, remarks.findings, sections, front.requires, images)


def _no_title(document: Document, remarks: Remarks) -> None:
    line = title_without_blank(document)
    if line is not None:
        message = _("looks like the title, and is none: write `# ` at the start of the line")
        remarks.error(message, line + 1)
    else:
        remarks.error(_("no title: write `# Title` above the first question"), 1)


def _unclosed(mark: str) -> str:
    """What is said of a block that `mark` would have ended."""
    said = {
        "-->": _(
            "this comment is never closed and takes in the rest of the file: "
            "write `{mark}` where it ends"
        ),
        "`": _(
            "this fence is never closed and takes in the rest of the file: "
            "write `{mark}` where it ends"
        ),
    }
    said["~"] = said["`"]
    html = _(
        "this HTML is never closed and takes in the rest of the file: write `{mark}` where it ends"
    )
    return said.get(mark.strip("`~") or mark[0], html).format(mark=mark)


def _decode(data: bytes, path: str) -> tuple[str, Finding | None]:
    """The text of a file with plain line ends, or where it is not UTF-8."""
    data = data.removeprefix(_BOM)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        start = before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8", errors="replace")) + 1
        quoted = data[start : start + 160].splitlines()[0].decode("utf-8", errors="replace")
        remarks = Remarks(path, [*[""] * (line - 1), quoted])
        said = _("byte 0x{byte:02x} is not UTF-8: save the file as UTF-8")
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            said = _("byte 0x{byte:02x} is not UTF-8: it looks like UTF-16; save the file as UTF-8")
        remarks.error(said.format(byte=data[error.start]), line, column)
        return "", remarks.findings[0]
    return _ACTS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")), None


def _sections(
    document: Document,
    parts: Sequence[tuple[Block, tuple[Block, ...], int]],
    conflicts: Sequence[Conflict],
    front: FrontMatter,
    path: str,
    concept: str,
    config: CollectionConfig,
    base: Parsed | None,
    remarks: Remarks,
) -> tuple[ParsedSection, ...]:
    """Every section, with the questions of those that have no error."""
    lines: dict[str, int] = {}
    proposed: dict[str, int] = {}
    parsed = []
    for index, part in enumerate(parts):
        errors = remarks.errors
        section = read_section(document, part, remarks)
        if base is not None and index < len(base.sections):
            section = _with_fences_of(section, base.sections[index])
        anchor = _anchor(section, lines, proposed, remarks, required=base is None)
        asked = questions_of(section, config, remarks)
        undecided = any(one.overlaps(section.start, section.end) for one in conflicts)
        if remarks.errors > errors or section.faulty or undecided:
            asked = []
        explicit = section.attributes.anchor is not None
        questions = tuple(
            Question(
                id=f"{concept}#{anchor}{one.suffix}",
                concept=concept,
                heading=one.heading,
                body=one.body,
                explanation=one.explanation,
                hints=section.hints,
                content=one.content,
                place=Place(path, section.line, 1),
                tags=front.tags,
                suspended=front.suspended or section.attributes.suspended,
                explicit_anchor=explicit,
            )
            for one in asked
        )
        parsed.append(ParsedSection(anchor, explicit, section.line, questions, section.roles))
    return tuple(parsed)


def _anchor(
    section: Section,
    lines: dict[str, int],
    proposed: dict[str, int],
    remarks: Remarks,
    *,
    required: bool,
) -> str:
    """The anchor of a section; that it is one, and its own, is checked where ids come from it.

    `lines` say where each anchor stands, `proposed` the last number proposed for it.
    """
    explicit = section.attributes.anchor
    anchor = unicodedata.normalize("NFC", explicit) if explicit else slug(section.heading)
    if not required:
        return anchor
    if not anchor:
        if section.heading:
            message = _("this heading gives no anchor: write one behind it, as in `{#my-id}`")
            remarks.error(message, section.line)
        return anchor
    if anchor in lines:
        number = next(n for n in count(proposed.get(anchor, 1) + 1) if f"{anchor}-{n}" not in lines)
        proposed[anchor] = number
        proposal = f"{anchor}-{number}"
        message = _(
            "the anchor `#{anchor}` on line {line} is that of line {first} "
            "already: write `{{#{proposal}}}` behind this heading"
        ).format(anchor=anchor[:80], line=section.line, first=lines[anchor], proposal=proposal[:80])
        remarks.error(message, section.line, 1, rule=DOUBLE_ANCHOR)
    else:
        lines[anchor] = section.line
    return anchor


def _with_fences_of(section: Section, base: ParsedSection) -> Section:
    """A translated section with the role fences, and their attributes, that it leaves out."""
    if not base.questions or not base.roles:
        return section
    roles = {name: replace(role, line=0) for name, role in base.roles.items()}
    for name, role in section.roles.items():
        attributes = role.attributes or (roles[name].attributes if name in roles else "")
        roles[name] = replace(role, attributes=attributes)
    return replace(section, roles=roles)


_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\(\s*<?([^)>\s\n]{1,500})")


def _images(document: Document) -> Iterator[Image]:
    """The pictures of a file, those in code left aside."""
    at = 0
    for start, end in (*document.literal, (len(document.lines), 0)):
        for index in range(at, start):
            line = document.shown[index]
            if "![" not in line:
                continue
            code = CodeSpans(line)
            for found in _IMAGE.finditer(line):
                if found.start() not in code:
                    yield Image(found[1], index + 1, found.start() + 1, document.lines[index][:200])
        at = end
