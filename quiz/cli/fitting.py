"""`quiz optimize`: the scheduler fitted to one's own history."""

from __future__ import annotations

import asyncio
import sys

import click

from quiz.cli.options import Options, common, json_option, pass_options
from quiz.cli.output import print_json, print_table
from quiz.language import _, mark
from quiz.schedule.fit import FitResult
from quiz.study.fitting import adopt, fit, take_back

_FEWEST = 10
"""Reviews of a group that is drawn: the share of fewer says little."""


@click.command("optimize")
@click.option(
    "--undo", is_flag=True, help=mark("Return to the weights before the last adopted ones.")
)
@click.option("--dry-run", is_flag=True, help=mark("Fit and compare, but adopt nothing."))
@json_option
@common
@pass_options
def optimize_command(options: Options, undo: bool, dry_run: bool, as_json: bool) -> None:
    """Fit the scheduler's weights to your history.

    They are adopted only if they predict reviews they have not seen better than the defaults.
    Nothing is rescheduled: the new weights count from the next rating on.
    """
    with options.library() as library:
        if undo:
            earlier = take_back(library.ledger)
            if as_json:
                print_json({"version": earlier})
            else:
                said = _("weights {version} are in force again").format(version=earlier)
                click.echo(said if earlier else _("the default weights are in force again"))
            return
        result = asyncio.run(fit(library.ledger, _show_progress))
        _end_progress()
        version = adopt(library.ledger, result) if result.adopted and not dry_run else None
    if as_json:
        print_json(
            {
                "adopted": version is not None,
                "version": version,
                "reason": result.reason,
                "reviews": result.reviews,
                "held_out": result.held_out,
                "before": result.before,
                "after": result.after,
                "weights": result.weights,
                "calibration_before": result.calibration_before,
                "calibration_after": result.calibration_after,
            }
        )
        return
    _print(result)
    if version is not None:
        said = _("Adopted as weights {version}; `quiz optimize --undo` takes them back.")
        click.echo(said.format(version=version))
    else:
        click.echo(_("Nothing was changed."))


def _print(result: FitResult) -> None:
    click.echo(
        _("{reviews} reviews, {held_out} of them held out to judge by").format(
            reviews=result.reviews, held_out=result.held_out
        )
    )
    if result.before and result.after:
        before, after = result.before, result.after
        print_table(
            [
                (_("log loss"), f"{before.log_loss:.4f}", f"{after.log_loss:.4f}"),
                (_("RMSE in bins"), f"{before.rmse:.4f}", f"{after.rmse:.4f}"),
                ("AUC", f"{before.auc:.4f}", f"{after.auc:.4f}"),
            ],
            (_("on reviews not seen"), _("before"), _("after")),
            right=(1, 2),
        )
        if sys.stdout.isatty():
            _draw_calibration(result)
    click.secho(_(result.reason), fg="green" if result.adopted else "yellow")


def _draw_calibration(result: FitResult) -> None:
    """Predicted against actual recall; right predictions lie on the line."""
    from quiz.tui.plots import Axis, Curve, plot

    before, after = (
        [(group.predicted, group.observed) for group in groups if group.count >= _FEWEST]
        for groups in (result.calibration_before, result.calibration_after)
    )
    least = min((value for point in (*before, *after) for value in point), default=0.0)
    low = max(end for end in (0.0, 0.5, 0.75) if end <= least)
    across, up = (
        Axis(name, low, 1.0, lambda share: f"{share:.0%}") for name in (_("said"), _("came"))
    )
    line = [(low, low), (1.0, 1.0)]
    click.echo()
    click.echo(
        plot(
            [Curve(line, "bright_black"), Curve(before, "yellow", "o"), Curve(after, "green", "x")],
            across,
            up,
            height=10,
        )
    )
    click.echo(
        _(
            "Recall as it was said beforehand and as it came: o before, x after, in groups of\n"
            "{n} reviews and more; right ones lie on the line."
        ).format(n=_FEWEST)
    )
    click.echo()


def _show_progress(share: float) -> None:
    if sys.stderr.isatty():
        click.echo("\r" + _("fitting: {share}").format(share=f"{share:4.0%} "), nl=False, err=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
