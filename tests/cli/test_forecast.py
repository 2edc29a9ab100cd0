from __future__ import annotations

from pathlib import Path

import pytest
from wcwidth import wcswidth

from quiz.tui.plots import Axis, Curve, plot, round_top
from tests.cli.conftest import Quiz


def test_forecast_simulates_every_retention(quiz: Quiz, cards: Path) -> None:
    done = quiz("forecast", "--json", "--days", "40", "--new-per-day", "1")
    (found,) = done.lines
    assert (found["questions"], found["new"], found["new_per_day"]) == (2, 2, 1)
    assert found["desired_retention"] == 0.9
    retentions = [one["retention"] for one in found["forecasts"]]
    assert (min(retentions), max(retentions)) == (0.70, 0.97)
    for one in found["forecasts"]:
        assert one["reviews"][:2] == [1, 2] or one["reviews"][:2] == [1, 1]
        assert [mark["day"] for mark in one["known"]] == [30, 40]
        assert 0 < one["known"][-1]["questions"] <= 2


def test_forecast_is_a_plain_table_in_a_pipe(quiz: Quiz, cards: Path) -> None:
    done = quiz("forecast", "--days", "3")
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [len(row) for row in rows] == [5] * 10
    assert rows[0][0] == "70%"


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_plot_fits_the_terminal_and_names_its_ends(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    across = Axis("share", 0.5, 1.0, lambda share: f"{share:.0%}")
    up = Axis("reviews", 0, 80, lambda number: f"{number:g}")
    drawn = plot([Curve([(0.5, 0), (1.0, 80)]), Curve([])], across, up).splitlines()
    assert max(wcswidth(line) for line in drawn) <= columns
    assert any("80 |" in line for line in drawn)
    assert "50%" in drawn[-1]
    assert "100%" in drawn[-1]


@pytest.mark.parametrize(
    ("value", "top"), [(0, 8), (7.9, 8), (8, 8), (8.1, 12), (118, 120), (530, 640)]
)
def test_the_end_of_an_axis_is_round(value: float, top: float) -> None:
    assert round_top(value) == pytest.approx(top)
