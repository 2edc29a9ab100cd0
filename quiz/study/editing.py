"""A card file while it is written: what its text means so far, and how it gets to the disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quiz.deck.collection import Collection
from quiz.deck.config import CollectionConfig
from quiz.deck.parsed import Parsed
from quiz.deck.parser import parse_concept
from quiz.deck.saving import read_text, write_text
from quiz.errors import CardError, Place, QuizError
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.question import Kind, Question
from quiz.model.review import State
from quiz.settings import bundled_cards
from quiz.study.values import Asked
from quiz.study.writing import draft

_BOM = "\ufeff"


class ChangedError(QuizError):
    """Another program has written the file since it was opened here."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card file that is being written."""

    path: Path
    concept: str
    text: str
    """As it is to be edited: without a byte-order mark, line ends as in the file."""
    line: int
    """Where the cursor belongs, from 1."""
    stored: str | None
    """The file, sign for sign, when it was last read or written here; None: there is none yet."""
    config: CollectionConfig
    base: Parsed | None = None
    """Of a translation, the file that it stands beside."""

    @property
    def draft(self) -> Path:
        """Where text is kept that was neither saved nor discarded."""
        return self.path.with_name(f"_{self.path.name}.draft")

    def kept(self) -> str | None:
        """Such text from an earlier time, if there is any."""
        try:
            return self.draft.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def keep(self, text: str) -> None:
        """Keep text that was not saved. Raises `CardError` where that cannot be written."""
        write_text(self.draft, text)

    def forget(self) -> None:
        """Drop what was kept."""
        self.draft.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text of a card means so far."""

    title: str
    note: str
    links: tuple[str, ...]
    sections: tuple[tuple[int, tuple[Question, ...]], ...]
    """The line of each heading (from 1), with its questions: none where there is an error."""
    findings: tuple[Finding, ...]

    def at(self, line: int) -> tuple[Question, ...] | None:
        """The questions of the section that `line` stands in; None above the first."""
        found = None
        for start, questions in self.sections:
            if start > line:
                break
            found = questions
        return found

    def asked(self, question: Question) -> Asked:
        """The question as it would be put to a learner who has never seen it."""
        return Asked(
            question=question,
            title=self.title,
            note=self.note,
            links=self.links,
            order=(),
            state=State.NEW,
            memory=None,
            options={},
            intervals={},
        )


def open_card(collection: Collection, place: Place) -> Card:
    """The file of the collection that `place` names. Raises `CardError` if it cannot be read."""
    path = Path(place.path)
    file = next(
        (one.file for one in collection.files.values() if one.file.shown == place.path), None
    )
    if file is None:
        raise CardError(_("is no card of this collection"), where=Place(place.path))
    base = None
    if file.language is not None:
        found = (
            one for one in collection.files.values()
            if one.file.concept == file.concept and one.file.language is None
        )  # fmt: skip
        base = next((one.parsed for one in found), None)
    stored = read_text(path)
    text = stored.removeprefix(_BOM)
    return Card(path, file.concept, text, max(1, place.line), stored, collection.config, base)


def new_card(collection: Collection, concept: str, kind: Kind) -> Card:
    """A question from a template: at the end of a concept, or in one that is new.

    Raises `CardError` for a name that is none, and where the cards are those that came along.
    """
    refuse_bundled(collection.root)
    new = draft(collection.root, concept, kind)
    text = new.text.removeprefix(_BOM)
    return Card(new.path, new.concept, text, new.line, new.stored, collection.config)


def refuse_bundled(root: Path) -> None:
    """Raises `CardError` where `root` is that of the decks that came along."""
    if root.resolve() == bundled_cards().resolve() and root != Path("cards"):
        raise CardError(
            _("the decks that came with quiz are not the place for your own cards"),
            fix=_(
                "Make a collection with `quiz init notes`, then open it with `quiz --cards notes`."
            ),
        )


def read_card(card: Card, text: str) -> Reading:
    """What `text` would mean as the file of `card`."""
    parsed = parse_concept(
        text.encode("utf-8", "surrogatepass"),
        path=card.path.name,
        concept=card.concept,
        config=card.config,
        base=card.base,
    )
    concept = parsed.concept
    return Reading(
        title=concept.title if concept else "",
        note=concept.note if concept else "",
        links=concept.links if concept else (),
        sections=tuple((one.line, one.questions) for one in parsed.sections),
        findings=parsed.findings,
    )


def save_card(card: Card, text: str, *, force: bool = False) -> Card:
    """Put `text` on the disk, whole or not at all; the card as it is open from then on.

    Raises `ChangedError` where the file is not what it was when it was opened, unless `force`;
    `CardError` where it cannot be written.
    """
    there = read_text(card.path) if card.path.exists() else None
    if there != card.stored and not force:
        raise ChangedError(
            _("the file was changed by another program since it was opened here"),
            where=Place(str(card.path)),
        )
    whole = _BOM + text if (card.stored or "").startswith(_BOM) else text
    if whole != there:
        write_text(card.path, whole)
    card.forget()
    return replace(card, text=text, stored=whole)


def names(collection: Collection) -> Sequence[str]:
    """Where a card may go: the decks, each with a stroke at its end, and the concepts."""
    decks = [f"{deck}/" for deck in collection.decks if deck]
    return [*decks, *(entry.concept for entry in collection.entries)]
