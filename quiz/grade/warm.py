"""Pays once, before any fork, for what Python and torch do only at their first use."""

from __future__ import annotations

import torch

from quiz.grade import constraints, encode, feedback, judge, rehearsal, runner, source
from quiz.grade.compare import compare
from quiz.grade.source import ANSWER, Snippet
from quiz.grade.values import decode


def warm() -> None:
    """Goes once through the work of a grade, with one thread and without a trace.

    Call it in the zygote after torch is imported and set to one thread.
    """
    snippet = Snippet("def f(x: int) -> int:\n    return x + 1\n", ANSWER)
    tree = source.parse(snippet)
    source.compile_tree(tree, snippet)
    constraints.check(tree, snippet.text, forbid=("torch.add",), lines=9)
    tensor = torch.tensor([[1.5, 2.0], [0.0, 1.0]])
    encoder = encode.Encoder()
    value = decode(encoder.node((tensor, tensor > 1, 3)), encoder.blob())
    other = decode(encoder.node((tensor + 1, tensor > 1, 3)), encoder.blob())
    compare(value, other)
    feedback.typed(value)
    feedback.shown(value)
    feedback.grid(value.items[0])


__all__ = ["judge", "rehearsal", "runner", "warm"]
