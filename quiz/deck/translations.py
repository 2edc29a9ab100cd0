"""A translation put beside its base: the same questions in the same order, sharing their ids."""

from __future__ import annotations

from dataclasses import replace

from quiz.deck.parsed import Parsed, ParsedSection
from quiz.deck.remarks import Remarks
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.question import Choice, Concept, Question


def translate(base: Parsed, other: Parsed, path: str) -> tuple[Concept | None, tuple[Finding, ...]]:
    """The base's concept in the words of `other`, or None with the reason when it has drifted.

    A single question that has an error in the translation reads as in the base.
    """
    if base.concept is None or other.concept is None:
        return None, ()
    remarks = Remarks(path, ())
    if len(base.sections) != len(other.sections):
        message = _(
            "the base file has {base} questions and this one {own}: "
            "write the same questions in the same order; until then the base is shown. "
            "If it is no translation, rename it: its name has a language behind the dot"
        )
        remarks.error(message.format(base=len(base.sections), own=len(other.sections)))
        return None, remarks.findings
    questions: list[Question] = []
    for ours, theirs in zip(base.sections, other.sections, strict=True):
        if not ours.questions:
            continue  # an error in the base, told there
        if problem := _drift(ours, theirs):
            message = _("{problem}; until then the base is shown").format(problem=problem)
            remarks.error(message, theirs.line, 1)
            continue
        if not theirs.questions:
            questions += ours.questions
            continue
        questions += [
            replace(
                question,
                id=original.id,
                tags=original.tags,
                suspended=original.suspended,
                explicit_anchor=original.explicit_anchor,
            )
            for original, question in zip(ours.questions, theirs.questions, strict=True)
        ]
    if remarks.errors:
        return None, remarks.findings
    concept = replace(
        base.concept,
        title=other.concept.title,
        note=other.concept.note,
        place=other.concept.place,
        links=other.concept.links or base.concept.links,
        questions=tuple(questions),
    )
    return concept, remarks.findings


def _drift(ours: ParsedSection, theirs: ParsedSection) -> str:
    """How a section differs from its base in more than words; empty when it does not."""
    if not theirs.questions:
        return ""
    if theirs.explicit and theirs.anchor != ours.anchor:
        return _(
            "`{{#{own}}}` here and `#{base}` on line {line} of the base file: use the same id"
        ).format(own=theirs.anchor, base=ours.anchor, line=ours.line)
    kind, original = theirs.questions[0].kind, ours.questions[0].kind
    if kind is not original:
        return _(
            "a {own} question here and a {base} question on line {line} of the base file: "
            "make it the same kind"
        ).format(own=_(kind), base=_(original), line=ours.line)
    mine = [_suffix(question) for question in theirs.questions]
    base = [_suffix(question) for question in ours.questions]
    if mine != base:
        here, there = (", ".join(one or _("none") for one in names) for names in (mine, base))
        return _(
            "{own} here and {base} on line {line} of the base file: make them the same"
        ).format(own=here, base=there, line=ours.line)
    if _correct(theirs.questions[0]) != _correct(ours.questions[0]):
        return _(
            "other options are correct than on line {line} of the base file: "
            "keep their order and their `[x]`"
        ).format(line=ours.line)
    return ""


def _suffix(question: Question) -> str:
    return question.id.partition("#")[2].partition("/")[2]


def _correct(question: Question) -> list[bool]:
    content = question.content
    return [option.correct for option in content.options] if isinstance(content, Choice) else []
