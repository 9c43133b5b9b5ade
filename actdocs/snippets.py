"""Code to paste: each activation in NumPy, TensorFlow, PyTorch, JAX and ONNX, made from its one definition.

Where a library has the function, the snippet calls it. Where it has none, the definition is translated into the
library's own primitives, in a form that loses neither value nor gradient to overflow. No library is imported here.
"""

from __future__ import annotations

import ast
import copy
import functools
import itertools
import re
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs.expressions import Dual, dual, evaluate
from actdocs.primitives import DOUBLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from actdocs.catalogue import Activation

__all__ = ["FRAMEWORKS", "code", "own_call", "own_name"]

FRAMEWORKS: Mapping[str, str] = {
    "numpy": "NumPy",
    "tensorflow": "TensorFlow",
    "pytorch": "PyTorch",
    "jax": "JAX",
    "onnx": "ONNX",
}
"""The title of each framework that snippets are written for."""

_WIDTH = 88


def _same(module: str, *names: str) -> dict[str, str]:
    """List functions of one argument that a module calls as the definition language does."""
    return {name: f"{module}.{name}(a)" for name in names}


# What a name of the definition language becomes; a, b and c are the arguments.
_ON_NUMBERS = {
    **_same("math", "atan", "cos", "erf", "exp", "expm1", "log", "log1p", "sin", "sqrt", "tanh"),
    "abs": "abs(a)",
    "max": "max(a, b)",
    "min": "min(a, b)",
    "sigmoid": "1 / (1 + math.exp(-a))",
    "softplus": "math.log1p(math.exp(a))",
}  # fmt: skip
_ON_ARRAYS: Mapping[str, Mapping[str, str]] = {
    "numpy": {
        **_same("np", "abs", "cos", "exp", "expm1", "log", "log1p", "sign", "sin", "sqrt", "tanh"),
        "atan": "np.arctan(a)",
        "clip": "np.clip(a, b, c)",
        "descending": "-np.sort(-a, axis=-1)",
        "erf": "special.erf(a)",
        "flag": "a.astype(x.dtype)",
        "full": "np.full_like(x, a)",
        "gumbel": "-np.log(np.random.standard_exponential(a.shape))",
        "halves": "np.split(a, 2, axis=axis)",
        "join": "np.concatenate([a, b], axis=axis)",
        "largest": "np.max(a, axis=0)",
        "log_softmax": "special.log_softmax(a, axis=axis)",
        "lower": "np.maximum(a, b)",
        "max": "np.maximum(a, b)",
        "min": "np.minimum(a, b)",
        "ones": "np.ones_like(a)",
        "phi": "np.exp(-a ** 2 / 2) / math.sqrt(2 * math.pi)",
        "Phi": "special.ndtr(a)",
        "relu": "np.maximum(a, 0)",
        "running": "np.cumsum(a, axis=-1)",
        "sech": "1 / np.cosh(a)",
        "sigmoid": "special.expit(a)",
        "softmax": "special.softmax(a, axis=axis)",
        "softplus": "np.logaddexp(0, a)",
        "top": "np.max(a, axis=-1, keepdims=True)",
        "total": "np.sum(a, axis=-1, keepdims=True)",
        "upper": "np.minimum(a, b)",
        "where": "np.where(a, b, c)",
        "zeros": "np.zeros_like(a)",
    },
    "tensorflow": {
        **_same("tf", "abs", "atan", "cos", "exp", "sigmoid", "sign", "sin", "sqrt", "tanh"),
        **_same("tf.math", "erf", "expm1", "log", "log1p", "softplus"),
        "clip": "tf.clip_by_value(a, b, c)",
        "descending": 'tf.sort(a, axis=-1, direction="DESCENDING")',
        "flag": "tf.cast(a, x.dtype)",
        "full": "a * tf.ones_like(x)",
        "gumbel": "-tf.math.log(tf.random.gamma(a.shape, 1.0))",
        "halves": "tf.split(a, 2, axis=axis)",
        "join": "tf.concat([a, b], axis=axis)",
        "largest": "tf.reduce_max(a, axis=0)",
        "log_softmax": "tf.nn.log_softmax(a, axis=axis)",
        "lower": "tf.maximum(a, b)",
        "max": "tf.maximum(a, b)",
        "min": "tf.minimum(a, b)",
        "ones": "tf.ones_like(a)",
        "phi": "tf.exp(-a ** 2 / 2) / math.sqrt(2 * math.pi)",
        "Phi": "tf.math.erfc(-a * math.sqrt(0.5)) / 2",
        "relu": "tf.nn.relu(a)",
        "running": "tf.cumsum(a, axis=-1)",
        "sech": "1 / tf.cosh(a)",
        "softmax": "tf.nn.softmax(a, axis=axis)",
        "top": "tf.reduce_max(a, axis=-1, keepdims=True)",
        "total": "tf.reduce_sum(a, axis=-1, keepdims=True)",
        "upper": "tf.minimum(a, b)",
        "where": "tf.where(a, b, c)",
        "zeros": "tf.zeros_like(a)",
    },
    "pytorch": {
        **_same("torch", "abs", "atan", "cos", "erf", "exp", "expm1", "log", "log1p", "relu"),
        **_same("torch", "sigmoid", "sign", "sin", "sqrt", "tanh"),
        "clip": "torch.clamp(a, b, c)",
        "descending": "torch.sort(a, dim=-1, descending=True).values",
        "flag": "a.to(x.dtype)",
        "full": "torch.full_like(x, a)",
        "gumbel": "-torch.log(torch.empty_like(a).exponential_())",
        "halves": "torch.chunk(a, 2, dim=axis)",
        "join": "torch.cat([a, b], dim=axis)",
        "largest": "torch.stack(a).amax(dim=0)",
        "log_softmax": "torch.log_softmax(a, dim=axis)",
        "lower": "torch.clamp(a, min=b)",
        "max": "torch.maximum(a, b)",
        "min": "torch.minimum(a, b)",
        "ones": "torch.ones_like(a)",
        "phi": "torch.exp(-a ** 2 / 2) / math.sqrt(2 * math.pi)",
        "Phi": "torch.special.ndtr(a)",
        "running": "torch.cumsum(a, dim=-1)",
        "sech": "1 / torch.cosh(a)",
        "softmax": "torch.softmax(a, dim=axis)",
        # Above its threshold PyTorch's softplus is the line; at the default of 20 double precision shows the step.
        "softplus": "torch.nn.functional.softplus(a, threshold=40)",
        "top": "torch.amax(a, dim=-1, keepdim=True)",
        "total": "torch.sum(a, dim=-1, keepdim=True)",
        "upper": "torch.clamp(a, max=b)",
        "where": "torch.where(a, b, c)",
        "zeros": "torch.zeros_like(a)",
    },
    "jax": {
        **_same("jnp", "abs", "cos", "exp", "expm1", "log", "log1p", "sign", "sin", "sqrt", "tanh"),
        **_same("jax.nn", "relu", "sigmoid", "softplus"),
        "atan": "jnp.arctan(a)",
        "clip": "jnp.clip(a, b, c)",
        "descending": "jnp.sort(a, axis=-1, descending=True)",
        "erf": "jax.scipy.special.erf(a)",
        "flag": "a.astype(x.dtype)",
        "full": "jnp.full_like(x, a)",
        "gumbel": "jax.random.gumbel(jax.random.key(0), a.shape)",
        "halves": "jnp.split(a, 2, axis=axis)",
        "join": "jnp.concatenate([a, b], axis=axis)",
        "largest": "jnp.max(jnp.stack(a), axis=0)",
        "log_softmax": "jax.nn.log_softmax(a, axis=axis)",
        "lower": "jnp.maximum(a, b)",
        "max": "jnp.maximum(a, b)",
        "min": "jnp.minimum(a, b)",
        "ones": "jnp.ones_like(a)",
        "phi": "jnp.exp(-a ** 2 / 2) / math.sqrt(2 * math.pi)",
        "Phi": "jax.scipy.special.ndtr(a)",
        "running": "jnp.cumsum(a, axis=-1)",
        "sech": "1 / jnp.cosh(a)",
        "softmax": "jax.nn.softmax(a, axis=axis)",
        "top": "jnp.max(a, axis=-1, keepdims=True)",
        "total": "jnp.sum(a, axis=-1, keepdims=True)",
        "upper": "jnp.minimum(a, b)",
        "where": "jnp.where(a, b, c)",
        "zeros": "jnp.zeros_like(a)",
    },
}  # fmt: skip

