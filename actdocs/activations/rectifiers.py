"""Rectifiers: functions that pass what is positive and hold back what is negative."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Axis, Number, Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

__all__ = [
    "apl",
    "bounded_relu",
    "crelu",
    "leaky_relu",
    "maxout",
    "prelu",
    "relu",
    "relu6",
    "rrelu",
    "shifted_relu",
    "srelu",
    "threshold",
    "thresholded_relu",
]


def _above(xp: Any, x: Any, edge: float) -> Any:
    """Give 1 above an edge and 0 up to it; in single precision, too, the edge is not rounded to compare with it."""
    return xp.where(x > np.float64(edge), xp.ones_like(x), xp.zeros_like(x))


@activation(
    title="ReLU",
    family="rectifier",
    definition="max(0, x)",
    derivative_definition="1 if x > 0 else 0",
    value=lambda xp, x: xp.maximum(x, 0.0),
    derivative=lambda xp, x: _above(xp, x, 0.0),
    single=math.inf,
    bounds=Bounds(0.0, math.inf, True),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    limits=(0.0, math.inf),
    approximations={"softplus": {}},
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

    Notes
    -----
    **When to use.** As the first choice for hidden layers of dense and convolutional networks, with weights drawn for
    it (He et al., 2015). One comparison computes it, and its gradient of 1 does not shrink with depth.

    **What goes wrong.** Units die, most easily after a step that is too long. Its values are never negative, so that
    means drift upwards from layer to layer; and at an output it can't answer with a negative number.

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


def _leaky(xp: Any, x: Any, alpha: float) -> Any:
    return xp.maximum(x, alpha * x) if 0 < alpha <= 1 else xp.where(x > 0, x, xp.times(alpha, x))


def _leaky_slope(xp: Any, x: Any, alpha: float) -> Any:
    return xp.where(x > 0, xp.ones_like(x), alpha)


@activation(
    title="Leaky ReLU",
    family="rectifier",
    aliases=("lrelu",),
    definition="x if x > 0 else alpha * x",
    derivative_definition="1 if x > 0 else alpha",
    value=_leaky,
    derivative=_leaky_slope,
    single=math.inf,
    domains={"alpha": Number(low=0)},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    limits=(-math.inf, math.inf),
    frameworks=Frameworks(
        tensorflow="tf.nn.leaky_relu",
        keras="keras.activations.leaky_relu",
        pytorch="torch.nn.functional.leaky_relu",
        jax="jax.nn.leaky_relu",
        onnx="LeakyRelu",
        arguments={
            "tensorflow": "alpha=alpha",
            "keras": "negative_slope=alpha",
            "pytorch": "negative_slope=alpha",
            "jax": "negative_slope=alpha",
            "onnx": "alpha=alpha",
        },
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

    Notes
    -----
    **When to use.** Where ReLU's units die: a unit that is negative for every example still gets a gradient, if a
    small one, and can come back.

    **What goes wrong.** The slope: one name stands for 0.01, 0.2 and 0.3, and a model that changes library changes
    its function. With a slope of 0.01, each negative unit on the way lets a hundredth of the gradient through.

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
    title="PReLU",
    family="rectifier",
    definition="x if x > 0 else alpha * x",
    derivative_definition="1 if x > 0 else alpha",
    value=_leaky,
    derivative=_leaky_slope,
    single=math.inf,
    domains={"alpha": Number()},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    limits=(-math.inf, math.inf),
    frameworks=Frameworks(
        pytorch="torch.nn.functional.prelu",
        onnx="PRelu",
        arguments={"pytorch": "weight=torch.tensor(alpha)", "onnx": "slope=alpha"},
    ),
    references=("he2015",),
)
def prelu(x: ArrayLike, alpha: float = 0.25) -> Any:
    r"""Rectify with a slope for negative inputs that training learns: the parametric ReLU.

    .. math:: f(x) = \begin{cases}x & \text{if } x > 0 \\ \alpha x & \text{otherwise}\end{cases}

    **Convention.** The derivative at 0 is :math:`\alpha`.

    As a function it is the leaky ReLU; what differs is where the slope comes from. Here it is an argument, and the
    default is the paper's starting value. A layer has one slope for all its units or one for each channel. PyTorch's
    layer starts at 0.25; the Keras layer, ``keras.layers.PReLU``, starts at 0, as a ReLU, with one slope for each
    unit unless told otherwise.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Slope for negative inputs; finite, of either sign.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is not finite.

    Notes
    -----
    **When to use.** In place of a leaky ReLU when there is enough data to learn the slope and no reason to prefer one.
    The cost is one number a layer or a channel, which is nothing beside the weights.

    **What goes wrong.** Weight decay pulls the slope towards 0 and so towards ReLU: leave it out of the decay.
    Nothing keeps the slope below 1 or above 0; a negative one makes the function V-shaped.

    References
    ----------
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers: Surpassing human-level performance on ImageNet
    classification".

    Examples
    --------
    Slopes that training may find make it the identity or the absolute value:

    >>> print(prelu([-2.0, 3.0], alpha=1), prelu([-2.0, 3.0], alpha=-1))
    [-2.  3.] [2. 3.]
    """
    return get(prelu)(x, alpha=alpha)


@activation(
    title="RReLU",
    family="rectifier",
    definition="x if x > 0 else (lower + upper) / 2 * x",
    derivative_definition="1 if x > 0 else (lower + upper) / 2",
    value=lambda xp, x, lower, upper: _leaky(xp, x, (lower + upper) / 2),
    derivative=lambda xp, x, lower, upper: _leaky_slope(xp, x, (lower + upper) / 2),
    single=math.inf,
    domains={"lower": Number(most="upper"), "upper": Number()},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    limits=(-math.inf, math.inf),
    frameworks=Frameworks(
        pytorch="torch.nn.functional.rrelu",
        arguments={"pytorch": "lower=lower, upper=upper"},
    ),
    references=("xu2015",),
)
def rrelu(x: ArrayLike, lower: float = 1 / 8, upper: float = 1 / 3) -> Any:
    r"""Rectify with the mean of the slopes that training drew at random: the randomised leaky ReLU.

    .. math::

        f(x) = \begin{cases}x & \text{if } x > 0 \\
        \frac{\text{lower} + \text{upper}}{2} x & \text{otherwise}\end{cases}

    **Convention.** The derivative at 0 is the slope for negative inputs.

    This is the form for inference. In training, each negative input of each example is multiplied by a slope of its
    own, drawn uniformly between the two bounds at every step; the noise acts as a regulariser, much as dropout does.

    The paper writes the slope as one over a number drawn between 3 and 8, and divides by the mean of those bounds,
    5.5, once training is over: a slope of 2/11, or 0.18. PyTorch, whose defaults stand here, draws the slope itself
    between 1/8 and 1/3, so that its mean is 11/48, or 0.23. The same two bounds, two functions.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    lower : float
        The smallest slope that training draws; finite.
    upper : float
        The largest slope that training draws; finite.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a bound is not a number.
    ValueError
        If a bound is not finite.

    Notes
    -----
    **When to use.** On small data sets, where the paper finds that a fixed or a learned slope overfits sooner. At
    inference it costs what a leaky ReLU costs.

    **What goes wrong.** A model left in training mode gives another answer at each call. Keras and JAX have no such
    layer, so that a model that is ported needs the mean slope written out.

    References
    ----------
    Xu, Wang, Chen and Li (2015), "Empirical evaluation of rectified activations in convolutional network".

    Examples
    --------
    >>> from actdocs import leaky_relu
    >>> rrelu(-48.0), rrelu(-11.0, lower=2 / 11, upper=2 / 11) == leaky_relu(-11.0, alpha=2 / 11)
    (-11.0, True)
    """
    return get(rrelu)(x, lower=lower, upper=upper)


@activation(
    title="ReLU6",
    family="rectifier",
    definition="min(max(0, x), 6)",
    derivative_definition="0 if x <= 0 else 1 if x < 6 else 0",
    value=lambda xp, x: xp.minimum(xp.maximum(x, 0.0), 6.0),
    derivative=lambda xp, x: _above(xp, x, 0.0) * _above(xp, -x, -6.0),
    single=math.inf,
    bounds=Bounds(0.0, 6.0, True, True),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0, 6.0),
    smoothness=0,
    limits=(0.0, 6.0),
    frameworks=Frameworks(
        tensorflow="tf.nn.relu6",
        keras="keras.activations.relu6",
        pytorch="torch.nn.functional.relu6",
        jax="jax.nn.relu6",
        onnx="Clip",
        arguments={"onnx": "min=0.0, max=6.0"},
    ),
    references=("krizhevsky2010", "sandler2018"),
)
def relu6(x: ArrayLike) -> Any:
    r"""Rectify, and let nothing exceed 6.

    .. math:: f(x) = \min(\max(0, x), 6)

    **Convention.** The derivative is 0 at both kinks, 0 and 6, as in TensorFlow and JAX.

    Known bounds suit arithmetic with few bits: the numbers from 0 to 6 can be spread evenly over the codes. Moved
    and scaled, it is the hard sigmoid: :math:`f(x + 3)/6`.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [0, 6], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** In networks that will run on integer hardware, where the range of every activation must be
    known. MobileNets use it.

    **What goes wrong.** It has two flat sides: a unit can die below 0 and saturate above 6, and passes no gradient
    either way. Inputs on a scale of hundreds, such as raw pixels, are at once above 6.

    References
    ----------
    Krizhevsky (2010), "Convolutional deep belief networks on CIFAR-10"; Sandler, Howard, Zhu, Zhmoginov and Chen
    (2018), "MobileNetV2: Inverted residuals and linear bottlenecks".

    Examples
    --------
    >>> relu6([-1.0, 3.0, 9.0])
    array([0., 3., 6.])
    """
    return get(relu6)(x)


@activation(
    title="Bounded ReLU",
    family="rectifier",
    definition="min(max(0, x), limit)",
    derivative_definition="0 if x <= 0 else 1 if x < limit else 0",
    value=lambda xp, x, limit: xp.minimum(xp.maximum(x, 0.0), limit),
    derivative=lambda xp, x, limit: _above(xp, x, 0.0) * _above(xp, -x, -limit),
    single=math.inf,
    domains={"limit": Number(above=0)},
    bounds=Bounds(0.0, 1.0, True, True),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0, 1.0),
    smoothness=0,
    limits=(0.0, 1.0),
    frameworks=Frameworks(
        keras="keras.activations.relu",
        pytorch="torch.nn.functional.hardtanh",
        onnx="Clip",
        arguments={
            "keras": "max_value=limit",
            "pytorch": "min_val=0.0, max_val=limit",
            "onnx": "min=0.0, max=limit",
        },
    ),
    references=("liew2016",),
)
def bounded_relu(x: ArrayLike, limit: float = 1.0) -> Any:
    r"""Rectify, and let nothing exceed a limit.

    .. math:: f(x) = \min(\max(0, x), \text{limit})

    **Convention.** The derivative is 0 at both kinks, 0 and the limit.

    With a limit of 6 it is ReLU6. The paper leaves the limit open; the default here makes the range that of
    the sigmoid.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    limit : float
        The largest value; finite, more than 0.

    Returns
    -------
    ndarray or scalar
        From 0 to the limit, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``limit`` is not a number.
    ValueError
        If ``limit`` is not finite, or not more than 0.

    Notes
    -----
    **When to use.** Where values must stay in a known range: for arithmetic with few bits, or where training with
    ReLU runs away to infinite numbers.

    **What goes wrong.** With a low limit most units saturate, and a saturated unit passes no gradient.
    Initialisations made for ReLU assume that nothing is cut off above, so that the limit must lie well beyond the
    usual size of the inputs.

    References
    ----------
    Liew, Khalil-Hani and Bakhteri (2016), "Bounded activation functions for enhanced training stability of deep
    neural networks on visual pattern recognition problems".

    Examples
    --------
    >>> from actdocs import relu6
    >>> bounded_relu(9.0, limit=6) == relu6(9.0)
    True
    """
    return get(bounded_relu)(x, limit=limit)


@activation(
    title="Shifted ReLU",
    family="rectifier",
    definition="max(-1, x)",
    derivative_definition="1 if x > -1 else 0",
    value=lambda xp, x: xp.maximum(x, -1.0),
    derivative=lambda xp, x: _above(xp, x, -1.0),
    single=math.inf,
    bounds=Bounds(-1.0, math.inf, True),
    lipschitz=1.0,
    monotonic=True,
    kinks=(-1.0,),
    smoothness=0,
    limits=(-1.0, math.inf),
    references=("clevert2016",),
)
def shifted_relu(x: ArrayLike) -> Any:
    r"""Rectify at -1 in place of 0.

    .. math:: f(x) = \max(-1, x)

    **Convention.** The derivative at -1 is 0.

    It is ReLU with its corner moved down the diagonal, so that values around 0 pass unchanged and the mean lies
    nearer to 0. The paper on ELUs compares against it, under the name SReLU, which also stands for the S-shaped one
    (:func:`srelu`).

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [-1, ∞), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** As a yardstick: it has ELU's bounds, and a corner where ELU bends. In a comparison it
    shows what the curve adds to the negative values.

    **What goes wrong.** Units die below -1 as ReLU's do below 0. A layer's bias can undo the shift, so that little
    is gained over ReLU but a better start.

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), "Fast and accurate deep network learning by exponential linear
    units (ELUs)".

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs import relu
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.all(shifted_relu(x) == relu(x + 1) - 1))
    True
    """
    return get(shifted_relu)(x)


@activation(
    title="Threshold",
    family="rectifier",
    definition="x if x > threshold else default_value",
    derivative_definition="1 if x > threshold else 0",
    value=lambda xp, x, threshold, default_value: xp.where(x > np.float64(threshold), x, default_value),
    derivative=lambda xp, x, threshold, default_value: _above(xp, x, threshold),
    single=math.inf,
    domains={"threshold": Number(), "default_value": Number()},
    bounds=Bounds(0.0, math.inf, True),
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    limits=(0.0, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.threshold",
        pytorch="torch.nn.functional.threshold",
        arguments={
            "keras": "threshold=threshold, default_value=default_value",
            "pytorch": "threshold=threshold, value=default_value",
        },
    ),
)
def threshold(x: ArrayLike, threshold: float = 0.0, default_value: float = 0.0) -> Any:
    r"""Pass what exceeds a threshold, and put a fixed value in place of everything else.

    .. math::

        f(x) = \begin{cases}x & \text{if } x > \text{threshold} \\
        \text{default value} & \text{otherwise}\end{cases}

    **Convention.** At the threshold itself the value is ``default_value`` and the derivative 0.

    PyTorch and Keras have it, both without defaults; with those given here it is ReLU. It has no known origin as
    an activation function: it is the piece of code that the rectifiers share.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    threshold : float
        Inputs above it pass; finite.
    default_value : float
        The value of all others; finite. PyTorch calls it ``value``.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite.

    Notes
    -----
    **When to use.** To build another function from: the thresholded ReLU and the step-wise clean-up of small values
    are settings of it.

    **What goes wrong.** Unless ``default_value`` equals ``threshold``, the function jumps. The jump has no gradient,
    so that training can't learn on which side an input should fall.

    Examples
    --------
    >>> threshold([0.5, 1.0, 1.5], threshold=1, default_value=-1)
    array([-1. , -1. ,  1.5])
    """
    return get("threshold")(x, threshold=threshold, default_value=default_value)


@activation(
    title="Thresholded ReLU",
    family="rectifier",
    aliases=("trec",),
    definition="x if x > theta else 0",
    derivative_definition="1 if x > theta else 0",
    value=lambda xp, x, theta: xp.where(x > np.float64(theta), x, xp.zeros_like(x)),
    derivative=lambda xp, x, theta: _above(xp, x, theta),
    single=math.inf,
    domains={"theta": Number(low=0)},
    bounds=Bounds(0.0, math.inf, True),
    lipschitz=math.inf,
    monotonic=True,
    kinks=(1.0,),
    smoothness=-1,
    limits=(0.0, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.relu",
        pytorch="torch.nn.functional.threshold",
        onnx="ThresholdedRelu",
        arguments={"keras": "threshold=theta", "pytorch": "threshold=theta, value=0.0", "onnx": "alpha=theta"},
    ),
    references=("konda2014",),
)
def thresholded_relu(x: ArrayLike, theta: float = 1.0) -> Any:
    r"""Pass inputs above a threshold unchanged, and nothing else.

    .. math:: f(x) = \begin{cases}x & \text{if } x > \theta \\ 0 & \text{otherwise}\end{cases}

    **Convention.** At :math:`\theta` itself value and derivative are 0. The function jumps there, by :math:`\theta`.

    A ReLU with a negative bias is silent up to a threshold too, but takes the bias off everything that it passes.
    This one selects without changing what it selects, which is what its authors wanted for autoencoders without
    biases.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    theta : float
        The threshold; finite, at least 0.

    Returns
    -------
    ndarray or scalar
        0 or more than :math:`\theta`, in the shape of ``x``; floating dtypes are kept, anything else becomes
        float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``theta`` is not a number.
    ValueError
        If ``theta`` is negative or not finite.

    Notes
    -----
    **When to use.** For sparse codes in autoencoders, or to drop small activations in a trained network.

    **What goes wrong.** The jump: a small change of the input can change the value by :math:`\theta`, and no
    gradient tells of it. Keras 3 has the function as ``relu(x, threshold=1)`` but no longer the layer of that name.

    References
    ----------
    Konda, Memisevic and Krueger (2014), "Zero-bias autoencoders and the benefits of co-adapting features".

    Examples
    --------
    >>> from actdocs import relu
    >>> x = [0.5, 1.0, 1.5]
    >>> print(thresholded_relu(x), relu([number - 1 for number in x]))
    [0.  0.  1.5] [0.  0.  0.5]
    """
    return get(thresholded_relu)(x, theta=theta)


@activation(
    title="SReLU (S-shaped)",
    family="rectifier",
    aliases=("s_shaped_relu",),
    definition="t_r + a_r * (x - t_r) if x >= t_r else x if x > t_l else t_l + a_l * (x - t_l)",
    derivative_definition="a_r if x >= t_r else 1 if x > t_l else a_l",
    domains={"t_r": Number(), "a_r": Number(), "t_l": Number(most="t_r"), "a_l": Number()},
    bounds=Bounds(-math.inf, math.inf),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    kinks=(-1.0, 1.0),
    smoothness=0,
    limits=(-math.inf, math.inf),
    references=("jin2016",),
)
def srelu(x: ArrayLike, t_r: float = 1.0, a_r: float = 0.25, t_l: float = -1.0, a_l: float = 0.25) -> Any:
    r"""Join three lines: the diagonal in the middle, and one with a learned slope on each side.

    .. math::

        f(x) = \begin{cases}t_{r} + a_{r} (x - t_{r}) & \text{if } x \ge t_{r} \\ x & \text{if } x > t_{l} \\
        t_{l} + a_{l} (x - t_{l}) & \text{otherwise}\end{cases}

    **Convention.** At a threshold the derivative is the slope of the outer line: :math:`a_r` at :math:`t_r` and
    :math:`a_l` at :math:`t_l`.

    Training learns all four numbers. The paper starts as a leaky ReLU, :math:`t_l = 0` and :math:`a_r = 1`, keeps
    that for some epochs, and then lets go; the defaults here show the S instead. "SReLU" is also the name of the
    shifted ReLU (:func:`shifted_relu`) in the paper on ELUs.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    t_r : float
        Threshold on the right; finite.
    a_r : float
        Slope from there on; finite.
    t_l : float
        Threshold on the left; finite, and at most ``t_r`` if the function is not to jump.
    a_l : float
        Slope up to there; finite.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite.

    Notes
    -----
    **When to use.** Where a unit should be free to find its shape: ReLU, leaky ReLU, the hard tanh and non-convex
    curves are all settings of it.

    **What goes wrong.** Four numbers a channel are learned through kinks that move. A threshold that no input
    reaches gets no gradient and stays where it started; thresholds that cross make the function jump.

    References
    ----------
    Jin, Xu, Feng, Wei, Xiong and Yan (2016), "Deep learning with S-shaped rectified linear activation units".

    Examples
    --------
    >>> srelu([-5.0, -1.0, 0.5, 1.0, 5.0])
    array([-2. , -1. ,  0.5,  1. ,  2. ])
    >>> srelu(-3.0, t_l=0, a_l=0, a_r=1), srelu(-3.0, a_l=0, a_r=0)
    (0.0, -1.0)
    """
    return get(srelu)(x, t_r=t_r, a_r=a_r, t_l=t_l, a_l=a_l)


# Slopes and intercepts of the hinges that are open are added up first: far out, hinges that cancel would take
# the rest with them.
_APL_BY_SLOPE = (
    "max(0, x) + (sum(slopes[k] * hinges[k] if x < hinges[k] else 0 for k in range(len(slopes)))"
    " - (x * sum(slopes[k] if x < hinges[k] else 0 for k in range(len(slopes))) if x < max(hinges) else 0))"
)


@activation(
    title="APL",
    family="rectifier",
    aliases=("adaptive_piecewise_linear",),
    definition="max(0, x) + sum(slopes[k] * max(0, hinges[k] - x) for k in range(len(slopes)))",
    derivative_definition="(1 if x > 0 else 0) - sum(slopes[k] if x < hinges[k] else 0 for k in range(len(slopes)))",
    value=lambda xp, x, **parameters: xp.definition(_APL_BY_SLOPE, x, **parameters),
    domains={"slopes": Vector(), "hinges": Vector(like="slopes")},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0,
    monotonic=True,
    kinks=(-1.0, 0.0),
    smoothness=0,
    limits=(-math.inf, math.inf),
    references=("agostinelli2014",),
)
def apl(x: ArrayLike, slopes: Sequence[float] = (-0.25, -0.25), hinges: Sequence[float] = (0.0, -1.0)) -> Any:
    r"""Rectify, and add hinges that training places and weighs: the adaptive piecewise linear unit.

    .. math:: f(x) = \max(0, x) + \sum_{k} \text{slopes}_{k}\,\max(0, \text{hinges}_{k} - x)

    **Convention.** Each part :math:`\max(0, \cdot)` has the derivative 0 at its own corner; with a hinge at 0 the sum
    is 0 there.

    To the right of 0 and of every hinge it is the identity. To the left, each hinge changes the slope by its own
    number, so that the function can take any piecewise linear course with corners there and at 0, convex or not.
    Training learns slopes and hinges for each unit; how many there are is fixed before. The defaults here are one
    such course: slope 1 down to 0, then 1/4, then 1/2 below -1.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    slopes : sequence of float
        The weight of each hinge, :math:`a` in the paper; finite, one or more.
    hinges : sequence of float
        Where each hinge bends, :math:`b` in the paper; finite, as many as ``slopes``.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a sequence.
    ValueError
        If a parameter holds anything but finite numbers, or the two differ in length.

    Notes
    -----
    **When to use.** To let each unit choose its shape at the price of a few numbers. One hinge at 0 is a leaky
    ReLU; a hinge with a slope of its own can make a bump, which maxout can't.

    **What goes wrong.** The steepness grows with the sum of the slopes, and nothing bounds it but weight decay.
    Summed as written, hinges that nearly cancel lose digits for large inputs; here the slopes are added first.

    References
    ----------
    Agostinelli, Hoffman, Sadowski and Baldi (2015), "Learning activation functions to improve deep neural networks".

    Examples
    --------
    >>> apl([-2.0, -1.0, 1.0])
    array([-0.75, -0.25,  1.  ])

    A step down to the left of 0, and level from -1 on, however far:

    >>> apl([-1e300, -1.0, -0.5, 0.0], slopes=[0.25, -0.25], hinges=[0, -1])
    array([0.25 , 0.25 , 0.125, 0.   ])
    """
    return get(apl)(x, slopes=slopes, hinges=hinges)


def _maxout_slope(xp: Any, x: Any, slopes: tuple[float, ...], biases: tuple[float, ...]) -> Any:
    """Give the slope of the steepest line that has overtaken all flatter ones."""
    result = xp.ones_like(x) * min(slopes)
    for slope, bias in sorted(zip(slopes, biases, strict=True)):
        overtaken = [
            (Fraction(other) - Fraction(bias)) / (Fraction(slope) - Fraction(flatter))
            for flatter, other in zip(slopes, biases, strict=True)
            if flatter < slope
        ]
        if overtaken:
            result = xp.where(x >= np.float64(_at_least(max(overtaken))), slope, result)
    return result


def _at_least(number: Fraction) -> float:
    """Give the smallest float that is not below a number."""
    largest = sys.float_info.max
    nearest = float(min(max(number, Fraction(-largest)), Fraction(largest)))
    return nearest if nearest >= number else math.nextafter(nearest, math.inf)


@activation(
    title="Maxout",
    family="rectifier",
    definition="max(slopes[k] * x + biases[k] for k in range(len(slopes)))",
    # A line that another exceeds gives way: what is left is the steepest line of those on top.
    derivative_definition=(
        "max(min(slopes) if max((slopes[j] - slopes[k]) * x + (biases[j] - biases[k]) for j in range(len(slopes))) > 0"
        " else slopes[k] for k in range(len(slopes)))"
    ),
    derivative=_maxout_slope,
    domains={"slopes": Vector(), "biases": Vector(like="slopes")},
    bounds=Bounds(-0.5, math.inf, True),
    single=math.inf,
    lipschitz=1.0,
    monotonic=False,
    kinks=(-1.0, 0.0),
    smoothness=0,
    minimum=(-1.0, -0.5),
    limits=(math.inf, math.inf),
    references=("goodfellow2013",),
)
def maxout(x: ArrayLike, slopes: Sequence[float] = (-0.5, 0.5, 1.0), biases: Sequence[float] = (-1.0, 0.0, 0.0)) -> Any:
    r"""Take the largest of several lines, whose slopes and biases training learns.

    .. math:: f(x) = \max_{k} (\text{slopes}_{k}\,x + \text{biases}_{k})

    **Convention.** Where two lines meet, the derivative is the larger slope, the one on the right.

    This is the unit with one input. In a layer, a unit has several weight vectors and biases over all inputs, and
    gives the largest of the sums: :math:`\max_k (w_k^\top x + b_k)`. So a maxout layer is a dense layer with
    several times the units, followed by a maximum over each group; it has no activation function beside that.

    The largest of lines is convex, and any convex function can be approached so. Slopes 0 and 1 without biases are
    ReLU, -1 and 1 the absolute value.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    slopes : sequence of float
        The slope of each line; finite, one or more.
    biases : sequence of float
        The value of each line at 0; finite, as many as ``slopes``.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a sequence.
    ValueError
        If a parameter holds anything but finite numbers, or the two differ in length.

    Notes
    -----
    **When to use.** Together with dropout, for which it was made. A unit is never flat unless one of its
    lines is, so that it seldom dies.

    **What goes wrong.** Two lines double the weights of a layer, three treble them, so that a fair comparison gives
    the other network as many. A line that is never on top gets no gradient.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio (2013), "Maxout networks".

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs import relu
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.all(maxout(x, slopes=[0, 1], biases=[0, 0]) == relu(x)))
    True
    """
    return get(maxout)(x, slopes=slopes, biases=biases)


def _crelu_slopes(x: Any) -> tuple[Any, Any]:
    """Give the derivatives of the two halves."""
    return np.sign(np.maximum(x, 0.0)), -np.sign(np.maximum(-x, 0.0))


def _crelu_backward(xp: Any, x: Any, v: Any, axis: int) -> Any:
    (rising, falling), (first, second) = _crelu_slopes(x), np.split(v, 2, axis)
    return rising * first + falling * second


@activation(
    title="CReLU",
    family="rectifier",
    definition="max(0, x[i]) if i < n else max(0, -x[i - n])",
    derivative_definition="sign(max(0, x[j])) if j == i else -sign(max(0, -x[j])) if j == i - n else 0",
    value=lambda xp, x, axis: np.concatenate([np.maximum(x, 0.0), np.maximum(-x, 0.0)], axis),
    jvp=lambda xp, x, v, axis: np.concatenate([slope * v for slope in _crelu_slopes(x)], axis),
    vjp=_crelu_backward,
    domains={"axis": Axis()},
    bounds=Bounds(0.0, math.inf, True),
    lipschitz=1.0,
    smoothness=0,
    frameworks=Frameworks(tensorflow="tf.nn.crelu", arguments={"tensorflow": "axis=axis"}),
    references=("shang2016",),
)
def crelu(x: ArrayLike, axis: int = -1) -> Any:
    r"""Keep both signs apart: the positive parts, followed by the negative parts made positive.

    .. math::

        f(x)_i = \begin{cases}\max(0, x_{i}) & \text{if } i < n \\ \max(0, -x_{i - n}) & \text{otherwise}\end{cases}

    **Convention.** The derivative of either part at 0 is 0.

    Of :math:`n` entries along the axis it makes :math:`2n`: the concatenated ReLU. Nothing is lost, since
    the difference of the two halves is the input. For each input exactly one of the two derivatives is not 0,
    unless the input itself is 0.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the halves are joined; the last by default.

    Returns
    -------
    ndarray
        In [0, ∞), with the shape of ``x`` but twice as long along the axis; floating dtypes are kept, anything else
        becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing along it.

    Notes
    -----
    **When to use.** In the first layers of a convolutional network, where filters tend to come in pairs of opposite
    sign: half the filters then do the work of all. The axis is that of the channels.

    **What goes wrong.** The next layer has twice the inputs, and as many more weights. With channels first, as in
    PyTorch, the default axis joins along the width of the image; pass ``axis=1``.

    References
    ----------
    Shang, Sohn, Almeida and Lee (2016), "Understanding and improving convolutional neural networks via concatenated
    rectified linear units".

    Examples
    --------
    >>> crelu([2.0, -3.0])
    array([2., 0., 0., 3.])
    """
    return get(crelu)(x, axis=axis)
