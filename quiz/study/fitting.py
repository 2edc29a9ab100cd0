"""Fitting the scheduler to the learner: the fit in a process of its own, and what it changes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict

from quiz.errors import QuizError
from quiz.language import _
from quiz.schedule.fit import (
    FitResult,
    Progress,
    Rated,
    command,
    rated,
    read_answer,
    request_lines,
    worth_refitting,
)
from quiz.study.ledger import Ledger

_TRIED = "fit-tried"
"""Name of the fact that says how long the log was when a fit was last tried."""


class FitError(QuizError):
    """The fitting program could not do its work."""


async def fit(ledger: Ledger, on_progress: Callable[[float], None]) -> FitResult:
    """Fit the weights to the whole log; nothing is adopted. Raises `FitError`.

    `on_progress` is told the share that is done, 0 to 1.
    """
    reviews = rated(ledger.history.entries())
    if not reviews:
        raise FitError(_("there is nothing to fit to: no review was stored yet"))
    result = await _run(reviews, ledger.settings.device, on_progress)
    if not ledger.history.read_only:
        ledger.history.set_meta(_TRIED, str(ledger.history.size()))
    return result


def offer(ledger: Ledger) -> tuple[str, ...]:
    """A remark for the learner where the log has grown by a fifth since a fit was last tried."""
    tried = int(ledger.history.meta(_TRIED) or 0)
    if not worth_refitting(ledger.history.size(), tried):
        return ()
    return (_("`quiz optimize` may fit the schedule to your history, which has grown."),)


def adopt(ledger: Ledger, result: FitResult) -> int:
    """Put fitted weights in force and compute every memory by them: the weights' version.

    What is due stays due when it was: nothing is rescheduled in a flood.
    """
    measures = {
        f"{name}_{when}": value
        for when, metrics in (("before", result.before), ("after", result.after))
        if metrics is not None
        for name, value in asdict(metrics).items()
    }
    row = ledger.history.adopt_weights(
        result.weights, time=ledger.clock(), reviews=result.reviews, report=measures
    )
    _apply(ledger)
    return row.version


def take_back(ledger: Ledger) -> int:
    """Return to the weights before the last adopted ones: their version, 0 the defaults."""
    if ledger.history.weights() is None:
        raise FitError(_("there is nothing to take back: the default weights are in force"))
    row = ledger.history.revert_weights(ledger.clock())
    _apply(ledger)
    return row.version if row else 0


def _apply(ledger: Ledger) -> None:
    ledger.use_weights()
    ledger.rebuild()


async def _run(
    reviews: Sequence[Rated], device: str, on_progress: Callable[[float], None]
) -> FitResult:
    process = await asyncio.create_subprocess_exec(
        *command(device),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    complaint = asyncio.create_task(process.stderr.read())
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.writelines(line.encode() for line in request_lines(reviews))
            await process.stdin.drain()
            process.stdin.close()
        async for line in process.stdout:
            answer = read_answer(line.decode())
            if not isinstance(answer, Progress):
                return answer
            on_progress(answer.share)
    except ValueError as error:
        said = _("the fitting program answered with what is no answer: {why}").format(why=error)
        raise FitError(said) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        text = (await complaint).decode(errors="replace").strip()
    if "No module named 'torch'" in text:
        raise FitError(_("torch is not installed"), fix=_("`pip install torch`, then try again."))
    why = (text.splitlines() or [_("no reason")])[-1]
    raise FitError(_("the fitting program ended early: {why}").format(why=why))
