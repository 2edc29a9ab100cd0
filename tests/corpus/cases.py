"""Reading the corpus: cards into programs, folders of answers into cases."""

from __future__ import annotations

import platform
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quiz.deck.config import CollectionConfig
from quiz.deck.parser import parse_concept
from quiz.model.question import Code, Predict, Program
from quiz.model.verdict import Outcome, Verdict

ROOT = Path(__file__).resolve().parent
CARDS = ROOT / "cards"
GROUPS = ("forging", "crashes", "escapes", "honest", "faulty", "resources")
_MAX_MESSAGE = 4000
"""Characters in which the one or two sentences for the learner must find room."""
_KEYS = {"card", "expect", "why", "says", "line", "column", "machine"}


@dataclass(frozen=True, slots=True)
class CorpusCase:
    """One answer, and what must come of it."""

    name: str
    """`group/name`."""
    card: str
    """`file#anchor` in `cards/`."""
    expect: frozenset[Outcome]
    """Any of these is right; a pass never stands beside another."""
    why: str
    """What the answer is or tries."""
    answer: str
    """Placeholders not filled yet."""
    says: str = ""
    """Must stand in what the learner is told, whatever its case."""
    line: int | None = None
    """The line of the answer that the verdict must name."""
    column: int | None = None

    @property
    def group(self) -> str:
        return self.name.partition("/")[0]

    def faults(self, verdict: Verdict) -> list[str]:
        """What is not as it must be; empty where all is well."""
        if verdict.outcome not in self.expect:
            wanted = " or ".join(sorted(self.expect))
            return [f"expected {wanted}, got {verdict.outcome}: {verdict.message}"]
        found = []
        if len(verdict.message) > _MAX_MESSAGE:
            found.append(f"its message has {len(verdict.message)} characters")
        if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in verdict.message):
            found.append("its message holds what terminals obey")
        if self.says and self.says.lower() not in _told(verdict).lower():
            found.append(f"does not say {self.says!r}: {verdict.message}")
        if self.line is not None and verdict.line != self.line:
            found.append(f"names line {verdict.line}, not {self.line}")
        if self.column is not None and verdict.column != self.column:
            found.append(f"names column {verdict.column}, not {self.column}")
        return found


def _told(verdict: Verdict) -> str:
    parts = [verdict.message, verdict.traceback]
    for case in verdict.cases:
        parts += [case.traceback, case.got, *case.differences]
    return "\n".join(parts)


def programs() -> dict[str, Program]:
    """Every question of the corpus's cards by `file#anchor`."""
    found: dict[str, Program] = {}
    for path in sorted(CARDS.glob("*.md")):
        config = CollectionConfig(name="corpus")
        parsed = parse_concept(path.read_bytes(), path=str(path), concept=path.stem, config=config)
        if parsed.findings or parsed.concept is None:
            raise ValueError("\n".join(map(str, parsed.findings)) or f"{path} holds no concept")
        for question in parsed.concept.questions:
            if isinstance(question.content, Code | Predict):
                found[question.id] = question.content
    return found


def load(group: str) -> list[CorpusCase]:
    """The cases of a group that this machine can run, in the order of its file."""
    folder = ROOT / group
    with (folder / "cases.toml").open("rb") as file:
        table = tomllib.load(file)
    files = {path.stem: path for path in folder.iterdir() if path.suffix in (".py", ".txt")}
    if files.keys() != table.keys():
        raise ValueError(f"{group}: without its other half: {sorted(files.keys() ^ table.keys())}")
    cases = []
    for name, entry in table.items():
        if entry.get("machine", platform.machine()) == platform.machine():
            cases.append(_case(f"{group}/{name}", entry, files[name].read_bytes().decode()))
    return cases


def _case(name: str, entry: Mapping[str, Any], answer: str) -> CorpusCase:
    if unknown := entry.keys() - _KEYS:
        raise ValueError(f"{name}: unknown {sorted(unknown)}")
    given = entry["expect"]
    expect = frozenset(map(Outcome, [given] if isinstance(given, str) else given))
    if (Outcome.PASS in expect and len(expect) > 1) or not entry["why"]:
        raise ValueError(f"{name}: a pass stands alone, and every case says why it is there")
    return CorpusCase(
        name,
        entry["card"],
        expect,
        entry["why"],
        answer,
        says=entry.get("says", ""),
        line=entry.get("line"),
        column=entry.get("column"),
    )
