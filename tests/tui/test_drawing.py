"""Pictures drawn with characters: every number is said, and every line fits its room."""

from __future__ import annotations

import pytest

from quiz.tui.drawing import POINT, bars, columns, points, table
from quiz.tui.plots import Axis

ROWS = [("알맞음", 351, "success"), ("Again", 56, "error"), ("Hard", 0, "warning")]


@pytest.mark.parametrize("width", [30, 54, 160])
def test_bars_end_with_their_numbers_in_columns(width: int) -> None:
    lines = bars(ROWS, width).split("\n")
    assert {line.cell_length for line in lines} == {lines[0].cell_length}
    assert lines[0].cell_length <= width
    assert [line.plain.split()[-2:] for line in lines] == [
        ["351", "86%"],
        ["56", "14%"],
        ["0", "0%"],
    ]
    assert lines[0].plain.count("━") > 5 * lines[1].plain.count("━") > 0
    assert "━" not in lines[2].plain


@pytest.mark.parametrize("width", [40, 80])
def test_columns_are_as_high_as_their_numbers(width: int) -> None:
    lines = columns([0, 3, 6] * 10, "2 Mar", "31 Mar", width, height=6).plain.split("\n")
    step = 2 if width == 80 else 1
    assert lines[0].startswith("6 ")
    assert [line[2 : 2 + 3 * step].replace(" ", "") for line in lines[:6]] == ["█"] * 3 + ["██"] * 3
    assert lines[6].split() == ["2", "Mar", "31", "Mar"]
    assert len(lines[6]) == 2 + 30 * step


def test_a_table_cuts_names_and_never_numbers() -> None:
    drawn = table(("", "Reviews"), [("한국어/모델의 두 가지 모드", "1,234"), ("a", "7")], 24)
    lines = drawn.split("\n")
    assert {line.cell_length for line in lines} == {24}
    assert "…" in lines[1].plain
    assert lines[1].plain.endswith("1,234")
    assert lines[2].plain.endswith("7")


def test_points_stand_on_the_line_where_both_are_the_same() -> None:
    across, up = (Axis(name, 0.5, 1.0, lambda share: f"{share:.0%}") for name in ("said", "came"))
    drawn = points([(0.6, 0.6), (0.9, 0.7)], across, up, 60)
    assert drawn.plain.count(POINT) == 2
    assert "\x1b" not in drawn.plain
    assert "100%" in drawn.plain
    assert "(said)" in drawn.plain
