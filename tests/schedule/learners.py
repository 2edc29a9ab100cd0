"""Learners who forget exactly as some weights say, and study by the defaults."""

from __future__ import annotations

import heapq
from random import Random

from quiz.model.review import Rating
from quiz.schedule.fit import Rated
from quiz.schedule.memory import MemoryModel, Trace
from quiz.schedule.weights import DEFAULT_WEIGHTS

FIRST_DAY = 739_000


def scaled(factor: float) -> tuple[float, ...]:
    """Weights of a learner who at first remembers `factor` times as long as the average."""
    return (*(weight * factor for weight in DEFAULT_WEIGHTS[:4]), *DEFAULT_WEIGHTS[4:])


def study(
    weights: tuple[float, ...], reviews: int, seed: int = 0, new_a_day: int = 10
) -> list[Rated]:
    """The first so many reviews of such a learner, in the order of the log."""
    rng = Random(seed)
    memory, schedule = MemoryModel(weights), MemoryModel(DEFAULT_WEIGHTS)
    traces: dict[int, tuple[Trace, Trace, int]] = {}
    due: list[tuple[int, int]] = []
    log: list[Rated] = []
    day = 0
    while len(log) < reviews:
        for question in range(day * new_a_day, (day + 1) * new_a_day):
            heapq.heappush(due, (day, question))
        while due and due[0][0] <= day:
            _, question = heapq.heappop(due)
            if question in traces:
                true, believed, last = traces[question]
                recalled = rng.random() < memory.retrievability(true.stability, day - last)
                passed = rng.choices([2, 3, 4], [1, 8, 1])[0]
                rating = Rating(passed if recalled else 1)
                true = memory.after(true, rating, day - last)
                believed = schedule.after(believed, rating, day - last)
            else:
                rating = Rating(rng.choices([1, 2, 3, 4], [5, 2, 10, 3])[0])
                true, believed = memory.after(None, rating, 0), schedule.after(None, rating, 0)
            log.append(Rated(f"q{question}", FIRST_DAY + day, rating))
            if rating is Rating.AGAIN:
                log.append(Rated(f"q{question}", FIRST_DAY + day, Rating.GOOD))
                true = memory.after(true, Rating.GOOD, 0)
                believed = schedule.after(believed, Rating.GOOD, 0)
            traces[question] = true, believed, day
            interval = schedule.interval(believed.stability, 0.9) * rng.uniform(0.9, 1.1)
            heapq.heappush(due, (day + max(1, round(interval)), question))
        day += 1
    return log[:reviews]
