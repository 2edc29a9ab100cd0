"""The zip around an Anki collection: which file holds it, and the media, within bounds.

Nothing is ever extracted by a name that the package gives: members are read one by one into
memory, each up to a size, whatever the zip says of itself.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zlib import error as zlib_error

from quiz.errors import ImportFormatError, Place
from quiz.interchange.anki import protobuf
from quiz.interchange.draft import LeftOut
from quiz.language import _

COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""Newest first: a package may hold an older one beside it, for programs that know no other."""

_MEMBERS = 400_000
_COLLECTION_LIMIT = 2 * 1024**3
_MAP_LIMIT = 64 * 1024**2
FILE_LIMIT = 512 * 1024**2
"""Bytes of one media file."""
MEDIA_LIMIT = 8 * 1024**3
"""Bytes of all of them together."""
_CHUNK = 1024 * 1024
_ZSTD = b"\x28\xb5\x2f\xfd"
_SYMLINK = 0o120000


@dataclass(frozen=True, slots=True)
class Package:
    """An open package."""

    path: Path
    archive: zipfile.ZipFile
    collection: str
    """Name of the member that holds the collection."""
    media: dict[str, str]
    """Name of each media file, with the member that holds it."""
    left_out: tuple[LeftOut, ...]

    @property
    def compressed(self) -> bool:
        """Whether members are compressed once more, with zstd."""
        return self.collection == COLLECTIONS[0]

    def copy_collection(self, target: Path) -> None:
        """Write the collection's database to a file."""
        with target.open("wb") as file:
            for chunk in self._chunks(self.collection, _COLLECTION_LIMIT):
                file.write(chunk)

    def media_bytes(self, name: str) -> bytes:
        """One media file."""
        return b"".join(self._chunks(self.media[name], FILE_LIMIT))

    def _chunks(self, member: str, limit: int) -> Iterator[bytes]:
        return read_member(self.path, self.archive, member, limit)


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open `.apkg` or `.colpkg`; `ImportFormatError` for what is none."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ImportFormatError(
            _("not an Anki package: {why}").format(why=reason),
            where=Place(str(path)),
            fix=_("An .apkg or .colpkg is what Anki's own File → Export writes."),
        ) from error
    with archive:
        yield _opened(path, archive)


def _opened(path: Path, archive: zipfile.ZipFile) -> Package:
    members = archive.namelist()
    if len(members) > _MEMBERS:
        said = _("{n} files in it are too many").format(n=len(members))
        raise ImportFormatError(said, where=Place(str(path)))
    found = next((name for name in COLLECTIONS if name in members), None)
    if found is None:
        said = _("not an Anki package: none of {names} is in it")
        raise ImportFormatError(said.format(names=", ".join(COLLECTIONS)), where=Place(str(path)))
    left_out: list[LeftOut] = []
    media: dict[str, str] = {}
    if "media" in members:
        data = b"".join(read_member(path, archive, "media", _MAP_LIMIT))
        try:
            named = _media_map(data)
        except (ValueError, UnicodeDecodeError, RecursionError) as error:
            said = _("the list of media in it cannot be read: {why}").format(why=error)
            raise ImportFormatError(said, where=Place(str(path))) from None
        media = _present(archive, named, left_out)
    return Package(path, archive, found, media, tuple(left_out))


def _media_map(data: bytes) -> dict[str, str]:
    """Member of the zip by the name of each media file."""
    if not data.strip() or data.lstrip()[:1] == b"{":
        named = json.loads(data or b"{}")
        if not all(isinstance(name, str) for name in named.values()):
            raise ValueError(_("a name in it is no text"))
        return {name: member for member, name in named.items()}
    entries = protobuf.read_message(data).get(1, [])
    found = {}
    for index, entry in enumerate(entries):
        if not isinstance(entry, bytes):
            raise ValueError(_("an entry in it is none"))
        message = protobuf.read_message(entry)
        member = protobuf.number(message, 255) if 255 in message else index
        found[protobuf.text(message, 1)] = str(member)
    return found


def _present(
    archive: zipfile.ZipFile, named: dict[str, str], left_out: list[LeftOut]
) -> dict[str, str]:
    """The media files that are there, and are files."""
    infos = {info.filename: info for info in archive.infolist()}
    present: dict[str, str] = {}
    total = 0
    for name, member in named.items():
        info = infos.get(member)
        if not member.isdigit() or info is None:
            continue  # Said where a note refers to it.
        if info.external_attr >> 16 & 0o170000 == _SYMLINK:
            reason = _("a link to another file, not a file")
            left_out.append(LeftOut(_("media {name}").format(name=name), reason))
            continue
        total += info.file_size
        if info.file_size > FILE_LIMIT or total > MEDIA_LIMIT:
            left_out.append(LeftOut(_("media {name}").format(name=name), _("too large")))
            continue
        present[name] = member
    return present


def read_member(path: Path, archive: zipfile.ZipFile, member: str, limit: int) -> Iterator[bytes]:
    """A member in pieces, zstd undone where it begins so; an error beyond `limit` bytes."""
    import zstandard

    size = 0
    try:
        with archive.open(member) as file:
            source: IO[bytes] = file
            compressed = file.peek(4)[:4] == _ZSTD if hasattr(file, "peek") else False
            if compressed:
                # Memory for the window is bounded too: 128 MiB is more than Anki ever asks for.
                decompressor = zstandard.ZstdDecompressor(max_window_size=2**27)
                source = decompressor.stream_reader(file, read_across_frames=True)
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    said = _("`{name}` in it unpacks to more than {most} MiB")
                    raise ImportFormatError(
                        said.format(name=member, most=limit // 1024**2), where=Place(str(path))
                    )
                yield chunk
    except (
        OSError, EOFError, RuntimeError, NotImplementedError, ValueError,
        zipfile.BadZipFile, zlib_error, zstandard.ZstdError,
    ) as error:  # fmt: skip
        said = _("`{name}` in it is damaged: {why}").format(name=member, why=error)
        raise ImportFormatError(said, where=Place(str(path))) from error
