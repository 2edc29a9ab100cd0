from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.model.log import Owners, effective
from quiz.model.review import (
    Action,
    ActionKind,
    Entry,
    Rating,
    Review,
    ReviewKind,
    Standing,
    State,
)
from quiz.schedule.days import Calendar
from quiz.schedule.policy import Policy
from quiz.schedule.replay import advance, fold, is_leech, memories_after, standing_of
from quiz.schedule.scheduler import Scheduler

CALENDAR = Calendar(UTC)
SCHEDULER = Scheduler(Policy(), CALENDAR)
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def replayed(log: Iterable[Entry], scheduler: Scheduler = SCHEDULER) -> dict[str, Standing]:
    kept = effective(log)
    histories: dict[str, list[Entry]] = {}
    for entry in kept:
        histories.setdefault(entry.question, []).append(entry)
    return fold(histories.items(), Owners(kept), lambda question: scheduler)


def review(
    n: int, rating: Rating = Rating.GOOD, question: str = "q", kind: ReviewKind = ReviewKind.REVIEW
) -> Review:
    """The log's entry number `n`, a day after the one before."""
    time = START + n * DAY
    return Review(f"{n:04}", question, time, CALENDAR.day(time), rating, kind=kind)


def action(n: int, kind: ActionKind, value: str = "", question: str = "q") -> Action:
    time = START + n * DAY
    return Action(f"{n:04}", question, time, CALENDAR.day(time), kind, value)


def undo(n: int, target: int, question: str = "q") -> Action:
    return action(n, ActionKind.UNDO, f"{target:04}", question)


class TestStandings:
    def test_a_review_is_scheduled_by_what_came_before_it(self) -> None:
        log = [review(0), review(1), review(5)]
        memory = None
        for entry in log:
            memory = SCHEDULER.replayed(memory, entry)
        assert replayed(log) == {"q": Standing("q", memory)}

    def test_a_logged_due_time_wins_over_a_computed_one(self) -> None:
        due = CALENDAR.start(date(2026, 4, 1))
        entry = Review("1", "q", START, CALENDAR.day(START), Rating.EASY, due=due)
        memory = replayed([entry])["q"].memory
        assert memory is not None
        assert (memory.due, memory.due_day, memory.interval) == (due, date(2026, 4, 1), 30)

    def test_cram_changes_nothing(self) -> None:
        assert replayed([review(0, kind=ReviewKind.CRAM)]) == {}
        log: list[Entry] = [review(0), review(1)]
        assert replayed([*log, review(2, kind=ReviewKind.CRAM)]) == replayed(log)

    def test_suspending_and_burying_last_until_they_are_taken_back(self) -> None:
        log: list[Entry] = [action(0, ActionKind.SUSPEND), action(1, ActionKind.BURY, "2026-03-05")]
        assert standing_of(log, SCHEDULER) == Standing("q", None, True, date(2026, 3, 5))
        log += [action(2, ActionKind.UNSUSPEND), action(3, ActionKind.UNBURY)]
        assert standing_of(log, SCHEDULER) == Standing("q")

    def test_forgetting_makes_it_new(self) -> None:
        assert replayed([review(0), review(1), action(2, ActionKind.FORGET)]) == {}

    def test_set_due_moves_a_known_question(self) -> None:
        before = standing_of([review(0, Rating.EASY)], SCHEDULER).memory
        log: list[Entry] = [review(0, Rating.EASY), action(1, ActionKind.SET_DUE, "2026-03-20")]
        after = standing_of(log, SCHEDULER).memory
        assert before is not None
        assert after is not None
        assert after.due == CALENDAR.start(date(2026, 3, 20))
        assert (after.state, after.interval) == (State.REVIEW, 18)
        assert (after.stability, after.reps) == (before.stability, before.reps)

    def test_set_due_makes_a_new_question_known(self) -> None:
        standing = standing_of([action(0, ActionKind.SET_DUE, "2026-03-12")], SCHEDULER)
        assert standing.memory is not None
        assert (standing.state, standing.memory.due_day) == (State.REVIEW, date(2026, 3, 12))
        assert standing.memory.stability == 10
        again = advance(standing, review(10), SCHEDULER)
        assert again.memory is not None
        assert again.memory.interval > 10

    def test_the_memory_after_each_review_is_told(self) -> None:
        log: list[Entry] = [
            review(0),
            action(1, ActionKind.SUSPEND),
            review(2),
            review(3),
            undo(4, 3),
        ]
        told = memories_after(log, SCHEDULER)
        assert [entry.id for entry, _ in told] == ["0000", "0002"]
        assert told[-1][1] == standing_of(log, SCHEDULER).memory
        assert told[0][1] == standing_of(log[:1], SCHEDULER).memory


class TestLeeches:
    @pytest.mark.parametrize(
        ("threshold", "leeches"), [(8, [8, 12, 16, 20]), (5, [5, 8, 11, 14, 17, 20]), (0, [])]
    )
    def test_come_at_the_threshold_and_every_half_of_it(
        self, threshold: int, leeches: list[int]
    ) -> None:
        assert [n for n in range(21) if is_leech(n, threshold)] == leeches

    def test_are_suspended_and_stay_marked(self) -> None:
        scheduler = Scheduler(Policy(leech_threshold=2, relearning_steps=()), CALENDAR)
        log: list[Entry] = [review(0, Rating.EASY), review(8, Rating.AGAIN)]
        assert not standing_of(log, scheduler).leech
        log.append(review(9, Rating.AGAIN))
        leech = standing_of(log, scheduler)
        assert (leech.leech, leech.suspended) == (True, True)
        freed = standing_of([*log, action(10, ActionKind.UNSUSPEND)], scheduler)
        assert (freed.leech, freed.suspended) == (True, False)
        assert standing_of([*log, undo(11, 9)], scheduler).suspended is False


