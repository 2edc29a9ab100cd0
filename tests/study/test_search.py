from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from quiz.model.question import Kind
from quiz.model.review import Memory, Rating, Review, Standing, State
from quiz.store.ids import new_id
from quiz.study.library import Library
from quiz.study.search import QueryError, Subject, Words, fold, in_deck, parse

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MEMORY = Memory(State.REVIEW, 12.5, 5.0, NOON, TODAY, NOON, TODAY, 9, reps=9, lapses=4)


def read(question: str) -> Words:
    prompt = "What does torch.ne return?"
    return Words(Kind.CODE, prompt, fold(f"{question}\n{prompt}"))


def unreadable(question: str) -> Words:
    raise AssertionError("the card was read")


def subject(
    *,
    suspended: bool = False,
    leech: bool = False,
    memory: Memory = MEMORY,
    read: Callable[[str], Words] = read,
) -> Subject:
    name = "tensors/ne#what"
    standing = Standing(name, memory, leech=leech)
    tags = ("autograd", "비교")
    return Subject(
        name, "tensors/basic", tags, standing, suspended=suspended, today=TODAY, read=read
    )


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


@pytest.mark.parametrize("query", ["is:due tag:비교", "return is:new", "kind:code lapses>4 torch"])
def test_a_card_is_read_for_its_words_alone_and_last_of_all(query: str) -> None:
    assert parse(query, TODAY)(subject(read=unreadable)) is (query == "is:due tag:비교")
    with pytest.raises(AssertionError, match="read"):
        parse("return", TODAY)(subject(read=unreadable))


def test_what_is_suspended_is_not_due() -> None:
    assert not parse("is:due", TODAY)(subject(suspended=True))
    assert parse("is:suspended", TODAY)(subject(suspended=True))


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


def test_words_are_found_in_cards_that_were_kept_from_an_earlier_run(
    cards: Path, open_library: Callable[[], Library]
) -> None:
    texts = {
        "back\\slash": "a\\b",
        "quoted": 'He said "yes"\\n.',
        "한글": "왜 자동 미분인가",
        "decomposed": unicodedata.normalize("NFD", "되돌려 전파"),
        "wide": "ＴＯＲＣＨ ﬁne",
        "face": "smile 😀 here",
    }
    for number, (heading, body) in enumerate(texts.items()):
        (cards / f"zz{number}.md").write_text(f"# T\n\n## {heading}\n\n{body}\n\n---\n\nA.\n")
    open_library()
    library = open_library()
    collection = library.collection
    assert all(collection.glance(entry.concept) for entry in collection.entries)

    def found(query: str) -> list[str]:
        return [row.prompt for row in open_library().rows(query) if row.question[:2] == "zz"]

    assert found("a\\\\b") == found("back\\\\slash") == ["back\\slash"]
    assert found("자동") == ["한글"]
    assert found("전파") == ["decomposed"]
    assert found("torch fine") == ["wide"]
    assert found("😀 smile") == ["face"]
    assert found('\\"yes\\"') == ["quoted"]
    assert found("zz3#decomposed") == ["decomposed"]
    assert found("smile -here") == found("nowhere") == []


def test_the_hardest_were_forgotten_most_often(library: Library) -> None:
    eq, ne, zero = (library.rows(query)[0].question for query in ("id:eq", "id:ne", "deck:loops"))
    ratings = {eq: "4131", ne: "413131", zero: "444", "gone/from#cards": "4131313"}
    library.add_to_log(
        Review(new_id(time), question, time, time.date(), Rating(int(rating)), 4000)
        for question, given in ratings.items()
        for days, rating in enumerate(given)
        if (time := NOON - timedelta(days=90 - 10 * days))
    )
    assert [(row.question, row.lapses) for row in library.hardest(9)] == [(ne, 3), (eq, 2)]
    assert [row.question for row in library.hardest(1)] == [ne]
