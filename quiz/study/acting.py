"""What can be done to questions besides rating them: to many at once, and taken back.

Each is an entry of the log, so that it is joined with other machines and can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from quiz.errors import CardError, QuizError
from quiz.language import _
from quiz.model.review import Action, ActionKind, Entry, Standing
from quiz.study.ledger import Ledger

_DEPTH = 256
"""Entries at the end of the log that are looked at first for something to redo."""
_TICK = timedelta(microseconds=1)


class ActionError(QuizError):
    """What is to be done cannot be done."""


def named(ledger: Ledger, questions: Iterable[str]) -> list[str]:
    """The ids as they are now; `CardError` for one that the cards do not hold."""
    found = []
    for question in dict.fromkeys(questions):
        now = ledger.now_called(question)
        if not ledger.has(now):
            raise CardError(
                _("there is no question `{question}` in the cards").format(question=question),
                fix=_("`quiz search` lists the questions and their ids."),
            )
        found.append(now)
    return found


def suspend(ledger: Ledger, questions: Iterable[str]) -> list[Standing]:
    """Out of the rotation until it is taken back: those it changed."""
    return _act(ledger, questions, ActionKind.SUSPEND, lambda standing: not standing.suspended)


def unsuspend(ledger: Ledger, questions: Iterable[str]) -> list[Standing]:
    """Back into the rotation: those it changed."""
    return _act(ledger, questions, ActionKind.UNSUSPEND, lambda standing: standing.suspended)


def bury(ledger: Ledger, questions: Iterable[str]) -> list[Standing]:
    """Out of sight until the next study day: those it changed."""
    tomorrow = ledger.today() + timedelta(days=1)

    def visible(standing: Standing) -> bool:
        return standing.buried_until is None or standing.buried_until < tomorrow

    return _act(ledger, questions, ActionKind.BURY, visible, tomorrow.isoformat())


def unbury(ledger: Ledger, questions: Iterable[str]) -> list[Standing]:
    """In sight again today: those it changed."""
    today = ledger.today()

    def buried(standing: Standing) -> bool:
        return standing.buried_until is not None and standing.buried_until > today

    return _act(ledger, questions, ActionKind.UNBURY, buried)


def forget(ledger: Ledger, questions: Iterable[str]) -> list[Standing]:
    """New again, while the log keeps what was: those it changed."""
    return _act(ledger, questions, ActionKind.FORGET, lambda standing: standing.memory is not None)


def set_due(ledger: Ledger, questions: Iterable[str], day: date) -> list[Standing]:
    """Due on that study day; a new question is taken to be known until then."""
    if day < ledger.today():
        raise ActionError(
            _("{day} has passed").format(day=day),
            fix=_("What is to be asked now is due today: `quiz set-due 0 …`."),
        )
    return _act(ledger, questions, ActionKind.SET_DUE, lambda standing: True, day.isoformat())


def read_day(text: str, today: date) -> date | None:
    """The day of a date as `2026-03-01`, or of days from `today` (`0`, `7`); None: of neither."""
    said = text.strip()
    try:
        return today + timedelta(days=int(said)) if said.isdecimal() else date.fromisoformat(said)
    except (ValueError, OverflowError):
        return None


def undo(ledger: Ledger) -> list[Entry]:
    """Take back what was done last: a rating, or all that one command did. What that was."""
    entries = ledger.undoable()
    if not entries:
        fix = _(
            "What an import brought stays; `quiz restore` puts an earlier history in its place."
        )
        raise ActionError(_("there is nothing to undo"), fix=fix if ledger.brought_in else "")
    together = _together(ledger, entries[-1])
    ledger.undo(*together)
    return together


def redo(ledger: Ledger) -> list[Entry]:
    """Do again what was undone last, unless something was done since. What that was."""
    last = _redoable(ledger)
    if last is None:
        raise ActionError(_("there is nothing to redo"))
    together = _together(ledger, last)
    ledger.undo(*together)
    targets = {undo.value for undo in together if isinstance(undo, Action)}
    questions = {undo.question for undo in together}
    return [e for e in ledger.history.entries(question=questions) if e.id in targets]


def _act(
    ledger: Ledger,
    questions: Iterable[str],
    kind: ActionKind,
    changes: Callable[[Standing], bool],
    value: str = "",
) -> list[Standing]:
    changed = [q for q in named(ledger, questions) if changes(ledger.standing(q))]
    return ledger.act_on(changed, kind, value) if changed else []


def _together(ledger: Ledger, entry: Entry) -> list[Entry]:
    """What was done together with `entry`: a command does all it does in one instant."""
    if not isinstance(entry, Action):
        return [entry]
    undone = ledger.history.undone()
    instant = ledger.history.entries(since=entry.time, until=entry.time + _TICK)
    return [
        other
        for other in instant
        if isinstance(other, Action) and other.kind is entry.kind and other.id not in undone
    ]


def _redoable(ledger: Ledger) -> Action | None:
    """The latest undo that still holds and that nothing has been done after.

    A history that has followed its question to another id was not done by the learner.
    """
    undone = ledger.history.undone()
    depth = _DEPTH
    while True:
        newest = ledger.history.last_entries(depth)
        undos = {e.id for e in newest if isinstance(e, Action) and e.kind is ActionKind.UNDO}
        for entry in newest:
            if entry.id in undone or _is_relink(entry):
                continue
            if not isinstance(entry, Action) or entry.kind is not ActionKind.UNDO:
                return None
            if entry.value not in undos:  # else it is itself a redo
                return entry
        if len(newest) < depth:
            return None
        depth *= 8


def _is_relink(entry: Entry) -> bool:
    return isinstance(entry, Action) and entry.kind is ActionKind.RELINK
