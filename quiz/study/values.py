"""What the use cases hand to whoever shows them: frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from quiz.model.question import Question
from quiz.model.review import Memory, Rating, Review, State
from quiz.schedule.limits import Counts

__all__ = [
    "Asked",
    "Attempt",
    "Counts",
    "DeckRow",
    "Progress",
    "QuestionHistory",
    "Row",
    "Selection",
    "Statistics",
    "Step",
    "Summary",
]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions a session or a search is about."""

    deck: str = ""
    """A deck's path, its sub-decks included; empty: all."""
    tags: tuple[str, ...] = ()
    """Questions with any of these."""
    query: str = ""
    """A search as in `quiz search`."""
    new: int | None = None
    """At most so many new questions, instead of the limits."""
    limit: int | None = None
    """At most so many questions in all."""
    cram: bool = False
    """All that match, due or not; nothing is rescheduled."""


@dataclass(frozen=True, slots=True)
class DeckRow:
    """A deck of the home screen, its sub-decks counted in."""

    deck: str
    """Path from the root; empty for the collection itself."""
    name: str
    """Its last part (the collection's name for the root)."""
    depth: int
    """0 for the collection itself."""
    questions: int
    counts: Counts
    """What is to be done today, limits applied."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put to the learner now."""

    question: Question
    """In the learner's language."""
    title: str
    """Of its concept."""
    note: str
    """Of its concept, Markdown; empty if there is none."""
    links: tuple[str, ...]
    order: tuple[int, ...]
    """For a choice: indexes of its options in the order to show; empty otherwise."""
    state: State
    memory: Memory | None
    options: Mapping[Rating, Memory]
    """What each rating would store; empty while cramming."""
    intervals: Mapping[Rating, str]
    """The same for the buttons: `10m`, `3d`, `1.2mo`."""
    previous_answer: str = ""
    """What the learner gave the last time, for a code question."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the learner came to a rating; stored with it, never deciding it."""

    duration: int = 0
    """Milliseconds since the question was shown."""
    attempts: int = 0
    hints: int = 0
    answer: str = ""
    verdict: str = ""
    share: float | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the session is."""

    done: int
    left: Counts
    """What the day holds still, be it more than the session is to ask."""
    limit: int | None = None
    """At most so many questions in all."""

    @property
    def total(self) -> int:
        """Questions of the session, as far as can be foreseen."""
        everything = self.done + self.left.total
        return everything if self.limit is None else min(everything, max(self.limit, self.done))

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.done / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a session."""

    reviews: int
    """Ratings given and not undone."""
    questions: int
    """Different questions among them."""
    ratings: Mapping[Rating, int]
    seconds: float
    learned: int
    """New questions seen for the first time."""
    next_due: datetime | None
    """UTC: when the next question of the selection returns."""
    more: int = 0
    """New questions that can be begun beyond what the day brings by itself."""
    leeches: tuple[str, ...] = ()
    """Questions suspended in this session because they are forgotten again and again."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question in a list: `quiz search`, the browser."""

    question: str
    kind: str
    deck: str
    prompt: str
    """Plain first line."""
    tags: tuple[str, ...]
    state: str
    """new, learning, review, relearning, suspended or buried."""
    due: datetime | None
    stability: float | None
    difficulty: float | None
    lapses: int
    reps: int
    leech: bool = False
    """Forgotten again and again."""


@dataclass(frozen=True, slots=True)
class Step:
    """One review of a question's history, with the memory after it."""

    review: Review
    memory: Memory | None
    """None after a cram review of a new question."""


@dataclass(frozen=True, slots=True)
class QuestionHistory:
    """All that is remembered about one question."""

    question: str
    prompt: str
    memory: Memory | None
    retrievability: float | None
    """Probability of recall now."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Where the learner stands."""

    questions: int
    states: Mapping[str, int]
    """Questions by state."""
    today: int
    """Reviews on this study day."""
    streak: int
    """Study days in a row with a review, today or yesterday the last."""
    reviews: int
    by_day: Mapping[date, int]
    """Reviews by study day."""
    forecast: Mapping[date, int]
    """Reviews due on each of the next 30 study days (overdue ones on the first)."""
    retention: float | None
    """Share of reviews of learned questions in the last 30 days that were remembered."""
    mature_retention: float | None
    """The same where the interval was at least 21 days."""
    ratings: Mapping[Rating, int] = field(default_factory=dict)
    first_try: float | None = None
    """Share of code questions passed at the first run."""
