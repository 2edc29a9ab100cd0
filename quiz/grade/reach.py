"""What of an answer can do something at all: a required word in code that never runs is not used.

Standard library only, and nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def idle(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes of code that comes to nothing.

    That is: imports, names that stand by themselves (but the last line, which may be the value of a
    snippet), what a condition says is never run, and what follows a `return` or the like.
    """
    last = tree.body[-1] if tree.body else None
    for node in ast.walk(tree):
        for part in _idle_parts(node, last):
            yield from ast.walk(part)


def _idle_parts(node: Any, last: ast.stmt | None) -> Iterator[ast.AST]:  # noqa: ANN401 — any node
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Name | ast.Attribute):
        if node is not last:
            yield node
    elif _is_settled(node):
        never = node.orelse if node.test.value else node.body
        yield from never if isinstance(never, list) else [never]
    for block in ("body", "orelse", "finalbody"):
        statements = getattr(node, block, None)
        if isinstance(statements, list):
            leaving = [n for n, part in enumerate(statements) if isinstance(part, _LEAVING)]
            yield from statements[leaving[0] + 1 :] if leaving else []


def _is_settled(node: Any) -> bool:  # noqa: ANN401 — any node
    """Whether it chooses by a constant."""
    chooses = isinstance(node, ast.If | ast.While | ast.IfExp)
    return chooses and isinstance(node.test, ast.Constant)
