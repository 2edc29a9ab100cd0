"""The state of modules: read, compared by name and shape elsewhere, and written. Runs in a jail."""

from __future__ import annotations

import types

import torch

from quiz.grade import native
from quiz.grade.native import Foreign
from quiz.grade.objects import FUNCTIONS
from quiz.grade.values import MAX_DEPTH, decode


def is_module(value: Foreign) -> bool:
    """Whether a value is a `torch.nn.Module`."""
    return bool(native.descends(native.Module, type(value)))


def has_state(value: Foreign) -> bool:
    """Whether a value can be changed and compared: no function, class or library module."""
    cls = type(value)
    none = (type, types.ModuleType, types.GeneratorType)
    return id(cls) not in FUNCTIONS and not any(cls is kind for kind in none)


def state(module: Foreign) -> dict[str, torch.Tensor]:
    """Parameters and persistent buffers by their dotted names, detached."""
    found: dict[str, torch.Tensor] = {}
    _gather(module, "", found, 0)
    return found


def _gather(module: Foreign, prefix: str, found: dict[str, torch.Tensor], depth: int) -> None:
    held = native.read(module, "__dict__")
    passing = held.get("_non_persistent_buffers_set") or ()
    for table in ("_parameters", "_buffers"):
        for name, item in dict.items(held.get(table) or {}):
            if (
                item is not None
                and name not in passing
                and type(item) in (native.Tensor, native.Parameter)
            ):
                found[prefix + name] = native.detach(item)
    for name, child in dict.items(held.get("_modules") or {}):
        if child is not None and depth < MAX_DEPTH:
            _gather(child, f"{prefix}{name}.", found, depth + 1)


def load_state(module: Foreign, node: Foreign, blob: bytes) -> None:
    """Writes decoded weights into a module whose state has the same names and shapes."""
    weights = decode(node, blob)
    held = state(module)
    with native.no_grad():
        for key, item in zip(weights.keys, weights.items, strict=True):
            native.copy(held[key.data], item.data.data)
