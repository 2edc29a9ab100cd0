from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.schedule.fuzz import Spread, fuzz_bounds, uniform

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("interval", "bounds"),
    [
        (1, (1, 1)),
        (2, (2, 2)),
        (3, (2, 4)),
        (7, (5, 9)),
        (10, (8, 12)),
        (20, (17, 23)),
        (30, (27, 33)),
        (100, (93, 107)),
        (365, (345, 385)),
    ],
)
def test_the_range_is_that_of_the_table(interval: int, bounds: tuple[int, int]) -> None:
    assert fuzz_bounds(interval) == bounds


@given(interval=st.floats(0.1, 40000), minimum=st.integers(1, 40000), maximum=st.integers(1, 36500))
def test_the_range_keeps_to_minimum_and_maximum(
    interval: float, minimum: int, maximum: int
) -> None:
    lower, upper = fuzz_bounds(interval, minimum, maximum)
    assert min(minimum, maximum) <= lower <= upper <= maximum


def chosen(spread: Spread, interval: float, draws: int = 2000) -> Counter[int]:
    """How often each day is chosen, over evenly spaced random numbers."""
    days = Counter[int]()
    for n in range(draws):
        point = (n + 0.5) / draws
        day = Spread(
            spread.today, point, spread.fuzz, spread.load, spread.sibling_days, spread.easy_days
        )
        days[day.choose(interval, 1, 36500)] += 1
    return days


def test_every_day_of_the_range_is_equally_likely() -> None:
    days = chosen(Spread(MONDAY, 0.0), 10)
    assert sorted(days) == [8, 9, 10, 11, 12]
    assert set(days.values()) == {400}


def test_without_fuzz_the_interval_is_rounded() -> None:
    assert chosen(Spread(MONDAY, 0.0, fuzz=False), 9.5) == {10: 2000}


def load(**counts: int) -> dict[date, int]:
    """`d8=3`: three reviews in eight days."""
    return {MONDAY + timedelta(days=int(day[1:])): count for day, count in counts.items()}


def test_a_full_day_is_avoided_in_the_proportion_of_the_formula() -> None:
    days = chosen(Spread(MONDAY, 0.0, load=load(d8=10, d9=10, d10=5, d11=10, d12=10)), 10, 100000)
    expected = (10 / 5) ** 2.15 * (8 / 10) ** 3
    assert days[10] / days[8] == pytest.approx(expected, rel=0.01)


def test_an_empty_day_is_preferred_to_any_other() -> None:
    days = chosen(Spread(MONDAY, 0.0, load=load(d8=3, d9=3, d11=3, d12=3)), 10)
    assert days[10] > 1980


def test_a_day_with_a_sibling_is_avoided() -> None:
    sibling = MONDAY + timedelta(days=10)
    days = chosen(Spread(MONDAY, 0.0, load={}, sibling_days={sibling}), 10)
    assert days[10] <= 2
    assert min(days[n] for n in (8, 9, 11, 12)) > 450


def test_nothing_is_put_on_a_free_day_and_half_on_a_reduced_one() -> None:
    counts: dict[date, int] = {}
    easy = (1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0)
    for n in range(4000):
        spread = Spread(MONDAY, uniform("q", n), load=counts, easy_days=easy)
        day = MONDAY + timedelta(days=spread.choose(20, 1, 36500))
        counts[day] = counts.get(day, 0) + 1
    by_weekday = [counts.get(MONDAY + timedelta(days=n), 0) for n in range(17, 24)]
    weekdays = [(MONDAY + timedelta(days=n)).weekday() for n in range(17, 24)]
    wanted = dict(zip(weekdays, by_weekday, strict=True))
    assert wanted[6] == 0
    ordinary = sum(wanted[n] for n in range(5)) / 5
    assert wanted[5] / ordinary == pytest.approx(0.5, abs=0.1)


def test_a_far_day_is_not_balanced() -> None:
    full = load(**{f"d{n}": 1000 for n in range(80, 100)})
    assert chosen(Spread(MONDAY, 0.0, load=full), 91) == chosen(Spread(MONDAY, 0.0), 91)


@given(st.text(max_size=20), st.integers(0, 1000))
def test_the_random_number_is_a_fraction_and_repeats(question: str, repetition: int) -> None:
    assert 0 <= uniform(question, repetition) < 1
    assert uniform(question, repetition) == uniform(question, repetition)


def test_the_random_numbers_are_spread_evenly() -> None:
    tenths = Counter(int(uniform(f"deck/concept#{n}", n % 7) * 10) for n in range(10000))
    assert all(900 < tenths[n] < 1100 for n in range(10))


def test_where_every_day_is_free_the_interval_is_only_fuzzed() -> None:
    free = chosen(Spread(MONDAY, 0.0, load={}, easy_days=(0.0,) * 7), 10)
    assert free == chosen(Spread(MONDAY, 0.0), 10)
