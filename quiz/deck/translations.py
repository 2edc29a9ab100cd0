"""A translation put beside its base: the same questions in the same order, sharing their ids."""

from __future__ import annotations

from dataclasses import replace

from quiz.deck.parsed import Parsed, ParsedSection
from quiz.deck.remarks import Remarks
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
        remarks.error(
            f"the base file has {len(base.sections)} questions and this one {len(other.sections)}: "
            "write the same questions in the same order; until then the base is shown"
        )
        return None, remarks.findings
    questions: list[Question] = []
    for ours, theirs in zip(base.sections, other.sections, strict=True):
        if not ours.questions:
            continue  # an error in the base, told there
        if problem := _drift(ours, theirs):
            remarks.error(f"{problem}; until then the base is shown", theirs.line, 1)
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
    where = f"line {ours.line} of the base file"
    if theirs.explicit and theirs.anchor != ours.anchor:
        return f"`{{#{theirs.anchor}}}` here and `#{ours.anchor}` on {where}: use the same id"
    kind, original = theirs.questions[0].kind, ours.questions[0].kind
    if kind is not original:
        return f"a {kind} question here and a {original} question on {where}: make it the same kind"
    mine = [_suffix(question) for question in theirs.questions]
    base = [_suffix(question) for question in ours.questions]
    if mine != base:
        here, there = (", ".join(one or "none" for one in names) for names in (mine, base))
        return f"{here} here and {there} on {where}: make them the same"
    if _correct(theirs.questions[0]) != _correct(ours.questions[0]):
        return f"other options are correct than on {where}: keep their order and their `[x]`"
    return ""


def _suffix(question: Question) -> str:
    return question.id.partition("#")[2].partition("/")[2]


def _correct(question: Question) -> list[bool]:
    content = question.content
    return [option.correct for option in content.options] if isinstance(content, Choice) else []
