"""The truth to measure against: the catalogue's textbook formulas in ball arithmetic.

Nothing here shares code with the kernels: an expression is evaluated as it stands, at whatever precision its
cancellations need, and each answer comes with a proven error bound (Johansson, 2017).
"""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING

import numpy as np
from flint import arb, ctx

from actdocs.parameters import Choice, Number

if TYPE_CHECKING:
    from actdocs import Activation

FUNCTIONS = {
    "exp": lambda x: arb(x).exp(),
    "log": lambda x: arb(x).log(),
    "sqrt": lambda x: arb(x).sqrt(),
    "tanh": lambda x: arb(x).tanh(),
    "abs": lambda x: abs(arb(x)),
    "sigmoid": lambda x: 1 / (1 + (-arb(x)).exp()),
    "softplus": lambda x: (1 + arb(x).exp()).log(),
    "Phi": lambda x: (-arb(x) / arb(2).sqrt()).erfc() / 2,
    "phi": lambda x: (-(arb(x) ** 2) / 2).exp() / (2 * arb.pi()).sqrt(),
    "max": lambda a, b: a if a > b else b,
    "min": lambda a, b: a if a < b else b,
}


class _Exact(ast.NodeTransformer):
    """Read 0.1 as one tenth, not as the nearest double, and pi at the precision of the moment."""

    def visit_Constant(self, node):
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            return ast.parse(f"arb('{node.value!r}')", mode="eval").body
        return node

    def visit_BinOp(self, node):
        # A whole power is a product: arb's own power knows none of a ball around zero.
        if isinstance(node.op, ast.Pow):
            factors = [self.visit(node.left)] * node.right.value
            return functools.reduce(lambda a, b: ast.BinOp(a, ast.Mult(), b), factors)
        return self.generic_visit(node)

    def visit_Name(self, node):
        return ast.parse("arb.pi()", mode="eval").body if node.id == "pi" else node


@functools.cache
def _compiled(expression: str):
    tree = ast.fix_missing_locations(_Exact().visit(ast.parse(expression, mode="eval")))
    return compile(tree, expression, "eval")


def ball(expression: str, **names) -> arb:
    """Enclose a formula's value, to 70 bits or far below the smallest double; floats are taken exactly."""
    code, precision = _compiled(expression), 96
    while True:
        ctx.prec = precision
        exact = {name: arb(value) if isinstance(value, float) else value for name, value in names.items()}
        value = arb(eval(code, {**FUNCTIONS, "arb": arb, **exact}))
        negligible = arb(0, "1e-400").contains(value)
        if value.is_exact() or value.rel_accuracy_bits() >= 70 or negligible:
            return value
        precision *= 2
        assert precision < 100_000, (expression, names)


def slope(definition: str, x: float, **parameters) -> arb:
    """Differentiate a formula: a central difference at 600 bits, good to about 35 digits away from kinks."""
    code = _compiled(definition)
    ctx.prec = 600
    exact = {name: arb(value) if isinstance(value, float) else value for name, value in parameters.items()}
    step = arb(2) ** -64
    ends = [arb(eval(code, {**FUNCTIONS, "arb": arb, "x": arb(x) + side * step, **exact})) for side in (1, -1)]
    return (ends[0] - ends[1]) / (2 * step)


def softmax_ball(definition: str, scores: list[float]) -> list[arb]:
    """Enclose each entry of a function along an axis."""
    exact = [arb(score) for score in scores]
    return [ball(definition, x=exact, i=i, indices=range(len(scores))) for i in range(len(scores))]


def variants(entry: Activation) -> list[dict]:
    """List settings that reach every branch of an entry: its defaults, each word, and some other numbers."""
    settings = [dict(entry.parameters)]
    for name, domain in entry.domains.items():
        if isinstance(domain, Choice):
            others = domain.words
        elif isinstance(domain, Number):
            others = [value for value in (-0.3, 0.0, 0.3, 1.702) if domain.low <= value <= domain.high]
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
