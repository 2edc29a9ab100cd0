"""The very first start: with the decks that come along, or with a folder of one's own."""

from __future__ import annotations

import os
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.settings import BUNDLED, user_config_file
from quiz.tui.page import Page
from quiz.tui.widgets.key_bar import KeyBar
from quiz.tui.widgets.keys_in_order import Field

SUGGESTED = "~/quiz"


class Ways(OptionList):
    """The ways to begin."""

    BINDINGS = [Binding("enter", "select", mark("Choose"))]  # noqa: RUF012


class WelcomeScreen(Page[None]):
    """Dismissed once a choice is written into the learner's own settings."""

    CSS_PATH = "opening.tcss"
    AUTO_FOCUS = "#welcome-choice"
    BINDINGS = [  # noqa: RUF012
        Binding("escape", "back", mark("Back")),
        Binding("ctrl+q", "quit", mark("Quit")),
    ]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="welcome", can_focus=False), Vertical(id="welcome-page"):
            yield Static(Content(_("Welcome to quiz")), id="welcome-title")
            yield Static(
                Content(
                    _(
                        "It asks questions, runs your code answers, and brings each question back "
                        "when you are about to forget it. What do you want to learn from?"
                    )
                )
            )
            yield Ways(
                Option(
                    _option(
                        _("The PyTorch decks that come along"),
                        _("Ready to start: tensors, autograd, modules, training and more."),
                    ),
                    id="bundled",
                ),
                None,
                Option(
                    _option(
                        _("A folder of my own"),
                        _("Cards are Markdown files; a new folder begins with examples."),
                    ),
                    id="own",
                ),
                id="welcome-choice",
            )
            yield Static(Content(_("Which folder? A new one is made.")), id="welcome-which")
            yield Field(SUGGESTED, id="welcome-folder", select_on_focus=False)
            yield Static(id="welcome-problem")
            later = _("`,` changes it later; nothing is written into a folder that holds cards.")
            yield Static(Content.styled(later, "$foreground 60%"))
        yield KeyBar()

    def on_mount(self) -> None:
        self._ask_for_folder(False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.query_one("#welcome-folder").display if action == "back" else True

    def _ask_for_folder(self, asked: bool) -> None:
        for name in ("#welcome-which", "#welcome-folder", "#welcome-problem"):
            self.query_one(name).display = asked
        self.query_one("#welcome-choice", OptionList).disabled = asked
        self.query_one("#welcome-folder" if asked else "#welcome-choice").focus()
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == "own":
            self._ask_for_folder(True)
        else:
            self._remember(BUNDLED)

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        from quiz.study.writing import use_folder

        try:
            folder = use_folder(Path(event.value.strip() or SUGGESTED))
        except QuizError as error:
            self._refuse(error)
        else:
            self._remember(str(folder))

    def _remember(self, cards: str) -> None:
        from quiz.study.preferences import write

        try:
            write(user_config_file(os.environ), "cards", cards)
        except QuizError as error:
            self._refuse(error)
        else:
            self.dismiss()

    def _refuse(self, error: QuizError) -> None:
        problem = self.query_one("#welcome-problem", Static)
        problem.display = True
        problem.update(Content.assemble(("✗ ", "bold $text-error"), str(error)))

    def action_back(self) -> None:
        self._ask_for_folder(False)

    def action_quit(self) -> None:
        self.app.exit()


def _option(name: str, meaning: str) -> Content:
    return Content.assemble((name, "bold"), "\n", (meaning, "$text-muted"))
