"""What code may do to what it is given: fingerprints before and after, and memory that is shared.

Runs in a jail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch

from quiz.grade import native, objects, weights
from quiz.grade.encode import DICTS, SEQUENCES, Encoder, Node, cannot
from quiz.grade.native import Foreign
from quiz.grade.values import MAX_DEPTH


def digest(value: Foreign) -> bytes:
    """A fingerprint of what a value holds: changes when any byte, shape or stride does.

    Gradients that its tensors hold, and whether they require any, make a second one, behind the
    first of `SIZE` bytes.
    """
    encoder = _Fingerprint()
    mark = _hash(encoder, value)
    if not encoder.gradients and not encoder.requiring:
        return mark
    return mark + _hash(_Fingerprint(), [encoder.gradients, encoder.requiring])


SIZE = 16
"""Bytes of a fingerprint."""


def _hash(encoder: Encoder, value: Foreign) -> bytes:
    node = encoder.node(value)
    hashed = native.blake(native.dumps(node).encode(), digest_size=SIZE)
    for piece in encoder._pieces:
        hashed.update(piece)
    return bytes(hashed.digest())


class _All:
    """The names of all classes."""

    def __contains__(self, name: object) -> bool:
        return True


class _Fingerprint(Encoder):
    """Looks at a value and draws nothing from it."""

    def __init__(self) -> None:
        super().__init__(state=False, known=_All())
        self.gradients: dict[int, torch.Tensor] = {}
        """Those of the tensors that it met, by their numbers."""
        self.requiring: list[int] = []
        """Numbers of the tensors that require gradients."""
        self._met = 0

    def _iterator(self, value: Foreign, depth: int) -> Node:
        return cannot(value, "is an iterator")

    def _tensor(self, tensor: torch.Tensor, parameter: bool) -> Node:
        self._met += 1
        node = super()._tensor(tensor, parameter)
        if node["k"] == "no":
            return node
        if native.is_leaf(tensor) and (gradient := native.grad(tensor)) is not None:
            self.gradients[self._met] = gradient
        if node["rg"]:
            self.requiring.append(self._met)
            node["rg"] = False
        if native.layout(tensor) is native.STRIDED:
            node["stride"] = list(native.stride(tensor))
        return node


class _Contents(_Fingerprint):
    """Looks at values alone: numbers, texts, tensors, weights, and containers of them.

    Modes, statistics and the insides of other objects change by the way, as they are used.
    """

    def _container(self, value: Foreign, cls: type, depth: int) -> Node:
        if native.descends(native.Module, cls):
            return {"k": "list", "items": self._all(objects.lasting(value), depth)}
        if _is_container(cls):
            return super()._container(value, cls, depth)
        return cannot(value, "opaque")


class Belongings:
    """The objects of a setup, and what they held before foreign code ran."""

    def __init__(self, named: Mapping[str, Foreign]) -> None:
        self.objects = {n: v for n, v in named.items() if weights.has_state(v)}
        self._before = {n: digest(v) for n, v in self.objects.items()}
        self._contents = {n: _contents(v, self._before[n]) for n, v in self.objects.items()}

    def changed(self) -> tuple[list[str], list[str]]:
        """Names of those that are not as they were; and of them those that hold other values, for
        which no mode, gradient or statistic counts.
        """
        after = {n: digest(v) for n, v in self.objects.items()}
        changed = [n for n, mark in after.items() if mark != self._before[n]]
        held = {n: _contents(self.objects[n], after[n]) for n in changed}
        return changed, [n for n in changed if b"" != self._contents[n] != held[n]]


def _contents(value: Foreign, mark: bytes) -> bytes:
    """The fingerprint of what a value holds, which a tensor's `mark` begins with.

    None of a lazy module, which holds weights once it is used.
    """
    if weights.is_module(value) and any(map(_is_empty, objects.lasting(value))):
        return b""
    plain = type(value) is native.Tensor or type(value) is native.Parameter
    return mark[:SIZE] if plain else _hash(_Contents(), value)


def _is_empty(parameter: Foreign) -> bool:
    return any(native.descends(kind, type(parameter)) for kind in native.UNINITIALISED)


def storage_key(tensor: torch.Tensor) -> int | None:
    """What two tensors have in common when they share memory; None where there is none."""
    try:
        storage = native.storage(tensor)
        return native.storage_ptr(storage) if native.storage_size(storage) else None
    except Exception:  # sparse and meta tensors have no storage
        return None


def tensors(value: Foreign) -> list[torch.Tensor]:
    """Plain tensors anywhere in tuples, lists and dicts, in order."""
    return [t for t in _walk(value, 0) if type(t) is native.Tensor or type(t) is native.Parameter]


def mutables(value: Foreign) -> list[Foreign]:
    """The lists, dicts and sets in a value, itself included, in order."""
    return [item for item in _walk(value, 0) if _is_container(type(item)) and not _is_tuple(item)]


def _walk(value: Foreign, depth: int) -> Iterator[Foreign]:
    yield value
    cls = type(value)
    if depth <= MAX_DEPTH and _is_container(cls):
        for item in dict.values(value) if id(cls) in DICTS else value:
            yield from _walk(item, depth + 1)


def _is_container(cls: type) -> bool:
    return id(cls) in DICTS or id(cls) in SEQUENCES or cls is set or native.descends(tuple, cls)


def _is_tuple(value: Foreign) -> bool:
    return bool(native.descends(tuple, type(value)))
