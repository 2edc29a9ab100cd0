"""Anki packages made by hand: the old layout and the new one, as the programs write them."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

NOW = 1_750_000_000
"""Seconds: when every package here was made."""

BASIC, REVERSED, OPTIONAL, TYPED, CLOZE, ODD = range(1_600_000_000_001, 1_600_000_000_007)
_BACK = "{{FrontSide}}\n\n<hr id=answer>\n\n"
TYPES: dict[int, tuple[str, bool, tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    BASIC: ("Basic", False, ("Front", "Back"), (("{{Front}}", _BACK + "{{Back}}"),)),
    REVERSED: (
        "Basic (and reversed card)",
        False,
        ("Front", "Back"),
        (("{{Front}}", _BACK + "{{Back}}"), ("{{Back}}", _BACK + "{{Front}}")),
    ),
    OPTIONAL: (
        "Basic (optional reversed card)",
        False,
        ("Front", "Back", "Add Reverse"),
        (
            ("{{Front}}", _BACK + "{{Back}}"),
            ("{{#Add Reverse}}{{Back}}{{/Add Reverse}}", _BACK + "{{Front}}"),
        ),
    ),
    TYPED: (
        "Basic (type in the answer)",
        False,
        ("Front", "Back"),
        (("{{Front}}\n\n{{type:Back}}", "{{Front}}\n\n<hr id=answer>\n\n{{type:Back}}"),),
    ),
    CLOZE: (
        "Cloze",
        True,
        ("Text", "Back Extra"),
        (("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}"),),
    ),
    ODD: (
        "Vocabulary",
        False,
        ("Word", "Reading", "Meaning", "Picture"),
        (
            ("{{Word}}<div>{{hint:Reading}}</div>", _BACK + "{{Meaning}}{{Picture}}"),
            ("Which word means {{Meaning}}?", _BACK + "{{Word}}"),
        ),
    ),
}


@dataclass
class Card:
    """One card of a note; `revlog` holds (time ms, ease, interval, factor, duration, type)."""

    number: int = 0
    deck: str = ""
    """Empty: that of the note."""
    queue: int = 0
    home: str = ""
    """The deck it belongs to while it is in a filtered one."""
    revlog: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)


@dataclass
class Note:
    """One note."""

    type: int
    fields: tuple[str, ...]
    deck: str = "Default"
    tags: str = ""
    guid: str = ""
    cards: list[Card] = field(default_factory=lambda: [Card()])


def old_package(
    path: Path,
    notes: list[Note],
    media: Mapping[str, bytes] | None = None,
    *,
    member: str = "collection.anki2",
) -> Path:
    """A package of the layout 11, as `genanki` and all versions of Anki up to 2.1.49 write it."""
    database = path.with_suffix(".making")
    decks, columns = _rows(notes)
    models = {
        str(key): {
            "id": key, "name": name, "type": int(cloze), "mod": NOW, "usn": -1, "sortf": 0,
            "did": 1, "css": "", "latexPre": "", "latexPost": "", "req": [], "tags": [],
            "flds": [{"name": one, "ord": n} for n, one in enumerate(fields)],
            "tmpls": [
                {"name": f"Card {n + 1}", "ord": n, "qfmt": q, "afmt": a, "did": None}
                for n, (q, a) in enumerate(templates)
            ],
        }
        for key, (name, cloze, fields, templates) in TYPES.items()
    }  # fmt: skip
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executescript(_COMMON)
        named = {str(key): {"id": key, "name": name, "dyn": 0} for name, key in decks.items()}
        connection.execute(
            f"insert into col values (1, {NOW}, {NOW}, {NOW}, 11, 0, 0, 0, '', ?, ?, '', '')",
            (json.dumps(models), json.dumps(named)),
        )
        _insert(connection, columns)
    media = media or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, member)
        if member != "collection.anki2":
            archive.writestr("collection.anki2", b"please update")
        archive.writestr("media", json.dumps({str(n): name for n, name in enumerate(media)}))
        for number, data in enumerate(media.values()):
            archive.writestr(str(number), data)
    database.unlink()
    return path


def new_package(path: Path, notes: list[Note], media: Mapping[str, bytes] | None = None) -> Path:
    """A package of the layout 18, compressed with zstd, as Anki writes it today."""
    database = path.with_suffix(".making")
    decks, columns = _rows(notes)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        connection.executescript(_COMMON + _NEW)
        connection.execute(
            f"insert into col values (1, {NOW}, {NOW}, {NOW}, 18, 0, 0, 0, '', '', '', '', '')"
        )
        for name, key in decks.items():
            deck = (key, name.replace("::", "\x1f"), NOW, -1, b"", b"\x0a\x02\x08\x01")
            connection.execute("insert into decks values (?, ?, ?, ?, ?, ?)", deck)
        for key, (name, cloze, fields, templates) in TYPES.items():
            config = _number(1, 1) if cloze else _text(3, ".card {}")
            connection.execute(
                "insert into notetypes values (?, ?, ?, ?, ?)", (key, name, NOW, -1, config)
            )
            for n, one in enumerate(fields):
                connection.execute("insert into fields values (?, ?, ?, ?)", (key, n, one, b""))
            for n, (question, answer) in enumerate(templates):
                config = _text(1, question) + _text(2, answer)
                row = (key, n, f"Card {n + 1}", NOW, -1, config)
                connection.execute("insert into templates values (?, ?, ?, ?, ?, ?)", row)
        _insert(connection, columns)
    compress = zstandard.ZstdCompressor().compress
    media = media or {}
    entries = b"".join(
        _bytes(1, _text(1, name) + _number(2, len(data)) + _bytes(3, b"\0" * 20))
        for name, data in media.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("meta", b"\x08\x03")
        archive.writestr("collection.anki21b", compress(database.read_bytes()))
        archive.writestr("collection.anki2", b"please update")
        archive.writestr("media", compress(entries))
        for number, data in enumerate(media.values()):
            archive.writestr(str(number), compress(data))
    database.unlink()
    return path


_Columns = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]


def _rows(notes: list[Note]) -> tuple[dict[str, int], _Columns]:
    decks = {"Default": 1}
    for note in notes:
        for name in (note.deck, *(n for c in note.cards for n in (c.deck, c.home))):
            if name:
                decks.setdefault(name, 1_500_000_000_000 + len(decks))
    rows: _Columns = ([], [], [])
    for number, note in enumerate(notes):
        key = 1_700_000_000_000 + number
        tags = f" {note.tags} " if note.tags else ""
        guid = note.guid or f"guid{number}"
        values = "\x1f".join(note.fields)
        rows[0].append((key, guid, note.type, NOW, -1, tags, values, note.fields[0], 0, 0, ""))
        for card in note.cards:
            id_ = 1_710_000_000_000 + len(rows[1])
            deck = decks[card.deck or note.deck]
            home = decks[card.home] if card.home else 0
            kind = 2 if card.revlog else 0
            rows[1].append(
                (
                    id_, key, deck, card.number, NOW, -1, kind, card.queue, 1, 1, 2500, 1, 0, 0,
                    0, home, 0, "",
                )
            )  # fmt: skip
            for time, ease, interval, factor, duration, type_ in card.revlog:
                rows[2].append((time, id_, -1, ease, interval, 0, factor, duration, type_))
    return decks, rows


def _insert(connection: sqlite3.Connection, rows: _Columns) -> None:
    for table, those in zip(("notes", "cards", "revlog"), rows, strict=True):
        for row in those:
            marks = ", ".join("?" * len(row))
            connection.execute(f"insert into {table} values ({marks})", row)


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _number(field_: int, value: int) -> bytes:
    return _varint(field_ << 3) + _varint(value)


def _bytes(field_: int, value: bytes) -> bytes:
    return _varint(field_ << 3 | 2) + _varint(len(value)) + value


def _text(field_: int, value: str) -> bytes:
    return _bytes(field_, value.encode())


_COMMON = """
create table col (id integer primary key, crt integer not null, mod integer not null,
  scm integer not null, ver integer not null, dty integer not null, usn integer not null,
  ls integer not null, conf text not null, models text not null, decks text not null,
  dconf text not null, tags text not null);
