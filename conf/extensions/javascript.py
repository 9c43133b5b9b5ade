"""The catalogue in JavaScript: each element-wise entry with its derivatives, written from its one definition.

A definition is evaluated over terms in place of numbers (:func:`actdocs.expressions.evaluate`), its second derivative
over dual numbers of terms. Equal terms are one object, so that a value and its derivative share what they have in
common, and a choice becomes a branch. No page ever evaluates text: what is written here is a plain script.
"""

from __future__ import annotations

import functools
import json
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs.expressions import Dual, dual, evaluate
from actdocs.normal import tail_ratio
from actdocs.parameters import Choice, Number, Vector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import actdocs

# How tightly an operator binds, for parentheses.
_SUM, _PRODUCT, _SIGN, _ATOM = 1, 2, 3, 4
_TEST = 0
_OWN = ("erf", "phi", "Phi", "sech", "sigmoid", "softplus")
# Where a derivative's definition loses its digits in double precision, an expression in its place.
_SERIES = functools.reduce(lambda inner, k: f"(1 - t ** 2 / {k} * {inner})", (238, 180, 130, 88, 54, 28, 10), "1")
_STABLE_DERIVATIVES = {
    "sinc": "(cos(pi * x) - sin(pi * x) / (pi * x)) / x if abs(x) > 1 / 4 else "
    + f"-(pi ** 2 * x / 3) * {_SERIES}".replace("t", "(pi * x)"),
}
_OF_MATH = ("abs", "atan", "cos", "exp", "expm1", "log", "log1p", "max", "min", "sign", "sin", "sqrt", "tanh")


def arithmetic(operator: Callable[[Term, Term], Any]) -> Callable[[Term, Any], Any]:
    """Let an operator of terms take plain numbers too, and leave dual numbers to their own."""

    def lifted(self: Term, other: Any) -> Any:
        return operator(self, lift(other)) if isinstance(other, Term | int | float) else NotImplemented

    return lifted


# Where one exponential serves value and derivative, which most of a training's time goes into.
_ONE_EXPONENTIAL = {
    "sigmoid": ("const e = M.exp(-M.abs(x)), r = 1 / (1 + e); a[i] = x < 0 ? e * r : r; d[i] = e * r * r;"),
    "tanh": (
        "const e = M.exp(-2 * M.abs(x)); if (e > 0.3) { const t = M.tanh(x); a[i] = t; d[i] = 1 - t * t; } else { "
        "const r = 1 / (1 + e), t = (1 - e) * r; a[i] = x < 0 ? -t : t; d[i] = 4 * e * r * r; }"
    ),
}


@dataclass(frozen=True, eq=False)
class Term:
    """A piece of a formula; made by :func:`term` alone, so that equal terms are the same object.

    Attributes
    ----------
    text : str
        JavaScript, with ``{0}``, ``{1}`` … where its parts stand.
    parts : tuple of Term
        What it is made of.
    binds : int
        How tightly its operator binds.
    value : float or None
        Its number, if it is a constant.
    """

    text: str
    parts: tuple[Term, ...] = ()
    binds: int = _ATOM
    value: float | None = None

    def __neg__(self) -> Term:
        if self.value is not None:
            return constant(-self.value)
        return self.parts[0] if self.text == "-{0}" else term("-{0}", self, binds=_SIGN)

    @arithmetic
    def __add__(self, b: Term) -> Term:
        if self.value is not None and b.value is not None:
            return constant(self.value + b.value)
        if self.value == 0:
            return b
        if b.value == 0:
            return self
        return self - b.parts[0] if b.text == "-{0}" else term("{0} + {1}", self, b, binds=_SUM)

    @arithmetic
    def __radd__(self, a: Term) -> Any:
        return a + self

    @arithmetic
    def __sub__(self, b: Term) -> Term:
        if self.value is not None and b.value is not None:
            return constant(self.value - b.value)
        if self.value == 0:
            return -b
        if b.text == "M.tanh({0})" and b.parts[0] is self:  # which cancels
            return term("N.tanhshrink({0})", self)
        return self if b.value == 0 else term("{0} - {1}", self, b, binds=_SUM)

    @arithmetic
    def __rsub__(self, a: Term) -> Any:
        return a - self

    @arithmetic
    def __mul__(self, b: Term) -> Term:
        if self.value is not None and b.value is not None:
            return constant(self.value * b.value)
        if 0 in (self.value, b.value):
            return constant(0.0)
        number, other = (b, self) if b.value is not None else (self, b)
        if number.value == 1:
            return other
        return -other if number.value == -1 else term("{0} * {1}", number, other, binds=_PRODUCT)

    @arithmetic
    def __rmul__(self, a: Term) -> Any:
        return a * self

    @arithmetic
    def __truediv__(self, b: Term) -> Term:
        if self.value is not None and b.value is not None:
            return constant(self.value / b.value)
        return self if self.value == 0 or b.value == 1 else term("{0} / {1}", self, b, binds=_PRODUCT)

    @arithmetic
    def __rtruediv__(self, a: Term) -> Any:
        return a / self

    @arithmetic
    def __lt__(self, b: Term) -> Any:
        return compared("<", self, b)

    @arithmetic
    def __le__(self, b: Term) -> Any:
        return compared("<=", self, b)

    @arithmetic
    def __gt__(self, b: Term) -> Any:
        return compared(">", self, b)

    @arithmetic
    def __ge__(self, b: Term) -> Any:
        return compared(">=", self, b)


