"""The figures of a whole report: what was remembered, how fast, how well it was foretold. Pure
but for reading the log through the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from quiz.model.review import Rating, Review, ReviewKind
from quiz.study import catalogue
from quiz.study.ledger import Ledger
from quiz.study.statistics import MATURE_DAYS
from quiz.study.values import Statistics, Step

SECONDS = (2, 5, 10, 20, 30, 60, 120)
"""Bounds of the groups of answer times."""
DAYS = (1, 3, 7, 14, 30, 90, 180, 365)
"""Bounds of the groups of stabilities."""
CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True)
class Recall:
    """One review on a later day than the last: what the model foretold, and what came."""

    question: str
    predicted: float
    remembered: bool
    gap: int
    """Study days since the review before."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of reviews, and of how many; None where there were none."""

    share: float | None
    count: int


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
    """All figures of the page that `quiz stats --html` writes."""

    statistics: Statistics
    young: Share
    """Remembered after less than `MATURE_DAYS`."""
    mature: Share
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
    """Count everything, over the questions that are in the cards."""
    questions = ledger.collection.questions
    present = {q: s for q, s in ledger.standings.items() if ledger.has(q) and s.memory}
    steps = {q: catalogue.question_history(ledger, q).steps for q in present}
    reviews = {q: [step.review for step in listed if _real(step)] for q, listed in steps.items()}
    recalls = [recall for q, listed in steps.items() for recall in _recalls(ledger, q, listed)]
    everything = [review for listed in reviews.values() for review in listed]
    memories = [standing.memory for standing in present.values() if standing.memory]

    def groups(names: Mapping[str, Sequence[str]]) -> tuple[Group, ...]:
        return tuple(_groups(names, reviews, recalls))

    return Report(
        statistics=catalogue.overview(ledger),
        young=_share(r.remembered for r in recalls if r.gap < MATURE_DAYS),
        mature=_share(r.remembered for r in recalls if r.gap >= MATURE_DAYS),
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


def calibration(recalls: Sequence[Recall]) -> tuple[Calibrated, ...]:
    """The recalls in groups of equal size, from the least to the most likely."""
    ordered = sorted(recalls, key=lambda recall: recall.predicted)
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


def _real(step: Step) -> bool:
    return step.review.kind is ReviewKind.REVIEW


def _recalls(ledger: Ledger, question: str, steps: Sequence[Step]) -> Iterable[Recall]:
    scheduler = ledger.scheduler(question)
    for before, after in pairwise(step for step in steps if _real(step)):
        gap = (after.review.day - before.review.day).days
        if gap > 0 and before.memory is not None:
            predicted = scheduler.retrievability(before.memory, after.review.time)
            yield Recall(question, predicted, after.review.rating is not Rating.AGAIN, gap)


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
