from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.model.review import Memory, Rating, Review, State
from quiz.schedule.days import Calendar
from quiz.schedule.policy import Policy
from quiz.schedule.scheduler import Scheduler
from quiz.schedule.weights import DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS

AGAIN, HARD, GOOD, EASY = Rating
CALENDAR = Calendar(UTC)
START = datetime(2026, 3, 2, 12, 30, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def scheduler(
    calendar: Calendar = CALENDAR, policy: Policy | None = None, *, fuzz: bool = False
) -> Scheduler:
    return Scheduler(policy or Policy(fuzz=fuzz), calendar)


def known(interval: int, stability: float | None = None, lapses: int = 0) -> Memory:
    """A question in review that was last seen on START's day."""
    due_day = CALENDAR.day(START) + interval * DAY
    return Memory(
        state=State.REVIEW,
        stability=stability or float(interval),
        difficulty=5.0,
        due=CALENDAR.start(due_day),
        due_day=due_day,
        last_time=START,
        last_day=CALENDAR.day(START),
        interval=interval,
        reps=5,
        lapses=lapses,
    )


class TestAgreesWithTheReference:
    def test_stability_and_difficulty_of_the_published_history(self) -> None:
        memory = None
        now = START
        for rating, gap in zip([1, 3, 3, 3, 3, 3], [0, 0, 1, 3, 8, 21], strict=True):
            now += gap * DAY + MINUTE
            memory = scheduler().review(memory, question="q", rating=Rating(rating), now=now)
        assert memory is not None
        assert memory.stability == pytest.approx(53.62691, abs=1e-4)
        assert memory.difficulty == pytest.approx(6.3574867, abs=1e-5)

    def test_intervals_of_the_thirteen_reviews(self) -> None:
        memory = None
        now = START
        intervals = []
        for rating in [GOOD] * 6 + [AGAIN] * 2 + [GOOD] * 5:
            memory = scheduler().review(memory, question="q", rating=rating, now=now)
            intervals.append(memory.interval)
            now = memory.due
        assert intervals == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]

    def test_random_weights_and_histories(self) -> None:
        rng = Random(6)
        compared = 0
        for _ in range(300):
            weights = tuple(
                min(max(w * rng.uniform(0.6, 1.5), low), high)
                for w, low, high in zip(DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS, strict=True)
            )
            theirs = fsrs.Scheduler(weights, learning_steps=(), relearning_steps=())
            ours = Scheduler(Policy(weights=weights), Calendar(ZoneInfo("Asia/Seoul")))
            card = fsrs.Card(card_id=1, due=START)
            memory: Memory | None = None
            now = START
            for _ in range(rng.randint(1, 12)):
                gap = rng.choice([0, 0, 1, 1, 2, 5, 13, 40, 120])
                # Any time of the study day, which is 19:00 to 19:00 UTC; the reference sees noon.
                now += gap * DAY
                instant = now.replace(hour=0) + rng.randrange(18 * 3600) * timedelta(seconds=1)
                if memory and instant <= memory.last_time:
                    instant = memory.last_time + timedelta(seconds=1)
                rating = rng.choice(list(Rating))
                card, _ = theirs.review_card(card, fsrs.Rating(rating), now)
                memory = ours.review(memory, question="q", rating=rating, now=instant)
                assert card.stability is not None
                if card.stability > 36500:
                    break
                assert memory.stability == pytest.approx(card.stability, rel=1e-4)
                assert memory.difficulty == pytest.approx(card.difficulty, rel=1e-4)
                compared += 1
        assert compared > 1000

    def test_retrievability_is_that_of_the_package_and_nine_tenths_after_the_stability(
        self,
    ) -> None:
        memory = known(10)
        card = fsrs.Card(card_id=1, stability=10.0, difficulty=5.0, due=START, last_review=START)
        # Before the review, too: a log may hold reviews of a clock that went ahead.
        for days in (-2000, -1, 0, 1, 10, 300):
            now = START + days * DAY
            assert scheduler().retrievability(memory, now) == pytest.approx(
                fsrs.Scheduler().get_card_retrievability(card, now)
            )
        assert scheduler().retrievability(memory, START + 10 * DAY) == pytest.approx(0.9)

    def test_the_interval_follows_the_desired_retention(self) -> None:
        for retention in (0.75, 0.9, 0.97):
            ours = scheduler(policy=Policy(fuzz=False, desired_retention=retention))
            after = ours.review(known(30), question="q", rating=GOOD, now=START + 30 * DAY)
            assert ours.retrievability(after, after.due) == pytest.approx(retention, abs=0.003)


