"""Which concepts are held back, because a concept they require is not learned yet.

A question is learned once it has left its learning steps for the first time. A concept that is
not in the collection, or whose questions are all suspended, holds nothing back; nor do concepts
that require each other in a circle, of which none could ever come first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise


class Prerequisites:
    """The concepts' requirements, and the questions they still wait for."""

    def __init__(
        self, requires: Mapping[str, Iterable[str]], unlearned: Iterable[tuple[str, str]]
    ) -> None:
        """`unlearned` names concept and question of each question not yet learned."""
        self._waiting: dict[str, set[str]] = defaultdict(set)
        for concept, question in unlearned:
            self._waiting[concept].add(question)
        self._requires = _without_circles({c: set(r) for c, r in requires.items() if r})
        self._required_by: dict[str, set[str]] = defaultdict(set)
        for concept, required in self._requires.items():
            for other in required:
                self._required_by[other].add(concept)

    def hold_back(self, concept: str) -> bool:
        """Whether a concept required by `concept` has a question not yet learned."""
        return any(self._waiting.get(other) for other in self._requires.get(concept, ()))

    def waits_for(self, concept: str, question: str) -> bool:
        """Whether a requirement is not met before this question of `concept` is learned."""
        return question in self._waiting.get(concept, ())

    def learned(self, concept: str, question: str) -> list[str]:
        """Note that `question` is learned; the concepts that nothing holds back any more."""
        if not self.waits_for(concept, question):
            return []
        self._waiting[concept].discard(question)
        if self._waiting[concept]:
            return []
        return [other for other in self._required_by[concept] if not self.hold_back(other)]


def _without_circles(requires: dict[str, set[str]]) -> dict[str, set[str]]:
    while True:
        try:
            TopologicalSorter(requires).prepare()
        except CycleError as error:
            # Each concept of the circle is required by the next one in it.
            circle: list[str] = error.args[1]
            for required, concept in pairwise(circle):
                requires[concept].discard(required)
        else:
            return requires
