"""What is asked of the fitting program and what it answers; what makes a fit worth adopting.

All of it without torch, which only `quiz.schedule.fitting` loads, in a process of its own. The two
speak in JSON lines: reviews in, progress and one result out.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from quiz.language import mark
from quiz.model.log import Owners, effective
from quiz.model.review import Action, ActionKind, Entry, Rating, Review, ReviewKind
from quiz.schedule.weights import check_weights

FOLDS = 5
"""Held-out stretches of a history; of a long one the last is enough."""
LONG_HISTORY = 20_000
"""Reviews."""
LEAST_HELD_OUT = 30
"""With fewer predictions than these nothing can be said."""
_CALIBRATION_BINS = 20


class Rated(NamedTuple):
    """One review as the fit needs it; together they stand in the order of the log."""

    question: str
    """Whatever tells one history from another."""
    day: int
    """Number of the study day."""
    rating: int
    """1 to 4."""


class Situation(NamedTuple):
    """The circumstances in which a review's outcome is to be predicted."""

    elapsed: int
    """Study days since the last review, at least 1."""
    nth: int
    """Reviews before it, at least 1."""
    lapses: int
    """Times it had been forgotten before."""
    recalled: bool


class Split(NamedTuple):
    """A cut through the history, by position in the log."""

    train_until: int
    test_until: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the fit has come."""

    share: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """How well predictions of recall agree with what happened, on held-out reviews."""

    log_loss: float
    """Mean, in nats."""
    rmse: float
    """Root mean square, over groups of alike reviews, of predicted less observed recall."""
    auc: float
    """Chance that a recalled review was given the higher probability than a forgotten one."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Reviews of about the same predicted recall."""

    predicted: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True)
class FitResult:
    """What the fit came to."""

    weights: tuple[float, ...]
    """Fitted to the whole history."""
    adopted: bool
    """Whether they are to be used: they won against the defaults on reviews they had not seen."""
    reason: str
    """Why, or why not, in an English sentence; marked for the catalogue."""
    reviews: int
    """In the history."""
    held_out: int
    """Predictions that were judged."""
    before: Metrics | None
    """With the default weights; None where too little could be held out."""
    after: Metrics | None
    calibration_before: tuple[CalibrationBin, ...] = ()
    calibration_after: tuple[CalibrationBin, ...] = ()


def rated(entries: Iterable[Entry]) -> list[Rated]:
    """The reviews of the log to be fitted to, in its order; a forgotten question starts anew."""
    kept = effective(entries)
    owners = Owners(kept)
    lives: Counter[str] = Counter()
    result = []
    for entry in kept:
        question = owners.of(entry)
        if isinstance(entry, Action):
            lives[question] += entry.kind is ActionKind.FORGET
        elif entry.kind is ReviewKind.REVIEW:
            result.append(_rated(entry, f"{question}\0{lives[question]}"))
    return result


def _rated(review: Review, history: str) -> Rated:
    return Rated(history, review.day.toordinal(), int(review.rating))


def worth_refitting(reviews: int, fitted: int) -> bool:
    """Whether a history of so many reviews has grown by a fifth since it was `fitted`."""
    return reviews >= max(100, fitted * 1.2)


def command(device: str = "") -> tuple[str, ...]:
    """The command that starts the fitting program (`device` empty: the best there is)."""
    # Warnings of libraries would stand in front of the learner.
    return (sys.executable, "-W", "ignore", "-m", "quiz.schedule.fitting", "--device", device)


def request_lines(reviews: Iterable[Rated]) -> Iterator[str]:
    """What the program reads on standard input."""
    for review in reviews:
        yield json.dumps(review) + "\n"


def read_reviews(lines: Iterable[str]) -> list[Rated]:
    """The reviews in `lines`; `ValueError` with the line's number for one that is none."""
    reviews = []
    for number, line in enumerate(lines, 1):
        try:
            question, day, rating = json.loads(line)
            reviews.append(Rated(str(question), int(day), int(Rating(rating))))
        except (ValueError, TypeError) as error:
            raise ValueError(f"line {number} is no review: {error}") from error
    return reviews


def answer_line(answer: Progress | FitResult) -> str:
    """What the program writes on standard output."""
    name = "progress" if isinstance(answer, Progress) else "result"
    return json.dumps({name: asdict(answer)}) + "\n"


def read_answer(line: str) -> Progress | FitResult:
    """The answer in a line of the program's; `ValueError` where it holds none."""
    message = json.loads(line)
    if "progress" in message:
        return Progress(**message["progress"])
    if "result" not in message:
        raise ValueError(f"neither progress nor result: {line[:80]}")
    result = message["result"]
    weights = tuple(result.pop("weights"))
    check_weights(weights)
    before, after = (
        Metrics(**metrics) if (metrics := result.pop(name)) else None
        for name in ("before", "after")
    )
    calibrations = (
        tuple(CalibrationBin(**group) for group in result.pop(f"calibration_{name}"))
        for name in ("before", "after")
    )
    calibration_before, calibration_after = calibrations
    return FitResult(
        weights=weights,
        before=before,
        after=after,
        calibration_before=calibration_before,
        calibration_after=calibration_after,
        **result,
    )


def histories(reviews: Sequence[Rated]) -> list[list[int]]:
    """The positions of each question's reviews, in order."""
    positions: dict[str, list[int]] = defaultdict(list)
    for position, review in enumerate(reviews):
        positions[review.question].append(position)
    return list(positions.values())


