"""JSON Schemas of the front matter and of `quiz.toml`, for editors that check while one types.

Made of the tables the readers use. `python -m quiz.deck.schema` writes them to `quiz/deck/schemas`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quiz.deck.config import CHECKS, DECK, TOP
from quiz.deck.front_matter import FLAGS, LISTS

FOLDER = Path(__file__).parent / "schemas"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NOTHING = {"type": "null"}


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """Each schema by the name of its file."""
    return {"front-matter.json": _front_matter(), "quiz-toml.json": _quiz_toml()}


def text(schema: Mapping[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _front_matter() -> dict[str, Any]:
    words = {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}}
    properties: dict[str, Any] = {
        name: {"description": meaning, "anyOf": [words, _NOTHING]}
        for name, meaning in LISTS.items()
    }
    properties |= {
        name: {"description": meaning, "type": "boolean"} for name, meaning in FLAGS.items()
    }
    return _table("Front matter of a card file", properties)


def _quiz_toml() -> dict[str, Any]:
    decks = _table("What one deck does differently", _checked(DECK))
    del decks["$schema"]
    decks_table = {
        "description": "By the deck's path from the collection's root.",
        "type": "object",
        "additionalProperties": decks,
    }
    return _table("quiz.toml, the settings of a collection", _checked(TOP) | {"decks": decks_table})


def _checked(names: Sequence[str]) -> dict[str, Any]:
    return {
        name: {"description": f"Must be {CHECKS[name].wanted}.", **CHECKS[name].schema}
        for name in names
        if name in CHECKS
    }


def _table(title: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _DRAFT,
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def write() -> None:
    """Write the files anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text(schema), encoding="utf-8")


if __name__ == "__main__":
    write()
