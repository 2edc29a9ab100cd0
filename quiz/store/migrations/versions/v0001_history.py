"""The first form of a history: the log, its caches, known questions, weights.

A migration is never edited once released: it says what a file of its version holds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything in an empty file."""
    _questions()
    _log()
    _caches()
    _settings()
    for table in ("question", "review", "action"):
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the {table} table is append-only'); END"
            )
    op.execute("PRAGMA application_id = 1364543834")


def _questions() -> None:
    op.create_table(
        "question",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_question"),
        sa.UniqueConstraint("id", name="uq_question_id"),
    )
    op.create_table(
        "snapshot",
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("explicit_anchor", sa.Boolean(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("question", name="pk_snapshot"),
        _of_question("snapshot"),
    )


def _log() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=True),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("weights", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name="ck_review_rating"),
        sa.CheckConstraint("length(id) = 16", name="ck_review_id"),
        _of_question("review"),
    )
    op.create_index("ix_review_question_time_id", "review", ["question", "time", "id"])
    op.create_index("ix_review_time_id", "review", ["time", "id"])
    op.create_index("ix_review_day_question", "review", ["day", "question"])
    op.create_table(
        "action",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
        sa.CheckConstraint("length(id) = 16", name="ck_action_id"),
        _of_question("action"),
    )
    op.create_index("ix_action_question_time_id", "action", ["question", "time", "id"])
    op.create_index("ix_action_time_id", "action", ["time", "id"])
    op.create_index("ix_action_kind", "action", ["kind"])


def _caches() -> None:
    op.create_table(
        "undone",
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_undone"),
    )
    op.create_table(
        "standing",
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("buried_until", sa.String(), nullable=True),
        sa.Column("leech", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("stability", sa.Float(), nullable=True),
        sa.Column("difficulty", sa.Float(), nullable=True),
        sa.Column("due", sa.Integer(), nullable=True),
        sa.Column("due_day", sa.String(), nullable=True),
        sa.Column("last_time", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.String(), nullable=True),
        sa.Column("interval", sa.Integer(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("reps", sa.Integer(), nullable=True),
        sa.Column("lapses", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("question", name="pk_standing"),
        _of_question("standing"),
    )
    op.create_index("ix_standing_due_day", "standing", ["due_day"])


def _settings() -> None:
    op.create_table(
        "weights",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("weights", sa.String(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("reverted", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("version", name="pk_weights"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )


def _of_question(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["question"], ["question.key"], name=f"fk_{table}_question")
