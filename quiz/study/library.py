"""An open collection with its history: the one object behind the terminal and the commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quiz.deck.collection import Collection, load
from quiz.deck.collection import reload as reload_collection
from quiz.deck.config import CollectionConfig
from quiz.model.finding import Finding, Severity
from quiz.model.question import Program, Question
from quiz.model.review import Entry, Review, Standing
from quiz.model.verdict import Case, Verdict
from quiz.schedule.days import Calendar
from quiz.settings import Settings, bundled_cards, find_database, resolve
from quiz.store.backup import Backup, backup, list_backups
from quiz.store.history import History
from quiz.study import catalogue, queueing
from quiz.study.clock import Clock, utc_now
from quiz.study.coding import Coding, program_of
from quiz.study.ledger import Ledger
from quiz.study.session import Session
from quiz.study.values import DeckRow, QuestionHistory, Row, Selection, Statistics

if TYPE_CHECKING:
    from quiz.study.recollection import Recollection


class Library:
    """What can be done with a collection and its history, each thing by one name."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        collection, history = ledger.collection, ledger.history
        own = collection.root.resolve() == bundled_cards().resolve()
        trusted = own or history.meta("consent") is not None
        self._coding = Coding(ledger.settings.device, trusted=trusted)

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
        settings = resolve(flags=flags, collection=_said(collection.config))
        history = History.open(find_database(database, collection.config.name))
        return cls(Ledger(collection, history, settings, clock=clock, seed=seed))

    def close(self) -> None:
        """Close the history. The grader, if it was started, is ended by `aclose`."""
        self.ledger.history.close()

    async def aclose(self) -> None:
        """End the grader and close the history."""
        await self._coding.close()
        self.close()

    @property
    def settings(self) -> Settings:
        return self.ledger.settings

    @property
    def clock(self) -> Clock:
        return self.ledger.clock

    @property
    def calendar(self) -> Calendar:
        return self.ledger.calendar

    # The cards

    @property
    def collection(self) -> Collection:
        return self.ledger.collection

    @property
    def notices(self) -> tuple[str, ...]:
        """One-line remarks for the learner: histories that moved, doubts, a fit worth trying."""
        # Deferred: the first screen need not wait for it.
        from quiz.study.fitting import offer

        return (*self.ledger.notices, *offer(self.ledger))

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
        return self.ledger.has(question)

    def shown(self, question: str) -> Question:
        """The question in the learner's language."""
        return self.ledger.shown(question)

    def reload(self, paths: Iterable[Path] | None = None) -> tuple[Finding, ...]:
        """Read cards again that were saved; all of them if no path is given.

        Returns what is wrong with the files that were read.
        """
        before = self.collection
        if paths is None:
            self.ledger.use(load(before.root))
            return self.findings
        changed = {path.resolve() for path in paths}
        self.ledger.use(reload_collection(before, changed))
        return tuple(f for f in self.findings if Path(f.place.path).resolve() in changed)

    def read_saved(self) -> tuple[Finding, ...] | None:
        """Look whether cards were saved, and read those again; None where nothing was.

        Returns what is wrong with them now that was not before.
        """
        before = self.collection
        now = reload_collection(before)
        if now.files == before.files and now.config == before.config:
            return None
        self.ledger.use(now)
        known = set(before.findings)
        return tuple(finding for finding in now.findings if finding not in known)

    async def watch(self, stop: asyncio.Event) -> AsyncIterator[set[Path]]:
        """The card files that were saved, as they are saved, until `stop` is set."""
        awatch = await asyncio.to_thread(_load_watcher)
        with suppress(FileNotFoundError):
            async for changes in awatch(self.collection.root, stop_event=stop, step=50):
                if cards := await asyncio.to_thread(_cards_of, {path for _, path in changes}):
                    yield cards

    # Where the learner stands

    def today(self) -> date:
        """The present study day."""
        return self.ledger.today()

    def standing(self, question: str) -> Standing:
        """Where a question stands."""
        return self.ledger.standing(question)

    @property
    def standings(self) -> Mapping[str, Standing]:
        """By question; those that are not in it are new."""
        return self.ledger.standings

    def decks(self) -> tuple[DeckRow, ...]:
        """The decks as a tree, the collection itself first."""
        return queueing.deck_rows(self.ledger, queueing.build(self.ledger, Selection()))

    def session(self, selection: Selection | None = None) -> Session:
        """Start asking. `CardError` where the selection names a deck that does not exist."""
        return Session(self.ledger, selection or Selection())

    def seconds_for(self, questions: Iterable[str]) -> float:
        """How long asking these takes the learner, by their own earlier answers."""
        from quiz.study.pace import seconds_for

        return seconds_for(self.ledger, questions)

    def next_due(self, selection: Selection) -> datetime | None:
        """When there is a question of the selection to be asked again."""
        return queueing.next_due(self.ledger, selection)

    def rows(self, query: str = "") -> list[Row]:
        """The questions that match a search, in the order of the collection."""
        return catalogue.rows(self.ledger, query)

    def hardest(self, most: int) -> list[Row]:
        """The questions that were forgotten most often."""
        return catalogue.hardest(self.ledger, most)

    def question_history(self, question: str) -> QuestionHistory:
        """All reviews of a question, whether it is in the cards still or not."""
        return catalogue.question_history(self.ledger, question)

    def recollection(self, history: QuestionHistory) -> Recollection:
        """What became of the memory of a question between its reviews."""
        from quiz.study.recollection import recollection

        return recollection(self.ledger, history)

    def statistics(self) -> Statistics:
        """Where the learner stands, over the whole collection."""
        return catalogue.overview(self.ledger)

    # The history

    @property
    def database(self) -> Path:
        return self.ledger.history.path

    def reviews(self) -> list[Review]:
        """Every review that was not undone, in order of time, under the id it was given."""
        return self.ledger.reviews()

    def add_to_log(self, entries: Iterable[Entry]) -> int:
        """Add entries from elsewhere, all or none; how many were new."""
        return self.ledger.add_to_log(entries)

    def rebuild(self) -> tuple[int, int]:
        """Compute every standing again from the log: how many there are, how many changed."""
        return self.ledger.rebuild()

    def merge(self, other: Path) -> int:
        """Join another history's log to this one: how many entries were new."""
        return self.ledger.merge(other)

    def relink(self, old: str, new: str) -> None:
        """Give the history of `old` to `new`: a question of the cards, or one it came from."""
        self.ledger.relink(old, new)

    def log_size(self) -> int:
        """Entries in the log."""
        return self.ledger.history.size()

    def backup(self, *, force: bool = False) -> Path | None:
        """Back the history up, at most once a day unless `force`."""
        return backup(self.ledger.history, self.clock(), force=force)

    def backups(self) -> list[Backup]:
        """The backups there are, newest first."""
        return list_backups(self.database)

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
        if not self.ledger.history.read_only:
            self.ledger.history.set_meta("consent", self.clock().isoformat())

    async def start_grader(self) -> None:
        """Start the grader's processes without waiting for them. Raises `GradeError`."""
        await self._coding.start()

    async def warm_up(self) -> None:
        """Start what a session will need soon, and wait until it is there; and the day's backup."""
        if self.ledger.history.read_only == "":
            await asyncio.to_thread(self.ledger.history.prepare_writing)
            await asyncio.to_thread(self.backup)
        if any(entry.programs for entry in self.collection.entries):
            await self._coding.layers()

    def expect(self, question: Question) -> None:
        """The question has been asked: its solution may run while the answer is written."""
        if isinstance(question.content, Program):
            self._coding.expect(question.content)

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


def _load_watcher() -> Callable[..., AsyncIterator[set[tuple[Any, str]]]]:
    """`watchfiles.awatch`, with what it would otherwise load in the event loop."""
    import anyio
    from watchfiles import awatch

    anyio.run(anyio.sleep, 0)
    return awatch


def _cards_of(changed: Iterable[str]) -> set[Path]:
    """Those of the changed paths that are cards, or decide how cards are read."""
    saved = {Path(path) for path in changed}
    # A folder that is made and filled at once is announced without what is in it.
    saved |= {path for folder in saved if folder.is_dir() for path in folder.rglob("*.md")}
    return {path for path in saved if path.suffix == ".md" or path.name == "quiz.toml"}


def _said(config: CollectionConfig) -> dict[str, Any]:
    """What `quiz.toml` sets, by the names of the settings."""
    names = ("language", "new_per_day", "reviews_per_day", "desired_retention")
    said = {name: value for name in names if (value := getattr(config, name)) is not None}
    return {**said, "decks": {deck: asdict(own) for deck, own in config.decks.items()}}
