from __future__ import annotations

from datetime import timedelta
from typing import Any

import fsrs.scheduler
import pytest

from quiz.errors import SettingsError
from quiz.schedule.policy import Policy
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
