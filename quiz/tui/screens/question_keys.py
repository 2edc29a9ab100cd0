"""The keys of a review, in one table: what the footer, the help page and the palette show."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from quiz.language import mark

_SHOWN: list[tuple[str, str, str, str]] = [
    # key, action, name, what it does; a Ctrl key works while typing too
    (
        "space",
        "reveal",
        mark("Show answer"),
        mark("Show the answer (counts as not known if it can be checked)"),
    ),
    ("ctrl+g", "reveal", mark("Give up"), ""),
    ("h", "hint", mark("Hint"), mark("Uncover the next hint")),
    ("ctrl+t", "hint", mark("Hint"), ""),
    ("m", "more", mark("More new questions"), mark("While waiting: begin new questions")),
    ("n", "note", mark("Note"), mark("Show or hide the note of this concept")),
    ("u", "undo", mark("Undo"), mark("Take the last rating, burying or suspending back")),
    ("e", "edit", mark("Edit"), mark("Open this card at its line in your editor")),
    ("question_mark", "help", mark("Help"), mark("The keys of this page")),
    ("f1", "help", mark("Help"), ""),
    ("q", "leave", mark("Back"), mark("End the session; every rating is saved already")),
]

_KNOWN: list[tuple[str, str, str, str]] = [
    ("E", "edit_here", mark("Edit here"), mark("Edit the card on a page here")),
    (
        "enter",
        "accept",
        mark("Go on"),
        mark("Take the proposed rating; before an answer: back to the field"),
    ),
    ("1", "rate(1)", mark("Again"), mark("Rate: not known")),
    ("2", "rate(2)", mark("Hard"), mark("Rate: known with effort")),
    ("3", "rate(3)", mark("Good"), mark("Rate: known")),
    ("4", "rate(4)", mark("Easy"), mark("Rate: known at once")),
    (
        "ctrl+o",
        "previous",
        mark("Previous answer"),
        mark("Bring back what you wrote the last time"),
    ),
    ("r,ctrl+y", "redo", mark("Redo"), mark("Do again what was undone")),
    ("minus", "bury", mark("Bury"), mark("Not today: hide this question until tomorrow")),
    (
        "exclamation_mark",
        "suspend",
        mark("Suspend"),
        mark("Take this question out until you put it back"),
    ),
    ("w", "changes", mark("What changed"), mark("What an edit changed in this question")),
    ("i", "history", mark("History"), mark("All reviews of this question")),
    ("slash", "search", mark("Search"), mark("Search all questions")),
    ("down,j", "scroll(0.2)", mark("Scroll down"), mark("Scroll down")),
    ("up,k", "scroll(-0.2)", mark("Scroll up"), mark("Scroll up")),
    ("pagedown", "scroll(0.9)", mark("Page down"), mark("A page down")),
    ("pageup", "scroll(-0.9)", mark("Page up"), mark("A page up")),
    (
        "escape",
        "escape",
        mark("Leave"),
        mark("Leave the field, or cancel a run; twice: end the session"),
    ),
]

QUESTION_KEYS: list[BindingType] = [
    *(Binding(key, action, name, tooltip=does) for key, action, name, does in _SHOWN[:2]),
    Binding(
        "ctrl+r,ctrl+enter,ctrl+j",
        "check",
        mark("Check"),
        tooltip=mark("Check the answer, or run the code"),
    ),
    *(Binding(key, action, name, tooltip=does) for key, action, name, does in _SHOWN[2:]),
    *(Binding(key, action, name, tooltip=does, show=False) for key, action, name, does in _KNOWN),
]
