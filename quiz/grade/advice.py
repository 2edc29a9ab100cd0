"""What Python's messages leave out: which import a name wants, and where a function is defined.

Runs in a jail after foreign code has failed; nothing here calls any of that code.
"""

from __future__ import annotations

import ast
import re
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quiz.grade.source import Snippet
from quiz.language import _

_NICKNAMES = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot"}
_AT_HAND = {"torch": "torch", "torch.nn": "nn", "torch.nn.functional": "F", "math": "math"}
"""Modules that need no import, and what they are called."""
_LIBRARIES = (
    "torch", "collections", "copy", "dataclasses", "functools", "itertools", "typing",
    "torch.utils.data", "torch.optim", "torch.optim.lr_scheduler",
)  # fmt: skip
_CALLED = re.compile(r"([\w.]+)\(\) (?:takes|got|missing)")
_WITHOUT_FORWARD = re.compile(r"Module \[(\w+)\] is missing")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def of_module(name: str) -> str:
    """The end of a sentence on a name that nothing has: the module that is usually called so."""
    if name in _NICKNAMES:
        return _import(f"import {_NICKNAMES[name]} as {name}")
    return _import(f"import {name}") if name in sys.stdlib_module_names else ""


def of_member(name: str) -> str:
    """The same where a module that is often used has something of this name."""
    for module, called in _AT_HAND.items():
        if type(_held(module, name)) not in (type(None), types.ModuleType):
            return _(". Is `{name}` meant?").format(name=f"{called}.{name}")
    found = next((module for module in _LIBRARIES if _held(module, name) is not None), None)
    return _import(f"from {found} import {name}") if found else ""


def _import(statement: str) -> str:
    return _(". Did you forget `{statement}`?").format(statement=statement)


def _held(module: str, name: str) -> object:
    return vars(sys.modules[module]).get(name) if module in sys.modules else None


@dataclass(frozen=True, slots=True)
class Definition:
    """Where the code defines what was called in a way that it does not take."""

    snippet: Snippet
    line: int
    hint: str
    """The end of a sentence on what may be wrong with it."""


def definition(text: str, snippets: Mapping[str, Snippet]) -> Definition | None:
    """What an error is about that names a function or class, and comes from no line of it."""
    found = _CALLED.match(text) or _WITHOUT_FORWARD.match(text)
    for name in ("<answer>", "<solution>") if found else ():
        if found and name in snippets:
            for called, node, within in _definitions(ast.parse(snippets[name].text), ""):
                if called == found[1]:
                    hint = _self_hint(node, text) if within else ""
                    line = node.lineno + snippets[name].line - 1
                    return Definition(snippets[name], line, hint)
    return None


def _definitions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, _Definition, bool]]:
    """Every function and class by its full name, and whether it is a member of a class."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, _Definition):
            yield prefix + node.name, node, isinstance(tree, ast.ClassDef)
            yield from _definitions(node, f"{prefix}{node.name}.")
        else:
            yield from _definitions(node, prefix)


def _self_hint(node: _Definition, text: str) -> str:
    if isinstance(node, ast.ClassDef) or node.decorator_list or "positional" not in text:
        return ""
    parameters = [*node.args.posonlyargs, *node.args.args]
    first = parameters[0].arg if parameters else ""
    return "" if first == "self" else _("; is `self` missing?")
