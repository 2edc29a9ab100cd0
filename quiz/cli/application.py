"""`quiz` and `quiz review`: the application in the terminal."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from quiz.cli import completing
from quiz.cli.options import Options, common, pass_options
from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.settings import nothing_chosen
from quiz.study.values import Selection

if TYPE_CHECKING:
    from quiz.study.library import Library


@click.command("review")
@click.argument("deck", default="", shell_complete=completing.decks)
@click.option("--new", type=click.IntRange(0), metavar="N", help=mark("At most N new questions."))
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help=mark("At most N questions in all.")
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="T",
    shell_complete=completing.tags,
    help=mark("Only questions with this tag."),
)
@click.option(
    "--query", default="", metavar="Q", help=mark("Only questions that `quiz search Q` lists.")
)
@click.option("--plain", is_flag=True, help=mark(
    "Line by line, without drawing: for screen readers, simple terminals and pipes."
))  # fmt: skip
@click.option("--cram", is_flag=True, help=mark("Due or not, without any effect on the schedule."))
@common
@pass_options
def review_command(
    options: Options, deck: str, new: int | None, limit: int | None, tags: tuple[str, ...],
    query: str, cram: bool, plain: bool,
) -> None:  # fmt: skip
    """Go straight into a session, of DECK or of everything."""
    selection = Selection(
        deck=deck.strip("/"), tags=tags, query=query, new=new, limit=limit, cram=cram
    )
    if plain:
        from quiz.cli.plain import review

        review(open_library(options), selection)
    else:
        open_application(options, selection)


def open_library(options: Options) -> Library:
    """The collection with its history, to be closed by who asked for it."""
    from quiz.study.library import Library

    return Library.open(options.collection, options.db, flags=options.flags)


def open_application(options: Options, selection: Selection | None) -> None:
    """Run the application; it opens the collection itself, after its first frame."""
    served = "TEXTUAL_DRIVER" in os.environ  # by `quiz serve`: a browser is the terminal
    if not served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuizError(
            _("the application needs a terminal"),
            fix=_(
                "Run it in one, or line by line with `quiz review --plain`; for scripts there are "
                "`quiz due`, `quiz stats` and `quiz search`."
            ),
        )
    # Nothing is dropped before the cards have been read; then the collector goes to work.
    gc.disable()
    from quiz.tui.app import QuizApp

    app = QuizApp(
        partial(open_library, options),
        start=selection,
        welcome=selection is None
        and options.cards is None
        and options.db is None
        and nothing_chosen(),
        debug_errors=options.debug,
    )
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
