"""How many reviews are to come on each study day, kept up to date: what balancing goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from quiz.model.review import Standing, State


class Load:
    """Counts the reviews to come of all standings."""

    def __init__(self, standings: Iterable[Standing]) -> None:
        busy = map(_busy, standings)
        self.days: Counter[date] = Counter(day for day in busy if day is not None)
        """By study day."""

    def change(self, before: Standing, after: Standing) -> None:
        """A question stands otherwise now."""
        for standing, sign in ((before, -1), (after, 1)):
            if (day := _busy(standing)) is not None:
                self.days[day] += sign


def _busy(standing: Standing) -> date | None:
    """The study day on which a question counts as a review to come."""
    memory = standing.memory
    if memory is None or memory.state is not State.REVIEW or standing.suspended:
        return None
    return memory.due_day
