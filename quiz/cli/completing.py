"""Shell completion: the names of decks, cards, questions and tags; `quiz completion SHELL`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quiz.cli.options import Options
from quiz.cli.output import print_note
from quiz.errors import QuizError
from quiz.language import _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from quiz.deck.collection import Collection

_SHELLS = {
    "bash": 'eval "$(quiz completion bash)"  # in ~/.bashrc',
    "zsh": 'eval "$(quiz completion zsh)"  # in ~/.zshrc, below compinit',
    "fish": "quiz completion fish | source  # in ~/.config/fish/config.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_SHELLS)), required=False)
@click.pass_context
def completion_command(ctx: click.Context, shell: str | None) -> None:
    """Print what makes SHELL complete commands, options, decks, cards and questions.

    \b
    bash, in ~/.bashrc:    eval "$(quiz completion bash)"
    zsh, in ~/.zshrc:      eval "$(quiz completion zsh)"
    fish, in config.fish:  quiz completion fish | source
    """
    from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

    programs: dict[str, type[ShellComplete]] = {
        "bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete,
    }  # fmt: skip
    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in programs:
        raise QuizError(
            _("there is no completion for the shell `{name}`").format(name=name),
            fix=_("Name one of {shells}.").format(shells=", ".join(_SHELLS)),
        )
    click.echo(programs[name](ctx.find_root().command, {}, "quiz", "_QUIZ_COMPLETE").source())
    if sys.stdout.isatty():
        print_note(_("this is for your shell to read: {line}").format(line=_SHELLS[name]))


def decks(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The decks of the collection."""
    collection = _collection(ctx)
    return _matching([deck for deck in collection.decks if deck] if collection else (), incomplete)


def cards(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The decks, each with a stroke at its end, and the concepts."""
    collection = _collection(ctx)
    if collection is None:
        return []
    folders = [f"{deck}/" for deck in collection.decks if deck]
    return _matching([*folders, *(entry.concept for entry in collection.entries)], incomplete)


def questions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The ids of all questions."""
    collection = _collection(ctx)
    return _matching(collection.questions if collection else (), incomplete)


def tags(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The tags of all concepts."""
    collection = _collection(ctx)
    found = {tag for entry in collection.entries for tag in entry.tags} if collection else ()
    return _matching(sorted(found), incomplete)


def runnable(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[str] | list[CompletionItem]:
    """`CARD.md` as the shell completes files; behind its `#` the questions that are run."""
    name, sign, _anchor = incomplete.partition("#")
    if not sign:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]
    from quiz.deck.collection import load
    from quiz.model.question import Program
    from quiz.study.coding import collection_root

    path = Path(name)
    if not path.is_file():
        return []
    files = load(collection_root(path, ctx.ensure_object(Options).cards)).files.values()
    file = next((one for one in files if Path(one.file.path).resolve() == path.resolve()), None)
    concept = file.parsed.concept if file else None
    found = (
        [one for one in concept.questions if isinstance(one.content, Program)] if concept else []
    )
    return _matching([f"{name}#{one.id.partition('#')[2]}" for one in found], incomplete)


def _collection(ctx: click.Context) -> Collection | None:
    """The cards that are meant; None where there are none: a shell cannot show an error here."""
    from quiz.deck.collection import load

    try:
        return load(ctx.ensure_object(Options).collection)
    except QuizError:
        return None


def _matching(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
