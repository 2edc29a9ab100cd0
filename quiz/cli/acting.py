"""`quiz suspend`, `bury`, `forget`, `set-due` and their opposites; `quiz undo` and `redo`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quiz.cli import completing
from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_json, print_note, print_table
from quiz.language import _, mark
from quiz.model.review import Action, Review, Standing
from quiz.tui.wording import state_word

if TYPE_CHECKING:
    from quiz.study.ledger import Ledger
    from quiz.study.library import Library

F = TypeVar("F", bound=Callable[..., Any])
Act = Callable[["Ledger", Iterable[str]], list[Standing]]

_SHOWN = 20
"""Questions that are listed one by one; `--json` lists all."""
_MORE = mark("… and {n} more; --json lists all")


def _questions(command: F) -> F:
    """Add what says which questions are meant."""
    for decorate in (
        click.option("--query", metavar="Q", help=mark("Those that `quiz search Q` lists.")),
        click.argument(
            "questions", nargs=-1, metavar="[QUESTION]…", shell_complete=completing.questions
        ),
    ):
        command = decorate(command)
    return command


@click.command("suspend")
@_questions
@json_option
@common
@pass_options
def suspend_command(
    options: Options, questions: Sequence[str], query: str | None, as_json: bool
) -> None:
    """Take questions out of the rotation until `quiz unsuspend`."""
    from quiz.study import acting

    _do(options, questions, query, acting.suspend, mark("suspended"), as_json=as_json)


@click.command("unsuspend")
@_questions
@json_option
@common
@pass_options
def unsuspend_command(
    options: Options, questions: Sequence[str], query: str | None, as_json: bool
) -> None:
    """Put suspended questions back into the rotation; what a card file suspends stays so."""
    from quiz.study import acting

    _do(options, questions, query, acting.unsuspend, mark("unsuspended"), as_json=as_json)


@click.command("bury")
@_questions
@json_option
@common
@pass_options
def bury_command(
    options: Options, questions: Sequence[str], query: str | None, as_json: bool
) -> None:
    """Take questions out of sight until the next study day."""
    from quiz.study import acting

    _do(options, questions, query, acting.bury, mark("buried"), as_json=as_json)


@click.command("unbury")
@_questions
@json_option
@common
@pass_options
def unbury_command(
    options: Options, questions: Sequence[str], query: str | None, as_json: bool
) -> None:
    """Put buried questions in sight again."""
    from quiz.study import acting

    _do(options, questions, query, acting.unbury, mark("unburied"), as_json=as_json)


@click.command("forget")
@_questions
@json_option
@common
@pass_options
def forget_command(
    options: Options, questions: Sequence[str], query: str | None, as_json: bool
) -> None:
    """Make questions new again. The log keeps what was, and `quiz undo` brings it back."""
    from quiz.study import acting

    _do(options, questions, query, acting.forget, mark("forgotten"), as_json=as_json)


@click.command("set-due")
@click.argument("day", metavar="DAY")
@_questions
@json_option
@common
@pass_options
def set_due_command(
    options: Options, day: str, questions: Sequence[str], query: str | None, as_json: bool
) -> None:
    """Have questions asked on DAY: a date as 2026-03-01, or days from today (0, 7).

    A new question is taken to be known until then.
    """
    from quiz.study import acting

    def act(ledger: Ledger, ids: Iterable[str]) -> list[Standing]:
        return acting.set_due(ledger, ids, _day(day, ledger.today()))

    _do(options, questions, query, act, mark("set due"), as_json=as_json)


@click.command("undo")
@json_option
@common
@pass_options
def undo_command(options: Options, as_json: bool) -> None:
    """Take back what was done last: a rating, or all that one command did."""
    from quiz.study import acting

    with options.library() as library:
        undone = acting.undo(library.ledger)
    _report(mark("undone"), undone, as_json=as_json)


@click.command("redo")
@json_option
@common
@pass_options
def redo_command(options: Options, as_json: bool) -> None:
    """Do again what was undone last."""
    from quiz.study import acting

    with options.library() as library:
        redone = acting.redo(library.ledger)
    _report(mark("done again"), redone, as_json=as_json)


def _do(
    options: Options,
    questions: Sequence[str],
    query: str | None,
    act: Act,
    done: str,
    *,
    as_json: bool,
) -> None:
    if not questions and query is None:
        raise click.UsageError(_("Name questions, or say with --query which are meant."))
    with options.library() as library:
        wanted = [*questions, *_found(library, query)]
        changed = act(library.ledger, wanted)
    if as_json:
        for standing in changed:
            print_json(
                {
                    "question": standing.question,
                    "state": standing.state,
                    "suspended": standing.suspended,
                    "buried_until": standing.buried_until,
                    "due": standing.memory.due if standing.memory else None,
                }
            )
        return
    print_table(
        [
            (one.question, state_word(one.state), one.memory.due if one.memory else None)
            for one in changed[:_SHOWN]
        ],
        (_("question"), _("state"), _("due")),
    )
    if len(changed) > _SHOWN:
        print_note(_(_MORE).format(n=len(changed) - _SHOWN))
    same = len(set(wanted)) - len(changed)
    parts = [_("{n} {done}").format(n=len(changed), done=_(done))]
    if same:
        parts.append(_("{n} left as they were").format(n=same))
    if changed:
        parts.append(_("`quiz undo` takes it back"))
    print_note("; ".join(parts))


def _found(library: Library, query: str | None) -> list[str]:
    return [] if query is None else [row.question for row in library.rows(query)]


def _day(text: str, today: date) -> date:
    from quiz.study.acting import read_day

    if (day := read_day(text, today)) is None:
        raise click.UsageError(
            _("{text} is no day: write a date as 2026-03-01, or days from today.").format(
                text=repr(text)
            )
        )
    return day


def _report(done: str, entries: Sequence[Review | Action], *, as_json: bool) -> None:
    rows = [
        (
            entry.question,
            "rating" if isinstance(entry, Review) else entry.kind.value,
            entry.rating.name.lower() if isinstance(entry, Review) else entry.value,
            entry.time,
        )
        for entry in entries
    ]
    if as_json:
        for row in rows:
            print_json(dict(zip(("question", "kind", "value", "time"), row, strict=True)))
        return
    print_table(rows[:_SHOWN], (_(done), _("what"), "", _("of")))
    if len(rows) > _SHOWN:
        print_note(_(_MORE).format(n=len(rows) - _SHOWN))
