"""The catalogue of mutations: the small mistakes a learner could make in place of a solution.

From a syntax tree it makes `Mutation`s, each one node and what might stand there instead. What can
be seen to mean the same at no cost (commuted operands, `n += 1` on a number, two independent
statements exchanged, an in-place operation on a fresh value) is not made at all. Pure; standard
library only. `programs` turns mutations into programs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from quiz.grade.mutants import words
from quiz.grade.mutants.expressions import expressions
from quiz.grade.mutants.tree import Tree
from quiz.language import mark

Node = ast.expr | ast.stmt


@dataclass(frozen=True, slots=True)
class Mutation:
    """One node, and what stands in its place: an expression, statements, or nothing."""

    kind: str
    """What was changed, in a word or two: `operator`, `constant`, `call removed`…"""
    node: Node
    new: ast.expr | tuple[ast.stmt, ...]


def mutations(tree: ast.Module) -> Iterator[Mutation]:
    """Every mutation of the catalogue that fits the tree, in no particular order."""
    whole = Tree(tree)
    for node in whole.nodes:
        if isinstance(node, ast.expr):
            yield from (Mutation(kind, node, new) for kind, new in expressions(node, whole))
        elif isinstance(node, ast.stmt):
            yield from (Mutation(kind, node, new) for kind, new in _statement(node, whole))
            yield from _decorators(node)
            yield from _exchanged(node, whole)


# -- statements

_Statements = Iterator[tuple[str, ast.expr | tuple[ast.stmt, ...]]]


def _statement(node: ast.stmt, tree: Tree) -> _Statements:
    match node:
        case ast.Return(value=ast.expr()):
            if not (isinstance(node.value, ast.Constant) and node.value.value is None):
                yield mark("return"), (ast.Return(ast.Constant(None)),)
        case ast.AugAssign():
            yield mark("statement removed"), ()
            yield from _augmented(node, tree)
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            yield mark("statement removed"), ()
            yield from _assigned(node, tree)
        case ast.Expr() if not tree.is_docstring(node):
            yield mark("statement removed"), ()
        case ast.If():
            yield mark("statement removed"), ()
            yield from _branches(node)
        case ast.For() | ast.While():
            yield mark("statement removed"), ()
            yield from _once(node)
        case ast.With():
            yield mark("statement removed"), ()
            yield mark("context removed"), tuple(node.body)
        case ast.Break():
            yield mark("statement"), (ast.Continue(),)
        case ast.Continue():
            yield mark("statement"), (ast.Break(),)
            yield mark("statement removed"), ()
        case ast.Raise() | ast.Assert() | ast.Delete():
            yield mark("statement removed"), ()
        case ast.FunctionDef() if isinstance(tree.parent(node), ast.ClassDef):
            if node.name != "__init__":
                yield mark("method removed"), ()
        case _:
            pass


def _augmented(node: ast.AugAssign, tree: Tree) -> _Statements:
    for op in words.OPERATORS.get(type(node.op), ()):
        yield mark("operator"), (ast.AugAssign(node.target, op(), node.value),)
    if isinstance(node.target, ast.Name):
        yield mark("operator"), (_assign(node.target.id, node.value),)
        if not tree.is_fresh(node.target):
            old = ast.Name(node.target.id, ast.Load())
            whole = ast.BinOp(old, node.op, node.value)
            yield mark("in place"), (_assign(node.target.id, whole),)


def _assign(name: str, value: ast.expr) -> ast.Assign:
    return ast.Assign([ast.Name(name, ast.Store())], value, lineno=1)


def _assigned(node: ast.Assign | ast.AnnAssign, tree: Tree) -> _Statements:
    """`w = w + x` as `w += x`, where `w` was given from outside."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    value = node.value
    if (
        isinstance(target, ast.Name)
        and isinstance(value, ast.BinOp)
        and isinstance(value.left, ast.Name)
        and value.left.id == target.id
        and tree.is_given(value.left, but_here=True)
    ):
        yield mark("in place"), (ast.AugAssign(target, value.op, value.right),)


def _branches(node: ast.If) -> _Statements:
    body, orelse = node.body, node.orelse
    yield mark("condition"), (ast.If(ast.Constant(True), body, orelse),)
    if orelse:
        yield mark("condition"), (ast.If(ast.Constant(False), body, orelse),)
        yield mark("branch dropped"), (ast.If(node.test, body, []),)
    if not (isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)):
        # Else removing the `not` is the same.
        yield mark("condition"), (ast.If(ast.UnaryOp(ast.Not(), node.test), body, orelse),)


def _once(node: ast.For | ast.While) -> _Statements:
    if isinstance(node.body[-1], ast.Return | ast.Break | ast.Raise | ast.Continue):
        return
    body = [*node.body, ast.Break()]
    once: ast.stmt
    if isinstance(node, ast.For):
        once = ast.For(node.target, node.iter, body, node.orelse, lineno=1)
    else:
        once = ast.While(node.test, body, node.orelse)
    yield mark("loop runs once"), (once,)


def _decorators(node: ast.stmt) -> Iterator[Mutation]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        for decorator in node.decorator_list:
            if words.last_name(decorator) == "staticmethod":
                continue  # called on the class, as autograd does, it is one all the same
            yield Mutation(mark("decorator removed"), decorator, ())


def _exchanged(node: ast.stmt, tree: Tree) -> Iterator[Mutation]:
    """Each statement of the node's body exchanged with the next, unless the order cannot matter."""
    body = getattr(node, "body", None)
    if isinstance(body, list):
        for first, second in pairwise(body):
            if tree.in_order(first, second):
                yield Mutation(mark("statements exchanged"), first, (second, first))
