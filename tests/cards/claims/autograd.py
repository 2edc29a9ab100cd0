# mypy: disable-error-code="no-untyped-call"
# ruff: noqa: ANN401 (torch hands such objects over without a type)
"""What the cards of `pytorch/autograd` say."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import Function, gradcheck

from tests.cards.claiming import claims_of, grad_of

about = claims_of("pytorch/autograd")


@about("backward#what-it-computes")
def _() -> None:
    w = torch.randn(2, 3, requires_grad=True)
    fixed = torch.randn(3)
    loss = (w * fixed).sum()
    assert loss.backward() is None
    assert torch.equal(grad_of(w), fixed.expand(2, 3))
    assert fixed.grad is None
    (w * fixed).sum().backward()
    assert torch.equal(grad_of(w), 2 * fixed.expand(2, 3))


@about("backward#what-changes")
def _() -> None:
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    h = w**2
    loss = h.sum()
    loss.backward(retain_graph=True)
    loss.backward()
    assert grad_of(w).tolist() == [8.0, 12.0]
    with pytest.raises(RuntimeError, match="second time"):
        loss.backward()
    assert w.tolist() == [2.0, 3.0]
    assert loss.item() == 13.0
    with pytest.warns(UserWarning, match="not a leaf"):
        assert h.grad is None


@about("backward#the-start")
def _() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(RuntimeError, match="scalar"):
        (x * x).backward()
    (x.sum() * torch.ones(1, 1)).backward()
    assert grad_of(x).tolist() == [1.0, 1.0]
    x.grad = None
    matrix = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    v = torch.tensor([1.0, 0.0, 2.0])
    (matrix @ x).backward(gradient=v)
    assert torch.equal(grad_of(x), v @ matrix)
    with pytest.raises(RuntimeError, match="ismatch in shape"):
        (matrix @ x).backward(gradient=torch.ones(2))


class _Scale(Function):
    """x · weight + eps; tells what `forward` saw."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.eps = eps
        assert not torch.is_grad_enabled()
        return x * weight + eps

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        _, weight = ctx.saved_tensors
        assert ctx.eps == 0.5
        assert ctx.needs_input_grad == (True, False, False)
        return grad * weight, None, None


class _TwoForThree(_Scale):
    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return grad, grad


@about("custom-function#contract")
def _() -> None:
    x, weight = torch.tensor(3.0, requires_grad=True), torch.tensor(2.0)
    (_Scale.apply(x, weight, 0.5) * 10).backward()
    assert grad_of(x).item() == 20.0


@about("custom-function#how-many")
def _() -> None:
    x, weight = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    wrong = r"returned an incorrect number of gradients \(expected 3, got 2\)"
    with pytest.raises(RuntimeError, match=wrong):
        _TwoForThree.apply(x, weight, 0.5).sum().backward()


