r"""The tail of the standard normal distribution, to about one unit in the last place.

What is computed is :math:`M(t) = \Phi(-t)\,e^{t^2/2}` for :math:`t \ge 0`, the tail without its exponential decay
(Mills' ratio over :math:`\sqrt{2\pi}`). It solves :math:`M' = t M - 1/\sqrt{2\pi}`, which gives every Taylor
coefficient from the value. SciPy's ``erfcx`` and ``ndtr`` are several units off between 1 and 3.
"""

from __future__ import annotations

import functools
from decimal import Context, Decimal, localcontext
from typing import Any

import numpy as np

_DENSITY_AT_ZERO = Decimal("0.398942280401432677939946059934381868475858631")  # 1 / sqrt(2 pi)
_STEP = 8  # nodes per unit; a power of two, so that the distance to a node is exact
_END = 16
_DEGREE = 12
_ASYMPTOTIC_TERMS = 14


def _coefficients(node: Decimal, value: Decimal, count: int) -> list[Decimal]:
    """Expand the solution of the differential equation at a node."""
    terms = [value, node * value - _DENSITY_AT_ZERO]
    for k in range(1, count - 1):
        terms.append((node * terms[k] + terms[k - 1]) / (k + 1))
    return terms


@functools.cache
def _table() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Tabulate the Taylor coefficients, one row a power, by steps downwards, where errors die out."""
    with localcontext(Context(prec=44)):
        fraction = Decimal(_END)
        for k in range(200, 0, -1):
            fraction = _END + k / fraction
        value, rows = _DENSITY_AT_ZERO / fraction, []
        for i in range(_END * _STEP, -1, -1):
            terms = _coefficients(Decimal(i) / _STEP, value, 40)
            rows.append([float(term) for term in terms[: _DEGREE + 1]])
            value = sum((term * (Decimal(-1) / _STEP) ** k for k, term in enumerate(terms)), Decimal(0))
    return np.array(rows[::-1]).T.copy()


def tail_ratio(t: Any) -> Any:
    r"""Give :math:`\Phi(-t)\,e^{t^2/2}`.

    Parameters
    ----------
    t : ndarray of float64
        At least 0; infinite and NaN allowed.

    Returns
    -------
    ndarray of float64
        In [0, 1/2].

    Examples
    --------
    >>> float(tail_ratio(np.array(0.0)))
    0.5
    """
    near = np.clip(np.nan_to_num(t), 0.0, _END)
    nearest = np.rint(near * _STEP)
    node, distance = nearest.astype(np.intp), near - nearest / _STEP
    small, *coefficients = (row.take(node) for row in reversed(_table()))
    for coefficient in coefficients:
        small = small * distance + coefficient
    if not np.any(t > _END):
        return small
    far = np.maximum(t, _END)
    inverse, large = 1.0 / far, np.zeros_like(far)
    for k in range(_ASYMPTOTIC_TERMS, 0, -1):
        large = (1 - 2 * k) * inverse * inverse * (1.0 + large)
    return np.where(t > _END, float(_DENSITY_AT_ZERO) * inverse * (1.0 + large), small)
