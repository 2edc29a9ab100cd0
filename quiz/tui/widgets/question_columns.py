"""What a table says of a question: the columns, what each is sorted by, and how wide it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.cells import cell_len, set_cell_size

from quiz.language import _, mark
from quiz.study.values import Row
from quiz.tui.markdown import with_formulas
from quiz.tui.wording import days, kind_word, state_word

GAP = 2
"""Cells between two columns."""
_LEAST = 24
"""Cells of the question's own column, whatever else there is."""
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that is said of a question."""

    title: str
    rank: Callable[[Row], Any]
    """What the rows are sorted by."""
    text: Callable[[Row, datetime], str]
    """What is said now."""
    most: int = 24
    """Cells it may take."""
    numbers: bool = False
    """Whether they stand below each other by their ends."""


def _due(row: Row, now: datetime) -> str:
    if row.due is None or row.state in ("new", "suspended"):
        return ""
    return _("now") if row.due <= now else f"{row.due.astimezone():%Y-%m-%d}"


COLUMNS: dict[str, Column] = {
    "prompt": Column(
        mark("Question"), lambda r: r.prompt.casefold(), lambda r, _now: with_formulas(r.prompt)
    ),
    "kind": Column(mark("Kind"), lambda r: r.kind, lambda r, _now: kind_word(r.kind)),
    "deck": Column(mark("Deck"), lambda r: r.deck, lambda r, _now: r.deck),
    "state": Column(mark("State"), lambda r: r.state, lambda r, _now: state_word(r.state)),
    "due": Column(mark("Due on"), lambda r: r.due or _LATEST, _due),
    "stability": Column(
        mark("Stability"),
        lambda r: r.stability or 0.0,
        lambda r, _now: days(r.stability) if r.stability is not None else "",
        numbers=True,
    ),
    "lapses": Column(
        mark("Lapses"),
        lambda r: r.lapses,
        lambda r, _now: str(r.lapses) if r.reps else "",
        numbers=True,
    ),
    "tags": Column(
        mark("Tags"), lambda r: r.tags, lambda r, _now: " ".join(f"#{t}" for t in r.tags), most=32
    ),
}
"""In the order in which they stand."""
_ROOM = (
    (_LEAST, ("state", "due")),
    (32, ("deck",)),
    (44, ("kind", "stability", "tags", "lapses")),
)
"""In the order in which they get room, while so many cells are left for the question."""


def fit(room: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """The columns that go into `room` cells, with their widths; the question takes the rest."""
    left = room - GAP
    widths = {}
    for least, keys in _ROOM:
        for key in keys:
            width = min(wanted[key], COLUMNS[key].most)
            if left - width - GAP < least:
                break
            widths[key] = width
            left -= width + GAP
    widths["prompt"] = max(_LEAST, left)
    return {key: widths[key] for key in COLUMNS if key in widths}


def cell(text: str, width: int, *, to_the_right: bool = False) -> str:
    """`text` in exactly `width` cells, cut where it is longer."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(f"{set_cell_size(text, width - 1).rstrip()}…", width)
    return (
        " " * (width - length) * to_the_right + text + " " * (width - length) * (not to_the_right)
    )
