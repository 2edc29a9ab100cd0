"""Which files of a folder are cards: names, ignore rules, translations, symbolic links."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.deck.remarks import Remarks
from quiz.language import _
from quiz.model.finding import Finding

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_SUFFIX = ".md"
_OTHERWISE = (".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd")
"""Other endings of Markdown files."""
_CONTROL = re.compile(r"[\x00-\x1f]")
_TRANSLATION = re.compile(r"(.+)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")


Stamp = tuple[int, int, int]
"""Size in bytes; when the content, and when the file's entry was last changed, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class CardFile:
    """One file that holds a concept, or the translation of one."""

    path: str
    """As the file system knows it."""
    shown: str
    """As findings call it: relative to the working folder where that is shorter."""
    concept: str
    """Id of the concept; of a translation, that of its base."""
    language: str | None
    """Of a translation."""
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Found:
    """What a walk through a collection's folder gave."""

    files: tuple[CardFile, ...]
    """In the order of the decks; a translation behind its base."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    parts: tuple[str, ...]
    """Names from the root, the last without its suffix."""
    path: str
    shown: str
    stamp: Stamp


def find_concepts(root: Path) -> list[Path]:
    """The concept files below `root` in the order of the decks, without their translations."""
    return [Path(file.path) for file in find_files(root).files if file.language is None]


def base_of(path: Path) -> Path:
    """The card that a translation stands beside; of any other card, itself."""
    named = _TRANSLATION.fullmatch(path.name.removesuffix(_SUFFIX))
    base = path.with_name(f"{named[1]}{_SUFFIX}") if named else path
    return base if base.is_file() else path


def find_files(root: Path) -> Found:
    """Every card file below `root`; folders that cannot be read are findings."""
    findings: list[Finding] = []
    prefix = shown_path(root)
    raw = sorted(_walk(str(root), prefix, findings), key=lambda one: (one.parts, one.path))
    names = {one.parts for one in raw}
    files: dict[tuple[str, str], CardFile] = {}
    for one in raw:
        shown, parts, language = one.shown, one.parts, None
        translated = _TRANSLATION.fullmatch(parts[-1]) if "." in parts[-1] else None
        if translated and (*parts[:-1], translated[1]) in names:
            parts, language = (*parts[:-1], translated[1]), translated[2]
        concept = "/".join(parts)
        key = (concept, language or "")
        if problem := _problem(concept, files.get(key)):
            remarks = Remarks(_legible(shown), ())
            remarks.error(problem)
            findings += remarks.findings
            continue
        files[key] = CardFile(one.path, shown, concept, language, one.stamp)
    order = sorted(files, key=lambda key: (key[0].split("/"), key[1]))
    return Found(tuple(files[key] for key in order), tuple(findings))


def _problem(concept: str, other: CardFile | None) -> str:
    """Why a file cannot be the concept its name makes it; empty when it can."""
    if "#" in concept or _CONTROL.search(concept):
        return _("the name of a card file or deck may hold no `#` and no control sign: rename it")
    if _legible(concept) != concept:
        return _("the name of this card file, or of a deck around it, is not UTF-8: rename it")
    if other is not None:
        return _("the same concept as {file}: rename one of them").format(file=other.shown)
    return ""


def obstacle(root: Path, concept: str) -> str:
    """Why a file of that concept below `root` would not be read as a card; empty: it would be."""
    if said := _problem(concept, None):
        return said
    parts = concept.split("/")
    names = (*parts[:-1], parts[-1] + _SUFFIX)
    if names[-1] in _readme({names[-1], "README.md"}):
        return _("a file of this name is about its folder, and never a card: name it otherwise")
    ignores: list[tuple[int, GitIgnoreSpec]] = []
    for depth in range(len(names)):
        with suppress(FileNotFoundError), os.scandir(root.joinpath(*names[:depth])) as scan:
            own = (entry for entry in scan if entry.name == ".gitignore")
            ignores += (one for entry in own for one in _read_ignores(entry, depth, "", []))
        if _ignored(names[: depth + 1], depth < len(names) - 1, ignores):
            return _("`.gitignore` excludes a card of this name: name it otherwise")
    return ""


def _legible(name: str) -> str:
    """A name that can be printed; the system gives bytes that are no text as lone surrogates."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def shown_path(path: Path) -> str:
    """`path` relative to the working folder where that is shorter."""
    absolute = os.path.abspath(path)  # noqa: PTH100 - links in the path stay as they were typed
    try:
        relative = os.path.relpath(absolute)
    except (ValueError, OSError):
        return absolute
    return relative if len(relative) < len(absolute) else absolute


def _join(prefix: str, relative: str) -> str:
    return relative if prefix == "." else f"{prefix}{os.sep}{relative}"


@dataclass(frozen=True, slots=True)
class _Folder:
    path: str
    parts: tuple[str, ...]
    ignores: tuple[tuple[int, GitIgnoreSpec], ...]
    """Ignore rules above it and its own, each with the depth of the folder they stand in."""