class _SquareSaved(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        x: Tensor = ctx.saved_tensors[0]
        return 2 * x * grad


class _SquareKept(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.x = x
        return x * x

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        x: Tensor = ctx.x
        return 2 * x * grad


class _ResultSaved(_SquareSaved):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        y = x * x
        ctx.save_for_backward(y)
        return y


class _ResultKept(_SquareKept):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.y = y = x * x
        return y


def _alive_without_collector(function: type[Function]) -> bool:
    """Whether the output outlives its last name, as long as nobody looks for cycles."""
    gc.disable()
    try:
        y = function.apply(torch.ones(2, requires_grad=True))
        watched = weakref.ref(y)
        del y
        return watched() is not None
    finally:
        gc.enable()


@about("custom-function#why-save")
def _() -> None:
    x = torch.tensor([3.0], requires_grad=True)
    saved, kept = _SquareSaved.apply(x), _SquareKept.apply(x)
    with torch.no_grad():
        x += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        saved.backward()
    kept.backward()
    assert grad_of(x).item() == 8.0  # of the changed value: silently wrong
    again = _SquareSaved.apply(x)
    assert again.grad_fn.saved_tensors[0].data_ptr() == x.data_ptr()  # no copy
    assert _alive_without_collector(_ResultKept)
    assert not _alive_without_collector(_ResultSaved)


def _saved(compute: Any) -> int:
    """How many tensors a computation keeps for the backward pass."""
    kept: list[Tensor] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        compute()
    return len(kept)


@about("detach#which-one")
def _() -> None:
    w = torch.ones(2, requires_grad=True)
    (w * (3 * w).detach()).sum().backward()
    assert grad_of(w).tolist() == [3.0, 3.0]
    assert _saved(lambda: (w.exp() * w).detach()) > 0
    assert _saved(torch.no_grad()(lambda: w.exp() * w)) == 0


@about("detach#inside-no-grad")
def _() -> None:
    w = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        assert not (w * 2).requires_grad
        w += 1
        assert nn.Parameter(torch.ones(2)).requires_grad
        assert w.requires_grad
        assert (nn.Dropout(0.5)(torch.ones(100)) == 0).any()
    assert w.is_leaf


@about("functional#vmap")
def _() -> None:
    calls = []

    def f(a: Tensor, b: Tensor) -> Tensor:
        calls.append(b.shape)
        return a @ b

    a, b = torch.randn(4, 3), torch.randn(5, 3)
    batched = torch.func.vmap(f, in_dims=(None, 0))(a, b)
    assert calls == [torch.Size([3])]
    assert torch.allclose(batched, torch.stack([a @ row for row in b]), atol=1e-5)


@about("functional#forward-or-reverse")
def _() -> None:
    matrix, x = torch.randn(3, 10), torch.randn(10)

    def f(x: Tensor) -> Tensor:
        return (matrix @ x).sin()

    jacobian = torch.func.jacrev(f)(x)
    assert jacobian.shape == (3, 10)
    pull = torch.func.vjp(f, x)[1]
    for row, output in zip(jacobian, torch.eye(3), strict=True):  # a pass for each output
        assert torch.allclose(pull(output)[0], row, atol=1e-6)


class _WrongBelowZero(_SquareSaved):
    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, 2 * x, 0 * x) * grad


@about("gradcheck#what-it-does")
def _() -> None:
    above = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    below = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    assert gradcheck(_WrongBelowZero.apply, (above,))
    assert not gradcheck(_WrongBelowZero.apply, (below,), raise_exception=False)
    shifts: list[Tensor] = []

    def meant_to_be_cubes(x: Tensor) -> Tensor:
        shifts.append(x.detach().clone())
        return x * x

    assert gradcheck(meant_to_be_cubes, (above,))  # a wrong function with a matching gradient
    moved = torch.stack(shifts) - above.detach()
    assert (moved[:, 0] > 0).any()
    assert (moved[:, 0] < 0).any()
    assert moved.abs().max() < 1e-5


@about("gradcheck#why-double")
def _() -> None:
    def digits(dtype: torch.dtype) -> float:
        x, h = torch.tensor(1.0, dtype=dtype), 1e-6
        slope = ((x + h) ** 2 - (x - h) ** 2) / (2 * h)
        return abs(slope.item() - 2) / 2

    assert digits(torch.float64) < 1e-9
    assert digits(torch.float32) > 1e-2
    single = torch.tensor([1.0, 2.0], requires_grad=True)
    with pytest.warns(UserWarning, match="double precision"):
        assert not gradcheck(torch.sin, (single,), raise_exception=False)


@about("higher-derivatives#create-graph")
def _() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    y = x**3
    (first,) = torch.autograd.grad(y, x, create_graph=True)
    assert first.grad_fn is not None
    (again,) = torch.autograd.grad(y, x)  # the first graph is still there
    assert again.grad_fn is None
    (x * first).backward()
    assert grad_of(x).item() == 27 + 3 * 18


@about("higher-derivatives#unused")
def _() -> None:
    w, v = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="not have been used in the graph"):
        torch.autograd.grad((w * 2).sum(), [w, v])
    assert torch.autograd.grad((w * 2).sum(), [w, v], allow_unused=True)[1] is None
    zeros = torch.autograd.grad((w * 2).sum(), [w, v], materialize_grads=True)[1]
    assert zeros.tolist() == [0.0, 0.0]
    (w * 2).sum().backward()
    assert v.grad is None


