"""Formulas as pictures: what learners write, what is refused, and what a terminal shows."""

from __future__ import annotations

from pathlib import Path

import pytest
import ziafont
from PIL import ImageFont
from PIL.Image import Image
from textual.selection import SELECT_ALL

from quiz.study.preferences import change
from quiz.study.values import Selection
from quiz.tui.formula import foreign
from quiz.tui.formula.picture import MOST_PIXELS, Room, picture
from quiz.tui.theme import DARK, LIGHT
from quiz.tui.widgets.formula import Formula
from tests.tui.driving import desk, write

CELL = (10, 20)
INK = (223, 229, 238)
ROOM = Room(CELL, 72, MOST_PIXELS)

FORMULAS = r"""
1 x^2
1 \mathbf{y} = \mathbf{W}\mathbf{x} + \mathbf{b}
1 \theta_{t+1} = \theta_t - \eta \nabla_\theta L(\theta_t)
1 \operatorname{ReLU}(x) = \max(0, x), \quad x \in \{0, 1\}^n
2 \hat{y} = \operatorname*{arg\,max}_{c} p(c \mid x)
2 \frac{\partial L}{\partial \mathbf{W}} = \frac{\partial L}{\partial \mathbf{y}} \mathbf{x}^\top
2 A = \begin{bmatrix} 1 & 0 & 2 \\ 0 & 1 & -3 \end{bmatrix}, \quad A^\top A \in \mathbb{R}^{3 \times 3}
2 f(x) = \begin{cases} x & \text{if } x > 0 \\ \alpha x & \text{otherwise} \\ \end{cases}
2 a &= b \\ &= c
2 \begin{align} a &= b \\ c &= d \end{align}
3 \operatorname{Attention}(Q, K, V) = \operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V
4 \text{softmax}(x)_i = \frac{e^{x_i}}{\sum_{j=1}^{n} e^{x_j}}
4 \mathcal{L} = -\frac{1}{N}\sum_{n=1}^{N}\log\frac{\exp(x_{n,y_n})}{\sum_{c=1}^{C}\exp(x_{n,c})}
4 \underbrace{\frac{x - \mathbb{E}[x]}{\sqrt{\mathrm{Var}[x] + \epsilon}}}_{\text{normalised}} \cdot \gamma
"""  # noqa: E501 - rows and a formula a line

REFUSED = [
    r"\unknown{x}", r"\frac{1}{2", "{", "", r"\left( x", "x_a_b", r"\begin{tikzcd} a \end{tikzcd}",
    r"\color{red}x", r"\textcolor{red}{x}", r"\begin{array}{c|c} a & b \end{array}", "\x1b[31m",
    r"\text{if $x$}", r"\frac{}{2}", r"\;", r"\text{😀}", r"\includegraphics{a}", "%",
]  # fmt: skip

HOSTILE = [
    "{" * 50_000 + "}" * 50_000,
    r"\frac{1}{" * 11_000,
    "{" * 450 + "x" + "}" * 450,
    r"\left(" * 15 + "x" + r"\right)" * 15,
    r"x^{" * 40 + "x" + "}" * 40,
    r"\def\a#1{#1#1#1#1#1#1#1#1}\a{\a{\a{\a{\a{\a{\a{\a{x}}}}}}}}",
    r"\newcommand{\a}[1]{#1#1#1#1#1#1}\a{\a{\a{\a{\a{\a{\a{\a{x}}}}}}}}",
    r"\hspace{99999999em}x",
    "x" + "'" * 990,
]


PLACEHOLDER = "\U0010eeee"
"""The sign in whose place kitty shows a piece of a picture."""


def colours(image: Image) -> list[tuple[int, ...]]:
    """Of all its pixels, the most covered one first."""
    found = [colour for _count, colour in image.getcolors(image.width * image.height) or ()]
    tuples = [colour for colour in found if isinstance(colour, tuple)]
    return sorted(tuples, key=lambda colour: -colour[3])


def opaque(image: Image) -> tuple[int, ...]:
    """The colour of the pixel that is covered most."""
    return colours(image)[0]


@pytest.mark.parametrize("line", FORMULAS.strip().split("\n"), ids=lambda line: line[:30])
def test_a_formula_takes_the_rows_it_needs_in_the_colour_of_the_text(line: str) -> None:
    rows, _space, latex = line.partition(" ")
    image = picture(latex, ROOM, INK)
    assert image is not None
    assert image.height == int(rows) * CELL[1]
    assert image.width % CELL[0] == 0
    assert image.width <= ROOM.columns * CELL[0]
    assert opaque(image) == (*INK, 255)
    left, top, right, bottom = image.getchannel("A").getbbox() or (0, 0, 0, 0)
    assert image.width - right < CELL[0], "no empty column"
    assert left == 0
    assert bottom - top > 0.6 * CELL[1] * int(rows) or rows == "1"


