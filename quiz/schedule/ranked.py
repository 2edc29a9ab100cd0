"""A priority queue whose members may leave from anywhere."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

Rank = tuple[float, ...]


class Ranked:
    """Questions by rank, lowest first; equals by name. Every operation costs a logarithm."""

    def __init__(self) -> None:
        self._heap: list[tuple[Rank, str]] = []
        self._ranks: dict[str, Rank] = {}
        self.ever = 0
        """How many have been added, those included that have left."""

    def __len__(self) -> int:
        return len(self._ranks)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ranks)

    def add(self, question: str, rank: Rank, *, again: bool = False) -> None:
        """Add `question`, or move it to another rank; `again`: it has been counted before."""
        self.ever += question not in self._ranks and not again
        self._ranks[question] = rank
        heapq.heappush(self._heap, (rank, question))

    def discard(self, question: str) -> bool:
        """Remove `question`; whether it was there."""
        return self._ranks.pop(question, None) is not None

    def first(self, besides: str = "") -> str | None:
        """The lowest in rank that is not `besides`."""
        top = self._top()
        if top is None or top[1] != besides:
            return top[1] if top else None
        held = heapq.heappop(self._heap)
        top = self._top()
        heapq.heappush(self._heap, held)
        return top[1] if top else None

    @property
    def left(self) -> float:
        """The share of those ever added that is still here, counted to the middle of the next."""
        return (len(self) - 0.5) / self.ever if self.ever else 0.0

    def _top(self) -> tuple[Rank, str] | None:
        # Whoever left or moved still lies in the heap, until it comes to the top.
        while self._heap and self._ranks.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None
