from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from quiz.errors import CardError
from quiz.model.review import Rating, Review, State
from quiz.store.ids import new_id
from quiz.study import acting
from quiz.study.acting import ActionError
from quiz.study.library import Library
from quiz.study.values import Attempt, Selection
from tests.study.conftest import Clock, Opener

RETURNS = "tensors/ne#what-does-torchnea-b-return"
DTYPE = "tensors/ne#what-is-the-dtype-of-torchnea-b"


@pytest.fixture
def ids(library: Library) -> list[str]:
    return list(library.collection.questions)


def states(library: Library) -> list[str]:
    return [row.state for row in library.rows()]


def test_what_is_done_to_many_is_undone_and_done_again_as_one(
    library: Library, clock: Clock, ids: list[str]
) -> None:
    acting.forget(library.ledger, ids)
    assert library.log_size() == 0, "nothing is logged where nothing changes"
    suspended = acting.suspend(library.ledger, ids)
    assert [standing.question for standing in suspended] == ids
    clock.pass_(minutes=1)
    assert acting.bury(library.ledger, ids[:1])
    clock.pass_(minutes=1)
    assert len(acting.undo(library.ledger)) == 1
    clock.pass_(minutes=1)
    assert len(acting.undo(library.ledger)) == len(ids)
    assert set(states(library)) == {"new"}
    with pytest.raises(ActionError, match="nothing to undo"):
        acting.undo(library.ledger)
    clock.pass_(minutes=1)
    assert len(acting.redo(library.ledger)) == len(ids)
    assert set(states(library)) == {"suspended"}
    assert [entry.question for entry in acting.redo(library.ledger)] == ids[:1]
    with pytest.raises(ActionError, match="nothing to redo"):
        acting.redo(library.ledger)
    assert library.rebuild()[1] == 0


def test_more_than_a_session_remembers_is_undone_as_one(
    library: Library, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.study.ledger._UNDO_DEPTH", 2)
    monkeypatch.setattr("quiz.study.acting._DEPTH", 2)
    acting.suspend(library.ledger, ids)
    assert len(acting.undo(library.ledger)) == len(ids) > 2
    assert len(acting.redo(library.ledger)) == len(ids)
    assert len(acting.undo(library.ledger)) == len(ids)


def test_a_file_that_was_renamed_since_hides_nothing_of_what_was_done(
    library: Library, clock: Clock, cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.study.ledger._UNDO_DEPTH", 1)
    names = iter("abc")

    def rename() -> None:
        clock.pass_(minutes=1)
        (path,) = cards.glob("tensors/[!e]*.md")
        path.rename(path.with_name(f"{next(names)}.md"))
        library.reload()
        clock.pass_(minutes=1)

    acting.suspend(library.ledger, [RETURNS, DTYPE])
    rename()
    assert len(acting.undo(library.ledger)) == 2
    rename()
    assert len(acting.redo(library.ledger)) == 2
    assert states(library).count("suspended") == 2
    assert library.rebuild()[1] == 0


def test_nothing_is_done_again_once_something_else_was_done(
    library: Library, clock: Clock, ids: list[str]
) -> None:
    acting.suspend(library.ledger, ids[:1])
    acting.undo(library.ledger)
    clock.pass_(minutes=1)
    acting.suspend(library.ledger, ids[1:2])
    with pytest.raises(ActionError, match="nothing to redo"):
        acting.redo(library.ledger)


def test_due_forgotten_buried_and_back(library: Library, clock: Clock) -> None:
    acting.set_due(library.ledger, [RETURNS], library.today() + timedelta(days=3))
    assert library.standing(RETURNS).state is State.REVIEW
    clock.pass_(days=3)
    due = Selection(query="due:0")
    assert library.session(due).asked is not None
    acting.bury(library.ledger, [RETURNS])
    assert library.session(due).asked is None
    clock.pass_(minutes=1)
    acting.unbury(library.ledger, [RETURNS])
    assert library.session(due).asked is not None
    acting.forget(library.ledger, [RETURNS])
    assert library.standing(RETURNS).state is State.NEW


def test_a_rating_is_undone_too_and_by_another_program(open_library: Opener, clock: Clock) -> None:
    library = open_library()
    session = library.session()
    assert session.asked
    question = session.asked.question.id
    session.rate(Rating.EASY, Attempt())
    library = open_library()
    clock.pass_(minutes=1)
    (undone,) = acting.undo(library.ledger)
    assert undone.question == question
    assert library.standing(question).memory is None


def test_what_was_undone_before_a_question_was_renamed_stays_with_it(
    open_library: Opener, clock: Clock
) -> None:
    library = open_library()
    acting.suspend(library.ledger, [DTYPE])
    clock.pass_(minutes=1)
    library.relink(DTYPE, RETURNS)
    assert library.standing(RETURNS).suspended
    clock.pass_(minutes=1)
    acting.undo(library.ledger)
    assert not library.standing(RETURNS).suspended
    clock.pass_(minutes=1)
    acting.redo(library.ledger)
    assert library.standing(RETURNS).suspended
    assert library.rebuild()[1] == 0


def test_what_cannot_be_done_is_refused_before_anything_is_done(
    library: Library, ids: list[str]
) -> None:
    with pytest.raises(CardError, match="no question"):
        acting.suspend(library.ledger, [ids[0], "tensors/ne#nothing"])
    with pytest.raises(ActionError, match="has passed"):
        acting.set_due(library.ledger, ids, library.today() - timedelta(days=1))
    assert library.log_size() == 0


def test_a_deck_that_wants_to_be_known_better_does_so_in_a_log_without_due_times(
    open_library: Opener, clock: Clock
) -> None:
    """`quiz.toml` may ask one deck for more than the others."""
    library = open_library()
    (library.collection.root / "quiz.toml").write_text(
        "[decks.tensors]\ndesired_retention = 0.97\n", encoding="utf-8"
    )
    library = open_library()
    zero = next(q for q in library.collection.questions if q.startswith("loops/"))

    log = [
        Review(new_id(time), question, time, library.calendar.day(time), Rating.EASY)
        for question in (RETURNS, zero)
        for time in [clock() - timedelta(days=30), clock() - timedelta(days=20)]
    ]
    library.add_to_log(log)
    strict, usual = library.standing(RETURNS).memory, library.standing(zero).memory
    assert strict
    assert usual
    assert strict.stability == usual.stability
    assert strict.interval * 2 < usual.interval
    before = dict(library.standings)
    assert library.rebuild()[1] == 0
    assert library.standings == before


def test_a_suspended_question_that_is_forgotten_takes_no_review_from_its_day(
    library: Library, clock: Clock, ids: list[str]
) -> None:
    first, *_, last = ids
    ledger = library.ledger
    before = ledger.options(first, clock())
    acting.set_due(ledger, [last], before[Rating.EASY].due_day)
    acting.suspend(ledger, [last])
    assert ledger.options(first, clock()) == before
    library.rebuild()
    acting.forget(ledger, [last])
    assert ledger.options(first, clock()) == before
