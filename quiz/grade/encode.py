"""A Python or torch value as a JSON node and raw bytes, written inside a jail.

The code that made the value may have patched torch and given its objects lying methods. So types
are told by identity, and everything is read through functions of torch's own, taken before any
such code ran. Sizes are known before anything is copied. No pickle, and no method of the value's
own class, except where an iterator must be drawn from.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

import torch

from quiz.grade import native
from quiz.grade.native import Foreign
from quiz.grade.values import DTYPES, MAX_DEPTH
from quiz.language import _

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of all tensors of one message: what can be carried and compared within a second."""
MAX_TEXT = 2 * 1024 * 1024
"""Characters of all nodes of one message, about."""
MAX_ITEMS = 1000
"""Items drawn from an iterator."""
BRIEF = 128
"""Elements up to which a tensor is given in full where only its looks are wanted."""

Node = dict[str, Any]

SEQUENCES: tuple[type, ...] = (
    list,
    tuple,
    torch.Size,
    collections.deque,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)
DICTS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
_WORDS = (torch.dtype, torch.device, torch.layout, torch.memory_format, torch.qscheme)
_REPRS = (
    range,
    slice,
    decimal.Decimal,
    fractions.Fraction,
    datetime.date,
    datetime.datetime,
    datetime.timedelta,
    pathlib.PosixPath,
    type(torch.finfo()),
    type(torch.iinfo(torch.int64)),
)
FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    type(len),
    type(torch.add),
)
_MISS = object()


class TooLargeError(Exception):
    """The value does not fit into a message."""


