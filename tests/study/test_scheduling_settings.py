"""What the learner decides about the schedule reaches it."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from quiz.errors import SettingsError
from quiz.model.review import Rating, State
from quiz.schedule.policy import ReviewOrder
from quiz.study.library import Library
from quiz.study.queueing import build
from quiz.study.values import Attempt, Selection
from tests.study.conftest import Clock


def test_steps_order_and_limits_are_those_of_the_settings(
    cards: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    monkeypatch.setenv("QUIZ_CONFIG", str(config))
    config.write_text(
        'learning_steps = "5m"\nrelearning_steps = ""\nmaximum_interval = 90\n'
        'leech_threshold = 3\nreview_order = "due"\neasy_days = "sun=0"\n',
        encoding="utf-8",
    )
    with closing(Library.open(cards, tmp_path / "h.db", clock=clock)) as library:
        policy = library.ledger.policy
        assert policy.learning_steps == (timedelta(minutes=5),)
        assert not policy.relearning_steps
        assert (policy.maximum_interval, policy.leech_threshold) == (90, 3)
        assert policy.review_order is ReviewOrder.DUE
        assert policy.easy_days == (*[1.0] * 6, 0.0)
        session = library.session()
        assert session.asked
        question = session.asked.question.id
        session.rate(Rating.GOOD, Attempt())
        assert library.standing(question).state is State.REVIEW
    config.write_text('learning_steps = "soon"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="learning_steps: `soon`"):
        Library.open(cards, tmp_path / "h.db", clock=clock)


def test_a_collection_goes_before_the_learners_settings_also_where_it_says_what_is_usual(
    cards: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    monkeypatch.setenv("QUIZ_CONFIG", str(config))
    config.write_text("new_per_day = 5\nreviews_per_day = 7\n", encoding="utf-8")
    (cards / "quiz.toml").write_text("new_per_day = 20\n", encoding="utf-8")
    with closing(Library.open(cards, tmp_path / "h.db", clock=clock)) as library:
        assert library.ledger.policy.new_per_day == 20
        assert library.ledger.policy.reviews_per_day == 7


def test_a_deck_may_have_an_order_of_its_own(cards: Path, tmp_path: Path, clock: Clock) -> None:
    (cards / "quiz.toml").write_text('[decks.tensors]\norder = "random"\n', encoding="utf-8")
    with closing(Library.open(cards, tmp_path / "h.db", clock=clock)) as library:
        whole = build(library.ledger, Selection())
        own = build(library.ledger, Selection(deck="tensors"))
        assert whole._policy.review_order is ReviewOrder.OVERDUENESS
        assert own._policy.review_order is ReviewOrder.RANDOM


def test_a_deck_that_offers_nothing_new_is_asked_by_its_name_alone(
    cards: Path, tmp_path: Path, clock: Clock
) -> None:
    (cards / "quiz.toml").write_text("[decks.tensors]\nnew_per_day = 0\n", encoding="utf-8")
    with closing(Library.open(cards, tmp_path / "h.db", clock=clock)) as library:

        def decks(selection: Selection) -> set[str]:
            asked = set()
            session = library.session(selection)
            while session.asked:
                asked.add(session.asked.question.deck)
                session.bury()
            while session.can_undo:
                session.undo()
            return asked

        assert "tensors" not in decks(Selection())
        assert "tensors" not in decks(Selection(new=50))
        assert decks(Selection(deck="tensors", new=50)) == {"tensors"}
