"""The figures of a whole report: what was remembered, how fast, how well it was foretold. Pure
but for reading the log through the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from quiz.model.log import Owners
from quiz.model.pieces import in_order, let_go
from quiz.model.review import Memory, Rating, Review, ReviewKind
from quiz.schedule.replay import by_question, memories_after
from quiz.schedule.scheduler import Scheduler
from quiz.study import catalogue
from quiz.study.ledger import Ledger
from quiz.study.statistics import MATURE_DAYS
from quiz.study.values import Statistics

SECONDS = (2, 5, 10, 20, 30, 60, 120)
"""Bounds of the groups of answer times."""
DAYS = (1, 3, 7, 14, 30, 90, 180, 365)
"""Bounds of the groups of stabilities."""
CALIBRATION_BINS = 10
PERIODS = (30, 365, None)
"""Study days up to today for which retention is told; None: all there are."""


@dataclass(frozen=True, slots=True)
class Recall:
    """One review on a later day than the last: what the model foretold, and what came."""

    question: str
    predicted: float
    remembered: bool
    gap: int
    """Study days since the review before."""
    day: date
    """The study day it came on."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of reviews, and of how many; None where there were none."""

    share: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Retention:
    """What was remembered in a period."""

    days: int | None
    """Study days up to today; None: all there are."""
    young: Share
    """Remembered after less than `MATURE_DAYS`."""
    mature: Share
    """Remembered after `MATURE_DAYS` or more."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Reviews whose foretold recall is alike."""

    predicted: float
    actual: float
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of a deck, of a tag or of a kind."""

    name: str
    questions: int
    reviews: int
    remembered: float | None
    """Share of the recalls after a day or more."""
    seconds: float | None
    """Median answer time."""


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """How answers that are run fare."""

    reviews: int
    first_try: float | None
    attempts: float | None
    """On average for a review."""
    failures: Mapping[str, int]
    """Verdicts other than a pass that answers ended with, by their name."""


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of the statistics page, here and in what `quiz stats --html` writes."""

    statistics: Statistics
    retention: tuple[Retention, ...]
    """Of each of `PERIODS`; the last is that of everything."""
    seconds: tuple[int, ...]
    """Reviews by answer time, between the bounds `SECONDS`; the last above all of them."""
    calibration: tuple[Calibrated, ...]
    stability: tuple[int, ...]
    """Questions by stability, between the bounds `DAYS`; the last above all of them."""
    difficulty: tuple[int, ...]
    """Questions by difficulty, rounded, from 1 to 10."""
    decks: tuple[Group, ...]
    tags: tuple[Group, ...]
    kinds: tuple[Group, ...]
    code: CodeFigures


def report(ledger: Ledger) -> Report:
    """Count everything: what was answered over the whole log, as deleting a question does not take
    back what was remembered of it; how things stand over the questions that are in the cards."""
    questions = ledger.collection.questions
    standings = {q: s for q, s in dict(ledger.standings).items() if q in questions}
    reviews: dict[str, list[Review]] = {}
    recalls: list[Recall] = []
    histories = by_question(ledger.history.entries(), Owners(ledger.history.relinks()))
    for question in list(histories):
        entries = histories.pop(question)
        scheduler = ledger.scheduler(question)
        steps = [s for s in memories_after(entries, scheduler) if _real(s[0])]
        reviews[question] = [review for review, _memory in steps]
        recalls += _recalls(question, steps, scheduler)
    everything = [review for listed in reviews.values() for review in listed]
    memories = [standing.memory for standing in standings.values() if standing.memory]
    today = ledger.today()

    def groups(names: Mapping[str, Sequence[str]]) -> tuple[Group, ...]:
        return tuple(_groups(names, reviews, recalls))

    counted = Report(
        statistics=catalogue.overview(ledger),
        retention=tuple(_retention(recalls, days, today) for days in PERIODS),
        seconds=_histogram((r.duration / 1000 for r in everything if r.duration), SECONDS),
        calibration=calibration(recalls),
        stability=_histogram((memory.stability for memory in memories), DAYS),
        difficulty=tuple(
            Counter(round(memory.difficulty) for memory in memories)[n] for n in range(1, 11)
        ),
        decks=groups({q: [one.deck] for q, one in questions.items()}),
        tags=groups({q: one.tags for q, one in questions.items()}),
        kinds=groups({q: [one.kind.value] for q, one in questions.items()}),
        code=_code(review for review in everything if review.device),
    )
    for values in (everything, reviews, recalls):
        let_go(values)
    return counted


