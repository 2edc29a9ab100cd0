from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.model.review import Memory, Rating, Review, ReviewKind, Standing, State
from quiz.schedule.days import Calendar
from quiz.schedule.limits import Counts, Limits, Studied, studied
from quiz.schedule.policy import Policy, ReviewOrder
from quiz.schedule.queue import Candidate, DayQueue, Today
from quiz.schedule.scheduler import Scheduler

CALENDAR = Calendar(UTC)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = CALENDAR.day(NOW)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
PLENTY = Policy(new_per_day=9999, reviews_per_day=9999)


def candidate(name: str, order: int = 0, requires: Sequence[str] = ()) -> Candidate:
    """`deck/concept#question`."""
    concept = name.partition("#")[0]
    return Candidate(name, concept, concept.rpartition("/")[0], order, tuple(requires))


def concepts(*names: str) -> list[Candidate]:
    """A question of each concept, in this order."""
    return [candidate(f"{name}#q", order) for order, name in enumerate(names)]


def memory(state: State, due: datetime, **more: object) -> Memory:
    values: dict[str, Any] = {
        "stability": 10.0,
        "difficulty": 5.0,
        "last_time": NOW - 10 * DAY,
        "last_day": TODAY - 10 * DAY,
        "interval": 10 if state is State.REVIEW else 0,
    }
    return Memory(state=state, due=due, due_day=CALENDAR.day(due), **(values | more))


def due(name: str, days_late: int = 0, **more: object) -> Standing:
    start = CALENDAR.start(TODAY - days_late * DAY)
    return Standing(name, memory(State.REVIEW, start, **more))


def learning(name: str, minutes: float, state: State = State.LEARNING) -> Standing:
    return Standing(name, memory(state, NOW + minutes * MINUTE))


def standings(*given: Standing) -> dict[str, Standing]:
    return {standing.question: standing for standing in given}


def queue(
    candidates: Sequence[Candidate],
    known: Mapping[str, Standing] | None = None,
    policy: Policy = PLENTY,
    *,
    limits: Mapping[str, Limits] | None = None,
    studied: Studied | None = None,
    now: datetime = NOW,
    selected: set[str] | None = None,
    cram: bool = False,
) -> DayQueue:
    today = Today(now, limits or {}, studied or Studied())
    return DayQueue(candidates, known or {}, today, policy, CALENDAR, selected=selected, cram=cram)


def asked(day: DayQueue, now: datetime = NOW) -> list[str]:
    """All the day's questions, each answered so that it is gone until another day."""
    result = []
    while question := day.next(now):
        result.append(question)
        day.answered(question, due(question, -5))
    return result


