"""Questions with their history as an Anki package that every version of Anki imports."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from quiz.errors import Place, QuizError
from quiz.interchange.anki import schema
from quiz.interchange.anki.history import StudyDays
from quiz.interchange.anki.rendering import UNLIKE, Fields, Media, fields_of, section_of
from quiz.language import _
from quiz.model.question import Question
from quiz.model.review import ActionKind, Entry, Memory, Review, ReviewKind, Standing, State

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_ID = 1_400_000_000_000
"""Anki's ids are milliseconds of some past moment."""
_FACTOR = 2500
"""The ease every card has, which the scheduler in use (FSRS) does not look at."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What a package holds."""

    notes: int
    cards: int
    reviews: int
    media: int
    made_readable: dict[str, int]
    """Questions of kinds that Anki does not have, by kind: question and answer to read there."""
    missing: tuple[str, ...]
    """Files that cards refer to and that are not there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is exported."""

    question: Question
    standing: Standing
    log: Sequence[tuple[Entry, Memory | None]]
    """Its entries that count, each with the memory after it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When it is, and where the learner's days begin."""

    now: datetime
    days: StudyDays
    rollover: int
    """Hour."""
    west: int
    """Minutes west of Greenwich."""


def write_package(
    path: Path,
    asked: Iterable[Asked],
    *,
    name: str,
    clock: Clock,
    read_media: Callable[[Question, str], bytes | None],
) -> Exported:
    """Write an `.apkg`; it appears when it is complete. `name` is the deck of what is in none."""
    media = Media(read_media)
    contents = _Contents(name, clock, media)
    contents.add(list(asked))
    folder = Path(tempfile.mkdtemp(prefix="quiz-anki-"))
    partial = path.with_name(f"{path.name}.partial")
    try:
        database = folder / "collection.anki2"
        contents.write(database)
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(database, "collection.anki2")
            names = list(media.files)
            archive.writestr("media", json.dumps({str(n): one for n, one in enumerate(names)}))
            for number, one in enumerate(names):
                archive.writestr(str(number), media.files[one])
        partial.replace(path)
    except OSError as error:
        said = _("cannot be written: {why}").format(why=error.strerror or error)
        raise QuizError(said, where=Place(str(path))) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return Exported(
        notes=len(contents.notes),
        cards=len(contents.cards),
        reviews=contents.reviews,
        media=len(media.files),
        made_readable=dict(contents.made_readable),
        missing=tuple(dict.fromkeys(media.missing)),
    )


