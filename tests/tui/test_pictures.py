"""Pictures and formulas in a card's text: what is drawn, and what is said where nothing can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Static

from quiz.study.values import Selection
from quiz.tui import graphics
from quiz.tui.graphics import PictureError, Way
from quiz.tui.markdown import FORMULA, PICTURE, parser, with_formulas
from tests.tui.driving import desk, write

CARD = r"""# Sigmoid

## What is $\sigma(x)$, which costs $5 or $6 \$?

![the curve](pictures/the%20curve.png)

with ![dots](nowhere.png) in the text and ![far](https://example.org/a.png),
$\unknown{x}$ and

$$\begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix}$$

---

$$\sigma(x) = \frac{1}{1 + e^{-x}}$$
"""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-kitty"}, Way.KITTY),
        ({"TERM": "xterm-ghostty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Way.KITTY),
        ({"TERM": "foot"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230804"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "210400"}, Way.BLOCKS),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TMUX": "/tmp/1"}, Way.BLOCKS),
        ({"TERM": "xterm-256color"}, Way.BLOCKS),
        ({}, Way.BLOCKS),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, Way.NONE),
        ({"TERM": "xterm-kitty", "QUIZ_PICTURES": "none"}, Way.NONE),
        ({"TERM": "dumb", "QUIZ_PICTURES": "sixel"}, Way.SIXEL),
    ],
)
def test_the_terminal_says_how_pictures_are_drawn(
    environment: dict[str, str], expected: Way
) -> None:
    assert graphics.way(environment) is expected


def test_a_browser_and_a_terminal_without_pixels_get_half_blocks() -> None:
    assert graphics.way({"TERM": "xterm-kitty"}, web=True) is Way.BLOCKS
    assert graphics.way({"TERM": "foot"}, pixels=False) is Way.BLOCKS


def test_a_picture_is_read_no_larger_than_needed(tmp_path: Path) -> None:
    Image.new("P", (400, 100)).save(tmp_path / "a.png")
    assert graphics.opened(tmp_path / "a.png", (100, 100)).size == (100, 25)
    (tmp_path / "broken.png").write_bytes((tmp_path / "a.png").read_bytes()[:60])
    (tmp_path / "text.png").write_text("no picture", encoding="utf-8")
    for name, problem in (("b.png", "no such"), ("broken.png", "damaged"), ("text.png", "kind")):
        with pytest.raises(PictureError, match=problem):
            graphics.opened(tmp_path / name, (10, 10))


def test_a_picture_too_large_to_open_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphics, "MOST_PIXELS", 100)
    Image.new("L", (11, 10)).save(tmp_path / "a.png")
    with pytest.raises(PictureError, match="too large"):
        graphics.opened(tmp_path / "a.png", (10, 10))


def test_formulas_and_pictures_become_tokens() -> None:
    tokens = parser().parse(
        "a $x^2$ ![b](c.png)\n\n![d](e.png)\n\n$$\\frac12$$\n\n| ![f](g) |\n|-|\n"
    )
    kinds = [t.type for t in tokens if t.type in (PICTURE, FORMULA, "inline")]
    assert kinds == ["inline", PICTURE, PICTURE, FORMULA, "inline"]
    assert [t.meta["source"] for t in tokens if t.type == PICTURE] == ["c.png", "e.png"]
    inline = [c.content for t in tokens for c in t.children or ()]
    assert "".join(inline) == "a x² [picture: b][picture: f]"


def test_a_line_of_a_list_has_its_formulas_too() -> None:
    assert with_formulas(r"Why $\sqrt{d_k}$, not $\foo$?") == r"Why √dₖ, not $\foo$?"
    assert with_formulas("costs $5") == "costs $5"


async def test_a_card_shows_its_pictures_and_formulas(cards: Path) -> None:
    write(cards, "a/sigmoid.md", CARD)
    (cards / "a" / "pictures").mkdir()
    Image.new("RGB", (40, 20), "red").save(cards / "a" / "pictures" / "the curve.png")
    async with desk(cards, start=Selection(), size=(100, 60)) as at:
        await at.sees("What is σ(x), which costs $5 or $6 $?", "⎡1  0⎤", "⎣0  1⎦", r"$\unknown{x}$")
        await at.sees("the curve", "▀" * 40, "with [picture: dots] in the text and [picture: far],")
        await at.sees("⚠ [picture: dots] there is no such picture: nowhere.png")
        await at.sees("⚠ [picture: far] pictures from elsewhere are not fetched")
        assert "▀" * 41 not in at.text, "no larger than it is"
        await at.press("space")
        await at.sees("σ(x) = 1/(1 + e⁻ˣ)")
        caption = at.review.query(".alt").results(Static)
        assert len(list(caption)) == 3
