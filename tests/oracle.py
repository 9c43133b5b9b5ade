"""What tests measure against: ball arithmetic by :mod:`actdocs.balls`, and the settings and distances they share."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING

import numpy as np
from flint import arb, ctx

from actdocs.balls import at, ball
from actdocs.expressions import PRIMITIVES
from actdocs.parameters import Choice, Number

if TYPE_CHECKING:
    from collections.abc import Callable

    from actdocs import Activation


def slope(definition: str, x: float, **parameters) -> arb:
    """Differentiate a formula: a central difference at 600 bits, good to about 35 digits away from kinks."""
    ctx.prec = 600
    step = arb(2) ** -64
    ends = [at(definition, x=arb(x) + side * step, **parameters) for side in (1, -1)]
    return (ends[0] - ends[1]) / (2 * step)


def parts(entry: Activation) -> int:
    """Say of how many parts the input of a function along an axis is made."""
    return entry.domains["axis"].parts


def explicit(entry: Activation) -> bool:
    """Tell whether a formula names nothing beyond its input; a threshold or noise is worked out elsewhere."""
    names = {node.id for node in ast.walk(ast.parse(entry.definition)) if isinstance(node, ast.Name)}
    return names <= {*"xijkn", "indices", "len", "range", "sum", *PRIMITIVES, *entry.parameters}


def along_an_axis(entry: Activation, x: np.ndarray) -> Callable[..., arb]:
    """Prepare to enclose formulas of an entry at x, given indices.

    In a formula, n is the length of one part of the input, and p what softmax and its like give.
    """
    p = np.exp(entry(x)) if entry.name.startswith("log") else entry(x)
    delta = {(i, j): int(i == j) for i in range(len(p)) for j in range(len(x))}
    exact = {"x": [arb(number) for number in x.tolist()], "p": [arb(number) for number in p.tolist()]}
    names = {**entry.parameters, **exact, "n": len(x) // parts(entry), "indices": range(len(x)), "delta": delta}
    return functools.partial(ball, **names)


def _accepts(entry: Activation, name: str, value: float) -> bool:
    try:
        entry.check(**{name: value})
    except ValueError:
        return False
    return True


def variants(entry: Activation) -> list[dict]:
    """List settings that reach every branch of an entry: its defaults, each word, and some other numbers."""
    settings = [dict(entry.parameters)]
    for name, domain in entry.domains.items():
        if isinstance(domain, Choice):
            others = domain.words
        elif isinstance(domain, Number):
            others = [value for value in (-0.3, 0.0, 0.3, 1.702) if _accepts(entry, name, value)]
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
