"""Smooth rectifiers: a bend, or a curve that levels off, in place of the rectifier's corner."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Number, Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

__all__ = [
    "celu",
    "elu",
    "exponential",
    "isrlu",
    "log_sigmoid",
    "pau",
    "relu_squared",
    "selu",
    "softplus",
    "sparse_plus",
    "squareplus",
    "star_relu",
    "xielu",
]


def _elu(xp: Any, x: Any, alpha: float) -> Any:
    left = alpha * xp.expm1(xp.minimum(x, xp.zeros_like(x)))
    # Up to 1, the left branch is nowhere below the line; a comparison costs more than a maximum.
    return xp.maximum(x, left) if alpha <= 1 else xp.where(x > 0, x, left)


@activation(
    title="ELU",
    family="smooth rectifier",
    definition="x if x > 0 else alpha * expm1(x)",
    derivative_definition="1 if x > 0 else alpha * exp(x)",
    value=_elu,
    derivative=lambda xp, x, alpha: xp.where(
        x > 0, xp.ones_like(x), xp.exp_times(alpha, xp.minimum(x, xp.zeros_like(x)))
    ),
    domains={"alpha": Number(low=0)},
    bounds=Bounds(-1.0, math.inf),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    smoothness=1,
    limits=(-1.0, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.elu",
        pytorch="torch.nn.functional.elu",
        jax="jax.nn.elu",
        onnx="Elu",
        arguments={"keras": "alpha=alpha", "pytorch": "alpha=alpha", "jax": "alpha=alpha", "onnx": "alpha=alpha"},
    ),
    references=("clevert2016",),
)
def elu(x: ArrayLike, alpha: float = 1.0) -> Any:
    r"""Rectify with a smooth left side that levels off at :math:`-\alpha`: the exponential linear unit.

    .. math::

        f(x) = \begin{cases}x & \text{if } x > 0 \\ \alpha \left(e^{x} - 1\right) & \text{otherwise}\end{cases}

    **Convention.** The derivative at 0 is :math:`\alpha`, the limit from the left; with the default of 1 both
    sides agree and there is no kink.

    ``tf.nn.elu`` has no parameter: its :math:`\alpha` is 1.

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

    Notes
    -----
    **When to use.** In place of ReLU where units die, or where a mean output near zero helps a network that has no
    normalisation layers. Negative inputs keep a gradient, which fades within a few units of 0.

    **What goes wrong.** With any :math:`\alpha` but 1 the slope jumps at 0; :func:`~actdocs.celu` is scaled so that it
    does not. The exponential costs more than a comparison. Written as ``exp(x) - 1``, small inputs round to 0, and
    where both branches are computed the unused exponential overflows and turns the gradient into NaN.

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
    family="smooth rectifier",
    definition="log1p(exp(x))",
    derivative_definition="sigmoid(x)",
    value=lambda xp, x: xp.maximum(x, xp.zeros_like(x)) + xp.log1p(xp.exp(-xp.abs(x))),
    derivative=lambda xp, x: xp.sigmoid(x),
    bounds=Bounds(0.0, math.inf),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    limits=(0.0, math.inf),
    approximations={"squareplus": {"b": 4 * math.log(2) ** 2}, "sparse_plus": {}},
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

    Its derivative is the sigmoid. PyTorch adds a sharpness: with ``beta`` it computes
    :math:`f(\beta x) / \beta`, and from :math:`\beta x = 20` on it returns the input itself.

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

    Notes
    -----
    **When to use.** At an output that must be positive and may be large: a scale, a variance, a rate. Unlike
    :func:`~actdocs.exponential` it grows in proportion to its input, so that one bad step does no great harm.

    **What goes wrong.** For very negative inputs the result rounds to 0, and a logarithm or a division after it
    fails: add a small constant. In a hidden layer its outputs are all positive and 0 is sent to ln 2, which shifts
    the mean upwards layer by layer. Written as it stands, ``log(1 + exp(x))`` overflows on the right and rounds to
    0 on the left.

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


