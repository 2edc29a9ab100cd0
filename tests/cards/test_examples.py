"""The example cards: the format's tutorial shows all of the format, and asks nothing by itself."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from quiz.deck.collection import Collection
from quiz.model.question import Code, Concept, Form, Kind, Question, Rules, Typed
from tests.cards.curriculum import CARDS, cards

FOLDER = CARDS / "examples"
NOT_SHOWN = {"output", "processes"}
"""Limits of a solution's fence that a tutorial only mentions: they take their time to show."""


@pytest.fixture(scope="module")
def collection() -> Collection:
    return cards()


@pytest.fixture(scope="module")
def concepts(collection: Collection) -> list[Concept]:
    return [c for c in collection.concepts.values() if c.deck == "examples"]


@pytest.fixture(scope="module")
def questions(concepts: list[Concept]) -> list[Question]:
    return [question for concept in concepts for question in concept.questions]


def test_they_show_every_kind_and_form(questions: list[Question]) -> None:
    assert {question.kind for question in questions} == set(Kind)
    code = [question.content for question in questions if isinstance(question.content, Code)]
    assert {content.form for content in code} | {Form.PREDICT} == set(Form)


def test_they_show_every_rule_of_a_solution(questions: list[Question]) -> None:
    given = [question.content.rules for question in questions if isinstance(question.content, Code)]
    plain = Rules()
    shown = {
        field.name
        for field in fields(Rules)
        if any(getattr(rules, field.name) != getattr(plain, field.name) for rules in given)
    }
    assert shown == {field.name for field in fields(Rules)} - NOT_SHOWN


def test_they_show_what_a_heading_and_a_file_can_say(
    concepts: list[Concept], questions: list[Question]
) -> None:
    typed = [question.content for question in questions if isinstance(question.content, Typed)]
    assert any(content.case for content in typed)
    assert any(content.tolerance for content in typed)
    assert any(question.id.endswith("/reversed") for question in questions)
    assert any(question.suspended for question in questions)
    assert any(question.explicit_anchor for question in questions)
    assert any(len(question.hints) > 1 for question in questions)
    assert any(concept.requires for concept in concepts)
    assert any(concept.links for concept in concepts)
    assert any("ko" in concept.translations for concept in concepts)


def test_the_readme_lists_every_file(concepts: list[Concept]) -> None:
    rows = re.findall(r"(?m)^\| \[(\S+)\.md\]\(\1\.md\) \| \S", (FOLDER / "README.md").read_text())
    assert sorted(rows) == sorted(concept.id.rpartition("/")[2] for concept in concepts)


def test_they_are_not_asked_among_the_real_cards(collection: Collection) -> None:
    assert collection.config.decks["examples"].new_per_day == 0
