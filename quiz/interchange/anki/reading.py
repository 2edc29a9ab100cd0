"""A whole Anki package, read and converted."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from quiz.interchange.anki.collection import AnkiCollection, read_collection
from quiz.interchange.anki.notes import Asked, convert_notes
from quiz.interchange.anki.package import open_package
from quiz.interchange.draft import Converted
from quiz.interchange.plan import safe_names


@dataclass(frozen=True, slots=True)
class AnkiSource:
    """A package while it is open: its notes as drafts, and its history."""

    converted: Converted
    collection: AnkiCollection
    asked: Mapping[int, Asked]
    """Which question each Anki card has become, by the card's id."""


@contextmanager
def read_package(path: Path) -> Iterator[AnkiSource]:
    """Read a package; its media can be read as long as it is open. Raises `ImportFormatError`."""
    with open_package(path) as package:
        folder = Path(tempfile.mkdtemp(prefix="quiz-anki-"))
        try:
            database = folder / "collection.db"
            package.copy_collection(database)
            collection = read_collection(database, path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        names = safe_names(package.media)
        notes = convert_notes(collection, names)
        media: dict[str, Callable[[], bytes]] = {
            names[name]: partial(package.media_bytes, name) for name in package.media
        }
        left_out = (*package.left_out, *notes.left_out)
        yield AnkiSource(Converted("anki", notes.drafts, left_out, media), collection, notes.asked)
