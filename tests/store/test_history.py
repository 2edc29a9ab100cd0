from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.errors import StoreError
from quiz.model.question import Kind
from quiz.model.review import (
    ActionKind,
    Entry,
    Rating,
    Review,
    ReviewKind,
    Standing,
)
from quiz.model.snapshot import Snapshot
from quiz.store.history import History
from quiz.store.values import DayCount, Known
from tests.store.make import (
    START,
    action,
    at,
    entries,
    learned,
    review,
    standings,
    undo,
)

TODAY = START.date()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder%" / "내 카드" / "history.db"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with History.open(path) as opened:
        yield opened


def log_order(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.time, entry.id))


# The log


def test_an_entry_and_its_standing_are_there_after_opening_again(path: Path) -> None:
    one, standing = review(), learned()
    with History.open(path) as history:
        history.append(one, [standing])
    with History.open(path) as history:
        assert list(history.entries()) == [one]
        assert history.standings() == {"ne#dtype": standing}
        assert history.standing("ne#dtype") == standing
        assert history.standings(["eq#dtype", "ne#dtype"]) == {"ne#dtype": standing}
        assert history.standings([]) == {}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    log=st.lists(entries, max_size=12, unique_by=lambda entry: entry.id),
    stands=st.lists(standings, unique_by=lambda standing: standing.question),
)
def test_everything_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, log: list[Entry], stands: list[Standing]
) -> None:
    with History.open(tmp_path_factory.mktemp("round") / "h.db") as history:
        assert history.append_many(log, stands) == len(log)
        assert list(history.entries()) == log_order(log)
        expected = {s.question: s for s in stands if s != Standing(s.question)}
        assert history.standings() == expected


def test_the_same_id_again_changes_nothing_not_even_the_standing(history: History) -> None:
    one = review()
    history.append(one, [learned(reps=1)])
    history.append(one, [learned(reps=99)])
    assert list(history.entries()) == [one]
    assert history.standing("ne#dtype") == learned(reps=1)


def test_a_question_that_is_new_again_leaves_the_cache(history: History) -> None:
    history.append(review(), [learned()])
    history.append(action(ActionKind.FORGET, days=1), [Standing("ne#dtype")])
    assert history.standings() == {}
    assert history.standing("ne#dtype") == Standing("ne#dtype")


def test_an_import_that_fails_in_the_middle_leaves_nothing(history: History) -> None:
    def broken() -> Iterator[Entry]:
        yield from (review(days=n) for n in range(6000))
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError):
        history.append_many(broken(), [learned()])
    assert list(history.entries()) == []
    assert history.standings() == {}


