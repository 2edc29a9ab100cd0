# mypy: disable-error-code="no-untyped-call"
"""What the cards of `pytorch/optimisation` say."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer

from tests.cards.claiming import claims_of, grad_of

about = claims_of("pytorch/optimisation")
Make = Callable[[list[nn.Parameter]], Optimizer]


def moved(make: Make, gradients: list[float | None], start: float = 0.0) -> list[float]:
    """The value of one weight after each step with the given gradients."""
    w = nn.Parameter(torch.tensor(start))
    optimizer, values = make([w]), []
    for gradient in gradients:
        w.grad = None if gradient is None else torch.tensor(gradient)
        optimizer.step()
        values.append(w.item())
    return values


@about("adam#bias-correction")
def _() -> None:
    w = nn.Parameter(torch.tensor(0.0))
    optimizer = Adam([w], lr=0.1)
    w.grad = torch.tensor(2.0)
    optimizer.step()
    state = optimizer.state[w]
    assert state["exp_avg"].item() == pytest.approx(0.1 * 2)
    assert state["exp_avg_sq"].item() == pytest.approx(0.001 * 4)
    assert w.item() == pytest.approx(-0.1)
    assert 0.1 / math.sqrt(0.001) == pytest.approx(3, abs=0.2)


@about("adam#terminal-velocity")
def _() -> None:
    values = moved(lambda p: SGD(p, lr=0.1, momentum=0.9), [2.0] * 100)
    assert values[-2] - values[-1] == pytest.approx(2.0, rel=1e-3)


@about("adam#facts")
def _() -> None:
    w = nn.Parameter(torch.zeros(5))
    optimizer = Adam([w], lr=0.1)
    assert len(optimizer.state) == 0
    w.grad = torch.ones(5)
    optimizer.step()
    assert {k for k, t in optimizer.state[w].items() if t.shape == w.shape} == {
        "exp_avg",
        "exp_avg_sq",
    }
    coasting = moved(lambda p: SGD(p, lr=0.1, momentum=0.5), [1.0, 0.0, 0.0, None])
    assert coasting == pytest.approx([-0.1, -0.15, -0.175, -0.175])
    whole, clipped = (
        moved(lambda p: Adam(p, lr=0.1), [f * g for g in (3.0, -1.0, 2.0)]) for f in (1, 0.1)
    )
    assert whole == pytest.approx(clipped, rel=1e-4)


@about("adamw#why-not-the-same")
def _() -> None:
    def shrunk(make: Make, gradient: float) -> float:
        """How far the decay alone has moved a weight whose gradient swings between ±g."""
        return 50.0 - moved(make, [gradient, -gradient] * 10, start=50.0)[-1]

    def l2(p: list[nn.Parameter]) -> Optimizer:
        return Adam(p, lr=0.01, weight_decay=0.1)

    def decoupled(p: list[nn.Parameter]) -> Optimizer:
        return AdamW(p, lr=0.01, weight_decay=0.1)

    assert shrunk(l2, 1000.0) < shrunk(l2, 1.0) / 10
    assert shrunk(decoupled, 1000.0) == pytest.approx(shrunk(decoupled, 1.0), rel=0.05)
    weak = moved(lambda p: Adam(p, lr=0.01, weight_decay=1), [0.0], 50.0)
    strong = moved(lambda p: Adam(p, lr=0.01, weight_decay=9), [0.0], 50.0)
    assert weak == pytest.approx(strong)
    assert weak == pytest.approx([50 - 0.01])


@about("adamw#where-the-decay-goes")
def _() -> None:
    (l2,) = moved(lambda p: Adam(p, lr=0.1, weight_decay=0.5), [0.0], 40.0)
    (same,) = moved(lambda p: Adam(p, lr=0.1), [0.5 * 40.0], 40.0)
    assert l2 == pytest.approx(same)
    (decayed,) = moved(lambda p: AdamW(p, lr=0.1, weight_decay=0.5), [0.0], 40.0)
    assert decayed == pytest.approx(40 * (1 - 0.1 * 0.5))


@about("adamw#default")
def _() -> None:
    defaults = [
        make([nn.Parameter(torch.zeros(1))]).defaults["weight_decay"] for make in (AdamW, Adam, SGD)
    ]
    assert defaults == [0.01, 0, 0]


@about("adamw#zero-gradient")
def _() -> None:
    values = [40.0, *moved(lambda p: AdamW(p, lr=0.1, weight_decay=0.5), [0.0] * 4, 40.0)]
    ratios = [b / a for a, b in itertools.pairwise(values)]
    assert ratios == pytest.approx([0.95] * 4)
    values = [40.0, *moved(lambda p: Adam(p, lr=0.1, weight_decay=0.5), [0.0] * 4, 40.0)]
    steps = [a - b for a, b in itertools.pairwise(values)]
    assert steps == pytest.approx([0.1] * 4, rel=0.01)
    assert moved(lambda p: AdamW(p, lr=0.1, weight_decay=0.5), [None], 40.0) == [40.0]


@about("gradient-accumulation#what-it-saves")
def _() -> None:
    model, x = nn.Linear(3, 1), torch.randn(8, 3)
    model(x).pow(2).mean().backward()
    whole = grad_of(model.weight).clone()
    model.zero_grad()
    for part in x.split(2):
        (model(part).pow(2).mean() / 4).backward()
    assert torch.allclose(grad_of(model.weight), whole, atol=1e-6)


@about("gradient-accumulation#not-divided")
def _() -> None:
    def after(make: Make, factor: float) -> float:
        return moved(make, [factor * g for g in (1.0, 0.5, 2.0)])[-1]

    sgd, adam = [
        [after(m, f) for f in (1, 4)] for m in (lambda p: SGD(p, lr=0.1), lambda p: Adam(p, lr=0.1))
    ]
    assert sgd[1] == pytest.approx(4 * sgd[0])
    assert adam[1] == pytest.approx(adam[0], rel=1e-4)
    w = nn.Parameter(torch.zeros(1))
    norms = []
    for factor in (1.0, 4.0):
        w.grad = torch.tensor([0.6 * factor])
        norms.append(nn.utils.clip_grad_norm_([w], 1.0).item())
    assert norms == pytest.approx([0.6, 2.4])
    assert grad_of(w).item() == pytest.approx(1.0)  # only the second was cut


@about("gradient-accumulation#differences")
def _() -> None:
    x = torch.randn(8, 3)
    batch, layer = nn.BatchNorm1d(3), nn.LayerNorm(3)
    assert not torch.allclose(torch.cat([batch(part) for part in x.split(4)]), batch(x), atol=1e-3)
    assert torch.allclose(torch.cat([layer(part) for part in x.split(4)]), layer(x), atol=1e-6)

    def contrast(a: Tensor) -> Tensor:
        return F.cross_entropy(a @ a.T, torch.arange(len(a)))

    parts = torch.stack([contrast(part) for part in x.split(4)]).mean()
    assert parts < contrast(x)  # fewer negatives, an easier question
    masks = [F.dropout(torch.ones(100)) for _ in range(2)]
    assert not torch.equal(masks[0], masks[1])


@about("gradient-clipping#norm-or-value")
def _() -> None:
    def clipped(clip: Callable[[nn.Parameter], object]) -> Tensor:
        w = nn.Parameter(torch.zeros(3))
        w.grad = torch.tensor([30.0, -4.0, 0.1])
        clip(w)
        return grad_of(w)

    gradient = torch.tensor([30.0, -4.0, 0.1])
    by_norm = clipped(lambda w: nn.utils.clip_grad_norm_([w], 1.0))
    by_value = clipped(lambda w: nn.utils.clip_grad_value_([w], 1.0))
    assert F.cosine_similarity(by_norm, gradient, dim=0).item() == pytest.approx(1.0)
    assert by_value.tolist() == pytest.approx([1.0, -1.0, 0.1])


@about("gradient-clipping#where-it-stands")
def _() -> None:
    w = nn.Parameter(torch.tensor([3.0]))
    optimizer = SGD([w], lr=1.0)
    nn.utils.clip_grad_norm_([w], 1.0)  # nothing to clip yet
    (w * 10).sum().backward()
    assert grad_of(w).item() == 10.0
    nn.utils.clip_grad_norm_([w], 1.0)
    optimizer.step()
    assert w.item() == pytest.approx(2.0)


@about("gradient-clipping#nan")
def _() -> None:
    a, b = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1))
    a.grad, b.grad = torch.tensor([1.0, torch.nan]), torch.tensor([1.0])
    with pytest.raises(RuntimeError, match="non-finite"):
        nn.utils.clip_grad_norm_([a, b], 1.0, error_if_nonfinite=True)
    norm = nn.utils.clip_grad_norm_([a, b], 1.0)
    assert not norm.isfinite()
    assert a.grad.isnan().all()
    assert b.grad.isnan().all()


@about("l1-l2#why-sparse")
def _() -> None:
    w = torch.linspace(-1, 1, 2001, dtype=torch.float64)
    data = 0.5 * (w - 0.3) ** 2  # pulls with 0.3 at w = 0
    assert w[(data + 0.4 * w.abs()).argmin()].item() == pytest.approx(0, abs=1e-9)
    assert w[(data + 0.1 * w.abs()).argmin()].item() == pytest.approx(0.2, abs=1e-3)
    assert w[(data + 0.4 * w**2).argmin()].item() == pytest.approx(0.3 / 1.8, abs=1e-3)


@about("l1-l2#correlated")
def _() -> None:
    spread, single = torch.full((10,), 0.1), torch.tensor([1.0] + 9 * [0.0])
    assert spread.abs().sum().item() == pytest.approx(single.abs().sum().item())
    assert spread.pow(2).sum().item() == pytest.approx(single.pow(2).sum().item() / 10)


@about("mixed-precision#master-weights")
def _() -> None:
    half, single = torch.ones((), dtype=torch.bfloat16), torch.ones(())
    for _ in range(100):
        half += 0.001
        single += 0.001
    assert half.item() == 1.0
    assert single.item() == pytest.approx(1.1, rel=1e-4)
    assert 2 < -math.log10(torch.finfo(torch.bfloat16).eps) < 3


@about("mixed-precision#float16-or-bfloat16")
def _() -> None:
    half, brain = torch.finfo(torch.float16), torch.finfo(torch.bfloat16)
    assert torch.tensor(70_000.0).half().isinf()
    assert torch.tensor(70_000.0).bfloat16().isfinite()
    assert half.max == 65_504
    assert torch.tensor(1e-8).half() == 0
    assert torch.tensor(1e-8).bfloat16() > 0
    assert half.smallest_normal * half.eps == pytest.approx(6e-8, rel=0.01)
    assert (half.eps, brain.eps) == (2**-10, 2**-7)
    assert brain.tiny == torch.finfo(torch.float32).tiny


@about("mixed-precision#the-order-with-a-scaler")
def _() -> None:
    w = nn.Parameter(torch.tensor(1.0))
    optimizer = SGD([w], lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    scaler.scale(w * 3).backward()
    assert grad_of(w).item() == 3 * 1024
    scaler.unscale_(optimizer)
    assert grad_of(w).item() == 3.0
    scaler.step(optimizer)
    scaler.update()
    assert w.item() == pytest.approx(0.7)
    optimizer.zero_grad()
    scaler.scale(w * torch.inf).backward()
    scaler.step(optimizer)
    scaler.update()
    assert w.item() == pytest.approx(0.7)  # left out
    assert scaler.get_scale() == 512
    fresh = torch.amp.GradScaler("cpu")
    factors = fresh.get_growth_factor(), fresh.get_backoff_factor(), fresh.get_growth_interval()
    assert factors == (2.0, 0.5, 2000)


@about("schedules#where")
def _() -> None:
    def optimizer() -> SGD:
        return SGD([nn.Parameter(torch.zeros(()))], lr=1.0)

    early = optimizer()
    scheduler = torch.optim.lr_scheduler.StepLR(early, 1)
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        scheduler.step()
    steady = optimizer()
    torch.optim.lr_scheduler.StepLR(steady, 1)
    for _ in range(3):
        steady.step()
    assert steady.param_groups[0]["lr"] == 1.0  # the optimizer does not call it
    over = optimizer()
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(over, T_max=90)
    for _ in range(90):
        over.step()
        cosine.step()
    assert over.param_groups[0]["lr"] == pytest.approx(0)
    assert "last_epoch" in cosine.state_dict()
    assert set(over.state_dict()) == {"state", "param_groups"}
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer())
    with pytest.raises(TypeError):
        plateau.step()  # type: ignore[call-arg]


@about("step#what-it-knows")
def _() -> None:
    w = nn.Parameter(torch.tensor(1.0))
    optimizer = SGD([w], lr=0.1)
    w.grad = torch.tensor(5.0)  # from nowhere: it cannot tell
    optimizer.step()
    assert w.item() == pytest.approx(0.5)
    assert list(inspect.signature(SGD.step).parameters) == ["self", "closure"]


@about("step#replaced-layer")
def _() -> None:
    model: Any = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    optimizer = SGD(model.parameters(), lr=0.1)
    model[1] = nn.Linear(2, 1)
    new = model[1].weight.detach().clone()
    optimizer.zero_grad()
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert grad_of(model[1].weight).any()
    assert torch.equal(model[1].weight, new)
    optimizer.add_param_group({"params": model[1].parameters()})
    optimizer.step()
    assert not torch.equal(model[1].weight, new)


@about("step#the-rule-of-sgd")
def _() -> None:
    assert moved(lambda p: SGD(p, lr=0.5), [3.0], 1.0) == [1.0 - 0.5 * 3.0]


@about("weight-decay#how-it-helps")
def _() -> None:
    x, noise = torch.randn(12, 8), torch.randn(12)
    gaps = []
    for strength in (1e-6, 10.0):
        w = torch.linalg.solve(x.T @ x + strength * torch.eye(8), x.T @ noise)
        gaps.append(((x @ w - noise).pow(2).mean().item(), w.norm().item()))
    assert gaps[1][0] > gaps[0][0]  # a little training loss
    assert gaps[1][1] < gaps[0][1]  # for smaller weights


@about("weight-decay#one-step")
def _() -> None:
    (w,) = moved(lambda p: SGD(p, lr=0.1, weight_decay=0.5), [3.0], 2.0)
    assert w == pytest.approx(2.0 - 0.1 * (3.0 + 0.5 * 2.0))
    assert w == pytest.approx((1 - 0.5 * 0.1) * 2.0 - 0.1 * 3.0)


@about("weight-decay#what-holds")
def _() -> None:
    layer = nn.Linear(2, 1)
    nn.init.ones_(layer.bias)
    optimizer = SGD(layer.parameters(), lr=0.1, weight_decay=0.01)
    loss = (layer(torch.zeros(1, 2)) * 0).sum()
    loss.backward()
    assert loss.item() == 0.0
    assert not grad_of(layer.bias).any()
    optimizer.step()
    assert layer.bias.item() == pytest.approx(0.999)
    assert optimizer.param_groups[0]["lr"] == 0.1
    long = moved(lambda p: SGD(p, lr=0.1, weight_decay=0.01), [0.0] * 100, 1.0)
    assert long[-1] > 0.9


@about("weight-decay#factor")
def _() -> None:
    values = moved(lambda p: SGD(p, lr=0.1, weight_decay=0.01), [0.0], 1.0)
    assert values == pytest.approx([0.999])
    assert pytest.approx(0.37, abs=0.005) == 0.999**1000
