"""Counting the log: streak, retention, forecast. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from quiz.model.review import Standing, State
from quiz.store.values import Tally
from quiz.study.values import Statistics

FORECAST_DAYS = 30
RETENTION_DAYS = 30
MATURE_DAYS = 21
"""An interval from which a question counts as mature, as in Anki."""


def statistics(
    tally: Tally, standings: Mapping[str, Standing], states: Mapping[str, int], today: date
) -> Statistics:
    """All figures of the statistics screen; the tally's recalls are those of `RETENTION_DAYS`."""
    return Statistics(
        questions=sum(states.values()),
        states=states,
        today=tally.by_day.get(today, 0),
        streak=streak(tally.by_day, today),
        reviews=sum(tally.by_day.values()),
        by_day=tally.by_day,
        forecast=forecast(standings.values(), today),
        retention=_share([kept for kept, _ in tally.recalls]),
        mature_retention=_share([kept for kept, gap in tally.recalls if gap >= MATURE_DAYS]),
        ratings=tally.ratings,
        first_try=tally.coded_first / tally.coded if tally.coded else None,
    )


def streak(by_day: Mapping[date, int], today: date) -> int:
    """Study days in a row with a review, up to today, or to yesterday while today has none."""
    day = today if by_day.get(today) else today - timedelta(days=1)
    length = 0
    while by_day.get(day):
        length += 1
        day -= timedelta(days=1)
    return length


def forecast(standings: Iterable[Standing], today: date) -> Mapping[date, int]:
    """Questions due on each of the coming study days; the overdue on the first."""
    days: Counter[date] = Counter({today + timedelta(days=n): 0 for n in range(FORECAST_DAYS)})
    for standing in standings:
        if standing.memory is None or standing.suspended:
            continue
        day = max(standing.memory.due_day, today)
        if day in days:
            days[day] += 1
    return dict(sorted(days.items()))


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def state_name(standing: Standing | None, *, suspended: bool, today: date) -> str:
    """One word for where a question stands, the learner's and the card's suspension included."""
    if suspended or (standing is not None and standing.suspended):
        return "suspended"
    if standing is not None and standing.buried_until and standing.buried_until > today:
        return "buried"
    return (standing.state if standing else State.NEW).value
