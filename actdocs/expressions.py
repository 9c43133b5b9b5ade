"""Evaluate a definition over any kind of number: arrays, tensors, balls, intervals, and dual numbers of those.

A definition is a Python expression in ``x`` and the parameters, see :mod:`actdocs.formula`. It is written in *stable
primitives*: ``expm1(x)`` where a textbook writes the exponential less one, ``sigmoid(-x)`` where it writes one
less the sigmoid. One expression then serves the page, the kernels, the proofs and the snippets.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from types import CodeType

    from numpy.typing import ArrayLike

    from actdocs.catalogue import Activation

__all__ = ["PRIMITIVES", "Dual", "dual", "evaluate", "second_derivative"]

PRIMITIVES = (
    "abs", "atan", "cos", "erf", "exp", "expm1", "log", "log1p", "max", "min", "phi", "Phi", "sech", "sigmoid", "sign",
    "sin", "softplus", "sqrt", "tanh",
)  # fmt: skip
"""The functions that a definition may call; every namespace has them, and ``choose``, ``number``, ``pi``, ``power``."""

Namespace = Mapping[str, Any]


class _Prepare(ast.NodeTransformer):
    """Let the namespace decide what numbers, powers and choices are."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return ast.Call(ast.Name("number", ast.Load()), [ast.Constant(repr(node.value))], [])
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node  # the position in a vector is no number of the arithmetic

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if not (isinstance(node.func, ast.Name) and node.func.id == "range"):  # nor are the ends of a range
            self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("power", ast.Load()), [self.visit(node.left), node.right], [])
        self.generic_visit(node)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        nothing = ast.arguments([], [], None, [], [], None, [])
        branches: list[ast.expr] = [ast.Lambda(nothing, self.visit(part)) for part in (node.body, node.orelse)]
        return ast.Call(ast.Name("choose", ast.Load()), [self.visit(node.test), *branches], [])


@functools.cache
def _compiled(expression: str) -> CodeType:
    tree = ast.fix_missing_locations(_Prepare().visit(ast.parse(expression, mode="eval")))
    return compile(tree, expression, "eval")


def evaluate(expression: str, namespace: Namespace, **values: Any) -> Any:
    """Evaluate an expression over the numbers of a namespace.

    Parameters
    ----------
    expression : str
        A definition.
    namespace : mapping of str to object
        The functions of ``PRIMITIVES``, ``number(text)`` for a constant, ``power(a, n)`` for a whole power,
        ``choose(test, first, second)`` for a condition with its two branches as functions of nothing, and ``pi``.
    **values
        What the names in the expression stand for.

    Returns
    -------
    object
        What the namespace computes with.

    Examples
    --------
    >>> from actdocs.primitives import DOUBLE
    >>> evaluate("x if x > 0 else alpha * expm1(x)", DOUBLE, x=2.0, alpha=1.0)
    2.0
    """
    known = {"__builtins__": {}, "len": len, "range": range, "sum": sum, **namespace, **values}
    return eval(_compiled(expression), known)


def checked(what: str, expression: str, parameters: Iterable[str], *, elementwise: bool) -> str:
    """Check that an expression can be evaluated, and return it.

    Parameters
    ----------
    what : str
        What the error is to call it.
    expression : str
        A definition.
    parameters : iterable of str
        The names it may use besides ``x``, ``pi`` and ``PRIMITIVES``.
    elementwise : bool
        Whether it is not a function along an axis, which may use indices and sums.

    Raises
    ------
    ValueError
        If it is no Python expression, uses another name, or has a power that is not whole.

    Examples
    --------
    >>> checked("definition", "x * tanh(x)", (), elementwise=True)
    'x * tanh(x)'
    >>> checked("definition", "tanhh(x)", (), elementwise=True)
    Traceback (most recent call last):
    ...
    ValueError: definition must be written in x, pi, abs, atan, ..., tanh, got the name tanhh in 'tanhh(x)'
    """
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, TypeError):
        raise ValueError(f"{what} must be a Python expression, got {expression!r}") from None
    if not elementwise:
        return expression
    names = ("x", "pi", *parameters, *PRIMITIVES)
    inner = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in {*names, *inner, "len", "range", "sum", "zip"}:
            raise ValueError(f"{what} must be written in {', '.join(names)}, got the name {node.id} in {expression!r}")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not _whole(node.right, inner):
            raise ValueError(f"{what}: powers must be whole numbers, got {ast.unparse(node)!r}")
    return expression


def _whole(node: ast.expr, indices: set[str]) -> bool:
    """Tell a whole number, or arithmetic with whole numbers and indices."""
    return all(
        node.id in indices if isinstance(node, ast.Name) else isinstance(node.value, int)
        for node in ast.walk(node)
        if isinstance(node, ast.Name | ast.Constant)
    )