_IMPORTS = {
    "jax": "import jax",
    "jnp": "import jax.numpy as jnp",
    "keras": "import keras",
    "np": "import numpy as np",
    "tf": "import tensorflow as tf",
    "torch": "import torch",
    "special": "from scipy import special",
}

# What NumPy and SciPy have as it is, by the name of the function that it would be written out in.
_DIRECT = {"sinc": "np.sinc(x)", "sinc_derivative": "-math.pi * special.spherical_jn(1, math.pi * x)"}

# Functions along an axis, in the same language plus that of arrays; their formulas in the catalogue are for reading.
_ALONG_AN_AXIS = {
    "crelu": "join(relu(x), relu(-x))",
    "softmax": "softmax(x)",
    "log_softmax": "log_softmax(x)",
    "softmin": "softmax(-x)",
    "gumbel_softmax": "softmax((x + noise) / tau)",
    "sparsemax": """
z = x - top(x)
s = descending(z)
k = running(ones(s))
inside = k * s + 1 > running(s)
n = top(where(inside, k, 0))
tau = (total(where(inside, s, 0)) - 1) / n
relu(z - tau)""",
    "entmax15": """
z = (x - top(x)) / 2
s = descending(z)
k = running(ones(s))
mean = running(s) / k
spread = running(s ** 2) / k - mean ** 2
inside = s >= mean - sqrt(relu(1 / k - spread))
n = top(where(inside, k, 0))
mean = total(where(inside, s, 0)) / n
spread = total(where(inside, s ** 2, 0)) / n - mean ** 2
relu(z - mean + sqrt(1 / n - spread)) ** 2""",
}


def code(entry: Activation, framework: str) -> str:
    """Write the code that computes an activation, and its gradient, in one framework.

    Parameters
    ----------
    entry : Activation
        An entry of the catalogue.
    framework : str
        A key of ``FRAMEWORKS``.

    Returns
    -------
    str
        A Python script that runs alone: imports, a sample ``x``, the values ``y`` and, but for ONNX, the ``gradient``,
        wherever there is one to speak of.

    Raises
    ------
    ValueError
        If the framework is unknown.

    Examples
    --------
    >>> import actdocs
    >>> print(code(actdocs.get("sigmoid"), "pytorch"))
    import torch
    <BLANKLINE>
    x = torch.linspace(-5, 5, 11, requires_grad=True)
    y = torch.nn.functional.sigmoid(x)
    y.sum().backward()
    gradient = x.grad
    <BLANKLINE>
    """
    if framework not in FRAMEWORKS:
        raise ValueError(f"framework must be one of {', '.join(FRAMEWORKS)}, got {framework!r}")
    return _onnx(entry) if framework == "onnx" else _python(entry, framework)


