"""`quiz.toml`: what a collection says about itself, with every mistake found in one reading."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import UnionType
from typing import Any

from quiz.deck.remarks import Remarks, instead
from quiz.language import _, mark
from quiz.model.finding import Finding
from quiz.settings import ABOUT

FILE_NAME = "quiz.toml"
ORDERS = ("overdueness", "due", "random", "deck")
"""In which order due reviews are asked."""


@dataclass(frozen=True, slots=True)
class DeckConfig:
    """What one deck does differently; None: as the collection."""

    new_per_day: int | None = None
    reviews_per_day: int | None = None
    desired_retention: float | None = None
    order: str | None = None
    """One of `ORDERS`."""


@dataclass(frozen=True, slots=True)
class CollectionConfig:
    """What `quiz.toml` says; None: nothing, so that the learner's own settings hold."""

    name: str = ""
    """Keys the history; the folder's name where none is given."""
    language: str | None = None
    """Tag of the translation to show (`ko`)."""
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    desired_retention: float | None = None
    timeout: float = 10.0
    """Seconds of wall time for a grade, where a question does not say otherwise."""
    memory: int = 1024
    """MiB for a grade, where a question does not say otherwise."""
    decks: Mapping[str, DeckConfig] = field(default_factory=dict)
    """By the deck's path from the collection's root."""


@dataclass(frozen=True, slots=True)
class ConfigRead:
    """A configuration and what was wrong with its file; wrong entries keep their defaults."""

    config: CollectionConfig
    findings: tuple[Finding, ...] = ()
    lines: tuple[str, ...] = ()
    """The file's."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a key of the configuration must hold."""

    wanted: str
    """In English words, after "must be"; marked for the catalogue."""
    holds: Callable[[object], bool]
    schema: Mapping[str, Any]
    """The same as JSON Schema."""


def _compare(value: object, test: Callable[[Any], bool], kinds: type | UnionType = int) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool) and test(value)


_LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"

_WHOLE = Check(
    mark("a whole number, 0 or more"),
    lambda value: _compare(value, lambda number: number >= 0),
    schema={"type": "integer", "minimum": 0},
)
CHECKS: Mapping[str, Check] = {
    "name": Check(
        mark("a text in quotes"),
        lambda value: isinstance(value, str) and bool(value.strip()),
        schema={"type": "string", "pattern": r"\S"},
    ),
    "language": Check(
        mark('a language tag such as "ko"'),
        lambda value: isinstance(value, str) and bool(re.fullmatch(_LANGUAGE, value)),
        schema={"type": "string", "pattern": f"^{_LANGUAGE}$"},
    ),
    "new_per_day": _WHOLE,
    "reviews_per_day": _WHOLE,
    "desired_retention": Check(
        mark("a number from 0.7 to 0.99"),
        lambda value: _compare(value, lambda number: 0.7 <= number <= 0.99, float),
        schema={"type": "number", "minimum": 0.7, "maximum": 0.99},
    ),
    "timeout": Check(
        mark("a number of seconds above 0"),
        lambda value: _compare(value, lambda number: 0 < number < math.inf, int | float),
        schema={"type": "number", "exclusiveMinimum": 0},
    ),
    "memory": Check(
        mark("a whole number above 0"),
        lambda value: _compare(value, lambda number: number > 0),
        schema={"type": "integer", "minimum": 1},
    ),
    "order": Check(
        mark('one of "overdueness", "due", "random", "deck"'),
        lambda value: value in ORDERS,
        schema={"enum": list(ORDERS)},
    ),
}
"""By key."""

TOP = tuple(item.name for item in fields(CollectionConfig))
"""The keys of the file; `decks` holds tables."""
DECK = tuple(item.name for item in fields(DeckConfig))
"""The keys of a table of `decks`."""


_NAME = re.compile(r"""^[ \t]*name[ \t]*=[ \t]*(["'])(?P<name>[^"'\\\n\ufffd]+)\1""", re.MULTILINE)
"""The name in a file that cannot be read as a whole."""