class TestUndo:
    def test_takes_back_a_review_or_an_action(self) -> None:
        log: list[Entry] = [review(0), review(1), action(2, ActionKind.SUSPEND)]
        assert replayed([*log, undo(3, 2)]) == replayed(log[:2])
        assert replayed([*log, undo(3, 2), undo(4, 1)]) == replayed(log[:1])

    def test_of_an_undo_is_a_redo_any_number_of_times(self) -> None:
        log: list[Entry] = [review(0), review(1)]
        done, undone = replayed(log), replayed(log[:1])
        for n in range(2, 2000):
            log.append(undo(n, n - 1))
        assert replayed(log) == done
        assert replayed(log[:-1]) == undone

    def test_of_what_is_not_there_or_in_a_circle_does_nothing(self) -> None:
        log: list[Entry] = [review(0), undo(1, 77), undo(2, 3), undo(3, 2)]
        assert effective(log) == [log[0]]


class TestRelink:
    def test_moves_the_history_so_far(self) -> None:
        log: list[Entry] = [
            review(0, question="old"),
            review(1, question="old"),
            action(2, ActionKind.RELINK, "old", question="new"),
            review(4, question="new"),
            review(5, question="old"),
        ]
        standings = replayed(log)
        assert standings["new"].memory is not None
        assert standings["new"].memory.reps == 3
        assert standings["old"].memory is not None
        assert standings["old"].memory.reps == 1

    def test_joins_two_histories_by_time(self) -> None:
        log: list[Entry] = [
            review(0, question="a"),
            review(1, Rating.AGAIN, question="b"),
            review(2, question="a"),
            action(3, ActionKind.RELINK, "a", question="b"),
        ]
        alone = [review(0), review(1, Rating.AGAIN), review(2)]
        joined = replayed(log)["b"].memory
        expected = standing_of(alone, Scheduler(Policy(fuzz=False), CALENDAR)).memory
        assert joined is not None
        assert expected is not None
        assert (joined.stability, joined.reps) == (expected.stability, 3)

    def test_can_be_undone(self) -> None:
        log: list[Entry] = [
            review(0, question="old"),
            action(1, ActionKind.RELINK, "old", question="new"),
        ]
        assert set(replayed(log)) == {"new"}
        assert set(replayed([*log, undo(2, 1)])) == {"old"}


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """Some thirty entries about three questions, of every kind, undo and relink above all."""
    rng = Random(draw(st.integers(0, 10**9)))
    names = ["a", "b", "c"]
    log: list[Entry] = []
    for n in range(draw(st.integers(1, 30))):
        question = rng.choice(names)
        kind = rng.choice(["review"] * 5 + ["undo", "relink", "relink", "forget", "suspend", "due"])
        match kind:
            case "undo" if n:
                log.append(undo(n, rng.randrange(n), question))
            case "relink":
                log.append(action(n, ActionKind.RELINK, rng.choice(names), question))
            case "forget":
                log.append(action(n, ActionKind.FORGET, question=question))
            case "suspend":
                log.append(action(n, ActionKind.SUSPEND, question=question))
            case "due":
                day = (CALENDAR.day(START) + (n + 3) * DAY).isoformat()
                log.append(action(n, ActionKind.SET_DUE, day, question))
            case _:
                log.append(review(n, rng.choice(list(Rating)), question))
    return log


@settings(max_examples=150)
@given(log=logs(), seed=st.integers())
def test_the_order_of_arrival_does_not_matter(log: list[Entry], seed: int) -> None:
    shuffled = log + log[:3]
    Random(seed).shuffle(shuffled)
    assert replayed(shuffled) == replayed(log)


@settings(max_examples=150)
@given(log=logs())
def test_one_question_from_its_own_entries_stands_as_in_the_whole_log(log: list[Entry]) -> None:
    standings = replayed(log)
    kept = effective(log)
    owners = Owners(kept)
    for question in ("a", "b", "c"):
        own = [entry for entry in kept if owners.of(entry) == question]
        assert {entry.question for entry in own} <= owners.earlier(question)
        alone = standing_of(own, SCHEDULER, question)
        assert alone == standings.get(question, Standing(question))


@settings(max_examples=100)
@given(ratings=st.lists(st.sampled_from(Rating), min_size=1, max_size=12), seed=st.integers(0, 99))
def test_what_was_scheduled_is_what_the_log_replays_to(ratings: list[Rating], seed: int) -> None:
    rng = Random(seed)
    standing = Standing("q")
    log: list[Entry] = []
    now = START
    for n, rating in enumerate(ratings):
        load = {CALENDAR.day(now) + d * DAY: rng.randrange(9) for d in range(1, 90)}
        memory = SCHEDULER.review(standing.memory, question="q", rating=rating, now=now, load=load)
        log.append(
            Review(f"{n:04}", "q", memory.last_time, memory.last_day, rating, due=memory.due)
        )
        standing = advance(standing, log[-1], SCHEDULER)
        assert standing.memory == memory
        now = max(memory.due, now) + rng.randrange(-600, 40000) * timedelta(minutes=1)
    assert replayed(log) == {"q": standing}
