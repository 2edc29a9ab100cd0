"""Files of cards that are text: which format they have, and reading them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from quiz.errors import ImportFormatError, Place
from quiz.interchange.draft import MEDIA_FOLDER, Converted, Draft, LeftOut, Section
from quiz.interchange.hashcards import read_hashcards
from quiz.interchange.headings import read_headings
from quiz.interchange.markdown import outside_code, prose
from quiz.interchange.obsidian import read_obsidian
from quiz.interchange.plan import safe_names
from quiz.interchange.table import read_table
from quiz.language import _

PACKAGES = (".apkg", ".colpkg")
TABLES = (".csv", ".tsv", ".txt")
MARKDOWN = (".md", ".markdown")
FORMATS = ("hashcards", "obsidian", "headings")
"""The formats a Markdown file may have."""

_LARGEST = 64 * 1024**2
_LARGEST_PICTURE = 64 * 1024**2
_READERS: dict[str, Callable[[str, str], Converted]] = {
    "hashcards": read_hashcards,
    "obsidian": read_obsidian,
    "headings": read_headings,
}
_PICTURE = re.compile(
    r"(!\[(?:[^\[\]\n]|\[[^\[\]\n]*\]){0,500}\]\()\s*<?([^)>\n]+?)>?((?:\s+\"[^\"\n]*\")?\s*\))"
)
_FILES = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp|mp3|ogg|wav|m4a|flac|mp4|webm)$", re.I)


def read_text(path: Path) -> str:
    """A text file in UTF-8, or `ImportFormatError`."""
    try:
        if path.stat().st_size > _LARGEST:
            said = _("larger than {most} MiB").format(most=_LARGEST // 1024**2)
            raise ImportFormatError(said, where=Place(str(path)))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        said = _("cannot be read: {why}").format(why=error.strerror or error)
        raise ImportFormatError(said, where=Place(str(path))) from error
    except UnicodeDecodeError as error:
        said = _("byte {position} is not UTF-8").format(position=error.start)
        raise ImportFormatError(said, where=Place(str(path)), fix=_("Save it as UTF-8.")) from None


def read_cards(path: Path, format_: str | None = None) -> Converted:
    """The cards of a table or a Markdown file; its format is recognised unless it is given."""
    text = read_text(path)
    if path.suffix.lower() in TABLES and format_ is None:
        return read_table(text, path.name, tabs=path.suffix.lower() == ".tsv")
    chosen = format_ or recognised(text)
    if chosen is None:
        raise ImportFormatError(
            _("no cards were recognised in it"),
            where=Place(str(path)),
            fix=_("Say which format it has: {options}.").format(
                options=", ".join(f"--from {name}" for name in FORMATS)
            ),
        )
    return _with_pictures(_READERS[chosen](text, path.name), path)


def recognised(text: str) -> str | None:
    """Which format a Markdown file has, by what is in it."""
    if re.search(r"^(?:Q:|C:)", text, re.M) and re.search(r"^(?:A:|C:)", text, re.M):
        return "hashcards"
    joined = "\n".join(prose(text))
    marks = (
        r"#flashcards\b", r"<!--SR:", r"^[ \t]*\?\??[ \t]*$", r"(?<=[^\s:])[ \t]?:::?(?!:)[ \t]*\S",
        r"==[^\s=][^=\n]*==",
    )  # fmt: skip
    if any(re.search(mark, joined, re.M) for mark in marks):
        return "obsidian"
    return "headings" if re.search(r"^#{1,6}[ \t]+\S", joined, re.M) else None


def _with_pictures(converted: Converted, path: Path) -> Converted:
    """The pictures that a Markdown file shows from its own folder, taken along."""
    base = path.resolve().parent
    wanted: dict[str, Path] = {}
    left_out: list[LeftOut] = []

    def look(draft: Draft) -> None:
        for text in _texts(draft):
            for found in _PICTURE.finditer(text):
                target = found[2].strip()
                if target in wanted or re.match(r"[a-z][a-z0-9+.-]*:", target, re.I):
                    continue
                file = (base / target).resolve()
                if not file.is_relative_to(base) or not _FILES.search(target):
                    reason = _("the file `{name}` is not in the folder of the cards")
                elif not file.is_file():
                    reason = _("the file `{name}` is missing")
                elif file.stat().st_size > _LARGEST_PICTURE:
                    reason = _("the file `{name}` is too large")
                else:
                    wanted[target] = file
                    continue
                left_out.append(LeftOut(draft.source, reason.format(name=target)))

    for draft in converted.drafts:
        look(draft)
    if not wanted:
        return replace(converted, left_out=(*converted.left_out, *left_out))
    names = safe_names(wanted)
    media = {names[target]: partial(file.read_bytes) for target, file in wanted.items()}
    drafts = tuple(_renamed(draft, names) for draft in converted.drafts)
    return replace(converted, drafts=drafts, left_out=(*converted.left_out, *left_out), media=media)


def _texts(draft: Draft) -> list[str]:
    return [draft.note, *(text for s in draft.sections for text in (s.front, s.back))]


def _renamed(draft: Draft, names: dict[str, str]) -> Draft:
    used: list[str] = []

    def rename(found: re.Match[str]) -> str:
        target = found[2].strip()
        if target not in names:
            return found[0]
        used.append(names[target])
        return f"{found[1]}{MEDIA_FOLDER}/{names[target]}{found[3]}"

    def renamed(text: str) -> str:
        return outside_code(text, lambda piece: _PICTURE.sub(rename, piece))

    sections: list[Section] = [
        replace(s, front=renamed(s.front), back=renamed(s.back)) for s in draft.sections
    ]
    note = renamed(draft.note)
    return replace(draft, note=note, sections=tuple(sections), media=tuple(dict.fromkeys(used)))
