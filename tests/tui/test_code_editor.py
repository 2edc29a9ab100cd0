"""The small Python editor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets.text_area import Selection

from quiz.tui import theme
from quiz.tui.widgets.code_editor import CodeEditor

_NAMES = {"\n": "enter", " ": "space", "\t": "tab"}


class Bench(App[None]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        for each in theme.THEMES:
            self.register_theme(each)

    def compose(self) -> ComposeResult:
        yield CodeEditor(self.text)


@asynccontextmanager
async def editing(text: str = "") -> AsyncIterator[tuple[Pilot[None], CodeEditor]]:
    app = Bench(text)
    async with app.run_test() as pilot:
        editor = app.query_one(CodeEditor)
        editor.focus()
        editor.move_cursor(editor.document.end)
        yield pilot, editor


async def keys(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*(_NAMES.get(character, character) for character in text))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("def f(a):\nreturn a\nx", "def f(a):\n    return a\nx"),
        ("if x:\n\ty", "if x:\n        y"),
        ("a = [1, 2]", "a = [1, 2]"),
        ("f(\nx", "f(\n    x\n)"),
        ('g("a")', 'g("a")'),
    ],
)
async def test_typing_python(typed: str, expected: str) -> None:
    async with editing() as (pilot, editor):
        await keys(pilot, typed)
        assert editor.text == expected


async def test_backspace_takes_a_step_of_indentation_or_a_pair() -> None:
    async with editing("if x:\n        ") as (pilot, editor):
        await pilot.press("backspace")
        assert editor.text == "if x:\n    "
        await keys(pilot, "(")
        assert editor.text.endswith("()")
        await pilot.press("backspace")
        assert editor.text == "if x:\n    "


async def test_lines_are_indented_dedented_and_commented_together() -> None:
    async with editing("a\n\nb") as (pilot, editor):
        editor.selection = Selection((0, 0), (2, 1))
        await pilot.press("tab")
        assert editor.text == "    a\n\n    b"
        await pilot.press("shift+tab")
        assert editor.text == "a\n\nb"
        await pilot.press("ctrl+slash")
        assert editor.text == "# a\n\n# b"
        await pilot.press("ctrl+slash")
        assert editor.text == "a\n\nb"


async def test_an_edit_can_be_undone() -> None:
    async with editing("a") as (pilot, editor):
        await pilot.press("tab", "ctrl+z")
        assert editor.text == "a"


async def test_python_is_highlighted_in_both_themes() -> None:
    async with editing("def f():\n    return 1") as (pilot, editor):
        for name in ("quiz-dark", "quiz-light"):
            pilot.app.theme = name
            await pilot.pause()
            assert editor.is_syntax_aware
            line = editor.render_line(1 if editor.styles.border.top[0] else 0)
            colours = {str(s.style.color) for s in line if s.style and s.text.strip()}
            assert len(colours) > 1


async def test_code_that_is_left_shows_where_its_lines_begin() -> None:
    async with editing(f"x = {'1 + ' * 40}1") as (pilot, editor):
        await pilot.press("end")
        await pilot.pause()
        assert editor.scroll_x > 0
        editor.blur()
        await pilot.pause()
        assert editor.scroll_x == 0
