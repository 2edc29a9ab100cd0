from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from quiz.model.review import Memory, Rating
from quiz.schedule.days import Calendar
from quiz.schedule.fit import Rated
from quiz.schedule.forecast import RETENTIONS, Forecast, Habits, Plan, compare, habits_of
from quiz.schedule.limits import Limits
from quiz.schedule.policy import Policy
from quiz.schedule.scheduler import Scheduler

TODAY = date(2026, 3, 2)
POLICY = Policy(new_per_day=10, reviews_per_day=60)


def forecasts(
    memories: tuple[Memory, ...] = (), new: int = 150, policy: Policy = POLICY, days: int = 120
) -> tuple[Forecast, ...]:
    plan = Plan([("", memory) for memory in memories], [""] * new)
    return compare(plan, policy, today=TODAY, days=days, retentions=(0.70, 0.85, 0.97), seed=7)


def test_the_range_goes_from_seventy_to_ninety_seven() -> None:
    assert (RETENTIONS[0], RETENTIONS[-1]) == (0.70, 0.97)


def test_more_retention_costs_more_reviews_and_brings_more_knowledge() -> None:
    low, middle, high = forecasts()
    assert low.reviews_a_day < middle.reviews_a_day < high.reviews_a_day
    assert low.known[-1] < middle.known[-1] < high.known[-1] <= 150


@pytest.mark.parametrize("retention", [0.75, 0.9])
def test_what_is_known_settles_above_the_desired_retention(retention: float) -> None:
    (year,) = compare(Plan(new=[""] * 100), POLICY, today=TODAY, days=365, retentions=(retention,))
    share = year.known[-1] / 100
    # At its due day a question is known with the desired probability, and better before.
    assert retention < share < (1 + retention) / 2 + 0.05


def test_no_day_is_over_a_limit() -> None:
    for result in forecasts(policy=Policy(new_per_day=7, reviews_per_day=12)):
        assert max(result.reviews) <= 12
        assert result.reviews[0] == 7


def test_the_limits_of_a_deck_bind_what_lies_below_it_and_leave_room_for_others() -> None:
    scheduler = Scheduler(Policy(), Calendar(UTC))
    then = datetime(2026, 2, 1, 12, tzinfo=UTC)
    overdue = scheduler.review(None, question="q", rating=Rating.EASY, now=then)
    plan = Plan(
        [("a/b", overdue)] * 30 + [("c", overdue)] * 4,
        ["a/b"] * 10 + ["c"] * 10,
        {"a": Limits(new=2, reviews=9), "c": Limits(new=3, reviews=9999)},
    )
    (one,) = compare(plan, POLICY, today=TODAY, days=3, retentions=(0.7,))
    assert one.reviews[0] == 9 + 4 + 3, "the reviews of a leave no room for new ones there"
    (tight,) = compare(
        plan, Policy(new_per_day=1, reviews_per_day=11), today=TODAY, days=1, retentions=(0.7,)
    )
    assert tight.reviews == (11,)
    (free,) = compare(Plan(plan.known, plan.new), POLICY, today=TODAY, days=1, retentions=(0.7,))
    assert free.reviews == (34 + 10,)


def test_what_is_due_today_comes_today() -> None:
    scheduler = Scheduler(Policy(), Calendar(UTC))
    then = datetime(2026, 2, 1, 12, tzinfo=UTC)
    memory = scheduler.review(None, question="q", rating=Rating.EASY, now=then)
    assert memory.due_day < TODAY
    later = scheduler.review(
        memory, question="q", rating=Rating.GOOD, now=then + timedelta(days=28)
    )
    assert later.due_day > TODAY
    for result in forecasts((memory, later), new=0):
        assert result.reviews[0] == 1
        assert sum(result.reviews) >= 2


def test_the_same_seed_gives_the_same_forecast() -> None:
    assert forecasts(new=30, days=40) == forecasts(new=30, days=40)


def test_habits_are_the_learners_own_where_there_is_a_history() -> None:
    def log(questions: int, first: Rating, later: Rating) -> list[Rated]:
        return [
            Rated(f"q{n}", 739_000 + day, rating)
            for day, rating in ((0, first), (3, later))
            for n in range(questions)
        ]

    assert habits_of([]) == Habits()
    little = habits_of(log(10, Rating.EASY, Rating.HARD))
    much = habits_of(log(10_000, Rating.EASY, Rating.HARD))
    assert Habits().first[3] < little.first[3] < 0.5
    assert much.first[3] > 0.98
    assert much.passing[0] > 0.98
    assert sum(much.first) == pytest.approx(sum(much.passing)) == pytest.approx(1)


def test_what_the_limits_leave_no_room_for_is_counted_and_progress_ends_full() -> None:
    told: list[float] = []
    scheduler = Scheduler(Policy(), Calendar(UTC))
    then = datetime(2026, 2, 1, 12, tzinfo=UTC)
    overdue = scheduler.review(None, question="q", rating=Rating.EASY, now=then)
    (tight,) = compare(
        Plan([("", overdue)] * 30, [""] * 5),
        Policy(new_per_day=10, reviews_per_day=10),
        today=TODAY,
        days=2,
        retentions=(0.8,),
        on_progress=told.append,
    )
    assert tight.reviews == (10, 10)
    assert tight.waiting == 10
    assert tight.known_days == (2,)
    assert told == [0.5, 1]
