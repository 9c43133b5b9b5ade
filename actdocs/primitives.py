"""The functions that definitions are written in, for NumPy arrays of one dtype: what kernels are made of.

``DOUBLE`` serves data in half and single precision, ``EXTENDED`` data in double precision: there, eleven more bits and
a far wider range (where the platform's ``long double`` has them, as on x86) absorb what cancels and underflows on the
way. Exponentials stop short of infinity, at a size that rounds to infinity in the dtype of the data, so that a
vanishing factor beside them wins.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs import numerics
from actdocs.expressions import evaluate
from actdocs.normal import tail_ratio

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DOUBLE", "EXTENDED", "SINGLE", "by_definition", "namespace"]

Array = Any
_WIDE = np.finfo(np.longdouble).maxexp > np.finfo(np.float64).maxexp


def _power(x: Array, exponent: int) -> Array:
    return functools.reduce(np.multiply, [x] * exponent) if exponent else np.ones_like(x)


def _choose(test: Any, first: Callable[[], Array], second: Callable[[], Array]) -> Array:
    """Take one branch where the test is one truth, each element's where it is an array."""
    if isinstance(test, bool | np.bool_):
        return first() if test else second()
    return numerics.where(test, first(), second())


def _reduced(pair: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """Let a function of two take any number of arguments, or one iterable of them."""
    return lambda *numbers: functools.reduce(pair, numbers if len(numbers) > 1 else numbers[0])


def _sigmoid(exp: Callable[[Array], Array], x: Array) -> Array:
    small = exp(-np.abs(x))
    return numerics.where(x < 0, small, 1) / (1 + small)


def _sech(exp: Callable[[Array], Array], x: Array) -> Array:
    small = exp(-np.abs(x))
    return 2 * small / (1 + small * small)


def _double_erf(x: Array) -> Array:
    from scipy.special import erf

    return erf(x)


def _double_cdf(x: Array) -> Array:
    from scipy.special import ndtr

    return ndtr(x)


def _split(x: Array) -> tuple[Array, Array]:
    """Split an extended number into a double and what is left."""
    high = np.asarray(x, np.float64)
    return high, x - high


# The odd numbers multiplied up, one over each product.
_ERF_SERIES = 1 / np.cumprod(np.arange(1, 73, 2, dtype=np.longdouble))


def _extended_erf(x: Array) -> Array:
    """Give the error function to extended precision, for what a sum with it may cancel."""
    from scipy.special import erfc

    high, low = _split(np.minimum(np.abs(x), 30))
    scale = 2 / np.sqrt(EXTENDED["pi"])
    # All terms of this series are positive (Abramowitz and Stegun, 7.1.6).
    near = np.minimum(high + low, 2.0)
    series = np.polynomial.polynomial.polyval(2 * near * near, _ERF_SERIES)
    inside = scale * near * np.exp(-near * near) * series
    # In the tail, what is left to 1 is so small that double precision serves.
    outside = 1 - (erfc(high) - low * scale * np.exp(-high * high))
    return np.copysign(np.where(high < 2.0, inside, outside), x)


def _extended_cdf(x: Array) -> Array:
    high, low = _split(np.clip(x, -150, 150))
    wide = np.asarray(high, np.longdouble)
    # The tail keeps its digits far below the doubles, for a large factor beside it.
    tail = tail_ratio(np.abs(high)) * EXTENDED["exp"](-wide * wide / 2)
    return np.where(high < 0, tail, 1 - tail) + low * EXTENDED["phi"](wide)


def namespace(dtype: type, top: float, farthest: int) -> dict[str, Any]:
    """Make the namespace for arrays of a dtype.

    Parameters
    ----------
    dtype : type
        A NumPy floating type.
    top : float
        The largest argument of the exponential; beyond it, the exponential stays.
    farthest : int
        The power of two that stands for infinity: larger than any number of the data's dtype.

    Returns
    -------
    dict
        A namespace for :func:`actdocs.expressions.evaluate`.

    Examples
    --------
    >>> bool(namespace(np.float64, 150.0, 190)["softplus"](np.float64(0.0)) == np.log(2.0))
    True
    """
    number: Any = functools.cache(dtype)
    pi = number("3.14159265358979323846264338327950288")
    root = np.sqrt(2 * pi)
    with np.errstate(over="ignore"):
        end = np.ldexp(number("1"), farthest)

    def periodic(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
        """Give NaN where the argument came from infinity."""
        return lambda x: np.where(np.abs(x) > end / 2**40, np.nan, function(x))

    def exp(x: Array) -> Array:
        return np.exp(x if np.isinf(top) else np.minimum(x, top))

    extended = dtype is np.longdouble
    return {
        "abs": np.abs,
        "atan": np.arctan,
        "choose": _choose,
        "cos": periodic(np.cos),
        "erf": _extended_erf if extended else _double_erf,
        "exp": exp,
        "expm1": lambda x: np.expm1(x if np.isinf(top) else np.minimum(x, top)),
        "farthest": end,
        "log": np.log,
        "log1p": np.log1p,
        "max": _reduced(np.maximum),
        "min": _reduced(np.minimum),
        "number": number,
        "phi": lambda x: exp(-x * x / 2) / root,
        "Phi": _extended_cdf if extended else _double_cdf,
        "pi": pi,
        "power": _power,
        "sech": functools.partial(_sech, exp),
        # In double precision, the exponential of data in single precision can't leave the range too early.
        "sigmoid": (lambda x: 1 / (1 + np.exp(-x))) if dtype is np.float64 else functools.partial(_sigmoid, exp),
        "sign": np.sign,
        "sin": periodic(np.sin),
        "softplus": lambda x: np.maximum(x, 0) + np.log1p(exp(-np.abs(x))),
        "sqrt": np.sqrt,
        "tanh": np.tanh,
        "where": numerics.where,
    }


SINGLE = namespace(np.float32, np.inf, 128)
DOUBLE = namespace(np.float64, 150.0, 190)
EXTENDED = namespace(np.longdouble, 2000.0, 3000) if _WIDE else namespace(np.longdouble, 709.0, 1023)


def by_definition(names: dict[str, Any], expression: str, x: Array, **parameters: Any) -> Array:
    """Evaluate a definition on an array of doubles, in the numbers of a namespace.

    An infinite input is moved to a number so large that the limit there is reached: infinity where a result rounds
    to it, else the limit itself. Where the function swings for ever, the result there is NaN.

    Examples
    --------
    >>> by_definition(DOUBLE, "x / (1 + abs(x))", np.array([-np.inf, 1.0, np.inf]))
    array([-1. ,  0.5,  1. ])
    """
    lifted, end = np.asarray(x, names["pi"].dtype), names["farthest"]
    if np.isfinite(end):
        lifted = np.clip(lifted, -end, end)
    numbers = {name: _lifted(names["number"], value) for name, value in parameters.items()}
    return np.broadcast_to(evaluate(expression, names, x=lifted, **numbers), np.shape(x))


def _lifted(number: Callable[[float], Any], value: Any) -> Any:
    """Take floats into the numbers of a namespace, so that differences of parameters lose nothing."""
    if isinstance(value, tuple):
        return [number(part) for part in value]
    return number(value) if isinstance(value, float) else value
