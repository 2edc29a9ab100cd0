"""A review session: one question after another, each rating on the disk before the next.

The session owns the order of asking and what can be undone; what a rating does to a memory is
`schedule`'s, what is kept is `store`'s.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from quiz.model.log import Owners
from quiz.model.question import Choice
from quiz.model.review import (
    Action,
    ActionKind,
    Entry,
    Memory,
    Rating,
    Review,
    ReviewKind,
    State,
)
from quiz.schedule.queue import DayQueue
from quiz.study.catalogue import previous_answer
from quiz.study.ledger import ALGORITHM, Ledger
from quiz.study.queueing import build, next_due
from quiz.study.text import interval
from quiz.study.values import Asked, Attempt, Progress, Selection, Summary

MORE = 10
"""New questions that are offered at the end, beyond what the day brings by itself."""


@dataclass(frozen=True, slots=True)
class _Done:
    """One thing the learner did."""

    entry: Entry
    was_new: bool = False
    """Whether its question had never been seen before."""
    undo: Action | None = None
    """What took it back, while it is undone."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the session asks, and how far it is, at one moment."""

    asked: Asked | None
    progress: Progress
    left: tuple[str, ...]
    """The questions still to be asked, the present one among them."""
    waiting_until: datetime | None
    """When the next learning question returns, while nothing can be asked now."""
    summary: Summary | None
    """What was done, where nothing is asked."""


