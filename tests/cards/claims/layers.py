# mypy: disable-error-code="no-untyped-call"
"""What the cards of `pytorch/layers` say."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from tests.cards.claiming import claims_of, grad_of

about = claims_of("pytorch/layers")


@about("attention#why-scaled")
def _() -> None:
    for d in (16, 256):
        scores = (torch.randn(20_000, d) * torch.randn(20_000, d)).sum(1)
        assert scores.std().item() == pytest.approx(math.sqrt(d), rel=0.05)

    def gradient(scale: float) -> float:
        scores = (torch.randn(200, 10) * scale).requires_grad_()
        scores.softmax(1)[:, 0].sum().backward()
        return grad_of(scores).abs().mean().item()

    assert gradient(16) < gradient(1) / 2


@about("attention#the-shapes")
def _() -> None:
    q, k, v = torch.randn(2, 4, 5, 8), torch.randn(2, 4, 7, 8), torch.randn(2, 4, 7, 8)
    scores = q @ k.transpose(-2, -1) / math.sqrt(8)
    assert scores.shape == (2, 4, 5, 7)
    assert torch.allclose(scores.softmax(-1).sum(-1), torch.ones(2, 4, 5))
    result = F.scaled_dot_product_attention(q, k, v)
    assert result.shape == (2, 4, 5, 8)
    assert torch.allclose(scores.softmax(-1) @ v, result, atol=1e-5)


@about("attention#mask-meaning")
def _() -> None:
    q, k, v = torch.randn(1, 3, 4), torch.randn(1, 3, 4), torch.randn(1, 3, 4)
    first = torch.tensor([True, False, False])
    seen = F.scaled_dot_product_attention(q, k, v, attn_mask=first.expand(3, 3))
    assert torch.allclose(seen, v[:, :1].expand_as(seen), atol=1e-6)
    added = torch.tensor([0.0, -math.inf, -math.inf]).expand(3, 3)
    assert torch.allclose(F.scaled_dot_product_attention(q, k, v, attn_mask=added), seen)
    module = nn.MultiheadAttention(4, 1, batch_first=True)
    for name, mask in (("key_padding_mask", first[None]), ("attn_mask", first.expand(3, 3))):
        _, weights = module(q, k, v, **{name: mask})
        assert not weights[..., 0].any()
        assert (weights[..., 1:] > 0).all()
    _, weights = module(q, k, v, attn_mask=added)
    assert torch.allclose(weights[..., 0], torch.ones(1, 3))


@about("batch-norm#what-is-normalised")
def _() -> None:
    x = torch.randn(4, 3, 5, 5) * torch.tensor([1.0, 9.0, 0.1])[:, None, None] + 7
    y = nn.BatchNorm2d(3)(x)
    assert torch.allclose(y.mean((0, 2, 3)), torch.zeros(3), atol=1e-5)
    assert torch.allclose(y.var((0, 2, 3), correction=0), torch.ones(3), atol=1e-2)


@about("batch-norm#the-start")
def _() -> None:
    bn = nn.BatchNorm1d(2)
    assert bn.weight.tolist() == [1.0, 1.0]
    assert bn.bias.tolist() == [0.0, 0.0]
    x = torch.randn(16, 2) * 3 + 5
    with torch.no_grad():
        bn.weight.copy_(x.std(0, correction=0))
        bn.bias.copy_(x.mean(0))
    assert torch.allclose(bn(x), x, atol=1e-3)


@about("batch-norm#parameters")
def _() -> None:
    bn = nn.BatchNorm2d(64)
    assert sum(p.numel() for p in bn.parameters()) == 128
    names = [name for name, _ in bn.named_buffers()]
    assert names == ["running_mean", "running_var", "num_batches_tracked"]
    assert set(names) < set(bn.state_dict())


@about("batch-norm#dimensions")
def _() -> None:
    x = torch.randn(4, 3, 5, 6) * 2 + 1

    def normalised(dims: tuple[int, ...]) -> Tensor:
        mean, var = x.mean(dims, keepdim=True), x.var(dims, correction=0, keepdim=True)
        return (x - mean) / (var + 1e-5).sqrt()

    assert torch.allclose(nn.BatchNorm2d(3)(x), normalised((0, 2, 3)), atol=1e-4)
    assert torch.allclose(nn.LayerNorm((3, 5, 6))(x), normalised((1, 2, 3)), atol=1e-4)
    assert torch.allclose(nn.InstanceNorm2d(3)(x), normalised((2, 3)), atol=1e-4)


@about("batch-norm-running-statistics#two-modes")
def _() -> None:
    bn, x = nn.BatchNorm1d(2), torch.randn(8, 2) * 3 + 1
    assert not torch.allclose(bn(x)[:4], bn(x[:4]), atol=1e-3)
    kept = bn.running_mean.clone()  # type: ignore[union-attr]
    bn.eval()
    assert torch.allclose(bn(x)[:4], bn(x[:4]))
    assert torch.equal(bn.running_mean, kept)  # type: ignore[arg-type]


@about("batch-norm-running-statistics#the-update")
def _() -> None:
    bn, x = nn.BatchNorm1d(1), torch.randn(8, 1) + 5
    bn.running_mean.fill_(3.0)  # type: ignore[union-attr]
    bn(x)
    assert bn.running_mean.item() == pytest.approx(0.9 * 3 + 0.1 * x.mean().item())  # type: ignore[union-attr]
    assert pytest.approx(1 / 3, abs=0.02) == 0.9**10
    assert pytest.approx(0.005, abs=0.001) == 0.9**50


@about("batch-norm-running-statistics#when-updated")
def _() -> None:
    bn, x = nn.BatchNorm1d(1), torch.randn(8, 1) + 5
    seen = [bn.running_mean.item()]  # type: ignore[union-attr]

    def note() -> bool:
        seen.append(bn.running_mean.item())  # type: ignore[union-attr]
        return seen[-1] != seen[-2]

    optimizer = torch.optim.SGD(bn.parameters(), lr=0.1)
    loss = bn(x).pow(3).sum()
    assert note()
    loss.backward()
    assert not note()
    optimizer.step()
    assert not note()
    with torch.no_grad():
        bn(x)
    assert note()
    bn.eval()(x)
    assert not note()


@about("batch-norm-running-statistics#forgotten-eval")
def _() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    x = torch.randn(8, 2)
    before = {name: t.clone() for name, t in model.state_dict().items()}
    with torch.no_grad():
        assert not torch.allclose(model(x)[0], model(x[:2])[0])
    changed = {n for n, t in model.state_dict().items() if not torch.equal(t, before[n])}
    assert changed == {"1.running_mean", "1.running_var", "1.num_batches_tracked"}


@about("batch-norm-why#normalisation-or-regularisation")
def _() -> None:
    x = torch.randn(256, 3)
    bn = nn.BatchNorm1d(3, affine=False)
    assert torch.allclose(bn(x), bn(10 * x), atol=1e-3)

    def noise(size: int) -> float:
        """How much a sample's result depends on the company it is in."""
        results = [bn(torch.cat([x[:1], torch.randn(size - 1, 3)]))[0] for _ in range(50)]
        return torch.stack(results).std(0).mean().item()

    assert noise(8) > 3 * noise(200)


