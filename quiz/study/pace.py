"""How long answers take this learner, by kind of question, and what that makes of a number of them.

Own answer times are few at first and wild at times (the coffee, the telephone): they are cut off
where they say nothing about the question, and begin from what is usual.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from statistics import median

from quiz.model.question import Kind
from quiz.model.review import Review, State
from quiz.study.ledger import Ledger

USUAL: Mapping[Kind, float] = {
    Kind.RECALL: 12, Kind.CLOZE: 10, Kind.CHOICE: 15, Kind.TYPED: 12, Kind.PREDICT: 25,
    Kind.CODE: 90,
}  # fmt: skip
"""Seconds, for who has no history yet."""
_WEIGHT = 5
"""Answers that what is usual counts for."""
_OUTLIER = 5
"""Times the median; longer than that nobody looks at a question."""
_LATEST = 400
"""Entries of the log that are looked at: how fast one is changes."""
_COUNTED = 400
"""Questions whose kind is looked up; of more, these speak for the rest."""
_TIMES = {State.NEW: 2.0}
"""A new question comes twice on its day: when it is met, and when its learning step ends."""


def seconds_per_question(answered: Iterable[tuple[Kind, int]]) -> dict[Kind, float]:
    """Seconds an answer takes, by kind, from the kinds and milliseconds of earlier answers."""
    times: dict[Kind, list[float]] = defaultdict(list)
    for kind, milliseconds in answered:
        if milliseconds > 0:
            times[kind].append(milliseconds / 1000)
    return {kind: _expected(usual, times[kind]) for kind, usual in USUAL.items()}


def _expected(usual: float, times: Sequence[float]) -> float:
    most = _OUTLIER * median(times) if times else 0.0
    return (_WEIGHT * usual + sum(min(t, most) for t in times)) / (_WEIGHT + len(times))


def pace(ledger: Ledger) -> dict[Kind, float]:
    """Seconds an answer takes this learner of late, by kind."""
    questions = ledger.collection.questions
    reviews = (e for e in ledger.history.last_entries(_LATEST) if isinstance(e, Review))
    return seconds_per_question(
        (questions[review.question].kind, review.duration)
        for review in reviews
        if review.question in questions
    )


def seconds_for(ledger: Ledger, questions: Iterable[str]) -> float:
    """Seconds that asking these takes, new ones with their learning step."""
    seconds = pace(ledger)
    known = ledger.collection.questions
    waiting = [question for question in questions if question in known]
    total = sum(
        seconds[known[question].kind] * _TIMES.get(ledger.standing(question).state, 1.0)
        for question in islice(waiting, _COUNTED)
    )
    return total * max(1.0, len(waiting) / _COUNTED)
