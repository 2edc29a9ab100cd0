"""What was found right before, so that it need not be run again.

A small file in the user's cache folder. A question is known by all that decides how a check of it
ends: its programs and rules, the accepted mutants, the versions of quiz, its grader, torch and
Python, and the device. Only questions without findings are remembered; a damaged file is an empty
one, and losing it costs time alone.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import platformdirs

import quiz
from quiz.grade.protocol import program_to_json
from quiz.model.question import Code, Predict, Question
from quiz.study.checking.accepted import Accepted
from quiz.study.checking.plan import Checked, Plan, Tally

_MOST = 20_000
"""Questions that are remembered; the ones longest unused are forgotten first."""


class Found:
    """The questions found right on this machine, on one device.

    With `forget`, nothing is recalled; what is found is remembered all the same.
    """

    def __init__(self, path: Path | None = None, *, device: str = "", forget: bool = False) -> None:
        folder = Path(platformdirs.user_cache_dir("quiz", appauthor=False))
        self.path = path or folder / "checked.json"
        self._device = device
        self._known = {} if forget else self._read()
        self._used: dict[str, list[int]] = {}

    def recall(self, question: Question, plan: Plan, accepted: Accepted) -> Checked | None:
        """What a check would say, where as thorough a one has found nothing wrong before."""
        key = self._key(question, accepted)
        known = self._known.get(key)
        if known is None or known[0] < plan.seeds or known[1] < plan.mutants:
            return None
        self._used[key] = known
        # With another number of mutants it was another sample.
        tally = Tally(killed=known[2], accepted=known[3]) if plan.mutants else Tally()
        return Checked(question, tally=tally, unchanged=True)

    def remember(self, checked: Checked, plan: Plan, accepted: Accepted) -> None:
        """Keep it in mind if nothing was found."""
        if checked.findings:
            return
        key = self._key(checked.question, accepted)
        known = self._known.get(key)
        if known is None or known[0] < plan.seeds or known[1] < plan.mutants:
            tally = checked.tally
            known = [plan.seeds, plan.mutants, tally.killed, tally.accepted]
        self._used[key] = known

    def save(self) -> None:
        """Write what was used, beside what others have written; never fails."""
        if not self._used:
            return
        kept = self._read()
        for key, value in self._used.items():
            kept.pop(key, None)
            kept[key] = value
        newest = dict(list(kept.items())[-_MOST:])
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self.path.parent, prefix=".checked-", delete=False
            ) as file:
                json.dump(newest, file)
            Path(file.name).replace(self.path)
        except OSError:
            return

    def _read(self) -> dict[str, list[int]]:
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(data, dict):
            return {}
        return {key: value for key, value in data.items() if _is_entry(value)}

    def _key(self, question: Question, accepted: Accepted) -> str:
        content = question.content
        assert isinstance(content, Code | Predict)
        said = {
            "program": dict(_without_lines(program_to_json(content))),
            "accepted": sorted(entry.change for entry in accepted.of(question.id)),
            "device": self._device,
            "versions": _versions(),
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _is_entry(value: object) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(type(n) is int for n in value)


def _without_lines(program: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Where a fence stands in its file does not matter."""
    for name, value in program.items():
        if isinstance(value, dict) and value.keys() == {"text", "line"}:
            yield name, value["text"]
        else:
            yield name, value


@cache
def _versions() -> tuple[str, ...]:
    """Of all that has a say in a verdict; a checkout's source changes between versions."""
    try:
        torch = version("torch")
    except PackageNotFoundError:
        torch = ""
    digest = hashlib.sha256()
    package = Path(quiz.__file__).parent
    for folder in ("grade", "model", "study/checking"):
        for file in sorted((package / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return quiz.__version__, torch, sys.version, digest.hexdigest()
