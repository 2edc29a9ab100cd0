"""Attributes as in Pandoc: of a heading (`{#id .reversed tol=1e-3}`), and of a role fence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quiz.deck.config import CollectionConfig
from quiz.deck.document import CodeSpans
from quiz.deck.remarks import instead
from quiz.language import _
from quiz.model.question import Rules

CLASSES = ("reversed", "suspended", "case")
"""What may stand behind a dot in a heading's attributes."""

_BRACES = re.compile(r"\{([^{}]*)\}$")
_NAMES = "|".join(CLASSES)
_UNREAD = re.compile(
    rf"(?<!\{{)\{{(?:[:\s]*(?:#[^\s{{}}#,;]*|\.(?:{_NAMES})\b|tol=)|\s*(?:{_NAMES})\s*(?=\}}))"
    rf"[^{{}}]*(?P<end>\}}?)"
)
"""What was meant as attributes, and is text: not at the end, not closed, or without its sign."""
_LIKE_ATTRIBUTES = re.compile(r"\s*(?:[#.][^\s\d]|[#.]\d+[^\s\d.,]|[A-Za-z_-]+=\S)")
_WORD = re.compile(
    r"""\s*(?P<name>[^\s="']+)(?:=(?P<value>"[^"]*"|'[^']*'|[^\s"']+(?=\s|$)))?(?=\s|$)"""
)
_ANCHOR = re.compile(r"[^\s{}#/\\\"'=<>`]{1,200}")


_WORDS = 50
"""Nobody writes more attributes than that."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a heading's braces say."""

    anchor: str | None = None
    reversed: bool = False
    suspended: bool = False
    case: bool = False
    tolerance: float | None = None
    wrong: tuple[tuple[str, str], ...] = ()
    """The words that cannot be used, each with what is wrong and what to write instead."""

    @property
    def names(self) -> list[str]:
        """Those that only some kinds of question understand."""
        flags = {".reversed": self.reversed, ".case": self.case, "tol=": self.tolerance is not None}
        return [name for name, given in flags.items() if given]


def heading_attributes(heading: str) -> tuple[str, Attributes]:
    """A heading without its attributes, and those. Braces that hold none stay in the text."""
    if not heading.endswith("}"):
        return heading, Attributes()
    braces = _BRACES.search(heading, max(0, len(heading) - 1000))
    if braces is None or not _LIKE_ATTRIBUTES.match(braces[1]):
        return heading, Attributes()
    given: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    words, rest = _words(braces[1])
    for word, value in words:
        _heading_word(word, value, given, wrong)
    if rest:
        said = _("`{word}` is no attribute: write `#id`, `.name` or `key=value`")
        wrong.append((rest, said.format(word=rest[:40])))
    return heading[: braces.start()].rstrip(), Attributes(**given, wrong=tuple(wrong))


def unread_attributes(heading: str) -> tuple[str, bool] | None:
    """What of a heading, its attributes taken off, looks like more of them; whether it is open."""
    if "{" not in heading:
        return None
    code = CodeSpans(heading)
    for found in _UNREAD.finditer(heading):
        if found.start() not in code:
            return found[0], not found["end"]
    return None


