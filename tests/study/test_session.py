from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from quiz.errors import CardError
from quiz.model.review import Rating, ReviewKind, State
from quiz.study.library import Library
from quiz.study.session import Session
from quiz.study.values import Attempt, Selection
from tests.study.conftest import Clock, Opener

NE = "tensors/ne#what-does-torchnea-b-return"


def ids(session: Session, library: Library, clock: Clock, rating: Rating) -> list[str]:
    """Answer everything with one rating, as a learner who takes half a minute each."""
    asked = []
    while session.asked:
        asked.append(session.asked.question.id)
        clock.pass_(seconds=30)
        session.rate(rating, Attempt(duration=30_000))
    return asked


def nothing_is_asked(session: Session) -> bool:
    return session.asked is None


def test_every_rating_is_stored_as_its_button_announced(library: Library, clock: Clock) -> None:
    session = library.session()
    for rating in (Rating.AGAIN, Rating.HARD, Rating.GOOD, Rating.EASY, Rating.GOOD):
        asked = session.asked
        assert asked is not None
        announced = asked.options[rating]
        session.rate(rating, Attempt())
        assert library.standing(asked.question.id).memory == announced
        clock.pass_(minutes=11)
        session.refresh()
        if session.asked is None:
            break


def test_intervals_on_the_buttons_differ_and_ascend(library: Library) -> None:
    session = library.session()
    assert session.asked is not None
    due = [session.asked.options[rating].due for rating in Rating]
    assert due == sorted(set(due))
    assert session.asked.intervals[Rating.AGAIN] == "1m"
    assert session.asked.intervals[Rating.GOOD] == "10m"


def test_siblings_wait_for_another_day_and_prerequisites_come_first(
    library: Library, clock: Clock
) -> None:
    session = library.session()
    asked = ids(session, library, clock, Rating.EASY)
    concepts = [question.partition("#")[0] for question in asked]
    assert sorted(concepts) == ["loops/zero", "tensors/ne"]  # eq requires all of ne


def test_a_session_survives_the_end_of_the_process(open_library: Opener, clock: Clock) -> None:
    first = open_library().session()
    assert first.asked is not None
    question = first.asked.question.id
    first.rate(Rating.GOOD, Attempt(duration=1234, hints=1))
    again = open_library()
    history = again.question_history(question)
    assert [step.review.duration for step in history.steps] == [1234]
    assert history.memory == again.standing(question).memory
    assert again.rebuild()[1] == 0


def test_undo_takes_back_and_redo_does_again(library: Library, clock: Clock) -> None:
    session = library.session()
    assert session.asked is not None
    question = session.asked.question.id
    assert not session.can_undo
    session.rate(Rating.EASY, Attempt())
    remembered = library.standing(question)
    assert session.undo()
    assert session.asked is not None
    assert session.asked.question.id == question
    assert library.standing(question).state is State.NEW
    assert session.summary().reviews == 0
    assert session.redo()
    assert library.standing(question) == remembered
    assert session.asked.question.id != question
    assert library.rebuild()[1] == 0


def test_the_last_session_can_be_undone_in_the_next(open_library: Opener, clock: Clock) -> None:
    session = open_library().session()
    assert session.asked is not None
    question = session.asked.question.id
    session.rate(Rating.AGAIN, Attempt())
    clock.pass_(minutes=5)
    library = open_library()
    session = library.session()
    assert session.can_undo
    assert session.undo()
    assert library.standing(question).state is State.NEW
    assert session.asked is not None
    assert session.asked.question.id == question


def test_bury_and_suspend_take_a_question_away(library: Library, clock: Clock) -> None:
    session = library.session()
    assert session.asked is not None
    buried = session.asked.question.id
    session.bury()
    assert session.asked is not None
    suspended = session.asked.question.id
    session.suspend()
    assert {row.state for row in library.rows() if row.question == buried} == {"buried"}
    assert {row.state for row in library.rows() if row.question == suspended} == {"suspended"}
    clock.pass_(days=2)
    assert buried in ids(library.session(), library, clock, Rating.EASY)
    assert library.standing(suspended).suspended


