"""What the judge knows of a value: its kind, its facts, its bytes. Decoding, never trusting.

A value travels as a JSON node beside one block of raw tensor bytes (`encode.py` writes them in a
jail). Decoding checks every size before it believes it, runs no code of the value's, and raises
ProtocolError for whatever the encoder would not have written.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from quiz.grade.protocol import ProtocolError

MAX_DEPTH = 64
"""Values nested deeper than this cannot be compared."""

MAX_NAME = 200
"""Characters of a class's or a field's name."""

MAX_WHY = 500
"""Characters of why a value cannot be compared."""

_COMPARED = (
    "bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 bfloat16 float32 float64 "
    "complex32 complex64 complex128 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz"
)
DTYPES: Mapping[str, torch.dtype] = {
    name: getattr(torch, name) for name in _COMPARED.split() if hasattr(torch, name)
}
"""The dtypes whose bytes are read. Of others (quantised, sub-byte) torch makes no tensor from
bytes; some kill the process that tries."""

LAYOUTS: Mapping[str, torch.layout] = {
    str(layout).removeprefix("torch."): layout
    for layout in vars(torch).values()
    if isinstance(layout, torch.layout)
}


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """All that is compared of a tensor."""

    dtype: str
    """Without `torch.`."""
    shape: tuple[int, ...]
    layout: str
    device: str
    """The device's type: `cpu`, `cuda`, `meta`…"""
    requires_grad: bool
    parameter: bool
    data: torch.Tensor | None
    """On the CPU, detached, strided or sparse as `layout` says; None where there is none."""
    missing: str = ""
    """Why there is no data: `meta`, `large`, `brief` (not asked for), or a reason in words."""

    @property
    def numel(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Value:
    """A decoded value; what it holds depends on its kind.

    Kinds: `none bool int float complex str bytes ellipsis` (data), `word` (a dtype, device and
    the like: type and text), `tensor` (facts, `grad` as the item), `list` (any sequence: type and
    items), `named` (type, names, items: dataclasses and, where data is True, named tuples),
    `dict` (keys, items), `set` (items), `iterator` (items; data: whether more would follow),
    `module`, `optimizer`, `no` (cannot be compared; data: why).
    """

    kind: str
    type: str = ""
    data: Any = None
    items: tuple[Value, ...] = ()
    names: tuple[str, ...] = ()
    keys: tuple[Value, ...] = ()


Json = Any
"""What came as JSON, of which nothing is known."""
_Node = Mapping[str, Any]
_SCALARS = {"bool": bool, "str": str}


def decode(node: Json, blob: bytes | bytearray) -> Value:
    """The value of a node, its tensors' bytes taken from `blob` (a bytearray is not copied)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Decoder(blob).value(node)
    except ProtocolError:
        raise
    except (KeyError, TypeError, ValueError, RuntimeError, OverflowError, RecursionError) as error:
        raise ProtocolError(f"a value that cannot be read ({type(error).__name__})") from error


class _Decoder:
    def __init__(self, blob: bytes | bytearray) -> None:
        self.blob = blob if isinstance(blob, bytearray) else bytearray(blob)

    def value(self, node: Json, depth: int = 0) -> Value:
        if not isinstance(node, dict) or depth > 2 * MAX_DEPTH:
            raise ProtocolError("a value that is no node")
        kind = _text(node["k"])
        if kind in _SCALARS:
            if type(node["v"]) is not _SCALARS[kind]:
                raise ProtocolError("a scalar of another type")
            return Value(kind, kind, node["v"])
        match kind:
            case "none":
                return Value(kind, "NoneType")
            case "ellipsis":
                return Value(kind, "ellipsis")
            case "int":
                return Value(kind, "int", int(_text(node["v"]), 16))
            case "float":
                return Value(kind, "float", float.fromhex(_text(node["v"])))
            case "complex":
                re, im = (float.fromhex(_text(part)) for part in node["v"])
                return Value(kind, "complex", complex(re, im))
            case "bytes":
                return Value(kind, _name(node["type"]), bytes.fromhex(_text(node["v"])))
            case "word":
                return Value(kind, _name(node["type"]), _text(node["v"]))
            case "no":
                return Value(kind, _name(node["type"]), _text(node["v"])[:MAX_WHY])
            case "tensor":
                grad = (self.value(node["grad"], depth + 1),) if "grad" in node else ()
                return Value(kind, "Tensor", self.tensor(node), grad)
            case "list" | "set" | "iterator" | "named" | "dict" | "module" | "optimizer":
                return self.container(kind, node, depth)
            case _:
                raise ProtocolError("a value of an unknown kind")

    def container(self, kind: str, node: _Node, depth: int) -> Value:
        items = tuple(self.value(item, depth + 1) for item in _list(node["items"]))
        keys = tuple(self.value(key, depth + 1) for key in _list(node.get("keys", [])))
        names = tuple(_name(name) for name in _list(node.get("names", [])))
        if kind == "dict" and len(keys) != len(items):
            raise ProtocolError("a dict whose keys and values differ in number")
        if kind in ("named", "module", "optimizer") and len(names) != len(items):
            raise ProtocolError("names and items differ in number")
        data = node.get("v", False)
        if kind in ("iterator", "named") and not isinstance(data, bool):
            raise ProtocolError("a container that does not say of which sort it is")
        if kind == "module":
            data = (bool(node["training"]), _text(node["extra"]), bool(node["own"]))
        return Value(kind, _name(node["type"]), data, items, names, keys)

    def tensor(self, node: _Node) -> TensorFacts:
        dtype, layout = _text(node["dtype"]), _text(node["layout"])
        shape = _shape(node["shape"])
        missing = _text(node.get("missing", ""))
        data = None
        if layout not in LAYOUTS or (dtype not in DTYPES and not missing):
            raise ProtocolError("a tensor of an unknown dtype or layout")
        if not missing:
            strided = layout == "strided"
            data = self.strided(node, dtype, shape) if strided else self.sparse(node, layout, shape)
            if data.dtype is not DTYPES[dtype]:
                raise ProtocolError("a sparse tensor whose values are of another dtype")
        return TensorFacts(
            dtype,
            shape,
            layout,
            _text(node["device"]),
            _flag(node["rg"]),
            _flag(node["param"]),
            data,
            missing,
        )

    def strided(self, node: _Node, name: str, shape: tuple[int, ...]) -> torch.Tensor:
        dtype, start = DTYPES[name], node["at"]
        numel = math.prod(shape)
        size = numel * dtype.itemsize
        if type(start) is not int or start < 0 or start + size > len(self.blob):
            raise ProtocolError("a tensor that lies outside the bytes that came")
        if not numel:
            return torch.empty(shape, dtype=dtype)
        raw = torch.uint8 if dtype is torch.bool else dtype
        flat = torch.frombuffer(self.blob, dtype=raw, count=numel, offset=start)
        # A byte other than 0 and 1 is no bool; torch does not check that.
        return (flat != 0 if dtype is torch.bool else flat).reshape(shape)

    def sparse(self, node: _Node, layout: str, shape: tuple[int, ...]) -> torch.Tensor:
        parts = [self.tensor(part) for part in _list(node["parts"])]
        data = [part.data for part in parts if part.data is not None]
        if layout == "sparse_coo" and len(data) == 2:
            made = torch.sparse_coo_tensor(data[0], data[1], shape, check_invariants=True)
            return made.coalesce()
        if layout.startswith("sparse_") and len(data) == 3:
            return torch.sparse_compressed_tensor(
                data[0],
                data[1],
                data[2],
                shape,
                layout=LAYOUTS[layout],
                check_invariants=True,
            )
        raise ProtocolError("a sparse tensor without its parts")


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ProtocolError("something that should be text")
    return value


def _name(value: Json) -> str:
    name = _text(value)
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…"


def _flag(value: Json) -> bool:
    if not isinstance(value, bool):
        raise ProtocolError("something that should be true or false")
    return value


def _list(value: Json) -> list[Any]:
    if not isinstance(value, list):
        raise ProtocolError("something that should be a list")
    return value


def _shape(value: Json) -> tuple[int, ...]:
    shape = _list(value)
    if len(shape) > 64 or not all(type(n) is int and 0 <= n < 2**63 for n in shape):
        raise ProtocolError("a shape that no tensor has")
    return tuple(shape)