def _heading_word(
    word: str, value: str | None, given: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    known = ["#id", *("." + name for name in CLASSES), "tol="]
    if word.startswith("#") and value is None:
        if not _ANCHOR.fullmatch(word[1:]):
            said = _("`{word}`: an id has no `/`, `#`, quotes or braces in it")
            wrong.append((word, said.format(word=word)))
        elif "anchor" in given:
            said = _("two ids, `#{first}` and `{word}`: keep one")
            wrong.append((word, said.format(first=given["anchor"], word=word)))
        else:
            given["anchor"] = word[1:]
    elif word.startswith(".") and word[1:] in CLASSES and value is None:
        given[word[1:]] = True
    elif word == "tol" and value is not None:
        tolerance = _number(value)
        if isinstance(tolerance, str):
            said = _("`tol=` must be {wanted}, as in `tol=1e-3`")
            wrong.append((f"tol={value}", said.format(wanted=tolerance)))
        else:
            given["tolerance"] = tolerance
    else:
        shown = word if value is None else f"{word}="
        wrong.append((word, _unknown(shown, known)))


def _unknown(word: str, known: Sequence[str]) -> str:
    said = _("unknown attribute `{word}`: {hint}")
    return said.format(word=word[:40], hint=instead(word, known))


def _words(text: str) -> tuple[list[tuple[str, str | None]], str]:
    """Names with their values, quotes removed, and the rest from where it makes no sense."""
    words: list[tuple[str, str | None]] = []
    text = text.rstrip()
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None or len(words) == _WORDS:
            return words, text[at:].strip()
        value = found["value"]
        if value is not None and value[0] in "\"'":
            value = value[1:-1]
        words.append((found["name"], value))
        at = found.end()
    return words, ""


@dataclass(frozen=True, slots=True)
class FenceRules:
    """What the attributes of a role fence say."""

    rules: Rules
    wrong: tuple[tuple[str, str], ...] = field(default=())
    """As in `Attributes`."""


def _number(value: str) -> float | str:
    """A number of 0 or more, or what is wanted."""
    try:
        number = float(value)
    except ValueError:
        return _("a number")
    return number if 0 <= number < float("inf") else _("a number of 0 or more")


def _seconds(value: str) -> float | str:
    number = _number(value)
    positive = not isinstance(number, str) and number > 0
    return number if positive else _("a number of seconds above 0")


def _count(value: str) -> int | str:
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) == 0:
        return _("a whole number above 0")
    return int(value)


def _name(value: str) -> str | None:
    return value if value.isidentifier() else None


def _list(value: str) -> tuple[str, ...]:
    return tuple(value.split())


_FLAGS = ("grad", "alias", "exact", "processes")
_NUMBERS: Mapping[str, Callable[[str], float | str]] = {
    "lines": _count,
    "rtol": _number,
    "atol": _number,
    "timeout": _seconds,
    "memory": _count,
}
_VALUES = ("entry", "forbid", "require", "device", *_NUMBERS)
_OF_PREDICT = ("timeout", "memory", "device", "processes")


def fence_rules(text: str, role: str, config: CollectionConfig) -> FenceRules:
    """The rules that stand after a fence's role; the collection's limits where they are silent."""
    given: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    known = _OF_PREDICT if role == "predict" else (*_FLAGS, *_VALUES)
    words, rest = _words(text)
    for name, value in words:
        if role not in ("solution", "predict"):
            said = _("a `{role}` fence takes no attributes: move it to `solution`")
            wrong.append((name, said.format(role=role)))
        elif name not in known:
            wrong.append((name, _unknown(name, known)))
        elif name in given:
            wrong.append((name, _("`{name}` is given twice: keep one").format(name=name)))
        else:
            _fence_word(name, value, given, wrong)
    if rest:
        said = _('`{word}` makes no sense here: write `name` or `name="value"`')
        wrong.append((rest, said.format(word=rest[:40])))
    limits = {"timeout": config.timeout, "memory": config.memory}
    return FenceRules(Rules(**{**limits, **given}), tuple(wrong))


def _fence_word(
    name: str, value: str | None, given: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    if name in _FLAGS:
        if value is None:
            given[name] = True
        else:
            wrong.append((name, _("`{name}` takes no value: write it alone").format(name=name)))
    elif not value:
        said = _("`{name}` needs a value: write `{name}=…`")
        wrong.append((name, said.format(name=name)))
    elif name in _NUMBERS:
        number = _NUMBERS[name](value)
        if isinstance(number, str):
            said = _("`{name}=` must be {wanted}").format(name=name, wanted=number)
            wrong.append((name, said))
        else:
            given[name] = number
    elif name in ("forbid", "require"):
        given[name] = _list(value)
    elif name == "entry":
        if _name(value) is None:
            wrong.append((name, _("`entry=` must be the name of a function or class")))
        else:
            given[name] = value
    elif value in ("cpu", "cuda"):
        given[name] = value
    else:
        wrong.append((name, _("`device=` must be `cpu` or `cuda`")))
