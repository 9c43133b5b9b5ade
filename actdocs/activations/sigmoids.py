"""Sigmoidal functions: S-shaped, bounded, flat at both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["sigmoid", "tanh"]


def _logistic_slope(xp: Any, x: Any) -> Any:
    """Give the derivative of the sigmoid; even, so that the small exponential serves both sides."""
    small = xp.exp(-xp.abs(x))
    return small / ((1.0 + small) * (1.0 + small))


@activation(
    title="Sigmoid",
    family="sigmoidal",
    aliases=("logistic",),
    definition="1 / (1 + exp(-x))",
    derivative_definition="sigmoid(x) * (1 - sigmoid(x))",
    value=lambda xp, x: xp.sigmoid(x),
    derivative=_logistic_slope,
    bounds=Bounds(0.0, 1.0),
    lipschitz=0.25,
    monotonic=True,
    frameworks=Frameworks(
        tensorflow="tf.nn.sigmoid",
        keras="keras.activations.sigmoid",
        pytorch="torch.nn.functional.sigmoid",
        jax="jax.nn.sigmoid",
        onnx="Sigmoid",
    ),
    references=("rumelhart1986",),
)
def sigmoid(x: ArrayLike) -> Any:
    r"""Squash any number into the interval from 0 to 1.

    .. math:: f(x) = \frac{1}{1 + e^{-x}}

    The slope is largest at 0, where it is 1/4, and vanishes towards both ends. The range is open: 0 and 1 appear
    only by rounding.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In (0, 1), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-40, 40, 1001)
    >>> bool(np.allclose(sigmoid(x) + sigmoid(-x), 1, rtol=0, atol=1e-15))
    True
    """
    return get(sigmoid)(x)


def _tanh_slope(xp: Any, x: Any) -> Any:
    """Give the square of the hyperbolic secant, without the cancellation of one minus a square."""
    small = xp.exp(-2.0 * xp.abs(x))
    return 4.0 * small / ((1.0 + small) * (1.0 + small))


@activation(
    title="Tanh",
    family="sigmoidal",
    definition="tanh(x)",
    derivative_definition="1 - tanh(x) ** 2",
    value=lambda xp, x: xp.tanh(x),
    derivative=_tanh_slope,
    bounds=Bounds(-1.0, 1.0),
    lipschitz=1.0,
    monotonic=True,
    frameworks=Frameworks(
        tensorflow="tf.nn.tanh",
        keras="keras.activations.tanh",
        pytorch="torch.nn.functional.tanh",
        jax="jax.nn.tanh",
        onnx="Tanh",
    ),
    references=("lecun1998",),
)
def tanh(x: ArrayLike) -> Any:
    r"""Squash any number into the interval from -1 to 1, zero to zero: the hyperbolic tangent.

    .. math:: f(x) = \tanh(x)

    A sigmoid stretched and moved so that its centre is the origin; the slope there is 1. The range is open.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In (-1, 1), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp".

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs import sigmoid
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(tanh(x), 2 * sigmoid(2 * x) - 1, rtol=0, atol=1e-15))
    True
    """
    return get(tanh)(x)
