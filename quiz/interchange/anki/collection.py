"""An Anki collection as read from its database, of the old layout (11) or the new one (18).

Only tables are read, and only their columns that are needed; the database is opened read-only and
may not do anything but answer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quiz.errors import ImportFormatError, Place
from quiz.interchange.anki import protobuf
from quiz.language import _

_STEPS = 400_000_000
"""Instructions of SQLite's machine for one collection; a real one of a million reviews takes a
twentieth."""


@dataclass(frozen=True, slots=True)
class Template:
    """One card of a note type: HTML with fields in double braces."""

    name: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """What a note is made of, and which cards it makes."""

    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: dict[int, Template]
    """By their number, which a card names."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note."""

    id: int
    guid: str
    type: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a note."""

    id: int
    note: int
    number: int
    """Of its template, or that of its gap less one."""
    deck: int
    """Its home, where it is in a filtered deck at the moment."""
    suspended: bool
    modified: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Revlog:
    """One line of the review history."""

    time: int
    """Milliseconds since 1970; also its id."""
    card: int
    ease: int
    interval: int
    """Days; below 0, seconds."""
    factor: int
    duration: int
    """Milliseconds."""
    type: int
    """0 learning, 1 review, 2 relearning, 3 filtered, 4 by hand, 5 rescheduled."""


@dataclass(frozen=True, slots=True)
class AnkiCollection:
    """All that is imported of a collection."""

    types: dict[int, NoteType]
    decks: dict[int, tuple[str, ...]]
    """Names from the outermost on."""
    notes: tuple[Note, ...]
    cards: dict[int, tuple[Card, ...]]
    """By note, in the order of their numbers."""
    revlog: dict[int, tuple[Revlog, ...]]
    """By card, in the order of time."""


def read_collection(database: Path, shown: Path) -> AnkiCollection:
    """Read a database; errors are said of `shown`, the file that the learner named."""
    try:
        with _opened(database) as connection:
            tables = {
                str(name)
                for (name,) in connection.execute(
                    "select name from sqlite_master where type = 'table'"
                )
            }
            missing = {"col", "notes", "cards", "revlog"} - tables
            if missing:
                said = _("not an Anki collection: it has no table `{name}`")
                raise ImportFormatError(said.format(name=min(missing)), where=Place(str(shown)))
            new = {"notetypes", "fields", "templates", "decks"} <= tables
            types = _new_types(connection) if new else _old_types(connection)
            decks = _new_decks(connection) if new else _old_decks(connection)
            return AnkiCollection(
                types=types,
                decks=decks,
                notes=tuple(_notes(connection)),
                cards=_cards(connection),
                revlog=_revlog(connection),
            )
    except (
        sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, OverflowError,
        RecursionError, UnicodeError,
    ) as error:  # fmt: skip
        said = _("the Anki collection in it cannot be read: {why}").format(why=error)
        raise ImportFormatError(said, where=Place(str(shown))) from error


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{database.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", errors="replace")
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma cell_size_check = on")
        # The new layout sorts names without regard to case by a rule that SQLite does not have.
        connection.create_collation("unicase", _without_case)
        left = _STEPS // 100_000

        def tired() -> int:
            nonlocal left
            left -= 1
            return int(left < 0)

        connection.set_progress_handler(tired, 100_000)
        yield connection


def _without_case(one: str, other: str) -> int:
    left, right = one.casefold(), other.casefold()
    return (left > right) - (left < right)


def _old_types(connection: sqlite3.Connection) -> dict[int, NoteType]:
    (models,) = connection.execute("select models from col").fetchone()
    types = {}
    for key, model in json.loads(models).items():
        fields = sorted(model["flds"], key=lambda field: int(field["ord"]))
        types[int(key)] = NoteType(
            name=str(model["name"]),
            cloze=int(model.get("type", 0)) == 1,
            fields=tuple(str(field["name"]) for field in fields),
            templates={
                int(one["ord"]): Template(str(one["name"]), str(one["qfmt"]), str(one["afmt"]))
                for one in model["tmpls"]
            },
        )
    return types


def _old_decks(connection: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    (decks,) = connection.execute("select decks from col").fetchone()
    return {int(key): _split(str(deck["name"]), "::") for key, deck in json.loads(decks).items()}


def _new_types(connection: sqlite3.Connection) -> dict[int, NoteType]:
    fields: dict[int, list[str]] = {}
    for ntid, name in connection.execute("select ntid, name from fields order by ntid, ord"):
        fields.setdefault(int(ntid), []).append(str(name))
    templates: dict[int, dict[int, Template]] = {}
    query = "select ntid, ord, name, config from templates"
    for ntid, number, name, config in connection.execute(query):
        message = protobuf.read_message(_bytes(config))
        template = Template(str(name), protobuf.text(message, 1), protobuf.text(message, 2))
        templates.setdefault(int(ntid), {})[int(number)] = template
    return {
        int(key): NoteType(
            name=str(name),
            cloze=protobuf.number(protobuf.read_message(_bytes(config)), 1) == 1,
            fields=tuple(fields.get(int(key), ())),
            templates=templates.get(int(key), {}),
        )
        for key, name, config in connection.execute("select id, name, config from notetypes")
    }


def _new_decks(connection: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    rows = connection.execute("select id, name from decks")
    return {int(key): _split(str(name), "\x1f") for key, name in rows}


def _split(name: str, mark: str) -> tuple[str, ...]:
    return tuple(part for part in name.split(mark) if part.strip()) or ("Default",)


def _bytes(value: Any) -> bytes:  # noqa: ANN401 - whatever the database holds
    if not isinstance(value, bytes):
        raise ValueError(_("a setting in it is not as it should be"))
    return value


def _notes(connection: sqlite3.Connection) -> Iterator[Note]:
    query = "select id, guid, mid, tags, flds from notes order by id"
    for key, guid, kind, tags, fields in connection.execute(query):
        yield Note(
            id=int(key),
            guid=str(guid),
            type=int(kind),
            tags=tuple(str(tags).split()),
            fields=tuple(str(fields).split("\x1f")),
        )


def _cards(connection: sqlite3.Connection) -> dict[int, tuple[Card, ...]]:
    cards: dict[int, list[Card]] = {}
    query = "select id, nid, ord, did, odid, queue, mod from cards order by nid, ord"
    for key, note, number, deck, home, queue, modified in connection.execute(query):
        card = Card(
            id=int(key),
            note=int(note),
            number=int(number),
            deck=int(home) or int(deck),
            suspended=int(queue) == -1,
            modified=int(modified),
        )
        cards.setdefault(card.note, []).append(card)
    return {note: tuple(those) for note, those in cards.items()}


def _revlog(connection: sqlite3.Connection) -> dict[int, tuple[Revlog, ...]]:
    found: dict[int, list[Revlog]] = {}
    query = "select id, cid, ease, ivl, factor, time, type from revlog order by id"
    for row in connection.execute(query):
        time, card, ease, interval, factor, duration, kind = (int(value) for value in row)
        entry = Revlog(time, card, ease, interval, factor, duration, kind)
        found.setdefault(card, []).append(entry)
    return {card: tuple(those) for card, those in found.items()}
