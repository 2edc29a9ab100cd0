# mypy: disable-error-code="no-untyped-call"
# ruff: noqa: ANN401 (torch hands such objects over without a type)
"""What the cards of `pytorch/performance` say."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DistributedSampler

from tests.cards.claiming import claims_of, grad_of

about = claims_of("pytorch/performance")


@about("channels-last#what-and-why")
def _() -> None:
    x = torch.randn(2, 3, 4, 5)
    y = x.to(memory_format=torch.channels_last)
    assert y.shape == x.shape
    assert torch.equal(y, x)
    assert y.stride(1) == 1
    assert y.data_ptr() != x.data_ptr()


@about("channels-last#usage")
def _() -> None:
    model: Any = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
    x = torch.randn(2, 3, 8, 8)
    plain = model.eval()(x)
    model.to(memory_format=torch.channels_last)
    for layer in model:
        x = layer(x.to(memory_format=torch.channels_last))
        assert x.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(x, plain, atol=1e-5)
    with pytest.raises(RuntimeError, match="channels"):
        model(torch.randn(2, 8, 8, 3))
    with pytest.raises(RuntimeError, match="rank 4"):
        torch.zeros(3, 4).to(memory_format=torch.channels_last)


def _compiled(f: Callable[..., Any], calls: list[Tensor], **how: Any) -> list[Any]:
    """The graphs that are traced when `f` is called with each of these in turn."""
    graphs: list[Any] = []

    def keep(graph: Any, example: list[Tensor]) -> Callable[..., Any]:
        graphs.append(graph)
        forward: Callable[..., Any] = graph.forward
        return forward

    torch._dynamo.reset()
    g = torch.compile(f, backend=keep, **how)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the compiler's own, about what it will drop one day
        for x in calls:
            assert torch.allclose(g(x), f(x))
            assert g(x).dtype == f(x).dtype
    return graphs


@about("compile-and-profile#gains")
def _() -> None:
    (graph,) = _compiled(lambda x: (x + 1).relu() * 2, [torch.randn(4)])
    assert len([node for node in graph.graph.nodes if "call" in node.op]) == 3


@about("compile-and-profile#two-causes")
def _() -> None:
    def broken(x: Tensor) -> Tensor:
        y = x + 1
        if y.sum() > 0:
            return y * 2
        return y * 3

    assert len(_compiled(broken, [torch.ones(3)])) == 2
    with pytest.raises(Exception, match=r"ata-dependent|Dynamic control flow"):
        _compiled(broken, [torch.ones(3)], fullgraph=True)
    sizes = [torch.ones(n) for n in (2, 3, 4)]
    assert len(_compiled(torch.sin, sizes, dynamic=False)) == 3
    assert len(_compiled(torch.sin, sizes, dynamic=True)) == 1


@about("many-devices#why-equal")
def _() -> None:
    """Two copies, each with a half of the batch, the gradients averaged."""
    copies = [nn.Linear(3, 1) for _ in range(2)]
    copies[1].load_state_dict(copies[0].state_dict())
    optimizers = [torch.optim.Adam(model.parameters(), lr=0.1) for model in copies]
    for _ in range(3):
        for model in copies:
            model.zero_grad()
            model(torch.randn(4, 3)).pow(2).mean().backward()
        for pair in zip(*(model.parameters() for model in copies), strict=True):
            mean = (grad_of(pair[0]) + grad_of(pair[1])) / 2
            for p in pair:
                p.grad = mean.clone()
        for optimizer in optimizers:
            optimizer.step()
    assert torch.equal(copies[0].weight, copies[1].weight)


@about("many-devices#what-does-a-distributedsampler-need-in-each-epoch")
def _() -> None:
    def order(rank: int, epoch: int | None) -> list[int]:
        sampler: Any = DistributedSampler(range(20), num_replicas=2, rank=rank)  # type: ignore[arg-type]
        if epoch is not None:
            sampler.set_epoch(epoch)
        return list(sampler)

    assert sorted(order(0, 1) + order(1, 1)) == list(range(20))
    assert order(0, None) == order(0, None) == order(0, 0)
    assert order(0, 1) != order(0, 2)


@about("many-devices#scaling")
def _() -> None:
    x, w = torch.randn(256), torch.zeros((), requires_grad=True)
    gradients = []
    for part in (x, *x.split(32)):
        w.grad = None
        ((w - part) ** 2).mean().backward()
        gradients.append(grad_of(w))
    assert torch.allclose(gradients[0], torch.stack(gradients[1:]).mean(), atol=1e-6)


@about("memory#bytes-per-parameter")
def _() -> None:
    w = nn.Parameter(torch.zeros(100))
    optimizer = torch.optim.Adam([w])
    w.sum().backward()
    optimizer.step()
    state = [t for t in optimizer.state[w].values() if t.numel() > 1]
    assert sum(t.nbytes for t in (w, grad_of(w), *state)) == 16 * 100
    assert 16 * 7_000_000_000 == 112 * 10**9


@about("memory#leaks")
def _() -> None:
    class Marker(torch.autograd.Function):
        """Holds an object for as long as its graph lives."""

        @staticmethod
        def forward(ctx: Any, x: Tensor, held: Any) -> Tensor:
            ctx.held = held
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
            return grad * 2, None

    class Held:
        pass

    def graph_lives(keep: Callable[[Tensor], object]) -> bool:
        held = Held()
        watched = weakref.ref(held)
        kept = keep(Marker.apply(torch.ones((), requires_grad=True), held))
        del held
        assert kept is not None
        return watched() is not None

    assert graph_lives(lambda loss: loss)
    assert not graph_lives(lambda loss: loss.item())
    assert not graph_lives(lambda loss: loss.detach())
    with torch.no_grad():
        assert not graph_lives(lambda loss: loss)
    layer = nn.Linear(2, 2)
    layer(torch.ones(2)).sum().backward()
    layer.zero_grad()
    assert layer.weight.grad is None


@about("memory#remedies")
def _() -> None:
    from torch.utils.checkpoint import checkpoint

    def saved(run: Callable[[nn.Module, Tensor], Tensor]) -> int:
        kept = []

        def keep(tensor: Tensor) -> Tensor:
            kept.append(tensor)
            return tensor

        block = nn.Sequential(*[nn.Sequential(nn.Linear(8, 8), nn.Tanh()) for _ in range(4)])
        x = torch.randn(4, 8, requires_grad=True)
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
            run(block, x)
        own = {p.data_ptr() for p in block.parameters()}
        return sum(t.nbytes for t in kept if t.data_ptr() not in own)

    def frugal(block: nn.Module, x: Tensor) -> Tensor:
        result: Tensor = checkpoint(block, x, use_reentrant=False)
        return result

    def half(block: nn.Module, x: Tensor) -> Tensor:
        result: Tensor = block.bfloat16()(x.bfloat16())
        return result

    plain = saved(lambda block, x: block(x))
    assert saved(frugal) <= plain / 4
    assert saved(half) < plain
    assert saved(torch.no_grad()(lambda block, x: block(x))) == 0


@about("shapes-and-nan#search")
def _() -> None:
    model: Any = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    with torch.no_grad():
        model[2].weight.fill_(torch.inf)
    seen = []
    for name, module in model.named_children():
        module.register_forward_hook(
            lambda module, args, output, name=name: seen.append(
                (name, bool(output.isfinite().all()))
            )
        )
    model(torch.ones(1, 2) * 0)
    assert [good for _, good in seen] == [True, True, False]
    assert seen[-1][0] == "2"


@about("shapes-and-nan#anomaly")
def _() -> None:
    def run(x: float) -> None:
        leaf = torch.tensor(x, requires_grad=True)
        y = leaf.sqrt() * 0
        y.backward()

    run(0.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with torch.autograd.detect_anomaly(), pytest.raises(RuntimeError, match="SqrtBackward0"):
            run(0.0)
        with torch.autograd.detect_anomaly():
            y = torch.tensor(0.0) / torch.tensor(0.0) + torch.ones((), requires_grad=True)
            y.backward()
    assert y.isnan()
    said = [str(warning.message) for warning in caught]
    assert any("y = leaf.sqrt() * 0" in message for message in said)  # the forward line
    assert any("will increase the runtime" in message for message in said)