@about("convolution#weight-sharing")
def _() -> None:
    conv = nn.Conv2d(3, 8, 3)
    assert sum(p.numel() for p in conv.parameters()) == 8 * 3 * 3 * 3 + 8
    x = torch.zeros(1, 3, 12, 12)
    x[..., 3:6, 3:6] = torch.randn(3, 3, 3)
    shifted = torch.roll(x, (2, 1), (2, 3))
    assert torch.allclose(conv(x)[..., :7, :8], conv(shifted)[..., 2:9, 1:9], atol=1e-6)


@about("convolution#the-window")
def _() -> None:
    conv = nn.Conv2d(1, 1, 3, dilation=2)
    assert conv.weight[0, 0].numel() == 9
    assert conv(torch.zeros(1, 1, 5, 5)).shape[-2:] == (1, 1)


@about("convolution#output-size")
def _() -> None:
    conv = nn.Conv2d(3, 8, kernel_size=5, stride=2, padding=2)
    assert conv(torch.zeros(1, 3, 32, 32)).shape[-1] == 16


@about("convolution#same-size")
def _() -> None:
    x = torch.zeros(1, 1, 10, 13)

    def growth(kernel_size: int, padding: int | str = 0, dilation: int = 1) -> tuple[int, int]:
        y = nn.Conv2d(1, 1, kernel_size, padding=padding, dilation=dilation)(x)
        return y.shape[2] - 10, y.shape[3] - 13

    assert growth(3, 1) == growth(3, 2, dilation=2) == growth(1) == (0, 0)
    assert growth(5, 1) == (-2, -2)
    assert growth(4, 2) == (1, 1)
    assert growth(5, "same", dilation=3) == (0, 0)