def test_the_log_comes_in_order_of_time_and_id_across_its_tables_and_pages(
    history: History,
) -> None:
    # More than a page, many at one instant, appended in another order.
    log: list[Entry] = [review(days=n // 500) for n in range(5200)]
    log += [action(ActionKind.BURY, days=n, value="2026-04-01") for n in range(10)]
    history.append_many(reversed(log))
    assert list(history.entries()) == log_order(log)


def test_entries_of_some_questions_and_times_only(history: History) -> None:
    a, b, c = review("a", 1), review("b", 2), review("c", 3)
    hidden = action(ActionKind.SUSPEND, "a", 4)
    history.append_many([a, b, c, hidden])
    assert list(history.entries(question="a")) == [a, hidden]
    assert list(history.entries(question=["c", "a", "nothing"])) == [a, c, hidden]
    assert list(history.entries(question=[])) == []
    assert list(history.entries(since=at(2), until=at(3))) == [b]
    assert list(history.entries(question="a", since=at(2))) == [hidden]


def test_the_newest_entries_come_newest_first(history: History) -> None:
    log: list[Entry] = [review(days=n) for n in range(5)]
    log.append(action(ActionKind.SUSPEND, days=2.5))
    history.append_many(log)
    assert history.last_entries(3) == list(reversed(log_order(log)))[:3]


@pytest.mark.parametrize("table", ["review", "action", "question"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = x'00'", "DELETE FROM {}"])
def test_the_log_refuses_to_be_changed_by_anyone(
    history: History, path: Path, table: str, change: str
) -> None:
    history.append(review())
    history.append(action(ActionKind.SUSPEND))
    with (
        closing(sqlite3.connect(path)) as other,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        other.execute(change.format(table))
    assert len(list(history.entries())) == 2


def test_an_id_that_is_none_is_refused_before_anything_is_written(history: History) -> None:
    with pytest.raises(ValueError, match="UUID"):
        history.append(Review("17", "q", START, TODAY, Rating.GOOD))
    assert list(history.entries()) == []


# Counts


def test_the_counts_of_a_day_tell_first_reviews_from_later_ones(history: History) -> None:
    history.append_many([review("old", -3), review("old"), review("new"), review("new", 0.01)])
    assert history.counts_on(TODAY) == {
        "old": DayCount(reviews=1, first=False),
        "new": DayCount(reviews=2, first=True),
    }
    assert history.counts_on(TODAY - timedelta(days=1)) == {}


def test_cram_and_undone_reviews_do_not_count(history: History) -> None:
    cram, gone = review("a", -2, kind=ReviewKind.CRAM), review("a", -1)
    history.append_many(
        [cram, gone, undo(gone, -0.5), review("a"), review("b", kind=ReviewKind.CRAM)]
    )
    assert history.counts_on(TODAY) == {"a": DayCount(reviews=1, first=True)}


def test_a_redone_review_counts_again(history: History) -> None:
    one = review()
    gone = undo(one, 0.001)
    history.append_many([one, gone])
    assert history.undone() == {one.id}
    assert history.counts_on(TODAY) == {}
    history.append(undo(gone, 0.002))
    assert history.undone() == {gone.id}
    assert history.counts_on(TODAY) == {"ne#dtype": DayCount(reviews=1, first=True)}


def test_an_undo_of_something_that_is_no_entry_counts_for_nothing(history: History) -> None:
    history.append_many([review(), action(ActionKind.UNDO, days=1, value="the last one")])
    assert history.undone() == frozenset()


def test_a_renamed_question_is_counted_under_its_new_id_with_its_old_reviews(
    history: History,
) -> None:
    link = action(ActionKind.RELINK, "new", 0.001, "old")
    history.append_many([review("old", -5), review("old"), link, review("new", 0.002)])
    assert history.relinks() == [link]
    assert history.counts_on(TODAY) == {"new": DayCount(reviews=2, first=False)}
    history.append(undo(link, 0.003))
    assert history.relinks() == []
    assert history.counts_on(TODAY) == {
        "old": DayCount(reviews=1, first=False),
        "new": DayCount(reviews=1, first=True),
    }


# Known questions, weights, small facts


def test_a_question_that_is_gone_is_remembered_as_gone(history: History) -> None:
    ne = Snapshot("ne#dtype", Kind.TYPED, "What dtype?", "torch.bool")
    eq = Snapshot("eq#dtype", Kind.CODE, "Write `eq`.", "def eq(a, b): ...", explicit_anchor=True)
    history.remember([ne, eq])
    history.remember([], ["ne#dtype", "never seen"])
    assert history.known() == {"ne#dtype": Known(ne, False), "eq#dtype": Known(eq, True)}
    again = Snapshot("ne#dtype", Kind.TYPED, "Which dtype?", "torch.bool")
    history.remember([again])
    assert history.known()["ne#dtype"] == Known(again, True)


def test_weights_are_adopted_and_taken_back_one_after_another(history: History) -> None:
    assert history.weights() is None
    first = history.adopt_weights((0.1, 1 / 3), time=at(0), reviews=400)
    second = history.adopt_weights((0.2, 2.0), time=at(1), report={"log loss": 0.29})
    assert (first.version, second.version) == (1, 2)
    assert first.values == (0.1, 1 / 3)
    assert history.weights() == second
    assert history.revert_weights(at(2)) == first
    assert history.revert_weights(at(3)) is None
    assert history.revert_weights(at(4)) is None
    assert [row.reverted for row in history.all_weights()] == [at(3), at(2)]
    assert history.adopt_weights((0.3,), time=at(5)).version == 3


def test_small_facts_are_noted_changed_and_forgotten(history: History) -> None:
    assert history.meta("collection") is None
    history.set_meta("collection", "파이토치")
    history.set_meta("collection", "pytorch")
    assert history.meta("collection") == "pytorch"
    history.set_meta("collection", None)
    assert history.meta("collection") is None


def test_a_closed_history_says_so(history: History) -> None:
    history.close()
    history.close()
    with pytest.raises(StoreError, match="closed"):
        history.standings()


def test_a_tally_counts_what_counts_and_the_recalls_of_late(history: History) -> None:
    def graded(days: float, attempts: int, verdict: str) -> Review:
        return replace(review("code", days), attempts=attempts, verdict=verdict, device="cpu")

    undone = review("a", 39)
    log: list[Entry] = [
        review("a", 0),
        review("a", 0.01, Rating.HARD),
        review("a", 30, Rating.AGAIN),
        undone,
        review("a", 40),
        review("a", 40.01, Rating.AGAIN),
        review("a", 41, kind=ReviewKind.CRAM),
        review("b", 40, Rating.EASY),
        graded(1, 1, "pass"),
        graded(2, 2, "pass"),
        graded(3, 1, "wrong"),
        undo(undone, 50),
    ]
    history.append_many(log)
    tally = history.tally(at(25).date())
    assert tally.by_day == {
        at(0).date(): 2, at(1).date(): 1, at(2).date(): 1, at(3).date(): 1,
        at(30).date(): 1, at(40).date(): 3,
    }  # fmt: skip
    assert tally.ratings == {Rating.GOOD: 5, Rating.HARD: 1, Rating.AGAIN: 2, Rating.EASY: 1}
    assert (tally.coded, tally.coded_first) == (3, 1)
    assert sorted(tally.recalls) == [(False, 30), (True, 10)]
    assert history.size() == len(log)


def test_recalls_are_counted_over_renames_and_not_over_what_was_forgotten(
    history: History,
) -> None:
    history.append_many(
        [
            review("old", 0),
            action(ActionKind.RELINK, "new", 1, "old"),
            review("new", 30, Rating.AGAIN),
            review("again", 0),
            action(ActionKind.FORGET, "again", 20),
            review("again", 30),
            review("again", 37, Rating.EASY),
            review("plain", 28),
            review("plain", 30),
        ]
    )
    recalls = history.tally(at(25).date()).recalls
    assert sorted(recalls) == [(False, 30), (True, 2), (True, 7)]


def test_what_was_forgotten_is_seen_for_the_first_time_again(history: History) -> None:
    history.append_many(
        [review("a", 0), action(ActionKind.FORGET, "a", 1), review("a", 2), review("a", 3)]
    )
    assert history.counts_on(at(2).date())["a"].first
    assert not history.counts_on(at(3).date())["a"].first


def test_what_another_program_writes_is_noticed_once(history: History) -> None:
    history.append(review("mine"))
    assert not history.changed_elsewhere(), "what is written here is no news"
    with History.open(history.path) as other:
        assert not history.changed_elsewhere(), "nor is reading"
        other.append(review("theirs"))
    assert history.changed_elsewhere()
    assert not history.changed_elsewhere()
