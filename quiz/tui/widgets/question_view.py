"""One question as it lies on the table: prompt, hints, answer area, and what follows the answer."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from quiz.language import _
from quiz.model.question import Kind
from quiz.study.values import Asked
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.outcome import OutcomePane
from quiz.tui.widgets.prose import Prose, Sheet

if TYPE_CHECKING:
    from quiz.tui.changes import Change

_AREAS = {
    Kind.RECALL: "recall.RecallArea",
    Kind.CLOZE: "cloze.ClozeArea",
    Kind.CHOICE: "choice.ChoiceArea",
    Kind.TYPED: "typed.TypedArea",
    Kind.PREDICT: "program.PredictArea",
    Kind.CODE: "program.CodeArea",
}
"""By module and class: an area is loaded for the first question of its kind."""


def _area(asked: Asked) -> AnswerArea:
    module, _dot, name = _AREAS[asked.question.kind].partition(".")
    area = getattr(import_module(f"quiz.tui.widgets.{module}"), name)(asked)
    assert isinstance(area, AnswerArea)
    return area


class QuestionView(Sheet, Container, can_focus=False):
    """Built anew for every showing of a question, so that nothing of the last one is left.

    Programs have two panes, side by side on a wide screen; all else is one column.
    """

    def __init__(self, asked: Asked, folder: Path | None = None) -> None:
        super().__init__(id="table")
        self.asked = asked
        self._folder = folder or Path(asked.question.place.path).parent
        self.set_class(asked.question.kind in (Kind.PREDICT, Kind.CODE), "-program")

    def compose(self) -> ComposeResult:
        question = self.asked.question
        with Vertical(id="question"):
            yield Prose(question.heading, id="heading", classes="-tight")
            if question.body:
                yield Prose(question.body, id="body")
            yield Vertical(id="hints")
            yield _area(self.asked)
        with Vertical(id="after"):
            yield OutcomePane(self.asked)

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def area(self) -> AnswerArea:
        return self.query_one(AnswerArea)

    @property
    def outcome(self) -> OutcomePane:
        return self.query_one(OutcomePane)

    async def show_hint(self, number: int) -> None:
        """Uncover the hint of that index."""
        hints = self.asked.question.hints
        label = _("Hint")
        if len(hints) > 1:
            label = _("Hint {number} of {all}").format(number=number + 1, all=len(hints))
        await self.query_one("#hints").mount(
            Vertical(
                Static(Content.styled(label, "bold $text-accent")),
                Prose(hints[number], classes="-tight"),
                classes="hint",
            )
        )

    async def show_changes(self, changes: Sequence[Change]) -> None:
        """Say above the question what an edit changed in it."""
        from quiz.tui.widgets.changed import ChangedNotice

        memory = self.asked.memory
        notice = ChangedNotice(changes, memory.reps if memory else 0)
        await self.query_one("#question").mount(notice, before=0)

    def scroll_by(self, pages: float) -> None:
        """Scroll what there is to scroll: the outcome beside the question, or the whole."""
        after = self.query_one("#after")
        pane = after if self.max_scroll_y == 0 and after.max_scroll_y > 0 else self
        pane.scroll_relative(y=pages * max(1, pane.size.height), animate=False)

    def show_outcome(self) -> None:
        """Bring what was just said into view, moving no further than that needs."""
        self.call_after_refresh(self._to_outcome)

    def _to_outcome(self) -> None:
        if self.max_scroll_y == 0:
            return
        program = self.has_class("-program")
        target = self.query_one("#after") if program else self.area
        room = self.size.height
        region = target.virtual_region_with_margin
        if program or region.bottom > self.scroll_y + room:
            top = region.y if program or region.height > room else region.bottom - room
            self.scroll_to(y=top, animate=False)
