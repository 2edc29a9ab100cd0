"""Curves drawn with characters, for a terminal."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotille
from rich.cells import cell_len

_TICK = 10
"""Columns between two numbers below the drawing."""
_TICKS = 5
_BESIDE = 20
"""Columns left of the drawing, for the numbers, and right of it, for the arrow."""
_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured, from where to where, and how its numbers are written."""

    name: str
    low: float
    high: float
    text: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points in ascending order of the first coordinate, joined by lines."""

    points: Sequence[tuple[float, float]]
    color: str | None = "cyan"
    """As plotille names it; None: without."""
    marker: str | None = None
    """Drawn at each point instead of lines between them."""


def plot(
    curves: Sequence[Curve], across: Axis, up: Axis, *, height: int = 8, width: int = 0
) -> str:
    """The curves in one drawing, with terminal codes for colour; one without points is left out.

    `width` is the room there is, in columns; 0: that of the terminal. `$NO_COLOR` is honoured.
    """
    figure = plotille.Figure()
    room = (width or shutil.get_terminal_size().columns) - _BESIDE - cell_len(across.name)
    # Whole ticks, so that the last number stands below the end of the axis.
    figure.width = min(max(room // _TICK, 1), _TICKS) * _TICK
    figure.height = height
    figure.origin = False
    figure.with_colors = any(curve.color for curve in curves)
    figure.x_label, figure.y_label = across.name, up.name
    figure.set_x_limits(across.low, across.high)
    figure.set_y_limits(up.low, up.high)
    figure.x_ticks_fkt = lambda value, _: across.text(float(value))  # type: ignore[arg-type]
    figure.y_ticks_fkt = lambda value, _: up.text(float(value))  # type: ignore[arg-type]
    for curve in curves:
        if curve.points:
            draw = figure.scatter if curve.marker else figure.plot
            xs, ys = [x for x, _ in curve.points], [y for _, y in curve.points]
            draw(xs, ys, lc=curve.color, marker=curve.marker)
    return str(figure.show())


def round_top(value: float, height: int = 8) -> float:
    """An upper end of an axis of `height` rows, at least `value`, that gives round numbers."""
    if value <= 0:
        return float(height)
    step = value / height
    magnitude = 10.0 ** math.floor(math.log10(step))
    return height * magnitude * next(n for n in _STEPS if n * magnitude >= step * (1 - 1e-9))