# The fixed point's closed form is in the docstring, whose example computes it.
_ALPHA = "1.6732632423543772848170429916717"
_SCALE = "1.0507009873554804934193349852946"


@activation(
    title="SELU",
    family="smooth rectifier",
    definition=f"{_SCALE} * x if x > 0 else {_SCALE} * {_ALPHA} * expm1(x)",
    derivative_definition=f"{_SCALE} if x > 0 else {_SCALE} * {_ALPHA} * exp(x)",
    value=lambda xp, x: xp.where(
        x > 0, float(_SCALE) * x, float(_SCALE) * float(_ALPHA) * xp.expm1(xp.minimum(x, xp.zeros_like(x)))
    ),
    bounds=Bounds(-1.7580993408473768, math.inf),
    single=math.inf,
    lipschitz=1.7580993408473768,
    monotonic=True,
    kinks=(0.0,),
    smoothness=0,
    limits=(-1.7580993408473768, math.inf),
    initialization="lecun",
    frameworks=Frameworks(
        tensorflow="tf.nn.selu",
        keras="keras.activations.selu",
        pytorch="torch.nn.functional.selu",
        jax="jax.nn.selu",
        onnx="Selu",
    ),
    references=("klambauer2017",),
)
def selu(x: ArrayLike) -> Any:
    r"""Scale the exponential linear unit so that layers keep mean 0 and variance 1 by themselves.

    .. math::

        f(x) = \begin{cases}1.0507 x & \text{if } x > 0 \\
        1.0507 \cdot 1.67326 \left(e^{x} - 1\right) & \text{otherwise}\end{cases}

    The two rounded numbers are :math:`\lambda` and :math:`\alpha`, for which a standard normal input gives an output
    of mean 0 and variance 1. That can be solved:

    .. math::

        \alpha = \frac{\sqrt{2 / \pi}}{1 - q}, \qquad
        \lambda^{-2} = \frac{1}{2} + \alpha^{2} \left(e^{2}\,\Phi(-2) - q + \frac{1}{2}\right), \qquad
        q = 2 \sqrt{e}\,\Phi(-1)

    **Convention.** The derivative at 0 is :math:`\lambda \alpha = 1.758`, the limit from the left, as in PyTorch and
    JAX; TensorFlow returns :math:`\lambda`, the limit from the right.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        Above :math:`-\lambda \alpha`, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** In deep fully connected networks on standardised inputs, without normalisation layers, with
    weights drawn at variance one over the number of inputs (LeCun's initialisation) and alpha dropout.

    **What goes wrong.** Leave one of these out and mean and variance no longer come back to 0 and 1: plain dropout
    shifts both, and He's initialisation doubles the variance at every layer's input. The slope just left of 0 is 1.758,
    so that gradients can grow where inputs gather there.

    References
    ----------
    Klambauer, Unterthiner, Mayr and Hochreiter (2017), "Self-normalizing neural networks".

    Examples
    --------
    The constants from their closed form:

    >>> import math
    >>> from scipy.special import ndtr
    >>> q = 2 * math.sqrt(math.e) * ndtr(-1)
    >>> alpha = math.sqrt(2 / math.pi) / (1 - q)
    >>> scale = (1 / 2 + alpha**2 * (math.e**2 * ndtr(-2) - q + 1 / 2)) ** -0.5
    >>> math.isclose(selu(1.0), scale), math.isclose(selu(-math.inf), -scale * alpha)
    (True, True)
    """
    return get(selu)(x)


