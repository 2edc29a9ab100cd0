"""What reading a card file gives, as values alone: none of them needs the parser to be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.model.finding import Finding
from quiz.model.question import Concept, Fence, Program, Question


@dataclass(frozen=True, slots=True)
class Role:
    """A role fence."""

    name: str
    """One of `sections.ROLES`, or `answer`."""
    attributes: str
    """What stands behind the role."""
    fence: Fence
    line: int
    """Of the opening mark, from 1; 0 when it was taken from the base of a translation."""


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """What became of one `##`."""

    anchor: str
    explicit: bool
    """Whether the author wrote the anchor."""
    line: int
    """Of the heading, from 1."""
    questions: tuple[Question, ...]
    """Empty when the section has an error."""
    roles: Mapping[str, Role]
    """Its role fences, for the translations that leave them out."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture a file shows from a path of its own."""

    target: str
    line: int
    column: int
    source: str = ""
    """The line it stands on."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A concept that is to be learned first."""

    name: str
    line: int
    column: int
    source: str
    """The line it stands on."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file, read."""

    concept: Concept | None
    """None when nothing of it can be used."""
    findings: tuple[Finding, ...]
    sections: tuple[ParsedSection, ...] = ()
    """Every `##` of the file in order, those with errors too."""
    requires: tuple[Requirement, ...] = ()
    """Concepts it builds on."""
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What must be known of a file before any of its questions is shown."""

    usable: bool = False
    """Whether there is a concept."""
    tags: tuple[str, ...] = ()
    requires: tuple[Requirement, ...] = ()
    questions: tuple[str, ...] = ()
    """Their ids, in order."""
    suspended: frozenset[str] = frozenset()
    """The ids of those that the file suspends."""
    programs: bool = False
    """Whether one of them runs a program."""
    findings: tuple[Finding, ...] = ()
    images: tuple[Image, ...] = ()
    drift: tuple[Finding, ...] = ()
    """Of a translation, how it differs from its base in more than words."""


def overview_of(parsed: Parsed, drift: tuple[Finding, ...] = ()) -> Overview:
    """The overview of a file that was read."""
    concept = parsed.concept
    questions = concept.questions if concept else ()
    return Overview(
        usable=concept is not None,
        tags=concept.tags if concept else (),
        requires=parsed.requires,
        questions=tuple(question.id for question in questions),
        suspended=frozenset(question.id for question in questions if question.suspended),
        programs=any(isinstance(question.content, Program) for question in questions),
        findings=parsed.findings,
        images=parsed.images,
        drift=drift,
    )
