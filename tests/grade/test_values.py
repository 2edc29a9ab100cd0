"""A value's way out of a jail and into the judge: nothing lost, nothing believed."""

from __future__ import annotations

import collections
import dataclasses
import enum
import itertools
import json
import math
import re
from array import array
from collections import ChainMap
from collections.abc import AsyncIterator
from functools import partial
from types import MappingProxyType
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 — as everybody calls it
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.grade import drawing
from quiz.grade.compare import compare, incomparable
from quiz.grade.encode import Encoder
from quiz.grade.inputs import SIZE, digest, storage_key
from quiz.grade.protocol import ProtocolError
from quiz.grade.values import DTYPES, TensorFacts, Value, decode

D, PARTS = torch.distributions, torch.tensor([0.25, 0.75])


def spread(scale: torch.Tensor | float) -> D.Distribution:
    """A distribution whose own parameters lie in another one."""
    return D.Independent(D.Normal(torch.zeros(2), scale), 1)


Point = collections.namedtuple("Point", "x y")


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Pair:
    left: object
    right: object = 3


def travel(value: object, **how: object) -> Value:
    """The value after encoding, JSON and decoding."""
    encoder = Encoder(**how)  # type: ignore[arg-type]
    node = json.loads(json.dumps(encoder.node(value)))
    return decode(node, encoder.blob())


def facts(value: object, **how: bool) -> TensorFacts:
    found = travel(value, **how).data
    assert isinstance(found, TensorFacts)
    return found


@pytest.mark.parametrize(
    ("value", "kind", "data"),
    [
        (None, "none", None),
        (True, "bool", True),
        (-(10**40), "int", -(10**40)),
        (1.5, "float", 1.5),
        (-math.inf, "float", -math.inf),
        (2 - 3j, "complex", 2 - 3j),
        ("한\ud800글", "str", "한\ud800글"),
        (b"\0\xff", "bytes", b"\0\xff"),
        (torch.float16, "word", "torch.float16"),
        (torch.device("cuda:1"), "word", "cuda:1"),
        (slice(1, None), "word", "slice(1, None, None)"),
        (range(3), "word", "range(0, 3)"),
        (Colour.RED, "word", "Colour.RED"),
        (int, "word", "int"),
    ],
)
def test_scalars_keep_kind_and_value(value: object, kind: str, data: object) -> None:
    found = travel(value)
    assert (found.kind, found.data) == (kind, data)


def test_nan_and_negative_zero_survive() -> None:
    assert math.isnan(travel(math.nan).data)
    assert math.copysign(1, travel(-0.0).data) == -1


@pytest.mark.parametrize("name", sorted(DTYPES))
def test_every_dtype_travels_bit_for_bit(name: str) -> None:
    raw = torch.arange(8 * DTYPES[name].itemsize, dtype=torch.uint8) % 2
    found = facts(raw.view(DTYPES[name]))
    assert found.dtype == name
    assert found.data is not None
    assert torch.equal(found.data.view(torch.uint8), raw)


def test_a_dtype_whose_bytes_cannot_be_read_says_so() -> None:
    tensor = torch.zeros(2, dtype=torch.uint8).view(torch.bits8)
    found = facts(tensor)
    assert (found.dtype, found.data) == ("bits8", None)
    assert "bits8" in found.missing


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6.0).reshape(2, 3).T,
        torch.arange(6)[::2],
        torch.ones(1).expand(3, 4),
        torch.tensor([1 + 2j, 3j]).conj(),
        torch.tensor([1 + 2j]).conj().imag,
        torch.empty(0, 3),
        torch.tensor(7),
        torch.tensor([True, False]),
    ],
)
def test_views_arrive_as_their_values(tensor: torch.Tensor) -> None:
    found = facts(tensor)
    assert found.shape == tuple(tensor.shape)
    assert found.data is not None
    assert torch.equal(found.data, tensor.resolve_conj().resolve_neg())


@pytest.mark.filterwarnings("ignore:Sparse CS")
@pytest.mark.parametrize("layout", ["sparse_coo", "sparse_csr", "sparse_csc"])
def test_sparse_tensors_arrive_in_their_layout(layout: str) -> None:
    dense = torch.tensor([[0.0, 2.0], [3.0, 0.0]])
    found = facts(dense.to_sparse(layout=getattr(torch, layout)))
    assert found.layout == layout
    assert found.data is not None
    assert torch.equal(found.data.to_dense(), dense)


def test_containers_keep_their_types() -> None:
    value = {"a": [1, (2, Point(3, {4}))], 2: collections.OrderedDict(z=Pair(torch.ones(1)))}
    found = travel(value)
    assert [key.data for key in found.keys] == ["a", 2]
    assert found.items[0].items[1].items[1].names == ("x", "y")
    assert (found.items[1].type, found.items[1].items[0].type) == ("OrderedDict", "Pair")
    assert travel(torch.ones(2, 2).max(0)).type == "torch.return_types.max"


