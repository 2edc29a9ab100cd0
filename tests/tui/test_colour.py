"""Colours: none where none are wanted, and told apart by everyone where there are some."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import pytest
from textual.color import Color, rgb_to_lab

from quiz.model.review import Rating
from quiz.model.verdict import Outcome
from quiz.tui.theme import THEMES
from quiz.tui.wording import outcome_words, rating_words
from tests.tui.driving import desk

SIMULATIONS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
"""How colours look to who lacks a kind of cone: Machado, Oliveira and Fernandes (2009)."""
MEANT = ("success", "error", "warning", "primary")
"""Right, wrong, careful, neutral."""
APART = 15.0
"""Distance in Lab (CIE76) from which colours are told apart at a glance; 2.3 is just noticeable."""
LEGIBLE = 4.5
"""Contrast of text to its ground (WCAG 2, AA)."""


def seen(colour: str, kind: str) -> Color:
    """A colour as it looks with that kind of colour blindness."""
    linear = _linear(Color.parse(colour))
    mixed = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in SIMULATIONS[kind]]
    clipped = [min(1.0, max(0.0, c)) for c in mixed]
    shown = [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in clipped]
    red, green, blue = (round(255 * c) for c in shown)
    return Color(red, green, blue)


def distance(one: Color, other: Color) -> float:
    """Between two colours, in Lab."""
    first, second = rgb_to_lab(one), rgb_to_lab(other)
    return math.dist((first.L, first.a, first.b), (second.L, second.a, second.b))


def luminance(colour: Color) -> float:
    """Relative to white, as WCAG has it."""
    parts = zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True)
    return sum(part * share for part, share in parts)


def _linear(colour: Color) -> list[float]:
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("kind", SIMULATIONS)
def test_right_and_wrong_look_different_to_everyone(theme: object, kind: str) -> None:
    for one, other in combinations(MEANT, 2):
        pair = [seen(getattr(theme, name), kind) for name in (one, other)]
        assert distance(*pair) > APART, (one, other)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_colour_can_be_read_on_its_ground(theme: object) -> None:
    for name in (*MEANT, "accent", "foreground"):
        dark, light = sorted(
            luminance(Color.parse(getattr(theme, part))) for part in (name, "background")
        )
        assert (light + 0.05) / (dark + 0.05) >= LEGIBLE, name


def test_nothing_is_said_by_colour_alone() -> None:
    assert {outcome_words(o)[0] for o in Outcome if o is not Outcome.PASS}.isdisjoint(
        {outcome_words(Outcome.PASS)[0]}
    )
    assert len({outcome_words(outcome)[1] for outcome in Outcome}) == len(Outcome)
    assert len({rating_words(rating)[0] for rating in Rating}) == len(Rating)


@pytest.mark.parametrize("wish", ["1", ""])
async def test_no_color_is_honoured(
    several: Path, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    monkeypatch.setenv("NO_COLOR", wish)
    async with desk(several) as at:
        strips = at.app.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style]
        colours = [c.triplet for s in styles for c in (s.color, s.bgcolor) if c and c.triplet]
    assert colours
    assert all(len(set(triplet)) == 1 for triplet in colours) is bool(wish)


async def test_text_can_be_read_without_colours_in_a_theme_of_the_terminal_s_own(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with desk(several) as at:
        at.app.theme = "ansi-dark"
        await at.pilot.pause()
        strips = at.app.screen._compositor.render_strips()
        written = [part.style for strip in strips for part in strip if part.text.strip()]
    assert any(style and style.color for style in written)
    assert all(style is None or style.color != style.bgcolor for style in written)
