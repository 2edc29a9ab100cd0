from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Quiz

WRITE = "tensors/ne#write"


def test_what_a_command_does_is_reported_and_undone(quiz: Quiz, cards: Path) -> None:
    done = quiz("suspend", "--query", "deck:tensors", "--json").lines
    assert len(done) == 2
    assert all(row["suspended"] for row in done)
    assert [row["question"] for row in quiz("search", "--json", "is:suspended", "id:write").lines]
    undone = quiz("undo", "--json").lines
    assert {(row["kind"], row["question"]) for row in undone} == {
        ("suspend", row["question"]) for row in done
    }
    due = quiz("set-due", "7", WRITE)
    assert due.out.split("\t")[:2] == [WRITE, "review"]
    assert "`quiz undo`" in due.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("suspend",), "--query"),
        (("set-due", "soon", WRITE), "is no day"),
        (("redo",), "nothing to redo"),
    ],
)
def test_what_cannot_be_done_is_said(
    quiz: Quiz, cards: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = quiz(*arguments)
    assert done.code == 2
    assert told in done.err
