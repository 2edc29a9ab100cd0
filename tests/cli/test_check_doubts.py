"""A history whose question is gone: `quiz check` says what it may be now, and asks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from quiz.model.review import Rating
from quiz.study.library import Library
from quiz.study.values import Attempt
from tests.cli.conftest import Quiz

BEFORE = "# C\n\n## What is the dtype of `torch.ne(a, b)`?\n\n```answer\ntorch.bool\n```\n"
AFTER = BEFORE.replace("torch.ne(", "torch.eq(")
OLD = "c#what-is-the-dtype-of-torchnea-b"
NEW = "c#what-is-the-dtype-of-torcheqa-b"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A question that was rated, and then became one that may be another."""
    card = tmp_path / "cards/c.md"
    card.parent.mkdir()
    card.write_text(BEFORE, encoding="utf-8")
    library = Library.open(card.parent, tmp_path / "history.db")
    library.session().rate(Rating.GOOD, Attempt())
    card.write_text(AFTER, encoding="utf-8")
    library.reload()
    assert library.standing(NEW).memory is None
    library.close()
    return card


def test_a_doubt_is_told_as_long_as_it_is_not_settled(quiz: Quiz, card: Path) -> None:
    for _ in range(2):
        checked = quiz("check", "--json")
        assert checked.code == 0
        (finding,) = checked.lines
        assert (finding["path"], finding["line"], finding["severity"]) == (
            "cards/c.md", 3, "warning",
        )  # fmt: skip
        assert OLD in finding["message"]
        assert "write `{#what-is-the-dtype-of-torchnea-b}`" in finding["message"]
    assert quiz("relink", OLD, NEW).code == 0
    assert quiz("check", "--json").lines == []


def test_nobody_is_asked_where_nobody_answers(quiz: Quiz, card: Path) -> None:
    assert quiz("check", "--fix").code == 0
    assert card.read_text("utf-8") == AFTER


def test_on_a_terminal_the_learner_chooses_and_the_anchor_is_written(
    quiz: Quiz, card: Path, tmp_path: Path
) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "quiz.cli", "check", "--fix"],
        cwd=str(tmp_path),
        env={**os.environ, "QUIZ_DB": str(tmp_path / "history.db")},
        encoding="utf-8",
        timeout=60,
    )
    child.expect("Which one is it now")
    child.expect("1  cards/c.md:3:1: What is the dtype of `torch.eq")
    child.sendline("1")
    child.expect("1 question: 0 errors, 0 warnings")
    child.expect(pexpect.EOF)
    anchor = OLD.partition("#")[2]
    assert card.read_text("utf-8") == AFTER.replace("?", f"? {{#{anchor}}}", 1)
    (row,) = quiz("search", "--json").lines
    assert (row["question"], row["state"]) == (OLD, "learning")


def test_a_history_says_under_which_name_it_was_made(quiz: Quiz, card: Path) -> None:
    assert quiz("relink", OLD, NEW).code == 0
    told = quiz("history", NEW)
    assert f"with the history of {OLD}" in told.out
    assert f"quiz relink '{NEW}' '{OLD}'" in told.out
    assert [review["as"] for review in quiz("history", NEW, "--json").lines[0]["reviews"]] == [OLD]
    assert quiz("relink", NEW, OLD).code == 0
    assert quiz("history", NEW, "--json").lines[0]["reviews"] == []
    assert quiz("relink", OLD, "c#never-there").code == 2
