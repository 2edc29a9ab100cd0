"""Looking for saved cards again and again, as where nothing watches the folder.

The file of what is asked is looked at each time; all others too, unless that takes long: then they
wait, so that looking never takes more than a small part of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from quiz.deck.files import stamp_of
from quiz.model.finding import Finding
from quiz.study.library import Library

_MOMENT = 0.1
"""Seconds that a look at all files may take each time."""
_REST = 9
"""How many times as long as a longer look the next one waits."""


class Saves:
    """The cards of a library that were saved since they were read."""

    def __init__(self, library: Library, timer: Callable[[], float] = monotonic) -> None:
        self._library = library
        self._timer = timer
        self._next = 0.0

    def read(self, asked: str | None = None) -> tuple[Finding, ...] | None:
        """Read what was saved; None where nothing was, as far as was looked.

        Gives what is wrong with the cards now that was not before. The card of the `asked`
        question is looked at in any case.
        """
        begin = self._timer()
        if begin < self._next and not (asked and self._was_saved(asked)):
            return None
        findings = self._library.read_saved()
        end = self._timer()
        took = end - begin
        # Reading what was saved is no measure: something is loaded for it the first time.
        long = findings is None and took > _MOMENT
        self._next = end + _REST * took if long else 0.0
        return findings

    def _was_saved(self, question: str) -> bool:
        concept = question.partition("#")[0]
        files = (read.file for read in self._library.collection.files.values())
        return any(file.concept == concept and stamp_of(file.path) != file.stamp for file in files)
