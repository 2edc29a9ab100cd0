"""The YAML at the head of a concept: four keys, each checked, every mistake with its place.

Read from the parser's events, so that nothing is ever constructed, aliases cannot grow and depth
cannot hurt.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quiz.deck.parsed import Requirement
from quiz.deck.remarks import Remarks, clip, instead
from quiz.language import _, mark

LISTS = {
    "tags": "Words to find the questions by.",
    "requires": "Concepts to be learned first, as paths from the collection's root without .md.",
    "links": "Where to read more; shown after an answer.",
}
"""The keys that hold a list of texts, and what they mean."""
FLAGS = {"suspended": "Whether none of the file's questions is asked."}
"""The keys that hold `true` or `false`."""
KEYS = (*LISTS, *FLAGS)
_LIMIT = 64 * 1024
"""Characters; more is no front matter."""
_DEPTH = 10
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")
_NO_MAPPING = mark("front matter is `key: value` lines, as in `tags: [a, b]`")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a file says."""

    tags: tuple[str, ...] = ()
    requires: tuple[Requirement, ...] = ()
    links: tuple[str, ...] = ()
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A value: a list of texts with their lines and columns, one text, or None for neither."""

    key: str
    where: tuple[int, int]
    """Line and column, from 1."""
    value: list[tuple[str, int, int]] | str | None


def read_front_matter(text: str | None, remarks: Remarks) -> FrontMatter:
    """The front matter from its YAML, which begins on the file's second line."""
    if text is None or not text.strip():
        return FrontMatter()
    if len(text) > _LIMIT:
        message = _("front matter longer than {most} characters: shorten it")
        remarks.error(message.format(most=_LIMIT), 1)
        return FrontMatter()
    import yaml

    given: dict[str, Any] = {}
    seen: dict[str, int] = {}
    try:
        for entry in _entries(text, remarks):
            if entry.key in seen:
                message = _("`{key}` stands on line {line} already: keep one")
                remarks.error(message.format(key=entry.key, line=seen[entry.key]), *entry.where)
                continue
            seen[entry.key] = entry.where[0]
            _take(entry, given, remarks)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or clip(str(error))
        # The closing line of the block is where an unfinished value is noticed.
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 0)
        message = _("the front matter is not YAML: {why}").format(why=problem)
        remarks.error(message, line, column)
    return FrontMatter(**given)


def _take(entry: _Entry, given: dict[str, Any], remarks: Remarks) -> None:
    key, value, where = entry.key, entry.value, entry.where
    if key not in KEYS:
        message = _("unknown key `{key}`: {hint}")
        remarks.error(message.format(key=clip(key, 40), hint=instead(key, KEYS)), *where)
    elif key in FLAGS:
        word = value.lower() if isinstance(value, str) else ""
        if word not in _TRUE + _FALSE:
            remarks.error(_("`{key}` must be `true` or `false`").format(key=key), *where)
        given[key] = word in _TRUE
    elif isinstance(value, list):
        kept = [(text.strip(), line, column) for text, line, column in value if text.strip()]
        given[key] = tuple(text for text, _line, _column in kept)
        if key == "requires":
            given[key] = tuple(
                Requirement(unicodedata.normalize("NFC", name), line, column, remarks.quoted(line))
                for name, line, column in kept
            )
    elif value in ("", "null", "~"):
        given[key] = ()
    else:
        example = f"[{clip(value, 40)}]" if isinstance(value, str) else "[one, two]"
        message = _("`{key}` must be a list of texts: write `{key}: {example}`")
        remarks.error(message.format(key=key, example=example), *where)


def _entries(text: str, remarks: Remarks) -> Iterator[_Entry]:
    """The pairs of the mapping; deeper structures and aliases come as None."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    key: str | None = None
    where = (1, 0)
    items: list[tuple[str, int, int]] | None = None
    odd = False
    for event in yaml.parse(text + "\n", Loader=loader):
        mark: Any = event.start_mark
        line, column = mark.line + 2, mark.column + 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEPTH:
                message = _("values nested too deeply: `tags` and the like are lists of texts")
                remarks.error(message, line)
                return
            if depth == 1 and not isinstance(event, yaml.MappingStartEvent):
                remarks.error(_(_NO_MAPPING), line)
                return
            if depth == 2 and key is not None:
                items = [] if isinstance(event, yaml.SequenceStartEvent) else None
                odd = items is None
            elif depth > 2 or (depth == 2 and key is None):
                odd = True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if depth == 1:
                if key is not None:
                    yield _Entry(key, where, None if odd else items)
                key, items, odd = None, None, False
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            word = event.value if isinstance(event, yaml.ScalarEvent) else None
            if depth == 0:
                remarks.error(_(_NO_MAPPING), line)
                return
            if depth == 1 and key is None:
                key, where = word if word is not None else "*", (line, column)
            elif depth == 1 and key is not None:
                yield _Entry(key, where, word)
                key = None
            elif word is None:
                odd = True
            elif items is not None:
                items.append((word, line, column))