create table notes (id integer primary key, guid text not null, mid integer not null,
  mod integer not null, usn integer not null, tags text not null, flds text not null,
  sfld integer not null, csum integer not null, flags integer not null, data text not null);
create table cards (id integer primary key, nid integer not null, did integer not null,
  ord integer not null, mod integer not null, usn integer not null, type integer not null,
  queue integer not null, due integer not null, ivl integer not null, factor integer not null,
  reps integer not null, lapses integer not null, left integer not null, odue integer not null,
  odid integer not null, flags integer not null, data text not null);
create table revlog (id integer primary key, cid integer not null, usn integer not null,
  ease integer not null, ivl integer not null, lastIvl integer not null, factor integer not null,
  time integer not null, type integer not null);
create table graves (usn integer not null, oid integer not null, type integer not null);
"""
_NEW = """
create table fields (ntid integer not null, ord integer not null,
  name text not null collate unicase, config blob not null, primary key (ntid, ord)) without rowid;
create unique index idx_fields_name_ntid on fields (name, ntid);
create table templates (ntid integer not null, ord integer not null,
  name text not null collate unicase, mtime_secs integer not null, usn integer not null,
  config blob not null, primary key (ntid, ord)) without rowid;
create table notetypes (id integer not null primary key, name text not null collate unicase,
  mtime_secs integer not null, usn integer not null, config blob not null);
create unique index idx_notetypes_name on notetypes (name);
create table decks (id integer primary key not null, name text not null collate unicase,
  mtime_secs integer not null, usn integer not null, common blob not null, kind blob not null);
create unique index idx_decks_name on decks (name);
create table tags (tag text not null primary key collate unicase, usn integer not null,
  collapsed boolean not null, config blob null) without rowid;
"""
