"""`quiz` and `quiz review`: the application in the terminal."""

from __future__ import annotations

import sys

import click

from quiz.cli import completing
from quiz.cli.options import Options, common, pass_options
from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.study.values import Selection


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
@click.option("--cram", is_flag=True, help=mark("Due or not, without any effect on the schedule."))
@common
@pass_options
def review_command(
    options: Options, deck: str, new: int | None, limit: int | None, tags: tuple[str, ...],
    query: str, cram: bool,
) -> None:  # fmt: skip
    """Go straight into a session, of DECK or of everything."""
    selection = Selection(
        deck=deck.strip("/"), tags=tags, query=query, new=new, limit=limit, cram=cram
    )
    open_application(options, selection)


def open_application(options: Options, selection: Selection | None) -> None:
    """Run the application; it opens the collection itself, after its first frame."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuizError(
            _("the application needs a terminal"),
            fix=_(
                "Run it in one; for scripts there are `quiz due`, `quiz stats` and `quiz search`."
            ),
        )
    from quiz.tui.app import QuizApp

    def opener():  # type: ignore[no-untyped-def]  # noqa: ANN202 - imported after the first frame
        from quiz.study.library import Library

        return Library.open(options.collection, options.db, flags=options.flags)

    app = QuizApp(opener, start=selection, debug_errors=options.debug)
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
