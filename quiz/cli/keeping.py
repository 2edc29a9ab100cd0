"""The history itself: `quiz backup`, `restore`, `rebuild`, `relink`, `merge`, `sync`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quiz.cli import completing
from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_json, print_note, print_table
from quiz.errors import StoreError
from quiz.language import _, counted, mark
from quiz.model.review import Entry, Review
from quiz.tui.wording import rating_words

if TYPE_CHECKING:
    from quiz.store.values import Backup, Entries

_PATH = click.Path(path_type=Path, dir_okay=False)
_DAYS = 12
"""Days and decks that are listed one by one; `--json` lists all."""


@click.command("backup")
@json_option
@common
@pass_options
def backup_command(options: Options, as_json: bool) -> None:
    """Back the history up now, and list the backups there are."""
    with options.library() as library:
        path = library.backup(force=True)
        if path is not None and not as_json:
            click.echo(_("backed up to {path}").format(path=path))
        _print_backups(library.backups(), as_json=as_json)


@click.command("restore")
@click.argument("backup", type=_PATH, required=False)
@click.option("--yes", is_flag=True, help=mark("Do not ask."))
@click.option("--dry-run", is_flag=True, help=mark("Show what would change, and change nothing."))
@json_option
@common
@pass_options
def restore_command(
    options: Options, backup: Path | None, yes: bool, dry_run: bool, as_json: bool
) -> None:
    """Put a backup in the history's place, which is kept aside. Without BACKUP: list them."""
    from quiz.store.backup import list_backups, restore

    database = options.database
    if backup is None:
        _print_backups(list_backups(database), as_json=as_json)
        return
    if dry_run or not yes:
        _show_change(database, backup, as_json=as_json, alone=dry_run)
    if dry_run:
        return
    if not yes:
        click.confirm(
            _("Replace {database} by {backup}? The present file is kept aside").format(
                database=database, backup=backup
            ),
            abort=True,
            err=as_json,
        )
    kept = restore(database, backup)
    if as_json:
        print_json({"restored": backup, "kept": kept})
        return
    said = _("restored {backup}").format(backup=backup)
    if kept:
        said = _("restored {backup}; what was there is now {kept}").format(backup=backup, kept=kept)
    click.echo(said)


@click.command("rebuild")
@json_option
@common
@pass_options
def rebuild_command(options: Options, as_json: bool) -> None:
    """Compute every memory again from the log."""
    with options.library() as library:
        count, changed = library.rebuild()
    if as_json:
        print_json({"questions": count, "changed": changed})
        return
    click.echo(
        counted(
            "{n} question rebuilt from the log, {changed} of them changed",
            "{n} questions rebuilt from the log, {changed} of them changed",
            count,
            changed=changed,
        )
    )


@click.command("relink")
@click.argument("old", shell_complete=completing.questions)
@click.argument("new", shell_complete=completing.questions)
@common
@pass_options
def relink_command(options: Options, old: str, new: str) -> None:
    """Give the history of the question OLD to the question NEW; swap them to take it back."""
    with options.library() as library:
        library.relink(old, new)
    click.echo(_("the history of {old} is now that of {new}").format(old=old, new=new))


@click.command("merge")
@click.argument("other", type=_PATH)
@json_option
@common
@pass_options
def merge_command(options: Options, other: Path, as_json: bool) -> None:
    """Join the history of another machine (its .db file) to this one."""
    with options.library() as library:
        added = library.merge(other)
    if as_json:
        print_json({"added": added})
        return
    click.echo(
        counted("{n} entry of {file} added", "{n} entries of {file} added", added, file=other)
    )


@click.command("sync")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@json_option
@common
@pass_options
def sync_command(options: Options, folder: Path | None, as_json: bool) -> None:
    """Join the histories of all your machines by way of a FOLDER that they share.

    Each machine writes one file of its own there and reads those of the others, so that any
    program may keep the folder in step, at any time. Without FOLDER: the one used last.
    """
    from quiz.study.syncing import sync

    with options.library() as library:
        done = sync(library.ledger, folder)
    if as_json:
        print_json(done)
        return
    for one in done.skipped:
        print_note(f"{one.file.name}: {one.reason}")
    read = ", ".join(file.name for file in done.read)
    click.echo(
        counted("{n} entry added", "{n} entries added", done.added) + (f" ({read})" if read else "")
    )
    if done.written:
        click.echo(_("written to {path}").format(path=done.written))


def _show_change(database: Path, backup: Path, *, as_json: bool, alone: bool) -> None:
    """What would go and what would come back; as JSON where that is `alone` to be told."""
    from quiz.store.difference import compare

    try:
        change = compare(database, backup)
    except StoreError as error:
        # A damaged history is what backups are for: it is replaced all the same.
        print_note(_("what would change cannot be told: {why}").format(why=error.what))
        return
    if as_json:
        if alone:
            print_json({"gone": _as_json(change.gone), "back": _as_json(change.back)})
        return
    _print_entries(_("This would go:"), change.gone)
    _print_entries(_("This would come back:"), change.back)
    if not change.gone.by_day and not change.back.by_day:
        click.echo(_("The log would stay as it is."))


def _as_json(entries: Entries) -> dict[str, object]:
    return {
        "reviews": entries.reviews,
        "actions": entries.actions,
        "days": [
            {"day": day, "deck": deck, "entries": count}
            for (day, deck), count in entries.by_day.items()
        ],
        "newest": entries.newest,
    }


def _print_entries(title: str, entries: Entries) -> None:
    if not entries.by_day:
        return
    reviews = counted("{n} review", "{n} reviews", entries.reviews)
    actions = counted("{n} action", "{n} actions", entries.actions)
    click.echo(f"{title} {reviews}, {actions}")
    rows = [(day, deck, count) for (day, deck), count in islice(entries.by_day.items(), _DAYS)]
    print_table(rows, (_("day"), _("deck"), _("entries")), right=(2,))
    if left := len(entries.by_day) - len(rows):
        click.echo(_("… and {n} earlier lines; --dry-run --json lists all").format(n=left))
    click.echo(_("The newest of them:"))
    print_table(
        [(one.time, one.question, _what(one)) for one in entries.newest],
        (_("date"), _("question"), _("what")),
    )
    click.echo()


def _what(entry: Entry) -> str:
    if isinstance(entry, Review):
        return f"{entry.rating.value} {rating_words(entry.rating)[0]}"
    return entry.kind.value


def _print_backups(backups: Sequence[Backup], *, as_json: bool) -> None:
    if as_json:
        for backup in backups:
            print_json(backup)
        return
    print_table(
        [
            (backup.time, backup.reviews, f"{backup.size / 1024:.0f} KiB", backup.path)
            for backup in backups
        ],
        (_("date"), _("reviews"), _("size"), _("file")),
        right=(1, 2),
    )
