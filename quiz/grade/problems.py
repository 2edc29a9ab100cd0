"""Why a role could go no further, in words: failures it reported, and endings seen from outside."""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from quiz.grade.failures import whose
from quiz.grade.protocol import Ending
from quiz.grade.source import Snippet
from quiz.language import _, counted, mark
from quiz.model.question import Rules
from quiz.model.verdict import Case, Outcome

_PLACE = re.compile(r"line (\d{1,9})(?:, in (.*))?")
_NOWHERE = (None, "", "<module>")
_KINDS = {
    kind.value: kind for kind in (Outcome.ERROR, Outcome.MEMORY, Outcome.OUTPUT, Outcome.BLOCKED)
}


class CardFault(Exception):  # noqa: N818 — the card's fault, not ours
    """The card cannot be graded as it is written; says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What stopped a role."""

    outcome: Outcome
    message: str
    type: str = ""
    """The exception's class."""
    traceback: str = ""
    line: int | None = None
    column: int | None = None
    origin: str = ""
    """The snippet in which it was raised."""
    phase: str = ""
    """Which part of the job failed: `setup`, `cases`, `code`, `case`…"""

    @staticmethod
    def of(failure: Mapping[str, Any]) -> Problem:
        """The problem a jail reported; raises KeyError, TypeError or ValueError on nonsense."""
        line, column = failure["line"], failure["column"]
        if not all(n is None or type(n) is int for n in (line, column)):
            raise TypeError("a line that is no number")
        return Problem(
            _KINDS[failure["kind"]],
            _text(failure["message"]),
            _text(failure["type"]),
            _text(failure["traceback"]),
            line,
            column,
            _text(failure["origin"]),
        )

    def case(self, call: str, size: int, printed: str) -> Case:
        """A case that this problem ended."""
        return Case(
            self.outcome,
            call,
            differences=(self.message,),
            traceback=self.traceback,
            printed=printed,
            size=size,
        )

    def blame(self) -> str:
        """The sentence for a problem of the card's own."""
        sentence = _BLAME.get(self.phase, mark("The card's solution fails: {why}"))
        return _(sentence).format(why=self.message)


_BLAME = {
    "setup": mark("The card's setup fails: {why}"),
    "cases": mark("The card's cases fail: {why}"),
    "card": mark("The card cannot be graded: {why}"),
}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("something that should be text")
    return value


def located(problem: Problem, where: str, code: Snippet) -> Problem:
    """The problem with the line at which the code was last seen: `line 3, in f`."""
    found = _PLACE.match(where)
    if found is None:
        return problem
    line = int(found[1])
    text = code.source_line(line).strip()
    place = f"  line {line}{whose(code.name)}"
    place += "" if found[2] in _NOWHERE else f", in {found[2]}"
    shown = f"{place}\n    {text}" if text else place
    return replace(problem, line=line, origin=code.name, traceback=shown)


def _place(where: str) -> str:
    """The same in the language of the interface, without a function that nobody wrote."""
    found = _PLACE.match(where)
    if found is None:
        return where
    said = _("line {line}") if found[2] in _NOWHERE else _("line {line}, in {function}")
    return said.format(line=found[1], function=found[2])


def ending_problem(ending: Ending, rules: Rules) -> Problem:
    """What it means that a jail's process ended before its job did."""
    where = _("It was at {place}.").format(place=_place(ending.where)) if ending.where else ""
    where = where and f" {where}"
    if ending.timeout:
        said = counted(
            "The code ran longer than {seconds} second.",
            "The code ran longer than {seconds} seconds.",
            1 if rules.timeout == 1 else 2,
            seconds=f"{rules.timeout:g}",
        )
        return Problem(Outcome.TIMEOUT, said + where)
    if ending.memory:
        said = _("The code took more memory than its {limit} MiB.").format(limit=rules.memory)
        return Problem(Outcome.MEMORY, said + where)
    if ending.output:
        said = _("The code printed more than {limit}.").format(limit=_bytes(rules.output))
        return Problem(Outcome.OUTPUT, said)
    if ending.blocked:
        said = _("The code wanted {what}, which is refused here.").format(what=ending.blocked)
        return Problem(Outcome.BLOCKED, said + where)
    if ending.garbage:
        said = _("The code wrote into the grader's own channel; nothing of it counts.")
        return Problem(Outcome.ERROR, said)
    if ending.signal:
        said = _("The process died of {signal}.").format(signal=_signal(ending.signal))
        return Problem(Outcome.CRASH, said + where)
    said = _(
        "The process ended with status {status} and left no answer; "
        "code that calls os._exit or breaks the interpreter does that."
    )
    return Problem(Outcome.CRASH, said.format(status=ending.status))


def _bytes(count: int) -> str:
    return f"{count / (1 << 20):g} MiB" if count >= 1 << 20 else f"{count / 1024:g} KiB"


def _signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
    return f"{name} ({signal.strsignal(number)})"
