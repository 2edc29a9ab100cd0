"""New cards: a draft from a template, checked before it becomes a file of the collection."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from quiz.deck import templates
from quiz.deck.config import read_config
from quiz.deck.files import obstacle, shown_path
from quiz.deck.parser import parse_concept
from quiz.deck.saving import read_text, write_text
from quiz.errors import CardError, Place
from quiz.language import _
from quiz.model.finding import Finding
from quiz.model.question import Kind


@dataclass(frozen=True, slots=True)
class Draft:
    """A card file as it is to be edited."""

    path: Path
    """Where it will be saved."""
    concept: str
    text: str
    line: int
    """Of the new question, from 1."""
    stored: str | None
    """The file as it was then, sign for sign; None: there was none."""


def draft(root: Path, concept: str, kind: Kind) -> Draft:
    """The file of `concept` with a new question from a template; the file need not exist yet.

    Line ends are those of the file. Raises `CardError` for a name that is no card of the collection
    at `root`.
    """
    name = unicodedata.normalize("NFC", concept.strip().removesuffix(".md").strip("/"))
    parts = name.split("/")
    if not name or any(part in ("", ".", "..") or part[0] in "._" for part in parts):
        raise CardError(
            _("`{name}` is no name for a card").format(name=concept),
            fix=_("Write deck/name, without parts that begin with `.` or `_`."),
        )
    path = root / f"{name}.md"
    if why := obstacle(root, name):
        raise CardError(why, where=Place(shown_path(path)))
    added = templates.question(kind)
    stored = _stored(path)
    existing = stored or ""
    if existing.strip("\ufeff \t\r\n"):
        newline = "\r\n" if "\r\n" in existing else "\n"
        lines = (existing.rstrip(), "", *added.split("\n"))
        text = newline.join(lines)
    else:
        text = templates.concept(parts[-1].replace("-", " ").replace("_", " "), kind)
    line = text.count("\n", 0, text.rindex(added.splitlines()[0])) + 1
    return Draft(path, name, text, line, stored)


def problems(root: Path, draft: Draft, text: str) -> tuple[Finding, ...]:
    """What is wrong with `text` as the file of `draft`."""
    config = read_config(root).config
    data = text.encode("utf-8", errors="surrogatepass")
    parsed = parse_concept(data, path=str(draft.path), concept=draft.concept, config=config)
    return parsed.findings


def save(draft: Draft, text: str) -> None:
    """Put `text` in the place of the file, whole or not at all.

    Raises `CardError` where the file is not what it was when the draft was made; `text` is kept.
    """
    if _stored(draft.path) != draft.stored:
        raise CardError(
            _("the file was changed by another program since it was opened here"),
            where=Place(shown_path(draft.path)),
            fix=_("What you wrote is kept in {path}.").format(path=keep(draft, text)),
        )
    write_text(draft.path, text)


def keep(draft: Draft, text: str) -> Path:
    """Put text that is not saved beside its card, over nothing that is kept already: where."""
    name = draft.path.name
    names = chain([f"_{name}.draft"], (f"_{name}.{number}.draft" for number in count(2)))
    path = next(path for path in map(draft.path.with_name, names) if not path.exists())
    write_text(path, text)
    return path


def _stored(path: Path) -> str | None:
    return read_text(path) if path.exists() else None


def create_collection(folder: Path) -> list[Path]:
    """Make a new collection in an empty or new folder; the files that were written.

    Raises `CardError` where the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CardError(
            _("is there already, and not an empty folder"),
            where=Place(str(folder)),
            fix=_("Name a new folder; cards can be moved into it afterwards."),
        )
    files: Mapping[str, str] = templates.collection(folder.resolve().name)
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        said = _("cannot be written: {why}").format(why=error.strerror)
        raise CardError(said, where=Place(str(folder))) from error
    return [folder / name for name in files]


def use_folder(folder: Path) -> Path:
    """The whole path of a collection's folder; one that is new or empty is filled with examples.

    Raises `CardError` for what cannot hold cards.
    """
    whole = folder.expanduser().absolute()
    if not whole.is_dir() or not any(whole.iterdir()):
        create_collection(whole)
    return whole
