"""Ball arithmetic for definitions: a value together with a proven bound of its error (Johansson, 2017).

Nothing here shares code with the kernels: an expression is evaluated as it stands, at whatever precision its
cancellations need. This is the truth that tests, facts and accuracy figures are measured against.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any

from flint import arb, ctx

from actdocs.expressions import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["BALLS", "at", "ball", "exactly"]


def _power(base: arb, exponent: int) -> arb:
    """Multiply a whole number of times: arb's own power knows none of a ball around zero."""
    return functools.reduce(operator.mul, [base] * exponent, arb(1))


def _extreme(pick: Callable[[arb, arb], arb]) -> Callable[..., arb]:
    def function(*numbers: Any) -> arb:
        several: Iterable[Any] = numbers if len(numbers) > 1 else numbers[0]
        return functools.reduce(pick, map(arb, several))

    return function


BALLS: dict[str, Any] = {
    "abs": abs,
    "atan": lambda x: x.atan(),
    "choose": lambda test, first, second: first() if test else second(),
    "cos": lambda x: x.cos(),
    "erf": lambda x: x.erf(),
    "exp": lambda x: x.exp(),
    "expm1": lambda x: x.expm1(),
    "log": lambda x: x.log(),
    "log1p": lambda x: x.log1p(),
    "max": _extreme(lambda a, b: a.max(b)),
    "min": _extreme(lambda a, b: a.min(b)),
    "number": arb,  # 0.1 is one tenth, not the nearest double
    "phi": lambda x: (-(x * x) / 2).exp() / (2 * arb.pi()).sqrt(),
    "Phi": lambda x: (-x / arb(2).sqrt()).erfc() / 2,
    "power": _power,
    "sech": lambda x: x.sech(),
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "sign": lambda x: x.sgn(),
    "sin": lambda x: x.sin(),
    "softplus": lambda x: x.exp().log1p(),
    "sqrt": lambda x: x.sqrt(),
    "tanh": lambda x: x.tanh(),
    "where": lambda test, a, b: a if test else b,
}
"""A namespace for :func:`actdocs.expressions.evaluate`; ``pi`` joins it at the precision of the moment."""


def exactly(value: Any) -> Any:
    """Take floats as the numbers that they are; leave words, positions and balls alone.

    Examples
    --------
    >>> exactly(0.5) == 0.5, exactly("none"), len(exactly((1.0, 2.0)))
    (True, 'none', 2)
    """
    if isinstance(value, float):
        return arb(value)
    return [arb(number) for number in value] if isinstance(value, tuple) else value


def at(expression: str, **names: Any) -> arb:
    """Evaluate a formula in balls at the precision of the moment.

    Examples
    --------
    >>> at("x / 2 + alpha", x=1.0, alpha=0.25) == 0.75
    True
    """
    exact = {name: exactly(value) for name, value in names.items()}
    return arb(evaluate(expression, {**BALLS, "pi": arb.pi()}, **exact))


def ball(expression: str, **names: Any) -> arb:
    """Enclose a formula's value.

    Parameters
    ----------
    expression : str
        A definition.
    **names
        What its names stand for; floats are taken exactly.

    Returns
    -------
    arb
        Good to 70 bits, or known to be far below the smallest double.

    Examples
    --------
    >>> print(ball("tanh(x)", x=0.5).str(15, radius=False))
    0.462117157260010
    """
    precision = 96
    while True:
        ctx.prec = precision
        value = at(expression, **names)
        if value.is_exact() or value.rel_accuracy_bits() >= 70 or arb(0, "1e-400").contains(value):
            return value
        precision *= 2
        if precision > 100_000:
            raise ArithmeticError(f"{expression} at {names} can't be enclosed")
