"""The tables of a history file, as of its `VERSION`, and what keeps the log append-only.

Invariants: `review` and `action` are the truth and are only ever added to; `question` gives each
question id a small number, so that the log stays small; `standing` and `undone` are caches of what
the log says. Instants are integers: microseconds since 1970 UTC. Study days are ISO dates.
Whoever changes a table raises the version and adds a script to `migrations/versions`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, MetaData
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}


class _Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """Keeps this file's tables apart from any other SQLModel in the process."""


class QuestionRow(_Row, table=True):
    """A question id that the log or the cards have mentioned."""

    __tablename__ = "question"

    key: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)


class SnapshotRow(_Row, table=True):
    """A question's text as last seen in the cards."""

    __tablename__ = "snapshot"

    question: int = Field(primary_key=True, foreign_key="question.key")
    kind: str
    prompt: str
    answer: str
    explicit_anchor: bool
    present: bool


class ReviewRow(_Row, table=True):
    """One rating. Never changed, never deleted."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        CheckConstraint("length(id) = 16", name="id"),
        Index(None, "question", "time", "id"),
        Index(None, "time", "id"),
        Index(None, "day", "question"),
    )

    id: bytes = Field(primary_key=True)
    question: int = Field(foreign_key="question.key")
    time: int
    day: str
    rating: int
    duration: int
    kind: str
    attempts: int
    hints: int
    answer: str
    verdict: str
    share: float | None
    device: str
    due: int | None
    algorithm: str
    weights: int


class ActionRow(_Row, table=True):
    """One thing done to a question besides rating it. Never changed, never deleted."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("length(id) = 16", name="id"),
        Index(None, "question", "time", "id"),
        Index(None, "time", "id"),
        Index(None, "kind"),
    )

    id: bytes = Field(primary_key=True)
    question: int = Field(foreign_key="question.key")
    time: int
    day: str
    kind: str
    value: str


class UndoneRow(_Row, table=True):
    """Cache: an entry of the log that does not count, after every undo and redo."""

    __tablename__ = "undone"

    entry: bytes = Field(primary_key=True)


class StandingRow(_Row, table=True):
    """Cache: what the log says about one question; absent where it says nothing (new)."""

    __tablename__ = "standing"
    __table_args__ = (Index(None, "due_day"),)

    question: int = Field(primary_key=True, foreign_key="question.key")
    suspended: bool
    buried_until: str | None
    leech: bool
    state: str | None
    stability: float | None
    difficulty: float | None
    due: int | None
    due_day: str | None
    last_time: int | None
    last_day: str | None
    interval: int | None
    step: int | None
    reps: int | None
    lapses: int | None


class WeightsTable(_Row, table=True):
    """A set of weights that was adopted; none is ever deleted."""

    __tablename__ = "weights"

    version: int | None = Field(default=None, primary_key=True)
    time: int
    algorithm: str
    weights: str
    reviews: int
    report: str
    reverted: int | None


class MetaRow(_Row, table=True):
    """Small facts about this history: the collection's name, consents, the device's id."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str


METADATA = _Row.metadata
QUESTION: CoreTable = METADATA.tables["question"]
SNAPSHOT: CoreTable = METADATA.tables["snapshot"]
REVIEW: CoreTable = METADATA.tables["review"]
ACTION: CoreTable = METADATA.tables["action"]
UNDONE: CoreTable = METADATA.tables["undone"]
STANDING: CoreTable = METADATA.tables["standing"]
WEIGHTS: CoreTable = METADATA.tables["weights"]
META: CoreTable = METADATA.tables["meta"]

TRIGGERS = tuple(
    f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'the {table} table is append-only'); END"
    for table in ("question", "review", "action")
    for event in ("UPDATE", "DELETE")
)
"""A question's id may not change under the log either."""
