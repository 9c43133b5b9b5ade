"""Run every snippet and compare it with the catalogue, value and gradient."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import actdocs
from actdocs import snippets

from .truth import FORMATS

if TYPE_CHECKING:
    from actdocs import Activation

    from .libraries import NumPy

# A library may round a few dozen times on the way (units in the last place of the result, of 1 where that is larger),
# and rounding an argument moves the result as much as moving the input by a few units does.
ROUNDINGS, STEPS = 64, 16


class Known(NamedTuple):
    """What a library itself does less well: how many times more is allowed, from where to where in |x|, and why."""

    times: float
    low: float
    high: float
    reason: str


_SINGLE = "a parameter or constant is rounded to single precision on the way"
_SINC = "the gradient subtracts numbers near 1/x"
_SQUAREPLUS = "left of 0 it adds numbers that cancel"
_TANH = "the gradient multiplies the rounding of a tanh near 1 by exp(x)"
KNOWN = {
    ("celu", "tensorflow", "float32"): Known(1e6, 0, 0, "the gradient at 0 is that of both branches together"),
    ("celu", "tensorflow", "float64"): Known(1e15, 0, 0, "the gradient at 0 is that of both branches together"),
    ("gelu", "tensorflow", "float64"): Known(1e7, 0, 20, _SINGLE),
    ("hard_sigmoid", "pytorch", "float64"): Known(1e6, 0, 3, _SINGLE),
    ("leaky_relu", "tensorflow", "float64"): Known(1e7, 0, np.inf, _SINGLE),
    ("log_softmax", "onnx", "float32"): Known(np.inf, 0, np.inf, "the logarithm of a softmax that is rounded to 0"),
    ("quick_gelu", "tensorflow", "float64"): Known(1e7, 0, 20, _SINGLE),
    ("sinc", "jax", "float32"): Known(1e6, 0, 0.1, _SINC),
    ("sinc", "jax", "float64"): Known(1e6, 0, 0.1, _SINC),
    ("sinc", "pytorch", "float32"): Known(1e6, 0, 0.1, _SINC),
    ("sinc", "pytorch", "float64"): Known(1e6, 0, 0.1, _SINC),
    ("sinc", "tensorflow", "float32"): Known(np.inf, 0, 0.1, f"{_SINC}; at 0 it is NaN"),
    ("sinc", "tensorflow", "float64"): Known(np.inf, 0, 0.1, f"{_SINC}; at 0 it is NaN"),
    ("softplus", "pytorch", "float64"): Known(1e6, 20, 40, "it is the line above its threshold of 20"),
    ("squareplus", "jax", "float32"): Known(1e3, 0, np.inf, _SQUAREPLUS),
    ("squareplus", "jax", "float64"): Known(1e3, 0, np.inf, _SQUAREPLUS),
    ("squareplus", "tensorflow", "float32"): Known(1e3, 0, np.inf, _SQUAREPLUS),
    ("squareplus", "tensorflow", "float64"): Known(1e3, 0, np.inf, _SQUAREPLUS),
    ("tanhexp", "jax", "float64"): Known(10, 0, 5, _TANH),
    ("tanhexp", "tensorflow", "float64"): Known(10, 0, 5, _TANH),
}


def compare(entry: Activation, library: NumPy) -> tuple[dict[str, Any], list[str]]:
    """Run one snippet as it stands and on a grid in each precision; give what was found and what is wrong."""
    name = f"{entry.name} in {library.framework}"
    found: dict[str, Any] = {"own": snippets.own_name(entry, library.framework) is not None, "opset": None}
    code = snippets.code(entry, library.framework)
    space: dict[str, Any] = {}
    try:
        exec(compile(code, name, "exec"), space)
    except Exception as error:
        return found, [f"{name} does not run: {type(error).__name__}: {error}"]
    if library.framework == "onnx":
        found |= operators(space["model"], library)
    library.wide()
    failures = []
    # The attributes of ONNX's operators are in single precision. That comes last, since its errors are the record.
    for dtype in ("float32",) if library.framework == "onnx" else ("float64", "float32"):
        x = grid(entry, dtype)
        known = KNOWN.get((entry.name, library.framework, dtype))
        excess = []
        found |= {"value_error": None, "gradient_error": None}
        given = {"x": library.array(x, dtype)}
        if "noise" in space:
            given["noise"] = library.array(np.random.default_rng(0).gumbel(size=x.shape), dtype)
        try:
            result = run(code, given, library)
        except Exception as error:
            failures.append(f"{name}, {dtype}: {type(error).__name__}: {error}")
            continue
        for what, got in result.items():
            true, allowed = expected(entry, what, x, dtype)
            with np.errstate(invalid="ignore"):
                off = np.where((got == true) | (np.isnan(got) & np.isnan(true)), 0.0, np.abs(got - true))
                off = np.where(np.isnan(off), np.inf, off)
                found[f"{what}_error"] = float(np.nanmax(off / np.maximum(1, np.abs(true))))
            places = np.broadcast_to(np.abs(x).max(axis=-1, keepdims=True) if x.ndim > 1 else np.abs(x), off.shape)
            inside = (known.low <= places) & (places <= known.high) if known else np.zeros(off.shape, bool)
            ratio = off / allowed
            worst = np.unravel_index(np.argmax(ratio), ratio.shape)
            words = f"{what} in {dtype} at x = {x[worst[0]]}: {got[worst]!s}, not {true[worst]!s}"
            if ratio[worst] > 1:
                excess.append({"what": what, "dtype": dtype, "x": x[worst[0]].tolist(), "gave": float(got[worst])})
                excess[-1] |= {"true": float(true[worst]), "reason": known.reason if known else ""}
            if np.any(ratio > np.where(inside, known.times if known else 1, 1)):
                failures.append(f"{name}, {words} (allowed: {allowed[worst]:.2g})")
        if known and not excess:
            failures.append(f"{name}, {dtype}, agrees now: take its row out of KNOWN")
        if known:
            found.setdefault("known", []).extend(excess)
    return found, failures


def run(code: str, given: dict[str, Any], library: NumPy) -> dict[str, np.ndarray]:
    """Run a snippet with another ``x``; give values and gradient as doubles."""
    tree = ast.parse(code)
    tree.body = [
        step
        for step in tree.body
        if not (isinstance(step, ast.Assign) and isinstance(step.targets[0], ast.Name) and step.targets[0].id in given)
    ]
    if library.framework == "pytorch":
        given["x"].requires_grad_()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        exec(compile(tree, "snippet", "exec"), given)
    return {
        what: library.doubles(given[name])
        for what, name in (("value", "y"), ("gradient", "gradient"))
        if given.get(name) is not None
    }


def grid(entry: Activation, dtype: str) -> np.ndarray:
    """Cross every branch and stand on joints, away from kinks; far enough for exponentials to overflow."""
    if not entry.elementwise:
        rows = np.random.default_rng(3).normal(size=(60, 6)) * np.repeat([0.3, 2.0, 30.0], 20)[:, None]
        return rows.astype(dtype).astype(np.float64)
    sizes = np.geomspace(1e-6, 1e4, 201)
    x = np.concatenate([np.linspace(-20, 20, 1601), sizes, -sizes])
    edges = [number for value in entry.parameters.values() for number in np.ravel(value) if not isinstance(value, str)]
    # One number of points for all, since JAX compiles for each. A joint may be a parameter, or 0.
    joints = (0.0, *edges, *(-edge for edge in edges))
    x[: len(joints)] = joints
    for kink in entry.kinks:
        x = np.where(np.abs(x - kink) < 1e-3, x + 3e-3, x)
    return x.astype(dtype).astype(np.float64)


def expected(entry: Activation, what: str, x: np.ndarray, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Give the catalogue's numbers, and how far a snippet may be off."""
    eps = float(np.finfo(dtype).eps)
    if entry.elementwise:
        function = entry if what == "value" else entry.derivative
        true = function(x)
        moved = [function(x * (1 + side * STEPS * eps)) for side in (1, -1)]
        with np.errstate(invalid="ignore"):
            spread = np.maximum(*(np.abs(other - true) for other in moved))
        spread = np.where(np.isfinite(spread), spread, 0.0)
    else:
        true = entry(x)
        if what == "gradient":  # of the first value in each row
            first = np.zeros_like(true)
            first[..., 0] = 1.0
            true = entry.vjp(x, first)
        # Differences of scores, and sums along the axis.
        spread = STEPS * eps * np.broadcast_to(np.abs(x).max(axis=-1, keepdims=True), true.shape)
    beyond = np.abs(true) >= FORMATS[dtype].overflow
    true = np.where(beyond, np.copysign(np.inf, true), true)
    scale = np.maximum(1, np.abs(true))
    if entry.elementwise and what == "gradient":  # the gradient of x g(x) has the rounding of g', x times
        scale = np.maximum(scale, np.minimum(np.abs(x), 20))
    return true, ROUNDINGS * eps * scale + spread


def operators(model: Any, library: NumPy) -> dict[str, Any]:
    """Check a model; give its opset and since when its operators exist."""
    onnx = library.names["onnx"]
    onnx.checker.check_model(model, full_check=True)
    history: dict[str, list[int]] = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain == "":
            history.setdefault(schema.name, []).append(schema.since_version)
    names = sorted({node.op_type for node in model.graph.node})
    return {
        "opset": model.opset_import[0].version,
        "operators": {name: {"since": min(history[name]), "changed": max(history[name])} for name in names},
    }


def agreement(library: NumPy) -> dict[str, Any]:
    """Compare every entry's snippet."""
    table, failures = {}, []
    for entry in actdocs.catalogue():
        table[entry.name], wrong = compare(entry, library)
        failures += wrong
    return {"snippets": table, "failures": failures}
