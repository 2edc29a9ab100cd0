from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.errors import SettingsError
from quiz.schedule.days import Calendar, local_timezone

ZONES = [
    "America/New_York",
    "Antarctica/Troll",
    "Asia/Seoul",
    "Atlantic/Azores",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
]


@given(
    zone=st.sampled_from(ZONES),
    rollover=st.integers(0, 23),
    instant=st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_every_instant_lies_within_its_study_day(
    zone: str, rollover: int, instant: datetime
) -> None:
    calendar = Calendar(ZoneInfo(zone), rollover)
    day = calendar.day(instant)
    assert calendar.start(day) <= instant < calendar.start(day + timedelta(days=1))


@given(
    zone=st.sampled_from(ZONES),
    rollover=st.integers(0, 23),
    day=st.dates(date(2009, 1, 1), date(2030, 1, 1)),
)
def test_a_day_begins_on_itself_when_the_clock_shows_the_hour(
    zone: str, rollover: int, day: date
) -> None:
    calendar = Calendar(ZoneInfo(zone), rollover)
    start = calendar.start(day)
    assert start.tzinfo is UTC
    if start == calendar.start(day + timedelta(days=1)):
        return  # Samoa crossed the date line: that day was no time at all
    assert calendar.day(start) == day
    wall = start.astimezone(calendar.timezone)
    assert wall.date() == day
    assert rollover * 60 <= wall.hour * 60 + wall.minute <= rollover * 60 + 120


def test_a_spring_night_is_an_hour_shorter_and_an_autumn_night_an_hour_longer() -> None:
    calendar = Calendar(ZoneInfo("Europe/Berlin"))
    spring, autumn = date(2026, 3, 28), date(2026, 10, 24)
    one = timedelta(days=1)
    assert calendar.start(spring + one) - calendar.start(spring) == timedelta(hours=23)
    assert calendar.start(autumn + one) - calendar.start(autumn) == timedelta(hours=25)


def test_a_skipped_rollover_hour_begins_the_day_when_the_clock_has_jumped() -> None:
    new_york = Calendar(ZoneInfo("America/New_York"), rollover_hour=2)
    assert new_york.start(date(2026, 3, 8)) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_an_hour_struck_twice_begins_the_day_only_once() -> None:
    london = Calendar(ZoneInfo("Europe/London"), rollover_hour=1)
    start = london.start(date(2026, 10, 25))
    assert start == datetime(2026, 10, 25, 0, tzinfo=UTC)
    for minutes in (0, 59, 60, 119):
        assert london.day(start + timedelta(minutes=minutes)) == date(2026, 10, 25)


def test_the_hours_from_midnight_to_four_belong_to_the_evening_before() -> None:
    calendar = Calendar(ZoneInfo("Asia/Seoul"))
    assert calendar.day(datetime(2024, 3, 1, 3, 59, tzinfo=calendar.timezone)) == date(2024, 2, 29)
    assert calendar.day(datetime(2024, 3, 1, 4, 0, tzinfo=calendar.timezone)) == date(2024, 3, 1)


def test_an_instant_has_the_same_day_in_whatever_zone_it_is_given() -> None:
    calendar = Calendar(ZoneInfo("Asia/Seoul"))
    instant = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    assert calendar.day(instant) == date(2026, 7, 2)
    assert calendar.day(instant.astimezone(ZoneInfo("America/New_York"))) == date(2026, 7, 2)


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Calendar(UTC).day(datetime(2026, 1, 1))


@pytest.mark.parametrize("hour", [-1, 24])
def test_an_hour_that_is_none_is_refused(hour: int) -> None:
    with pytest.raises(SettingsError, match="rollover"):
        Calendar(UTC, hour)


@pytest.fixture(params=["Europe/Berlin", "America/New_York", "Asia/Seoul"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_the_local_zone_follows_daylight_saving(zone: str) -> None:
    ours, theirs = Calendar(local_timezone()), Calendar(ZoneInfo(zone))
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(365 * 4):
        instant += timedelta(hours=6, minutes=1)
        assert ours.day(instant) == theirs.day(instant)
        assert ours.start(instant.date()) == theirs.start(instant.date())
        local = instant.astimezone(local_timezone())
        assert local.isoformat() == instant.astimezone(ZoneInfo(zone)).isoformat()
        assert local.astimezone(UTC) == instant
