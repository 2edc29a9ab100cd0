"""A Python or torch value as a JSON node and raw bytes, written inside a jail.

The code that made the value may have patched torch and given its objects lying methods. So types
are told by identity, and everything is read through functions of torch's own, taken before any
such code ran. Sizes are known before anything is copied. No pickle, and no method of the value's
own class, except where an iterator must be drawn from.
"""

from __future__ import annotations

import collections
import ctypes
import dataclasses
import datetime
import decimal
import enum
import fractions
import itertools
import json
import pathlib
import types
import warnings
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

import torch

from quiz.grade.values import MAX_DEPTH, decode

MAX_BYTES = 128 * 1024 * 1024
"""Bytes of all tensors of one message."""
MAX_TEXT = 2 * 1024 * 1024
"""Characters of all nodes of one message, about."""
MAX_ITEMS = 1000
"""Items drawn from an iterator."""
BRIEF = 128
"""Elements up to which a tensor is given in full where only its looks are wanted."""

Node = dict[str, Any]

# Taken now, so that later patches of torch and the standard library reach nothing here.
_Tensor, _Parameter, _Module = torch.Tensor, torch.nn.Parameter, torch.nn.Module
_Optimizer, _Distribution = torch.optim.Optimizer, torch.distributions.Distribution
_Uninitialised = (torch.nn.parameter.UninitializedParameter, torch.nn.parameter.UninitializedBuffer)
_Base: Any = vars(torch._C)["TensorBase"]
_detach, _contiguous = _Base.detach, _Base.contiguous
_resolve_conj, _resolve_neg, _to_cpu = _Base.resolve_conj, _Base.resolve_neg, _Base.cpu
_copy = _Base.copy_
_data_ptr, _numel, _is_conj, _is_neg = _Base.data_ptr, _Base.numel, _Base.is_conj, _Base.is_neg
_coalesce, _indices, _values = _Base.coalesce, _Base.indices, _Base.values
_crow, _col, _ccol, _row = (
    _Base.crow_indices,
    _Base.col_indices,
    _Base.ccol_indices,
    _Base.row_indices,
)
_storage: Any = _Base.untyped_storage
_storage_ptr: Any = torch.UntypedStorage.data_ptr
_storage_size: Any = torch.UntypedStorage.nbytes
_dtype, _shape, _layout = _Base.dtype.__get__, _Base.shape.__get__, _Base.layout.__get__
_device, _grad, _is_leaf = _Base.device.__get__, _Base.grad.__get__, _Base.is_leaf.__get__
_requires_grad, _stride = _Base.requires_grad.__get__, _Base.stride
_is_quantized, _is_nested = _Base.is_quantized.__get__, _Base.is_nested.__get__
_plain: Any = torch._C.DisableTorchFunction
_undispatched: Any = torch._C._DisableTorchDispatch
_no_grad, _grad_on = torch.no_grad, torch.enable_grad
_strided, _coo = torch.strided, torch.sparse_coo
_csr, _bsr = torch.sparse_csr, torch.sparse_bsr
_string_at, _hash, _dumps, _islice = ctypes.string_at, blake2b, json.dumps, itertools.islice
_catch, _simplefilter = warnings.catch_warnings, warnings.simplefilter
_fields = dataclasses.fields
_vars = object.__getattribute__

_SEQUENCES = (
    list,
    tuple,
    torch.Size,
    collections.deque,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)
_DICTS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
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
_FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    type(len),
    type(torch.add),
)
_MISS = object()


class TooLargeError(Exception):
    """The value does not fit into a message."""


def fenced() -> Any:
    """A context in which modes and subclasses of the code under test change nothing."""
    return _Fence()


class _Fence:
    def __enter__(self) -> None:
        self.contexts = (_plain(), _undispatched(), _no_grad(), _catch())
        for context in self.contexts:
            context.__enter__()
        _simplefilter("ignore")

    def __exit__(self, *problem: object) -> None:
        for context in reversed(self.contexts):
            context.__exit__(None, None, None)


