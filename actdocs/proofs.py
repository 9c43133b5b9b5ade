r"""The facts of each activation, found and proved by programs.

One pass of branch and bound does most of the work. It cuts the line, from minus to plus :math:`2^{1024}`, beyond the
largest double, into pieces on which interval arithmetic shows that the second derivative keeps its sign. On such a
piece the derivative is monotone, so that its values at the two ends settle where it is positive, and so on down
to the function: where it rises and bends, its zeros, extrema, fixed points, range and Lipschitz constant all follow
from finitely many evaluations with known error. What can't be shown this way, in a tail or for a function that swings
for ever, is checked at sample points, and the fact says so.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from flint import arb, ctx

from actdocs.balls import BALLS
from actdocs.catalogue import get
from actdocs.expressions import Dual, dual, evaluate
from actdocs.intervals import INTERVALS, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from actdocs.catalogue import Activation

__all__ = ["KINDS", "Fact", "Kind", "check", "facts"]


class Kind(NamedTuple):
    """A kind of fact: its name in tables, and how it is established."""

    title: str
    how: str


KINDS: dict[str, Kind] = {
    "range": Kind(
        "Range",
        "Between its extrema the function is monotone, so that its extreme values are among those at extrema, at kinks "
        "and at both infinities.",
    ),
    "limits": Kind(
        "Limits", "The function is enclosed on whole rays, from a power of two to infinity, that move outwards."
    ),
    "asymptotes": Kind("Asymptotes", "Three points far out lie on the line, to twelve digits."),
    "monotone": Kind(
        "Rises and falls",
        "The derivative is monotone where the second derivative keeps its sign; its values at the ends of such a piece "
        "settle its sign on it.",
    ),
    "convex": Kind(
        "Bends",
        "Interval arithmetic encloses the second derivative; intervals are cut until the sign on each is certain. At a "
        "kink the jump of the slope decides.",
    ),
    "smoothness": Kind(
        "Smoothness",
        "Away from its joints a definition is made of analytic functions. At each joint, derivatives of both sides are "
        "compared to 180 bits until they differ.",
    ),
    "kinks": Kind(
        "Kinks",
        "Joints are found by cutting intervals until no comparison in the definition is undecided; slopes of both "
        "sides are compared there.",
    ),
    "zeros": Kind(
        "Zeros",
        "On a piece where the function is monotone, the signs at its ends tell whether it has a zero; bisection finds "
        "it.",
    ),
    "extrema": Kind(
        "Extrema", "Places where the derivative changes its sign, each in a piece where the derivative is monotone."
    ),
    "lipschitz": Kind(
        "Lipschitz constant",
        "The largest slope in absolute value: the derivative is monotone on each piece, so that it is largest at an "
        "end of one.",
    ),
    "fixed_points": Kind("Fixed points", "Zeros of the function less its input, found like zeros."),
    "saturation": Kind("Saturation", "Where the slope stays below 0.01 in absolute value, found by bisection."),
    "parity": Kind(
        "Symmetry",
        "Proved by the rules of odd and even functions where the definition shows it; else compared at 64 points to "
        "150 bits. One unequal point proves that there is none.",
    ),
    "moments": Kind(
        "Under a standard normal input", "Mean and variance by adaptive Gauss–Kronrod quadrature between joints."
    ),
    "gain": Kind(
        "Gain",
        "One over the root of the mean square of the value under a standard normal input, by the same quadrature: "
        "weights of variance gain² / inputs keep the size of signals.",
    ),
}
"""Each kind of fact in the order of the tables."""


@dataclass(frozen=True)
class Fact:
    """One fact of one activation.

    Attributes
    ----------
    kind : str
        A key of ``KINDS``.
    text : str
        The statement, in MyST Markdown.
    proved : bool
        Whether it is proved on all of ``scope``; otherwise it is checked at points or by quadrature.
    scope : str
        Empty for the whole line; else where the proof holds.
    value : object
        The same as numbers, lists and words that JSON can hold; infinities as floats.
    """

    kind: str
    text: str
    proved: bool
    scope: str = ""
    value: Any = None


class Piece(NamedTuple):
    """A stretch of the line on which an expression keeps its sign; None where it is not known to."""

    low: arb
    high: arb
    sign: int | None
    proved: bool = True


_END = arb(2) ** 1024
_EDGES = [arb(0), arb("0.0009765625"), *(arb(2) ** power for power in (-1, 0, 1, 2, 3, 4, 5, 6, 7, 10, 20, 64, 1024))]
_NARROW = arb(2) ** -44
_STEP = arb(2) ** -300  # beside a point, for a value from one side
_TINY = arb(2) ** -230
_BUDGET = 4_000


def _middle(low: arb, high: arb) -> arb:
    """Cut an interval: between powers of two where its ends are far apart."""
    if low > 0 and high > 4 * low:
        return arb(2) ** ((_exponent(low) + _exponent(high)) // 2)
    if high < 0 and low < 4 * high:
        return -_middle(-high, -low)
    return _exact((low + high) / 2)


def _exponent(number: arb) -> int:
    """Give the power of two next to an exact positive number."""
    mantissa, exponent = number.man_exp()
    return int(mantissa).bit_length() + int(exponent)


def _exact(number: arb) -> arb:
    return arb(number.mid())


def _sign(value: Interval) -> int | None:
    """Give the sign of all numbers of an interval; a zero at an end does not count."""
    if value.low >= 0:
        return 0 if value.high <= 0 else 1
    return -1 if value.high <= 0 else None


def _lifted(number: Any) -> Dual:
    return number if isinstance(number, Dual) else Dual(number, 0)


def _interval(number: Any) -> Interval:
    return number if isinstance(number, Interval) else Interval(arb(number), arb(number))


class Study:
    """All that is found out about one element-wise entry at its default parameters."""

    def __init__(self, entry: Activation) -> None:
        self.entry = entry
        self.parameters = {
            name: [Interval.of(number) for number in value]
            if isinstance(value, tuple)
            else Interval.of(value)
            if isinstance(value, float)
            else value
            for name, value in entry.parameters.items()
        }
        self._dual = dual(INTERVALS)
        self._twice = dual(self._dual)

    # Enclosures on an interval

    def value(self, x: Interval) -> Interval:
        """Enclose the function."""
        return _interval(evaluate(self.entry.definition, INTERVALS, x=x, **self.parameters))

    def slope(self, x: Interval) -> Interval:
        """Enclose the derivative."""
        return _interval(evaluate(self.entry.derivative_definition, INTERVALS, x=x, **self.parameters))

    def bend(self, x: Interval) -> Interval:
        """Enclose the second derivative."""
        result = _lifted(evaluate(self.entry.derivative_definition, self._dual, x=Dual(x, 1), **self.parameters))
        plain = _interval(result.slope)
        if _sign(plain) is not None or not x.high - x.low < 1 + abs(x.low) / 64 or x.high == x.low:
            return plain
        # The mean value theorem: on a small interval the value in the middle and a bound of the next derivative
        # enclose more tightly where terms cancel.
        middle = _exact((x.low + x.high) / 2)
        twice = Dual(Dual(x, 1), Dual(1, 0))
        third = _lifted(evaluate(self.entry.derivative_definition, self._twice, x=twice, **self.parameters)).slope
        centred = self.bend(Interval(middle, middle)) + _interval(_lifted(third).slope) * (x - middle)
        return Interval(plain.low.max(centred.low).lower(), plain.high.min(centred.high).upper())

    def residue(self, x: Interval) -> Interval:
        """Enclose the function less its input."""
        return self.value(x) - x

    def residue_slope(self, x: Interval) -> Interval:
        """Enclose the derivative of that."""
        return self.slope(x) - 1

    # Pieces

    @functools.cached_property
    def bends(self) -> list[Piece]:
        """Where the second derivative is positive, negative, zero."""
        return self._search(self.bend)

    @functools.cached_property
    def slopes(self) -> list[Piece]:
        """Where the derivative is positive, negative, zero."""
        return self._integrate(self.slope, self.bends)

    @functools.cached_property
    def signs(self) -> list[Piece]:
        """Where the function is positive, negative, zero."""
        return self._integrate(self.value, self.slopes)

    @functools.cached_property
    def residues(self) -> list[Piece]:
        """Where the function is above, below or on the diagonal."""
        return self._integrate(self.residue, self.residue_slopes)

    @functools.cached_property
    def residue_slopes(self) -> list[Piece]:
        """Where the derivative is above 1, below 1, or 1."""
        return self._integrate(self.residue_slope, self.bends)

    @functools.cached_property
    def swings(self) -> bool:
        """Tell whether the function changes its course for ever."""
        return any(piece.sign is None for piece in self.slopes + self.bends)

    @functools.cached_property
    def joints(self) -> list[arb]:
        """Find the points where the definition passes from one formula to another."""
        trail: list[bool | None] = []

        def choose(test: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
            trail.append(test)
            return INTERVALS["choose"](test, first, second)

        def compared(function: Callable[..., Any]) -> Callable[..., Any]:
            def pick(*numbers: Any) -> Any:
                parts = [_interval(number) for number in (numbers if len(numbers) > 1 else numbers[0])]
                trail.extend(a > b for a, b in itertools.combinations(parts, 2))
                return function(*parts)

            return pick

        def signed(function: Callable[[Interval], Interval]) -> Callable[[Any], Interval]:
            def pick(number: Any) -> Interval:
                trail.append(_interval(number) > 0)
                return function(_interval(number))

            return pick

        names = {**INTERVALS, "choose": choose}
        names |= {name: compared(INTERVALS[name]) for name in ("max", "min")}
        names |= {name: signed(INTERVALS[name]) for name in ("abs", "sign")}
        taken: list[list[bool | None]] = []

        def decided(x: Interval) -> Interval:
            trail.clear()
            for expression in (self.entry.definition, self.entry.derivative_definition):
                evaluate(expression, names, x=x, **self.parameters)
            taken.append(list(trail))
            return Interval(arb(-1), arb(1)) if None in trail else Interval(arb(1), arb(1))

        found: list[arb] = []
        before: list[bool | None] | None = None
        start: arb | None = None
        for box in _boxes(decided, fine=True):
            if box.sign is None:
                start = box.low if start is None else start
                continue
            if before is not None and taken[-1] != before:
                found.append(_snap(_exact((start + box.low) / 2)) if start is not None else box.low)
            before, start = taken[-1], None
        return found

    def _search(self, function: Callable[[Interval], Interval]) -> list[Piece]:
        """Cut the line into pieces by the sign of a function that intervals enclose."""
        pieces: list[Piece] = []
        cuts = [-_END, *(joint for joint in self.joints), _END]
        for low, high in itertools.pairwise(cuts):
            pieces += self._resolve(list(_boxes(function, low, high)), function)
        return pieces

    def _resolve(self, boxes: list[Piece], function: Callable[[Interval], Interval]) -> list[Piece]:
        """Join boxes of one sign; find the point in a narrow box, ask samples in a wide one."""
        joined: list[Piece] = []
        for box in boxes:
            last = joined[-1] if joined else None
            if last and last.sign == box.sign and last.proved == box.proved:
                joined[-1] = last._replace(high=box.high)
            else:
                joined.append(box)
        result: list[Piece] = []
        for place, piece in enumerate(joined):
            if piece.sign is not None:
                result.append(piece)
                continue
            narrow = piece.high - piece.low <= 64 * _NARROW * (1 + abs(piece.low))
            before = result[-1] if result else None
            after = joined[place + 1] if place + 1 < len(joined) else None
            if narrow and before and after and before.sign is not None and after.sign is not None:
                point = piece.low if before.sign == after.sign else _root(function, piece.low, piece.high)
                result[-1] = before._replace(high=point)
                joined[place + 1] = after._replace(low=point)
            else:
                result.append(_sampled(function, piece))
        return [piece for piece in result if piece.low < piece.high]

    def _integrate(self, function: Callable[[Interval], Interval], pieces: list[Piece]) -> list[Piece]:
        """Cut further by the sign of a function whose derivative keeps its sign on each piece."""
        result: list[Piece] = []
        for piece in pieces:
            low, high = (_point(function, end, side) for end, side in ((piece.low, 1), (piece.high, -1)))
            if piece.sign == 0 and piece.proved:  # a constant: an end that is a number decides
                result.append(piece._replace(sign=low if abs(piece.low) < _END else high))
            elif piece.sign is None:
                boxes = list(_boxes(function, piece.low, piece.high))
                result += self._resolve(boxes, function)
            elif low is None or high is None:
                result.append(_sampled(function, piece))
            elif low * high < 0:
                point = _root(function, piece.low, piece.high)
                result += [piece._replace(high=point, sign=low), piece._replace(low=point, sign=high)]
            else:
                # Beside its zeros, and far out in a tail, a function is too small for its ends to tell.
                inside = _sign(_at(function, _middle(piece.low, piece.high), 1)) if low == high == 0 else None
                sign = low or high or inside or 0
                result.append(piece._replace(sign=sign, proved=piece.proved and sign != 0))
        return result


def _boxes(
    function: Callable[[Interval], Interval], low: arb = -_END, high: arb = _END, fine: bool = False
) -> Iterator[Piece]:
    """Cut an interval into boxes on which a function keeps its sign, in order; None in those too small to cut."""
    edges = sorted({*(-edge for edge in _EDGES), *_EDGES}, key=_order)
    cuts = [low, *(edge for edge in edges if low < edge < high), high]
    for stretch in itertools.pairwise(cuts):
        yield from _cut(function, *stretch, fine)


def _cut(function: Callable[[Interval], Interval], low: arb, high: arb, fine: bool) -> Iterator[Piece]:
    """Cut one stretch between edges, with a budget of its own."""
    stack = [(low, high)]
    budget = _BUDGET if min(abs(low), abs(high)) < 16 else _BUDGET // 8
    while stack:
        left, right = stack.pop()
        ctx.prec = 96
        budget -= 1
        sign = _sign(function(Interval(left, right)))
        distance = left if left > 0 else -right
        if fine:
            width = arb(2) ** -60 * (distance if distance > 1 else 1)
        else:
            width = distance if distance >= 128 else distance / 4096 if distance >= 16 else _NARROW
        small = right - left <= width
        if sign is not None or small or budget < 0:
            yield Piece(left, right, sign)
            continue
        middle = _middle(left, right)
        stack += [(middle, right), (left, middle)]


def _order(number: arb) -> float:
    return math.copysign(math.inf, float(number)) if abs(number) > arb(2) ** 1023 else float(number)


def _beside(point: arb, side: int) -> Interval:
    ctx.prec = 2600
    moved = point + side * _STEP * (1 + abs(point))
    return Interval(moved, moved)


def _at(function: Callable[[Interval], Interval], point: arb, side: int) -> Interval:
    """Enclose a function's value beside a point, so close that a continuous one has its limit there."""
    x = Interval(point, point) if abs(point) >= _END else _beside(point, side)
    ctx.prec = 2600 if abs(point) > 2**60 else 1300
    return function(x)


