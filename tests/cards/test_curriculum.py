"""The bundled decks: how much they hold, in what order, and what their READMEs say of them."""

from __future__ import annotations

import re
from collections import Counter
from graphlib import TopologicalSorter

import pytest

from quiz.deck.collection import Collection
from quiz.model.question import Kind
from tests.cards.curriculum import CARDS, COUNTS, PICTURE, README, cards, counts, picture, pytorch


@pytest.fixture(scope="module")
def collection() -> Collection:
    return cards()


def test_nothing_is_wrong_with_the_cards(collection: Collection) -> None:
    assert [str(finding) for finding in collection.findings] == []


def test_the_pytorch_deck_is_as_large_as_its_subject(collection: Collection) -> None:
    concepts = pytorch(collection)
    questions = [question for concept in concepts for question in concept.questions]
    kinds = Counter(question.kind for question in questions)
    assert len(concepts) >= 60
    assert len(questions) >= 420
    assert kinds[Kind.CODE] >= 150
    assert kinds[Kind.PREDICT] >= 50
    assert set(kinds) == set(Kind)


def test_every_concept_speaks_korean_and_names_its_documentation(collection: Collection) -> None:
    for concept in pytorch(collection):
        korean = concept.in_language("ko")
        assert korean is not concept, concept.id
        assert len(korean.questions) == len(concept.questions), concept.id
        assert re.search("[가-힣]", korean.title + korean.note), concept.id
        assert concept.links, concept.id


def test_every_code_question_has_a_hint_and_every_answer_an_explanation(
    collection: Collection,
) -> None:
    for question in (question for concept in pytorch(collection) for question in concept.questions):
        if question.kind is Kind.CODE:
            assert question.hints, question.id
        if question.kind is not Kind.RECALL:
            assert question.explanation, question.id


def test_every_option_is_explained(collection: Collection) -> None:
    for question in collection.questions.values():
        for option in getattr(question.content, "options", ()):
            assert option.explanation, f"{question.id}: {option.text}"


def test_the_curriculum_has_no_circles_and_no_shortcuts(collection: Collection) -> None:
    requires = {concept.id: set(concept.requires) for concept in collection.concepts.values()}
    before: dict[str, set[str]] = {}
    for concept in TopologicalSorter(requires).static_order():
        before[concept] = set().union(*(before[one] | {one} for one in requires[concept]))
        for one in requires[concept]:
            others = requires[concept] - {one}
            assert not any(one in before[other] for other in others), (concept, one)


def test_the_table_lists_every_deck(collection: Collection) -> None:
    rows = re.findall(r"(?m)^\| `([^`]+)` \| \S", (CARDS / "README.md").read_text("utf-8"))
    assert sorted(rows) == sorted({entry.deck for entry in collection.entries})


def test_the_picture_shows_what_the_concepts_require(collection: Collection) -> None:
    drawn = PICTURE.findall(README.read_text("utf-8"))
    assert drawn == [picture(pytorch(collection))], "draw it anew: python -m tests.cards.curriculum"


def test_the_readme_counts_right(collection: Collection) -> None:
    assert COUNTS.findall(README.read_text("utf-8")) == [counts(pytorch(collection))]
