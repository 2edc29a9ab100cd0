"""All that is remembered about one question."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import DataTable, Static

from quiz.study.values import QuestionHistory, Step
from quiz.tui.wording import RATINGS, count, days, moment, span


class HistoryScreen(ModalScreen[None]):
    """The reviews of a question, the latest first, and where its memory stands."""

    CSS_PATH = "modal.tcss"
    BINDINGS = [Binding("escape,q,i,enter", "dismiss", "Close")]  # noqa: RUF012

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
            "When", "Rating", "Interval", "Stability", "Difficulty", "Took", "Verdict"
        )
        for step in reversed(self._history.steps):
            table.add_row(*_row(step))
        table.focus()

    def _standing(self) -> Content:
        memory = self._history.memory
        if memory is None:
            return Content("Never rated: this question is new.")
        recall = self._history.retrievability
        return Content.assemble(
            count(memory.reps, "review"),
            f", {count(memory.lapses, 'lapse')}. Due ",
            (moment(memory.due, self._now), "bold"),
            f". Stability {days(memory.stability)}, difficulty {memory.difficulty:.1f} of 10",
            f", chance of recall now {recall:.0%}." if recall is not None else ".",
        )


def _row(step: Step) -> tuple[str, ...]:
    review, memory = step.review, step.memory
    name, _ = RATINGS[review.rating]
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
        review.verdict,
    )
