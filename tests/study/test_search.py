from __future__ import annotations

from datetime import date

import pytest

from quiz.study.search import QueryError, Subject, fold, in_deck, parse
from quiz.study.values import Row

TODAY = date(2026, 3, 2)


def subject(**changes: object) -> Subject:
    values: dict[str, object] = {
        "question": "tensors/ne#what",
        "kind": "code",
        "deck": "tensors/basic",
        "prompt": "What does torch.ne return?",
        "tags": ("autograd", "비교"),
        "state": "review",
        "due": None,
        "stability": 12.5,
        "difficulty": 5.0,
        "lapses": 4,
        "reps": 9,
    }
    row = Row(**{**values, **changes})  # type: ignore[arg-type]
    return Subject(row, fold(f"{row.question} {row.prompt}"), date(2026, 3, 2))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "torch.NE",
        "return what",
        '"ne return"',
        "kind:code tag:autograd deck:tensors lapses>3",
        "tag:비교",
        "is:due",
        "due:0",
        "due:7 -is:suspended",
        "stability>=12.5 difficulty<6 reps=9",
        "-kind:recall",
        "id:tensors/ne",
    ],
)
def test_these_find_it(query: str) -> None:
    assert parse(query, TODAY)(subject())


@pytest.mark.parametrize(
    "query",
    ["eq", "kind:recall", "tag:auto", "deck:tens", "lapses>4", "due:-1", "is:new", "-torch"],
)
def test_these_do_not(query: str) -> None:
    assert not parse(query, TODAY)(subject())


def test_what_is_suspended_is_not_due() -> None:
    assert not parse("is:due", TODAY)(subject(state="suspended"))
    assert parse("is:suspended", TODAY)(subject(state="suspended"))


@pytest.mark.parametrize("query", ["kind:nonsense", "is:gone", "due:soon", "lapses>many", '"open'])
def test_what_cannot_be_understood_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query, TODAY)


def test_a_deck_holds_the_decks_below_it_and_no_namesakes() -> None:
    assert in_deck("a/b", "a")
    assert in_deck("a", "a")
    assert in_deck("a", "")
    assert not in_deck("ab", "a")


def test_leeches_are_found() -> None:
    assert parse("is:leech", TODAY)(subject(leech=True))
    assert not parse("is:leech", TODAY)(subject())
