"""What a learner can set about the schedule, checked once, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from quiz.errors import SettingsError
from quiz.language import _
from quiz.schedule.weights import DEFAULT_WEIGHTS, check_weights
from quiz.settings import Settings


class ReviewOrder(StrEnum):
    """Which of the reviews that are due comes first."""

    OVERDUENESS = "overdueness"
    """The one whose probability of recall has fallen furthest below what is desired."""
    DUE = "due"
    """The one that was due first."""
    RANDOM = "random"
    DECK = "deck"
    """Deck after deck, in the order of the collection; within a deck by due date."""


_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
"""Seconds."""
_LONGEST_STEP = 365 * 86_400
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Policy:
    """How questions are scheduled. Raises `SettingsError` for a value that cannot be."""

    weights: tuple[float, ...] = DEFAULT_WEIGHTS
    """The 21 of FSRS-6."""
    weights_version: int = 0
    """Counts the learner's fits; 0 the defaults."""
    desired_retention: float = 0.90
    """Probability of recall at which a question is to return."""
    learning_steps: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=10))
    """Waits on the way from new to review; none: straight to days."""
    relearning_steps: tuple[timedelta, ...] = (timedelta(minutes=10),)
    """Waits after a lapse."""
    maximum_interval: int = 36500
    """Days."""
    fuzz: bool = True
    """Spread intervals a little, so that what was learned together does not return together."""
    balance: bool = True
    """Within that spread, prefer days with little to do."""
    easy_days: tuple[float, ...] = (1.0,) * 7
    """The share of an ordinary day's reviews wanted on Monday … Sunday: 1, 0.5, 0."""
    new_per_day: int = 20
    reviews_per_day: int = 200
    """New questions count too."""
    learn_ahead: timedelta = timedelta(minutes=20)
    """How early a learning step may be taken when nothing else is left."""
    bury_siblings: bool = True
    """Ask at most one question of a concept on a day."""
    leech_threshold: int = 8
    """Lapses that make a leech, and again after every half as many; 0: never."""
    review_order: ReviewOrder = ReviewOrder.OVERDUENESS
    seed: int = 0
    """Of the random order."""

    def __post_init__(self) -> None:
        check_weights(self.weights)
        _within("desired_retention", self.desired_retention, 0.70, 0.99)
        _within("maximum_interval", self.maximum_interval, 1, 36500)
        _within("new_per_day", self.new_per_day, 0, 9999)
        _within("reviews_per_day", self.reviews_per_day, 0, 9999)
        _within("leech_threshold", self.leech_threshold, 0, 9999)
        _check_steps("learning_steps", self.learning_steps)
        _check_steps("relearning_steps", self.relearning_steps)
        if not timedelta(0) <= self.learn_ahead <= timedelta(days=1):
            raise SettingsError(_("learn_ahead is not between nothing and a day"))
        if len(self.easy_days) != 7:
            raise SettingsError(
                _("easy_days holds {n} numbers").format(n=len(self.easy_days)),
                fix=_("Write seven, from Monday to Sunday, each 1, 0.5 or 0."),
            )
        for share in self.easy_days:
            _within("easy_days", share, 0, 1)


def policy_of(settings: Settings) -> Policy:
    """What the learner's settings come to, with the default weights. Raises `SettingsError`."""
    return Policy(
        desired_retention=settings.desired_retention,
        new_per_day=settings.new_per_day,
        reviews_per_day=settings.reviews_per_day,
        bury_siblings=settings.bury_siblings,
        learn_ahead=timedelta(minutes=settings.learn_ahead_minutes),
        learning_steps=read_steps("learning_steps", settings.learning_steps),
        relearning_steps=read_steps("relearning_steps", settings.relearning_steps),
        maximum_interval=settings.maximum_interval,
        leech_threshold=settings.leech_threshold,
        review_order=read_order(settings.review_order),
        easy_days=read_easy_days(settings.easy_days),
    )


def read_steps(name: str, text: str) -> tuple[timedelta, ...]:
    """The steps in a text such as `1m 10m 1d`. Raises `SettingsError` with the setting's name."""
    steps = []
    for word in text.split():
        number, unit = word[:-1], word[-1]
        seconds = int(number) * _UNITS.get(unit, 0) if number.isdecimal() else 0
        if not 0 < seconds <= _LONGEST_STEP:
            raise SettingsError(
                _("{name}: `{word}` is no step").format(name=name, word=word),
                fix=_("Write whole numbers with s, m, h or d, up to a year, such as `1m 10m`."),
            )
        steps.append(timedelta(seconds=seconds))
    return tuple(steps)


def read_easy_days(text: str) -> tuple[float, ...]:
    """The share of each weekday from Monday on, by a text such as `sat=0.5 sun=0`."""
    shares = [1.0] * 7
    for word in text.split():
        day, _equals, share = word.partition("=")
        try:
            shares[_WEEKDAYS.index(day.lower())] = float(share)
        except ValueError as error:
            raise SettingsError(
                _("easy_days: `{word}` is no day with its share").format(word=word),
                fix=_("Write such as `sat=0.5 sun=0`; days: {days}.").format(
                    days=", ".join(_WEEKDAYS)
                ),
            ) from error
    return tuple(shares)


def read_order(text: str) -> ReviewOrder:
    """The order of that name; `SettingsError` for another."""
    if text not in tuple(ReviewOrder):
        raise SettingsError(
            _("there is no review_order `{name}`").format(name=text),
            fix=_("Orders: {names}.").format(names=", ".join(ReviewOrder)),
        )
    return ReviewOrder(text)


def _within(name: str, value: float, lower: float, upper: float) -> None:
    if not lower <= value <= upper:  # NaN is refused too
        raise SettingsError(
            _("{name} is {value:g}").format(name=name, value=value),
            fix=_("Write a number from {low:g} to {high:g}.").format(low=lower, high=upper),
        )


def _check_steps(name: str, steps: tuple[timedelta, ...]) -> None:
    if any(step <= timedelta(0) for step in steps):
        raise SettingsError(_("{name} holds a step that is no time at all").format(name=name))
    if any(later <= earlier for earlier, later in pairwise(steps)):
        raise SettingsError(
            _("{name} does not grow").format(name=name),
            fix=_("Write each step longer than the one before: 1m 10m."),
        )
