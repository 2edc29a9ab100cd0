from __future__ import annotations

import subprocess
from random import Random

import pytest
import torch

from quiz.model.review import Rating
from quiz.schedule.fit import (
    FitResult,
    Progress,
    Rated,
    command,
    read_answer,
    request_lines,
    situations,
)
from quiz.schedule.fitting import Coordinates, fit, make_batch, predictions, run
from quiz.schedule.memory import MemoryModel, Trace
from quiz.schedule.weights import DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS

from .learners import scaled, study

CPU = torch.device("cpu")


def tensor(weights: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(weights, dtype=torch.float64)


def log_loss(weights: tuple[float, ...], log: list[Rated]) -> float:
    batch = make_batch(log, CPU)
    predicted = predictions(tensor(weights), batch)
    known = situations(log)
    total = 0.0
    for position, p in predicted.items():
        p = min(max(p, 1e-6), 1 - 1e-6)
        total -= torch.log(torch.tensor(p if known[position].recalled else 1 - p)).item()
    return total / len(predicted)


def test_the_batch_predicts_what_the_memory_model_does() -> None:
    rng = Random(3)
    for _ in range(10):
        weights = tuple(
            min(max(w * rng.uniform(0.7, 1.4), low), high)
            for w, low, high in zip(DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS, strict=True)
        )
        log: list[Rated] = []
        for question in range(12):
            day = 1000
            for _ in range(rng.randint(1, 15)):
                log.append(Rated(str(question), day, rng.randint(1, 4)))
                day += rng.choice([0, 0, 1, 2, 7, 30, 90])
        log.sort(key=lambda review: review.day)
        predicted = predictions(tensor(weights), make_batch(log, CPU))
        assert predicted.keys() == situations(log).keys()
        model = MemoryModel(weights)
        traces: dict[str, tuple[Trace, int]] = {}
        for position, review in enumerate(log):
            rating = Rating(review.rating)
            if review.question not in traces:
                traces[review.question] = model.after(None, rating, 0), review.day
                continue
            trace, last = traces[review.question]
            elapsed = review.day - last
            if elapsed:
                expected = model.retrievability(trace.stability, elapsed)
                assert predicted[position] == pytest.approx(expected, rel=1e-9)
            traces[review.question] = model.after(trace, rating, elapsed), review.day


def test_without_evidence_the_fit_is_the_defaults() -> None:
    batch = make_batch([Rated("a", 1, 3), Rated("b", 1, 1)], CPU)
    assert Coordinates(CPU).rounded(fit(batch)) == DEFAULT_WEIGHTS


def test_a_learner_unlike_the_average_is_recognised() -> None:
    learner = scaled(4.0)
    result = run(study(learner, 1500, seed=1), CPU)
    assert result.adopted
    later = study(learner, 3000, seed=2)
    default, best = log_loss(DEFAULT_WEIGHTS, later), log_loss(learner, later)
    assert log_loss(result.weights, later) < (default + best) / 2


def test_short_histories_never_get_worse_by_more_than_two_thousandths() -> None:
    changes = []
    for factor in (0.3, 1.0, 3.0):
        later = study(scaled(factor), 2000, seed=99)
        default = log_loss(DEFAULT_WEIGHTS, later)
        for reviews in (40, 80, 160):
            result = run(study(scaled(factor), reviews, seed=reviews), CPU)
            changes.append(log_loss(result.weights, later) - default if result.adopted else 0.0)
    assert max(changes) <= 0.002
    assert sum(changes) <= 0


def test_a_history_without_anything_to_predict_keeps_the_defaults() -> None:
    for log in ([], [Rated("a", 1, 3)], [Rated("a", 1, 1), Rated("a", 1, 3)]):
        result = run(log, CPU)
        assert (result.weights, result.adopted) == (DEFAULT_WEIGHTS, False)


def test_the_program_answers_with_progress_and_one_result() -> None:
    log = study(scaled(3.0), 300, seed=5)
    done = subprocess.run(
        command("cpu"), input="".join(request_lines(log)), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    *progress, result = map(read_answer, done.stdout.splitlines())
    shares = [step.share for step in progress if isinstance(step, Progress)]
    assert len(shares) == len(progress) > 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert isinstance(result, FitResult)
    assert result == run(log, CPU)


def test_the_program_refuses_what_is_no_review() -> None:
    done = subprocess.run(command("cpu"), input="nonsense\n", capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("line 1 is no review")
