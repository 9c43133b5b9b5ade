"""NumPy in double precision, as the kernels of the catalogue see it: the namespace ``xp``.

Beside NumPy's own functions it has the few that keep a result within a few units in the last place where the
textbook form does not. A rounded argument of ``exp`` costs up to 700 such units at -700, so a product or a
sum that goes there is carried as an unevaluated *pair* ``(high, low)`` (Dekker, 1971); and a tail that falls
below the smallest normal number is multiplied out before it is rounded.

:mod:`actdocs.tensors` has the same names for TensorFlow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import (
    abs,
    exp,
    expm1,
    log1p,
    maximum,
    minimum,
    ones_like,
    sign,
    sqrt,
    tanh,
    zeros_like,
)

from actdocs.normal import tail_ratio

__all__ = [
    "GUARD_BITS",
    "abs",
    "cos",
    "cos_pi",
    "definition",
    "exp",
    "exp_times",
    "expm1",
    "log1p",
    "maximum",
    "minimum",
    "normal_cdf",
    "normal_cdf_slope",
    "ones_like",
    "pair_product",
    "pair_sum",
    "pi",
    "sigmoid",
    "sign",
    "sin",
    "sin_pi",
    "softmax_terms",
    "sqrt",
    "tanh",
    "times",
    "total",
    "where",
    "zeros_like",
]

GUARD_BITS = 0  # that the arithmetic has more than the data

Array = Any  # a float64 array; kernels run on TensorFlow tensors as well
Pair = tuple[Array, Array]

_SPLITTER = 2.0**27 + 1.0
_INVERSE_SQRT_2PI = 0.3989422804014327
pi = np.longdouble("3.14159265358979323846264338327950288")


def where(test: Array, a: Array, b: Array) -> Array:
    """Choose between numbers as NumPy's own does, but by their bits: no branch for the processor to guess wrong."""
    dtype = np.result_type(a, b)
    if dtype not in (np.float32, np.float64):
        return np.where(test, a, b)
    bits = np.int32 if dtype == np.float32 else np.int64
    mask: Any = np.asarray(test).astype(bits)
    np.negative(mask, out=mask)
    first: Any = np.asarray(a, dtype).view(bits)
    second: Any = np.asarray(b, dtype).view(bits)
    plain = second.ndim == 0 and second == 0
    return (first & mask if plain else ((first ^ second) & mask) ^ second)[()].view(dtype)


def times(a: Array, b: Array) -> Array:
    """Multiply, where zero times infinity is zero: a factor of exactly zero wins in every limit used here."""
    return where((a == 0) | (b == 0), 0.0, a * b)


def _split(a: Array) -> Pair:
    """Split into two halves of at most 26 bits (Veltkamp, 1968)."""
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return high, a - high


def pair_product(a: Array | Pair, b: Array | Pair) -> Pair:
    """Multiply two numbers or pairs; the pair that comes back is exact to about 100 bits."""
    a, a_low = a if isinstance(a, tuple) else (a, 0.0)
    b, b_low = b if isinstance(b, tuple) else (b, 0.0)
    product = times(a, b)
    (a1, a2), (b1, b2) = _split(a), _split(b)
    low = ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2 + (a * b_low + a_low * b)
    return product, where(np.isfinite(low), low, 0.0)


def pair_sum(a: Array | Pair, b: Array | Pair) -> Pair:
    """Add two numbers or pairs without loss (Knuth, 1969)."""
    a, a_low = a if isinstance(a, tuple) else (a, 0.0)
    b, b_low = b if isinstance(b, tuple) else (b, 0.0)
    high = a + b
    back = high - a
    low = (a - (high - back)) + (b - back) + (a_low + b_low)
    return high, where(np.isfinite(low), low, 0.0)


def exp_times(factor: Array, high: Array, low: Array = 0.0) -> Array:
    """Give ``factor * exp(high + low)`` with one rounding into the subnormal range, however large the factor."""
    first = maximum(high, -600.0)
    result = times(factor * (1.0 + low), exp(first))
    if not np.any(high < -600.0):
        return result
    second = maximum(high - first, -600.0)
    return times(times(result, exp(second)), exp(high - first - second))


def sigmoid(high: Array, low: Array = 0.0, factor: Array = 1.0) -> Array:
    """Give ``factor / (1 + exp(-(high + low)))``."""
    small = exp(-abs(high))
    left = exp_times(factor / (1.0 + small), minimum(high, 0.0), low)
    return where(high < 0, left, times(factor, 1.0 / (1.0 + small * (1.0 - low))))


