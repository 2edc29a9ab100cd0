"""Who is who after the cards were edited: histories follow their questions to new ids.

Reads the collection and what is known of earlier questions, and says which log entries (relinks)
and which remembered texts follow. What a match is, `quiz.deck.identity` decides.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping
from dataclasses import dataclass

from quiz.deck.collection import Collection
from quiz.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the edits of the cards mean for the history."""

    moves: tuple[tuple[str, str], ...]
    """Old id and new id of each question that goes on under another one."""
    remember: tuple[Snapshot, ...]
    """Texts that are new or changed."""
    gone: tuple[str, ...]
    """Ids whose question is not in the cards any more."""
    notices: tuple[str, ...]
    """What the learner should know: doubts, and how to settle them."""


def reconcile(
    collection: Collection,
    known: Mapping[str, Snapshot],
    absent: Some[str],
    studied: Some[str],
) -> Reconciled:
    """Compare the collection with the `known` texts, of which `absent` were gone already.

    `studied` are the ids that have a history. One that was gone already and has none (it went on
    under another id) is nobody's past any more; one that is back and has none may get it back, as
    when an edit is taken back. A question missing from a file that has errors is not gone: its
    history waits untouched.
    """
    from quiz.deck.identity import match, snapshot  # most starts find the cards unchanged

    present = {question.id: snapshot(question) for question in collection.questions.values()}
    gone = [
        text
        for question, text in known.items()
        if question not in present
        and text.concept not in collection.broken
        and (question in studied or question not in absent)
    ]
    new: list[Snapshot] = []
    kept: list[Snapshot] = []
    for question, text in present.items():
        is_new = question not in known or (question in absent and question not in studied)
        (new if is_new else kept).append(text)
    notices: list[str] = []
    moves: list[tuple[str, str]] = []
    if gone and new:
        matching = match(gone, new, kept=kept)
        moves = [(move.old, move.new) for move in matching.moves]
        notices = [
            f"The question of the history {doubt.old} is gone: {doubt.advice}."
            for doubt in matching.doubts
            if doubt.old in studied
        ]
    moved = {old for old, _ in moves}
    return Reconciled(
        moves=tuple(moves),
        remember=tuple(
            text
            for question, text in present.items()
            if question in absent or known.get(question) != text
        ),
        gone=tuple(
            text.question for text in gone if text.question not in absent or text.question in moved
        ),
        notices=tuple(notices),
    )