def _point(function: Callable[[Interval], Interval], point: arb, side: int) -> int | None:
    """Give the sign of a function beside a point; numbers too small to come from anything but zero count as zero."""
    value = _at(function, point, side)
    if value.low > -_TINY and value.high < _TINY and abs(point) < _END:
        return 0
    return _sign(value)


def _root(function: Callable[[Interval], Interval], low: arb, high: arb) -> arb:
    """Find by bisection where a function changes its sign."""
    left = _point(function, low, 1) or _point(function, _exact((3 * low + high) / 4), 1)
    for _ in range(1500):
        ctx.prec = 500
        middle = _middle(low, high) if high - low > 1 + abs(low) else _exact((low + high) / 2)
        sign = _sign(function(Interval(middle, middle)))
        if sign == 0 or sign is None:
            return _snap(middle)
        low, high = (middle, high) if sign == left else (low, middle)
        if high - low < arb(2) ** -280 * (1 + abs(low)):
            break
    return _snap(_exact((low + high) / 2))


def _snap(number: arb) -> arb:
    """Take the simple fraction that a number found by bisection must be."""
    near = Fraction(float(number)).limit_denominator(1000)
    ctx.prec = 500
    exact = arb(near.numerator) / near.denominator
    close = abs(exact - number) < arb(2) ** -40 * (1 + abs(number))
    if not close:
        return number
    if near.denominator & (near.denominator - 1) == 0:
        return _exact(exact)
    return number if abs(exact - number) > arb(2) ** -56 else _exact(exact)


