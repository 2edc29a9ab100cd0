"""The decks' own documentation: every example in it is a card without fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quiz.deck.config import CollectionConfig
from quiz.deck.parser import parse_concept
from quiz.model.question import Kind

README = Path(__file__).parents[2] / "cards" / "README.md"
_EXAMPLE = re.compile(r"(?ms)^(`{4,})markdown\n(.*?)^\1$")


def examples() -> list[str]:
    return [found[2] for found in _EXAMPLE.finditer(README.read_text("utf-8"))]


@pytest.mark.parametrize("text", examples(), ids=range(len(examples())))
def test_an_example_has_no_findings(text: str) -> None:
    parsed = parse_concept(text.encode(), path="README.md", concept="c", config=CollectionConfig())
    assert [str(finding) for finding in parsed.findings] == []
    assert parsed.concept is not None
    assert parsed.concept.questions


def test_the_examples_show_every_kind_and_hint_explanation_and_anchor() -> None:
    concepts = [
        parse_concept(text.encode(), path="c", concept="c", config=CollectionConfig()).concept
        for text in examples()
    ]
    questions = [question for concept in concepts if concept for question in concept.questions]
    assert {question.kind for question in questions} == set(Kind)
    assert any(question.hints for question in questions)
    assert any(question.explanation for question in questions)
    assert any(question.explicit_anchor for question in questions)
