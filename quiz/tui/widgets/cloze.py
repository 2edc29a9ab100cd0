"""Cloze: a field for each gap; Enter goes on to the next and, at the last, checks them all."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from quiz.language import _
from quiz.model.answers import check_cloze
from quiz.model.question import Cloze
from quiz.study.values import Asked
from quiz.tui.widgets.answer import AnswerArea
from quiz.tui.widgets.diff import judged_content
from quiz.tui.widgets.keys_in_order import Field
from quiz.tui.widgets.prose import Prose


class ClozeArea(AnswerArea):
    """The gaps of one number, in the order of the text."""

    DEFAULT_CSS = """
    ClozeArea {
        & Horizontal { height: auto; }
        & Horizontal > Static { width: auto; height: 3; padding: 1 1 0 0; color: $text-muted; }
        & Input { width: 1fr; }
        & .gap-result { display: none; height: auto; padding: 0 1; margin: 0 0 1 0; }
        & #filled { display: none; border-left: outer $success; padding: 0 0 0 2; margin: 1 0 0 0; }
        &.-answered #filled { display: block; }
        &.-answered.-checked .gap-result { display: block; }
        &.-answered Horizontal { display: none; }
    }
    """

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        content = asked.question.content
        assert isinstance(content, Cloze)
        self._cloze = content

    def compose(self) -> ComposeResult:
        several = len(self._cloze.gaps) > 1
        for number, gap in enumerate(self._cloze.gaps, 1):
            with Horizontal():
                if several:
                    yield Static(Content(str(number)))
                yield Field(placeholder=gap.hint or _("what stands in the gap"))
            yield Static(classes="gap-result")
        yield Static(Content(_("Enter goes on and checks · Esc leaves the field")), classes="keys")
        yield Prose(self._cloze.filled, id="filled", classes="-tight")

    @property
    def text(self) -> str:
        return "\n".join(field.value for field in self._fields())

    def take_focus(self) -> bool:
        if self.answered:
            return False
        empty = [field for field in self._fields() if not field.value.strip()]
        (empty or self._fields())[0].focus()
        return True

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        fields = self._fields()
        at = fields.index(event.input)
        if at + 1 < len(fields):
            fields[at + 1].focus()
        else:
            self.submit()

    def submit(self) -> None:
        if self.answered:
            return
        if not self.text.strip():
            self.query_one(".keys", Static).update(
                Content(_("Fill a gap first, or press Esc, then Space, to see the answer."))
            )
            return
        results = check_cloze(self._cloze, [field.value for field in self._fields()]).gaps
        for result, line in zip(results, self.query(".gap-result").results(Static), strict=True):
            line.update(judged_content(result))
        right = sum(result.correct for result in results)
        self.add_class("-checked")
        self.reveal()
        self.post_message(
            self.Checked(self.text, passed=right == len(results), share=right / len(results))
        )

    def reveal(self) -> None:
        super().reveal()
        self.query_one(".keys").display = False
        for field in self._fields():
            field.disabled = True
        self.add_class("-answered")

    def _fields(self) -> list[Input]:
        return list(self.query(Input))
