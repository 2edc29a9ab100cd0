"""What a session says of itself at one moment, after whatever was done in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import product
from pathlib import Path

from quiz.model.review import Rating
from quiz.study.library import Library
from quiz.study.session import Session
from quiz.study.values import Attempt, Selection
from tests.study.conftest import Clock

ACTS: dict[str, Callable[[Session], object]] = {
    "again": lambda session: session.rate(Rating.AGAIN, Attempt()),
    "easy": lambda session: session.rate(Rating.EASY, Attempt()),
    "bury": Session.bury,
    "suspend": Session.suspend,
    "undo": Session.undo,
    "redo": Session.redo,
    "look again": Session.refresh,
}
NEEDS_QUESTION = {"again", "easy", "bury", "suspend"}


def test_a_turn_is_of_one_piece_whatever_was_done_before(library: Library, clock: Clock) -> None:
    """Every two things that can be done one after the other, and then all is taken back."""
    for names in product(ACTS, repeat=2):
        session = library.session()
        first = session.turn()
        for name in names:
            if session.asked is None and name in NEEDS_QUESTION:
                break
            clock.pass_(seconds=5)
            ACTS[name](session)
            _is_of_one_piece(session, names)
        while session.can_undo:
            session.undo()
        last = session.turn()
        assert (last.progress, set(last.left)) == (first.progress, set(first.left)), names
        assert last.asked is not None, names


def _is_of_one_piece(session: Session, names: tuple[str, ...]) -> None:
    turn = session.turn()
    assert turn == session.turn(), names
    assert (turn.asked is None) == (turn.summary is not None), names
    if turn.asked is not None:
        assert turn.asked.question.id in turn.left, names
        assert turn.waiting_until is None, names
    assert len(set(turn.left)) == len(turn.left), names


def test_a_turn_stays_as_it_was_while_the_session_goes_on(library: Library, clock: Clock) -> None:
    session = library.session()
    turn = session.turn()
    asked, done, left = turn.asked, turn.progress.done, turn.left
    clock.pass_(seconds=30)
    session.rate(Rating.EASY, Attempt())
    assert (turn.asked, turn.progress.done, turn.left) == (asked, done, left)
    assert session.turn().asked != asked
    assert session.turn().progress.done == done + 1


def test_a_turn_that_waits_says_until_when_and_what_was_done(
    cards: Path, tmp_path: Path, clock: Clock
) -> None:
    history = tmp_path / "waiting.db"
    with closing(
        Library.open(cards, history, clock=clock, flags={"learn_ahead_minutes": 0})
    ) as library:
        session = library.session(Selection(deck="loops"))
        session.rate(Rating.AGAIN, Attempt())
        turn = session.turn()
        assert turn.asked is None
        assert turn.waiting_until == clock() + timedelta(minutes=1)
        assert turn.summary is not None
        assert turn.summary.ratings == {Rating.AGAIN: 1}
