"""A folder of cards, read: its concepts and questions, and all that is wrong with any of them.

A `Collection` never changes; `reload` makes a new one and reads again only what was saved.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from quiz import __version__
from quiz.deck.cache import Cache
from quiz.deck.config import (
    FILE_NAME,
    CollectionConfig,
    ConfigRead,
    place_of_deck,
    read_config,
)
from quiz.deck.files import CardFile, find_concepts, find_files, language_of, shown_path
from quiz.deck.lazy import Concepts, Entry, Questions, Source, entry_of
from quiz.deck.parsed import Requirement
from quiz.deck.reading import ReadFile, missing_pictures, read_file
from quiz.deck.remarks import Remarks, meant
from quiz.deck.requires import circles, written_otherwise
from quiz.errors import CardError, Place
from quiz.language import _
from quiz.model.courtesy import give_way
from quiz.model.finding import Finding, Severity
from quiz.model.pieces import collector_paused
from quiz.model.question import Concept, Question

__all__ = ["Collection", "find_concepts", "load", "reload"]


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
        return Questions(self.concepts, self.entries)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The concepts in order, as far as they are known without making their questions."""
        if isinstance(self.concepts, Concepts):
            return tuple(self.concepts.entries())
        return tuple(map(entry_of, self.concepts.values()))

    def glance(self, concept: str) -> str | None:
        """Every text of a concept, translations included, without making its questions.

        Other things stand there too, and quotes and backslashes are escaped. None where there is
        no such shortcut.
        """
        return self.concepts.glance(concept) if isinstance(self.concepts, Concepts) else None

    @cached_property
    def decks(self) -> tuple[str, ...]:
        """The paths of all decks, those above others included; empty text: the root itself."""
        decks: dict[str, None] = {}
        for deck in {entry.deck for entry in self.entries}:
            parts = deck.split("/")
            decks |= {"/".join(parts[: n + 1]): None for n in range(len(parts))}
        return tuple(sorted(decks, key=lambda deck: deck.split("/")))

    @cached_property
    def fingerprint(self) -> str:
        """Another one means that the text of some question may be another."""
        said = [__version__, *sorted(self.broken)]
        for read in self.files.values():
            if read.file.language is None:
                said += (read.file.concept, read.digest)
        return blake2b("\0".join(said).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

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

    Files that did not change since they were read are not read again: those in `known`, by path,
    or (None) those that the cache of an earlier run holds. Raises `CardError` when there is no
    such folder. What is wrong with a file is a finding.
    """
    if not root.is_dir():
        what = _("is not a folder") if root.exists() else _("there is no such folder")
        fix = _("Create a collection with `quiz init {folder}`, or name another with --cards.")
        raise CardError(what, where=Place(shown_path(root)), fix=fix.format(folder=root))
    with collector_paused():
        return _load(root, known)


def reload(collection: Collection, paths: Iterable[Path] = ()) -> Collection:
    """The collection as it is on the disk now.

    Files that did not change are kept as they were read; those in `paths` are read in any case.
    """
    changed = {str(path) for path in paths} | {os.path.realpath(path) for path in paths}
    known = {
        path: read
        for path, read in collection.files.items()
        if path not in changed and os.path.realpath(path) not in changed
    } if changed else dict(collection.files)  # fmt: skip
    return load(collection.root, known=known)


def _load(root: Path, known: Mapping[str, ReadFile] | None) -> Collection:
    config_path = shown_path(root / FILE_NAME)
    read = read_config(root, path=config_path)
    config, findings = read.config, list(read.findings)
    found = find_files(root)
    findings += found.findings
    if known is None:
        files = _through_cache(root, found.files, config)
    else:
        files = _read_all(found.files, known, config)
    for one in files.values():
        findings += one.overview.findings
        findings += missing_pictures(one)
    sources, bases = _sources(files, findings)
    _check_requires(sources, bases, findings)
    _check_lone_translations(files, config, findings)
    _check_decks(read, sources, config_path, findings)
    broken = {
        one.file.concept
        for one in bases.values()
        if any(finding.severity is Severity.ERROR for finding in one.overview.findings)
    }
    findings.sort(key=lambda finding: finding.place)
    return Collection(root, config, Concepts(sources), tuple(findings), frozenset(broken), files)


def _through_cache(
    root: Path, found: Sequence[CardFile], config: CollectionConfig
) -> dict[str, ReadFile]:
    cache = Cache.of(root, config)
    kept = cache.files(found, root, config)
    files = _read_all(found, kept, config)
    if len(kept) != cache.size or any(kept.get(path) is not one for path, one in files.items()):
        cache.save(files.values(), root)
    return files


def _read_all(
    found: Sequence[CardFile], known: Mapping[str, ReadFile], config: CollectionConfig
) -> dict[str, ReadFile]:
    """Every file, by path; those that did not change are the known ones."""
    files: dict[str, ReadFile] = {}
    bases: dict[str, ReadFile] = {}
    for file in found:
        give_way()
        base = bases.get(file.concept) if file.language is not None else None
        files[file.path] = one = read_file(file, config, base, known.get(file.path))
        if file.language is None:
            bases[file.concept] = one
    return files


def _sources(
    files: Mapping[str, ReadFile], findings: list[Finding]
) -> tuple[dict[str, Source], dict[str, ReadFile]]:
    """What each concept is made of, and the file of each; says which translations drifted."""
    bases = {one.file.concept: one for one in files.values() if one.file.language is None}
    sources = {name: Source(one) for name, one in bases.items() if one.overview.usable}
    for one in files.values():
        source = sources.get(one.file.concept)
        if one.file.language is None or source is None:
            continue
        findings += one.overview.drift
        sources[one.file.concept] = source._replace(translations=(*source.translations, one))
    return sources, bases


def _check_requires(
    sources: dict[str, Source], bases: Mapping[str, ReadFile], findings: list[Finding]
) -> None:
    """Says which required concepts do not exist, and opens circles by leaving them out."""
    graph = {
        name: tuple(one.name for one in source.read.overview.requires)
        for name, source in sources.items()
        if source.read.overview.requires
    }
    for name in graph:
        for required in bases[name].overview.requires:
            if required.name not in sources:
                hint = written_otherwise(required.name, name, sources)
                message = _("no concept `{name}`: {hint}")
                message = message.format(name=required.name[:80], hint=hint)
                findings.append(_at_requirement(bases[name], required, message))
    for circle in circles(graph):
        names = ", ".join(circle[:8]) + (" …" if len(circle) > 8 else "")
        message = _(
            "concepts that require one another, so that none can begin: {names}; drop one"
        ).format(names=names)
        first = circle[0]
        members = set(circle)
        needed = bases[first].overview.requires
        required = next(one for one in needed if one.name in members)
        findings.append(_at_requirement(bases[first], required, message))
        for name in circle:
            kept = tuple(one for one in graph[name] if one not in members)
            sources[name] = sources[name]._replace(requires=kept)


def _at_requirement(read: ReadFile, required: Requirement, message: str) -> Finding:
    place = Place(read.file.shown, required.line, required.column)
    return Finding(place, Severity.ERROR, message, required.source)


def _check_lone_translations(
    files: Mapping[str, ReadFile], config: CollectionConfig, findings: list[Finding]
) -> None:
    """Says which files are named as translations into a language of the collection, beside none."""
    languages = {one.file.language for one in files.values()} | {config.language}
    for one in files.values():
        name = Path(one.file.path).name
        if one.file.language is None and language_of(name) in languages:
            base = f"{name.removesuffix('.md').rpartition('.')[0]}.md"
            remarks = Remarks(one.file.shown, ())
            message = _(
                "a translation without `{base}` beside it is a concept of its own: rename it"
            )
            remarks.warning(message.format(base=base))
            findings += remarks.findings


def _check_decks(
    read: ConfigRead,
    concepts: Iterable[str],
    path: str,
    findings: list[Finding],
) -> None:
    """Says which decks of the configuration hold no card."""
    decks = {name.rpartition("/")[0] for name in concepts}
    for deck in read.config.decks:
        if not any(f"{one}/".startswith(f"{deck}/") for one in decks):
            remarks = Remarks(path, read.lines)
            hint = meant(deck, decks) or _("write its path from the root")
            message = _('[decks."{deck}"]: no card is in this deck; {hint}')
            remarks.warning(message.format(deck=deck, hint=hint), place_of_deck(deck, read.lines))
            findings += remarks.findings
