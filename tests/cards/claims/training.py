# mypy: disable-error-code="no-untyped-call"
"""What the cards of `pytorch/training` say."""

from __future__ import annotations

import copy
import inspect
import io
import math
import random
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from tests.cards.claiming import claims_of, grad_of

about = claims_of("pytorch/training")


def _steps(model: nn.Module, optimizer: torch.optim.Optimizer, n: int) -> list[Tensor]:
    """Trains on fixed data; the parameters afterwards."""
    x = torch.linspace(-1, 1, 6).reshape(3, 2)
    for _ in range(n):
        optimizer.zero_grad()
        (model(x) - 1).pow(2).mean().backward()
        optimizer.step()
    return [p.detach().clone() for p in model.parameters()]


@about("checkpoints#what-to-save")
def _() -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    _steps(model, optimizer, 5)
    twins = [copy.deepcopy(model) for _ in range(2)]
    state = copy.deepcopy(optimizer.state_dict())
    uninterrupted = _steps(model, optimizer, 3)
    results = []
    for twin, restored in zip(twins, (True, False), strict=True):
        resumed = torch.optim.Adam(twin.parameters(), lr=0.1)
        if restored:
            resumed.load_state_dict(state)
        results.append(_steps(twin, resumed, 3))
    assert all(map(torch.equal, results[0], uninterrupted))
    assert not any(map(torch.equal, results[1], uninterrupted))
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    assert scheduler.state_dict()["last_epoch"] == 0


@about("checkpoints#reading-a-file")
def _() -> None:
    file = io.BytesIO()
    torch.save({"epoch": 3, "weight": torch.ones(2)}, file)
    file.seek(0)
    assert torch.load(file, map_location="cpu", weights_only=True)["epoch"] == 3
    file.seek(0)
    assert torch.load(file, map_location="meta", weights_only=True)["weight"].is_meta


@about("device#once-or-always")
def _() -> None:
    x = torch.ones(3, device="meta")
    with pytest.raises(RuntimeError, match="device"):
        x + torch.ones(3)
    assert (x + torch.tensor(1.0)).is_meta  # a 0-dim CPU tensor may join


@about("device#tensor-or-module")
def _() -> None:
    x, layer = torch.zeros(2), nn.Linear(2, 2)
    moved = x.to("meta")
    assert moved.is_meta
    assert not x.is_meta
    assert layer.to("meta") is layer
    assert layer.weight.is_meta


@about("device#choosing-a-device")
def _() -> None:
    assert torch.cuda.is_available() in (True, False)
    assert torch.backends.mps.is_available() in (True, False)
    assert [torch.device(name).type for name in ("cuda", "cpu", "mps")] == ["cuda", "cpu", "mps"]


@about("evaluation#differences")
def _() -> None:
    model: Any = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
    x = torch.randn(8, 2)
    assert not torch.equal(model(x), model(x))
    moved = model[1].running_mean.clone()
    model.eval()
    assert torch.equal(model(x), model(x))
    assert torch.equal(model[1].running_mean, moved)
    assert model(x).grad_fn is not None
    with torch.no_grad():
        assert model(x).grad_fn is None


@about("evaluation#mean-of-means")
def _() -> None:
    assert round((4 + 4 + 0) / 9, 3) == 0.889
    assert round((1.0 + 1.0 + 0.0) / 3, 3) == 0.667


@about("evaluation#inference-mode")
def _() -> None:
    w = torch.ones(2, requires_grad=True)
    dropout = nn.Dropout(0.5)

    @torch.inference_mode()
    def compute() -> Tensor:
        assert (dropout(torch.ones(100)) == 0).any()
        return w * 2

    @torch.no_grad()
    def without() -> Tensor:
        return w * 2

    result = compute()
    assert result.is_inference()
    assert result.grad_fn is None
    with pytest.raises(RuntimeError, match="nference"):
        w * result
    with pytest.raises(RuntimeError, match="version"):
        _ = result._version
    assert (w * without()).requires_grad
    assert dropout.training


@about("forward#call-or-forward")
def _() -> None:
    layer, calls = nn.Linear(2, 2), []
    layer.register_forward_pre_hook(lambda module, args: calls.append("before"))
    layer.register_forward_hook(lambda module, args, output: calls.append("after"))
    layer.forward(torch.ones(2))
    assert calls == []
    layer(torch.ones(2))
    assert calls == ["before", "after"]


@about("forward#what-comes-out")
def _() -> None:
    logits = nn.Linear(128, 10)(torch.randn(5, 128) * 10)
    assert logits.shape == (5, 10)
    assert not torch.allclose(logits.sum(1), torch.ones(5))
    assert torch.equal(logits.softmax(dim=1).argmax(dim=1), logits.argmax(dim=1))
    target = torch.arange(5)
    assert torch.allclose(
        F.cross_entropy(logits, target), F.nll_loss(logits.log_softmax(1), target)
    )


