"""Parsed files as JSON and back: values of the types listed here, and nothing that runs.

Texts that were tampered with give `ValueError`, `TypeError` or another plain exception, never
anything but values of these types.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from quiz.deck.parsed import Image, Overview, Parsed, ParsedSection, Requirement, Role
from quiz.errors import Place
from quiz.model.finding import Finding, Severity
from quiz.model.question import (
    Choice,
    Cloze,
    Code,
    Concept,
    Fence,
    Gap,
    Option,
    Predict,
    Question,
    Recall,
    Rules,
    Typed,
)

_CLASSES: Mapping[str, type[Any]] = {
    one.__name__: one
    for one in (Choice, Cloze, Code, Fence, Gap, Option, Predict, Recall, Role, Rules, Typed)
}
"""What a section holds; each is written as its name with the values of its fields."""

_ALL = (
    *_CLASSES.values(), Concept, Finding, Image, Overview, Parsed, ParsedSection, Question,
    Requirement,
)  # fmt: skip
SIGNATURE = ";".join(f"{one.__name__}:{','.join(f.name for f in fields(one))}" for one in _ALL)
"""Another one means that what was written before cannot be read."""


def encode(parsed: Parsed) -> bytes:
    """All of a file that its overview does not say."""
    concept = parsed.concept
    head = (
        [concept.title, concept.note, list(concept.links), concept.suspended, concept.place.line]
        if concept
        else None
    )
    sections = [
        [
            section.anchor,
            section.explicit,
            section.line,
            [_question(question, section.anchor) for question in section.questions],
            {"": [[name, _value(role)] for name, role in section.roles.items()]},
        ]
        for section in parsed.sections
    ]
    return json.dumps([head, sections], separators=(",", ":"), allow_nan=False).encode()


def decode(text: bytes, overview: Overview, path: str, concept: str) -> Parsed:
    """The file again; `path` is what places call it, `concept` its id."""
    head, sections = json.loads(text, object_hook=_object)
    read = tuple(_section(section, overview, path, concept) for section in sections)
    whole = None
    if head is not None:
        title, note, links, suspended, line = head
        whole = Concept(
            concept, title, note, tuple(q for section in read for q in section.questions),
            Place(path, line), overview.tags, tuple(one.name for one in overview.requires),
            tuple(links), suspended,
        )  # fmt: skip
    return Parsed(whole, overview.findings, read, overview.requires, overview.images)


def _question(question: Question, anchor: str) -> list[Any]:
    suffix = question.id[len(question.concept) + 1 + len(anchor) :]
    return [
        suffix, question.heading, question.body, question.explanation, list(question.hints),
        question.suspended, question.place.column, _value(question.content),
    ]  # fmt: skip


def _section(section: list[Any], overview: Overview, path: str, concept: str) -> ParsedSection:
    anchor, explicit, line, questions, roles = section
    read = tuple(
        Question(
            f"{concept}#{anchor}{suffix}", concept, heading, body, explanation, tuple(hints),
            content, Place(path, line, column), overview.tags, suspended, explicit,
        )
        for suffix, heading, body, explanation, hints, suspended, column, content in questions
    )  # fmt: skip
    return ParsedSection(anchor, explicit, line, read, roles)


def _value(value: object) -> object:
    name = type(value).__name__
    if name in _CLASSES:
        return {name: [_value(getattr(value, field.name)) for field in fields(_CLASSES[name])]}
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    return value


def _object(pairs: dict[str, Any]) -> object:
    ((name, values),) = pairs.items()
    if not name:
        return dict(values)
    return _CLASSES[name](*[tuple(one) if one.__class__ is list else one for one in values])


def encode_overview(overview: Overview, concept: str) -> list[Any]:
    """As lists; ids without their concept, places without their file."""
    start = len(concept) + 1
    numbers = [n for n, one in enumerate(overview.questions) if one in overview.suspended]
    return [
        overview.usable,
        list(overview.tags),
        [[one.name, one.line, one.column, one.source] for one in overview.requires],
        [question[start:] for question in overview.questions],
        numbers,
        overview.programs,
        [_finding(finding) for finding in overview.findings],
        [[one.target, one.line, one.column, one.source] for one in overview.images],
        [_finding(finding) for finding in overview.drift],
    ]


def decode_overview(values: list[Any], path: str, concept: str) -> Overview:
    """The overview again."""
    usable, tags, requires, anchors, suspended, programs, findings, images, drift = values
    prefix = f"{concept}#"
    questions = tuple([prefix + anchor for anchor in anchors])
    return Overview(
        bool(usable),
        tuple(map(str, tags)),
        tuple(Requirement(str(o[0]), int(o[1]), int(o[2]), str(o[3])) for o in requires),
        questions,
        frozenset(questions[number] for number in suspended),
        bool(programs),
        tuple(_finding_of(finding, path) for finding in findings),
        tuple(Image(str(one[0]), int(one[1]), int(one[2]), str(one[3])) for one in images),
        tuple(_finding_of(finding, path) for finding in drift),
    )


def _finding(finding: Finding) -> list[Any]:
    place = finding.place
    text = [finding.severity.value, finding.message, finding.source, finding.rule]
    return [*text, place.line, place.column]


def _finding_of(values: list[Any], path: str) -> Finding:
    severity, message, source, rule, line, column = values
    where = Place(path, int(line), int(column))
    return Finding(where, Severity(severity), str(message), str(source), str(rule))
