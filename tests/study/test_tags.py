"""Tags of questions, written into the files of their concepts."""

from __future__ import annotations

from datetime import date

import pytest

from quiz.errors import CardError
from quiz.study.acting import read_day
from quiz.study.library import Library
from quiz.study.tagging import retag, tagged


def test_tags_are_counted_by_concept_and_written_to_each(library: Library) -> None:
    questions = list(library.collection.questions)
    before = tagged(library.collection, questions)
    assert before.concepts == 3
    assert before.counts == {"tensor": 2, "comparison": 1}
    assert before.known == ("comparison", "tensor")
    paths = retag(library.collection, questions, ["exam"], ["comparison"])
    assert sorted(path.stem for path in paths) == ["eq", "ne", "zero"]
    library.reload(paths)
    assert tagged(library.collection, questions).counts == {"tensor": 2, "exam": 3}
    assert [row.question for row in library.rows("tag:exam")] == questions, "no id has changed"
    assert retag(library.collection, questions, ["exam"], []) == []


def test_none_is_written_where_one_cannot_be(library: Library) -> None:
    path = library.collection.root / "tensors" / "eq.md"
    odd = path.read_text(encoding="utf-8").replace("[tensor]", "[tensor, # why\n  b]")
    path.write_text(odd, encoding="utf-8")
    library.reload([path])
    others = {p: p.read_bytes() for p in library.collection.root.rglob("*.md")}
    with pytest.raises(CardError, match=r"eq\.md.*cannot be changed from here"):
        retag(library.collection, library.collection.questions, ["exam"], [])
    assert {p: p.read_bytes() for p in others} == others


def test_a_day_is_a_date_or_days_from_today() -> None:
    today = date(2026, 2, 28)
    assert read_day("1", today) == date(2026, 3, 1)
    assert read_day(" 2026-03-05 ", today) == date(2026, 3, 5)
    assert read_day("-1", today) is read_day("soon", today) is read_day("9" * 20, today) is None