def _gaussian_times(factor: Array, x: Array) -> Array:
    """Give ``factor * exp(-x**2 / 2)``."""
    square, low = pair_product(x, x)
    return exp_times(factor, -0.5 * square, -0.5 * low)


def normal_cdf(x: Array, factor: Array = 1.0) -> Array:
    r"""Give ``factor`` times :math:`\Phi(x)`, the distribution function of the standard normal."""
    ratio = tail_ratio(abs(x))
    left = _gaussian_times(times(factor, ratio), x)
    return where(x < 0, left, times(factor, 1.0 - _gaussian_times(ratio, x)))


def normal_cdf_slope(x: Array) -> Array:
    r"""Give :math:`\Phi(x) + x\,\varphi(x)`, the derivative of :math:`x\,\Phi(x)`."""
    ratio = tail_ratio(abs(x))
    left = _gaussian_times(ratio + x * _INVERSE_SQRT_2PI, x)
    return where(x < 0, left, 1.0 + _gaussian_times(x * _INVERSE_SQRT_2PI - ratio, x))


def _exact_product(a: Array, x: Array, dtype: type) -> Pair:
    """Multiply exactly, however large or small: a leading part in ``dtype`` and what it leaves."""
    (first, power), (second, other) = np.frexp(a), np.frexp(x)
    high, low = pair_product(first, second)
    return np.ldexp(high.astype(dtype), power + other), np.ldexp(low.astype(dtype), power + other)


def sin(a: Array, x: Array, dtype: type = np.longdouble) -> Array:
    """Give ``sin(a x)`` of the exact product; the sine of NumPy reduces arguments of any size without loss."""
    high, low = _exact_product(a, x, dtype)
    return np.sin(high) * np.cos(low) + np.cos(high) * np.sin(low) if low.any() else np.sin(high)


def cos(a: Array, x: Array, dtype: type = np.longdouble) -> Array:
    """Give ``cos(a x)`` of the exact product."""
    high, low = _exact_product(a, x, dtype)
    return np.cos(high) * np.cos(low) - np.sin(high) * np.sin(low) if low.any() else np.cos(high)


def sin_pi(x: Array, dtype: type = np.longdouble) -> Array:
    r"""Give :math:`\sin(\pi x)`, which is exactly zero at whole numbers."""
    rest = x - 2.0 * np.round(0.5 * x)
    near = where(abs(rest) > 0.5, np.copysign(1.0, rest) - rest, rest)
    return np.sin(pi.astype(dtype) * near)


def cos_pi(x: Array, dtype: type = np.longdouble) -> Array:
    r"""Give :math:`\cos(\pi x)`, which is exactly zero half-way between whole numbers."""
    return np.sin(pi.astype(dtype) * (0.5 - abs(x - 2.0 * np.round(0.5 * x))))


def total(x: Array, axis: int) -> Array:
    """Add along an axis with the rounding errors carried along, so that a long axis costs no accuracy."""
    terms = np.moveaxis(np.asarray(x), axis, 0)
    error = zeros_like(terms[0])
    while len(terms) > 1:
        half = len(terms) // 2
        high, low = pair_sum(terms[:half], terms[half : 2 * half])
        error = error + low.sum(axis=0)
        terms = np.concatenate([high, terms[2 * half :]])
    return np.expand_dims(terms[0] + error, axis)


def softmax_terms(x: Array, axis: int) -> tuple[Array, Array, Array]:
    """Give the shifted scores ``x - max(x)``, their exponentials, and the sum of all but the first largest.

    Scores that equal the largest are shifted to exactly 0, infinite ones too: infinities of the same sign
    tie, the limit of scores that grow together.
    """
    top = np.max(x, axis=axis, keepdims=True)
    high, low = pair_sum(x, -top)
    high = where(x == top, 0.0, high)
    weights = exp_times(1.0, high, where(x == top, 0.0, low))
    rest = weights.copy()
    np.put_along_axis(rest, np.argmax(x, axis=axis, keepdims=True), 0.0, axis)
    return high, weights, total(rest, axis)


def definition(expression: str, x: Array, **parameters: Any) -> Array:
    """Evaluate a definition as it stands."""
    from actdocs.primitives import EXTENDED, by_definition

    return by_definition(EXTENDED, expression, x, **parameters)
