"""The bench on which a card's tests examine an answer, in the answer's own process.

The answer has run by the time a test arrives. Tests see its names, but predefined names, the
setup's library functions and the built-ins as they were before it ran; what it patched in torch is
put back.
"""

from __future__ import annotations

import builtins
import importlib
import math
from typing import Any

import torch

from quiz.grade import source
from quiz.grade.asserts import Explained, rewrite
from quiz.grade.source import Snippet

_PREDEFINED = ("torch", "nn", "F", "math", "device")
_exec = exec


class Bench:
    """Made before the answer runs."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._own = {name: names[name] for name in _PREDEFINED}
        self._builtins = dict(vars(builtins))
        testing = importlib.import_module("torch.testing")
        self._modules = [
            (vars(module), dict(vars(module)))
            for module in (torch, torch.nn, torch.nn.functional, torch.linalg, testing, math)
        ]
        self._classes = [
            (cls, dict(vars(cls)))
            for cls in (torch.Tensor, torch.nn.Module, torch.nn.Parameter, torch.optim.Optimizer)
        ]
        self._names: dict[str, Any] = {}

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

    def run(self, snippet: Snippet, name: str) -> None:
        """Runs one test of a `test` fence; raises what it raises.

        A failed assert raises Explained, which says what its parts were.
        """
        tree, _ = source.tests(source.parse(snippet))
        chosen = [
            node for node in source.parse(snippet).body if getattr(node, "name", None) == name
        ]
        tree.body.extend(chosen)
        explained = Explained()
        code = source.compile_tree(rewrite(tree), snippet)
        scope = {**self._names, explained.name: explained}
        _exec(code, scope)
        scope[name]()
