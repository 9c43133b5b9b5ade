"""Bumps and waves: functions that rise and fall again, once or for ever."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["gaussian", "gcu", "sinc", "sine", "snake"]


@activation(
    title="Gaussian",
    family="bump or wave",
    definition="exp(-x ** 2)",
    derivative_definition="-(2 * x * exp(-x ** 2))",
    bounds=Bounds(0.0, 1.0, False, True),
    lipschitz=0.8577638849607068,
    monotonic=False,
    limits=(0.0, 0.0),
    references=("broomhead1988",),
)
def gaussian(x: ArrayLike) -> Any:
    r"""Answer with 1 at zero and with less and less on both sides: a bell.

    .. math:: f(x) = e^{-x^{2}}

    Even and positive; its steepest points are at :math:`\pm\sqrt{1/2}`. Networks of radial basis functions apply it to
    the distance from a centre, where each unit answers for a neighbourhood of its own.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In (0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** On distances, for units that should answer to one region only: interpolation, density models,
    and the detection of inputs unlike any seen in training, for which all units are near 0.

    **What goes wrong.** Far from the centre value and gradient vanish: at 4 the slope is below 1e-6, so centres that
    start in the wrong place stay there. Two inputs, x and -x, can't be told apart. Libraries and papers also write
    :math:`e^{-x^2/2}`, which is wider.

    References
    ----------
    Broomhead and Lowe (1988), "Multivariable functional interpolation and adaptive networks".

    Examples
    --------
    >>> import math
    >>> gaussian([0.0, math.sqrt(math.log(2))]).round(12)
    array([1. , 0.5])
    """
    return get(gaussian)(x)


@activation(
    title="Sine",
    family="bump or wave",
    aliases=("sin", "sinusoid", "siren"),
    definition="sin(omega * x)",
    derivative_definition="omega * cos(omega * x)",
    value=lambda xp, x, omega: xp.sin(omega, x),
    derivative=lambda xp, x, omega: omega * xp.cos(omega, x),
    domains={"omega": Number()},
    bounds=Bounds(-1.0, 1.0, True, True),
    single=math.inf,
    lipschitz=1.0,
    monotonic=False,
    references=("sopena1999", "sitzmann2020"),
)
def sine(x: ArrayLike, omega: float = 1.0) -> Any:
    r"""Let the output swing between -1 and 1 for ever.

    .. math:: f(x) = \sin(\omega x)

    SIREN networks take :math:`\omega = 30` and draw their weights to suit: uniform up to :math:`\sqrt{6/n}/\omega` in
    size for :math:`n` inputs, and up to :math:`1/n` in the first layer. The derivative is another such wave, a quarter
    of a period ahead, so that derivatives of every order of the network keep their size.

    Zeros, highest and lowest points repeat without end. There is no limit at either infinity, where value and
    derivative are NaN. For huge inputs the product :math:`\omega x` is taken exactly.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    omega : float
        Angular frequency; finite.

    Returns
    -------
    ndarray or scalar
        In [-1, 1], NaN at infinities, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``omega`` is not a number.
    ValueError
        If ``omega`` is not finite.

    Notes
    -----
    **When to use.** To represent a signal as a function of its coordinates (images, sound, shapes, solutions of
    differential equations), where detail and derivatives matter. Use the weights that belong to it.

    **What goes wrong.** With common weights and a large ``omega`` neighbouring inputs land in unrelated periods, and
    training stalls or learns noise. Many inputs share each value, so the loss has many local minima. In single
    precision the phase is lost for large sums: at 1e7 neighbouring numbers are 1 apart.

    References
    ----------
    Sopena, Romero and Alquézar (1999), "Neural networks with periodic and monotonic activation functions: A
    comparative study in classification problems"; Sitzmann, Martel, Bergman, Lindell and Wetzstein (2020), "Implicit
    neural representations with periodic activation functions".

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.isnan(sine(np.inf)))
    True
    >>> sine(0.1, omega=30) == np.sin(30 * np.longdouble(0.1)).astype(float)
    np.True_
    """
    return get(sine)(x, omega=omega)


@activation(
    title="Snake",
    family="bump or wave",
    definition="x + sin(a * x) ** 2 / a",
    derivative_definition="1 + sin(2 * a * x)",
    derivative=lambda xp, x, a: 1.0 + xp.sin(2.0 * a, x),
    domains={"a": Number(above=0)},
    bounds=Bounds(-math.inf, math.inf),
    lipschitz=2.0,
    monotonic=True,
    limits=(-math.inf, math.inf),
    references=("ziyin2020",),
)
def snake(x: ArrayLike, a: float = 1.0) -> Any:
    r"""Climb in waves: the identity with a periodic part on top.

    .. math:: f(x) = x + \frac{\sin^{2}(a x)}{a}

    It never falls: the slope swings between 0 and 2, and is 0 at single points, once in each period of
    :math:`\pi/a`. The distance to the identity is at most :math:`1/a`. At the infinities the value has limits, the
    derivative has none and is NaN.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.
    a : float
        Frequency of the waves; finite, more than 0.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``a`` is not a number.
    ValueError
        If ``a`` is not positive or not finite.

    Notes
    -----
    **When to use.** For signals that repeat, and whose pattern must go on outside the training range: audio
    synthesis, where neural vocoders learn one ``a`` per channel, and seasonal series.

    **What goes wrong.** The period is learned poorly when ``a`` starts far from it. A learned ``a`` may cross 0, where
    the formula divides by it; implementations add a small number or learn the logarithm. On data without any
    rhythm the waves are only an obstacle.

    References
    ----------
    Ziyin, Hartwig and Ueda (2020), "Neural networks fail to learn periodic functions and how to fix it".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.allclose(snake(x) - snake(-x), 2 * x))
    True
    """
    return get(snake)(x, a=a)


# The power series of the derivative of sinc around 0, in the square of pi times x, without its leading factor.
_SINC_SERIES = [3 * (-1) ** n * (2 * n + 2) / math.factorial(2 * n + 3) for n in range(10)]


def _sinc(xp: Any, x: Any) -> Any:
    # Beyond the first bound all numbers are even, and below the second the value rounds to 1.
    size = xp.maximum(xp.minimum(xp.abs(x), 2.0**60), 2.0**-30)
    return xp.sin_pi(size) / (xp.pi * size)


def _sinc_slope(xp: Any, x: Any) -> Any:
    near, size = xp.abs(x) < 0.25, xp.maximum(xp.minimum(xp.abs(x), 2.0**60), 0.25)
    far = (xp.cos_pi(size) - xp.sin_pi(size) / (xp.pi * size)) / xp.where(near, 0.25, x)
    # Close to 0 the difference of two numbers near 1 has no digits left.
    inner = xp.where(near, x, 0.0)
    square = (math.pi * inner) ** 2
    series = functools.reduce(lambda total, number: total * square + number, reversed(_SINC_SERIES))
    return xp.where(near, -(math.pi**2 / 3) * inner * series, far)


@activation(
    title="Sinc",
    family="bump or wave",
    aliases=("cardinal_sine",),
    definition="sin(pi * x) / (pi * x) if abs(x) > 0 else 1",
    derivative_definition="(cos(pi * x) - sin(pi * x) / (pi * x)) / x if abs(x) > 0 else -(pi ** 2 * x / 3)",
    value=_sinc,
    derivative=_sinc_slope,
    bounds=Bounds(-0.21723362821122166, 1.0, True, True),
    single=math.inf,
    lipschitz=1.3703055927694596,
    monotonic=False,
    minimum=(1.4302966531242027, -0.21723362821122166),
    limits=(0.0, 0.0),
    frameworks=Frameworks(
        keras="keras.ops.sinc",
        pytorch="torch.sinc",
        jax="jax.numpy.sinc",
    ),
)
def sinc(x: ArrayLike) -> Any:
    r"""Swing ever more weakly on both sides of a peak of height 1: the normalised cardinal sine.

    .. math::

        f(x) = \begin{cases}\frac{\sin(\pi x)}{\pi x} & \text{if } \left|x\right| > 0 \\
        1 & \text{otherwise}\end{cases}

    The name has two meanings. This is the one of NumPy, PyTorch, JAX and signal processing, whose zeros are the whole
    numbers but 0. Mathematics, and many lists of activation functions, mean :math:`\sin(x)/x`, with zeros at the
    multiples of :math:`\pi`: that is ``sinc(x / pi)``.

    Smooth and even. Both sides have infinitely many zeros and extrema; the two lowest points are at ±1.4303. At whole
    numbers the values here are exactly 0, since only what is left of ``x`` after whole periods goes into the sine. At
    0 the derivative is 0, with slope :math:`-\pi^2/3`, as the second row of its formula shows.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        In [-0.2173, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** For windows and resampling, where it is the ideal low-pass filter, and in wavelet-like networks
    that represent signals. As a hidden activation it is a curiosity.

    **What goes wrong.** The textbook quotient is 0/0 at 0; the versions of TensorFlow and Keras give 1 there, but NaN
    for the gradient. Code for one definition with weights for the other is off by a factor of :math:`\pi` in
    frequency. The slope changes its sign again and again, and inputs far out get little gradient.

    Examples
    --------
    NumPy rounds the product with π first, and misses the zeros:

    >>> import numpy as np
    >>> sinc([0.0, 0.5, 1.0]).round(6), bool(np.sinc(1.0) == 0)
    (array([1.     , 0.63662, 0.     ]), False)
    """
    return get(sinc)(x)


@activation(
    title="GCU",
    family="bump or wave",
    aliases=("growing_cosine_unit",),
    definition="x * cos(x)",
    derivative_definition="cos(x) - x * sin(x)",
    bounds=Bounds(-math.inf, math.inf),
    single=math.inf,
    lipschitz=math.inf,
    monotonic=False,
    references=("noel2021",),
)
def gcu(x: ArrayLike) -> Any:
    r"""Multiply the input with its cosine: waves that grow, the growing cosine unit.

    .. math:: f(x) = x\,\cos(x)

    Odd, with slope 1 at 0 and zeros at 0 and at odd multiples of :math:`\pi/2`. Both the waves and their slopes grow
    without bound, so that there is no lowest point and no Lipschitz constant, and no limit at either infinity: value
    and derivative are NaN there.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        Any number, NaN at infinities, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Notes
    -----
    **When to use.** In convolutional layers on normalised inputs, as its authors tried. Its zeros let a single unit
    cut the plane more than once: one unit can learn the exclusive or.

    **What goes wrong.** Slopes grow with the input, so that a few large sums blow up the gradient; normalise before
    it. Small changes of a large input turn the sign of the output, and halving the precision changes results.

    References
    ----------
    Noel, Arunkumar L, Trivedi and Dutta (2021), "Growing cosine unit: A novel oscillatory activation function that can
    speedup training and reduce parameters in convolutional neural networks".

    Examples
    --------
    >>> import numpy as np
    >>> gcu(np.pi), gcu(1e300) == 1e300 * np.cos(1e300)
    (-3.141592653589793, np.True_)
    """
    return get(gcu)(x)
