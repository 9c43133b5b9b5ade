"""Self-gated functions: the input times a gate that the input itself opens."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Choice, Number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "acon_c",
    "e_swish",
    "elish",
    "gelu",
    "hard_elish",
    "hard_silu",
    "lisht",
    "logish",
    "mish",
    "phish",
    "quick_gelu",
    "serf",
    "smish",
    "swish",
    "tanhexp",
]


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
    derivative_definition="sigmoid(beta * x) * (1 + beta * x * sigmoid(-beta * x))",
    value=_swish,
    derivative=_swish_slope,
    domains={"beta": Number()},
    bounds=Bounds(-0.2784645427610738, math.inf, True),
    single=85.0,
    lipschitz=1.0998393201288669,
    monotonic=False,
    minimum=(-1.2784645427610737, -0.2784645427610738),
    limits=(0.0, math.inf),
    approximations={"hard_silu": {}},
    frameworks=Frameworks(
        tensorflow="tf.nn.silu",
        keras="keras.activations.silu",
        pytorch="torch.nn.functional.silu",
        jax="jax.nn.silu",
        onnx="Swish",
        arguments={"tensorflow": "beta=beta", "onnx": "alpha=beta"},
    ),
    references=("hendrycks2016", "elfwing2018", "ramachandran2017"),
)
def swish(x: ArrayLike, beta: float = 1.0) -> Any:
    r"""Gate the input with a sigmoid of itself; with ``beta=1`` it is the SiLU.

    .. math:: f(x) = x\,\sigma(\beta x)

    For :math:`\beta > 0` it dips below zero on the left, with its lowest point near :math:`x = -1.28/\beta`. With
    :math:`\beta = 0` it is the line :math:`x/2`; as :math:`\beta` grows it approaches ReLU. TensorFlow and ONNX take
    :math:`\beta` as an argument; the functions of Keras, PyTorch and JAX are the SiLU, with :math:`\beta = 1`.

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

    Notes
    -----
    **When to use.** In the hidden layers of deep networks, where its smoothness and its slope on the left help the
    gradient along. EfficientNet is built on it, and with :math:`\beta = 1` it is the gate of the SwiGLU layers in LLaMA
    and its relatives.

    **What goes wrong.** It shrinks a signal more than ReLU does: weights drawn for ReLU's gain fade with depth. Values
    below zero belong to two inputs each. On hardware without a fast exponential :func:`hard_silu` takes its place.

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
    if xp.GUARD_BITS:
        return xp.maximum(x, 0.0) - xp.tail_product(x)
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
    definition="x * Phi(x) if approximate == 'none' else x * sigmoid(sqrt(8 / pi) * (x + 0.044715 * x ** 3))",
    derivative_definition=(
        "Phi(x) + x * phi(x) if approximate == 'none' else "
        "sigmoid(sqrt(8 / pi) * (x + 0.044715 * x ** 3)) * (1 + sqrt(8 / pi) * x * (1 + 0.134145 * x ** 2) * "
        "sigmoid(-(sqrt(8 / pi) * (x + 0.044715 * x ** 3))))"
    ),
    value=_gelu,
    derivative=_gelu_slope,
    domains={"approximate": Choice("none", "tanh")},
    bounds=Bounds(-0.16997120747990366, math.inf, True),
    lipschitz=1.1289041451851548,
    monotonic=False,
    minimum=(-0.7517915246935645, -0.16997120747990366),
    limits=(0.0, math.inf),
    approximations={"gelu": {"approximate": "tanh"}, "quick_gelu": {}},
    frameworks=Frameworks(
        tensorflow="tf.nn.gelu",
        keras="keras.activations.gelu",
        pytorch="torch.nn.functional.gelu",
        jax="jax.nn.gelu",
        onnx="Gelu",
        arguments={
            "tensorflow": "approximate=(approximate == 'tanh')",
            "keras": "approximate=(approximate == 'tanh')",
            "pytorch": "approximate=approximate",
            "jax": "approximate=(approximate == 'tanh')",
            "onnx": "approximate=approximate",
        },
    ),
    references=("hendrycks2016",),
)
def gelu(x: ArrayLike, approximate: str = "none") -> Any:
    r"""Gate the input with the distribution function of the standard normal: the Gaussian error linear unit.

    .. math:: f(x) = x\,\Phi(x)

    :math:`\Phi` is the distribution function of the standard normal and :math:`\varphi`, in the derivative, its
    density. With ``approximate="tanh"`` it is the cheaper form of the same paper, which is off by at most 0.00048:

    .. math:: f(x) = x\,\sigma\left(\sqrt{\frac{8}{\pi}} \left(x + 0.044715 x^{3}\right)\right)

    The paper writes its gate as half of one plus a hyperbolic tangent, hence the name; the sigmoid is the same gate
    without the cancellation on the left.

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

    Notes
    -----
    **When to use.** In transformers: BERT and ViT have it in every block, GPT-2 in its tanh form. It is a sound first
    choice for a hidden layer that should be smooth.

    **What goes wrong.** Weights trained with one form and run with the other give slightly different results, so name
    the form when moving a model between libraries. Computed as one plus the error function in single precision, the
    left tail cancels to nothing; the complementary error function keeps it.

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
    if xp.GUARD_BITS:
        w = xp.exp(xp.minimum(x, 60.0))
        return xp.times(x, w * (w + 2.0) / (w * (w + 2.0) + 2.0))
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
    definition="x * tanh(softplus(x))",
    derivative_definition="tanh(softplus(x)) + x * sigmoid(x) * sech(softplus(x)) ** 2",
    value=_mish,
    derivative=_mish_slope,
    bounds=Bounds(-0.30884341301725043, math.inf, True),
    lipschitz=1.088498161251728,
    monotonic=False,
    minimum=(-1.1924312145154952, -0.30884341301725043),
    limits=(0.0, math.inf),
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

    .. math:: f(x) = x\,\tanh(\operatorname{softplus}(x))

    The softplus is :math:`\ln\left(1 + e^{x}\right)`. The function is smooth, with its lowest point of -0.309 near
    -1.19.

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

    Notes
    -----
    **When to use.** In convolutional networks for images, where it was tried and tuned: YOLOv4 has it in its backbone.
    It is close to Swish, with a deeper dip and at zero a slope of 0.6 in place of 0.5.

    **What goes wrong.** Written out as exponential, logarithm and hyperbolic tangent, it loses its gradient to
    overflow for large inputs, and it costs more than Swish. In the repeated runs that its author published, the lead
    over Swish is no larger than chance allows.

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


@activation(
    title="Hard SiLU",
    family="self-gated",
    aliases=("hard_swish",),
    definition="x * min(max(0, x + 3), 6) / 6",
    derivative_definition="1 if x >= 3 else (2 * x + 3) / 6 if x > -3 else 0",
    bounds=Bounds(-0.375, math.inf, True),
    single=1e18,
    lipschitz=1.5,
    monotonic=False,
    kinks=(-3.0, 3.0),
    smoothness=0,
    minimum=(-1.5, -0.375),
    limits=(0.0, math.inf),
    frameworks=Frameworks(
        keras="keras.activations.hard_silu",
        pytorch="torch.nn.functional.hardswish",
        jax="jax.nn.hard_silu",
        onnx="HardSwish",
    ),
    references=("howard2019",),
)
def hard_silu(x: ArrayLike) -> Any:
    r"""Gate the input with a ramp in place of the sigmoid: Swish for plain hardware.

    .. math:: f(x) = \frac{x\,\min(\max(0, x + 3), 6)}{6}

    Zero up to -3, the identity from 3 on, a parabola between them; the textbooks' name is hard swish.

    **Convention.** The derivative at -3 is 0 and at 3 it is 1, the slopes of the straight parts, as in Keras.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.375, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** As a stand-in for Swish in networks for phones and for integer arithmetic: it needs a product and
    two comparisons. MobileNetV3 has it in its later layers.

    **What goes wrong.** Below -3 value and gradient are exactly zero, so that a unit can die as with ReLU. The slope
    jumps at both ends of the parabola, at 3 from 1.5 to 1.

    References
    ----------
    Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le and Adam (2019), "Searching for MobileNetV3".

    Examples
    --------
    >>> hard_silu([-3.0, -1.5, 0.0, 3.0])
    array([-0.   , -0.375,  0.   ,  3.   ])
    """
    return get(hard_silu)(x)


@activation(
    title="Quick GELU",
    family="self-gated",
    definition="x * sigmoid(1.702 * x)",
    derivative_definition="sigmoid(1.702 * x) * (1 + 1.702 * x * sigmoid(-1.702 * x))",
    bounds=Bounds(-0.16361018963635357, math.inf, True),
    lipschitz=1.099839320128867,
    monotonic=False,
    minimum=(-0.751154255441289, -0.16361018963635357),
    limits=(0.0, math.inf),
    frameworks=Frameworks(
        tensorflow="tf.nn.silu",
        onnx="Swish",
        arguments={"tensorflow": "beta=1.702", "onnx": "alpha=1.702"},
    ),
    references=("hendrycks2016",),
)
def quick_gelu(x: ArrayLike) -> Any:
    r"""Gate the input with a sigmoid that stands in for the normal distribution function.

    .. math:: f(x) = x\,\sigma(1.702 x)

    The gate :math:`\sigma(1.702 x)` is close to the distribution function of the standard normal, which makes this the
    quickest approximation of GELU. It is :func:`swish` with :math:`\beta = 1.702`.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.164, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** To run weights that were trained with it, such as those of CLIP. For a new network GELU itself
    costs little more.

    **What goes wrong.** It is off by up to 0.02, some forty times as much as the tanh form of GELU; put in GELU's
    place, it changes what a trained model answers.

    References
    ----------
    Hendrycks and Gimpel (2016), "Gaussian error linear units (GELUs)".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(quick_gelu(x), swish(x, beta=1.702), rtol=1e-15, atol=0))
    True
    """
    return get(quick_gelu)(x)


@activation(
    title="LiSHT",
    family="self-gated",
    definition="x * tanh(x)",
    derivative_definition="tanh(x) + x * sech(x) ** 2",
    bounds=Bounds(0.0, math.inf, True),
    single=math.inf,
    lipschitz=1.1996786402577337,
    monotonic=False,
    minimum=(0.0, 0.0),
    limits=(math.inf, math.inf),
    references=("roy2023",),
)
def lisht(x: ArrayLike) -> Any:
    r"""Multiply the input with its hyperbolic tangent: a smooth absolute value.

    .. math:: f(x) = x\,\tanh(x)

    LiSHT is short for linearly scaled hyperbolic tangent. It is even: an input and its negative give the same value.
    Where :math:`x \tanh x = 1` its slope is steepest, and equals :math:`x` itself there.


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
    **When to use.** Where the sign of the sum carries no meaning and only its size does. Its paper proposes it for
    hidden layers whose units should use large negative inputs.

    **What goes wrong.** The sign is lost, so that a layer can't tell an input from its mirror image. The slope is zero
    at zero: with small initial weights the gradient shrinks from layer to layer. Outputs are never negative, and their
    mean drives the next layer away from zero.

    References
    ----------
    Roy, Manna, Dubey and Chaudhuri (2023), "LiSHT: Non-parametric linearly scaled hyperbolic tangent activation
    function for neural networks".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.all(lisht(x) == lisht(-x)))
    True
    """
    return get(lisht)(x)


@activation(
    title="E-swish",
    family="self-gated",
    definition="beta * x * sigmoid(x)",
    derivative_definition="beta * sigmoid(x) * (1 + x * sigmoid(-x))",
    domains={"beta": Number(low=1, high=2)},
    bounds=Bounds(-0.38288874629647646, math.inf, True),
    lipschitz=1.512279065177192,
    monotonic=False,
    minimum=(-1.2784645427610737, -0.38288874629647646),
    limits=(0.0, math.inf),
    references=("alcaide2018",),
)
def e_swish(x: ArrayLike, beta: float = 1.375) -> Any:
    r"""Scale the SiLU by a constant factor.

    .. math:: f(x) = \beta x\,\sigma(x)

    The factor steepens the whole curve, so that gradients stay larger in a deep network. The paper takes :math:`1 \le
    \beta \le 2`, warns of exploding gradients beyond, and tries values from 1.125 to 1.75 in networks of different
    depths; 1.375 is that of its small wide residual network. Elsewhere the name stands for another function,
    :math:`e^{-x} \sigma(x)`.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    beta : float
        The factor, from 1 to 2.

    Returns
    -------
    ndarray or scalar
        At least :math:`-0.2785 \beta`, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``beta`` is not a number.
    ValueError
        If ``beta`` is not from 1 to 2.

    Notes
    -----
    **When to use.** Where a network of SiLUs trains too slowly since signals fade. The factor does what a
    larger gain of the initial weights does, and goes on doing it during training.

    **What goes wrong.** With a slope of :math:`\beta` on the right, gradients grow by about that factor in each active
    layer: the deeper the network, the closer to 1 it must be. Under batch or layer normalisation a constant factor
    changes little.

    References
    ----------
    Alcaide (2018), "E-swish: Adjusting activations to different network depths".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(e_swish(x, beta=2), 2 * swish(x), rtol=1e-15, atol=0))
    True
    """
    return get(e_swish)(x, beta=beta)


@activation(
    title="TanhExp",
    family="self-gated",
    definition="x * tanh(exp(x))",
    derivative_definition="tanh(exp(x)) + x * (exp(x) * sech(exp(x)) ** 2)",
    bounds=Bounds(-0.35328577784821125, math.inf, True),
    lipschitz=1.061975308717916,
    monotonic=False,
    minimum=(-1.078860058464624, -0.35328577784821125),
    limits=(0.0, math.inf),
    references=("liu2020",),
)
def tanhexp(x: ArrayLike) -> Any:
    r"""Gate the input with the hyperbolic tangent of its exponential.

    .. math:: f(x) = x\,\tanh\left(e^{x}\right)

    The gate closes like :math:`e^{x}` on the left and opens doubly exponentially on the right: from 3 on it differs
    from the identity by less than single precision shows.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.353, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** In small convolutional networks for images, for which its paper proposes it; the steep
    gate is meant to speed the first epochs up.

    **What goes wrong.** Its inner exponential overflows for large inputs. The value survives that, but a gradient
    written out as a product becomes infinity times zero, which is NaN.

    References
    ----------
    Liu and Di (2020), "TanhExp: A smooth activation function with high convergence speed for lightweight neural
    networks".

    Examples
    --------
    >>> tanhexp(4.0), tanhexp(-1000.0) == 0
    (4.0, True)
    """
    return get(tanhexp)(x)


@activation(
    title="ELiSH",
    family="self-gated",
    definition="x * sigmoid(x) if x >= 0 else expm1(x) * sigmoid(x)",
    derivative_definition=(
        "sigmoid(x) * (1 + x * sigmoid(-x)) if x >= 0 else sigmoid(x) * (exp(x) + expm1(x) * sigmoid(-x))"
    ),
    bounds=Bounds(-0.1715728752538099, math.inf, True),
    lipschitz=1.099839320128867,
    monotonic=False,
    smoothness=1,
    minimum=(-0.881373587019543, -0.1715728752538099),
    limits=(0.0, math.inf),
    references=("basirat2018",),
)
def elish(x: ArrayLike) -> Any:
    r"""Gate the ELU with a sigmoid: Swish on the right, a shallower dip on the left.

    .. math::

        f(x) = \begin{cases}x\,\sigma(x) & \text{if } x \ge 0 \\
        \left(e^{x} - 1\right)\,\sigma(x) & \text{otherwise}\end{cases}

    ELiSH is short for exponential linear squashing. Both parts have the slope 1/2 at 0, but the second derivative jumps
    there from 1 to 1/2. The lowest point is at :math:`\ln(\sqrt{2} - 1)`, where the value is :math:`2\sqrt{2} - 3`.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.172, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** Where Swish serves too. It came out of a search by genetic algorithms over parts of
    known functions, for image classification.

    **What goes wrong.** The left side dies out like :math:`-e^{x}`, that of Swish like :math:`x e^{x}`: units far to
    the left get even less gradient. Some pages give another formula under this name, with :math:`(e^{x} - 1)/(e^{x} +
    1)` on the left, whose slope at 0 does not fit the right side.

    References
    ----------
    Basirat and Roth (2018), "The quest for the golden activation function".

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.isclose(elish(np.log(np.sqrt(2) - 1)), 2 * np.sqrt(2) - 3, rtol=1e-14, atol=0))
    True
    """
    return get(elish)(x)


@activation(
    title="Hard ELiSH",
    family="self-gated",
    definition="x * min(1, (x + 1) / 2) if x >= 0 else expm1(x) * max(0, (x + 1) / 2)",
    derivative_definition=(
        "1 if x >= 1 else (2 * x + 1) / 2 if x >= 0 else (exp(x) * (x + 1) + expm1(x)) / 2 if x > -1 else 0"
    ),
    bounds=Bounds(-0.09967315152874262, math.inf, True),
    lipschitz=1.5,
    monotonic=False,
    kinks=(-1.0, 1.0),
    smoothness=0,
    minimum=(-0.4428544010023886, -0.09967315152874262),
    limits=(0.0, math.inf),
    references=("basirat2018",),
)
def hard_elish(x: ArrayLike) -> Any:
    r"""Gate the ELU with a ramp from -1 to 1 in place of the sigmoid.

    .. math::

        f(x) = \begin{cases}x\,\min\left(1, \frac{x + 1}{2}\right) & \text{if } x \ge 0 \\
        \left(e^{x} - 1\right)\,\max\left(0, \frac{x + 1}{2}\right) & \text{otherwise}\end{cases}

    Zero up to -1 and the identity from 1 on.

    **Convention.** The derivative at -1 is 0 and at 1 it is 1, the slopes of the straight parts.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.0997, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** To repeat experiments of its paper. Where a cheap gate is wanted, :func:`hard_silu`
    does without the exponential that is still needed here.

    **What goes wrong.** Below -1 value and gradient are exactly zero. Of standard normal inputs about one in six lands
    there.

    References
    ----------
    Basirat and Roth (2018), "The quest for the golden activation function".

    Examples
    --------
    >>> hard_elish([-1.0, 0.0, 0.5, 2.0])
    array([-0.   ,  0.   ,  0.375,  2.   ])
    """
    return get(hard_elish)(x)


@activation(
    title="Serf",
    family="self-gated",
    definition="x * erf(softplus(x))",
    derivative_definition="erf(softplus(x)) + 2 / sqrt(pi) * x * sigmoid(x) * exp(-(softplus(x) ** 2))",
    bounds=Bounds(-0.3484374587596064, math.inf, True),
    lipschitz=1.086125444150997,
    monotonic=False,
    minimum=(-1.193059968928188, -0.3484374587596064),
    limits=(0.0, math.inf),
    references=("nag2023",),
)
def serf(x: ArrayLike) -> Any:
    r"""Gate the input with the error function of its softplus.

    .. math:: f(x) = x\,\operatorname{erf}(\operatorname{softplus}(x))

    The name is short for log-softplus error function; the softplus is :math:`\ln\left(1 + e^{x}\right)`. It is
    :func:`mish` with another S-shaped function around the softplus, which opens a little earlier.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.348, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** Where Mish would be used; its paper compares the two on images and on text.

    **What goes wrong.** It takes an error function, a logarithm and an exponential, and no library computes them in
    one go. With the textbook softplus, gradients are lost to overflow for large inputs.

    References
    ----------
    Nag, Bhattacharyya, Mukherjee and Kundu (2023), "SERF: Towards better training of deep neural networks using
    log-softplus error activation function".

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.special import erf
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(serf(x), x * erf(np.logaddexp(0, x))))
    True
    """
    return get(serf)(x)


@activation(
    title="Logish",
    family="self-gated",
    definition="x * log1p(sigmoid(x))",
    derivative_definition="log1p(sigmoid(x)) + x * sigmoid(x) * sigmoid(-x) / (1 + sigmoid(x))",
    bounds=Bounds(-0.25276881678944035, math.inf, True),
    lipschitz=0.7463111804127397,
    monotonic=False,
    minimum=(-1.3724541370256922, -0.25276881678944035),
    limits=(0.0, math.inf),
    references=("zhu2021",),
)
def logish(x: ArrayLike) -> Any:
    r"""Gate the input with the logarithm of one plus its sigmoid.

    .. math:: f(x) = x\,\ln\left(1 + \sigma(x)\right)

    The gate goes from 0 to :math:`\ln 2` only, so that the function grows like :math:`0.693 x` on the right.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        At least -0.253, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** To repeat experiments of its paper, on images. There a variant with a steeper gate,
    :math:`\sigma(10 x)`, did best on one of the data sets.

    **What goes wrong.** The slope is below 0.75 everywhere. Without normalisation, or without larger weights, signal
    and gradient shrink in every layer.

    References
    ----------
    Zhu, Zeng, Liu and Zhang (2021), "Logish: A new nonlinear nonmonotonic activation function for convolutional neural
    network".

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.isclose(logish(100.0), 100 * np.log(2)))
    True
    """
    return get(logish)(x)


@activation(
    title="Smish",
    family="self-gated",
    definition="alpha * x * tanh(log1p(sigmoid(beta * x)))",
    derivative_definition=(
        "alpha * sigmoid(beta * x) * ((2 + sigmoid(beta * x)) / (1 + (1 + sigmoid(beta * x)) ** 2) + "
        "4 * beta * x * sigmoid(-beta * x) * (1 + sigmoid(beta * x)) / (1 + (1 + sigmoid(beta * x)) ** 2) ** 2)"
    ),
    domains={"alpha": Number(), "beta": Number()},
    bounds=Bounds(-0.24999366366012948, math.inf, True),
    lipschitz=0.6368842228812263,
    monotonic=False,
    minimum=(-1.3945193019245041, -0.24999366366012948),
    limits=(0.0, math.inf),
    references=("wang2022",),
)
def smish(x: ArrayLike, alpha: float = 1.0, beta: float = 1.0) -> Any:
    r"""Gate the input with the hyperbolic tangent of Logish's gate.

    .. math:: f(x) = \alpha x\,\tanh\left(\ln\left(1 + \sigma(\beta x)\right)\right)

    With :math:`u = 1 + \sigma(\beta x)` the gate is the fraction :math:`(u^2 - 1)/(u^2 + 1)`, which needs neither
    logarithm nor tangent. It goes from 0 to 3/5, so that the function grows like :math:`0.6 \alpha x` on the right.
    The lowest value is close to -1/4, but is not -1/4.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    alpha : float
        Factor of the value; finite.
    beta : float
        Steepness of the gate; finite.

    Returns
    -------
    ndarray or scalar
        By default at least -0.25, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite.

    Notes
    -----
    **When to use.** To run networks that have it, such as the edge detector TEED. Its paper recommends
    :math:`\alpha = \beta = 1`.

    **What goes wrong.** The slope is below 0.64 everywhere, the lowest of this family. Without normalisation, or
    without larger weights, signal and gradient shrink in every layer.

    References
    ----------
    Wang, Ren and Wang (2022), "Smish: A novel activation function for deep learning methods".

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs import sigmoid
    >>> x = np.linspace(-5, 5, 11)
    >>> square = (1 + sigmoid(x)) ** 2
    >>> bool(np.allclose(smish(x), x * (square - 1) / (square + 1)))
    True
    """
    return get(smish)(x, alpha=alpha, beta=beta)


@activation(
    title="Phish",
    family="self-gated",
    definition="x * tanh(x * Phi(x))",
    derivative_definition="tanh(x * Phi(x)) + x * (Phi(x) + x * phi(x)) * sech(x * Phi(x)) ** 2",
    bounds=Bounds(0.0, math.inf, True),
    lipschitz=1.2983066733058115,
    monotonic=False,
    minimum=(0.0, 0.0),
    limits=(0.0, math.inf),
    references=("naveen2022",),
)
def phish(x: ArrayLike) -> Any:
    r"""Gate the input with the hyperbolic tangent of its GELU.

    .. math:: f(x) = x\,\tanh(x\,\Phi(x))

    Here :math:`x\,\Phi(x)` is the GELU. Since it has the sign of the input, no value is negative: on the left there is
    no dip but a bump, 0.165 high near -1.2, and at 0 both value and slope are zero.


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
    **When to use.** To repeat experiments of its paper, which is a preprint.

    **What goes wrong.** The slope vanishes at 0, where inputs gather at the start of training, and is negative from
    the bump to 0: with small weights hardly any gradient comes through. Some inputs left of 0 are worth as much as
    inputs right of it.

    References
    ----------
    Naveen (2022), "Phish: A novel hyper-optimizable activation function".

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.all(phish(np.linspace(-5, 5, 101)) >= 0))
    True
    """
    return get(phish)(x)


@activation(
    title="ACON-C",
    family="self-gated",
    definition="x * (p1 * sigmoid(beta * (p1 - p2) * x) + p2 * sigmoid(-(beta * (p1 - p2) * x)))",
    derivative_definition=(
        "p1 * sigmoid(beta * (p1 - p2) * x) + p2 * sigmoid(-(beta * (p1 - p2) * x)) + "
        "beta * (p1 - p2) ** 2 * x * sigmoid(beta * (p1 - p2) * x) * sigmoid(-(beta * (p1 - p2) * x))"
    ),
    domains={"p1": Number(), "p2": Number(), "beta": Number()},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=1.0748794900966503,
    monotonic=True,
    limits=(-math.inf, math.inf),
    references=("ma2021",),
)
def acon_c(x: ArrayLike, p1: float = 1.0, p2: float = 0.25, beta: float = 1.0) -> Any:
    r"""Pass smoothly from one slope to another, both of them learned.

    .. math:: f(x) = x (p_{1}\,\sigma(\beta (p_{1} - p_{2}) x) + p_{2}\,\sigma(-\beta (p_{1} - p_{2}) x))

    A smooth form of the larger of :math:`p_1 x` and :math:`p_2 x`; the paper writes it as :math:`(p_1 - p_2)
    x\,\sigma(\beta (p_1 - p_2) x) + p_2 x`. The letter :math:`\beta` is the switch of its title, "activate or not": at
    0 the function is the line halfway between, and as it grows the two slopes meet in a kink. With :math:`p_1 = 1` and
    :math:`p_2 = 0` it is :func:`swish`.

    In the authors' code each channel has its own numbers: :math:`p_1` and :math:`p_2` are drawn from the standard
    normal, :math:`\beta` starts at 1. Here the slopes are 1 and 0.25 by default, those from which PReLU starts.


    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    p1 : float
        The slope on the right, if ``beta`` and ``p1 - p2`` are positive; finite.
    p2 : float
        The slope on the left; finite.
    beta : float
        Sharpness of the passage; finite.

    Returns
    -------
    ndarray or scalar
        With the default in (-∞, ∞), in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or a parameter is not a number.
    ValueError
        If a parameter is not finite.

    Notes
    -----
    **When to use.** In convolutional networks where a few more parameters a channel are no burden, to let each channel
    learn whether it is linear, leaky or gated. YOLOv5 carries an implementation.

    **What goes wrong.** Slopes of opposite sign make a valley, and equal ones a line; with random starts both occur,
    and a network has to learn its way out. Weight decay on the three numbers pulls every channel towards zero.

    References
    ----------
    Ma, Zhang, Liu and Sun (2021), "Activate or not: Learning customized activation".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(acon_c(x, p1=1, p2=0), swish(x), rtol=1e-15, atol=0))
    True
    """
    return get(acon_c)(x, p1=p1, p2=p2, beta=beta)
