"""Looking for saved cards line by line: at once what is asked, and the rest as time allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.study.library import Library
from quiz.study.saves import Saves

ASKED = "loops/zero#why-call-optimizerzero_grad"


@pytest.mark.parametrize("took", [0.01, 0.3])
def test_a_long_look_at_all_cards_waits_and_what_is_asked_does_not(
    cards: Path, library: Library, took: float
) -> None:
    time = 100.0

    def timer() -> float:
        nonlocal time
        time += took
        return time

    def add(name: str) -> None:
        with (cards / name).open("a", encoding="utf-8") as file:
            file.write("\n## One more\n\nSaid.\n")

    saves = Saves(library, timer)
    assert saves.read(ASKED) is None
    add("tensors/eq.md")
    assert (saves.read(ASKED) is None) is (took > 0.1)
    add("loops/zero.md")
    assert saves.read(ASKED) == ()
    assert saves.read(ASKED) is None
    assert library.has("loops/zero#one-more")
    assert library.has("tensors/eq#one-more")
    add("tensors/ne.md")
    time += 20 * took
    assert saves.read(ASKED) == ()
