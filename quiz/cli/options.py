"""The options every command takes, before or after its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from quiz.language import mark
from quiz.settings import find_cards, find_database

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Options:
    """What was said on the command line that is not the command's own."""

    cards: Path | None = None
    db: Path | None = None
    device: str | None = None
    language: str | None = None
    debug: bool = False
    trust: bool = False

    @property
    def collection(self) -> Path:
        """The folder of the cards."""
        return find_cards(self.cards)

    @property
    def database(self) -> Path:
        """The history's file, without opening it."""
        from quiz.deck.config import read_config

        return find_database(self.db, read_config(self.collection).config.name)

    @property
    def flags(self) -> dict[str, Any]:
        """The settings among them."""
        return {"device": self.device, "language": self.language}

    @contextmanager
    def library(self) -> Iterator[Any]:
        """The collection with its history, open."""
        from quiz.study.library import Library

        library = Library.open(self.collection, self.db, flags=self.flags)
        try:
            yield library
        finally:
            library.close()


pass_options = click.make_pass_decorator(Options, ensure=True)


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value:
        assert param.name is not None
        setattr(ctx.ensure_object(Options), param.name, value)


def common(command: F) -> F:
    """Add the common options to a command (or to the group)."""
    path = click.Path(path_type=Path)
    for decorate in (
        click.option(
            "--debug", is_flag=True, expose_value=False, callback=_remember,
            help=mark("Show the traceback of an error."),
        ),
        click.option(
            "--lang", "language", metavar="TAG", expose_value=False, callback=_remember,
            help=mark("Language of the cards and of this program, such as ko."),
        ),
        click.option(
            "--device", type=click.Choice(["cpu", "cuda", "mps"]), expose_value=False,
            callback=_remember, help=mark("Where answers run; the best there is by default."),
        ),
        click.option(
            "--db", type=path, metavar="FILE", expose_value=False, callback=_remember,
            help=mark("The history's file.  [env: QUIZ_DB]"),
        ),
        click.option(
            "--cards", type=path, metavar="DIR", expose_value=False, callback=_remember,
            help=mark("The folder of the cards.  [env: QUIZ_CARDS]"),
        ),
    ):  # fmt: skip
        command = decorate(command)
    return command


def json_option(command: F) -> F:
    """Add `--json` to a command that reports."""
    return click.option(
        "--json", "as_json", is_flag=True, help=mark("Print JSON: one object, or one a line.")
    )(command)


def trust_option(command: F) -> F:
    """Add `--trust` to a command that runs code."""
    return click.option(
        "--trust", is_flag=True, expose_value=False, callback=_remember,
        help=mark("Run the code of these cards even where no jail can hold it."),
    )(command)  # fmt: skip
