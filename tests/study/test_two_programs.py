"""Two programs with one history: a session, and what a status bar or another terminal does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from quiz.model.review import Rating, State
from quiz.study.library import Library
from quiz.study.session import Session
from quiz.study.values import Attempt, Selection
from tests.study.conftest import CARDS, Clock

ZERO = "loops/zero#why-call-optimizerzero_grad"
REWORDED = "loops/zero#why-must-one-call-optimizerzero_grad"
LOOPS = Selection(deck="loops")


@pytest.fixture
def learned(library: Library, clock: Clock) -> Session:
    """A session that asks a question which has been known for a while."""
    session = library.session(LOOPS)
    session.rate(Rating.EASY, Attempt())
    clock.pass_(days=60)
    return library.session(LOOPS)


Elsewhere = Callable[[], None]


@pytest.fixture
def elsewhere(cards: Path, tmp_path: Path, clock: Clock) -> Elsewhere:
    """Another program looks at the cards, as `quiz due` does in a status bar."""

    def look() -> None:
        with closing(Library.open(cards, tmp_path / "history.db", clock=clock)):
            pass

    return look


def reword(cards: Path) -> None:
    text = CARDS["loops/zero.md"].replace("Why call", "Why must one call")
    (cards / "loops" / "zero.md").write_text(text, encoding="utf-8")


def ratings(library: Library, question: str) -> list[Rating]:
    return [step.review.rating for step in library.question_history(question).steps]


def test_a_rating_goes_where_another_program_has_taken_the_history(
    learned: Session, library: Library, cards: Path, elsewhere: Elsewhere
) -> None:
    reword(cards)
    elsewhere()
    learned.rate(Rating.GOOD, Attempt())
    assert ratings(library, REWORDED) == [Rating.EASY, Rating.GOOD]
    assert set(library.standings) == {REWORDED}
    assert learned.asked is None
    assert library.rebuild() == (1, 0)


def test_cards_read_again_after_another_program_has_read_them_keep_their_memory(
    learned: Session, library: Library, cards: Path, elsewhere: Elsewhere
) -> None:
    reword(cards)
    elsewhere()
    library.reload()
    assert learned.refresh(), "the question that is asked is the same by another name"
    assert learned.asked
    assert learned.asked.question.id == REWORDED
    assert learned.asked.state is State.REVIEW
    learned.rate(Rating.GOOD, Attempt())
    memory = library.standing(REWORDED).memory
    assert memory
    assert memory.state is State.REVIEW


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_question_without_a_history_is_the_same_by_its_new_name_too(
    library: Library, cards: Path, elsewhere: Elsewhere, *, reloaded: bool
) -> None:
    session = library.session(LOOPS)
    reword(cards)
    elsewhere()
    if reloaded:
        library.reload()
        assert session.refresh()
        assert session.asked
        assert session.asked.question.id == REWORDED
    session.rate(Rating.EASY, Attempt())
    assert set(library.standings) == {REWORDED}


def test_a_history_given_away_by_hand_leaves_the_question_its_own_ratings(
    learned: Session, library: Library, cards: Path, tmp_path: Path, clock: Clock
) -> None:
    with closing(Library.open(cards, tmp_path / "history.db", clock=clock)) as other:
        other.relink(ZERO, "tensors/ne#what-does-torchnea-b-return")
    learned.rate(Rating.GOOD, Attempt())
    assert ratings(library, ZERO) == [Rating.GOOD]


def test_what_was_answered_elsewhere_is_not_asked_again(
    library: Library, cards: Path, tmp_path: Path, clock: Clock
) -> None:
    session = library.session()
    assert session.asked
    with closing(Library.open(cards, tmp_path / "history.db", clock=clock)) as other:
        other.session(LOOPS).rate(Rating.EASY, Attempt())
    session.rate(Rating.EASY, Attempt())
    assert ZERO not in session.left
    assert session.asked is None or session.asked.question.id != ZERO


def test_what_is_taken_back_is_asked_again_by_the_name_it_has_now(
    learned: Session, library: Library, cards: Path
) -> None:
    learned.rate(Rating.GOOD, Attempt())
    reword(cards)
    library.reload()
    learned.undo()
    assert learned.asked
    assert learned.asked.question.id == REWORDED


def test_a_question_deleted_while_it_is_asked_keeps_its_rating(
    learned: Session, library: Library, cards: Path
) -> None:
    (cards / "loops" / "zero.md").unlink()
    library.reload()
    learned.rate(Rating.GOOD, Attempt())
    assert ratings(library, ZERO) == [Rating.EASY, Rating.GOOD]
