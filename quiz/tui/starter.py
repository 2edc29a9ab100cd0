"""What the learner's code begins with: the card's starter, or what can be told of the target."""

from __future__ import annotations

import ast

from quiz.model.question import Code


def starting_text(code: Code) -> str:
    """The starter, else the signature of the solution's target, else nothing."""
    if code.starter is not None:
        return code.starter.text.rstrip("\n") + "\n"
    return signature(code.solution.text, code.rules.entry)


def signature(solution: str, entry: str | None) -> str:
    """The head of the target's definition with an empty body; "" where there is none."""
    try:
        tree = ast.parse(solution)
    except SyntaxError:
        return ""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    targets = [n for n in tree.body if isinstance(n, kinds) and entry in (None, n.name)]
    if not targets:
        return ""
    target = targets[-1]
    first = target.body[0]
    if first.lineno == target.lineno:
        head = solution.splitlines()[target.lineno - 1][: first.col_offset].rstrip()
    else:
        lines = solution.splitlines()[target.lineno - 1 : first.lineno - 1]
        head = "\n".join(line for line in lines if line.strip()).rstrip()
    return f"{head}\n    \n"
