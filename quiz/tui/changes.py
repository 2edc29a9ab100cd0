"""What an edit changed in a question, part by part. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from quiz.language import _, mark
from quiz.model.question import Choice, Cloze, Code, Content, Fence, Predict, Recall, Rules, Typed
from quiz.study.values import Asked


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a question, as it was and as it is."""

    part: str
    """What it is called."""
    before: str
    after: str


def changes(before: Asked, after: Asked) -> tuple[Change, ...]:
    """What differs, in the order in which a question is read."""
    old, new = _parts(before), _parts(after)
    return tuple(
        Change(_(name), old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*old, *new))
        if old.get(name, "") != new.get(name, "")
    )


def _parts(asked: Asked) -> dict[str, str]:
    question = asked.question
    return {
        mark("prompt"): question.prompt,
        **_content(question.content),
        mark("hints"): "\n".join(question.hints),
        mark("explanation"): question.explanation,
        mark("note"): asked.note,
        mark("title"): asked.title,
        mark("links"): "\n".join(asked.links),
        mark("tags"): " ".join(question.tags),
    }


def _content(content: Content) -> dict[str, str]:
    match content:
        case Recall(answer=answer):
            return {mark("answer"): answer}
        case Cloze(gaps=gaps, filled=filled):
            answers = "\n".join(" · ".join(filter(None, (g.answer, g.hint))) for g in gaps)
            return {mark("gaps"): answers, mark("text"): filled}
        case Choice(options=options):
            return {
                mark("options"): "\n".join(
                    f"[{'x' if one.correct else ' '}] {one.text}\n{one.explanation}".rstrip()
                    for one in options
                )
            }
        case Typed(accepted=accepted, case=case, tolerance=tolerance):
            return {
                mark("answer"): "\n".join(accepted),
                mark("rules"): f"{'.case ' * case}{f'tol={tolerance}' if tolerance else ''}",
            }
        case Predict(program=program, setup=setup, rules=rules):
            return {
                mark("program"): program.text,
                mark("setup"): _text(setup),
                mark("rules"): _rules(rules),
            }
        case Code():
            return {
                mark("starter"): _text(content.starter),
                mark("solution"): content.solution.text,
                mark("setup"): _text(content.setup),
                mark("cases"): _text(content.cases),
                mark("tests"): _text(content.test),
                mark("rules"): _rules(content.rules),
            }


def _text(fence: Fence | None) -> str:
    return fence.text if fence else ""


def _rules(rules: Rules) -> str:
    """Those that are not as usual, a line each."""
    usual = Rules()
    return "\n".join(
        f"{name}={getattr(rules, name)}"
        for name in Rules.__dataclass_fields__
        if getattr(rules, name) != getattr(usual, name)
    )
