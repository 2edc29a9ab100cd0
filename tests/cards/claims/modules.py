# mypy: disable-error-code="no-untyped-call"
# ruff: noqa: ANN401 (torch hands such objects over without a type)
"""What the cards of `pytorch/modules` say."""

from __future__ import annotations

import io
import math
import pickle
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.cards.claiming import claims_of, grad_of

about = claims_of("pytorch/modules")


@about("constant-init#symmetry")
def _() -> None:
    net: Any = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    for p in net.parameters():
        nn.init.constant_(p, 0.3)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    start = net[0].weight.detach().clone()
    for _ in range(5):
        optimizer.zero_grad()
        net(torch.randn(8, 3)).pow(2).mean().backward()
        optimizer.step()
    assert not torch.allclose(net[0].weight, start)
    assert torch.allclose(net[0].weight, net[0].weight[:1].expand(4, 3))


@about("constant-init#where-constants")
def _() -> None:
    conv = nn.Conv2d(2, 3, 3, padding=1)
    nn.init.constant_(conv.weight, 1 / 18)
    out = conv(torch.randn(1, 2, 5, 5)) - conv.bias[:, None, None]  # type: ignore[index]
    assert torch.allclose(out, out[:, :1].expand_as(out), atol=1e-6)
    assert nn.BatchNorm2d(4).weight.tolist() == [1.0] * 4


class _Listed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = [nn.Linear(2, 2)]
        self.blocks = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layers[0](x)
        return out


@about("containers#plain-list")
def _() -> None:
    model: Any = _Listed()
    assert model(torch.ones(1, 2)).shape == (1, 2)
    assert all(name.startswith("blocks.") for name, _ in model.named_parameters())
    assert all(name.startswith("blocks.") for name in model.state_dict())
    model.eval().to("meta")
    assert model.layers[0].training
    assert not model.blocks.training
    assert not model.layers[0].weight.is_meta


@about("containers#names")
def _() -> None:
    assert "blocks.1.weight" in _Listed().state_dict()
    old = nn.Sequential(nn.Linear(2, 2)).state_dict()
    with pytest.raises(RuntimeError, match=r"1\.weight"):
        nn.Sequential(nn.ReLU(), nn.Linear(2, 2)).load_state_dict(old)


@about("containers#which-container")
def _() -> None:
    layer = nn.Linear(2, 2)
    assert nn.Sequential(layer)(torch.ones(2)).shape == (2,)
    with pytest.raises(NotImplementedError):
        nn.ModuleList([layer])(torch.ones(2))
    assert nn.ModuleDict({"a": layer})["a"] is layer
    with pytest.raises(KeyError, match="contain"):
        nn.ModuleDict({"a.b": layer})
    with pytest.raises(TypeError):
        nn.Sequential(layer)(torch.ones(2), torch.ones(2))


@about("freezing#what-it-stops")
def _() -> None:
    before = nn.Linear(3, 3)
    backbone: Any = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout(0.5))
    backbone.requires_grad_(False)
    everything = nn.ModuleList([before, backbone]).parameters()
    fresh = torch.optim.SGD(everything, lr=0.1, momentum=0.9)
    weight = backbone[0].weight.clone()
    backbone(before(torch.randn(8, 3))).pow(3).sum().backward()
    fresh.step()
    assert all(p.grad is None for p in backbone.parameters())
    assert torch.equal(backbone[0].weight, weight)
    assert before.weight.grad is not None  # through the backbone
    assert backbone[1].running_mean.any()
    assert (backbone(torch.ones(50, 3)) == 0).any()


@about("freezing#two-speeds")
def _() -> None:
    backbone, head = nn.Linear(2, 2), nn.Linear(2, 1)
    groups: list[dict[str, Any]] = [
        {"params": backbone.parameters(), "lr": 1e-4},
        {"params": head.parameters()},
    ]
    optimizer = torch.optim.SGD(groups, lr=1e-2)
    assert [group["lr"] for group in optimizer.param_groups] == [1e-4, 1e-2]


@about("freezing#what-still-moves")
def _() -> None:
    def moves(*, clear: bool, to_none: bool = True) -> bool:
        w = nn.Parameter(torch.ones(()))
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
        (w * 2).backward()
        optimizer.step()
        w.requires_grad_(False)
        if clear:
            optimizer.zero_grad(set_to_none=to_none)
        frozen = w.item()
        optimizer.step()
        return w.item() != frozen

    assert moves(clear=False)
    assert moves(clear=True, to_none=False)
    assert not moves(clear=True)
    frozen, other = nn.Parameter(torch.ones(()), requires_grad=False), nn.Parameter(torch.ones(()))
    (frozen * other).backward()
    assert frozen.grad is None
    assert frozen.item() == 1.0