def test_cramming_is_logged_and_changes_nothing(library: Library, clock: Clock) -> None:
    before = dict(library.standings)
    session = library.session(Selection(cram=True))
    asked = ids(session, library, clock, Rating.AGAIN)
    assert len(asked) == 4
    assert dict(library.standings) == before
    steps = library.question_history(asked[0]).steps
    assert [step.review.kind for step in steps] == [ReviewKind.CRAM]


def test_what_was_crammed_is_not_asked_again_when_cards_are_edited(
    library: Library, clock: Clock, cards: Path
) -> None:
    session = library.session(Selection(cram=True))
    asked = []
    for name in ("one", "two"):
        assert session.asked is not None
        asked.append(session.asked.question.id)
        session.rate(Rating.GOOD, Attempt())
        clock.pass_(minutes=1)
        path = cards / f"{asked[-1].partition('#')[0]}.md"
        path.rename(path.with_name(f"{name}.md"))
        library.reload()
        session.refresh()
    assert len(ids(session, library, clock, Rating.GOOD)) == 2
    assert library.log_size() == 4 + 2, "four ratings and a relink for each of the two"


def test_a_session_of_a_deck_a_tag_or_a_search_asks_only_that(
    library: Library, clock: Clock
) -> None:
    for selection, expected in (
        (Selection(deck="loops", cram=True), 1),
        (Selection(tags=("comparison",), cram=True), 2),
        (Selection(query="kind:typed", cram=True), 1),
        (Selection(limit=1), 1),
        (Selection(new=0), 0),
    ):
        asked = ids(library.session(selection), library, clock, Rating.EASY)
        assert len(asked) == expected, selection
    with pytest.raises(CardError, match="no deck `nowhere`"):
        library.session(Selection(deck="nowhere"))


def test_the_progress_of_a_limited_session_is_towards_its_limit(library: Library) -> None:
    session = library.session(Selection(limit=2))
    assert (session.progress.done, session.progress.total) == (0, 2)
    session.rate(Rating.EASY, Attempt())
    assert (session.progress.total, session.progress.share) == (2, 0.5)
    assert library.session(Selection(limit=99)).progress.total == 1


def test_new_questions_asked_for_by_number_are_so_many_in_all(
    library: Library, clock: Clock
) -> None:
    session = library.session(Selection(new=1))
    assert session.asked is not None
    session.rate(Rating.EASY, Attempt())
    session.refresh()  # as after the edit of any card
    assert nothing_is_asked(session)


