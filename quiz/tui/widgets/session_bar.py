"""The line at the top of a review: where one is, how far, and what is left to do, and how long."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from quiz.study.values import Progress
from quiz.tui.wording import span, state_word

_PARTS = " ▏▎▍▌▋▊▉"


def bar(share: float, width: int) -> str:
    """A bar of `width` cells, filled to eighths of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    text = "█" * full + (_PARTS[rest] if rest else "")
    return text.ljust(width)[:width]


class SessionBar(Widget):
    """Deck, progress, and the counts of new, learning and review questions left."""

    DEFAULT_CSS = """
    SessionBar { height: 1; background: $surface; color: $foreground; padding: 0 1; }
    """

    place = reactive("")
    """The deck and the concept."""
    progress: reactive[Progress | None] = reactive(None)
    seconds: reactive[float | None] = reactive(None)
    """How long the rest will take, as far as that is known."""
    current = reactive("")
    """State of the asked question, which is marked among the counts."""

    def render(self) -> Content:
        width = self.size.width
        progress = self.progress
        if progress is None:
            return Content(self.place)
        left = progress.left
        wide = width >= 60
        counts = Content("  ").join(
            Content.assemble(
                (
                    f"{number}{f' {state_word(name)}' if wide else state_word(name)[0]}",
                    f"{'bold underline ' if name == self.current and number else ''}{colour}",
                )
            )
            for name, number, colour in (
                ("new", left.new, "$text-primary"),
                ("learning", left.learning, "$text-warning"),
                ("review", left.review, "$text-success"),
            )
        )
        if progress.total < progress.done + left.total:
            counts = Content("")  # which kinds these will be, only the session will show
        done = f"{progress.done}/{progress.total}"
        meter = max(4, min(40, width // 8)) if width >= 30 else 0
        tail = Content.assemble(
            (bar(progress.share, meter), "$text-primary on $panel"),
            f" {done}   ",
            self._time_left() if wide else "",
            counts,
        )
        room = width - tail.cell_length - 2
        return Content.assemble(Content(_fit(self.place, room)), "  ", tail)

    def _time_left(self) -> str:
        if self.seconds is None or not self.progress or not self.progress.left.total:
            return ""
        # Nobody answers by the second; whole minutes do not flicker either.
        minutes = max(1, round(self.seconds / 60))
        return f"≈ {span(60 * minutes)}   "


def _fit(text: str, room: int) -> str:
    """`text` in exactly `room` cells, its beginning cut off where it is too long."""
    if room <= 0:
        return ""
    if cell_len(text) <= room:
        return set_cell_size(text, room)
    while text and cell_len(text) > room - 1:
        text = text[1:]
    return set_cell_size(f"…{text}", room)
