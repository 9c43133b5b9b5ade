"""Shrinkage: functions that turn small inputs into zero, or into far smaller ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["hard_shrink", "soft_shrink", "tanh_shrink"]


@activation(
    title="Soft shrink",
    family="shrinkage",
    aliases=("softshrink", "soft_threshold"),
    definition="x - threshold if x > threshold else x + threshold if x < -threshold else 0",
    derivative_definition="1 if abs(x) > threshold else 0",
    value=lambda xp, x, threshold: x - xp.minimum(xp.maximum(x, -threshold), threshold),
    domains={"threshold": Number(low=0)},
    bounds=Bounds(-math.inf, math.inf),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    kinks=(-0.5, 0.5),
    smoothness=0,
    limits=(-math.inf, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.soft_shrink",
        pytorch="torch.nn.functional.softshrink",
        onnx="Shrink",
        arguments={
            "keras": "threshold=threshold",
            "pytorch": "lambd=threshold",
            "onnx": "lambd=threshold, bias=threshold",
        },
    ),
    references=("donoho1994",),
)
def soft_shrink(x: ArrayLike, threshold: float = 0.5) -> Any:
    r"""Set small inputs to zero and move all others towards zero by the same amount.

    .. math::

        f(x) = \begin{cases}x - \text{threshold} & \text{if } x > \text{threshold} \\
        x + \text{threshold} & \text{if } x < -\text{threshold} \\
        0 & \text{otherwise}\end{cases}

    It answers the question which y is closest to x when y pays for its size: it minimises
    :math:`(y - x)^{2} / 2 + \text{threshold} \cdot |y|`.

    **Convention.** The derivative at both thresholds is 0, as in Keras and PyTorch.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    threshold : float
        Size up to which inputs become 0; finite, at least 0.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``threshold`` is not a number.
    ValueError
        If ``threshold`` is negative or not finite.

    Notes
    -----
    **When to use.** In networks that unroll a sparse-coding iteration, and to remove noise from coefficients of which
    most should be 0. The threshold is the weight of an absolute-value penalty, and is best set from the noise.

    **What goes wrong.** Inputs within the threshold get no gradient; after normalisation to variance 1, the default
    sets more than a third of them to 0. Large values come out too small by the threshold, a bias that does not
    fade.

    References
    ----------
    Donoho and Johnstone (1994), "Ideal spatial adaptation by wavelet shrinkage".

    Examples
    --------
    >>> soft_shrink([-2.0, -0.3, 0.5, 2.0])
    array([-1.5,  0. ,  0. ,  1.5])
    """
    return get(soft_shrink)(x, threshold=threshold)


@activation(
    title="Hard shrink",
    family="shrinkage",
    aliases=("hardshrink", "hard_threshold"),
    definition="x if abs(x) > threshold else 0",
    derivative_definition="1 if abs(x) > threshold else 0",
    domains={"threshold": Number(low=0)},
    bounds=Bounds(-math.inf, math.inf),
    single=math.inf,
    lipschitz=math.inf,
    monotonic=True,
    kinks=(-0.5, 0.5),
    smoothness=-1,
    limits=(-math.inf, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.hard_shrink",
        pytorch="torch.nn.functional.hardshrink",
        onnx="Shrink",
        arguments={"keras": "threshold=threshold", "pytorch": "lambd=threshold", "onnx": "lambd=threshold, bias=0.0"},
    ),
    references=("donoho1994",),
)
def hard_shrink(x: ArrayLike, threshold: float = 0.5) -> Any:
    r"""Set small inputs to zero and leave all others as they are.

    .. math::

        f(x) = \begin{cases}x & \text{if } \left|x\right| > \text{threshold} \\ 0 & \text{otherwise}\end{cases}

    **Convention.** Value and derivative at both thresholds are 0, as in Keras and PyTorch.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    threshold : float
        Size up to which inputs become 0; finite, at least 0.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``threshold`` is not a number.
    ValueError
        If ``threshold`` is negative or not finite.

    Notes
    -----
    **When to use.** To keep few coefficients and not to shorten those that are kept: pruning,
    compression, sparse codes.

    **What goes wrong.** It jumps at both thresholds, where the gradient sees nothing: a small change of a weight can
    switch a whole term on or off. Inputs within the threshold get no gradient at all.

    References
    ----------
    Donoho and Johnstone (1994), "Ideal spatial adaptation by wavelet shrinkage".

    Examples
    --------
    >>> hard_shrink([-2.0, -0.3, 0.5, 2.0])
    array([-2.,  0.,  0.,  2.])
    """
    return get(hard_shrink)(x, threshold=threshold)


def _tanh_shrink(xp: Any, x: Any) -> Any:
    """Give x - tanh(x): near 0 by Lambert's continued fraction for tanh, in which nothing cancels.

    Eleven steps are enough up to 2; from there on the difference itself loses no more than a bit. With bits to spare,
    the difference serves much earlier, and next to 0 a few terms of the series.
    """
    if xp.GUARD_BITS:
        result, near = x - xp.tanh(x), xp.abs(x) < 2.0**-5
        square = x[near] * x[near]
        series = 1 / 3 - square * (2 / 15 - square * (17 / 315 - square * (62 / 2835)))
        result[near] = x[near] * square * series
        return result
    square = xp.minimum(x * x, 4.0 * xp.ones_like(x))
    fraction = xp.zeros_like(x)
    for odd in range(23, 1, -2):
        fraction = square / (odd + fraction)
    return xp.where(xp.abs(x) < 2, x * (fraction / (1 + fraction)), x - xp.tanh(x))


@activation(
    title="Tanh shrink",
    family="shrinkage",
    aliases=("tanhshrink",),
    definition="x - tanh(x)",
    derivative_definition="tanh(x) ** 2",
    value=_tanh_shrink,
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0,
    monotonic=True,
    limits=(-math.inf, math.inf),
    frameworks=Frameworks(keras="keras.activations.tanh_shrink", pytorch="torch.nn.functional.tanhshrink"),
)
def tanh_shrink(x: ArrayLike) -> Any:
    r"""Subtract from the input its hyperbolic tangent.

    .. math:: f(x) = x - \tanh(x)

    Near 0 it is :math:`x^{3} / 3`; far out it moves inputs towards 0 by 1. It has no known first paper.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** As a smooth form of soft shrink with threshold 1, where a kink would disturb.

    **What goes wrong.** Slope and curvature are 0 at 0, so that a network with small weights hardly passes anything on,
    forwards or backwards. Computed as it stands, in single precision nothing is left of inputs below about 0.0003.

    Examples
    --------
    In single precision the plain difference gives 0 here; the true value is a third of the cube:

    >>> import numpy as np
    >>> x = np.float32(1e-4)
    >>> float(x - np.tanh(x)), bool(np.isclose(tanh_shrink(x), x**3 / 3, atol=0))
    (0.0, True)
    """
    return get(tanh_shrink)(x)