def _sampled(function: Callable[[Interval], Interval], piece: Piece) -> Piece:
    """Ask a function for its sign at points spread over a piece that resists proof."""
    signs: set[int | None] = set()
    low, high = (max(min(float(end), 1e15), -1e15) for end in (piece.low, piece.high))
    near, span = min(abs(low), abs(high)), abs(high - low)
    side = 1 if low >= 0 else -1
    span = min(span, 1e4)  # farther out, exponentials are out of reach even of exact numbers
    for step in range(1, 64):
        distance = near + (span * step / 64 if span < 1e3 else (1 + span) ** (step / 64) - 1)
        signs.add(_sign(_at(function, arb(side * distance), 1)))
    signs.discard(None)
    found = signs.pop() if len(signs) == 1 else None
    return piece._replace(sign=found, proved=False)


# Facts from pieces


def _latex(number: Any) -> str:
    """Write a number: exactly where it is simple, else with eight digits."""
    value = float(number)
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    near = Fraction(value).limit_denominator(64)
    if abs(float(near) - value) <= 1e-15 * max(1.0, abs(value)):
        sign = "-" if near < 0 else ""
        bottom, top = near.denominator, abs(near.numerator)
        return f"{sign}{top}" if bottom == 1 else rf"{sign}\tfrac{{{top}}}{{{bottom}}}"
    for multiple in (1, 2, 4):
        if abs(abs(value) - math.pi / multiple) < 1e-15:
            return ("-" if value < 0 else "") + (r"\pi" if multiple == 1 else rf"\tfrac{{\pi}}{{{multiple}}}")
    mantissa, _, exponent = f"{value:.8g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


class Stretch(NamedTuple):
    """An interval of the line, each end belonging to it or not."""

    low: float
    high: float
    low_included: bool
    high_included: bool

    def __str__(self) -> str:
        opening, closing = "[" if self.low_included else "(", "]" if self.high_included else ")"
        return f"${opening}{_latex(self.low)}, {_latex(self.high)}{closing}$"


def _bounded(end: Any) -> float:
    """Take the ends of the searched line for the infinities they stand for."""
    return math.copysign(math.inf, float(end)) if abs(end) >= _END else float(end)


def _listed(texts: Iterable[str], none: str = "none") -> str:
    *first, last = list(texts) or [none]
    return f"{', '.join(first)} and {last}" if first else last


