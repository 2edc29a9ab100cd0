"""Python numbers that only rounding sets apart. Pure."""

from __future__ import annotations

import cmath
import math
import struct

from quiz.grade.elements import Tolerance


def is_near(x: complex, y: complex, tol: Tolerance) -> bool:
    """Whether two numbers are within what their precision allows; `x` was expected."""
    if tol.exact or not cmath.isfinite(x) or not cmath.isfinite(y):
        return False
    rtol, atol = tol.of(_precision(x, y))
    if tol.atol is None and _is_written(x):
        rtol, atol = tol.of("float32")[0], 0.0
    # A quarter of large ones, so that no sum or length of theirs is beyond the largest number.
    part = 4 if max(abs(x.real), abs(x.imag), abs(y.real), abs(y.imag)) > 1 else 1
    return abs(x / part - y / part) <= atol / part + rtol * abs(x / part)


def _is_written(x: complex) -> bool:
    """Whether this is a number as one writes it, not what rounding left of zero: 1e-8, 2.5e-12."""
    if x.imag or not 0 < abs(x) <= _TINY:
        return False
    return math.isclose(float(f"{x.real:.2e}"), x.real, rel_tol=1e-12)


_TINY = 1e-4
"""Up to which a number may be smaller than what is allowed to differ."""


def _precision(x: complex, y: complex) -> str:
    """The dtype whose tolerance two Python numbers deserve, of which `x` was expected.

    One that was taken out of a float32 tensor (`loss.item()`) carries that tensor's rounding, and
    another right way to compute it would have rounded otherwise. Whole numbers may be counts.
    """
    rounded = _is_single(x) and not (_is_whole(x) and (_is_whole(y) or not _is_single(y)))
    return "float32" if rounded else "float64"


def _is_whole(x: complex) -> bool:
    return x.real.is_integer() and x.imag.is_integer()


def _is_single(x: complex) -> bool:
    """Whether float32 holds the number exactly."""
    try:
        packed = struct.unpack("ff", struct.pack("ff", x.real, x.imag))
    except OverflowError:
        return False
    return complex(*packed) == x


def same_float(x: float, y: float, exact: bool) -> bool:
    """Whether two floats are one number, or both none; `exact`: zeros of one sign."""
    if math.isnan(x) or math.isnan(y):
        return math.isnan(x) and math.isnan(y)
    return x == y and (not exact or math.copysign(1, x) == math.copysign(1, y))
