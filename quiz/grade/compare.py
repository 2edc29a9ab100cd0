"""Whether two values are the same, and every way in which they are not. Pure.

The rules are those of `torch.testing.assert_close` where that has an opinion, made stricter: types
of containers count, Python numbers are compared by equality and type, `requires_grad` and layout
count, nothing is broadcast or promoted, and a meta tensor equals nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import torch

from quiz.grade import clues
from quiz.grade.elements import Tolerance, beyond, dense, element_text
from quiz.grade.naming import hint, kind_text, names_text, part_place, part_text, short, unlike
from quiz.grade.rounding import is_near, same_float
from quiz.grade.values import TensorFacts, Value
from quiz.language import _, counted
from quiz.model.verdict import Worst

MAX_DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class TensorDifference:
    """Two tensors of one shape, element by element."""

    path: str
    expected: TensorFacts
    got: TensorFacts
    differs: torch.Tensor
    """bool, of their shape: True beyond tolerance."""
    worst: Worst


@dataclass(slots=True)
class Comparison:
    """The outcome; equal when there are no differences."""

    differences: list[str] = field(default_factory=list)
    tensors: list[TensorDifference] = field(default_factory=list)
    elements: int = 0
    """Tensor elements that were compared, in all."""
    gradients: bool = True
    """Whether the gradients that tensors hold count."""

    @property
    def equal(self) -> bool:
        return not self.differences

    @property
    def share(self) -> float | None:
        """Share of the compared elements that differ; None where none could be compared."""
        if not self.elements:
            return None
        return sum(int(t.differs.sum()) for t in self.tensors) / self.elements

    @property
    def worst(self) -> Worst | None:
        return self.tensors[0].worst if self.tensors else None

    def add(self, path: str, sentence: str) -> None:
        if len(self.differences) < MAX_DIFFERENCES:
            self.differences.append(f"{path}: {sentence}" if path else sentence)
        elif len(self.differences) == MAX_DIFFERENCES:
            self.differences.append(_("There are more differences."))


def compare(
    expected: Value,
    got: Value,
    tolerance: Tolerance | None = None,
    path: str = "",
    *,
    gradients: bool = True,
) -> Comparison:
    """All differences between what a solution gave and what an answer gave."""
    result = Comparison(gradients=gradients)
    _values(expected, got, tolerance or Tolerance(), path, result)
    return result


def incomparable(value: Value, path: str = "") -> str | None:
    """Why a value (the result, or what stands at `path`) can be compared with nothing: a sentence,
    or None where it can.
    """
    path = path or _("the result")
    if value.kind == "no":
        return _("{what} {why}.").format(what=path, why=value.data)
    if value.kind == "tensor" and isinstance(facts := value.data, TensorFacts):
        if facts.missing == "meta":
            return _("{what} is a meta tensor, which holds no values.").format(what=path)
        if facts.missing == "large":
            said = _("{what} is too large to be compared (shape {shape}).")
            return said.format(what=path, shape=tuple(facts.shape))
        if facts.missing:
            return _("{what} {why}.").format(what=path, why=facts.missing)
    for name, item in _children(value):
        place = _("{part} of {whole}").format(part=name, whole=path) if name else path
        if sentence := incomparable(item, place):
            return sentence
    return None


def _children(value: Value) -> Iterator[tuple[str, Value]]:
    numbers = range(len(value.items))
    names = value.names or tuple(_("item {number}").format(number=i) for i in numbers)
    yield from zip(names, value.items, strict=False)
    for key in value.keys:
        yield _("a key"), key


def _values(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    if g.kind == "no":
        out.add(path, _("what came {why}.").format(why=g.data))
        return
    if e.kind == "tensor" and g.kind == "tensor":
        _tensors(e, g, tol, path, out)
        return
    if not _same_type(e, g):
        out.add(path, unlike(kind_text(e), kind_text(g)) + hint(e, g))
        return
    match e.kind:
        case "float" | "complex":
            _numbers(e, g, tol, path, out)
        case "list" | "iterator":
            _sequence(e, g, tol, path, out)
        case "named":
            _named(e, g, tol, path, out)
        case "dict":
            _dicts(e, g, tol, path, out)
        case "set":
            _sets(e, g, tol, path, out)
        case "module" | "optimizer":
            _module(e, g, tol, path, out)
        case _:
            if e.data != g.data:
                clue = clues.of_texts(e.data, g.data) if e.kind == "str" else ""
                out.add(path, f"{unlike(short(e), short(g))}. {clue}".rstrip())


def _same_type(e: Value, g: Value) -> bool:
    if e.kind == "module" and g.kind == "module":
        # A class of the snippet's own may have any name, but that of a library says what it does.
        ours, theirs = e.data[2], g.data[2]
        return bool(ours == theirs and (ours or e.type == g.type))
    if e.kind == "named" and e.data != g.data:
        return False
    return e.kind == g.kind and e.type == g.type


def _numbers(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    x, y = complex(e.data), complex(g.data)
    if same_float(x.real, y.real, tol.exact) and same_float(x.imag, y.imag, tol.exact):
        return
    if not is_near(x, y, tol):
        clue = clues.of_numbers(e.data, g.data) if e.kind == "float" else ""
        out.add(path, f"{unlike(repr(e.data), repr(g.data))}. {clue}".rstrip())


def _sequence(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    clue = _order_clue(e, g)
    if len(e.items) != len(g.items) or (e.kind == "iterator" and e.data != g.data):
        out.add(path, f"{unlike(_number(e), _number(g))}. {clue}".rstrip())
    elif clue:
        out.add(path, clue)
    if clue:
        return
    for number, (a, b) in enumerate(zip(e.items, g.items, strict=False)):
        _values(a, b, tol, f"{path}[{number}]", out)


def _order_clue(e: Value, g: Value) -> str:
    """What the items of two lists have in common, where all can be told by what they are."""
    plain = ("none", "bool", "int", "float", "complex", "str", "bytes", "word")
    if not all(item.kind in plain for item in (*e.items, *g.items)):
        return ""
    return clues.of_sequences(*([_key(item) for item in value.items] for value in (e, g)))


def _number(value: Value) -> str:
    """How many items it has."""
    count = len(value.items)
    if value.data:  # an iterator that was not drawn to its end
        return _("{n} or more items").format(n=count)
    return counted("{n} item", "{n} items", count)


def _named(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    if e.names != g.names:
        said = _("expected the fields {expected}, got {got}.")
        out.add(path, said.format(expected=names_text(e.names), got=names_text(g.names)))
    theirs = dict(zip(g.names, g.items, strict=True))
    for name, item in zip(e.names, e.items, strict=True):
        if name in theirs:
            _values(item, theirs[name], tol, f"{path}.{name}", out)


def _dicts(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    ours = {_key(k): (k, v) for k, v in zip(e.keys, e.items, strict=True)}
    theirs = {_key(k): (k, v) for k, v in zip(_alike(e.keys, g.keys, tol), g.items, strict=True)}
    if missing := [short(k) for key, (k, _v) in ours.items() if key not in theirs]:
        out.add(path, _("the key {keys} is missing.").format(keys=", ".join(missing[:8])))
    if extra := [short(k) for key, (k, _v) in theirs.items() if key not in ours]:
        out.add(path, _("the key {keys} should not be there.").format(keys=", ".join(extra[:8])))
    if e.type == "OrderedDict" and set(ours) == set(theirs) and [*ours] != [*theirs]:
        orders = (", ".join(short(k) for k in value.keys[:8]) for value in (e, g))
        out.add(path, _("the order of its keys: {differ}.").format(differ=unlike(*orders)))
    for key, (shown, item) in ours.items():
        if key in theirs:
            _values(item, theirs[key][1], tol, f"{path}[{short(shown)}]", out)


def _sets(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    ours = {_key(v): v for v in e.items}
    theirs = {_key(v): v for v in _alike(e.items, g.items, tol)}
    if missing := [short(v) for key, v in ours.items() if key not in theirs]:
        said = _("{members} is missing from the set.")
        out.add(path, said.format(members=", ".join(missing[:8])))
    if extra := [short(v) for key, v in theirs.items() if key not in ours]:
        said = _("{members} should not be in the set.")
        out.add(path, said.format(members=", ".join(extra[:8])))


def _alike(ours: Sequence[Value], theirs: Sequence[Value], tol: Tolerance) -> list[Value]:
    """Their keys or members, and the expected one in place of any that only rounding sets apart."""
    known, wanted = {_key(value) for value in theirs}, {_key(value) for value in ours}
    if known == wanted:
        return list(theirs)
    missing = [value for value in ours if _key(value) not in known][:_MAX_ROUNDED]
    found = []
    for value in theirs:
        near = (i for i, v in enumerate(missing) if _is_rounded(v, value, tol))
        same = None if _key(value) in wanted or not missing else next(near, None)
        found.append(value if same is None else missing.pop(same))
    return found


_MAX_ROUNDED = 100
"""Keys or members that are looked for among those that are nearly the same."""


def _is_rounded(e: Value, g: Value, tol: Tolerance) -> bool:
    if e.kind != g.kind or e.type != g.type or len(e.items) != len(g.items):
        return False
    if e.kind in ("float", "complex"):
        x, y = complex(e.data), complex(g.data)
        return x == y or is_near(x, y, tol)
    if e.kind == "list":
        return all(_is_rounded(a, b, tol) for a, b in zip(e.items, g.items, strict=True))
    return e.kind != "tensor" and _key(e) == _key(g)


def _key(value: Value) -> object:
    """What makes two keys or members the same; tensors as keys are by identity, so never."""
    if value.kind == "tensor":
        return object()
    if value.kind == "set":
        return (value.type, frozenset(_key(item) for item in value.items))
    data = hex(value.data) if value.kind == "int" else repr(value.data)
    if value.kind in ("float", "complex"):
        data = repr(value.data + 0.0)  # as one key, 0.0 and -0.0 are the same
    return (value.kind, value.type, data, tuple(_key(item) for item in value.items))


def _module(e: Value, g: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    if e.kind == "module":
        training, other = e.data[0], g.data[0]
        if training != other:
            mode = {True: _("training mode"), False: _("evaluation mode")}
            out.add(path, unlike(mode[training], mode[other]) + ".")
    ours, theirs = (
        dict(zip(e.names, e.items, strict=True)),
        dict(zip(g.names, g.items, strict=True)),
    )
    for name in _without(ours, theirs):
        out.add(path, _("the {part} is missing.").format(part=part_text(name)))
    for name in _without(theirs, ours):
        out.add(path, _("the {part} should not be there.").format(part=part_text(name)))
    for name, item in ours.items():
        if name in theirs:
            other_item = theirs[name]
            if _same_option(name, item, other_item):
                continue
            if name.startswith("owner "):
                _owner(name, item, other_item, path, out)
                continue
            place = part_place(name) if e.kind == "module" else part_text(name)
            _values(item, other_item, tol, f"{path}.{place}" if path else place, out)


def _without(names: Iterable[str], others: Container[str]) -> list[str]:
    """Which of the parts the other has not; what belongs to a parameter is not worth a word."""
    alone = [name for name in names if name not in others]
    return [name for name in alone if not name.startswith(("owner ", "state "))]


def _owner(name: str, e: Value, g: Value, path: str, out: Comparison) -> None:
    """Whose a parameter is that an optimizer changes, where the solution's is anybody's."""
    if e.kind == "str" and e.data != g.data:
        said = _("{parameter} should be `{owner}` itself, not a copy or another one.")
        parameter = part_text(name.replace("owner", "given", 1))
        out.add(path, said.format(parameter=parameter, owner=e.data))


def _same_option(name: str, e: Value, g: Value) -> bool:
    """Whether a layer does the same with either: `p=0` is `p=0.0`."""
    numbers = {e.kind, g.kind} <= {"int", "float"}
    return name.startswith("options ") and numbers and bool(e.data == g.data)


def _tensors(ev: Value, gv: Value, tol: Tolerance, path: str, out: Comparison) -> None:
    e, g = ev.data, gv.data
    assert isinstance(e, TensorFacts)
    assert isinstance(g, TensorFacts)
    for what, a, b in (
        ("dtype", e.dtype, g.dtype),
        ("shape", e.shape, g.shape),
        ("device", e.device, g.device),
        ("layout", e.layout, g.layout),
        ("requires_grad", e.requires_grad, g.requires_grad),
    ):
        if a != b:
            clue = _shape_clue(e, g) if what == "shape" else ""
            out.add(path, f"{unlike(f'{what} {a}', b)}. {clue}".rstrip())
    if e.parameter != g.parameter:
        out.add(path, unlike(kind_text(ev), kind_text(gv)) + ".")
    if g.missing == "meta" or e.missing == "meta":
        out.add(path, _("a meta tensor holds no values and equals nothing."))
    elif "large" in (g.missing, e.missing):
        out.add(path, _("it is too large to be compared."))
    elif e.missing or g.missing:
        out.add(path, _("what came {why}.").format(why=g.missing or e.missing))
    elif e.shape == g.shape:
        _elements(e, g, tol, path, out)
    if not out.gradients:
        return
    if ev.items and gv.items:
        _values(ev.items[0], gv.items[0], tol, f"{path}.grad", out)
    elif ev.items or gv.items:
        wanted = _("it should have a gradient in `.grad`, but has none.")
        unwanted = _("it should have no gradient in `.grad`, but has one.")
        out.add(path, wanted if ev.items else unwanted)


def _shape_clue(e: TensorFacts, g: TensorFacts) -> str:
    plain = e.layout == g.layout == "strided" and e.dtype == g.dtype
    return (
        clues.of_shapes(e.data, g.data)
        if plain and e.data is not None and g.data is not None
        else ""
    )


def _unravelled(flat: int, shape: Sequence[int]) -> tuple[int, ...]:
    """The index of the element with this number; `torch.unravel_index` imports sympy for it."""
    index: list[int] = []
    for size in reversed(shape):
        flat, place = divmod(flat, size)
        index.insert(0, place)
    return tuple(index)


def _elements(e: TensorFacts, g: TensorFacts, tol: Tolerance, path: str, out: Comparison) -> None:
    pair = dense(e, g)
    if pair is None:
        out.add(path, _("the sparse tensors hold values at different places."))
        return
    x, y = pair
    out.elements += x.numel()
    differs, distance, allowed = beyond(x, y, tol)
    count = int(differs.sum())
    if not count:
        return
    flat = int(torch.where(differs, distance, -1.0).reshape(-1).argmax())
    worst = Worst(
        _unravelled(flat, x.shape),
        element_text(x.reshape(-1)[flat].item(), e.dtype),
        element_text(y.reshape(-1)[flat].item(), g.dtype),
        float(allowed.reshape(-1)[flat]),
    )
    out.tensors.append(TensorDifference(path, e, g, differs, worst))
    total = x.numel()
    clue = clues.of_elements(x, y)
    if not x.shape:
        out.add(path, f"{unlike(worst.expected, worst.got)}. {clue}".rstrip())
        return
    share = counted(
        "the one element differs", "{differing} of {n} elements differ", total, differing=count
    )
    said = _("{share}; at {place} expected {expected}, got {got}{allowed}.")
    place = f"[{', '.join(map(str, worst.index))}]"
    allowance = (
        _(" (allowed: ±{most})").format(most=f"{worst.allowed:.3g}") if worst.allowed else ""
    )
    sentence = said.format(
        share=share, place=place, expected=worst.expected, got=worst.got, allowed=allowance
    )
    out.add(path, f"{sentence} {clue}".rstrip())