@about("forward#what-a-subclass-defines")
def _() -> None:
    class Unready(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(1, 1)

    with pytest.raises(AttributeError, match=r"before Module\.__init__"):
        Unready()

    class Forgetful(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            out: Tensor = nn.Linear(2, 2)(x)
            return out

    model = Forgetful()
    assert list(model.parameters()) == []
    assert not torch.equal(model(torch.ones(2)), model(torch.ones(2)))


Placed = Callable[[nn.Module, torch.optim.Optimizer], None]


def _epoch(place: str) -> list[float]:
    """Three steps of the loop, with `zero_grad` at one place; the loss of each."""
    torch.manual_seed(0)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.ones(4, 2), torch.ones(4, 1)
    losses = []
    for _ in range(3):
        if place == "before forward":
            optimizer.zero_grad()
        output = model(x)
        if place == "before backward":
            optimizer.zero_grad()
        loss = F.mse_loss(output, y)
        loss.backward()
        if place == "before step":
            optimizer.zero_grad()
        optimizer.step()
        if place == "after step":
            optimizer.zero_grad()
        losses.append(loss.item())
    return losses


@about("loop#order")
def _() -> None:
    losses = _epoch("before forward")
    assert losses[0] > losses[1] > losses[2]
    parameters = inspect.signature(torch.optim.SGD.step).parameters
    assert "loss" not in parameters


@about("loop#three-calls")
def _() -> None:
    assert hasattr(torch.Tensor, "backward")
    for name in ("zero_grad", "step"):
        assert hasattr(torch.optim.SGD, name)
        assert not hasattr(torch.Tensor, name)


@about("loop#where-zero-grad")
def _() -> None:
    usual = _epoch("before forward")
    assert _epoch("before backward") == usual
    assert _epoch("after step") == usual
    never_learns = _epoch("before step")
    assert never_learns == [never_learns[0]] * 3


@about("loop#keeping-graphs")
def _() -> None:
    layer = nn.Linear(1, 1)
    total: Any = 0.0
    losses = []
    for _ in range(3):
        loss = layer(torch.ones(1, 1)).pow(2).sum()
        losses.append(loss)
        total = total + loss
    losses[-1].backward()
    one = grad_of(layer.weight).clone()
    assert total.grad_fn is not None
    depth, node = 0, total.grad_fn
    while node.name() == "AddBackward0":
        depth, node = depth + 1, node.next_functions[0][0]
    assert depth == 3  # each step's graph hangs on it
    layer.zero_grad()
    (losses[0] + losses[1]).backward()
    assert torch.allclose(grad_of(layer.weight), 2 * one)
    assert isinstance(loss.item(), float)
    assert loss.detach().grad_fn is None


def _overfit(steps: int = 60, lr: float = 0.1, slip: str = "") -> tuple[float, float]:
    """The loss of a small classifier on one batch, before and after training on it."""
    torch.manual_seed(0)
    model, other = (nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 3)) for _ in range(2))
    with torch.no_grad():
        for p in list(model.parameters())[2:]:
            p.zero_()
    x, y = torch.randn(6, 4), torch.tensor([0, 1, 2, 2, 1, 0])
    optimizer = torch.optim.Adam((other if slip == "other" else model).parameters(), lr=lr)
    first = F.cross_entropy(model(x), y).item()
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        if slip == "cleared":
            optimizer.zero_grad()
        optimizer.step()
    return first, F.cross_entropy(model(x), y).item()


@about("overfit-one-batch#what-it-proves")
def _() -> None:
    first, last = _overfit()
    assert first == pytest.approx(math.log(3))
    assert last < 0.01


@about("overfit-one-batch#stuck")
def _() -> None:
    for slip in ("other", "cleared"):
        assert _overfit(steps=10, slip=slip)[1] == pytest.approx(math.log(3))
    assert _overfit(steps=10, lr=1e-7)[1] == pytest.approx(math.log(3), abs=1e-3)


@about("reproducibility#suspects")
def _() -> None:
    state = random.getstate()
    torch.manual_seed(0)
    assert random.getstate() == state  # Python's stream is another one
    first = torch.rand(3)
    torch.manual_seed(0)
    nn.Linear(2, 2)
    assert not torch.equal(torch.rand(3), first)
    assert torch.are_deterministic_algorithms_enabled() is False


@about("zero-grad#without")
def _() -> None:
    w = nn.Parameter(torch.tensor(0.0))
    optimizer = torch.optim.SGD([w], lr=0.1)
    sizes = []
    for _ in range(4):
        old = w.item()
        (w * 1.0).backward()  # the gradient of each step is 1
        optimizer.step()
        sizes.append(old - w.item())
    assert sizes == pytest.approx([0.1, 0.2, 0.3, 0.4])


@about("zero-grad#why-accumulate")
def _() -> None:
    w = torch.tensor(2.0, requires_grad=True)
    (w * 3 + w * 4).backward()
    assert grad_of(w).item() == 7.0
    x = torch.randn(4)
    parts = torch.zeros((), requires_grad=True)
    for half in x.split(2):
        ((parts - half) ** 2).mean().backward()
    whole = torch.zeros((), requires_grad=True)
    ((whole - x) ** 2).mean().backward()
    assert torch.allclose(grad_of(parts), 2 * grad_of(whole))  # it never divides
