"""Ids that stay while their questions trade places: histories go with the text, never astray."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quiz.model.review import Rating, Review
from quiz.store.ids import new_id
from quiz.study.exchange import export_log, import_log
from quiz.study.library import Library

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def card(name: str, *, more: str = "") -> str:
    """A card whose headings are those of every other one."""
    return (
        f"# {name}\n\n## What does it do?\n\n"
        f"It is about {name}, and {len(name)} letters long.{more}\n\n"
        f"## What does this print?\n\n```python predict\nprint(torch.{name}(torch.ones(3)))\n```\n"
    )


class Desk:
    """A learner who has answered every question once, naming what it was about."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.root = folder / "cards"
        self.root.mkdir()
        self.now = START
        self.save(**files)
        self.library = Library.open(self.root, folder / "history.db", clock=lambda: self.now)
        self.library.add_to_log(
            Review(new_id(self.now), one.id, self.now, self.now.date(), Rating.GOOD, answer=one.id)
            for one in self.library.collection.questions.values()
        )

    def save(self, **files: str) -> None:
        self.now += timedelta(hours=1)
        for path in self.root.glob("*.md"):
            path.unlink()
        for name, text in files.items():
            (self.root / f"{name}.md").write_text(text, encoding="utf-8")
        if hasattr(self, "library"):
            self.library.reload()

    def whose(self, question: str) -> list[str]:
        """What the reviews of a question were given to."""
        entries = self.library.ledger.entries(question)
        found = [entry.answer for entry in entries if isinstance(entry, Review)]
        assert (self.library.standing(question).memory is not None) is bool(found)
        return found


Q, P = "what-does-it-do", "what-does-this-print"


def test_files_that_trade_names_take_their_histories_along(tmp_path: Path) -> None:
    desk = Desk(tmp_path, a=card("sum"), b=card("prod"))
    desk.save(a=card("prod"), b=card("sum"))
    for anchor in (Q, P):
        assert desk.whose(f"a#{anchor}") == [f"b#{anchor}"]
        assert desk.whose(f"b#{anchor}") == [f"a#{anchor}"]
    desk.save(a=card("sum"), b=card("prod"))
    assert [desk.whose(f"{name}#{Q}") for name in "ab"] == [[f"{name}#{Q}"] for name in "ab"]


def test_three_files_in_a_circle_and_a_fourth_that_follows(tmp_path: Path) -> None:
    texts = [card(name) for name in ("sum", "prod", "cumsum", "argmax")]
    desk = Desk(tmp_path, a=texts[0], b=texts[1], c=texts[2], d=texts[3])
    desk.save(b=texts[0], c=texts[1], a=texts[2], e=texts[3])
    assert [desk.whose(f"{name}#{Q}") for name in "bcae"] == [[f"{name}#{Q}"] for name in "abcd"]
    assert desk.whose(f"d#{Q}") == []


def test_a_heading_used_anew_does_not_keep_the_history_of_the_old_question(tmp_path: Path) -> None:
    before = card("sum")
    desk = Desk(tmp_path, a=before)
    reworded = before.replace("## What does this print?", "## What does this print for ones?")
    other = "\n## What does this print?\n\n```python predict\nx = {1: 2}\nprint(x.get(5))\n```\n"
    desk.save(a=reworded + other)
    assert desk.whose("a#what-does-this-print-for-ones") == [f"a#{P}"]
    assert desk.whose(f"a#{P}") == []


@pytest.mark.parametrize("more", ["", " More."])
def test_a_copy_takes_nothing_from_the_original(tmp_path: Path, more: str) -> None:
    desk = Desk(tmp_path, a=card("sum"))
    desk.save(a=card("sum", more=more), b=card("sum"))
    assert desk.whose(f"a#{Q}") == [f"a#{Q}"]
    assert desk.whose(f"b#{Q}") == []


def test_an_answer_written_anew_keeps_its_history(tmp_path: Path) -> None:
    desk = Desk(tmp_path, a=card("sum"), b=card("prod"))
    desk.save(a=card("sum").replace("It is about sum", "Written anew: that is"), b=card("prod"))
    assert desk.whose(f"a#{Q}") == [f"a#{Q}"]


def test_what_was_written_over_waits_for_its_return(tmp_path: Path) -> None:
    first, second = card("cumsum"), "# Other\n\n## What does it do?\n\nSomething else altogether.\n"
    desk = Desk(tmp_path, a=first, b=second)
    desk.save(b=first)
    assert desk.whose(f"b#{Q}") == [f"a#{Q}"]
    desk.save(b=first, c=second)
    assert desk.whose(f"b#{Q}") == [f"a#{Q}"]
    assert desk.whose(f"c#{Q}") == [f"b#{Q}"]


