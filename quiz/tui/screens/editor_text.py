"""The field in which a card is written: Markdown with its marks coloured, errors at their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from quiz.language import mark
from quiz.model.finding import Finding, Severity
from quiz.tui.widgets.code_editor import INDENT, CodeEditor

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARKS = (
    (re.compile(r"\{\{c\d+::.*?\}\}"), "cloze"),
    (re.compile(r"^\s*[-*+] \[[ xX]\]"), "option"),
    (re.compile(r"^\s*>\s*\[!TIP\].*", re.IGNORECASE), "quiet"),
    (re.compile(r"^---\s*$"), "quiet"),
    (re.compile(r"(?<!`)`[^`\n]+`(?!`)"), "code"),
    (re.compile(r"^#{3,6} .*"), "heading"),
)
_COMMENT = re.compile(r"(?:^|\s)#.*$")


class CardText(CodeEditor):
    """The text of a card. Tab writes spaces; Escape is left to the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "to_start", mark("Go to the start of the text"), show=False),
        Binding("ctrl+end", "to_end", mark("Go to the end of the text"), show=False),
    ]

    DEFAULT_CSS = """
    CardText { height: 1fr; min-height: 3; border: none; padding: 0 0 0 1; }
    CardText:focus { border: none; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, language=None)
        self.soft_wrap = True
        self._fenced: tuple[bool | None, ...] = ()
        self._found: Mapping[int, Severity] = {}

    @property
    def line(self) -> int:
        """Where the cursor is, from 1."""
        return self.cursor_location[0] + 1

    def go_to(self, line: int) -> None:
        """Put the cursor at the end of a line (from 1)."""
        row = min(max(line, 1), self.document.line_count) - 1
        self.move_cursor((row, len(self.document.get_line(row))), center=True)

    def action_to_start(self) -> None:
        self.move_cursor((0, 0))

    def action_to_end(self) -> None:
        self.move_cursor(self.document.end)

    def mark(self, findings: tuple[Finding, ...]) -> None:
        """Show at their lines what is wrong, errors before warnings."""
        found: dict[int, Severity] = {}
        for finding in findings:
            row = max(finding.place.line, 1) - 1
            if found.get(row) is not Severity.ERROR:
                found[row] = finding.severity
        if found != self._found:
            self._found = found
            self.notify_style_update()
            self.refresh()

    def on_mount(self) -> None:
        super().on_mount()
        self._look_for_fences()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Which lines stand in a fence may be others now."""
        self._look_for_fences()

    def _look_for_fences(self) -> None:
        fenced = tuple(_fenced(self.document.lines))
        if fenced != self._fenced:
            self._fenced = fenced
            self.notify_style_update()
            self.refresh()

    def _break_line(self) -> None:
        """In a fence the next line begins where this one does, deeper behind a colon."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        indent = ""
        if row < len(self._fenced) and self._fenced[row]:
            indent = before[: len(before) - len(before.lstrip())]
            indent += " " * INDENT if before.rstrip().endswith((":", "(", "[", "{")) else ""
        start, end = sorted((self.selection.start, self.selection.end))
        self.replace(f"\n{indent}", start, end, maintain_selection_offset=False)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        theme = self.app.current_theme
        colours = {
            "heading": Style(color=theme.primary, bold=True),
            "cloze": Style(color=theme.accent, bold=True),
            "option": Style(color=theme.accent),
            "code": Style(color=theme.success),
            "quiet": Style(color=theme.secondary),
        }
        state = self._fenced[line_index] if line_index < len(self._fenced) else False
        if state is None:
            line.stylize(colours["quiet"])
        elif state:
            line.stylize(colours["code"])
            line.highlight_regex(_COMMENT, colours["quiet"])
        elif line.plain.startswith(("# ", "## ")):
            line.stylize(colours["heading"])
        if not state:
            for pattern, name in _MARKS:
                line.highlight_regex(pattern, colours[name])
        severity = self._found.get(line_index)
        if severity is not None:
            colour = theme.error if severity is Severity.ERROR else theme.warning
            line.stylize(Style(color=colour, underline=True))
        return line


def _fenced(lines: list[str]) -> list[bool | None]:
    """Of each line: whether it is code; None of a line that opens or closes a fence."""
    states: list[bool | None] = []
    mark = ""
    for line in lines:
        found = _FENCE.match(line)
        if mark:
            closes = found is not None and found[1].startswith(mark) and not line.strip(" `~")
            states.append(None if closes else True)
            mark = "" if closes else mark
        else:
            states.append(None if found else False)
            mark = found[1] if found else ""
    return states
