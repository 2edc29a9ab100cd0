"""Concepts and questions of a collection, each made when it is first asked for.

A collection of a hundred thousand questions is opened to ask one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from quiz.deck.parsed import Overview
from quiz.deck.reading import ReadFile
from quiz.errors import Place
from quiz.model.question import Concept, Program, Question


class Source(NamedTuple):
    """What a concept is made of."""

    read: ReadFile
    translations: tuple[ReadFile, ...] = ()
    requires: tuple[str, ...] | None = None
    """Instead of those of the file, where a circle was opened."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a session must know of every concept before it shows one."""

    concept: str
    requires: tuple[str, ...]
    tags: tuple[str, ...]
    questions: tuple[str, ...]
    """Ids, in order."""
    suspended: frozenset[str]
    """Ids of those that the file suspends."""
    programs: bool
    """Whether one of them runs a program."""

    @property
    def deck(self) -> str:
        return self.concept.rpartition("/")[0]


class Concepts(Mapping[str, Concept]):
    """Concepts by id."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._made: dict[str, Concept] = {}

    def __getitem__(self, name: str) -> Concept:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = _concept(name, self._sources[name])
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def glance(self, name: str) -> str | None:
        """Every text of the concept, translations included; None where it is quicker to make it.

        Other things stand there too, and quotes and backslashes are escaped.
        """
        source = self._sources[name]
        texts = [read.glance() for read in (source.read, *source.translations)]
        return None if None in texts else "\n".join(filter(None, texts))

    def entries(self) -> Iterator[Entry]:
        """What is known of each without making it."""
        for name, (read, _, requires) in self._sources.items():
            said: Overview = read.overview
            needed = tuple([one.name for one in said.requires]) if requires is None else requires
            yield Entry(name, needed, said.tags, said.questions, said.suspended, said.programs)


def _concept(name: str, source: Source) -> Concept:
    base = source.read.parsed
    # A file that went away while its cache was damaged has nothing to show any more.
    concept = base.concept or Concept(name, name, "", (), Place(source.read.file.shown))
    if source.requires is not None:
        concept = replace(concept, requires=source.requires)
    if not source.translations:
        return concept
    from quiz.deck.translations import translate

    translations = {}
    for read in source.translations:
        translated, _ = translate(base, read.parsed, read.file.shown)
        if translated is not None and read.file.language is not None:
            translations[read.file.language] = translated
    return replace(concept, translations=translations)


def entry_of(concept: Concept) -> Entry:
    """The entry of a concept that was made already."""
    questions = tuple(question.id for question in concept.questions)
    suspended = frozenset(question.id for question in concept.questions if question.suspended)
    programs = any(isinstance(question.content, Program) for question in concept.questions)
    return Entry(concept.id, concept.requires, concept.tags, questions, suspended, programs)


class Questions(Mapping[str, Question]):
    """The questions of some concepts by id, in their order."""

    def __init__(self, concepts: Mapping[str, Concept], entries: Iterable[Entry]) -> None:
        self._concepts = concepts
        self._concept_of = {
            question: entry.concept for entry in entries for question in entry.questions
        }
        self._made: dict[str, Question] = {}

    def __getitem__(self, question: str) -> Question:
        found = self._made.get(question)
        if found is None:
            concept = self._concepts[self._concept_of[question]]
            self._made.update((one.id, one) for one in concept.questions)
            found = self._made[question]
        return found

    def __contains__(self, question: object) -> bool:
        return question in self._concept_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._concept_of)

    def __len__(self) -> int:
        return len(self._concept_of)
