"""What is asked about tensors beyond their values: gradients of a call, and shared memory.

Runs in a jail. The weights of the sum that is differentiated are drawn from a seed, so that both
roles differentiate the same scalar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch

from quiz.grade import inputs as memory

_grad, _zeros_like, _Generator, _randn = (
    torch.autograd.grad,
    torch.zeros_like,
    torch.Generator,
    torch.randn,
)
_enable_grad, _is_floating, _is_complex = (
    torch.enable_grad,
    torch.is_floating_point,
    torch.is_complex,
)


class Inputs(Protocol):
    """A case: its arguments by name."""

    def inputs(self) -> list[tuple[str, Any]]: ...


def of_call(
    act: Callable[[], Sequence[Any]], case: Inputs, seed: int
) -> list[tuple[str, torch.Tensor | None]]:
    """Gradients of a fixed random combination of all floating outputs, for every floating input.

    The inputs of `case` are made to require a gradient in place. An input that nothing depends on
    has the gradient zero. None: no output depends on any input at all.
    """
    with _enable_grad():
        leaves = [
            (name, tensor)
            for name, value in case.inputs()
            for tensor in memory.tensors(value)
            if (_is_floating(tensor) or _is_complex(tensor)) and tensor.is_leaf
        ]
        for _, tensor in leaves:
            tensor.requires_grad_(True)
        outputs = [t for t in memory.tensors(list(act())) if t.requires_grad]
        if not outputs or not leaves:
            return [(name, None) for name, _ in leaves]
        generator = _Generator().manual_seed(seed % (1 << 63))
        weights = [
            _randn(t.shape, generator=generator, dtype=torch.float64, device="cpu").to(t)
            for t in outputs
        ]
        found = _grad(outputs, [tensor for _, tensor in leaves], weights, allow_unused=True)
    return [
        (name, _zeros_like(tensor.detach()) if grad is None else grad.detach())
        for (name, tensor), grad in zip(leaves, found, strict=True)
    ]


def aliases(results: Sequence[Any], inputs: Sequence[Any]) -> dict[str, list[list[int]]]:
    """What is shared, as pairs of numbers: of what the results hold, and of what shares it.

    `given`: tensors that share memory with an input's, and lists, dicts and sets that are one of
    an input's. `twice`: lists, dicts and sets that the results hold more than once.
    """
    ours, theirs = _shareable(results), _shareable(inputs)
    at: dict[int, list[int]] = {}
    for j, key in enumerate(theirs):
        at.setdefault(key, []).append(j)
    given = [[i, j] for i, key in enumerate(ours) if key for j in at.get(key, ())]
    first: dict[int, int] = {}
    again = [(first.setdefault(key, i), i) for i, key in enumerate(ours) if key < 0]
    return {"given": given, "twice": [[i, j] for i, j in again if i != j]}


def _shareable(values: Sequence[Any]) -> list[int]:
    """A number for each tensor and container, above zero and below; equal for what is shared."""
    whole = list(values)
    keys = [memory.storage_key(tensor) or 0 for tensor in memory.tensors(whole)]
    return keys + [-id(item) for item in memory.mutables(whole)[1:]]
