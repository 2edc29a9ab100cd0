"""The 21 weights of FSRS-6: their defaults, and the range in which each makes sense.

The numbers are those of the `fsrs` package (a test holds them equal); they stand here so that
reading the settings does not load it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from quiz.errors import SettingsError
from quiz.language import _

ALGORITHM = "fsrs-6"
"""How the log names the memory model."""

DEFAULT_WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
"""Fitted by the authors of FSRS to some hundred million reviews of other learners."""

LOWER_BOUNDS = (
    0.001, 0.001, 0.001, 0.001, 1.0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.001,
    0.001, 0.001, 0.001, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.1,
)  # fmt: skip

UPPER_BOUNDS = (
    100.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5,
    5.0, 0.25, 0.9, 4.0, 1.0, 6.0, 2.0, 2.0, 0.8, 0.8,
)  # fmt: skip

STABILITY_BOUNDS = (0.001, 36500.0)
"""Days. Beyond the upper one the reference implementation stops counting, and so do we."""


def check_weights(weights: Sequence[float]) -> None:
    """Raise `SettingsError` unless these are 21 numbers, each within its bounds."""
    if len(weights) != len(DEFAULT_WEIGHTS):
        raise SettingsError(
            _("weights holds {n} numbers, and FSRS-6 has {wanted}").format(
                n=len(weights), wanted=len(DEFAULT_WEIGHTS)
            ),
            fix=_("Take the line that `quiz optimize` printed, or remove it to use the defaults."),
        )
    for index, (weight, lower, upper) in enumerate(
        zip(weights, LOWER_BOUNDS, UPPER_BOUNDS, strict=True)
    ):
        if not (math.isfinite(weight) and lower <= weight <= upper):
            said = _("weights[{index}] is {weight:g}, not within {low:g}–{high:g}")
            raise SettingsError(said.format(index=index, weight=weight, low=lower, high=upper))
