"""Functions along an axis whose values are probabilities, or their logarithms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Axis

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["log_softmax", "softmax"]


def _softmax(xp: Any, x: Any, axis: int) -> Any:
    _, weights, rest = xp.softmax_terms(x, axis)
    return weights / (1.0 + rest)


def _softmax_product(xp: Any, x: Any, v: Any, axis: int) -> Any:
    p = _softmax(xp, x, axis)
    return p * (v - xp.total(p * v, axis))


@activation(
    title="Softmax",
    family="simplex",
    definition="exp(x[i]) / sum(exp(x[j]) for j in indices)",
    derivative_definition="p[i] * (delta[i, j] - p[j])",
    value=_softmax,
    jvp=_softmax_product,
    vjp=_softmax_product,
    domains={"axis": Axis()},
    bounds=Bounds(0.0, 1.0, False, True),
    lipschitz=0.5,
    frameworks=Frameworks(
        tensorflow="tf.nn.softmax",
        keras="keras.activations.softmax",
        pytorch="torch.nn.functional.softmax",
        jax="jax.nn.softmax",
        onnx="Softmax",
    ),
    references=("bridle1990",),
)
def softmax(x: ArrayLike, axis: int = -1) -> Any:
    r"""Turn scores into probabilities: positive numbers that add up to 1 along an axis.

    .. math:: f(x)_i = \frac{e^{x_{i}}}{\sum_{j} e^{x_{j}}}

    The same number added to every score changes nothing. The Jacobian is
    :math:`p_i(\delta_{ij} - p_j)` with :math:`p = f(x)`; it is symmetric, so that ``jvp`` and ``vjp`` agree.

    **Convention.** Infinite scores of one sign tie: a single :math:`+\infty` takes all, several share equally, and
    a slice of :math:`-\infty` alone is uniform. A slice with a NaN is NaN throughout.

    Parameters
    ----------
    x : array_like
        Scores: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the values add up to 1; the last by default.

    Returns
    -------
    ndarray
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing along it.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs".

    Examples
    --------
    >>> softmax([2.0, 1.0, 0.1]).round(3)
    array([0.659, 0.242, 0.099])
    >>> import numpy as np
    >>> bool(np.allclose(softmax([2.0, 1.0, 0.1]), softmax([1002.0, 1001.0, 1000.1])))
    True
    """
    return get(softmax)(x, axis=axis)


def _log_softmax(xp: Any, x: Any, axis: int) -> Any:
    shifted, _, rest = xp.softmax_terms(x, axis)
    return shifted - xp.log1p(rest)


@activation(
    title="Log-softmax",
    family="simplex",
    definition="x[i] - log(sum(exp(x[j]) for j in indices))",
    derivative_definition="delta[i, j] - p[j]",
    value=_log_softmax,
    jvp=lambda xp, x, v, axis: v - xp.total(_softmax(xp, x, axis) * v, axis),
    vjp=lambda xp, x, v, axis: v - _softmax(xp, x, axis) * xp.total(v, axis),
    domains={"axis": Axis()},
    bounds=Bounds(-math.inf, 0.0, False, True),
    lipschitz=math.inf,
    frameworks=Frameworks(
        tensorflow="tf.nn.log_softmax",
        keras="keras.activations.log_softmax",
        pytorch="torch.nn.functional.log_softmax",
        jax="jax.nn.log_softmax",
        onnx="LogSoftmax",
    ),
    references=("bridle1990",),
)
def log_softmax(x: ArrayLike, axis: int = -1) -> Any:
    r"""Give the logarithms of the softmax, without going through its tiny values.

    .. math:: f(x)_i = x_{i} - \ln\left(\sum_{j} e^{x_{j}}\right)

    This is what a loss on logits computes. The Jacobian is :math:`\delta_{ij} - p_j` with :math:`p` the softmax;
    its norm grows with the number of scores, up to the square root of it.

    **Convention.** Infinite scores are taken as in :func:`softmax`.

    Parameters
    ----------
    x : array_like
        Scores: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the exponentials add up to 1; the last by default.

    Returns
    -------
    ndarray
        At most 0, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing along it.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs".

    Examples
    --------
    >>> log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    """
    return get(log_softmax)(x, axis=axis)
