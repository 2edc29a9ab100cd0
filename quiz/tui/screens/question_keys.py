"""The keys of a review, in one table: what the footer, the help page and the palette show."""

from __future__ import annotations

from textual.binding import Binding, BindingType

_SHOWN: list[tuple[str, str, str, str]] = [
    # key, action, name, what it does; a Ctrl key works while typing too
    (
        "space",
        "reveal",
        "Show answer",
        "Show the answer (counts as not known if it can be checked)",
    ),
    ("ctrl+g", "reveal", "Give up", ""),
    ("h", "hint", "Hint", "Uncover the next hint"),
    ("ctrl+t", "hint", "Hint", ""),
    ("n", "note", "Note", "Show or hide the note of this concept"),
    ("u", "undo", "Undo", "Take the last rating, burying or suspending back"),
    ("e", "edit", "Edit", "Open this card at its line in your editor"),
    ("question_mark", "help", "Help", "The keys of this page"),
    ("f1", "help", "Help", ""),
    ("q", "leave", "Back", "End the session; every rating is saved already"),
]

_KNOWN: list[tuple[str, str, str, str]] = [
    ("enter", "accept", "Go on", "Take the proposed rating; before an answer: back to the field"),
    ("1", "rate(1)", "Again", "Rate: not known"),
    ("2", "rate(2)", "Hard", "Rate: known with effort"),
    ("3", "rate(3)", "Good", "Rate: known"),
    ("4", "rate(4)", "Easy", "Rate: known at once"),
    ("ctrl+o", "previous", "Previous answer", "Bring back what you wrote the last time"),
    ("r,ctrl+y", "redo", "Redo", "Do again what was undone"),
    ("minus", "bury", "Bury", "Not today: hide this question until tomorrow"),
    ("exclamation_mark", "suspend", "Suspend", "Take this question out until you put it back"),
    ("i", "history", "History", "All reviews of this question"),
    ("slash", "search", "Search", "Search all questions"),
    ("down,j", "scroll(0.2)", "Scroll down", "Scroll down"),
    ("up,k", "scroll(-0.2)", "Scroll up", "Scroll up"),
    ("pagedown", "scroll(0.9)", "Page down", "A page down"),
    ("pageup", "scroll(-0.9)", "Page up", "A page up"),
    ("escape", "escape", "Leave", "Leave the field, or cancel a run; twice: end the session"),
]

QUESTION_KEYS: list[BindingType] = [
    *(Binding(key, action, name, tooltip=does) for key, action, name, does in _SHOWN[:2]),
    Binding(
        "ctrl+r,ctrl+enter,ctrl+j",
        "check",
        "Check",
        key_display="^r",
        tooltip="Check the answer, or run the code",
    ),
    *(Binding(key, action, name, tooltip=does) for key, action, name, does in _SHOWN[2:]),
    *(Binding(key, action, name, tooltip=does, show=False) for key, action, name, does in _KNOWN),
]
