"""TensorFlow, as the kernels of the catalogue see it: the same names as :mod:`actdocs.numerics`.

Training runs in single precision on moderate numbers, so that pairs shrink to their leading part.
"""

from __future__ import annotations

from typing import Any

from actdocs._tensorflow import import_tensorflow

tf = import_tensorflow()

Array = Any

abs = tf.abs
exp = tf.exp
expm1 = tf.math.expm1
log1p = tf.math.log1p
maximum = tf.maximum
minimum = tf.minimum
ones_like = tf.ones_like
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
