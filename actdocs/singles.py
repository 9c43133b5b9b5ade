"""NumPy in double precision for data in half or single precision: the same names as :mod:`actdocs.numerics`.

A few hundred units in the last place of a double are far below half a unit of a single, so that plain products
and SciPy's functions serve here, and tails can't leave the range of a double.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import abs, exp, expm1, log1p, maximum, minimum, ones_like, pi, sign, sqrt, tanh, zeros_like
from scipy.special import ndtr

from actdocs import numerics
from actdocs.normal import tail_ratio
from actdocs.numerics import where

if TYPE_CHECKING:
    from actdocs.numerics import Pair

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
    "normal_cdf_slope",
    "ones_like",
    "pair_product",
    "pair_sum",
    "pi",
    "sigmoid",
    "sign",
    "sin",
    "sin_pi",
    "softmax",
    "softmax_terms",
    "sqrt",
    "tail_product",
    "tanh",
    "times",
    "total",
    "where",
    "zeros_like",
]

Array = Any

GUARD_BITS = 29  # that a double has more than the data


_FAR = 15.0  # beyond it, the tail of the normal distribution rounds to zero


cos_pi = functools.partial(numerics.cos_pi, dtype=np.float64)


def _high(number: Array | Pair) -> Array:
    return number[0] if isinstance(number, tuple) else number


def times(a: Array, b: Array) -> Array:
    """Multiply, where zero times infinity is zero."""
    product = np.asarray(a * b)
    if np.abs(product).min(initial=1.0) > 0:
        return product
    return where((a == 0) | (b == 0), 0.0, product)


def sin(a: float, x: Array) -> Array:
    """Give ``sin(a x)``; in single precision, a product that is rounded must do."""
    return np.sin(a * x) if x.dtype == np.float32 else numerics.sin(a, x, np.float64)


def cos(a: float, x: Array) -> Array:
    """Give ``cos(a x)``."""
    return np.cos(a * x) if x.dtype == np.float32 else numerics.cos(a, x, np.float64)


def sin_pi(x: Array) -> Array:
    r"""Give :math:`\sin(\pi x)`."""
    return numerics.sin_pi(x, x.dtype.type)


def pair_product(a: Array | Pair, b: Array | Pair) -> Pair:
    """Multiply; no low part."""
    return times(_high(a), _high(b)), 0.0


def pair_sum(a: Array | Pair, b: Array | Pair) -> Pair:
    """Add; no low part."""
    return _high(a) + _high(b), 0.0


def exp_times(factor: Array, high: Array, low: float = 0.0) -> Array:
    """Give ``factor * exp(high)``."""
    return times(factor, exp(high))


def sigmoid(high: Array, low: float = 0.0, factor: Array = 1.0) -> Array:
    """Give ``factor / (1 + exp(-high))``."""
    gate = np.asarray(exp(-high))
    gate += 1.0
    gate = np.divide(1.0, gate, out=gate)
    return gate if isinstance(factor, float) and factor == 1.0 else times(factor, gate)


@functools.cache
def _tail_polynomial() -> list[float]:
    r"""Fit :math:`\Phi(-t)\,e^{t^2/2}\,(t + 3)` by a polynomial in :math:`1 - 6 / (t + 3)`, to 1e-9 of its value."""

    def scaled(u: Array) -> Array:
        sum_ = 6.0 / (1.0 - u)
        return tail_ratio(np.maximum(sum_ - 3.0, 0.0)) * sum_

    fit = np.polynomial.Chebyshev.interpolate(scaled, 10, domain=[-1.0, 1.0 - 6.0 / (_FAR + 3.0)])
    return [float(c) for c in fit.convert(kind=np.polynomial.Polynomial).coef[::-1]]


def tail_product(x: Array) -> Array:
    r"""Give :math:`|x|\,\Phi(-|x|)`."""
    size = np.abs(x)
    near = np.minimum(size, _FAR)
    inverse = 1.0 / (near + 3.0)
    u = inverse * -6.0
    u += 1.0
    # Passes over memory are what counts: in place, and in single precision as long as little depends on it.
    first, *coefficients = _tail_polynomial()
    result, factor = np.full_like(u, first, dtype=np.float32), u.astype(np.float32)
    for k, coefficient in enumerate(coefficients):
        if k == 8:
            result, factor = result.astype(np.float64), u
        result *= factor
        result += coefficient
    result *= inverse
    result *= near
    size *= size
    size *= -0.5
    result *= np.exp(size, out=size)
    return result


def softmax(x: Array, axis: int) -> Array:
    """Give the softmax; doubles need no shift for scores of moderate size."""
    if not (x.min(initial=0.0) > -600.0 and x.max(initial=0.0) < 600.0):
        _, weights, rest = softmax_terms(x, axis)
        return weights / (1.0 + rest)
    weights = exp(x)
    weights *= 1.0 / total(weights, axis)
    return weights


def normal_cdf_slope(x: Array) -> Array:
    r"""Give :math:`\Phi(x) + x\,\varphi(x)`."""
    return ndtr(x) + times(x, exp(-0.5 * x * x)) * 0.3989422804014327


def total(x: Array, axis: int) -> Array:
    """Add along an axis."""
    return np.sum(x, axis=axis, keepdims=True)


def softmax_terms(x: Array, axis: int) -> tuple[Array, Array, Array]:
    """Give the shifted scores, their exponentials, and the sum of all but the first largest; infinities tie."""
    place = np.argmax(x, axis=axis, keepdims=True)
    top = np.take_along_axis(x, place, axis)
    shifted = x - top
    if not np.isfinite(top).all():
        shifted = where(x == top, 0.0, shifted)
    weights = exp(shifted)
    rest = total(weights, axis) - 1.0
    if (rest < 2.0**-20).any():  # too little is left of it
        others = weights.copy()
        np.put_along_axis(others, place, 0.0, axis)
        rest = total(others, axis)
    return shifted, weights, rest


def definition(expression: str, x: Array, **parameters: Any) -> Array:
    """Evaluate a definition as it stands."""
    from actdocs.primitives import DOUBLE, SINGLE, by_definition

    return by_definition(SINGLE if x.dtype == np.float32 else DOUBLE, expression, x, **parameters)