def _scope(pieces: list[Piece]) -> tuple[bool, str]:
    """Say where a list of pieces is proved: everywhere, or on the stretch without a gap that is nearest to 0."""
    runs = [list(run) for good, run in itertools.groupby(pieces, lambda p: p.proved and p.sign is not None) if good]
    if not runs:
        return False, ""
    nearest = min(runs, key=lambda run: max(float(run[0].low), -float(run[-1].high), 0.0))
    low, high = nearest[0].low, nearest[-1].high
    if low == pieces[0].low and high == pieces[-1].high:
        return True, ""
    below = rf"{_latex(_bounded(low))} \le " if low > -_END else ""
    above = rf" \le {_latex(_bounded(high))}" if high < _END else ""
    return True, f"for ${below}x{above}$; checked beyond"


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Join neighbours of one sign."""
    result: list[Piece] = []
    for piece in pieces:
        if result and result[-1].sign == piece.sign:
            result[-1] = result[-1]._replace(high=piece.high, proved=result[-1].proved and piece.proved)
        else:
            result.append(piece)
    return result


class _Facts(Study):
    """The study put into words."""

    WINDOW = 10

    def limit(self, side: int) -> float:
        """Give the limit at an infinity: where values far out agree, or grow."""
        far = [_at(self.value, side * arb(2) ** power * 3 / 4, 1) for power in (61, 97, 400, 1023)]
        middles = [float(_middle_of(value)) for value in far]
        last = middles[-1]
        if self.swings and max(middles) - min(middles) > 1e-9 and not abs(last) > 1e200:
            return math.nan
        if abs(last) > 1e100:
            return math.copysign(math.inf, last) if self._steady(side) else math.nan
        if not _same(middles[-2], last):  # it grows, but slowly: as fast from step to step, and so for ever?
            gaps = [after - before for before, after in itertools.pairwise(middles)]
            return math.copysign(math.inf, last) if min(map(abs, gaps)) > 1 else math.nan
        return _tidy(last)

    def _steady(self, side: int) -> bool:
        """Tell whether a growing function grows on, rather than swings wider."""
        values = [float(_middle_of(_at(self.value, side * arb(2) ** 70 + step, 1))) for step in range(8)]
        return min(values) * max(values) > 0 and min(map(abs, values)) >= 0.5 * max(map(abs, values))

    @functools.cached_property
    def limits(self) -> tuple[float, float]:
        """Limits at both infinities."""
        return self.limit(-1), self.limit(1)

    def inside(self, pieces: list[Piece]) -> list[Piece]:
        """Keep what lies in the window for a function that swings for ever."""
        if not self.swings:
            return pieces
        end = arb(self.WINDOW)
        cut = [p._replace(low=p.low.max(-end), high=p.high.min(end)) for p in pieces if p.low < end and p.high > -end]
        return [piece for piece in cut if piece.low < piece.high]

    def window(self) -> str:
        """Say that only a window is described, where it is."""
        return f" (within $\\pm{self.WINDOW}$; it goes on like this)" if self.swings else ""

    @functools.cached_property
    def turns(self) -> list[tuple[float, float, str]]:
        """Give place, value and kind of each extremum."""
        pieces = _merged(self.inside(self.slopes))
        found = []
        for left, right in itertools.pairwise(pieces):
            word = {(-1, 1): "minimum", (1, -1): "maximum"}.get((left.sign or 0, right.sign or 0))
            if word and self._continuous(left.high):
                height = _middle_of(_at(self.value, left.high, 1))
                found.append((float(left.high), float(height) if abs(height) > _TINY else 0.0, word))
        return found

    def _sides(self, function: Callable[[Interval], Interval], point: arb) -> tuple[arb, arb]:
        return _middle_of(_at(function, point, -1)), _middle_of(_at(function, point, 1))

    def _continuous(self, point: arb) -> bool:
        return self._meets(self.value, point)

    def _meets(self, function: Callable[[Interval], Interval], point: arb) -> bool:
        """Tell whether both sides meet: their distance is nothing, or shrinks with the distance to the point."""
        left, right = self._sides(function, point)
        ctx.prec = 4000
        near = [_middle_of(function(Interval(x, x))) for x in (point - _STEP**3, point + _STEP**3)]
        return bool(abs(left - right) < arb(2) ** -200 or abs(near[1] - near[0]) < abs(left - right) / 2)

    def _closed(self, piece: Piece, function: Callable[[Interval], Interval] | None = None) -> Stretch:
        """Tell which ends belong to a stretch: those at which the function is what it is beside them."""
        ends = []
        for end, side in ((piece.low, 1), (piece.high, -1)):
            if abs(end) >= _END:
                ends.append(False)
                continue
            ctx.prec = 2600
            here = _middle_of((function or self.value)(Interval(end, end)))
            ends.append(bool(abs(here - _middle_of(_at(function or self.value, end, side))) < arb(2) ** -140))
        return Stretch(_bounded(piece.low), _bounded(piece.high), *ends)

    @functools.cached_property
    def steps(self) -> list[float]:
        """Where the value jumps."""
        return [float(joint) for joint in self.joints if not self._continuous(joint)]

    @functools.cached_property
    def bounds(self) -> tuple[float, float, bool, bool]:
        """Give infimum and supremum, and whether each is reached."""
        candidates: list[tuple[float, bool]] = []
        for piece in _merged_between(self.inside(self.slopes), self.steps):
            for end, side in ((piece.low, 1), (piece.high, -1)):
                if abs(end) >= _END:
                    limit = self.limits[0 if side == 1 else 1]
                    candidates.append((limit, piece.sign == 0))
                    continue
                value = _middle_of(_at(self.value, end, side))
                here = _middle_of(self.value(Interval(end, end)))
                candidates.append((_tidy(float(value)), bool(abs(value - here) < arb(2) ** -200)))
        # A step may put the value at a joint by itself.
        candidates += [(_tidy(float(_middle_of(self.value(Interval(j, j))))), True) for j in self.joints]
        known = [(value, attained) for value, attained in candidates if not math.isnan(value)]
        if self.swings:
            far = [float(_middle_of(_at(self.value, s * arb(2) ** 70 + k, 1))) for s in (-1, 1) for k in range(8)]
            known += [(math.copysign(math.inf, value), False) for value in far if abs(value) > 1e15]
        low, high = min(v for v, _ in known), max(v for v, _ in known)
        return (
            low,
            high,
            any(a for v, a in known if _same(v, low)) and math.isfinite(low),
            any(a for v, a in known if _same(v, high)) and math.isfinite(high),
        )

    @functools.cached_property
    def lipschitz(self) -> float:
        """Give the largest slope in absolute value."""
        if self.steps:
            return math.inf
        sizes = []
        for piece in self.inside(self.bends):
            for end, side in ((piece.low, 1), (piece.high, -1)):
                value = _at(self.slope, end, side) if abs(end) < _END else self._far_slope(-side)
                sizes.append(abs(float(_middle_of(value))))
        if self.swings:
            sizes += [abs(float(_middle_of(_at(self.slope, arb(2) ** 70 + k, 1)))) for k in range(8)]
        return math.inf if max(sizes) > 1e15 else max(sizes)

    def _far_slope(self, side: int) -> Interval:
        """Enclose the slope far out, as far as the enclosure stays narrow."""
        ctx.prec = 2600
        far, less = (self.slope(Interval(x, x)) for x in (side * arb(2) ** 1000, side * arb(2) ** 14))
        return far if far.high - far.low < 1e-9 else less

    @functools.cached_property
    def order(self) -> dict[float, int]:
        """For each joint, the number of derivatives that agree on both sides; 9 stands for all that were compared."""
        return {float(joint): self._agreement(joint) for joint in self.joints}

    def _agreement(self, joint: arb) -> int:
        ctx.prec = 2600
        names: dict[str, Any] = {**BALLS, "pi": arb.pi()}
        exact = {name: _balls(value) for name, value in self.parameters.items()}
        sides = []
        for side in (-1, 1):
            point = joint + side * _STEP
            value = arb(evaluate(self.entry.definition, names, x=point, **exact))
            space, x, derivatives = names, point, [value]
            for _ in range(4):
                space = dual(space)
                x = Dual(x, _one(x))
                result = _lifted(evaluate(self.entry.definition, space, x=x, **exact))
                derivatives.append(_innermost(result))
            sides.append(derivatives)
        for order, (left, right) in enumerate(zip(*sides, strict=True)):
            if order == 0 and self._continuous(joint):
                continue
            if not abs(left - right) < arb(2) ** -180 * (1 + abs(left)) or abs(left) > arb(2) ** 100:
                return order - 1
        return 9

    @functools.cached_property
    def kinks(self) -> tuple[float, ...]:
        """Where the slope, or the function itself, jumps."""
        return tuple(joint for joint, order in self.order.items() if order < 1)

    @functools.cached_property
    def smoothness(self) -> float:
        """Give the number of continuous derivatives."""
        worst = min(self.order.values(), default=9)
        return math.inf if worst == 9 else worst

    def roots(
        self, pieces: list[Piece], slopes: list[Piece], function: Callable[[Interval], Interval]
    ) -> list[float | Piece]:
        """Give the zeros of a function, from its signs and those of its derivative: points, and whole stretches."""
        pieces = _merged(self.inside(pieces))
        stretches = [piece for piece in pieces if piece.sign == 0 and piece.proved]
        changes = [left.high for left, right in itertools.pairwise(pieces) if {left.sign, right.sign} == {-1, 1}]
        crossed = [place for place in changes if self._meets(function, place)]
        around = [pair for pair in itertools.pairwise(self.inside(slopes)) if pair[0].sign != pair[1].sign]
        turned = [left.high for left, right in around if left.proved and right.proved]
        edges = [piece.low for piece in pieces[:1]] + [piece.high for piece in pieces[-1:]]
        places = [place for place in (*turned, *self.joints, *edges) if abs(place) < _END]
        points = {float(place) for place in (*crossed, *filter(functools.partial(self._vanishes, function), places))}
        points = {p for p in points if not any(s.low <= p <= s.high for s in stretches)}
        return sorted([*points, *stretches], key=lambda item: _bounded(item.low if isinstance(item, Piece) else item))

    @staticmethod
    def _vanishes(function: Callable[[Interval], Interval], place: arb) -> bool:
        """Tell whether a function is zero at a place known to some 280 bits."""
        ctx.prec = 2600
        value = function(Interval(place, place))
        return bool(value.low > -_TINY and value.high < _TINY)

    # One method a kind of fact

    def range(self) -> Fact:
        low, high, at_low, at_high = self.bounds
        text = f"${'[' if at_low else '('}{_latex(low)}, {_latex(high)}{']' if at_high else ')'}$"
        proved, scope = _scope(self.slopes)
        for side, limit in zip((-1, 1), self.limits, strict=True):
            if limit in (low, high) and not self._ray(side) and not scope:
                scope = r"for $|x| \le 2^{1024}$; checked beyond"
        value = {"low": low, "high": high, "low_attained": at_low, "high_attained": at_high}
        return Fact("range", text, proved and not self.swings, scope, value)

    def limits_fact(self) -> Fact:
        words = [("-", self.limits[0]), ("", self.limits[1])]
        text = ", ".join(
            rf"none for $x \to {sign}\infty$" if math.isnan(limit) else rf"${_latex(limit)}$ for $x \to {sign}\infty$"
            for sign, limit in words
        )
        return Fact("limits", text, all(map(self._ray, (-1, 1))), "", list(self.limits))

    def _ray(self, side: int) -> bool:
        """Enclose the function on rays that move outwards, and compare with the limit."""
        limit = self.limits[0 if side < 0 else 1]
        if math.isnan(limit):
            return False
        widths = []
        for power in (80, 300, 1000):
            ctx.prec = 3000
            start = side * arb(2) ** power
            ends = sorted((start, side * arb("inf")), key=float)
            value = self.value(Interval(*ends))
            if math.isinf(limit):
                widths.append(bool((value.low if limit > 0 else -value.high) > arb(2) ** (power // 2)))
            else:
                error = arb(2) ** (-power // 2 + 20)
                widths.append(
                    bool(value.low > arb(limit) - 2**-50 - error and value.high < arb(limit) + 2**-50 + error)
                )
        return all(widths)

    def asymptotes(self) -> Fact:
        lines: list[Any] = []
        for side, limit in zip((-1, 1), self.limits, strict=True):
            if math.isnan(limit):
                lines.append(None)
                continue
            lines.append(
                next(filter(None, (self._line(side, powers) for powers in ((14, 17, 19), (70, 200, 400)))), None)
            )
        text = ", ".join(
            f"{_line(line) if line else 'none'} {where}"
            for line, where in zip(lines, ("on the left", "on the right"), strict=True)
        )
        return Fact("asymptotes", text, False, "", lines)

    def _line(self, side: int, powers: tuple[int, int, int]) -> list[float] | None:
        """Give slope and intercept of a line that the function nears, if three points far out lie on it."""
        ctx.prec = 3000
        points = [side * arb(2) ** power for power in powers]
        values = [_middle_of(self.value(Interval(point, point))) for point in points]
        if not all(value.is_finite() for value in values):
            return None
        slope = (values[2] - values[0]) / (points[2] - points[0])
        rest, other = (value - slope * point for value, point in zip(values[:2], points[:2], strict=True))
        straight = abs(slope) < 2**30 and abs(rest - other) < arb(2) ** -40 * (1 + abs(rest))
        return [_tidy(float(slope)), _tidy(float(rest))] if straight else None

    def monotone(self) -> Fact:
        words = {1: "rises", -1: "falls", 0: "is constant", None: "swings"}
        pieces = _merged_between(self.inside(self.slopes), self.steps)
        return self._stretches("monotone", pieces, words, self.slopes)

    def _stretches(self, kind: str, pieces: list[Piece], words: dict[int | None, str], all_pieces: list[Piece]) -> Fact:
        stretches = [(self._closed(piece), words[piece.sign]) for piece in pieces]
        text = _listed(f"{word} on {stretch}" for stretch, word in stretches) + self.window()
        proved, scope = _scope(all_pieces if not self.swings else pieces)
        return Fact(kind, text, proved, scope, [{**stretch._asdict(), "word": word} for stretch, word in stretches])

    def convex(self) -> Fact:
        words = {1: "convex", -1: "concave", 0: "straight", None: "swings"}
        pieces: list[Piece] = []
        for piece in _merged_between(self.inside(self.bends), self.kinks):
            if pieces:
                last, joint = pieces[-1], piece.low
                before, after = self._sides(self.slope, joint)
                jump = (
                    _sign(Interval((after - before).lower(), (after - before).upper()))
                    if float(joint) in self.kinks
                    else 0
                )
                together = {last.sign, piece.sign, jump} - {0}
                if self._continuous(joint) and len(together) <= 1 and (jump != 0 or last.sign == piece.sign):
                    sign = together.pop() if together else 0
                    pieces[-1] = last._replace(high=piece.high, sign=sign, proved=last.proved and piece.proved)
                    continue
            pieces.append(piece)
        return self._stretches("convex", pieces, words, self.bends)

    def smoothness_fact(self) -> Fact:
        text = {
            -1: "jumps",
            0: "continuous, with kinks",
            math.inf: "derivatives of every order",
        }.get(self.smoothness, f"{self.smoothness:g} continuous derivative{'s' * (self.smoothness > 1)}")
        places = [place for place, order in self.order.items() if order == self.smoothness]
        if places and self.smoothness > 0:
            text += f"; the next one jumps at {_listed(f'${_latex(p)}$' for p in places)}"
        return Fact("smoothness", text, True, "", self.smoothness)

    def kinks_fact(self) -> Fact:
        rows = []
        for kink in self.kinks:
            left, right = (_tidy(float(side)) for side in self._sides(self.slope, arb(kink)))
            taken = _tidy(float(_middle_of(self.slope(Interval(arb(kink), arb(kink))))))
            step = "" if self._continuous(arb(kink)) else "the value jumps, "
            slopes = f"slope ${_latex(left)}$ before, ${_latex(right)}$ after, ${_latex(taken)}$ there by convention"
            rows.append(f"at ${_latex(kink)}$: {step}{slopes}")
        return Fact("kinks", "; ".join(rows) or "none", True, "", list(self.kinks))

    def zeros(self) -> Fact:
        return self._rooted("zeros", self.signs, self.slopes, self.value)

    def extrema(self) -> Fact:
        text = _listed(f"{word} ${_latex(y)}$ at $x = {_latex(x)}$" for x, y, word in self.turns) + self.window()
        proved, scope = _scope(self.inside(self.slopes))
        return Fact("extrema", text, proved, scope, [{"x": x, "y": y, "kind": word} for x, y, word in self.turns])

    def lipschitz_fact(self) -> Fact:
        text = "none: the slope has no bound" if math.isinf(self.lipschitz) else f"${_latex(self.lipschitz)}$"
        if math.isinf(self.lipschitz) and self.smoothness == -1:
            text = "none: the value jumps"
        proved, scope = _scope(self.bends)
        return Fact("lipschitz", text, proved and not self.swings, scope, self.lipschitz)

    def fixed_points(self) -> Fact:
        return self._rooted("fixed_points", self.residues, self.residue_slopes, self.residue)

    def _rooted(
        self, kind: str, pieces: list[Piece], slopes: list[Piece], function: Callable[[Interval], Interval]
    ) -> Fact:
        found = self.roots(pieces, slopes, function)
        stretches = [self._closed(part, function) for part in found if isinstance(part, Piece)]
        points = [part for part in found if not isinstance(part, Piece)]
        text = _listed([*(f"${_latex(point)}$" for point in points), *(f"all of {part}" for part in stretches)])
        proved, scope = _scope(self.inside(pieces))
        value = {"points": points, "stretches": [part._asdict() for part in stretches]}
        return Fact(kind, text + self.window(), proved, scope, value)

    def saturation(self) -> Fact:
        words, value = [], []
        for side, name in ((-1, "left"), (1, "right")):
            kind, place = self._flat(side)
            value.append({"side": name, "kind": kind, "place": place})
            strict, sign = ("<", r"\le") if side < 0 else (">", r"\ge")
            if kind == "hard":
                ctx.prec = 2600
                sign = sign if _sign(self.slope(Interval(arb(place), arb(place)))) == 0 else strict
                words.append(f"{name}: the slope is 0 for $x {sign} {_latex(place)}$")
            elif kind == "soft":
                words.append(f"{name}: $|f'| < 0.01$ for $x {sign} {place:.3g}$")
            else:
                words.append(f"{name}: none")
        return Fact("saturation", "; ".join(words), False, "", value)

    def _flat(self, side: int) -> tuple[str, float]:
        """Tell how the slope vanishes on one side: at once, little by little, or not at all."""
        outer = _merged_between(self.slopes, self.steps)[0 if side < 0 else -1]
        if outer.sign == 0:
            return "hard", float(outer.high if side < 0 else outer.low)
        far = [abs(float(_middle_of(_at(self.slope, side * arb(2) ** 70 + k, 1)))) for k in range(8)]
        if max(far) > 1e-9:
            return "none", math.nan
        place, step = side * 1e6, 0.0
        low, high = 0.0, 1e6
        points = [high * (low + 2 ** (-k / 8)) for k in range(200)]
        if self.swings:
            return "soft", side * self._last_steep(side)
        steep = [p for p in points if abs(float(_middle_of(_at(self.slope, arb(side * p), 1)))) >= 0.01]
        if not steep:
            return "soft", 0.0
        low, high = max(steep), max(steep) * 2 ** (1 / 8)
        for _ in range(40):
            place = (low + high) / 2
            step = abs(float(_middle_of(_at(self.slope, arb(side * place), 1))))
            low, high = (place, high) if step >= 0.01 else (low, place)
        return "soft", side * high

    def _last_steep(self, side: int) -> float:
        """Find beyond which place, to a hundredth, the slope of a swinging function stays small: sampled to 10,000."""
        x = np.arange(0, 10_000, 0.01)
        return float(x[np.abs(self.entry.derivative(side * x)) >= 0.01].max(initial=0.0)) + 0.01

    def parity(self) -> Fact:
        word = _structure(self.entry.definition, self.entry.parameters)
        word = "even" if word == "constant" else word
        if word in {"odd", "even"}:
            return Fact("parity", word, True, "", word)
        ctx.prec = 2600
        points = [_exact(arb(k * k + 1) / 37) for k in range(64)]
        pairs = [tuple(_middle_of(self.value(Interval(p, p))) for p in (-point, point)) for point in points]
        middle = float(_middle_of(self.value(Interval(arb(0), arb(0)))))
        for word, sign, shift in (("even", -1, 0.0), ("odd", 1, 0.0), ("point", 1, 2 * middle)):
            gaps = [(abs(left + sign * right - shift), abs(right) + abs(shift)) for left, right in pairs]
            if all(gap <= arb(2) ** -150 * size + _TINY**4 for gap, size in gaps):
                text = word if word != "point" else f"symmetric about the point $(0, {_latex(middle)})$"
                return Fact("parity", text, False, "", word)
        return Fact("parity", "neither odd nor even", True, "", "none")

    @functools.cached_property
    def _moments(self) -> tuple[float, float, float]:
        """Mean, mean square and mean square of the slope, for a standard normal input."""
        from scipy.integrate import quad

        def mean(function: Callable[[float], float]) -> float:
            cuts = [-40.0, *(c for c in (*self.order, -8.0, -2.0, 0.0, 2.0, 8.0) if -40 < c < 40), 40.0]
            parts = [
                quad(
                    lambda x: function(x) * math.exp(-x * x / 2) / math.sqrt(2 * math.pi), a, b, limit=200, epsabs=1e-13
                )
                for a, b in itertools.pairwise(sorted(set(cuts)))
            ]
            return math.fsum(part for part, _ in parts)

        f, d = self.entry, self.entry.derivative
        return mean(f), mean(lambda x: f(x) ** 2), mean(lambda x: d(x) ** 2)

    def moments(self) -> Fact:
        mean, square, _ = self._moments
        value = {"mean": _round(mean), "variance": _round(square - mean**2)}
        return Fact("moments", f"mean ${value['mean']:.6g}$, variance ${value['variance']:.6g}$", False, "", value)

    def gain(self) -> Fact:
        _, square, slope = self._moments
        gain = _round(1 / math.sqrt(square)) if square > 0 else math.inf
        text = f"${gain:.6g}$; the mean square of the slope is ${slope:.6g}$"
        return Fact("gain", text, False, "", gain)


def _round(number: float) -> float:
    """Drop the digits that quadrature can't carry."""
    return float(f"{number:.10g}") if abs(number) > 1e-12 else 0.0


