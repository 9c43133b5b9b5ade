"""TensorFlow, as the kernels of the catalogue see it: the same names as :mod:`actdocs.numerics`.

Training runs in single precision on moderate numbers, so that pairs shrink to their leading part.
"""

from __future__ import annotations

import functools
import math
import operator
from typing import TYPE_CHECKING, Any

from actdocs._tensorflow import import_tensorflow
from actdocs.expressions import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

tf = import_tensorflow()

Array = Any

GUARD_BITS = 0  # that the arithmetic has more than the data

abs = tf.abs
exp = tf.exp
expm1 = tf.math.expm1
log1p = tf.math.log1p
maximum = tf.maximum
minimum = tf.minimum
ones_like = tf.ones_like
pi = math.pi
sign = tf.sign
sqrt = tf.sqrt
tanh = tf.tanh
zeros_like = tf.zeros_like


def where(condition: Array, a: Array, b: Array) -> Array:
    """Choose element by element, with numbers taken in the other branch's dtype."""
    dtype = next(branch.dtype for branch in (a, b) if tf.is_tensor(branch))
    return tf.where(condition, tf.cast(a, dtype), tf.cast(b, dtype))


def times(a: Array, b: Array) -> Array:
    """Multiply, where zero times infinity is zero."""
    product = a * b
    return tf.where((tf.equal(a, 0)) | tf.equal(b, 0), tf.zeros_like(product), product)


def pair_product(a: Array, b: Array) -> tuple[Array, float]:
    """Multiply; no low part."""
    first, second = (part[0] if isinstance(part, tuple) else part for part in (a, b))
    return times(first, second), 0.0


def pair_sum(a: Array, b: Array) -> tuple[Array, float]:
    """Add; no low part."""
    first, second = (part[0] if isinstance(part, tuple) else part for part in (a, b))
    return first + second, 0.0


def exp_times(factor: Array, high: Array, low: float = 0.0) -> Array:
    """Give ``factor * exp(high)``."""
    return times(factor, tf.exp(high))


def sigmoid(high: Array, low: float = 0.0, factor: Array = 1.0) -> Array:
    """Give ``factor / (1 + exp(-high))``."""
    return times(factor, tf.sigmoid(high))


def normal_cdf(x: Array, factor: Array = 1.0) -> Array:
    r"""Give ``factor`` times :math:`\Phi(x)`."""
    return times(factor, 0.5 * tf.math.erfc(-x * 0.5**0.5))


def normal_cdf_slope(x: Array) -> Array:
    r"""Give :math:`\Phi(x) + x\,\varphi(x)`."""
    return normal_cdf(x) + times(x, 0.3989422804014327 * tf.exp(-0.5 * x * x))


def sin(a: Array, x: Array) -> Array:
    """Give ``sin(a x)``."""
    return tf.sin(a * x)


def cos(a: Array, x: Array) -> Array:
    """Give ``cos(a x)``."""
    return tf.cos(a * x)


def sin_pi(x: Array) -> Array:
    r"""Give :math:`\sin(\pi x)`."""
    rest = x - 2.0 * tf.round(0.5 * x)
    return tf.sin(pi * where(tf.abs(rest) > 0.5, tf.sign(rest) - rest, rest))


def cos_pi(x: Array) -> Array:
    r"""Give :math:`\cos(\pi x)`."""
    return tf.sin(pi * (0.5 - tf.abs(x - 2.0 * tf.round(0.5 * x))))


def _choose(test: Any, first: Callable[[], Array], second: Callable[[], Array]) -> Array:
    """Take one branch where the test is one truth, each element's where it is a tensor."""
    if isinstance(test, bool):
        return first() if test else second()
    return where(test, *(part if tf.is_tensor(part) else tf.constant(part, tf.float32) for part in (first(), second())))


def _reduced(pair: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """Let a function of two take any number of arguments, or one iterable of them."""
    return lambda *numbers: functools.reduce(pair, numbers if len(numbers) > 1 else numbers[0])


def _cap(x: Array) -> Array:
    """Keep the argument of an exponential so small that the result, and its square on the way, stay finite."""
    return tf.minimum(x, 88.0)


def _sech(x: Array) -> Array:
    small = tf.exp(-tf.abs(x))
    return 2 * small / (1 + small * small)


def _phi(x: Array) -> Array:
    return 0.3989422804014327 * tf.exp(-0.5 * x * x)


_NAMES = {
    "abs": tf.abs,
    "atan": tf.atan,
    "choose": _choose,
    "cos": tf.cos,
    "erf": tf.math.erf,
    "exp": lambda x: tf.exp(_cap(x)),
    "expm1": lambda x: tf.math.expm1(_cap(x)),
    "log": tf.math.log,
    "log1p": tf.math.log1p,
    "max": _reduced(tf.maximum),
    "min": _reduced(tf.minimum),
    "number": float,
    "phi": _phi,
    "Phi": normal_cdf,
    "pi": math.pi,
    "power": lambda x, exponent: functools.reduce(operator.mul, [x] * exponent) if exponent else ones_like(x),
    "sech": _sech,
    "sigmoid": tf.sigmoid,
    "sign": tf.sign,
    "sin": tf.sin,
    "softplus": tf.math.softplus,
    "sqrt": lambda x: tf.sqrt(x) if tf.is_tensor(x) else math.sqrt(x),
    "tanh": tf.tanh,
}


def definition(expression: str, x: Array, **parameters: Any) -> Array:
    """Evaluate a definition as it stands."""
    return evaluate(expression, _NAMES, x=x, **parameters) + tf.zeros_like(x)
