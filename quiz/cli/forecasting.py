"""`quiz forecast`: what a desired retention and limits would cost and bring."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_json, print_table
from quiz.cli.progress import Bar
from quiz.language import _, mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from quiz.study.forecasting import Outlook


@click.command("forecast")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=365, help=mark("How far; a year if not.")
)
@click.option(
    "--new-per-day", type=click.IntRange(0, 9999), metavar="N", help=mark("Instead of your limit.")
)
@click.option(
    "--reviews-per-day",
    type=click.IntRange(0, 9999),
    metavar="N",
    help=mark("Instead of your limit."),
)
@json_option
@common
@pass_options
def forecast_command(
    options: Options,
    days: int,
    new_per_day: int | None,
    reviews_per_day: int | None,
    as_json: bool,
) -> None:
    """Simulate a year of study, for a desired retention from 70 % to 97 %.

    With your own cards, weights and habits: how many reviews a day each costs, and how many
    questions you would know in the end. Nothing is changed.
    """
    from quiz.study.forecasting import outlook

    with options.library() as library, _progress() as show:
        found = outlook(
            library.ledger,
            days=days,
            new_per_day=new_per_day,
            reviews_per_day=reviews_per_day,
            on_progress=show,
        )
    if as_json:
        print_json(_as_json(found))
        return
    if sys.stdout.isatty():
        _draw(found)
    _print(found)


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    bar = Bar(_("simulating"))
    began = time.monotonic()

    def show(share: float) -> None:
        spent = time.monotonic() - began
        left = spent / share - spent if share else None
        bar.draw(round(share * 1000), 1000, share * 1000 / max(spent, 1e-9), left)

    try:
        yield show
    finally:
        bar.clear()


def _as_json(found: Outlook) -> dict[str, object]:
    return {
        "days": found.days,
        "questions": found.questions,
        "new": found.new,
        "new_per_day": found.new_per_day,
        "reviews_per_day": found.reviews_per_day,
        "desired_retention": found.desired_retention,
        "weights": found.weights_version,
        "forecasts": [
            {
                "retention": one.retention,
                "reviews_a_day": one.reviews_a_day,
                "reviews": one.reviews,
                "known": [
                    {"day": day, "questions": known}
                    for day, known in zip(one.known_days, one.known, strict=True)
                ],
                "waiting": one.waiting,
            }
            for one in found.forecasts
        ],
    }


def _draw(found: Outlook) -> None:
    from quiz.tui.plots import Axis, Curve, plot, round_top

    across = Axis(_("retention"), 0.70, 1.00, lambda share: f"{share:.0%}")
    for name, color, points in (
        (
            _("reviews a day"),
            "cyan",
            [(one.retention, one.reviews_a_day) for one in found.forecasts],
        ),
        (_("known"), "green", [(one.retention, one.known[-1]) for one in found.forecasts]),
    ):
        top = round_top(max(y for x, y in points))
        click.echo(plot([Curve(points, color)], across, Axis(name, 0, top, lambda n: f"{n:.4g}")))
        click.echo()


def _print(found: Outlook) -> None:
    if sys.stdout.isatty():
        weights = _("default weights")
        if found.weights_version:
            weights = _("weights {version}").format(version=found.weights_version)
        click.echo(
            _(
                "{questions} questions, {new} of them new; at most {new_per_day} new and "
                "{reviews_per_day} reviews a day; {weights}; {days} days"
            ).format(
                questions=found.questions,
                new=found.new,
                new_per_day=found.new_per_day,
                reviews_per_day=found.reviews_per_day,
                weights=weights,
                days=found.days,
            )
        )
    print_table(
        [
            (
                f"{one.retention:.0%}",
                f"{one.reviews_a_day:.1f}",
                max(one.reviews),
                f"{one.known[-1]:.0f}",
                one.waiting,
            )
            for one in found.forecasts
        ],
        (
            _("retention"),
            _("reviews a day"),
            _("busiest day"),
            _("known in the end"),
            _("waiting then"),
        ),
        right=(0, 1, 2, 3, 4),
    )
    if sys.stdout.isatty():
        click.echo(
            _(
                "In force: {share} (`desired_retention` in quiz.toml). What is waiting found no "
                "room within the limits."
            ).format(share=f"{found.desired_retention:.0%}")
        )
