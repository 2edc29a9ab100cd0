"""The agreement between the cards on disk, the log, and the standings computed from it.

Every change to the history goes through here: an entry is on the disk, with the standing that
follows from it, before anyone hears of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from quiz.deck.collection import Collection, load
from quiz.errors import CardError, StoreError
from quiz.language import _
from quiz.model.log import TEXT, TICK, Owners
from quiz.model.question import Concept, Question
from quiz.model.review import (
    Action,
    ActionKind,
    Entry,
    Memory,
    Rating,
    Review,
    Standing,
)
from quiz.schedule.days import Calendar, local_timezone
from quiz.schedule.limits import ancestors as decks_above
from quiz.schedule.policy import policy_of
from quiz.schedule.queue import Candidate
from quiz.schedule.replay import advance, fold, standing_of
from quiz.schedule.scheduler import Scheduler
from quiz.settings import Settings
from quiz.store.device import sign_of
from quiz.store.history import History
from quiz.store.ids import new_id
from quiz.store.merge import merge
from quiz.study.clock import Clock, utc_now
from quiz.study.curriculum import candidates
from quiz.study.following import (
    Others,
    follow_arrivals,
    follow_edits,
    followed,
    hold_back_early,
    is_followed,
    reads_alike,
    ways,
)
from quiz.study.histories import histories
from quiz.study.load import Load
from quiz.study.search import Words, words_of

ALGORITHM = "fsrs-6"
"""Name of the memory model, as it is written into the log."""

_BROUGHT_IN = "brought-in"
"""Name of the fact that says when the latest import was."""

_NONE: Mapping[str, str] = MappingProxyType({})

_SESSION_GAP = timedelta(hours=1)
"""Entries of the log further apart than this belong to different sessions."""

_UNDO_DEPTH = 200
"""Entries of the last session that can be taken back in the next one."""


class Ledger:
    """Cards, log and standings, brought together."""

    def __init__(
        self,
        collection: Collection,
        history: History,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        seed: int | None = None,
    ) -> None:
        self.collection = collection
        self._candidates: Sequence[Candidate] | None = None
        self._words: dict[str, Words] = {}
        self.history = history
        self.settings = settings
        self.clock = clock
        self.random = random.Random(seed)
        self.calendar = Calendar(local_timezone(), settings.rollover_hour)
        self.notices: tuple[str, ...] = ()
        self.version = 0
        """Another one after each change of the cards, the history or the settings."""
        self._moved: Mapping[str, str] = {}
        self._sign = ""
        self._others = Others(history)
        self.use_weights()
        self._hold(history.standings())
        self._follow()

    # The cards

    def has(self, question: str) -> bool:
        """Whether the cards hold this question."""
        return question in self.collection.questions

    def now_called(self, question: str) -> str:
        """The id of a question after the latest edit of the cards, which may have changed it."""
        return question if self.has(question) else self._moved.get(question, question)

    def shown(self, question: str) -> Question:
        """The question in the learner's language."""
        return self.collection.shown(question, self.settings.language or None)

    def concept(self, question: str) -> Concept:
        """The concept of a question, in the learner's language."""
        concept = self.collection.concepts[self.collection.questions[question].concept]
        language = self.settings.language or self.collection.config.language
        return concept.in_language(language or "")

    def use(self, collection: Collection) -> None:
        """Go on with the cards as they are now.

        Questions of a file that cannot be read any more stay as they were.
        """
        before = self.collection.concepts
        kept = {name: before[name] for name in collection.broken if name in before}
        if kept:
            collection = replace(collection, concepts={**collection.concepts, **kept})
        # Made before anyone asks for it: whoever did would wait.
        ready = collection.questions, candidates(collection)
        self.collection, self._candidates = collection, ready[1]
        self._words = {}
        self._follow(again=True)
        self.version += 1

    def catch_up(self) -> Mapping[str, str]:
        """Take over what another program has written to the history meanwhile.

        Where histories went of questions that do not read any more as they do here, which that
        program has found in the cards.
        """
        before, version = self.collection, self.version
        went = self._taken_over()
        if self.version != version and not is_followed(self):
            self.use(load(before.root))
        return {
            old: new for old, new in went.items() if not reads_alike(before, self.collection, old)
        }

    @property
    def candidates(self) -> Sequence[Candidate]:
        """All questions in the order of learning, as the queue wants them."""
        if self._candidates is None:
            self._candidates = candidates(self.collection)
        return self._candidates

    def words(self, question: str) -> Words:
        """What a search looks for in the question's card, in the learner's language too."""
        found = self._words.get(question)
        if found is None:
            found = self._words[question] = words_of(
                self.collection.questions[question], self.shown(question)
            )
        return found

    # Where the learner stands

    @property
    def standings(self) -> Mapping[str, Standing]:
        """By question; those that are not in it are new."""
        return self._standings

    def standing(self, question: str) -> Standing:
        """Where a question stands; a new one has a standing too."""
        return self._standings.get(question) or Standing(question)

    def today(self) -> date:
        """The present study day."""
        return self.calendar.day(self.clock())

    def use_settings(self, settings: Settings) -> None:
        """Go on by other settings."""
        self.settings = settings
        self._words = {}
        self.calendar = Calendar(local_timezone(), settings.rollover_hour)
        self.use_weights()

    def use_weights(self) -> None:
        """Schedule with the weights that are in force in the history now."""
        self.policy = policy_of(self.settings)
        if fitted := self.history.weights():
            self.policy = replace(
                self.policy, weights=fitted.values, weights_version=fitted.version
            )
        self._schedulers: dict[float, Scheduler] = {}
        self.version += 1

    def own(self, deck: str, name: str) -> Any:  # noqa: ANN401 - a setting
        """What a deck, else the nearest deck around it, sets for itself; None where none does."""
        values = (self.settings.decks.get(around, {}).get(name) for around in decks_above(deck))
        return next(filter(None, values), None)

    def scheduler(self, question: str = "") -> Scheduler:
        """The scheduler of a question: its deck may want another retention."""
        deck = question.partition("#")[0].rpartition("/")[0]
        retention = self.own(deck, "desired_retention") or self.policy.desired_retention
        if retention not in self._schedulers:
            policy = replace(self.policy, desired_retention=retention)
            self._schedulers[retention] = Scheduler(policy, self.calendar)
        return self._schedulers[retention]

    def options(self, question: str, now: datetime) -> dict[Rating, Memory]:
        """What each rating given now would store."""
        concept = self.collection.concepts[self.collection.questions[question].concept]
        siblings = {
            memory.due_day
            for sibling in concept.questions
            if sibling.id != question and (memory := self.standing(sibling.id).memory)
        }
        return self.scheduler(question).options(
            self.standing(question).memory,
            question=question,
            now=now,
            load=self._load.days,
            sibling_days=siblings,
        )

    # The log

    def new_id(self, now: datetime | None = None, text: str = "") -> str:
        """An id for an entry that is written here, now or at that time; about a text, if given."""
        if not self._sign:
            self._sign = sign_of(self.history, self.clock())
        return new_id(now or self.clock(), self._sign, text)

    def action(self, question: str, kind: ActionKind, value: str = "") -> Action:
        """An entry of the log that is no rating, as of now; not recorded yet."""
        now = self.clock()
        return Action(
            id=self.new_id(now),
            question=question,
            time=now,
            day=self.calendar.day(now),
            kind=kind,
            value=value,
        )

    def _at_once(
        self, kind: ActionKind, of: Iterable[tuple[str, str]], time: datetime
    ) -> list[Action]:
        """Actions of one instant, by question and value."""
        now = self.clock()
        day = self.calendar.day(now)
        fresh = self.new_id
        return [Action(fresh(now), question, time, day, kind, value) for question, value in of]

    def record(self, entry: Entry) -> Standing:
        """Put an entry on the disk, with the standing that follows from it."""
        entry = replace(entry, time=self._not_before([entry.question], entry.time))
        # As it stands on the disk: another program may have the same history open.
        before = self.history.standing(entry.question)
        after = advance(before, entry, self.scheduler(entry.question))
        self.history.append(entry, [after])
        self._set(after)
        return after

    def _not_before(self, questions: Sequence[str], now: datetime) -> datetime:
        """`now`, or later than all that is known of these ids: the clock may have been ahead when
        that was written, or the one of another machine, and the log is read in order of time."""
        latest = self.history.latest(questions, now)
        return now if latest is None else latest + TICK

    def act(self, question: str, kind: ActionKind, value: str = "") -> Standing:
        """Do something to a question that is no rating."""
        return self.record(self.action(question, kind, value))

    def undo(self, *entries: Entry) -> list[Action]:
        """Take entries back, all or none; each undo is an entry, and can be taken back in turn."""
        taken_back = ((one.question, one.id) for one in entries)
        undos = self._at_once(ActionKind.UNDO, taken_back, self.clock())
        owners = Owners(self.history.relinks())
        questions = {owners.of(self._meant(entry)) for entry in entries}
        self._append(undos, self._standings_of(self.histories(questions, undos)))
        return undos

    def act_on(self, questions: Iterable[str], kind: ActionKind, value: str = "") -> list[Standing]:
        """The same to many questions in one instant, all or none: how they stand then."""
        named = list(questions)
        start = self._not_before(named, self.clock())
        actions = self._at_once(kind, ((question, value) for question in named), start)
        before = self.history.standings(action.question for action in actions)
        standings = [
            advance(before.get(a.question) or Standing(a.question), a, self.scheduler(a.question))
            for a in actions
        ]
        self._append(actions, standings)
        return standings

    def bring_in(self, entries: Iterable[Entry]) -> int:
        """Add entries that another program wrote; they, and what was done before, stay done."""
        added = self.add_to_log(entries)
        if added:
            self.history.set_meta(_BROUGHT_IN, self.clock().isoformat())
        return added

    @property
    def brought_in(self) -> datetime | None:
        """When the latest import was; None: there was none."""
        noted = self.history.meta(_BROUGHT_IN)
        return datetime.fromisoformat(noted) if noted else None

    def undoable(self) -> list[Entry]:
        """The entries of the last session that count, oldest first; none from before an import."""
        since = self.brought_in
        entries: list[Entry] = []
        for entry in self.history.last_done(_UNDO_DEPTH):
            if entries and entries[-1].time - entry.time > _SESSION_GAP:
                break
            if since is not None and entry.time <= since:
                break
            entries.append(entry)
        return entries[::-1]

    def reviews(self) -> list[Review]:
        """Every review that was not undone, in order of time, under the id it was given."""
        undone = self.history.undone()
        return [
            entry
            for entry in self.history.entries()
            if isinstance(entry, Review) and entry.id not in undone
        ]

    def add_to_log(self, entries: Iterable[Entry]) -> int:
        """Add entries from elsewhere, all or none, and compute all standings again."""
        added, standings = self.history.refold(self._fold, entries)
        self._replace(standings)
        return added

    def refold(self) -> None:
        """Compute every standing again, as the relinks count now."""
        self._hold(self.history.refold(self._fold)[1])

    def rebuild(self) -> tuple[int, int]:
        """Compute every standing again from the log: how many there are, how many changed."""
        before = self._standings
        self.add_to_log(())
        changed = [q for q in {*before, *self._standings} if before.get(q) != self.standing(q)]
        return len(self._standings), len(changed)

    def merge(self, other: Path) -> int:
        """Join another history's log to this one: how many entries were new."""
        written = self.history.written()
        added, standings = merge(self.history, other, self._fold)
        if hold_back_early(self, self.history.relinks_after(written)):
            standings = self.history.refold(self._fold)[1]
        self._replace(standings)
        return added

    def relink(self, old: str, new: str) -> None:
        """Give the history of `old` to `new`: a question of the cards, or one it came from."""
        if not self.has(new) and new not in {link.value for link in self.history.relinks()}:
            raise CardError(
                _("there is no question `{question}` in the cards").format(question=new),
                fix=_("`quiz search` lists the questions and their ids."),
            )
        if old == new:
            raise CardError(_("`{question}` has its own history already").format(question=new))
        if not self.entries(old):
            raise StoreError(_("there is no history of `{question}`").format(question=old))
        self.give([(old, new)])

    def give(self, moves: Iterable[tuple[str, str]], texts: Mapping[str, str] = _NONE) -> None:
        """Have the history of each first id go on under the second, in this order.

        `texts` are digests of what the questions say, by their old ids, as far as they are known.
        """
        listed = list(moves)
        now = self.clock()
        start, day = self._not_before([old for old, _new in listed], now), self.calendar.day(now)
        actions = [
            Action(
                self.new_id(now, texts.get(old, "")[: TEXT.stop - TEXT.start]),
                new, start + number * TICK, day, ActionKind.RELINK, old,
            )
            for number, (old, new) in enumerate(listed)
        ]  # fmt: skip
        touched = {question for action in actions for question in (action.question, action.value)}
        self._append(actions, self._standings_of(self.histories(touched, actions)))
        self._others.know(actions)

    def entries(self, question: str) -> list[Entry]:
        """All of the log that belongs to a question, by way of its earlier ids."""
        return self.histories([question])[question]

    def histories(
        self, questions: Iterable[str], more: Sequence[Action] = ()
    ) -> dict[str, list[Entry]]:
        """All of the log that belongs to each of these questions, as if it held `more` already."""
        return histories(self.history, questions, more)

    def _standings_of(self, histories: Mapping[str, Iterable[Entry]]) -> list[Standing]:
        return [standing_of(own, self.scheduler(q), q) for q, own in histories.items()]

    def _fold(
        self, histories: Iterable[tuple[str, list[Entry]]], relinks: list[Action]
    ) -> dict[str, Standing]:
        return fold(histories, Owners(relinks), self.scheduler)

    def _replace(self, standings: dict[str, Standing]) -> None:
        self._hold(standings)
        follow_arrivals(self)
        self.version += 1

    def _hold(self, standings: dict[str, Standing]) -> None:
        self._standings = standings
        self._load = Load(standings.values())

    def _append(self, actions: list[Action], standings: list[Standing]) -> None:
        """Put actions on the disk together with the standings that follow from them."""
        self.history.append_many(actions, standings)
        for standing in standings:
            self._set(standing)

    def _meant(self, entry: Entry) -> Entry:
        """What an entry takes back in the end; itself, where it takes nothing back."""
        while isinstance(entry, Action) and entry.kind is ActionKind.UNDO:
            known = {other.id: other for other in self.history.entries(question=entry.question)}
            if entry.value not in known:
                break
            entry = known[entry.value]
        return entry

    def _set(self, standing: Standing) -> None:
        self._load.change(self.standing(standing.question), standing)
        if standing == Standing(standing.question):
            self._standings.pop(standing.question, None)
        else:
            self._standings[standing.question] = standing
        self.version += 1

    def _follow(self, *, again: bool = False) -> None:
        went = self._taken_over()
        moved, self.notices = follow_edits(self)
        if again and not moved:
            moved = ways(self)  # another program may have seen the edit first
        self._moved = followed(self._moved, went, moved)

    def _taken_over(self) -> Mapping[str, str]:
        """Where another program had histories go, after a look at all it has written."""
        went = self._others.went()
        if went is None:
            return {}
        self._hold(self.history.standings())
        self.use_weights()
        return went
