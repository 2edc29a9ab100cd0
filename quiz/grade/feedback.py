"""How values, calls and differences are shown to a learner: as one would type them, and as grids.

Works on decoded values, so it runs beside the judge and never touches a live object.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import torch

from quiz.grade.elements import DENSE, element_text, number_text
from quiz.grade.values import TensorFacts, Value
from quiz.language import _
from quiz.model.verdict import Grid

MAX_SHOWN = 2000
"""Characters of a value as it is shown."""
GRID = 16
"""Rows and columns up to which a tensor is drawn whole."""
WINDOW = 8
"""Rows and columns that are drawn of a larger one."""
LEGIBLE = 400
"""Characters of a call up to which all its numbers are given."""
_LITERAL = 128
"""Elements up to which a tensor is given by its numbers."""
_FEW = 16
"""The same in a call that would be longer than is legible."""
_BEGUN = 20
"""Items that are shown of an iterator that did not end."""
_IMPLIED = ("float32", "int64", "bool", "complex64")


def typed(value: Value) -> str:
    """The value as one would type it; large tensors by what they are."""
    return _cut(_typed(value))


def call_text(name: str, args: Iterable[Value], kwargs: Iterable[tuple[str, Value]]) -> str:
    """A call as one would type it: `not_equal(torch.tensor([1, 2]), 1)`.

    A wall of numbers would hide what is read after it: the larger tensors of a long call are given
    by what they are.
    """
    given = [("", value) for value in args] + [(f"{key}=", value) for key, value in kwargs]

    def call(most: int) -> str:
        inner = ", ".join(before + _cut(_typed(value, most)) for before, value in given)
        return f"{name}({inner})"

    text = call(_LITERAL)
    return text if len(text) <= LEGIBLE else call(_FEW)


def shown(value: Value) -> str:
    """The value as Python prints it in a session, cut to `MAX_SHOWN` characters."""
    return _cut(_shown(value))


def _cut(text: str) -> str:
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


def _typed(value: Value, most: int = _LITERAL) -> str:
    """Tensors of more than `most` elements by what they are."""
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
            return _typed_tensor(value.data, most)
        case "list":
            return _bracketed(value.type, [_typed(item, most) for item in items])
        case "set":
            inner = ", ".join(_typed(item, most) for item in items)
            plain = value.type == "set"
            return (f"{{{inner}}}" if inner else "set()") if plain else f"frozenset({{{inner}}})"
        case "named":
            fields = zip(value.names, items, strict=True)
            return f"{value.type}({', '.join(f'{n}={_typed(v, most)}' for n, v in fields)})"
        case "dict":
            pairs = zip(value.keys, items, strict=True)
            inner = "{" + ", ".join(f"{_typed(k, most)}: {_typed(v, most)}" for k, v in pairs) + "}"
            return inner if value.type == "dict" else f"{value.type}({inner})"
        case "iterator":
            maker = "iter" if value.type == "iterator" else value.type
            # Of what did not end the beginning says enough.
            inner = ", ".join(_typed(v, most) for v in (items[:_BEGUN] if value.data else items))
            return f"{maker}([{inner}{', …' if value.data else ''}])"
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


def _typed_tensor(facts: TensorFacts, most: int) -> str:
    extra = []
    if facts.device != "cpu":
        extra.append(f"device={facts.device!r}")
    if facts.requires_grad and not facts.parameter:
        extra.append("requires_grad=True")
    if facts.data is None or facts.layout != "strided" or facts.numel > most:
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


def grid(
    facts: object, differs: torch.Tensor | None = None, at: Sequence[int] = (), path: str = ""
) -> Grid | None:
    """A tensor for drawing, or the part of it around the element `at`; None for what is none.

    The part is of its last two dimensions, and no more than `GRID` rows and columns. `path` tells
    which tensor of a larger value it is.
    """
    if not isinstance(facts, TensorFacts) or facts.data is None or facts.numel == 0:
        return None
    if facts.layout != "strided" and facts.numel > DENSE:
        return None
    data = facts.data if facts.layout == "strided" else facts.data.to_dense()
    if data.is_complex():
        return None
    mask = torch.zeros(data.shape, dtype=torch.bool)
    if differs is not None and differs.shape == data.shape:
        mask = differs
    here = tuple(at) if len(at) == data.dim() else (0,) * data.dim()
    part = _part(data.shape, here)
    table, marks = (
        t[part].reshape(-1, t[part].shape[-1]) if part else t.reshape(1, 1) for t in (data, mask)
    )
    rows = table.tolist()
    index = "" if table.numel() == data.numel() else f"[{', '.join(map(_index_text, part))}]"
    return Grid(
        tuple(tuple(_cell(x) for x in row) for row in rows),
        tuple(tuple(float(x) for x in row) for row in rows),
        tuple(tuple(row) for row in marks.tolist()),
        f"{path} {index}".strip(),
    )


def _part(shape: Sequence[int], at: Sequence[int]) -> tuple[int | slice, ...]:
    """The index of what is drawn of a tensor: around `at`, which is in the middle if it can be."""
    rest = max(0, len(shape) - 2)
    part: list[int | slice] = list(at[:rest])
    for length, place in zip(shape[rest:], at[rest:], strict=True):
        start = max(0, min(place - WINDOW // 2, length - WINDOW))
        part.append(slice(None) if length <= GRID else slice(start, start + WINDOW))
    return tuple(part)


def _index_text(index: int | slice) -> str:
    """As one would type it: `3`, `:`, `8:16`."""
    if isinstance(index, int):
        return str(index)
    return ":" if index.start is None else f"{index.start}:{index.stop}"


def _cell(x: bool | float) -> str:
    if not isinstance(x, float) or not math.isfinite(x):
        return str(x)
    # Four digits behind the point, or three that count: columns stay narrow.
    text = f"{round(x, 4):.4g}" if abs(x) >= 0.01 else f"{x:.3g}"
    return text + "." if x.is_integer() and text.lstrip("-").isdigit() else text
