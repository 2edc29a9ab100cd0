"""Questions that stand twice for a while: pasted into one file, cut from the other a save later.

At the second save nothing is new that the history could follow to. So it is noted which question
came up as the copy of another; where the original goes within a day, its copy counts as new. While
the file of the original has errors, nobody knows whether it is gone: the day begins afterwards.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from quiz.model.snapshot import Snapshot
from quiz.store.history import History

_COPIES = "copies"
"""Name of the fact that says which question is a copy of which, and since which study day."""
_LASTS = timedelta(days=1)


def lately_copied(history: History, today: date) -> dict[str, str]:
    """The original of each question that came up as a copy today or yesterday, or that waits."""
    return {copy: original for copy, (original, _day) in _noted(history, today).items()}


def note_copies(
    history: History, copies: Mapping[str, str], today: date, waiting: Some[str] = ()
) -> None:
    """Remember new copies, each with its original, and no more those of earlier days.

    `waiting` are the concepts whose file has errors.
    """
    before = _noted(history, today)
    now = today.isoformat()
    noted = before | {copy: (original, now) for copy, original in copies.items()}
    for copy, (original, day) in noted.items():
        waits = original.partition("#")[0] in waiting
        noted[copy] = (original, None if waits else day or now)
    if noted != before:
        history.set_meta(_COPIES, json.dumps(noted))


def _noted(history: History, today: date) -> dict[str, tuple[str, str | None]]:
    """Original and day of each copy; no day where the original's file had errors."""
    noted = json.loads(history.meta(_COPIES) or "{}")
    since = (today - _LASTS).isoformat()
    return {
        copy: (original, day)
        for copy, (original, day) in noted.items()
        if day is None or day >= since
    }


def copies_among(new: Iterable[Snapshot], others: Iterable[Snapshot]) -> dict[str, str]:
    """The `new` questions that read as one that stands elsewhere still, each with that one.

    Of several that read alike, the last of the `others` counts.
    """
    fresh = list(new)
    answers = {one.answer for one in fresh}
    originals = {_content(one): one.question for one in others if one.answer in answers}
    return {one.question: originals[_content(one)] for one in fresh if _content(one) in originals}


def copies_left(
    left: Iterable[Snapshot], present: Mapping[str, Snapshot], copied: Mapping[str, str]
) -> dict[str, str]:
    """Where histories go whose questions were cut after they had been pasted elsewhere.

    `left` are the questions that are gone and went nowhere. A copy that was edited meanwhile is a
    question of its own; of several copies nobody knows which is meant.
    """
    pasted: dict[str, list[Snapshot]] = defaultdict(list)
    for copy, original in copied.items():
        if copy in present:
            pasted[original].append(present[copy])
    return {
        one.question: copies[0].question
        for one in left
        if len(copies := pasted[one.question]) == 1 and _content(copies[0]) == _content(one)
    }


def _content(text: Snapshot) -> tuple[object, ...]:
    return text.kind, text.prompt, text.answer
