"""`quiz check`: is every card right, and does every code question hold?"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

import click

from quiz.cli.options import Options, common, json_option, pass_options, trust_option
from quiz.cli.output import print_json
from quiz.cli.progress import Bar
from quiz.errors import GradeError
from quiz.language import _, counted, mark
from quiz.model.finding import Finding, Severity
from quiz.settings import find_database
from quiz.study.checking import (
    Checked,
    Doubted,
    Found,
    Material,
    Mended,
    Meter,
    Plan,
    Survivor,
    Tally,
    can_be_settled,
    check_questions,
    gather,
    mend,
    settle,
)
from quiz.study.coding import coding

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")
@click.option(
    "--fix",
    "fixing",
    is_flag=True,
    help=mark(
        "Put right in the files what is safe: a missing blank line, a fence's role spelled "
        "nearly right, an anchor for a heading that has another one's. On a terminal, ask which "
        "question a history belongs to where that is in doubt."
    ),
)
@click.option("--no-run", is_flag=True, help=mark("Only read the cards; run no code."))
@click.option(
    "--mutants",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help=mark("Try at most N variants of each solution that should fail; 0: none."),
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    metavar="N",
    help=mark("Run each solution under N random seeds."),
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help=mark("Answers that run at the same time; one for each core by default."),
)
@click.option(
    "--all", "again", is_flag=True, help=mark("Run what was right and is unchanged, too.")
)
@click.option(
    "--strict", is_flag=True, help=mark("Exit with 1 for warnings and surviving variants, too.")
)
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
    strict: bool,
    as_json: bool,
) -> None:
    """Check the cards: every error with its place, and every code question run.

    A solution must pass under every seed, well within its time; its starter must not, nor variants
    of it with one small mistake (mutants). What was found right is run again when it, or what
    runs it, has changed.

    Exit status: 0 nothing wrong, 1 errors were found, 2 the check could not be done.
    """
    paths = paths or (options.collection,)
    gathered = partial(gather, paths, options.cards, database=partial(find_database, options.db))
    material = gathered()
    if fixing:
        _report_mended(mend(material.findings), as_json)
        material = gathered()
        if sys.stdin.isatty() and not as_json and _settle(material.findings):
            material = gathered()
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
            f"{_questions(material.count)}: {counted('{n} error', '{n} errors', errors)}, "
            + counted("{n} warning", "{n} warnings", len(findings) - errors),
            fg="red" if errors else "green",
        )
        _summary(checked)
    ctx.exit(1 if errors or (strict and findings) else 0)


async def _run(
    material: Material, options: Options, plan: Plan, *, again: bool, as_json: bool
) -> list[Checked]:
    """Run the programs; what was found right so far is remembered even when interrupted."""
    found = Found(device=options.device or "", forget=again)
    bar = Bar(_("checking"))
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
                _("{questions} could not be run: {reason}").format(
                    questions=_questions(count), reason=error.what
                ),
                fix=error.fix or _("`quiz check --no-run` checks the rest."),
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
            head, _severity, rest = str(finding).partition(f" {finding.severity}: ")
            severity = _("error") if finding.severity is Severity.ERROR else _("warning")
            click.secho(head, bold=True, nl=False)
            click.secho(f" {severity}: ", fg=_COLOURS[finding.severity], nl=False)
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
            click.secho(f" {_('fixed')}: ", fg="green", nl=False)
            click.echo(one.what)
            for sign, text in (("- ", one.before), ("+ ", one.after)):
                for line in text.split("\n"):
                    click.secho(f"    {sign}{line}".rstrip(), fg=_of_diff(sign))


def _settle(findings: Iterable[Finding]) -> bool:
    """Ask which question each history in doubt belongs to; whether a file was changed."""
    changed = False
    for doubt in findings:
        if not isinstance(doubt, Doubted) or not (candidates := list(can_be_settled(doubt))):
            continue
        gone = _("The question of the history {old} is gone. Which one is it now?")
        click.echo(gone.format(old=doubt.old))
        for number, one in enumerate(candidates, 1):
            click.echo(f"  {number}  {one.place}: {one.heading}")
        choice = click.prompt(
            _("its number, or 0 for none of them"),
            type=click.IntRange(0, len(candidates)),
            default=0,
        )
        if choice:
            chosen = candidates[choice - 1]
            done = settle(doubt, chosen)
            changed |= done
            click.secho(f"{chosen.place}:", bold=True, nl=False)
            word = _("fixed") if done else _("not found")
            click.secho(f" {word}: ", fg="green", nl=False)
            click.echo(_("its anchor is that of {old}").format(old=doubt.old))
    return changed


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
        line = counted(
            "{killed} of {n} mutant killed ({share})",
            "{killed} of {n} mutants killed ({share})",
            graded,
            killed=tally.killed,
            share=f"{tally.share:.1%}",
        )
        if tally.accepted:
            line += _("; {n} more are listed as equivalent").format(n=tally.accepted)
        click.echo(line)
    if unchanged := sum(one.unchanged for one in checked):
        said = _("{n} unchanged since found right and not run again (--all runs them)")
        click.echo(said.format(n=unchanged))


def _questions(number: int) -> str:
    return counted("{n} question", "{n} questions", number)
