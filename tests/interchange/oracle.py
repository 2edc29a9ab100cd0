"""Anki's own engine, asked in a process of its own: `python oracle.py import|make FILE`.

It is under the AGPL, so that nothing but this file touches it, and tests only run it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any


def _collection(folder: str) -> Any:  # noqa: ANN401 - the package may be absent
    from anki.collection import Collection

    return Collection(str(Path(folder) / "collection.anki2"))


def import_(package: str) -> dict[str, Any]:
    """What a fresh collection holds after importing a package, twice."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    with tempfile.TemporaryDirectory() as folder:
        collection = _collection(folder)
        options = ImportAnkiPackageOptions(with_scheduling=True, merge_notetypes=True)
        request = ImportAnkiPackageRequest(package_path=package, options=options)
        for _ in range(2):
            collection.import_anki_package(request)
        cards = [collection.get_card(key) for key in collection.db.list("select id from cards")]
        told = {
            "notes": collection.note_count(),
            "cards": collection.card_count(),
            "reviews": collection.db.scalar("select count() from revlog where ease > 0"),
            "suspended": collection.db.scalar("select count() from cards where queue = -1"),
            "decks": sorted({collection.decks.name(card.did) for card in cards}),
            "leeches": len(collection.find_notes("tag:leech")),
            "media": sorted(p.name for p in Path(collection.media.dir()).iterdir()),
            "sides": [_sides(collection, card) for card in cards],
        }
        problems, _ = collection.fix_integrity()
        told["problems"] = problems
        collection.close()
    return told


def _sides(collection: Any, card: Any) -> dict[str, Any]:  # noqa: ANN401
    """What a card shows, and of one in review the days until it is due."""
    days = card.due - collection.sched.today if card.queue == 2 else None
    return {"question": card.question(), "answer": card.answer(), "days": days}


def make(package: str) -> dict[str, Any]:
    """Write packages with one note of each usual type and some answers; what they hold."""
    from anki.collection import ExportAnkiPackageOptions

    with tempfile.TemporaryDirectory() as folder:
        collection = _collection(folder)
        picture = Path(folder) / "dot picture.png"
        picture.write_bytes(b"\x89PNG")
        name = collection.media.add_file(str(picture))
        notes = {
            "Basic": ("What is <b>bold</b>?", f'<img src="{name}"> this'),
            "Basic (and reversed card)": ("bonjour", "hello"),
            "Basic (optional reversed card)": ("chien", "dog", ""),
            "Basic (type in the answer)": ("2 + 2?", "4"),
            "Cloze": ("{{c1::Ottawa::city}} in {{c2::Canada}}", "more"),
        }
        for kind, fields in notes.items():
            note = collection.new_note(collection.models.by_name(kind))
            note.fields[: len(fields)] = fields
            note.tags = ["made", "by::anki"]
            collection.add_note(note, collection.decks.id("Outer::Inner"))
        collection.decks.select(collection.decks.id("Outer"))
        for ease in (3, 1, 3, 4, 2):
            card = collection.sched.getCard()
            card.start_timer()
            collection.sched.answerCard(card, ease)
        collection.sched.suspend_cards(collection.find_cards("deck:Outer is:new")[:1])
        for path, legacy in ((package, False), (f"{package}.old.apkg", True)):
            options = ExportAnkiPackageOptions(
                with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
            )
            collection.export_anki_package(out_path=path, options=options, limit=None)
        told = {
            "notes": collection.note_count(),
            "cards": collection.card_count(),
            "reviews": collection.db.scalar("select count() from revlog where ease > 0"),
            "suspended": collection.db.scalar("select count() from cards where queue = -1"),
        }
        collection.export_collection_package(f"{package}.colpkg", True, False)
    return told


if __name__ == "__main__":
    print(json.dumps({"import": import_, "make": make}[sys.argv[1]](sys.argv[2])))  # noqa: T201
