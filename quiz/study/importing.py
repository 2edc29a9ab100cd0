"""Cards of other programs into the collection, with their history: all, or a list of what is not.

Everything is read, converted and parsed back before the first file is written; the files appear
together, and the history follows in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.deck.config import CollectionConfig
from quiz.deck.parser import Parsed, parse_concept
from quiz.errors import ImportFormatError, Place, StoreError
from quiz.interchange.anki.collection import Card
from quiz.interchange.anki.history import StudyDays, entries_of, instant, state_change
from quiz.interchange.anki.reading import AnkiSource, read_package
from quiz.interchange.concept import question_ids
from quiz.interchange.draft import Converted, Draft, LeftOut
from quiz.interchange.plan import Planned, file_stem, plan
from quiz.interchange.sources import PACKAGES, read_cards
from quiz.language import _, mark
from quiz.model.finding import Severity
from quiz.model.review import ActionKind, Entry, Rating, Review
from quiz.schedule.replay import standing_of
from quiz.settings import bundled_cards
from quiz.study.landing import Content, landed

if TYPE_CHECKING:
    from quiz.study.library import Library

Progress = Callable[[int, int], None]
"""Told how many steps are done, and how many there are."""

_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class ImportedCards:
    """What came of an import of cards."""

    format: str
    folder: str
    """From the collection's root; empty for the root itself."""
    concepts: int
    """Files of cards, those included that were there already just so."""
    questions: int
    written: int
    """Files that are new, pictures and sounds included."""
    reviews: int
    """Reviews of the source."""
    added: int
    """Entries of the history that are new: reviews, and what was suspended, reset or set due."""
    suspended: int
    left_out: tuple[LeftOut, ...]


