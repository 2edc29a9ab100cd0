"""How values, calls and differences are shown to a learner: as one would type them, and as grids.

Works on decoded values, so it runs beside the judge and never touches a live object.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import torch

from quiz.grade.elements import element_text, number_text
from quiz.grade.values import TensorFacts, Value
from quiz.language import _
from quiz.model.verdict import Grid

MAX_SHOWN = 2000
"""Characters of a value as it is shown."""
GRID = 16
"""Rows and columns up to which a tensor is given as a grid."""
_LITERAL = 128
_IMPLIED = ("float32", "int64", "bool", "complex64")


def typed(value: Value) -> str:
    """The value as one would type it; large tensors by what they are."""
    text = _typed(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def call_text(name: str, args: Iterable[Value], kwargs: Iterable[tuple[str, Value]]) -> str:
    """A call as one would type it: `not_equal(torch.tensor([1, 2]), 1)`."""
    given = [typed(value) for value in args]
    given += [f"{key}={typed(value)}" for key, value in kwargs]
    return f"{name}({', '.join(given)})"


def shown(value: Value) -> str:
    """The value as Python prints it in a session, cut to `MAX_SHOWN` characters."""
    text = _shown(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def looks_alike(one: Value, other: Value) -> bool:
    """Whether two tensors are the same in all that is shown, told faster than by showing them."""
    a, b = one.data, other.data
    if not isinstance(a, TensorFacts) or not isinstance(b, TensorFacts):
        return False
    if a.data is None or b.data is None or a.layout != "strided" or b.layout != "strided":
        return False
    same = a.dtype == b.dtype and a.shape == b.shape and a.requires_grad == b.requires_grad
    return same and a.parameter == b.parameter and torch.equal(a.data, b.data)


def size(values: Iterable[Value]) -> int:
    """How large values are to read: about one for each number."""
    return sum(_size(value) for value in values)


def _size(value: Value) -> int:
    if isinstance(facts := value.data, TensorFacts):
        return 1 + min(facts.numel, 1 << 40)
    if value.kind in ("str", "bytes"):
        return 1 + len(value.data) // 8
    return 1 + size(value.items) + size(value.keys)


def _typed(value: Value) -> str:
    items = value.items
    match value.kind:
        case "none":
            return "None"
        case "ellipsis":
            return "..."
        case "float" if not math.isfinite(value.data):
            return _special(value.data)
        case "int":
            return number_text(value.data)
        case "bool" | "float" | "complex" | "str":
            return repr(value.data)
        case "bytes":
            return repr(value.data) if value.type == "bytes" else f"bytearray({value.data!r})"
        case "word":
            return f"torch.device({value.data!r})" if value.type == "device" else str(value.data)
        case "tensor":
            return _typed_tensor(value.data)
        case "list":
            return _bracketed(value.type, [_typed(item) for item in items])
        case "set":
            inner = ", ".join(_typed(item) for item in items)
            plain = value.type == "set"
            return (f"{{{inner}}}" if inner else "set()") if plain else f"frozenset({{{inner}}})"
        case "named":
            fields = zip(value.names, items, strict=True)
            return f"{value.type}({', '.join(f'{n}={_typed(v)}' for n, v in fields)})"
        case "dict":
            pairs = zip(value.keys, items, strict=True)
            inner = "{" + ", ".join(f"{_typed(k)}: {_typed(v)}" for k, v in pairs) + "}"
            return inner if value.type == "dict" else f"{value.type}({inner})"
        case "iterator":
            maker = "iter" if value.type == "iterator" else value.type
            return f"{maker}([{', '.join(_typed(v) for v in items)}{', …' if value.data else ''}])"
        case "module":
            return _module(value)
        case _:
            return f"<{value.type}>"


def _bracketed(kind: str, items: Sequence[str]) -> str:
    inner = ", ".join(items)
    if kind == "tuple":
        return f"({inner},)" if len(items) == 1 else f"({inner})"
    if kind == "list":
        return f"[{inner}]"
    return f"torch.Size([{inner}])" if kind == "Size" else f"{kind}([{inner}])"


def _module(value: Value) -> str:
    extra = value.data[1] if isinstance(value.data, tuple) else ""
    children = [
        f"{name.partition(' ')[2]}: {_typed(item)}"
        for name, item in zip(value.names, value.items, strict=True)
        if item.kind == "module"
    ]
    return f"{value.type}({', '.join([extra, *children] if extra else children)})"


def _special(x: float) -> str:
    return "math.nan" if math.isnan(x) else "math.inf" if x > 0 else "-math.inf"


def _typed_tensor(facts: TensorFacts) -> str:
    extra = []
    if facts.device != "cpu":
        extra.append(f"device={facts.device!r}")
    if facts.requires_grad and not facts.parameter:
        extra.append("requires_grad=True")
    if facts.data is None or facts.layout != "strided" or facts.numel > _LITERAL:
        text = _described(facts)
        return f"<{text}>" if not extra else f"<{text}, {', '.join(extra)}>"
    if facts.numel == 0:
        dims = ", ".join(map(str, facts.shape))
        extra = [f"dtype=torch.{facts.dtype}"] * (facts.dtype != "float32") + extra
        return f"torch.empty({', '.join([dims, *extra])})"
    if facts.dtype not in _IMPLIED:
        extra.insert(0, f"dtype=torch.{facts.dtype}")
    text = f"torch.tensor({', '.join([_nested(facts.data.tolist(), facts.dtype), *extra])})"
    return f"nn.Parameter({text})" if facts.parameter else text


def _described(facts: TensorFacts) -> str:
    layout = "" if facts.layout == "strided" else f"{facts.layout} "
    what = layout + ("Parameter" if facts.parameter else "tensor")
    said = _("{what} of shape {shape}, {dtype}")
    return said.format(what=what, shape=tuple(facts.shape), dtype=facts.dtype)


def _nested(values: Any, dtype: str) -> str:  # noqa: ANN401 — lists of lists of numbers
    if isinstance(values, list):
        return f"[{', '.join(_nested(row, dtype) for row in values)}]"
    if isinstance(values, float):
        if not math.isfinite(values):
            return _special(values)
        # `1.` and not `1.0`: as torch prints it, and still a float when typed.
        text = element_text(values, dtype)
        return text[:-1] if text.endswith(".0") else text
    return str(values)


def _shown(value: Value) -> str:
    if value.kind == "tensor" and isinstance(facts := value.data, TensorFacts):
        if facts.data is None:
            return f"<{_described(facts)}>"
        text = repr(facts.data)
        grad = ", requires_grad=True)" if facts.requires_grad else ")"
        text = text.removesuffix(")") + grad
        return f"Parameter containing:\n{text}" if facts.parameter else text
    if value.kind == "str":
        return repr(value.data)
    if value.kind == "no":
        return f"<{value.type}>"
    if value.items and any(item.kind == "tensor" for item in value.items):
        shown_items = [_shown(item) for item in value.items]
        if value.kind == "list":
            return _bracketed(value.type, shown_items)
        if value.kind == "named":
            pairs = zip(value.names, shown_items, strict=True)
            return f"{value.type}({', '.join(f'{n}={v}' for n, v in pairs)})"
        if value.kind == "dict":
            keys = zip(value.keys, shown_items, strict=True)
            return "{" + ", ".join(f"{_typed(k)}: {v}" for k, v in keys) + "}"
        if value.kind == "optimizer":
            return f"{value.type}(…)"
    return _typed(value)


def grid(value: Value, differs: torch.Tensor | None = None) -> Grid | None:
    """A tensor of one or two dimensions, at most 16 × 16, for drawing; None for all others."""
    facts = value.data
    if not isinstance(facts, TensorFacts) or facts.data is None:
        return None
    if len(facts.shape) > 2 or max(facts.shape, default=1) > GRID or facts.numel == 0:
        return None
    data = facts.data if facts.layout == "strided" else facts.data.to_dense()
    if data.is_complex():
        return None
    table = (data.reshape(1, -1) if data.dim() < 2 else data).tolist()
    mask = [[False] * len(row) for row in table]
    if differs is not None and differs.shape == data.shape:
        mask = (differs.reshape(1, -1) if data.dim() < 2 else differs).tolist()
    return Grid(
        tuple(tuple(_cell(x) for x in row) for row in table),
        tuple(tuple(float(x) for x in row) for row in table),
        tuple(tuple(row) for row in mask),
    )


def _cell(x: bool | float) -> str:
    if not isinstance(x, float) or not math.isfinite(x):
        return str(x)
    text = f"{x:.4g}"
    return text + "." if x.is_integer() and text.lstrip("-").isdigit() else text