class Encoder:
    """Gathers the nodes and bytes of one message.

    `brief` leaves out the data of tensors that are too large to be read; `state` adds the
    gradients that tensors hold.
    """

    def __init__(self, *, brief: bool = False, state: bool = False, owner: str = "") -> None:
        self.brief = brief
        self.state = state
        self.owner = owner
        """`__module__` of classes that the snippet itself defines."""
        self._pieces: list[bytes] = []
        self._size = 0
        self._text = 0
        self._above: set[int] = set()

    def node(self, value: Any) -> Node:
        """The value's node; one of kind `no` where it cannot be compared."""
        marks = len(self._pieces), self._size, self._text
        try:
            with _Fence():
                return self._node(value, 0)
        except TooLargeError:
            del self._pieces[marks[0] :]
            self._size, self._text = marks[1:]
            return _no(value, "is too large to be compared")
        finally:
            self._above.clear()

    def blob(self) -> bytes:
        """The bytes of all tensors so far."""
        return b"".join(self._pieces)

    def _node(self, value: Any, depth: int) -> Node:
        self._spend(24)
        cls = type(value)
        if cls is _Tensor or cls is _Parameter:
            return self._tensor(value, cls is _Parameter)
        if (simple := self._simple(value, cls)) is not None:
            return simple
        if depth >= MAX_DEPTH:
            return _no(value, f"is nested more than {MAX_DEPTH} deep")
        if id(value) in self._above:
            return _no(value, "contains itself")
        self._above.add(id(value))
        try:
            return self._container(value, cls, depth + 1)
        finally:
            self._above.discard(id(value))

    def _simple(self, value: Any, cls: type) -> Node | None:
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
            return {"k": "bytes", "type": cls.__name__, "v": value.hex()}
        if value is Ellipsis:
            return {"k": "ellipsis"}
        if cls in _WORDS:
            return {"k": "word", "type": cls.__name__, "v": str(value)}
        if cls in _REPRS:
            return {"k": "word", "type": cls.__name__, "v": repr(value)[:10_000]}
        if cls is type and value.__module__ in ("builtins", "torch"):
            return {"k": "word", "type": "type", "v": value.__name__}
        return None

    def _container(self, value: Any, cls: type, depth: int) -> Node:
        if cls in _SEQUENCES:
            self._spend(24 * len(value))
            return {"k": "list", "type": cls.__name__, "items": self._all(value, depth)}
        if cls in _DICTS:
            self._spend(48 * len(value))
            keys = self._all(dict.keys(value), depth)
            return {
                "k": "dict",
                "type": cls.__name__,
                "keys": keys,
                "items": self._all(dict.values(value), depth),
            }
        if cls is set or cls is frozenset:
            self._spend(24 * len(value))
            return {"k": "set", "type": cls.__name__, "items": self._all(value, depth)}
        if cls is Drawn:
            return self._iterator(value, depth)
        kinds = cls.__mro__
        if tuple in kinds:
            return self._tuple(value, cls, depth)
        if _Module in kinds:
            return self._module(value, cls, depth)
        if _Optimizer in kinds:
            return self._optimizer(value, cls, depth)
        if _Distribution in kinds:
            return self._distribution(value, cls, depth)
        if enum.Enum in kinds:
            name = _vars(value, "__dict__").get("_name_")
            return {"k": "word", "type": cls.__name__, "v": f"{cls.__name__}.{name}"}
        if _Tensor in kinds:
            if any(kind in kinds for kind in _Uninitialised):
                return {"k": "word", "type": cls.__name__, "v": "uninitialised"}
            return _no(value, f"is a tensor of the class {cls.__name__}, not a torch.Tensor")
        if not isinstance(fields := _static(cls, "__dataclass_fields__"), _Missing):
            return self._dataclass(value, cls, tuple(fields), depth)
        for plain in (bool, int, float, complex, str, bytes, list, dict, set):
            if plain in kinds:
                name = plain.__name__
                return _no(value, f"is an object of {cls.__name__}, not of {name} itself")
        if cls in _FUNCTIONS:
            return _no(value, "is a function, and functions cannot be compared")
        if not isinstance(_static(cls, "__next__"), _Missing):
            return self._iterator(value, depth)
        return _no(value, f"is an object of the class {cls.__name__}, which cannot be compared")

    def _all(self, values: Iterable[Any], depth: int) -> list[Node]:
        return [self._node(item, depth) for item in values]

    def _tuple(self, value: Any, cls: type, depth: int) -> Node:
        items = self._all(tuple.__iter__(value), depth)
        names = _static(cls, "_fields")
        if isinstance(names, _Missing):
            # A struct sequence, as torch.max(x, dim) gives.
            names = [n for n, d in vars(cls).items() if type(d) is types.MemberDescriptorType]
        if len(names) != len(items) or not all(type(name) is str for name in names):
            return _no(value, f"is a tuple of the class {cls.__name__}, which cannot be compared")
        return {"k": "named", "type": cls.__name__, "names": list(names), "items": items}

    def _dataclass(self, value: Any, cls: type, names: tuple[str, ...], depth: int) -> Node:
        found = [(name, _read(value, name)) for name in names]
        items = [self._node(item, depth) for _, item in found if item is not _MISS]
        kept = [name for name, item in found if item is not _MISS]
        return {"k": "named", "type": cls.__name__, "names": kept, "items": items}

    def _distribution(self, value: Any, cls: type, depth: int) -> Node:
        names = sorted(
            name
            for name, item in _vars(value, "__dict__").items()
            if type(item) in (_Tensor, float, int, torch.Size)
        )
        items = [self._node(_read(value, name), depth) for name in names]
        return {"k": "named", "type": cls.__name__, "names": names, "items": items}

    def _module(self, value: Any, cls: type, depth: int) -> Node:
        held = _vars(value, "__dict__")
        names: list[str] = []
        items: list[Node] = []
        for table in ("_parameters", "_buffers", "_modules"):
            for name, item in dict.items(held.get(table) or {}):
                if item is not None:
                    names.append(f"{table[1:-1]} {name}")
                    items.append(self._node(item, depth))
        own = cls.__module__ == self.owner
        extra = "" if own else _extra(value, cls)
        return {
            "k": "module",
            "type": cls.__name__,
            "own": own,
            "training": bool(held.get("training")),
            "extra": extra,
            "names": names,
            "items": items,
        }

    def _optimizer(self, value: Any, cls: type, depth: int) -> Node:
        held = _vars(value, "__dict__")
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
        return {"k": "optimizer", "type": cls.__name__, "names": names, "items": items}

    def _iterator(self, value: Any, depth: int) -> Node:
        drawn = value if type(value) is Drawn else draw(value)
        items = self._all(drawn.items, depth)
        return {"k": "iterator", "type": "iterator", "items": items, "v": drawn.more}

    def _tensor(self, tensor: torch.Tensor, parameter: bool) -> Node:
        layout, shape = _layout(tensor), list(_shape(tensor))
        node: Node = {
            "k": "tensor",
            "dtype": str(_dtype(tensor)).removeprefix("torch."),
            "shape": shape,
            "layout": str(layout).removeprefix("torch."),
            "device": _device(tensor).type,
            "rg": _requires_grad(tensor),
            "param": parameter,
        }
        if self.state and _is_leaf(tensor) and (grad := _grad(tensor)) is not None:
            node["grad"] = self._tensor(grad, False)
        if _is_nested(tensor):
            return _no(tensor, "is a nested tensor, which cannot be compared")
        if _is_quantized(tensor):
            return {**node, "missing": "is quantised, and cannot be compared"}
        if node["device"] == "meta":
            return {**node, "missing": "meta"}
        if layout is _strided:
            self._bytes(node, tensor)
        else:
            self._sparse(node, tensor, layout)
        return node

    def _bytes(self, node: Node, tensor: torch.Tensor) -> None:
        numel, dtype = _numel(tensor), _dtype(tensor)
        if self.brief and numel > BRIEF:
            node["missing"] = "brief"
            return
        size = numel * dtype.itemsize
        if self._size + size > MAX_BYTES:
            node["missing"] = "large"
            return
        node["at"] = self._size
        self._add(raw_bytes(tensor, size))

    def _add(self, data: bytes) -> None:
        # Each tensor begins at a multiple of 16, as its elements want to.
        pad = -len(data) % 16
        self._pieces.append(data + bytes(pad) if pad else data)
        self._size += len(data) + pad

    def _sparse(self, node: Node, tensor: torch.Tensor, layout: torch.layout) -> None:
        if self.brief:
            node["missing"] = "brief"
            return
        tensor = _detach(tensor)
        reads: tuple[Callable[[torch.Tensor], torch.Tensor], ...]
        if layout is _coo:
            tensor, reads = _coalesce(tensor), (_indices, _values)
        elif layout is _csr or layout is _bsr:
            reads = (_crow, _col, _values)
        else:
            reads = (_ccol, _row, _values)
        node["parts"] = [self._tensor(read(tensor), False) for read in reads]
        if any("missing" in part for part in node["parts"]):
            node["missing"] = "large"

    def _spend(self, characters: int) -> None:
        self._text += characters
        if self._text > MAX_TEXT:
            raise TooLargeError


