"""A small Python editor: highlighting, four-space indentation, paired brackets."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from quiz.language import mark
from quiz.tui.widgets.editor_theme import EDITOR_THEMES
from quiz.tui.widgets.keys_in_order import KeysInOrder

INDENT = 4
_PAIRS = {"(": ")", "[": "]", "{": "}"}


class CodeEditor(KeysInOrder, TextArea):
    """Where code is written. Tab indents; Escape is left to the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "indent", mark("Indent"), show=False),
        Binding("shift+tab", "dedent", mark("Dedent"), show=False),
        Binding("ctrl+slash,ctrl+underscore", "comment", mark("Comment in or out"), show=False),
    ]

    DEFAULT_CSS = """
    CodeEditor {
        height: auto;
        min-height: 7;
        border: round $border-blurred;
        background: $background;
        padding: 0;
        &:focus { border: round $primary; }
    }
    """

    def __init__(self, text: str = "", *, language: str | None = "python") -> None:
        super().__init__(text, soft_wrap=False, tab_behavior="focus", show_line_numbers=True)
        # Given to the constructor, its grammar's queries would be compiled twice: 25 ms each time.
        self.language = language
        self.indent_width = INDENT

    def on_mount(self) -> None:
        for theme in EDITOR_THEMES.values():
            self.register_theme(theme)
        self._follow_theme()
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._follow_theme())

    def on_blur(self) -> None:
        """What is read from now on begins where lines begin."""
        self.scroll_to(x=0, animate=False)

    def _follow_theme(self) -> None:
        self.theme = EDITOR_THEMES[self.app.current_theme.dark].name

    async def _on_key(self, event: Key) -> None:
        self.scroll_visible(animate=False)
        if not self.read_only and self._typed(event):
            event.stop()
            event.prevent_default()

    def _typed(self, event: Key) -> bool:
        """What a plain text field would not do by itself. True when the key is dealt with."""
        if event.key == "enter":
            self._break_line()
            return True
        if event.key == "backspace":
            return self._erase()
        character = event.character or ""
        if self.language == "python" and self.selection.is_empty:
            following = self._around()[1][:1]
            if character in _PAIRS and not (following.isalnum() or following == "_"):
                self.insert(character + _PAIRS[character])
                self.move_cursor_relative(columns=-1)
                return True
            if character and character in _PAIRS.values() and following == character:
                self.move_cursor_relative(columns=1)
                return True
        return False

    def _around(self) -> tuple[str, str]:
        """The current line before and after the cursor."""
        row, column = self.cursor_location
        line = str(self.document[row])
        return line[:column], line[column:]

    def _break_line(self) -> None:
        before, after = self._around()
        indent = before[: len(before) - len(before.lstrip())]
        deeper = " " * INDENT
        opener, closer = before.rstrip()[-1:], after[:1]
        start, end = sorted((self.selection.start, self.selection.end))
        if self.language != "python":
            self.replace("\n", start, end, maintain_selection_offset=False)
        elif opener and _PAIRS.get(opener) == closer:
            self.replace(f"\n{indent}{deeper}\n{indent}", start, end)
            self.move_cursor((start[0] + 1, len(indent) + INDENT))
        else:
            more = deeper if opener == ":" or opener in _PAIRS else ""
            left = before.strip().split(" ")[0]
            if left in ("return", "pass", "break", "continue", "raise") and not more:
                indent = indent[:-INDENT]
            self.replace(f"\n{indent}{more}", start, end, maintain_selection_offset=False)

    def _erase(self) -> bool:
        """Backspace in the indentation goes back a whole step; between a pair it takes both."""
        if not self.selection.is_empty or self.language != "python":
            return False
        before, after = self._around()
        row, column = self.cursor_location
        if before and not before.strip(" "):
            self.delete((row, column - ((column - 1) % INDENT + 1)), (row, column))
            return True
        if before and after and _PAIRS.get(before[-1]) == after[0]:
            self.delete((row, column - 1), (row, column + 1))
            return True
        return False

    def action_indent(self) -> None:
        if self.selection.is_empty:
            column = self.cursor_location[1]
            self.insert(" " * (INDENT - column % INDENT))
        else:
            self._change_lines(lambda line: " " * INDENT + line if line.strip() else line)

    def action_dedent(self) -> None:
        def dedented(line: str) -> str:
            return line[min(INDENT, len(line) - len(line.lstrip(" "))) :]

        self._change_lines(dedented)

    def action_comment(self) -> None:
        first, last = self._rows()
        lines = [str(self.document[row]) for row in range(first, last + 1)]
        commented = all(line.lstrip().startswith("#") for line in lines if line.strip())

        def changed(line: str) -> str:
            body = line.lstrip()
            if not body:
                return line
            lead = line[: len(line) - len(body)]
            return lead + (body.lstrip("#").removeprefix(" ") if commented else f"# {body}")

        self._change_lines(changed)

    def _rows(self) -> tuple[int, int]:
        start, end = sorted((self.selection.start, self.selection.end))
        last = end[0] - 1 if end[1] == 0 and end[0] > start[0] else end[0]
        return start[0], last

    def _change_lines(self, change: Callable[[str], str]) -> None:
        """Rewrite the lines under the selection, keeping it on the same text."""
        first, last = self._rows()
        old = [str(self.document[row]) for row in range(first, last + 1)]
        new = [change(line) for line in old]
        if new == old:
            return
        start, end = self.selection
        self.replace("\n".join(new), (first, 0), (last, len(old[-1])))

        def moved(place: tuple[int, int]) -> tuple[int, int]:
            row, column = place
            if not first <= row <= last:
                return place
            return row, max(0, column + len(new[row - first]) - len(old[row - first]))

        self.selection = Selection(moved(start), moved(end))
