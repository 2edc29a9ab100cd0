"""How well and how fast the weights are fitted, against the defaults and other optimizers.

Simulated learners, who forget exactly as some weights say; what a fit is worth is its log loss on
another history of the same learner. Rivals run under `$QUIZ_BENCH_PYTHON`, an interpreter with
`fsrs-rs-python` and `fsrs[optimizer]`, and are left out where it is not set.
"""

from __future__ import annotations

import csv
import json
import math
import os
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean

from quiz.schedule.fit import (
    Rated,
    command,
    read_answer,
    request_lines,
    situations,
    time_splits,
)
from quiz.schedule.weights import DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS
from tests.bench.measure import heading, report
from tests.schedule.learners import scaled, study

Weights = tuple[float, ...]

SIZES = ((40, 5), (80, 5), (160, 5), (1_000, 2), (10_000, 1), (100_000, 1))
"""Reviews, and how many histories of each learner."""
LARGEST = 100_000
FOR_THE_REFERENCE = 5_000
"""Reviews that the optimizer of the `fsrs` package is given; it takes minutes for 100,000."""
JUDGED = 8_000
"""Reviews of the history by which a fit is judged."""


def run(history: Path | None = None, day_begins: int = 8) -> None:
    """Print the figures.

    `history` is a real one, CSV with card_id, review_rating and review_time; its learner's days
    begin at the hour `day_begins`, UTC (8: four in the morning in New York).
    """
    learners = _learners()
    heading(f"fit: {len(learners)} simulated learners, log loss on reviews not seen")
    judged = {name: study(weights, JUDGED, seed=99) for name, weights in learners.items()}
    for size, times in SIZES:
        _size(size, times, learners, judged)
    _speed()
    if history is not None:
        _real(history, day_begins)


def _learners() -> dict[str, Weights]:
    """The average one, forgetful and retentive ones, and some drawn from far around."""
    from quiz.schedule.fitting import PRIOR_WIDTHS

    rng = Random(3)
    drawn = {}
    for number in range(3):
        weights = [
            default * math.exp(rng.gauss(0, width)) if n < 4 else default + rng.gauss(0, width)
            for n, (default, width) in enumerate(zip(DEFAULT_WEIGHTS, PRIOR_WIDTHS, strict=True))
        ]
        bounds = zip(weights, LOWER_BOUNDS, UPPER_BOUNDS, strict=True)
        drawn[f"drawn {number}"] = tuple(min(max(w, low), high) for w, low, high in bounds)
    return {
        "average": DEFAULT_WEIGHTS,
        "forgetful": scaled(0.4),
        "retentive": scaled(2.5),
        **drawn,
    }


def _size(
    size: int,
    times: int,
    learners: dict[str, Weights],
    judged: dict[str, list[Rated]],
) -> None:
    mine: list[float] = []
    forced: list[float] = []
    rust: list[float] = []
    base: list[float] = []
    for name, weights in learners.items():
        loss = _judge(judged[name])
        for seed in range(times):
            log = study(weights, size, seed)
            adopted, fitted = _fit(log)
            base.append(loss(DEFAULT_WEIGHTS))
            forced.append(loss(fitted) - base[-1])
            mine.append(forced[-1] if adopted else 0.0)
            if (rival := _rival("rust", log)) is not None:
                rust.append(loss(rival[0]) - base[-1])
    report(
        f"{size:,} reviews, adopted in {sum(g != 0 for g in mine)} of {len(mine)}: mean, worst",
        f"{mean(mine):+.4f}, {max(mine):+.4f} against {mean(base):.4f}",
        "≤ 0, ≤ +0.002",
    )
    report("  without the gate", f"{mean(forced):+.4f}, {max(forced):+.4f}")
    if rust:
        report("  Rust optimizer", f"{mean(rust):+.4f}, {max(rust):+.4f}")


def _fit(log: Sequence[Rated]) -> tuple[bool, Weights]:
    import torch

    from quiz.schedule.fitting import run

    torch.set_num_threads(1)
    result = run(log, torch.device("cpu"))
    return result.adopted, result.weights


