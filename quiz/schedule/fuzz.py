"""Spreading intervals: the range an interval may move in, and the day chosen within it.

Ranges, weights and the treatment of easy days are Anki's (`rslib/src/scheduler/states/fuzz.rs`
and `load_balancer.rs`), with the random number passed in and one difference: a day that is not
wanted gets nothing while another can be had, where Anki fills it as soon as the others are full.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))
"""From day, to day, and the share of the days between that is added to the spread."""

_BALANCED_DAYS = 90
"""Longer intervals are not balanced: nobody knows what that far day will hold."""
_COUNT_POWER = 2.15
_INTERVAL_POWER = 3.0
_SIBLING_PENALTY = 0.001


def uniform(question: str, repetition: int) -> float:
    """A number in [0, 1) that depends on its arguments alone, so that button and result agree."""
    digest = hashlib.blake2b(f"{question}\0{repetition}".encode(), digest_size=7).digest()
    return (int.from_bytes(digest, "big") >> 3) / (1 << 53)


def whole(days: float) -> int:
    """Rounded, halves upwards."""
    return math.floor(days + 0.5)


def fuzz_bounds(interval: float, minimum: int = 1, maximum: int = 36500) -> tuple[int, int]:
    """The first and last day that `interval` (days) may become, within minimum and maximum."""
    minimum = min(minimum, maximum)
    interval = min(max(interval, minimum), maximum)
    delta = 0.0
    if interval >= 2.5:
        delta = 1.0 + sum(
            factor * max(min(interval, end) - start, 0.0) for start, end, factor in _RANGES
        )
    lower = min(max(whole(interval - delta), minimum), maximum)
    upper = min(max(whole(interval + delta), minimum), maximum)
    if lower == upper and 2 < upper < maximum:
        upper += 1
    return lower, upper


@dataclass(frozen=True, slots=True)
class Spread:
    """How one question's next interval is chosen on one study day."""

    today: date
    point: float
    """In [0, 1): where in the range (or in the sum of weights) the choice falls."""
    fuzz: bool = True
    load: Mapping[date, int] | None = None
    """Reviews already due by study day; None: do not balance."""
    sibling_days: Collection[date] = ()
    """Days on which a question of the same concept is due."""
    easy_days: Sequence[float] = field(default=(1.0,) * 7)

    def choose(self, interval: float, minimum: int, maximum: int) -> int:
        """`interval` as whole days from today, between `minimum` and `maximum` (which wins)."""
        minimum = min(minimum, maximum)
        if not self.fuzz:
            return min(max(whole(interval), minimum), maximum)
        lower, upper = fuzz_bounds(interval, minimum, maximum)
        if self.load is None or max(interval, minimum) > _BALANCED_DAYS:
            return lower + math.floor(self.point * (upper - lower + 1))
        weights = self._weights(range(lower, upper + 1), self.load)
        if not any(weights):  # nothing but free days to choose from
            return lower + math.floor(self.point * (upper - lower + 1))
        mark = self.point * sum(weights)
        for days, weight in enumerate(weights, lower):
            mark -= weight
            if mark < 0:
                return days
        return max(days for days, weight in enumerate(weights, lower) if weight)  # of rounding

    def _weights(self, intervals: range, load: Mapping[date, int]) -> list[float]:
        days = [self.today + timedelta(days=interval) for interval in intervals]
        counts = [load.get(day, 0) for day in days]
        shares = [self.easy_days[day.weekday()] for day in days]
        weights = []
        for interval, day, count, share in zip(intervals, days, counts, shares, strict=True):
            # An empty day counts in full: it is wanted before any other.
            weight = count**-_COUNT_POWER * interval**-_INTERVAL_POWER if count else 1.0
            wanted = _is_wanted(share, count, sum(shares), sum(counts))
            weights.append(weight * wanted * (_SIBLING_PENALTY if day in self.sibling_days else 1))
        return weights


def _is_wanted(share: float, count: int, shares: float, counts: int) -> bool:
    """Whether an easy day may have more: never a free one, a reduced one up to its share."""
    if share >= 1:
        return True
    return share > 0 and count * (shares - share) <= share * (counts - count)