@pytest.mark.parametrize("latex", REFUSED)
def test_what_would_not_be_drawn_as_it_is_meant_is_not_drawn(latex: str) -> None:
    assert picture(latex, ROOM, INK) is None


@pytest.mark.parametrize("latex", HOSTILE, ids=lambda latex: latex[:12])
def test_a_hostile_formula_is_refused_before_it_takes_time(latex: str) -> None:
    assert picture(latex, ROOM, INK) is None


def test_a_wide_formula_is_drawn_smaller_but_not_too_small() -> None:
    sum_of_many = " + ".join(f"x_{{{n}}}" for n in range(20))
    wide = picture(sum_of_many, Room(CELL, 200, MOST_PIXELS), INK)
    assert wide is not None
    columns = wide.width // CELL[0]
    narrow = picture(sum_of_many, Room(CELL, columns * 3 // 4, MOST_PIXELS), INK)
    assert narrow is not None
    assert narrow.width // CELL[0] in (columns * 3 // 4 - 1, columns * 3 // 4)
    assert picture(sum_of_many, Room(CELL, columns // 2, MOST_PIXELS), INK) is None
    left, top, right, bottom = wide.getchannel("A").getbbox() or (0, 0, 0, 0)
    few = picture(sum_of_many, Room(CELL, 200, (right - left) * (bottom - top) * 2 // 3), INK)
    assert few is not None
    assert few.width < wide.width


def test_accents_and_rules_are_whole_and_have_the_colour_too() -> None:
    plain, hat = (picture(latex, ROOM, INK) for latex in ("m_t", r"\overline{m_t}"))
    assert plain is not None
    assert hat is not None
    inks = [image.getchannel("A").getbbox() for image in (plain, hat)]
    assert inks[1][3] - inks[1][1] > inks[0][3] - inks[0][1] + 1  # type: ignore[index]
    assert {colour[:3] for colour in colours(hat)} == {INK}


def test_another_script_is_written_with_a_font_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dejavu = Path(ziafont.__file__).parent / "fonts" / "DejaVuSans.ttf"
    monkeypatch.setattr(foreign, "_found", lambda: (ImageFont.truetype(str(dejavu), 100),))
    short, long, sub = (
        picture(latex, ROOM, INK)
        for latex in (r"\text{Ա} = x", r"\text{ԱԲԳ Դ} = x", r"L_{\text{ԱԲ}}")
    )
    assert short is not None
    assert long is not None
    assert sub is not None
    assert long.width - short.width in range(20, 60), "as wide as its letters"
    assert picture(r"\text{손실} = x", ROOM, INK) is None, "no font has it"


CARD = r"""# Sigmoid

## What is it?

$$\sigma(x) = \frac{1}{1 + e^{-x}}$$

$$\unknown{x}$$

$$\underbrace{x}_{y}$$

---

A curve.
"""


async def test_a_terminal_with_pixels_shows_pictures_of_formulas(
    cards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cards, "a/sigmoid.md", CARD)
    monkeypatch.setenv("QUIZ_PICTURES", "kitty")
    async with desk(cards, start=Selection(), size=(80, 24)) as at:
        await at.sees(r"\unknown{x}", PLACEHOLDER)
        sigmoid, unknown, brace = at.review.query(Formula)
        await at.until(lambda: sigmoid.drawn and brace.drawn and "1/(1" not in at.text)
        assert unknown.drawn is None
        assert (sigmoid.size.height, brace.size.height) == (2, 2)
        assert ink_of(sigmoid) == INK
        assert sigmoid.get_selection(SELECT_ALL) == ("σ(x) = 1/(1 + e⁻ˣ)", "\n")

        at.app.theme = LIGHT.name
        await at.until(lambda: ink_of(sigmoid) == (28, 35, 45))
        await at.pilot.resize_terminal(12, 24)
        await at.until(lambda: sigmoid.drawn is None)
        await at.pilot.resize_terminal(80, 24)
        monkeypatch.setenv("QUIZ_PICTURES", "sixel")
        at.app.theme = DARK.name
        await at.sees("\x1bP", r"\unknown{x}")
        assert ink_of(sigmoid) == INK

        change(at.library.ledger, tmp_path / "config.toml", "formula_pictures", False)
        at.app.theme = LIGHT.name
        await at.sees("σ(x) = 1/(1 + e⁻ˣ)", r"\underbrace{x}_{y}")
        assert sigmoid.drawn is None


def ink_of(formula: Formula) -> tuple[int, ...] | None:
    """The colour in which its picture is drawn."""
    return opaque(getattr(formula.drawn, "image"))[:3] if formula.drawn else None  # noqa: B009
