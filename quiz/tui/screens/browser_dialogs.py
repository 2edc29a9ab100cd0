"""What is asked before questions are given another day or other tags."""

from __future__ import annotations

from datetime import date, timedelta

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from quiz.language import _, counted, mark
from quiz.study.acting import read_day
from quiz.study.tagging import Tagged
from quiz.tui.page import Dialog
from quiz.tui.widgets.keys_in_order import Field
from quiz.tui.wording import questions

_DAYS = (
    (0, mark("Today")), (1, mark("Tomorrow")), (7, mark("In a week")), (30, mark("In 30 days")),
)  # fmt: skip


class DayField(Field):
    """The day in one's own words; the usual ones are listed below."""

    BINDINGS = [Binding("down", "screen.list", mark("To the days"), show=False)]  # noqa: RUF012


class TagField(Field):
    """A tag that is not in the list below."""

    BINDINGS = [Binding("down", "screen.list", mark("To the tags"), show=False)]  # noqa: RUF012


class DueScreen(Dialog[date]):
    """Dismissed with the study day on which questions are to return."""

    CSS_PATH = "modal.tcss"
    AUTO_FOCUS = "#due-day"
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        Binding("escape", "leave", mark("Cancel")),
    ]

    def __init__(self, number: int, today: date) -> None:
        super().__init__()
        self._number, self._today = number, today

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            title = _("When do they return? {questions}").format(questions=questions(self._number))
            yield Static(Content(title), classes="dialog-title")
            yield DayField(placeholder=_("days from today, or a date as 2026-03-01"), id="due-day")
            yield OptionList(
                *(
                    Option(f"{_(name)} · {self._today + timedelta(days=after):%Y-%m-%d}")
                    for after, name in _DAYS
                )
            )
            yield Static(id="due-problem")
            yield Static(Content(_("A new question is taken to be known until then.")))
            yield Static(Content(_("Enter takes it · Esc cancels")), classes="dialog-keys")

    def action_list(self) -> None:
        self.query_one(OptionList).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        day = read_day(event.value, self._today)
        if day is not None and day >= self._today:
            self.dismiss(day)
            return
        problem = _("That is no day.") if day is None else _("That day has passed.")
        self.query_one("#due-problem", Static).update(
            Content.assemble(("✗ ", "bold $text-error"), problem)
        )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._today + timedelta(days=_DAYS[event.option_index][0]))

    def action_leave(self) -> None:
        self.dismiss(None)


class TagsScreen(Dialog[tuple[frozenset[str], frozenset[str]]]):
    """Dismissed with the tags to add, and those to take away."""

    CSS_PATH = "modal.tcss"
    AUTO_FOCUS = "#new-tag"
    BINDINGS = [  # noqa: RUF012
        Binding("escape", "leave", mark("Cancel")),
        Binding("ctrl+s", "write", mark("Write")),
        Binding("space", "turn", mark("Add or take away"), show=False),
    ]

    def __init__(self, number: int, tagged: Tagged) -> None:
        super().__init__()
        self._number, self._have = number, tagged
        # Those that are there already come first.
        self._tags = sorted(tagged.known, key=lambda tag: -tagged.counts[tag])
        self._wanted: dict[str, bool] = {}
        """What was decided; of the other tags everything stays as it is."""

    def compose(self) -> ComposeResult:
        concepts = counted("{n} concept", "{n} concepts", self._have.concepts)
        title = _("Tags of {questions} in {concepts}").format(
            questions=questions(self._number), concepts=concepts
        )
        scope = _("A tag is a concept's: it is written at the head of its file, for all of it.")
        with VerticalScroll(classes="dialog"):
            yield Static(Content(title), classes="dialog-title")
            yield Static(Content(scope))
            yield TagField(placeholder=_("a new tag, then Enter"), id="new-tag")
            yield OptionList(*map(self._said, self._tags), id="tags")
            with Horizontal(classes="dialog-buttons"):
                yield Button(_("Cancel (Esc)"), id="cancel")
                yield Button(_("Write (Ctrl+S)"), id="write", variant="primary")

    def _said(self, tag: str) -> Content:
        have, all_ = self._have.counts[tag], self._have.concepts
        box = "~" if have else " "
        if self._wanted.get(tag, have == all_):
            box = "x"
        elif tag in self._wanted:
            box = " "
        some = _("{tag}  ({n} of {all})").format(tag=tag, n=have, all=all_)
        return Content(f"[{box}] {some if 0 < have < all_ else tag}")

    @on(OptionList.OptionSelected)
    def _toggled(self, event: OptionList.OptionSelected) -> None:
        self._toggle(event.option_index)

    def action_list(self) -> None:
        self.query_one(OptionList).focus()

    def action_turn(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._toggle(at)

    def _toggle(self, at: int) -> None:
        tag = self._tags[at]
        now = self._wanted.get(tag, self._have.counts[tag] == self._have.concepts)
        self._wanted[tag] = not now
        self.query_one(OptionList).replace_option_prompt_at_index(at, self._said(tag))

    @on(Input.Submitted)
    def _added(self, event: Input.Submitted) -> None:
        tag, listed = " ".join(event.value.split()), self.query_one(OptionList)
        event.input.value = ""
        if not tag:
            self.action_write()
            return
        self._wanted[tag] = True
        if tag not in self._tags:
            self._tags.append(tag)
            listed.add_option(self._said(tag))
        at = self._tags.index(tag)
        listed.replace_option_prompt_at_index(at, self._said(tag))
        listed.highlighted = at

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "write":
            self.action_write()
        else:
            self.action_leave()

    def action_write(self) -> None:
        added = frozenset(tag for tag, wanted in self._wanted.items() if wanted)
        self.dismiss((added, frozenset(self._wanted) - added))

    def action_leave(self) -> None:
        self.dismiss(None)
