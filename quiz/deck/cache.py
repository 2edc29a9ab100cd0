"""What was read of a collection, kept between runs: a file for each collection and language.

Only a convenience: it is believed as far as its checksums go, written anew when it is not what
this version would write, and never needed. Its content is JSON; nothing in it is ever run.
An open one goes on giving what it held, also when another process has replaced it since.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import weakref
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import IO, Any

import platformdirs

from quiz import __version__
from quiz.deck.codec import SIGNATURE, decode, decode_overview, encode, encode_overview
from quiz.deck.config import CollectionConfig
from quiz.deck.files import CardFile
from quiz.deck.parsed import Overview, Parsed
from quiz.deck.reading import ReadFile, parse
from quiz.language import spoken, wording
from quiz.model.courtesy import give_way

_FORMAT = "quiz cards 2"
_FOOTER = 512
"""Bytes at the end that say where the index stands; texts of the files come first."""
_PORTION = 500
"""Files in a line of the index: what is read or written at once, while no other thread can run."""
_DAMAGE = (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError)
"""What a damaged or foreign file may raise while it is made sense of."""


@dataclass(frozen=True, slots=True)
class _Body:
    """Where a file's content stands, and its checksum."""

    start: int
    length: int
    checksum: int


class Cache:
    """The files of one collection as they were read in an earlier run."""

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self._key = key
        self._lock = threading.Lock()
        self._file = -1
        self._index: dict[str, list[Any]] = {}
        with suppress(*_DAMAGE):
            self._open()

    @classmethod
    def of(cls, root: Path, config: CollectionConfig) -> Cache:
        """The cache of the collection at `root`; an empty one where there is none to be used."""
        place = blake2b(os.fsencode(os.path.realpath(root)), digest_size=12).hexdigest()
        folder = Path(platformdirs.user_cache_dir("quiz", appauthor=False))
        return cls(folder / f"{place}.{spoken()}.cards", _key(config))

    @property
    def size(self) -> int:
        """How many files are in it."""
        return len(self._index)

    def files(
        self, found: Iterable[CardFile], root: Path, config: CollectionConfig
    ) -> dict[str, ReadFile]:
        """Those of the `found` files that are in it, by path."""
        known: dict[str, ReadFile] = {}
        bases: dict[str, ReadFile] = {}
        start = len(str(root)) + 1
        for file in found:
            name = file.path[start:]
            if name not in self._index:
                continue
            base = bases.get(file.concept) if file.language is not None else None
            try:
                known[file.path] = read = self._read(self._index[name], file, base, config)
            except _DAMAGE:
                del self._index[name]
                continue
            if file.language is None:
                bases[file.concept] = read
        return known

    def _read(
        self, entry: list[Any], file: CardFile, base: ReadFile | None, config: CollectionConfig
    ) -> ReadFile:
        (size, mtime, ctime, checked), digest, beside, body, rest = entry
        overview = decode_overview(rest, file.shown, file.concept)
        seen = file
        if file.stamp != (size, mtime, ctime):
            stamp = (int(size), int(mtime), int(ctime))
            seen = CardFile(file.path, file.shown, file.concept, file.language, stamp)
        place = _Body(*body)
        source = partial(self._parsed, place, overview, file, base, config)
        limits = (config.timeout, config.memory)
        kept = partial(self._glance, place)
        return ReadFile(
            seen, int(checked), str(digest), str(beside), limits, overview, source, kept
        )

    def save(self, files: Iterable[ReadFile], root: Path) -> None:
        """Put these in the place of what is kept. A failure is no harm, and not told."""
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".", suffix=".part")
            try:
                with os.fdopen(handle, "wb") as out:
                    self._write(files, str(root), out)
                Path(name).replace(self.path)
            except BaseException:
                Path(name).unlink()
                raise

    def _write(self, files: Iterable[ReadFile], root: str, out: IO[bytes]) -> None:
        index: dict[str, list[Any]] = {}
        at = 0
        for read in files:
            give_way()
            if not read.digest:
                continue
            path = read.file.path[len(root) + 1 :]
            text, overview = self._again(read, path)
            body = [at, len(text), zlib.crc32(text)]
            times = [*read.file.stamp, read.checked]
            index[path] = [times, read.digest, read.base, body, overview]
            out.write(text)
            at += len(text)
        table = b"\n".join(_lines(index))
        footer = json.dumps([_FORMAT, self._key, at, len(table), zlib.crc32(table)]).encode()
        out.write(table + footer.ljust(_FOOTER))

    def _again(self, read: ReadFile, path: str) -> tuple[bytes, list[Any]]:
        """What to write of a file: as it is kept already, where that still holds."""
        entry = self._index.get(path)
        if entry and entry[1:3] == [read.digest, read.base]:
            with suppress(*_DAMAGE):
                return self._text(_Body(*entry[3])), entry[4]
        return encode(read.parsed), encode_overview(read.overview, read.file.concept)

    def _open(self) -> None:
        # Kept open: its texts are read when they are asked for, by any thread.
        self._file = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        end = os.fstat(self._file).st_size - _FOOTER
        form, key, start, length, checksum = json.loads(self._bytes(end, _FOOTER))
        if (form, key, start + length) != (_FORMAT, self._key, end):
            raise ValueError("not what this version writes")
        table = self._bytes(start, length)
        if zlib.crc32(table) != checksum:
            raise ValueError("damaged")
        index: dict[str, list[Any]] = {}
        for line in table.splitlines():
            index.update(json.loads(line))
        self._index = index

    def _bytes(self, start: int, length: int) -> bytes:
        with self._lock:
            os.lseek(self._file, start, os.SEEK_SET)
            return os.read(self._file, length)

    def _text(self, body: _Body) -> bytes:
        give_way()
        text = self._bytes(body.start, body.length)
        if zlib.crc32(text) != body.checksum:
            raise ValueError("damaged")
        return text

    def _glance(self, body: _Body) -> str:
        # As JSON it is ASCII with `\uXXXX` for the rest.
        return self._text(body).decode("raw_unicode_escape")

    def _parsed(
        self,
        body: _Body,
        overview: Overview,
        file: CardFile,
        base: ReadFile | None,
        config: CollectionConfig,
    ) -> Parsed:
        with suppress(*_DAMAGE):
            return decode(self._text(body), overview, file.shown, file.concept)
        try:
            return parse(Path(file.path).read_bytes(), file, config, base)
        except OSError:
            return Parsed(None, overview.findings)


def _lines(index: dict[str, list[Any]]) -> Iterator[bytes]:
    files = iter(index.items())
    while portion := dict(islice(files, _PORTION)):
        yield json.dumps(portion, separators=(",", ":")).encode()


def _key(config: CollectionConfig) -> str:
    """Changes with whatever decides how a file is read."""
    parts = [__version__, SIGNATURE, repr(sys.version_info[:3]), config.timeout, config.memory]
    parts.append(wording())  # findings are kept in words
    for package in ("quiz.deck", "markdown_it", "yaml"):
        spec = find_spec(package)
        for folder in spec.submodule_search_locations or () if spec else ():
            with os.scandir(folder) as scan:
                parts += sorted(
                    (one.name, one.stat().st_size, one.stat().st_mtime_ns)
                    for one in scan
                    if one.name.endswith(".py")
                )
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()
