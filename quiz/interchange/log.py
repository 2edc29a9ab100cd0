"""Review logs in and out: JSON lines, or CSV where the file's name ends in `.csv` (`.tsv`: in).

A record needs `card` (the question's id), `rating` (1 to 4) and `time` (ISO 8601 with offset or
`Z`); `duration` (milliseconds) and the other fields of a `Review` are optional, and unknown fields
are passed over. The names of py-fsrs (`card_id`, `review_rating`, `review_time`,
`review_duration`) are accepted too. Every record is checked, and everything wrong is reported;
what is done about a file with problems is the caller's decision.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO

from quiz.errors import ImportFormatError, Place, QuizError
from quiz.interchange.record import ALIASES, COLUMNS, DayOf, Wrong, fields_of, review_of
from quiz.interchange.table import separator
from quiz.language import _
from quiz.model.review import Review

_QUOTED = 120
"""Characters of a bad line that are quoted."""
_LONGEST_FIELD = 2**31 - 1


@dataclass(frozen=True, slots=True)
class LogProblem:
    """What is wrong with one record."""

    place: Place
    message: str
    source: str = ""
    """The beginning of the line, quoted."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log as read: what can be used, and what cannot and why."""

    reviews: tuple[Review, ...]
    """In the order of the file."""
    problems: tuple[LogProblem, ...]
    """Each record with a problem is missing from `reviews`."""


def read_log(path: Path, *, day_of: DayOf) -> LogFile:
    """Read a whole log; `ImportFormatError` where the file cannot be read at all.

    A record without an `id` gets one that follows from its content, so that reading the same file
    again gives the same ids. `day_of` gives the study day of a record without a `day`.
    """
    reviews: dict[str, Review] = {}
    problems: list[LogProblem] = []
    for found in scan_log(path, day_of=day_of):
        if isinstance(found, LogProblem):
            problems.append(found)
            continue
        place, review = found
        if reviews.setdefault(review.id, review) != review:
            said = _("the id {id} stands on an earlier, different record").format(id=review.id)
            problems.append(LogProblem(place, said))
    return LogFile(tuple(reviews.values()), tuple(problems))


def scan_log(path: Path, *, day_of: DayOf) -> Iterator[tuple[Place, Review] | LogProblem]:
    """The records of a log one after another, good and bad, without holding the file in memory."""
    records = _csv_records if path.suffix.lower() in (".csv", ".tsv") else _json_records
    try:
        # Bytes that are not UTF-8 become lone surrogates, which are refused field by field.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            for record in records(file, str(path)):
                if isinstance(record, LogProblem):
                    yield record
                    continue
                review = review_of(record.fields, day_of)
                if isinstance(review, Review):
                    yield record.place, review
                    continue
                yield from _problems(record, review)
    except OSError as error:
        said = _("cannot be read: {why}").format(why=error.strerror or error)
        raise ImportFormatError(said, where=Place(str(path))) from error


def write_log(reviews: Iterable[Review], path: Path) -> int:
    """Write a log that reads back exactly; how many reviews it holds.

    The file appears when it is complete; one that stood there before stays until then.
    """
    partial = path.with_name(f"{path.name}.partial")
    write = _write_csv if path.suffix.lower() == ".csv" else _write_json
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            count = write(reviews, file)
        partial.replace(path)
    except OSError as error:
        said = _("cannot be written: {why}").format(why=error.strerror or error)
        raise QuizError(said, where=Place(str(path))) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return count


@dataclass(frozen=True, slots=True)
class _Record:
    """One record as the file has it."""

    fields: Mapping[str, object]
    place: Place
    source: str
    column_of: Callable[[str], int]
    """Where a field stands, from 1."""


def _problems(record: _Record, wrongs: Iterable[Wrong]) -> list[LogProblem]:
    found = [
        LogProblem(
            replace(record.place, column=record.column_of(wrong.field)),
            wrong.message,
            record.source,
        )
        for wrong in wrongs
    ]
    return sorted(found, key=lambda problem: problem.place)


def _quoted(line: str) -> str:
    """The beginning of a line, safe to show on a terminal."""
    shown = line.strip()[:_QUOTED].replace("\t", " ")
    return "".join(character if character.isprintable() else "\ufffd" for character in shown)


# JSON lines