@activation(
    title="CELU",
    family="smooth rectifier",
    definition="x if x > 0 else alpha * expm1(x / alpha)",
    derivative_definition="1 if x > 0 else exp(x / alpha)",
    # The left branch is nowhere below the line.
    value=lambda xp, x, alpha: xp.maximum(x, alpha * xp.expm1(xp.minimum(x, xp.zeros_like(x)) / alpha)),
    domains={"alpha": Number(above=0)},
    bounds=Bounds(-1.0, math.inf),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    smoothness=1,
    limits=(-1.0, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.celu",
        pytorch="torch.nn.functional.celu",
        jax="jax.nn.celu",
        onnx="Celu",
        arguments={"keras": "alpha=alpha", "pytorch": "alpha=alpha", "jax": "alpha=alpha", "onnx": "alpha=alpha"},
    ),
    references=("barron2017",),
)
def celu(x: ArrayLike, alpha: float = 1.0) -> Any:
    r"""Stretch the left side of the exponential linear unit so that the slope is 1 at 0 for every :math:`\alpha`.

    .. math::

        f(x) = \begin{cases}x & \text{if } x > 0 \\
        \alpha \left(e^{\frac{x}{\alpha}} - 1\right) & \text{otherwise}\end{cases}

    The paper writes it as :math:`\max(0, x) + \min(0, \alpha\,(e^{x / \alpha} - 1))`. Coded like that, as in Keras,
    both parts hand on a gradient at 0, which comes out as 2 there.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Depth of the left side; finite, more than 0.

    Returns
    -------
    ndarray or scalar
        Above :math:`-\alpha`, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is not more than 0, or not finite.

    Notes
    -----
    **When to use.** Where the depth of :func:`~actdocs.elu` is to be tuned or learned: the slope stays
    continuous and at most 1. Small :math:`\alpha` comes close to ReLU, large :math:`\alpha` to the identity.

    **What goes wrong.** At the default it is ELU under another name, so that a comparison of the two tells nothing.
    For small :math:`\alpha` the left side is flat within a few :math:`\alpha` of 0, and units there learn as little as
    dead ReLU units.

    References
    ----------
    Barron (2017), "Continuously differentiable exponential linear units".

    Examples
    --------
    It is ELU on another scale:

    >>> import numpy as np
    >>> x = np.linspace(-8, 8, 33)
    >>> bool(np.all(celu(x, alpha=2.0) == 2 * celu(x / 2)))
    True
    """
    return get(celu)(x, alpha=alpha)


@activation(
    title="Squareplus",
    family="smooth rectifier",
    definition="(x + sqrt(x ** 2 + b)) / 2 if x > 0 else b / (2 * (sqrt(x ** 2 + b) - x))",
    derivative_definition=(
        "(1 + x / sqrt(x ** 2 + b)) / 2 if x > 0 else b / (2 * sqrt(x ** 2 + b) * (sqrt(x ** 2 + b) - x))"
    ),
    domains={"b": Number(above=0)},
    bounds=Bounds(0.0, math.inf),
    single=1e18,
    lipschitz=1.0,
    monotonic=True,
    limits=(0.0, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.squareplus", jax="jax.nn.squareplus", arguments={"keras": "b=b", "jax": "b=b"}
    ),
    references=("barron2021",),
)
def squareplus(x: ArrayLike, b: float = 4.0) -> Any:
    r"""Rectify smoothly with a hyperbola: softplus from a square root alone.

    .. math::

        f(x) = \frac{x + \sqrt{x^{2} + b}}{2}
        = \begin{cases}\frac{x + \sqrt{x^{2} + b}}{2} & \text{if } x > 0 \\
        \frac{b}{2 \left(\sqrt{x^{2} + b} - x\right)} & \text{otherwise}\end{cases}

    The two forms are equal. To the left of 0 the first is a difference of two numbers that grow more and more
    alike; the second has no difference.

    With :math:`b = 4` the curve bends at 0 as sharply as :func:`~actdocs.softplus`; with :math:`b = 4 \ln^{2} 2` it has
    the same value there.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    b : float
        How wide the bend is; finite, more than 0.

    Returns
    -------
    ndarray or scalar
        In (0, ∞), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``b`` is not a number.
    ValueError
        If ``b`` is not more than 0, or not finite.

    Notes
    -----
    **When to use.** In place of softplus where exponential and logarithm are slow or missing: it needs only addition,
    multiplication and a square root.

    **What goes wrong.** It falls to 0 like :math:`b / (4 |x|)`, not like an exponential, so that very negative inputs
    still leak through. Coded as the first form, as Keras and JAX do, it returns exactly 0 for large negative
    inputs in single precision; and :math:`x^{2}` overflows long before x does.

    References
    ----------
    Barron (2021), "Squareplus: A softplus-like algebraic rectifier".

    Examples
    --------
    The first form gives 0 here in single precision; the true value is close to 1/10000:

    >>> import numpy as np
    >>> x = np.float32(-1e4)
    >>> float((x + np.sqrt(x**2 + 4)) / 2), round(float(squareplus(x)), 9)
    (0.0, 0.0001)
    """
    return get(squareplus)(x, b=b)


