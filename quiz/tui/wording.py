"""The words and signs of the interface that more than one part uses. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from rich.cells import cell_len, set_cell_size

from quiz.language import _, counted, mark
from quiz.model.question import Kind
from quiz.model.review import Rating, Review, ReviewKind, State
from quiz.model.verdict import Outcome

RIGHT = "✓"
WRONG = "✗"

_OUTCOMES: dict[Outcome, tuple[str, str, str]] = {
    Outcome.PASS: (RIGHT, mark("Passed"), "$text-success"),
    Outcome.WRONG: (WRONG, mark("Wrong"), "$text-error"),
    Outcome.ERROR: (WRONG, mark("Error"), "$text-error"),
    Outcome.FORBIDDEN: (WRONG, mark("Against the rules of the question"), "$text-error"),
    Outcome.TIMEOUT: (WRONG, mark("Took too long"), "$text-error"),
    Outcome.MEMORY: (WRONG, mark("Too much memory"), "$text-error"),
    Outcome.OUTPUT: (WRONG, mark("Printed too much"), "$text-error"),
    Outcome.CRASH: (WRONG, mark("Crashed"), "$text-error"),
    Outcome.BLOCKED: (WRONG, mark("Blocked by the jail"), "$text-error"),
    Outcome.SKIPPED: ("↷", mark("Not graded here"), "$text-warning"),
    Outcome.CARD_ERROR: ("⚠", mark("The card is broken, not your answer"), "$text-warning"),
    Outcome.GRADER_ERROR: ("⚠", mark("The grader failed, not your answer"), "$text-warning"),
}

_RATINGS: dict[Rating, tuple[str, str]] = {
    Rating.AGAIN: (mark("Again"), "error"),
    Rating.HARD: (mark("Hard"), "warning"),
    Rating.GOOD: (mark("Good"), "success"),
    Rating.EASY: (mark("Easy"), "primary"),
}

_STATES: dict[str, str] = {
    State.NEW.value: mark("new"),
    State.LEARNING.value: mark("learning"),
    State.REVIEW.value: mark("review"),
    State.RELEARNING.value: mark("relearning"),
    "suspended": mark("suspended"),
    "buried": mark("buried"),
}

_KINDS: dict[str, str] = {
    Kind.RECALL.value: mark("recall"),
    Kind.CLOZE.value: mark("cloze"),
    Kind.CHOICE.value: mark("choice"),
    Kind.TYPED.value: mark("typed"),
    Kind.PREDICT.value: mark("predict"),
    Kind.CODE.value: mark("code"),
}

_WEEKDAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"),
    mark("Saturday"), mark("Sunday"),
)  # fmt: skip
_SHORT_WEEKDAYS = (
    mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"),
)  # fmt: skip
_MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"),
    mark("July"), mark("August"), mark("September"), mark("October"), mark("November"),
    mark("December"),
)  # fmt: skip
_SHORT_MONTHS = (
    mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun"), mark("Jul"),
    mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec"),
)  # fmt: skip


def outcome_words(outcome: Outcome) -> tuple[str, str, str]:
    """Sign, words and colour of an outcome."""
    sign, word, colour = _OUTCOMES[outcome]
    return sign, _(word), colour


def verdict_word(verdict: str) -> str:
    """What a verdict in the log is called; one that another program wrote stays as it is."""
    known = next((outcome for outcome in Outcome if outcome.value == verdict), None)
    return outcome_words(known)[1] if known else verdict


def rating_words(rating: Rating) -> tuple[str, str]:
    """Name and the theme's colour of a rating."""
    name, colour = _RATINGS[rating]
    return _(name), colour


def rating_given(review: Review) -> str:
    """A rating of the log as a history lists it: `3 Good`, and whether it moved nothing."""
    said = f"{review.rating.value} {rating_words(review.rating)[0]}"
    return _("{rating} (cram)").format(rating=said) if review.kind is ReviewKind.CRAM else said


