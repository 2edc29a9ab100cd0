"""Two tensors element by element: tolerances by dtype, what lies beyond them, numbers as text."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

import torch

from quiz.grade.values import TensorFacts
from quiz.language import _

TOLERANCES = {
    "float64": (1e-7, 1e-7),
    "float32": (1.3e-6, 1e-5),
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "complex128": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex32": (1e-3, 1e-5),
}
"""Relative and absolute, as in `torch.testing.assert_close`; every other dtype is exact, except
the eight-bit floats, which are compared by their values' equality."""

DENSE = 1 << 22
"""Elements up to which sparse tensors are compared as dense ones."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a question allows; None: by dtype."""

    rtol: float | None = None
    atol: float | None = None
    exact: bool = False

    def of(self, dtype: str) -> tuple[float, float]:
        """Relative and absolute tolerance for a dtype."""
        rtol, atol = TOLERANCES.get(dtype, (0.0, 0.0))
        if self.exact or dtype == "bool":
            return 0.0, 0.0
        return (
            rtol if self.rtol is None else self.rtol,
            atol if self.atol is None else self.atol,
        )


def dense(e: TensorFacts, g: TensorFacts) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Both as strided tensors of one shape; None where sparse ones are too large and differ."""
    x, y = e.data, g.data
    assert x is not None
    assert y is not None
    if e.layout == g.layout == "strided" or e.numel <= DENSE:
        return _strided(x), _strided(y)
    if e.layout != g.layout:
        return None
    same = all(torch.equal(a, b) for a, b in zip(_places(x), _places(y), strict=True))
    return (x.values(), y.values()) if same and x.values().shape == y.values().shape else None


def _places(x: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Where a sparse tensor holds values."""
    if x.layout is torch.sparse_coo:
        return (x.indices(),)
    if x.layout in (torch.sparse_csr, torch.sparse_bsr):
        return x.crow_indices(), x.col_indices()
    return x.ccol_indices(), x.row_indices()


def _strided(x: torch.Tensor) -> torch.Tensor:
    return x if x.layout is torch.strided else x.to_dense()


def beyond(
    x: torch.Tensor, y: torch.Tensor, tol: Tolerance
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Which elements differ, by how much, and what would have been allowed."""
    names = [str(t.dtype).removeprefix("torch.") for t in (x, y)]
    same = x.dtype == y.dtype
    if tol.exact and same:
        a, b = _bits(x), _bits(y)
        differs = (a != b).reshape(*x.shape, -1).any(-1) if x.numel() else torch.zeros(x.shape) > 0
        # NaN is NaN in whatever bits: nothing that is shown of two could tell them apart.
        differs &= ~(_wide(x).isnan() & _wide(y).isnan())
        distance = (_wide(x) - _wide(y)).abs().double().nan_to_num(math.inf)
        return differs, distance, torch.zeros(x.shape, dtype=torch.float64)
    a, b = _wide(x), _wide(y)
    # Where the dtypes differ, values are still spoken of: as closely as the coarser one allows.
    rtol, atol = max(tol.of(name) for name in names) if not same else tol.of(names[0])
    if a.dtype == b.dtype == torch.int64 and not (rtol or atol):
        differs = a != b
        distance = (a.double() - b.double()).abs()
        return differs, distance, torch.zeros(x.shape, dtype=torch.float64)
    kind = torch.complex128 if a.is_complex() or b.is_complex() else torch.float64
    a, b = a.to(kind), b.to(kind)
    allowed = atol + rtol * a.abs()
    distance = (a - b).abs()
    # Of complex numbers even the length can be beyond the largest float.
    close = (a == b) | (distance <= allowed) & distance.isfinite() & a.isfinite() & b.isfinite()
    close |= a.isnan() & b.isnan()
    return ~close, distance.nan_to_num(math.inf), allowed.nan_to_num(0.0, 0.0)


def _wide(x: torch.Tensor) -> torch.Tensor:
    """The same values in a dtype that every operation knows."""
    if x.is_complex():
        return x.to(torch.complex128)
    if x.is_floating_point():
        return x.double()
    if x.dtype is torch.uint64:
        return x.view(torch.int64)
    return x.to(torch.int64)


def _bits(x: torch.Tensor) -> torch.Tensor:
    return x.contiguous().reshape(-1).view(torch.uint8).reshape(*x.shape, x.element_size())


_LONG = 6000
"""Bits of an integer from which on it is told by its length: Python prints none of far more."""


def number_text(value: complex) -> str:
    """A Python number as one would type it; a very long integer by the number of its digits."""
    if isinstance(value, int) and value.bit_length() > _LONG:
        digits = int(math.log10(abs(value))) + 1
        said = _("a negative integer of {n} digits") if value < 0 else _("an integer of {n} digits")
        return said.format(n=digits)
    return repr(value)


_PACKED = {"float32": "f", "float16": "e"}
_DIGITS = 9
"""Any float of 32 bits is known again by so many decimal digits."""


def element_text(value: bool | float | complex, dtype: str) -> str:
    """One element (as `tolist` gives it) in as few digits as its dtype needs to know it again."""
    if not isinstance(value, float) or not math.isfinite(value) or dtype == "float64":
        return str(value)
    form = _PACKED.get(dtype)
    if form is None:
        # bfloat16 and the eight-bit floats: no more than nine bits of precision.
        short = float(f"{value:.3g}")
        return repr(short if short == value else float(f"{value:.4g}"))
    packed = struct.pack(form, value)
    few, enough = 2, _DIGITS
    while enough - few > 1:
        digits = (few + enough) // 2
        try:
            same = struct.pack(form, float(f"{value:.{digits}g}")) == packed
        except OverflowError:  # rounded up beyond the largest float of that size
            same = False
        few, enough = (few, digits) if same else (digits, enough)
    return repr(float(f"{value:.{enough}g}"))
