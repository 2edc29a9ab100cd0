"""`quiz import`, `export`, `backup`, `restore`, `rebuild`, `relink`, `merge`: the history."""

from __future__ import annotations

from pathlib import Path

import click

from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_error, print_json, print_note, print_table
from quiz.errors import ImportFormatError

_PATH = click.Path(path_type=Path, dir_okay=False)
_LOGS = (".jsonl", ".ndjson", ".csv", ".tsv")


@click.command("import")
@click.argument("file", type=_PATH)
@click.option("--partial", is_flag=True, help="Leave out the lines that cannot be read.")
@json_option
@common
@pass_options
@click.pass_context
def import_command(
    ctx: click.Context, options: Options, file: Path, partial: bool, as_json: bool
) -> None:
    """Add the reviews of a log (.jsonl or .csv) to the history.

    A line is a review: card, rating (1 to 4), time (ISO 8601), duration (milliseconds).
    Importing the same log again changes nothing.
    """
    from quiz.study.exchange import import_log

    _check_suffix(file)
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
@common
@pass_options
def export_command(options: Options, file: Path) -> None:
    """Write all reviews as a log (.jsonl or .csv) that `quiz import` reads back."""
    from quiz.study.exchange import export_log

    _check_suffix(file)
    with options.library() as library:
        count = export_log(library, file)
    click.echo(f"{count} reviews written to {file}")


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


def _check_suffix(file: Path) -> None:
    if file.suffix.lower() not in _LOGS:
        raise ImportFormatError(
            f"`{file.name}` is not a format quiz reads or writes",
            fix=f"Review logs end in {', '.join(_LOGS)}.",
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
