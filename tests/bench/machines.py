"""Several machines that edit numbered questions: how many reviews end where they do not belong."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from tests.bench.measure import heading, report
from tests.study.machines import Machines, Outcome

_RUNS = 20
_MORNINGS = 15


def run() -> None:
    """Print the figures."""
    heading("machines: reviews where they do not belong, at numbered questions")
    for number in (2, 3):
        for careful in (0.95, 0.5):
            total = Outcome(0, 0, 0)
            for seed in range(_RUNS):
                with tempfile.TemporaryDirectory() as folder:
                    machines = Machines(Path(folder), number, random.Random(seed))
                    for _ in range(_MORNINGS):
                        machines.morning(careful)
                    total = Outcome(*map(sum, zip(total, machines.settle(), strict=True)))
            what = f"{number} machines, in step on {careful:.0%} of mornings"
            figures = f"{total.misplaced} of {total.reviews}, {total.strange} at another question"
            report(what, figures)
