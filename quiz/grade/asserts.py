"""Asserts that explain themselves: rewritten on the syntax tree to keep the values they saw.

`assert f(x) == 3` becomes, in effect, `left = f(x); right = 3; if not left == right: explain`.
Each operand is evaluated exactly once, in order, with the short circuits of the original.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable
from typing import Any

import torch

from quiz.grade import native
from quiz.grade.native import Foreign
from quiz.grade.source import ANSWER
from quiz.language import _

_NAME = "@explained"
"""No identifier, so that no code can name it."""
_MAX = 300
_repr, _type = repr, type
_PLAIN = (int, float, bool, str, complex, bytes, list, tuple, dict, set, torch.Tensor, torch.Size)


class Explained:
    """Given to the rewritten code under `name`: keeps values and makes the explanation."""

    name = _NAME

    def __init__(self, *, trusting: bool = True) -> None:
        self.trusting = trusting
        """Whether an `__eq__` of the answer's own may decide an assert."""

    def equal(self, left: Foreign, right: Foreign) -> Foreign:
        """`left == right`, where that is not merely claimed by one side's own `__eq__`."""
        answer = left == right
        if not self.trusting:
            for one, other in ((left, right), (right, left)):
                method = native.static(_type(one), "__eq__")
                own = _type(method) is types.FunctionType
                if own and method.__code__.co_filename == ANSWER and _type(other) in _PLAIN:
                    name = _type(one).__name__
                    said = _("`{name}` equals the {other} only by its own `__eq__`")
                    raise AssertionError(said.format(name=name, other=_type(other).__name__))
        return answer

    def keep(self, store: dict[str, Any], text: str, value: Foreign) -> Foreign:
        """Remembers what a part of the assert was; gives it back unchanged."""
        store[text] = value
        return value

    def failed(self, store: dict[str, Any], text: str, message: Callable[[], Any]) -> None:
        """Raises AssertionError that says what the parts were."""
        lines = [f"assert {text}"]
        lines += [f"  {part} = {_show(value)}" for part, value in store.items()]
        said = message()
        if said is not None:
            lines.insert(0, str(said)[:_MAX])
        raise AssertionError("\n".join(lines))


def _show(value: object) -> str:
    try:
        text = _repr(value)
    except BaseException as error:
        said = _("<{type}; its repr raises {error}>")
        return said.format(type=_type(value).__name__, error=_type(error).__name__)
    text = text if len(text) <= _MAX else text[: _MAX - 1] + "…"
    return text.replace("\n", "\n    ")


def rewrite(tree: ast.Module) -> ast.Module:
    """The tree with every `assert` rewritten; line numbers stay."""
    new = _Rewriter().visit(tree)
    assert isinstance(new, ast.Module)
    return ast.fix_missing_locations(new)


class _Rewriter(ast.NodeTransformer):
    def __init__(self) -> None:
        self.count = 0

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        self.count += 1
        store = f"@store{self.count}"
        text = ast.unparse(node.test)
        told = ast.Lambda(_no_arguments(), node.msg or ast.Constant(None))
        parts = _Parts(store)
        test = parts.rewritten(node.test)
        new: list[ast.stmt] = [
            ast.Assign([ast.Name(store, ast.Store())], ast.Dict([], [])),
            ast.If(
                ast.UnaryOp(ast.Not(), test),
                [ast.Expr(_method("failed", [_load(store), ast.Constant(text), told]))],
                [],
            ),
        ]
        for statement in new:
            for part in ast.walk(statement):
                if "lineno" in getattr(part, "_attributes", ()) and not hasattr(part, "lineno"):
                    ast.copy_location(part, node)
        return new


class _Parts:
    """Rewrites an expression so that the operands a reader would ask for are kept."""

    def __init__(self, store: str) -> None:
        self.store = store

    def rewritten(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Compare():
                node.left = self.kept(node.left)
                node.comparators = [self.kept(part) for part in node.comparators]
                if len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
                    return _method("equal", [node.left, *node.comparators])
            case ast.BoolOp():
                node.values = [self.rewritten(part) for part in node.values]
            case ast.UnaryOp(op=ast.Not()):
                node.operand = self.rewritten(node.operand)
            case ast.Call():
                node.args = [
                    part if isinstance(part, ast.Starred) else self.kept(part) for part in node.args
                ]
                if isinstance(node.func, ast.Attribute):
                    node.func.value = self.kept(node.func.value)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self.kept(node)
            case _:
                pass
        return node

    def kept(self, node: ast.expr) -> ast.expr:
        """The expression with its value kept, unless it says its value itself."""
        if isinstance(node, ast.Constant) or _is_module(node):
            return node
        text = ast.unparse(node)
        if isinstance(node, ast.Call):
            node = self.rewritten(node)
        new = _method("keep", [_load(self.store), ast.Constant(text), node])
        return ast.copy_location(new, node)


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("torch", "nn", "F", "math")


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _method(name: str, args: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Attribute(_load(_NAME), name, ast.Load()), args, [])


def _no_arguments() -> ast.arguments:
    return ast.arguments([], [], None, [], [], None, [])