def test_iterators_give_a_thousand_items_at_most() -> None:
    few, many = travel(iter([1, 2])), travel(itertools.count())
    assert ([v.data for v in few.items], few.data) == ([1, 2], False)
    assert (len(many.items), many.data) == (1000, True)


def test_sizes_are_known_before_anything_is_copied() -> None:
    assert facts(torch.ones(1).expand(1 << 40)).missing == "large"
    assert travel([0] * 10_000_000).kind == "no"
    assert travel("x" * 10_000_000).kind == "no"
    assert travel(1 << 100_000_000).kind == "no"


def test_cycles_and_depth_end() -> None:
    ring: list[Any] = []
    ring.append(ring)
    assert "itself" in str(incomparable(travel(ring)))
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    assert "nested" in str(incomparable(travel(deep)))


class LyingFloat(float):
    __hash__ = float.__hash__

    def __eq__(self, other: object) -> bool:
        return True


class LyingTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *args: object, **kwargs: object) -> bool:
        return True


class Disguised:
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return float


@pytest.mark.parametrize(
    "value",
    [LyingFloat(3), torch.zeros(2).as_subclass(LyingTensor), Disguised(), lambda: 3, object()],
    ids=lambda value: type(value).__name__,
)
def test_what_only_looks_like_a_value_is_refused(value: object) -> None:
    assert travel(value).kind == "no"


def test_a_meta_tensor_has_no_data() -> None:
    assert facts(torch.empty(2, device="meta")).missing == "meta"


def test_brief_leaves_out_what_nobody_reads() -> None:
    assert facts(torch.zeros(1000), brief=True).missing == "brief"
    assert facts(torch.zeros(10), brief=True).data is not None
    waiting = iter([1, 2])
    assert travel(waiting, brief=True).kind == "no"
    assert list(waiting) == [1, 2]


def test_state_carries_gradients() -> None:
    leaf = torch.ones(2, requires_grad=True)
    torch.autograd.backward((leaf * 3).sum())
    assert torch.equal(travel(leaf).items[0].data.data, torch.full((2,), 3.0))
    assert travel(leaf, state=False).items == ()


def test_a_fingerprint_sees_bytes_behind_the_version_counter() -> None:
    tensor = torch.zeros(3)
    before = digest([tensor])
    tensor.data.add_(1)
    assert digest([tensor]) != before
    tensor.data.sub_(1)
    assert digest([tensor]) == before
    tensor.requires_grad_()
    assert digest([tensor])[:SIZE] == before != digest([tensor])
    tensor.grad = torch.ones(3)
    assert digest([tensor])[:SIZE] == before
    assert before != digest([tensor]) != digest([torch.zeros(3), tensor])
    assert digest(torch.zeros(2, 3)) != digest(torch.zeros(3, 2))
    assert digest(torch.zeros(2, 2)) != digest(torch.zeros(2, 2).T.contiguous().T)


def test_shared_memory_is_told_from_equal_memory() -> None:
    tensor = torch.zeros(4)
    assert storage_key(tensor) == storage_key(tensor[2:])
    assert storage_key(tensor) != storage_key(tensor.clone())
    assert storage_key(torch.empty(0)) is None


def test_patched_methods_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("detach", "contiguous", "cpu", "data_ptr", "numel"):
        monkeypatch.setattr(torch.Tensor, name, None, raising=False)
    encoder = Encoder()
    node = encoder.node(torch.ones(3)[::1])
    monkeypatch.undo()
    assert torch.equal(decode(node, encoder.blob()).data.data, torch.ones(3))