class Session:
    """Asks the questions of a selection until none is left for today."""

    def __init__(self, ledger: Ledger, selection: Selection) -> None:
        self._ledger = ledger
        self._selection = selection
        self._now: Callable[[], datetime] = ledger.clock
        self._started = self._now()
        self._done: list[_Done] = []
        self._queue = self._rebuilt()
        self._undone: list[_Done] = []
        self._earlier = [_Done(entry) for entry in ledger.undoable()]
        self.asked: Asked | None = None
        self._advance()

    @property
    def progress(self) -> Progress:
        return Progress(len(self._reviews()), self._queue.remaining(), self._selection.limit)

    @property
    def left(self) -> list[str]:
        """The questions still to be asked, the present one among them."""
        left = self._queue.left()
        limit = self._selection.limit
        return left if limit is None else left[: max(0, limit - len(self._reviews()))]

    @property
    def waiting_until(self) -> datetime | None:
        """When the next learning question returns, while nothing can be asked now."""
        return None if self.asked else self._queue.waiting_until()

    def turn(self) -> Turn:
        """All of that at once, for whoever shows it while the session may go on elsewhere."""
        summary = None if self.asked else self.summary()
        return Turn(self.asked, self.progress, tuple(self.left), self.waiting_until, summary)

    def is_asking(self, question: str) -> bool:
        """Whether that is the asked question, also where an edit gave it another id since."""
        return bool(self.asked and self.asked.question.id == self._ledger.now_called(question))

    @property
    def can_undo(self) -> bool:
        return bool(self._done or self._earlier)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def rate(self, rating: Rating, attempt: Attempt) -> None:
        """Store the rating of the asked question and ask the next."""
        asked, question = self._require(), self._question()
        cram = self._selection.cram
        # The buttons keep their promise: what they announced is stored, unless the clock has
        # since passed into another study day.
        now = self._now()
        options = {} if cram else self._options(asked, question, now)
        memory = options.get(rating)
        now = memory.last_time if memory else now
        review = Review(
            id=self._ledger.new_id(now),
            question=question,
            time=now,
            day=memory.last_day if memory else self._ledger.calendar.day(now),
            rating=rating,
            duration=attempt.duration,
            kind=ReviewKind.CRAM if cram else ReviewKind.REVIEW,
            attempts=attempt.attempts,
            hints=attempt.hints,
            answer=attempt.answer,
            verdict=attempt.verdict,
            share=attempt.share,
            device=attempt.device,
            due=memory.due if memory else None,
            algorithm="" if cram else ALGORITHM,
            weights=self._ledger.policy.weights_version,
        )
        self._record(review)

    def bury(self) -> None:
        """Out of sight until the next study day."""
        tomorrow = self._ledger.calendar.day(self._now()) + timedelta(days=1)
        self._act(self._question(), ActionKind.BURY, tomorrow.isoformat())

    def suspend(self) -> None:
        """Out of the rotation until it is taken back by hand."""
        self._act(self._question(), ActionKind.SUSPEND)

    def undo(self) -> bool:
        """Take the latest thing back; its question is asked again. False if there is none."""
        done = self._done or self._earlier
        if not done:
            return False
        last = done.pop()
        (undo,) = self._ledger.undo(last.entry)
        self._undone.append(replace(last, undo=undo))
        question = self._ledger.now_called(last.entry.question)
        if not (
            self._queue_is_of_today()
            and self._queue.taken_back(question, self._ledger.standing(question))
        ):
            self._queue = self._rebuilt()
        if self._ledger.has(question):
            given = last.entry.answer if isinstance(last.entry, Review) else ""
            self._ask(question, previous=given)
        else:
            self._advance()
        return True

    def redo(self) -> bool:
        """Do again what was undone last. False if there is none."""
        if not self._undone:
            return False
        last = self._undone.pop()
        assert last.undo is not None
        self._ledger.undo(last.undo)
        self._done.append(replace(last, undo=None))
        if self._queue_is_of_today() and self._queue.day == last.entry.day:
            question = self._ledger.now_called(last.entry.question)
            self._queue.answered(question, self._ledger.standing(question))
        else:
            self._queue = self._rebuilt()
        self._advance()
        return True

    def refresh(self) -> bool:
        """Look again: at the cards, which may have been edited, and at the clock.

        Whether the question that is asked is still the same one, by whatever name; it is not where
        it was deleted, or suspended or buried elsewhere.
        """
        self._queue = self._rebuilt()
        asked = self.asked and self._ledger.now_called(self.asked.question.id)
        if self.asked and asked and self._ledger.has(asked) and not self._is_hidden(asked):
            self._ask(asked, order=self.asked.order, previous=self.asked.previous_answer)
            return True
        self._advance()
        return False

    def _is_hidden(self, question: str) -> bool:
        standing = self._ledger.standing(question)
        buried = None if self._selection.cram else standing.buried_until
        return standing.suspended or (buried is not None and buried > self._ledger.today())

    def begin_more(self) -> None:
        """Ask up to `MORE` new questions beyond what the day brings by itself."""
        self._selection = replace(self._selection, new=self._learned() + MORE)
        self._queue = self._rebuilt()
        self._advance()

    def summary(self) -> Summary:
        reviews = self._reviews()
        return Summary(
            reviews=len(reviews),
            questions=len({review.question for review in reviews}),
            ratings=Counter(review.rating for review in reviews),
            seconds=(self._now() - self._started).total_seconds(),
            learned=self._learned(),
            next_due=next_due(self._ledger, self._selection),
            more=self._more(),
            leeches=tuple(
                sorted(
                    question
                    for question in {review.question for review in reviews}
                    if (standing := self._ledger.standing(question)).leech and standing.suspended
                )
            ),
        )

    def _options(self, asked: Asked, question: str, now: datetime) -> Mapping[Rating, Memory]:
        if not self._ledger.has(question):  # it is deleted, or its file has an error now
            return asked.options
        return self._ledger.options(question, now)

    def _question(self) -> str:
        """The id of the asked question, which another program may have seen edited meanwhile."""
        asked, version = self._require().question.id, self._ledger.version
        went = self._ledger.catch_up()
        if self._ledger.version != version:
            self._queue = self._rebuilt()
        return went.get(asked) or self._ledger.now_called(asked)

    def _learned(self) -> int:
        """New questions that were begun."""
        return sum(done.was_new for done in self._done if isinstance(done.entry, Review))

    def _more(self) -> int:
        """How many `begin_more` would ask."""
        selection = self._selection
        if selection.cram or self._is_enough():
            return 0
        return build(self._ledger, replace(selection, new=MORE)).remaining().new

    def _reviews(self) -> list[Review]:
        return [done.entry for done in self._done if isinstance(done.entry, Review)]

    def _require(self) -> Asked:
        if self.asked is None:
            raise RuntimeError("no question is asked")
        return self.asked

    def _act(self, question: str, kind: ActionKind, value: str = "") -> None:
        self._record(self._ledger.action(question, kind, value))

    def _record(self, entry: Entry) -> None:
        was_new = (
            not self._selection.cram and self._ledger.standing(entry.question).state is State.NEW
        )
        after = self._ledger.record(entry)
        self._done.append(_Done(entry, was_new))
        self._undone.clear()
        if self._queue.day == self._ledger.calendar.day(entry.time):
            self._queue.answered(entry.question, after)
        else:
            self._queue = self._rebuilt()
        self._advance()

    def _rebuilt(self) -> DayQueue:
        """What is to be asked from now on; of a cram, what this session has not asked yet."""
        selection = self._selection
        if selection.new is not None:
            # So many in all: what was begun already is not asked for again.
            selection = replace(selection, new=max(0, selection.new - self._learned()))
        queue = build(self._ledger, selection)
        if self._selection.cram and self._done:
            owners = Owners(self._ledger.history.relinks())
            for review in self._reviews():
                question = owners.of(review)  # its file may have been renamed since
                queue.answered(question, self._ledger.standing(question))
        return queue

    def _queue_is_of_today(self) -> bool:
        return self._queue.day == self._ledger.calendar.day(self._now())

    def _is_enough(self) -> bool:
        """Whether as many were rated as the session was to ask."""
        limit = self._selection.limit
        return limit is not None and len(self._reviews()) >= limit

    def _advance(self) -> None:
        question = None if self._is_enough() else self._queue.next(self._now())
        if question is None:
            self.asked = None
        else:
            self._ask(question)

    def _ask(self, question_id: str, *, order: tuple[int, ...] = (), previous: str = "") -> None:
        """`previous`: the answer that counts as the last one, though its rating was taken back."""
        ledger = self._ledger
        question = ledger.shown(question_id)
        concept = ledger.concept(question_id)
        standing = ledger.standing(question_id)
        now = self._now()
        options: Mapping[Rating, Memory] = (
            {} if self._selection.cram else ledger.options(question_id, now)
        )
        self.asked = Asked(
            question=question,
            title=concept.title,
            note=concept.note,
            links=concept.links,
            order=_order(question.content, ledger.random, order)
            if isinstance(question.content, Choice)
            else (),
            state=standing.state,
            memory=standing.memory,
            options=options,
            intervals={
                rating: interval(memory.due - now)
                if memory.interval == 0
                else interval(timedelta(days=memory.interval))
                for rating, memory in options.items()
            },
            previous_answer=previous or previous_answer(ledger, question_id),
        )


def _order(choice: Choice, rng: random.Random, kept: tuple[int, ...]) -> tuple[int, ...]:
    """A fresh shuffle of the options, or the one already shown while it still fits."""
    if len(kept) == len(choice.options):
        return kept
    indexes = list(range(len(choice.options)))
    rng.shuffle(indexes)
    return tuple(indexes)
