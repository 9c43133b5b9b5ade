"""The truth to measure against: the catalogue's textbook formulas in ball arithmetic.

Nothing here shares code with the kernels: an expression is evaluated as it stands, at whatever precision its
cancellations need, and each answer comes with a proven error bound (Johansson, 2017).
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING

import numpy as np
from flint import arb, ctx

from actdocs.expressions import evaluate
from actdocs.parameters import Choice, Number

if TYPE_CHECKING:
    from actdocs import Activation


def power(base: arb, exponent: int) -> arb:
    """Multiply a whole number of times: arb's own power knows none of a ball around zero."""
    return functools.reduce(operator.mul, [base] * exponent, arb(1))


def extreme(larger: bool):
    """Give the larger or the smaller of some numbers."""

    def pair(a, b):
        a, b = arb(a), arb(b)
        return a.max(b) if larger else a.min(b)

    return lambda *numbers: functools.reduce(pair, numbers if len(numbers) > 1 else numbers[0])


NAMES = {
    "abs": lambda x: abs(x),
    "atan": lambda x: x.atan(),
    "choose": lambda test, first, second: first() if test else second(),
    "cos": lambda x: x.cos(),
    "erf": lambda x: x.erf(),
    "exp": lambda x: x.exp(),
    "expm1": lambda x: x.expm1(),
    "log": lambda x: x.log(),
    "log1p": lambda x: x.log1p(),
    "max": extreme(True),
    "min": extreme(False),
    # 0.1 is one tenth, not the nearest double.
    "number": arb,
    "phi": lambda x: (-(x * x) / 2).exp() / (2 * arb.pi()).sqrt(),
    "Phi": lambda x: (-x / arb(2).sqrt()).erfc() / 2,
    "power": power,
    "sech": lambda x: 1 / x.cosh(),
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "sign": lambda x: x.sgn(),
    "sin": lambda x: x.sin(),
    "softplus": lambda x: x.exp().log1p(),
    "sqrt": lambda x: x.sqrt(),
    "tanh": lambda x: x.tanh(),
}


def exactly(value):
    """Take floats as the numbers that they are; leave words and positions alone."""
    if isinstance(value, float):
        return arb(value)
    return [arb(number) for number in value] if isinstance(value, tuple) else value


def at(expression: str, **names) -> arb:
    """Evaluate a formula in balls at the precision of the moment."""
    return arb(evaluate(expression, {**NAMES, "pi": arb.pi()}, **{k: exactly(v) for k, v in names.items()}))


def ball(expression: str, **names) -> arb:
    """Enclose a formula's value, to 70 bits or far below the smallest double; floats are taken exactly."""
    precision = 96
    while True:
        ctx.prec = precision
        value = at(expression, **names)
        negligible = arb(0, "1e-400").contains(value)
        if value.is_exact() or value.rel_accuracy_bits() >= 70 or negligible:
            return value
        precision *= 2
        assert precision < 100_000, (expression, names)


def slope(definition: str, x: float, **parameters) -> arb:
    """Differentiate a formula: a central difference at 600 bits, good to about 35 digits away from kinks."""
    ctx.prec = 600
    step = arb(2) ** -64
    ends = [at(definition, x=arb(x) + side * step, **parameters) for side in (1, -1)]
    return (ends[0] - ends[1]) / (2 * step)


def softmax_ball(definition: str, scores: list[float]) -> list[arb]:
    """Enclose each entry of a function along an axis."""
    exact = [arb(score) for score in scores]
    return [ball(definition, x=exact, i=i, indices=range(len(scores))) for i in range(len(scores))]


def _accepts(domain: Number, value: float) -> bool:
    return domain.low <= value <= domain.high and value > domain.above


def variants(entry: Activation) -> list[dict]:
    """List settings that reach every branch of an entry: its defaults, each word, and some other numbers."""
    settings = [dict(entry.parameters)]
    for name, domain in entry.domains.items():
        if isinstance(domain, Choice):
            others = domain.words
        elif isinstance(domain, Number):
            others = [value for value in (-0.3, 0.0, 0.3, 1.702) if _accepts(domain, value)]
        else:
            continue
        settings += [{**entry.parameters, name: value} for value in others if value != entry.parameters[name]]
    return settings


def ulps(computed: np.ndarray, truth: list[arb]) -> np.ndarray:
    """Give the distance to the truth in units in the last place of the dtype of ``computed``."""
    limits = np.finfo(computed.dtype)
    errors = np.empty(computed.shape)
    for i, (value, true) in enumerate(zip(computed.tolist(), truth, strict=True)):
        nearest = float(true.mid())
        if not np.isfinite(value):
            # An infinite answer is right where the truth would round to it.
            errors[i] = 0.0 if abs(nearest) > float(limits.max) * (1 + float(limits.eps) / 4) else np.inf
            continue
        with np.errstate(over="ignore"):
            spacing = float(np.spacing(computed.dtype.type(min(abs(nearest), float(limits.max)))))
        errors[i] = abs(float(((arb(value) - true) / arb(spacing)).mid()))
    return errors