def own_name(entry: Activation, framework: str) -> str | None:
    """Give the library's own function that a snippet calls.

    Parameters
    ----------
    entry : Activation
        An entry of the catalogue.
    framework : str
        A key of ``FRAMEWORKS``; for ``tensorflow``, Keras comes first.

    Returns
    -------
    str or None
        The function's full name, an operator's for ONNX; None where the snippet writes the function out.

    Examples
    --------
    >>> import actdocs
    >>> own_name(actdocs.get("mish"), "tensorflow"), own_name(actdocs.get("mish"), "numpy")
    ('keras.activations.mish', None)
    """
    if framework == "numpy":
        _, call = _function(entry, "numpy", entry.name, entry.definition)
        name = re.match(r"((?:np|special)\.\w+)\(x[),]", call)
        return name[1].replace("np.", "numpy.").replace("special.", "scipy.special.") if name else None
    library = _library(entry, framework)
    return getattr(entry.frameworks, library) if library else None


def own_call(entry: Activation, library: str) -> str:
    """Write the call of a library's own function on ``x``, the parameters at their defaults.

    Parameters
    ----------
    entry : Activation
        An entry of the catalogue.
    library : str
        A field of ``entry.frameworks`` that has a name, but for ONNX.

    Returns
    -------
    str

    Examples
    --------
    >>> import actdocs
    >>> own_call(actdocs.get("leaky_relu"), "keras")
    'keras.activations.leaky_relu(x, negative_slope=0.01)'
    """
    name = getattr(entry.frameworks, library)
    call = _expression(f"{name}({entry.frameworks.arguments.get(library, '')})")
    assert isinstance(call, ast.Call)
    given = {key: _expression(repr(value)) for key, value in entry.parameters.items()}
    call.args = [_with_names(part, given) for part in call.args]
    for keyword in call.keywords:
        keyword.value = _with_names(keyword.value, given)
        if not any(isinstance(part, ast.Name) for part in ast.walk(keyword.value)):
            keyword.value = _expression(repr(eval(_text(keyword.value))))
    if name.rpartition(".")[2][0].isupper():  # a layer: made first, then called
        return f"{_text(call)}(x)"
    if all(_free(part, frozenset("x")) for part in call.args):
        call.args.insert(0, _name("x"))
    return _text(call)


def _library(entry: Activation, framework: str) -> str | None:
    """Give the key of ``entry.frameworks`` that a snippet uses."""
    keys = ("keras", "tensorflow") if framework == "tensorflow" else (framework,)
    return next((key for key in keys if getattr(entry.frameworks, key, None)), None)


# ---------------------------------------------------------------------------------------------------------------------
# The definition, made ready


def _free(node: ast.AST, arrays: frozenset[str]) -> bool:
    """Tell whether an expression is a plain number, since it holds no array."""
    return not any(isinstance(part, ast.Name) and part.id in arrays for part in ast.walk(node))


def _about_a_word(test: ast.expr) -> bool:
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(test))


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class _Replace(ast.NodeTransformer):
    """Put another expression for each that a function picks out."""

    def __init__(self, replacement: Callable[[ast.expr], ast.expr | None]) -> None:
        self.replacement = replacement

    def visit(self, node: ast.AST) -> Any:
        found = self.replacement(node) if isinstance(node, ast.expr) else None
        return self.generic_visit(node) if found is None else found


def _replaced(node: ast.expr, replacement: Callable[[ast.expr], ast.expr | None]) -> ast.expr:
    result: ast.expr = _Replace(replacement).visit(copy.deepcopy(node))
    return result


def _with_names(node: ast.expr, given: Mapping[str, ast.expr]) -> ast.expr:
    return _replaced(node, lambda part: given.get(part.id) if isinstance(part, ast.Name) else None)


def _stable(node: ast.expr) -> ast.expr:
    """Write the primitive that is meant where a formula has a textbook form that overflows."""

    def primitive(part: ast.expr) -> ast.expr | None:
        match part:
            case ast.Call(func=ast.Name(id="log1p"), args=[ast.Call(func=ast.Name(id="exp"), args=[power])]):
                return ast.Call(_name("softplus"), [power], [])
        if ast.unparse(part) == "1 / (1 + exp(-x))":
            return _expression("sigmoid(x)")
        return None

    return _replaced(node, primitive)


def _saturated(node: ast.expr) -> ast.expr:
    """Stop exponentials inside a tanh where it is 1 anyway: their infinities would meet its vanishing slope."""
    flat = [
        part for part in ast.walk(node) if isinstance(part, ast.Call) and ast.unparse(part.func) in ("tanh", "sech")
    ]
    if not any(ast.unparse(call.args[0]).startswith("exp(") for call in flat):
        return node

    def stopped(part: ast.expr) -> ast.expr | None:
        match part:
            case ast.Call(func=ast.Name(id="exp") as exp, args=[power]):
                return ast.Call(exp, [ast.Call(_name("min"), [power, ast.Constant(20)], [])], [])
        return None

    return _replaced(node, stopped)


# Where to ask whether a branch is safe although it is not taken.
_PROBES = np.concatenate([np.linspace(-10, 10, 81), -np.geomspace(1e-3, 1e10, 53), np.geomspace(1e-3, 1e10, 53)])
_BARE = {**DOUBLE, "exp": np.exp, "expm1": np.expm1, "lower": np.maximum, "upper": np.minimum}
_BARE = {**dual(_BARE), "lower": dual(_BARE)["max"], "upper": dual(_BARE)["min"]}


