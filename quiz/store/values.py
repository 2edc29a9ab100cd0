"""What the history answers with, where the domain has no word of its own for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from quiz.model.review import Entry, Rating
from quiz.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Known:
    """A question's text as last seen, and whether it is in the cards still."""

    snapshot: Snapshot
    present: bool


@dataclass(frozen=True, slots=True)
class DayCount:
    """What happened to one question on one study day; cram and undone reviews do not count."""

    reviews: int
    first: bool
    """Whether it had never been reviewed before that day."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the reviews that count come to; cram and undone ones do not count."""

    by_day: Mapping[date, int]
    """Reviews by study day."""
    ratings: Mapping[Rating, int]
    coded: int
    """Reviews of which an answer was graded."""
    coded_first: int
    """Of them, those passed at the first run."""
    recalls: tuple[tuple[bool, int], ...]
    """Of late: whether it was remembered, and the days since the review before, if any passed."""


@dataclass(frozen=True, slots=True)
class WeightsRow:
    """One set of weights that was adopted."""

    version: int
    """From 1; 0 stands for the defaults, which are never stored."""
    time: datetime
    """UTC, of the adoption."""
    algorithm: str
    values: tuple[float, ...]
    reviews: int
    """How many reviews it was fitted to."""
    report: Mapping[str, float] = field(default_factory=dict)
    """The measures that decided, by name."""
    reverted: datetime | None = None
    """UTC: when it was taken back; None while it holds or was merely followed by another."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file, as listed."""

    path: Path
    time: datetime
    """UTC, from its name."""
    size: int
    """Bytes."""
    reviews: int | None
    """Reviews in its log; None where it cannot be read."""
    actions: int | None


@dataclass(frozen=True, slots=True)
class Entries:
    """Some entries of a log, in numbers, and the newest of them."""

    reviews: int = 0
    actions: int = 0
    by_day: Mapping[tuple[date, str], int] = field(default_factory=dict)
    """How many of each study day and deck, the latest day first."""
    newest: tuple[Entry, ...] = ()
    """The latest first, under the ids they were entered with."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What separates a history from one of its backups."""

    gone: Entries
    """What the backup lacks: restoring it takes it away."""
    back: Entries
    """What only the backup has: restoring it brings it back."""
    common: int
    """Entries of both."""
