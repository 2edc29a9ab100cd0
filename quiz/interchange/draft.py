"""What every reader of another program's cards hands on: drafts of concepts, and what was left out.

A draft is one note of the source, which will be one concept: its questions are siblings, and no
others are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Section:
    """One `##` to be."""

    front: str
    """Markdown: what is asked; of a cloze the text with its gaps in Anki's notation."""
    back: str = ""
    """Markdown: the answer of a recall, what is shown afterwards of the other kinds."""
    part: str = ""
    """What its anchor has behind that of the draft, where a draft has several sections."""
    cloze: bool = False
    accepted: tuple[str, ...] = ()
    """Plain lines; with any, the answer is typed."""
    reversed: bool = False
    """Whether it is also asked from the back to the front."""
    anchor: str = ""
    """An anchor of its own, instead of one that follows from the key of the draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One concept to be."""

    source: str
    """What messages call it: `note 1498938915662`, `deck.md:12`."""
    key: str
    """Its identity in the source, the same at every export; anchors follow from it."""
    decks: tuple[str, ...]
    """Names of the decks it lies in, outermost first, as in the source."""
    sections: tuple[Section, ...]
    title: str = ""
    """Plain text; empty: the beginning of the first question."""
    note: str = ""
    """Markdown that is never asked."""
    tags: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    """Files its text refers to, as keys of `Converted.media`."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the source that is not imported, or not as it was."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Converted:
    """A whole source, read and converted; nothing of it is on the disk yet."""

    format: str
    """What it was taken for: `anki`, `hashcards`, `obsidian`, `headings`, `table`."""
    drafts: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...] = ()
    media: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    """Bytes of each file by the name that is safe for it."""


MEDIA_FOLDER = "_media"
"""Folder beside the concepts for their pictures and sounds; its name keeps it from being a deck."""
