"""Printing: JSON lines for programs, aligned and coloured text for people, plain text for pipes."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

import click

from quiz.language import _


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that can be shown
    """One line of JSON."""
    click.echo(json.dumps(_jsonable(value), ensure_ascii=False, allow_nan=False))


def print_table(
    rows: Iterable[Sequence[object]], headers: Sequence[str], *, right: Iterable[int] = ()
) -> None:
    """Columns aligned by display width on a terminal; tab-separated lines in a pipe.

    `right` names the columns that are aligned to the right.
    """
    texts = [[_cell(value) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in texts:
            click.echo("\t".join(row))
        return
    widths = [max(_width(cell) for cell in column) for column in zip(headers, *texts, strict=True)]
    aligned_right = set(right)

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (width - _width(cell)) + cell
            if index in aligned_right
            else cell + " " * (width - _width(cell))
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    click.secho(line(headers), bold=True)
    for row in texts:
        click.echo(line(row))


def colour() -> bool | None:
    """False where `$NO_COLOR` asks for none; None: as what is printed to can show it."""
    return False if os.environ.get("NO_COLOR") else None


def print_error(message: str) -> None:
    """A short block on standard error."""
    click.secho(_("error: "), fg="red", bold=True, nl=False, err=True, color=colour())
    click.echo(message, err=True)


def print_note(message: str) -> None:
    """A remark on standard error, so that it never mixes with a command's result."""
    click.secho(_("note: "), fg="yellow", nl=False, err=True, color=colour())
    click.echo(message, err=True)


def print_fields(fields: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(_width(name) for name in fields)
    for name, value in fields.items():
        click.echo(f"{name}{' ' * (width - _width(name))}  {_cell(value)}")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:.2f}"
    text = value.value if isinstance(value, Enum) else value
    return " ".join(str(text).splitlines()).rstrip()


def padded(text: str, width: int) -> str:
    """`text` in at least `width` cells; Korean letters take two each."""
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    # Deferred: the application prints no tables.
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def _jsonable(value: Any) -> Any:  # noqa: ANN401 - anything that can be shown
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: _jsonable(getattr(value, item.name)) for item in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {_key(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_jsonable(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value


def _key(key: object) -> str:
    if isinstance(key, Enum):
        return str(key.value)
    return key.isoformat() if isinstance(key, datetime | date) else str(key)