@activation(
    title="SparsePlus",
    family="smooth rectifier",
    definition="x if x >= 1 else (x + 1) ** 2 / 4 if x > -1 else 0",
    derivative_definition="1 if x >= 1 else (x + 1) / 2 if x > -1 else 0",
    bounds=Bounds(0.0, math.inf, True),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    smoothness=1,
    limits=(0.0, math.inf),
    frameworks=Frameworks(keras="keras.activations.sparse_plus", jax="jax.nn.sparse_plus"),
    references=("blondel2020",),
)
def sparse_plus(x: ArrayLike) -> Any:
    r"""Join the two arms of the rectifier by a piece of a parabola.

    .. math::

        f(x) = \begin{cases}x & \text{if } x \ge 1 \\
        \frac{(x + 1)^{2}}{4} & \text{if } x > -1 \\ 0 & \text{otherwise}\end{cases}

    Its derivative is the sparse sigmoid, as that of softplus is the sigmoid.

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
    **When to use.** In place of :func:`~actdocs.softplus` where exact zeros are wanted, and where sums
    and products must do. At minus the margin it is the sparsemax loss of two classes.

    **What goes wrong.** Below -1 value and slope are exactly 0: units there are as dead as those of ReLU. As a positive
    scale it is no substitute for softplus, since it reaches 0.

    References
    ----------
    Blondel, Martins and Niculae (2020), "Learning with Fenchel-Young losses".

    Examples
    --------
    As softplus does, it splits the identity:

    >>> import numpy as np
    >>> x = np.linspace(-2, 2, 9)
    >>> bool(np.all(sparse_plus(x) - sparse_plus(-x) == x))
    True
    """
    return get(sparse_plus)(x)


@activation(
    title="Log-sigmoid",
    family="smooth rectifier",
    aliases=("logsigmoid",),
    definition="-softplus(-x)",
    derivative_definition="sigmoid(-x)",
    value=lambda xp, x: xp.minimum(x, xp.zeros_like(x)) - xp.log1p(xp.exp(-xp.abs(x))),
    bounds=Bounds(-math.inf, 0.0),
    single=math.inf,
    lipschitz=1.0,
    monotonic=True,
    limits=(-math.inf, 0.0),
    frameworks=Frameworks(
        tensorflow="tf.math.log_sigmoid",
        keras="keras.activations.log_sigmoid",
        pytorch="torch.nn.functional.logsigmoid",
        jax="jax.nn.log_sigmoid",
    ),
)
def log_sigmoid(x: ArrayLike) -> Any:
    r"""Take the logarithm of the sigmoid without computing the sigmoid.

    .. math:: f(x) = \ln \sigma(x) = -\operatorname{softplus}(-x)

    It is softplus turned by half a circle. It has no known first paper: it is the log-likelihood of logistic
    regression, written for one example.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In (-∞, 0), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** In a loss, for the log-probability of a yes: binary cross-entropy, contrastive and
    preference losses are sums of it. The log-probability of a no is the same function at ``-x``.

    **What goes wrong.** ``log(sigmoid(x))`` is minus infinity as soon as the sigmoid rounds to 0, and its gradient is
    then NaN. As a hidden activation it sends everything below 0, and strongly negative inputs pass unchanged.

    Examples
    --------
    >>> log_sigmoid(-1000.0)
    -1000.0
    """
    return get(log_sigmoid)(x)


