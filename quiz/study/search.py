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
from datetime import date
from typing import NamedTuple

from quiz.errors import QuizError
from quiz.language import _
from quiz.model.question import Kind, Question
from quiz.model.review import Memory, Standing
from quiz.study.statistics import state_name
from quiz.study.text import plain


class QueryError(QuizError):
    """The search cannot be understood."""


class Words(NamedTuple):
    """What of a question must be read from its card."""

    kind: Kind
    prompt: str
    """Plain first line."""
    text: str
    """All that is searched for plain words: id, prompt, body; folded by `fold`."""


def words_of(question: Question, shown: Question) -> Words:
    """The words of a question, which reads as `shown` in the learner's language."""
    text = f"{question.id}\n{question.prompt}"
    if shown is not question:
        text += f"\n{shown.prompt}"
    return Words(question.kind, plain(shown.heading), fold(text))


class Subject:
    """A question as the search sees it; its words are read when a search asks for them."""

    __slots__ = ("_read", "_suspended", "_today", "deck", "question", "standing", "tags")

    def __init__(
        self,
        question: str,
        deck: str,
        tags: tuple[str, ...],
        standing: Standing | None,
        *,
        suspended: bool,
        today: date,
        read: Callable[[str], Words],
    ) -> None:
        """`suspended`: by the card; `read` gives the words of a question."""
        self.question, self.deck, self.tags, self.standing = question, deck, tags, standing
        self._suspended, self._today, self._read = suspended, today, read

    @property
    def words(self) -> Words:
        return self._read(self.question)

    @property
    def memory(self) -> Memory | None:
        return self.standing.memory if self.standing else None

    @property
    def leech(self) -> bool:
        return self.standing is not None and self.standing.leech

    @property
    def state(self) -> str:
        """new, learning, review, relearning, suspended or buried."""
        return state_name(self.standing, suspended=self._suspended, today=self._today)


Predicate = Callable[[Subject], bool]
_ESCAPED = re.compile(r"[\x00-\x1f\"\\\U00010000-\U0010ffff]")
"""What a glance at a card does not show as it is."""

_NUMBERS: Mapping[str, Callable[[Subject], float | None]] = {
    "lapses": lambda s: s.memory.lapses if s.memory else 0,
    "reps": lambda s: s.memory.reps if s.memory else 0,
    "stability": lambda s: s.memory.stability if s.memory else None,
    "difficulty": lambda s: s.memory.difficulty if s.memory else None,
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
    # What must be read from a card is asked last: most questions have failed by then.
    tests = [_test(word, today) for word in sorted(_words(query), key=_is_in_card)]
    if len(tests) == 1:
        return tests[0]
    return lambda subject: all(test(subject) for test in tests)


def sought(query: str) -> tuple[str, ...]:
    """Words that what is found holds in its card or its id, folded; not those a glance may miss.

    By these most cards can be passed over at a glance.
    """
    plain_words = [word for word in _words(query) if not word.startswith("-") and _is_plain(word)]
    return tuple(fold(word) for word in plain_words if not _ESCAPED.search(fold(word)))


def _words(query: str) -> list[str]:
    try:
        return shlex.split(query, posix=True) if "'" not in query else query.split()
    except ValueError as error:
        said = _("the search `{query}` has a quote that is not closed").format(query=query)
        raise QueryError(said) from error


def _is_plain(word: str) -> bool:
    """Whether a word is looked for as it is."""
    key, colon, value = word.partition(":")
    return not (colon and value and key in _KEYS) and not _as_number(word)


def _is_in_card(word: str) -> bool:
    word = word.removeprefix("-")
    return _is_plain(word) or word.startswith("kind:")


def _as_number(word: str) -> re.Match[str] | None:
    match = _NUMBER.fullmatch(word)
    return match if match and match[1] in _NUMBERS else None


def _test(word: str, today: date) -> Predicate:
    if word.startswith("-") and len(word) > 1:
        positive = _test(word[1:], today)
        return lambda subject: not positive(subject)
    if match := _as_number(word):
        return _number(match[1], match[2], match[3], word)
    key, colon, value = word.partition(":")
    if colon and value and key in _KEYS:
        return _keyed(key, value, today)
    wanted = fold(word)
    return lambda subject: wanted in subject.words.text


def _number(name: str, sign: str, text: str, word: str) -> Predicate:
    try:
        bound = float(text)
    except ValueError as error:
        said = _("`{word}`: {text} is not a number").format(word=word, text=repr(text))
        raise QueryError(said) from error
    read, compare = _NUMBERS[name], _COMPARISONS[sign]

    def holds(subject: Subject) -> bool:
        value = read(subject)
        return value is not None and compare(value, bound)

    return holds


def _keyed(key: str, value: str, today: date) -> Predicate:
    if key == "kind":
        if value not in tuple(Kind):
            raise QueryError(
                _("there is no kind `{name}`").format(name=value),
                fix=_("Kinds: {names}.").format(names=", ".join(Kind)),
            )
        return lambda subject: subject.words.kind == value
    if key == "tag":
        tag = fold(value)
        return lambda subject: any(fold(t) == tag for t in subject.tags)
    if key == "deck":
        deck = value.strip("/")
        return lambda subject: in_deck(subject.deck, deck)
    if key == "id":
        wanted = fold(value)
        return lambda subject: wanted in fold(subject.question)
    if key == "is":
        if value not in _STATES:
            raise QueryError(
                _("there is no state `{name}`").format(name=value),
                fix=_("States: {names}.").format(names=", ".join(_STATES)),
            )
        if value == "due":
            return _due_by(0, today)
        if value == "leech":
            return lambda subject: subject.leech
        return lambda subject: subject.state == value
    try:
        days = int(value)
    except ValueError as error:
        said = _("`due:{value}` needs whole days from today, as `due:0`").format(value=value)
        raise QueryError(said) from error
    return _due_by(days, today)


def _due_by(days: int, today: date) -> Predicate:
    def due(subject: Subject) -> bool:
        memory = subject.memory
        if memory is None or (memory.due_day - today).days > days:
            return False
        return subject.state not in ("suspended", "buried")

    return due


def in_deck(deck: str, root: str) -> bool:
    """Whether `deck` is `root` or below it."""
    return not root or deck == root or deck.startswith(root + "/")
