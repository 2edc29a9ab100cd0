"""`quiz import`, `export`, `backup`, `restore`, `rebuild`, `relink`, `merge`: the history."""

from __future__ import annotations

from pathlib import Path

import click

from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_error, print_json, print_note, print_table
from quiz.errors import ImportFormatError

_PATH = click.Path(path_type=Path, dir_okay=False)
_LOGS = (".jsonl", ".ndjson")
_CARDS = (".apkg", ".colpkg", ".md", ".markdown", ".csv", ".tsv", ".txt")
_SHOWN = 20
"""Things left out that are listed one by one; `--json` lists all."""


@click.command("import")
@click.argument("file", type=_PATH)
@click.option("--into", metavar="FOLDER", help="Folder of the cards; by default named after FILE.")
@click.option(
    "--from",
    "format_",
    type=click.Choice(["hashcards", "obsidian", "headings"]),
    help="Format of a Markdown file; recognised if left out.",
)
@click.option("--partial", is_flag=True, help="Of a log, leave out the lines that cannot be read.")
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

    with options.library() as library:
        done = import_cards(library, file, into=into, format_=format_)
    if as_json:
        print_json(done)
        return
    click.echo(
        f"{done.questions} questions in {done.concepts} files, "
        f"below {done.folder or 'the root of the cards'}; {done.written} files are new"
    )
    if done.reviews or done.suspended:
        click.echo(
            f"{done.reviews} reviews and {done.suspended} suspended questions; "
            f"{done.added} entries of the history are new"
        )
    if done.left_out:
        print_note(f"{len(done.left_out)} left out, or not as they were:")
        for one in done.left_out[:_SHOWN]:
            print_note(str(one))
        if len(done.left_out) > _SHOWN:
            print_note(f"… and {len(done.left_out) - _SHOWN} more; --json lists all")


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
            f"nothing was imported: {len(done.problems)} lines cannot be read\n"
            "  Mend them, or leave them out with --partial."
        )
    else:
        click.echo(
            f"{done.added} reviews of {done.questions} questions added, "
            f"{done.known} were there already"
        )
        if done.without_card:
            print_note(
                f"{len(done.without_card)} of them are not in the cards "
                f"({', '.join(done.without_card[:3])}…): their history is kept for when they are"
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
    from quiz.study.exchange import export_log

    with options.library() as library:
        count = export_log(library, file)
    if as_json:
        print_json({"reviews": count})
    else:
        click.echo(f"{count} reviews written to {file}")


def _export_package(options: Options, file: Path, *, as_json: bool) -> None:
    from quiz.study.exporting import export_package

    with options.library() as library:
        done = export_package(library, file)
    if as_json:
        print_json(done)
        return
    click.echo(f"{done.notes} notes with {done.cards} cards and {done.reviews} reviews in {file}")
    if done.made_readable:
        kinds = ", ".join(f"{count} {kind}" for kind, count in done.made_readable.items())
        print_note(
            f"Anki does not have these kinds: {kinds}. They are questions and answers to read there"
        )
    for one in done.missing[:_SHOWN]:
        print_note(f"{one}: this file is missing, so it is not in the package")


@click.command("backup")
@common
@pass_options
def backup_command(options: Options) -> None:
    """Back the history up now, and list the backups there are."""
    with options.library() as library:
        path = library.backup(force=True)
        if path is not None:
            click.echo(f"backed up to {path}")
        _print_backups(library.backups())


@click.command("restore")
@click.argument("backup", type=_PATH, required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
@pass_options
def restore_command(options: Options, backup: Path | None, yes: bool) -> None:
    """Put a backup in the history's place, which is kept aside. Without BACKUP: list them."""
    from quiz.store.backup import compare, list_backups, restore

    database = options.database
    if backup is None:
        _print_backups(list_backups(database))
        return
    if not yes:
        change = compare(database, backup)
        click.echo(
            f"{change.only_here} entries of the log would go, {change.only_there} would come back."
        )
        click.confirm(f"Replace {database} by {backup}? The present file is kept aside", abort=True)
    kept = restore(database, backup)
    click.echo(f"restored {backup}" + (f"; what was there is now {kept}" if kept else ""))


@click.command("rebuild")
@common
@pass_options
def rebuild_command(options: Options) -> None:
    """Compute every memory again from the log."""
    with options.library() as library:
        count, changed = library.rebuild()
    click.echo(f"{count} questions rebuilt from the log, {changed} of them changed")


@click.command("relink")
@click.argument("old")
@click.argument("new")
@common
@pass_options
def relink_command(options: Options, old: str, new: str) -> None:
    """Give the history of the question OLD to the question NEW; swap them to take it back."""
    with options.library() as library:
        library.relink(old, new)
    click.echo(f"the history of {old} is now that of {new}")


@click.command("merge")
@click.argument("other", type=_PATH)
@common
@pass_options
def merge_command(options: Options, other: Path) -> None:
    """Join the history of another machine (its .db file) to this one."""
    with options.library() as library:
        added = library.merge(other)
    click.echo(f"{added} entries of {other} added")


def _check_suffix(file: Path, known: tuple[str, ...]) -> None:
    if file.suffix.lower() not in known:
        raise ImportFormatError(
            f"`{file.name}` is not a format quiz reads or writes here",
            fix=f"Known are {', '.join(known)}.",
        )


def _print_backups(backups: object) -> None:
    print_table(
        [
            (backup.time, backup.reviews, f"{backup.size / 1024:.0f} KiB", backup.path)
            for backup in backups  # type: ignore[attr-defined]
        ],
        ("date", "reviews", "size", "file"),
        right=(1, 2),
    )
