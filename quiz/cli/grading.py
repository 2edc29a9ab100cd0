"""`quiz grade`: answers judged from the shell."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from quiz.cli import completing
from quiz.cli.options import Options, common, json_option, pass_options, trust_option
from quiz.cli.output import padded, print_error, print_json
from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.model.verdict import Case, Outcome, Verdict
from quiz.study.coding import coding, find_question, program_of
from quiz.study.text import outcome_word

_SIGNS = {True: ("✓", "green"), False: ("✗", "red")}


@click.command("grade")
@click.argument("card", shell_complete=completing.runnable)
@click.argument("answers", nargs=-1, required=True, metavar="ANSWER.py…")
@click.option("--seed", type=int, help=mark("Repeat a grade with the inputs it had."))
@json_option
@trust_option
@common
@pass_options
@click.pass_context
def grade_command(
    ctx: click.Context, options: Options, card: str, answers: tuple[str, ...], seed: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Grade answers to a question of CARD.md[#ANCHOR]; `-` reads standard input.

    Exit status: 0 all passed, 1 not passed, 2 could not be graded.
    """
    ctx.exit(asyncio.run(_grade_all(options, card, answers, seed, as_json)))


async def _grade_all(
    options: Options, card: str, answers: tuple[str, ...], seed: int | None, as_json: bool
) -> int:
    question = find_question(card, options.cards)
    program = program_of(question)
    worst = 0
    async with coding(options.device or "", trusted=options.trust) as runner:
        for name in answers:
            try:
                text = _read(name)
            except QuizError as error:
                print_error(str(error))
                worst = 2
                continue
            verdict = await runner.grade(program, text, seed=seed)
            # All answers get the inputs of the first, and the solution runs once.
            seed = verdict.seed
            if as_json:
                print_json(_record(name, question.id, verdict))
            else:
                _print(name, verdict)
            worst = max(worst, 0 if verdict.passed else 1 if verdict.outcome.counts else 2)
    return worst


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise QuizError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise QuizError(
            _("{name}: not UTF-8 (byte {position})").format(name=name, position=error.start),
            fix=_("Save the answer as UTF-8."),
        ) from error


def _record(answer: str, question: str, verdict: Verdict) -> dict[str, object]:
    return {
        "answer": answer,
        "question": question,
        "verdict": verdict.outcome,
        "message": verdict.message,
        "seconds": round(verdict.seconds, 6),
        "device": verdict.device,
        "seed": verdict.seed,
        "line": verdict.line,
        "column": verdict.column,
        "traceback": verdict.traceback,
        "printed": verdict.printed,
        "cases": verdict.cases,
    }


def _print(name: str, verdict: Verdict) -> None:
    sign, colour = _SIGNS[verdict.passed]
    head = f"{sign} {name}: {outcome_word(verdict.outcome)}"
    passed = sum(case.outcome is Outcome.PASS for case in verdict.cases)
    cases = _("{passed}/{all} cases").format(passed=passed, all=len(verdict.cases))
    count = f"  {cases}" if verdict.cases else ""
    how = _("{time} ms on {device}, seed {seed}").format(
        time=f"{verdict.seconds * 1000:.0f}", device=verdict.device, seed=verdict.seed
    )
    click.secho(head, fg=colour, bold=True, nl=False)
    click.echo(f"{count}  {how}")
    if not verdict.passed:
        print_failure(verdict)


def print_failure(verdict: Verdict) -> None:
    """Why an answer did not pass: the message, and the failing case that is smallest to read."""
    if verdict.message and verdict.message.strip() not in verdict.traceback:
        _block(verdict.message)
    if verdict.traceback:
        _block(verdict.traceback)
    if verdict.printed:
        _block(f"{_('printed:')}\n{verdict.printed}")
    if (case := verdict.first_failure) is not None:
        _print_case(case, said=(verdict.message, verdict.traceback))


def _print_case(case: Case, said: tuple[str, ...]) -> None:
    """The case, without what was `said` of the whole answer in the same words."""
    _block(case.call)
    if case.expected or case.got:
        for label, text in ((_("expected"), case.expected), (_("got"), case.got)):
            _block(padded(label, 10) + _indent_rest(text))
    for difference in case.differences:
        if not any(difference in sentence for sentence in said):
            _block(f"- {difference}")
    if case.traceback not in said:
        _block(case.traceback)
    if case.printed:
        _block(f"{_('printed:')}\n{case.printed}")


def _indent_rest(text: str) -> str:
    return text.replace("\n", "\n" + " " * 10)


def _block(text: str) -> None:
    click.echo("\n".join("    " + line for line in text.rstrip().splitlines()))
