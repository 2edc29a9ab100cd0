from __future__ import annotations

from quiz.study.curriculum import curriculum


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
