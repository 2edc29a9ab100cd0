"""What a rating does to a question: its memory after each of the four, and when it returns.

Steps, lapses and the order of the intervals follow Anki. Everything is a function of its
arguments: the instant, the load of the days to come and the question's name are passed in, and
whatever `options` shows is what `review` returns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from quiz.model.review import Memory, Rating, Review, State
from quiz.schedule.days import Calendar, utc
from quiz.schedule.fuzz import Spread, fuzz_bounds, uniform, whole
from quiz.schedule.memory import MemoryModel, Trace
from quiz.schedule.policy import Policy

_DAY = timedelta(days=1)
_TICK = timedelta(milliseconds=1)
_PASSING = (Rating.HARD, Rating.GOOD, Rating.EASY)


class Scheduler:
    """Applies a policy by a calendar."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self.policy = policy
        self.calendar = calendar
        self._model = MemoryModel(policy.weights)

    def retrievability(self, memory: Memory, now: datetime) -> float:
        """Probability that the question is known on the study day of `now`."""
        return self.retrievability_on(memory, self.calendar.day(now))

    def retrievability_on(self, memory: Memory, day: date) -> float:
        """Probability that the question is known on `day`."""
        return self._model.retrievability(memory.stability, _days_between(memory.last_day, day))

    def options(
        self,
        memory: Memory | None,
        *,
        question: str,
        now: datetime,
        load: Mapping[date, int] | None = None,
        sibling_days: Collection[date] = (),
    ) -> dict[Rating, Memory]:
        """The memory after each rating given `now` (aware), as the buttons announce it.

        Below the maximum interval, Hard returns before Good and Good before Easy. `load` is the
        number of reviews due on each study day to come (None: not balanced), `sibling_days` the
        days on which a question of the same concept is due. None as `memory` is a new question.

        The `last_time` of each is the time to be logged: `now`, or an instant after the previous
        review where the clock was set back, so that the log keeps its order.
        """
        return self._outcomes(memory, tuple(Rating), question, now, None, load, sibling_days)

    def review(
        self,
        memory: Memory | None,
        *,
        question: str,
        rating: Rating,
        now: datetime,
        load: Mapping[date, int] | None = None,
        sibling_days: Collection[date] = (),
    ) -> Memory:
        """The memory after `rating`: exactly what `options` says for it."""
        ratings = _up_to(rating)
        return self._outcomes(memory, ratings, question, now, None, load, sibling_days)[rating]

    def replayed(self, memory: Memory | None, review: Review) -> Memory:
        """The memory after a review of the log, on the study day and with the due time it names.

        Without a due time, the one that would have been scheduled without balancing.
        """
        if review.due is not None:
            return self._due_as_logged(memory, review, utc(review.due))
        ratings = _up_to(review.rating)
        outcome = self._outcomes(memory, ratings, review.question, review.time, review.day)
        return outcome[review.rating]

    def rescheduled(self, memory: Memory | None, day: date, now: datetime, today: date) -> Memory:
        """The memory of a question set due on `day`; a new one is taken to be known until then."""
        due = self.calendar.start(day)
        if memory is None:
            trace = self._model.after(None, Rating.GOOD, 0)
            memory = Memory(
                state=State.REVIEW,
                stability=float(max(1, _days_between(today, day))),
                difficulty=trace.difficulty,
                due=due,
                due_day=day,
                last_time=utc(now),
                last_day=today,
                interval=1,
                reps=0,
            )
        interval = max(1, _days_between(memory.last_day, day))
        return replace(memory, state=State.REVIEW, due=due, due_day=day, interval=interval, step=0)

    def _outcomes(
        self,
        memory: Memory | None,
        ratings: Collection[Rating],
        question: str,
        now: datetime,
        day: date | None = None,
        load: Mapping[date, int] | None = None,
        sibling_days: Collection[date] = (),
    ) -> dict[Rating, Memory]:
        """The memories after `ratings`, in ascending order, on `day` (None: that of `now`)."""
        now = utc(now)
        day = day or self.calendar.day(now)
        policy = self.policy
        spread = Spread(
            today=day,
            point=uniform(question, memory.reps if memory else 0) if policy.fuzz else 0.0,
            fuzz=policy.fuzz,
            load=load if policy.balance else None,
            sibling_days=sibling_days,
            easy_days=policy.easy_days,
        )
        outcomes: dict[Rating, Memory] = {}
        floor = 1
        for rating in ratings:
            reviewed = self._remembered(memory, rating, now, day)
            wait = self._wait(memory, rating)
            if wait is None:
                outcome = self._graduated(reviewed, memory, spread, floor)
            else:
                outcome = self._waiting(reviewed, rating, now, day, *wait, floor)
            outcomes[rating] = outcome
            if rating is not Rating.AGAIN:
                floor = (outcome.due_day - day).days + 1
            if rating is Rating.GOOD and wait is not None:
                # Easy skips the steps that Good still takes, and must not overtake their end.
                skipped = self._graduated(reviewed, memory, spread, floor)
                floor = skipped.interval + 1
        return outcomes

    def _remembered(
        self, memory: Memory | None, rating: Rating, now: datetime, day: date
    ) -> Memory:
        """Everything a rating changes except when the question returns."""
        if memory is None:
            trace = self._model.after(None, rating, 0)
            return Memory(State.LEARNING, *trace, now, day, now, day, interval=0)
        elapsed = max(0, _days_between(memory.last_day, day))
        trace = self._model.after(Trace(memory.stability, memory.difficulty), rating, elapsed)
        forgotten = rating is Rating.AGAIN and memory.state is State.REVIEW
        return Memory(
            memory.state,
            *trace,
            due=now,
            due_day=day,
            last_time=max(now, memory.last_time + _TICK),
            last_day=day,
            interval=0,
            reps=memory.reps + 1,
            lapses=memory.lapses + forgotten,
        )

    def _wait(self, memory: Memory | None, rating: Rating) -> tuple[State, int, timedelta] | None:
        """The step a rating leads to, or None where the question goes (back) to review."""
        if memory is None or memory.state is State.LEARNING:
            state, steps = State.LEARNING, self.policy.learning_steps
        elif memory.state is State.RELEARNING or rating is Rating.AGAIN:
            state, steps = State.RELEARNING, self.policy.relearning_steps
        else:
            return None
        # Steps may have been taken out of the settings while the question waited in the last one.
        step = min(memory.step, len(steps) - 1) if memory else 0
        if not steps or rating is Rating.EASY:
            return None
        if rating is Rating.AGAIN:
            return state, 0, steps[0]
        if rating is Rating.HARD:
            return state, step, _hard_delay(steps) if step == 0 else steps[step]
        if step + 1 == len(steps):
            return None
        return state, step + 1, steps[step + 1]

    def _waiting(
        self,
        reviewed: Memory,
        rating: Rating,
        now: datetime,
        day: date,
        state: State,
        step: int,
        delay: timedelta,
        floor: int,
    ) -> Memory:
        """In a step: due after `delay`, or, from a day on, with the study day it leads to."""
        if delay < _DAY:
            due = now + delay
            return replace(
                reviewed, state=state, step=step, due=due, due_day=self.calendar.day(due)
            )
        days = delay // _DAY if rating is Rating.HARD else whole(delay / _DAY)
        due_day = day + max(days, floor) * _DAY
        due = self.calendar.start(due_day)
        return replace(reviewed, state=state, step=step, due=due, due_day=due_day)

    def _graduated(
        self, reviewed: Memory, before: Memory | None, spread: Spread, floor: int
    ) -> Memory:
        """In review: due on the day when recall has fallen to the desired retention."""
        interval = self._model.interval(reviewed.stability, self.policy.desired_retention)
        if before and before.state is State.REVIEW and reviewed.lapses == before.lapses:
            floor = max(floor, self._kept(interval, before.interval))
        days = spread.choose(interval, floor, self.policy.maximum_interval)
        due_day = spread.today + timedelta(days=days)
        return _in_review(reviewed, self.calendar.start(due_day), due_day, days)

    def _kept(self, interval: float, last: int) -> int:
        """What fuzz must leave of a pass: a longer interval longer, one about the same as long."""
        if whole(interval) > last:
            return last + 1
        return last if self.policy.fuzz and fuzz_bounds(interval)[1] >= last else 1

    def _due_as_logged(self, memory: Memory | None, review: Review, due: datetime) -> Memory:
        """The memory after a review, returning when the log says, whatever steps and zone are now.

        The interval is known, so that none is computed: a history of a million reviews has many.
        """
        now = utc(review.time)
        reviewed = self._remembered(memory, review.rating, now, review.day)
        wait = self._wait(memory, review.rating)
        day = self.calendar.day(due)
        if wait is None:
            if self.calendar.start(day) != due and _begins_a_day_somewhere(due):
                day = review.day - (now - due) // _DAY * _DAY
            if day > review.day:
                return _in_review(reviewed, due, day, (day - review.day).days)
            # There was a step where there is none now.
            state = State.RELEARNING if reviewed.lapses else State.LEARNING
            return replace(reviewed, state=state, due=due, due_day=day, interval=0)
        waiting = self._waiting(reviewed, review.rating, now, review.day, *wait, floor=1)
        expected = (waiting.due_day - review.day).days
        interval = (day - review.day).days
        if interval > expected + (expected > 0):  # there was no step where there is one now
            return _in_review(reviewed, due, day, interval)
        return replace(waiting, due=due, due_day=day)


def _in_review(reviewed: Memory, due: datetime, day: date, interval: int) -> Memory:
    # Not by `replace`: a history of a million reviews has as many of these.
    return Memory(
        State.REVIEW,
        reviewed.stability,
        reviewed.difficulty,
        due,
        day,
        reviewed.last_time,
        reviewed.last_day,
        interval,
        reviewed.step,
        reviewed.reps,
        reviewed.lapses,
    )


def _begins_a_day_somewhere(instant: datetime) -> bool:
    """Whether a clock of some time zone strikes the hour: all are quarters of an hour apart."""
    return instant.minute % 15 == 0 and instant.second == 0 and instant.microsecond == 0


def _up_to(rating: Rating) -> tuple[Rating, ...]:
    """The ratings whose intervals bear on that of `rating`, which is the last of them."""
    return (rating,) if rating is Rating.AGAIN else _PASSING[: rating - 1]


def _hard_delay(steps: tuple[timedelta, ...]) -> timedelta:
    """Between the first step and the next: Again and Hard must not say the same."""
    if len(steps) > 1:
        return (steps[0] + steps[1]) / 2
    return min(steps[0] * 1.5, steps[0] + _DAY)


def _days_between(earlier: date, later: date) -> int:
    return (later - earlier).days
