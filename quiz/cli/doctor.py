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
from quiz.cli.output import padded, print_json
from quiz.errors import QuizError
from quiz.language import _, counted
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
            click.secho(f"{sign} {padded(check.name, 22)}", fg=colour, nl=False)
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
        yield Check(
            _("terminal"),
            "warning",
            _("none: the application needs one, the commands do not"),
        )
        return
    state: Literal["ok", "warning"] = "ok" if size.columns >= 80 and size.lines >= 24 else "warning"
    colour = os.environ.get("COLORTERM") or os.environ.get("TERM", "?")
    yield Check(_("terminal"), state, f"{size.columns}×{size.lines}, {colour}")
    encoding = (sys.stdout.encoding or "").lower()
    if "utf" not in encoding:
        said = _("{encoding}: set a UTF-8 locale").format(encoding=encoding or "?")
        yield Check(_("encoding"), "warning", said)


def _library(options: Options) -> Iterator[Check]:
    try:
        with options.library() as library:
            errors = len(library.errors)
            found = counted("{n} question", "{n} questions", len(library.collection.questions))
            if errors:
                found += ", " + counted(
                    "{n} error (`quiz check` lists it)",
                    "{n} errors (`quiz check` lists them)",
                    errors,
                )
            state: Literal["ok", "warning"] = "warning" if errors else "ok"
            yield Check(_("cards"), state, f"{library.collection.root}: {found}")
            entries = counted("{n} entry, sound", "{n} entries, sound", library.log_size())
            yield Check(_("history"), "ok", f"{library.database}: {entries}")
    except QuizError as error:
        yield Check(_("cards and history"), "error", str(error).replace("\n  ", " "))


async def _grader(options: Options) -> list[Check]:
    try:
        torch = version("torch")
    except PackageNotFoundError:
        return [
            Check(
                "torch",
                "error",
                _(
                    "not installed: everything but code and predict questions works; "
                    "`pip install torch` adds them"
                ),
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
                    _("grading"),
                    "ok" if verdict.passed else "error",
                    _("on {device}, first answer in {time} s").format(
                        device=verdict.device, time=f"{verdict.seconds:.1f}"
                    )
                    if verdict.passed
                    else verdict.message,
                )
            )
            for layer in await runner.layers():
                name = _("jail: {layer}").format(layer=_(layer.name))
                checks.append(Check(name, "ok" if layer.holds else "warning", layer.detail))
    except QuizError as error:
        checks.append(Check(_("grading"), "error", str(error).replace("\n  ", " ")))
    return checks
