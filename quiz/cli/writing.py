"""`quiz add` and `quiz init`: new cards and new collections."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import click

from quiz.cli import completing
from quiz.cli.options import Options, common, pass_options
from quiz.cli.output import print_error
from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.model.finding import Severity
from quiz.model.question import Kind
from quiz.settings import bundled_cards, editor_command, resolve
from quiz.study.writing import Draft, create_collection, draft, keep, problems, save
from quiz.tui import editor


@click.command("add")
@click.argument("concept", required=False, shell_complete=completing.cards)
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), default="recall",
    help=mark("Which template to begin with."),
)  # fmt: skip
@common
@pass_options
def add_command(options: Options, concept: str | None, kind: str) -> None:
    """Write a new card in $EDITOR: a new concept, or a question added to the one that is there.

    It becomes a file of the collection when it is saved without errors.
    """
    root = options.collection
    if options.cards is None and root == bundled_cards() and root != Path("cards"):
        raise QuizError(
            _("the decks that came with quiz are not the place for your own cards"),
            fix=_("Make a collection with `quiz init notes`, then `quiz add --cards notes`."),
        )
    if concept is None:
        concept = click.prompt(_("concept (deck/name)"))
    new = draft(root, str(concept), Kind(kind))
    text = _edit(new, root)
    if text is None:
        click.echo(_("nothing was changed"))
        return
    save(new, text)
    click.echo(_("saved {path}").format(path=new.path))


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@common
@pass_options
def init_command(options: Options, folder: Path) -> None:
    """Make a new collection in FOLDER, with an example of each kind of question."""
    for path in create_collection(folder):
        click.echo(_("wrote {path}").format(path=path))
    click.echo("\n" + _("Try it: {command}").format(command=f"quiz --cards {folder}"))


def _edit(new: Draft, root: Path) -> str | None:
    """Let the learner edit until there is no error, or they take it as it is; None: given up."""
    command = editor_command(resolve())
    with tempfile.TemporaryDirectory(prefix="quiz-") as folder:
        path = Path(folder) / new.path.name
        path.write_bytes(new.text.encode("utf-8"))
        line = new.line
        while True:
            windowed = editor.is_windowed(command)
            editor.run(editor.command_at(command, path, line), windowed=windowed)
            if windowed:
                click.pause(_("Press a key when the card is saved …"))
            text = path.read_bytes().decode("utf-8", errors="replace")
            if text == new.text:
                return None
            errors = [f for f in problems(root, new, text) if f.severity is Severity.ERROR]
            if not errors:
                return text
            for finding in errors:
                print_error(str(finding))
            if not sys.stdin.isatty():
                _keep(new, text)
            try:
                choice = click.prompt(
                    _("edit again, save it as it is, or discard"),
                    type=click.Choice(["edit", "save", "discard"]), default="edit",
                )  # fmt: skip
            except click.Abort:
                _keep(new, text)
            if choice != "edit":
                return text if choice == "save" else None
            line = max(errors[0].place.line, 1)


def _keep(new: Draft, text: str) -> NoReturn:
    kept = keep(new, text)
    raise QuizError(_("the card has errors; what you wrote is kept in {path}").format(path=kept))