def _middle_of(value: Interval) -> arb:
    if value.low == value.high:
        return value.low
    for end in (value.low, value.high):
        if not abs(end) < arb("inf"):
            return end
    return (value.low + value.high) / 2


def _tidy(number: float) -> float:
    """Take the simple fraction that a limit must be, and no negative zero."""
    near = float(Fraction(number).limit_denominator(64)) if math.isfinite(number) else number
    return near + 0.0 if abs(near - number) <= 1e-15 * max(1.0, abs(number)) else number


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-14, abs_tol=1e-14)


def _one(like: Any) -> Any:
    return Dual(_one(like.value), like.slope * 0) if isinstance(like, Dual) else arb(1)


def _innermost(number: Any) -> arb:
    """Give the highest derivative that nested dual numbers carry."""
    return _innermost(number.slope) if isinstance(number, Dual) else arb(number)


def _balls(value: Any) -> Any:
    if isinstance(value, Interval):
        return value.low
    return [number.low for number in value] if isinstance(value, list) else value


def _merged_between(pieces: list[Piece], cuts: Iterable[float]) -> list[Piece]:
    """Join neighbours of one sign, but not across a cut."""
    marks = set(cuts)
    result: list[Piece] = []
    for piece in pieces:
        if result and result[-1].sign == piece.sign and float(piece.low) not in marks:
            result[-1] = result[-1]._replace(high=piece.high, proved=result[-1].proved and piece.proved)
        else:
            result.append(piece)
    return result


