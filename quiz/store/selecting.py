"""Selections from the tables, as text: read by the standard library, before SQLModel is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence


def rows_of(table: str, columns: Sequence[str], rest: str = "") -> str:
    """The columns of a table with the question's id as `name`; `rest` is what follows FROM.

    `table` and `question` are the names to use in it.
    """
    chosen = ", ".join("question.id" if name == "name" else f"{table}.{name}" for name in columns)
    return f"SELECT {chosen} FROM {table} JOIN question ON {table}.question = question.key {rest}"


COUNTS = "review.kind = 'review' AND review.id NOT IN (SELECT entry FROM undone)"
"""Whether a review has an effect on the schedule: neither cram nor undone."""

LISTED = "SELECT value FROM json_each(:names)"
"""Any number of texts as one parameter, made by `listed`."""


def listed(names: Iterable[str]) -> str:
    """The parameter of `LISTED`."""
    return json.dumps(list(names))