def test_an_author_who_exchanges_explicit_ids_is_taken_at_their_word(tmp_path: Path) -> None:
    text = "# C\n\n## Does it copy? {#one}\n\nNo, never.\n\n## Is it lazy? {#two}\n\nYes, always.\n"
    desk = Desk(tmp_path, c=text)
    desk.save(c=text.replace("#one", "#x").replace("#two", "#one").replace("#x", "#two"))
    assert desk.whose("c#one") == ["c#one"]


def test_an_exported_log_names_questions_as_they_are_named_today(tmp_path: Path) -> None:
    desk = Desk(tmp_path, relu=card("relu"), exp=card("exp"), neg=card("neg"))
    desk.save(relu=card("exp"), exp=card("relu"), negative=card("neg"))
    log = tmp_path / "log.jsonl"
    assert export_log(desk.library, log) == 6
    assert import_log(desk.library, log).added == 0
    fresh = Library.open(desk.root, tmp_path / "fresh.db", clock=lambda: desk.now)
    told = import_log(fresh, log)
    assert (told.added, told.without_card) == (6, ())
    for question in desk.library.collection.questions:
        assert fresh.standing(question).memory == desk.library.standing(question).memory
        told_of = [entry.id for entry in fresh.ledger.entries(question)]
        assert told_of == [
            entry.id for entry in desk.library.ledger.entries(question) if isinstance(entry, Review)
        ]


def test_a_reverse_goes_along_with_its_question(tmp_path: Path) -> None:
    def word(answer: str) -> str:
        return f"# W\n\n## 땅 {{.reversed}}\n\n{answer}\n"

    desk = Desk(tmp_path, one=word("earth"), two="# T\n")
    desk.save(one=word("a plot that was bought"), two=word("earth"))
    assert desk.whose("two#땅") == ["one#땅"]
    assert desk.whose("two#땅/reversed") == ["one#땅/reversed"]
    assert desk.whose("one#땅/reversed") == []
    desk.library.close()


def test_numbered_headings_may_be_counted_anew(tmp_path: Path) -> None:
    def card(*bodies: str) -> str:
        parts = (f"## 문제 {n}\n\n{body}?\n\n---\n\n{body}!\n" for n, body in enumerate(bodies, 1))
        return "# N\n\n" + "\n".join(parts)

    desk = Desk(tmp_path, one=card("a leaf", "lazy loading", "broadcasting"))
    desk.save(one=card("something new", "a leaf", "lazy loading", "broadcasting"))
    assert [desk.whose(f"one#문제-{n}") for n in range(1, 5)] == [
        [], ["one#문제-1"], ["one#문제-2"], ["one#문제-3"],
    ]  # fmt: skip
    desk.library.close()


@pytest.mark.parametrize("name", ["Question {}", "Q{}", "{}.", "문제 {}", "{}번", "{}", "Ex. 2.{}"])
def test_headings_that_are_numbers_alone_may_be_counted_anew(tmp_path: Path, name: str) -> None:
    answers = ["A leaf that requires a gradient.", "Nothing until it is asked for.", "A view."]

    def file(answers: list[str]) -> str:
        numbered = enumerate(answers, 1)
        return "# N\n\n" + "\n".join(f"## {name.format(n)}\n\n{one}\n" for n, one in numbered)

    desk = Desk(tmp_path, one=file(answers))
    before = list(desk.library.collection.questions)
    desk.save(one=file(["Something else that is new.", *answers]))
    assert [desk.whose(one) for one in desk.library.collection.questions] == [
        [], *([one] for one in before)
    ]  # fmt: skip
    desk.save(one=file(["Something else that is new.", *answers[1:]]))
    assert [desk.whose(one) for one in desk.library.collection.questions] == [
        [], *([one] for one in before[1:])
    ]  # fmt: skip
    desk.save(one=file([answers[1].replace("until", "untill"), answers[2]]))
    assert [desk.whose(one) for one in desk.library.collection.questions] == [
        [one] for one in before[1:]
    ]  # fmt: skip
    desk.library.close()


LEAF = "## Question 2\n\nA leaf that requires a gradient.\n"
VIEW = "## Question 2\n\nEvery view shares memory with its base.\n"
LAZY = "## Question 2\n\nWhat is a graph?\n\n---\n\nA record of operations.\n"
MEAN = "## Question 2\n\nHow long does it live?\n\n---\n\nUntil backward frees it.\n"
FORM = "## Question 2\n\nHow many rows has it?\n\n```answer\n12\n```\n"
ONES = "## What does this print?\n\n```python predict\nprint(torch.ones(2).sum())\n```\n"
DICT = "## What does this print?\n\n```python predict\nx = {1: 2}\nx.get(5)\n```\n"


