"""Every answer in words that can be run is run: the deck's facts hold in the torch at hand.

Questions with a program (predict, code) are proved by `quiz check`; the others here.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
import torch

from quiz.model.question import Kind
from tests.cards import claims
from tests.cards.claiming import CLAIMS
from tests.cards.curriculum import cards, pytorch
from tests.cards.unrun import UNRUN

for _module in pkgutil.iter_modules(claims.__path__):
    importlib.import_module(f"{claims.__name__}.{_module.name}")

IN_WORDS = {Kind.RECALL, Kind.CHOICE, Kind.CLOZE, Kind.TYPED}
_PART = re.compile(r"/(c\d+|reversed)$")


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    """Tensors this small only lose by being shared out."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("question", CLAIMS)
def test_a_claim_holds(question: str) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        CLAIMS[question]()


def test_every_answer_in_words_has_a_check_or_a_reason_why_not() -> None:
    asked = {
        _PART.sub("", question.id)
        for concept in pytorch(cards())
        for question in concept.questions
        if question.kind in IN_WORDS
    }
    checked, unrun = set(CLAIMS), set(UNRUN)
    assert sorted(asked - checked - unrun) == []
    assert sorted((checked | unrun) - asked) == [], "no such question any more"
    assert sorted(checked & unrun) == []


def test_most_answers_in_words_are_checked() -> None:
    assert len(CLAIMS) > 8 * len(UNRUN)