class TestSteps:
    def test_a_new_question_takes_a_minute_then_ten_then_days(self) -> None:
        first = scheduler().options(None, question="q", now=START)
        assert [first[r].due - START for r in (AGAIN, HARD, GOOD)] == [
            MINUTE,
            5.5 * MINUTE,
            10 * MINUTE,
        ]
        assert [first[r].state for r in Rating] == [State.LEARNING] * 3 + [State.REVIEW]
        assert [first[r].step for r in (AGAIN, HARD, GOOD)] == [0, 0, 1]
        assert first[EASY].interval == 8

        second = scheduler().options(first[GOOD], question="q", now=START + 10 * MINUTE)
        assert second[AGAIN].step == 0
        assert second[HARD].due - START == 20 * MINUTE
        assert second[HARD].step == 1
        assert second[GOOD].state is State.REVIEW
        assert second[GOOD].interval == 2

    def test_hard_on_an_only_step_is_half_as_long_again_but_at_most_a_day_longer(self) -> None:
        def hard(step: timedelta) -> timedelta:
            ours = scheduler(policy=Policy(learning_steps=(step,)))
            return ours.review(None, question="q", rating=HARD, now=START).due - START

        assert hard(10 * MINUTE) == 15 * MINUTE
        four_days = CALENDAR.start(CALENDAR.day(START) + 4 * DAY) - START
        assert hard(3 * DAY) == four_days

    def test_without_steps_every_rating_leads_to_days(self) -> None:
        ours = scheduler(policy=Policy(learning_steps=(), relearning_steps=(), fuzz=False))
        options = ours.options(None, question="q", now=START)
        assert [options[r].interval for r in Rating] == [1, 1, 2, 8]
        lapsed = ours.review(known(30), question="q", rating=AGAIN, now=START + 30 * DAY)
        assert (lapsed.state, lapsed.lapses) == (State.REVIEW, 1)
        assert lapsed.interval >= 1

    def test_a_lapse_takes_a_relearning_step_and_is_counted_once(self) -> None:
        now = START + 30 * DAY
        lapsed = scheduler().review(known(30), question="q", rating=AGAIN, now=now)
        assert (lapsed.state, lapsed.lapses, lapsed.step) == (State.RELEARNING, 1, 0)
        assert lapsed.due == now + 10 * MINUTE
        again = scheduler().review(lapsed, question="q", rating=AGAIN, now=lapsed.due)
        assert (again.state, again.lapses) == (State.RELEARNING, 1)
        hard = scheduler().review(again, question="q", rating=HARD, now=again.due)
        assert hard.due - hard.last_time == 15 * MINUTE
        back = scheduler().review(hard, question="q", rating=GOOD, now=hard.due)
        assert (back.state, back.lapses) == (State.REVIEW, 1)

    def test_a_step_of_days_ends_when_its_study_day_begins(self) -> None:
        ours = scheduler(policy=Policy(learning_steps=(10 * MINUTE, 2 * DAY)))
        waiting = ours.review(None, question="q", rating=GOOD, now=START)
        assert waiting.state is State.LEARNING
        assert waiting.due_day == CALENDAR.day(START) + 2 * DAY
        assert waiting.due == CALENDAR.start(waiting.due_day)

    def test_a_step_removed_from_the_settings_does_not_strand_the_question(self) -> None:
        three = Policy(learning_steps=(MINUTE, 10 * MINUTE, 60 * MINUTE))
        waiting = scheduler(policy=three).review(None, question="q", rating=GOOD, now=START)
        waiting = scheduler(policy=three).review(
            waiting, question="q", rating=GOOD, now=waiting.due
        )
        assert waiting.step == 2
        one = scheduler(policy=Policy(learning_steps=(MINUTE,)))
        none = scheduler(policy=Policy(learning_steps=()))
        for ours in (one, none):
            assert (
                ours.review(waiting, question="q", rating=GOOD, now=waiting.due).state
                is State.REVIEW
            )


