"""Nothing that an answer writes acts on a terminal or grows without end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.grade.visible import PRINTED, visible
from quiz.model.verdict import Outcome
from tests.grade.pump import grade

DOUBLE = "def f(x):\n    return x * 2\n"
CASES = "yield torch.ones(2),\n"
ACTING = "\x1b[2J\x07\x00\x9b\u202e\ud800"


def acts(text: str) -> bool:
    return any(
        (unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t")
        or unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI")
        for c in text
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("\u202eabc", "\\u202eabc"),
        ("\ud800", "\\ud800"),
        ("값 é 🙂", "값 é 🙂"),
    ],
)
def test_acting_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(), max_size=40), st.integers(2, 40))
def test_no_text_acts_or_is_too_long(text: str, most: int) -> None:
    shown = visible(text, most)
    assert len(shown) <= most
    assert not acts(shown)


@pytest.mark.parametrize(
    "answer",
    [
        "def f(x): return type(A * 5000, (), {})()",
        "def f(x): return type(A * 5000, (tuple,), {'_fields': ()})()",
        "def f(x): return {A * 5000: A}",
        "def f(x): raise type(A * 500, (ValueError,), {})(A * 5000)",
        "def f(x): print(A * 5000)",
        "print(A * 5000)\ndef f(x): return A * 5000",
        "raise ValueError(A)",
        "def f(x):\n    print('" + "x" * 100_000 + "')\n    raise ValueError('x')  # \u202e",
    ],
)
def test_verdicts_hold_nothing_that_acts(answer: str) -> None:
    verdict = grade(DOUBLE, f"A = {ACTING!a}\n{answer}", cases=CASES)
    assert verdict.outcome in (Outcome.WRONG, Outcome.ERROR)
    texts = [verdict.message, verdict.traceback, verdict.printed]
    for case in verdict.cases:
        texts += [case.call, case.expected, case.got, case.printed, case.traceback]
        texts += case.differences
    assert not [text for text in texts if acts(text)]
    assert max(map(len, texts)) <= PRINTED
    assert len(verdict.message) <= 2000
