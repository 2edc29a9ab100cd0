# mypy: disable-error-code="no-untyped-call"
"""What the cards of `pytorch/tensors` say."""

from __future__ import annotations

import array
import random
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from tests.cards.claiming import claims_of

about = claims_of("pytorch/tensors")


def shares(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors lie on the same memory."""
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()


@about("advanced-indexing#shape-rule")
def _() -> None:
    x, i = torch.randn(10, 4), torch.randint(0, 10, (2, 3))
    assert x[i].shape == (2, 3, 4)
    assert torch.equal(x[i][1, 2], x[i[1, 2]])


@about("advanced-indexing#assign-pairs")
def _() -> None:
    def zeros(assign: Callable[[Tensor], None]) -> list[list[int]]:
        x = torch.ones(5, 5)
        assign(x)
        found: list[list[int]] = (x == 0).nonzero().tolist()
        return found

    def pairs(x: Tensor) -> None:
        x[[0, 1], [2, 3]] = 0

    def block(x: Tensor) -> None:
        x[0:2, 2:4] = 0

    def column(x: Tensor) -> None:
        x[[[0], [1]], [2, 3]] = 0

    assert zeros(pairs) == [[0, 2], [1, 3]]
    assert zeros(block) == zeros(column) == [[0, 2], [0, 3], [1, 2], [1, 3]]


@about("broadcasting#rule")
def _() -> None:
    assert torch.broadcast_shapes((3, 1, 5), (4, 1)) == (3, 4, 5)
    assert (torch.zeros(3, 1, 5) + torch.zeros(4, 1)).shape == (3, 4, 5)


@about("broadcasting#which-pairs")
def _() -> None:
    fitting = [((3, 1), (1, 4), (3, 4)), ((3, 5), (5,), (3, 5)), ((7, 1), (), (7, 1))]
    for a, b, result in fitting:
        assert torch.broadcast_shapes(a, b) == result
    for a, b in [((3, 5), (3,)), ((2, 3), (3, 2)), ((4, 6), (2, 3))]:
        with pytest.raises(RuntimeError):
            torch.zeros(a) + torch.zeros(b)
    assert (torch.zeros(3, 5) + torch.zeros(3)[:, None]).shape == (3, 5)


@about("conversion#to-or-view")
def _() -> None:
    x = torch.tensor([1.0, 2.5])
    assert x.to(torch.int32).tolist() == [1, 2]
    assert not shares(x.to(torch.int32), x)
    assert x.view(torch.int32)[0].item() == 1065353216
    assert shares(x.view(torch.int32), x)
    assert x.view(torch.int16).shape == (4,)


@about("conversion#synchronise")
def _() -> None:
    x = torch.ones(3, 3, device="meta")  # whatever needs a value fails there
    for needs_values in (
        lambda: x.sum().item(),
        lambda: bool((x > 0).any()),
        lambda: x.nonzero(),
        lambda: x[x > 0],
    ):
        with pytest.raises((RuntimeError, NotImplementedError)):
            needs_values()
    assert (x @ x).shape == (3, 3)
    assert x.shape[0] == 3
    assert x.to(torch.float16).dtype == torch.float16


@about("creation#tensor-as-tensor")
def _() -> None:
    x = torch.ones(2, requires_grad=True) * 1
    assert torch.as_tensor(x) is x
    assert x.grad_fn is not None
    with pytest.warns(UserWarning, match="detach"):
        copied = torch.tensor(x)
    assert copied.grad_fn is None
    assert not shares(copied, x)
    buffer = array.array("f", [1.0, 2.0])
    seen = torch.frombuffer(buffer, dtype=torch.float32)
    buffer[0] = 9.0
    assert seen[0].item() == 9.0
    numbers = [1.0, 2.0]
    both = torch.as_tensor(numbers), torch.tensor(numbers)
    numbers[0] = 5.0
    assert [t[0].item() for t in both] == [1.0, 1.0]
    assert torch.as_tensor(x, dtype=torch.float64) is not x


@about("creation#who-shares")
def _() -> None:
    x = torch.ones(3)
    assert shares(torch.as_tensor(x), x)
    assert shares(x.detach(), x)
    assert not shares(x.clone(), x)
    assert not shares(torch.empty_like(x), x)
    with pytest.warns(UserWarning, match="clone"):
        assert not shares(torch.tensor(x), x)


@about("creation#full-like")
def _() -> None:
    x = torch.zeros(2, 3, dtype=torch.float16)
    y = torch.full_like(x, 7)
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    assert (y == 7).all()
    assert torch.full(x.shape, 7).dtype == torch.int64


@about("dtype#who-decides")
def _() -> None:
    ints, halfs = torch.ones(2, dtype=torch.int32), torch.ones(2, dtype=torch.float16)
    assert (ints * 2).dtype == torch.int32
    assert (ints * 0.5).dtype == torch.get_default_dtype()
    assert (halfs + torch.tensor(1.0)).dtype == torch.float16
    assert (ints + torch.tensor(1.0, dtype=torch.float64)).dtype == torch.float64


@about("dtype#in-place-category")
def _() -> None:
    i = torch.tensor([1, 2, 3])
    with pytest.raises(RuntimeError, match="can't be cast"):
        i += 0.5
    with pytest.raises(RuntimeError, match="can't be cast"):
        i /= 2
    assert (i + 0.5).is_floating_point()
    i[0] = 2.7
    i *= True
    assert i.tolist() == [2, 2, 3]


@about("einsum#read")
def _() -> None:
    a, b = torch.randn(2, 3, 4), torch.randn(2, 4)
    out = torch.einsum("bij,bj->bi", a, b)
    by_formula = sum((a[1, 2, j] * b[1, j]).item() for j in range(4))
    assert out[1, 2].item() == pytest.approx(by_formula, abs=1e-5)


@about("einsum#two-vectors")
def _() -> None:
    a, b = torch.randn(3), torch.randn(4)
    assert torch.allclose(torch.einsum("i,j->ij", a, b), torch.outer(a, b))
    assert torch.allclose(torch.einsum("i,i->i", a, b[:3]), a * b[:3])
    assert torch.allclose(torch.einsum("i,i->", a, b[:3]), a.dot(b[:3]))


@about("einsum#transposed")
def _() -> None:
    a, b = torch.randn(2, 3), torch.randn(4, 3)
    assert torch.allclose(torch.einsum("nk,mk->nm", a, b), a @ b.T, atol=1e-6)
    with pytest.raises(RuntimeError):
        torch.einsum("nk,km->nm", a, b)
    square = torch.randn(3, 3)
    assert not torch.allclose(torch.einsum("nk,km->nm", a, square), a @ square.T)
    assert torch.allclose(torch.einsum("nk,mk->mn", a, b), (a @ b.T).T, atol=1e-6)
    assert torch.einsum("nk,mk->nmk", a, b).shape == (2, 4, 3)


@about("eq#eq-equal-allclose")
def _() -> None:
    a, b = torch.tensor([[1.0], [2.0]]), torch.tensor([1.0, 2.0])
    assert torch.eq(a, b).dtype == torch.bool
    assert torch.eq(a, b).shape == (2, 2)
    assert torch.equal(a, b) is False
    assert torch.equal(b, b.clone()) is True
    assert torch.allclose(b, b + 1e-7) is True
    assert torch.allclose(torch.ones(2, 1), torch.ones(2)) is True


@about("eq#truth-of-a-tensor")
def _() -> None:
    message = "Boolean value of Tensor with more than one value is ambiguous"
    with pytest.raises(RuntimeError, match=message):
        bool(torch.eq(torch.ones(3), torch.ones(3)))
    assert [bool(torch.tensor([v])) for v in (0, 1)] == [False, True]


@about("gather-scatter#gather-rule")
def _() -> None:
    x = torch.randn(3, 4)
    index = torch.randint(0, 3, (2, 3))
    assert x.gather(1, index).shape == index.shape
    assert x.gather(1, index)[1, 2] == x[1, index[1, 2]]
    assert x.gather(0, index)[1, 2] == x[index[1, 2], 2]


@about("gather-scatter#pick-target")
def _() -> None:
    logits, target = torch.randn(3, 5), torch.tensor([4, 0, 2])
    right = torch.stack([row[t] for row, t in zip(logits, target, strict=True)])
    assert torch.equal(logits.gather(1, target[:, None])[:, 0], right)
    assert torch.equal(logits[torch.arange(len(target)), target], right)
    with pytest.raises(RuntimeError, match="same number of dimensions"):
        logits.gather(1, target)
    assert logits[:, target].shape == (3, 3)
    assert torch.equal(torch.randn(5, 5)[target].new_tensor([]), torch.tensor([]))
    assert torch.randn(5, 7)[target].shape == (3, 7)
    assert torch.allclose(
        F.cross_entropy(logits, target),
        -logits.log_softmax(1).gather(1, target[:, None]).mean(),
    )


@about("in-place#augmented")
def _() -> None:
    x = torch.ones(2, dtype=torch.float16)
    same, pointer = x, x.data_ptr()
    x += 1.0
    assert x is same
    assert x.data_ptr() == pointer
    assert x.dtype == torch.float16
    x = x + 1
    assert same.tolist() == [2.0, 2.0]
    assert x.tolist() == [3.0, 3.0]


@about("in-place#which-change")
def _() -> None:
    def changes(act: Callable[[Tensor], object]) -> bool:
        x = torch.tensor([[-1.0, 2.0], [3.0, 4.0]])
        before = x.clone()
        act(x)
        return not torch.equal(x, before)

    def assign(x: Tensor) -> None:
        x[:] = 0

    def rebind(x: Tensor) -> None:
        x = 2 * x

    assert all(map(changes, (lambda x: x.mul_(2), assign, lambda x: x.T.add_(1))))
    assert not any(map(changes, (lambda x: x.clamp(min=0), rebind, lambda x: x.clone().zero_())))


@about("indexing#index-or-slice")
def _() -> None:
    x = torch.zeros(4, 3)
    assert x[0].shape == (3,)
    assert x[0:1].shape == x[0][None].shape == (1, 3)
    assert x[2:20].shape == (2, 3)
    assert x[8:20].shape == (0, 3)
    with pytest.raises(IndexError):
        x[20]


@about("indexing#combine-masks")
def _() -> None:
    x = torch.tensor([-1, 2, 7, 4])
    assert x[(x > 0) & (x < 5)].tolist() == [2, 4]
    for wrong in (
        lambda: x[x > 0 and x < 5],
        lambda: x[0 < x < 5],
        lambda: x[x > 0 & x < 5],
    ):
        with pytest.raises(RuntimeError, match="ambiguous"):
            wrong()
    with pytest.raises((RuntimeError, NotImplementedError)):
        torch.ones(2) & torch.ones(2)


@about("masking#choose-or-multiply")
def _() -> None:
    x, mask = torch.tensor([1.0, torch.inf, torch.nan]), torch.tensor([True, False, False])
    assert (x * mask)[1:].isnan().all()
    for chosen in (torch.where(mask, x, 0), x.masked_fill(~mask, 0)):
        assert chosen.tolist() == [1.0, 0.0, 0.0]


@about("masking#find-nan")
def _() -> None:
    x = torch.tensor([1.0, torch.nan, torch.inf, -0.0])
    is_nan = [False, True, False, False]
    assert x.isnan().tolist() == is_nan
    assert (x != x).tolist() == is_nan
    assert not (x == torch.nan).any()
    assert (~x.isfinite()).tolist() == [False, True, True, False]


@about("matmul#batch-rule")
def _() -> None:
    a, b = torch.randn(5, 1, 2, 3), torch.randn(4, 3, 6)
    assert (a @ b).shape == (5, 4, 2, 6)
    assert torch.allclose((a @ b)[3, 2], a[3, 0] @ b[2], atol=1e-5)
    with pytest.raises(RuntimeError):
        a @ b.mT


@about("matmul#which-run")
def _() -> None:
    a, b = torch.randn(8, 3, 4), torch.randn(4, 5)
    expected = torch.stack([matrix @ b for matrix in a])
    for product in (a @ b, torch.matmul(a, b), (a.reshape(24, 4) @ b).reshape(8, 3, 5)):
        assert torch.allclose(product, expected, atol=1e-5)
    for wrong in (torch.bmm, torch.mm, torch.mul):
        with pytest.raises(RuntimeError):
            wrong(a, b)


@about("matmul#order-of-products")
def _() -> None:
    n = 6  # an n × n matrix times a vector: n · n multiplications
    a, b, v = torch.randn(n, n), torch.randn(n, n), torch.randn(n)
    assert torch.allclose(a @ (b @ v), a @ b @ v, atol=1e-4)
    assert 2 * 1000 * 1000 == 2_000_000


@about("ne#returns")
def _() -> None:
    result = torch.ne(torch.ones(3, 1), torch.ones(2))
    assert result.dtype == torch.bool
    assert result.shape == (3, 2)


@about("ne#the-two-arguments")
def _() -> None:
    assert torch.ne(torch.tensor([0, 1]), 0).tolist() == [False, True]
    with pytest.raises(TypeError):
        torch.ne(0, torch.tensor([0, 1]))  # type: ignore[call-overload]
    assert torch.ne(torch.tensor([1]), torch.tensor([1.5])).tolist() == [True]


@about("ne#same-as-ne")
def _() -> None:
    a = torch.tensor([1.0, torch.nan, torch.inf, 0.0])
    b = torch.tensor([1.0, torch.nan, torch.inf, 1e-9])
    expected = torch.ne(a, b)
    assert torch.equal(a != b, expected)
    assert torch.equal(~torch.eq(a, b), expected)
    with pytest.raises(RuntimeError, match="ambiguous"):
        _ = not torch.eq(a, b)
    assert not torch.equal((a < b) | (a > b), expected)
    assert not torch.equal((a - b).abs() > 1e-8, expected)


@about("ne#dtype")
def _() -> None:
    a = torch.randn(3)
    for compare in (torch.ne, torch.eq, torch.lt, torch.ge):
        assert compare(a, a).dtype == torch.bool
    assert torch.ne(a, 0).sum().dtype == torch.int64


@about("random#own-stream")
def _() -> None:
    def split(draws: int, own: bool) -> list[int]:
        torch.manual_seed(0)
        torch.rand(draws)
        generator = torch.Generator().manual_seed(7) if own else None
        return list(torch.randperm(20, generator=generator).tolist())

    assert split(0, own=True) == split(5, own=True)
    assert split(0, own=False) != split(5, own=False)
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    torch.rand(9, generator=torch.Generator())
    assert torch.equal(torch.rand(2), expected)


@about("random#randint")
def _() -> None:
    assert torch.randint(0, 10, (10_000,)).unique().tolist() == list(range(10))


@about("random#what-helps")
def _() -> None:
    def weight(seed_first: bool) -> Tensor:
        if seed_first:
            torch.manual_seed(0)
        layer = nn.Linear(3, 3)
        torch.manual_seed(0)
        return layer.eval().weight.detach()

    assert torch.equal(weight(seed_first=True), weight(seed_first=True))
    torch.manual_seed(1)  # another run begins elsewhere
    first = weight(seed_first=False)
    torch.manual_seed(2)
    assert not torch.equal(first, weight(seed_first=False))
    state = random.getstate()
    torch.manual_seed(0)
    assert random.getstate() == state


@about("reductions#which-dim")
def _() -> None:
    x = torch.randn(2, 5, 3)
    assert x.mean(dim=1).shape == (2, 3)
    assert torch.allclose(x.mean(dim=1)[1, 2], x[1, :, 2].sum() / 5)


@about("reductions#correction")
def _() -> None:
    x = torch.tensor([1.0, 4.0, 10.0])
    squares = ((x - x.mean()) ** 2).sum()
    assert torch.allclose(x.var(), squares / 2)
    assert torch.allclose(x.var(correction=0), squares / 3)
    assert torch.allclose(x.std(), (squares / 2).sqrt())
    assert torch.equal(x.var(unbiased=False), x.var(correction=0))
    single = torch.tensor([5.0])
    with pytest.warns(UserWarning, match="degrees of freedom"):
        assert single.var().isnan()
    assert single.var(correction=0).item() == 0.0
    y = nn.BatchNorm1d(1)(x[:, None]).flatten()
    assert y.var(correction=0).item() == pytest.approx(1.0, abs=1e-3)
    assert y.var().item() == pytest.approx(1.5, abs=1e-3)


@about("rounding#remainder-fmod")
def _() -> None:
    a = torch.tensor([-1, 1, -7, 7])
    assert (a % 8).tolist() == [7, 1, 1, 7]
    assert torch.fmod(a, 8).tolist() == [-1, 1, -7, 7]
    assert (a % -8).tolist() == [-1, -7, -7, -1]
    assert torch.equal(torch.remainder(a, 8), a % 8)


@about("rounding#which-way")
def _() -> None:
    x = torch.tensor([-1.5])
    assert [t.item() for t in (x.floor(), x // 1, x.round())] == [-2.0] * 3
    assert [t.item() for t in (x.trunc(), x.to(torch.int64), x.ceil())] == [-1.0] * 3


@about("shape#channels-first")
def _() -> None:
    x = torch.randn(2, 3, 4, 5)  # batch, height, width, channels
    y = x.permute(0, 3, 1, 2)
    assert y.shape == (2, 5, 3, 4)
    assert y[1, 4, 2, 3] == x[1, 2, 3, 4]
    assert x.reshape(2, 5, 3, 4).shape == y.shape
    assert not torch.equal(x.reshape(2, 5, 3, 4), y)
    assert torch.equal(x.transpose(1, 3), y.mT)
    assert torch.equal(y.permute(0, 2, 3, 1), x)


@about("shape#cat-or-stack")
def _() -> None:
    a, b = torch.randn(3, 4), torch.randn(3, 4)
    assert torch.cat([a, b]).shape == (6, 4)
    assert torch.cat([a, b], 1).shape == (3, 8)
    assert torch.cat([a, torch.randn(1, 4)]).shape == (4, 4)
    with pytest.raises(RuntimeError):
        torch.cat([a, torch.randn(1, 4)], 1)
    assert torch.stack([a, b]).shape == (2, 3, 4)
    with pytest.raises(RuntimeError):
        torch.stack([a, torch.randn(1, 4)])
    for d in range(3):
        expected = torch.cat([a.unsqueeze(d), b.unsqueeze(d)], d)
        assert torch.equal(torch.stack([a, b], d), expected)


@about("shape#flatten-range")
def _() -> None:
    x = torch.zeros(2, 3, 4, 5)
    assert x.flatten(1, 2).shape == (2, 12, 5)
    assert x.flatten(1).shape == (2, 60)


@about("shape#add-a-dimension")
def _() -> None:
    x = torch.zeros(3)
    assert x[:, None].shape == x.unsqueeze(1).shape == x.unsqueeze(-1).shape == (3, 1)
    assert x[None].shape == x.unsqueeze(0).shape == (1, 3)


@about("sorting#values-and-indices")
def _() -> None:
    x = torch.randn(3, 5)
    values, indices = x.sort(dim=1)
    assert values.shape == indices.shape == x.shape
    assert torch.equal(values, x.gather(1, indices))


@about("sorting#topk")
def _() -> None:
    x = torch.tensor([[3.0, 1.0, 2.0], [4.0, 9.0, 5.0]])
    assert x.topk(2).values.tolist() == [[3.0, 2.0], [9.0, 5.0]]
    assert x.topk(2, largest=False).values.tolist() == [[1.0, 2.0], [4.0, 5.0]]
    assert x.flatten().topk(2).values.tolist() == [9.0, 5.0]
    with pytest.raises(RuntimeError, match="out of range"):
        x.topk(4)
    ties = torch.randint(0, 3, (1000,))
    order = ties.sort(stable=True).indices
    assert all((order[ties[order] == v].diff() > 0).all() for v in range(3))


@about("strides#what-is-a-stride")
def _() -> None:
    x = torch.arange(12.0).reshape(3, 4)
    assert x.stride() == (4, 1)
    assert x.T.stride() == (1, 4)
    assert shares(x, x.T)
    part = x.T[1:, ::2]
    place = part.storage_offset() + 2 * part.stride(0) + 1 * part.stride(1)
    assert part.untyped_storage().nbytes() == 48
    assert x.flatten()[place] == part[2, 1]


@about("strides#which-are-views")
def _() -> None:
    x = torch.randn(4, 6)
    assert all(shares(view, x) for view in (x[1:3, ::2], x.T, x.reshape(6, 4)))
    assert not any(shares(copy, x) for copy in (x[[1, 2]], x.T.reshape(24), x[x > 0]))


@about("strides#view-or-reshape")
def _() -> None:
    x = torch.randn(3, 4)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        x.T.view(12)
    assert not shares(x.T.reshape(12), x)
    assert x.contiguous() is x
    assert torch.equal(x.T.contiguous().view(12), x.T.reshape(12))
