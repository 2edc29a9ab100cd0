"""Running the corpus from the command line: a table, or a line of JSON for each case; a soak."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from quiz.model.verdict import Outcome
from tests.corpus import ordinary
from tests.corpus.cases import GROUPS, CorpusCase, load, programs
from tests.corpus.session import Result, Session, UnsafeError

_SERIAL = ("escapes",)
"""Groups whose every case is looked at by itself."""
_RARE = 200
"""In a soak, one grade in so many is of a kind that takes seconds."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a case, then the totals.")
@click.option("--soak", type=int, default=0, help="Grade so many mixed cases in one session.")
@click.option("--user", default="", help="Run as this user (needs root).")
@click.option("--seed", type=int, default=None, help="For every grade; else by the case's name.")
@click.option("--part", type=(int, int), default=(0, 1), help="K N: the cases K, K + N, K + 2N …")
def main(
    names: tuple[str, ...],
    as_json: bool,
    soak: int,
    user: str,
    seed: int | None,
    part: tuple[int, int],
) -> None:
    """Grade the corpus, or the NAMES (`group` or `group/name`) of it, and report what is wrong."""
    if user:
        _as_user(user)
    cases = [case for group in GROUPS for case in load(group) if _chosen(case, names)]
    cases = cases[part[0] :: part[1]]
    if not cases:
        raise click.ClickException(f"no case is called {' or '.join(names)}")
    try:
        if soak:
            sys.exit(asyncio.run(_soak(cases, soak)))
        tell = _line if as_json else _failure if len(cases) > 10 else _story
        results, left, seconds = asyncio.run(_all(cases, tell, seed))
    except UnsafeError as error:
        click.echo(f"The jail does not hold here, so nothing was run. {error}", err=True)
        sys.exit(2)
    for trouble in left:
        click.echo(json.dumps({"left": trouble}) if as_json else f"LEFT {trouble}")
    if not as_json:
        click.echo(_table(results, seconds))
    sys.exit(bool(left) or not all(result.good for result in results))


def _as_user(user: str) -> None:
    needed = [sys.base_prefix, sys.prefix, str(Path(__file__).resolve().parents[2])]
    try:
        ordinary.become(user, needed)
    except (OSError, KeyError) as error:
        click.echo(f"cannot run as {user}: {error}", err=True)
        sys.exit(ordinary.CANNOT)
    rest = [word for word in sys.argv[1:] if word != f"--user={user}"]
    if "--user" in rest:
        at = rest.index("--user")
        del rest[at : at + 2]
    ordinary.restart("tests.corpus", rest)


def _chosen(case: CorpusCase, names: Sequence[str]) -> bool:
    return not names or case.name in names or case.group in names


async def _all(
    cases: Sequence[CorpusCase], tell: Callable[[Result], None], seed: int | None
) -> tuple[list[Result], list[str], float]:
    began = time.monotonic()
    results: list[Result] = []
    async with Session(programs(), seed) as session:
        for group in GROUPS:
            chosen = [case for case in cases if case.group == group]
            if group in _SERIAL or len(cases) <= 10:
                found = [await session.alone(case) for case in chosen]
            else:
                found = await session.together(chosen)
            for result in found:
                tell(result)
            results += found
        left = await session.after()
    return results, left, time.monotonic() - began


async def _soak(cases: Sequence[CorpusCase], count: int) -> int:
    """Many grades in one session; what it holds at the end must be what it held at the start."""
    chance = random.Random(count)
    slow = [case for case in cases if Outcome.TIMEOUT in case.expect]
    quick = [case for case in cases if Outcome.TIMEOUT not in case.expect] or slow
    wrong = 0
    async with Session(programs()) as session:
        await session.together(quick[:50])
        start, began = await session.footprint(), time.monotonic()
        for number in range(count):
            case = chance.choice(slow if slow and number % _RARE == _RARE - 1 else quick)
            result = await session.grade(case, seed=chance.randrange(1 << 31))
            if not result.good:
                wrong += 1
                _failure(result)
        left = await session.left_behind()
        seconds = time.monotonic() - began
        end = await session.footprint()
        left += await session.after()
    click.echo(f"{count} grades in {seconds:.0f} s, {wrong} wrong verdicts")
    click.echo(f"at the start: {start}")
    click.echo(f"at the end:   {end}")
    for trouble in left:
        click.echo(f"LEFT {trouble}")
    return int(bool(wrong or left))


def _line(result: Result) -> None:
    verdict = result.verdict
    line = {
        "case": result.case.name,
        "expected": sorted(result.case.expect),
        "verdict": verdict.outcome,
        "message": verdict.message,
        "seed": verdict.seed,
        "seconds": round(verdict.seconds, 4),
        "faults": result.faults,
        "escapes": result.escapes,
    }
    click.echo(json.dumps(line))


def _failure(result: Result) -> None:
    if not result.good:
        _story(result)


def _story(result: Result) -> None:
    verdict = result.verdict
    click.echo(f"{result.case.name}: {result.case.why}")
    click.echo(f"  {verdict.outcome} in {verdict.seconds:.2f} s, seed {verdict.seed}")
    for text in (verdict.message, verdict.traceback):
        for line in text.splitlines()[:12]:
            click.echo(f"  | {line[:200]}")
    for fault in result.faults:
        click.echo(f"  WRONG {fault[:400]}")
    for escape in result.escapes:
        click.echo(f"  ESCAPE {escape}")


def _table(results: Sequence[Result], seconds: float) -> str:
    def row(name: str, *columns: object) -> str:
        return f"{name:<12}" + "".join(f"{column!s:>16}" for column in columns)

    def rows() -> Iterator[str]:
        yield row("group", "cases", "wrong verdicts", "escapes", "seconds")
        for group in (*GROUPS, ""):
            part = [r for r in results if group in ("", r.case.group)]
            wrong = sum(bool(result.faults) for result in part)
            escapes = sum(bool(result.escapes) for result in part)
            spent = sum(result.verdict.seconds for result in part)
            if part:
                yield row(group or "all", len(part), wrong, escapes, f"{spent:.1f}")
        yield f"{seconds:.1f} seconds in all, as user {os.getuid()}"

    return "\n".join(rows())
