from __future__ import annotations

from pathlib import Path

from quiz.model.review import Rating
from quiz.study.curriculum import curriculum
from quiz.study.library import Library
from quiz.study.values import Attempt, Selection
from tests.study.conftest import CARDS


def test_the_order_of_learning_is_that_of_the_files_with_what_is_required_first() -> None:
    requires: dict[str, tuple[str, ...]] = {
        "a": ("c",),
        "b": (),
        "c": ("d", "elsewhere"),
        "d": (),
        "e": ("a", "b"),
    }
    assert curriculum(requires) == ["d", "c", "a", "b", "e"]
    assert curriculum({}) == []


def test_a_long_chain_of_requirements_is_no_trouble() -> None:
    requires = {str(n): (str(n + 1),) for n in range(20_000)} | {"20000": ()}
    assert curriculum(requires)[:2] == ["20000", "19999"]


def test_what_a_card_suspends_is_foreseen_nowhere(library: Library, cards: Path) -> None:
    loops = Selection(deck="loops")
    library.session(loops).rate(Rating.EASY, Attempt())
    assert library.next_due(loops)
    assert sum(library.statistics().forecast.values()) == 1
    path = cards / "loops" / "zero.md"
    path.write_text(f"---\nsuspended: true\n---\n{CARDS['loops/zero.md']}", encoding="utf-8")
    library.reload()
    assert library.next_due(loops) is None
    assert sum(library.statistics().forecast.values()) == 0
