"""Two folders of cards under one name, which is one history: their questions are told apart.

What stands in the other folder is not gone, and no history leaves it; that they share one is told.
A clone, a work tree or a later version of the same cards is no other folder in this sense: its
questions are the same ones, or are known again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quiz.deck.collection import Collection, load
from quiz.deck.files import shown_path
from quiz.errors import QuizError
from quiz.language import _
from quiz.store.history import History

_FOLDERS = "folders"
"""Name of the fact that says which folders of cards have used this history."""
_APART = "folders-apart"
"""Name of the fact that says which of them hold other cards than each other, in pairs."""
_REMEMBERED = 16
_SAME = 5
"""One in so many questions that are the same, or known again, make two folders the same cards."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another folder of the same name that has used this history, and is still there."""

    folder: str
    collection: Collection

    @property
    def concepts(self) -> set[str]:
        return {entry.concept for entry in self.collection.entries}

    def is_apart(self, here: Collection, moves: Sequence[tuple[str, str]]) -> bool:
        """Whether it holds other cards than `here`, where `moves` are the questions known again."""
        ours, theirs = _questions(here), _questions(self.collection)
        same = len(ours & theirs) + sum(old in theirs for old, _new in moves)
        return same * _SAME < min(len(ours), len(theirs))


def neighbours(collection: Collection, history: History) -> list[Neighbour]:
    """Every folder that may have to be told apart from `collection`."""
    found = []
    for folder in json.loads(history.meta(_FOLDERS) or "[]"):
        if folder == _path(collection) or not Path(folder).is_dir():
            continue
        try:
            other = load(Path(folder))
        except QuizError:
            continue
        if other.config.name == collection.config.name:
            found.append(Neighbour(folder, other))
    return found


def known_apart(collection: Collection, history: History) -> list[Neighbour]:
    """Those that are known to hold other cards."""
    names = set(_apart_from(collection, history))
    return [one for one in neighbours(collection, history) if one.folder in names] if names else []


def note(collection: Collection, history: History, apart: Sequence[Neighbour]) -> None:
    """Remember that these cards use this history, and from which folders they are apart."""
    here = _path(collection)
    folders = json.loads(history.meta(_FOLDERS) or "[]")
    if here not in folders:
        history.set_meta(_FOLDERS, json.dumps([here, *folders][:_REMEMBERED]))
    known = set(_apart_from(collection, history))
    if fresh := [[here, one.folder] for one in apart if one.folder not in known]:
        pairs = json.loads(history.meta(_APART) or "[]")
        history.set_meta(_APART, json.dumps([*fresh, *pairs][: _REMEMBERED**2]))


def notice(name: str, apart: Sequence[Neighbour]) -> str:
    """What to do about folders apart that are all called `name`."""
    said = _(
        "{folder} holds other cards and is called `{name}` too, so that both have one history: "
        'write another name into `quiz.toml`, as in `name = "{name}-2"`'
    )
    return said.format(folder=shown_path(Path(apart[0].folder)), name=name)


def _apart_from(collection: Collection, history: History) -> Iterator[str]:
    here = _path(collection)
    for pair in json.loads(history.meta(_APART) or "[]"):
        if here in pair:
            yield from (one for one in pair if one != here)


def _path(collection: Collection) -> str:
    return str(collection.root.resolve())


def _questions(collection: Collection) -> set[str]:
    return {question for entry in collection.entries for question in entry.questions}