@activation(
    title="ISRLU",
    family="smooth rectifier",
    definition="x if x > 0 else x / sqrt(1 + alpha * x ** 2)",
    derivative_definition="1 if x > 0 else 1 / sqrt(1 + alpha * x ** 2) ** 3",
    domains={"alpha": Number(low=0)},
    bounds=Bounds(-1.0, math.inf),
    single=1e18,
    lipschitz=1.0,
    monotonic=True,
    smoothness=2,
    limits=(-1.0, math.inf),
    references=("carlile2017",),
)
def isrlu(x: ArrayLike, alpha: float = 1.0) -> Any:
    r"""Rectify with a left side that levels off by an inverse square root.

    .. math::

        f(x) = \begin{cases}x & \text{if } x > 0 \\ \frac{x}{\sqrt{1 + \alpha x^{2}}} & \text{otherwise}\end{cases}

    Value, slope and curvature of the two sides agree at 0, whatever :math:`\alpha` is.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        How early the left side levels off; finite, at least 0.

    Returns
    -------
    ndarray or scalar
        Above :math:`-1 / \sqrt{\alpha}`, in the shape of ``x``; floating dtypes are kept, anything else
        becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``alpha`` is not a number.
    ValueError
        If ``alpha`` is negative or not finite.

    Notes
    -----
    **When to use.** Where the shape of :func:`~actdocs.elu` is wanted without an exponential: processors with a fast
    inverse square root compute it cheaply.

    **What goes wrong.** The left side nears its floor only like the inverse square of the input, so that its
    gradient fades more slowly than that of ELU and its outputs spread more. In half precision :math:`x^{2}`
    overflows from 256 on.

    References
    ----------
    Carlile, Delamarter, Kinney, Marti and Whitney (2017), "Improving deep learning by inverse square root linear units
    (ISRLUs)".

    Examples
    --------
    The floor is set by the parameter:

    >>> float(isrlu(-1e9, alpha=4.0))
    -0.5
    """
    return get(isrlu)(x, alpha=alpha)


@activation(
    title="Squared ReLU",
    family="smooth rectifier",
    aliases=("relu2", "squared_relu"),
    definition="max(0, x) ** 2",
    derivative_definition="2 * max(0, x)",
    bounds=Bounds(0.0, math.inf, True),
    single=math.inf,
    lipschitz=math.inf,
    monotonic=True,
    smoothness=1,
    limits=(0.0, math.inf),
    references=("so2021",),
)
def relu_squared(x: ArrayLike) -> Any:
    r"""Rectify, then square.

    .. math:: f(x) = \max(0, x)^{2}

    A search over Transformer programs found it for the feed-forward layers of language models.

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
    **When to use.** In the feed-forward layers of Transformers, as a cheap rival of GELU without a gate and without an
    exponential. Its exact zeros can be skipped in computation, and unlike that of ReLU its slope is continuous.

    **What goes wrong.** No constant bounds its slope, so that large inputs make larger outputs and larger gradients: it
    relies on normalisation before it. In half precision inputs from 256 on overflow. Negative units are dead, and units
    just above 0 learn slowly.

    References
    ----------
    So, Mańke, Liu, Dai, Shazeer and Le (2021), "Primer: Searching for efficient Transformers for language modeling".

    Examples
    --------
    >>> relu_squared([-3.0, 0.5, 3.0])
    array([0.  , 0.25, 9.  ])
    """
    return get(relu_squared)(x)


