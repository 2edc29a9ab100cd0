"""One option of a choice: its box, its letter, its text, and afterwards whether it holds."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from quiz.model.question import Option
from quiz.tui.widgets.prose import Prose
from quiz.tui.wording import RIGHT, WRONG


class OptionRow(Horizontal):
    """An option that can be picked by its letter, by Space on it, or by the mouse."""

    DEFAULT_CSS = """
    OptionRow {
        height: auto;
        padding: 0 1;
        & > #option-mark { width: 11; height: 1; }
        & > Vertical { width: 1fr; height: auto; }
        & #option-explanation { display: none; color: $text-muted; padding: 0 0 0 2; }
        &.-cursor { background: $primary 16%; }
        &.-judged #option-explanation { display: block; }
        &.-judged.-missed, &.-judged.-mistaken { background: $error 12%; }
        &.-judged.-found { background: $success 12%; }
    }
    """

    class Picked(Message):
        """The mouse was pressed on it."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    picked = reactive(False)
    cursor = reactive(False, toggle_class="-cursor")

    def __init__(self, option: Option, position: int, *, several: bool) -> None:
        super().__init__()
        self._option = option
        self._position = position
        self._several = several
        self._judged = False

    def compose(self) -> ComposeResult:
        yield Static(self._mark(), id="option-mark")
        with Vertical():
            yield Prose(self._option.text, classes="-tight")
            if self._option.explanation:
                yield Prose(self._option.explanation, id="option-explanation", classes="-tight")

    def watch_picked(self) -> None:
        self._redraw()

    def watch_cursor(self) -> None:
        self._redraw()

    def judge(self) -> None:
        """Say whether it holds, and whether it was picked."""
        self._judged = True
        right, picked = self._option.correct, self.picked
        self.add_class("-judged")
        self.set_class(right and picked, "-found")
        self.set_class(right and not picked, "-missed")
        self.set_class(picked and not right, "-mistaken")
        self._redraw()

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Picked(self._position))

    def _redraw(self) -> None:
        if self.is_mounted:
            self.query_one("#option-mark", Static).update(self._mark())

    def _mark(self) -> Content:
        on, off = ("[x]", "[ ]") if self._several else ("(•)", "( )")
        box = on if self.picked else off
        letter = "abcdefgh"[self._position] if self._position < 8 else " "
        pointer = "▸" if self.cursor and not self._judged else " "
        if not self._judged:
            return Content.assemble(
                pointer, (f"{letter} ", "bold $text-primary"), (box, "bold" if self.picked else "")
            )
        right = self._option.correct
        sign = (RIGHT, "bold $text-success") if right else (" ", "")
        if self.picked and not right:
            sign = (WRONG, "bold $text-error")
        missed = right and not self.picked
        return Content.assemble(
            " ", (f"{letter} ", "bold"), box, " ", sign, (" !" if missed else "", "$text-error")
        )
