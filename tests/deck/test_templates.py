"""What the program writes for an author is without fault itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quiz.deck import templates
from quiz.deck.collection import load
from quiz.deck.config import CollectionConfig
from quiz.deck.parser import parse_concept
from quiz.model.question import Kind


@pytest.mark.parametrize("kind", Kind)
def test_the_template_of_a_kind_is_a_question_of_that_kind(kind: Kind) -> None:
    text = templates.concept("A title", kind)
    parsed = parse_concept(text.encode(), path="a.md", concept="a", config=CollectionConfig())
    assert parsed.findings == ()
    assert parsed.concept is not None
    assert parsed.concept.title == "A title"
    assert {question.kind for question in parsed.concept.questions} == {kind}


def test_a_question_can_be_appended_to_a_concept() -> None:
    text = templates.concept("T", Kind.RECALL) + "\n" + templates.question(Kind.CODE)
    parsed = parse_concept(text.encode(), path="a.md", concept="a", config=CollectionConfig())
    assert parsed.findings == ()
    assert parsed.concept is not None
    assert len(parsed.concept.questions) == 2


def test_a_new_collection_speaks_the_language_of_the_learner(tmp_path: Path, korean: None) -> None:
    english = set(templates.QUESTIONS.values())
    for path, text in templates.collection("notes").items():
        (tmp_path / path).write_text(text, "utf-8")
        assert re.search("[가-힣]", text)
        assert not any(question in text for question in english)
    collection = load(tmp_path)
    assert collection.findings == ()
    assert {question.kind for question in collection.questions.values()} == set(Kind)


@pytest.mark.parametrize("name", ["notes", 'a "quoted" \\ name', "한국어", "", "two\nlines"])
def test_a_new_collection_shows_every_kind_and_has_no_findings(tmp_path: Path, name: str) -> None:
    for path, text in templates.collection(name).items():
        (tmp_path / path).write_text(text, "utf-8")
    collection = load(tmp_path)
    assert collection.findings == ()
    assert {question.kind for question in collection.questions.values()} == set(Kind)
    assert collection.config.name == (" ".join(name.split()) or "cards")
