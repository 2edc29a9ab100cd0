"""The keys of a review, in one table: what the footer, the help page and the palette show."""

from __future__ import annotations

from textual.binding import Binding, BindingType

QUESTION_KEYS: list[BindingType] = [
    Binding(
        "space",
        "reveal",
        "Show answer",
        tooltip="Show the answer (counts as not known where it can be checked)",
    ),
    Binding(
        "enter",
        "accept",
        "Go on",
        show=False,
        tooltip="Take the proposed rating; before an answer: go back to the field",
    ),
    Binding(
        "ctrl+r,ctrl+enter,ctrl+j",
        "check",
        "Check",
        key_display="^r",
        tooltip="Check the answer, or run the code",
    ),
    Binding("1", "rate(1)", "Again", show=False, tooltip="Rate: not known"),
    Binding("2", "rate(2)", "Hard", show=False, tooltip="Rate: known with effort"),
    Binding("3", "rate(3)", "Good", show=False, tooltip="Rate: known"),
    Binding("4", "rate(4)", "Easy", show=False, tooltip="Rate: known at once"),
    Binding(
        "h,ctrl+t",
        "hint",
        "Hint",
        key_display="h",
        tooltip="Uncover the next hint (Ctrl+T while typing)",
    ),
    Binding(
        "ctrl+g", "give_up", "Give up", show=False, tooltip="Show the solution, while typing too"
    ),
    Binding(
        "ctrl+o",
        "previous",
        "Previous answer",
        show=False,
        tooltip="Bring back what you wrote the last time",
    ),
    Binding("n", "note", "Note", tooltip="Show or hide the note of this concept"),
    Binding("u", "undo", "Undo", tooltip="Take the last rating (or bury, suspend) back"),
    Binding(
        "r,ctrl+y", "redo", "Redo", show=False, key_display="r", tooltip="Do again what was undone"
    ),
    Binding("e", "edit", "Edit", tooltip="Open this card at its line in your editor"),
    Binding(
        "minus",
        "bury",
        "Bury",
        show=False,
        key_display="-",
        tooltip="Not today: hide this question until tomorrow",
    ),
    Binding(
        "exclamation_mark",
        "suspend",
        "Suspend",
        show=False,
        key_display="!",
        tooltip="Take this question out until you put it back",
    ),
    Binding("i", "history", "History", show=False, tooltip="All reviews of this question"),
    Binding(
        "slash", "search", "Search", show=False, key_display="/", tooltip="Search all questions"
    ),
    Binding("down,j", "scroll(0.2)", "Scroll down", show=False, key_display="↓ j"),
    Binding("up,k", "scroll(-0.2)", "Scroll up", show=False, key_display="↑ k"),
    Binding("pagedown", "scroll(0.9)", "Page down", show=False),
    Binding("pageup", "scroll(-0.9)", "Page up", show=False),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        key_display="?",
        tooltip="The keys of this page (F1 while typing)",
    ),
    Binding("q", "leave", "Back", tooltip="End the session; every rating is saved already"),
    Binding("escape", "escape", "Leave the field; twice: back", show=False),
]
