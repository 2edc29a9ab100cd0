"""Putting right in the card files what can be without asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.fixes import Correction, fix
from quiz.deck.saving import read_text, write_text
from quiz.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Mended:
    """A card file that was written anew."""

    path: str
    """As findings call it."""
    corrections: tuple[Correction, ...]
    """In the order of the file."""


def mend(findings: Iterable[Finding]) -> list[Mended]:
    """Correct the files that the findings are about, as far as that is safe.

    Nothing else in them changes, line ends and encoding included. Raises `CardError` for a file
    that cannot be written; those before it are written then.
    """
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.rule:
            by_path[finding.place.path].append(finding)
    mended = []
    for name, found in by_path.items():
        fixed = fix(read_text(Path(name)), found)
        if fixed.corrections:
            write_text(Path(name), fixed.text)
            mended.append(Mended(name, fixed.corrections))
    return mended
