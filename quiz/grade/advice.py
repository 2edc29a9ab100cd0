"""What the messages of Python and torch leave out: which import a name wants, what a name is like,
where a function is defined, what usually brings an error about.

Runs in a jail after foreign code has failed; nothing here calls any of that code.
"""

from __future__ import annotations

import ast
import difflib
import re
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from quiz.grade.source import Snippet
from quiz.language import _, mark

_NICKNAMES = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot"}
_AT_HAND = {"torch": "torch", "torch.nn": "nn", "torch.nn.functional": "F", "math": "math"}
"""Modules that need no import, and what they are called."""
_LIBRARIES = (
    "torch", "collections", "copy", "dataclasses", "functools", "itertools", "typing",
    "torch.utils.data", "torch.optim", "torch.optim.lr_scheduler",
)  # fmt: skip
_CALLED = re.compile(r"([\w.]+)\(\) (?:takes|got|missing)")
_WITHOUT_FORWARD = re.compile(r"Module \[(\w+)\] is missing")
_LACKING = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_ALIKE = 0.75
"""Share of letters from which two names are nearly the same."""
_KNOWN = (
    (
        re.compile("cannot assign (module|parameter)s? before Module.__init__"),
        mark(". Call `super().__init__()` first."),
    ),
    (
        re.compile("Boolean value of Tensor with more than one value is ambiguous"),
        mark(
            ". `if`, `and`, `or` and `not` want one truth value; of tensors use `&`, `|`, `~`, "
            "`torch.where`, `.any()` or `.all()`."
        ),
    ),
    (
        re.compile("leaf Variable that requires grad is being used in an in-place"),
        mark(" Change it inside `with torch.no_grad():`."),
    ),
    (
        re.compile("does not require grad and does not have a grad_fn"),
        mark(
            ". Nothing it was computed from requires a gradient: was something detached, turned "
            "into a number, or computed under `no_grad`?"
        ),
    ),
    (
        re.compile("grad can be implicitly created only for scalar outputs"),
        mark(". Make one number of it first, by `.sum()` or `.mean()`."),
    ),
    (
        re.compile("'(builtin_function_or_method|method|function)'"),
        mark(". Are the parentheses of a call missing?"),
    ),
    (
        re.compile("'(Tensor|list|tuple|dict|Size|str)' object is not callable"),
        mark(". An index stands in square brackets: `x[0]`."),
    ),
    (
        re.compile("'NoneType' object|and 'NoneType'|'NoneType' and"),
        mark(". A function without `return` gives None, and so does one that changes in place."),
    ),
    (re.compile("^No module named '[^.]+'$"), mark(". It is not installed where answers run.")),
)
"""What usually brings an error about, by a pattern of its message."""


def usual(text: str) -> str:
    """The end of a sentence on what usually brings an error with this message about."""
    for pattern, said in _KNOWN:
        if pattern.search(text):
            return _(said).removeprefix("." if text.endswith(".") else "")
    lacking = _LACKING.search(text)
    if lacking and lacking[1] in _NO_TENSORS and hasattr(tensor_class(), lacking[2]):
        said = _(". Tensors have `{name}`; this is no tensor but a Python {type}.")
        return said.format(name=lacking[2], type=lacking[1])
    return ""


_NO_TENSORS = ("int", "float", "bool", "list", "tuple", "dict", "str")


def tensor_class() -> type:
    """`torch.Tensor`, where torch is loaded."""
    found: type = sys.modules["torch"].Tensor if "torch" in sys.modules else object
    return found


def alike(name: str, names: Iterable[str]) -> str:
    """`. Did you mean: 'x'?` where one of the names is nearly the same, or begins with it."""
    known = [n for n in names if type(n) is str and (not n.startswith("_") or name[:1] == "_")]
    near = difflib.get_close_matches(name, known, 1, _ALIKE)
    near = near or [other for other in known if other.startswith(f"{name}_")]
    return _(". Did you mean: '{name}'?").format(name=near[0]) if len(near) == 1 else ""


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
                    hint = _self_hint(node, text, within)
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


def _self_hint(node: _Definition, text: str, within: bool) -> str:
    if isinstance(node, ast.ClassDef) or node.decorator_list or "positional" not in text:
        return ""
    parameters = [*node.args.posonlyargs, *node.args.args]
    has_self = bool(parameters) and parameters[0].arg == "self"
    if within == has_self:
        return ""
    if within:
        return _("; is `self` missing?")
    return _("; a function outside a class has no `self`.")


def forgotten_self(text: str, snippets: Mapping[str, Snippet]) -> str:
    """The end of a sentence on an attribute that a class binds as a plain name only."""
    lacking = _LACKING.search(text)
    if lacking is None or "<answer>" not in snippets:
        return ""
    for node in ast.walk(ast.parse(snippets["<answer>"].text)):
        if isinstance(node, ast.ClassDef) and node.name == lacking[1]:
            for part in ast.walk(node):
                named = isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
                if named and isinstance(part, ast.Name) and part.id == lacking[2]:
                    said = _("; line {line} binds `{name}`, not `self.{name}`.")
                    return said.format(line=part.lineno, name=part.id)
    return ""