def _judge(log: Sequence[Rated]) -> Callable[[Weights], float]:
    """The mean log loss of weights on a history."""
    import torch

    from quiz.schedule.fitting import make_batch, predictions

    batch = make_batch(log, torch.device("cpu"))
    outcomes = {place: one.recalled for place, one in situations(log).items()}

    def loss(weights: Weights) -> float:
        said = predictions(torch.tensor(weights, dtype=torch.float64), batch)
        return mean(-math.log(said[p] if ok else 1 - said[p]) for p, ok in outcomes.items())

    return loss


def _rival(name: str, log: Sequence[Rated]) -> tuple[Weights, float] | None:
    """The weights another optimizer finds, and its seconds; None where it is not there."""
    python = os.environ.get("QUIZ_BENCH_PYTHON")
    if not python:
        return None
    done = subprocess.run(
        [python, str(Path(__file__).with_name("rivals.py")), name],
        input="".join(request_lines(log)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        report(f"  {name} failed", done.stderr.strip().rpartition("\n")[2][:80])
        return None
    told = json.loads(done.stdout)
    return tuple(told["weights"]), told["seconds"]


def _speed() -> None:
    heading(f"fit: {LARGEST:,} reviews, seconds")
    log = study(scaled(0.4), LARGEST)
    began, spent = time.perf_counter(), _children()
    done = subprocess.run(
        command("cpu"), input="".join(request_lines(log)), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    read_answer(done.stdout.splitlines()[-1])
    wall, mine = time.perf_counter() - began, _children() - spent
    report("`quiz optimize`: torch loaded, fitted twice, judged", f"{mine:.1f} s CPU, {wall:.1f} s")
    alone = _one_fit(log)
    report("one fit, as the others are timed", f"{alone:.1f} s CPU")
    if (rust := _rival("rust", log)) is not None:
        report("Rust optimizer", f"{rust[1]:.1f} s")
    if (reference := _rival("fsrs", log[:FOR_THE_REFERENCE])) is not None:
        scale = LARGEST / FOR_THE_REFERENCE
        report(
            f"`fsrs` package, {FOR_THE_REFERENCE:,} reviews × {scale:g}",
            f"{reference[1] * scale:.0f} s CPU, {reference[1] * scale / alone:.0f} × one fit, "
            f"{reference[1] * scale / mine:.0f} × all of `quiz optimize`",
            "≥ 50 ×",
        )


def _one_fit(log: Sequence[Rated]) -> float:
    import torch

    from quiz.schedule.fitting import fit, make_batch

    torch.set_num_threads(1)
    began = time.process_time()
    fit(make_batch(log, torch.device("cpu")))
    return time.process_time() - began


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _real(path: Path, day_begins: int) -> None:
    """Five stretches in the order of time: each is predicted by a fit to all before it."""
    import torch

    from quiz.schedule.fitting import Coordinates, fit, make_batch, predictions

    log = _read(path, day_begins)
    heading(f"fit: {path.name}, {len(log):,} reviews, five-fold time split")
    device = torch.device("cpu")
    coordinates = Coordinates(device)
    whole = make_batch(log, device)
    targets = situations(log)
    losses: dict[str, list[float]] = {"defaults": [], "here": [], "Rust optimizer": []}

    def judge(name: str, weights: torch.Tensor, tested: Sequence[int]) -> None:
        said = predictions(weights, whole)
        losses[name] += [-math.log(said[p] if targets[p].recalled else 1 - said[p]) for p in tested]

    for split in time_splits(targets, len(log)):
        tested = [p for p in targets if split.train_until <= p < split.test_until]
        known = log[: split.train_until]
        judge("defaults", coordinates.default, tested)
        judge("here", coordinates.weights(fit(make_batch(known, device))), tested)
        if (rust := _rival("rust", known)) is not None:
            judge("Rust optimizer", torch.tensor(rust[0], dtype=torch.float64), tested)
    for name, each in losses.items():
        if each:
            report(f"log loss, {name}", f"{mean(each):.4f}", "≤ 0.4350" if name == "here" else "")


def _read(path: Path, day_begins: int) -> list[Rated]:
    """In study days that begin at that hour, UTC."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = sorted(
            (datetime.fromisoformat(row["review_time"]), row["card_id"], int(row["review_rating"]))
            for row in csv.DictReader(file)
        )
    rollover = timedelta(hours=day_begins)
    return [
        Rated(card, (time.astimezone(UTC) - rollover).toordinal(), rating)
        for time, card, rating in rows
    ]
