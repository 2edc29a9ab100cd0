"""Looking things up: searches, one question's history, statistics, what returns next."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from quiz.deck.collection import Collection
from quiz.deck.lazy import Entry
from quiz.errors import CardError
from quiz.language import _
from quiz.model.log import Owners
from quiz.model.review import Review
from quiz.schedule.replay import memories_after
from quiz.study.ledger import Ledger
from quiz.study.search import Subject, fold, in_deck, parse, sought
from quiz.study.statistics import RETENTION_DAYS, state_name, statistics
from quiz.study.text import plain
from quiz.study.values import QuestionHistory, Row, Selection, Statistics, Step


def rows(ledger: Ledger, query: str = "") -> list[Row]:
    """The questions that match a search, in the order of the collection."""
    return [_row(subject) for subject in _found(ledger, query)]


def hardest(ledger: Ledger, most: int) -> list[Row]:
    """The questions that were forgotten most often, of equals the more difficult first; none that
    never was."""
    memories = ((q, s.memory) for q, s in dict(ledger.standings).items() if s.memory is not None)
    lapsed = ((m.lapses, m.difficulty, q) for q, m in memories if m.lapses and ledger.has(q))
    first = [question for _lapses, _difficulty, question in heapq.nlargest(most, lapsed)]
    entries = [e for e in ledger.collection.entries if not set(first).isdisjoint(e.questions)]
    subjects = {subject.question: subject for subject in _subjects(ledger, entries)}
    return [_row(subjects[question]) for question in first]


def selected(ledger: Ledger, selection: Selection) -> list[str]:
    """The questions a selection is about, in the order of the collection.

    Raises `CardError` where it names a deck that does not exist.
    """
    decks = ledger.collection.decks
    if selection.deck and selection.deck not in decks:
        raise CardError(
            _("there is no deck `{deck}`").format(deck=selection.deck),
            fix=_("Decks: {decks}. `quiz review --query` asks what a search finds.").format(
                decks=", ".join(deck for deck in decks if deck) or _("none")
            ),
        )
    query = selection.query
    matching = {subject.question for subject in _found(ledger, query)} if query else None
    tags = {fold(tag) for tag in selection.tags}
    return [
        question
        for entry in ledger.collection.entries
        if in_deck(entry.deck, selection.deck)
        and (not tags or tags & {fold(tag) for tag in entry.tags})
        for question in entry.questions
        if matching is None or question in matching
    ]


def previous_answer(ledger: Ledger, question: str) -> str:
    """What the learner gave the last time; empty if nothing was kept."""
    if ledger.standing(question).memory is None:
        return ""
    given = (e.answer for e in ledger.entries(question) if isinstance(e, Review) and e.answer)
    return next(reversed(list(given)), "")


def question_history(ledger: Ledger, question: str) -> QuestionHistory:
    """All reviews of a question, whether it is in the cards still or not.

    One that has another id by now is found by its old one too. Raises `CardError` for an id that
    neither the cards nor the history know.
    """
    scheduler = ledger.scheduler(question)
    after = memories_after(ledger.entries(question), scheduler)
    steps = tuple(Step(review, memory) for review, memory in after)
    if not steps and not ledger.has(question):
        heir = Owners(ledger.history.relinks()).heir(question)
        if heir != question:
            return question_history(ledger, heir)
        raise CardError(
            _("there is no question `{question}`, in the cards or in the history").format(
                question=question
            ),
            fix=_("`quiz search` lists the questions and their ids."),
        )
    memory = ledger.standing(question).memory
    return QuestionHistory(
        question=question,
        prompt=plain(ledger.shown(question).heading) if ledger.has(question) else "",
        memory=memory,
        retrievability=scheduler.retrievability(memory, ledger.clock()) if memory else None,
        steps=steps,
    )


def overview(ledger: Ledger) -> Statistics:
    """Where the learner stands, over the whole collection."""
    today = ledger.today()
    # From the entries: no question has to be made to be counted.
    states = Counter(
        state_name(ledger.standings.get(q), suspended=q in entry.suspended, today=today)
        for entry in ledger.collection.entries
        for q in entry.questions
    )
    asked = {
        q for one in ledger.collection.entries for q in one.questions if q not in one.suspended
    }
    # A copy, made at once: a session may go on while this is counted in a thread.
    waiting = {q: s for q, s in dict(ledger.standings).items() if q in asked}
    tally = ledger.history.tally(today - timedelta(days=RETENTION_DAYS))
    return statistics(tally, waiting, states, today)


def _found(ledger: Ledger, query: str) -> Iterator[Subject]:
    entries: Iterable[Entry] = ledger.collection.entries
    for word in sought(query):
        entries = [entry for entry in entries if _may_hold(ledger.collection, entry, word)]
    return filter(parse(query, ledger.today()), _subjects(ledger, entries))


def _may_hold(collection: Collection, entry: Entry, word: str) -> bool:
    """False only where no question of the concept has the word in its id or text."""
    glance = collection.glance(entry.concept)
    return glance is None or word in fold(glance) or word in fold("\n".join(entry.questions))


def _subjects(ledger: Ledger, entries: Iterable[Entry]) -> Iterator[Subject]:
    """The questions of these concepts."""
    today, standings, read = ledger.today(), ledger.standings, ledger.words
    for entry in entries:
        deck = entry.deck
        for question in entry.questions:
            yield Subject(
                question,
                deck,
                entry.tags,
                standings.get(question),
                suspended=question in entry.suspended,
                today=today,
                read=read,
            )


def _row(subject: Subject) -> Row:
    memory, words = subject.memory, subject.words
    return Row(
        question=subject.question,
        kind=words.kind.value,
        deck=subject.deck,
        prompt=words.prompt,
        tags=subject.tags,
        state=subject.state,
        due=memory.due if memory else None,
        stability=memory.stability if memory else None,
        difficulty=memory.difficulty if memory else None,
        lapses=memory.lapses if memory else 0,
        reps=memory.reps if memory else 0,
        leech=subject.leech,
    )
