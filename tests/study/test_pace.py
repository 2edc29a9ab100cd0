"""How long answers take, and what that makes of a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.model.question import Kind
from quiz.model.review import Rating
from quiz.study.library import Library
from quiz.study.pace import USUAL, seconds_per_question
from quiz.study.values import Attempt, Selection
from tests.study.conftest import Clock


def test_without_a_history_it_is_what_is_usual() -> None:
    assert seconds_per_question([]) == USUAL
    assert seconds_per_question([(Kind.CODE, 0)]) == USUAL, "an import knows no times"


def test_own_times_win_with_their_number() -> None:
    few = seconds_per_question([(Kind.RECALL, 30_000)] * 5)
    many = seconds_per_question([(Kind.RECALL, 30_000)] * 500)
    assert few[Kind.RECALL] == pytest.approx((USUAL[Kind.RECALL] + 30) / 2)
    assert many[Kind.RECALL] == pytest.approx(30, abs=0.5)
    assert many[Kind.CODE] == USUAL[Kind.CODE]


def test_a_coffee_is_no_answer_time() -> None:
    times = [(Kind.RECALL, 10_000)] * 99
    assert seconds_per_question([*times, (Kind.RECALL, 9_000_000)])[Kind.RECALL] < 11


def test_the_rest_of_a_session_takes_less_with_every_answer(
    library: Library, clock: Clock, tmp_path: Path
) -> None:
    session = library.session(Selection())
    at_first = library.seconds_for(session.left)
    assert at_first == pytest.approx(2 * USUAL[Kind.RECALL] * len(session.left))
    assert session.asked
    asked = session.asked.question.id
    assert asked in session.left
    session.rate(Rating.EASY, Attempt(duration=12_000))
    assert asked not in session.left
    assert library.seconds_for(session.left) < at_first
    one = library.session(Selection(limit=1))
    assert len(one.left) == 1
    assert library.seconds_for(["of/a#file-that-is-gone"]) == 0