def test_more_new_questions_than_the_day_brings_are_offered(
    cards: Path, open_library: Opener, clock: Clock
) -> None:
    (cards / "quiz.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    library = open_library()
    session = library.session()
    assert nothing_is_asked(session)
    assert (session.summary().reviews, session.summary().more) == (0, 2)
    session.begin_more()
    assert len(ids(session, library, clock, Rating.EASY)) == 2
    assert (session.summary().learned, session.summary().more) == (2, 0)
    for selection in (Selection(limit=0), Selection(cram=True, new=0)):
        assert library.session(selection).summary().more == 0


def test_what_was_answered_is_there_again_after_an_undo(library: Library) -> None:
    session = library.session()
    session.rate(Rating.AGAIN, Attempt(answer="def f(): ..."))
    session.undo()
    assert session.asked is not None
    assert session.asked.previous_answer == "def f(): ..."
    session.refresh()  # as after the edit of any card
    assert session.asked.previous_answer == "def f(): ..."


def test_a_learning_question_comes_back_in_its_time(library: Library, clock: Clock) -> None:
    session = library.session(Selection(deck="loops"))
    assert session.asked is not None
    question = session.asked.question.id
    session.rate(Rating.GOOD, Attempt())
    # Ten minutes are within what may be taken ahead when nothing else is left.
    assert session.asked is not None
    assert session.asked.question.id == question
    session.rate(Rating.GOOD, Attempt())
    assert nothing_is_asked(session)
    assert not session.progress.left.total
    summary = session.summary()
    assert (summary.reviews, summary.questions, summary.learned) == (2, 1, 1)
    assert summary.next_due is not None
    assert summary.next_due > clock() + timedelta(hours=36)


def test_what_the_day_holds_back_returns_tomorrow(library: Library, clock: Clock) -> None:
    assert library.next_due(Selection()) == clock()
    ids(library.session(), library, clock, Rating.EASY)
    # Learned for days to come, but the sibling of one of them is new still.
    tomorrow = library.ledger.calendar.start(library.ledger.today() + timedelta(days=1))
    assert library.next_due(Selection()) == library.next_due(Selection(limit=1)) == tomorrow
    later = library.next_due(Selection(deck="loops"))
    assert later is not None
    assert later > tomorrow


def test_a_card_edited_during_the_session_is_shown_at_once(
    library: Library, cards: Path, clock: Clock
) -> None:
    session = library.session(Selection(deck="loops"))
    path = cards / "loops/zero.md"
    path.write_text(
        path.read_text("utf-8").replace("Gradients accumulate.", "Because they add up."), "utf-8"
    )
    library.reload([path])
    session.refresh()
    assert session.asked is not None
    assert "add up" in str(session.asked.question.content)


def test_a_heading_reworded_during_the_session_is_still_the_question_asked(
    library: Library, cards: Path, clock: Clock
) -> None:
    session = library.session(Selection(deck="loops"))
    path = cards / "loops/zero.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Why call", "Why must one call"), "utf-8")
    library.reload([path])
    session.refresh()
    assert session.asked is not None
    assert session.asked.question.heading.startswith("Why must one call")


def test_a_broken_save_leaves_the_question_as_it_was(
    library: Library, cards: Path, clock: Clock
) -> None:
    session = library.session(Selection(deck="loops"))
    assert session.asked is not None
    session.rate(Rating.GOOD, Attempt())
    path = cards / "loops/zero.md"
    good = path.read_text("utf-8")
    path.write_text(good + "\n```answer\n```\n", "utf-8")
    findings = library.reload([path])
    assert findings
    session.refresh()
    assert session.asked is not None
    assert "Gradients accumulate." in str(session.asked.question.content)
    path.write_text(good, "utf-8")
    assert not library.reload([path])
    assert library.standing(session.asked.question.id).memory is not None


def test_a_reworded_heading_keeps_its_history(
    open_library: Opener, cards: Path, clock: Clock
) -> None:
    session = open_library().session(Selection(deck="loops"))
    assert session.asked is not None
    old = session.asked.question.id
    session.rate(Rating.EASY, Attempt())
    path = cards / "loops/zero.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Why call", "Why must one call"), "utf-8")
    library = open_library()
    (new,) = (row.question for row in library.rows("deck:loops"))
    assert new != old
    assert library.standing(new).state is State.REVIEW
    assert library.standing(old).state is State.NEW
    assert len(library.question_history(new).steps) == 1
    assert library.rebuild()[1] == 0


def test_a_deleted_question_gets_its_history_back(
    open_library: Opener, cards: Path, clock: Clock
) -> None:
    session = open_library().session(Selection(deck="loops"))
    assert session.asked is not None
    question = session.asked.question.id
    session.rate(Rating.EASY, Attempt())
    path = cards / "loops/zero.md"
    text = path.read_text("utf-8")
    path.unlink()
    library = open_library()
    assert not library.has(question)
    assert len(library.question_history(question).steps) == 1
    clock.pass_(days=3)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    library = open_library()
    assert library.standing(question).state is State.REVIEW
