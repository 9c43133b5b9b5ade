"""Sigmoidal functions: S-shaped, bounded, flat at both ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "arctan",
    "derf",
    "dyt",
    "elliott",
    "hard_sigmoid",
    "hard_tanh",
    "isru",
    "laplace",
    "lecun_tanh",
    "penalized_tanh",
    "sigmoid",
    "soft_clipping",
    "softsign",
    "sparse_sigmoid",
    "sqnl",
    "tanh",
]


def _logistic_slope(xp: Any, x: Any) -> Any:
    """Give the derivative of the sigmoid; even, so that the small exponential serves both sides."""
    small = xp.exp(-xp.abs(x))
    return small / ((1.0 + small) * (1.0 + small))


@activation(
    title="Sigmoid",
    family="sigmoidal",
    aliases=("logistic",),
    definition="1 / (1 + exp(-x))",
    derivative_definition="sech(x / 2) ** 2 / 4",
    value=lambda xp, x: xp.sigmoid(x),
    derivative=_logistic_slope,
    bounds=Bounds(0.0, 1.0),
    single=85.0,
    lipschitz=0.25,
    monotonic=True,
    limits=(0.0, 1.0),
    approximations={"hard_sigmoid": {}, "sparse_sigmoid": {}},
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

    The slope is largest at 0, where it is 1/4, and vanishes towards both ends. In books it is
    :math:`\sigma(x)\,(1 - \sigma(x))`; with :math:`\operatorname{sech} = 1/\cosh` it keeps its digits on the right as
    well. The range is open: 0 and 1 appear only by rounding.

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

    Notes
    -----
    **When to use.** At the output, for one probability or for several labels that do not exclude each other; and for
    gates, as in LSTM and GRU, which let a share of a signal through. In deep stacks of hidden layers its small slope
    is a handicap.

    **What goes wrong.** Weights aside, each layer multiplies the gradient by at most 1/4; ten leave a millionth of it.
    In single precision the value is exactly 1 from about 17, and the logarithm of what is left to 1 is infinite;
    compute the cross-entropy from the input instead. All values are positive, so the layer above never sees a
    balanced signal.

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
    derivative_definition="sech(x) ** 2",
    value=lambda xp, x: xp.tanh(x),
    derivative=_tanh_slope,
    bounds=Bounds(-1.0, 1.0),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    limits=(-1.0, 1.0),
    approximations={"hard_tanh": {}, "sqnl": {}},
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

    A sigmoid stretched and moved so that its centre is the origin; the slope there is 1. The range is open. The
    derivative, with :math:`\operatorname{sech} = 1/\cosh`, is the same as :math:`1 - \tanh^2(x)`, but keeps its
    digits where that difference has none left.

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

    Notes
    -----
    **When to use.** For the state of recurrent cells, for outputs that must stay between two bounds of opposite sign,
    and in small or shallow networks. Start the weights as Glorot and Bengio do, so that sums stay where it is steep.

    **What goes wrong.** Beyond 3 in size the slope is below 0.01, and units there hardly learn. Written with
    exponentials as a quotient it is NaN from 89 in single precision.

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


@activation(
    title="Hard sigmoid",
    family="sigmoidal",
    aliases=("hardsigmoid",),
    definition="max(0, min(1, (x + 3) / 6))",
    derivative_definition="1 / 6 if abs(x) < 3 else 0",
    bounds=Bounds(0.0, 1.0, True, True),
    single=math.inf,
    lipschitz=1 / 6,
    monotonic=True,
    kinks=(-3.0, 3.0),
    smoothness=0,
    limits=(0.0, 1.0),
    frameworks=Frameworks(
        keras="keras.activations.hard_sigmoid",
        pytorch="torch.nn.functional.hardsigmoid",
        jax="jax.nn.hard_sigmoid",
        onnx="HardSigmoid",
        arguments={"onnx": "alpha=1 / 6, beta=0.5"},
    ),
    references=("howard2019",),
)
def hard_sigmoid(x: ArrayLike) -> Any:
    r"""Replace the sigmoid by a straight line, clipped to the interval from 0 to 1.

    .. math:: f(x) = \max\left(0, \min\left(1, \frac{x + 3}{6}\right)\right)

    The line is :math:`x/6 + 1/2`, and the function the derivative's share of hard swish: :math:`x\,f(x)`.

    **Convention.** The derivative at -3 and 3 is 0, as in Keras, PyTorch and JAX. Three functions go by this name.
    This one is that of Keras 3, PyTorch, JAX and MobileNetV3. Keras 1 and 2 had :math:`0.2 x + 0.5`, which reaches
    its ends at ±2.5 and differs by up to 1/12; the operator of ONNX still has those numbers as its default, so that
    they must be passed. With :math:`(x + 1)/2` it is :func:`sparse_sigmoid`.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** For gates on hardware without a fast exponential, or with integers alone: squeeze-and-excitation
    blocks in MobileNetV3 use it.

    **What goes wrong.** A gate beyond ±3 gets no gradient and can't come back by itself. Weights trained with one of
    the three conventions give other results with another, without an error message.

    References
    ----------
    Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le and Adam (2019), "Searching for
    MobileNetV3".

    Examples
    --------
    >>> hard_sigmoid([-4.0, -1.5, 0.0, 3.0])
    array([0.  , 0.25, 0.5 , 1.  ])
    >>> import numpy as np
    >>> from actdocs import sigmoid
    >>> x = np.linspace(-8, 8, 16001)
    >>> print(f"{np.abs(hard_sigmoid(x) - sigmoid(x)).max():.4f}")
    0.0692
    """
    return get(hard_sigmoid)(x)


@activation(
    title="Hard tanh",
    family="sigmoidal",
    aliases=("hardtanh",),
    definition="max(-1, min(1, x))",
    derivative_definition="1 if abs(x) <= 1 else 0",
    bounds=Bounds(-1.0, 1.0, True, True),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    kinks=(-1.0, 1.0),
    smoothness=0,
    limits=(-1.0, 1.0),
    frameworks=Frameworks(
        keras="keras.activations.hard_tanh",
        pytorch="torch.nn.functional.hardtanh",
        jax="jax.nn.hard_tanh",
        onnx="Clip",
        arguments={"onnx": "min=-1.0, max=1.0"},
    ),
    references=("collobert2004",),
)
def hard_tanh(x: ArrayLike) -> Any:
    r"""Pass on what lies between -1 and 1, and clip the rest.

    .. math:: f(x) = \max(-1, \min(1, x))

    **Convention.** The derivative at -1 and 1 is 1, as in Keras; libraries disagree, and PyTorch gives 0.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [-1, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** Where values must stay within bounds at the cost of two comparisons, and what is inside should
    stay as it is: bounded outputs, integer arithmetic, and binary networks, whose sign function borrows this
    derivative in training.

    **What goes wrong.** A unit that is clipped gets no gradient at all, where tanh leaves it a little. A few large
    inputs are enough for that, so it needs normalised sums.

    References
    ----------
    Collobert (2004), "Large scale machine learning".

    Examples
    --------
    >>> hard_tanh([-2.0, 0.3, 1.0])
    array([-1. ,  0.3,  1. ])
    """
    return get(hard_tanh)(x)


@activation(
    title="Softsign",
    family="sigmoidal",
    aliases=("soft_sign",),
    definition="x / (1 + abs(x))",
    derivative_definition="1 / (1 + abs(x)) ** 2",
    bounds=Bounds(-1.0, 1.0),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    smoothness=1,
    limits=(-1.0, 1.0),
    frameworks=Frameworks(
        tensorflow="tf.nn.softsign",
        keras="keras.activations.softsign",
        pytorch="torch.nn.functional.softsign",
        jax="jax.nn.soft_sign",
        onnx="Softsign",
    ),
    references=("elliott1993", "glorot2010"),
)
def softsign(x: ArrayLike) -> Any:
    r"""Squash any number into the interval from -1 to 1, slowly and without an exponential.

    .. math:: f(x) = \frac{x}{1 + \left|x\right|}

    Its derivative, :math:`1/(1 + |x|)^2`, is continuous; the second derivative jumps from 2 to -2 at 0. It comes close
    to ±1 like :math:`1/|x|`, while tanh does so exponentially: at 10 it is 0.909. This is the function that Elliott
    proposed; :func:`elliott` is the same between 0 and 1.

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

    Notes
    -----
    **When to use.** In place of tanh where saturation hurts: at 10 its slope is still 0.008, that of tanh 8e-9. One
    division is all that it costs. Glorot and Bengio saw its units saturate less than those of tanh.

    **What goes wrong.** It takes an input of 99 to reach 0.99, so that targets near ±1 need large weights. Its slope
    falls off at once on both sides of 0, so signals shrink faster than with tanh.

    References
    ----------
    Elliott (1993), "A better activation function for artificial neural networks"; Glorot and Bengio (2010),
    "Understanding the difficulty of training deep feedforward neural networks".

    Examples
    --------
    >>> softsign([-1.0, 0.0, 3.0, 99.0])
    array([-0.5 ,  0.  ,  0.75,  0.99])
    """
    return get(softsign)(x)


@activation(
    title="Arctan",
    family="sigmoidal",
    aliases=("atan", "arctangent"),
    definition="atan(x)",
    derivative_definition="1 / (1 + x ** 2)",
    bounds=Bounds(-math.pi / 2, math.pi / 2),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    limits=(-math.pi / 2, math.pi / 2),
    frameworks=Frameworks(
        tensorflow="tf.math.atan",
        keras="keras.ops.arctan",
        pytorch="torch.atan",
        jax="jax.numpy.arctan",
        onnx="Atan",
    ),
)
def arctan(x: ArrayLike) -> Any:
    r"""Take the angle whose tangent is the input: a sigmoid between plus and minus a quarter turn.

    .. math:: f(x) = \arctan(x)

    Smooth, odd, with slope 1 at 0. Like softsign it has heavy tails: the slope falls like :math:`1/x^2`. Nobody in
    particular introduced it to neural networks.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In (-π/2, π/2), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** For angles, which is what it gives; and as a smooth alternative to softsign, where a slope that
    fades slowly is wanted and second derivatives matter.

    **What goes wrong.** Its values reach 1.57 rather than 1; divide by π/2 where the next step expects -1 to 1. An
    angle in the plane needs two inputs and the two-argument arctangent, since this one can't tell opposite directions.

    Examples
    --------
    >>> import math
    >>> arctan(1.0) == math.pi / 4
    True
    """
    return get(arctan)(x)


@activation(
    title="ISRU",
    family="sigmoidal",
    aliases=("inverse_square_root_unit",),
    definition="x / sqrt(1 + alpha * x ** 2)",
    derivative_definition="1 / sqrt(1 + alpha * x ** 2) ** 3",
    domains={"alpha": Number(above=0)},
    bounds=Bounds(-1.0, 1.0),
    single=1e18,
    lipschitz=1.0,
    monotonic=True,
    limits=(-1.0, 1.0),
    references=("carlile2017",),
)
def isru(x: ArrayLike, alpha: float = 1.0) -> Any:
    r"""Divide the input by a root that keeps up with it: the inverse square root unit.

    .. math:: f(x) = \frac{x}{\sqrt{1 + \alpha x^{2}}}

    It runs from :math:`-1/\sqrt{\alpha}` to :math:`1/\sqrt{\alpha}`, with slope 1 at 0 whatever :math:`\alpha`. The
    derivative is the cube of :math:`f(x)/x`, so that the backward pass needs no new root.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Sets the bounds, ±1/√alpha; finite, more than 0.

    Returns
    -------
    ndarray or scalar
        In (-1/√alpha, 1/√alpha), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is not positive or not finite.

    Notes
    -----
    **When to use.** As a cheap tanh where the hardware has a fast inverse square root, and in recurrent cells, for
    which its authors proposed it.

    **What goes wrong.** The square overflows long before the input: in half precision from 256, in single precision
    from 1.8e19, where a naive version falls back to 0. It saturates more slowly than tanh, so that thresholds tuned for
    one don't fit the other.

    References
    ----------
    Carlile, Delamarter, Kinney, Marti and Whitney (2017), "Improving deep learning by inverse square root linear
    units (ISRLUs)".

    Examples
    --------
    >>> isru([0.75, 1e300]), isru(1e300, alpha=4)
    (array([0.6, 1. ]), 0.5)
    """
    return get(isru)(x, alpha=alpha)


@activation(
    title="Elliott",
    family="sigmoidal",
    aliases=("elliot",),
    definition="(1 + (abs(x) + x)) / (2 * (1 + abs(x)))",
    derivative_definition="1 / (2 * (1 + abs(x)) ** 2)",
    bounds=Bounds(0.0, 1.0),
    single=1e18,
    lipschitz=0.5,
    monotonic=True,
    smoothness=1,
    limits=(0.0, 1.0),
    references=("elliott1993", "dubey2022"),
)
def elliott(x: ArrayLike) -> Any:
    r"""Squash any number into the interval from 0 to 1 without an exponential.

    .. math:: f(x) = \frac{1 + \left|x\right| + x}{2 \left(1 + \left|x\right|\right)}

    This is half of softsign plus a half, :math:`\frac{x/2}{1 + |x|} + \frac{1}{2}`, written so that the left tail keeps
    its digits. The name has two meanings: Elliott's own function is :math:`x/(1 + |x|)`, from -1 to 1, which is
    :func:`softsign`; surveys and some libraries mean the one here.

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

    Notes
    -----
    **When to use.** As a gate or an on-off output where an exponential is too dear, on microcontrollers for example.

    **What goes wrong.** Its tails are heavy: at -10 it is 0.045 where the sigmoid is 0.00005, so don't read its values
    as probabilities of a logistic model. Check which of the two functions a paper means: they
    differ in range, and by a factor of two in slope.

    References
    ----------
    Elliott (1993), "A better activation function for artificial neural networks"; Dubey, Singh and Chaudhuri (2022),
    "Activation functions in deep learning: A comprehensive survey and benchmark".

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs import softsign
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(elliott(x), (1 + softsign(x)) / 2, rtol=1e-15))
    True
    >>> elliott(-1e20)
    5e-21
    """
    return get(elliott)(x)


@activation(
    title="Sparse sigmoid",
    family="sigmoidal",
    definition="max(0, min(1, (x + 1) / 2))",
    derivative_definition="1 / 2 if abs(x) < 1 else 0",
    bounds=Bounds(0.0, 1.0, True, True),
    single=math.inf,
    lipschitz=0.5,
    monotonic=True,
    kinks=(-1.0, 1.0),
    smoothness=0,
    limits=(0.0, 1.0),
    frameworks=Frameworks(
        keras="keras.activations.sparse_sigmoid",
        jax="jax.nn.sparse_sigmoid",
        onnx="HardSigmoid",
        arguments={"onnx": "alpha=0.5, beta=0.5"},
    ),
    references=("courbariaux2015", "blondel2020"),
)
def sparse_sigmoid(x: ArrayLike) -> Any:
    r"""Clip a straight line to the interval from 0 to 1: sparsemax for two classes.

    .. math:: f(x) = \max\left(0, \min\left(1, \frac{x + 1}{2}\right)\right)

    It is the derivative of the sparse plus, as the sigmoid is that of the softplus, and the first of the two
    probabilities that sparsemax gives for the scores :math:`x/2` and :math:`-x/2`.

    **Convention.** The derivative at -1 and 1 is 0, as in Keras. In work on binary weights the same function is called
    "hard sigmoid"; :func:`hard_sigmoid` is three times as wide.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** For probabilities that may be exactly 0 or 1, with the loss that belongs to it; and as the chance
    of a 1 when weights are rounded to two values at random.

    **What goes wrong.** The logarithm of an exact 0 is infinite, so cross-entropy does not work on its values: take
    the loss whose gradient is the output less the target. Beyond ±1 the function itself passes no gradient.

    References
    ----------
    Courbariaux, Bengio and David (2015), "BinaryConnect: Training deep neural networks with binary weights during
    propagations"; Blondel, Martins and Niculae (2020), "Learning with Fenchel-Young losses".

    Examples
    --------
    >>> sparse_sigmoid([-2.0, -0.5, 0.0, 1.0])
    array([0.  , 0.25, 0.5 , 1.  ])
    """
    return get(sparse_sigmoid)(x)


@activation(
    title="LeCun tanh",
    family="sigmoidal",
    aliases=("scaled_tanh",),
    definition="1.7159 * tanh(2 * x / 3)",
    derivative_definition="1.7159 * 2 / 3 * sech(2 * x / 3) ** 2",
    bounds=Bounds(-1.7159, 1.7159),
    lipschitz=1.1439333333333332,
    monotonic=True,
    limits=(-1.7159, 1.7159),
    references=("lecun1998",),
)
def lecun_tanh(x: ArrayLike) -> Any:
    r"""Stretch the hyperbolic tangent so that it takes the value 1 at 1.

    .. math:: f(x) = 1.7159\,\tanh\left(\frac{2 x}{3}\right)

    The two numbers are chosen together: :math:`f(1) = 0.999997`, and the second derivative is largest in size near
    ±1. Targets of ±1 then lie well inside the range, where the slope is still 0.75.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In (-1.7159, 1.7159), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** To reproduce networks of the 1990s, and for targets of ±1 that tanh itself could only reach with
    infinite weights.

    **What goes wrong.** Its outputs are not bounded by 1. The slope of 1.14 at 0 makes small signals grow from layer
    to layer, so a start that was tuned for tanh is too large.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp".

    Examples
    --------
    >>> round(lecun_tanh(1.0), 6)
    0.999997
    """
    return get(lecun_tanh)(x)


@activation(
    title="Penalized tanh",
    family="sigmoidal",
    aliases=("leaky_tanh",),
    definition="tanh(x) if x > 0 else alpha * tanh(x)",
    derivative_definition="sech(x) ** 2 if x > 0 else alpha * sech(x) ** 2",
    domains={"alpha": Number(low=0)},
    bounds=Bounds(-0.25, 1.0),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    limits=(-0.25, 1.0),
    references=("xu2016", "eger2018"),
)
def penalized_tanh(x: ArrayLike, alpha: float = 0.25) -> Any:
    r"""Take the hyperbolic tangent, but a small share of it on the left: leaky ReLU with bounds.

    .. math::

        f(x) = \begin{cases}\tanh(x) & \text{if } x > 0 \\ \alpha\,\tanh(x) & \text{otherwise}\end{cases}

    **Convention.** The derivative at 0 is :math:`\alpha`, the limit from the left, as for the leaky ReLU.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Share of the left side; finite, at least 0.

    Returns
    -------
    ndarray or scalar
        In (-alpha, 1), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is negative or not finite.

    Notes
    -----
    **When to use.** In recurrent and text models that want bounded states. In a comparison of 21 functions over eight
    language tasks it was among the most stable, and could take the place of the gates' functions in LSTM cells.

    **What goes wrong.** Both sides saturate, the left one at a quarter of the height, so its mean is well above 0. A
    unit driven far to either side stops learning, as with tanh.

    References
    ----------
    Xu, Huang and Li (2016), "Revise saturated activation functions"; Eger, Youssef and Gurevych (2018), "Is it time
    to swish? Comparing deep learning activation functions across NLP tasks".

    Examples
    --------
    >>> from actdocs import tanh
    >>> abs(penalized_tanh(-1.5) - 0.25 * tanh(-1.5)) < 1e-16
    True
    """
    return get(penalized_tanh)(x, alpha=alpha)


@activation(
    title="SQNL",
    family="sigmoidal",
    aliases=("square_nonlinearity",),
    definition="x * (1 - abs(x) / 4) if abs(x) < 2 else sign(x)",
    derivative_definition="max(0, 1 - abs(x) / 2)",
    bounds=Bounds(-1.0, 1.0, True, True),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    smoothness=1,
    limits=(-1.0, 1.0),
    references=("wuraola2018", "kunc2024"),
)
def sqnl(x: ArrayLike) -> Any:
    r"""Join two parabolas into a sigmoid that really reaches its ends: the square nonlinearity.

    .. math::

        f(x) = \begin{cases}x \left(1 - \frac{\left|x\right|}{4}\right) & \text{if } \left|x\right| < 2 \\
        \operatorname{sign}(x) & \text{otherwise}\end{cases}

    From 0 to 2 this is :math:`x - x^2/4`, from -2 to 0 it is :math:`x + x^2/4`. The derivative is a triangle, 1 at 0
    and 0 from ±2 outwards: continuous, with corners. Kunc and Kléma note mistakes in the formula as first printed.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [-1, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** On integer or fixed-point hardware: one product, one shift and a comparison give a tanh-like curve
    whose derivative is a straight line.

    **What goes wrong.** Beyond ±2 the derivative is exactly 0, and units there are stuck. It is up to 0.044 away from
    tanh, too far to exchange the two in a trained network.

    References
    ----------
    Wuraola and Patel (2018), "SQNL: A new computationally efficient activation function"; Kunc and Kléma (2024),
    "Three decades of activations: A comprehensive survey of 400 activation functions for neural networks".

    Examples
    --------
    >>> sqnl([-3.0, -1.0, 0.5, 2.0])
    array([-1.    , -0.75  ,  0.4375,  1.    ])
    """
    return get(sqnl)(x)


@activation(
    title="Laplace",
    family="sigmoidal",
    definition="Phi((x - mu) / sigma)",
    derivative_definition="phi((x - mu) / sigma) / sigma",
    domains={"mu": Number(), "sigma": Number(above=0)},
    bounds=Bounds(0.0, 1.0),
    lipschitz=1.4142135623730951,
    monotonic=True,
    limits=(0.0, 1.0),
    references=("ma2023",),
)
def laplace(x: ArrayLike, mu: float = math.sqrt(1 / 2), sigma: float = math.sqrt(1 / (4 * math.pi))) -> Any:
    r"""Weigh attention scores with the distribution function of a normal: MEGA's bounded squared ReLU.

    .. math:: f(x) = \Phi\left(\frac{x - \mu}{\sigma}\right)

    :math:`\Phi` is the distribution function of the standard normal; with the error function the same reads
    :math:`\frac{1}{2} \left(1 + \operatorname{erf}\frac{x - \mu}{\sigma \sqrt{2}}\right)`. The defaults,
    :math:`\mu = \sqrt{1/2}` and :math:`\sigma = \sqrt{1/(4\pi)}`, make value and slope equal to those of the squared
    ReLU at :math:`x = \mu`: 1/2 and :math:`\sqrt{2}`. It has nothing to do with the Laplace distribution.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    mu : float
        Where the value is 1/2; finite.
    sigma : float
        Width; finite, more than 0.

    Returns
    -------
    ndarray or scalar
        In (0, 1), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite or ``sigma`` is not positive.

    Notes
    -----
    **When to use.** In place of the softmax on attention scores, as MEGA does for single-head attention: every score
    is weighed on its own, and range and gradient stay bounded where those of the squared ReLU grow.

    **What goes wrong.** The weights of a row don't add up to 1, so the length of the sequence must be divided out. The
    centre lies at 0.71 and the width is small: scores have to be scaled to fit. Written with 1 + erf, the left tail
    is lost to cancellation.

    References
    ----------
    Ma, Zhou, Kong, He, Gui, Neubig, May and Zettlemoyer (2023), "Mega: Moving average equipped gated attention".

    Examples
    --------
    Value and slope meet those of the squared ReLU at the root of a half:

    >>> x = 0.5**0.5
    >>> round(laplace(x) - x**2, 12), round(get("laplace").derivative(x) - 2 * x, 12)
    (-0.0, 0.0)
    """
    return get(laplace)(x, mu=mu, sigma=sigma)


@activation(
    title="Soft clipping",
    family="sigmoidal",
    aliases=("softclip",),
    definition="log1p(expm1(alpha) * sigmoid(alpha * (x - 1))) / alpha",
    derivative_definition=("expm1(alpha) * exp(-alpha / 2) / 4 * sech(alpha * x / 2) * sech(alpha * (1 - x) / 2)"),
    domains={"alpha": Number(above=0, high=50)},
    bounds=Bounds(0.0, 1.0),
    lipschitz=0.24491866240370913,
    monotonic=True,
    limits=(0.0, 1.0),
    references=("klimek2020",),
)
def soft_clipping(x: ArrayLike, alpha: float = 1.0) -> Any:
    r"""Clip to the interval from 0 to 1 with rounded corners.

    .. math:: f(x) = \frac{\ln\left(1 + \left(e^{\alpha} - 1\right)\,\sigma(\alpha (x - 1))\right)}{\alpha}

    This is a difference of two softplus functions, :math:`\frac{1}{\alpha}
    \ln\frac{1 + e^{\alpha x}}{1 + e^{\alpha (x - 1)}}`, without its cancellation. It is symmetric about the point
    (1/2, 1/2). As :math:`\alpha` grows it becomes the identity between 0 and 1, clipped; the default is far from
    that, with a slope of at most 0.245.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Sharpness of the corners; more than 0, at most 50, where they are sharp for most purposes.

    Returns
    -------
    ndarray or scalar
        In (0, 1), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is not positive or more than 50.

    Notes
    -----
    **When to use.** At the output, for coordinates in a unit cube that should be used evenly, with ends that are
    neither reached nor avoided: it was made for networks that sample the phase space of particle collisions.

    **What goes wrong.** With a small ``alpha`` it is a flat sigmoid, with a large one a clip that passes no gradient
    outside. The textbook quotient of exponentials overflows, and its right tail cancels.

    References
    ----------
    Klimek and Perelstein (2020), "Neural network-based approach to phase space integration".

    Examples
    --------
    >>> soft_clipping(0.5), round(soft_clipping(0.25, alpha=50), 6)
    (0.5, 0.25)
    """
    return get(soft_clipping)(x, alpha=alpha)


@activation(
    title="DyT",
    family="sigmoidal",
    aliases=("dynamic_tanh",),
    definition="gamma * tanh(alpha * x) + beta",
    derivative_definition="gamma * alpha * sech(alpha * x) ** 2",
    domains={"alpha": Number(), "gamma": Number(), "beta": Number()},
    bounds=Bounds(-1.0, 1.0),
    lipschitz=0.5,
    monotonic=True,
    limits=(-1.0, 1.0),
    references=("zhu2025",),
)
def dyt(x: ArrayLike, alpha: float = 0.5, gamma: float = 1.0, beta: float = 0.0) -> Any:
    r"""Squash with a tanh of learned steepness: the dynamic tanh that takes the place of a normalisation layer.

    .. math:: f(x) = \gamma\,\tanh(\alpha x) + \beta

    In a network the three are learned: one :math:`\alpha` for a layer, :math:`\gamma` and :math:`\beta` for each
    channel. The defaults here are the values that training starts from.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Steepness; finite.
    gamma : float
        Scale of the output; finite.
    beta : float
        Shift of the output; finite.

    Returns
    -------
    ndarray or scalar
        Between beta - gamma and beta + gamma, in the shape of ``x``; floating dtypes are kept, anything else becomes
        float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite.

    Notes
    -----
    **When to use.** In a transformer, in place of layer normalisation: it needs no mean and no variance, so nothing
    has to be gathered across channels. Its authors saw that trained normalisation layers act like such a curve.

    **What goes wrong.** It does not adapt to the size of its inputs as a normalisation does. If they outgrow
    :math:`1/\alpha`, most units saturate; the start of :math:`\alpha` then matters, above all in wide language
    models. As an activation within a block it is no more than a tanh.

    References
    ----------
    Zhu, Chen, He, LeCun and Liu (2025), "Transformers without normalization".

    Examples
    --------
    >>> from actdocs import tanh
    >>> abs(dyt(3.0) - tanh(1.5)) < 2e-16
    True
    """
    return get(dyt)(x, alpha=alpha, gamma=gamma, beta=beta)


@activation(
    title="Derf",
    family="sigmoidal",
    aliases=("dynamic_erf",),
    definition="gamma * erf(alpha * x + shift) + beta",
    derivative_definition="2 * gamma * alpha / sqrt(pi) * exp(-(alpha * x + shift) ** 2)",
    domains={"alpha": Number(), "shift": Number(), "gamma": Number(), "beta": Number()},
    bounds=Bounds(-1.0, 1.0),
    lipschitz=0.5641895835477563,
    monotonic=True,
    limits=(-1.0, 1.0),
    references=("chen2025",),
)
def derf(x: ArrayLike, alpha: float = 0.5, shift: float = 0.0, gamma: float = 1.0, beta: float = 0.0) -> Any:
    r"""Squash with an error function of learned steepness and centre, in place of a normalisation layer.

    .. math:: f(x) = \gamma\,\operatorname{erf}(\alpha x + \text{shift}) + \beta

    The successor of the dynamic tanh, found by a search over such curves. The error function is the distribution
    function of a normal, stretched to run from -1 to 1; it saturates faster than tanh. Steepness and shift are learned
    for a layer, :math:`\gamma` and :math:`\beta` for each channel; the defaults are where training starts.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Steepness; finite.
    shift : float
        Added before the error function; finite.
    gamma : float
        Scale of the output; finite.
    beta : float
        Shift of the output; finite.

    Returns
    -------
    ndarray or scalar
        Between beta - gamma and beta + gamma, in the shape of ``x``; floating dtypes are kept, anything else becomes
        float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite.

    Notes
    -----
    **When to use.** Where :func:`dyt` would be used, in place of the normalisation layers of a transformer. The
    authors report better results than with layer normalisation or DyT on images, speech and DNA.

    **What goes wrong.** The slope falls like a Gaussian: inputs a few widths out get no gradient, sooner than with
    tanh. Like DyT it does not adapt to the size of its inputs.

    References
    ----------
    Chen, Lu, Zhu, Sun and Liu (2025), "Stronger normalization-free transformers".

    Examples
    --------
    >>> import math
    >>> derf(2.0) == math.erf(1.0)
    True
    """
    return get(derf)(x, alpha=alpha, shift=shift, gamma=gamma, beta=beta)
