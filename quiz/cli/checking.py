"""`quiz check`: is every card right, and does every code question hold?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import click

from quiz.cli.options import Options, common, json_option, pass_options, trust_option
from quiz.cli.output import print_json
from quiz.cli.progress import Bar
from quiz.errors import GradeError
from quiz.model.finding import Finding, Severity
from quiz.study.checking import (
    Checked,
    Found,
    Material,
    Mended,
    Meter,
    Plan,
    Survivor,
    Tally,
    check_questions,
    gather,
    mend,
)
from quiz.study.coding import coding

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")
@click.option(
    "--fix",
    "fixing",
    is_flag=True,
    help="Put right in the files what is safe: a missing blank line, a fence's role spelled "
    "nearly right, an anchor for a heading that has another one's.",
)
@click.option("--no-run", is_flag=True, help="Only read the cards; run no code.")
@click.option(
    "--mutants",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Try at most N variants of each solution that should fail; 0: none.",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    metavar="N",
    help="Run each solution under N random seeds.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Answers that run at the same time; one for each core by default.",
)
@click.option("--all", "again", is_flag=True, help="Run what was right and is unchanged, too.")
@json_option
@trust_option
@common
@pass_options
@click.pass_context
def check_command(
    ctx: click.Context,
    options: Options,
    paths: tuple[Path, ...],
    fixing: bool,
    no_run: bool,
    mutants: int,
    seeds: int,
    jobs: int | None,
    again: bool,
    as_json: bool,
) -> None:
    """Check the cards: every error with its place, and every code question run.

    A solution must pass under every seed, well within its time; its starter must not, nor variants
    of it with one small mistake (mutants). What was found right is run again when it, or what
    runs it, has changed.

    Exit status: 0 nothing wrong, 1 errors were found, 2 the check could not be done.
    """
    paths = paths or (options.collection,)
    material = gather(paths, options.cards)
    if fixing and (mended := mend(material.findings)):
        _report_mended(mended, as_json)
        material = gather(paths, options.cards)
    findings = list(material.findings)
    _report(findings, as_json)
    checked: list[Checked] = []
    if material.programs and not no_run:
        plan = Plan(seeds=seeds, mutants=mutants, jobs=jobs or os.cpu_count() or 2)
        checked = asyncio.run(_run(material, options, plan, again=again, as_json=as_json))
        findings += [finding for one in checked for finding in one.findings]
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if not as_json:
        click.secho(
            f"{_plural(material.count, 'question')}: {_plural(errors, 'error')}, "
            f"{_plural(len(findings) - errors, 'warning')}",
            fg="red" if errors else "green",
        )
        _summary(checked)
    ctx.exit(1 if errors else 0)


async def _run(
    material: Material, options: Options, plan: Plan, *, again: bool, as_json: bool
) -> list[Checked]:
    """Run the programs; what was found right so far is remembered even when interrupted."""
    found = Found(device=options.device or "", forget=again)
    bar = Bar("checking")
    meter = Meter(lambda: bar.draw(meter.done, meter.total, meter.rate, meter.left))
    done: list[Checked] = []
    async with coding(options.device or "", trusted=options.trust) as runner:
        checks = check_questions(
            material.programs, runner, plan, accepted=material.accepted, found=found, meter=meter
        )
        try:
            async with aclosing(checks):
                async for checked in checks:
                    bar.clear()
                    _report(checked.findings, as_json)
                    done.append(checked)
        except GradeError as error:
            count = len(material.programs) - len(done)
            raise GradeError(
                f"{_plural(count, 'question')} could not be run: {error.what}",
                fix=error.fix or "`quiz check --no-run` checks the rest.",
            ) from error
        finally:
            bar.clear()
            found.save()
    return done


def _report(findings: Iterable[Finding], as_json: bool) -> None:
    for finding in findings:
        if as_json:
            print_json(_fields(finding))
        else:
            head, _, rest = str(finding).partition(f" {finding.severity}: ")
            click.secho(head, bold=True, nl=False)
            click.secho(f" {finding.severity}: ", fg=_COLOURS[finding.severity], nl=False)
            first, *more = rest.split("\n")
            click.echo(first)
            for line in more:
                click.secho(f"    {line}" if line[:2] in ("- ", "+ ") else line, fg=_of_diff(line))


def _report_mended(mended: Iterable[Mended], as_json: bool) -> None:
    for file in mended:
        for one in file.corrections:
            if as_json:
                fields = {"path": file.path, "line": one.line, "column": 1, "severity": "fixed"}
                change = {"before": one.before, "after": one.after}
                print_json({**fields, "message": one.what, "change": change})
                continue
            click.secho(f"{file.path}:{one.line}:", bold=True, nl=False)
            click.secho(" fixed: ", fg="green", nl=False)
            click.echo(one.what)
            for mark, text in (("- ", one.before), ("+ ", one.after)):
                for line in text.split("\n"):
                    click.secho(f"    {mark}{line}".rstrip(), fg=_of_diff(mark))


def _of_diff(line: str) -> str | None:
    return {"- ": "red", "+ ": "green"}.get(line[:2])


def _fields(finding: Finding) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "severity": finding.severity,
        "message": finding.message,
    }
    if isinstance(finding, Survivor):
        fields["mutant"] = {"question": finding.question, "change": finding.change}
    return fields


def _summary(checked: list[Checked]) -> None:
    tally = sum((one.tally for one in checked), Tally())
    if graded := tally.killed + tally.survived:
        listed = f"; {tally.accepted} more are listed as equivalent" if tally.accepted else ""
        line = f"{tally.killed} of {_plural(graded, 'mutant')} killed ({tally.share:.1%}){listed}"
        click.echo(line)
    if unchanged := sum(one.unchanged for one in checked):
        click.echo(f"{unchanged} unchanged since found right and not run again (--all runs them)")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