def read_config(root: Path, *, path: str | None = None) -> ConfigRead:
    """The configuration of the collection at `root`; `path` names its file in findings.

    A missing file is the defaults; nothing is raised, whatever the file holds.
    """
    shown = path if path is not None else str(root / FILE_NAME)
    default = root.resolve().name or "cards"
    try:
        data = (root / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return ConfigRead(CollectionConfig(name=default))
    except OSError as error:
        remarks = Remarks(shown, ())
        why = error.strerror or error
        remarks.error(_("cannot be read: {why}").format(why=why))
        return ConfigRead(CollectionConfig(name=default), remarks.findings)
    return parse_config(data, path=shown, default_name=default)


def parse_config(data: bytes, *, path: str, default_name: str) -> ConfigRead:
    """The same from the bytes of the file."""
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    lines = text.split("\n")
    remarks = Remarks(path, lines)
    if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
        line, column = remarks.find("\ufffd", 0, len(lines))
        remarks.error(_("not UTF-8: save the file as UTF-8"), line, column)
        return ConfigRead(_unread(text, default_name), remarks.findings)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(
            r"\s*\(at line (\d+), column (\d+)\)|\s*\(at end of document\)", str(error)
        )
        at = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), 0)
        reason = str(error)[: found.start()] if found else str(error)[:200]
        message = _("not TOML: {why}").format(why=reason or _("nested too deeply"))
        remarks.error(message, *at)
        return ConfigRead(_unread(text, default_name), remarks.findings)
    decks = table.pop("decks", {})
    values = _values(table, TOP, "", lines, remarks)
    config = CollectionConfig(
        **{"name": default_name, **values}, decks=_decks(decks, lines, remarks)
    )
    return ConfigRead(config, remarks.findings, tuple(lines))


def _unread(text: str, default_name: str) -> CollectionConfig:
    """The defaults under the name the file gives all the same.

    The history is found by the name, and must not seem lost because of a slip beside it.
    """
    named = _NAME.search(text.partition("\n[")[0])
    return CollectionConfig(name=(named and named["name"].strip()) or default_name)


def place_of_deck(deck: str, lines: Sequence[str]) -> int:
    """The line, from 1, of the heading below which the settings of a deck stand."""
    heading = re.compile(r"\s*\[.*\b" + re.escape(deck) + r"/?[\"']?\s*\]")
    return next((at for at, line in enumerate(lines, 1) if heading.match(line)), 0)


def _decks(decks: object, lines: list[str], remarks: Remarks) -> dict[str, DeckConfig]:
    if not isinstance(decks, dict):
        message = _('`decks` holds tables: write [decks."path/of/deck"]')
        remarks.error(message, *_place("decks", lines))
        return {}
    read = {}
    for deck, entries in decks.items():
        if not isinstance(entries, dict):
            where = _place(deck, lines, "decks")
            message = _('write [decks."{deck}"] and its settings below it').format(deck=deck)
            remarks.error(message, *where)
            continue
        read[deck.strip("/")] = DeckConfig(**_values(entries, DECK, deck, lines, remarks))
    return read


def _values(
    table: Mapping[str, Any], known: Sequence[str], deck: str, lines: list[str], remarks: Remarks
) -> dict[str, Any]:
    """The entries of `table` that may be used."""
    values = {}
    for key, value in table.items():
        where = _place(key, lines, deck)
        if key not in known:
            message = _("unknown key `{key}`: {hint}")
            own = key in ABOUT and key not in CHECKS
            hint = _("write it into your own `config.toml`") if own else instead(key, known)
            remarks.error(message.format(key=key, hint=hint), *where)
        elif not CHECKS[key].holds(value):
            message = _("`{key}` must be {wanted}")
            remarks.error(message.format(key=key, wanted=_(CHECKS[key].wanted)), *where)
        else:
            values[key] = float(value) if key == "timeout" else value
    return values


def _place(key: str, lines: list[str], table: str = "") -> tuple[int, int]:
    """Line and column of a key, looked for below the heading of its table."""
    start = 0
    if table:
        heading = re.compile(r"\s*\[.*" + re.escape(table))
        start = next((i for i, line in enumerate(lines) if heading.match(line)), 0)
    pattern = re.compile(r"^(\s*\[?[^=#]*?[\"'.\[]?)" + re.escape(key) + r"\b")
    for index in range(start, len(lines)):
        if found := pattern.match(lines[index]):
            return index + 1, found.end(1) + 1
    return (start + 1 if table else 0), 0
