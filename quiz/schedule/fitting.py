"""The program that fits the 21 weights to a learner's history; the only part that loads torch.

`python -m quiz.schedule.fitting` reads reviews as JSON lines on standard input and writes lines of
progress, then one line with the result, as `quiz.schedule.fit` describes them.

All histories run through the model as one padded batch, and the weights are found by a full-batch
quasi-Newton method: the maximum of likelihood times a Gaussian prior around the defaults. The prior
carries short histories; whether the result is better than the defaults is decided on reviews later
than any it was fitted to.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from quiz.schedule.fit import (
    FitResult,
    Progress,
    Rated,
    answer_line,
    histories,
    judge,
    read_reviews,
    situations,
    time_splits,
)
from quiz.schedule.weights import (
    DEFAULT_WEIGHTS,
    LOWER_BOUNDS,
    STABILITY_BOUNDS,
    UPPER_BOUNDS,
)

PRIOR_WIDTHS = (
    0.9, 0.7, 0.6, 0.5, 0.57, 0.28, 0.6, 0.012, 0.39, 0.18, 0.33,
    0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27,
)  # fmt: skip
"""Standard deviations of the weights among learners; of the first four, of their logarithms."""

_CAUTION = 500
"""Reviews: with so many, the evidence of each counts half, because no learner is quite as simple
as the model; with ten times as many, in full. Keeps the worst case of a short history small."""
_MAX_ITERATIONS = 40
_USUAL_EVALUATIONS = 15
"""Of the likelihood in one fit, by which progress is estimated."""
_TOLERANCE = 3e-3
"""Of the log likelihood: far below what could change a prediction."""
_MANY = 10_000
"""Predictions, from which on the tolerance grows with their root: chance alone leaves the most
likely weights some ten nats from the true ones, however long the history."""


@dataclass(frozen=True)
class Batch:
    """Histories side by side, packed: all first reviews, then all second ones, and so on.

    Longest history first, so that step after step the questions that go on are the first ones.
    """

    grade: Tensor
    """int64 [reviews]: 0 (again) to 3 (easy)."""
    elapsed: Tensor
    """float64 [reviews]: study days since the review before."""
    position: Tensor
    """int64 [reviews]: place in the log."""
    active: list[int]
    """How many questions have a review at each step; they add up to the reviews."""

    @property
    def target(self) -> Tensor:
        """bool: which outcomes are to be predicted, because a day had passed at least."""
        return self.elapsed >= 1

    @property
    def recalled(self) -> Tensor:
        return (self.grade > 0).to(self.elapsed.dtype)


def make_batch(reviews: Sequence[Rated], device: torch.device) -> Batch:
    """The batch of all histories in `reviews`, which must not be empty."""
    rows = [torch.tensor(row) for row in sorted(histories(reviews), key=len, reverse=True)]
    packed = torch.nn.utils.rnn.pack_sequence(rows)
    active: list[int] = packed.batch_sizes.tolist()
    day = torch.split(torch.tensor([review.day for review in reviews])[packed.data], active)
    elapsed = [torch.zeros(active[0], dtype=torch.int64)]
    elapsed += [(day[n] - day[n - 1][: active[n]]).clamp(min=0) for n in range(1, len(active))]
    return Batch(
        grade=torch.tensor([review.rating - 1 for review in reviews])[packed.data].to(device),
        elapsed=torch.cat(elapsed).to(torch.float64).to(device),
        position=packed.data.to(device),
        active=active,
    )


def retrievability(weights: Tensor, batch: Batch) -> Tensor:
    """The probability of recall before each review of the batch, [reviews]; 1 at first sight.

    FSRS-6, as `quiz.schedule.memory` has it from the `fsrs` package, in a form to differentiate.
    """
    w = weights
    lowest, highest = STABILITY_BOUNDS
    grade = batch.grade.to(w.dtype)
    decay = -w[20]
    factor = 0.9 ** (1 / decay) - 1
    one = torch.ones_like(w[0])
    ceiling = (-w[17] * w[18]).exp()
    easy = w[4] - (3 * w[5]).exp() + 1
    first = batch.grade[: batch.active[0]]
    stability = w[:4][first].clamp(lowest, highest)
    difficulty = (w[4] - (w[5] * first).exp() + 1).clamp(1, 10)
    steps = zip(
        *(
            torch.split(each, batch.active)
            for each in (
                batch.elapsed,
                batch.grade > 0,
                batch.elapsed < 1,
                torch.stack((one, w[15], one, w[16]))[batch.grade] * w[8].exp(),
                (w[17] * (grade - 2 + w[18])).exp(),
                -w[6] * (grade - 2) / 9,
            )
        ),
        strict=True,
    )
    next(steps)
    recalls = [torch.ones_like(stability)]
    for elapsed, passed, same_day, bonus, short, slope in steps:
        s, d = stability[: len(elapsed)], difficulty[: len(elapsed)]
        log_s = s.log()
        recall = (1 + factor * elapsed / s) ** decay
        lack = 1 - recall
        gain = bonus * (11 - d) * (-w[9] * log_s).exp() * torch.expm1(lack * w[10])
        lapse = w[11] * (-w[12] * d.log()).exp() * ((s + 1) ** w[13] - 1) * (lack * w[14]).exp()
        growth = short * (-w[19] * log_s).exp()
        growth = torch.where(passed, growth.clamp(min=1), growth)
        later = torch.where(passed, s * (1 + gain), torch.minimum(lapse, s * ceiling))
        stability = torch.where(same_day, s * growth, later).clamp(lowest, highest)
        difficulty = (w[7] * easy + (1 - w[7]) * (d + (10 - d) * slope)).clamp(1, 10)
        recalls.append(recall)
    return torch.cat(recalls)


class Coordinates:
    """The weights as distances from the defaults in prior widths; the first four by logarithm."""

    def __init__(self, device: torch.device) -> None:
        def tensor(values: Sequence[float]) -> Tensor:
            return torch.tensor(values, dtype=torch.float64, device=device)

        self.default, self._width = tensor(DEFAULT_WEIGHTS), tensor(PRIOR_WIDTHS)
        self._lower, self._upper = tensor(LOWER_BOUNDS), tensor(UPPER_BOUNDS)

    def weights(self, z: Tensor) -> Tensor:
        step = z * self._width
        stabilities = self.default[:4] * step[:4].exp()
        others = self.default[4:] + step[4:]
        return torch.cat((stabilities, others)).clamp(self._lower, self._upper)

    def rounded(self, z: Tensor) -> tuple[float, ...]:
        """The weights as they are kept: four decimals, within bounds."""
        bounds = zip(self.weights(z).tolist(), LOWER_BOUNDS, UPPER_BOUNDS, strict=True)
        return tuple(min(max(round(weight, 4), lower), upper) for weight, lower, upper in bounds)


def fit(
    batch: Batch, start: Tensor | None = None, report: Callable[[], None] = lambda: None
) -> Tensor:
    """The most likely weights given prior and `batch`, as coordinates; search begins at `start`."""
    device = batch.elapsed.device
    coordinates = Coordinates(device)
    count = len(DEFAULT_WEIGHTS)
    z = torch.zeros(count, dtype=torch.float64, device=device) if start is None else start.clone()
    z.requires_grad_()
    target = batch.target
    recalled = batch.recalled[target]
    trust = len(recalled) / (len(recalled) + _CAUTION)
    tolerance = _TOLERANCE * math.sqrt(max(1.0, len(recalled) / _MANY))
    optimizer = torch.optim.LBFGS(
        [z],
        max_iter=_MAX_ITERATIONS,
        tolerance_grad=tolerance / 10,
        tolerance_change=tolerance,
        history_size=count,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        predicted = retrievability(coordinates.weights(z), batch)[target]
        loss = trust * _log_loss(predicted, recalled) + 0.5 * z.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        report()
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return z.detach()


def predictions(weights: Tensor, batch: Batch) -> dict[int, float]:
    """By place in the log, the probability of recall before each review to be predicted."""
    with torch.no_grad():
        recall = retrievability(weights, batch)[batch.target]
    return dict(zip(batch.position[batch.target].tolist(), recall.tolist(), strict=True))


def run(
    reviews: Sequence[Rated],
    device: torch.device,
    report: Callable[[float], None] = lambda share: None,
) -> FitResult:
    """Fit to all `reviews`, and judge by fits to their beginnings what such a fit is worth."""
    targets = situations(reviews)
    if not targets:
        return judge(DEFAULT_WEIGHTS, len(reviews), (), (), ())
    splits = time_splits(targets, len(reviews))
    work = _USUAL_EVALUATIONS * (len(reviews) + sum(split.train_until for split in splits))
    done = 0

    def counting(length: int) -> Callable[[], None]:
        def count() -> None:
            nonlocal done
            done += length
            report(min(0.99, done / work))

        return count

    coordinates = Coordinates(device)
    whole = make_batch(reviews, device)
    defaults = predictions(coordinates.default, whole)
    held_out: list[int] = []
    after: list[float] = []
    z: Tensor | None = None
    for split in splits:
        # Every fit starts where the one to a shorter stretch has ended, and so costs less.
        batch = make_batch(reviews[: split.train_until], device)
        z = fit(batch, z, counting(split.train_until))
        predicted = predictions(coordinates.weights(z), whole)
        tested = [p for p in sorted(targets) if split.train_until <= p < split.test_until]
        held_out += tested
        after += [predicted[p] for p in tested]
    weights = coordinates.rounded(fit(whole, z, counting(len(reviews))))
    report(1.0)
    before = [defaults[p] for p in held_out]
    return judge(weights, len(reviews), [targets[p] for p in held_out], before, after)


def best_device(wanted: str, reviews: int) -> torch.device:
    """The device to fit on. MPS is not used: it lacks the double precision the search needs."""
    if wanted in ("", "mps"):
        # Below this many reviews, starting CUDA takes longer than the fit.
        return torch.device("cuda" if reviews > 50_000 and torch.cuda.is_available() else "cpu")
    return torch.device(wanted)


def main() -> int:
    """Read reviews, write progress and the result; 2 where the input cannot be read."""
    parser = argparse.ArgumentParser(prog="quiz.schedule.fitting", description=__doc__)
    parser.add_argument("--device", default="", help="cpu or cuda; empty: the best there is")
    arguments = parser.parse_args()
    try:
        reviews = read_reviews(sys.stdin)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2

    # The tensors are small: threads would only wait for each other.
    torch.set_num_threads(1)

    def report(share: float) -> None:
        sys.stdout.write(answer_line(Progress(share)))
        sys.stdout.flush()

    result = run(reviews, best_device(arguments.device, len(reviews)), report)
    sys.stdout.write(answer_line(result))
    return 0


def _log_loss(predicted: Tensor, recalled: Tensor) -> Tensor:
    predicted = predicted.clamp(1e-6, 1 - 1e-6)
    return -(recalled * predicted.log() + (1 - recalled) * torch.log1p(-predicted)).sum()


if __name__ == "__main__":
    sys.exit(main())
