"""Measure how accurate each library's own functions are, and what their gradients are at kinks."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

import actdocs

from .truth import FORMATS, true_values, ulps

if TYPE_CHECKING:
    from actdocs import Activation

    from .libraries import NumPy

WINDOWS = np.linspace(-20, 20, 161)


def accuracy(library: NumPy) -> dict[str, Any]:
    """Measure every own function in every format."""
    rows, curves = [], {}
    library.wide()
    for entry in filter(lambda entry: entry.elementwise, actdocs.catalogue()):
        for name, function_name, function in library.own(entry):
            for dtype in library.dtypes:
                x, true, low = true_values(entry, dtype)
                with warnings.catch_warnings(), np.errstate(all="ignore"):
                    warnings.simplefilter("ignore")
                    gave = library.doubles(function(library.array(x, dtype)))
                errors = ulps(gave, true, dtype, low)
                known = ~np.isnan(true)
                row = {"entry": entry.name, "library": name, "name": function_name, "dtype": dtype, "points": len(x)}
                row |= worst(x, gave, true, errors, known)
                row["normal"] = worst(x, gave, true, errors, known & (np.abs(true) >= FORMATS[dtype].smallest_normal))
                rows.append(row)
                if dtype == "float32":
                    curves.setdefault(entry.name, {})[name] = curve(x, errors)
    return {"accuracy": rows, "accuracy_curves": curves}


def worst(x: np.ndarray, gave: np.ndarray, true: np.ndarray, errors: np.ndarray, among: np.ndarray) -> dict[str, float]:
    """Give the largest error and where it is; of equal ones, the one nearest to 0."""
    if not among.any():
        return {"ulps": 0.0, "x": 0.0, "gave": 0.0, "true": 0.0}
    places = np.flatnonzero(among & (errors == errors[among].max()))
    place = places[np.argmin(np.abs(x[places]))]
    return {"ulps": float(errors[place]), "x": float(x[place]), "gave": float(gave[place]), "true": float(true[place])}


def curve(x: np.ndarray, errors: np.ndarray) -> dict[str, list[float]]:
    """Give the largest finite error in each window."""
    window = np.digitize(x, WINDOWS)
    points: dict[str, list[float]] = {"x": [], "ulps": []}
    for i in range(1, len(WINDOWS)):
        inside = errors[(window == i) & np.isfinite(errors)]
        if inside.size:
            points["x"].append(float(WINDOWS[i - 1] + WINDOWS[i]) / 2)
            points["ulps"].append(round(float(inside.max()), 3))
    return points


def kinks(library: NumPy) -> dict[str, Any]:
    """Differentiate every own function at the entry's kinks, and ReLU as it is often written."""
    rows = []
    written = {
        "tensorflow": ("tf.maximum(x, 0)", "tf.where(x > 0, x, 0)"),
        "pytorch": ("torch.maximum(x, torch.zeros_like(x))", "torch.clamp(x, min=0)", "torch.where(x > 0, x, 0)"),
        "jax": ("jnp.maximum(x, 0)", "jnp.where(x > 0, x, 0)"),
    }.get(library.framework, ())
    for entry in filter(lambda entry: entry.elementwise and entry.kinks, actdocs.catalogue()):
        functions = list(library.own(entry))
        if entry.name == "relu":
            names = [(text, eval(f"lambda x: {text}", dict(library.names))) for text in written]
            functions += [(library.versions[0], text, function) for text, function in names]
        for name, function_name, function in functions:
            gradient = library.gradient(function, library.array(np.array(entry.kinks), "float32"))
            if gradient is None:
                continue
            for x, slope in zip(entry.kinks, gradient.tolist(), strict=True):
                row = {"entry": entry.name, "library": name, "name": function_name, "x": x, "gradient": slope}
                rows.append(row | beside(entry, x))
    return {"kinks": rows}


def beside(entry: Activation, x: float) -> dict[str, float]:
    """Give the catalogue's derivative at a kink and just beside it."""
    step = 1e-12 * max(1.0, abs(x))
    sides = (float(entry.derivative(x + side * step)) for side in (-1, 0, 1))
    left, here, right = (0.0 if math.isclose(slope, 0.0, abs_tol=1e-10) else float(f"{slope:.9g}") for slope in sides)
    return {"catalogue": here, "left": left, "right": right}