@functools.cache
def term(text: str, *parts: Term, binds: int = _ATOM, value: float | None = None) -> Term:
    """Make a term, or give the one that is like it."""
    return Term(text, parts, binds, value)


def constant(value: float) -> Term:
    """Make a number."""
    shown = json.dumps(int(value) if value == int(value) else value)
    return term(shown, binds=_SIGN if value < 0 else _ATOM, value=float(value) + 0.0)


def lift(number: Any) -> Term:
    """Take a plain number among the terms."""
    return number if isinstance(number, Term) else constant(number)


def compared(sign: str, a: Term, b: Term) -> Any:
    """Compare; two constants at once."""
    if a.value is not None and b.value is not None:
        return {"<": a.value < b.value, "<=": a.value <= b.value, ">": a.value > b.value, ">=": a.value >= b.value}[
            sign
        ]
    return term(f"{{0}} {sign} {{1}}", a, b, binds=_TEST)


def where(test: Any, first: Any, second: Any) -> Term:
    """Choose."""
    a, b = lift(first), lift(second)
    if isinstance(test, bool):
        return a if test else b
    return a if a is b else term("{0} ? {1} : {2}", test, a, b, binds=_TEST)


def power(x: Any, exponent: int) -> Term:
    """Multiply a term with itself; powers share their factors."""
    return constant(1.0) if exponent == 0 else lift(x) if exponent == 1 else power(x, exponent - 1) * x


def called(name: str) -> Callable[[Any], Any]:
    """Make the term of a function of one number."""
    owner = "N" if name in _OWN else "M"

    def function(x: Any) -> Term:
        x = lift(x)
        if name == "log1p" and x.text == "M.exp({0})":  # which would overflow
            return term("N.softplus({0})", *x.parts)
        if name in ("cos", "sin") and len(x.parts) == 2 and x.text == "{0} * {1}" and x.parts[0].value == math.pi:
            return term(f"N.{name}pi({{0}})", x.parts[1])  # exact at whole numbers
        if x.value is not None and owner == "M":
            return constant(getattr(math, {"abs": "fabs"}.get(name, name))(x.value))
        return term(f"{owner}.{name}({{0}})", x)

    return function


def extreme(name: str) -> Callable[..., Any]:
    """Make the term of the larger or the smaller of numbers, or of one sequence of them."""

    def pair(a: Any, b: Any) -> Term:
        return term(f"M.{name}({{0}}, {{1}})", lift(a), lift(b))

    return lambda *numbers: functools.reduce(pair, numbers if len(numbers) > 1 else numbers[0])


TERMS: Mapping[str, Any] = {
    **{name: called(name) for name in (*_OWN, *_OF_MATH)},
    "choose": lambda test, first, second: where(test, first(), second()),
    "max": extreme("max"),
    "min": extreme("min"),
    "number": lambda text: constant(float(text)),
    "pi": constant(math.pi),
    "power": power,
    "where": where,
}
"""The namespace in which a definition becomes a term."""

X = term("x")


