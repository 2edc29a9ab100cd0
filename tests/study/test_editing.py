"""A card while it is written: its file is not harmed, whatever it looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.deck.collection import load
from quiz.errors import CardError, Place
from quiz.model.question import Code, Kind
from quiz.study.editing import (
    ChangedError,
    names,
    new_card,
    open_card,
    read_card,
    save_card,
)
from quiz.study.writing import draft

CARD = "# C\n\n## Q?\n\nA.\n\n## R?\n\nB.\n"
CODE = "# 제목\n\n## Write one.\n\n```python solution\nx = 1\n```\n"


def collection(root: Path, **files: str) -> Path:
    root.mkdir(exist_ok=True)
    for name, text in files.items():
        (root / f"{name.replace('_', '.')}.md").write_text(text, encoding="utf-8")
    return root


def test_a_question_is_added_with_the_line_ends_and_the_mark_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.md"
    before = b"\xef\xbb\xbf" + CARD.replace("\n", "\r\n").encode()
    path.write_bytes(before)
    new = draft(tmp_path, "c", Kind.TYPED)
    assert new.text.encode().startswith(before.rstrip())
    assert "\n" not in new.text.replace("\r\n", "")
    assert new.text.splitlines()[new.line - 1].startswith("## What is the dtype")
    card = new_card(load(tmp_path), "c", Kind.TYPED)
    saved = save_card(card, card.text)
    assert path.read_bytes() == new.text.encode()
    assert saved.stored == new.text
    assert not read_card(saved, saved.text).findings


def test_the_section_of_a_line_is_found(tmp_path: Path) -> None:
    root = collection(tmp_path, c=CARD)
    cards = load(root)
    place = cards.questions["c#r"].place
    card = open_card(cards, place)
    assert card.line == 7
    reading = read_card(card, card.text)
    assert reading.at(1) is None
    found = [[question.id for question in reading.at(line) or ()] for line in (3, 6, 7, 9)]
    assert found == [["c#q"], ["c#q"], ["c#r"], ["c#r"]]


def test_a_translation_is_read_beside_its_base(tmp_path: Path) -> None:
    korean = "# 제목\n\n## 하나를 쓰라.\n"
    cards = load(collection(tmp_path, c=CODE, c_ko=korean))
    place = cards.concepts["c"].translations["ko"].questions[0].place
    card = open_card(cards, place)
    (question,) = read_card(card, card.text).at(3) or ()
    assert isinstance(question.content, Code)
    assert question.content.solution.text == "x = 1\n"


def test_a_file_that_was_changed_or_removed_meanwhile_is_told(tmp_path: Path) -> None:
    cards = load(collection(tmp_path, c=CARD))
    card = open_card(cards, cards.questions["c#q"].place)
    path = tmp_path / "c.md"
    path.unlink()
    with pytest.raises(ChangedError):
        save_card(card, "# Mine\n")
    assert not path.exists()
    assert save_card(card, "# Mine\n", force=True).stored == "# Mine\n"
    assert path.read_text("utf-8") == "# Mine\n"


def test_what_cannot_be_opened_or_written_is_an_error(tmp_path: Path) -> None:
    cards = load(collection(tmp_path, c=CARD))
    with pytest.raises(CardError, match="no card of this collection"):
        open_card(cards, Place("/etc/hostname", 1))
    card = new_card(cards, "c/d", Kind.RECALL)
    (tmp_path / "c").write_text("a file where a folder would have to be", encoding="utf-8")
    with pytest.raises(CardError, match="cannot be written"):
        save_card(card, card.text)


def test_unsaved_text_is_kept_where_no_card_is_read(tmp_path: Path) -> None:
    cards = load(collection(tmp_path, c=CARD))
    card = open_card(cards, cards.questions["c#q"].place)
    card.keep("half a thou")
    assert card.kept() == "half a thou"
    assert load(tmp_path).questions.keys() == cards.questions.keys()
    save_card(card, card.text)
    assert card.kept() is None


def test_decks_and_concepts_are_named(tmp_path: Path) -> None:
    collection(tmp_path, c=CARD)
    collection(tmp_path / "deck", d=CARD)
    assert names(load(tmp_path)) == ["deck/", "c", "deck/d"]
