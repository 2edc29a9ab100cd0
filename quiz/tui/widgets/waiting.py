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

from quiz.language import _, counted
from quiz.study.values import Summary
from quiz.tui.phrase import phrase
from quiz.tui.wording import more_new


class WaitingView(Container):
    """Says when the next question returns and counts down; tells when it is due."""

    class Due(Message):
        """The moment has come."""

    def __init__(self, until: datetime, clock: Callable[[], datetime], summary: Summary) -> None:
        super().__init__(id="table")
        self._until = until
        self._clock = clock
        self._summary = summary
        self.more = summary.more
        """New questions that can be begun meanwhile."""
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
        returns = phrase(
            _("A question you are learning returns at {time}, in {left}."),
            time=(f"{self._until.astimezone():%H:%M}", "bold"),
            left=(f"{minutes}:{seconds:02}", "bold $text-primary"),
        )
        so_far = counted("{n:,} review so far.", "{n:,} reviews so far.", self._summary.reviews)
        return Content.assemble(
            (_("Nothing else is due right now."), "bold"),
            "\n\n",
            returns,
            "\n",
            _("It will appear here by itself."),
            f"\n\n{more_new(self.more)}" if self.more else "",
            "\n\n",
            (so_far, "$foreground 60%"),
            " ",
            (_("Enter ends the session; the question waits for you."), "$foreground 60%"),
        )
