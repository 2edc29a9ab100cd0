"""Comparisons that say nothing about a value, because the value's own class decides them.

`assert three() == 3` holds for any object whose `__eq__` says so, and `abs(three() - 3) < 1e-6`
for one whose `__sub__` gives 0. What a test asserts counts only where a method decided that the
answer did not write: Python's own, a library's, or one that the card's solution has as well. Runs
in a jail, on objects of foreign code.
"""

from __future__ import annotations

import collections
import os
import types
from collections.abc import Collection, Iterable
from typing import Any

import torch

from quiz.grade import lookout, native
from quiz.grade.native import Foreign
from quiz.grade.values import MAX_DEPTH
from quiz.language import _

_ORDERING = ("__lt__", "__gt__", "__le__", "__ge__", "total_ordering")
_ASKED = {
    "lt": ("__lt__", "__gt__"),
    "gt": ("__gt__", "__lt__"),
    "le": ("__le__", "__ge__"),
    "ge": ("__ge__", "__le__"),
}
_Named = collections.namedtuple("_Named", "one")
_BORROWED = (f"{os.sep}unittest{os.sep}", f"{os.sep}functools.py")
"""Of the library, and yet they say whatever an answer wants."""
_SLOTS = (types.WrapperDescriptorType, types.MethodDescriptorType)
_FIELDS = (*_SLOTS, types.GetSetDescriptorType, types.MemberDescriptorType, type(_Named.one))
_VALUES = native.numbers_of(
    (
        *(int, float, complex, str, bytes, list, tuple, dict, set, frozenset, collections.deque),
        *native.kinds_of(native.Tensor)[:-1],
    )
)
"""Classes of which it is known what their attributes are."""
_HANDLERS = ("__torch_function__", "__torch_dispatch__")
_functions, _function_at = torch._C._len_torch_function_stack, torch._C._get_function_stack_at
_dispatches, _dispatch_at = torch._C._len_torch_dispatch_stack, torch._C._get_dispatch_stack_at
_type, _zip, _any, _function = type, zip, any, types.FunctionType
_inner: tuple[Any, ...] = (staticmethod, classmethod)
_Pairs = Iterable[tuple[Any, Any]]


class Claims:
    """Finds them; `trusted` are special methods that the answer may well have written."""

    def __init__(self, trusted: Collection[str]) -> None:
        self._trusted = frozenset(trusted)
        self._equality = "__eq__" in trusted
        self._holding = "__contains__" in trusted
        self._order = _any(word in trusted for word in _ORDERING)

    def found(self, act: str, left: Foreign, right: Foreign, answer: Foreign) -> str:
        """What is only claimed, in a sentence; empty where the comparison means something."""
        if act in _ASKED:
            return "" if self._order else _decided(left, right, *_ASKED[act])
        if answer is (act == "ne"):  # that things are unlike needs no proof
            return ""
        if act == "ne":
            if self._equality or (claim := _decided(left, right, "__ne__", "__ne__")):
                return "" if self._equality else claim
            return _equal(left, right)
        if act == "eq":
            return "" if self._equality else _equal(left, right)
        if not self._holding and not _earned(_type(right), "__contains__"):
            return _claim(right, left, "__contains__")
        if self._equality or (kind := _container(right)) is None:
            return ""
        same = [item for item in kind.__iter__(right) if item is left or item == left]
        return _equal(left, same[0]) if same else ""

    def operation(self, act: str, left: Foreign, right: Foreign) -> str:
        """What makes the outcome of `left - right` (act `sub`, `isub` in place) worthless, if so.

        Between two objects of one class it is theirs to say.
        """
        name = act.removeprefix("i")
        if _type(left) is _type(right):
            return ""
        for method in dict.fromkeys((f"__{act}__", f"__{name}__")):
            if not _earned(_type(left), method):
                return "" if method in self._trusted else _claim(left, right, method)
        reflected = f"__r{name}__"
        if reflected in self._trusted or _earned(_type(right), reflected):
            return ""
        return _claim(right, left, reflected)

    def asked(self, method: str, value: Foreign) -> str:
        """What makes worthless what a value's method says (`__abs__`, `equal`), if so."""
        if method in self._trusted or _earned(_type(value), method):
            return ""
        said = _("what `{name}` says by its own `{method}` proves nothing")
        return said.format(name=native.name_of(_type(value)), method=method)

    def attribute(self, name: str, value: Foreign) -> str:
        """What makes worthless what an attribute of a number, a tensor, a list says, if so.

        Of their own classes an answer may say what it likes, as long as it replaces nothing.
        """
        cls = _type(value)
        for read in (name, "__getattribute__"):
            if read not in self._trusted and _is_replaced(cls, read):
                said = _("what `{name}` says by its own `{method}` proves nothing")
                return said.format(name=native.name_of(cls), method=read)
        return ""

    def mode(self) -> str:
        """What makes worthless whatever torch computes now: a mode that is the answer's own."""
        if not self._trusted.isdisjoint(_HANDLERS):
            return ""
        for number in range(_functions()):
            if not _earned(mode := _type(_function_at(number)), _HANDLERS[0]):
                return _by_mode(mode)
        for number in range(_dispatches()):
            if not _earned(mode := _type(_dispatch_at(number)), _HANDLERS[1]):
                return _by_mode(mode)
        return ""