def _star_relu(xp: Any, x: Any, scale: float, bias: float) -> Any:
    """Give the value in pairs, since square and shift cancel where the function crosses zero."""
    positive = xp.maximum(x, xp.zeros_like(x))
    return sum(xp.pair_sum(xp.pair_product(xp.pair_product(scale, positive), positive), bias))


@activation(
    title="StarReLU",
    family="smooth rectifier",
    definition="scale * max(0, x) ** 2 + bias",
    derivative_definition="2 * scale * max(0, x)",
    value=_star_relu,
    domains={"scale": Number(), "bias": Number()},
    bounds=Bounds(-math.sqrt(0.2), math.inf, True),
    lipschitz=math.inf,
    monotonic=True,
    smoothness=1,
    limits=(-math.sqrt(0.2), math.inf),
    references=("yu2024",),
)
def star_relu(x: ArrayLike, scale: float = math.sqrt(0.8), bias: float = -math.sqrt(0.2)) -> Any:
    r"""Scale and shift the squared rectifier to mean 0 and variance 1.

    .. math:: f(x) = \text{scale}\,\max(0, x)^{2} + \text{bias}

    For a standard normal input the squared rectifier has mean :math:`1/2` and variance :math:`5/4`. The defaults,
    :math:`2/\sqrt{5} = 0.8944` and :math:`-1/\sqrt{5} = -0.4472`, undo that. In a network both can be learned, one pair
    for the whole layer; timm starts them at 1 and 0.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    scale : float
        Factor after squaring; finite.
    bias : float
        Shift after scaling; finite.

    Returns
    -------
    ndarray or scalar
        At least ``bias`` for a positive ``scale``, in the shape of ``x``; floating dtypes are kept, anything else
        becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite.

    Notes
    -----
    **When to use.** Where :func:`~actdocs.relu_squared` would do but the next layer should get centred input: the
    MetaFormer family of vision models was built with it, to save the cost of GELU.

    **What goes wrong.** Mean 0 and variance 1 hold for standard normal inputs alone; learned weights soon leave them.
    As with the square itself, slopes have no bound and half precision overflows early.

    References
    ----------
    Yu, Si, Zhou, Luo, Zhou, Feng, Yan and Wang (2024), "MetaFormer baselines for vision".

    Examples
    --------
    Mean and variance under a standard normal input, from the moments of half of it:

    >>> scale, bias = star_relu(1.0) - star_relu(0.0), star_relu(0.0)
    >>> abs(round(scale / 2 + bias, 15)), round(scale**2 * (3 / 2 - 1 / 4), 15)
    (0.0, 1.0)
    """
    return get(star_relu)(x, scale=scale, bias=bias)


@activation(
    title="Exponential",
    family="smooth rectifier",
    aliases=("exp",),
    definition="exp(x)",
    derivative_definition="exp(x)",
    bounds=Bounds(0.0, math.inf),
    single=math.inf,
    lipschitz=math.inf,
    monotonic=True,
    limits=(0.0, math.inf),
    frameworks=Frameworks(
        tensorflow="tf.exp",
        keras="keras.activations.exponential",
        pytorch="torch.exp",
        jax="jax.numpy.exp",
        onnx="Exp",
    ),
)
def exponential(x: ArrayLike) -> Any:
    r"""Raise e to the input.

    .. math:: f(x) = e^{x}

    It is its own derivative. As an output it has no first paper: it is the inverse of the logarithmic link of Poisson
    regression.

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

    Notes
    -----
    **When to use.** At the output of a model for counts or rates, where effects multiply; or for a scale of which the
    network predicts the logarithm. Losses that take the logarithm can take the input itself instead.

    **What goes wrong.** It overflows beyond 11 in half precision and beyond 88 in single; long before that its
    gradient, as large as its value, wrecks a training step. :func:`~actdocs.softplus` is the tame alternative.

    Examples
    --------
    >>> get("exponential").derivative(0.5) == exponential(0.5)
    True
    """
    return get(exponential)(x)


