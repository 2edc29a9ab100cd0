"""The two looks of the application, dark and light.

The hues are told apart by people with any of the common kinds of colour blindness (after Okabe
and Ito: bluish green against vermilion), and no screen says anything by colour alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from rich.style import Style
from textual.theme import Theme
from textual.widgets.text_area import TextAreaTheme

DARK = Theme(
    name="quiz-dark",
    primary="#7ab8ff",
    secondary="#93a7c1",
    accent="#f0b429",
    success="#3ecf9f",
    warning="#f0b429",
    error="#ff8660",
    foreground="#dfe5ee",
    background="#11151c",
    surface="#171d27",
    panel="#222b38",
    dark=True,
    variables={
        "footer-key-foreground": "#7ab8ff",
        "footer-background": "#171d27",
        "input-selection-background": "#7ab8ff 30%",
        "border": "#3b4a5f",
        "border-blurred": "#2c3848",
    },
)

LIGHT = Theme(
    name="quiz-light",
    primary="#0b5cad",
    secondary="#51637a",
    accent="#8a5a00",
    success="#006b4f",
    warning="#8a5a00",
    error="#b23a0a",
    foreground="#1c232d",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e6e3db",
    dark=False,
    variables={
        "footer-key-foreground": "#0b5cad",
        "footer-background": "#f3f1ec",
        "input-selection-background": "#0b5cad 25%",
        "border": "#a9b0ba",
        "border-blurred": "#cfd2d6",
    },
)

THEMES = (DARK, LIGHT)


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
            "function": "#7ab8ff",
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
            "number": "#8a5a00",
            "function": "#0b5cad",
            "type": "#87500a",
            "comment": "italic #667080",
            "builtin": "#00697a",
        },
    ),
}
"""By whether the application's theme is dark."""


def preferred(setting: str, environment: Mapping[str, str] | None = None) -> str:
    """The theme to begin with: the setting, else what the terminal says of its background.

    Few terminals say it (`COLORFGBG`, as rxvt, Konsole and iTerm2 set it); the others get the dark
    one.
    """
    if setting:
        return setting
    env = os.environ if environment is None else environment
    background = env.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in ("7", "15") else DARK.name