class _Contents:
    """The rows of a package in the making."""

    def __init__(self, name: str, clock: Clock, media: Media) -> None:
        self.name = name
        self.clock = clock
        self.media = media
        self.seconds = int(clock.now.timestamp())
        self.decks: dict[str, int] = {}
        self.notes: list[tuple[Any, ...]] = []
        self.cards: list[tuple[Any, ...]] = []
        self.revlog: dict[int, tuple[Any, ...]] = {}
        self.reviews = 0
        self.made_readable: Counter[str] = Counter()
        self._ids: set[int] = set()
        self._first_day = clock.days.day_of(clock.now)

    def add(self, asked: Sequence[Asked]) -> None:
        """Make rows of questions, those of a section together."""
        today = self.clock.days.day_of(self.clock.now)
        days = [today - timedelta(days=1)]
        for one in asked:
            if one.standing.memory is not None:
                days.append(min(one.standing.memory.due_day, one.standing.memory.last_day))
        self._first_day = min(days)
        sections: dict[str, list[Asked]] = {}
        for one in asked:
            sections.setdefault(section_of(one.question), []).append(one)
        for section, those in sections.items():
            by_question = {one.question.id: one for one in those}
            for number, fields in enumerate(fields_of([o.question for o in those], self.media)):
                self._note(f"{section}\n{number}" if number else section, fields, by_question)

    def _note(self, key: str, fields: Fields, asked: dict[str, Asked]) -> None:
        note = self._id(f"note\n{key}")
        question = next(iter(fields.cards.values()))
        tags = [tag.replace(" ", "_") for tag in question.tags]
        if any(asked[q.id].standing.leech for q in fields.cards.values()) and "leech" not in tags:
            tags.append("leech")
        # Anki finds a note again by this.
        guid = hashlib.sha256(f"quiz\n{key}".encode()).hexdigest()[:20]
        first = _stripped(fields.values[0])
        checksum = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        joined = f" {' '.join(tags)} " if tags else ""
        values = "\x1f".join(fields.values)
        self.notes.append(
            (note, guid, fields.type, self.seconds, -1, joined, values, first, checksum, 0, "")
        )
        deck = self._deck(question.deck)
        for number, one in fields.cards.items():
            if one.kind in UNLIKE:
                self.made_readable[one.kind.value] += 1
            self._card(note, deck, number, asked[one.id])

    def _deck(self, path: str) -> int:
        name = path.replace("/", "::") or self.name
        if name not in self.decks:
            self.decks[name] = self._id(f"deck\n{name}")
        return self.decks[name]

    def _card(self, note: int, deck: int, number: int, asked: Asked) -> None:
        card = self._id(f"card\n{asked.question.id}")
        memory, standing = asked.standing.memory, asked.standing
        kind, due, interval, left, data = 0, len(self.cards) + 1, 0, 0, ""
        if memory is not None:
            kind = {State.REVIEW: 2, State.RELEARNING: 3}.get(memory.state, 1)
            interval = max(1, memory.interval) if kind == 2 else 0
            if kind == 2:
                due = (memory.due_day - self._first_day).days
            else:
                due, left = int(memory.due.timestamp()), 1001
            state = {"s": round(memory.stability, 4), "d": round(memory.difficulty, 3)}
            data = json.dumps(state)
        hidden = standing.suspended or asked.question.suspended
        queue = -1 if hidden else {3: 1}.get(kind, kind)
        reps, lapses = (memory.reps, memory.lapses) if memory else (0, 0)
        factor = _FACTOR if kind in (2, 3) else 0
        self.cards.append(
            (
                card, note, deck, number, self.seconds, -1, kind, queue, due, interval, factor,
                reps, lapses, left, 0, 0, 0, data,
            )
        )  # fmt: skip
        self._log(card, asked.log)

    def _log(self, card: int, log: Sequence[tuple[Entry, Memory | None]]) -> None:
        before: Memory | None = None
        last = 0
        for entry, after in log:
            line: tuple[int, int, int, int, int] | None = None
            if isinstance(entry, Review):
                line = _review(entry, before, after)
            elif entry.kind is ActionKind.FORGET:
                line = (0, 0, 0, 0, 4)
            elif entry.kind is ActionKind.SET_DUE:
                days = (date.fromisoformat(entry.value) - entry.day).days
                line = (0, max(0, days), _FACTOR, 0, 4)
            if line is not None:
                ease, interval, factor, duration, kind = line
                self.reviews += ease > 0
                key = (entry.time - _EPOCH) // timedelta(milliseconds=1)
                while key in self.revlog:
                    key += 1
                self.revlog[key] = (key, card, -1, ease, interval, last, factor, duration, kind)
                last = interval
            before = after

    def _id(self, key: str) -> int:
        """An id that follows from `key`, and is taken by nothing else."""
        found = (
            _FIRST_ID + int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") % 10**11
        )
        while found in self._ids:
            found += 1
        self._ids.add(found)
        return found

    def write(self, database: Path) -> None:
        """Write the collection's database."""
        created = int(self.clock.days.start_of(self._first_day).timestamp())
        decks = {"1": schema.deck(1, "Default", self.seconds)}
        for name, key in self._with_parents().items():
            decks[str(key)] = schema.deck(key, name, self.seconds)
        settings: tuple[dict[str, Any], ...] = (
            schema.configuration(self.clock.rollover, self.clock.west),
            schema.note_types(self.seconds),
            decks,
            {"1": schema.deck_options(self.seconds)},
            {},
        )
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.executescript(schema.TABLES)
            connection.execute(
                f"insert into col values ({_marks(13)})",
                (
                    1, created, self.seconds * 1000, self.seconds * 1000, 11, 0, 0, 0,
                    *(json.dumps(one) for one in settings),
                ),
            )  # fmt: skip
            connection.executemany(f"insert into notes values ({_marks(11)})", self.notes)
            connection.executemany(f"insert into cards values ({_marks(18)})", self.cards)
            connection.executemany(f"insert into revlog values ({_marks(9)})", self.revlog.values())

    def _with_parents(self) -> dict[str, int]:
        names = dict(self.decks)
        for name in self.decks:
            parts = name.split("::")
            for depth in range(1, len(parts)):
                above = "::".join(parts[:depth])
                if above not in names:
                    names[above] = self._id(f"deck\n{above}")
        return names


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _stripped(value: str) -> str:
    """A field without its tags, as Anki sorts and compares by it."""
    return html.unescape(re.sub(r"<[^>]*>", "", value)).strip()


def _review(
    review: Review, before: Memory | None, after: Memory | None
) -> tuple[int, int, int, int, int]:
    """Ease, interval, factor, duration and type of a line of the log."""
    ease, duration = int(review.rating), review.duration
    if review.kind is ReviewKind.CRAM:
        return ease, 0, 0, duration, 3
    kind = 0
    if before is not None:
        kind = {State.REVIEW: 1, State.RELEARNING: 2}.get(before.state, 0)
    interval = 0
    if after is not None and after.state is State.REVIEW:
        interval = max(1, (after.due_day - review.day).days)
    elif after is not None:
        interval = -max(1, int((after.due - review.time).total_seconds()))
    return ease, interval, _FACTOR, duration, kind