@about("convolution-groups#separable")
def _() -> None:
    deep = nn.Conv2d(64, 64, 3, groups=64, bias=False)
    point = nn.Conv2d(64, 64, 1, bias=False)
    full = nn.Conv2d(64, 64, 3, bias=False)
    assert deep.weight.numel() == 9 * 64
    share = (deep.weight.numel() + point.weight.numel()) / full.weight.numel()
    assert share == pytest.approx(1 / 9, rel=0.2)
    x = torch.randn(1, 64, 5, 5)
    changed = x.clone()
    changed[:, 0] += 1
    assert torch.equal(deep(x)[:, 1:], deep(changed)[:, 1:])  # channels are not mixed


@about("convolution-groups#grouped-weights")
def _() -> None:
    conv = nn.Conv2d(8, 16, kernel_size=3, groups=4)
    assert conv.weight.shape == (16, 2, 3, 3)
    assert conv.weight.numel() == 288
    with pytest.raises(ValueError, match="divisible by groups"):
        nn.Conv2d(8, 16, 3, groups=3)


@about("convolution-groups#transposed-facts")
def _() -> None:
    weight = torch.randn(2, 3, 3, 3)
    x = torch.randn(1, 3, 9, 9, requires_grad=True)
    y = F.conv2d(x, weight, stride=2)
    g = torch.randn_like(y)
    (back,) = torch.autograd.grad(y, x, g)
    assert torch.allclose(back, F.conv_transpose2d(g, weight, stride=2), atol=1e-4)
    undone = F.conv_transpose2d(y, weight, stride=2)
    assert undone.shape == x.shape
    assert not torch.allclose(undone, x, atol=0.1)

    def terms(kernel: int, stride: int) -> set[float]:
        """How many terms the output's inner pixels get."""
        ones = torch.ones(1, 1, 8)
        return set(
            F.conv_transpose1d(ones, torch.ones(1, 1, kernel), stride=stride)[0, 0, 6:-6].tolist()
        )

    assert terms(3, 2) == {1.0, 2.0}
    assert terms(4, 2) == {2.0}
    assert F.conv_transpose1d(torch.ones(1, 1, 4), torch.ones(1, 1, 3), stride=3).shape[2] == 12
    assert F.conv_transpose1d(torch.ones(1, 1, 4), torch.ones(1, 1, 3)).shape[2] == 6


@about("dropout#why-scaled")
def _() -> None:
    x = torch.full((100_000,), 3.0)
    assert F.dropout(x, 0.4).mean().item() == pytest.approx(3.0, rel=0.02)
    assert torch.equal(F.dropout(x, 0.4, training=False), x)


@about("dropout#what-p-means")
def _() -> None:
    y = nn.Dropout(p=0.2)(torch.ones(50_000))
    assert (y == 0).float().mean().item() == pytest.approx(0.2, abs=0.01)
    assert y[y != 0].unique().tolist() == [1.25]


@about("dropout#how-many")
def _() -> None:
    layer, x = nn.Dropout(0.5), torch.arange(1.0, 11.0)
    masks = [layer(x) == 0 for _ in range(100)]
    counts = {int(mask.sum()) for mask in masks}
    assert len(counts) > 3
    assert 4 < torch.stack(masks).sum(1).float().mean() < 6
    assert not all(torch.equal(mask, masks[0]) for mask in masks)
    assert any(mask[9] for mask in masks)  # the largest too


@about("embedding#one-hot")
def _() -> None:
    table = torch.randn(6, 3, requires_grad=True)
    twin = table.detach().clone().requires_grad_()
    tokens = torch.tensor([1, 4, 4])
    g = torch.randn(3, 3)
    looked_up = F.embedding(tokens, table)
    multiplied = F.one_hot(tokens, 6).float() @ twin
    assert torch.equal(looked_up, multiplied)
    looked_up.backward(g)
    multiplied.backward(g)
    assert torch.allclose(grad_of(table), grad_of(twin))


@about("embedding#shape")
def _() -> None:
    assert nn.Embedding(1000, 64)(torch.zeros(8, 20, dtype=torch.int64)).shape == (8, 20, 64)


@about("embedding#inputs")
def _() -> None:
    table = nn.Embedding(10, 4)
    assert table(torch.tensor(9)).shape == (4,)
    assert table(torch.tensor([0, 9], dtype=torch.int32)).shape == (2, 4)
    for wrong in (10, -1):
        with pytest.raises(IndexError):
            table(torch.tensor([wrong]))
    with pytest.raises(RuntimeError):
        table(torch.tensor([2.0]))


