"""What things are called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quiz.study.library import Library


def collection_name(library: Library) -> str:
    """The collection's own name, else that of its folder."""
    collection = library.collection
    return collection.config.name or collection.root.resolve().name
