"""A question and its answer to look at, not to be asked."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from quiz.language import _
from quiz.model.question import Choice, Cloze, Code, Predict, Question, Recall, Typed
from quiz.study.values import Row
from quiz.tui.widgets.prose import Prose, Sheet, fenced
from quiz.tui.wording import days, lapses, reviews, state_word


class QuestionPreview(Sheet, Vertical):
    """Both sides of a question, with where it stands."""

    DEFAULT_CSS = """
    QuestionPreview { height: auto; }
    QuestionPreview > Static { height: auto; color: $text-muted; margin: 0 0 1 0; }
    QuestionPreview MarkdownH3 { margin: 0 0 1 0; }
    """

    _question: Question | None = None

    @property
    def folder(self) -> Path | None:
        return Path(self._question.place.path).parent if self._question else None

    def compose(self) -> ComposeResult:
        yield Static(id="preview-standing")
        yield Prose(id="preview-text")

    async def show(self, question: Question, row: Row) -> None:
        self._question = question
        self.query_one("#preview-standing", Static).update(Content(_standing(question, row)))
        await self.query_one(Prose).update(both_sides(question))


def both_sides(question: Question) -> str:
    """Prompt, answer and explanation as one Markdown text."""
    parts = [f"### {question.heading}", question.body, "---", _answer(question)]
    if question.explanation:
        parts += ["---", question.explanation]
    return "\n\n".join(part for part in parts if part)


def _answer(question: Question) -> str:
    match question.content:
        case Recall(answer=answer):
            return answer
        case Cloze(filled=filled):
            return filled
        case Choice(options=options):
            return "\n".join(f"- {'✓' if o.correct else '✗'} {o.text}" for o in options)
        case Typed(accepted=accepted):
            return " · ".join(f"`{text}`" for text in accepted)
        case Predict(program=program):
            return fenced(program.text)
        case Code(solution=solution):
            return fenced(solution.text)


def _standing(question: Question, row: Row) -> str:
    file = Path(question.deck, Path(question.place.path).name).as_posix()
    parts = [f"{file}:{question.place.line}", state_word(row.state), reviews(row.reps)]
    if row.lapses:
        parts.append(lapses(row.lapses))
    if row.stability is not None:
        parts.append(_("stability {days}").format(days=days(row.stability)))
    if row.tags:
        parts.append(" ".join(f"#{tag}" for tag in row.tags))
    return " · ".join(parts)