@about("isinstance#isinstance-or-type")
def _() -> None:
    model = nn.MultiheadAttention(4, 2)
    assert [name for name, m in model.named_modules() if isinstance(m, nn.Linear)] == ["out_proj"]
    assert [name for name, m in model.named_modules() if type(m) is nn.Linear] == []


@about("isinstance#walking-a-model")
def _() -> None:
    inner = nn.Sequential(nn.ReLU())
    model = nn.Sequential(inner, nn.Tanh())
    assert list(model.modules()) == [model, inner, inner[0], model[1]]
    assert list(model.children()) == [inner, model[1]]
    assert [name for name, _ in model.named_modules()] == ["", "0", "0.0", "1"]


@about("isinstance#which-of-these-are-true")
def _() -> None:
    conv = nn.Conv2d(3, 8, 3)
    assert isinstance(conv, nn.Module)
    assert isinstance(conv, (nn.Linear, nn.Conv2d))
    assert not isinstance(nn.Sequential(conv), nn.Conv2d)
    assert not isinstance(nn.Conv1d(3, 8, 3), nn.Conv2d)
    assert set(nn.Conv1d.__mro__) & set(nn.Conv2d.__mro__) > {nn.Module, object}
    assert not isinstance(nn.Conv2d, nn.Conv2d)
    assert isinstance(nn.Conv2d, type)


def _signal(depth: int, width: int, fill: Any) -> Tensor:
    """The root mean square of the activations behind each layer of a deep ReLU network."""
    x, sizes = torch.randn(16, width), []
    for _ in range(depth):
        weight = torch.empty(width, width)
        fill(weight)
        x = (x @ weight.T).relu()
        sizes.append(x.pow(2).mean().sqrt())
    return torch.stack(sizes)