def _walk(root: str, prefix: str, findings: list[Finding]) -> Iterator[_Raw]:
    seen = {os.path.realpath(root)}
    folders = [_Folder(root, (), ())]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder.path) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            _unreadable(_join(prefix, "/".join(folder.parts)), error, findings)
            continue
        ignores = folder.ignores
        own = next((entry for entry in entries if entry.name == ".gitignore"), None)
        if own is not None:
            ignores = (*ignores, *_read_ignores(own, len(folder.parts), prefix, findings))
        readme = _readme({entry.name for entry in entries})
        for entry in entries:
            if entry.name.startswith((".", "_")):
                continue
            names = (*folder.parts, entry.name)
            is_folder = _is_folder(entry)
            is_card = is_folder or entry.name.endswith(_SUFFIX)
            if entry.name in readme or not (is_card or _is_otherwise(entry.name)):
                continue
            if ignores and _ignored(names, is_folder, ignores):
                continue
            if not is_card:
                remarks = Remarks(_join(prefix, "/".join(names)), ())
                remarks.warning(_("is not read: the name of a card file ends in `.md`"))
                findings += remarks.findings
                continue
            if is_folder:
                # Only a link can lead back to where the walk has been.
                real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
                if entry.is_symlink() and (real in seen or _holds(real, folder.path)):
                    continue
                seen.add(real)
                folders.append(_Folder(entry.path, names, ignores))
            elif _is_special(entry):
                remarks = Remarks(_join(prefix, "/".join(names)), ())
                remarks.error(_("is no file that can be read: rename it, or take it away"))
                findings += remarks.findings
            elif entry.name != _SUFFIX:
                yield _raw(entry, names, prefix)


def _is_otherwise(name: str) -> bool:
    """Whether a file is Markdown by a name that no card has, such as `CARD.MD`."""
    stem, dot, ending = name.lower().rpartition(".")
    return dot + ending in (_SUFFIX, *_OTHERWISE) and stem != "readme"


def _readme(names: set[str]) -> set[str]:
    """Which of a folder's files are about it: `README.md`, and what translates that."""
    if "README.md" not in names:
        return set()
    translated = {name for name in names if name.startswith("README.") and language_of(name)}
    return {"README.md", *translated}


def language_of(name: str) -> str:
    """The language that a card file's name says its text is in; empty: none."""
    named = _TRANSLATION.fullmatch(name.removesuffix(_SUFFIX))
    return named[2] if named else ""


def _holds(folder: str, path: str) -> bool:
    """Whether `path` lies in `folder`, so that a link from there to it is a loop."""
    real = os.path.realpath(path)
    return real == folder or real.startswith(folder + os.sep)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_special(entry: os.DirEntry[str]) -> bool:
    """Whether it is a pipe, a device or the like: reading it might never end."""
    try:
        return not stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return False  # a link that leads nowhere, which reading it will say


def _raw(entry: os.DirEntry[str], names: tuple[str, ...], prefix: str) -> _Raw:
    last = names[-1].removesuffix(_SUFFIX)
    parts = tuple(
        name if name.isascii() else unicodedata.normalize("NFC", name)
        for name in (*names[:-1], last)
    )
    return _Raw(parts, entry.path, _join(prefix, "/".join(names)), stamp_of(entry))


def stamp_of(file: os.DirEntry[str] | str) -> Stamp:
    """What tells whether a file was saved; one that is not there has a stamp of its own."""
    try:
        status = os.stat(file) if isinstance(file, str) else file.stat()  # noqa: PTH116 - often
    except OSError:
        return -1, -1, -1
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _read_ignores(
    entry: os.DirEntry[str], depth: int, prefix: str, findings: list[Finding]
) -> Iterator[tuple[int, GitIgnoreSpec]]:
    from pathspec import GitIgnoreSpec

    try:
        lines = Path(entry.path).read_text("utf-8", errors="replace").splitlines()
        yield depth, GitIgnoreSpec.from_lines(lines)
    except (OSError, ValueError) as error:
        _unreadable(_join(prefix, entry.name), error, findings)


def _ignored(
    names: Sequence[str], is_folder: bool, ignores: Sequence[tuple[int, GitIgnoreSpec]]
) -> bool:
    """Whether git would ignore it: the deepest rules that say anything decide."""
    for depth, spec in reversed(ignores):
        path = "/".join(names[depth:]) + ("/" if is_folder else "")
        verdict = spec.check_file(path).include
        if verdict is not None:
            return verdict
    return False


def _unreadable(shown: str, error: Exception, findings: list[Finding]) -> None:
    remarks = Remarks(shown, ())
    reason = getattr(error, "strerror", None) or str(error)
    remarks.error(_("cannot be read: {why}").format(why=reason))
    findings += remarks.findings
