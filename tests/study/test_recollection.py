"""The memory of a question between its reviews."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from quiz.model.review import Rating
from quiz.study.library import Library
from quiz.study.values import Attempt, Selection
from quiz.tui.widgets.recollection_plots import recall_over_time, stability_over_time
from tests.study.conftest import Clock

ZERO = "loops/zero#why-call-optimizerzero_grad"


def rated(library: Library, clock: Clock, *days: int) -> None:
    """Rate the question Easy after each number of days."""
    for wait in days:
        clock.pass_(days=wait)
        session = library.session(Selection(query=f"id:{ZERO}", cram=False, new=5))
        session.rate(Rating.EASY, Attempt())


def test_recall_falls_between_reviews_and_on_to_the_day_it_is_due(
    library: Library, clock: Clock, tmp_path: Path
) -> None:
    assert library.recollection(library.question_history(ZERO)).recall == ()
    rated(library, clock, 0, 40)
    memory = library.recollection(library.question_history(ZERO))
    first, second = (day for day, _stability in memory.stability)
    assert (second - first).days == 40
    assert [chance for day, chance in memory.recall if day == first] == [1.0]
    before, after = (chance for day, chance in memory.recall if day == second)
    assert before < 0.9 < after == 1.0
    assert memory.reviews == ((first, 1.0, Rating.EASY), (second, before, Rating.EASY))
    falling = [chance for day, chance in memory.recall if day > second]
    assert falling == sorted(falling, reverse=True)
    assert memory.recall[-1][1] == pytest.approx(0.9, abs=0.01), "that is when it is due"
    assert memory.stability[1][1] > memory.stability[0][1]


@pytest.mark.parametrize("width", [30, 76, 140])
def test_both_are_drawn_within_the_room_there_is(
    library: Library, clock: Clock, width: int
) -> None:
    rated(library, clock, 0)
    at_once = library.recollection(library.question_history(ZERO))
    rated(library, clock, 30, 200)
    later = library.recollection(library.question_history(ZERO))
    for memory in (at_once, later):
        for draw in (recall_over_time, stability_over_time):
            lines = draw(memory)(width).plain.split("\n")
            assert max(cell_len(line.rstrip()) for line in lines) <= max(width, 40)
    assert recall_over_time(later)(width).plain.count("4") >= 3
    assert "100%" in recall_over_time(later)(width).plain
