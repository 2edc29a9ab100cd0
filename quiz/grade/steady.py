"""Keeps what a card's tests rest on as it was: functions, classes and modules of libraries.

An answer shares its process with the tests and may replace any of them, when it runs or in a call.
All that is looked at here is put back before the test's own code goes on, so that `torch.equal` is
torch's wherever a test says it. What an answer adds is left, unless it hides what is inherited.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import sys
import types
from collections.abc import Callable, Collection, Iterator, Mapping
from operator import is_, itemgetter
from typing import Any

import torch

_LIBRARIES = (
    "torch", "torch.nn", "torch.nn.functional", "torch.linalg", "torch.testing",
    "torch.testing._comparison", "math", "builtins",
)  # fmt: skip
_CLASSES = (torch.Tensor, torch.nn.Module, torch.nn.Parameter, torch.optim.Optimizer)
_UNSTEADY = ("warnings",)
"""Modules whose own functions replace one another."""
_AUTOMATIC = ("__dict__", "__weakref__")
_all, _map, _len, _set, _delete, _bases = all, map, len, setattr, delattr, type.mro
_module, _callable = types.ModuleType, callable


class Steady:
    """Made before any foreign code runs; `imports` are modules that the tests use as well."""

    def __init__(self, imports: Collection[str] = ()) -> None:
        for name in imports:
            # What cannot be imported is for the test to say, and no exception of it is ours.
            with contextlib.suppress(BaseException):
                importlib.import_module(name)
        found = {name: sys.modules.get(name) for name in (*_LIBRARIES, *imports)}
        loaded = {name: module for name, module in found.items() if type(module) is _module}
        self._kept = [
            _Kept(vars(module), _worth(module), functools.partial(_set, module))
            for name, module in loaded.items()
            if name not in _UNSTEADY
        ]
        self._kept.append(_Kept(sys.modules, loaded, sys.modules.__setitem__))
        self._classes = [_KeptClass(cls) for cls in _CLASSES]
        self.builtins = dict(vars(builtins))

    def settle(self) -> None:
        """Puts back whatever was replaced."""
        for kept in self._kept:
            kept.settle()
        for cls in self._classes:
            cls.settle()


def _worth(module: types.ModuleType) -> dict[str, Any]:
    """What a module offers and does not itself replace as it goes: anything but plain values."""
    return {
        name: value
        for name, value in vars(module).items()
        if name[:1] != "_" and (_callable(value) or type(value) is _module)
    }


class _Kept:
    """What some names of a namespace stood for."""

    def __init__(
        self, live: Mapping[str, Any], worth: Mapping[str, Any], put: Callable[[str, Any], object]
    ) -> None:
        self._live, self._put = live, put
        self._names = tuple(worth)
        self._values = tuple(worth.values())
        # Of one name it would give the bare value.
        self._read: Callable[[Any], Any] = itemgetter(*self._names, *self._names[:2])

    def settle(self) -> None:
        """Looks at all of them at once, and only where one is not the same at each."""
        try:
            if _all(_map(is_, self._read(self._live), self._values)):
                return
        except KeyError:
            pass
        for name, value in zip(self._names, self._values, strict=True):
            if self._live.get(name) is not value:
                self._put(name, value)


class _KeptClass(_Kept):
    """What a class had of its own."""

    def __init__(self, cls: type) -> None:
        own = {name: item for name, item in vars(cls).items() if name not in _AUTOMATIC}
        super().__init__(vars(cls), own, functools.partial(_set, cls))
        self._cls = cls
        self._known = _len(vars(cls))

    def settle(self) -> None:
        super().settle()
        if _len(self._live) != self._known:
            for name in [*self._hiding()]:
                _delete(self._cls, name)
            self._known = _len(self._live)

    def _hiding(self) -> Iterator[str]:
        """Names that are new here, and that a class above has as well."""
        above = _bases(self._cls)[1:]
        for name in self._live:
            if name not in self._names and any(name in vars(base) for base in above):
                yield name