class TestOrder:
    def test_new_questions_come_in_the_order_of_the_curriculum(self) -> None:
        assert asked(queue([candidate("b#q", 2), candidate("a#q", 3), candidate("c#q", 1)])) == [
            "c#q",
            "b#q",
            "a#q",
        ]

    def test_new_questions_are_mixed_evenly_with_reviews(self) -> None:
        names = [f"c{n}" for n in range(9)]
        known = standings(*(due(f"c{n}#q") for n in range(6)))
        order = asked(queue(concepts(*names), known))
        assert ["new" if name not in known else "review" for name in order] == [
            "review", "new", "review",
        ] * 3  # fmt: skip

    def test_the_most_overdue_for_its_stability_comes_first(self) -> None:
        known = standings(
            due("a#q", 20, stability=300.0, last_day=TODAY - 320 * DAY),
            due("b#q", 5, stability=5.0, last_day=TODAY - 10 * DAY),
            due("c#q", 0, stability=9.0, last_day=TODAY - 9 * DAY),
        )
        assert asked(queue(concepts("a", "b", "c"), known)) == ["b#q", "a#q", "c#q"]

    def test_reviews_can_come_by_due_date_by_deck_or_at_random(self) -> None:
        def order(by: ReviewOrder, seed: int = 0) -> list[str]:
            policy = Policy(review_order=by, seed=seed)
            names = ["y/a", "x/b", "y/c", "x/d"]
            late = [1, 2, 4, 3]
            known = (due(f"{name}#q", n) for name, n in zip(names, late, strict=True))
            return [name[2] for name in asked(queue(concepts(*names), standings(*known), policy))]

        assert order(ReviewOrder.DUE) == ["c", "d", "b", "a"]
        assert order(ReviewOrder.DECK) == ["c", "a", "d", "b"]
        assert order(ReviewOrder.RANDOM) == order(ReviewOrder.RANDOM)
        assert len({tuple(order(ReviewOrder.RANDOM, seed)) for seed in range(20)}) > 5

    def test_learning_that_is_due_goes_first_and_what_is_nearly_due_last(self) -> None:
        known = standings(learning("l#q", -1), learning("m#q", 15), due("r#q"))
        assert asked(queue(concepts("l", "m", "r", "n"), known)) == ["l#q", "r#q", "n#q", "m#q"]

    def test_learning_further_off_than_the_learn_ahead_is_waited_for(self) -> None:
        day = queue(concepts("l"), standings(learning("l#q", 21)))
        assert day.next(NOW) is None
        assert day.waiting_until() == NOW + 21 * MINUTE
        assert day.next(NOW + MINUTE) == "l#q"

    def test_a_learning_step_of_days_waits_for_its_day(self) -> None:
        tomorrow = CALENDAR.start(TODAY + DAY)
        known = standings(Standing("l#q", memory(State.LEARNING, tomorrow)))
        day = queue(concepts("l"), known, now=tomorrow - MINUTE)
        assert (day.next(tomorrow - MINUTE), day.waiting_until()) == (None, None)
        assert day.remaining() == Counts()
        assert queue(concepts("l"), known, now=tomorrow).next(tomorrow) == "l#q"

    def test_the_question_just_seen_waits_while_another_can_be_shown(self) -> None:
        day = queue(concepts("a", "b"))
        assert day.next(NOW) == "a#q"
        day.answered("a#q", learning("a#q", -1))
        assert day.next(NOW) == "b#q"
        day.answered("b#q", learning("b#q", 10))
        assert day.next(NOW) == "a#q"
        day.answered("a#q", learning("a#q", 1))
        assert day.next(NOW) == "b#q"
        day.answered("b#q", due("b#q", -3))
        assert day.next(NOW) == "a#q"

    def test_looking_does_not_move_on(self) -> None:
        day = queue(concepts("a", "b"))
        assert [day.next(NOW) for _ in range(3)] == ["a#q"] * 3


class TestLimits:
    def test_new_questions_stop_at_the_limit_and_count_as_reviews(self) -> None:
        names = [f"c{n}" for n in range(30)]
        assert len(asked(queue(concepts(*names), policy=Policy(new_per_day=7)))) == 7
        known = standings(*(due(f"c{n}#q") for n in range(10)))
        day = queue(concepts(*names), known, Policy(new_per_day=7, reviews_per_day=12))
        assert day.remaining() == Counts(new=2, review=10)

    def test_what_was_asked_earlier_today_counts(self) -> None:
        earlier = Studied(new=frozenset({"c0#q", "c1#q"}), reviewed=frozenset({"gone/card#x"}))
        names = [f"c{n}" for n in range(30)]
        known = standings(due("c0#q", -2), due("c1#q", -2))
        policy = Policy(new_per_day=5, reviews_per_day=5)
        day = queue(concepts(*names), known, policy, studied=earlier)
        assert day.remaining() == Counts(new=2)

    def test_a_decks_limit_binds_the_decks_below_it(self) -> None:
        names = [f"a/b/c{n}" for n in range(9)] + [f"a/c{n}" for n in range(9)] + ["z"]
        limits = {"a": Limits(new=4), "a/b": Limits(new=3)}
        day = queue(concepts(*names), limits=limits)
        assert day.by_deck() == {
            "": Counts(new=5),
            "a": Counts(new=4),
            "a/b": Counts(new=3),
        }
        assert len(asked(day)) == 5

    def test_learning_is_never_held_back_by_a_limit(self) -> None:
        policy = Policy(new_per_day=0, reviews_per_day=0)
        day = queue(concepts("l", "r"), standings(learning("l#q", 0), due("r#q")), policy)
        assert asked(day) == ["l#q"]

    def test_the_days_reviews_tell_new_from_known(self) -> None:
        def review(question: str, kind: ReviewKind = ReviewKind.REVIEW) -> Review:
            return Review("1", question, NOW, TODAY, Rating.GOOD, kind=kind)

        log = [review("new"), review("new"), review("known"), review("cram", ReviewKind.CRAM)]
        after = standings(due("new", reps=2), due("known", reps=3), due("cram"))
        assert studied(log, after) == Studied(frozenset({"new"}), frozenset({"known"}))


