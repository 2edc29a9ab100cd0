"""A folder of cards, read: its concepts and questions, and all that is wrong with any of them.

A `Collection` never changes; `reload` makes a new one and reads again only what was saved.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from quiz.deck.config import FILE_NAME, CollectionConfig, read_config
from quiz.deck.files import CardFile, find_concepts, find_files, shown_path
from quiz.deck.parser import Parsed, parse_concept
from quiz.deck.remarks import Remarks, nearest
from quiz.deck.requires import circles
from quiz.deck.translations import translate
from quiz.errors import CardError, Place
from quiz.model.finding import Finding, Severity
from quiz.model.question import Concept, Question

__all__ = ["Collection", "find_concepts", "load", "reload"]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A card file and what was in it when it was read."""

    file: CardFile
    parsed: Parsed
    base: Parsed | None = None
    """Of a translation, what it was read beside."""
    limits: tuple[float, int] = (0.0, 0)
    """The collection's timeout and memory that its questions took over."""


@dataclass(frozen=True)
class Collection:
    """All cards below one folder."""

    root: Path
    config: CollectionConfig
    concepts: Mapping[str, Concept]
    """By id, in the order of the decks."""
    findings: tuple[Finding, ...]
    """Of all files, in the order of their places."""
    broken: frozenset[str] = frozenset()
    """Concepts whose file has an error of its own: a question missing there is not deleted."""
    files: Mapping[str, ReadFile] = field(default_factory=dict, repr=False, compare=False)
    """By path; what `reload` need not read again."""

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by its id, in the order of decks and files, in the base language."""
        return {
            question.id: question
            for concept in self.concepts.values()
            for question in concept.questions
        }

    @cached_property
    def decks(self) -> tuple[str, ...]:
        """The paths of all decks, those above others included; empty text: the root itself."""
        decks: dict[str, None] = {}
        for concept in self.concepts.values():
            parts = concept.deck.split("/")
            decks |= {"/".join(parts[: n + 1]): None for n in range(len(parts))}
        return tuple(sorted(decks, key=lambda deck: deck.split("/")))

    def shown(self, question_id: str, language: str | None = None) -> Question:
        """A question as it reads in `language` (None: the collection's), with the base's id.

        Falls back to the base file's text; raises `KeyError` for an id that is not here.
        """
        question = self.questions[question_id]
        language = language or self.config.language
        concept = self.concepts[question.concept]
        if not language or language not in concept.translations:
            return question
        translated = concept.translations[language].questions
        return next((one for one in translated if one.id == question_id), question)


def load(root: Path, *, known: Mapping[str, ReadFile] | None = None) -> Collection:
    """Reads the collection at `root`; a folder without cards is an empty one.

    `known` are files read before, by path: those of the same size and time are not read again.
    Raises `CardError` when there is no such folder. What is wrong with a file is a finding.
    """
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "there is no such folder"
        fix = f"Create a collection with `quiz init {root}`, or name another with --cards."
        raise CardError(what, where=Place(shown_path(root)), fix=fix)
    with _no_collector():
        return _load(root, dict(known or {}))


def reload(collection: Collection, paths: Iterable[Path] = ()) -> Collection:
    """The collection as it is on the disk now.

    Files of unchanged size and time are kept as they were read, those in `paths` are read again
    in any case.
    """
    changed = {str(path) for path in paths} | {str(path.resolve()) for path in paths}
    known = {
        path: read
        for path, read in collection.files.items()
        if path not in changed and str(Path(path).resolve()) not in changed
    } if changed else dict(collection.files)  # fmt: skip
    return load(collection.root, known=known)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Reading makes hundreds of thousands of values and no cycles; the collector would scan them
    again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _load(root: Path, known: dict[str, ReadFile]) -> Collection:
    config_path = shown_path(root / FILE_NAME)
    read = read_config(root, path=config_path)
    config, findings = read.config, list(read.findings)
    found = find_files(root)
    findings += found.findings
    limits = (config.timeout, config.memory)
    files: dict[str, ReadFile] = {}
    bases: dict[str, Parsed] = {}
    for file in found.files:
        base = bases.get(file.concept) if file.language is not None else None
        one = known.get(file.path)
        if one is None or one.file != file or one.base is not base or one.limits != limits:
            one = ReadFile(file, _read(file, config, base), base, limits)
        files[file.path] = one
        findings += one.parsed.findings
        if file.language is None:
            bases[file.concept] = one.parsed
    concepts = {name: one.concept for name, one in bases.items() if one.concept is not None}
    _add_translations(concepts, files, bases, findings)
    _check_requires(concepts, files, findings)
    _check_decks(config, concepts, config_path, findings)
    broken = {
        one.file.concept
        for one in files.values()
        if one.file.language is None
        and any(finding.severity is Severity.ERROR for finding in one.parsed.findings)
    }
    findings.sort(key=lambda finding: finding.place)
    return Collection(root, config, concepts, tuple(findings), frozenset(broken), files)


def _read(file: CardFile, config: CollectionConfig, base: Parsed | None) -> Parsed:
    try:
        data = Path(file.path).read_bytes()
    except OSError as error:
        remarks = Remarks(file.shown, ())
        remarks.error(f"cannot be read: {error.strerror or error}")
        return Parsed(None, remarks.findings)
    parsed = parse_concept(data, path=file.shown, concept=file.concept, config=config, base=base)
    if not parsed.images:
        return parsed
    lines = data.decode("utf-8-sig", errors="replace").splitlines()
    remarks = Remarks(file.shown, lines)
    folder = Path(file.path).parent
    for image in parsed.images:
        target = unquote(image.target)
        if ":" not in target and not _exists(folder / target):
            message = f"no such picture: `{image.target[:80]}`; paths begin at the card's folder"
            remarks.warning(message, image.line, image.column)
    return replace(parsed, findings=tuple(sorted((*parsed.findings, *remarks.findings), key=_at)))


def _at(finding: Finding) -> Place:
    return finding.place


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _add_translations(
    concepts: dict[str, Concept],
    files: Mapping[str, ReadFile],
    bases: Mapping[str, Parsed],
    findings: list[Finding],
) -> None:
    """Puts every translation that has not drifted into its concept."""
    translated: dict[str, dict[str, Concept]] = {}
    for one in files.values():
        if one.file.language is None or one.file.concept not in concepts:
            continue
        concept, problems = translate(bases[one.file.concept], one.parsed, one.file.shown)
        findings += problems
        if concept is not None:
            translated.setdefault(one.file.concept, {})[one.file.language] = concept
    for name, languages in translated.items():
        concepts[name] = replace(concepts[name], translations=languages)


def _check_requires(
    concepts: dict[str, Concept], files: Mapping[str, ReadFile], findings: list[Finding]
) -> None:
    """Says which required concepts do not exist, and opens circles by leaving them out."""
    lines = {one.file.concept: one for one in files.values() if one.file.language is None}
    graph = {name: concept.requires for name, concept in concepts.items() if concept.requires}
    for name, requires in graph.items():
        for required in requires:
            if required not in concepts:
                near = nearest(required, concepts)
                hint = f"did you mean `{near}`?" if near else "write its path without `.md`"
                message = f"no concept `{required[:80]}`: {hint}"
                findings += _at_requirement(lines[name], required, message)
    for circle in circles(graph):
        names = ", ".join(circle[:8]) + (" …" if len(circle) > 8 else "")
        message = f"concepts that require one another, so that none can begin: {names}; drop one"
        first = circle[0]
        members = set(circle)
        required = next(one for one in graph[first] if one in members)
        findings += _at_requirement(lines[first], required, message)
        for name in circle:
            kept = tuple(one for one in graph[name] if one not in members)
            concepts[name] = replace(concepts[name], requires=kept)


def _at_requirement(read: ReadFile, required: str, message: str) -> tuple[Finding, ...]:
    line = next((line for name, line in read.parsed.requires if name == required), 0)
    place = Place(read.file.shown, line)
    return (Finding(place, Severity.ERROR, message, required if line else ""),)


def _check_decks(
    config: CollectionConfig,
    concepts: Mapping[str, Concept],
    path: str,
    findings: list[Finding],
) -> None:
    """Says which decks of the configuration hold no card."""
    decks = {name.rpartition("/")[0] for name in concepts}
    for deck in config.decks:
        if not any(f"{one}/".startswith(f"{deck}/") for one in decks):
            remarks = Remarks(path, ())
            near = nearest(deck, decks)
            hint = f"did you mean `{near}`?" if near else "write its path from the root"
            remarks.warning(f'[decks."{deck}"]: no card is in this deck; {hint}')
            findings += remarks.findings