class _Guard(ast.NodeTransformer):
    """Keep ``x`` in a branch's own domain, wherever that branch would spoil the gradient from outside of it.

    Frameworks compute both branches of a choice, and zero times infinity is NaN: the gradient of
    ``where(x > 0, x, exp(x) - 1)`` is lost for large ``x``.
    """

    def __init__(self, entry: Activation, framework: str) -> None:
        self.entry, self.framework = entry, framework

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> Any:
        return node  # its terms are polynomials

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        self.generic_visit(node)
        if not _about_a_word(node.test):
            taken = np.broadcast_to(self._probe(node.test, _PROBES), _PROBES.shape)
            node.body = self._kept(node.body, node.test, taken, body=True)
            node.orelse = self._kept(node.orelse, node.test, ~taken, body=False)
        return node

    def _probe(self, node: ast.expr, x: Any) -> Any:
        """Evaluate part of a definition at the default parameters, without the kernels' care for overflow."""
        with np.errstate(all="ignore"):
            text = ast.unparse(ast.fix_missing_locations(node))
            return evaluate(text, _BARE, **{**self.entry.parameters, "x": x})

    def _kept(self, branch: ast.expr, test: ast.expr, taken: Any, *, body: bool) -> ast.expr:
        """Guard one branch, if it needs it."""
        outside = _PROBES[~taken]
        answer = self._probe(branch, Dual(outside, np.ones_like(outside)))
        if not isinstance(answer, Dual) or np.all(np.isfinite(answer.value) & np.isfinite(answer.slope)):
            return branch
        x, safe = _name("x"), _expression(repr(float(min(_PROBES[taken], key=lambda number: abs(number - 1)))))
        match test:
            case ast.Compare(left=ast.Name(id="x"), ops=[ast.Gt() | ast.GtE() | ast.Lt() | ast.LtE() as than]):
                safe = test.comparators[0]
                # The minimum and maximum of JAX halve the gradient where both sides are equal.
                if self.framework != "jax":
                    side = "lower" if isinstance(than, ast.Gt | ast.GtE) is body else "upper"
                    return _with_names(branch, {"x": ast.Call(_name(side), [x, safe], [])})
        return _with_names(branch, {"x": ast.IfExp(test, x, safe) if body else ast.IfExp(test, safe, x)})


class _Ties(ast.NodeTransformer):
    """Write the minimum and maximum of ``x`` and a number as a choice, whose gradient JAX does not halve at a tie."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Let ``x`` win."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=[ast.Name(id="x") as x, other]):
                than = ast.LtE() if name == "min" else ast.GtE()
                return ast.IfExp(ast.Compare(x, [than], [other]), x, other)
        return node


def _outside_loops(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, but not into what is computed once an index."""
    yield node
    if not isinstance(node, ast.GeneratorExp):
        for child in ast.iter_child_nodes(node):
            yield from _outside_loops(child)


def _worth_a_name(node: ast.expr) -> bool:
    parts = list(ast.walk(node))
    work = [
        part
        for part in parts
        if isinstance(part, ast.IfExp) or (isinstance(part, ast.Call) and ast.unparse(part.func) != "abs")
    ]
    return bool(work) or sum(isinstance(part, ast.BinOp) for part in parts) > 2


def _named(node: ast.expr, parameters: frozenset[str]) -> list[ast.stmt]:
    """Give a name to what occurs twice; the last statement is the result."""
    spare = [name for name in "uvwst" if name not in parameters]
    arrays = frozenset(["x", *spare])
    steps: list[tuple[str, ast.expr]] = []
    for name in spare:
        places: dict[str, list[ast.expr]] = {}
        for part in itertools.chain(*map(_outside_loops, [node, *(value for _, value in steps)])):
            if isinstance(part, ast.Call | ast.BinOp | ast.IfExp) and not _free(part, arrays) and _worth_a_name(part):
                places.setdefault(ast.dump(part), []).append(part)
        repeated = [dump for dump, parts in places.items() if len(parts) > 1]
        if not repeated:
            break
        longest = max(repeated, key=len)

        def shorter(part: ast.expr, longest: str = longest, name: str = name) -> ast.expr | None:
            return _name(name) if ast.dump(part) == longest else None

        node = _replaced(node, shorter)
        steps = [(name, places[longest][0]), *((other, _replaced(value, shorter)) for other, value in steps)]
    order = {name: _name(new) for (name, _), new in zip(steps, spare, strict=False)}
    named = [(order[name].id, _with_names(value, order)) for name, value in steps]
    assigned = [ast.Assign([ast.Name(name, ast.Store())], value) for name, value in named]
    return [*assigned, ast.Return(_with_names(node, order))]


def _statements(entry: Activation, framework: str, definition: str) -> list[ast.stmt]:
    """Make the body of a function, still in the definition language."""
    if entry.elementwise:
        node = _saturated(_stable(_expression(definition)))
        if framework == "jax" and entry.smoothness:
            node = _Ties().visit(node)
        if framework != "onnx":  # whose graphs are run forwards alone
            node = _Guard(entry, framework).visit(node)
        if isinstance(node, ast.IfExp) and _about_a_word(node.test):
            branches = [_named(part, frozenset(entry.parameters)) for part in (node.body, node.orelse)]
            return [ast.If(node.test, branches[0], []), *branches[1]]
        return _named(node, frozenset(entry.parameters))
    text = _ALONG_AN_AXIS.get(entry.name)
    if text is None:  # a gated unit, whose formula is of the entries x[i] and x[i + n] of the two halves
        text = "a, b = halves(x)\n" + definition.replace("x[i]", "a").replace("x[i + n]", "b")
    *steps, last = ast.parse(text).body
    assert isinstance(last, ast.Expr)
    return [*steps, ast.Return(last.value)]


# ---------------------------------------------------------------------------------------------------------------------
# Python


