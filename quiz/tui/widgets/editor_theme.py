"""The colours of Python in the code editor, for a dark and for a light page."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.widgets.text_area import TextAreaTheme


def _editor_theme(name: str, colours: Mapping[str, str]) -> TextAreaTheme:
    """A theme for the code editor: highlighting alone, the rest comes from the style sheet."""
    groups = {
        "keyword": (
            "keyword keyword.function keyword.return keyword.operator conditional repeat include "
            "exception"
        ),
        "string": "string string.documentation",
        "number": "number float boolean constant.builtin",
        "function": "function function.call method method.call constructor",
        "type": "type type.builtin type.definition class",
        "comment": "comment",
        "builtin": "function.builtin variable.builtin",
    }
    styles = {
        capture: Style.parse(colours[group])
        for group, captures in groups.items()
        for capture in captures.split()
    }
    return TextAreaTheme(name=name, syntax_styles=styles)


EDITOR_THEMES = {
    True: _editor_theme(
        "quiz-dark",
        {
            "keyword": "#c9a2ff",
            "string": "#8fd6a8",
            "number": "#f0b429",
            "function": "#82aaff",
            "type": "#ffd479",
            "comment": "italic #8290a5",
            "builtin": "#6fd3dd",
        },
    ),
    False: _editor_theme(
        "quiz-light",
        {
            "keyword": "#7a2fb5",
            "string": "#1c6b3a",
            "number": "#956a00",
            "function": "#1d4ed8",
            "type": "#87500a",
            "comment": "italic #667080",
            "builtin": "#00697a",
        },
    ),
}
"""By whether the application's theme is dark."""
