"""`quiz due`, `stats`, `search`, `history`: what is known, for people, scripts and status bars."""

from __future__ import annotations

import sys

import click

from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_fields, print_json, print_note, print_table
from quiz.study.values import Statistics


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
            ("deck", "due", "learning", "new"),
            right=(1, 2, 3),
        )
        if library.findings:
            print_note(f"{len(library.findings)} findings in the cards; `quiz check` lists them")


@click.command("stats")
@json_option
@common
@pass_options
def stats_command(options: Options, as_json: bool) -> None:
    """Where the learner stands: streak, retention, what is coming."""
    with options.library() as library:
        figures: Statistics = library.statistics()
    if as_json:
        print_json(figures)
        return
    week = list(figures.forecast.values())[:7]
    print_fields(
        {
            "questions": figures.questions,
            **{f"  {name}": count for name, count in figures.states.items()},
            "reviews": figures.reviews,
            "today": figures.today,
            "streak": f"{figures.streak} day{'s' * (figures.streak != 1)}",
            "retention, 30 days": _percent(figures.retention),
            "  mature": _percent(figures.mature_retention),
            "code passed at first run": _percent(figures.first_try),
            "due in the next 7 days": " ".join(str(count) for count in week),
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
    with options.library() as library:
        rows = library.rows(" ".join(f'"{word}"' if " " in word else word for word in words))
    if as_json:
        for row in rows:
            print_json(row)
        return
    print_table(
        [(row.question, row.kind, row.state, row.due, row.prompt) for row in rows],
        ("question", "kind", "state", "due", "prompt"),
    )


@click.command("history")
@click.argument("question")
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
                    }
                    for step in history.steps
                ],
            }
        )
        return
    click.secho(history.question, bold=True)
    if history.prompt:
        click.echo(history.prompt)
    if memory is not None:
        print_fields(
            {
                "state": memory.state,
                "due": memory.due,
                "stability": f"{memory.stability:.2f} days",
                "difficulty": f"{memory.difficulty:.2f}",
                "recall now": _percent(history.retrievability),
                "lapses": memory.lapses,
            }
        )
    print_table(
        [
            (
                step.review.time,
                f"{step.review.rating.value} {step.review.rating.name.lower()}",
                f"{step.review.duration / 1000:.1f} s",
                step.memory.stability if step.memory else None,
                step.memory.difficulty if step.memory else None,
                step.review.verdict,
            )
            for step in history.steps
        ],
        ("time", "rating", "took", "stability", "difficulty", "verdict"),
        right=(2, 3, 4),
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f} %"
