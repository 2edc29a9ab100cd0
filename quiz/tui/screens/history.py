"""All that is remembered about one question."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import DataTable, Static

from quiz.language import _, mark
from quiz.study.values import QuestionHistory, Step
from quiz.tui.page import Dialog
from quiz.tui.phrase import phrase
from quiz.tui.wording import days, lapses, moment, rating_words, reviews, span, verdict_word


class HistoryScreen(Dialog[None]):
    """The reviews of a question, the latest first, and where its memory stands."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [Binding("escape,q,i,enter", "dismiss", mark("Close"))]  # noqa: RUF012

    def __init__(self, history: QuestionHistory, now: datetime) -> None:
        super().__init__()
        self._history = history
        self._now = now

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._history.prompt), classes="dialog-title")
            yield Static(Content.styled(self._history.question, "$foreground 60%"))
            yield Static(self._standing(), classes="dialog-section")
            if self._history.steps:
                yield DataTable(id="steps", cursor_type="row", zebra_stripes=True)

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
        table.focus()

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
    name = rating_words(review.rating)[0]
    interval = ""
    if memory is not None:
        waits = (memory.due - review.time).total_seconds()
        interval = days(float(memory.interval)) if memory.interval else span(waits)
    return (
        f"{review.time.astimezone():%Y-%m-%d %H:%M}",
        f"{review.rating.value} {name}",
        interval,
        days(memory.stability) if memory else "",
        f"{memory.difficulty:.1f}" if memory else "",
        span(review.duration / 1000) if review.duration else "",
        verdict_word(review.verdict),
    )