class _Translate(ast.NodeTransformer):
    """Put a library's functions for those of the definition language."""

    def __init__(self, framework: str, arrays: frozenset[str]) -> None:
        self.framework, self.arrays = framework, arrays

    def fill(self, name: str, *arguments: ast.expr) -> ast.expr:
        """Fill a row of the framework's table."""
        return _with_names(_expression(_ON_ARRAYS[self.framework][name]), dict(zip("abc", arguments, strict=False)))

    def typed(self, number: ast.expr) -> ast.expr:
        """Write a number as an array that has the dtype of ``x``."""
        name = {"0": "zeros", "1": "ones"}.get(ast.unparse(number))
        return self.fill(name, _name("x")) if name else self.fill("full", number)

    def visit_Return(self, node: ast.Return) -> Any:
        assert node.value is not None
        number = _free(node.value, self.arrays)
        self.generic_visit(node)
        if number:
            node.value = self.typed(node.value)
        return node

    def visit_Name(self, node: ast.Name) -> Any:
        return _expression("math.pi") if node.id == "pi" else node

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        match node:
            case ast.BinOp(ast.BinOp(ast.Constant(1) as one, ast.Div(), below), ast.Pow(), exponent):
                return ast.BinOp(one, ast.Div(), ast.BinOp(below, ast.Pow(), exponent))
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        numbers = _free(node.body, self.arrays) and _free(node.orelse, self.arrays)
        self.generic_visit(node)
        if _about_a_word(node.test):
            return node
        if not numbers:
            return self.fill("where", node.test, node.body, node.orelse)
        if (ast.unparse(node.body), ast.unparse(node.orelse)) == ("1", "0"):
            return self.fill("flag", node.test)
        return self.fill("where", node.test, self.typed(node.body), node.orelse)

    def visit_Call(self, node: ast.Call) -> Any:
        match node:
            case ast.Call(func=ast.Name(id="len" | "range")):
                return node
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp() as loop]):
                self.generic_visit(loop)
                return self._sum(f"sum({ast.unparse(ast.ListComp(loop.elt, loop.generators))})")
            case ast.Call(func=ast.Name(id="max"), args=[ast.GeneratorExp() as loop]):
                self.generic_visit(loop)
                return self.fill("largest", ast.ListComp(loop.elt, loop.generators))
            case ast.Call(func=ast.Name(id="max" | "min"), args=[vector]) if _free(vector, self.arrays):
                return node
            case ast.Call(func=ast.Name(id=name)) if _free(node, self.arrays):
                self.generic_visit(node)
                return _with_names(_expression(_ON_NUMBERS[name]), dict(zip("abc", node.args, strict=False)))
            case ast.Call(func=ast.Name(id="max" | "min" as name), args=[first, second]):
                return self._extreme(name, first, second)
            case ast.Call(func=ast.Name(id=name)):
                self.generic_visit(node)
                return self.fill(name, *node.args)
        raise TypeError(ast.unparse(node))

    def _sum(self, text: str) -> Any:
        """Add the terms; in TensorFlow, whose gradient of ``x**0`` is NaN at 0, a polynomial's first stands outside."""
        first = re.fullmatch(r"sum\(\[(\w+)\[(\w)\] \* x \*\* \2 for \2 in range\(len\(\1\)\)\]\)", text)
        if self.framework == "tensorflow" and first:
            return _expression(f"{first[1]}[0] + {text.replace('range(', 'range(1, ')}")
        return _expression(text)

    def _extreme(self, name: str, first: ast.expr, second: ast.expr) -> Any:
        """Write a maximum or minimum by what the library has for a bound, for two bounds, or for the bound 0."""
        bound, inner = (first, second) if _free(first, self.arrays) else (second, first)
        if not _free(bound, self.arrays):
            return self.fill(name, self.visit(first), self.visit(second))
        bound = self.visit(bound)
        match inner:
            case ast.Call(func=ast.Name(id="max" | "min" as other), args=[one, two]) if other != name:
                edge, middle = (one, two) if _free(one, self.arrays) else (two, one)
                if _free(edge, self.arrays):
                    low, high = (self.visit(edge), bound) if name == "min" else (bound, self.visit(edge))
                    return self.fill("clip", self.visit(middle), low, high)
        inner = self.visit(inner)
        if name == "max" and ast.unparse(bound) == "0":
            return self.fill("relu", inner)
        return self.fill({"max": "lower", "min": "upper"}[name], inner, bound)


def _text(node: ast.AST) -> str:
    """Write code on one line, in the usual style."""
    text = ast.unparse(ast.fix_missing_locations(node)).replace("'", '"')
    return re.sub(r"(?<=\w) \*\* (?=\w+\b(?![(\[.]))", "**", text)


def _operands(node: ast.expr, indent: int) -> list[str]:
    """Split a sum or a product into lines, one for each operand with its sign."""
    sums = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    kinds = (ast.Add, ast.Sub) if sums else (ast.Mult, ast.Div)
    chain: list[tuple[ast.expr, str]] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, kinds):
        chain.insert(0, (node.right, _text(ast.BinOp(_name("_"), node.op, node.right)).removeprefix("_ ")))
        node = node.left
    chain.insert(0, (node, _text(ast.BinOp(node, kinds[0](), _name("_")))[: -len(" + _")]))
    space, lines = " " * indent, []
    for operand, text in chain:
        sign = text[: text.index(_text(operand))]
        if indent + len(text) <= _WIDTH:
            lines.append(space + text)
        elif sign.endswith("("):
            lines += [space + sign, *_operands(operand, indent + 4), f"{space})"]
        elif isinstance(operand, ast.BinOp):
            first, *rest = _operands(operand, indent)
            lines += [space + sign + first.lstrip(), *rest]
        else:
            lines += _lines(sign, operand, "", indent)
    return lines


