"""Review logs in and out: whole files, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.interchange.log import LogProblem, read_log, write_log
from quiz.interchange.table import is_log
from quiz.model.log import Owners
from quiz.model.review import Action, ActionKind

if TYPE_CHECKING:
    from quiz.study.library import Library

_FIRST_LINE = 64 * 1024
"""Characters of a table's header that are looked at."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    added: int
    """Reviews that were not in the history before."""
    known: int
    """Reviews that were already there, and stayed as they were."""
    questions: int
    """Different questions among those of the file."""
    without_card: tuple[str, ...]
    """Ids of the file that are no question of the cards: kept, and found again if one appears."""
    problems: Sequence[LogProblem]
    """Lines that cannot be read; unless `partial`, nothing was imported because of them."""


def holds_cards(path: Path) -> bool:
    """Whether a file holds cards, not a log of reviews: by its name, a table by its first line."""
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".tsv"):
        return suffix not in (".jsonl", ".ndjson")
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            header = file.readline(_FIRST_LINE)
            return not is_log(header) or (suffix == ".tsv" and not header.strip())
    except OSError:
        return False  # Reading it as a log says what is wrong.


def import_log(library: Library, path: Path, *, partial: bool = False) -> Imported:
    """Add the reviews of a log to the history and compute every memory again.

    With `partial`, lines that cannot be read are left out and reported; without, a single one of
    them leaves the history untouched.
    """
    log = read_log(path, day_of=library.calendar.day)
    added = 0
    if partial or not log.problems:
        added = library.ledger.bring_in(log.reviews)
    # Under the ids of today: what was rated before a card was renamed belongs to it.
    owners = Owners(library.ledger.history.relinks())
    cards = {owners.of(review) for review in log.reviews}
    return Imported(
        added=added,
        known=len(log.reviews) - added,
        questions=len(cards),
        without_card=tuple(sorted(card for card in cards if not library.has(card))),
        problems=log.problems,
    )


def export_log(library: Library, path: Path) -> int:
    """Write every review of the history that was not undone; how many there were.

    Each stands under the id that its question has today, so that who reads the log needs none of
    the edits between.
    """
    owners = Owners(library.ledger.history.relinks())
    reviews = (replace(review, question=owners.of(review)) for review in library.reviews())
    return write_log(reviews, path)


def not_in_log(library: Library) -> int:
    """How many of the things done that count are no reviews, so that no log has them."""
    undone = library.ledger.history.undone()
    meta = (ActionKind.UNDO, ActionKind.RELINK)
    return sum(
        isinstance(entry, Action) and entry.kind not in meta and entry.id not in undone
        for entry in library.ledger.history.entries()
    )
