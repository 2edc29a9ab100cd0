"""The bench on which a card's tests examine an answer, in the answer's own process.

The answer has run by the time a test arrives. Tests see its names, but predefined names, those of
the setup that the solution leaves alone, the library's functions and the built-ins as they were
before it ran; what it patched in torch is put back.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import sys
from collections.abc import Collection
from typing import Any

import torch

from quiz.grade import lookout, source
from quiz.grade.asserts import Explained, rewrite
from quiz.grade.source import Snippet

_PREDEFINED = ("torch", "nn", "F", "math", "device")
_LIBRARIES = (
    "torch",
    "torch.nn",
    "torch.nn.functional",
    "torch.linalg",
    "torch.testing",
    "torch.testing._comparison",
    "math",
)
_exec, _DEF = exec, ast.FunctionDef
_no_subclass: Any = torch._C.DisableTorchFunctionSubclass


class Bench:
    """Made before the answer runs; what helps the tests in the card's `setup` is looked at too."""

    def __init__(self, names: dict[str, Any], setup: Snippet | None = None) -> None:
        self._setup = setup
        self._own = {name: names[name] for name in _PREDEFINED}
        self._given = {name: names[name] for name in names if not name.startswith("__")}
        self._builtins = dict(vars(builtins))
        # torch.testing takes half a second to load, and only counts here if it is loaded.
        loaded = (sys.modules.get(name) for name in _LIBRARIES)
        self._modules = [(vars(module), dict(vars(module))) for module in loaded if module]
        self._classes = [
            (cls, dict(vars(cls)))
            for cls in (torch.Tensor, torch.nn.Module, torch.nn.Parameter, torch.optim.Optimizer)
        ]
        self._names: dict[str, Any] = {}
        lookout.hide("quiz")
        lookout.keep()
        for name in [name for name in sys.modules if name.split(".")[0] == "quiz"]:
            # Imported again they are other objects than those at work here.
            del sys.modules[name]

    def protect(self, names: dict[str, Any]) -> None:
        """Puts back what the answer replaced, and takes over its names for the tests."""
        for live, kept in [*self._modules, (vars(builtins), self._builtins)]:
            for name, value in kept.items():
                if live.get(name) is not value:
                    live[name] = value
        for cls, kept in self._classes:
            for name, value in kept.items():
                if vars(cls).get(name) is not value and name not in ("__dict__", "__weakref__"):
                    setattr(cls, name, value)
        self._names = {**names, **self._own, "__builtins__": dict(self._builtins)}

    def run(
        self, snippet: Snippet, name: str, overrides: Collection[str], bound: Collection[str]
    ) -> None:
        """Runs one test of a `test` fence; raises what it raises.

        A failed assert says what its parts were. `overrides` are the special methods that the
        answer may define for tests to meet, `bound` the names that the solution binds.
        """
        whole = source.parse(snippet)
        tree, _ = source.tests(whole)
        tree.body.extend(n for n in whole.body if isinstance(n, _DEF) and n.name == name)
        explained = Explained({*overrides, *bound})
        code = source.compile_tree(rewrite(tree), snippet)
        given = {key: value for key, value in self._given.items() if key not in bound}
        scope = {**self._names, **given, explained.name: explained}
        with contextlib.nullcontext() if "__torch_function__" in overrides else _no_subclass():
            if self._setup is not None:
                found = source.helpers(source.parse(self._setup), whole)
                helpers = ast.Module([node for node in found if node.name in given], [])
                _exec(source.compile_tree(rewrite(helpers), self._setup), scope)
            _exec(code, scope)
            scope[name]()