def _json_records(file: IO[str], path: str) -> Iterator[_Record | LogProblem]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        source = _quoted(line)
        try:
            fields = json.loads(line)
        except json.JSONDecodeError as error:
            message = _("not JSON: {why}").format(why=error.msg)
            yield LogProblem(Place(path, number, error.colno), message, source)
        except (ValueError, RecursionError):
            yield LogProblem(Place(path, number, 1), _("not JSON that can be read"), source)
        else:
            if isinstance(fields, dict):
                yield _Record(fields, Place(path, number), source, _JsonColumns(line))
            else:
                example = '{"card": …, "rating": …, "time": …}'
                message = _("not an object: write {example}").format(example=example)
                yield LogProblem(Place(path, number, 1), message, source)


@dataclass(frozen=True, slots=True)
class _JsonColumns:
    """Where in a line a field stands."""

    line: str

    def __call__(self, name: str) -> int:
        found = re.search(rf'"{re.escape(name)}"\s*:', self.line)
        return found.start() + 1 if found else 1


def _write_json(reviews: Iterable[Review], file: IO[str]) -> int:
    count = 0
    for review in reviews:
        count += 1
        fields = {k: v for k, v in fields_of(review).items() if v not in (None, "")}
        file.write(json.dumps(fields, ensure_ascii=False) + "\n")
    return count


# CSV


def _csv_records(file: IO[str], path: str) -> Iterator[_Record | LogProblem]:
    csv.field_size_limit(_LONGEST_FIELD)
    lines = _Remembering(file)
    parted_by = separator(lines.first())
    reader = csv.reader(lines, strict=True, delimiter=parted_by)
    header: list[str] | None = None
    while True:
        begin = reader.line_num + 1
        lines.taken.clear()
        try:
            row = next(reader, None)
        except csv.Error as error:
            message = _("not CSV: {why}").format(why=error)
            yield LogProblem(Place(path, begin, 1), message, lines.source)
            continue
        if row is None:
            return
        if header is None:
            header = [name.strip() for name in row]
            if lacking := [n for n in ("card", "rating", "time") if not _named(n, header)]:
                message = _("the header must name {fields}").format(fields=", ".join(lacking))
                yield LogProblem(Place(path, begin, 1), message, lines.source)
                return
        elif len(row) not in (0, len(header)):
            message = _("{n} fields, but the header names {named}")
            message = message.format(n=len(row), named=len(header))
            yield LogProblem(Place(path, begin, 1), message, lines.source)
        elif row:
            fields = {name: value or None for name, value in zip(header, row, strict=True)}
            columns = _CsvColumns(tuple(header), "".join(lines.taken), parted_by)
            yield _Record(fields, Place(path, begin), lines.source, columns)


def _named(name: str, header: list[str]) -> bool:
    return name in header or ALIASES[name] in header


class _Remembering:
    """Hands on the lines of a file, and keeps those of the record at hand."""

    def __init__(self, file: IO[str]) -> None:
        self.taken: list[str] = []
        self._file = file
        self._first = ""

    def first(self) -> str:
        """The first line of all, before any is handed on."""
        self._first = self._file.readline()
        return self._first

    def __iter__(self) -> Iterator[str]:
        for line in chain([self._first] if self._first else [], self._file):
            self.taken.append(line)
            yield line

    @property
    def source(self) -> str:
        return _quoted("".join(self.taken[:1]))


@dataclass(frozen=True, slots=True)
class _CsvColumns:
    """Where in a record a field begins; the first column where a line break lies before it."""

    header: tuple[str, ...]
    record: str
    parted_by: str

    def __call__(self, name: str) -> int:
        wanted = self.header.index(name) if name in self.header else 0
        quoted = False
        for index, character in enumerate(self.record):
            if wanted == 0:
                return index + 1
            if character == '"':
                quoted = not quoted
            elif character in "\r\n":
                return 1
            elif character == self.parted_by and not quoted:
                wanted -= 1
        return len(self.record.rstrip("\r\n")) + 1


def _write_csv(reviews: Iterable[Review], file: IO[str]) -> int:
    # With the usual line end, a lone carriage return in a field is quoted too.
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    count = 0
    for review in reviews:
        count += 1
        writer.writerow(fields_of(review))
    return count
