"""What a call may do to its inputs: fingerprints before and after, and memory that is shared.

Runs in a jail.
"""

from __future__ import annotations

import torch

from quiz.grade import native
from quiz.grade.encode import DICTS, SEQUENCES, Encoder, Node, cannot
from quiz.grade.native import Foreign
from quiz.grade.values import MAX_DEPTH


def digest(value: Foreign, *, state: bool = False) -> bytes:
    """A fingerprint of what a value holds: changes when any byte, shape or stride does.

    Whether a tensor requires a gradient, and the gradient itself, enter it only with `state`.
    """
    encoder = Encoder(state=True) if state else _Fingerprint()
    node = encoder.node(value)
    hashed = native.blake(native.dumps(node).encode(), digest_size=16)
    for piece in encoder._pieces:
        hashed.update(piece)
    return hashed.digest()


class _Fingerprint(Encoder):
    def _tensor(self, tensor: torch.Tensor, parameter: bool) -> Node:
        node = super()._tensor(tensor, parameter)
        node["rg"] = False
        if native.layout(tensor) is native.STRIDED:
            node["stride"] = list(native.stride(tensor))
        return node

    def _iterator(self, value: Foreign, depth: int) -> Node:
        return cannot(value, "is an iterator")


def storage_key(tensor: torch.Tensor) -> int | None:
    """What two tensors have in common when they share memory; None where there is none."""
    try:
        storage = native.storage(tensor)
        return native.storage_ptr(storage) if native.storage_size(storage) else None
    except Exception:  # sparse and meta tensors have no storage
        return None


def tensors(value: Foreign, depth: int = 0) -> list[torch.Tensor]:
    """Plain tensors anywhere in tuples, lists and dicts, in order."""
    cls = type(value)
    if cls is native.Tensor or cls is native.Parameter:
        return [value]
    if depth > MAX_DEPTH:
        return []
    if cls in DICTS:
        return [t for item in dict.values(value) for t in tensors(item, depth + 1)]
    if cls in SEQUENCES or tuple in native.kinds_of(cls):
        return [t for item in value for t in tensors(item, depth + 1)]
    return []