class TestSiblings:
    def test_only_one_question_of_a_concept_is_asked_on_a_day(self) -> None:
        both = [candidate("a#1", 1), candidate("a#2", 2), candidate("b#1", 3)]
        assert asked(queue(both)) == ["a#1", "b#1"]
        assert asked(queue(both, standings(due("a#2")))) == ["a#2", "b#1"]
        free = Policy(bury_siblings=False)
        assert asked(queue(both, policy=free)) == ["a#1", "a#2", "b#1"]

    def test_a_sibling_asked_earlier_today_counts_and_learning_comes_all_the_same(self) -> None:
        both = [candidate("a#1", 1), candidate("a#2", 2), candidate("a#3", 3)]
        earlier = Studied(reviewed=frozenset({"a#1"}))
        assert asked(queue(both, standings(due("a#1", -9)), studied=earlier)) == []
        known = standings(due("a#1", -9), learning("a#2", 0), due("a#3"))
        assert asked(queue(both, known, studied=earlier)) == ["a#2"]
        assert asked(queue(both, known)) == ["a#2"]


class TestPrerequisites:
    def test_a_step_that_ends_on_a_far_day_takes_no_day_before(self) -> None:
        known = standings(learning("c/far#1", 500_000), due("c/far#2"))
        cards = [candidate("c/far#1"), candidate("c/far#2"), candidate("c/far#3")]
        day = queue(cards, known)
        assert asked(day) == ["c/far#2"]
        assert day.waiting_until() is None

    def test_a_concept_waits_until_what_it_requires_is_learned(self) -> None:
        cards = [candidate("b#q", 0, ["a"]), candidate("a#q", 1)]
        assert queue(cards).remaining() == Counts(new=1)
        day = queue(cards)
        assert day.next(NOW) == "a#q"
        day.answered("a#q", learning("a#q", 10))
        assert day.next(NOW) == "a#q"
        day.answered("a#q", due("a#q", -3))
        assert day.next(NOW) == "b#q"

    @pytest.mark.parametrize(
        "required",
        [
            due("a#q", -3),
            learning("a#q", 600, State.RELEARNING),
            Standing("a#q", suspended=True),
        ],
        ids=["known", "relearning", "suspended"],
    )
    def test_what_is_known_or_suspended_holds_nothing_back(self, required: Standing) -> None:
        cards = [candidate("b#q", 0, ["a", "not in the collection"]), candidate("a#q", 1)]
        assert asked(queue(cards, standings(required))) == ["b#q"]

    def test_suspending_what_is_required_lets_the_others_come(self) -> None:
        day = queue([candidate("b#q", 0, ["a"]), candidate("a#q", 1)])
        day.answered("a#q", Standing("a#q", suspended=True))
        assert asked(day) == ["b#q"]

    def test_reviews_are_not_held_back(self) -> None:
        cards = [candidate("b#q", 0, ["a"]), candidate("a#q", 1)]
        assert asked(queue(cards, standings(due("b#q")), Policy(new_per_day=0))) == ["b#q"]

    def test_a_circle_holds_nothing_back(self) -> None:
        cards = [candidate("a#q", 0, ["b"]), candidate("b#q", 1, ["a"]), candidate("c#q", 2, ["c"])]
        assert asked(queue(cards)) == ["a#q", "b#q", "c#q"]