def calibration(recalls: Sequence[Recall]) -> tuple[Calibrated, ...]:
    """The recalls in groups of equal size, from the least to the most likely."""
    ordered = list(in_order(recalls, lambda recall: recall.predicted))
    bounds = [round(n * len(ordered) / CALIBRATION_BINS) for n in range(CALIBRATION_BINS + 1)]
    return tuple(
        Calibrated(
            predicted=sum(r.predicted for r in ordered[low:high]) / (high - low),
            actual=sum(r.remembered for r in ordered[low:high]) / (high - low),
            count=high - low,
        )
        for low, high in pairwise(bounds)
        if high > low
    )


def _real(review: Review) -> bool:
    return review.kind is ReviewKind.REVIEW


def _recalls(
    question: str, steps: Sequence[tuple[Review, Memory | None]], scheduler: Scheduler
) -> Iterable[Recall]:
    for (earlier, memory), (review, after) in pairwise(steps):
        gap = (review.day - earlier.day).days
        is_new = after is None or after.reps == 1  # made new again since
        if gap > 0 and memory is not None and not is_new:
            predicted = scheduler.retrievability(memory, review.time)
            yield Recall(question, predicted, review.rating is not Rating.AGAIN, gap, review.day)


def _retention(recalls: Iterable[Recall], days: int | None, today: date) -> Retention:
    recent = [r for r in recalls if days is None or (today - r.day).days < days]
    return Retention(
        days,
        young=_share(r.remembered for r in recent if r.gap < MATURE_DAYS),
        mature=_share(r.remembered for r in recent if r.gap >= MATURE_DAYS),
    )


def _groups(
    names: Mapping[str, Sequence[str]],
    reviews: Mapping[str, Sequence[Review]],
    recalls: Iterable[Recall],
) -> Iterable[Group]:
    members: dict[str, list[str]] = defaultdict(list)
    for question, listed in names.items():
        for name in listed:
            members[name].append(question)
    remembered: dict[str, list[bool]] = defaultdict(list)
    for recall in recalls:
        for name in names.get(recall.question, ()):
            remembered[name].append(recall.remembered)
    for name, questions in sorted(members.items()):
        given = [review for question in questions for review in reviews.get(question, ())]
        yield Group(
            name=name,
            questions=len(questions),
            reviews=len(given),
            remembered=_share(remembered[name]).share,
            seconds=median(r.duration / 1000 for r in given) if given else None,
        )


def _code(reviews: Iterable[Review]) -> CodeFigures:
    ran = [review for review in reviews if review.attempts]
    return CodeFigures(
        reviews=len(ran),
        first_try=_share(r.attempts == 1 and r.verdict == "pass" for r in ran).share,
        attempts=sum(r.attempts for r in ran) / len(ran) if ran else None,
        failures=Counter(r.verdict for r in ran if r.verdict not in ("", "pass")),
    )


def _histogram(values: Iterable[float], bounds: Sequence[int]) -> tuple[int, ...]:
    counts = [0] * (len(bounds) + 1)
    for value in values:
        counts[sum(value >= bound for bound in bounds)] += 1
    return tuple(counts)


def _share(values: Iterable[bool]) -> Share:
    listed = list(values)
    return Share(sum(listed) / len(listed) if listed else None, len(listed))
