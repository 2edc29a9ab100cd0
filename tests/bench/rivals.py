"""Other optimizers on the same reviews: `python rivals.py rust|fsrs`, reviews on standard input.

Run by an interpreter that has them, `$QUIZ_BENCH_PYTHON`: `fsrs-rs-python` for the Rust optimizer,
`fsrs[optimizer]` for the reference one. Reads JSON lines `[question, day, rating]`, writes one
object with `weights` and `seconds` (reading not counted).
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

Row = tuple[str, int, int]


def rust(rows: list[Row]) -> list[float]:
    """The weights that fsrs-rs finds."""
    from fsrs_rs_python import FSRS, FSRSItem, FSRSReview  # type: ignore[import-not-found]

    histories: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for question, day, rating in rows:
        histories[question].append((day, rating))
    items = []
    for history in histories.values():
        days = [day for day, _ in history]
        reviews: list[Any] = [
            FSRSReview(rating, day - (days[n - 1] if n else day))
            for n, (day, rating) in enumerate(history)
        ]
        # Every review that comes a day later at least is to be predicted from those before it.
        items += [FSRSItem(reviews[: n + 1]) for n in range(1, len(days)) if days[n] > days[n - 1]]
    return list(FSRS([]).compute_parameters(items))


def fsrs(rows: list[Row]) -> list[float]:
    """The weights that the optimizer of the `fsrs` package finds."""
    from fsrs import Optimizer, Rating, ReviewLog

    numbers: dict[str, int] = {}
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    logs = [
        ReviewLog(
            card_id=numbers.setdefault(question, len(numbers)),
            rating=Rating(rating),
            # Minutes keep the order of a day, and gaps of whole days.
            review_datetime=epoch + timedelta(days=day - rows[0][1], microseconds=place),
            review_duration=None,
        )
        for place, (question, day, rating) in enumerate(rows)
    ]
    return list(Optimizer(logs).compute_optimal_parameters())


def main() -> None:
    """Fit, and tell."""
    rows: list[Row] = [tuple(json.loads(line)) for line in sys.stdin]
    began = time.process_time()
    weights = {"rust": rust, "fsrs": fsrs}[sys.argv[1]](rows)
    json.dump({"weights": weights, "seconds": time.process_time() - began}, sys.stdout)


if __name__ == "__main__":
    main()