class Word:
    """A parameter that is one of a few words: compared with one of them it is a test of its position."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str, words: Sequence[str]) -> None:
        self.name, self.words = name, words

    def __eq__(self, other: object) -> Any:
        return term(f"{{0}} === {self.words.index(str(other))}", term(self.name), binds=_TEST)


def parameter_names(entry: actdocs.Activation) -> list[str]:
    """Name the numbers that an entry's parameters are: one each, or one for each place of a sequence."""
    names = []
    for name, value in entry.parameters.items():
        names += [f"${name}{k}" for k in range(len(value))] if isinstance(value, tuple) else [f"${name}"]
    return names


def arguments(entry: actdocs.Activation) -> dict[str, Any]:
    """Give the terms that stand for an entry's parameters."""
    found: dict[str, Any] = {}
    for name, value in entry.parameters.items():
        domain = entry.domains[name]
        if isinstance(domain, Choice):
            found[name] = Word(f"${name}", domain.words)
        elif isinstance(value, tuple):
            found[name] = [term(f"${name}{k}") for k in range(len(value))]
        else:
            found[name] = term(f"${name}")
    return found


# ---------------------------------------------------------------------------------------------------------------------
# From terms to a script


def depends(one: Term) -> bool:
    """Tell whether a term has x in it."""
    return one is X or any(map(depends, one.parts))


def write(one: Term, names: Mapping[Term, str], around: int = _TEST, *, right: bool = False) -> str:
    """Write a term as it stands inside an operator that binds so tightly; what has a name is named."""
    if one in names:
        return names[one]
    if "?" in one.text:
        test, first, second = (write(part, names, _TEST + 1) for part in one.parts)
        text = f"{test} ? {first} : {second}"
    elif one.binds == _ATOM:
        text = one.text.format(*(write(part, names, -1) for part in one.parts))
    else:
        text = one.text.format(*(write(part, names, one.binds, right=bool(k)) for k, part in enumerate(one.parts)))
    # Of equals, the one on the right needs them: a - (b + c).
    return f"({text})" if one.binds < around or (right and one.binds == around) else text


def below(*roots: Term) -> Iterable[Term]:
    """Give all terms that some are made of, parts first, each once."""
    seen: dict[Term, None] = {}

    def visit(one: Term) -> None:
        if one not in seen:
            for part in one.parts:
                visit(part)
            seen[one] = None

    for root in roots:
        visit(root)
    return seen


def restricted(one: Term, test: Term, *, holds: bool) -> Term:
    """Take the branch that a test decides, where it is the term's own."""
    while one.text == "{0} ? {1} : {2}" and one.parts[0] is test:
        one = one.parts[1 if holds else 2]
    return one


def statements(outputs: Mapping[str, Term], known: Mapping[Term, str]) -> str:
    """Write the statements that compute some terms for one x."""
    tests = [one.parts[0] for one in outputs.values() if one.text == "{0} ? {1} : {2}"]
    if tests:
        first, second = (
            statements({name: restricted(one, tests[0], holds=holds) for name, one in outputs.items()}, known)
            for holds in (True, False)
        )
        return f"if ({write(tests[0], known)}) {{ {first} }} else {{ {second} }}"
    uses = Counter(part for one in below(*outputs.values()) for part in one.parts)
    uses.update(outputs.values())
    names, lines = dict(known), []
    for one in below(*outputs.values()):
        if one.parts and one not in names and uses[one] > 1 and one.binds != _TEST:
            text = write(one, names)
            names[one] = f"t{len(names)}"
            lines.append(f"const {names[one]} = {text};")
    return " ".join([*lines, *(f"{name} = {write(one, names)};" for name, one in outputs.items())])


def loop(entry: actdocs.Activation, outputs: Mapping[str, Term]) -> str:
    """Write a function that computes some terms for each x of an array; what has no x in it is computed once."""
    names: dict[Term, str] = {}
    before = []
    for one in below(*outputs.values()):
        if one.parts and not depends(one) and one.binds != _TEST:
            text = write(one, names)
            names[one] = f"c{len(names)}"
            before.append(f"const {names[one]} = {text};")
    # What is only a part of another constant needs no name of its own, but costs nothing either.
    given = ", ".join(parameter_names(entry))
    arrays = ", ".join(name.partition("[")[0] for name in outputs)
    body = _ONE_EXPONENTIAL.get(entry.name, "") if "d[i]" in outputs else ""
    body = body or statements(outputs, names)
    lines = [
        f"(z, {arrays}, n, [{given}]) => {{",
        *before,
        f"for (let i = 0; i < n; i++) {{ const x = z[i]; {body} }} }}",
    ]
    return " ".join(lines)


