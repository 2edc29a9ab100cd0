"""Study days: which day an instant belongs to, and when a day begins.

A study day starts at the rollover hour by the learner's clock, so that a session at one in the
morning still belongs to the evening before. Days are contiguous: every instant is in exactly one,
whatever daylight saving does to the clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from quiz.errors import SettingsError
from quiz.language import _

_ONE_DAY = timedelta(days=1)


class Calendar:
    """Study days in one time zone, beginning at `rollover_hour` (0 to 23) by its clock."""

    def __init__(self, timezone: tzinfo, rollover_hour: int = 4) -> None:
        if not 0 <= rollover_hour <= 23:
            raise SettingsError(
                _("rollover is {hour}, not an hour of the day").format(hour=rollover_hour),
                fix=_("Write an hour from 0 to 23; 4 means that the day begins at 04:00."),
            )
        self.timezone = timezone
        self.rollover_hour = rollover_hour
        self._starts: dict[date, datetime] = {}
        self._days: dict[datetime, date] = {}
        """By their first instants: most due times are such, and there are few."""

    def day(self, instant: datetime) -> date:
        """The study day of an aware `instant`; `ValueError` where it has no time zone."""
        instant = utc(instant)
        if instant in self._days:
            return self._days[instant]
        day = (instant.astimezone(self.timezone) - timedelta(hours=self.rollover_hour)).date()
        # The clock may read an hour twice, or skip it; the beginnings of the days decide.
        while instant < self.start(day):
            day -= _ONE_DAY
        while instant >= self.start(day + _ONE_DAY):
            day += _ONE_DAY
        if instant == self.start(day):
            self._days[instant] = day
        return day

    def start(self, day: date) -> datetime:
        """The instant (UTC) at which `day` begins.

        Where the clock skips the rollover hour, the instant it would have been; where it strikes
        twice, the first time.
        """
        start = self._starts.get(day)
        if start is None:
            wall = datetime.combine(day, time(self.rollover_hour), self.timezone)
            start = self._starts[day] = wall.astimezone(UTC)
        return start


def utc(instant: datetime) -> datetime:
    """`instant` in UTC; `ValueError` where it has no time zone and so names no instant."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} has no time zone")
    return instant.astimezone(UTC)


def local_timezone() -> tzinfo:
    """The zone the computer's clock is set to (`$TZ`, or the system's), daylight saving and all."""
    return _SystemZone()


class _SystemZone(tzinfo):
    """Asks the operating system for the offset at each instant, past and future."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return dt.replace(tzinfo=None).astimezone().utcoffset() if dt else None

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        return dt.replace(tzinfo=None).astimezone().tzname() if dt else None

    def fromutc(self, dt: datetime) -> datetime:
        there = dt.replace(tzinfo=UTC).astimezone()
        wall = there.replace(tzinfo=self)
        return wall if wall.utcoffset() == there.utcoffset() else wall.replace(fold=1)
