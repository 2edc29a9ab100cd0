from __future__ import annotations

from quiz.model.log import Owners, undone
from quiz.model.review import ActionKind
from tests.store.make import action, review


def test_an_undone_entry_does_not_count() -> None:
    assert undone({"u1": "r"}) == {"r"}


def test_undoing_an_undo_is_a_redo_however_often() -> None:
    assert undone({"u1": "r", "u2": "u1"}) == {"u1"}
    assert undone({"u1": "r", "u2": "u1", "u3": "u2"}) == {"r", "u2"}


def test_one_undo_that_counts_is_enough() -> None:
    assert undone({"u1": "r", "u2": "u1", "other": "r"}) == {"u1", "r"}


def test_the_order_of_arrival_does_not_matter() -> None:
    undos = {"u1": "r", "u2": "u1", "u3": "u2", "v": "s"}
    assert undone(dict(reversed(undos.items()))) == undone(undos)


def test_a_long_chain_of_undo_and_redo_is_settled() -> None:
    chain = {f"u{n + 1}": f"u{n}" for n in range(5001)}
    assert "u0" in undone(chain)
    assert "u1" not in undone(chain)


def test_entries_follow_later_relinks_only() -> None:
    owners = Owners(
        [action(ActionKind.RELINK, "new", 5, "old"), action(ActionKind.RELINK, "b", 6, "new")]
    )
    before, after = review("old", 1), review("old", 7)
    assert owners.of(before) == "b"
    assert owners.of(after) == "old"
    assert owners.of(review("new", 5.5)) == "b"
    assert owners.earlier("b") == {"b", "new", "old"}
    assert owners.earlier("old") == {"old"}


def test_ids_that_were_swapped_and_back_come_to_an_end() -> None:
    owners = Owners(
        [action(ActionKind.RELINK, "b", 1, "a"), action(ActionKind.RELINK, "a", 2, "b")]
    )
    assert owners.of(review("a")) == "a"
    assert owners.earlier("a") == {"a", "b"}
