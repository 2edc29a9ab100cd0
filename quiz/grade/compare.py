"""Whether two values are the same, and every way in which they are not. Pure.

The rules are those of `torch.testing.assert_close` where that has an opinion, made stricter: types
of containers count, Python numbers are compared by equality and type, `requires_grad` and layout
count, nothing is broadcast or promoted, and a meta tensor equals nothing.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch

from quiz.grade.elements import Tolerance, beyond, dense, element_text
from quiz.grade.values import TensorFacts, Value
from quiz.model.verdict import Worst

MAX_DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class TensorDifference:
    """Two tensors of one shape, element by element."""

    path: str
    differs: torch.Tensor
    """bool, of their shape: True beyond tolerance."""
    worst: Worst


@dataclass(slots=True)
class Comparison:
    """The outcome; equal when there are no differences."""

    differences: list[str] = field(default_factory=list)
    tensors: list[TensorDifference] = field(default_factory=list)
    elements: int = 0
    """Tensor elements that were compared, in all."""

    @property
    def equal(self) -> bool:
        return not self.differences

    @property
    def share(self) -> float | None:
        """Share of the compared elements that differ; None where none could be compared."""
        if not self.elements:
            return None
        return sum(int(t.differs.sum()) for t in self.tensors) / self.elements

    @property
    def worst(self) -> Worst | None:
        return self.tensors[0].worst if self.tensors else None

    def add(self, path: str, sentence: str) -> None:
        if len(self.differences) < MAX_DIFFERENCES:
            self.differences.append(f"{path}: {sentence}" if path else sentence)
        elif len(self.differences) == MAX_DIFFERENCES:
            self.differences.append("There are more differences.")


def compare(
    expected: Value, got: Value, tolerance: Tolerance | None = None, path: str = ""
) -> Comparison:
    """All differences between what a solution gave and what an answer gave."""
    result = Comparison()
    _values(expected, got, tolerance or Tolerance(), path, result)
    return result


def incomparable(value: Value, path: str = "the result") -> str | None:
    """Why a value can be compared with nothing: a sentence, or None where it can."""
    if value.kind == "no":
        return f"{path} {value.data}."
    if value.kind == "tensor" and isinstance(facts := value.data, TensorFacts):
        if facts.missing == "meta":
            return f"{path} is a meta tensor, which holds no values."
        if facts.missing == "large":
            return f"{path} is too large to be compared ({shape_text(facts.shape)})."
        if facts.missing:
            return f"{path} {facts.missing}."
    for name, item in _children(value):
        if sentence := incomparable(item, f"{name} of {path}" if name else path):
            return sentence
    return None


def _children(value: Value) -> Iterator[tuple[str, Value]]:
    names = value.names or tuple(f"item {i}" for i in range(len(value.items)))
    yield from zip(names, value.items, strict=False)
    for key in value.keys:
        yield "a key", key


def shape_text(shape: tuple[int, ...]) -> str:
    """`shape (2, 3)`."""
    return f"shape {tuple(shape)}"


def kind_text(value: Value) -> str:
    """What a value is, in two or three words: `a 0-dim tensor`, `a float`, `a tuple`."""
    if value.kind == "tensor" and isinstance(value.data, TensorFacts):
        if value.data.parameter:
            return "a Parameter"
        return "a 0-dim tensor" if not value.data.shape else "a tensor"
    if value.kind == "none":
        return "None"
    if value.kind == "iterator":
        return "an iterator"
    name = value.type
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def _values(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    if g.kind == "no":
        out.add(path, f"what came {g.data}.")
        return
    if e.kind == "tensor" and g.kind == "tensor":
        _tensors(e, g, tol, path, out)
        return
    if not _same_type(e, g):
        out.add(path, f"expected {kind_text(e)}, got {kind_text(g)}{_hint(e, g)}")
        return
    match e.kind:
        case "float" | "complex":
            _numbers(e, g, tol, path, out)
        case "list" | "iterator":
            _sequence(e, g, tol, path, out)
        case "named":
            _named(e, g, tol, path, out)
        case "dict":
            _dicts(e, g, tol, path, out)
        case "set":
            _sets(e, g, path, out)
        case "module" | "optimizer":
            _module(e, g, tol, path, out)
        case _:
            if e.data != g.data:
                out.add(path, f"expected {_short(e)}, got {_short(g)}.")


def _same_type(e: Value, g: Value) -> bool:
    if e.kind == "module" and g.kind == "module":
        # A class of the snippet's own may have any name.
        own = isinstance(e.data, tuple) and isinstance(g.data, tuple) and e.data[2] and g.data[2]
        return own or e.type == g.type
    return e.kind == g.kind and e.type == g.type


def _hint(e: Value, g: Value) -> str:
    if g.kind == "none":
        return "; is a `return` missing?"
    if {e.kind, g.kind} == {"tensor", "float"} or {e.kind, g.kind} == {"tensor", "int"}:
        return "; a tensor and a Python number are not the same, even when their values are."
    if {e.kind, g.kind} == {"bool", "int"}:
        return "; True is not 1 here."
    return "."


def _short(value: Value) -> str:
    text = value.data if value.kind == "word" else repr(value.data)
    if value.kind in ("none", "ellipsis"):
        text = "None" if value.kind == "none" else "..."
    return text if len(text) <= 80 else text[:77] + "…"


def _numbers(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    x, y = complex(e.data), complex(g.data)
    if _same_float(x.real, y.real, tol.exact) and _same_float(x.imag, y.imag, tol.exact):
        return
    if not tol.exact and e.kind in ("float", "complex") and math.isfinite(abs(x)):
        rtol, atol = tol.of(_precision(x))
        if abs(x - y) <= atol + rtol * abs(x):
            return
    out.add(path, f"expected {e.data!r}, got {g.data!r}.")


def _precision(x: complex) -> str:
    """The dtype whose tolerance a Python number deserves.

    One that was taken out of a float32 tensor (`loss.item()`) carries that tensor's rounding, and
    another right way to compute it would have rounded otherwise.
    """
    whole = x.real == int(x.real) and x.imag == int(x.imag)
    packed = (struct.unpack("f", struct.pack("f", part))[0] for part in (x.real, x.imag))
    try:
        single = all(a == b for a, b in zip(packed, (x.real, x.imag), strict=True))
    except OverflowError:  # beyond what float32 holds
        single = False
    return "float32" if single and not whole else "float64"


def _same_float(x: float, y: float, exact: bool) -> bool:
    if math.isnan(x) or math.isnan(y):
        return math.isnan(x) and math.isnan(y)
    return x == y and (not exact or math.copysign(1, x) == math.copysign(1, y))


def _sequence(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    if len(e.items) != len(g.items) or (e.kind == "iterator" and e.data != g.data):
        more = " or more"
        out.add(
            path,
            f"expected {len(e.items)}{more if e.data else ''} items, "
            f"got {len(g.items)}{more if g.data else ''}.",
        )
    for number, (a, b) in enumerate(zip(e.items, g.items, strict=False)):
        _values(a, b, tol, f"{path}[{number}]", out)


def _named(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    if e.names != g.names:
        out.add(path, f"expected the fields {_names(e.names)}, got {_names(g.names)}.")
    theirs = dict(zip(g.names, g.items, strict=True))
    for name, item in zip(e.names, e.items, strict=True):
        if name in theirs:
            _values(item, theirs[name], tol, f"{path}.{name}", out)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "") if names else "none"


def _dicts(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    ours = {_key(k): (k, v) for k, v in zip(e.keys, e.items, strict=True)}
    theirs = {_key(k): (k, v) for k, v in zip(g.keys, g.items, strict=True)}
    if missing := [_short(k) for key, (k, _) in ours.items() if key not in theirs]:
        out.add(path, f"the key {', '.join(missing[:8])} is missing.")
    if extra := [_short(k) for key, (k, _) in theirs.items() if key not in ours]:
        out.add(path, f"the key {', '.join(extra[:8])} should not be there.")
    for key, (shown, item) in ours.items():
        if key in theirs:
            _values(item, theirs[key][1], tol, f"{path}[{_short(shown)}]", out)


def _sets(e: Value, g: Value, path: str, out: Comparison) -> None:
    ours, theirs = {_key(v): v for v in e.items}, {_key(v): v for v in g.items}
    if missing := [_short(v) for key, v in ours.items() if key not in theirs]:
        out.add(path, f"{', '.join(missing[:8])} is missing from the set.")
    if extra := [_short(v) for key, v in theirs.items() if key not in ours]:
        out.add(path, f"{', '.join(extra[:8])} should not be in the set.")


def _key(value: Value) -> object:
    """What makes two keys or members the same; tensors as keys are by identity, so never."""
    if value.kind == "tensor":
        return object()
    return (value.kind, value.type, repr(value.data), tuple(_key(item) for item in value.items))


def _module(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    if e.kind == "module":
        (training, extra, _), (other, others, _) = e.data, g.data
        if training != other:
            mode = {True: "training", False: "evaluation"}
            out.add(path, f"expected it in {mode[training]} mode, got {mode[other]} mode.")
        if extra != others:
            out.add(path, f"expected {e.type}({extra}), got {g.type}({others}).")
    ours, theirs = (
        dict(zip(e.names, e.items, strict=True)),
        dict(zip(g.names, g.items, strict=True)),
    )
    for name in ours.keys() - theirs.keys():
        out.add(path, f"the {_part(name)} is missing.")
    for name in theirs.keys() - ours.keys():
        out.add(path, f"the {_part(name)} should not be there.")
    for name, item in ours.items():
        if name in theirs:
            place = name.partition(" ")[2] if e.kind == "module" else name
            _values(item, theirs[name], tol, f"{path}.{place}" if path else place, out)


def _part(name: str) -> str:
    for plural, single in (
        ("parameters", "parameter"),
        ("buffers", "buffer"),
        ("modules", "layer"),
    ):
        if name.startswith(plural + " "):
            return f"{single} `{name.removeprefix(plural + ' ')}`"
    return name


def _tensors(ev: Value, gv: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    e, g = ev.data, gv.data
    assert isinstance(e, TensorFacts)
    assert isinstance(g, TensorFacts)
    for what, a, b in (
        ("dtype", e.dtype, g.dtype),
        ("shape", e.shape, g.shape),
        ("device", e.device, g.device),
        ("layout", e.layout, g.layout),
        ("requires_grad", e.requires_grad, g.requires_grad),
    ):
        if a != b:
            out.add(path, f"expected {what} {a}, got {b}.")
    if e.parameter != g.parameter:
        out.add(path, f"expected {kind_text(ev)}, got {kind_text(gv)}.")
    if g.missing == "meta" or e.missing == "meta":
        out.add(path, "a meta tensor holds no values and equals nothing.")
    elif e.missing or g.missing:
        why = g.missing or e.missing
        out.add(path, "it is too large to be compared." if why == "large" else f"what came {why}.")
    elif e.shape == g.shape:
        _elements(e, g, tol, path, out)
    if ev.items and gv.items:
        _values(ev.items[0], gv.items[0], tol, f"{path}.grad", out)
    elif ev.items or gv.items:
        what = "it should have a gradient" if ev.items else "it should have no gradient"
        out.add(path, f"{what} in `.grad`, but has {'none' if ev.items else 'one'}.")


def _elements(e: TensorFacts, g: TensorFacts, tol: Tolerance, path: str, out: Comparison) -> None:
    pair = dense(e, g)
    if pair is None:
        out.add(path, "the sparse tensors hold values at different places.")
        return
    x, y = pair
    out.elements += x.numel()
    differs, distance, allowed = beyond(x, y, tol)
    count = int(differs.sum())
    if not count:
        return
    flat = int(torch.where(differs, distance, -1.0).reshape(-1).argmax())
    index = tuple(int(i) for i in torch.unravel_index(torch.tensor(flat), x.shape))
    worst = Worst(
        index,
        element_text(x.reshape(-1)[flat].item(), e.dtype),
        element_text(y.reshape(-1)[flat].item(), g.dtype),
        float(allowed.reshape(-1)[flat]),
    )
    out.tensors.append(TensorDifference(path, differs, worst))
    total = x.numel()
    if not x.shape:
        out.add(path, f"expected {worst.expected}, got {worst.got}.")
    else:
        share = f"{count} of {total} elements" if total > 1 else "the one element"
        place = f"at [{', '.join(map(str, index))}]"
        text = f"{share} {'differ' if total > 1 else 'differs'}; {place} expected {worst.expected}"
        out.add(path, f"{text}, got {worst.got}{_allowance(worst.allowed)}.")


def _allowance(allowed: float) -> str:
    return f" (allowed: ±{allowed:.3g})" if allowed else ""