@dataclass(frozen=True)
class Dual:
    """A number with its derivative: arithmetic on it differentiates by the chain rule (Wengert, 1964).

    Attributes
    ----------
    value, slope : object
        Numbers of the arithmetic underneath.
    """

    value: Any
    slope: Any

    __array_ufunc__ = None  # NumPy leaves arithmetic with a dual number to it

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __add__(self, other: Any) -> Dual:
        other = _lift(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        return self + (-_lift(other))

    def __rsub__(self, other: Any) -> Dual:
        return _lift(other) + (-self)

    def __mul__(self, other: Any) -> Dual:
        other = _lift(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        other = _lift(other)
        quotient = self.value / other.value
        return Dual(quotient, (self.slope - quotient * other.slope) / other.value)

    def __rtruediv__(self, other: Any) -> Dual:
        return _lift(other) / self

    def __lt__(self, other: Any) -> Any:
        return self.value < _lift(other).value

    def __le__(self, other: Any) -> Any:
        return self.value <= _lift(other).value

    def __gt__(self, other: Any) -> Any:
        return self.value > _lift(other).value

    def __ge__(self, other: Any) -> Any:
        return self.value >= _lift(other).value


def _lift(number: Any) -> Dual:
    return number if isinstance(number, Dual) else Dual(number, 0)


def dual(names: Namespace) -> dict[str, Any]:
    """Make the namespace of dual numbers over another namespace.

    Parameters
    ----------
    names : mapping of str to object
        The arithmetic underneath; it also needs ``where(test, a, b)``, which chooses between two numbers.

    Returns
    -------
    dict
        A namespace for :func:`evaluate`.

    Examples
    --------
    >>> from actdocs.primitives import DOUBLE
    >>> evaluate("x ** 3", dual(DOUBLE), x=Dual(2.0, 1.0)).slope == 12.0
    np.True_
    """
    n = names
    number, power = n["number"], n["power"]
    two_over_sqrt_pi = number("2") / n["sqrt"](n["pi"])
    rules: dict[str, Callable[[Any], Any]] = {
        "abs": lambda x: n["sign"](x),
        "atan": lambda x: number("1") / (number("1") + power(x, 2)),
        "cos": lambda x: -n["sin"](x),
        "erf": lambda x: two_over_sqrt_pi * n["exp"](-power(x, 2)),
        "exp": lambda x: n["exp"](x),
        "expm1": lambda x: n["exp"](x),
        "log": lambda x: number("1") / x,
        "log1p": lambda x: number("1") / (number("1") + x),
        "phi": lambda x: -x * n["phi"](x),
        "Phi": lambda x: n["phi"](x),
        "sech": lambda x: -n["sech"](x) * n["tanh"](x),
        "sigmoid": lambda x: n["sigmoid"](x) * n["sigmoid"](-x),
        "sign": lambda x: number("0") * x,
        "sin": lambda x: n["cos"](x),
        "softplus": lambda x: n["sigmoid"](x),
        "sqrt": lambda x: number("1") / (number("2") * n["sqrt"](x)),
        "tanh": lambda x: power(n["sech"](x), 2),
    }

    def differentiated(name: str) -> Callable[[Any], Any]:
        def function(x: Any) -> Any:
            if not isinstance(x, Dual):
                return n[name](x)
            return Dual(n[name](x.value), rules[name](x.value) * x.slope)

        return function

    def raised(x: Any, exponent: int) -> Any:
        if not isinstance(x, Dual):
            return power(x, exponent)
        return Dual(power(x.value, exponent), number(str(exponent)) * power(x.value, max(exponent - 1, 0)) * x.slope)

    def choose(test: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
        if test is True or test is False:
            return first() if test else second()
        a, b = _lift(first()), _lift(second())
        return Dual(n["where"](test, a.value, b.value), n["where"](test, a.slope, b.slope))

    def extreme(larger: bool) -> Callable[..., Any]:
        def pair(a: Any, b: Any) -> Any:
            a, b = _lift(a), _lift(b)
            return choose(a.value > b.value if larger else a.value < b.value, lambda: a, lambda: b)

        def function(*numbers: Any) -> Any:
            return functools.reduce(pair, numbers if len(numbers) > 1 else numbers[0])

        return function

    own = {"choose": choose, "power": raised, "max": extreme(True), "min": extreme(False)}
    return {**n, **{name: differentiated(name) for name in rules}, **own}


def second_derivative(entry: Activation, x: ArrayLike, **parameters: Any) -> Any:
    """Differentiate the derivative's formula once more, in double precision, for drawing.

    Parameters
    ----------
    entry : Activation
        An element-wise entry.
    x : array_like
        Real numbers of moderate size; any shape.
    **parameters
        Parameters by name.

    Returns
    -------
    ndarray
        float64, in the shape of ``x``; at a kink one of the two sides.

    Raises
    ------
    TypeError
        If the function is not element-wise.

    Examples
    --------
    >>> import actdocs
    >>> second_derivative(actdocs.get("tanh"), [0.0]) == 0.0
    array([ True])
    """
    from actdocs.primitives import DOUBLE

    numbers = np.asarray(x, dtype=np.float64)
    if not entry.elementwise:
        raise TypeError(f"entry must be element-wise, got {entry.name}, which mixes its inputs along an axis")
    names = {**entry.check(**parameters), "x": Dual(numbers, np.ones_like(numbers))}
    with np.errstate(all="ignore"):
        result = _lift(evaluate(entry.derivative_definition, dual(DOUBLE), **names))
    return np.broadcast_to(result.slope, numbers.shape).astype(np.float64)
