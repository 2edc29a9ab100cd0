"""Cards and reviews from and to other programs: `quiz import`, `quiz export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_error, print_json, print_note
from quiz.cli.progress import Bar
from quiz.errors import ImportFormatError
from quiz.language import _, mark
from quiz.tui.wording import kind_word

if TYPE_CHECKING:
    pass

_PATH = click.Path(path_type=Path, dir_okay=False)
_LOGS = (".jsonl", ".ndjson")
_CARDS = (".apkg", ".colpkg", ".md", ".markdown", ".csv", ".tsv", ".txt")
_SHOWN = 20
"""Things left out that are listed one by one; `--json` lists all."""


@click.command("import")
@click.argument("file", type=_PATH)
@click.option(
    "--into", metavar="FOLDER", help=mark("Folder of the cards; by default named after FILE.")
)
@click.option(
    "--from",
    "format_",
    type=click.Choice(["hashcards", "obsidian", "headings"]),
    help=mark("Format of a Markdown file; recognised if left out."),
)
@click.option(
    "--partial", is_flag=True, help=mark("Of a log, leave out the lines that cannot be read.")
)
@json_option
@common
@pass_options
@click.pass_context
def import_command(
    ctx: click.Context,
    options: Options,
    file: Path,
    into: str | None,
    format_: str | None,
    partial: bool,
    as_json: bool,
) -> None:
    """Add cards of another program, or a log of reviews.

    Cards: Anki packages with their history (.apkg, .colpkg), Markdown (.md: hashcards,
    Obsidian, or a question a heading) and tables (.csv, .tsv: front, back, tags). They become
    new files in the folder of the cards; no file is ever written over.

    Reviews (.jsonl or .csv): a line each with card, rating (1 to 4), time (ISO 8601) and
    duration (milliseconds).

    Importing the same file again changes nothing.
    """
    from quiz.study.exchange import holds_cards

    _check_suffix(file, _LOGS + _CARDS)
    if not holds_cards(file):
        _import_log(ctx, options, file, partial=partial, as_json=as_json)
        return
    _import_cards(options, file, into=into, format_=format_, as_json=as_json)


def _import_cards(
    options: Options, file: Path, *, into: str | None, format_: str | None, as_json: bool
) -> None:
    from quiz.study.importing import import_cards

    bar = Bar(_("importing"))
    try:
        with options.library() as library:
            done = import_cards(library, file, into=into, format_=format_, on_progress=bar.step)
    finally:
        bar.clear()
    if as_json:
        print_json(done)
        return
    click.echo(
        _("{questions} questions in {files} files, below {folder}; {new} files are new").format(
            questions=done.questions,
            files=done.concepts,
            folder=done.folder or _("the root of the cards"),
            new=done.written,
        )
    )
    if done.reviews or done.suspended:
        click.echo(
            _(
                "{reviews} reviews and {suspended} suspended questions; "
                "{new} entries of the history are new"
            ).format(reviews=done.reviews, suspended=done.suspended, new=done.added)
        )
    if done.left_out:
        print_note(_("{n} left out, or not as they were:").format(n=len(done.left_out)))
        for one in done.left_out[:_SHOWN]:
            print_note(str(one))
        if len(done.left_out) > _SHOWN:
            more = _("… and {n} more; --json lists all").format(n=len(done.left_out) - _SHOWN)
            print_note(more)


def _import_log(
    ctx: click.Context, options: Options, file: Path, *, partial: bool, as_json: bool
) -> None:
    from quiz.study.exchange import import_log

    with options.library() as library:
        done = import_log(library, file, partial=partial)
    for problem in done.problems:
        print_error(str(problem))
    stopped = bool(done.problems) and not partial
    if as_json:
        print_json(
            {
                "added": done.added,
                "known": 0 if stopped else done.known,
                "questions": done.questions,
                "without_card": done.without_card,
                "left_out": len(done.problems),
            }
        )
    elif stopped:
        print_error(
            _(
                "nothing was imported: {n} lines cannot be read\n"
                "  Mend them, or leave them out with --partial."
            ).format(n=len(done.problems))
        )
    else:
        click.echo(
            _(
                "{reviews} reviews of {questions} questions added, {known} were there already"
            ).format(reviews=done.added, questions=done.questions, known=done.known)
        )
        if done.without_card:
            print_note(
                _(
                    "{n} of them are not in the cards ({some}…): "
                    "their history is kept for when they are"
                ).format(n=len(done.without_card), some=", ".join(done.without_card[:3]))
            )
    ctx.exit(2 if stopped else 0)


@click.command("export")
@click.argument("file", type=_PATH)
@json_option
@common
@pass_options
def export_command(options: Options, file: Path, as_json: bool) -> None:
    """Write the cards with their history for Anki (.apkg), or all reviews (.jsonl or .csv).

    What is written, `quiz import` reads back.
    """
    _check_suffix(file, (*_LOGS, ".csv", ".apkg"))
    if file.suffix.lower() == ".apkg":
        _export_package(options, file, as_json=as_json)
        return
    from quiz.study.exchange import export_log, not_in_log

    with options.library() as library:
        count = export_log(library, file)
        others = not_in_log(library)
    if as_json:
        print_json({"reviews": count, "left_out": others})
        return
    click.echo(_("{n} reviews written to {file}").format(n=count, file=file))
    if others:
        said = _(
            "a log holds reviews alone: what was suspended, buried, forgotten or set due "
            "({n}) is not in it; `quiz backup` and `quiz sync` keep all"
        )
        print_note(said.format(n=others))


def _export_package(options: Options, file: Path, *, as_json: bool) -> None:
    from quiz.study.exporting import export_package

    with options.library() as library:
        done = export_package(library, file)
    if as_json:
        print_json(done)
        return
    click.echo(
        _("{notes} notes with {cards} cards and {reviews} reviews in {file}").format(
            notes=done.notes, cards=done.cards, reviews=done.reviews, file=file
        )
    )
    if done.made_readable:
        kinds = ", ".join(
            f"{count} {kind_word(kind)}" for kind, count in done.made_readable.items()
        )
        print_note(
            _(
                "Anki does not have these kinds: {kinds}. "
                "They are questions and answers to read there"
            ).format(kinds=kinds)
        )
    for one in done.missing[:_SHOWN]:
        said = _("{file}: this file is missing, so it is not in the package")
        print_note(said.format(file=one))


def _check_suffix(file: Path, known: tuple[str, ...]) -> None:
    if file.suffix.lower() not in known:
        raise ImportFormatError(
            _("`{file}` is not a format quiz reads or writes here").format(file=file.name),
            fix=_("Known are {suffixes}.").format(suffixes=", ".join(known)),
        )