def _by_mode(mode: type) -> str:
    said = _("what torch computes under the answer's own mode `{name}` proves nothing")
    return said.format(name=native.name_of(mode))


def _is_replaced(cls: type, name: str) -> bool:
    """Whether foreign code says what an attribute is that a class of Python's or torch's has."""
    kinds = native.kinds_of(cls)
    if id(cls) in _VALUES or not _any(id(kind) in _VALUES for kind in kinds):
        return False
    kind = _provider(cls, name)
    if kind is None or kind is object or id(kind) in _VALUES:
        return False
    found = native.members_of(kind)[name]
    if _type(found) in _inner:
        found = found.__func__
    elif _type(found) is property:
        found = found.fget
    if _type(found) in _FIELDS:
        return False
    if _type(found) is _function and _is_library(found, ()):
        return False
    return _any(name in native.members_of(base) for base in kinds if id(base) in _VALUES)


def _equal(left: Foreign, right: Foreign, depth: int = 0) -> str:
    """What makes two values equal, or anything in them, and is only claimed."""
    if claim := _decided(left, right, "__eq__", "__eq__"):
        return claim
    if depth < MAX_DEPTH:
        for ours, theirs in _pairs(left, right):
            if claim := _equal(ours, theirs, depth + 1):
                return claim
    return ""


def _decided(left: Foreign, right: Foreign, method: str, reflected: str) -> str:
    if _type(left) is not _type(right):
        for one, other, name in ((left, right, method), (right, left, reflected)):
            ours, theirs = _provider(_type(one), name), _provider(_type(other), name)
            if ours is not theirs and not _earned(_type(one), name):
                return _claim(one, other, name)
    return ""


def _claim(one: Foreign, other: Foreign, method: str) -> str:
    said = _("`{name}` passes for the {other} only by its own `{method}`")
    names = native.name_of(_type(one)), native.name_of(_type(other))
    return said.format(name=names[0], other=names[1], method=method)


def _provider(cls: type, method: str) -> type | None:
    """The class from which another one has a method."""
    found = (kind for kind in native.kinds_of(cls) if method in native.members_of(kind))
    return next(found, None)


def _earned(cls: type, method: str) -> bool:
    """Whether a class has a special method from Python, a library or the card, or not at all."""
    kind = _provider(cls, method)
    if kind is None:
        return True
    found = native.members_of(kind)[method]
    if _type(found) is _function:
        return _is_library(found, _BORROWED)
    # torch gives its tensors some methods of their base under other names.
    return _type(found) in _SLOTS and (kind is native.Tensor or found.__objclass__ is kind)


def _is_library(function: types.FunctionType, but: tuple[str, ...]) -> bool:
    """Whether a function, and any that it wraps, is a library's or the card's."""
    wrapped, seen = [function], {id(function)}
    for part in wrapped:
        place = part.__code__.co_filename
        if not lookout.is_trusted(place) or _any(name in place for name in but):
            return False
        for held in _held_by(part):
            if id(held) not in seen:  # it may hold itself
                seen.add(id(held))
                wrapped.append(held)
    return True


def _held_by(function: types.FunctionType) -> list[types.FunctionType]:
    """The functions that another one was made with."""
    found = []
    for cell in function.__closure__ or ():
        try:
            held = cell.cell_contents
        except ValueError:  # empty
            continue
        held = held.__func__ if _type(held) is types.MethodType else held
        if _type(held) is _function:
            found.append(held)
    return found


def _container(value: Foreign) -> Any:  # noqa: ANN401 - one of Python's own
    kinds = (list, tuple, dict, set, frozenset)
    return next((kind for kind in native.kinds_of(_type(value)) if kind in kinds), None)


def _pairs(left: Foreign, right: Foreign) -> _Pairs:
    """What two containers hold where they were compared with each other."""
    kind = _container(left)
    if kind is None or kind is not _container(right):
        return ()
    if kind is dict:
        return [(item, dict.get(right, key)) for key, item in dict.items(left)]
    if kind in (list, tuple):
        return _zip(kind.__iter__(left), kind.__iter__(right), strict=False)
    return [
        (one, other)
        for ours, theirs in ((left, right), (right, left))
        for one in kind.__iter__(ours)
        if not _earned(_type(one), "__eq__")
        for other in kind.__iter__(theirs)
        if one == other
    ]
