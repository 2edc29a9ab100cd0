"""Choice: pick the option that holds, or all that hold."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from quiz.language import _, mark
from quiz.model.answers import check_choice
from quiz.model.question import Choice
from quiz.study.values import Asked
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.option import OptionRow
from quiz.tui.wording import RIGHT, WRONG


class ChoiceArea(AnswerArea, can_focus=True):
    """The options in the order they are asked this time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", mark("Up"), show=False),
        Binding("down,j", "move(1)", mark("Down"), show=False),
        Binding("space", "pick", mark("Pick"), key_display="a–h/Space", show=False),
        Binding("enter", "check", mark("Check")),
    ]

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        content = asked.question.content
        assert isinstance(content, Choice)
        self._choice = content
        self._order = asked.order or tuple(range(len(content.options)))
        self._cursor = 0

    def compose(self) -> ComposeResult:
        several = self._choice.several
        for position, index in enumerate(self._order):
            yield OptionRow(self._choice.options[index], position, several=several)
        advice = (
            _("Pick all that hold: letter or Space, then Enter.")
            if several
            else _("Pick one: letter or Space, then Enter.")
        )
        yield Static(Content(advice), classes="keys", id="advice")

    def on_mount(self) -> None:
        self._rows()[0].cursor = True

    @property
    def text(self) -> str:
        return "\n".join(self._choice.options[index].text for index in sorted(self._picked()))

    def take_focus(self) -> bool:
        if not self.answered:
            self.focus()
        return not self.answered

    def action_move(self, step: int) -> None:
        self._go((self._cursor + step) % len(self._order))

    def action_pick(self) -> None:
        self._toggle(self._cursor)

    def action_check(self) -> None:
        self.submit()

    def on_key(self, event: Key) -> None:
        """Letters (and digits) pick an option as long as there is one of that name."""
        if self.answered or event.character is None:
            return
        position = "abcdefgh".find(event.character)
        if position < 0:
            position = "12345678".find(event.character)
        if 0 <= position < len(self._order):
            event.stop()
            event.prevent_default()
            self._go(position)
            self._toggle(position)

    @on(OptionRow.Picked)
    def _row_picked(self, event: OptionRow.Picked) -> None:
        event.stop()
        if not self.answered:
            self.focus()
            self._go(event.position)
            self._toggle(event.position)

    def submit(self) -> None:
        if self.answered:
            return
        picked = self._picked()
        if not picked:
            self.query_one("#advice", Static).update(Content(_("Pick an option first.")))
            return
        result = check_choice(self._choice, picked)
        sign, word = (RIGHT, _("Right")) if result.correct else (WRONG, _("Not right"))
        missed = f"   {_('! holds, and was not picked')}" if result.missed else ""
        self._judge(
            Content.assemble(
                (f"{sign} {word}", _colour(result.correct)), (missed, "$foreground 60%")
            )
        )
        self.post_message(
            self.Checked(self.text, passed=result.correct, share=1.0 if result.correct else 0.0)
        )

    def reveal(self) -> None:
        if not self.answered:
            self._judge(Content.styled(_("The answer"), "$foreground 60%"))

    def _judge(self, headline: Content) -> None:
        self.answered = True
        for row in self._rows():
            row.judge()
        self.query_one("#advice", Static).update(headline)
        self.can_focus = False

    def _rows(self) -> list[OptionRow]:
        return list(self.query(OptionRow))

    def _picked(self) -> set[int]:
        return {self._order[at] for at, row in enumerate(self._rows()) if row.picked}

    def _toggle(self, position: int) -> None:
        if self.answered:
            return
        for at, row in enumerate(self._rows()):
            if at == position:
                row.picked = not row.picked if self._choice.several else True
            elif not self._choice.several:
                row.picked = False

    def _go(self, position: int) -> None:
        rows = self._rows()
        rows[self._cursor].cursor = False
        self._cursor = position
        rows[position].cursor = True
        rows[position].scroll_visible()


def _colour(right: bool) -> str:
    return "bold $text-success" if right else "bold $text-error"
