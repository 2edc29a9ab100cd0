"""`quiz doctor`: what works here and what does not, each thing tried, not assumed."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import click

from quiz import __version__
from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_json
from quiz.errors import QuizError
from quiz.model.question import Code, Fence
from quiz.study.coding import coding

_SIGNS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    name: str
    state: Literal["ok", "warning", "error"]
    detail: str


@click.command("doctor")
@json_option
@common
@pass_options
@click.pass_context
def doctor_command(ctx: click.Context, options: Options, as_json: bool) -> None:
    """Device, jail, database, cards, terminal: what works here and what does not."""
    failed = False
    for check in _checks(options):
        failed |= check.state == "error"
        if as_json:
            print_json(check)
        else:
            sign, colour = _SIGNS[check.state]
            click.secho(f"{sign} {check.name:<22}", fg=colour, nl=False)
            click.echo(f" {check.detail}")
    ctx.exit(1 if failed else 0)


def _checks(options: Options) -> Iterator[Check]:
    yield Check("quiz", "ok", f"{__version__}, Python {platform.python_version()}, {sys.platform}")
    yield from _terminal()
    yield from _library(options)
    yield from asyncio.run(_grader(options))


def _terminal() -> Iterator[Check]:
    size = shutil.get_terminal_size()
    if not sys.stdout.isatty():
        yield Check("terminal", "warning", "none: the application needs one, the commands do not")
        return
    state: Literal["ok", "warning"] = "ok" if size.columns >= 80 and size.lines >= 24 else "warning"
    colour = os.environ.get("COLORTERM") or os.environ.get("TERM", "unknown")
    yield Check("terminal", state, f"{size.columns}×{size.lines}, {colour}")
    encoding = (sys.stdout.encoding or "").lower()
    if "utf" not in encoding:
        yield Check("encoding", "warning", f"{encoding or 'unknown'}: set a UTF-8 locale")


def _library(options: Options) -> Iterator[Check]:
    try:
        with options.library() as library:
            errors = len(library.errors)
            yield Check(
                "cards",
                "warning" if errors else "ok",
                f"{library.collection.root}: {len(library.collection.questions)} questions"
                + (f", {errors} errors (`quiz check` lists them)" if errors else ""),
            )
            yield Check("history", "ok", f"{library.database}: {library.log_size()} entries, sound")
    except QuizError as error:
        yield Check("cards and history", "error", str(error).replace("\n  ", " "))


async def _grader(options: Options) -> list[Check]:
    try:
        torch = version("torch")
    except PackageNotFoundError:
        return [
            Check(
                "torch",
                "error",
                "not installed: everything but code and predict questions works; "
                "`pip install torch` adds them",
            )
        ]
    checks = [Check("torch", "ok", torch)]
    program = Code(
        solution=Fence("def double(x):\n    return x * 2", 1),
        cases=Fence("yield torch.tensor([1, 2])", 1),
    )
    try:
        async with coding(options.device or "", trusted=True) as runner:
            verdict = await runner.grade(program, program.solution.text)
            checks.append(
                Check(
                    "grading",
                    "ok" if verdict.passed else "error",
                    f"on {verdict.device}, first answer in {verdict.seconds:.1f} s"
                    if verdict.passed
                    else verdict.message,
                )
            )
            for layer in await runner.layers():
                checks.append(
                    Check(f"jail: {layer.name}", "ok" if layer.holds else "warning", layer.detail)
                )
    except QuizError as error:
        checks.append(Check("grading", "error", str(error).replace("\n  ", " ")))
    return checks
