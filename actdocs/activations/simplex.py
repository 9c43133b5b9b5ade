"""Functions along an axis whose values are probabilities, or their logarithms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs import numerics
from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Axis, Number, Seed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from actdocs.numerics import Pair

__all__ = ["entmax15", "gumbel_softmax", "log_softmax", "softmax", "softmin", "sparsemax"]


def _softmax(xp: Any, x: Any, axis: int) -> Any:
    if xp.GUARD_BITS:
        return xp.softmax(x, axis)
    _, weights, rest = xp.softmax_terms(x, axis)
    return weights / (1.0 + rest)


def _softmax_product(xp: Any, x: Any, v: Any, axis: int) -> Any:
    p = _softmax(xp, x, axis)
    return p * (v - xp.total(p * v, axis))


@activation(
    title="Softmax",
    family="simplex",
    definition="exp(x[i]) / sum(exp(x[j]) for j in indices)",
    derivative_definition="p[i] * (delta[i, j] - p[j])",
    value=_softmax,
    jvp=_softmax_product,
    vjp=_softmax_product,
    domains={"axis": Axis()},
    bounds=Bounds(0.0, 1.0, False, True),
    lipschitz=0.5,
    frameworks=Frameworks(
        tensorflow="tf.nn.softmax",
        keras="keras.activations.softmax",
        pytorch="torch.nn.functional.softmax",
        jax="jax.nn.softmax",
        onnx="Softmax",
        arguments={
            "tensorflow": "axis=axis",
            "keras": "axis=axis",
            "pytorch": "dim=axis",
            "jax": "axis=axis",
            "onnx": "axis=axis",
        },
    ),
    references=("bridle1990",),
)
def softmax(x: ArrayLike, axis: int = -1) -> Any:
    r"""Turn scores into probabilities: positive numbers that add up to 1 along an axis.

    .. math:: f(x)_i = \frac{e^{x_{i}}}{\sum_{j} e^{x_{j}}}

    The same number added to every score changes nothing. The Jacobian is
    :math:`p_i(\delta_{ij} - p_j)` with :math:`p = f(x)`; it is symmetric, so that ``jvp`` and ``vjp`` agree.

    **Convention.** Infinite scores of one sign tie: a single :math:`+\infty` takes all, several share equally, and a
    slice of :math:`-\infty` alone is uniform. A slice with a NaN is NaN throughout.

    Parameters
    ----------
    x : array_like
        Scores: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the values add up to 1; the last by default.

    Returns
    -------
    ndarray
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing along it.

    Notes
    -----
    **When to use.** For the output of a classifier whose classes exclude each other, and for the weights of attention.
    While training, hand the scores to a loss that takes logits and keep softmax for reading the result.

    **What goes wrong.** Applied twice, once in the model and once in the loss, it flattens the gradient and learning
    stalls. Without the shift by the largest score, exponentials overflow. The values are confident far beyond what the
    data warrant unless they are calibrated, and none is zero but by underflow.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs".

    Examples
    --------
    >>> softmax([2.0, 1.0, 0.1]).round(3)
    array([0.659, 0.242, 0.099])
    >>> import numpy as np
    >>> bool(np.allclose(softmax([2.0, 1.0, 0.1]), softmax([1002.0, 1001.0, 1000.1])))
    True
    """
    return get(softmax)(x, axis=axis)


def _log_softmax(xp: Any, x: Any, axis: int) -> Any:
    shifted, _, rest = xp.softmax_terms(x, axis)
    return shifted - xp.log1p(rest)


@activation(
    title="Log-softmax",
    family="simplex",
    definition="x[i] - log(sum(exp(x[j]) for j in indices))",
    derivative_definition="delta[i, j] - p[j]",
    value=_log_softmax,
    jvp=lambda xp, x, v, axis: v - xp.total(_softmax(xp, x, axis) * v, axis),
    vjp=lambda xp, x, v, axis: v - _softmax(xp, x, axis) * xp.total(v, axis),
    domains={"axis": Axis()},
    bounds=Bounds(-math.inf, 0.0, False, True),
    lipschitz=math.inf,
    frameworks=Frameworks(
        tensorflow="tf.nn.log_softmax",
        keras="keras.activations.log_softmax",
        pytorch="torch.nn.functional.log_softmax",
        jax="jax.nn.log_softmax",
        onnx="LogSoftmax",
        arguments={
            "tensorflow": "axis=axis",
            "keras": "axis=axis",
            "pytorch": "dim=axis",
            "jax": "axis=axis",
            "onnx": "axis=axis",
        },
    ),
    references=("bridle1990",),
)
def log_softmax(x: ArrayLike, axis: int = -1) -> Any:
    r"""Give the logarithms of the softmax, without going through its tiny values.

    .. math:: f(x)_i = x_{i} - \ln\left(\sum_{j} e^{x_{j}}\right)

    This is what a loss on logits computes. The Jacobian is :math:`\delta_{ij} - p_j` with :math:`p` the softmax;
    its norm grows with the number of scores, up to the square root of it.

    **Convention.** Infinite scores are taken as in :func:`softmax`.

    Parameters
    ----------
    x : array_like
        Scores: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the exponentials add up to 1; the last by default.

    Returns
    -------
    ndarray
        At most 0, in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing along it.

    Notes
    -----
    **When to use.** For losses and for comparing probabilities of long chains of choices, which are sums
    of these values.

    **What goes wrong.** The logarithm of a softmax that was computed first is minus infinity as soon as a probability
    rounds to zero; this function stays exact there. Its values are not probabilities: they are at most 0 and add up to
    nothing in particular.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs".

    Examples
    --------
    >>> log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    """
    return get(log_softmax)(x, axis=axis)


@activation(
    title="Softmin",
    family="simplex",
    definition="exp(-x[i]) / sum(exp(-x[j]) for j in indices)",
    derivative_definition="p[i] * (p[j] - delta[i, j])",
    value=lambda xp, x, axis: _softmax(xp, -x, axis),
    jvp=lambda xp, x, v, axis: -_softmax_product(xp, -x, v, axis),
    vjp=lambda xp, x, v, axis: -_softmax_product(xp, -x, v, axis),
    domains={"axis": Axis()},
    bounds=Bounds(0.0, 1.0, False, True),
    lipschitz=0.5,
    frameworks=Frameworks(pytorch="torch.nn.functional.softmin", arguments={"pytorch": "dim=axis"}),
)
def softmin(x: ArrayLike, axis: int = -1) -> Any:
    r"""Turn costs into probabilities: the smaller the cost, the larger the share of 1.

    .. math:: f(x)_i = \frac{e^{-x_{i}}}{\sum_{j} e^{-x_{j}}}

    It is the softmax of the negative input, which is all there is to its history. The Jacobian is
    :math:`p_i(p_j - \delta_{ij})` with :math:`p = f(x)`; it is symmetric, so that ``jvp`` and ``vjp`` agree.

    **Convention.** Infinite costs of one sign tie, as in :func:`softmax`: a single :math:`-\infty` takes all. A slice
    with a NaN is NaN throughout.

    Parameters
    ----------
    x : array_like
        Costs: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the values add up to 1; the last by default.

    Returns
    -------
    ndarray
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing along it.

    Notes
    -----
    **When to use.** Where distances, energies or costs are at hand, and the nearest or cheapest should get most weight.

    **What goes wrong.** The unit of the costs decides how sharp the choice is: distances in millimetres in place of
    metres make it all but hard. Divide by a typical cost first.

    Examples
    --------
    >>> softmin([0.1, 1.0, 2.0]).round(3)
    array([0.643, 0.261, 0.096])
    >>> import numpy as np
    >>> bool(np.all(softmin([0.1, 1.0, 2.0]) == softmax([-0.1, -1.0, -2.0])))
    True
    """
    return get(softmin)(x, axis=axis)


def _ranked(x: Any, scale: float) -> tuple[Pair, Pair]:
    """Give the scores less the largest, times a power of two, as pairs: in their own order, and from the top down.

    No value of the sparse functions depends on how far below -1 a score is: -2 stands for all of those. Scores that
    equal the largest become exactly 0, infinite ones too.
    """
    top = x.max(axis=-1, keepdims=True)

    def shifted(scores: Any) -> Pair:
        high, low = (scale * part for part in numerics.pair_sum(scores, -top))
        near = high > -2
        return np.where(scores == top, 0.0, np.where(near, high, -2.0)), np.where(near, low, 0.0)

    return shifted(x), shifted(-np.sort(-x, axis=-1))


def _minus(pair: Pair) -> Pair:
    return -pair[0], -pair[1]


def _running(pair: Pair) -> Pair:
    """Add up along the last axis, each sum a pair: by doubling the reach until it spans the axis."""
    high, low = (part.copy() for part in pair)
    reach = 1
    while reach < high.shape[-1]:
        later = high[..., reach:], low[..., reach:]
        high[..., reach:], low[..., reach:] = numerics.pair_sum(later, (high[..., :-reach], low[..., :-reach]))
        reach *= 2
    return high, low


def _at(pair: Pair, count: Any) -> Pair:
    """Take the running sums over the first ``count`` places."""
    high, low = (np.take_along_axis(part, count - 1, -1) for part in pair)
    return high, low


def _sparsemax(xp: Any, x: Any, axis: int) -> Any:
    z, falling = _ranked(x, 1.0)
    sums, counts = _running(falling), np.arange(1.0, x.shape[-1] + 1)
    # A score is in the support if those above it are, in sum, less than 1 above it.
    margin = numerics.pair_sum(numerics.pair_product(counts, falling), numerics.pair_sum(1.0, _minus(sums)))
    k = (margin[0] + margin[1] > 0).sum(axis=-1, keepdims=True)
    high, low = numerics.pair_sum(
        numerics.pair_product(k.astype(float), z), numerics.pair_sum(1.0, _minus(_at(sums, k)))
    )
    return np.maximum(high + low, 0.0) / k


def _sparsemax_product(xp: Any, x: Any, v: Any, axis: int) -> Any:
    support = _sparsemax(xp, x, axis) > 0
    mean = xp.total(np.where(support, v, 0.0), axis) / support.sum(axis=axis, keepdims=True)
    return np.where(support, v - mean, 0.0)


@activation(
    title="Sparsemax",
    family="simplex",
    definition="max(0, x[i] - tau)",
    derivative_definition="sign(p[i]) * (delta[i, j] - sign(p[j]) / sum(sign(p[k]) for k in indices))",
    value=_sparsemax,
    jvp=_sparsemax_product,
    vjp=_sparsemax_product,
    domains={"axis": Axis(ranked=True)},
    bounds=Bounds(0.0, 1.0, True, True),
    lipschitz=1.0,
    smoothness=0,
    references=("martins2016",),
)
def sparsemax(x: ArrayLike, axis: int = -1) -> Any:
    r"""Turn scores into the nearest probabilities, of which many are exactly zero.

    .. math:: f(x)_i = \max(0, x_{i} - \tau)

    The threshold :math:`\tau` is the one number with which the values add up to 1. They are the point of the
    probability simplex at the least distance from the scores: a projection, which never moves two points apart. The
    scores above :math:`\tau` are the support; the Jacobian takes the mean over the support away from what is in it,
    and is symmetric, so that ``jvp`` and ``vjp`` agree. With :math:`p = f(x)`, :math:`\operatorname{sign}(p_i)` is 1
    on the support and 0 elsewhere.

    The threshold is found exactly, by sorting. Values are good to 4 units in the last place, and next to the edge of
    the support, where they are what is left of nearly equal numbers, to :math:`10^{-29}`.

    **Convention.** A score that equals :math:`\tau` is outside of the support. Infinite scores of one sign tie, as in
    :func:`softmax`. Scores with a NaN have no order, and are refused.

    ``keras.activations.sparsemax`` is another function: Keras 3.15 adds up running sums where the scores themselves
    belong, so that its values add up to 1 only where one score takes all.

    Parameters
    ----------
    x : array_like
        Scores without NaN: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the values add up to 1; the last by default.

    Returns
    -------
    ndarray
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` holds a NaN, has no such axis, or nothing along it.

    Notes
    -----
    **When to use.** For attention or gates that should leave most inputs out altogether, and say which:
    TabNet chooses its columns with it.

    **What goes wrong.** A score outside of the support gets no gradient, so that a choice once dropped may never come
    back. With the logarithmic loss a true class outside of the support costs infinitely much: its paper has a loss of
    its own. The scale of the scores decides how many survive; one that leads by 1 takes all.

    References
    ----------
    Martins and Astudillo (2016), "From softmax to sparsemax: A sparse model of attention and multi-label
    classification".

    Examples
    --------
    >>> sparsemax([1.0, 0.5, -1.0])
    array([0.75, 0.25, 0.  ])
    >>> sparsemax([2.0, 1.0, 0.1])
    array([1., 0., 0.])
    """
    return get(sparsemax)(x, axis=axis)


def _entmax15(xp: Any, x: Any, axis: int) -> Any:
    z, falling = _ranked(x, 0.5)
    sums, counts = _running(falling), np.arange(1.0, x.shape[-1] + 1)
    squares = _running(numerics.pair_product(falling, falling))
    # A score is in the support if the squares of the distances to those above it add up to less than 1.
    doubled = -2 * sums[0], -2 * sums[1]
    growth = numerics.pair_product(falling, numerics.pair_sum(numerics.pair_product(counts, falling), doubled))
    excess = numerics.pair_sum(numerics.pair_sum(squares, growth), -1.0)
    k = (excess[0] + excess[1] < 0).sum(axis=-1, keepdims=True)
    # On the support the squares of z - tau add up to 1, a quadratic equation for tau.
    count, total = k.astype(float), _at(sums, k)
    rest = numerics.pair_product(count, numerics.pair_sum(1.0, _minus(_at(squares, k))))
    root = _root(numerics.pair_sum(numerics.pair_product(total, total), rest))
    high, low = numerics.pair_sum(numerics.pair_sum(numerics.pair_product(count, z), _minus(total)), root)
    distance = np.maximum(high + low, 0.0)
    return distance * distance / (count * count)


def _root(pair: Pair) -> Pair:
    """Take the square root of a pair."""
    high = np.sqrt(pair[0] + pair[1])
    left, over = numerics.pair_sum(pair, _minus(numerics.pair_product(high, high)))
    return high, (left + over) / (2 * high)


def _entmax15_product(xp: Any, x: Any, v: Any, axis: int) -> Any:
    slope = np.sqrt(_entmax15(xp, x, axis))
    inside = np.where(slope > 0, v, 0.0)
    return slope * (inside - xp.total(slope * inside, axis) / xp.total(slope, axis))


@activation(
    title="Entmax-1.5",
    family="simplex",
    definition="max(0, x[i] / 2 - tau) ** 2",
    derivative_definition="sqrt(p[i]) * (delta[i, j] - sqrt(p[j]) / sum(sqrt(p[k]) for k in indices))",
    value=_entmax15,
    jvp=_entmax15_product,
    vjp=_entmax15_product,
    domains={"axis": Axis(ranked=True)},
    bounds=Bounds(0.0, 1.0, True, True),
    lipschitz=1.0,
    smoothness=1,
    references=("peters2019",),
)
def entmax15(x: ArrayLike, axis: int = -1) -> Any:
    r"""Turn scores into probabilities halfway between softmax and sparsemax: sparse, but smooth at the edge.

    .. math:: f(x)_i = \max\left(0, \frac{x_{i}}{2} - \tau\right)^{2}

    The threshold :math:`\tau` is the one number with which the values add up to 1. The family of
    :math:`\alpha`-entmax maximises the expected score plus a Tsallis entropy: :math:`\alpha = 1` is softmax,
    :math:`\alpha = 2` sparsemax, and 1.5 has an exact solution by sorting as well.

    The Jacobian with :math:`p = f(x)` and :math:`s_i = \sqrt{p_i}` is :math:`s_i(\delta_{ij} - s_j / \sum_k s_k)`; it
    is symmetric, so that ``jvp`` and ``vjp`` agree. It is at most the diagonal of the :math:`s_i`, none of which
    exceeds 1, so that 1 is a Lipschitz constant; one score just short of taking all from a great many equal ones comes
    as close to it as one likes. For two scores the constant is :math:`1/\sqrt{2}`.

    Values are good to 4 units in the last place; next to the edge of the support :math:`\sqrt{p_i}` is good to
    :math:`10^{-28}`.

    **Convention.** Infinite scores of one sign tie, as in :func:`softmax`. Scores with a NaN have no order, and are
    refused.

    Parameters
    ----------
    x : array_like
        Scores without NaN: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the values add up to 1; the last by default.

    Returns
    -------
    ndarray
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` holds a NaN, has no such axis, or nothing along it.

    Notes
    -----
    **When to use.** For attention and for outputs over large vocabularies where most choices should be ruled out. Its
    derivative goes to zero at the edge of the support without a jump, which makes training calmer than sparsemax does.

    **What goes wrong.** As with sparsemax, a score outside of the support gets no gradient, and the logarithmic loss
    does not fit. It needs a sort or a search for the threshold, and few libraries have it.

    References
    ----------
    Peters, Niculae and Martins (2019), "Sparse sequence-to-sequence models".

    Examples
    --------
    >>> entmax15([1.0, 1.0, -1.0])
    array([0.5, 0.5, 0. ])
    >>> import numpy as np
    >>> np.flatnonzero(entmax15([2.0, 1.0, 0.1])), np.flatnonzero(sparsemax([2.0, 1.0, 0.1]))
    (array([0, 1]), array([0]))
    """
    return get(entmax15)(x, axis=axis)


def _gumbel_softmax(xp: Any, x: Any, axis: int, tau: float, seed: int | None) -> Any:
    high, low = numerics.pair_sum(x, np.random.default_rng(seed).gumbel(size=x.shape))
    first = np.argmax(high, axis=axis, keepdims=True)
    top, over = (np.take_along_axis(part, first, axis) for part in (high, low))
    apart = numerics.pair_sum((high, low), (-top, -over))
    distance = np.where(np.isinf(high) & (high == top), 0.0, apart[0])
    steps = distance / tau
    left, below = numerics.pair_sum((distance, apart[1]), _minus(numerics.pair_product(steps, tau)))
    weights = numerics.exp_times(1.0, steps, np.where(np.isfinite(steps), (left + below) / tau, 0.0))
    rest = weights.copy()
    np.put_along_axis(rest, first, 0.0, axis)
    return weights / (1.0 + xp.total(rest, axis))


def _gumbel_softmax_product(xp: Any, x: Any, v: Any, axis: int, tau: float, seed: int | None) -> Any:
    p = _gumbel_softmax(xp, x, axis, tau, seed)
    return p * (v - xp.total(p * v, axis)) / tau


@activation(
    title="Gumbel-softmax",
    family="simplex",
    definition="exp((x[i] + g[i]) / tau) / sum(exp((x[j] + g[j]) / tau) for j in indices)",
    derivative_definition="p[i] * (delta[i, j] - p[j]) / tau",
    value=_gumbel_softmax,
    jvp=_gumbel_softmax_product,
    vjp=_gumbel_softmax_product,
    domains={"axis": Axis(), "tau": Number(above=0), "seed": Seed()},
    bounds=Bounds(0.0, 1.0, False, True),
    lipschitz=0.5,
    references=("jang2017", "maddison2017"),
)
def gumbel_softmax(x: ArrayLike, axis: int = -1, tau: float = 1.0, seed: int | None = 0) -> Any:
    r"""Draw from the choice that softmax describes, softened so that the draw has a gradient.

    .. math:: f(x)_i = \frac{e^{\frac{x_{i} + g_{i}}{\tau}}}{\sum_{j} e^{\frac{x_{j} + g_{j}}{\tau}}}

    The noise :math:`g` has the standard Gumbel distribution, independent from score to score. The largest of the noisy
    scores belongs to :math:`i` with the probability that softmax gives to :math:`i`, at any temperature :math:`\tau`;
    as :math:`\tau` goes to 0, the values go to 1 there and to 0 elsewhere. The Jacobian is that of a softmax over
    :math:`\tau`, and ``jvp`` and ``vjp`` agree.

    The same seed gives the same noise to every input of one shape along one axis, whatever its dtype. The default of 0
    makes results repeat, and ``jvp`` belong to the value; give a new seed for each draw, or None for fresh noise at
    each call.

    The ``hard`` form of PyTorch's ``torch.nn.functional.gumbel_softmax`` rounds the values to 0 and 1 and keeps the
    soft gradient. That gradient is not the derivative of those values, so it is no entry here; the place of the
    largest value gives the same draw. PyTorch's documentation allows a temperature of 0, where the formula divides by
    zero.

    **Convention.** Infinite scores of one sign tie, as in :func:`softmax`, whatever the noise. A slice with a NaN is
    NaN throughout.

    Parameters
    ----------
    x : array_like
        Scores: float16, float32, float64, integers or booleans; at least one dimension.
    axis : int
        The axis along which the values add up to 1; the last by default.
    tau : float
        Temperature; finite, above 0.
    seed : int or None
        Whole number of at least 0 that fixes the noise; None for fresh noise at each call.

    Returns
    -------
    ndarray
        In [0, 1], in the shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers, ``axis`` or ``seed`` is not an integer, or ``tau`` is not a number.
    ValueError
        If ``x`` has no such axis, or nothing along it, ``tau`` is not above 0, or ``seed`` is negative.

    Notes
    -----
    **When to use.** To train through a discrete choice: hidden categories, learned routing, a codebook. Start with a
    temperature near 1 and lower it during training.

    **What goes wrong.** It is a compromise: a high temperature gives a biased gradient, since the soft values are far
    from any choice, and a low one gives a noisy gradient, which grows like :math:`1/\tau`. With a seed that never
    changes every step sees the same noise, and nothing is sampled at all.

    References
    ----------
    Jang, Gu and Poole (2017), "Categorical reparameterization with Gumbel-softmax"; Maddison, Mnih and Teh (2017), "The
    concrete distribution: A continuous relaxation of discrete random variables".

    Examples
    --------
    The draws follow the softmax, whatever the temperature:

    >>> import numpy as np
    >>> scores = np.tile([2.0, 1.0, 0.1], (100_000, 1))
    >>> draws = gumbel_softmax(scores, tau=0.5, seed=1).argmax(axis=-1)
    >>> shares = np.bincount(draws) / len(draws)
    >>> bool(np.allclose(shares, softmax([2.0, 1.0, 0.1]), atol=0.01))
    True
    """
    return get(gumbel_softmax)(x, axis=axis, tau=tau, seed=seed)