@about("hooks#tensor-hook")
def _() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    seen: list[float] = []
    h = x * 1
    h.register_hook(lambda g: seen.append(g.item()))
    (h * 3 + h * 4).backward()
    assert seen == [7.0]  # once, with all paths added up
    assert grad_of(x).item() == 7.0  # None leaves the gradient as it is
    x.grad, h = None, x * 1
    h.register_hook(lambda g: torch.tensor(100.0))
    (h * 3).backward()
    assert grad_of(x).item() == 100.0


@about("hooks#forward-hook")
def _() -> None:
    layer, calls = nn.Linear(2, 2), []
    x = torch.ones(1, 2)
    names = list(layer.state_dict())

    def note(module: nn.Module, args: tuple[Tensor, ...], output: Tensor) -> Tensor:
        calls.append((module, args, output.shape))
        return output * 0

    handle = layer.register_forward_hook(note)
    assert not layer(x).any()
    layer(x)
    assert len(calls) == 2
    assert calls[0][0] is layer
    assert calls[0][1][0] is x
    layer.forward(x)
    assert len(calls) == 2
    assert list(layer.state_dict()) == names
    handle.remove()
    layer(x)
    assert len(calls) == 2
    shapes = []

    def measure(module: nn.Module, into: Any, out: Any) -> None:
        shapes.append((into[0].shape, out[0].shape))

    layer.register_full_backward_hook(measure)
    layer(x.requires_grad_()).sum().backward()
    assert shapes == [((1, 2), (1, 2))]


@about("in-place-errors#why-leaves")
def _() -> None:
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        w += 1
    with torch.no_grad():
        w += 1
    assert w.is_leaf


@about("in-place-errors#fixes")
def _() -> None:
    def gradient(change: Any) -> float:
        x = torch.tensor([2.0], requires_grad=True)
        y = change(x.exp())
        y.sum().backward(retain_graph=True)
        return grad_of(x).item()

    def unrecorded(y: Tensor) -> Tensor:
        with torch.no_grad():
            return y.add_(1)

    def through_data(y: Tensor) -> Tensor:
        y.data.add_(1)
        return y

    right = pytest.approx(torch.tensor(2.0).exp().item())
    assert gradient(lambda y: y + 1) == right
    assert gradient(lambda y: y.clone().add_(1)) == right
    assert gradient(through_data) == pytest.approx(1 + torch.tensor(2.0).exp().item())
    for failing in (lambda y: y.add_(1), unrecorded):  # retain_graph does not help
        with pytest.raises(RuntimeError, match="is at version 1; expected version 0"):
            gradient(failing)


@about("leaves#grad-fn")
def _() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    assert x.grad_fn is None
    h = x**2
    y = h * 2
    del h
    assert y.grad_fn is not None
    power = y.grad_fn.next_functions[0][0]
    assert power is not None
    assert power.name() == "PowBackward0"
    assert power._saved_self.item() == 3.0  # type: ignore[attr-defined]
    end = power.next_functions[0][0]
    assert end is not None
    assert "AccumulateGrad" in end.name()
    assert end.variable is x  # type: ignore[attr-defined]


@about("leaves#which-are-leaves")
def _() -> None:
    w = torch.randn(3, requires_grad=True)
    leaves = (w, torch.ones(3), w.detach())
    others = (w.clone(), w.to(torch.float16), w[0])
    assert [t.is_leaf for t in (*leaves, *others)] == [True] * 3 + [False] * 3
    assert not w.detach().requires_grad