def _line(line: list[float]) -> str:
    slope, rest = line
    if slope == 0:
        return f"$y = {_latex(rest)}$"
    factor = {1.0: "", -1.0: "-"}.get(slope, _latex(slope) + r"\,")
    more = "" if rest == 0 else f" {'+' if rest > 0 else '-'} {_latex(abs(rest))}"
    return f"$y = {factor}x{more}$"


class _Parity:
    """What is known of an expression under a change of the sign of x: odd, even, constant or nothing."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def _plus(self, other: Any) -> _Parity:
        kinds = {self.kind, _parity(other).kind}
        return _Parity(kinds.pop() if len(kinds) == 1 else "even" if kinds == {"even", "constant"} else "unknown")

    def _times(self, other: Any) -> _Parity:
        kinds = [self.kind, _parity(other).kind]
        if "unknown" in kinds:
            return _Parity("unknown")
        return _Parity("odd" if kinds.count("odd") == 1 else "constant" if set(kinds) == {"constant"} else "even")

    __add__ = __radd__ = __sub__ = __rsub__ = _plus
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _times

    def __neg__(self) -> _Parity:
        return self

    def __gt__(self, other: Any) -> None:
        return None

    __lt__ = __le__ = __ge__ = __gt__


def _parity(number: Any) -> _Parity:
    return number if isinstance(number, _Parity) else _Parity("constant")


def _applied(to_odd: str) -> Callable[[Any], _Parity]:
    """Apply a function that is odd, even or neither."""
    return lambda x: _Parity(to_odd if _parity(x).kind == "odd" else _parity(x).kind)


def _mixed(*numbers: Any) -> _Parity:
    several = [_parity(number).kind for number in (numbers if len(numbers) > 1 else numbers[0])]
    return _Parity("even" if "odd" not in several and "unknown" not in several else "unknown")


def _structure(definition: str, parameters: Iterable[str]) -> str:
    """Tell by the rules of odd and even functions what a definition is: odd, even, constant, or unknown."""
    odd = dict.fromkeys(("atan", "erf", "sign", "sin", "tanh"), _applied("odd"))
    even = dict.fromkeys(("abs", "cos", "phi", "sech"), _applied("even"))
    others = ("exp", "expm1", "log", "log1p", "Phi", "sigmoid", "softplus", "sqrt")
    names = {
        **odd,
        **even,
        **dict.fromkeys(others, _applied("unknown")),
        **dict.fromkeys(("max", "min"), _mixed),
        "choose": lambda test, first, second: _Parity("unknown"),
        "number": lambda text: _Parity("constant"),
        "pi": _Parity("constant"),
        "power": lambda x, n: functools.reduce(lambda a, b: a * b, [_parity(x)] * n, _Parity("constant")),
    }
    constants = dict.fromkeys(parameters, _Parity("constant"))
    try:
        return _parity(evaluate(definition, names, **constants, x=_Parity("odd"))).kind
    except TypeError:  # a vector of parameters has no parity
        return "unknown"


def _along_an_axis(entry: Activation) -> tuple[Fact, ...]:
    """Give what is recorded of a function along an axis, which the tests check by its Jacobian."""
    low, high, at_low, at_high = entry.bounds
    text = f"${'[' if at_low else '('}{_latex(low)}, {_latex(high)}{']' if at_high else ')'}$ for each value"
    value = {"low": low, "high": high, "low_attained": at_low, "high_attained": at_high}
    constant = f"${_latex(entry.lipschitz)}$" if math.isfinite(entry.lipschitz) else "none for every input"
    return (
        Fact("range", text, False, "", value),
        Fact("lipschitz", f"{constant} (Euclidean norm)", False, "", entry.lipschitz),
    )


@functools.lru_cache(128)
def _study(entry: Activation) -> _Facts:
    """Give what is found piece by piece, which takes some functions seconds."""
    return _Facts(entry)


def facts(entry: str | Activation) -> tuple[Fact, ...]:
    r"""Find everything that is known of an activation at its default parameters.

    Parameters
    ----------
    entry : str or Activation
        An entry of the catalogue, or its name.

    Returns
    -------
    tuple of Fact
        In the order of ``KINDS``; for a function along an axis only range and Lipschitz constant.

    Examples
    --------
    >>> found = {fact.kind: fact for fact in facts("relu")}
    >>> found["kinks"].value, found["range"].proved, found["range"].text
    ([0.0], True, '$[0, \\infty)$')
    """
    entry = get(entry)
    if not entry.elementwise:
        return _along_an_axis(entry)
    study = _study(entry)
    return (
        study.range(),
        study.limits_fact(),
        study.asymptotes(),
        study.monotone(),
        study.convex(),
        study.smoothness_fact(),
        study.kinks_fact(),
        study.zeros(),
        study.extrema(),
        study.lipschitz_fact(),
        study.fixed_points(),
        study.saturation(),
        study.parity(),
        study.moments(),
        study.gain(),
    )


def check(entry: str | Activation) -> list[str]:
    """Compare what an entry records with what is found.

    Parameters
    ----------
    entry : str or Activation
        An element-wise entry, or its name.

    Returns
    -------
    list of str
        One sentence for each recorded fact that is wrong, with the function and the fact in it.

    Raises
    ------
    TypeError
        If the function is not element-wise.

    Examples
    --------
    >>> import dataclasses
    >>> import actdocs
    >>> relu = actdocs.get("relu")
    >>> check(relu)
    []
    >>> check(dataclasses.replace(relu, lipschitz=2.0))
    ['relu: lipschitz is recorded as 2.0, but found to be 1.0']
    """
    entry = get(entry)
    if not entry.elementwise:
        raise TypeError(f"entry must be element-wise, got {entry.name}, which mixes its inputs along an axis")
    study = _study(entry)
    minima = [(x, y) for x, y, word in study.turns if word == "minimum"]
    low, falls = study.bounds[0], any(piece.sign in (-1, None) for piece in study.slopes)
    steps = [study._sides(study.value, joint) for joint in study.joints]
    falls = falls or any(after < before - arb(2) ** -200 for before, after in steps)
    lowest = [point for point in minima if _same(point[1], low)] if falls else []
    found = {
        "bounds": study.bounds,
        "limits": study.limits,
        "lipschitz": study.lipschitz,
        "monotonic": not falls,
        "kinks": study.kinks,
        "smoothness": study.smoothness,
        # A function that swings between two values is lowest everywhere and nowhere.
        "minimum": lowest[-1] if lowest and not (study.swings and len(lowest) > 2) else None,
    }
    return [
        f"{entry.name}: {name} is recorded as {_shown(recorded)}, but found to be {_shown(value)}"
        for name, value in found.items()
        if not _agree(recorded := getattr(entry, name), value)
    ]


def _shown(value: Any) -> str:
    return str(tuple(value)) if isinstance(value, tuple) else str(value)


def _agree(recorded: Any, found: Any) -> bool:
    if isinstance(recorded, tuple) and isinstance(found, tuple):
        return len(recorded) == len(found) and all(map(_agree, recorded, found))
    if recorded is None or found is None or isinstance(recorded, bool):
        return recorded is found or recorded == found
    return bool(recorded == found or (math.isnan(recorded) and math.isnan(found)) or _same(recorded, found))
