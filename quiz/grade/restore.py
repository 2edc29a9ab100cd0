"""Keeps the code that reports an outcome as it was, in a process that runs foreign code.

An answer shares its process with the runner and can replace any function of it, the function's
code included. All of that is taken back each time foreign code has come to its end. The one who
does so is a generator that has begun: its code is fixed, all it uses are its locals, and those are
tuples. Against native code that writes into the process nothing helps, nor against a thread that
is faster; values are therefore compared elsewhere, and this only makes true what is said of a
call's side effects.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import json.decoder
import json.encoder
import os
import struct
import types
import warnings
from collections.abc import Callable, Generator, Iterable, Mapping
from itertools import repeat
from operator import attrgetter, is_
from typing import Any

import torch

Kept = tuple[tuple[object, dict[str, Any], frozenset[str], str, Any], ...]
"""Object, its attributes, their names, and one attribute to put back with its value."""

_LIBRARIES = (builtins, json, json.decoder, json.encoder, struct, io)
_CLASSES = (
    json.JSONEncoder,
    json.JSONDecoder,
    warnings.catch_warnings,
    contextlib.suppress,
    torch.no_grad,
    torch.enable_grad,
)
_PARTS: tuple[tuple[types.ModuleType, tuple[str, ...]], ...] = (
    (os, ("write", "read", "fstat", "lseek", "_exit")),
    (warnings, ("catch_warnings", "simplefilter", "warn", "_showwarnmsg", "showwarning")),
)
_AUTOMATIC = ("__dict__", "__weakref__", "__doc__", "__module__")
_code_of, _defaults_of, _named_of = map(attrgetter, ("__code__", "__defaults__", "__kwdefaults__"))
_Slots = tuple[tuple[str, Any, tuple[types.FunctionType, ...], tuple[Any, ...]], ...]
"""An attribute of functions, how it is read, of which functions, and its values."""
_Table = tuple[Any, tuple[str, ...], tuple[Any, ...]]
"""A namespace, names in it, and their values; of a whole namespace all of them, in its order."""


def restorer(modules: Iterable[types.ModuleType]) -> Callable[[Kept], object]:
    """A call that puts back these modules, their classes and functions, and what they rest on.

    What it is given (`keep`) is put back as well. Raises StopIteration for ever once it is broken.
    """
    modules = tuple(modules)
    owned = [cls for module in modules for cls in _classes(module)]
    classes = tuple((cls, *_split(vars(cls))) for cls in (*owned, *_CLASSES))
    tables: tuple[_Table, ...] = tuple(
        (vars(module), *_split(vars(module))) for module in (*modules, *_LIBRARIES)
    )
    parts: tuple[_Table, ...] = tuple(
        (vars(module), *_split({name: vars(module)[name] for name in names}))
        for module, names in _PARTS
    )
    functions = _functions(values for _, _, values in (*tables, *parts, *classes))
    # Defaults where there are none would change nothing.
    slots = tuple(
        (name, reader, tuple(chosen), tuple(map(reader, chosen)))
        for name, reader, chosen in (
            ("__code__", _code_of, functions),
            ("__defaults__", _defaults_of, [f for f in functions if f.__defaults__]),
            ("__kwdefaults__", _named_of, [f for f in functions if f.__kwdefaults__]),
        )
    )
    begun = _restore(slots, tables, parts, classes, frozenset(map(id, map(vars, modules))))
    next(begun)
    return begun.send


def keep(*objects: tuple[object, Iterable[str]]) -> Kept:
    """The named attributes of objects, as they are now."""
    return tuple(
        (
            thing,
            getattr(thing, "__dict__", {}),
            frozenset(getattr(thing, "__dict__", {})),
            name,
            getattr(thing, name),
        )
        for thing, names in objects
        for name in names
    )


def _restore(
    slots: _Slots,
    tables: tuple[_Table, ...],
    parts: tuple[_Table, ...],
    classes: tuple[_Table, ...],
    closed: frozenset[int],
    *,
    every: Callable[..., bool] = all,
    each: Any = map,  # noqa: ANN401
    same: Callable[[object, object], bool] = is_,
    together: Any = zip,  # noqa: ANN401
    always: Any = repeat,  # noqa: ANN401
    sequence: Any = tuple,  # noqa: ANN401
    length: Callable[[Any], int] = len,
    number: Callable[[object], int] = id,
    automatic: tuple[str, ...] = _AUTOMATIC,
    get: Callable[..., Any] = dict.get,
    held: Callable[..., Any] = dict.values,
    put: Callable[..., Any] = dict.__setitem__,
    drop: Callable[..., Any] = dict.pop,
    members_of: Callable[..., Any] = type.__dict__["__dict__"].__get__,
    held_by: Callable[..., Any] = types.MappingProxyType.values,
    put_on: Callable[..., None] = type.__setattr__,
    drop_from: Callable[..., None] = type.__delattr__,
    read: Callable[..., Any] = object.__getattribute__,
    assign: Callable[..., None] = object.__setattr__,
) -> Generator[None, Kept, None]:
    kept: Kept = ()
    while True:
        for name, reader, functions, values in slots:
            if not every(each(same, each(reader, functions), values)):
                for function, value in together(functions, values):
                    assign(function, name, value)
        for live, names, values in tables:
            # Nearly always nothing has changed, not even the order.
            if length(live) != length(names) or not every(each(same, held(live), values)):
                for name, value in together(names, values):
                    put(live, name, value)
                if number(live) in closed:
                    for name in sequence(live):
                        if name not in names:
                            drop(live, name)
        for live, names, values in parts:
            if not every(each(same, each(get, always(live), names), values)):
                for name, value in together(names, values):
                    put(live, name, value)
        for cls, names, values in classes:
            members = members_of(cls)
            if length(members) != length(names) or not every(each(same, held_by(members), values)):
                for name, value in together(names, values):
                    if name not in automatic:
                        put_on(cls, name, value)
                for name in sequence(members):
                    if name not in names and name not in automatic:
                        drop_from(cls, name)
        for thing, attributes, usual, name, value in kept:
            for extra in sequence(attributes):
                if extra not in usual:
                    drop(attributes, extra, None)
            if read(thing, name) is not value:
                assign(thing, name, value)
        kept = yield


def _split(table: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    return tuple(table), tuple(table.values())


def _classes(module: types.ModuleType) -> list[type]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]


def _functions(groups: Iterable[tuple[Any, ...]]) -> list[types.FunctionType]:
    found: dict[int, types.FunctionType] = {}
    for value in (value for values in groups for value in values):
        for plain in (value, *(getattr(value, name, None) for name in ("__func__", "fget"))):
            if isinstance(plain, types.FunctionType):
                found[id(plain)] = plain
    return list(found.values())
