from __future__ import annotations

from datetime import UTC, date, datetime, time

from quiz.model.review import Rating, Review
from quiz.schedule.weights import DEFAULT_WEIGHTS
from quiz.store.ids import new_id
from quiz.study.fitting import adopt, fit, take_back
from quiz.study.library import Library
from tests.schedule.learners import scaled, study


def reviews() -> list[Review]:
    """Of a learner who forgets much sooner than the average, at noon of each day."""
    log = []
    for number, (question, day, rating) in enumerate(study(scaled(0.2), 150, seed=2)):
        noon = datetime.combine(date.fromordinal(day), time(12, 0, 0, number), UTC)
        log.append(Review(new_id(noon), question, noon, noon.date(), Rating(rating)))
    return log


async def test_a_fit_is_offered_made_adopted_and_taken_back(library: Library) -> None:
    assert not library.notices
    library.add_to_log(reviews())
    (offer,) = library.notices
    assert "quiz optimize" in offer
    shares: list[float] = []
    result = await fit(library.ledger, shares.append)
    assert result.reviews == 150
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert not library.notices, "not again until the history has grown by a fifth"
    known = library.standings.keys()
    before = dict(library.standings)
    assert adopt(library.ledger, result) == 1
    assert library.ledger.policy.weights == result.weights
    assert library.standings.keys() == known
    assert library.standings != before
    assert take_back(library.ledger) == 0
    assert library.ledger.policy.weights == DEFAULT_WEIGHTS
    assert library.standings == before
    assert library.rebuild()[1] == 0
