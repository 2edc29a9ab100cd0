"""`quiz.toml`: what a collection says about itself, with every mistake found in one reading."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from quiz.deck.remarks import Remarks, instead
from quiz.model.finding import Finding

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
    """The settings of a collection, defaults where `quiz.toml` says nothing."""

    name: str = ""
    """Keys the history; the folder's name where none is given."""
    language: str | None = None
    """Tag of the translation to show (`ko`); None: the base files."""
    new_per_day: int = 20
    reviews_per_day: int = 200
    desired_retention: float = 0.90
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


def _whole(value: object) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return "" if good else "a whole number, 0 or more"


def _positive(value: object) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return "" if good else "a whole number above 0"


def _seconds(value: object) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    good = number and 0 < float(value) < float("inf")  # type: ignore[arg-type]
    return "" if good else "a number of seconds above 0"


def _retention(value: object) -> str:
    good = isinstance(value, float) and 0.5 <= value <= 0.99
    return "" if good else "a number from 0.5 to 0.99"


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "a text in quotes"


def _language(value: object) -> str:
    good = isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value)
    return "" if good else 'a language tag such as "ko"'


def _order(value: object) -> str:
    return "" if value in ORDERS else "one of " + ", ".join(f'"{order}"' for order in ORDERS)


_CHECKS: Mapping[str, Callable[[object], str]] = {
    "name": _text,
    "language": _language,
    "new_per_day": _whole,
    "reviews_per_day": _whole,
    "desired_retention": _retention,
    "timeout": _seconds,
    "memory": _positive,
    "order": _order,
}
"""What each key must hold; a check answers with what is wanted, empty when it is satisfied."""

_TOP = [item.name for item in fields(CollectionConfig)]
_DECK = [item.name for item in fields(DeckConfig)]


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
        remarks.error(f"cannot be read: {error.strerror or error}")
        return ConfigRead(CollectionConfig(name=default), remarks.findings)
    return parse_config(data, path=shown, default_name=default)


def parse_config(data: bytes, *, path: str, default_name: str) -> ConfigRead:
    """The same from the bytes of the file."""
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    lines = text.split("\n")
    remarks = Remarks(path, lines)
    if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
        line, column = remarks.find("\ufffd", 0, len(lines))
        remarks.error("not UTF-8: save the file as UTF-8", line, column)
        return ConfigRead(CollectionConfig(name=default_name), remarks.findings)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(
            r"\s*\(at line (\d+), column (\d+)\)|\s*\(at end of document\)", str(error)
        )
        at = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), 0)
        reason = str(error)[: found.start()] if found else str(error)[:200]
        remarks.error(f"not TOML: {reason or 'nested too deeply'}", *at)
        return ConfigRead(CollectionConfig(name=default_name), remarks.findings)
    decks = table.pop("decks", {})
    values = _values(table, _TOP, "", lines, remarks)
    config = CollectionConfig(
        **{"name": default_name, **values}, decks=_decks(decks, lines, remarks)
    )
    return ConfigRead(config, remarks.findings)


def _decks(decks: object, lines: list[str], remarks: Remarks) -> dict[str, DeckConfig]:
    if not isinstance(decks, dict):
        remarks.error('`decks` holds tables: write [decks."path/of/deck"]', *_place("decks", lines))
        return {}
    read = {}
    for deck, entries in decks.items():
        if not isinstance(entries, dict):
            where = _place(deck, lines, "decks")
            remarks.error(f'write [decks."{deck}"] and its settings below it', *where)
            continue
        read[deck.strip("/")] = DeckConfig(**_values(entries, _DECK, deck, lines, remarks))
    return read


def _values(
    table: Mapping[str, Any], known: list[str], deck: str, lines: list[str], remarks: Remarks
) -> dict[str, Any]:
    """The entries of `table` that may be used."""
    values = {}
    for key, value in table.items():
        where = _place(key, lines, deck)
        if key not in known:
            remarks.error(f"unknown key `{key}`: {instead(key, known)}", *where)
        elif wanted := _CHECKS[key](value):
            remarks.error(f"`{key}` must be {wanted}", *where)
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