class TestClocks:
    def test_a_clock_set_back_neither_breaks_nor_lengthens_anything(self) -> None:
        memory = known(10)
        options = scheduler().options(memory, question="q", now=START - 400 * DAY)
        same_day = scheduler().options(memory, question="q", now=START + MINUTE)
        for rating in Rating:
            assert options[rating].stability == pytest.approx(same_day[rating].stability)
            assert options[rating].last_time > memory.last_time
            assert options[rating].last_day == CALENDAR.day(START - 400 * DAY)

    def test_midnight_does_not_begin_a_study_day(self) -> None:
        calendar = Calendar(ZoneInfo("Europe/Berlin"))
        evening = datetime(2026, 5, 5, 23, 50, tzinfo=calendar.timezone)
        night = datetime(2026, 5, 6, 3, 59, tzinfo=calendar.timezone)
        morning = datetime(2026, 5, 6, 4, 0, tzinfo=calendar.timezone)
        ours = scheduler(calendar)
        learned = ours.review(None, question="q", rating=EASY, now=evening)
        assert ours.retrievability(learned, night) == 1.0
        assert ours.retrievability(learned, morning) < 1.0
        assert learned.due_day == date(2026, 5, 13)
        assert learned.due == datetime(2026, 5, 13, 2, tzinfo=UTC)

    def test_a_step_across_the_rollover_still_takes_its_minutes(self) -> None:
        now = datetime(2026, 5, 6, 3, 55, tzinfo=UTC)
        options = scheduler().options(None, question="q", now=now)
        assert options[GOOD].due == now + 10 * MINUTE
        assert options[GOOD].due_day == date(2026, 5, 6)
        dues = [options[r].due for r in Rating]
        assert dues == sorted(set(dues))

    def test_a_naive_time_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            scheduler().options(None, question="q", now=START.replace(tzinfo=None))


memories = st.one_of(
    st.none(),
    st.builds(
        lambda interval, stability, difficulty, lapses: Memory(
            state=State.REVIEW,
            stability=stability,
            difficulty=difficulty,
            due=START + interval * DAY,
            due_day=CALENDAR.day(START) + interval * DAY,
            last_time=START,
            last_day=CALENDAR.day(START),
            interval=interval,
            reps=4,
            lapses=lapses,
        ),
        st.integers(1, 36500),
        st.floats(0.001, 36500),
        st.floats(1, 10),
        st.integers(0, 20),
    ),
    st.builds(
        lambda state, step, stability, difficulty: Memory(
            state=state,
            stability=stability,
            difficulty=difficulty,
            due=START,
            due_day=CALENDAR.day(START),
            last_time=START,
            last_day=CALENDAR.day(START),
            interval=0,
            step=step,
        ),
        st.sampled_from([State.LEARNING, State.RELEARNING]),
        st.integers(0, 3),
        st.floats(0.001, 300),
        st.floats(1, 10),
    ),
)

steps = st.lists(st.integers(1, 4 * 24 * 60), max_size=3, unique=True).map(
    lambda minutes: tuple(m * MINUTE for m in sorted(minutes))
)

policies = st.builds(
    Policy,
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.sampled_from([1, 2, 5, 90, 36500]),
    fuzz=st.booleans(),
    balance=st.booleans(),
    desired_retention=st.floats(0.7, 0.99),
    easy_days=st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 7),
)