@activation(
    title="xIELU",
    family="smooth rectifier",
    definition="alpha_p * x ** 2 + beta * x if x > 0 else alpha_n * (expm1(min(x, eps)) - x) + beta * x",
    derivative_definition=(
        "2 * alpha_p * x + beta if x > 0 else alpha_n * expm1(x) + beta if x <= eps else beta - alpha_n"
    ),
    domains={"alpha_p": Number(above=0), "alpha_n": Number(above=0), "beta": Number(above=0), "eps": Number(high=0)},
    bounds=Bounds(-0.2057512240964821, math.inf, True),
    lipschitz=math.inf,
    monotonic=False,
    smoothness=1,
    minimum=(-0.9808292530117262, -0.2057512240964821),
    limits=(math.inf, math.inf),
    references=("huang2024",),
)
def xielu(x: ArrayLike, alpha_p: float = 0.8, alpha_n: float = 0.8, beta: float = 0.5, eps: float = 0.0) -> Any:
    r"""Integrate a line to the right of 0 and an exponential to the left.

    .. math::

        f(x) = \begin{cases}\alpha_{p} x^{2} + \beta x & \text{if } x > 0 \\
        \alpha_{n} \left(e^{\min(x, \text{eps})} - 1 - x\right) + \beta x & \text{otherwise}\end{cases}

    The slope grows in proportion to the input on the right, as that of the squared rectifier, and settles at
    :math:`\beta - \alpha_{n}` on the left. :math:`\alpha_{p}` and :math:`\alpha_{n}` are the *effective* parameters.
    What a network learns are raw ones, a and b, of which it makes :math:`\alpha_{p} = \operatorname{softplus}(a)` and
    :math:`\alpha_{n} = \beta + \operatorname{softplus}(b)`; both effective ones start at 0.8, and :math:`\beta` stays
    at 0.5.

    The paper's function has eps = 0. Its code, and that of Transformers, sets eps = -1e-6 to keep the exponential's
    argument off 0. With it the function is no longer continuous: between eps and 0 the slope is
    :math:`\beta - \alpha_{n}`, and at 0 the value jumps up by :math:`\alpha_{n}` millionths.

    **Convention.** The derivative at 0 is :math:`\beta` with the default eps, where both sides agree; with any other
    eps it is :math:`\beta - \alpha_{n}`, the limit from the left.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha_p : float
        Half the curvature on the right; finite, more than 0.
    alpha_n : float
        Weight of the exponential on the left; finite, more than 0.
    beta : float
        Slope at 0; finite, more than 0.
    eps : float
        The largest argument of the exponential; finite, at most 0.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is outside its domain.

    Notes
    -----
    **When to use.** In the feed-forward layers of language models without a gate, where two learned
    numbers a layer cost nothing: the Apertus models use it.

    **What goes wrong.** Where :math:`\alpha_{n} > \beta`, as at the start, very negative inputs give large *positive*
    outputs: the function has a lowest point and rises again to its left. Slopes have no bound on the right, as
    with the squared rectifier.

    References
    ----------
    Huang and Schlag (2024), "Deriving activation functions using integration".

    Examples
    --------
    The jump that the code's eps makes:

    >>> abs(xielu(0.0)), round(xielu(0.0, eps=-1e-6), 9)
    (0.0, -8e-07)
    """
    return get(xielu)(x, alpha_p=alpha_p, alpha_n=alpha_n, beta=beta, eps=eps)


def _pau(xp: Any, x: Any, a: tuple[float, ...], b: tuple[float, ...]) -> Any:
    """Give the quotient; around zeros of the numerator, where its terms cancel, by Horner's rule in pairs."""
    numerator: Any = xp.zeros_like(x)
    for coefficient in reversed(a):
        numerator = xp.pair_sum(xp.pair_product(numerator, x), coefficient)
    denominator = xp.zeros_like(x)
    for coefficient in reversed(b):
        denominator = (denominator + coefficient) * x
    far = xp.definition(_QUOTIENT, x, a=a, b=b)  # whose powers may leave the range of a double
    return xp.where(xp.abs(x) < 16, sum(numerator) / (1 + xp.abs(denominator)), far)


