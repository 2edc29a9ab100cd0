"""The memory of one question over time, drawn with characters."""

from __future__ import annotations

import re
from datetime import date

from textual.content import Content

from quiz.study.recollection import Recollection
from quiz.tui.drawing import QUIET, Draw
from quiz.tui.plots import Axis, Curve, plot, round_top
from quiz.tui.wording import days, short_day

_HEIGHT = 6
_BELOW = 0.97
"""Of the height of a drawing: what lies above it is rounded out of it."""
_STEPS = (0.02, 0.05, 0.1)
"""Chances between two lines, the first with which all is seen."""
_DOTS = re.compile("([\u2801-\u28ff]+)")


def recall_over_time(memory: Recollection) -> Draw:
    """The chance of recall; each review is there by the number of its rating."""
    least = min(chance for _day, chance in memory.recall)
    low = 1 - _HEIGHT * next((s for s in _STEPS if 1 - _HEIGHT * s < least), 1 / _HEIGHT)
    most = low + (1 - low) * _BELOW
    points = [(float(day.toordinal()), min(chance, most)) for day, chance in memory.recall]
    marks = [
        Curve([(day.toordinal(), min(chance, most))], None, str(rating.value))
        for day, chance, rating in memory.reviews
    ]
    up = Axis("", low, 1.0, lambda share: f"{share:.0%}")
    return lambda width: _drawn([Curve(points, None), *marks], _time(memory), up, width)


def stability_over_time(memory: Recollection) -> Draw:
    """Days after which the chance has fallen to 90%, as they were after each review."""
    end = memory.recall[-1][0]
    points: list[tuple[float, float]] = []
    for day, stability in (*memory.stability, (end, memory.stability[-1][1])):
        if points:
            points.append((day.toordinal(), points[-1][1]))
        points.append((day.toordinal(), stability))
    most = max(stability for _day, stability in memory.stability)
    up = Axis("", 0.0, round_top(most / _BELOW, _HEIGHT), days)
    return lambda width: _drawn([Curve(points, None)], _time(memory), up, width)


def _time(memory: Recollection) -> Axis:
    first, last = memory.recall[0][0], memory.recall[-1][0]

    def said(ordinal: float) -> str:
        day = date.fromordinal(round(ordinal))
        return short_day(day) if (last - first).days < 300 else f"{day:%Y-%m}"

    return Axis("", first.toordinal(), max(last.toordinal(), first.toordinal() + 1), said)


def _drawn(curves: list[Curve], across: Axis, up: Axis, width: int) -> Content:
    drawn = plot(curves, across, up, height=_HEIGHT, width=width).rstrip()
    drawn = drawn.partition("\n")[2].replace("-> ()", "")  # the names of the axes, which are none
    return Content.assemble(
        *((piece, "$primary" if _DOTS.match(piece) else QUIET) for piece in _DOTS.split(drawn))
    )