def situations(reviews: Sequence[Rated]) -> dict[int, Situation]:
    """By position, the reviews whose outcome is to be predicted: a day at least after the last."""
    result = {}
    for positions in histories(reviews):
        lapses = 0
        for nth, position in enumerate(positions):
            review = reviews[position]
            recalled = review.rating > Rating.AGAIN
            elapsed = review.day - reviews[positions[nth - 1]].day if nth else 0
            if elapsed >= 1:
                result[position] = Situation(elapsed, nth, lapses, recalled)
                lapses += not recalled
    return result


def time_splits(targets: Iterable[int], reviews: int) -> list[Split]:
    """Cuts such that each stretch of predicted reviews is judged by a fit to all before it."""
    targets = sorted(targets)
    size = len(targets) // (FOLDS + 1)
    if size * FOLDS < LEAST_HELD_OUT:
        return []
    starts = [targets[len(targets) - fold * size] for fold in range(FOLDS, 0, -1)]
    splits = [Split(*pair) for pair in zip(starts, [*starts[1:], reviews], strict=True)]
    return splits[-1:] if reviews > LONG_HISTORY else splits


def judge(
    weights: tuple[float, ...],
    reviews: int,
    held_out: Sequence[Situation],
    before: Sequence[float],
    after: Sequence[float],
) -> FitResult:
    """The result, adopted if it wins on `held_out` by more than chance would give it.

    `before` and `after` are the probabilities of recall predicted for them by the defaults and by
    fits to earlier reviews. A win is a mean improvement of more than its standard error.
    """
    count = len(held_out)
    if count < LEAST_HELD_OUT:
        reason = mark("The history is too short to tell whether a fit is better than the defaults.")
        return FitResult(weights, False, reason, reviews, count, None, None)
    outcomes = [situation.recalled for situation in held_out]
    gains = [_loss(p, ok) - _loss(q, ok) for p, q, ok in zip(before, after, outcomes, strict=True)]
    gain = sum(gains) / count
    error = math.sqrt(sum((g - gain) ** 2 for g in gains) / (count - 1) / count)
    adopted = gain > error
    reason = (
        mark("The fit predicts reviews it has not seen better than the defaults do.")
        if adopted
        else mark("On reviews it has not seen, the fit is not clearly better than the defaults.")
    )
    return FitResult(
        weights=weights,
        adopted=adopted,
        reason=reason,
        reviews=reviews,
        held_out=count,
        before=measure(held_out, before),
        after=measure(held_out, after),
        calibration_before=calibration(outcomes, before),
        calibration_after=calibration(outcomes, after),
    )


def measure(situations: Sequence[Situation], predicted: Sequence[float]) -> Metrics:
    """The metrics of predictions that were made in `situations`."""
    outcomes = [situation.recalled for situation in situations]
    losses = [_loss(p, ok) for p, ok in zip(predicted, outcomes, strict=True)]
    return Metrics(
        log_loss=sum(losses) / len(losses),
        rmse=_rmse_in_bins(situations, predicted),
        auc=auc(outcomes, predicted),
    )


def calibration(outcomes: Sequence[bool], predicted: Sequence[float]) -> tuple[CalibrationBin, ...]:
    """Predicted and observed recall in twentieths of the predicted, where there are any."""
    groups: Mapping[int, list[tuple[float, bool]]] = defaultdict(list)
    for p, recalled in zip(predicted, outcomes, strict=True):
        groups[min(int(p * _CALIBRATION_BINS), _CALIBRATION_BINS - 1)].append((p, recalled))
    return tuple(
        CalibrationBin(
            predicted=sum(p for p, _ in group) / len(group),
            observed=sum(ok for _, ok in group) / len(group),
            count=len(group),
        )
        for _, group in sorted(groups.items())
    )


def auc(outcomes: Sequence[bool], predicted: Sequence[float]) -> float:
    """Area under the ROC curve, ties counting half; 0.5 where all outcomes are alike."""
    order = sorted(range(len(predicted)), key=lambda n: predicted[n])
    positives = sum(outcomes)
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return 0.5
    rank_sum = 0.0
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and predicted[order[last + 1]] == predicted[order[first]]:
            last += 1
        rank_sum += (first + last + 2) / 2 * sum(outcomes[n] for n in order[first : last + 1])
        first = last + 1
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def _loss(predicted: float, recalled: bool) -> float:
    predicted = min(max(predicted, 1e-6), 1 - 1e-6)
    return -math.log(predicted if recalled else 1 - predicted)


def _rmse_in_bins(situations: Sequence[Situation], predicted: Sequence[float]) -> float:
    """RMSE(bins) of the public benchmark of schedulers (open-spaced-repetition/srs-benchmark).

    Reviews are alike if interval, number of reviews and lapses fall into the same logarithmic bins.
    """
    groups: dict[tuple[float, float, float], list[float]] = defaultdict(list)
    for situation, p in zip(situations, predicted, strict=True):
        key = (
            round(2.48 * 3.62 ** _floor_log(situation.elapsed, 3.62), 2),
            round(1.99 * 1.89 ** _floor_log(situation.nth, 1.89), 0),
            round(1.65 * 1.73 ** _floor_log(situation.lapses, 1.73), 0) if situation.lapses else 0,
        )
        groups[key].append(p - situation.recalled)
    square = sum(sum(group) ** 2 / len(group) for group in groups.values())
    return math.sqrt(square / len(predicted))


def _floor_log(value: int, base: float) -> int:
    return math.floor(math.log(value) / math.log(base) + 1e-9)
