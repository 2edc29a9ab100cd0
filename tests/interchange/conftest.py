"""An empty collection to import into, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quiz.study.library import Library

NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)

Opener = Callable[..., Library]


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Opener]:
    """Opens a collection, made if there is none, with a history of its own beside it."""
    opened: list[Library] = []

    def open_one(name: str = "mine") -> Library:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        library = Library.open(root, tmp_path / f"{name}.db", clock=lambda: NOW, seed=1)
        opened.append(library)
        return library

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Opener) -> Library:
    return open_library()