def _lines(before: str, node: ast.expr, after: str = "", indent: int = 0) -> list[str]:
    """Write an expression between two texts, over several lines where one is too short."""
    space, line = " " * indent, before + _text(node) + after
    if indent + len(line) <= _WIDTH:
        return [space + line]
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr=attribute)):
            arguments = ", ".join(map(_text, [*node.args, *node.keywords]))
            return _lines(before, inner, f".{attribute}({arguments}){after}", indent)
        case ast.Call():
            parts = [("", part) for part in node.args] + [(f"{part.arg}=", part.value) for part in node.keywords]
            inside = itertools.chain(*(_lines(name, part, ",", indent + 4) for name, part in parts))
            return [f"{space}{before}{_text(node.func)}(", *inside, f"{space}){after}"]
        case ast.ListComp(elt=term, generators=[loop]):
            each = f"for {_text(loop.target)} in {_text(loop.iter)}"
            return [f"{space}{before}[", *_lines("", term, "", indent + 4), f"{space}    {each}", f"{space}]{after}"]
        case ast.Compare(left=left, comparators=[right]):
            sign = _text(ast.Compare(_name("_"), node.ops, [right])).removeprefix("_")
            return _lines(before, left, sign + after, indent)
        case ast.BinOp() if not before and after == ",":
            *operands, last = _operands(node, indent)
            return [*operands, f"{last},"]
        case ast.BinOp():
            return [f"{space}{before}(", *_operands(node, indent + 4), f"{space}){after}"]
    return [space + line]