class _Missing:
    pass


_missing = _Missing()


def _static(cls: type, name: str) -> Any:
    """A class's attribute without descriptors or metaclasses having a say."""
    for kind in type.__dict__["__mro__"].__get__(cls):
        if name in type.__dict__["__dict__"].__get__(kind):
            return type.__dict__["__dict__"].__get__(kind)[name]
    return _missing


def _read(value: Any, name: str) -> Any:
    try:
        return _vars(value, name)
    except Exception:
        return _MISS


def _extra(value: Any, cls: type) -> str:
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


def draw(value: Any) -> Any:
    """The items of an iterator, or the value itself where it is none.

    Runs the code under test, so it stands outside the fence wherever the result itself is one.
    """
    cls = type(value)
    if cls is Drawn or isinstance(_static(cls, "__next__"), _Missing):
        return value
    with _grad_on():
        drawn = list(_islice(value, MAX_ITEMS + 1))
    return Drawn(drawn[:MAX_ITEMS], len(drawn) > MAX_ITEMS)


def _no(value: Any, why: str) -> Node:
    return {"k": "no", "type": str(type(value).__name__)[:100], "v": why}


def raw_bytes(tensor: torch.Tensor, size: int) -> bytes:
    """The elements of a strided tensor in order, as they lie in memory."""
    if not size:
        return b""
    tensor = _detach(tensor)
    if _is_conj(tensor):
        tensor = _resolve_conj(tensor)
    if _is_neg(tensor):
        tensor = _resolve_neg(tensor)
    tensor = _contiguous(_to_cpu(tensor))
    return _string_at(_data_ptr(tensor), size)


