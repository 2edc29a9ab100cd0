"""What a wrong result has in common with the right one: a factor, a sign, an order, a place. Pure.

Each sentence is checked to hold for all elements before it is said; there is none where nothing
simple holds.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence

import torch

from quiz.language import _, counted

_MOST = 1 << 14
"""Elements up to which it is tried."""
_FACTORS = 10_000
"""Factors of single numbers that are no coincidence are whole ones up to this."""


def of_elements(x: torch.Tensor, y: torch.Tensor) -> str:
    """What is to be said of elements that came, `y`, beside those expected, `x`, of one shape."""
    if x.is_complex() or y.is_complex() or not 0 < x.numel() <= _MOST:
        return ""
    if x.dtype is torch.bool and y.dtype is torch.bool:
        swapped = x.numel() > 1 and torch.equal(x, ~y)
        return _("True and False are swapped.") if swapped else ""
    a, b = x.double(), y.double()
    if (lost := int((b.isnan() & ~a.isnan()).sum())) and lost < x.numel():
        return counted("{n} element is NaN.", "{n} elements are NaN.", lost)
    if not a.isfinite().all() or not b.isfinite().all():
        return ""
    if a.numel() == 1:
        return of_numbers(a.item(), b.item())
    if _same(a, b) or (a == a.reshape(-1)[0]).all():
        return ""  # nearly right, or of equal numbers, of which too much would hold
    return _related(a, b) or _moved(a, b)


def of_numbers(x: float, y: float) -> str:
    """The same of one number; a factor tells of a sum for a mean, or of percents."""
    if x == y or not math.isfinite(x) or not math.isfinite(y) or x.is_integer():
        return ""
    if math.isclose(x, -y, rel_tol=1e-5):
        return _("The sign is the opposite.")
    factor = y / x
    whole = round(factor if abs(factor) > 1 else 1 / factor) if factor else 0
    if not 2 <= whole <= _FACTORS:
        return ""
    if math.isclose(factor, whole, rel_tol=1e-5):
        return _("That is {factor} times what it should be.").format(factor=whole)
    if math.isclose(factor * whole, 1, rel_tol=1e-5):
        return _("It should be {factor} times that.").format(factor=whole)
    return ""


def of_texts(x: str, y: str) -> str:
    """The same of a text."""
    if "".join(x.split()) == "".join(y.split()):
        return _("Only white space differs.")
    return _("Only upper and lower case differ.") if x.casefold() == y.casefold() else ""


def of_sequences(x: Sequence[object], y: Sequence[object]) -> str:
    """The same of the items of a list, given by what makes two of them the same."""
    if len(x) < 2 or x == y or len({*x}) == 1:
        return ""
    if len(x) == len(y) > 2 and x[0] != y[0]:
        if x[1:] == y[:-1]:
            return _("The first item is missing, and each stands one place too early.")
        if x[:-1] == y[1:]:
            return _("Each item stands one place too late.")
    if len(x) == len(y) + 1:
        if x[1:] == y:
            return _("The first item is missing.")
        if x[:-1] == y:
            return _("The last item is missing.")
    if len(y) == len(x) + 1:
        if y[1:] == x:
            return _("There is one item too many at the beginning.")
        if y[:-1] == x:
            return _("There is one item too many at the end.")
    if x == y[::-1]:
        return _("The items are in reverse order.")
    same = len(x) == len(y) and Counter(x) == Counter(y)
    return _("The items are right, only their order is not.") if same else ""


def of_shapes(x: torch.Tensor, y: torch.Tensor) -> str:
    """What is to be said of a tensor that came, `y`, in another shape than `x`."""
    if x.dim() == y.dim() == 1 and abs(len(x) - len(y)) == 1 and len(x) <= _MOST:
        return of_sequences(x.tolist(), y.tolist())
    if x.is_complex() or y.is_complex() or x.numel() != y.numel() or not 0 < x.numel() <= _MOST:
        return ""
    a, b = x.double(), y.double()
    if turned := _turned(a, b):
        return turned
    same = _same(a, b.reshape(a.shape))
    return _("The elements are right, only the shape is not.") if same else ""


def _related(a: torch.Tensor, b: torch.Tensor) -> str:
    """Whether one number makes all elements right."""
    if _same(a, -b):
        return _("Every sign is the opposite.")
    far = int(a.abs().argmax())
    factor = float(b.reshape(-1)[far] / a.reshape(-1)[far])
    if factor and _same(a * factor, b):
        said = _("Every element is {factor} times what it should be.")
        return said.format(factor=f"{factor:.6g}")
    shift = float((b - a).mean())
    if _same(a + shift, b) and abs(shift) > 1e-3 * float(a.abs().max()):
        larger, smaller = (
            _("Every element is too large by {amount}."),
            _("Every element is too small by {amount}."),
        )
        return (larger if shift > 0 else smaller).format(amount=f"{abs(shift):.4g}")
    return ""


def _moved(a: torch.Tensor, b: torch.Tensor) -> str:
    """Whether the elements are the right ones in other places."""
    if turned := _turned(a, b):
        return turned
    for dim in range(a.dim()):
        if _same(a, b.flip(dim)):
            return _("It is reversed along dimension {dim}.").format(dim=dim)
    ours, theirs = a.reshape(-1).sort().values, b.reshape(-1).sort().values
    return _("The elements are right, only their order is not.") if _same(ours, theirs) else ""


def _turned(a: torch.Tensor, b: torch.Tensor) -> str:
    """Whether two dimensions were swapped."""
    for i, j in itertools.combinations(range(b.dim()), 2):
        turned = b.transpose(i, j)
        if turned.shape == a.shape and _same(a, turned):
            if a.dim() == 2:
                return _("It is transposed.")
            return _("Dimensions {i} and {j} are swapped.").format(i=i, j=j)
    return ""


def _same(a: torch.Tensor, b: torch.Tensor) -> bool:
    largest = float(a.abs().max())
    return math.isfinite(largest) and torch.allclose(a, b, rtol=1e-5, atol=1e-6 * largest)