@about("group-rms-norm#what-rms-leaves-out")
def _() -> None:
    x, norm = torch.randn(5, 8) + 2, nn.RMSNorm(8, eps=1e-6)
    assert torch.allclose(norm(x), x / (x.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt(), atol=1e-5)
    assert torch.allclose(norm(x), norm(7 * x), atol=1e-5)
    assert not torch.allclose(norm(x), norm(x + 3), atol=0.1)
    assert [name for name, _ in norm.named_parameters()] == ["weight"]


@about("group-rms-norm#two-ends")
def _() -> None:
    x = torch.randn(4, 6, 5, 5) * 3 + 1
    assert torch.allclose(F.group_norm(x, 1), F.layer_norm(x, x.shape[1:]), atol=1e-5)
    assert torch.allclose(F.group_norm(x, 6), F.instance_norm(x), atol=1e-5)
    assert nn.GroupNorm(1, 6).weight.shape == (6,)
    assert nn.LayerNorm((6, 5, 5)).weight.shape == (6, 5, 5)
    with pytest.raises(ValueError, match="divisible"):
        nn.GroupNorm(4, 6)


@about("group-rms-norm#the-parameters")
def _() -> None:
    counts = [sum(p.numel() for p in m(512).parameters()) for m in (nn.LayerNorm, nn.RMSNorm)]
    assert counts == [1024, 512]


@about("layer-norm#why-in-transformers")
def _() -> None:
    x = torch.randn(3, 7, 8)
    norm = nn.LayerNorm(8)
    assert torch.allclose(norm(x)[0, 2], norm(x[0, 2]), atol=1e-6)
    padded = torch.cat([x, torch.zeros(3, 2, 8)], dim=1)
    assert torch.allclose(norm(padded)[:, :7], norm(x), atol=1e-6)
    batch = nn.BatchNorm1d(8)
    assert not torch.allclose(batch(padded.mT).mT[:, :7], batch(x.mT).mT, atol=1e-3)


@about("layer-norm#how-many-means")
def _() -> None:
    x, weight = torch.randn(8, 20, 64), nn.LayerNorm(64).weight
    _, mean, _ = torch.native_layer_norm(x, [64], weight, None, 1e-5)
    assert mean.numel() == 160


@about("layer-norm#differences")
def _() -> None:
    x, norm = torch.randn(4, 5) * 2 + 3, nn.LayerNorm(5)
    trained = norm(x)
    assert torch.equal(trained, norm.eval()(x))
    assert torch.allclose(trained[:1], norm(x[:1]), atol=1e-6)
    assert len(list(norm.parameters())) == 2
    assert not list(nn.LayerNorm(5, elementwise_affine=False).parameters())
    assert torch.allclose(trained.mean(1), torch.zeros(4), atol=1e-5)
    assert not torch.allclose(trained.mean(0), torch.zeros(5), atol=0.05)
    assert torch.allclose(trained.var(1, correction=0), torch.ones(4), atol=1e-3)
    large = torch.randn(100, 5) + torch.tensor([50.0, 0, 0, 0, 0])
    assert norm(large)[:, 0].mean() > 1


@about("linear#weight-shape")
def _() -> None:
    layer, x = nn.Linear(3, 5), torch.randn(2, 3)
    assert layer.weight.shape == (5, 3)
    assert torch.allclose(layer(x), x @ layer.weight.T + layer.bias, atol=1e-6)
    assert nn.Conv2d(3, 5, 1).weight.shape[0] == 5


@about("linear#parameters")
def _() -> None:
    assert sum(p.numel() for p in nn.Linear(512, 10).parameters()) == 5130


@about("linear#two-linears")
def _() -> None:
    first, second = nn.Linear(100, 10), nn.Linear(10, 100)
    pair, one = nn.Sequential(first, second), nn.Linear(100, 100)
    weight = second.weight @ first.weight
    exact = second.weight.detach().double() @ first.weight.detach().double()
    assert torch.linalg.matrix_rank(exact) == 10
    x = torch.randn(4, 100)
    merged = x @ weight.T + second.weight @ first.bias + second.bias
    assert torch.allclose(pair(x), merged, atol=1e-5)
    counts = [sum(p.numel() for p in m.parameters()) for m in (pair, one)]
    assert counts == [2110, 10_100]


@about("pooling#global")
def _() -> None:
    pool = nn.AdaptiveAvgPool2d(1)
    for size in ((5, 7), (12, 3)):
        x = torch.randn(2, 4, *size)
        assert pool(x).shape == (2, 4, 1, 1)
        assert torch.allclose(pool(x).flatten(1), x.mean((2, 3)), atol=1e-6)
        assert torch.allclose(pool(x), pool(x.flip(-1)), atol=1e-6)


@about("pooling#gradient")
def _() -> None:
    def gradient(values: list[float], size: int, stride: int) -> list[float]:
        x = torch.tensor([[values]], requires_grad=True)
        F.max_pool1d(x, size, stride).sum().backward()
        return list(grad_of(x)[0, 0].tolist())

    assert gradient([1.0, 5.0, 2.0], 3, 3) == [0.0, 1.0, 0.0]
    assert sorted(gradient([5.0, 5.0, 2.0], 3, 3)) == [0.0, 0.0, 1.0]
    assert gradient([1.0, 5.0, 2.0], 2, 1) == [0.0, 2.0, 0.0]
    x = torch.zeros(1, 1, 4, requires_grad=True)
    F.avg_pool1d(x, 4).sum().backward()
    assert grad_of(x).flatten().tolist() == [0.25] * 4


@about("positional-encoding#why")
def _() -> None:
    x, order = torch.randn(1, 4, 6), torch.tensor([2, 0, 3, 1])
    attention = nn.MultiheadAttention(6, 2, batch_first=True)
    outputs = [attention(t, t, t)[0] for t in (x, x[:, order])]
    assert torch.allclose(outputs[0][:, order], outputs[1], atol=1e-5)
    rnn = nn.RNN(6, 5, batch_first=True)
    assert not torch.allclose(rnn(x)[0][:, order], rnn(x[:, order])[0], atol=1e-3)


@about("positional-encoding#kinds")
def _() -> None:
    table = nn.Embedding(512, 4)
    with pytest.raises(IndexError):
        table(torch.arange(600))
    q, k = torch.randn(2), torch.randn(2)

    def turn(x: Tensor, angle: float) -> Tensor:
        sin, cos = math.sin(angle), math.cos(angle)
        return torch.tensor([[cos, -sin], [sin, cos]]) @ x

    scores = [turn(q, 0.3 * m) @ turn(k, 0.3 * n) for m, n in ((5, 2), (9, 6), (9, 2))]
    assert torch.allclose(scores[0], scores[1], atol=1e-5)
    assert not torch.allclose(scores[0], scores[2], atol=1e-3)


@about("recurrent#why-lstm")
def _() -> None:
    def survives(cell: nn.RNNCell | nn.LSTMCell) -> float:
        start = torch.full((1, 1), 0.1, requires_grad=True)
        h, c = start, start
        for _ in range(50):
            if isinstance(cell, nn.LSTMCell):
                h, c = cell(torch.zeros(1, 1), (torch.zeros(1, 1), c))
            else:
                h = cell(torch.zeros(1, 1), h)
        (h if isinstance(cell, nn.RNNCell) else c).sum().backward()
        return grad_of(start).item()

    rnn, lstm = nn.RNNCell(1, 1), nn.LSTMCell(1, 1)
    with torch.no_grad():
        for p in (*rnn.parameters(), *lstm.parameters()):
            p.zero_()
        rnn.weight_hh.fill_(0.5)
        lstm.bias_hh[1] = 8.0  # the forget gate, open
    assert survives(rnn) < 1e-12
    assert survives(lstm) > 0.9
    with torch.no_grad():
        rnn.weight_hh.fill_(1.0)
    assert survives(rnn) < 0.9


@about("recurrent#last-state")
def _() -> None:
    lstm = nn.LSTM(3, 4, num_layers=2, batch_first=True)
    output, (h, c) = lstm(torch.randn(2, 5, 3))
    assert torch.equal(h[-1], output[:, -1])
    assert not torch.allclose(h[-1], output[:, 0])
    assert not torch.allclose(h[-1], c[-1])
    both = nn.LSTM(3, 4, batch_first=True, bidirectional=True)
    output, (h, _c) = both(torch.randn(2, 5, 3))
    assert torch.equal(h[-1], output[:, 0, 4:])


@about("recurrent#gate-rows")
def _() -> None:
    layers: list[Any] = [nn.LSTM(10, 20), nn.GRU(10, 20), nn.RNN(10, 20)]
    rows = [layer.weight_ih_l0.shape[0] for layer in layers]
    assert rows == [80, 60, 20]