def _function(entry: Activation, framework: str, name: str, definition: str) -> tuple[list[str], str]:
    """Write a function and its call; where the body is a single call itself, only that."""
    if framework == "numpy" and name in _DIRECT:
        return [], _DIRECT[name]
    body = _statements(entry, framework, definition)
    targets = [target for step in body if isinstance(step, ast.Assign) for target in step.targets]
    stored = {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    translate = _Translate(framework, frozenset({"x", *stored}))
    body = [translate.visit(step) for step in body]
    match body:
        case [ast.Return(ast.Call(args=[_, *_] as arguments) as call)] if all(
            isinstance(part, ast.Name | ast.Constant) for part in arguments
        ):
            given = {parameter: ast.Constant(value) for parameter, value in entry.parameters.items()}
            return [], _text(_with_names(call, given))
        case [ast.Return(ast.Name(id="x"))]:
            return [], "x"
    used = {part.id for step in body for part in ast.walk(step) if isinstance(part, ast.Name)}
    extra = ["noise"] if "noise" in used else []
    takes = [
        "x",
        *extra,
        *(f"{key}={_text(ast.Constant(value))}" for key, value in entry.parameters.items() if key in used),
    ]
    head = [f"def {name}({', '.join(takes)}):"]
    if len(head[0]) > _WIDTH:
        head = [f"def {name}(", *(f"    {part}," for part in takes), "):"]
    lines = itertools.chain(*(_written(step, 4) for step in body))
    return [*head, *lines], f"{name}({', '.join(['x', *extra])})"


def _written(step: ast.stmt, indent: int) -> list[str]:
    match step:
        case ast.If(test=test, body=body):
            return [
                f"{' ' * indent}if {_text(test)}:",
                *itertools.chain(*(_written(part, indent + 4) for part in body)),
            ]
        case ast.Assign(targets=[target], value=value):
            return _lines(f"{_text(target).strip('()')} = ", value, "", indent)
        case ast.Return(value=ast.expr() as value):
            return _lines("return ", value, "", indent)
    raise TypeError(ast.dump(step))


def _python(entry: Activation, framework: str) -> str:
    """Write the script for a framework of arrays."""
    library = _library(entry, framework)
    own = own_call(entry, library) if library else None
    lines, call = ([], own) if own else _function(entry, framework, entry.name, entry.definition)
    first, number = ("", 11) if entry.elementwise else ("[..., 0]", 12)
    x = {
        "numpy": f"np.linspace(-5, 5, {number})",
        "tensorflow": f"tf.linspace(-5.0, 5.0, {number})",
        "pytorch": f"torch.linspace(-5, 5, {number}{', requires_grad=True' if entry.elementwise else ''})",
        "jax": f"jnp.linspace(-5, 5, {number})",
    }[framework]
    if not entry.elementwise:
        x = f"tf.reshape({x}, (2, 6))" if framework == "tensorflow" else f"{x}.reshape(2, 6)"
        x += ".requires_grad_()" if framework == "pytorch" else ""
    sample, value = [f"x = {x}"], [f"y = {call}"]
    if "(x, noise" in call:
        sample.append(f"noise = {_text(_Translate(framework, frozenset('x')).visit(_expression('gumbel(x)')))}")
    gradient: list[str] = []
    if framework == "numpy" and entry.elementwise:
        more, slope = _function(entry, framework, f"{entry.name}_derivative", entry.derivative_definition)
        lines, gradient = [*lines, *(["", ""] if lines and more else []), *more], [f"gradient = {slope}"]
    elif entry.derivative_definition == "0":
        gradient = ["# Its gradient is zero everywhere: nothing flows back through it."]
    elif framework == "pytorch":
        gradient = [f"y{first}.sum().backward()", "gradient = x.grad"]
    elif framework == "jax":
        gradient = [f"gradient = jax.grad(lambda x: {call}{first}.sum())(x)"]
    elif framework == "tensorflow":
        target = "first" if first else "y"
        inside = [*value, *([f"first = y{first}"] if first else [])]
        value = ["with tf.GradientTape() as tape:", "    tape.watch(x)", *(f"    {line}" for line in inside)]
        gradient = [f"gradient = tape.gradient({target}, x)"]
    body = "\n".join([*lines, *(["", ""] if lines else []), *sample, *value, *gradient])
    used = {part.id for part in ast.walk(ast.parse(body)) if isinstance(part, ast.Name)}
    imports = "\n".join(line for name, line in _IMPORTS.items() if name in used)
    top = "import math\n\n" if "math" in used else ""
    gap = "\n\n\n" if lines else "\n\n"
    return f"{top}{imports}{gap}{body}\n"


# ---------------------------------------------------------------------------------------------------------------------
# ONNX

_OPSET = 13
_NEWER = {"Gelu": 20, "HardSwish": 14, "Mish": 18, "ReduceMax": 18, "Shape": 15, "Split": 18, "Swish": 24}
_INPUTS = {"Clip": ("min", "max"), "PRelu": ("slope",)}  # what an operator takes as inputs, not as attributes
_BY_NAME = {
    **{name: name.capitalize() for name in ("abs", "atan", "cos", "erf", "exp", "log", "max", "min", "relu")},
    **{name: name.capitalize() for name in ("sigmoid", "sign", "sin", "softplus", "sqrt", "tanh")},
    "where": "Where",
}  # fmt: skip
_IN_OTHER_WORDS = {
    "expm1": "tanh(a / 2) * (exp(a) + 1)",
    "log1p": "log(1 + a)",
    "phi": "exp(-a ** 2 / 2) / sqrt(2 * pi)",
    "Phi": "(1 + erf(a / sqrt(2))) / 2",
    "sech": "2 / (exp(a) + exp(-a))",
    "largest": "max(a)",
}
_BY_SIGN: Mapping[type[ast.AST], str] = {
    ast.Add: "Add",
    ast.Sub: "Sub",
    ast.Mult: "Mul",
    ast.Div: "Div",
    ast.Gt: "Greater",
    ast.GtE: "GreaterOrEqual",
    ast.Lt: "Less",
    ast.LtE: "LessOrEqual",
    ast.Eq: "Equal",
}
_NUMERALS = {
    -1.0: "minus_one",
    0.0: "zero",
    0.5: "half",
    1.0: "one",
    2.0: "two",
    3.0: "three",
    4.0: "four",
    5.0: "five",
    6.0: "six",
}


class _Graph:
    """A graph in ONNX's own text form; equal nodes are written once."""

    def __init__(self, entry: Activation) -> None:
        self.parameters = dict(entry.parameters)
        self.axis = self.parameters.get("axis", -1)
        self.constants: dict[str, str] = {}
        self.nodes: dict[str, list[str]] = {}
        self.bound: dict[str, str] = {"x": "x", "noise": "noise"}
        self.arrays = {"x", "noise"}
        self.opset = _OPSET

    def add(self, operator: str, *inputs: str, attributes: str = "", outputs: int = 1) -> list[str]:
        """Add a node; give the names of its outputs."""
        self.opset = max(self.opset, _NEWER.get(operator, 0))
        if operator == "Mul" and "one" in inputs:
            return [name for name in inputs if name != "one"] or ["one"]
        right = f"{operator}{f' <{attributes}>' if attributes else ''} ({', '.join(inputs)})"
        if right not in self.nodes:
            made = sum(map(len, self.nodes.values()))
            self.nodes[right] = [f"t{made + i + 1}" for i in range(outputs)]
        return self.nodes[right]

    def constant(self, value: float, name: str = "") -> str:
        """Name a number: after the parameter, or after itself."""
        number = float(value)
        right = f" = {{{number!r}}}"
        unnamed = [other for other in self.constants if re.fullmatch(r"c\d+", other)]
        again = [other for other in unnamed if self.constants[other].endswith(right)]
        name = name or _NUMERALS.get(number) or (again or [f"c{len(unnamed) + 1}"])[0]
        self.constants[name] = f"float {name}{right}"
        return name

    def run(self, steps: list[ast.stmt]) -> str:
        """Add the statements; give the name of the result."""
        for step in steps:
            match step:
                case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)])]):
                    halves = self.add("Split", "x", attributes=f"axis = {self.axis}, num_outputs = 2", outputs=2)
                    self.bound |= dict(zip((first, second), halves, strict=True))
                    self.arrays |= {first, second}
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.bound[name] = self.value(value)
                    self.arrays.add(name)
                case ast.Return(value=ast.expr() as value):
                    return self.value(value)
        raise TypeError(steps)

    def value(self, node: ast.expr) -> str:
        """Add what an expression needs; give the name of its value."""
        if _free(node, frozenset(self.arrays)):
            known = {name: value for name, value in self.parameters.items() if isinstance(value, int | float | tuple)}
            number = evaluate(ast.unparse(ast.fix_missing_locations(node)), DOUBLE, **known)
            return self.constant(
                number, re.sub(r"\W", "", ast.unparse(node)) if isinstance(node, ast.Name | ast.Subscript) else ""
            )
        match node:
            case ast.Name(id=name):
                return self.bound[name]
            case ast.UnaryOp(operand=part):
                return self.add("Neg", self.value(part))[0]
            case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int() as exponent)):
                if exponent < 2:
                    return self.value(base) if exponent else self.constant(1.0)
                power = self.value(base)
                return (
                    self.add("Mul", power, power)[0]
                    if exponent == 2
                    else self.add("Pow", power, self.constant(exponent))[0]
                )
            case ast.BinOp(
                left=ast.Name() as x, op=ast.Mult(), right=ast.Call(func=ast.Name(id="Phi"), args=[ast.Name() as y])
            ) if x.id == y.id:
                return self.add("Gelu", self.value(x))[0]
            case ast.BinOp(left=left, op=sign, right=right) | ast.Compare(left=left, ops=[sign], comparators=[right]):
                return self.add(_BY_SIGN[type(sign)], self.value(left), self.value(right))[0]
            case ast.IfExp(test=test, body=body, orelse=orelse) if _about_a_word(test):
                return self.value(body if eval(ast.unparse(test), self.parameters) else orelse)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.add("Where", self.value(test), self.value(body), self.value(orelse))[0]
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp() as loop]):
                terms = [self.value(term) for term in self._terms(loop)]
                return functools.reduce(lambda a, b: self.add("Add", a, b)[0], terms)
            case ast.Call(func=ast.Name(id="max"), args=[ast.GeneratorExp() as loop]):
                return self.add("Max", *(self.value(term) for term in self._terms(loop)))[0]
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(name, arguments)
        raise TypeError(ast.unparse(node))

    def call(self, name: str, arguments: list[ast.expr]) -> str:
        """Add a call of the definition language."""
        if name in _BY_NAME:
            return self.add(_BY_NAME[name], *map(self.value, arguments))[0]
        if name in _IN_OTHER_WORDS:
            return self.value(_with_names(_expression(_IN_OTHER_WORDS[name]), {"a": arguments[0]}))
        a = [self.value(part) for part in arguments]
        match name:
            case "softmax" | "log_softmax":
                return self.add({"softmax": "Softmax"}.get(name, "LogSoftmax"), *a, attributes=f"axis = {self.axis}")[0]
            case "join":
                return self.add("Concat", *a, attributes=f"axis = {self.axis}")[0]
            case "ones":
                return self.add("Add", self.add("Sub", *a, *a)[0], self.constant(1.0))[0]
            case "descending":
                return self.add("TopK", *a, self.add("Shape", *a, attributes="start = -1")[0], outputs=2)[0]
            case "running":
                self.constants["axis"] = "int64 axis = {-1}"
                return self.add("CumSum", *a, "axis")[0]
            case "top" | "total":
                return self.add({"top": "ReduceMax"}.get(name, "ReduceSum"), *a, self.last())[0]
        raise TypeError(name)

    def last(self) -> str:
        """Name the number of the last axis."""
        self.constants["last"] = "int64[1] last = {-1}"
        return "last"

    def _terms(self, loop: ast.GeneratorExp) -> list[ast.expr]:
        """Write out the terms of a sum or of a maximum, whose number the parameters fix."""
        comprehension = loop.generators[0]
        index = ast.unparse(comprehension.target)
        count = eval(ast.unparse(comprehension.iter), {"range": range, "len": len, **self.parameters})

        def folded(part: ast.expr) -> ast.expr | None:
            is_number = isinstance(part, ast.BinOp) and all(
                isinstance(leaf, ast.Constant | ast.BinOp | ast.operator) for leaf in ast.walk(part)
            )
            return ast.Constant(eval(ast.unparse(part))) if is_number else None

        return [_replaced(_with_names(loop.elt, {index: ast.Constant(k)}), folded) for k in count]

    def text(self, name: str, result: str, inputs: list[str], shape: str, shape_after: str) -> str:
        """Write the model."""
        lines = [f'<ir_version: 10, opset_import: ["": {self.opset}]>']
        lines.append(f"{name} ({', '.join(f'float[{shape}] {part}' for part in inputs)}) => (float[{shape_after}] y)")
        if self.constants:
            numbers = ", ".join(number.replace(" ", "~") for number in self.constants.values())
            numbers = "\n".join(textwrap.wrap(f"<{numbers}>", _WIDTH, subsequent_indent=" "))
            lines += numbers.replace("~", " ").splitlines()
        nodes = [f"{', '.join(names)} = {right}" for right, names in self.nodes.items()]
        # The last node gives the result.
        nodes = [re.sub(rf"\b{result}\b", "y", node) for node in nodes]
        return "\n".join([*lines, "{", *(f"    {node}" for node in nodes), "}"])


