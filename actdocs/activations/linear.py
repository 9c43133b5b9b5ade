"""The straight line and the step: where the story of activation functions begins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["binary_step", "identity"]


@activation(
    title="Identity",
    family="linear",
    aliases=("linear",),
    definition="x",
    derivative_definition="1",
    value=lambda xp, x: x,
    derivative=lambda xp, x: xp.ones_like(x),
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0,
    monotonic=True,
    frameworks=Frameworks(
        tensorflow="tf.identity",
        keras="keras.activations.linear",
        pytorch="torch.nn.Identity",
        jax="jax.nn.identity",
        onnx="Identity",
    ),
)
def identity(x: ArrayLike) -> Any:
    r"""Hand the input on unchanged.

    .. math:: f(x) = x

    A network whose every activation is the identity is one affine map, however deep it is. At the output it
    is the usual choice for regression.

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

    Examples
    --------
    >>> identity(-2.5)
    -2.5
    """
    return get(identity)(x)


@activation(
    title="Binary step",
    family="threshold",
    aliases=("step", "heaviside"),
    definition="1 if x >= 0 else 0",
    derivative_definition="0",
    value=lambda xp, x: xp.where(x >= 0, xp.ones_like(x), xp.zeros_like(x)),
    derivative=lambda xp, x: xp.zeros_like(x),
    bounds=Bounds(0.0, 1.0, True, True),
    lipschitz=math.inf,
    monotonic=True,
    kinks=(0.0,),
    smoothness=-1,
    references=("mcculloch1943", "rosenblatt1958"),
)
def binary_step(x: ArrayLike) -> Any:
    r"""Answer yes or no: 1 from zero upwards, 0 below.

    .. math:: f(x) = \begin{cases}1 & \text{if } x \ge 0 \\ 0 & \text{otherwise}\end{cases}

    **Convention.** The value at 0 is 1. The derivative is 0 everywhere; at the jump, where there is none, it is
    set to 0 as well. Gradient descent learns nothing through it.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        0 or 1, NaN for NaN, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    References
    ----------
    McCulloch and Pitts (1943), "A logical calculus of the ideas immanent in nervous activity";
    Rosenblatt (1958), "The perceptron".

    Examples
    --------
    >>> binary_step([-0.1, 0.0, 3.0])
    array([0., 1., 1.])
    """
    return get(binary_step)(x)
