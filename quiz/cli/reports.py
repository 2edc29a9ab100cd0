"""`quiz due`, `stats`, `search`, `history`: what is known, for people, scripts and status bars."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from quiz.cli import completing
from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_fields, print_json, print_note, print_table
from quiz.errors import Place, QuizError
from quiz.language import _, counted, mark
from quiz.study.values import Statistics
from quiz.tui.wording import kind_word, rating_given, state_word, verdict_word, whole_days


@click.command("due")
@json_option
@common
@pass_options
def due_command(options: Options, as_json: bool) -> None:
    """How much is to be done today, deck by deck."""
    with options.library() as library:
        rows = library.decks()
        if as_json:
            root = rows[0].counts
            print_json(
                {
                    "new": root.new,
                    "learning": root.learning,
                    "review": root.review,
                    "total": root.total,
                    "decks": [
                        {
                            "deck": row.deck,
                            "new": row.counts.new,
                            "learning": row.counts.learning,
                            "review": row.counts.review,
                            "questions": row.questions,
                        }
                        for row in rows
                    ],
                }
            )
            return
        print_table(
            [
                (
                    "  " * row.depth + row.name if sys.stdout.isatty() else row.deck or ".",
                    row.counts.review,
                    row.counts.learning,
                    row.counts.new,
                )
                for row in rows
            ],
            (_("deck"), _("to review"), _("learning"), _("new")),
            right=(1, 2, 3),
        )
        if library.findings:
            print_note(
                counted(
                    "{n} finding in the cards; `quiz check` lists it",
                    "{n} findings in the cards; `quiz check` lists them",
                    len(library.findings),
                )
            )


@click.command("stats")
@click.option(
    "--html", "page", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help=mark("Write all figures with their pictures as one page."),
)  # fmt: skip
@json_option
@common
@pass_options
def stats_command(options: Options, as_json: bool, page: Path | None) -> None:
    """Where the learner stands: streak, retention, what is coming."""
    if page is not None:
        _write_page(options, page)
        return
    with options.library() as library:
        figures: Statistics = library.statistics()
    if as_json:
        print_json(figures)
        return
    week = list(figures.forecast.values())[:7]
    print_fields(
        {
            _("questions"): figures.questions,
            **{f"  {state_word(name)}": count for name, count in figures.states.items()},
            _("reviews"): figures.reviews,
            _("today"): figures.today,
            _("streak"): whole_days(figures.streak),
            _("retention, 30 days"): _percent(figures.retention),
            f"  {_('mature')}": _percent(figures.mature_retention),
            _("code passed at first run"): _percent(figures.first_try),
            _("due in the next 7 days"): " ".join(str(count) for count in week),
        }
    )


@click.command("search")
@click.argument("words", nargs=-1, metavar="QUERY")
@json_option
@common
@pass_options
def search_command(options: Options, words: tuple[str, ...], as_json: bool) -> None:
    """List questions: words, and kind: tag: deck: is: due: id: lapses> reps> and the like.

    An empty query lists all. `-word` excludes; write `--` before a query that begins with it.
    """
    # One argument is a query; of several, the shell has taken the quotes off.
    several = (f'"{word}"' if " " in word else word for word in words)
    with options.library() as library:
        rows = library.rows(words[0] if len(words) == 1 else " ".join(several))
    if as_json:
        for row in rows:
            print_json(row)
        return
    print_table(
        [(row.question, *_words(row.kind, row.state), row.due, row.prompt) for row in rows],
        (_("question"), _("kind"), _("state"), _("due"), _("prompt")),
    )


@click.command("history")
@click.argument("question", shell_complete=completing.questions)
@json_option
@common
@pass_options
def history_command(options: Options, question: str, as_json: bool) -> None:
    """All reviews of one question, with the memory after each."""
    with options.library() as library:
        history = library.question_history(question)
    memory = history.memory
    if as_json:
        print_json(
            {
                "question": history.question,
                "memory": None
                if memory is None
                else {
                    "stability": memory.stability,
                    "difficulty": memory.difficulty,
                    "due": memory.due,
                    "state": memory.state,
                    "interval": memory.interval,
                    "lapses": memory.lapses,
                    "reps": memory.reps,
                    "retrievability": history.retrievability,
                },
                "reviews": [
                    {
                        "time": step.review.time,
                        "rating": step.review.rating,
                        "duration": step.review.duration,
                        "stability": step.memory.stability if step.memory else None,
                        "difficulty": step.memory.difficulty if step.memory else None,
                        "kind": step.review.kind,
                        "verdict": step.review.verdict,
                        "attempts": step.review.attempts,
                        "hints": step.review.hints,
                        "answer": step.review.answer,
                        "as": step.review.question,
                    }
                    for step in history.steps
                ],
            }
        )
        return
    click.secho(history.question, bold=True)
    if history.prompt:
        click.echo(history.prompt)
    names = dict.fromkeys(step.review.question for step in history.steps)
    for name in names:
        if name != history.question:
            again = f"quiz relink '{history.question}' '{name}'"
            said = _("with the history of {old}; if that is another question: {command}")
            click.echo(said.format(old=name, command=again))
    if memory is not None:
        print_fields(
            {
                _("state"): state_word(memory.state.value),
                _("due"): memory.due,
                _("stability"): _("{n} days").format(n=f"{memory.stability:.2f}"),
                _("difficulty"): f"{memory.difficulty:.2f}",
                _("recall now"): _percent(history.retrievability),
                _("lapses"): memory.lapses,
            }
        )
    print_table(
        [
            (
                step.review.time,
                rating_given(step.review),
                _("{n} s").format(n=f"{step.review.duration / 1000:.1f}"),
                step.memory.stability if step.memory else None,
                step.memory.difficulty if step.memory else None,
                verdict_word(step.review.verdict),
            )
            for step in history.steps
        ],
        (_("time"), _("rating"), _("took"), _("stability"), _("difficulty"), _("verdict")),
        right=(2, 3, 4),
    )


def _write_page(options: Options, path: Path) -> None:
    from quiz.cli.statistics_page import page
    from quiz.study.report import report
    from quiz.tui.naming import collection_name

    with options.library() as library:
        text = page(report(library.ledger), collection_name(library), library.today())
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        said = _("cannot be written: {why}").format(why=error.strerror)
        raise QuizError(said, where=Place(str(path))) from error
    click.echo(_("wrote {path}").format(path=path))


def _words(kind: str, state: str) -> tuple[str, str]:
    """For people on a terminal; a pipe gets the words that a search understands."""
    return (kind_word(kind), state_word(state)) if sys.stdout.isatty() else (kind, state)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f} %"
