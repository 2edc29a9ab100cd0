"""Histories whose question is gone, and what it may have become: told, never decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.collection import Collection
from quiz.deck.config import FILE_NAME
from quiz.deck.files import shown_path
from quiz.deck.fixes import with_anchor
from quiz.deck.identity import Doubt, match, settling, snapshot
from quiz.deck.saving import read_text, write_text
from quiz.errors import Place, StoreError
from quiz.language import _
from quiz.model.finding import Finding, Severity
from quiz.model.question import Question


@dataclass(frozen=True, slots=True)
class Doubted(Finding):
    """A question that may be an earlier one under another id."""

    old: str = ""
    """Id of the question that is gone, and has a history."""
    candidates: tuple[Question, ...] = ()
    """What it may have become, nearest first."""


def doubts(collection: Collection, database: Path) -> list[Finding]:
    """What to settle between the cards and the history, if there is one.

    Nothing is written; a history that cannot be read has no doubts.
    """
    if not database.is_file():
        return []
    from quiz.store.history import History  # loads SQLModel
    from quiz.study.sharing import known_apart, notice

    try:
        with History.open(database, read_only=True) as history:
            known = {name: one.snapshot for name, one in history.known().items()}
            studied = history.standings().keys()
            apart = known_apart(collection, history)
    except StoreError:
        return []
    found: list[Finding] = []
    if apart:
        place = Place(shown_path(collection.root / FILE_NAME), 1, 1)
        message = notice(collection.config.name, apart)
        found.append(Finding(place, Severity.WARNING, message))
    waiting = set(collection.broken).union(*(one.concepts for one in apart))
    present = collection.questions
    gone = [
        text
        for name, text in known.items()
        if name in studied and name not in present and text.concept not in waiting
    ]
    if not gone:
        return found
    texts = {name: snapshot(question) for name, question in present.items()}
    new = [text for name, text in texts.items() if name not in studied]
    matching = match(gone, new, kept=[text for name, text in texts.items() if name in studied])
    # A certain match is made when the cards are opened next, unless it was passed over before.
    said = _("{question} reads the same; if it is, {do}")
    passed_over = [
        Doubt(move.old, (move.new,), said.format(question=move.new, do=settling(*move.pair)))
        for move in matching.moves
        if move.new in known
    ]
    found += [_finding(one, collection) for one in (*matching.doubts, *passed_over)]
    return sorted(found, key=lambda one: one.place)


def _finding(doubt: Doubt, collection: Collection) -> Doubted:
    candidates = tuple(collection.questions[name] for name in doubt.candidates)
    message = _("the question of the history `{question}` is gone; {advice}")
    message = message.format(question=doubt.old, advice=doubt.advice)
    place, heading = candidates[0].place, candidates[0].heading
    return Doubted(
        place, Severity.WARNING, message, f"## {heading}", old=doubt.old, candidates=candidates
    )


def can_be_settled(doubt: Doubted) -> Iterable[Question]:
    """The candidates that an anchor makes the question that is gone: those of its own concept."""
    concept = doubt.old.partition("#")[0]
    return [one for one in doubt.candidates if one.concept == concept]


def settle(doubt: Doubted, candidate: Question) -> bool:
    """Write the anchor of the question that is gone behind the heading of what it has become.

    False where that heading is not there any more. Raises `CardError` if it cannot be written.
    """
    path = Path(candidate.place.path)
    text = read_text(path)
    anchor = doubt.old.partition("#")[2].partition("/")[0]
    changed = with_anchor(text, candidate.place.line, anchor)
    if changed != text:
        write_text(path, changed)
    return changed != text
