"""Grading the mutants of a solution: which wrong answers would pass."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from quiz.grade.mutants import Mutant, mutants, spread
from quiz.language import _
from quiz.model.finding import Finding, Severity
from quiz.model.question import Code, Question
from quiz.model.verdict import Outcome
from quiz.study.checking.accepted import Entry, normal
from quiz.study.checking.places import Places
from quiz.study.checking.plan import Plan, Survivor, Tally
from quiz.study.checking.runs import Runs
from quiz.study.text import outcome_word

_SEEDS = 3
"""A mutant survives when it passes under so many, at least: one lucky draw is not enough."""
_PATIENCE, _LEAST = 20, 3.0
"""A mutant may take so many times the solution's time, and these seconds in any case."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of the mutants of one solution."""

    findings: tuple[Finding, ...]
    tally: Tally


@lru_cache(maxsize=1024)
def _every(solution: str) -> tuple[Mutant, ...]:
    try:
        return mutants(solution)
    except SyntaxError:
        return ()


def to_grade(content: Code, plan: Plan, entries: Sequence[Entry]) -> tuple[Mutant, ...]:
    """At most `plan.mutants` of the solution's, and those that the deck lists as equivalent."""
    if not plan.mutants:
        return ()
    every = _every(content.solution.text)
    listed = {entry.change for entry in entries}
    chosen = set(spread(every, plan.mutants))
    return tuple(one for one in every if one in chosen or normal(one.change) in listed)


async def check_mutants(
    question: Question,
    places: Places,
    runs: Runs,
    plan: Plan,
    entries: Sequence[Entry],
    seconds: float,
) -> Graded:
    """Grade the mutants of a solution that passes, in `seconds`. Raises `GradeError`.

    An entry of the deck's that names no mutant, or one that dies, is reported too.
    """
    content = question.content
    if not plan.mutants or not isinstance(content, Code):
        return Graded((), Tally())
    patience = min(content.rules.timeout, max(_PATIENCE * seconds, _LEAST))
    hasty = replace(content, rules=replace(content.rules, timeout=patience))
    seeds = range(1, max(plan.seeds, _SEEDS) + 1)
    chosen = to_grade(content, plan, entries)
    outcomes = await asyncio.gather(*(_grade(one, hasty, runs, seeds) for one in chosen))
    listed = {entry.change for entry in entries}
    findings: list[Finding] = []
    tally = Tally()
    living: set[str] = set()
    for mutant, outcome in zip(chosen, outcomes, strict=True):
        if outcome is Outcome.PASS:
            living.add(change := normal(mutant.change))
            tally += Tally(accepted=1) if change in listed else Tally(survived=1)
            if change not in listed:
                findings.append(_survivor(question, content, places, mutant))
        elif outcome.counts:
            tally += Tally(killed=1)
        else:
            findings.append(_undecided(content, places, mutant, outcome))
    known = {normal(mutant.change) for mutant in chosen}
    findings += [_stale(entry, known) for entry in entries if entry.change not in living]
    return Graded(tuple(findings), tally)


async def _grade(mutant: Mutant, content: Code, runs: Runs, seeds: range) -> Outcome:
    for seed in seeds:
        if seed > 1:
            runs.expect(1)
        verdict = await runs.grade(content, mutant.text, seed)
        if not verdict.passed:
            return verdict.outcome
    return Outcome.PASS


def _survivor(question: Question, content: Code, places: Places, mutant: Mutant) -> Survivor:
    message = _(
        "an answer that differs from the solution passes ({kind}): add a case that tells "
        "it from the solution, or, if it means the same, list it in `mutants.toml` with the "
        "reason"
    ).format(kind=_(mutant.kind))
    return Survivor(
        places.inside(content.solution, mutant.line, mutant.column),
        Severity.WARNING,
        f"{message}\n{mutant.change}",
        question=question.id,
        change=mutant.change,
    )


def _undecided(content: Code, places: Places, mutant: Mutant, outcome: Outcome) -> Finding:
    message = _(
        "a mutant of the solution could not be graded ({outcome}); check it again with fewer --jobs"
    ).format(outcome=outcome_word(outcome))
    return Finding(
        places.inside(content.solution, mutant.line, mutant.column),
        Severity.WARNING,
        f"{message}\n{mutant.change}",
    )


def _stale(entry: Entry, known: set[str]) -> Finding:
    message = (
        _("this mutant does not pass any more: remove the entry")
        if entry.change in known
        else _("the solution has no mutant with this change any more: remove the entry")
    )
    return Finding(entry.place, Severity.WARNING, message)
