"""All that is remembered about one question."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from quiz.language import _, mark
from quiz.study.values import QuestionHistory, Step
from quiz.tui.background import in_thread
from quiz.tui.markdown import with_formulas
from quiz.tui.page import Dialog
from quiz.tui.phrase import phrase
from quiz.tui.widgets.figure import Figure
from quiz.tui.wording import days, lapses, moment, rating_given, reviews, span, verdict_word

if TYPE_CHECKING:
    from quiz.study.library import Library
    from quiz.study.recollection import Recollection


async def show_history(app: App[Any], library: Library, question: str) -> None:
    """Ask the log for what is known of a question, away from the event loop, and show it."""
    history, recollection = await in_thread(_remembered, library, question)
    app.push_screen(HistoryScreen(history, recollection, library.clock()))


def _remembered(library: Library, question: str) -> tuple[QuestionHistory, Recollection]:
    import_module("quiz.tui.widgets.recollection_plots")
    history = library.question_history(question)
    return history, library.recollection(history)


class HistoryScreen(Dialog[None]):
    """The reviews of a question, the latest first, and where its memory stands."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [Binding("escape,q,i,enter", "dismiss", mark("Close"))]  # noqa: RUF012

    def __init__(self, history: QuestionHistory, recollection: Recollection, now: datetime) -> None:
        super().__init__()
        self._history, self._recollection, self._now = history, recollection, now

    def compose(self) -> ComposeResult:
        history = self._history
        with VerticalScroll(classes="dialog"):
            yield Static(Content(with_formulas(history.prompt)), classes="dialog-title")
            yield Static(Content.styled(history.question, "$foreground 60%"))
            yield Static(self._standing(), classes="dialog-section")
            with Container(id="plots"):
                yield from self._plots()
            if history.steps:
                yield DataTable(id="steps", cursor_type="row", zebra_stripes=True)

    def _plots(self) -> ComposeResult:
        if not self._recollection.recall:
            return
        from quiz.tui.widgets.recollection_plots import recall_over_time, stability_over_time

        title = _("Chance of recall; the numbers are ratings")
        yield Figure(title, recall_over_time(self._recollection), id="recall-plot")
        yield Figure(_("Stability"), stability_over_time(self._recollection), id="stability-plot")

    def on_mount(self) -> None:
        if not self._history.steps:
            return
        table = self.query_one("#steps", DataTable)
        table.add_columns(
            _("When"),
            _("Rating"),
            _("Interval"),
            _("Stability"),
            _("Difficulty"),
            _("Took"),
            _("Verdict"),
        )
        for step in reversed(self._history.steps):
            table.add_row(*_row(step))
        self.query_one(VerticalScroll).focus()

    def _standing(self) -> Content:
        memory = self._history.memory
        if memory is None:
            return Content(_("Never rated: this question is new."))
        recall = self._history.retrievability
        said = phrase(
            _(
                "{reviews}, {lapses}. Due {due}. Stability {stability}, "
                "difficulty {difficulty} of 10."
            ),
            reviews=reviews(memory.reps),
            lapses=lapses(memory.lapses),
            due=(moment(memory.due, self._now), "bold"),
            stability=days(memory.stability),
            difficulty=f"{memory.difficulty:.1f}",
        )
        if recall is None:
            return said
        return Content.assemble(
            said, " ", _("Chance of recall now: {share}.").format(share=f"{recall:.0%}")
        )


def _row(step: Step) -> tuple[str, ...]:
    review, memory = step.review, step.memory
    interval = ""
    if memory is not None:
        waits = (memory.due - review.time).total_seconds()
        interval = days(float(memory.interval)) if memory.interval else span(waits)
    return (
        f"{review.time.astimezone():%Y-%m-%d %H:%M}",
        rating_given(review),
        interval,
        days(memory.stability) if memory else "",
        f"{memory.difficulty:.1f}" if memory else "",
        span(review.duration / 1000) if review.duration else "",
        verdict_word(review.verdict),
    )