@pytest.mark.parametrize(
    ("first", "second", "steps"),
    [
        (LEAF, VIEW, ["", VIEW]),
        (LEAF, VIEW, [VIEW]),
        (ONES, DICT, ["", DICT]),
        (LAZY, MEAN, [MEAN]),
        (LAZY, MEAN, ["", MEAN]),
    ],
)
def test_another_question_under_a_heading_that_says_nothing_has_no_history_of_the_first(
    tmp_path: Path, first: str, second: str, steps: list[str]
) -> None:
    title = "# N\n\n## Question 1\n\nA Python float.\n\n"
    desk = Desk(tmp_path, one=title + first)
    _one, two = desk.library.collection.questions
    for step in steps:
        desk.save(one=title + step)
    assert desk.whose(two) == []
    (aside,) = (one for one in desk.library.standings if one.startswith(f"{two} (set aside "))
    assert desk.whose(aside) == [two]
    assert desk.library.ledger.notices == (
        f"Another question stands at {two} now; its earlier history is kept as {aside}.",
    )
    desk.save(one=title + second, three=f"# T\n\n{first}")
    assert desk.whose(two) == []
    assert desk.whose(two.replace("one#", "three#")) == [two]
    desk.library.close()


def test_a_question_that_was_never_answered_takes_no_history_over(tmp_path: Path) -> None:
    def file(*words: str) -> str:
        parts = (
            f"## Question {n}\n\n```python predict\nx = '{word}'\nprint(x.upper())\n```\n"
            for n, word in enumerate(words, 1)
        )
        return "# N\n\n" + "\n".join(parts)

    desk = Desk(tmp_path, one=file("saddle", "needle"))
    first, second = desk.library.collection.questions
    desk.save(one=file("saddle", "needle", "pepper"))
    desk.save(one=file("saddle", "pepper"))
    assert [desk.whose(one) for one in (first, second)] == [[first], []]
    desk.save(one=file("saddle", "pepper", "needle"))
    assert desk.whose(second.replace("2", "3")) == [second]
    desk.library.close()


def test_what_was_set_aside_goes_where_its_own_text_went_alone(tmp_path: Path) -> None:
    def file(*answers: str) -> str:
        parts = (f"## Question {n}\n\n{answer}\n" for n, answer in enumerate(answers, 1))
        return "# N\n\n" + "\n".join(parts)

    leaf, view, other = "A leaf of the graph.", "Shares its memory.", "Twelve, by broadcasting."
    desk = Desk(tmp_path, one=file(leaf, view))
    first, second = desk.library.collection.questions
    desk.save(one=file(view, leaf))
    desk.save(one=file(other, leaf))
    assert desk.library.rebuild()[1] == 0
    assert [desk.whose(one) for one in (first, second)] == [[], [first]]
    desk.save(one=file(other, leaf, view))
    assert desk.whose(first.replace("1", "3")) == [second]
    desk.library.close()


def test_an_answer_under_a_number_may_be_edited_in_part(tmp_path: Path) -> None:
    desk = Desk(tmp_path, one=f"# N\n\n{LEAF}")
    (two,) = desk.library.collection.questions
    desk.save(one=f"# N\n\n{LEAF.replace('requires', 'wants')}")
    assert desk.whose(two) == [two]
    desk.save(one=f"# N\n\n{LEAF.replace('A leaf', 'Any leaf tensor')}")
    assert desk.whose(two) == [two]
    desk.library.close()


def test_a_question_under_a_number_may_be_asked_in_another_form(tmp_path: Path) -> None:
    desk = Desk(tmp_path, one=f"# N\n\n{LAZY}")
    (two,) = desk.library.collection.questions
    desk.save(one="# N\n\n## Question 2\n\nWhat is a graph?\n\n```answer\na record\n```\n")
    assert desk.whose(two) == [two]
    desk.library.close()


def test_an_edit_taken_back_takes_the_history_back(tmp_path: Path) -> None:
    def text(heading: str, answer: str) -> str:
        return f"# V\n\n## {heading}\n\n{answer}\n"

    first = text("Vacuole", "Stores water in plants.")
    desk = Desk(tmp_path, one=first)
    desk.save(one=text("What does a vacuole do?", "Stores water in plants."))
    desk.save(one=text("What does a vacuole do?", "It holds what a cell does not need."))
    assert desk.whose("one#what-does-a-vacuole-do") == ["one#vacuole"]
    desk.save(one=first)
    assert desk.whose("one#vacuole") == ["one#vacuole"]
    desk.save(one=first.replace("Stores", "Holds"))
    assert desk.whose("one#vacuole") == ["one#vacuole"]
    desk.library.close()
