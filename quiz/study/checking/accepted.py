"""`mutants.toml`: the mutants that a deck's author knows to mean the same as the solution.

The file stands at the root of a deck; the questions it names are counted from there::

    [[equivalent]]
    question = "tensors/ne#without-ne"
    change = '''
    - return ~torch.eq(a, b)
    + return torch.eq(a, b).logical_not()
    '''
    reason = "On a bool tensor both negate."

The change is copied from what `quiz check` prints.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection as Names
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quiz.deck.files import shown_path
from quiz.errors import Place
from quiz.language import _
from quiz.model.finding import Finding, Severity

FILE_NAME = "mutants.toml"
_KEYS = ("question", "change", "reason")
_TABLE = re.compile(r"\s*\[\[\s*equivalent\s*\]\]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One mutant that may live."""

    change: str
    """Its lines, white space folded."""
    reason: str
    place: Place
    """Of the entry in its file."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The entries of a collection, by the id of their question."""

    entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def of(self, question: str) -> tuple[Entry, ...]:
        """Those of one question."""
        return self.entries.get(question, ())


def normal(change: str) -> str:
    """A change as it is compared: every line with its white space folded, no blank lines."""
    lines = (" ".join(line.split()) for line in change.splitlines())
    return "\n".join(line for line in lines if line)


def load_accepted(
    root: Path, decks: Iterable[str], known: Names[str]
) -> tuple[Accepted, tuple[Finding, ...]]:
    """The entries of all decks below `root`, and what is wrong with their files.

    `known` are the ids of all questions.
    """
    entries: dict[str, tuple[Entry, ...]] = {}
    findings: list[Finding] = []
    for deck in dict.fromkeys(("", *decks)):
        path = root / deck / FILE_NAME
        if not path.is_file():
            continue
        prefix = f"{deck}/" if deck else ""
        for question, entry in _read(path, findings):
            if prefix + question in known:
                entries[prefix + question] = (*entries.get(prefix + question, ()), entry)
            else:
                message = _("no question `{question}`: name it as from this deck, or remove it")
                message = message.format(question=question)
                findings.append(Finding(entry.place, Severity.WARNING, message))
    return Accepted(entries), tuple(findings)


def _read(path: Path, findings: list[Finding]) -> list[tuple[str, Entry]]:
    shown = shown_path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = _("cannot be read: {why}").format(why=error)
        findings.append(Finding(Place(shown), Severity.ERROR, message))
        return []
    for name in data.keys() - {"equivalent"}:
        message = _("unknown key `{key}`: write `[[equivalent]]` before each entry")
        message = message.format(key=name)
        findings.append(Finding(Place(shown), Severity.ERROR, message))
    tables = data.get("equivalent", [])
    lines = [n for n, line in enumerate(text.splitlines(), 1) if _TABLE.match(line)]
    read = []
    for number, table in enumerate(tables if isinstance(tables, list) else [tables]):
        place = Place(shown, lines[number] if number < len(lines) else 0)
        missing = [key for key in _KEYS if not _text(table, key) or not str(table[key]).strip()]
        if missing:
            names = ", ".join(f"`{key}`" for key in missing)
            message = _("an entry needs texts for {names}").format(names=names)
            findings.append(Finding(place, Severity.ERROR, message))
        else:
            entry = Entry(normal(table["change"]), table["reason"].strip(), place)
            read.append((table["question"].strip(), entry))
    return read


def _text(table: object, key: str) -> bool:
    return isinstance(table, dict) and isinstance(table.get(key), str)
