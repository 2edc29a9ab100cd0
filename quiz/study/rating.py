"""From what happened to the rating that is proposed. The learner's key always wins."""

from __future__ import annotations

from quiz.model.review import Rating


def propose(*, passed: bool | None, failed_runs: int = 0, hints: int = 0) -> Rating:
    """The proposed rating.

    `passed` is what the last check of the answer said, None where the learner revealed the answer
    of a question that can be checked, or gave up. Time never decides: relabelling ratings by
    latency makes the scheduler's predictions worse.
    """
    if not passed:
        return Rating.AGAIN
    return Rating.HARD if failed_runs or hints else Rating.GOOD