@dataclass(slots=True)
class _Steps:
    """How far an import has come; each file is read back once and written once."""

    tell: Progress
    done: int = 0
    total: int = 0

    def expect(self, count: int) -> None:
        """So many steps from here on; as many again are to follow those of the first kind."""
        self.total = self.done + count if self.done else 2 * count

    def step(self) -> None:
        self.done += 1
        self.tell(self.done, self.total)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Drafts of which every question is known to parse."""

    planned: tuple[Planned, ...]
    questions: frozenset[str]
    left_out: tuple[LeftOut, ...]


def import_cards(
    library: Library,
    path: Path,
    *,
    into: str | None = None,
    format_: str | None = None,
    on_progress: Progress = lambda done, total: None,
) -> ImportedCards:
    """Import a package, a table or a Markdown file into `into`, a folder of the collection.

    `on_progress` is told how many files of cards have been read back and written, and of how many
    of these steps in all.

    Raises `ImportFormatError` where there is nothing to import or a file is in the way; then
    nothing has changed.
    """
    root = library.collection.root
    if root.resolve() == bundled_cards().resolve():
        raise ImportFormatError(
            _("there is no collection of yours to import into"),
            fix=_("Make one with `quiz init DIR`, then give it with --cards DIR."),
        )
    with _read(path, format_) as (converted, anki):
        if not converted.drafts:
            reasons = "".join(f"\n  {one}" for one in converted.left_out[:5])
            said = _("no cards to import") + reasons
            raise ImportFormatError(said, where=Place(str(path)))
        folder = _folder(root, into, path, converted)
        steps = _Steps(on_progress)
        ready = _ready(_without_common_deck(converted, folder), folder, steps)
        entries: list[Entry] = []
        left_out = [*converted.left_out, *ready.left_out]
        if anki is not None:
            entries = _history(library, anki, ready, left_out)
        if entries and library.ledger.history.read_only:
            said = _("the history cannot be written: {why}")
            raise StoreError(said.format(why=library.ledger.history.read_only))
        written, added = _land(library, converted, ready, folder, entries, steps)
    return ImportedCards(
        format=converted.format,
        folder=folder,
        concepts=len(ready.planned),
        questions=len(ready.questions),
        written=written,
        reviews=sum(isinstance(entry, Review) for entry in entries),
        added=added,
        suspended=sum(not isinstance(e, Review) and e.kind is ActionKind.SUSPEND for e in entries),
        left_out=tuple(left_out),
    )


@contextmanager
def _read(path: Path, format_: str | None) -> Iterator[tuple[Converted, AnkiSource | None]]:
    if path.suffix.lower() in PACKAGES:
        with read_package(path) as source:
            yield source.converted, source
    else:
        yield read_cards(path, format_), None


def _land(
    library: Library,
    converted: Converted,
    ready: _Ready,
    folder: str,
    entries: list[Entry],
    steps: _Steps,
) -> tuple[int, int]:
    """Write the files and then the history: how many files and entries are new."""
    files: dict[str, Content] = {}
    prefix = f"{folder}/" if folder else ""
    for one in ready.planned:
        files[prefix + one.path] = one.text.encode()
        for target, name in one.media.items():
            files[prefix + target] = converted.media[name]
    try:
        steps.expect(len(files))
        with landed(library.collection.root, files, steps.step) as written:
            library.reload()
            added = library.ledger.bring_in(entries) if entries else 0
    except BaseException:
        library.reload()
        raise
    return written, added


def _folder(root: Path, into: str | None, path: Path, converted: Converted) -> str:
    """The folder of the import, from the root of the collection."""
    if into is None:
        # A note is one file, and needs no folder of its own.
        return "" if converted.format == "headings" else file_stem(path.stem, path.name)
    root = root.resolve()
    # As typed from where the learner stands, or as a deck of the collection.
    here = Path(into).expanduser().absolute()
    given = here if here.is_relative_to(root) or Path(into).is_absolute() else root / into
    try:
        parts = given.resolve().relative_to(root).parts
    except ValueError:
        raise ImportFormatError(
            _("`{path}` lies outside of the collection").format(path=into),
            where=Place(str(root)),
            fix=_("Name a folder within it, such as --into languages/french."),
        ) from None
    hidden = [part for part in parts if part.startswith((".", "_")) or "#" in part]
    if hidden:
        raise ImportFormatError(
            _("`{name}` cannot be a deck").format(name=hidden[0]),
            fix=_("A deck's name begins with neither `.` nor `_`."),
        )
    return "/".join(parts)


def _without_common_deck(converted: Converted, folder: str) -> Converted:
    """Without the outermost deck, where all lie in it and the folder has its name already."""
    tops = {draft.decks[:1] for draft in converted.drafts}
    if len(tops) != 1 or not (top := next(iter(tops))):
        return converted
    if file_stem(top[0]) != file_stem(folder.rpartition("/")[2]):
        return converted
    inner = tuple(replace(draft, decks=draft.decks[1:]) for draft in converted.drafts)
    return replace(converted, drafts=inner)


# Parsing back


def _ready(converted: Converted, folder: str, steps: _Steps) -> _Ready:
    """The drafts as they will be written, without what would not read as a question."""
    left_out: list[LeftOut] = []
    sound: list[Draft] = []
    planned = plan(converted, folder)
    questions: set[str] = set()
    steps.expect(len(planned))
    for one in planned:
        steps.step()
        parsed = _parsed(one, folder)
        kept = _sound(one, parsed, left_out)
        if kept is not None:
            sound.append(kept)
        questions |= _ids(parsed)
    if tuple(sound) != converted.drafts:
        planned = plan(replace(converted, drafts=tuple(sound)), folder)
        questions = set().union(*(_ids(_parsed(one, folder)) for one in planned))
    return _Ready(planned, frozenset(questions), tuple(left_out))


def _ids(parsed: Parsed) -> set[str]:
    return {question.id for question in parsed.concept.questions} if parsed.concept else set()


def _sound(one: Planned, parsed: Parsed, left_out: list[LeftOut]) -> Draft | None:
    """The draft without the sections that cannot be asked; None when none is left."""
    errors = [finding for finding in parsed.findings if finding.severity is Severity.ERROR]
    ids = _ids(parsed)
    stems = {question.rpartition("/")[0] for question in ids}
    kept = []
    for section, question in zip(one.draft.sections, one.questions, strict=True):
        # A gap's id has `/c1` behind that of its section.
        if (question in stems) if section.cloze else (question in ids):
            kept.append(section)
    if len(kept) == len(one.draft.sections) and not errors:
        return one.draft
    reasons = dict.fromkeys(finding.message for finding in errors)
    reason = "; ".join(reasons) or _("it does not read as a question")
    said = _("cannot be asked: {why}").format(why=reason)
    left_out.append(LeftOut(one.draft.source, said))
    if not kept or len(kept) == len(one.draft.sections):
        return None
    return replace(one.draft, sections=tuple(kept))


def _parsed(one: Planned, folder: str) -> Parsed:
    concept = one.path.removesuffix(".md")
    return parse_concept(
        one.text.encode(),
        path=one.path,
        concept=f"{folder}/{concept}" if folder else concept,
        config=CollectionConfig(),
    )


# The history


def _history(
    library: Library, source: AnkiSource, ready: _Ready, left_out: list[LeftOut]
) -> list[Entry]:
    """All that the package knows about the questions that are imported."""
    days = StudyDays(library.calendar.day, library.calendar.start)
    # A section that was left out moves those behind it, so questions are found by their anchors.
    drafts = {draft.key: draft for draft in source.converted.drafts}
    concepts = {one.draft.key: one.questions[0].partition("#")[0] for one in ready.planned}
    entries: list[Entry] = []
    lost: Counter[str] = Counter()
    cards = {card.id: card for those in source.collection.cards.values() for card in those}
    for key, lines in source.collection.revlog.items():
        if key not in cards:
            lost[mark("{n} lines of cards that are no longer there")] += len(lines)
    for card in cards.values():
        lines = source.collection.revlog.get(card.id, ())
        question = _question(source, card, drafts, concepts)
        if question not in ready.questions:
            lost[mark("{n} lines of cards that are left out")] += len(lines)
            continue
        mine, unusable = entries_of(lines, question, days)
        lost[mark("{n} lines that hold no rating")] += len(unusable)
        entries += mine
        entries += _state(library, card, question, mine, days)
    left_out += [
        LeftOut(_("history"), _(said).format(n=count)) for said, count in lost.items() if count
    ]
    return entries


def _question(
    source: AnkiSource, card: Card, drafts: dict[str, Draft], concepts: dict[str, str]
) -> str:
    """The id of the question that an Anki card has become; empty if there is none."""
    asked = source.asked.get(card.id)
    if asked is None or asked.draft not in concepts:
        return ""
    ids = question_ids(drafts[asked.draft], concepts[asked.draft])
    return f"{ids[asked.section]}{asked.suffix}"


def _state(
    library: Library, card: Card, question: str, entries: list[Entry], days: StudyDays
) -> list[Entry]:
    """What it takes for the question to be suspended, or not, as its card is."""
    failed = sum(isinstance(e, Review) and e.rating is Rating.AGAIN for e in entries)
    if not card.suspended and failed < library.ledger.policy.leech_threshold:
        return []
    standing = standing_of(entries, library.ledger.scheduler(question), question)
    if standing.suspended == card.suspended:
        return []
    last = max((entry.time for entry in entries), default=None)
    # Seconds, as a damaged package may have them too.
    time = instant(min(max(card.modified, 1), 4_000_000_000) * 1000)
    if last is not None and (time <= last or not card.suspended):
        time = last + _TICK
    kind = ActionKind.SUSPEND if card.suspended else ActionKind.UNSUSPEND
    return [state_change(question, kind, time, days)]
