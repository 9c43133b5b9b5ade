"""The truth to measure against: the catalogue's textbook formulas in ball arithmetic.

Nothing here shares code with the kernels: an expression is evaluated as it stands, at whatever precision its
cancellations need, and each answer comes with a proven error bound (Johansson, 2017).
"""

from __future__ import annotations

import ast
import functools

import numpy as np
from flint import arb, ctx

FUNCTIONS = {
    "exp": lambda x: arb(x).exp(),
    "log": lambda x: arb(x).log(),
    "sqrt": lambda x: arb(x).sqrt(),
    "tanh": lambda x: arb(x).tanh(),
    "abs": lambda x: abs(arb(x)),
    "sigmoid": lambda x: 1 / (1 + (-arb(x)).exp()),
    "softplus": lambda x: (1 + arb(x).exp()).log(),
    "Phi": lambda x: (-arb(x) / arb(2).sqrt()).erfc() / 2,
    "phi": lambda x: (-arb(x) ** 2 / 2).exp() / (2 * arb.pi()).sqrt(),
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


def ball(expression: str, x: float, **parameters) -> arb:
    """Enclose a formula's value at a double, to 70 bits or far below the smallest double."""
    code, precision = _compiled(expression), 96
    while True:
        ctx.prec = precision
        exact = {name: arb(value) if isinstance(value, float) else value for name, value in parameters.items()}
        value = eval(code, {**FUNCTIONS, "arb": arb}, {"x": arb(float(x)), **exact})
        value = arb(value)
        negligible = arb(0, "1e-400").contains(value)
        if value.is_exact() or value.rel_accuracy_bits() >= 70 or negligible:
            return value
        precision *= 2
        assert precision < 100_000, (expression, x)


def ulps(computed: np.ndarray, truth: list[arb]) -> np.ndarray:
    """Give the distance to the truth in units in the last place of the dtype of ``computed``."""
    limits = np.finfo(computed.dtype)
    errors = np.empty(computed.shape)
    for i, (value, true) in enumerate(zip(computed.tolist(), truth, strict=True)):
        nearest = float(true.mid())
        if not np.isfinite(value):
            # An infinite answer is right where the truth would round to it.
            errors[i] = 0.0 if abs(nearest) > float(limits.max) * (1 + limits.eps / 4) else np.inf
            continue
        with np.errstate(over="ignore"):
            spacing = float(np.spacing(computed.dtype.type(min(abs(nearest), float(limits.max)))))
        errors[i] = abs(float(((arb(value) - true) / arb(spacing)).mid()))
    return errors