def parameters(entry: actdocs.Activation) -> list[dict[str, Any]]:
    """Describe the numbers that an entry's parameters are: their defaults, what is accepted, what a slider offers."""
    rows: list[dict[str, Any]] = []
    for name, value in entry.parameters.items():
        domain = entry.domains[name]
        if isinstance(domain, Choice):
            index = domain.words.index(value)
            ends = {"low": 0, "high": len(domain.words) - 1, "from": 0, "to": len(domain.words) - 1}
            rows.append({"name": name, "value": index, **ends, "words": domain.words})
        elif isinstance(domain, Vector):
            rows += [{"name": f"{name}[{k}]", "value": one, **reach(Number(), one)} for k, one in enumerate(value)]
        elif isinstance(domain, Number):
            most = {"most": list(entry.parameters).index(domain.most)} if domain.most else {}
            rows.append({"name": name, "value": value, **reach(domain, value), **most})
        else:
            raise TypeError(f"{entry.name}: no slider is known for {name}, which accepts {domain}")
    return rows


def reach(domain: Number, value: float) -> dict[str, Any]:
    """Give the ends of a domain, and those of a slider: about three times the default to either side."""
    size = float(f"{max(2.0, 3 * abs(value)):.1g}")
    least = max(domain.low, domain.above)
    high = min(domain.high, size)
    low = least if least > -math.inf else -size
    ends: dict[str, Any] = {"from": low + (high - low) / 100 if domain.above > -math.inf else low, "to": high}
    if least > -math.inf:
        ends["low"] = least
    if domain.high < math.inf:
        ends["high"] = domain.high
    return ends | ({"open": True} if domain.above > -math.inf else {})


def derivative_definition(entry: actdocs.Activation) -> str:
    """Give the formula of an entry's derivative that keeps its digits in double precision."""
    return _STABLE_DERIVATIVES.get(entry.name, entry.derivative_definition)


def function(entry: actdocs.Activation) -> str:
    """Write the statement that adds an entry."""
    given = arguments(entry)
    slope_definition = derivative_definition(entry)
    value = lift(evaluate(entry.definition, TERMS, x=X, **given))
    slope = lift(evaluate(slope_definition, TERMS, x=X, **given))
    bend = evaluate(slope_definition, dual(TERMS), x=Dual(X, constant(1.0)), **given)
    bend = lift(bend.slope) if isinstance(bend, Dual) else constant(0.0)
    facts: dict[str, Any] = {
        "title": entry.title,
        "family": entry.family,
        "light": entry.color,
        "dark": entry.color_dark,
        "start": entry.initialization,
        "parameters": parameters(entry),
    }
    if not facts["parameters"]:
        del facts["parameters"]
    both = loop(entry, {"a[i]": value, "d[i]": slope})
    second = loop(entry, {"s[i]": bend})
    return f"add({json.dumps(entry.name)}, {json.dumps(facts, ensure_ascii=False)}, {both}, {second});"


def tail() -> list[float]:
    r"""Fit :math:`\Phi(-t)\,e^{t^2/2}\,(t + 3)` by Chebyshev polynomials in :math:`1 - 6 / (t + 3)`, to rounding."""

    def scaled(u: Any) -> Any:
        sum_ = 6.0 / np.maximum(1.0 - u, 1e-9)
        return tail_ratio(np.maximum(sum_ - 3.0, 0.0)) * sum_

    fit = np.polynomial.chebyshev.chebinterpolate(scaled, 40)
    return [float(c) for c in fit[: np.flatnonzero(np.abs(fit) > 2e-15)[-1] + 1]]


def functions(entries: Iterable[actdocs.Activation]) -> str:
    """Write the script that adds entries to ``actdocs.functions``, after that of the numbers."""
    lines = [function(entry) for entry in entries if entry.elementwise]
    return "\n".join(
        [
            '"use strict";',
            "{",
            "const M = Math, N = actdocs.numbers, table = (actdocs.functions = {});",
            "const add = (name, facts, both, second) => {",
            "const usual = { low: -Infinity, high: Infinity, open: false };",
            "const parameters = (facts.parameters ?? []).map((one) => ({ ...usual, ...one }));",
            "table[name] = { name, ...facts, parameters, both, second };",
            "};",
            *lines,
            "}",
        ]
    )
