"""What an answer's own classes define, where `self` can be nothing but one of their objects.

So that `self.relu(x)` is known not to be torch's method. Standard library only; nothing is run.
"""

from __future__ import annotations

import ast

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SELF = "self"
_BASES = ("object", "nn.Module", "torch.nn.Module")
"""Whose objects are no tensors."""


def own_members(tree: ast.Module) -> set[str]:
    """Names that its classes define or set on `self`; none where `self` may be anything else."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    methods = [part for node in classes for part in node.body if isinstance(part, _Function)]
    names = {method.name for method in methods}
    if any(ast.unparse(base) not in _BASES for node in classes for base in node.bases):
        return set()
    if not _is_one_of_them(tree, methods) or not _are_called_on_it(tree, names):
        return set()
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return names | {
        node.attr for node in stored if isinstance(node.ctx, ast.Store) and _is_self(node.value)
    }


def _is_one_of_them(tree: ast.Module, methods: list[_Function]) -> bool:
    """Whether `self` is the first parameter of methods, and nothing else is called so."""
    first = {
        id(method.args.args[0])
        for method in methods
        if method.args.args and not method.args.posonlyargs and not method.decorator_list
    }
    return all(
        id(node) in first
        if isinstance(node, ast.arg)
        else not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Load)
        for node in ast.walk(tree)
        if _SELF in (getattr(node, "arg", None), getattr(node, "id", None))
    )


def _are_called_on_it(tree: ast.Module, names: set[str]) -> bool:
    """Whether the methods are reached through `self` or `super()`, not through their class."""
    own = names - {"__init__"}
    return all(
        _is_self(node.value) or _is_super(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in own
    )


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == _SELF


def _is_super(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "super"
