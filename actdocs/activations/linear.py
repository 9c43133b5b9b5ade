"""The straight line and the step: where the story of activation functions begins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["bent_identity", "binary_step", "identity", "sign"]


@activation(
    title="Identity",
    family="linear",
    aliases=("linear",),
    definition="x",
    derivative_definition="1",
    value=lambda xp, x: x,
    derivative=lambda xp, x: xp.ones_like(x),
    bounds=Bounds(-math.inf, math.inf),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    limits=(-math.inf, math.inf),
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

    A network whose every activation is the identity is one affine map, however deep it is.

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
    **When to use.** At the output of a regression; and before a loss that takes logits, since it applies sigmoid or
    softmax itself.

    **What goes wrong.** In hidden layers it adds nothing that one layer could not do. It bounds nothing: an output that
    must be positive, or a probability, needs another function.

    Examples
    --------
    >>> identity(-2.5)
    -2.5
    """
    return get(identity)(x)


@activation(
    title="Bent identity",
    family="linear",
    definition="x + x ** 2 / (2 * (sqrt(x ** 2 + 1) + 1))",
    derivative_definition="1 + x / (2 * sqrt(x ** 2 + 1))",
    bounds=Bounds(-math.inf, math.inf),
    single=1e18,
    lipschitz=1.5,
    monotonic=True,
    limits=(-math.inf, math.inf),
)
def bent_identity(x: ArrayLike) -> Any:
    r"""Bend the straight line gently upwards: half slope on the left, one and a half on the right.

    .. math::

        f(x) = \frac{\sqrt{x^{2} + 1} - 1}{2} + x
        = x + \frac{x^{2}}{2 \left(\sqrt{x^{2} + 1} + 1\right)}

    The second form does not lose digits to the difference near 0. The slope lies between 1/2 and 3/2 and is 1 at 0.
    The function has no known first paper; it stands in many lists.

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
    **When to use.** As an experiment: a function that no input saturates and that can be inverted, with a slope that is
    never far from 1.

    **What goes wrong.** It is so nearly linear that many layers of it bend little. Outputs have no bound, and where
    inputs are positive slopes of up to 3/2 multiply from layer to layer.

    Examples
    --------
    Asymptotes of slope 1/2 and 3/2:

    >>> entry = get(bent_identity)
    >>> entry.derivative(-1e9), entry.derivative(0.0), entry.derivative(1e9)
    (0.5, 1.0, 1.5)
    """
    return get(bent_identity)(x)


@activation(
    title="Binary step",
    family="threshold",
    aliases=("step", "heaviside"),
    definition="1 if x >= 0 else 0",
    derivative_definition="0",
    value=lambda xp, x: xp.where(x >= 0, xp.ones_like(x), xp.zeros_like(x)),
    derivative=lambda xp, x: xp.zeros_like(x),
    bounds=Bounds(0.0, 1.0, True, True),
    single=math.inf,
    lipschitz=math.inf,
    monotonic=True,
    kinks=(0.0,),
    smoothness=-1,
    limits=(0.0, 1.0),
    references=("mcculloch1943", "rosenblatt1958"),
)
def binary_step(x: ArrayLike) -> Any:
    r"""Answer yes or no: 1 from zero upwards, 0 below.

    .. math:: f(x) = \begin{cases}1 & \text{if } x \ge 0 \\ 0 & \text{otherwise}\end{cases}

    **Convention.** The value at 0 is 1. The derivative is 0 everywhere; at the jump, where there is none, it is
    set to 0 as well.

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

    Notes
    -----
    **When to use.** To read a decision off a trained score, and in the perceptron, whose learning rule needs no
    derivative.

    **What goes wrong.** The gradient is 0 everywhere, so that gradient descent learns nothing through it. Training
    through a step needs a stand-in for the derivative, such as that of a clipped line. The value at 0 is a
    convention that differs from library to library.

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


@activation(
    title="Sign",
    family="threshold",
    definition="1 if x > 0 else -1 if x < 0 else 0",
    derivative_definition="0",
    value=lambda xp, x: xp.sign(x),
    bounds=Bounds(-1.0, 1.0, True, True),
    single=math.inf,
    lipschitz=math.inf,
    monotonic=True,
    kinks=(0.0,),
    smoothness=-1,
    limits=(-1.0, 1.0),
    frameworks=Frameworks(
        tensorflow="tf.sign", keras="keras.ops.sign", pytorch="torch.sign", jax="jax.numpy.sign", onnx="Sign"
    ),
    references=("widrow1960",),
)
def sign(x: ArrayLike) -> Any:
    r"""Keep the direction of the input and drop its size.

    .. math:: f(x) = \begin{cases}1 & \text{if } x > 0 \\ -1 & \text{if } x < 0 \\ 0 & \text{otherwise}\end{cases}

    **Convention.** The value at 0 is 0; a unit of two states has to choose 1 or -1 there. The derivative is 0
    everywhere, at the jump as well.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        -1, 0 or 1, NaN for NaN, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** In networks whose activations take one bit, and for decisions with two symmetric answers.

    **What goes wrong.** The gradient is 0 everywhere: binary networks train with the gradient of another function
    in its place, usually that of the input clipped to [-1, 1]. An exact 0 makes a third state.

    References
    ----------
    Widrow and Hoff (1960), "Adaptive switching circuits".

    Examples
    --------
    >>> sign([-0.2, 0.0, 30.0])
    array([-1.,  0.,  1.])
    """
    return get(sign)(x)
