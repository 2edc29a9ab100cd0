"""When two values are the same, and what is said when they are not."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import math
import random
import re
import types
import warnings

import pytest
import torch
from torch import nn

from quiz.grade.compare import Comparison, compare, incomparable
from quiz.grade.elements import TOLERANCES, Tolerance, element_text
from quiz.grade.encode import Encoder
from quiz.grade.values import Value, decode


def value(of: object) -> Value:
    encoder = Encoder(state=True)
    return decode(encoder.node(of), encoder.blob())


def judge(expected: object, got: object, **tolerance: float) -> Comparison:
    return compare(value(expected), value(got), Tolerance(**tolerance))  # type: ignore[arg-type]


def same(expected: object, got: object, **tolerance: float) -> bool:
    return judge(expected, got, **tolerance).equal


NAN = math.nan
NamedP = collections.namedtuple("NamedP", "x y")
NamedQ = collections.namedtuple("NamedQ", "x y")


def nested() -> torch.Tensor:
    with warnings.catch_warnings(action="ignore"):
        return torch.nested.nested_tensor([torch.ones(2)])


def hooked(times: int) -> nn.Module:
    layer = nn.ReLU()
    for _ in range(times):
        layer.register_forward_hook(lambda module, given, output: None)
    return layer


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (torch.tensor([1.0, NAN]), torch.tensor([1.0, NAN])),
        (torch.tensor([0.0]), torch.tensor([-0.0])),
        (torch.tensor([math.inf, -math.inf]), torch.tensor([math.inf, -math.inf])),
        (torch.tensor([1.0]), torch.tensor([1.0 + 1e-6])),
        (torch.arange(6.0).reshape(2, 3).T, torch.arange(6.0).reshape(2, 3).T.contiguous()),
        (torch.empty(0, 3), torch.empty(0, 3)),
        (torch.tensor([1j]), torch.tensor([-1j]).conj()),
        (torch.eye(3).to_sparse(), torch.eye(3).to_sparse().coalesce()),
        (NAN, NAN),
        (0.0, -0.0),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, (2, 3)}, {(2, 3), 1}),
        (iter([1, 2]), (x for x in (1, 2))),
        (torch.Size([1]), torch.Size([1])),
        (..., ...),
        ({frozenset({0, 8})}, {frozenset({8, 0})}),
        ({(0.0, 1)}, {(-0.0, 1)}),
        (complex(1e308, 1e308), complex(1e308, 1e308 * (1 + 1e-12))),
        (ValueError("a"), ValueError("a")),
        (types.SimpleNamespace(a=1), types.SimpleNamespace(a=1)),
        (nn.MaxPool2d(2), nn.MaxPool2d((2, 2))),
        (nn.Dropout(0.0), nn.Dropout(0)),
        (torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)),
        (nested(), nested()),
        (torch.optim.Adam, torch.optim.Adam),
        (re.compile("a+"), re.compile("a+")),
        (datetime.time(1, 2), datetime.time(1, 2)),
    ],
)
def test_these_are_the_same(expected: object, got: object) -> None:
    assert judge(expected, got).differences == []


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (torch.ones(3), torch.ones(3, 1), "shape"),
        (torch.ones(3), torch.ones(1), "shape"),
        (torch.ones(3), torch.ones(3, dtype=torch.float64), "dtype"),
        (torch.ones(2), torch.ones(2, requires_grad=True), "requires_grad"),
        (torch.ones(2), torch.ones(2, device="meta"), "meta"),
        (torch.eye(2), torch.eye(2).to_sparse(), "layout"),
        ({(0, "a"): 1}, {(0, "b"): 1}, "the key (0, 'a') is missing"),
        ({()}, {frozenset({1})}, "frozenset({1}) should not be in the set"),
        (torch.tensor([True]), torch.tensor([1]), "dtype"),
        (torch.tensor([1]), torch.tensor([2]), "expected 1, got 2"),
        (torch.tensor(1.0), 1.0, "0-dim tensor"),
        (1.0, torch.tensor(1.0), "0-dim tensor"),
        (torch.tensor([1.0]), torch.tensor([1.001]), "differs"),
        (torch.tensor([1.0]), torch.tensor([NAN]), "nan"),
        (torch.tensor([math.inf]), torch.tensor([-math.inf]), "inf"),
        (torch.tensor([1e30]), torch.tensor([math.inf]), "inf"),
        (torch.tensor([2**62 + 1]), torch.tensor([2**62]), "differs"),
        (1, True, "bool"),
        (1, 1.0, "float"),
        (0.3, 0.30001, "0.3"),
        (0.5, 0.5001, "0.5"),
        (3.0, 3.000002, "3.0"),
        (1, 2, "2"),
        ("a", "b", "'a'"),
        ([1, 2], (1, 2), "tuple"),
        ([1, 2], [1], "items"),
        ({"a": 1}, {"b": 1}, "missing"),
        ({1}, {1, 2}, "should not"),
        (torch.float32, torch.float64, "torch.float64"),
        (torch.Size([1]), (1,), "Size"),
        (iter([1, 2]), iter([1]), "items"),
        (None, 0, "None"),
        (torch.ones(2), lambda: 1, "function"),
        (torch.nn.Parameter(torch.ones(1)), torch.ones(1, requires_grad=True), "Parameter"),
        (complex(1e308, 1e308), complex(1e308, -1e308), "1e+308"),
        (torch.tensor([complex(1e308, 1e308)]), torch.tensor([complex(1e308, -1e308)]), "differs"),
        (ValueError("a"), ValueError("b"), "args"),
        (ValueError("a"), TypeError("a"), "TypeError"),
        (types.SimpleNamespace(a=1), types.SimpleNamespace(a=2), ".a"),
        (nn.MSELoss(), nn.MSELoss(reduction="sum"), "reduction: expected 'mean'"),
        (nn.MaxPool2d(2), nn.MaxPool2d((2, 1)), "kernel_size"),
        (hooked(0), hooked(1), "forward hook should not be there"),
        (hooked(2), hooked(1), "forward hooks: expected 2, got 1"),
        (torch.Generator().manual_seed(1), torch.Generator().manual_seed(2), "seed"),
        (nested(), [torch.ones(2)], "nested_tensor"),
        (torch.optim.Adam, torch.optim.AdamW, "AdamW"),
        (re.compile("a+"), re.compile("a*"), "a*"),
    ],
)
def test_these_are_not_the_same(expected: object, got: object, says: str) -> None:
    found = judge(expected, got)
    assert any(says in sentence for sentence in found.differences), found.differences


def test_python_floats_may_differ_by_rounding_alone() -> None:
    assert same(0.3, 0.1 + 0.2)
    assert not same(0.3, 0.1 + 0.2, exact=True)
    x = torch.linspace(0, 1, 513)
    assert same(x.exp().mean().item(), (x.exp().sum() / 513).item())
    assert same(float("nan"), float("nan"))
    assert same(2.0, 1.9999996423721313)  # a rounding of float32
    assert not same(100_000.0, 100_000.1)
    assert not same(1e6, 1_000_001.0)  # a count
    assert not same(1e300, float("inf"))
    assert not same(1e300, 1.1e300)


@pytest.mark.parametrize("written", [1e-8, 2.5e-12, 5e-324, 0.1**9])
def test_a_tiny_number_that_somebody_wrote_is_no_rounding_of_zero(written: float) -> None:
    assert same(written, written * (1 + 1e-7))
    assert not same(written, 0.0)
    assert not same(written, written * 2)
    assert same(written, 0.0, atol=1e-6)
    assert same(0.0, written)
    assert same(1.3877787807814457e-17, 0.0)  # what rounding leaves


@pytest.mark.filterwarnings("ignore:Sparse CSR")
@pytest.mark.parametrize("layout", ["sparse_coo", "sparse_csr", "sparse_csc"])
def test_sparse_tensors_too_large_to_be_made_dense_are_compared_by_their_parts(layout: str) -> None:
    def sparse(dense: torch.Tensor) -> torch.Tensor:
        return dense.to_sparse(layout=getattr(torch, layout))

    eye = torch.eye(2100)
    assert same(sparse(eye), sparse(eye * (1 + 1e-7)))
    assert "2100 of 2100 elements differ" in judge(sparse(eye), sparse(eye * 2)).differences[0]
    assert "different places" in judge(sparse(eye), sparse(eye.roll(1, 0))).differences[0]
    eye[0, 1] = 1.0
    assert not same(sparse(eye), sparse(torch.eye(2100)))


def test_all_differences_are_told_together() -> None:
    found = judge(
        torch.zeros(3), torch.tensor([0.0, 1.0, 2.0], dtype=torch.float64, requires_grad=True)
    )
    text = " ".join(found.differences)
    assert "dtype" in text
    assert "requires_grad" in text
    assert "2 of 3 elements" in text


def test_the_worst_element_and_the_share_are_given() -> None:
    found = judge(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0, 2.5], [9.0, 4.0]]))
    assert found.share == 0.5
    assert found.worst is not None
    assert found.worst.index == (1, 0)
    assert (found.worst.expected, found.worst.got) == ("3.0", "9.0")
    assert found.worst.allowed == pytest.approx(1e-5 + 1.3e-6 * 3)


@pytest.mark.filterwarnings("ignore:ComplexHalf")
@pytest.mark.parametrize("name", sorted(TOLERANCES))
def test_tolerances_hold_on_both_sides_of_the_edge(name: str) -> None:
    dtype = getattr(torch, name)
    rtol, atol = TOLERANCES[name]
    step = torch.finfo(dtype).eps * 256
    allowed = atol + rtol * 256
    base = torch.tensor([256.0]).to(dtype)
    inside = (base.to(torch.complex128) + max(0.0, allowed - step)).real.to(dtype)
    outside = (base.to(torch.complex128) + 2 * (allowed + step)).real.to(dtype)
    assert same(base, inside)
    assert not same(base, outside)


def test_the_fence_overrides_tolerances() -> None:
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([1.01, 2.0])
    assert not same(a, b)
    assert same(a, b, atol=0.02)
    assert same(a, b, rtol=0.02)
    assert not same(torch.tensor([1.0]), torch.tensor([1.0 + 1e-6]), rtol=0.0, atol=0.0)
    assert same(1.0, 1.01, atol=0.02)
    assert same(torch.tensor([10]), torch.tensor([11]), atol=1)
    assert not same(torch.tensor([True]), torch.tensor([False]), atol=1)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (torch.tensor([0.0]), torch.tensor([-0.0])),
        (torch.tensor([1.0]), torch.nextafter(torch.tensor([1.0]), torch.tensor([2.0]))),
        (torch.tensor([1 + 0j]), torch.tensor([1 - 0.0j]).conj()),
        (0.0, -0.0),
    ],
)
def test_exact_means_bit_for_bit(a: object, b: object) -> None:
    assert same(a, b)
    assert not same(a, b, exact=True)
    assert same(a, a, exact=True)


def test_named_tuples_and_dataclasses_by_type_and_field() -> None:
    p, q = NamedP, NamedQ
    d = dataclasses.make_dataclass("D", ["a"])
    assert same(p(1, 2), p(1, 2))
    assert not same(p(1, 2), q(1, 2))
    assert not same(p(1, 2), (1, 2))
    like = dataclasses.make_dataclass("NamedP", ["x", "y"])
    assert judge(like(1, 2), p(1, 2)).differences == [
        "expected a NamedP, got a named tuple NamedP."
    ]
    assert not same(p(1, 2), like(1, 2))
    assert same(d(torch.ones(2)), d(torch.ones(2)))
    assert judge(d(1), d(2)).differences == [".a: expected 1, got 2."]


def test_modules_by_state_mode_and_structure() -> None:
    def net(p: float = 0.5) -> torch.nn.Module:
        torch.manual_seed(0)
        return torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout(p))

    assert same(net(), net())
    assert not same(net(), net().eval())
    assert not same(net(), net(0.1))
    assert not same(net(), net().double())
    lying = type("Dropout", (torch.nn.Module,), {"extra_repr": torch.nn.Dropout().extra_repr})
    lying.__module__ = "__main__"
    encoder = Encoder()
    own = decode(encoder.node(lying()), encoder.blob())
    assert not compare(value(torch.nn.Dropout()), own).equal
    assert compare(own, own).equal
    other = net()
    other[0].weight.requires_grad_(False)  # type: ignore[index]
    assert not same(net(), other)
    grown = net()
    grown(torch.ones(1, 2)).sum().backward()
    assert not same(net(), grown)


def test_optimizers_by_options_and_state() -> None:
    def made(lr: float = 0.1, steps: int = 1) -> torch.optim.Optimizer:
        p = torch.nn.Parameter(torch.ones(2))
        found = torch.optim.SGD([p], lr=lr, momentum=0.9)
        for _ in range(steps):
            p.grad = torch.ones(2)
            found.step()
        return found

    assert same(made(), made())
    assert not same(made(), made(lr=0.2))
    assert not same(made(), made(steps=2))


def test_what_cannot_be_compared_says_why() -> None:
    assert incomparable(value(torch.ones(1))) is None
    assert "function" in str(incomparable(value([1, lambda: 1])))
    assert "meta" in str(incomparable(value({"a": torch.ones(1, device="meta")})))


def test_float32_is_written_as_short_as_it_can_be_known_again() -> None:
    generator = torch.Generator().manual_seed(1)
    for x in torch.randn(200, generator=generator).tolist():
        assert torch.tensor(float(element_text(x, "float32"))).item() == x
    assert element_text(torch.tensor(0.1).item(), "float32") == "0.1"


def _random_pair(rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    dtypes = ["float64", "float32", "float16", "bfloat16", "complex64", "int64", "uint8", "bool"]
    dtype = getattr(torch, rng.choice(dtypes))
    shape = [rng.randint(0, 3) for _ in range(rng.randint(0, 3))]
    scale = 10.0 ** rng.randint(-6, 4)
    base = torch.randn(shape, dtype=torch.complex128 if dtype.is_complex else torch.float64) * scale
    noise = torch.randn(shape, dtype=torch.float64) * scale * 10.0 ** rng.randint(-12, 0)
    keep = torch.rand(shape) < rng.random()
    other = torch.where(keep, base, base + noise)
    a, b = base.to(dtype), other.to(dtype)
    if dtype.is_floating_point and rng.random() < 0.3 and a.numel():
        odd = rng.choice([math.nan, math.inf, -math.inf, -0.0])
        a.view(-1)[0] = odd
        b.view(-1)[0] = odd if rng.random() < 0.6 else 0.0
    if rng.random() < 0.1:
        b = b.reshape(-1)
    if rng.random() < 0.1:
        b = b.to(torch.float64) if not b.is_complex() else b
    return a, b


def test_agrees_with_assert_close_where_both_have_an_opinion() -> None:
    # Deliberately stricter, and so not drawn here: requires_grad, layout of sparse tensors,
    # container types, Python numbers by equality, 0-dim tensors against numbers.
    rng = random.Random(5)
    torch.manual_seed(5)
    verdicts = {True: 0, False: 0}
    edge = 0
    for _ in range(10_000):
        a, b = _random_pair(rng)
        try:
            torch.testing.assert_close(b, a, equal_nan=True)
            theirs = True
        except (AssertionError, RuntimeError):
            theirs = False
        ours = same(a, b)
        if ours != theirs and a.dtype == b.dtype and a.shape == b.shape:
            # assert_close computes the bound in the tensor's own dtype; within one rounding of
            # it the two may differ, and nowhere else.
            assert _on_the_edge(a, b), (a, b)
            edge += 1
            continue
        assert ours == theirs, (a, b)
        verdicts[ours] += 1
    assert min(verdicts.values()) > 2000
    assert edge < 20


def _on_the_edge(a: torch.Tensor, b: torch.Tensor) -> bool:
    rtol, atol = TOLERANCES[str(a.dtype).removeprefix("torch.")]
    x, y = a.to(torch.complex128), b.to(torch.complex128)
    ratio = (x - y).abs() / (atol + rtol * x.abs())
    return bool(((ratio - 1).abs() < 4 * torch.finfo(a.dtype).eps / rtol).any())
