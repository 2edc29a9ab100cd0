# mypy: disable-error-code="no-untyped-call"
"""What the cards of `pytorch/losses` say."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from tests.cards.claiming import claims_of, grad_of

about = claims_of("pytorch/losses")


@about("bce-with-logits#multi-label")
def _() -> None:
    logits = torch.tensor([9.0, 9.0, -9.0])
    assert logits.softmax(0).max() < 0.51  # two classes compete
    assert (logits.sigmoid()[:2] > 0.99).all()


@about("bce-with-logits#shape-and-dtype")
def _() -> None:
    logits, target = torch.randn(4, 1), torch.tensor([0, 1, 1, 0])
    with pytest.raises(ValueError, match="must be the same as input size"):
        F.binary_cross_entropy_with_logits(logits, target.float())
    with pytest.raises(RuntimeError):
        F.binary_cross_entropy_with_logits(logits.squeeze(1), target)
    F.binary_cross_entropy_with_logits(logits.squeeze(1), target.float())
    F.binary_cross_entropy_with_logits(logits.squeeze(1), torch.full((4,), 0.3))
    with pytest.warns(UserWarning, match="different to the input size"):
        F.mse_loss(logits, target.float())
    twice = torch.tensor([-1e3, 1e3]).sigmoid().sigmoid()
    assert twice.tolist() == pytest.approx([0.5, 0.731], abs=1e-3)


@about("bce-with-logits#one-logit-instead-of-two")
def _() -> None:
    z, y = torch.randn(6), torch.tensor([0, 1, 1, 0, 1, 0])
    two = torch.stack([torch.zeros(6), z], dim=1)
    assert torch.allclose(F.cross_entropy(two, y), F.binary_cross_entropy_with_logits(z, y.float()))
    pair = torch.randn(6, 2)
    assert torch.allclose(pair.softmax(1)[:, 1], (pair[:, 1] - pair[:, 0]).sigmoid(), atol=1e-6)


@about("contrastive#infonce-as-classification")
def _() -> None:
    a = F.normalize(torch.randn(5, 8), dim=1)
    right = F.cross_entropy(a @ a.T / 0.1, torch.arange(5))
    wrong = F.cross_entropy(a @ a[[1, 2, 3, 4, 0]].T / 0.1, torch.arange(5))
    assert right < wrong


@about("contrastive#temperature")
def _() -> None:
    similarity = torch.tensor([[0.5, 0.6, 0.3, -0.2]])

    def share_of_hardest(temperature: float) -> float:
        s = similarity.clone().requires_grad_()
        F.cross_entropy(s / temperature, torch.tensor([0])).backward()
        negatives = grad_of(s)[0, 1:]
        return (negatives[0] / negatives.sum()).item()

    assert share_of_hardest(0.05) > 0.95
    assert share_of_hardest(5.0) < 0.4
    best = F.cross_entropy(torch.tensor([[1.0, -1.0]]), torch.tensor([0]))
    assert best > 0.1  # logits between −1 and 1 can never be certain


@about("cross-entropy#why-logits")
def _() -> None:
    logits, target = torch.tensor([[200.0, 0.0, 1.0]], requires_grad=True), torch.tensor([1])
    assert logits.softmax(1)[0, 1].log().isinf()
    loss = F.cross_entropy(logits, target)
    assert loss.item() == 200.0
    loss.backward()
    by_formula = logits.softmax(1) - F.one_hot(target, 3)
    assert torch.allclose(grad_of(logits), by_formula)
    x = torch.randn(4, 3)
    picked = x.logsumexp(1) - x[torch.arange(4), torch.tensor([0, 2, 1, 0])]
    assert torch.allclose(F.cross_entropy(x, torch.tensor([0, 2, 1, 0])), picked.mean())


@about("cross-entropy#what-it-is-made-of")
def _() -> None:
    logits, target = torch.randn(5, 3), torch.tensor([0, 2, 1, 1, 0])
    assert torch.allclose(
        F.cross_entropy(logits, target), F.nll_loss(F.log_softmax(logits, dim=1), target)
    )
    assert F.nll_loss(torch.tensor([[-7.0, 3.0]]), torch.tensor([1])).item() == -3.0


@about("cross-entropy#double-softmax")
def _() -> None:
    certain = torch.full((1, 10), -1e3)
    certain[0, 4] = 1e3
    target = torch.tensor([4])
    assert F.cross_entropy(certain, target).item() == 0.0
    twice = F.cross_entropy(certain.softmax(1), target).item()
    assert twice == pytest.approx(1.46, abs=0.005)
    assert twice == pytest.approx(-math.log(math.e / (math.e + 9)))
    assert torch.tensor([1.0, 0.0]).softmax(0).tolist() == pytest.approx([0.73, 0.27], abs=0.005)


@about("cross-entropy#target-dtype")
def _() -> None:
    logits = torch.randn(2, 3)
    F.cross_entropy(logits, torch.tensor([0, 2]))
    F.cross_entropy(logits, torch.tensor([0, 2], dtype=torch.uint8))
    for dtype in (torch.int32, torch.int16, torch.bool):
        with pytest.raises(RuntimeError):
            F.cross_entropy(logits, torch.tensor([0, 1]).to(dtype))
    with pytest.raises(RuntimeError):
        F.cross_entropy(logits, torch.tensor([0.0, 2.0]))
    F.cross_entropy(logits, logits.softmax(1))


@about("cross-entropy-options#why-smoothing")
def _() -> None:
    def minimum(smoothing: float) -> float:
        gaps = torch.arange(0.0, 40.0, 0.5)
        logits = torch.stack([gaps, torch.zeros_like(gaps)], dim=1).double()
        losses = F.cross_entropy(
            logits,
            torch.zeros(len(gaps), dtype=torch.int64),
            label_smoothing=smoothing,
            reduction="none",
        )
        return gaps[losses.argmin()].item()

    assert minimum(0.0) > 30
    assert minimum(0.1) == pytest.approx(math.log(0.95 / 0.05), abs=0.3)


@about("cross-entropy-options#smoothed-target")
def _() -> None:
    logits, target = torch.randn(1, 10), torch.tensor([3])
    smoothed = torch.full((1, 10), 0.01)
    smoothed[0, 3] = 0.91
    assert torch.allclose(
        F.cross_entropy(logits, target, label_smoothing=0.1), F.cross_entropy(logits, smoothed)
    )


@about("cross-entropy-options#weighted-mean")
def _() -> None:
    logits, target = torch.randn(6, 2), torch.tensor([0, 1, 1, 0, 0, 0])
    plain = F.cross_entropy(logits, target, reduction="none")
    weight = torch.tensor([1.0, 3.0])
    loss = F.cross_entropy(logits, target, weight=weight)
    assert torch.allclose(loss, (weight[target] * plain).sum() / weight[target].sum())
    assert torch.allclose(F.cross_entropy(logits, target, weight=2 * weight), loss)
    sums = [
        F.cross_entropy(logits, target, weight=w, reduction="sum") for w in (weight, 2 * weight)
    ]
    assert torch.allclose(2 * sums[0], sums[1])
    ones = target * 0
    assert torch.allclose(
        F.cross_entropy(logits, ones, weight=weight), F.cross_entropy(logits, ones)
    )


@about("kl-divergence#direction")
def _() -> None:
    x = torch.linspace(-8, 8, 321)
    p = (-0.5 * (x - 3) ** 2).exp() + (-0.5 * (x + 3) ** 2).exp()
    p = p / p.sum()
    fits = [(mean, width) for mean in (-3.0, 0.0, 3.0) for width in (1.0, 2.0, 3.2)]
    forward, backward = [], []
    for mean, width in fits:
        logq = (-0.5 * ((x - mean) / width) ** 2).log_softmax(0)
        forward.append((p * (p.log() - logq)).sum())
        backward.append((logq.exp() * (logq - p.log())).sum())
    assert fits[int(torch.stack(forward).argmin())] == (0.0, 3.2)  # broad, over both peaks
    best = fits[int(torch.stack(backward).argmin())]
    assert abs(best[0]) == 3.0  # one peak
    assert best[1] == 1.0


@about("kl-divergence#the-arguments")
def _() -> None:
    student, teacher = torch.randn(4, 5), torch.randn(4, 5)
    p, logp = teacher.softmax(-1), teacher.log_softmax(-1)
    expected = (p * (logp - student.log_softmax(-1))).sum() / 4
    logq = F.log_softmax(student, dim=-1)
    assert torch.allclose(
        F.kl_div(logq, F.softmax(teacher, dim=-1), reduction="batchmean"), expected
    )
    assert torch.allclose(F.kl_div(logq, logp, reduction="batchmean", log_target=True), expected)


@about("kl-divergence#mean-or-batchmean")
def _() -> None:
    logq, p = torch.randn(4, 1000).log_softmax(-1), torch.randn(4, 1000).softmax(-1)
    total = F.kl_div(logq, p, reduction="sum")
    with pytest.warns(UserWarning, match="reduction: 'mean' divides"):
        mean = F.kl_div(logq, p)
    assert torch.allclose(mean, total / 4000)
    assert torch.allclose(F.kl_div(logq, p, reduction="batchmean"), 1000 * mean)


@about("regression#huber-why")
def _() -> None:
    def slopes(loss: object) -> list[float]:
        e = torch.tensor([0.001, 0.5, 1000.0], requires_grad=True)
        loss(e, torch.zeros(3), reduction="sum").backward()  # type: ignore[operator]
        return list(grad_of(e).tolist())

    assert slopes(F.mse_loss) == pytest.approx([0.002, 1.0, 2000.0])
    assert slopes(F.l1_loss) == [1.0, 1.0, 1.0]
    assert slopes(F.huber_loss) == pytest.approx([0.001, 0.5, 1.0])


@about("regression#minimisers")
def _() -> None:
    target = torch.tensor([0.0, 0.0, 0.0, 10.0])
    constants = torch.linspace(0, 10, 101)[:, None].expand(101, 4)
    goal = target.expand(101, 4)
    mse = F.mse_loss(constants, goal, reduction="none").mean(1)
    l1 = F.l1_loss(constants, goal, reduction="none").mean(1)
    assert constants[mse.argmin(), 0].item() == pytest.approx(2.5)
    assert constants[l1.argmin(), 0].item() == 0.0
    assert [mse[0].item(), mse[25].item()] == pytest.approx([25.0, 18.75])
    assert [l1[25].item(), l1[0].item()] == pytest.approx([3.75, 2.5])
