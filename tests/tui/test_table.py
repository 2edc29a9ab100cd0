"""Tables of a card: no wider than what they hold, aligned as their columns say."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.study.values import Selection
from tests.tui.driving import desk, write

NARROW = """\
| 입력 | value | what |
|------|------:|:----:|
| 0, 0 | 1.5   | x    |
| 값   | 100   |      |
"""
WIDE = f"| a | b |\n|---|---|\n| `f(x)` | {'word ' * 40} |\n"


@pytest.mark.parametrize("size", [(80, 40), (200, 60)])
async def test_tables_are_as_wide_as_their_cells_or_as_the_page(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    write(tmp_path / "cards", "t.md", f"# T\n\n## Which?\n\n{NARROW}\n{WIDE}\n---\n\n> {WIDE}")
    async with desk(tmp_path / "cards", start=Selection(), size=size) as at:
        await at.sees("Which?", "value")
        shown = [line.strip() for line in at.lines]
        first = next(n for n, line in enumerate(shown) if "value" in line)
        assert shown[first - 1] == "┌──────┬───────┬──────┐"
        assert shown[first] == "│ 입력 │ value │ what │"
        assert shown[first + 2] == "│ 0, 0 │   1.5 │  x   │"
        assert shown[first + 4] == "│ 값   │   100 │      │"
        assert sum(line.count("word") for line in shown) == 40
        await at.press("space")
        await at.sees("4 Easy")
