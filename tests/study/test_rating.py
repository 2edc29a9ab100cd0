from __future__ import annotations

import pytest

from quiz.model.review import Rating
from quiz.study.rating import propose


@pytest.mark.parametrize(
    ("passed", "failed_runs", "hints", "proposed"),
    [
        (True, 0, 0, Rating.GOOD),
        (True, 1, 0, Rating.HARD),
        (True, 0, 1, Rating.HARD),
        (False, 1, 0, Rating.AGAIN),
        (None, 0, 0, Rating.AGAIN),
        (None, 3, 2, Rating.AGAIN),
    ],
)
def test_a_rating_is_proposed_from_what_happened(
    passed: bool | None, failed_runs: int, hints: int, proposed: Rating
) -> None:
    assert propose(passed=passed, failed_runs=failed_runs, hints=hints) is proposed
