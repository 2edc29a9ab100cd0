"""`quiz check`: is every card right, and does every code question hold?"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from quiz.cli.options import Options, common, json_option, pass_options, trust_option
from quiz.cli.output import print_json
from quiz.deck.collection import load
from quiz.errors import CardError, GradeError
from quiz.model.finding import Finding, Severity
from quiz.model.question import Question
from quiz.study.checking import check_questions, runnable
from quiz.study.coding import coding, collection_root

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")
@click.option("--no-run", is_flag=True, help="Only read the cards; run no code.")
@json_option
@trust_option
@common
@pass_options
@click.pass_context
def check_command(
    ctx: click.Context, options: Options, paths: tuple[Path, ...], no_run: bool, as_json: bool
) -> None:
    """Check the cards: every error with its place, and every code question run.

    Exit status: 0 nothing wrong, 1 errors were found, 2 the check could not be done.
    """
    findings: list[Finding] = []
    questions: list[Question] = []
    for path in paths or (options.collection,):
        collected, chosen = _collect(path, options)
        findings += collected
        questions += chosen
    _report(findings, as_json)
    count = len({question.id for question in questions})
    if not no_run:
        findings += asyncio.run(_run(questions, options, as_json))
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if not as_json:
        warnings = len(findings) - errors
        click.secho(
            f"{count} questions: {errors} error{'s' * (errors != 1)}, "
            f"{warnings} warning{'s' * (warnings != 1)}",
            fg="red" if errors else "green",
        )
    ctx.exit(1 if errors else 0)


def _collect(path: Path, options: Options) -> tuple[list[Finding], list[Question]]:
    if not path.exists():
        raise CardError(f"there is no `{path}`", fix="Give a folder of cards or a card's file.")
    target = path.resolve()
    collection = load(collection_root(path, options.cards))

    def inside(name: str) -> bool:
        file = Path(name).resolve()
        if not path.is_file():
            return file.is_relative_to(target)
        # A translation is checked with its base file, and the base with its translations.
        base = target.name.removesuffix(".md").partition(".")[0]
        return file.parent == target.parent and file.name.partition(".")[0] == base

    return (
        [finding for finding in collection.findings if inside(finding.place.path)],
        [question for question in collection.questions.values() if inside(question.place.path)],
    )


async def _run(questions: list[Question], options: Options, as_json: bool) -> list[Finding]:
    to_run = runnable(questions)
    if not to_run:
        return []
    findings: list[Finding] = []
    async with coding(options.device or "", trusted=options.trust) as runner:
        try:
            with _progress(len(to_run)) as bar:
                async for checked in check_questions(to_run, runner):
                    bar.clear()
                    _report(checked.findings, as_json)
                    findings += checked.findings
                    bar.advance()
        except GradeError as error:
            raise GradeError(
                f"{len(to_run)} code questions were not run: {error.what}",
                fix=error.fix or "`quiz check --no-run` checks the rest.",
            ) from error
    return findings


def _report(findings: list[Finding] | tuple[Finding, ...], as_json: bool) -> None:
    for finding in findings:
        if as_json:
            print_json(
                {
                    "path": finding.place.path,
                    "line": finding.place.line,
                    "column": finding.place.column,
                    "severity": finding.severity,
                    "message": finding.message,
                }
            )
        else:
            head, _, rest = str(finding).partition(f" {finding.severity}: ")
            click.secho(head, bold=True, nl=False)
            click.secho(f" {finding.severity}: ", fg=_COLOURS[finding.severity], nl=False)
            click.echo(rest)


class _Bar:
    """A count on standard error, on a terminal only."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = sys.stderr.isatty()

    def advance(self) -> None:
        self._done += 1
        if self._shown:
            click.echo(f"\rrunning code: {self._done}/{self._total} ", nl=False, err=True)

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


@contextmanager
def _progress(total: int) -> Iterator[_Bar]:
    bar = _Bar(total)
    try:
        yield bar
    finally:
        bar.clear()
