"""The cards of the collection with their history, out to Anki."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.interchange.anki.history import StudyDays
from quiz.interchange.anki.writing import Asked, Clock, Exported, write_package
from quiz.model.log import Owners, effective
from quiz.model.question import Question
from quiz.model.review import Entry, Memory, Standing
from quiz.schedule.replay import advance

if TYPE_CHECKING:
    from quiz.study.library import Library

_LARGEST = 64 * 1024**2
"""Bytes of a picture or sound."""


def export_package(library: Library, path: Path) -> Exported:
    """Write every question of the cards, with its reviews and memory, as an `.apkg`.

    What the history holds of questions that are not in the cards any more stays here.
    """
    ledger = library.ledger
    now = library.clock()
    offset = now.astimezone(library.calendar.timezone).utcoffset()
    clock = Clock(
        now=now,
        days=StudyDays(library.calendar.day, library.calendar.start),
        rollover=library.settings.rollover_hour,
        west=-int(offset.total_seconds() // 60) if offset else 0,
    )
    logs = _logs(library)
    root = library.collection.root.resolve()

    def read_media(question: Question, target: str) -> bytes | None:
        file = (root / f"{question.concept}.md").parent.joinpath(target).resolve()
        # A card may not fetch what lies outside of its collection.
        if not file.is_relative_to(root) or not file.is_file() or file.stat().st_size > _LARGEST:
            return None
        return file.read_bytes()

    asked = [
        Asked(library.shown(name), ledger.standing(name), logs.get(name, ()))
        for name in library.collection.questions
    ]
    name = library.collection.config.name or root.name or "quiz"
    return write_package(path, asked, name=name, clock=clock, read_media=read_media)


def _logs(library: Library) -> dict[str, list[tuple[Entry, Memory | None]]]:
    """The entries that count of each question, under its id of today, with the memory after."""
    kept = effective(library.ledger.history.entries())
    owners = Owners(library.ledger.history.relinks())
    logs: dict[str, list[tuple[Entry, Memory | None]]] = defaultdict(list)
    standings: dict[str, Standing] = {}
    for entry in kept:
        question = owners.of(entry)
        before = standings.get(question) or Standing(question)
        after = advance(before, entry, library.ledger.scheduler(question))
        standings[question] = after
        logs[question].append((entry, after.memory))
    return logs
