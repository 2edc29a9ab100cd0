"""An open collection with its history: the one object behind the terminal and the commands.

It owns the agreement between the cards on disk, the log, and the standings computed from it.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from quiz.deck.collection import Collection, load
from quiz.deck.collection import reload as reload_collection
from quiz.deck.config import CollectionConfig
from quiz.errors import CardError, StoreError
from quiz.model.finding import Finding, Severity
from quiz.model.question import Concept, Question
from quiz.model.review import (
    Action,
    ActionKind,
    Entry,
    Memory,
    Rating,
    Review,
    Standing,
    State,
)
from quiz.model.verdict import Case, Verdict
from quiz.schedule.days import Calendar, local_timezone
from quiz.schedule.policy import Policy
from quiz.schedule.queue import DayQueue
from quiz.schedule.replay import advance, lineage, memories_after, replay, standing_of
from quiz.schedule.scheduler import Scheduler
from quiz.settings import Settings, bundled_cards, find_database, resolve
from quiz.store.backup import Backup, backup, list_backups
from quiz.store.history import History
from quiz.store.ids import new_id
from quiz.store.merge import merge
from quiz.study import queueing
from quiz.study.clock import Clock, utc_now
from quiz.study.coding import Coding, program_of
from quiz.study.identity import reconcile
from quiz.study.search import Subject, fold, parse
from quiz.study.session import Session
from quiz.study.statistics import state_name, statistics
from quiz.study.text import plain
from quiz.study.values import DeckRow, QuestionHistory, Row, Selection, Statistics, Step

ALGORITHM = "fsrs-6"

_SESSION_GAP = timedelta(hours=1)
"""Entries of the log further apart than this belong to different sessions."""

_UNDO_DEPTH = 200
"""Entries of the last session that can be taken back in the next one."""


class Library:
    """The cards and what is remembered of them."""

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
        self.history = history
        self.settings = settings
        self.clock = clock
        self.random = random.Random(seed)
        self.calendar = Calendar(local_timezone(), settings.rollover_hour)
        self.policy = _policy(settings, history)
        self.notices: tuple[str, ...] = ()
        self._schedulers: dict[float, Scheduler] = {}
        own = collection.root.resolve() == bundled_cards().resolve()
        trusted = own or history.meta("consent") is not None
        self._coding = Coding(settings.device, trusted=trusted)
        self._standings = history.standings()
        self._load = self._count_load()
        self._reconcile()

    @classmethod
    def open(
        cls,
        cards: Path,
        database: Path | None = None,
        *,
        flags: Mapping[str, Any] | None = None,
        clock: Clock = utc_now,
        seed: int | None = None,
    ) -> Library:
        """Read the cards, open their history (made if there is none), and bring them together.

        Raises `QuizError` where there are no cards to read or the history cannot be used.
        """
        collection = load(cards)
        config = collection.config
        settings = resolve(flags=flags, collection=_said(config))
        name = config.name or collection.root.resolve().name
        history = History.open(find_database(database, name))
        return cls(collection, history, settings, clock=clock, seed=seed)

    def close(self) -> None:
        """Close the history. The grader, if it was started, is ended by `aclose`."""
        self.history.close()

    async def aclose(self) -> None:
        """End the grader and close the history."""
        await self._coding.close()
        self.close()

    # The cards

    @property
    def database(self) -> Path:
        return self.history.path

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the cards, warnings included."""
        return self.collection.findings

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep a question from being asked."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    def has(self, question: str) -> bool:
        """Whether the cards hold this question."""
        return question in self.collection.questions

    def shown(self, question: str) -> Question:
        """The question in the learner's language."""
        return self.collection.shown(question, self.settings.language or None)

    def concept(self, question: str) -> Concept:
        """The concept of a question, in the learner's language."""
        concept = self.collection.concepts[self.collection.questions[question].concept]
        return concept.in_language(self.settings.language)

    def reload(self, paths: Iterable[Path] | None = None) -> tuple[Finding, ...]:
        """Read cards again that were saved; all of them if no path is given.

        Questions of a file that cannot be read any more stay as they were. Returns what is wrong
        with the files that were read.
        """
        before = self.collection
        changed = [path.resolve() for path in paths] if paths is not None else None
        after = load(before.root) if changed is None else reload_collection(before, changed)
        kept = {name: before.concepts[name] for name in after.broken if name in before.concepts}
        self.collection = replace(after, concepts={**after.concepts, **kept})
        self._reconcile()
        if changed is None:
            return self.findings
        return tuple(f for f in self.findings if Path(f.place.path).resolve() in changed)

    async def watch(self, stop: asyncio.Event) -> AsyncIterator[set[Path]]:
        """The card files that were saved, as they are saved, until `stop` is set."""
        from watchfiles import awatch

        with suppress(FileNotFoundError):
            async for changes in awatch(self.collection.root, stop_event=stop, step=50):
                saved = {Path(path) for _, path in changes}
                cards = {p for p in saved if p.suffix == ".md" or p.name == "quiz.toml"}
                if cards:
                    yield cards

    # Where the learner stands

    def standing(self, question: str) -> Standing:
        return self._standings.get(question) or Standing(question)

    @property
    def standings(self) -> Mapping[str, Standing]:
        """By question; those that are not in it are new."""
        return self._standings

    def today(self) -> date:
        """The present study day."""
        return self.calendar.day(self.clock())

    def options(self, question: str, now: datetime) -> dict[Rating, Memory]:
        """What each rating given now would store."""
        concept = self.collection.concepts[self.collection.questions[question].concept]
        siblings = {
            standing.memory.due_day
            for sibling in concept.questions
            if sibling.id != question and (standing := self.standing(sibling.id)).memory
        }
        return self.scheduler(question).options(
            self.standing(question).memory,
            question=question,
            now=now,
            load=self._load,
            sibling_days=siblings,
        )

    def scheduler(self, question: str = "") -> Scheduler:
        """The scheduler of a question: its deck may want another retention."""
        deck = question.partition("#")[0].rpartition("/")[0]
        retention = queueing.deck_setting(self.settings, deck, "desired_retention")
        if retention not in self._schedulers:
            policy = replace(self.policy, desired_retention=retention)
            self._schedulers[retention] = Scheduler(policy, self.calendar)
        return self._schedulers[retention]

    def queue(self, selection: Selection) -> DayQueue:
        """What a session about `selection` asks today."""
        wanted = self._selected(selection)
        return queueing.build(self, wanted, selection)

    def decks(self) -> tuple[DeckRow, ...]:
        """The decks as a tree, the collection itself first."""
        return queueing.deck_rows(self)

    def session(self, selection: Selection | None = None) -> Session:
        """Start asking. `CardError` where the selection names a deck that does not exist."""
        selection = selection or Selection()
        if selection.deck and selection.deck not in self.collection.decks:
            raise CardError(
                f"there is no deck `{selection.deck}`",
                fix=f"Decks: {', '.join(deck for deck in self.collection.decks if deck)}.",
            )
        return Session(self, selection)

    def next_due(self, selection: Selection) -> datetime | None:
        """When the next question of the selection returns."""
        wanted = self._selected(selection)
        waiting = (
            memory.due
            for question in wanted
            if (memory := self.standing(question).memory) and not self.standing(question).suspended
        )
        return min(waiting, default=None)

    def rows(self, query: str = "") -> list[Row]:
        """The questions that match a search, in the order of the collection."""
        holds = parse(query, self.today())
        return [subject.row for subject in self._subjects() if holds(subject)]

    def question_history(self, question: str) -> QuestionHistory:
        """All reviews of a question, whether it is in the cards still or not."""
        steps = tuple(
            Step(review, memory)
            for review, memory in memories_after(self._entries(question), self.scheduler(question))
        )
        if not steps and not self.has(question):
            raise CardError(
                f"there is no question `{question}`, in the cards or in the history",
                fix="`quiz search` lists the questions and their ids.",
            )
        memory = self.standing(question).memory
        return QuestionHistory(
            question=question,
            prompt=plain(self.shown(question).heading) if self.has(question) else "",
            memory=memory,
            retrievability=self.scheduler(question).retrievability(memory, self.clock())
            if memory
            else None,
            steps=steps,
        )

    def statistics(self) -> Statistics:
        """Where the learner stands, over the whole collection."""
        today = self.today()
        states = Counter(
            state_name(self._standings.get(q.id), suspended=q.suspended, today=today)
            for q in self.collection.questions.values()
        )
        present = {q: s for q, s in self._standings.items() if self.has(q)}
        return statistics(self.reviews(), present, states, today)

    def previous_answer(self, question: str) -> str:
        """What the learner gave the last time; empty if nothing was kept."""
        if self.standing(question).memory is None:
            return ""
        given = [e.answer for e in self._entries(question) if isinstance(e, Review) and e.answer]
        return given[-1] if given else ""

    # The log

    @property
    def algorithm(self) -> str:
        return ALGORITHM

    def new_id(self, now: datetime) -> str:
        """A fresh id for an entry of the log."""
        return new_id(now)

    def record(self, entry: Entry) -> Standing:
        """Put an entry on the disk, with the standing that follows from it."""
        after = advance(self.standing(entry.question), entry, self.scheduler(entry.question))
        self.history.append(entry, [after])
        self._set(after)
        return after

    def act(self, question: str, kind: ActionKind, value: str = "") -> Standing:
        """Do something to a question that is no rating."""
        return self.record(self.action(question, kind, value))

    def undo(self, entry: Entry) -> Action:
        """Take an entry back; the undo itself is an entry, and can be taken back in turn."""
        undo = self.action(entry.question, ActionKind.UNDO, entry.id)
        entries = [*self._entries(entry.question), undo]
        after = standing_of(entries, self.scheduler(entry.question), entry.question)
        self.history.append(undo, [after])
        self._set(after)
        return undo

    def undoable(self) -> list[Entry]:
        """The entries of the last session that count, oldest first."""
        undone = self.history.undone()
        kinds = (ActionKind.UNDO, ActionKind.RELINK)
        entries: list[Entry] = []
        for entry in self.history.last_entries(_UNDO_DEPTH):
            if entries and entries[-1].time - entry.time > _SESSION_GAP:
                break
            if entry.id in undone or (isinstance(entry, Action) and entry.kind in kinds):
                continue
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
        entries = list(entries)
        here = list(self.history.entries())
        known = {entry.id for entry in here}
        fresh = [entry for entry in entries if entry.id not in known]
        standings = self._replayed([*here, *fresh])
        added = self.history.append_many(fresh, standings.values())
        self._standings = standings
        self._load = self._count_load()
        return added

    def rebuild(self) -> tuple[int, int]:
        """Compute every standing again from the log: how many there are, how many changed."""
        before = self._standings
        self._standings = self._replayed(list(self.history.entries()))
        self._load = self._count_load()
        self.history.replace_standings(self._standings.values())
        changed = [q for q in {*before, *self._standings} if before.get(q) != self.standing(q)]
        return len(self._standings), len(changed)

    def merge(self, other: Path) -> int:
        """Join another history's log to this one: how many entries were new."""
        added = merge(self.history, other)
        self.rebuild()
        return added

    def relink(self, old: str, new: str) -> None:
        """Give the history of `old` to `new`, which must be a question of the cards."""
        if not self.has(new):
            raise CardError(
                f"there is no question `{new}` in the cards",
                fix="`quiz search` lists the questions and their ids.",
            )
        if not self._entries(old):
            raise StoreError(f"there is no history of `{old}`")
        self._relink([(old, new)])

    def log_size(self) -> int:
        """Entries in the log."""
        return sum(1 for _ in self.history.entries())

    def suspend(self, question: str) -> None:
        self.act(question, ActionKind.SUSPEND)

    def unsuspend(self, question: str) -> None:
        self.act(question, ActionKind.UNSUSPEND)

    def bury(self, question: str) -> None:
        tomorrow = self.today() + timedelta(days=1)
        self.act(question, ActionKind.BURY, tomorrow.isoformat())

    def forget(self, question: str) -> None:
        self.act(question, ActionKind.FORGET)

    def set_due(self, question: str, day: date) -> None:
        self.act(question, ActionKind.SET_DUE, day.isoformat())

    def backup(self, *, force: bool = False) -> Path | None:
        """Back the history up, at most once a day unless `force`."""
        return backup(self.history, self.clock(), force=force)

    def backups(self) -> list[Backup]:
        """The backups there are, newest first."""
        return list_backups(self.history.path)

    # Code

    @property
    def device(self) -> str:
        return self._coding.device

    @property
    def code_needs_consent(self) -> bool:
        """Whether no jail holds here, and the learner has not agreed to run this code anyway."""
        return self._coding.protected is False and not self._coding.trusted

    def consent(self) -> None:
        """The learner agrees to run the code of this collection without a jail."""
        self._coding.trusted = True
        if not self.history.read_only:
            self.history.set_meta("consent", self.clock().isoformat())

    async def warm_up(self) -> None:
        """Start what a session will need soon, without waiting for it; and the day's backup."""
        if self.history.read_only == "":
            await asyncio.to_thread(self.backup)
        await self._coding.layers()

    async def grade(
        self,
        question: Question,
        answer: str,
        *,
        seed: int | None = None,
        on_case: Callable[[Case], None] | None = None,
    ) -> Verdict:
        """Judge an answer to a code or predict question. Raises `GradeError`."""
        return await self._coding.grade(program_of(question), answer, seed=seed, on_case=on_case)

    # Inside

    def action(self, question: str, kind: ActionKind, value: str = "") -> Action:
        """An entry of the log that is no rating, as of now; not recorded yet."""
        now = self.clock()
        return Action(
            id=new_id(now),
            question=question,
            time=now,
            day=self.calendar.day(now),
            kind=kind,
            value=value,
        )

    def _entries(self, question: str, relinks: Iterable[Action] = ()) -> list[Entry]:
        """All of the log that belongs to a question, by way of its earlier ids.

        `relinks` count as if they were in the log already.
        """
        segments = lineage(question, [*self.history.relinks(), *relinks])
        return [
            entry
            for entry in self.history.entries(question={segment.id for segment in segments})
            if any(segment.holds(entry) for segment in segments)
            or (isinstance(entry, Action) and entry.kind is ActionKind.UNDO)
        ]

    def _replayed(self, entries: list[Entry]) -> dict[str, Standing]:
        return replay(entries, self.scheduler())

    def _set(self, standing: Standing) -> None:
        for one, sign in ((self.standing(standing.question), -1), (standing, 1)):
            if one.memory and one.memory.state is State.REVIEW:
                self._load[one.memory.due_day] += sign
        if standing == Standing(standing.question):
            self._standings.pop(standing.question, None)
        else:
            self._standings[standing.question] = standing

    def _count_load(self) -> Counter[date]:
        return Counter(
            standing.memory.due_day
            for standing in self._standings.values()
            if standing.memory and standing.memory.state is State.REVIEW and not standing.suspended
        )

    def _reconcile(self) -> None:
        """Let histories follow their questions to new ids, and remember the texts of today."""
        if self.history.read_only:
            self.notices = (f"The history cannot be written: {self.history.read_only}",)
            return
        known = self.history.known()
        found = reconcile(
            self.collection,
            {question: one.snapshot for question, one in known.items()},
            {question for question, one in known.items() if not one.present},
        )
        moves = [(old, new) for old, new in found.moves if self._entries(old)]
        if moves:
            self._relink(moves)
        if found.remember or found.gone:
            self.history.remember(found.remember, found.gone)
        moved = (f"The history of {old} goes on as {new}." for old, new in moves)
        self.notices = (*found.notices, *moved)

    def _relink(self, moves: Iterable[tuple[str, str]]) -> None:
        actions = [self.action(new, ActionKind.RELINK, old) for old, new in moves]
        touched = {question for action in actions for question in (action.question, action.value)}
        standings = [
            standing_of(self._entries(question, actions), self.scheduler(question), question)
            for question in touched
        ]
        self.history.append_many(actions, standings)
        for standing in standings:
            self._set(standing)

    def _selected(self, selection: Selection) -> list[str]:
        """The questions a selection is about, in the order of the collection."""
        holds = parse(selection.query, self.today()) if selection.query else None
        tags = {fold(tag) for tag in selection.tags}
        chosen = []
        subjects = self._subjects() if holds else iter(())
        matching = {s.row.question for s in subjects if holds and holds(s)}
        for question in self.collection.questions.values():
            inside = not selection.deck or f"{question.deck}/".startswith(f"{selection.deck}/")
            tagged = not tags or tags & {fold(tag) for tag in question.tags}
            if inside and tagged and (holds is None or question.id in matching):
                chosen.append(question.id)
        return chosen

    def _subjects(self) -> Iterable[Subject]:
        today = self.today()
        for question in self.collection.questions.values():
            standing = self._standings.get(question.id)
            memory = standing.memory if standing else None
            shown = self.shown(question.id)
            row = Row(
                question=question.id,
                kind=question.kind.value,
                deck=question.deck,
                prompt=plain(shown.heading),
                tags=question.tags,
                state=state_name(standing, suspended=question.suspended, today=today),
                due=memory.due if memory else None,
                stability=memory.stability if memory else None,
                difficulty=memory.difficulty if memory else None,
                lapses=memory.lapses if memory else 0,
                reps=memory.reps if memory else 0,
            )
            text = fold(f"{question.id}\n{question.prompt}\n{shown.prompt}")
            yield Subject(row, text, memory.due_day if memory else None)


def _said(config: CollectionConfig) -> dict[str, Any]:
    """What `quiz.toml` sets, by the names of the settings."""
    default = CollectionConfig()
    names = ("language", "new_per_day", "reviews_per_day", "desired_retention")
    said = {n: getattr(config, n) for n in names if getattr(config, n) != getattr(default, n)}
    return {**said, "decks": {deck: asdict(own) for deck, own in config.decks.items()}}


def _policy(settings: Settings, history: History) -> Policy:
    fitted = history.weights()
    policy = Policy(
        desired_retention=settings.desired_retention,
        new_per_day=settings.new_per_day,
        reviews_per_day=settings.reviews_per_day,
        bury_siblings=settings.bury_siblings,
        learn_ahead=timedelta(minutes=settings.learn_ahead_minutes),
    )
    if fitted is None:
        return policy
    return replace(policy, weights=fitted.values, weights_version=fitted.version)