@about("kaiming-normal#purpose")
def _() -> None:
    sizes = _signal(20, 128, lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"))
    assert 0.2 < sizes[-1] < 5
    x = torch.randn(10_000)
    assert 0.45 < x.relu().pow(2).mean() / x.pow(2).mean() < 0.55


@about("kaiming-normal#the-standard-deviation")
def _() -> None:
    w = nn.init.kaiming_normal_(torch.empty(50, 800))
    assert w.std().item() == pytest.approx(math.sqrt(2) / math.sqrt(800), rel=0.02)
    assert nn.init.calculate_gain("relu") == pytest.approx(math.sqrt(2))
    assert nn.init.calculate_gain("leaky_relu", 0) == pytest.approx(math.sqrt(2))


@about("kaiming-normal#conv-fan-in")
def _() -> None:
    weight = nn.Conv2d(16, 32, kernel_size=3).weight
    assert weight.shape == (32, 16, 3, 3)
    assert nn.init._calculate_fan_in_and_fan_out(weight)[0] == weight[0].numel() == 144
    w = nn.init.kaiming_normal_(torch.empty_like(weight), nonlinearity="relu")
    assert w.std().item() == pytest.approx(math.sqrt(2 / 144), rel=0.05)


@about("kaiming-normal#fan-out")
def _() -> None:
    forward, backward = [], []
    for mode in ("fan_in", "fan_out"):
        w = nn.init.kaiming_normal_(torch.empty(100, 900), mode=mode, nonlinearity="linear")
        forward.append((torch.randn(200, 900) @ w.T).std().item())
        backward.append((torch.randn(200, 100) @ w).std().item())
    assert forward == pytest.approx([1.0, 3.0], rel=0.1)
    assert backward == pytest.approx([1 / 3, 1.0], rel=0.1)


@about("normal-init#what-is-the-third-argument")
def _() -> None:
    w = nn.init.normal_(torch.empty(50_000), 1.0, 3.0)
    assert w.mean().item() == pytest.approx(1.0, abs=0.1)
    assert w.std().item() == pytest.approx(3.0, rel=0.05)


@about("normal-init#from-variance")
def _() -> None:
    w = nn.init.normal_(torch.empty(50_000), 0.0, 0.2)
    assert w.var().item() == pytest.approx(0.04, rel=0.05)


@about("normal-init#default-std")
def _() -> None:
    assert nn.init.normal_(torch.empty(50_000)).std().item() == pytest.approx(1, rel=0.05)


@about("normal-init#normal-or-kaiming")
def _() -> None:
    for fan, std in ((1024, 0.044), (27, 0.27)):
        assert nn.init.kaiming_normal_(torch.empty(500, fan)).std().item() == pytest.approx(
            std, rel=0.05
        )
        assert nn.init.normal_(torch.empty(500, fan), 0, 0.01).std().item() == pytest.approx(
            0.01, rel=0.05
        )
    sizes = _signal(5, 128, lambda w: nn.init.normal_(w, 0, 0.01))
    assert (sizes[1:] < 0.5 * sizes[:-1]).all()


@about("normal-init#unit-normal-explodes")
def _() -> None:
    sizes = _signal(33, 512, nn.init.normal_)
    growth = sizes[1:8] / sizes[:7]
    assert ((growth > 13) & (growth < 19)).all()
    assert sizes[-1].isinf() or sizes[-1].isnan()
    assert float(torch.finfo(torch.float32).max) == pytest.approx(16.0**32, rel=0.01)


class _Keeper(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.learned = nn.Parameter(torch.zeros(2))
        self.register_buffer("kept", torch.zeros(2))
        self.register_buffer("passing", torch.zeros(2), persistent=False)
        self.plain = torch.zeros(2)


@about("parameters-buffers#three-ways")
def _() -> None:
    model = _Keeper()
    assert [name for name, _ in model.named_parameters()] == ["learned"]
    assert list(model.state_dict()) == ["learned", "kept"]
    model.to("meta")
    tensors = (model.learned, model.kept, model.passing, model.plain)
    assert [t.is_meta for t in tensors] == [True, True, True, False]


@about("parameters-buffers#mask")
def _() -> None:
    mask = torch.ones(3, 3).tril().bool()
    with pytest.raises(RuntimeError, match="floating point"):
        nn.Parameter(mask)
    module = nn.Module()
    module.mask = nn.Parameter(mask.float(), requires_grad=False)
    assert list(module.state_dict()) == ["mask"]
    assert sum(p.numel() for p in module.parameters()) == 9


@about("parameters-buffers#assign-plain-tensor")
def _() -> None:
    layer: Any = nn.Linear(2, 2)
    with pytest.raises(TypeError, match="or None expected"):
        layer.weight = torch.zeros(2, 2)
    with torch.no_grad():
        layer.weight.zero_()
    layer.weight = None
    assert layer.weight is None


@about("state-dict#why-not-the-object")
def _() -> None:
    def loaded(thing: object, weights_only: bool) -> object:
        file = io.BytesIO()
        torch.save(thing, file)
        file.seek(0)
        return torch.load(file, weights_only=weights_only)

    model = nn.Linear(2, 2)
    with pytest.raises(pickle.UnpicklingError, match=r"nn\.modules\.linear\.Linear"):
        loaded(model, weights_only=True)
    assert isinstance(loaded(model, weights_only=False), nn.Linear)
    assert isinstance(loaded(model.state_dict(), weights_only=True), dict)


@about("state-dict#what-comes-back")
def _() -> None:
    model: Any = nn.Sequential(nn.Linear(1, 1, bias=False))
    state = {f"wrong.{name}": torch.full_like(t, 7) for name, t in model.state_dict().items()}
    result = model.load_state_dict(state, strict=False)
    assert result.missing_keys == ["0.weight"]
    assert result.unexpected_keys == ["wrong.0.weight"]
    assert model[0].weight.item() != 7


@about("state-dict#what-strict-lets-pass")
def _() -> None:
    model = nn.Linear(2, 2)
    model.load_state_dict({}, strict=False)
    model.load_state_dict({"more": torch.zeros(1)}, strict=False)
    with pytest.raises(RuntimeError, match="size mismatch"):
        model.load_state_dict({"weight": torch.zeros(3, 2)}, strict=False)
    half = {name: t.half() for name, t in model.state_dict().items()}
    model.load_state_dict(half)
    assert model.weight.dtype == torch.float32


@about("train-eval#what-eval-does")
def _() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Dropout(0.5)))
    assert model.eval() is model
    assert not any(m.training for m in model.modules())
    model.train()
    assert model.train(False) is model
    assert not any(m.training for m in model.modules())
    assert model(torch.ones(2)).requires_grad


@about("train-eval#effects")
def _() -> None:
    x = torch.randn(8, 3) * 5
    assert torch.equal(nn.Dropout(0.5).eval()(x), x)
    norm = nn.BatchNorm2d(3).eval()
    image = torch.randn(2, 3, 4, 4) * 5
    assert torch.allclose(norm(image), image, atol=1e-3)  # running statistics 0 and 1
    layer = nn.Linear(3, 1).eval()
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    old = layer.weight.detach().clone()
    layer(x).sum().backward()
    optimizer.step()
    assert grad_of(layer.weight).any()
    assert not torch.equal(layer.weight, old)
    layer_norm = nn.LayerNorm(3)
    assert not list(layer_norm.buffers())
    assert torch.equal(layer_norm(x), layer_norm.eval()(x))


@about("train-eval#flag")
def _() -> None:
    layer = nn.Linear(1, 1)
    assert layer.training is True
    assert layer.eval().training is False
