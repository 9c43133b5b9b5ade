"""NumPy in double precision for data in half or single precision: the same names as :mod:`actdocs.numerics`.

A few hundred units in the last place of a double are far below half a unit of a single, so that plain products
and SciPy's functions serve here, and tails can't leave the range of a double.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy import abs, exp, expm1, log1p, maximum, minimum, ones_like, sqrt, tanh, where, zeros_like
from scipy.special import expit, ndtr

from actdocs.numerics import softmax_terms, times, total

if TYPE_CHECKING:
    from actdocs.numerics import Pair

__all__ = [
    "abs",
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
    "sigmoid",
    "softmax_terms",
    "sqrt",
    "tanh",
    "times",
    "total",
    "where",
    "zeros_like",
]

Array = Any


def _high(number: Array | Pair) -> Array:
    return number[0] if isinstance(number, tuple) else number


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
    return times(factor, expit(high))


def normal_cdf(x: Array, factor: Array = 1.0) -> Array:
    r"""Give ``factor`` times :math:`\Phi(x)`."""
    return times(factor, ndtr(x))


def normal_cdf_slope(x: Array) -> Array:
    r"""Give :math:`\Phi(x) + x\,\varphi(x)`."""
    return ndtr(x) + times(x, exp(-0.5 * x * x)) * 0.3989422804014327


def definition(expression: str, x: Array, **parameters: Any) -> Array:
    """Evaluate a definition as it stands."""
    from actdocs.primitives import DOUBLE, by_definition

    return by_definition(DOUBLE, expression, x, **parameters)
