"""What the syntax of a role fence says, without running it: is it Python, what does it define."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

from quiz.language import _


@dataclass(frozen=True, slots=True)
class Outline:
    """The names a program defines, or why it is none."""

    definitions: tuple[str, ...] = ()
    """Functions and classes at the margin, in order."""
    bound: tuple[str, ...] = ()
    """Names assigned or imported at the margin."""
    yields: bool = False
    problem: str = ""
    """Why it is not Python; empty when it is."""
    line: int = 1
    """Of the problem, from 1."""
    column: int = 0
    """Of the problem, from 1; 0 when unknown."""


def outline(source: str) -> Outline:
    """The outline of a program's source; never raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        column = error.offset or 0
        return Outline(problem=error.msg, line=max(error.lineno or 1, 1), column=max(column, 0))
    except (ValueError, RecursionError, MemoryError) as error:
        problem = _("nested too deeply") if not isinstance(error, ValueError) else str(error)
        return Outline(problem=problem)
    definitions, bound = [], []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            definitions.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            bound += [target.id for target in targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound += [name.asname or name.name for name in node.names]
    yields = "yield" in source and any(
        isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(tree)
    )
    return Outline(tuple(definitions), tuple(bound), yields)
