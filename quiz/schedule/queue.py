"""The questions of one study day, in the order they are asked.

What the day holds is gathered once: reviews that are due, then new questions as far as limits,
siblings and prerequisites allow. From then on every step costs the logarithm of their number.
Learning questions come and go by the minute: one that is due goes before everything else, and
one that is nearly due is asked when nothing else is left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from quiz.model.pieces import in_order
from quiz.model.review import Memory, Standing, State
from quiz.schedule.days import Calendar
from quiz.schedule.fuzz import uniform
from quiz.schedule.limits import Budget, Counts, Limits, Studied, ancestors
from quiz.schedule.policy import Policy, ReviewOrder
from quiz.schedule.prerequisites import Prerequisites
from quiz.schedule.ranked import Rank, Ranked

_LEARNING = (State.LEARNING, State.RELEARNING)


class Candidate(NamedTuple):
    """What the queue knows of a question."""

    question: str
    concept: str
    deck: str
    order: int
    """Its place in the curriculum."""
    requires: tuple[str, ...] = ()
    """The concepts to be learned before its own."""
    suspended: bool = False
    """By the card file."""
    tags: tuple[str, ...] = ()


_Remembered = tuple[Candidate, Memory]


@dataclass(frozen=True, slots=True)
class Today:
    """What the day allows and has seen already."""

    now: datetime
    limits: Mapping[str, Limits] = field(default_factory=dict)
    """By deck path; at the empty path, in place of the policy's for the whole collection."""
    studied: Studied = field(default_factory=Studied)


