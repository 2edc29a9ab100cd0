"""Card files as they were read, and whether that still holds.

A file counts as unchanged by its size and times; where these cannot be trusted, by its content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote

from quiz.deck.config import CollectionConfig
from quiz.deck.files import CardFile
from quiz.deck.parsed import Image, Overview, Parsed, overview_of
from quiz.deck.remarks import Remarks
from quiz.language import _
from quiz.model.finding import Finding

_SETTLED = 2_000_000_000
"""Nanoseconds. A file changed later than this before it was read may have been changed once more
without its times showing it: some file systems count in steps of two seconds."""

Limits = tuple[float, int]
"""The collection's timeout and memory, which its questions take over."""


@dataclass(frozen=True)
class ReadFile:
    """A card file and what was in it when it was read."""

    file: CardFile
    checked: int
    """When its content was last looked at, in nanoseconds since 1970."""
    digest: str
    """Of its content; empty where it could not be read."""
    base: str
    """Of a translation, the digest of the file it was read beside."""
    limits: Limits
    overview: Overview
    source: Callable[[], Parsed] = field(repr=False, compare=False)
    kept: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    """Gives the texts of the file as they are kept, in which quotes and backslashes are escaped."""

    def glance(self) -> str | None:
        """Every text of the file, among other things, without making any of its values.

        Quotes and backslashes are escaped. None where the values are there already, or the texts
        are not.
        """
        if self.kept is None or "parsed" in self.__dict__:
            return None
        try:
            return self.kept()
        except (OSError, ValueError):
            return None

    @cached_property
    def parsed(self) -> Parsed:
        """All of it; read from where it is kept when it is first asked for."""
        return self.source()

    def holds_for(self, file: CardFile) -> bool:
        """Whether `file`, by its size and times, is what was read."""
        if self.file.stamp != file.stamp or not self.digest:
            return False
        return max(file.stamp[1:]) + _SETTLED < self.checked


def read_file(
    file: CardFile, config: CollectionConfig, base: ReadFile | None, known: ReadFile | None
) -> ReadFile:
    """A card file as it is on the disk now; `known` where its content is still that.

    `base` is the file that a translation stands beside.
    """
    limits = (config.timeout, config.memory)
    beside = base.digest if base else ""
    if known and (known.base, known.limits, known.file.shown) != (beside, limits, file.shown):
        known = None
    if known and known.holds_for(file):
        return known
    checked = _now()
    try:
        data = Path(file.path).read_bytes()
    except OSError as error:
        remarks = Remarks(file.shown, ())
        remarks.error(_("cannot be read: {why}").format(why=error.strerror or error))
        parsed = Parsed(None, remarks.findings)
        return ReadFile(file, checked, "", beside, limits, overview_of(parsed), lambda: parsed)
    digest = blake2b(data, digest_size=16).hexdigest()
    if known and known.digest == digest:
        settled = replace(known, file=file, checked=checked)
        # Times in the future will never settle; then there is nothing new to note.
        return settled if settled.holds_for(file) or known.file.stamp != file.stamp else known
    parsed = parse(data, file, config, base)
    drift: tuple[Finding, ...] = ()
    if base is not None:
        from quiz.deck.translations import translate

        drift = translate(base.parsed, parsed, file.shown)[1]
    overview = overview_of(parsed, drift)
    return ReadFile(file, checked, digest, beside, limits, overview, lambda: parsed)


def parse(data: bytes, file: CardFile, config: CollectionConfig, base: ReadFile | None) -> Parsed:
    """What stands in the bytes of a card file."""
    from quiz.deck.parser import parse_concept

    return parse_concept(
        data,
        path=file.shown,
        concept=file.concept,
        config=config,
        base=base.parsed if base else None,
    )


def missing_pictures(read: ReadFile) -> Iterator[Finding]:
    """A warning for every picture of a file that does not exist."""
    for image in read.overview.images:
        target = unquote(image.target)
        if ":" not in target and not _exists(Path(read.file.path).parent / target):
            yield _missing(image, read.file.shown)


def _missing(image: Image, path: str) -> Finding:
    remarks = Remarks(path, [*[""] * (image.line - 1), image.source])
    message = _("no such picture: `{path}`; paths begin at the card's folder")
    remarks.warning(message.format(path=image.target[:80]), image.line, image.column)
    return remarks.findings[0]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _now() -> int:
    from time import time_ns

    return time_ns()
