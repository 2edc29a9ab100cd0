"""A small collection, a clock that is moved by hand, and a library over both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quiz.study.library import Library

CARDS = {
    "tensors/ne.md": """\
---
tags: [tensor, comparison]
---
# torch.ne

Element-wise not equal.

## What does `torch.ne(a, b)` return?

A bool tensor.

## What is the dtype of `torch.ne(a, b)`?

```answer
torch.bool
```
""",
    "tensors/eq.md": """\
---
tags: [tensor]
requires: [tensors/ne]
---
# torch.eq

## What does `torch.eq(a, b)` do with NaN?

NaN equals nothing, itself included.
""",
    "loops/zero.md": """\
# zero_grad

## Why call `optimizer.zero_grad()`?

Gradients accumulate.
""",
}


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    root = tmp_path / "cards"
    for name, text in CARDS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


Opener = Callable[[], Library]


@pytest.fixture
def open_library(cards: Path, tmp_path: Path, clock: Clock) -> Iterator[Opener]:
    """Opens the same collection and history as often as asked, one after the other."""
    opened: list[Library] = []

    def open_again() -> Library:
        while opened:
            opened.pop().close()
        opened.append(Library.open(cards, tmp_path / "history.db", clock=clock, seed=1))
        return opened[-1]

    yield open_again
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Opener) -> Library:
    return open_library()
