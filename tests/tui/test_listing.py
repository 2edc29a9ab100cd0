"""Code that is wider than its place: all of it is there, and a broken line can be told from two."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.content import Content

from quiz.tui.widgets.listing import Traceback, broken

LINE = "    return low + (torch.arange(n) + 0.5) * ((high - low) / n)"


def texts(line: str, width: int) -> list[str]:
    return [part.plain for part in broken(Content(line), width)]


def test_a_line_that_fits_stays_as_it_is() -> None:
    assert texts(LINE, len(LINE)) == [LINE]
    assert texts("", 1) == [""]


def test_a_line_is_broken_between_words_and_goes_on_further_in() -> None:
    assert texts(LINE, 48) == [
        "    return low + (torch.arange(n) + 0.5) * ",
        "      ╰ ((high - low) / n)",
    ]


def test_a_line_of_a_comparison_goes_on_below_its_own_code() -> None:
    assert texts(f"+ {LINE}", 50)[1] == "        ╰ ((high - low) / n)"


def test_marks_stay_under_what_they_mark() -> None:
    text = f"  line 2\n{LINE}\n{' ' * 45}^^^^^^^^^^\nNameError: name 'hi' is not defined\n"
    narrow = Traceback(text)._at_width(48).plain.split("\n")
    assert narrow == [
        "  line 2",
        "    return low + (torch.arange(n) + 0.5) * ",
        "      ╰ ((high - low) / n)",
        "          ^^^^^^^^^^",
        "NameError: name 'hi' is not defined",
    ]
    assert Traceback(text)._at_width(80).plain == text.rstrip()
    wide = f"{'글' * 30} + x\n{' ' * 63}^"
    parts = Traceback(wide)._at_width(40).plain.split("\n")
    assert parts[-1].index("^") == cell_len(parts[-2][: parts[-2].index("x")])


@pytest.mark.parametrize("width", [6, 8, 13, 20, 33, 60])
@pytest.mark.parametrize(
    "line", [LINE, "x" * 100, "이름 = '아주 긴 한글 문자열이 여기에 있다'", "        " + "a, " * 40]
)
def test_nothing_is_lost_and_nothing_is_too_wide(line: str, width: int) -> None:
    parts = texts(line, width)
    assert all(cell_len(part) <= width for part in parts)
    rest = [part[part.index("╰") + 2 :] for part in parts[1:]]
    assert "".join([parts[0], *rest]) == line
