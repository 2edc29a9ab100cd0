"""A Python or torch value as a JSON node and raw bytes, written inside a jail.

The code that made the value may have patched torch and given its objects lying methods. So types
are told by identity, and everything is read through functions of torch's own, taken before any
such code ran. Sizes are known before anything is copied. No pickle, and no method of the value's
own class, except where an iterator must be drawn from.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import pathlib
import re
import sys
import types
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import torch

from quiz.grade import native, objects
from quiz.grade.drawing import Awaited, Drawn, draw, is_drawn_from
from quiz.grade.native import Foreign
from quiz.grade.objects import FUNCTIONS, LIBRARY
from quiz.grade.values import DTYPES, MAX_DEPTH
from quiz.language import _

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of all tensors of one message: what can be carried and compared within a second."""
MAX_TEXT = 2 * 1024 * 1024
"""Characters of all nodes of one message, about."""
BRIEF = 128
"""Elements up to which a tensor is given in full where only its looks are wanted."""

Node = dict[str, Any]

SEQUENCES = native.numbers_of(
    (
        list,
        tuple,
        torch.Size,
        collections.deque,
        type({}.keys()),
        type({}.values()),
        type({}.items()),
    )
)
DICTS = native.numbers_of(
    (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
)
_WORDS = native.numbers_of(
    (torch.dtype, torch.device, torch.layout, torch.memory_format, torch.qscheme)
)
_REPRS = native.numbers_of(
    (
        slice,
        decimal.Decimal,
        fractions.Fraction,
        datetime.date,
        datetime.datetime,
        datetime.timedelta,
        datetime.time,
        datetime.timezone,
        pathlib.PosixPath,
        pathlib.PurePosixPath,
        re.Pattern,
        type(torch.finfo()),
        type(torch.iinfo(torch.int64)),
    )
)


class TooLargeError(Exception):
    """The value does not fit into a message."""


class Encoder:
    """Gathers the nodes and bytes of one message.

    `brief` leaves out the data of tensors that are too large to be read, and leaves iterators as
    they are; without `state` the gradients that tensors hold are left out.
    """

    def __init__(
        self,
        *,
        brief: bool = False,
        state: bool = True,
        known: Container[str] = (),
        owners: Mapping[int, str] | None = None,
    ) -> None:
        self.brief = brief
        self.state = state
        self.known = known
        """Names of the card's own classes."""
        self.owners = owners or {}
        """Whose the parameters are that an optimizer changes, by their numbers."""
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
            if native.is_nested(value):
                items = self._all(native.unbind(value), depth + 1)
                return {"k": "list", "type": "nested_tensor", "items": items}
            if native.is_quantized(value):
                return self._quantised(value, depth + 1)
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
        if id(cls) in _WORDS:
            return {"k": "word", "type": native.name_of(cls), "v": str(value)}
        if cls is range:
            return {"k": "word", "type": "range", "v": repr(_numbers_of(value))}
        if id(cls) in _REPRS:
            return {"k": "word", "type": native.name_of(cls), "v": repr(value)[:10_000]}
        if native.descends(type, cls) and (name := _public_name(value)):
            return {"k": "word", "type": "type", "v": name}
        if id(cls) in FUNCTIONS and id(value) in LIBRARY:
            return {"k": "word", "type": "function", "v": LIBRARY[id(value)]}
        return None

    def _container(self, value: Foreign, cls: type, depth: int) -> Node:
        if id(cls) in SEQUENCES:
            self._spend(24 * len(value))
            return {"k": "list", "type": native.name_of(cls), "items": self._all(value, depth)}
        if id(cls) in DICTS:
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
        if cls is Awaited:
            items = [self._node(value.result, depth)]
            return {"k": "named", "type": "coroutine", "names": ["result"], "items": items}
        if cls is Drawn:
            return self._iterator(value, depth)
        if native.descends(tuple, cls):
            return self._tuple(value, cls, depth)
        if native.descends(enum.Enum, cls):
            name = native.read(value, "__dict__").get("_name_")
            return {"k": "word", "type": native.name_of(cls), "v": f"{native.name_of(cls)}.{name}"}
        if native.descends(native.Tensor, cls):
            return self._special_tensor(value, cls, depth)
        if is_drawn_from(cls):
            return self._iterator(value, depth)
        if (parts := objects.taken_apart(value, cls, self.known, self.owners)) is not None:
            items = self._all(parts.values, depth)
            node = {"k": parts.kind, "type": parts.type, "names": parts.names, "items": items}
            return {**node, **parts.more}
        for plain in (bool, int, float, complex, str, bytes, list, dict, set):
            if native.descends(plain, cls):
                name = plain.__name__
                return cannot(
                    value,
                    _("is an object of {type}, not of {known} itself").format(
                        type=native.name_of(cls), known=name
                    ),
                )
        if id(cls) in FUNCTIONS:
            return cannot(value, _("is a function, and functions cannot be compared"))
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

    def _iterator(self, value: Foreign, depth: int) -> Node:
        if self.brief and type(value) is not Drawn:
            # Whoever is to draw from it has not done so yet.
            return cannot(value, _("is an iterator"))
        drawn = value if type(value) is Drawn else draw(value)
        items = self._all(drawn.items, depth)
        return {"k": "iterator", "type": drawn.type, "items": items, "v": drawn.more}

    def _special_tensor(self, value: Foreign, cls: type, depth: int) -> Node:
        name = native.name_of(cls)
        if any(native.descends(kind, cls) for kind in native.UNINITIALISED):
            return {"k": "word", "type": name, "v": "uninitialised"}
        if cls is native.jagged():
            held = native.read(value, "__dict__")
            parts = {part: held[f"_{part}"] for part in ("values", "offsets", "lengths")}
            items = self._all(parts.values(), depth)
            return {"k": "named", "type": "jagged_tensor", "names": list(parts), "items": items}
        said = _("is a tensor of the class {type}, not a torch.Tensor")
        return cannot(value, said.format(type=name))

    def _quantised(self, tensor: torch.Tensor, depth: int) -> Node:
        parts = native.quantised_parts(tensor)
        items = self._all(parts.values(), depth)
        return {"k": "named", "type": "quantized_tensor", "names": list(parts), "items": items}

    def _tensor(self, tensor: torch.Tensor, parameter: bool) -> Node:
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


def _numbers_of(numbers: range) -> range:
    """The same numbers as they are written if nothing but them is known."""
    if not numbers:
        return range(0)
    return numbers[:] if numbers[1:] else range(numbers[0], numbers[0] + 1)


def _public_name(cls: type) -> str:
    """What a class is called that its library offers; empty for any that a snippet made."""
    module, name = native.module_of(cls), native.name_of(cls)
    if module in ("builtins", "torch"):
        return str(name)
    library = (
        sys.modules.get(module) if type(module) is str and module != objects.SNIPPETS else None
    )
    offered = vars(library).get(name) if type(library) is types.ModuleType else None
    return f"{module}.{name}" if offered is cls else ""


def cannot(value: Foreign, why: str) -> Node:
    """The node of a value that cannot be compared, and why."""
    return {"k": "no", "type": native.name_of(type(value)), "v": why}
