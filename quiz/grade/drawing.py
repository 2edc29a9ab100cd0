"""What must be run to be known: iterators, coroutines, data sets, their samplers and loaders.

Their own code gives what they hold, so this is foreign code running; it comes before a result is
encoded wherever the result itself is of that kind. Runs in a jail.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import AsyncIterator
from typing import Any

import torch

from quiz.grade import native
from quiz.grade.native import Foreign

MAX_ITEMS = 1000
"""Items drawn from an iterator."""
_SEED = 0
_Loader = torch.utils.data.DataLoader
_Sampler = torch.utils.data.Sampler
_Dataset, _Streamed = torch.utils.data.Dataset, torch.utils.data.IterableDataset
_reseed, _range, _min, _len = torch.default_generator.manual_seed, range, min, len


@dataclasses.dataclass(frozen=True, slots=True)
class Drawn:
    """What an iterator gave."""

    items: list[Any]
    more: bool
    """Whether it would have given more than `MAX_ITEMS`."""
    type: str = "iterator"


@dataclasses.dataclass(frozen=True, slots=True)
class Awaited:
    """What a coroutine gave."""

    result: Any


def is_drawn_from(cls: type) -> bool:
    """Whether what objects of a class hold is known by drawing it."""
    kinds = (_Loader, _Dataset, _Sampler)
    return any(native.descends(kind, cls) for kind in kinds) or any(
        _has(cls, name) for name in ("__next__", "__anext__")
    )


def _has(cls: type, name: str) -> bool:
    return not isinstance(native.static(cls, name), native.Missing)


def draw(value: Foreign) -> Foreign:
    """The items of an iterator, what a coroutine gives, or the value itself where it is neither."""
    cls = type(value)
    if cls is Drawn or cls is Awaited:
        return value
    with native.grad_on():
        if cls is types.CoroutineType:
            return Awaited(draw(_finished(value)))
        if _has(cls, "__anext__"):
            return _drawn(_finished(_gathered(value)), "async_generator")
        if name := _shuffling(cls):
            _reseed(_SEED)  # the same order, whatever was drawn before
            return _drawn(native.islice(value, MAX_ITEMS + 1), name)
        if native.descends(_Dataset, cls):
            return _drawn(_held(value, cls), "Dataset")
        if not _has(cls, "__next__"):
            return value
        return _drawn(native.islice(value, MAX_ITEMS + 1))


def _shuffling(cls: type) -> str:
    """What those of torch's classes are called that may draw in random order; else empty."""
    if native.descends(_Loader, cls):
        return "DataLoader"
    return "Sampler" if native.descends(_Sampler, cls) else ""


def _drawn(items: Foreign, kind: str = "iterator") -> Drawn:
    items = list(items)
    return Drawn(items[:MAX_ITEMS], _len(items) > MAX_ITEMS, kind)


def _held(dataset: Foreign, cls: type) -> Foreign:
    if native.descends(_Streamed, cls):
        return native.islice(dataset, MAX_ITEMS + 1)
    return [dataset[number] for number in _range(_min(_len(dataset), MAX_ITEMS + 1))]


def _finished(coroutine: Foreign) -> Foreign:
    import asyncio  # rarely wanted, and it takes its time

    return asyncio.run(coroutine)


async def _gathered(generator: AsyncIterator[Foreign]) -> list[Foreign]:
    found = []
    async for item in generator:
        found.append(item)
        if _len(found) > MAX_ITEMS:
            break
    return found
