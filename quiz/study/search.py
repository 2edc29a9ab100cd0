"""The search language of `quiz search`, the browser and filtered sessions.

Words must all hold: `kind:code tag:autograd deck:pytorch/tensors is:due lapses>3 "exact words"`,
and `-word` for what must not hold. Anything else is looked for in the question's id and text.
"""

from __future__ import annotations

import operator
import re
import shlex
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from quiz.errors import QuizError
from quiz.model.question import Kind
from quiz.study.values import Row


class QueryError(QuizError):
    """The search cannot be understood."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A question as the search sees it."""

    row: Row
    text: str
    """All that is searched for plain words: id, prompt, body; folded by `fold`."""
    due_day: date | None
    """Study day it is due on, None while new."""


Predicate = Callable[[Subject], bool]

_NUMBERS: Mapping[str, Callable[[Subject], float | None]] = {
    "lapses": lambda s: s.row.lapses,
    "reps": lambda s: s.row.reps,
    "stability": lambda s: s.row.stability,
    "difficulty": lambda s: s.row.difficulty,
}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_NUMBER = re.compile(r"(\w+)(>=|<=|>|<|=)(.+)")
_STATES = ("new", "learning", "review", "relearning", "suspended", "buried", "due", "leech")
_KEYS = ("kind", "tag", "deck", "is", "due", "id")


def fold(text: str) -> str:
    """Text as it is compared: Unicode NFKC, case folded."""
    return unicodedata.normalize("NFKC", text).casefold()


def parse(query: str, today: date) -> Predicate:
    """What a query asks for, on the study day `today`. Raises `QueryError`."""
    try:
        words = shlex.split(query, posix=True) if "'" not in query else query.split()
    except ValueError as error:
        raise QueryError(f"the search `{query}` has a quote that is not closed") from error
    tests = [_test(word, today) for word in words]
    return lambda subject: all(test(subject) for test in tests)


def _test(word: str, today: date) -> Predicate:
    if word.startswith("-") and len(word) > 1:
        positive = _test(word[1:], today)
        return lambda subject: not positive(subject)
    if (match := _NUMBER.fullmatch(word)) and match[1] in _NUMBERS:
        return _number(match[1], match[2], match[3], word)
    key, colon, value = word.partition(":")
    if colon and value and key in _KEYS:
        return _keyed(key, value, today)
    wanted = fold(word)
    return lambda subject: wanted in subject.text


def _number(name: str, sign: str, text: str, word: str) -> Predicate:
    try:
        bound = float(text)
    except ValueError as error:
        raise QueryError(f"`{word}`: {text!r} is not a number") from error
    read, compare = _NUMBERS[name], _COMPARISONS[sign]

    def holds(subject: Subject) -> bool:
        value = read(subject)
        return value is not None and compare(value, bound)

    return holds


def _keyed(key: str, value: str, today: date) -> Predicate:
    if key == "kind":
        if value not in tuple(Kind):
            raise QueryError(f"there is no kind `{value}`", fix=f"Kinds: {', '.join(Kind)}.")
        return lambda subject: subject.row.kind == value
    if key == "tag":
        tag = fold(value)
        return lambda subject: any(fold(t) == tag for t in subject.row.tags)
    if key == "deck":
        deck = value.strip("/")
        return lambda subject: in_deck(subject.row.deck, deck)
    if key == "id":
        wanted = fold(value)
        return lambda subject: wanted in fold(subject.row.question)
    if key == "is":
        if value not in _STATES:
            raise QueryError(f"there is no state `{value}`", fix=f"States: {', '.join(_STATES)}.")
        if value == "due":
            return _due_by(0, today)
        if value == "leech":
            return lambda subject: subject.row.leech
        return lambda subject: subject.row.state == value
    try:
        days = int(value)
    except ValueError as error:
        raise QueryError(f"`due:{value}` needs whole days from today, as `due:0`") from error
    return _due_by(days, today)


def _due_by(days: int, today: date) -> Predicate:
    def due(subject: Subject) -> bool:
        if subject.due_day is None or subject.row.state in ("suspended", "buried"):
            return False
        return (subject.due_day - today).days <= days

    return due


def in_deck(deck: str, root: str) -> bool:
    """Whether `deck` is `root` or below it."""
    return not root or deck == root or deck.startswith(root + "/")
