"""Interval arithmetic for definitions: every result encloses all values that an expression takes on an interval.

The ends are exact numbers of python-flint and may be infinite; elementary functions are evaluated there in ball
arithmetic (Johansson, 2017) and rounded outwards. Unlike a ball, an interval such as [1e-300, 1] keeps its sign,
which is what proofs about tails need. An interval stands for its interior: at a threshold the branch of the inside
counts.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from flint import arb, ctx

from actdocs.expressions import Dual

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["INTERVALS", "Interval"]

Result = TypeVar("Result")

_INFINITY = arb("inf")
_FAR = arb(2) ** 20  # beyond it, exponentials are taken by their limits


def _between(method: Callable[[Interval, Interval], Result]) -> Callable[[Interval, Any], Result]:
    """Take numbers for the other side of an operator, and leave dual numbers to themselves."""

    @functools.wraps(method)
    def operator(self: Interval, other: Any) -> Result:
        return NotImplemented if isinstance(other, Dual) else method(self, _lift(other))

    return operator


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends.

    Attributes
    ----------
    low, high : arb
        Exact, ``low`` at most ``high``; either may be infinite.

    Examples
    --------
    >>> third = Interval.of(1) / 3
    >>> (third * 3).contains(1), third < 1, Interval.of(-1, 2) > 0
    (True, True, None)
    """

    low: arb
    high: arb

    @classmethod
    def of(cls, low: Any, high: Any = None) -> Interval:
        """Make an interval of anything that flint reads, or of one such number."""
        return cls(arb(low).lower(), arb(low if high is None else high).upper())

    def contains(self, number: Any) -> bool:
        """Tell whether a number lies in it, ends included."""
        return bool(self.low <= number <= self.high)

    def hull(self, other: Any) -> Interval:
        """Give the smallest interval that holds both."""
        other = _lift(other)
        return Interval(_smaller(self.low, other.low), _larger(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval((-self.high).lower(), (-self.low).upper())

    @_between
    def __add__(self, other: Interval) -> Interval:
        return Interval(_known(self.low + other.low, -1).lower(), _known(self.high + other.high, 1).upper())

    __radd__ = __add__

    @_between
    def __sub__(self, other: Interval) -> Interval:
        return self + (-other)

    @_between
    def __rsub__(self, other: Interval) -> Interval:
        return other + (-self)

    @_between
    def __mul__(self, other: Interval) -> Interval:
        if self.low >= 0 and other.low >= 0:
            return Interval(_times(self.low, other.low).lower(), _times(self.high, other.high).upper())
        products = [_times(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        lows, highs = [product.lower() for product in products], [product.upper() for product in products]
        return Interval(functools.reduce(_smaller, lows), functools.reduce(_larger, highs))

    __rmul__ = __mul__

    @_between
    def __truediv__(self, other: Interval) -> Interval:
        if other.low >= 0:
            return self * Interval(_one_over(other.high).lower(), _one_over(other.low).upper())
        if other.high <= 0:
            return -(self / -other)
        return Interval(-_INFINITY, _INFINITY)

    @_between
    def __rtruediv__(self, other: Interval) -> Interval:
        return other / self

    @_between
    def __gt__(self, other: Interval) -> bool | None:
        return other < self

    @_between
    def __lt__(self, other: Interval) -> bool | None:
        """Compare the insides: True or False where all pairs agree, None where they don't."""
        if self.low == self.high == other.low == other.high:
            return False
        return True if self.high <= other.low else False if self.low >= other.high else None

    @_between
    def __ge__(self, other: Interval) -> bool | None:
        return other <= self

    @_between
    def __le__(self, other: Interval) -> bool | None:
        if self.low == self.high == other.low == other.high:
            return True
        return self < other


def _lift(number: Any) -> Interval:
    return number if isinstance(number, Interval) else Interval(arb(number), arb(number))


def _smaller(a: arb, b: arb) -> arb:
    return a if a <= b else b


def _larger(a: arb, b: arb) -> arb:
    return a if a >= b else b


def _known(number: arb, side: int) -> arb:
    """Give an infinite end where infinities cancel."""
    return side * _INFINITY if number.is_nan() else number


def _times(a: arb, b: arb) -> arb:
    """Multiply ends; an end of zero stays zero beside an infinite one, since no number inside is infinite."""
    return arb(0) if a == 0 or b == 0 else a * b


def _one_over(end: arb) -> arb:
    return _INFINITY if end == 0 else arb(0) if end == _INFINITY else 1 / end


def _rising(
    function: Callable[[arb], arb], low_limit: Any, high_limit: Any, far: arb = _FAR
) -> Callable[[Interval], Interval]:
    """Make an interval function of a rising one with its limits at both infinities."""
    least, most = arb(low_limit), arb(high_limit)

    def end(x: arb, side: int) -> arb:
        if x < -far:
            return least if side < 0 else _larger(least, function(-far).upper())
        if x > far:
            return most if side > 0 else _smaller(most, function(far).lower())
        value = function(x)
        if value.is_nan():  # an end of the domain, such as the logarithm's zero
            return least if side < 0 else most
        return _larger(least, value.lower()) if side < 0 else _smaller(most, value.upper())

    return lambda x: Interval(end(x.low, -1), end(x.high, 1))


def _hill(falling: Callable[[arb], arb], top: Callable[[], arb]) -> Callable[[Interval], Interval]:
    """Make an interval function of an even one that falls towards 0 on both sides of its top at 0."""

    def function(x: Interval) -> Interval:
        size = _abs(x)
        least = arb(0) if size.high > _FAR else _larger(arb(0), falling(size.high).lower())
        most = top().upper() if size.low == 0 else falling(_smaller(size.low, _FAR)).upper()
        return Interval(least, most)

    return function


def _softplus(x: Interval) -> Interval:
    """Enclose ln(1 + exp(x)); far out it is the input and next to nothing more."""
    low, high = (end if end > _FAR else (end if end > -_FAR else -_FAR).exp().log1p() for end in (x.low, x.high))
    more = arb(2) ** -2000 if x.high > _FAR else arb(0)
    return Interval(arb(0) if x.low < -_FAR else low.lower(), (high + more).upper())


def _abs(x: Interval) -> Interval:
    if x.low >= 0:
        return x
    return -x if x.high <= 0 else Interval(arb(0), _larger((-x.low).upper(), x.high))


def _power(x: Interval, exponent: int) -> Interval:
    if exponent % 2 == 0:
        x = _abs(x)
    raised = [functools.reduce(_times, [end] * exponent, arb(1)) for end in (x.low, x.high)]
    return Interval(raised[0].lower(), raised[1].upper())


def _sign(x: Interval) -> Interval:
    if x.low == x.high == 0:
        return _lift(0)
    return _lift(1) if x.low >= 0 else _lift(-1) if x.high <= 0 else Interval(arb(-1), arb(1))


def _wave(function: Callable[[arb], arb]) -> Callable[[Interval], Interval]:
    def wave(x: Interval) -> Interval:
        if not x.high - x.low < 7:
            return Interval(arb(-1), arb(1))
        value = function(x.low.union(x.high))
        return Interval(_larger(arb(-1), value.lower()), _smaller(arb(1), value.upper()))

    return wave


def _choose(test: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    if test is None:
        return _lift(first()).hull(second())
    return first() if test else second()


def _reduced(pick: Callable[[arb, arb], arb]) -> Callable[..., Interval]:
    def pair(a: Any, b: Any) -> Interval:
        a, b = _lift(a), _lift(b)
        return Interval(pick(a.low, b.low), pick(a.high, b.high))

    return lambda *numbers: functools.reduce(pair, numbers if len(numbers) > 1 else numbers[0])


def _where(test: bool | None, first: Any, second: Any) -> Any:
    return _choose(test, lambda: first, lambda: second)


@functools.cache
def _constant(text: str) -> Interval:
    """Enclose a constant, so tightly that it serves every later precision."""
    before = ctx.prec
    ctx.prec = 4000
    try:
        return Interval.of(arb.pi() if text == "pi" else text)
    finally:
        ctx.prec = before


INTERVALS: dict[str, Any] = {
    "abs": _abs,
    "atan": _rising(lambda x: x.atan(), -2, 2, arb(2) ** 2000),
    "choose": _choose,
    "cos": _wave(lambda x: x.cos()),
    "erf": _rising(lambda x: x.erf(), -1, 1),
    "exp": _rising(lambda x: x.exp(), 0, "inf"),
    "expm1": _rising(lambda x: x.expm1(), -1, "inf"),
    "log": _rising(lambda x: x.log(), "-inf", "inf", arb(2) ** 2**40),
    "log1p": _rising(lambda x: x.log1p(), "-inf", "inf", arb(2) ** 2**40),
    "max": _reduced(_larger),
    "min": _reduced(_smaller),
    "number": _constant,
    "phi": _hill(lambda x: (-(x * x) / 2).exp() / (2 * arb.pi()).sqrt(), lambda: 1 / (2 * arb.pi()).sqrt()),
    "Phi": _rising(lambda x: (-x / arb(2).sqrt()).erfc() / 2, 0, 1),
    "pi": _constant("pi"),
    "power": _power,
    "sech": _hill(lambda x: 1 / x.cosh(), lambda: arb(1)),
    "sigmoid": _rising(lambda x: 1 / (1 + (-x).exp()), 0, 1),
    "sign": _sign,
    "sin": _wave(lambda x: x.sin()),
    "softplus": _softplus,
    "sqrt": _rising(lambda x: x.sqrt(), 0, "inf", arb(2) ** 2**40),
    "tanh": _rising(lambda x: x.tanh(), -1, 1),
    "where": _where,
}
"""A namespace for :func:`actdocs.expressions.evaluate`."""