def test_a_bool_of_another_byte_is_a_bool() -> None:
    encoder = Encoder()
    node = encoder.node(torch.tensor([True, False]))
    found = decode(node, b"\x07\x00" + bytes(14)).data.data
    assert found.tolist() == [True, False]
    assert found.view(torch.uint8).tolist() == [1, 0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
KINDS = st.sampled_from(
    [
        "none",
        "bool",
        "int",
        "float",
        "complex",
        "str",
        "bytes",
        "ellipsis",
        "word",
        "no",
        "tensor",
        "list",
        "set",
        "iterator",
        "named",
        "dict",
        "module",
        "optimizer",
        "nonsense",
    ]
)
FIELDS = st.fixed_dictionaries(
    {"k": KINDS},
    optional={
        "v": JSON,
        "type": st.text(max_size=4),
        "items": st.lists(JSON, max_size=3),
        "keys": st.lists(JSON, max_size=3),
        "names": st.lists(st.text(max_size=3), max_size=3),
        "dtype": st.sampled_from(["float32", "bool", "qint8", "float8_e4m3fn", "x"]),
        "shape": st.lists(st.integers(-2, 2**65), max_size=3),
        "layout": st.sampled_from(["strided", "sparse_coo", "sparse_csr", "_mkldnn", "y"]),
        "device": st.text(max_size=4),
        "rg": st.booleans(),
        "param": st.booleans(),
        "at": st.integers(-5, 40) | st.text(max_size=2),
        "parts": st.lists(JSON, max_size=3),
        "missing": st.sampled_from(["", "meta", "large"]),
        "grad": JSON,
    },
)


@settings(max_examples=300)
@given(node=FIELDS | JSON, blob=st.binary(max_size=64))
def test_decoding_gives_a_value_or_refuses(node: object, blob: bytes) -> None:
    try:
        value = decode(node, blob)
    except ProtocolError:
        return
    compare(value, travel(3))
    compare(travel(torch.ones(2)), value)


def test_a_drawn_iterator_is_an_iterator() -> None:
    assert travel(drawing.draw(iter([1]))).kind == "iterator"
    assert drawing.draw([1]) == [1]


class Squares(torch.utils.data.Dataset[int]):
    asked = 0

    def __len__(self) -> int:
        return 3

    def __getitem__(self, number: int) -> int:
        if number >= 3:
            raise IndexError
        Squares.asked += 1
        return number**2


async def late() -> int:
    return 3


async def ticks() -> AsyncIterator[int]:
    yield 1
    yield 2


def test_what_must_be_run_to_be_known_is_run_once() -> None:
    found = travel(drawing.draw(Squares()))
    assert (found.type, [item.data for item in found.items]) == ("Dataset", [0, 1, 4])
    loader = torch.utils.data.DataLoader(Squares(), batch_size=2, shuffle=True)
    assert compare(travel(loader), travel(drawing.draw(loader))).equal
    assert travel(drawing.draw(late())).items[0].data == 3
    assert [item.data for item in travel(drawing.draw(ticks())).items] == [1, 2]


def test_a_fingerprint_draws_nothing() -> None:
    numbers, squares = iter([1, 2]), Squares()
    Squares.asked = 0
    for value in (numbers, squares, torch.utils.data.DataLoader(squares)):
        assert digest(value) == digest(value)
    assert list(numbers) == [1, 2]
    assert Squares.asked == 0


def test_an_object_of_the_cards_own_class_is_what_it_holds() -> None:
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(
        "class Node:\n    __slots__ = ('value', '__dict__')\n    def __init__(s, value):\n"
        "        s.value, s.rest = value, []\nclass Other(Node): pass",
        scope,
    )
    node = scope["Node"](1)
    before = digest(node)
    assert compare(travel(node, known={"Node"}), travel(scope["Node"](1), known={"Node"})).equal
    node.rest.append(node.value)
    assert digest(node) != before
    assert not compare(travel(node, known={"Node"}), travel(scope["Node"](1), known={"Node"})).equal
    assert incomparable(travel(node))
    assert incomparable(travel(scope["Other"](1), known={"Node"}))


def test_a_class_counts_only_where_its_library_offers_it() -> None:
    own = type("Adam", (), {})
    own.__module__ = "torch.optim.adam"
    assert travel(torch.optim.Adam).kind == "word"
    assert travel(own).kind == "no"


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (range(0, 10, 3), range(0, 12, 3), range(0, 13, 3)),
        (range(5, 5), range(0), range(1)),
        (range(2, 3), range(2, 9, 7), range(2, 4)),
        (torch.relu, torch.relu, torch.tanh),
        (F.mse_loss, F.mse_loss, F.l1_loss),
        (partial(torch.sum, dim=1), partial(torch.sum, dim=1), partial(torch.sum, dim=0)),
        (re.match(r"(a)b", "ab"), re.match(r"([a-z])b", "ab"), re.match(r"(ab)", "ab")),
        (MappingProxyType({1: 2}), MappingProxyType({1: 2}), MappingProxyType({1: 3})),
        (ChainMap({1: 2}, {1: 3}), ChainMap({1: 2}, {1: 3}), ChainMap({1: 3}, {1: 2})),
        (array("i", [1, 2]), array("i", [1, 2]), array("i", [2, 1])),
        (memoryview(b"abc")[1:], memoryview(b"bc"), memoryview(b"cb")),
        (D.LogNormal(0.0, 1.0), D.LogNormal(0.0, torch.tensor(1.0)), D.LogNormal(0.0, 2.0)),
        (D.Categorical(PARTS), D.Categorical(logits=PARTS.log()), D.Categorical(PARTS.flip(0))),
        (spread(1.0), spread(torch.ones(2)), spread(2.0)),
    ],
)
def test_what_python_and_torch_make_is_known_by_what_it_is(
    one: object, same: object, other: object
) -> None:
    assert incomparable(travel(one)) is None
    assert compare(travel(one), travel(same)).equal
    assert not compare(travel(one), travel(other)).equal


def test_a_function_that_only_calls_itself_so_is_no_library_function() -> None:
    def relu(x: torch.Tensor) -> torch.Tensor:
        return x

    relu.__module__, relu.__qualname__ = "torch.nn.functional", "relu"
    assert travel(F.relu).kind == "word"
    assert travel(relu).kind == "no"
