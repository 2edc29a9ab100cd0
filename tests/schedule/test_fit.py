from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from quiz.model.review import Action, ActionKind, Entry, Rating, Review, ReviewKind
from quiz.schedule.fit import (
    LONG_HISTORY,
    FitResult,
    Progress,
    Rated,
    Situation,
    answer_line,
    auc,
    calibration,
    judge,
    measure,
    rated,
    read_answer,
    read_reviews,
    request_lines,
    situations,
    time_splits,
    worth_refitting,
)
from quiz.schedule.weights import DEFAULT_WEIGHTS

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


def review(n: int, question: str, kind: ReviewKind = ReviewKind.REVIEW) -> Review:
    time = START + timedelta(days=n)
    return Review(f"{n:03}", question, time, time.date(), Rating.GOOD, kind=kind)


def action(n: int, kind: ActionKind, question: str, value: str = "") -> Action:
    time = START + timedelta(days=n)
    return Action(f"{n:03}", question, time, time.date(), kind, value)


def situation(recalled: bool, elapsed: int = 3, nth: int = 2, lapses: int = 0) -> Situation:
    return Situation(elapsed, nth, lapses, recalled)


def test_the_log_is_reduced_to_what_was_rated_and_counts() -> None:
    log: list[Entry] = [
        review(0, "old"),
        review(1, "b"),
        action(2, ActionKind.RELINK, "a", "old"),
        review(3, "a"),
        review(4, "a", ReviewKind.CRAM),
        review(5, "b"),
        action(6, ActionKind.UNDO, "b", "005"),
        action(7, ActionKind.FORGET, "a"),
        review(8, "a"),
    ]
    result = rated(reversed(log))
    assert [r.day - START.toordinal() for r in result] == [0, 1, 3, 8]
    first, other, second, forgotten = (r.question for r in result)
    assert first == second
    assert len({first, other, forgotten}) == 3


def test_only_what_comes_a_day_later_is_predicted() -> None:
    log = [
        Rated("a", 1, 1),
        Rated("a", 1, 3),
        Rated("b", 2, 3),
        Rated("a", 4, 1),
        Rated("a", 4, 3),
        Rated("a", 9, 3),
    ]
    assert situations(log) == {
        3: Situation(elapsed=3, nth=2, lapses=0, recalled=False),
        5: Situation(elapsed=5, nth=4, lapses=1, recalled=True),
    }


def test_every_stretch_is_judged_by_a_fit_to_all_before_it() -> None:
    targets = range(10, 250, 2)
    splits = time_splits(targets, 250)
    assert [tuple(split) for split in splits] == [
        (50, 90),
        (90, 130),
        (130, 170),
        (170, 210),
        (210, 250),
    ]
    assert time_splits(range(20), 100) == []
    assert len(time_splits(range(LONG_HISTORY), LONG_HISTORY + 1)) == 1


def test_log_loss_is_the_mean_of_minus_the_logarithm() -> None:
    metrics = measure([situation(True), situation(False)], [0.9, 0.6])
    assert metrics.log_loss == pytest.approx(-(math.log(0.9) + math.log(0.4)) / 2)


def test_the_error_in_bins_sees_bias_and_not_chance() -> None:
    fair = [situation(n % 10 != 0) for n in range(1000)]
    assert measure(fair, [0.9] * 1000).rmse == pytest.approx(0, abs=1e-9)
    assert measure(fair, [0.7] * 1000).rmse == pytest.approx(0.2)
    apart = [situation(n < 500, elapsed=1 if n < 500 else 300) for n in range(1000)]
    assert measure(apart, [0.5] * 1000).rmse == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("outcomes", "predicted", "area"),
    [
        ([False, True], [0.2, 0.8], 1.0),
        ([False, True], [0.8, 0.2], 0.0),
        ([False, True, True, False], [0.5, 0.5, 0.5, 0.5], 0.5),
        ([True, True], [0.1, 0.9], 0.5),
        ([False, True, False, True], [0.1, 0.4, 0.6, 0.9], 0.75),
    ],
)
def test_the_area_under_the_curve(
    outcomes: list[bool], predicted: list[float], area: float
) -> None:
    assert auc(outcomes, predicted) == pytest.approx(area)


def test_calibration_sets_predicted_beside_observed() -> None:
    low, high = calibration([True, False, True, True], [0.41, 0.43, 0.99, 1.0])
    assert [low.predicted, high.predicted] == pytest.approx([0.42, 0.995])
    assert [low.observed, high.observed] == [0.5, 1.0]
    assert [low.count, high.count] == [2, 2]


class TestJudgement:
    held_out = tuple(situation(n % 5 != 0) for n in range(200))

    def judged(self, before: float, after: float, count: int = 200) -> FitResult:
        held_out = self.held_out[:count]
        return judge(DEFAULT_WEIGHTS, 999, held_out, [before] * count, [after] * count)

    def test_a_clear_win_is_adopted(self) -> None:
        result = self.judged(0.95, 0.8)
        assert result.adopted
        assert result.before is not None
        assert result.after is not None
        assert result.after.log_loss < result.before.log_loss

    def test_a_loss_or_a_tie_is_not(self) -> None:
        assert not self.judged(0.8, 0.95).adopted
        assert not self.judged(0.8, 0.8).adopted

    def test_a_win_within_chance_is_not(self) -> None:
        assert not self.judged(0.81, 0.80).adopted

    def test_a_history_too_short_to_tell_keeps_the_defaults(self) -> None:
        result = self.judged(0.99, 0.8, count=20)
        assert (result.adopted, result.before) == (False, None)
        assert "too short" in result.reason


def test_a_refit_is_offered_when_the_history_has_grown_by_a_fifth() -> None:
    assert not worth_refitting(99, 0)
    assert worth_refitting(100, 0)
    assert not worth_refitting(1199, 1000)
    assert worth_refitting(1200, 1000)


def test_requests_and_answers_survive_the_pipe() -> None:
    log = [Rated("한글#a", 739000, 3), Rated("b", 739001, 1)]
    assert read_reviews(request_lines(log)) == log
    held_out = TestJudgement.held_out
    result = judge(DEFAULT_WEIGHTS, 9, held_out, [0.7] * 200, [0.8] * 200)
    assert read_answer(answer_line(result)) == result
    assert read_answer(answer_line(Progress(0.25))) == Progress(0.25)


@pytest.mark.parametrize("line", ["", "{}", "[1, 2]", '["q", 1, 5]', '["q", "x", 3]', "null"])
def test_a_line_that_is_no_review_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_reviews(['["q", 1, 3]', line])
