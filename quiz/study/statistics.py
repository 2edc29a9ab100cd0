"""Counting the log: streak, retention, forecast. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from quiz.model.review import Rating, Review, ReviewKind, Standing, State
from quiz.study.values import Statistics

FORECAST_DAYS = 30
RETENTION_DAYS = 30
MATURE_DAYS = 21
"""An interval from which a question counts as mature, as in Anki."""


def statistics(
    reviews: Sequence[Review],
    standings: Mapping[str, Standing],
    states: Mapping[str, int],
    today: date,
) -> Statistics:
    """All figures of the statistics screen; `reviews` in order of time, undone ones left out."""
    real = [review for review in reviews if review.kind is ReviewKind.REVIEW]
    by_day = Counter(review.day for review in real)
    recalled = list(_recalls(real, today - timedelta(days=RETENTION_DAYS)))
    coded = [review for review in real if review.attempts and review.device]
    return Statistics(
        questions=sum(states.values()),
        states=states,
        today=by_day[today],
        streak=streak(by_day, today),
        reviews=len(real),
        by_day=by_day,
        forecast=forecast(standings.values(), today),
        retention=_share([kept for kept, _ in recalled]),
        mature_retention=_share([kept for kept, gap in recalled if gap >= MATURE_DAYS]),
        ratings=Counter(review.rating for review in real),
        first_try=_share([r.attempts == 1 and r.verdict == "pass" for r in coded]),
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


def _recalls(reviews: Iterable[Review], since: date) -> Iterable[tuple[bool, int]]:
    """Whether each review on a later day than the one before was remembered, and the gap."""
    last: dict[str, date] = {}
    for review in reviews:
        before = last.get(review.question)
        if before is not None and review.day > before and review.day > since:
            yield review.rating is not Rating.AGAIN, (review.day - before).days
        last[review.question] = review.day


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def state_name(standing: Standing | None, *, suspended: bool, today: date) -> str:
    """One word for where a question stands, the learner's and the card's suspension included."""
    if suspended or (standing is not None and standing.suspended):
        return "suspended"
    if standing is not None and standing.buried_until and standing.buried_until > today:
        return "buried"
    return (standing.state if standing else State.NEW).value
