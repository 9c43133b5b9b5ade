"""Run every snippet and compare it with the catalogue, value and gradient."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, Any

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

# What a library itself does less well: how much more is allowed, and why. A row that is not needed fails, too.
KNOWN: dict[tuple[str, str, str], tuple[float, str]] = {
    ("hard_sigmoid", "pytorch", "float64"): (1e6, "its gradient of 1/6 is in single precision"),
    ("log_softmax", "onnx", "float32"): (np.inf, "the evaluator takes the logarithm of a softmax that is 0"),
    ("sinc", "jax", "float32"): (1e6, "its gradient subtracts numbers near 1/x"),
    ("sinc", "jax", "float64"): (1e6, "its gradient subtracts numbers near 1/x"),
    ("sinc", "pytorch", "float32"): (1e6, "its gradient subtracts numbers near 1/x"),
    ("sinc", "pytorch", "float64"): (1e6, "its gradient subtracts numbers near 1/x"),
    ("softplus", "pytorch", "float64"): (1e6, "it is the line above its threshold of 20"),
    ("squareplus", "jax", "float32"): (1e3, "it adds numbers that cancel, left of 0"),
    ("squareplus", "jax", "float64"): (1e3, "it adds numbers that cancel, left of 0"),
    ("tanhexp", "jax", "float64"): (10, "the tanh of the compiler is some units off, and the gradient multiplies by exp(x)"),
}


def compare(entry: Activation, library: NumPy) -> tuple[dict[str, Any], list[str]]:
    """Run one snippet as it stands and on a grid in each precision; give what was found and what is wrong."""
    found: dict[str, Any] = {"own": snippets.own_name(entry, library.framework) is not None, "opset": None}
    code = snippets.code(entry, library.framework)
    failures = []
    needed: dict[str, float] = {}
    space: dict[str, Any] = {}
    try:
        exec(compile(code, f"{entry.name} in {library.framework}", "exec"), space)
    except Exception as error:
        return found, [f"{entry.name} in {library.framework} does not run: {type(error).__name__}: {error}"]
    if library.framework == "onnx":
        found |= operators(space["model"], library)
    library.wide()
    # The attributes of ONNX's operators are in single precision.
    for dtype in ("float32",) if library.framework == "onnx" else ("float64", "float32"):
        x = grid(entry, dtype)
        errors: dict[str, float | None] = {"value": None, "gradient": None}
        try:
            given = {"x": library.array(x, dtype)}
            if "noise" in space:
                given["noise"] = library.array(np.random.default_rng(0).gumbel(size=x.shape), dtype)
            result = run(code, given, library)
        except Exception as error:
            failures.append(f"{entry.name} in {library.framework}, {dtype}: {type(error).__name__}: {error}")
            continue
        for what, got in result.items():
            true, allowed = expected(entry, what, x, dtype)
            with np.errstate(invalid="ignore"):
                distance = np.where((got == true) | (np.isnan(got) & np.isnan(true)), 0.0, np.abs(got - true))
                distance = np.where(np.isnan(distance), np.inf, distance)
                errors[what] = float(np.nanmax(distance / np.maximum(1, np.abs(true))))
            needed[dtype] = max(needed.get(dtype, 0.0), float(np.max(distance / allowed)))
            factor, _ = KNOWN.get((entry.name, library.framework, dtype), (1.0, ""))
            wrong = ~(distance <= factor * allowed)
            if wrong.any():
                worst = int(np.argmax(distance / allowed))
                failures.append(
                    f"{entry.name} in {library.framework}, {what} in {dtype} at x = {np.ravel(x)[worst]!r}: "
                    f"{np.ravel(got)[worst]!r}, not {np.ravel(true)[worst]!r} (allowed: {np.ravel(allowed)[worst]:.2g})"
                )
    for dtype, ratio in needed.items():
        if (entry.name, library.framework, dtype) in KNOWN and ratio <= 1:
            failures.append(f"{entry.name} in {library.framework}, {dtype}, agrees now: take its row out of KNOWN")
    found |= {"value_error": errors["value"], "gradient_error": errors["gradient"]}  # the last: single precision
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
    """Cross every branch, away from kinks; far enough for exponentials to overflow."""
    if not entry.elementwise:
        rows = np.random.default_rng(3).normal(size=(60, 6)) * np.repeat([0.3, 2.0, 30.0], 20)[:, None]
        return rows.astype(dtype).astype(np.float64)
    sizes = np.geomspace(1e-6, 1e4, 201)
    x = np.concatenate([np.linspace(-20, 20, 1601), sizes, -sizes])
    edges = [number for value in entry.parameters.values() for number in np.ravel(value) if not isinstance(value, str)]
    # One number of points for all, since JAX compiles for each.
    for kink in (*entry.kinks, *edges, *(-edge for edge in edges)):
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
    return true, ROUNDINGS * eps * np.maximum(np.clip(np.abs(x), 1, 20) if entry.elementwise and what == "gradient" else 1, np.abs(true)) + spread


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
