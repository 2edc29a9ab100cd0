"""The words and signs of the interface that more than one part uses. Pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta

from quiz.model.review import Rating, State
from quiz.model.verdict import Outcome

RIGHT = "✓"
WRONG = "✗"

OUTCOMES: dict[Outcome, tuple[str, str, str]] = {
    Outcome.PASS: (RIGHT, "Passed", "$text-success"),
    Outcome.WRONG: (WRONG, "Wrong", "$text-error"),
    Outcome.ERROR: (WRONG, "Error", "$text-error"),
    Outcome.FORBIDDEN: (WRONG, "Against the rules of the question", "$text-error"),
    Outcome.TIMEOUT: (WRONG, "Took too long", "$text-error"),
    Outcome.MEMORY: (WRONG, "Too much memory", "$text-error"),
    Outcome.OUTPUT: (WRONG, "Printed too much", "$text-error"),
    Outcome.CRASH: (WRONG, "Crashed", "$text-error"),
    Outcome.BLOCKED: (WRONG, "Blocked by the jail", "$text-error"),
    Outcome.SKIPPED: ("↷", "Not graded here", "$text-warning"),
    Outcome.CARD_ERROR: ("⚠", "The card is broken, not your answer", "$text-warning"),
    Outcome.GRADER_ERROR: ("⚠", "The grader failed, not your answer", "$text-warning"),
}
"""Sign, words and colour of each outcome."""

RATINGS: dict[Rating, tuple[str, str]] = {
    Rating.AGAIN: ("Again", "error"),
    Rating.HARD: ("Hard", "warning"),
    Rating.GOOD: ("Good", "success"),
    Rating.EASY: ("Easy", "primary"),
}
"""Name and the theme's colour of each rating."""

STATES: dict[State, str] = {
    State.NEW: "new",
    State.LEARNING: "learning",
    State.REVIEW: "review",
    State.RELEARNING: "relearning",
}


def count(number: int, one: str, many: str = "") -> str:
    """`1 question`, `2 questions`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def span(seconds: float) -> str:
    """A length of time for reading: `45 s`, `12 min`, `1 h 5 min`."""
    if seconds < 60:
        return f"{max(0, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def days(value: float) -> str:
    """A number of days: `0.4 d`, `12 d`, `3.1 mo`, `2.0 y`."""
    if value < 10:
        return f"{value:.1f} d"
    if value < 31:
        return f"{value:.0f} d"
    return f"{value / 30.44:.1f} mo" if value < 365 else f"{value / 365.25:.1f} y"


def moment(when: datetime, now: datetime) -> str:
    """An instant of the past or future in local time, with no more detail than it deserves."""
    local, today = when.astimezone(), now.astimezone()
    if abs(when - now) < timedelta(hours=12) or local.date() == today.date():
        return f"at {local:%H:%M}"
    gap = (local.date() - today.date()).days
    if gap == 1:
        return "tomorrow"
    if gap == -1:
        return "yesterday"
    if 1 < gap < 7:
        return f"on {local:%A}"
    return f"on {local:%-d %B %Y}" if local.year != today.year else f"on {local:%-d %B}"
