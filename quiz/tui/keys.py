"""Keys as they stand on the keyboard: in the footer, on the help page, in any sentence."""

from __future__ import annotations

_SIGNS = {
    "question_mark": "?",
    "slash": "/",
    "minus": "-",
    "comma": ",",
    "exclamation_mark": "!",
}
_NAMES = {
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}


def key_name(key: str) -> str:
    """`Ctrl+R`, `?`, `Space`: what a key of Textual's is called."""
    *modifiers, last = key.split("+")
    if last in _SIGNS:
        shown = _SIGNS[last]
    elif len(last) == 1:
        shown = last.upper() if modifiers else last
    else:
        shown = _NAMES.get(last, last.capitalize())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


def sign_of(key: str) -> str | None:
    """The character that a key writes, where it writes one; Textual misses `/` and `-`."""
    return _SIGNS.get(key) or (key if len(key) == 1 else None)
