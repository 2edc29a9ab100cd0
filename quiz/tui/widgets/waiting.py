"""Between questions: a learning question returns in a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from quiz.study.values import Summary
from quiz.tui.wording import count


class WaitingView(Container):
    """Says when the next question returns and counts down; tells when it is due."""

    class Due(Message):
        """The moment has come."""

    def __init__(self, until: datetime, clock: Callable[[], datetime], summary: Summary) -> None:
        super().__init__(id="table")
        self._until = until
        self._clock = clock
        self._summary = summary
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(self._text(), id="waiting")

    def on_mount(self) -> None:
        self._timer = self.set_interval(1, self._tick)

    def _left(self) -> float:
        return (self._until - self._clock()).total_seconds()

    def _tick(self) -> None:
        if self._left() <= 0:
            if self._timer is not None:
                self._timer.stop()
            self.post_message(self.Due())
        else:
            self.query_one("#waiting", Static).update(self._text())

    def _text(self) -> Content:
        minutes, seconds = divmod(max(0, round(self._left())), 60)
        return Content.assemble(
            ("Nothing else is due right now.\n\n", "bold"),
            "A question you are learning returns at ",
            (f"{self._until.astimezone():%H:%M}", "bold"),
            ", in ",
            (f"{minutes}:{seconds:02}", "bold $text-primary"),
            ".\nIt will appear here by itself.\n\n",
            (f"{count(self._summary.reviews, 'review')} so far. ", "$foreground 60%"),
            ("Enter ends the session; the question waits for you.", "$foreground 60%"),
        )
