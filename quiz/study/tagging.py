"""Tags of questions, which are those of their concepts: how many have which, and changing them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection as Several
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.collection import Collection
from quiz.deck.saving import read_text, write_text
from quiz.deck.tagging import with_tags
from quiz.errors import CardError, Place
from quiz.study.editing import refuse_bundled


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags of the concepts that some questions belong to."""

    concepts: int
    counts: Counter[str]
    """How many of the concepts have each tag."""
    known: tuple[str, ...]
    """All tags of the collection, in order."""


def tagged(collection: Collection, questions: Iterable[str]) -> Tagged:
    """Which tags these questions have."""
    wanted = _concepts(questions)
    counts: Counter[str] = Counter()
    known: set[str] = set()
    for entry in collection.entries:
        known.update(entry.tags)
        if entry.concept in wanted:
            counts.update(entry.tags)
    return Tagged(len(wanted), counts, tuple(sorted(known, key=str.casefold)))


def retag(
    collection: Collection, questions: Iterable[str], add: Several[str], remove: Several[str]
) -> list[Path]:
    """Write tags into the files of these questions' concepts: the files that changed.

    Raises `CardError`, and has then written none, where one of them cannot be changed for sure.
    """
    refuse_bundled(collection.root)
    wanted = _concepts(questions)
    texts: dict[Path, str] = {}
    for read in collection.files.values():
        if read.file.concept not in wanted or read.file.language is not None:
            continue
        path = Path(read.file.path)
        before = read_text(path)
        try:
            after = with_tags(before, add, remove)
        except CardError as error:
            raise CardError(error.what, where=Place(read.file.shown), fix=error.fix) from error
        if after != before:
            texts[path] = after
    for path, text in texts.items():
        write_text(path, text)
    return list(texts)


def _concepts(questions: Iterable[str]) -> set[str]:
    return {question.partition("#")[0] for question in questions}
