"""The two looks of the application, dark and light.

The hues are told apart by people with any of the common kinds of colour blindness (after Okabe
and Ito: bluish green against vermilion), and no screen says anything by colour alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="quiz-dark",
    primary="#82aaff",
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
        "footer-key-foreground": "#82aaff",
        "footer-background": "#171d27",
        "input-selection-background": "#82aaff 30%",
        "border": "#3b4a5f",
        "border-blurred": "#2c3848",
        "scrollbar": "#3b4a5f",
        "scrollbar-hover": "#566a86",
        "scrollbar-active": "#82aaff",
        "scrollbar-background": "#171d27",
        "scrollbar-background-hover": "#171d27",
        "scrollbar-background-active": "#171d27",
        "scrollbar-corner-color": "#171d27",
    },
)

LIGHT = Theme(
    name="quiz-light",
    primary="#1d4ed8",
    secondary="#51637a",
    accent="#956a00",
    success="#00744f",
    warning="#956a00",
    error="#850f0f",
    foreground="#1c232d",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e6e3db",
    dark=False,
    variables={
        "footer-key-foreground": "#1d4ed8",
        "footer-background": "#f3f1ec",
        "input-selection-background": "#1d4ed8 25%",
        "border": "#a9b0ba",
        "border-blurred": "#cfd2d6",
        "scrollbar": "#b9b5aa",
        "scrollbar-hover": "#8f8b80",
        "scrollbar-active": "#1d4ed8",
        "scrollbar-background": "#f0eee8",
        "scrollbar-background-hover": "#f0eee8",
        "scrollbar-background-active": "#f0eee8",
        "scrollbar-corner-color": "#f0eee8",
    },
)

THEMES = (DARK, LIGHT)


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
