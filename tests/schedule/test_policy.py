from __future__ import annotations

from datetime import timedelta
from typing import Any

import fsrs.scheduler
import pytest

from quiz.errors import SettingsError
from quiz.schedule.policy import (
    Policy,
    ReviewOrder,
    read_easy_days,
    read_order,
    read_steps,
)
from quiz.schedule.weights import DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS

MINUTE = timedelta(minutes=1)


def test_the_weights_and_their_bounds_are_those_of_the_package() -> None:
    assert fsrs.scheduler.DEFAULT_PARAMETERS == DEFAULT_WEIGHTS
    assert fsrs.scheduler.LOWER_BOUNDS_PARAMETERS == LOWER_BOUNDS
    assert fsrs.scheduler.UPPER_BOUNDS_PARAMETERS == UPPER_BOUNDS


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": DEFAULT_WEIGHTS[:-1]},
        {"weights": (-1.0, *DEFAULT_WEIGHTS[1:])},
        {"weights": (float("nan"), *DEFAULT_WEIGHTS[1:])},
        {"desired_retention": 1.0},
        {"desired_retention": 0.5},
        {"desired_retention": float("nan")},
        {"maximum_interval": 0},
        {"new_per_day": -1},
        {"reviews_per_day": -1},
        {"leech_threshold": -1},
        {"learning_steps": (timedelta(0),)},
        {"learning_steps": (10 * MINUTE, MINUTE)},
        {"relearning_steps": (MINUTE, MINUTE)},
        {"learn_ahead": -MINUTE},
        {"easy_days": (1.0,) * 6},
        {"easy_days": (1.0,) * 6 + (1.5,)},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused_by_name(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(SettingsError, match=name):
        Policy(**wrong)


def test_steps_days_and_orders_are_read_as_they_are_written() -> None:
    assert read_steps("learning_steps", "30s 10m 2h 1d") == (
        MINUTE / 2,
        10 * MINUTE,
        120 * MINUTE,
        1440 * MINUTE,
    )
    assert read_steps("learning_steps", "  ") == ()
    assert read_easy_days("Sat=0.5 sun=0") == (1, 1, 1, 1, 1, 0.5, 0)
    assert read_order("due") is ReviewOrder.DUE


@pytest.mark.parametrize("text", ["10", "m", "1.5m", "-1m", "ten", "1w", "0m", "366d"])
def test_what_is_no_step_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="learning_steps"):
        read_steps("learning_steps", text)


@pytest.mark.parametrize("text", ["sat", "sat=half", "someday=1", "=1"])
def test_what_is_no_easy_day_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="easy_days"):
        read_easy_days(text)


def test_an_order_that_is_none_is_named() -> None:
    with pytest.raises(SettingsError, match="overdueness, due, random, deck"):
        read_order("best")
