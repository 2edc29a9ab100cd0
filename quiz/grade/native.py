"""Functions of torch and the standard library as they were before any foreign code ran.

A jail runs code that may patch torch, give its objects lying methods, or leave modes switched on.
Whatever looks at its values goes through these, and types are told by identity.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import sys
import warnings
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import torch

Foreign = Any
"""An object of foreign code, of which nothing is known."""

Tensor, Parameter, Module = torch.Tensor, torch.nn.Parameter, torch.nn.Module
Optimizer, Scheduler = torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler
LAYERS = {name: item for name, item in vars(torch.nn).items() if isinstance(item, type)}
UNINITIALISED = (torch.nn.parameter.UninitializedParameter, torch.nn.parameter.UninitializedBuffer)
_Base: Any = vars(torch._C)["TensorBase"]
detach, contiguous = _Base.detach, _Base.contiguous
resolve_conj, resolve_neg, to_cpu = _Base.resolve_conj, _Base.resolve_neg, _Base.cpu
copy = _Base.copy_
data_ptr, numel, is_conj, is_neg = _Base.data_ptr, _Base.numel, _Base.is_conj, _Base.is_neg
coalesce, indices, values = _Base.coalesce, _Base.indices, _Base.values
crow, col, ccol, row = (
    _Base.crow_indices,
    _Base.col_indices,
    _Base.ccol_indices,
    _Base.row_indices,
)
storage: Any = _Base.untyped_storage
storage_ptr: Any = torch.UntypedStorage.data_ptr
storage_size: Any = torch.UntypedStorage.nbytes
dtype, shape, layout = _Base.dtype.__get__, _Base.shape.__get__, _Base.layout.__get__
device, grad, is_leaf = _Base.device.__get__, _Base.grad.__get__, _Base.is_leaf.__get__
requires_grad, stride = _Base.requires_grad.__get__, _Base.stride
is_quantized, is_nested = _Base.is_quantized.__get__, _Base.is_nested.__get__
unbind = _Base.unbind
_whole_numbers, _scheme, _per_tensor = _Base.int_repr, _Base.qscheme, torch.per_tensor_affine
_scale, _zero, _axis = _Base.q_scale, _Base.q_zero_point, _Base.q_per_channel_axis
_scales, _zeros = _Base.q_per_channel_scales, _Base.q_per_channel_zero_points
_generator_state, _generator_seed = torch.Generator.get_state, torch.Generator.initial_seed
_plain: Any = torch._C.DisableTorchFunction
_undispatched: Any = torch._C._DisableTorchDispatch
no_grad, grad_on = torch.no_grad, torch.enable_grad
STRIDED, COO = torch.strided, torch.sparse_coo
CSR, BSR = torch.sparse_csr, torch.sparse_bsr
string_at, blake, dumps, islice = ctypes.string_at, blake2b, json.dumps, itertools.islice
_catch, _simplefilter = warnings.catch_warnings, warnings.simplefilter
read = object.__getattribute__
arguments: Any = BaseException.__dict__["args"].__get__
# What a metaclass cannot lie about.
name_of: Any = type.__dict__["__name__"].__get__
kinds_of: Any = type.__dict__["__mro__"].__get__
module_of: Any = type.__dict__["__module__"].__get__
members_of: Any = type.__dict__["__dict__"].__get__
descends: Any = type.__subclasscheck__
"""Whether the first class stands above the second one, or is it."""


class Fence:
    """A context in which modes and subclasses of foreign code change nothing."""

    def __enter__(self) -> None:
        self.contexts = (_plain(), _undispatched(), no_grad(), _catch(module=warnings))
        for context in self.contexts:
            context.__enter__()
        _simplefilter("ignore")

    def __exit__(self, *problem: object) -> None:
        for context in reversed(self.contexts):
            context.__exit__(None, None, None)


class Missing:
    """Says that a class lacks an attribute."""


MISSING = Missing()


def numbers_of(classes: Iterable[type]) -> frozenset[int]:
    """The numbers of classes: only so no metaclass has a say in which one it is."""
    return frozenset(map(id, classes))


def static(cls: type, name: str) -> Foreign:
    """A class's attribute without descriptors or metaclasses having a say."""
    for kind in kinds_of(cls):
        if name in members_of(kind):
            return members_of(kind)[name]
    return MISSING


def raw_bytes(tensor: torch.Tensor, size: int) -> bytes:
    """The elements of a strided tensor in order, as they lie in memory."""
    if not size:
        return b""
    tensor = detach(tensor)
    if is_conj(tensor):
        tensor = resolve_conj(tensor)
    if is_neg(tensor):
        tensor = resolve_neg(tensor)
    tensor = contiguous(to_cpu(tensor))
    return string_at(data_ptr(tensor), size)


def jagged() -> object:
    """The class of nested tensors in the jagged layout, where anybody has loaded it."""
    module = sys.modules.get("torch.nested._internal.nested_tensor")
    return getattr(module, "NestedTensor", Missing)


def quantised_parts(tensor: torch.Tensor) -> dict[str, Any]:
    """All that makes up a quantised tensor, by name."""
    parts = {"dtype": dtype(tensor), "values": _whole_numbers(tensor)}
    if (scheme := _scheme(tensor)) is _per_tensor:
        return {**parts, "scale": _scale(tensor), "zero_point": _zero(tensor)}
    held = {"scales": _scales(tensor), "zero_points": _zeros(tensor), "axis": _axis(tensor)}
    return {**parts, "scheme": scheme, **held}


def generator_parts(generator: torch.Generator) -> dict[str, Any]:
    """With which seed a generator began and where it is, by name."""
    state = _generator_state(generator)
    mark = blake(raw_bytes(state, numel(state)), digest_size=4).hexdigest()
    return {"seed": _generator_seed(generator), "state": mark}