class TestSelection:
    def test_suspended_and_buried_questions_are_left_out(self) -> None:
        cards = [*concepts("a", "b", "c", "d"), Candidate("e#q", "e", "", 9, suspended=True)]
        known = standings(
            Standing("a#q", suspended=True),
            Standing("b#q", buried_until=TODAY + DAY),
            Standing("c#q", buried_until=TODAY),
        )
        assert asked(queue(cards, known)) == ["c#q", "d#q"]

    def test_only_what_is_selected_is_asked(self) -> None:
        known = standings(due("a#q"), due("b#q"), learning("c#q", 0), learning("d#q", 0))
        day = queue(concepts("a", "b", "c", "d", "e"), known, selected={"a#q", "c#q", "x"})
        assert asked(day) == ["c#q", "a#q"]

    def test_burying_or_suspending_the_asked_question_removes_it(self) -> None:
        day = queue(concepts("a", "b"))
        day.answered("a#q", Standing("a#q", buried_until=TODAY + DAY))
        assert day.remaining() == Counts(new=1)
        day.answered("b#q", Standing("b#q", suspended=True))
        assert day.next(NOW) is None

    def test_cramming_asks_everything_once_and_schedules_nothing(self) -> None:
        cards = [candidate("a#1", 1), candidate("a#2", 0, ["z"]), *concepts("b", "c")]
        known = standings(due("a#1", -50), learning("b#q", 60), Standing("c#q", suspended=True))
        policy = Policy(new_per_day=0, reviews_per_day=0)
        day = queue(cards, known, policy, cram=True)
        order = []
        while question := day.next(NOW):
            order.append(question)
            day.answered(question, known.get(question, Standing(question)))
        assert order == ["a#2", "b#q", "a#1"]


class _Life:
    """A learner who studies day after day, with everything that was asked on each."""

    def __init__(self, rng: Random, policy: Policy, limits: Mapping[str, Limits]) -> None:
        self.rng, self.policy, self.limits = rng, policy, limits
        self.scheduler = Scheduler(policy, CALENDAR)
        self.cards = [
            candidate(
                f"{deck}/c{n}#{q}",
                n,
                [f"{deck}/c{rng.randrange(n)}"] if n and rng.random() < 0.4 else [],
            )
            for n in range(rng.randrange(1, 9))
            for deck in [rng.choice(["a", "a/b", "z"])]
            for q in range(rng.randrange(1, 4))
        ]
        self.standings: dict[str, Standing] = {}

    def study(self, now: datetime) -> tuple[list[tuple[str, State]], datetime]:
        """Everything asked on the day of `now`, with the state it was in; and the end."""
        day = DayQueue(self.cards, self.standings, Today(now, self.limits), self.policy, CALENDAR)
        asked: list[tuple[str, State]] = []
        for _ in range(500):
            question = day.next(now)
            if question is None:
                until = day.waiting_until()
                if until is None:
                    return asked, now
                now = until
                continue
            standing = self.standings.get(question, Standing(question))
            if asked and asked[-1][0] == question:
                assert not self._another(day, question, now)
            asked.append((question, standing.state))
            rating = self.rng.choices(list(Rating), [1, 1, 6, 2])[0]
            after = self.scheduler.review(
                standing.memory, question=question, rating=rating, now=now
            )
            self.standings[question] = Standing(question, after)
            day.answered(question, self.standings[question])
            now += self.rng.choice([5, 40, 200]) * timedelta(seconds=1)
        raise AssertionError("the day does not end")

    def _another(self, day: DayQueue, question: str, now: datetime) -> bool:
        """Whether the day still holds something besides `question` that could be shown now."""
        remaining = day.remaining()
        waiting = [
            name
            for name, standing in self.standings.items()
            if name != question
            and standing.state in (State.LEARNING, State.RELEARNING)
            and standing.memory
            and standing.memory.due <= now + self.policy.learn_ahead
        ]
        return remaining.new > 0 or remaining.review > 0 or bool(waiting)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**9),
    new=st.integers(1, 6),
    reviews=st.integers(2, 10),
    deck=st.integers(1, 3),
    bury=st.booleans(),
)
def test_a_learners_days_keep_every_promise(
    seed: int, new: int, reviews: int, deck: int, bury: bool
) -> None:
    policy = Policy(new_per_day=new, reviews_per_day=reviews, bury_siblings=bury)
    life = _Life(Random(seed), policy, {"a": Limits(deck, reviews)})
    now = NOW
    seen: set[str] = set()
    for _ in range(120):
        asked, _ = life.study(now)
        first: dict[str, State] = {}
        for question, state in asked:
            first.setdefault(question, state)
        fresh = [q for q, state in first.items() if state is State.NEW]
        known = [q for q, state in first.items() if state is State.REVIEW]
        assert len(fresh) <= new
        assert len(fresh) + len(known) <= reviews
        assert len([q for q in fresh if q.startswith("a/")]) <= deck
        if bury:
            asked_of = [q.partition("#")[0] for q in fresh + known]
            assert len(asked_of) == len(set(asked_of))
        seen |= first.keys()
        now += DAY
    assert seen == {card.question for card in life.cards}
    today = CALENDAR.day(now)
    late = [(today - s.memory.due_day).days for s in life.standings.values() if s.memory]
    assert max(late) < 40


