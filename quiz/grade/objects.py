"""What objects consist of: layers, optimizers, schedules, distributions, errors, data classes.

Each is taken apart into named parts, which are encoded in their turn. Nothing is taken from a
class that the answer may have written but what can be compared with another's: runs in a jail, on
objects of foreign code, through functions taken before any such code ran.
"""

from __future__ import annotations

import array
import builtins
import collections
import functools
import itertools
import math
import operator
import re
import types
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from quiz.grade import laws, native
from quiz.grade.native import Foreign
from quiz.grade.values import MAX_DEPTH

FUNCTIONS = native.numbers_of(
    (
        types.FunctionType,
        types.BuiltinFunctionType,
        types.MethodType,
        type(len),
        type(torch.add),
    )
)
LIBRARY = {
    id(item): f"{module.__name__}.{name}"
    for module in (
        torch.linalg,
        torch.special,
        torch.nn.functional,
        torch,
        operator,
        math,
        builtins,
    )
    for name, item in vars(module).items()
    if id(type(item)) in FUNCTIONS
}
"""What functions that anybody may use are called, by their numbers."""
SNIPPETS = "__main__"
"""`__module__` of the classes that the card's setup and the answer define."""
_HOOKS = (
    ("_forward_hooks", "forward"),
    ("_forward_pre_hooks", "forward_pre"),
    ("_backward_hooks", "backward"),
    ("_backward_pre_hooks", "backward_pre"),
)
_EACH = ("kernel_size", "stride", "padding", "dilation", "output_size", "output_padding")
"""Options of layers where one number stands for as many of it as there are dimensions."""
_BUILT_IN: dict[int, Callable[[Foreign], dict[str, Foreign]]] = {
    id(functools.partial): lambda made: {
        "func": made.func, "args": made.args, "keywords": made.keywords,
    },
    id(re.Match): lambda found: {
        "spans": found.regs, "groups": found.group(0, *range(1, found.re.groups + 1)),
    },
    id(types.MappingProxyType): lambda proxy: {"mapping": dict(proxy)},
    id(collections.ChainMap): lambda chain: {"maps": chain.maps},
    id(array.array): lambda numbers: {"typecode": numbers.typecode, "items": numbers.tolist()},
    id(memoryview): lambda view: {"format": view.format, "items": view.tolist()},
}  # fmt: skip
"""The parts of what Python itself has, by the numbers of its classes."""
_PLAIN = native.numbers_of((type(None), bool, int, float, str))
_MOST = 10_000
"""Parameters of a module that are looked at for being the same."""
_MISS = object()
_dict_items, _dict_get, _dict_len = dict.items, dict.get, dict.__len__


@dataclass(frozen=True, slots=True)
class Parts:
    """An object taken apart: its kind of node, its class, and its parts by name."""

    kind: str
    type: str
    names: list[str]
    values: list[Foreign]
    more: dict[str, Any] = field(default_factory=dict)
    """What else stands in its node."""


def taken_apart(
    value: Foreign, cls: type, known: Container[str], owners: Mapping[int, str]
) -> Parts | None:
    """The parts of an object; None for one that has none which could be compared.

    `known` are the names of the card's own classes, whose objects are what their attributes are;
    `owners` says of parameters, by their numbers, whose they are.
    """
    if native.descends(native.Module, cls):
        return _module(value, cls)
    if native.descends(native.Optimizer, cls):
        return _optimizer(value, cls, owners)
    if native.descends(native.Scheduler, cls):
        return _made_of(native.name_of(cls), laws.of_schedule(_held(value)))
    if laws.is_distribution(cls):
        return _made_of(native.name_of(cls), laws.of_distribution(value, cls, _held(value)))
    if cls is torch.Generator:
        return _made_of("Generator", native.generator_parts(value))
    if native.descends(BaseException, cls):
        return _made_of(native.name_of(cls), {"args": native.arguments(value)})
    if not isinstance(fields := native.static(cls, "__dataclass_fields__"), native.Missing):
        return _attributes(value, cls, tuple(fields))
    if (parts := _BUILT_IN.get(id(cls))) is not None:
        return _made_of(native.name_of(cls), parts(value))
    if cls is types.SimpleNamespace or _is_plain(cls, known):
        return _attributes(value, cls, _names_in(value, cls))
    return None


def _is_plain(cls: type, known: Container[str]) -> bool:
    """Whether this is one of the card's classes and is nothing else besides."""
    kinds = native.kinds_of(cls)
    return (
        native.module_of(cls) == SNIPPETS
        and native.name_of(cls) in known
        and all(kind is object or native.module_of(kind) == SNIPPETS for kind in kinds)
    )


def _names_in(value: Foreign, cls: type) -> tuple[str, ...]:
    names = dict.fromkeys(_held(value))
    for kind in native.kinds_of(cls):
        members = native.members_of(kind)
        names |= {n: None for n, m in members.items() if type(m) is types.MemberDescriptorType}
        # What is worked out when it is first asked for was not changed by that.
        for name in [n for n, m in members.items() if type(m) is functools.cached_property]:
            names.pop(name, None)
    return tuple(sorted(name for name in names if type(name) is str))


def _held(value: Foreign) -> dict[str, Any]:
    held = _read(value, "__dict__")
    return held if type(held) is dict else {}


def _read(value: Foreign, name: str) -> Foreign:
    try:
        return native.read(value, name)
    except Exception:
        return _MISS


def _made_of(name: str, parts: dict[str, Foreign]) -> Parts:
    return Parts("named", name, list(parts), list(parts.values()))


