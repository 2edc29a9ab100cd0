"""The bench on which a card's tests examine an answer, in the answer's own process.

The answer has run by the time a test arrives. Tests see its names, but predefined names, those of
the setup that the solution leaves alone, the library's functions and the built-ins as they were
before it ran; what it patched in torch is put back.
"""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Collection
from typing import Any

import torch

from quiz.grade import lookout, source
from quiz.grade.asserts import Explained, rewrite
from quiz.grade.source import Snippet
from quiz.grade.steady import Steady

_PREDEFINED = ("torch", "nn", "F", "math", "device")
_exec, _DEF = exec, ast.FunctionDef
_no_subclass: Any = torch._C.DisableTorchFunctionSubclass


class Bench:
    """Made before the answer runs; what helps the tests in the card's `setup` is looked at too.

    `imports` are the modules that the tests use. Where the tests or the solution replace functions
    of a library themselves, `watching` is false: what an answer replaced is put back once only.
    """

    def __init__(
        self,
        names: dict[str, Any],
        setup: Snippet | None = None,
        *,
        imports: Collection[str] = (),
        watching: bool = True,
    ) -> None:
        self._setup = setup
        self._own = {name: names[name] for name in _PREDEFINED}
        self._given = {name: names[name] for name in names if not name.startswith("__")}
        self._steady = Steady(imports)
        self._watching = watching
        self._names: dict[str, Any] = {}
        lookout.hide("quiz")
        lookout.keep()
        for name in [name for name in sys.modules if name.split(".")[0] == "quiz"]:
            # Imported again they are other objects than those at work here.
            del sys.modules[name]

    def protect(self, names: dict[str, Any]) -> None:
        """Puts back what the answer replaced, and takes over its names for the tests."""
        self._steady.settle()
        self._names = {**names, **self._own, "__builtins__": dict(self._steady.builtins)}

    def run(
        self, snippet: Snippet, name: str, overrides: Collection[str], bound: Collection[str]
    ) -> None:
        """Runs one test of a `test` fence; raises what it raises.

        A failed assert says what its parts were. `overrides` are the special methods that the
        answer may define for tests to meet, `bound` the names that the solution binds.
        """
        whole = source.parse(snippet)
        given = {key: value for key, value in self._given.items() if key not in bound}
        helpers = self._helpers(whole, given)
        tree, _ = source.tests(whole)
        tree.body.extend(n for n in whole.body if isinstance(n, _DEF) and n.name == name)
        settle = self._steady.settle if self._watching else None
        explained = Explained({*overrides, *bound}, settle)
        code = source.compile_tree(rewrite(tree), snippet)
        scope = {**self._names, **given, explained.name: explained}
        with contextlib.nullcontext() if "__torch_function__" in overrides else _no_subclass():
            explained.settled()
            if self._setup is not None:
                _exec(source.compile_tree(rewrite(helpers), self._setup), scope)
            _exec(code, scope)
            scope[name]()

    def _helpers(self, test: ast.Module, given: Collection[str]) -> ast.Module:
        """What of the setup does nothing but help the tests, as they are written."""
        found = [] if self._setup is None else source.helpers(source.parse(self._setup), test)
        return ast.Module([node for node in found if node.name in given], [])
