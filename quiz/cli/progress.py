"""A line on standard error that says how far a long work has come; on a terminal only."""

from __future__ import annotations

import shutil
import sys
import time

import click
from rich.cells import cell_len, set_cell_size

from quiz.language import _

_EVERY = 0.1
"""Seconds between two drawings."""
_WIDTH = 24


class Bar:
    """A bar with a count, a rate and the time left. Clear it before anything else is printed."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = sys.stderr.isatty()
        self._drawn = 0.0
        self._began = 0.0
        self._there = False

    def step(self, done: int, total: int) -> None:
        """Draw it with the rate since the first step."""
        now = time.monotonic()
        self._began = self._began or now
        rate = done / max(now - self._began, 1e-3)
        self.draw(done, total, rate, (total - done) / rate if rate else None)

    def draw(self, done: int, total: int, rate: float, left: float | None) -> None:
        """`rate` is per second, `left` in seconds; None where it is not known."""
        now = time.monotonic()
        if not self._shown or now - self._drawn < _EVERY:
            return
        self._drawn, self._there = now, True
        full = round(_WIDTH * min(done / total, 1)) if total else 0
        time_left = "" if left is None else "  " + _("{time} left").format(time=_clock(left))
        counts = f"{done}/{total}  {rate:.0f}/s{time_left}"
        text = f"{self._what} {'━' * full}{'╌' * (_WIDTH - full)} {counts}"
        columns = shutil.get_terminal_size().columns
        click.echo(
            f"\r{_cut(text if cell_len(text) < columns else counts, columns - 1)}\x1b[K",
            nl=False,
            err=True,
        )

    def clear(self) -> None:
        """Take it off the screen."""
        if self._there:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._there, self._drawn = False, 0.0


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