class DayQueue:
    """The day's questions; `next` looks, `answered` moves on."""

    def __init__(
        self,
        candidates: Iterable[Candidate],
        standings: Mapping[str, Standing],
        today: Today,
        policy: Policy,
        calendar: Calendar,
        *,
        selected: Collection[str] | None = None,
        cram: bool = False,
    ) -> None:
        """`candidates` are all questions of the collection; the `selected` (None: all) are asked.

        The others matter too: they count as siblings, as prerequisites and against limits.
        With `cram`, all selected that are not suspended are asked once, in their order.
        """
        self.day = calendar.day(today.now)
        """The study day it was made for; once another has begun, make another queue."""
        self._policy = policy
        self._calendar = calendar
        self._candidates = {candidate.question: candidate for candidate in candidates}
        self._selected = self._candidates.keys() if selected is None else selected
        self._cram = cram
        self._last = ""
        self._learning, self._reviews, self._new = Ranked(), Ranked(), Ranked()
        self._dues: dict[str, datetime] = {}
        self._asked_of: dict[str, str] = {}
        """By concept: the one question that today belongs to, as far as siblings are buried."""
        self._held_back: dict[str, list[Candidate]] = defaultdict(list)
        self._first_of: dict[str, int] = {}
        """By deck: the place in the curriculum of the first of its reviews."""
        self._alone: dict[str, bool] = {}
        """By question that was answered: whether no other question moved."""
        self._prerequisites = self._requirements(standings)
        whole = Limits(policy.new_per_day, policy.reviews_per_day)
        self._budget = Budget({"": whole, **today.limits})
        if cram:
            self._gather_all(standings)
        else:
            self._spend(today.studied)
            learning, due, new = self._sorted_out(standings)
            self._gather_learning(learning)
            self._gather_reviews(due)
            self._gather_new(new)

    def next(self, now: datetime) -> str | None:
        """The question to ask at `now`, the same until one is `answered`; None: none at present.

        Never the one just answered while another can be asked.
        """
        for besides in (self._last, ""):
            learning = self._learning.first(besides)
            if learning and self._dues[learning] <= now:
                return learning
            if main := self._main(besides):
                return main
            if learning and self._dues[learning] <= now + self._policy.learn_ahead:
                return learning
        return None

    def waiting_until(self) -> datetime | None:
        """When the next learning question of this study day is due; None: none is left."""
        first = self._learning.first()
        due = self._dues[first] if first else None
        return due if due and self._calendar.day(due) <= self.day else None

    def answered(self, question: str, standing: Standing) -> None:
        """Move on: `question` was answered, buried or suspended, and now stands like this."""
        self._last = question
        queues = (self._learning, self._reviews, self._new)
        was_queued = sum(queue.discard(question) for queue in queues) > 0
        candidate = self._candidates.get(question)
        moved = False
        if candidate and not self._cram:
            hidden = self._is_hidden(candidate, standing)
            if not hidden:
                if not was_queued:  # asked all the same, as after an undo
                    self._budget.take_review(candidate.deck, force=True)
                moved = self._bury_siblings(candidate)
                if standing.memory and standing.state in _LEARNING:
                    self._wait(question, standing.memory)
            learned = not hidden and standing.state in (State.REVIEW, State.RELEARNING)
            if learned or standing.suspended:
                moved |= self._learned(candidate)
        self._alone[question] = was_queued and not moved and self._alone.get(question, True)

    def taken_back(self, question: str, standing: Standing) -> bool:
        """What was `answered` last for `question` does not hold; it stands like this again.

        False where that has moved other questions too: then make another queue.
        """
        candidate = self._candidates.get(question)
        if candidate is None or not self._alone.get(question):
            return False
        self._last = ""
        self._learning.discard(question)
        if self._is_hidden(candidate, standing):
            return True
        memory = standing.memory
        if self._cram:
            self._reviews.add(question, (candidate.order,), again=True)
        elif memory is None:
            self._new.add(question, (candidate.order,), again=True)
        elif memory.state in _LEARNING:
            self._wait(question, memory)
        elif memory.due_day <= self.day:
            self._reviews.add(question, self._rank(candidate, memory), again=True)
        return True

    def remaining(self) -> Counts:
        """Questions left today; one in learning counts once, however many steps are left."""
        return Counts(len(self._new), len(self._learning_today()), len(self._reviews))

    def left(self) -> list[str]:
        """Questions left today, each once."""
        return [*self._learning_today(), *self._reviews, *self._new]

    def by_deck(self) -> dict[str, Counts]:
        """What is left for every deck with all below it; for the collection, at the empty path."""
        groups: dict[str, Iterable[str]] = {
            "new": self._new,
            "learning": self._learning_today(),
            "review": self._reviews,
        }
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for group, questions in groups.items():
            for question in questions:
                for deck in ancestors(self._candidates[question].deck):
                    counts[deck][group] += 1
        return {deck: Counts(**count) for deck, count in counts.items()}

    def _main(self, besides: str) -> str | None:
        """The next review or new question, mixed so that both run out together."""
        review, new = self._reviews.first(besides), self._new.first(besides)
        if review is None or new is None:
            return review or new
        return new if self._new.left > self._reviews.left else review

    def _spend(self, studied: Studied) -> None:
        """Take what was asked earlier today from the limits and from the concepts."""
        for questions, take in (
            (studied.new, self._budget.take_new),
            (studied.reviewed, self._budget.take_review),
        ):
            for question in sorted(questions):
                # Its card may be gone since; the day was spent on it all the same.
                known = self._candidates.get(question)
                concept = known.concept if known else question.partition("#")[0]
                take(known.deck if known else concept.rpartition("/")[0], force=True)
                self._asked_of.setdefault(concept, question)

    def _gather_all(self, standings: Mapping[str, Standing]) -> None:
        for candidate in self._candidates.values():
            standing = standings.get(candidate.question)
            suspended = candidate.suspended or (standing is not None and standing.suspended)
            if candidate.question in self._selected and not suspended:
                self._reviews.add(candidate.question, (candidate.order,))

    def _sorted_out(
        self, standings: Mapping[str, Standing]
    ) -> tuple[list[_Remembered], list[_Remembered], list[Candidate]]:
        """The candidates that today is about: in learning, due for review, new."""
        learning: list[_Remembered] = []
        due: list[_Remembered] = []
        new: list[Candidate] = []
        for question, candidate in self._candidates.items():
            standing = standings.get(question)
            memory = standing.memory if standing else None
            in_learning = memory is not None and memory.state is not State.REVIEW
            # Most are known and not due; a large collection has no time for more questions.
            if memory and not in_learning and memory.due_day > self.day:
                continue
            if self._is_hidden(candidate, standing):
                continue
            if memory is None:
                new.append(candidate)
            else:
                (learning if in_learning else due).append((candidate, memory))
        return learning, due, new

    def _gather_learning(self, learning: Iterable[_Remembered]) -> None:
        for candidate, memory in learning:
            if self._is_today(memory):
                self._asked_of.setdefault(candidate.concept, candidate.question)
                if candidate.question in self._selected:
                    self._wait(candidate.question, memory)

    def _gather_reviews(self, due: Iterable[_Remembered]) -> None:
        due = [one for one in due if one[0].question in self._selected]
        for candidate, _ in due:
            first = self._first_of.get(candidate.deck, candidate.order)
            self._first_of[candidate.deck] = min(first, candidate.order)
        ranked = [(self._rank(candidate, memory), candidate) for candidate, memory in due]
        for rank, candidate in in_order(ranked, lambda pair: (pair[0], pair[1].question)):
            if self._budget.is_spent:
                break
            if self._is_free(candidate) and self._budget.take_review(candidate.deck):
                self._asked_of[candidate.concept] = candidate.question
                self._reviews.add(candidate.question, rank)

    def _gather_new(self, new: Iterable[Candidate]) -> None:
        fresh = [candidate for candidate in new if candidate.question in self._selected]
        for candidate in sorted(fresh, key=lambda c: (c.order, c.question)):
            if self._prerequisites.hold_back(candidate.concept):
                self._held_back[candidate.concept].append(candidate)
            else:
                self._introduce(candidate)

    def _introduce(self, candidate: Candidate) -> None:
        if self._is_free(candidate) and self._budget.take_new(candidate.deck):
            self._asked_of[candidate.concept] = candidate.question
            self._new.add(candidate.question, (candidate.order,))

    def _rank(self, candidate: Candidate, memory: Memory) -> Rank:
        due = memory.due_day.toordinal()
        match self._policy.review_order:
            case ReviewOrder.OVERDUENESS:
                # Days over stability: that orders by recall relative to what is desired.
                elapsed = (self.day - memory.last_day).days
                return -elapsed / memory.stability, candidate.order
            case ReviewOrder.DUE:
                return due, candidate.order
            case ReviewOrder.RANDOM:
                return (uniform(candidate.question, self._policy.seed + self.day.toordinal()),)
            case ReviewOrder.DECK:
                first = self._first_of.get(candidate.deck, candidate.order)
                return first, due, candidate.order

    def _is_hidden(self, candidate: Candidate, standing: Standing | None) -> bool:
        if standing is None:
            return candidate.suspended
        buried = standing.buried_until is not None and standing.buried_until > self.day
        return candidate.suspended or standing.suspended or buried

    def _is_free(self, candidate: Candidate) -> bool:
        """Whether no sibling has taken the day."""
        if not self._policy.bury_siblings:
            return True
        return self._asked_of.get(candidate.concept, candidate.question) == candidate.question

    def _is_today(self, memory: Memory) -> bool:
        """Whether a learning step ends today, or minutes into tomorrow in a session by night."""
        if memory.due_day <= self.day:
            return True
        # A log with times to come may hold steps that end on far days.
        is_next = memory.due_day == self.day + timedelta(days=1)
        return is_next and memory.due != self._calendar.start(memory.due_day)

    def _wait(self, question: str, memory: Memory) -> None:
        if self._is_today(memory):
            self._dues[question] = memory.due
            self._learning.add(question, (memory.due.timestamp(),))

    def _learning_today(self) -> list[str]:
        end = self._calendar.start(self.day + timedelta(days=1))
        return [question for question in self._learning if self._dues[question] < end]

    def _bury_siblings(self, candidate: Candidate) -> bool:
        """The concept's day belongs to the question that was asked; whether another had to go."""
        other = self._asked_of.get(candidate.concept)
        self._asked_of[candidate.concept] = candidate.question
        if other and other != candidate.question and self._policy.bury_siblings:
            return self._reviews.discard(other) | self._new.discard(other)
        return False

    def _learned(self, candidate: Candidate) -> bool:
        """What it held back may come, as far as the day allows; whether it held anything back."""
        if not self._prerequisites.waits_for(candidate.concept, candidate.question):
            return False
        for concept in self._prerequisites.learned(candidate.concept, candidate.question):
            for held_back in self._held_back.pop(concept, ()):
                self._introduce(held_back)
        return True

    def _requirements(self, standings: Mapping[str, Standing]) -> Prerequisites:
        requires = {c.concept: c.requires for c in self._candidates.values() if c.requires}
        needed = {concept for required in requires.values() for concept in required}
        unlearned = []
        for candidate in self._candidates.values():
            if candidate.concept in needed and not candidate.suspended:
                standing = standings.get(candidate.question)
                if standing is None or (
                    not standing.suspended and standing.state in (State.NEW, State.LEARNING)
                ):
                    unlearned.append((candidate.concept, candidate.question))
        return Prerequisites(requires, unlearned)
