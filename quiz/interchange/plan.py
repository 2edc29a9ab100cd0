"""Where drafts go: a path for each concept and each picture, safe on every system and unique."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quiz.interchange.concept import anchor_of, concept_text, question_ids, title_of
from quiz.interchange.draft import MEDIA_FOLDER, Converted, Draft

_LONGEST = 60
_RESERVED = re.compile(r"(?:con|prn|aux|nul|readme|com[0-9]|lpt[0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Planned:
    """One concept file to be written."""

    draft: Draft
    path: str
    """From the folder of the import, with forward slashes."""
    text: str
    questions: tuple[str, ...]
    """Ids of its sections, from the collection's root."""
    media: Mapping[str, str]
    """Paths of the files it refers to, each with the name in `Converted.media`."""


def plan(converted: Converted, folder: str) -> tuple[Planned, ...]:
    """A path for every draft below `folder`, which is a deck of the collection (may be empty)."""
    folders = {draft.key: "/".join(_names(draft.decks)) for draft in converted.drafts}
    stems = {draft.key: file_stem(title_of(draft), draft.key) for draft in converted.drafts}
    taken = Counter((folders[key], stems[key]) for key in folders)
    planned = []
    for draft in converted.drafts:
        inside, stem = folders[draft.key], stems[draft.key]
        if taken[inside, stem] > 1:
            stem = f"{stem}-{anchor_of(draft.key)}"
        name = f"{inside}/{stem}" if inside else stem
        concept = f"{folder}/{name}" if folder else name
        beside = f"{inside}/{MEDIA_FOLDER}" if inside else MEDIA_FOLDER
        planned.append(
            Planned(
                draft=draft,
                path=f"{name}.md",
                text=concept_text(draft),
                questions=question_ids(draft, concept),
                media={f"{beside}/{file}": file for file in draft.media},
            )
        )
    return tuple(planned)


def file_stem(text: str, key: str = "") -> str:
    """A file's or folder's name from a text: lower case, words joined by hyphens."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).lower())
    words = re.findall(r"\w+", text.replace("_", " "))
    name = ""
    for word in words:
        if name and len(name) + len(word) >= _LONGEST:
            break
        name = f"{name}-{word}" if name else word[:_LONGEST]
    if not name:
        return anchor_of(key or text)
    return f"{name}-" if _RESERVED.fullmatch(name) else name


def _names(decks: Iterable[str]) -> list[str]:
    return [file_stem(name, name) for name in decks]


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """For each file name of a package one that is safe in a folder and in a link, all different.

    Whatever a name says about folders is dropped: only its last part counts.
    """
    safe: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
        stem, dot, suffix = last.rpartition(".")
        if not stem or not re.fullmatch(r"[A-Za-z0-9]{1,8}", suffix):
            stem, dot, suffix = last, "", ""
        words = re.findall(r"[\w+-]+", stem)
        base = ("-".join(words)).strip("-_")[:80] or anchor_of(name)
        if _RESERVED.fullmatch(base):
            base += "-"
        candidate = f"{base}{dot}{suffix.lower()}"
        if candidate.lower() in taken:
            candidate = f"{base}-{anchor_of(name)}{dot}{suffix.lower()}"
        taken.add(candidate.lower())
        safe[name] = candidate
    return safe
