"""Small collections, a concept for each kind, so that none buries another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import write

RECALL = """\
---
links: ["[torch.ne](https://example.org/ne)"]
---

# torch.ne

Element-wise *not equal*.

## What does `torch.ne(a, b)` return?

> [!TIP]
> Think of the dtype of a comparison.

A bool tensor of the broadcast shape.
"""

CLOZE = """\
# Kinds of cloze

## `other` may be a {{c1::tensor}} or a {{c1::number::not a tensor}}.

---

Anything that broadcasts.
"""

CHOICE = """\
# Negation

## Which of these equal `torch.ne(a, b)`?

- [x] `a != b`
- [x] `~torch.eq(a, b)`
- [ ] `not torch.eq(a, b)`
  `not` needs one truth value.
"""

ONE = """\
# Only one

## Which one holds?

- [ ] the wrong one
- [x] the right one
"""

TYPED = """\
# A dtype

## What is the dtype of `torch.ne(a, b)`?

```answer
torch.bool
bool
```
"""

KOREAN = """\
# 모델의 두 가지 모드

## 학습 모드로 되돌리는 메서드의 이름은?

```answer
train
```
"""


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """An empty collection."""
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "quiz.toml").write_text('name = "Morning"\n', encoding="utf-8")
    return folder


@pytest.fixture
def recall(cards: Path) -> Path:
    write(cards, "a/recall.md", RECALL)
    return cards


@pytest.fixture
def several(cards: Path) -> Path:
    """Two decks, one of them Korean."""
    write(cards, "torch/recall.md", RECALL)
    write(cards, "torch/typed.md", TYPED)
    write(cards, "한국어/모델.md", KOREAN)
    return cards