def _attributes(value: Foreign, cls: type, names: tuple[str, ...]) -> Parts:
    found = {name: item for name in names if (item := _read(value, name)) is not _MISS}
    return _made_of(native.name_of(cls), found)


def _module(value: Foreign, cls: type) -> Parts:
    held = native.read(value, "__dict__")
    parts: dict[str, Foreign] = {}
    for table in ("_parameters", "_buffers", "_modules"):
        for name, item in _dict_items(held.get(table) or {}):
            if item is not None:
                parts[f"{table[1:-1]} {name}"] = item
    parts |= {f"hooks {what}": count for what, count in _hooks(held)}
    parts |= {f"tied {both}": None for both in tied(value)}
    name = native.name_of(cls)
    # A class may say that it is one of torch's.
    own = native.module_of(cls) == SNIPPETS or native.LAYERS.get(name, cls) is not cls
    if not own:
        parts |= {f"options {option}": item for option, item in _options(held)}
    more = {
        "own": own,
        "training": bool(held.get("training")),
        "extra": "" if own else _extra(value, cls),
    }
    return Parts("module", name, list(parts), list(parts.values()), more)


def tied(module: Foreign) -> list[str]:
    """What a module holds under two names, and its layers do not: `out.weight is emb.weight`."""
    named: dict[int, list[str]] = {}
    for name, parameter in itertools.islice(_parameters(module), _MOST):
        named.setdefault(id(parameter), []).append(name)
    return [
        f"{other} is {first}"
        for first, *others in map(sorted, named.values())
        for other in others
        if first.partition(".")[0] != other.partition(".")[0]
    ]


def trained(module: Foreign) -> list[str]:
    """What training a module would change: `weight requires a gradient`."""
    held = itertools.islice(_parameters(module), _MOST)
    return [f"{name} requires a gradient" for name, item in held if native.requires_grad(item)]


def lasting(module: Foreign) -> list[Foreign]:
    """What of a module is not changed by its use: its weights, layers and hooks."""
    layers = itertools.islice(_layers(module, "", 0), _MOST)
    built = [[path, native.name_of(cls), *_hooks(held)] for path, cls, held in layers]
    return [*(item for _name, item in itertools.islice(_parameters(module), _MOST)), built]


def _hooks(held: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """How many hooks of each kind a layer has, where it has any."""
    for table, what in _HOOKS:
        hooks: Foreign = held.get(table)
        if native.descends(dict, type(hooks)) and (count := _dict_len(hooks)):
            yield what, count


def _parameters(module: Foreign) -> Iterator[tuple[str, Foreign]]:
    for prefix, _cls, held in _layers(module, "", 0):
        for name, item in _dict_items(held.get("_parameters") or {}):
            if item is not None:
                yield f"{prefix}{name}", item


def _layers(module: Foreign, prefix: str, depth: int) -> Iterator[tuple[str, type, dict[str, Any]]]:
    """A module and all that it consists of: where, of which class, and what it holds."""
    held = native.read(module, "__dict__")
    yield prefix, type(module), held
    for name, child in _dict_items(held.get("_modules") or {}):
        if depth < MAX_DEPTH and native.descends(native.Module, type(child)):
            yield from _layers(child, f"{prefix}{name}.", depth + 1)


def _options(held: dict[str, Any]) -> list[tuple[str, Foreign]]:
    """What a layer of torch's was made with, beside its weights."""
    found = []
    for name, item in _dict_items(held):
        if name == "training" or name.startswith("_"):
            continue
        if name == "padding" and type(item) is str:
            item = _padding(held, item)
        if type(item) in (tuple, list) and all(id(type(part)) in _PLAIN for part in item):
            same = name in _EACH and item and all(part == item[0] for part in item)
            found.append((name, item[0] if same else tuple(item)))
        elif id(type(item)) in FUNCTIONS:
            found.append((name, str(_read(item, "__name__"))))
        elif id(type(item)) in _PLAIN:
            found.append((name, item))
    return found


def _padding(held: dict[str, Any], said: str) -> Foreign:
    """What a convolution's "same" or "valid" comes to, where both sides get as much."""
    twice: Foreign = held.get("_reversed_padding_repeated_twice")
    if type(twice) not in (list, tuple) or twice[::2] != twice[1::2]:
        return said
    return tuple(twice[::-2])


def _extra(value: Foreign, cls: type) -> str:
    try:
        extra = cls.extra_repr(value)  # type: ignore[attr-defined]
    except Exception:
        return ""
    return extra[:1000] if type(extra) is str else ""


def _optimizer(value: Foreign, cls: type, owners: Mapping[int, str]) -> Parts:
    held = native.read(value, "__dict__")
    parts: dict[str, Foreign] = {}
    for number, group in enumerate(held["param_groups"]):
        options = {key: laws.number(item) for key, item in group.items() if key != "params"}
        parts[f"group {number}"] = options
        for place, parameter in enumerate(group["params"]):
            parts[f"given {place} {number}"] = parameter
            parts[f"state {place} {number}"] = dict(_dict_get(held["state"], parameter, {}))
            parts[f"owner {place} {number}"] = owners.get(id(parameter))
    return Parts("optimizer", native.name_of(cls), list(parts), list(parts.values()))


def owners(named: Iterable[tuple[str, Foreign]]) -> dict[int, str]:
    """Where each parameter of some modules is found first, by its number: `model.weight`."""
    found: dict[int, str] = {}
    for name, value in named:
        if native.descends(native.Module, type(value)):
            for path, parameter in itertools.islice(_parameters(value), _MOST):
                found.setdefault(id(parameter), f"{name}.{path}")
    return found
