"""Rectifiers: functions that pass what is positive and hold back what is negative."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["elu", "leaky_relu", "relu", "softplus"]


@activation(
    title="ReLU",
    family="rectifier",
    definition="max(0, x)",
    derivative_definition="1 if x > 0 else 0",
    value=lambda xp, x: xp.maximum(x, xp.zeros_like(x)),
    derivative=lambda xp, x: xp.where(x > 0, xp.ones_like(x), xp.zeros_like(x)),
    bounds=Bounds(0.0, math.inf, True),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    frameworks=Frameworks(
        tensorflow="tf.nn.relu",
        keras="keras.activations.relu",
        pytorch="torch.nn.functional.relu",
        jax="jax.nn.relu",
        onnx="Relu",
    ),
    references=("fukushima1969", "nair2010", "glorot2011"),
)
def relu(x: ArrayLike) -> Any:
    r"""Pass positive inputs on and turn negative ones into zero: the rectified linear unit.

    .. math:: f(x) = \max(0, x)

    **Convention.** The derivative at 0 is 0, as in TensorFlow, PyTorch and JAX. A unit whose sum is negative
    for every example gets no gradient: it is dead, and stays so unless the layers before it change its inputs.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [0, ∞), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    References
    ----------
    Fukushima (1969), "Visual feature extraction by a multilayered network of analog threshold elements";
    Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines"; Glorot, Bordes and
    Bengio (2011), "Deep sparse rectifier neural networks".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.all(relu(x) - relu(-x) == x))
    True
    """
    return get(relu)(x)


@activation(
    title="Leaky ReLU",
    family="rectifier",
    aliases=("lrelu",),
    definition="x if x > 0 else alpha * x",
    derivative_definition="1 if x > 0 else alpha",
    value=lambda xp, x, alpha: xp.where(x > 0, x, xp.times(alpha, x)),
    derivative=lambda xp, x, alpha: xp.where(x > 0, xp.ones_like(x), alpha),
    domains={"alpha": Number(low=0)},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    frameworks=Frameworks(
        tensorflow="tf.nn.leaky_relu",
        keras="keras.activations.leaky_relu",
        pytorch="torch.nn.functional.leaky_relu",
        jax="jax.nn.leaky_relu",
        onnx="LeakyRelu",
    ),
    references=("maas2013",),
)
def leaky_relu(x: ArrayLike, alpha: float = 0.01) -> Any:
    r"""Rectify, but let a small share of negative inputs through.

    .. math:: f(x) = \begin{cases}x & \text{if } x > 0 \\ \alpha x & \text{otherwise}\end{cases}

    **Convention.** The derivative at 0 is :math:`\alpha`. Libraries differ in their default slope: 0.01 in
    PyTorch, JAX and ONNX, 0.2 in TensorFlow and ``keras.activations``, 0.3 in the Keras layer.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Slope for negative inputs; finite, at least 0.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is negative or not finite.

    References
    ----------
    Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models".

    Examples
    --------
    >>> leaky_relu([-10.0, 0.0, 10.0], alpha=0.1)
    array([-1.,  0., 10.])
    """
    return get(leaky_relu)(x, alpha=alpha)


@activation(
    title="ELU",
    family="rectifier",
    definition="x if x > 0 else alpha * (exp(x) - 1)",
    derivative_definition="1 if x > 0 else alpha * exp(x)",
    value=lambda xp, x, alpha: xp.where(x > 0, x, alpha * xp.expm1(xp.minimum(x, xp.zeros_like(x)))),
    derivative=lambda xp, x, alpha: xp.where(
        x > 0, xp.ones_like(x), xp.exp_times(alpha, xp.minimum(x, xp.zeros_like(x)))
    ),
    domains={"alpha": Number(low=0)},
    bounds=Bounds(-1.0, math.inf),
    lipschitz=1.0,
    monotonic=True,
    smoothness=1,
    frameworks=Frameworks(
        tensorflow="tf.nn.elu",
        keras="keras.activations.elu",
        pytorch="torch.nn.functional.elu",
        jax="jax.nn.elu",
        onnx="Elu",
    ),
    references=("clevert2016",),
)
def elu(x: ArrayLike, alpha: float = 1.0) -> Any:
    r"""Rectify with a smooth left side that levels off at :math:`-\alpha`: the exponential linear unit.

    .. math::

        f(x) = \begin{cases}x & \text{if } x > 0 \\ \alpha \left(e^{x} - 1\right) & \text{otherwise}\end{cases}

    **Convention.** The derivative at 0 is :math:`\alpha`, the limit from the left; with the default of 1 both
    sides agree and there is no kink.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Depth of the left side; finite, at least 0.

    Returns
    -------
    ndarray or scalar
        Above :math:`-\alpha`, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is negative or not finite.

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), "Fast and accurate deep network learning by exponential linear
    units (ELUs)".

    Examples
    --------
    The textbook form loses small inputs to cancellation; this one does not:

    >>> elu(-1e-20)
    -1e-20
    """
    return get(elu)(x, alpha=alpha)


@activation(
    title="Softplus",
    family="rectifier",
    definition="log(1 + exp(x))",
    derivative_definition="1 / (1 + exp(-x))",
    value=lambda xp, x: xp.maximum(x, xp.zeros_like(x)) + xp.log1p(xp.exp(-xp.abs(x))),
    derivative=lambda xp, x: xp.sigmoid(x),
    bounds=Bounds(0.0, math.inf),
    lipschitz=1.0,
    monotonic=True,
    frameworks=Frameworks(
        tensorflow="tf.math.softplus",
        keras="keras.activations.softplus",
        pytorch="torch.nn.functional.softplus",
        jax="jax.nn.softplus",
        onnx="Softplus",
    ),
    references=("dugas2001",),
)
def softplus(x: ArrayLike) -> Any:
    r"""Rectify smoothly: the logarithm of one plus the exponential.

    .. math:: f(x) = \ln\left(1 + e^{x}\right)

    Its derivative is the sigmoid. Outputs are positive, so it is used for scales and rates.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In (0, ∞), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    References
    ----------
    Dugas, Bengio, Bélisle, Nadeau and Garcia (2001), "Incorporating second-order functional knowledge for
    better option pricing".

    Examples
    --------
    >>> softplus([-1000.0, 1000.0])
    array([   0., 1000.])
    """
    return get(softplus)(x)