class TestButtons:
    @settings(max_examples=400)
    @given(
        memory=memories,
        policy=policies,
        elapsed=st.integers(0, 5000),
        minute=st.integers(0, 1439),
        load=st.none() | st.dictionaries(st.integers(1, 60), st.integers(0, 50), max_size=30),
        question=st.text(max_size=5),
    )
    def test_show_what_is_stored_in_strict_order(
        self,
        memory: Memory | None,
        policy: Policy,
        elapsed: int,
        minute: int,
        load: dict[int, int] | None,
        question: str,
    ) -> None:
        now = START.replace(hour=0, minute=0) + elapsed * DAY + minute * MINUTE
        ours = scheduler(policy=policy)
        days = None if load is None else {CALENDAR.day(now) + d * DAY: n for d, n in load.items()}
        options = ours.options(memory, question=question, now=now, load=days)
        for rating in Rating:
            assert options[rating] == ours.review(
                memory, question=question, rating=rating, now=now, load=days
            )
            after = options[rating]
            assert after.interval <= policy.maximum_interval
            assert after.due > now
            assert (after.interval > 0) == (after.state is State.REVIEW)
            if after.state is State.REVIEW:
                assert after.due_day == CALENDAR.day(now) + after.interval * DAY
        for lower, upper in pairwise((HARD, GOOD, EASY)):
            if options[upper].interval == policy.maximum_interval:
                continue
            assert options[lower].due < options[upper].due
            assert options[lower].interval <= options[upper].interval

    def test_a_pass_lengthens_the_interval_after_fuzz(self) -> None:
        for n in range(200):
            memory = known(20, stability=20.0)
            after = scheduler(fuzz=True).review(
                memory, question=f"q{n}", rating=HARD, now=START + 20 * DAY
            )
            assert after.interval > 20

    def test_fuzz_differs_between_questions_and_repetitions_but_not_between_calls(self) -> None:
        ours = scheduler(fuzz=True)
        now = START + 100 * DAY

        def interval(question: str) -> int:
            return ours.review(known(100), question=question, rating=GOOD, now=now).interval

        assert len({interval(f"q{n}") for n in range(50)}) > 10
        assert interval("q1") == interval("q1")


class TestReplayed:
    @settings(max_examples=200)
    @given(
        memory=memories,
        policy=policies,
        rating=st.sampled_from(Rating),
        minute=st.integers(0, 1439),
    )
    def test_the_log_gives_back_what_was_stored(
        self, memory: Memory | None, policy: Policy, rating: Rating, minute: int
    ) -> None:
        now = START.replace(hour=0, minute=0) + 9 * DAY + minute * MINUTE
        ours = scheduler(policy=policy)
        load = {CALENDAR.day(now) + d * DAY: d % 7 for d in range(1, 100)}
        after = ours.review(memory, question="q", rating=rating, now=now, load=load)
        review = Review("1", "q", after.last_time, after.last_day, rating, due=after.due)
        assert ours.replayed(memory, review) == after

    def test_a_log_without_due_times_is_scheduled_without_balance(self) -> None:
        ours = scheduler(fuzz=True)
        now = START + 30 * DAY
        for rating in Rating:
            review = Review("1", "q", now, CALENDAR.day(now), rating)
            assert ours.replayed(known(30), review) == ours.review(
                known(30), question="q", rating=rating, now=now
            )

    def test_the_log_keeps_its_due_day_after_a_journey(self) -> None:
        seoul = scheduler(Calendar(ZoneInfo("Asia/Seoul")))
        for hour in range(24):
            now = START.replace(hour=hour, minute=41)
            for rating in (GOOD, EASY):
                after = seoul.review(known(1, 1.2), question="q", rating=rating, now=now + DAY)
                review = Review("1", "q", after.last_time, after.last_day, rating, due=after.due)
                for zone in ("Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"):
                    elsewhere = scheduler(Calendar(ZoneInfo(zone)))
                    there = elsewhere.replayed(known(1, 1.2), review)
                    assert (there.due_day, there.interval) == (after.due_day, after.interval)

    def test_changed_steps_do_not_contradict_the_logged_due_time(self) -> None:
        with_steps, without = scheduler(), scheduler(policy=Policy(learning_steps=(), fuzz=False))
        for ours, theirs in ((with_steps, without), (without, with_steps)):
            after = ours.review(None, question="q", rating=GOOD, now=START)
            review = Review("1", "q", START, after.last_day, GOOD, due=after.due)
            there = theirs.replayed(None, review)
            assert (there.state, there.due, there.interval) == (
                after.state,
                after.due,
                after.interval,
            )