def _onnx(entry: Activation) -> str:
    """Write the script that makes a model and runs it in ONNX's reference evaluator."""
    graph = _Graph(entry)
    operator = entry.frameworks.onnx
    if operator:
        result = _own_operator(graph, entry, operator)
    else:
        result = graph.run(_statements(entry, "onnx", entry.definition))
    if result not in itertools.chain(*graph.nodes.values()):
        [result] = graph.add("Identity", result)
    inputs = ["x", *(["noise"] if "noise" in "".join(graph.nodes) else [])]
    shape, after = ("n", "n") if entry.elementwise else ("m, n", "m, k")
    model = graph.text(entry.name, result, inputs, shape, after)
    x = "np.linspace(-5, 5, 11)" if entry.elementwise else "np.linspace(-5, 5, 12).reshape(2, 6)"
    sample = [f'x = {x}.astype("float32")']
    if "noise" in inputs:
        sample.append('noise = -np.log(np.random.standard_exponential(x.shape)).astype("float32")')
    feed = ", ".join(f'"{part}": {part}' for part in inputs)
    lines = [
        "import numpy as np",
        "import onnx.parser",
        "import onnx.reference",
        "",
        f'model = onnx.parser.parse_model("""\n{model}\n""")',
        *sample,
        "evaluator = onnx.reference.ReferenceEvaluator(model)",
        f"(y,) = evaluator.run(None, {{{feed}}})",
    ]
    return "\n".join(lines) + "\n"


def _own_operator(graph: _Graph, entry: Activation, operator: str) -> str:
    """Add ONNX's own operator, the parameters at their defaults."""
    call = _expression(f"f({entry.frameworks.arguments.get('onnx', '')})")
    assert isinstance(call, ast.Call)
    given = {str(part.arg): eval(ast.unparse(part.value), dict(entry.parameters)) for part in call.keywords}
    inputs = [graph.constant(given.pop(name), name) for name in _INPUTS.get(operator, ())]
    attributes = ", ".join(f"{key} = {value!r}" for key, value in given.items()).replace("'", '"')
    return graph.add(operator, "x", *inputs, attributes=attributes)[0]