_NUMERATOR = "sum(a[k] * x ** k for k in range(len(a)))"
_DENOMINATOR = "sum(b[k] * x ** (k + 1) for k in range(len(b)))"
_QUOTIENT = f"{_NUMERATOR} / (1 + abs({_DENOMINATOR}))"


@activation(
    title="PAU",
    family="smooth rectifier",
    aliases=("pade",),
    definition=_QUOTIENT,
    derivative_definition=(
        f"(sum(k * a[k] * x ** (k - 1) for k in range(1, len(a))) - {_QUOTIENT} "
        f"* sign({_DENOMINATOR}) * sum((k + 1) * b[k] * x ** k for k in range(len(b)))) / (1 + abs({_DENOMINATOR}))"
    ),
    value=_pau,
    domains={"a": Vector(), "b": Vector()},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0692310659568495,
    monotonic=False,
    limits=(-math.inf, math.inf),
    references=("molina2020",),
)
def pau(
    x: ArrayLike,
    a: Sequence[float] = (0.0335583603, 0.505000375, 1.65343934, 2.01001052, 0.931901999, 0.152424124),
    b: Sequence[float] = (0.0, 3.98021568, 0.0, 0.301830109),
) -> Any:
    r"""Divide one polynomial by another, with coefficients that are learned: the Padé activation unit.

    .. math:: f(x) = \frac{\sum_{k} a_{k} x^{k}}{1 + \left|\sum_{k} b_{k} x^{k + 1}\right|}

    Both sums start at k = 0, so that the denominator has no constant term but the 1. The absolute value keeps the
    denominator from 0; this is the form that the paper calls safe. The authors' code takes the absolute value of each
    term instead, which is the same for coefficients like the defaults.

    The defaults are those with which the authors' code starts, close to leaky ReLU with slope 0.01. Two of its
    coefficients, the first and third of the denominator, are smaller than four millionths; they are 0 here. That moves
    no value on [-50, 50] by more than two millionths, and spares the function two kinks that no figure could show.

    **Convention.** Where the sum in the bars crosses 0 there is a kink, at which the derivative's term with its sign
    counts as 0. At the defaults it touches 0 without crossing, and there is none.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    a : sequence of float
        Coefficients of the numerator, from that of :math:`x^{0}` on; one or more finite numbers.
    b : sequence of float
        Coefficients of the denominator, from that of :math:`x^{1}` on; one or more finite numbers.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a sequence.
    ValueError
        If a parameter is empty or holds anything but finite numbers.

    Notes
    -----
    **When to use.** To let each layer learn the shape of its activation, at the price of ten numbers; or to see which
    shape the data ask for.

    **What goes wrong.** It imitates its start only where it was fitted: beyond 3 in size the defaults drift from leaky
    ReLU towards a line of slope 0.505, on both sides. Powers overflow in half precision from 10 on. Coefficients need
    a smaller learning rate than weights, since a change of one bends the whole layer.

    References
    ----------
    Molina, Schramowski and Kersting (2020), "Padé activation units: End-to-end learning of flexible activation
    functions in deep networks".

    Examples
    --------
    The largest distance from leaky ReLU, near the origin and further out:

    >>> import numpy as np
    >>> from actdocs import leaky_relu
    >>> for reach in 3, 5, 10:
    ...     x = np.linspace(-reach, reach, 1001)
    ...     print(reach, np.abs(pau(x) - leaky_relu(x)).max().round(3))
    3 0.034
    5 0.318
    10 2.175
    """
    return get(pau)(x, a=a, b=b)
