from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.errors import StoreError
from quiz.model.review import Action, ActionKind, Entry, Standing
from quiz.store import merge as joining
from quiz.store.history import History
from tests.store.make import action, entries, learned, review, undo


def made(path: Path, log: Iterable[Entry]) -> Path:
    with History.open(path) as history:
        history.append_many(log)
    return path


def merge(history: History, other: Path) -> int:
    return joining.merge(history, other, lambda histories, relinks: {})[0]


def log_of(path: Path) -> list[Entry]:
    with History.open(path) as history:
        return list(history.entries())


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    everything=st.lists(entries, max_size=9, unique_by=lambda entry: entry.id),
    places=st.lists(st.sets(st.sampled_from("abc"), min_size=1), min_size=9, max_size=9),
)
def test_the_order_of_merges_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, everything: list[Entry], places: list[set[str]]
) -> None:
    folder = tmp_path_factory.mktemp("merge")

    def devices(run: str) -> dict[str, Path]:
        return {
            name: made(
                folder / f"{run}-{name}.db",
                [e for e, where in zip(everything, places, strict=False) if name in where],
            )
            for name in "abc"
        }

    def join(target: Path, *others: Path) -> list[Entry]:
        with History.open(target) as history:
            for other in others:
                merge(history, other)
        return log_of(target)

    union = sorted(everything, key=lambda entry: (entry.time, entry.id))
    one, two, three = devices("1"), devices("2"), devices("3")
    assert join(one["a"], one["b"], one["c"]) == union
    assert join(two["c"], two["b"], two["a"], two["a"]) == union, "commutative, idempotent"
    join(three["b"], three["c"])
    assert join(three["a"], three["b"]) == union, "associative"


def test_only_what_was_lacking_is_counted_and_the_other_is_left_alone(tmp_path: Path) -> None:
    shared, mine, theirs = review("a"), review("b", 1), review("c", 2)
    here = made(tmp_path / "here.db", [shared, mine])
    there = made(tmp_path / "there.db", [shared, theirs])
    before = there.read_bytes()
    with History.open(here) as history:
        assert merge(history, there) == 1
        assert merge(history, there) == 0
    assert there.read_bytes() == before


def test_an_undo_that_comes_from_elsewhere_counts_before_and_after_its_review(
    tmp_path: Path,
) -> None:
    one = review()
    phone = made(tmp_path / "phone.db", [undo(one)])
    laptop = made(tmp_path / "laptop.db", [one])
    with History.open(tmp_path / "all.db") as history:
        merge(history, phone)
        merge(history, laptop)
        assert history.undone() == {one.id}
        assert history.tally(date.min).by_day == {}


def test_the_standings_are_what_is_made_of_the_whole_log_or_nothing_was_added(
    tmp_path: Path,
) -> None:
    there = made(tmp_path / "there.db", [review("a"), undo(gone := review("b", 1), 2), gone])
    here = made(tmp_path / "here.db", [review("a", 3), action(ActionKind.SUSPEND, "c")])

    def fold(
        histories: Iterable[tuple[str, list[Entry]]], relinks: list[Action]
    ) -> dict[str, Standing]:
        return {question: learned(question, reps=len(log)) for question, log in histories}

    def broken(
        histories: Iterable[tuple[str, list[Entry]]], relinks: list[Action]
    ) -> dict[str, Standing]:
        raise RuntimeError("no such day")

    with History.open(here) as history:
        with pytest.raises(RuntimeError):
            joining.merge(history, there, broken)
        assert history.size() == 2
        assert joining.merge(history, there, fold)[0] == 3
        assert history.standings() == {"a": learned("a", reps=2), "c": learned("c", reps=1)}


def test_a_history_cannot_be_merged_with_what_is_none(tmp_path: Path) -> None:
    here = made(tmp_path / "here.db", [action(ActionKind.SUSPEND)])
    other = tmp_path / "notes.txt"
    other.write_text("no database")
    with History.open(here) as history, pytest.raises(StoreError, match="not a database"):
        merge(history, other)
    assert len(log_of(here)) == 1


def test_a_history_merged_with_itself_stays_as_it_is(tmp_path: Path) -> None:
    here = made(tmp_path / "here.db", [review("a"), review("b", 1)])
    with History.open(here) as history:
        assert merge(history, here) == 0
    assert len(log_of(here)) == 2
