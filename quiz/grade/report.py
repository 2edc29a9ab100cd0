"""A verdict as plain JSON and back: how the judge's word travels to the application.

Standard library only, so that the application reads verdicts without loading torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from quiz.model.verdict import Case, Grid, Outcome, Verdict, Worst

# By hand, because `asdict` copies so deeply that it would show in the time of a grade.
_CASE = tuple(field.name for field in fields(Case))
_VERDICT = tuple(field.name for field in fields(Verdict))


def case_to_json(case: Case) -> dict[str, Any]:
    """The case as a JSON object; numbers that JSON lacks (NaN, infinities) become strings."""
    data: dict[str, Any] = {name: getattr(case, name) for name in _CASE}
    data["outcome"] = str(case.outcome)
    data["differences"] = list(case.differences)
    data["worst"] = case.worst and {
        "index": list(case.worst.index),
        "expected": case.worst.expected,
        "got": case.worst.got,
        "allowed": _number(case.worst.allowed),
    }
    for key in ("expected_grid", "got_grid"):
        grid: Grid | None = data[key]
        data[key] = grid and {
            "cells": grid.cells,
            "values": [[_number(x) for x in row] for row in grid.values],
            "differs": grid.differs,
            "part": grid.part,
        }
    return data


def case_from_json(data: Mapping[str, Any]) -> Case:
    """The case that `case_to_json` wrote; raises KeyError, TypeError or ValueError on others."""
    worst = data["worst"]
    return Case(
        **{
            **data,
            "outcome": Outcome(data["outcome"]),
            "differences": tuple(data["differences"]),
            "worst": worst
            and Worst(
                tuple(worst["index"]), worst["expected"], worst["got"], float(worst["allowed"])
            ),
            "expected_grid": _grid(data["expected_grid"]),
            "got_grid": _grid(data["got_grid"]),
        }
    )


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as a JSON object."""
    data: dict[str, Any] = {name: getattr(verdict, name) for name in _VERDICT}
    data["outcome"] = str(verdict.outcome)
    data["cases"] = [case_to_json(case) for case in verdict.cases]
    return data


def verdict_from_json(data: Mapping[str, Any]) -> Verdict:
    """The verdict that `verdict_to_json` wrote; raises as `case_from_json` does."""
    return Verdict(
        **{
            **data,
            "outcome": Outcome(data["outcome"]),
            "cases": tuple(case_from_json(case) for case in data["cases"]),
        }
    )


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _grid(data: Mapping[str, Any] | None) -> Grid | None:
    if data is None:
        return None
    return Grid(
        tuple(tuple(row) for row in data["cells"]),
        tuple(tuple(float(x) for x in row) for row in data["values"]),
        tuple(tuple(row) for row in data["differs"]),
        data["part"],
    )
