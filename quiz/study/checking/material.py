"""What is to be checked below some paths: questions with programs, and what their files say."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quiz.deck.collection import Collection, load
from quiz.errors import CardError
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.question import Code, Concept, Predict, Question
from quiz.study.checking.accepted import Accepted, load_accepted
from quiz.study.checking.doubts import doubts
from quiz.study.coding import collection_root


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that stands below the paths."""

    findings: tuple[Finding, ...]
    """What is wrong with the files, in the order of their places."""
    count: int
    """Questions of all kinds."""
    programs: tuple[Question, ...]
    """Those that run code; of a translation those whose program is not its base's."""
    accepted: Accepted


def gather(
    paths: Iterable[Path],
    cards: Path | None = None,
    *,
    database: Callable[[str], Path] | None = None,
) -> Material:
    """What is to be checked in folders and card files.

    `cards` is the collection they belong to, where that was said. `database` gives the history of
    a collection by its name, for what the cards and the history do not agree about; None: that is
    not asked. Raises `CardError` for a path that is not there.
    """
    findings: dict[Finding, None] = {}
    ids: set[str] = set()
    programs: dict[str, Question] = {}
    accepted = Accepted()
    for path in paths:
        if not path.exists():
            raise CardError(
                _("there is no `{path}`").format(path=path),
                fix=_("Give a folder of cards or a card's file."),
            )
        collection = load(collection_root(path, cards))
        inside = _Inside(path)
        listed, problems = load_accepted(
            collection.root, collection.decks, collection.questions.keys()
        )
        accepted = Accepted({**accepted.entries, **listed.entries})
        here = [one for one in (*collection.findings, *problems) if inside(one.place.path)]
        if database is not None:
            open_ = doubts(collection, database(collection.config.name))
            here += [one for one in open_ if inside(one.place.path)]
        findings |= dict.fromkeys(here)
        ids |= {q.id for q in collection.questions.values() if inside(q.place.path)}
        programs |= {str(q.place): q for q in _programs(collection) if inside(q.place.path)}
    ordered = sorted(findings, key=lambda finding: finding.place)
    return Material(tuple(ordered), len(ids), tuple(programs.values()), accepted)


class _Inside:
    """Whether a file belongs to a path: stands below it, or is a translation of that card.

    A link belongs to where it stands, and to where it leads.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.is_file()
        self._targets = _both(path)

    def __call__(self, name: str) -> bool:
        return any(self._holds(target, file) for target in self._targets for file in _both(name))

    def _holds(self, target: Path, file: Path) -> bool:
        if not self._file:
            return file.is_relative_to(target)
        # A translation is checked with its base file, and the base with its translations.
        base = target.name.removesuffix(".md").partition(".")[0]
        return file.parent == target.parent and file.name.partition(".")[0] == base


@lru_cache(maxsize=256)
def _both(path: Path | str) -> set[Path]:
    """A path from the root, as it was typed and with all links followed."""
    # Not by `resolve`, which refuses a link that leads to itself.
    return {Path(os.path.abspath(path)), Path(os.path.realpath(path))}  # noqa: PTH100 - links stay


def _programs(collection: Collection) -> Iterator[Question]:
    for concept in collection.concepts.values():
        yield from _runnable(concept)
        base = {question.id: _text(question) for question in concept.questions}
        for translation in concept.translations.values():
            for question in _runnable(translation):
                if base.get(question.id) != _text(question):
                    yield question


def _runnable(concept: Concept) -> list[Question]:
    return [one for one in concept.questions if isinstance(one.content, Code | Predict)]


def _text(question: Question) -> tuple[str, ...]:
    """What a question runs, wherever it stands."""
    content = question.content
    names = ("setup", "starter", "solution", "cases", "test", "program")
    fences = (getattr(content, name, None) for name in names)
    return tuple(fence.text if fence else "" for fence in fences)