def state_word(state: str) -> str:
    """What a state of a question (`Row.state`) is called."""
    return _(_STATES.get(state, state))


def kind_word(kind: str) -> str:
    """What a kind of question is called."""
    return _(_KINDS.get(kind, kind))


def short_weekday(weekday: int) -> str:
    """`Mon` for 0."""
    return _(_SHORT_WEEKDAYS[weekday])


def full_day(day: date) -> str:
    """A day with its year: `29 March 2026`."""
    return _("{day} {month_name} {year}").format(
        day=day.day, month=day.month, month_name=_(_MONTHS[day.month - 1]), year=day.year
    )


def short_month(month: int) -> str:
    """`Jan` for 1."""
    return _(_SHORT_MONTHS[month - 1])


def short_day(day: date) -> str:
    """`2 Mar`."""
    return _("{day} {month_name}").format(
        day=day.day, month=day.month, month_name=short_month(day.month)
    )


def aligned(text: str, width: int) -> str:
    """`text` in at least `width` cells; Korean letters take two each."""
    return set_cell_size(text, max(width, cell_len(text)))


def questions(number: int) -> str:
    """`2 questions`."""
    return counted("{n:,} question", "{n:,} questions", number)


def more_new(number: int) -> str:
    """What the end of a session offers."""
    return counted(
        "Press m for {n} more new question.", "Press m for {n} more new questions.", number
    )


def reviews(number: int) -> str:
    """`2 reviews`."""
    return counted("{n:,} review", "{n:,} reviews", number)


def lapses(number: int) -> str:
    """`2 lapses`."""
    return counted("{n:,} lapse", "{n:,} lapses", number)


def whole_days(number: int) -> str:
    """`2 days`."""
    return counted("{n:,} day", "{n:,} days", number)


def span(seconds: float) -> str:
    """A length of time for reading: `45 s`, `12 min`, `1 h 5 min`."""
    if seconds < 60:
        return _("{n} s").format(n=max(0, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if rest:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)
    return _("{n} h").format(n=hours)


def some_days(number: float) -> str:
    """`30 d`: whole days, briefly."""
    return _("{n} d").format(n=f"{number:.0f}")


def days(value: float) -> str:
    """A number of days: `0.4 d`, `12 d`, `3.1 mo`, `2.0 y`."""
    if value < 10:
        return _("{n} d").format(n=f"{value:.1f}")
    if value < 31:
        return _("{n} d").format(n=f"{value:.0f}")
    if value < 365:
        return _("{n} mo").format(n=f"{value / 30.44:.1f}")
    return _("{n} y").format(n=f"{value / 365.25:.1f}")


def ranges(bounds: Sequence[float], word: Callable[[float], str]) -> list[str]:
    """The groups between `bounds`: `< 2 s`, `2 s – 5 s`, `> 5 s`."""
    names = [f"< {word(bounds[0])}"]
    names += [f"{word(low)} – {word(high)}" for low, high in pairwise(bounds)]
    return [*names, f"> {word(bounds[-1])}"]


def moment(when: datetime, now: datetime) -> str:
    """An instant of the past or future in local time, with no more detail than it deserves."""
    local, today = when.astimezone(), now.astimezone()
    if abs(when - now) < timedelta(hours=12) or local.date() == today.date():
        return _("at {time}").format(time=f"{local:%H:%M}")
    gap = (local.date() - today.date()).days
    if gap == 1:
        return _("tomorrow")
    if gap == -1:
        return _("yesterday")
    if 1 < gap < 7:
        return _("on {weekday}").format(weekday=_(_WEEKDAYS[local.weekday()]))
    this_year = local.year == today.year
    pattern = _("on {day} {month_name}") if this_year else _("on {day} {month_name} {year}")
    return pattern.format(
        day=local.day, month=local.month, month_name=_(_MONTHS[local.month - 1]), year=local.year
    )
