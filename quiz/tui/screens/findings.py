"""What is wrong in the cards: each remark with its place; Enter opens it in the editor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from quiz.language import _, counted, mark
from quiz.model.finding import Finding, Severity
from quiz.tui.editing import edit_at
from quiz.tui.following import read_again
from quiz.tui.page import Page
from quiz.tui.screens.help import HelpScreen
from quiz.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from quiz.study.library import Library


def findings_line(findings: tuple[Finding, ...]) -> str:
    """`3 errors and 1 warning in the cards`; empty where there are none."""
    number = sum(f.severity is Severity.ERROR for f in findings)
    errors = counted("{n} error", "{n} errors", number)
    warnings = counted("{n} warning", "{n} warnings", len(findings) - number)
    if number and number < len(findings):
        return _("{errors} and {warnings} in the cards").format(errors=errors, warnings=warnings)
    if findings:
        return _("{findings} in the cards").format(findings=errors if number else warnings)
    return ""


class FindingsList(OptionList):
    """An entry a remark."""

    BINDINGS = [Binding("enter", "select", mark("Open in the editor"))]  # noqa: RUF012


class FindingsScreen(Page[None]):
    """The list of them."""

    CSS_PATH = "findings.tcss"
    BINDINGS = [  # noqa: RUF012
        Binding("question_mark,f1", "help", mark("Help")),
        Binding("q,escape", "dismiss", mark("Back")),
    ]

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    def compose(self) -> ComposeResult:
        yield Static(id="findings-title")
        yield FindingsList(id="findings")
        yield KeyBar()

    def on_mount(self) -> None:
        self._fill()

    def _fill(self) -> None:
        findings = self._library.findings
        title = findings_line(findings) or _("No errors in the cards.")
        self.query_one("#findings-title", Static).update(Content(title))
        listed = self.query_one("#findings", OptionList)
        listed.clear_options()
        listed.add_options([Option(_entry(finding)) for finding in findings])
        listed.highlighted = 0 if findings else None
        listed.focus()

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self))

    @on(OptionList.OptionSelected)
    async def _open(self, event: OptionList.OptionSelected) -> None:
        place = self._library.findings[event.option_index].place
        path = Path(place.path)
        if await edit_at(self.app, self._library.settings, path, max(1, place.line)):
            await read_again(self._library, [path.resolve()])
            self._fill()


def _entry(finding: Finding) -> Content:
    error = finding.severity is Severity.ERROR
    sign, colour = ("✗", "$text-error") if error else ("!", "$text-warning")
    severity = _("error") if error else _("warning")
    source = f"\n    {finding.source.strip()}" if finding.source.strip() else ""
    return Content.assemble(
        (f"{sign} {severity}  ", f"bold {colour}"),
        (str(finding.place), "bold"),
        f"\n  {finding.message}",
        (source, "$foreground 60%"),
        "\n",
    )
