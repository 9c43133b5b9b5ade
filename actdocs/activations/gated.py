"""Self-gated functions: the input times a gate between 0 and 1 that the input itself opens."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Choice, Number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["gelu", "mish", "swish"]


def _swish(xp: Any, x: Any, beta: float) -> Any:
    return xp.sigmoid(*xp.pair_product(beta, x), factor=x)


def _swish_slope(xp: Any, x: Any, beta: float) -> Any:
    high, low = xp.pair_product(beta, x)
    return xp.sigmoid(high, low, factor=1.0 + xp.times(high, xp.sigmoid(-high, -low)))


@activation(
    title="Swish (SiLU)",
    family="self-gated",
    aliases=("silu",),
    definition="x * sigmoid(beta * x)",
    derivative_definition="sigmoid(beta * x) * (1 + beta * x * (1 - sigmoid(beta * x)))",
    value=_swish,
    derivative=_swish_slope,
    domains={"beta": Number()},
    bounds=Bounds(-0.2784645427610738, math.inf, True),
    lipschitz=1.0998393201288669,
    monotonic=False,
    minimum=(-1.2784645427610738, -0.2784645427610738),
    frameworks=Frameworks(
        tensorflow="tf.nn.silu",
        keras="keras.activations.silu",
        pytorch="torch.nn.functional.silu",
        jax="jax.nn.silu",
        onnx="Swish",
    ),
    references=("hendrycks2016", "elfwing2018", "ramachandran2017"),
)
def swish(x: ArrayLike, beta: float = 1.0) -> Any:
    r"""Gate the input with a sigmoid of itself; with ``beta=1`` it is the SiLU.

    .. math:: f(x) = x\,\sigma(\beta x)

    For :math:`\beta > 0` it dips below zero on the left, with its lowest point near :math:`x = -1.28/\beta`. With
    :math:`\beta = 0` it is the line :math:`x/2`; as :math:`\beta` grows it approaches ReLU.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    beta : float
        Steepness of the gate; finite.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``beta`` is not a number.
    ValueError
        If ``beta`` is not finite.

    References
    ----------
    Hendrycks and Gimpel (2016), "Gaussian error linear units (GELUs)", who name the SiLU; Elfwing, Uchibe and
    Doya (2018), "Sigmoid-weighted linear units for neural network function approximation in reinforcement
    learning"; Ramachandran, Zoph and Le (2017), "Searching for activation functions".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(swish(x) - swish(-x), x))
    True
    """
    return get(swish)(x, beta=beta)


# 2 sqrt(2 / pi) and 0.044715, each as the nearest double and what is left over.
_TANH_SCALE = (1.5957691216057308, -9.96930880911092e-17)
_TANH_CUBIC = (0.044715, 2.1960211427085595e-18)


def _tanh_gate(xp: Any, x: Any) -> Any:
    """Give the argument of the sigmoid in ``x * sigmoid(…)``, the tanh approximation rewritten, as a pair."""
    cubic = xp.pair_product(_TANH_CUBIC, xp.pair_product(x, x))
    return xp.pair_product(xp.pair_product(_TANH_SCALE, x), xp.pair_sum(1.0, cubic))


def _gelu(xp: Any, x: Any, approximate: str) -> Any:
    if approximate == "tanh":
        return xp.sigmoid(*_tanh_gate(xp, x), factor=x)
    return xp.normal_cdf(x, factor=x)


def _gelu_slope(xp: Any, x: Any, approximate: str) -> Any:
    if approximate == "tanh":
        high, low = _tanh_gate(xp, x)
        steepness = _TANH_SCALE[0] * x * (1.0 + 3.0 * _TANH_CUBIC[0] * x * x)
        return xp.sigmoid(high, low, factor=1.0 + xp.times(steepness, xp.sigmoid(-high, -low)))
    return xp.normal_cdf_slope(x)


@activation(
    title="GELU",
    family="self-gated",
    definition="x * Phi(x) if approximate == 'none' else x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)))",
    derivative_definition=(
        "Phi(x) + x * phi(x) if approximate == 'none' else "
        "(1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3))) / 2 + "
        "x / 2 * (1 - tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)) ** 2) * sqrt(2 / pi) * (1 + 0.134145 * x ** 2)"
    ),
    value=_gelu,
    derivative=_gelu_slope,
    domains={"approximate": Choice("none", "tanh")},
    bounds=Bounds(-0.16997120747990366, math.inf, True),
    lipschitz=1.1289041451851548,
    monotonic=False,
    minimum=(-0.7517915246935645, -0.16997120747990366),
    frameworks=Frameworks(
        tensorflow="tf.nn.gelu",
        keras="keras.activations.gelu",
        pytorch="torch.nn.functional.gelu",
        jax="jax.nn.gelu",
        onnx="Gelu",
    ),
    references=("hendrycks2016",),
)
def gelu(x: ArrayLike, approximate: str = "none") -> Any:
    r"""Gate the input with the distribution function of the standard normal: the Gaussian error linear unit.

    .. math:: f(x) = x\,\Phi(x)

    :math:`\Phi` is the distribution function of the standard normal and :math:`\varphi`, in the derivative, its
    density. With ``approximate="tanh"`` it is the cheaper form of the same paper, which is off by at most 0.00047:

    .. math:: f(x) = \frac{x}{2} \left(1 + \tanh\left(\sqrt{\frac{2}{\pi}} \left(x + 0.044715 x^{3}\right)\right)\right)

    Libraries differ in which of the two is the default: the exact one in PyTorch, TensorFlow, ``keras.activations``
    and ONNX, the approximation in JAX and ``keras.ops``.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    approximate : {"none", "tanh"}
        The exact function or its approximation.

    Returns
    -------
    ndarray or scalar
        At least -0.17, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.
    ValueError
        If ``approximate`` is neither of the two words.

    References
    ----------
    Hendrycks and Gimpel (2016), "Gaussian error linear units (GELUs)".

    Examples
    --------
    >>> round(gelu(1.0), 7), round(gelu(1.0, approximate="tanh"), 7)
    (0.8413447, 0.841192)
    >>> import numpy as np
    >>> x = np.linspace(-10, 10, 20001)
    >>> print(f"{np.abs(gelu(x) - gelu(x, approximate='tanh')).max():.5f}")
    0.00047
    """
    return get(gelu)(x, approximate=approximate)


def _mish(xp: Any, x: Any) -> Any:
    left, right = xp.exp(xp.minimum(x, -x)), x >= 0
    # tanh(softplus(x)) = w (w + 2) / (w (w + 2) + 2) with w = exp(x); on the right divided by w squared.
    below = xp.exp_times(x * (left + 2.0) / (left * (left + 2.0) + 2.0), xp.minimum(x, xp.zeros_like(x)))
    above = xp.times(x, (1.0 + 2.0 * left) / (1.0 + 2.0 * left + 2.0 * left * left))
    return xp.where(right, above, below)


def _mish_slope(xp: Any, x: Any) -> Any:
    small, right = xp.exp(xp.minimum(x, -x)), x >= 0
    below = small * (small + 2.0) + 2.0
    numerator = (small + 2.0) * below + 4.0 * x * (small + 1.0)
    negative = xp.exp_times(numerator / (below * below), xp.minimum(x, xp.zeros_like(x)))
    above = 1.0 + 2.0 * small + 2.0 * small * small
    positive = (1.0 + 2.0 * small) / above + xp.times(x, 4.0 * small * small * (1.0 + small) / (above * above))
    return xp.where(right, positive, negative)


@activation(
    title="Mish",
    family="self-gated",
    definition="x * tanh(log(1 + exp(x)))",
    derivative_definition="tanh(softplus(x)) + x * sigmoid(x) * (1 - tanh(softplus(x)) ** 2)",
    value=_mish,
    derivative=_mish_slope,
    bounds=Bounds(-0.30884341301725041, math.inf, True),
    lipschitz=1.0884981612517279,
    monotonic=False,
    minimum=(-1.1924312145154952, -0.30884341301725041),
    frameworks=Frameworks(
        keras="keras.activations.mish",
        pytorch="torch.nn.functional.mish",
        jax="jax.nn.mish",
        onnx="Mish",
    ),
    references=("misra2020",),
)
def mish(x: ArrayLike) -> Any:
    r"""Gate the input with the hyperbolic tangent of its softplus.

    .. math:: f(x) = x\,\tanh\left(\ln\left(1 + e^{x}\right)\right)

    Smooth, with its lowest point of -0.309 near -1.19.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.309, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    References
    ----------
    Misra (2020), "Mish: a self regularized non-monotonic activation function".

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs import softplus, tanh
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(mish(x), x * tanh(softplus(x))))
    True
    """
    return get(mish)(x)