class TestTakenBack:
    @settings(max_examples=60)
    @given(seed=st.integers(0, 10**9), bury=st.booleans(), days=st.integers(1, 5))
    def test_the_day_is_as_it_was(self, seed: int, bury: bool, days: int) -> None:
        rng = Random(seed)
        policy = Policy(new_per_day=6, reviews_per_day=20, bury_siblings=bury)
        life = _Life(rng, policy, {"a": Limits(3, 9)})
        now = NOW
        for _ in range(days):
            life.study(now)
            now += 2 * DAY
        day = DayQueue(life.cards, life.standings, Today(now, life.limits), policy, CALENDAR)
        while question := day.next(now):
            before = day.remaining(), day.by_deck()
            old = life.standings.get(question, Standing(question))
            after = due(question, rng.choice([-5, -1]))
            if rng.random() < 0.3:
                after = learning(question, rng.choice([0.5, 10]))
            day.answered(question, after)
            if rng.random() < 0.7:
                if not day.taken_back(question, old):
                    break
                assert (day.remaining(), day.by_deck()) == before
                assert question in asked(day, now)
                break
            life.standings[question] = after

    def test_its_question_is_asked_again_and_can_be_taken_back_again(self) -> None:
        day = queue(concepts("a", "b"), standings(due("a#q")))
        for _ in range(2):
            assert day.next(NOW) == "a#q"
            day.answered("a#q", learning("a#q", 10, State.RELEARNING))
            day.answered("a#q", due("a#q", -3))
            assert day.taken_back("a#q", learning("a#q", 10, State.RELEARNING))
            assert day.remaining() == Counts(1, 1, 0)
            assert day.taken_back("a#q", due("a#q"))
        assert asked(day) == ["a#q", "b#q"]

    def test_another_queue_is_needed_where_other_questions_moved(self) -> None:
        cards = [candidate("a#q", 0), candidate("b#q", 1, ["a"]), candidate("c#q", 2)]
        day = queue(cards)
        day.answered("a#q", due("a#q", -3))
        assert not day.taken_back("a#q", Standing("a#q")), "it let b in"
        day.answered("c#q", due("c#q", -3))
        assert day.taken_back("c#q", Standing("c#q"))
        assert not day.taken_back("b#q", Standing("b#q")), "it was not answered here"


def test_a_session_across_the_rollover_knows_its_day() -> None:
    night = datetime(2026, 3, 3, 3, 59, tzinfo=UTC)
    day = queue(concepts("a"), now=night)
    assert day.day == date(2026, 3, 2)
    day.answered("a#q", Standing("a#q", memory(State.LEARNING, night + 10 * MINUTE)))
    assert day.next(night + 2 * MINUTE) == "a#q"