class Encoder:
    """Gathers the nodes and bytes of one message.

    `brief` leaves out the data of tensors that are too large to be read, and leaves iterators as
    they are; without `state` the gradients that tensors hold are left out.
    """

    def __init__(self, *, brief: bool = False, state: bool = True, owner: str = "") -> None:
        self.brief = brief
        self.state = state
        self.owner = owner
        """`__module__` of classes that the snippet itself defines."""
        self._pieces: list[bytes] = []
        self._size = 0
        self._text = 0
        self._above: set[int] = set()

    def node(self, value: Foreign) -> Node:
        """The value's node; one of kind `no` where it cannot be compared."""
        marks = len(self._pieces), self._size, self._text
        try:
            with native.Fence():
                return self._node(value, 0)
        except TooLargeError:
            del self._pieces[marks[0] :]
            self._size, self._text = marks[1:]
            return cannot(value, _("is too large to be compared"))
        finally:
            self._above.clear()

    def blob(self) -> bytes:
        """The bytes of all tensors so far."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def _node(self, value: Foreign, depth: int) -> Node:
        self._spend(24)
        cls = type(value)
        if cls is native.Tensor or cls is native.Parameter:
            return self._tensor(value, cls is native.Parameter)
        if (simple := self._simple(value, cls)) is not None:
            return simple
        if depth >= MAX_DEPTH:
            return cannot(value, _("is nested more than {most} deep").format(most=MAX_DEPTH))
        if id(value) in self._above:
            return cannot(value, _("contains itself"))
        self._above.add(id(value))
        try:
            return self._container(value, cls, depth + 1)
        finally:
            self._above.discard(id(value))

    def _simple(self, value: Foreign, cls: type) -> Node | None:
        if value is None:
            return {"k": "none"}
        if cls is bool:
            return {"k": "bool", "v": value}
        if cls is int:
            self._spend(value.bit_length() // 4)
            return {"k": "int", "v": hex(value)}
        if cls is float:
            return {"k": "float", "v": value.hex()}
        if cls is complex:
            return {"k": "complex", "v": [value.real.hex(), value.imag.hex()]}
        if cls is str:
            self._spend(6 * len(value))
            return {"k": "str", "v": value}
        if cls is bytes or cls is bytearray:
            self._spend(2 * len(value))
            return {"k": "bytes", "type": native.name_of(cls), "v": value.hex()}
        if value is Ellipsis:
            return {"k": "ellipsis"}
        if cls in _WORDS:
            return {"k": "word", "type": native.name_of(cls), "v": str(value)}
        if cls in _REPRS:
            return {"k": "word", "type": native.name_of(cls), "v": repr(value)[:10_000]}
        if cls is type and native.module_of(value) in ("builtins", "torch"):
            return {"k": "word", "type": "type", "v": native.name_of(value)}
        return None

    def _container(self, value: Foreign, cls: type, depth: int) -> Node:
        if cls in SEQUENCES:
            self._spend(24 * len(value))
            return {"k": "list", "type": native.name_of(cls), "items": self._all(value, depth)}
        if cls in DICTS:
            self._spend(48 * len(value))
            keys = self._all(dict.keys(value), depth)
            return {
                "k": "dict",
                "type": native.name_of(cls),
                "keys": keys,
                "items": self._all(dict.values(value), depth),
            }
        if cls is set or cls is frozenset:
            self._spend(24 * len(value))
            return {"k": "set", "type": native.name_of(cls), "items": self._all(value, depth)}
        if cls is Drawn:
            return self._iterator(value, depth)
        kinds = native.kinds_of(cls)
        if tuple in kinds:
            return self._tuple(value, cls, depth)
        if native.Module in kinds:
            return self._module(value, cls, depth)
        if native.Optimizer in kinds:
            return self._optimizer(value, cls, depth)
        if _distribution() in kinds:
            return self._distribution(value, cls, depth)
        if enum.Enum in kinds:
            name = native.read(value, "__dict__").get("_name_")
            return {"k": "word", "type": native.name_of(cls), "v": f"{native.name_of(cls)}.{name}"}
        if native.Tensor in kinds:
            if any(kind in kinds for kind in native.UNINITIALISED):
                return {"k": "word", "type": native.name_of(cls), "v": "uninitialised"}
            return cannot(
                value,
                _("is a tensor of the class {type}, not a torch.Tensor").format(
                    type=native.name_of(cls)
                ),
            )
        if not isinstance(fields := native.static(cls, "__dataclass_fields__"), native.Missing):
            return self._dataclass(value, cls, tuple(fields), depth)
        for plain in (bool, int, float, complex, str, bytes, list, dict, set):
            if plain in kinds:
                name = plain.__name__
                return cannot(
                    value,
                    _("is an object of {type}, not of {known} itself").format(
                        type=native.name_of(cls), known=name
                    ),
                )
        if cls in FUNCTIONS:
            return cannot(value, _("is a function, and functions cannot be compared"))
        if not isinstance(native.static(cls, "__next__"), native.Missing):
            return self._iterator(value, depth)
        return cannot(
            value,
            _("is an object of the class {type}, which cannot be compared").format(
                type=native.name_of(cls)
            ),
        )

    def _all(self, values: Iterable[Foreign], depth: int) -> list[Node]:
        return [self._node(item, depth) for item in values]

    def _tuple(self, value: Foreign, cls: type, depth: int) -> Node:
        items = self._all(tuple.__iter__(value), depth)
        names = native.static(cls, "_fields")
        if isinstance(names, native.Missing):
            # A struct sequence, as torch.max(x, dim) gives.
            names = [n for n, d in vars(cls).items() if type(d) is types.MemberDescriptorType]
        if len(names) != len(items) or not all(type(name) is str for name in names):
            return cannot(
                value,
                _("is a tuple of the class {type}, which cannot be compared").format(
                    type=native.name_of(cls)
                ),
            )
        name = native.name_of(cls)
        if native.module_of(cls) == "torch.return_types":
            name = f"torch.return_types.{name}"
        return {"k": "named", "type": name, "names": list(names), "items": items, "v": True}

    def _dataclass(self, value: Foreign, cls: type, names: tuple[str, ...], depth: int) -> Node:
        found = [(name, _read(value, name)) for name in names]
        items = [self._node(item, depth) for _name, item in found if item is not _MISS]
        kept = [name for name, item in found if item is not _MISS]
        return {"k": "named", "type": native.name_of(cls), "names": kept, "items": items}

    def _distribution(self, value: Foreign, cls: type, depth: int) -> Node:
        names = sorted(
            name
            for name, item in native.read(value, "__dict__").items()
            if type(item) in (native.Tensor, float, int, torch.Size)
        )
        items = [self._node(_read(value, name), depth) for name in names]
        return {"k": "named", "type": native.name_of(cls), "names": names, "items": items}

    def _module(self, value: Foreign, cls: type, depth: int) -> Node:
        held = native.read(value, "__dict__")
        names: list[str] = []
        items: list[Node] = []
        for table in ("_parameters", "_buffers", "_modules"):
            for name, item in dict.items(held.get(table) or {}):
                if item is not None:
                    names.append(f"{table[1:-1]} {name}")
                    items.append(self._node(item, depth))
        name = native.name_of(cls)
        # A class may say that it is one of torch's.
        own = native.module_of(cls) == self.owner or native.LAYERS.get(name, cls) is not cls
        extra = "" if own else _extra(value, cls)
        return {
            "k": "module",
            "type": name,
            "own": own,
            "training": bool(held.get("training")),
            "extra": extra,
            "names": names,
            "items": items,
        }

    def _optimizer(self, value: Foreign, cls: type, depth: int) -> Node:
        held = native.read(value, "__dict__")
        names: list[str] = []
        items: list[Node] = []
        for number, group in enumerate(held["param_groups"]):
            options = {key: item for key, item in group.items() if key != "params"}
            names.append(f"options of group {number}")
            items.append(self._node(options, depth))
            for place, parameter in enumerate(group["params"]):
                names.append(f"parameter {place} of group {number}")
                items.append(self._node(parameter, depth))
                names.append(f"state of parameter {place} of group {number}")
                items.append(self._node(dict(held["state"].get(parameter, {})), depth))
        return {"k": "optimizer", "type": native.name_of(cls), "names": names, "items": items}

    def _iterator(self, value: Foreign, depth: int) -> Node:
        if self.brief and type(value) is not Drawn:
            # Whoever is to draw from it has not done so yet.
            return cannot(value, _("is an iterator"))
        drawn = value if type(value) is Drawn else draw(value)
        items = self._all(drawn.items, depth)
        return {"k": "iterator", "type": "iterator", "items": items, "v": drawn.more}

    def _tensor(self, tensor: torch.Tensor, parameter: bool) -> Node:
        if native.is_nested(tensor):
            return cannot(tensor, _("is a nested tensor, which cannot be compared"))
        layout = native.layout(tensor)
        node: Node = {
            "k": "tensor",
            "dtype": str(native.dtype(tensor)).removeprefix("torch."),
            "shape": list(native.shape(tensor)),
            "layout": str(layout).removeprefix("torch."),
            "device": native.device(tensor).type,
            "rg": native.requires_grad(tensor),
            "param": parameter,
        }
        if self.state and native.is_leaf(tensor) and (grad := native.grad(tensor)) is not None:
            node["grad"] = self._tensor(grad, False)
        if native.is_quantized(tensor):
            return {**node, "missing": _("is quantised, and cannot be compared")}
        if node["device"] == "meta":
            return {**node, "missing": "meta"}
        if node["dtype"] not in DTYPES:
            return {
                **node,
                "missing": _("is of dtype {dtype}, and cannot be compared").format(
                    dtype=node["dtype"]
                ),
            }
        if layout is native.STRIDED:
            self._bytes(node, tensor)
        else:
            self._sparse(node, tensor, layout)
        return node

    def _bytes(self, node: Node, tensor: torch.Tensor) -> None:
        numel, dtype = native.numel(tensor), native.dtype(tensor)
        if self.brief and numel > BRIEF:
            node["missing"] = "brief"
            return
        size = numel * dtype.itemsize
        if self._size + size > MAX_BYTES:
            node["missing"] = "large"
            return
        node["at"] = self._size
        self._add(native.raw_bytes(tensor, size))

    def _add(self, data: bytes) -> None:
        # Each tensor begins at a multiple of 16, as its elements want to.
        pad = -len(data) % 16
        self._pieces.append(data + bytes(pad) if pad else data)
        self._size += len(data) + pad

    def _sparse(self, node: Node, tensor: torch.Tensor, layout: torch.layout) -> None:
        if self.brief:
            node["missing"] = "brief"
            return
        tensor = native.detach(tensor)
        reads: tuple[Callable[[torch.Tensor], torch.Tensor], ...]
        if layout is native.COO:
            tensor, reads = native.coalesce(tensor), (native.indices, native.values)
        elif layout is native.CSR or layout is native.BSR:
            reads = (native.crow, native.col, native.values)
        else:
            reads = (native.ccol, native.row, native.values)
        node["parts"] = [self._tensor(read(tensor), False) for read in reads]
        if any("missing" in part for part in node["parts"]):
            node["missing"] = "large"

    def _spend(self, characters: int) -> None:
        self._text += characters
        if self._text > MAX_TEXT:
            raise TooLargeError


def _read(value: Foreign, name: str) -> Foreign:
    try:
        return native.read(value, name)
    except Exception:
        return _MISS


def _extra(value: Foreign, cls: type) -> str:
    try:
        extra = cls.extra_repr(value)  # type: ignore[attr-defined]
    except Exception:
        return ""
    return extra[:1000] if type(extra) is str else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Drawn:
    """What an iterator gave."""

    items: list[Any]
    more: bool
    """Whether it would have given more than `MAX_ITEMS`."""


def _distribution() -> object:
    """The class of distributions, where anybody has loaded them: not worth the time otherwise."""
    module = sys.modules.get("torch.distributions")
    return getattr(module, "Distribution", native.MISSING)


def draw(value: Foreign) -> Foreign:
    """The items of an iterator, or the value itself where it is none.

    Runs the code under test, so it stands outside the fence wherever the result itself is one.
    """
    cls = type(value)
    if cls is Drawn or isinstance(native.static(cls, "__next__"), native.Missing):
        return value
    with native.grad_on():
        drawn = list(native.islice(value, MAX_ITEMS + 1))
    return Drawn(drawn[:MAX_ITEMS], len(drawn) > MAX_ITEMS)


def cannot(value: Foreign, why: str) -> Node:
    """The node of a value that cannot be compared, and why."""
    return {"k": "no", "type": native.name_of(type(value)), "v": why}