def digest(value: Any, *, state: bool = False) -> bytes:
    """A fingerprint of what a value holds: changes when any byte, shape or stride does.

    Whether a tensor requires a gradient, and the gradient itself, enter it only with `state`.
    """
    encoder = Encoder(state=True) if state else _Fingerprint()
    node = encoder.node(value)
    hashed = _hash(_dumps(node).encode(), digest_size=16)
    for piece in encoder._pieces:
        hashed.update(piece)
    return hashed.digest()


class _Fingerprint(Encoder):
    def _tensor(self, tensor: torch.Tensor, parameter: bool) -> Node:
        node = super()._tensor(tensor, parameter)
        node["rg"] = False
        if _layout(tensor) is _strided:
            node["stride"] = list(_stride(tensor))
        return node

    def _iterator(self, value: Any, depth: int) -> Node:
        return _no(value, "is an iterator")


def storage_key(tensor: torch.Tensor) -> int | None:
    """What two tensors have in common when they share memory; None where there is none."""
    try:
        storage = _storage(tensor)
        return _storage_ptr(storage) if _storage_size(storage) else None
    except Exception:  # sparse and meta tensors have no storage
        return None


def tensors(value: Any, depth: int = 0) -> list[torch.Tensor]:
    """Plain tensors anywhere in tuples, lists and dicts, in order."""
    cls = type(value)
    if cls is _Tensor or cls is _Parameter:
        return [value]
    if depth > MAX_DEPTH:
        return []
    if cls in _DICTS:
        return [t for item in dict.values(value) for t in tensors(item, depth + 1)]
    if cls in _SEQUENCES or tuple in cls.__mro__:
        return [t for item in value for t in tensors(item, depth + 1)]
    return []


def is_module(value: Any) -> bool:
    """Whether a value is a `torch.nn.Module`."""
    return _Module in type(value).__mro__


def has_state(value: Any) -> bool:
    """Whether a value can be changed and compared: no function, class or library module."""
    return type(value) not in (type, types.ModuleType, *_FUNCTIONS, types.GeneratorType)


def state(module: Any) -> dict[str, torch.Tensor]:
    """Parameters and persistent buffers by their dotted names, detached."""
    found: dict[str, torch.Tensor] = {}
    _gather(module, "", found, 0)
    return found


def _gather(module: Any, prefix: str, found: dict[str, torch.Tensor], depth: int) -> None:
    held = _vars(module, "__dict__")
    passing = held.get("_non_persistent_buffers_set") or ()
    for table in ("_parameters", "_buffers"):
        for name, item in dict.items(held.get(table) or {}):
            if item is not None and name not in passing and type(item) in (_Tensor, _Parameter):
                found[prefix + name] = _detach(item)
    for name, child in dict.items(held.get("_modules") or {}):
        if child is not None and depth < MAX_DEPTH:
            _gather(child, f"{prefix}{name}.", found, depth + 1)


def load_state(module: Any, node: Any, blob: bytes) -> None:
    """Writes decoded weights into a module whose state has the same names and shapes."""
    weights = decode(node, blob)
    held = state(module)
    with _no_grad():
        for key, item in zip(weights.keys, weights.items, strict=True):
            _copy(held[key.data], item.data.data)
