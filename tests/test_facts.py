"""Each recorded fact against ball arithmetic: a wrong one fails here, by name."""

from __future__ import annotations

import ast
import inspect
import itertools
import math

import numpy as np
import pytest
from oracle import ball, slope, variants
from scipy.optimize import minimize_scalar

import actdocs
from actdocs.formula import latex

ENTRIES = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue()]
ELEMENTWISE = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if entry.elementwise]
ALONG_AN_AXIS = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if not entry.elementwise]
SIMPLEX = [entry for entry in ALONG_AN_AXIS if entry.values[0].family == "simplex"]
UNITS = [entry for entry in ALONG_AN_AXIS if entry not in SIMPLEX]
STEP = 2.0**-10
GRID = np.arange(-20 * 1024, 20 * 1024 + 1) * STEP
FAR = np.concatenate([-np.logspace(1.4, 300, 200), np.logspace(1.4, 300, 200)])


def value(entry, x):
    return ball(entry.definition, x=float(x), **entry.parameters)


def slopes(entry, x):
    return np.array([float(ball(entry.derivative_definition, x=float(v), **entry.parameters).mid()) for v in x])


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_derivative_definition(entry):
    """The derivative's formula is the derivative of the formula."""
    for setting in variants(entry):
        for x in (*np.linspace(-30, 30, 101), *np.random.default_rng(3).normal(0, 2, 100)):
            if x not in entry.kinks and x != 0:
                stated, true = ball(entry.derivative_definition, x=x, **setting), slope(entry.definition, x, **setting)
                assert abs(float((stated - true).mid())) <= 1e-18, f"{entry.name}, derivative_definition at {x}"


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_bounds(entry):
    low, high, low_attained, high_attained = entry.bounds
    x = np.concatenate([GRID[::16], FAR, [entry.minimum[0]] if entry.minimum else []])
    values = [value(entry, v) for v in x]
    middle = np.array([float(v.mid()) for v in values])
    for bound, attained, sign in ((low, low_attained, 1), (high, high_attained, -1)):
        extreme = (sign * middle).min() * sign
        if math.isinf(bound):
            assert sign * extreme < -1e290, f"{entry.name}: bounds say unbounded, but {extreme} is the extreme"
            assert not attained
        else:
            assert extreme == pytest.approx(bound, rel=1e-12, abs=1e-12), f"{entry.name}: bounds"
            exact = any(v.is_exact() and v == bound for v in values)
            assert attained == (exact or bool(entry.minimum and entry.minimum[1] == bound)), f"{entry.name}: bounds"
            distances = np.array([float((sign * (v - bound)).mid()) for v in values])
            assert (distances > -1e-15).all(), f"{entry.name}: bounds"
            # Far out the distance to an open end is below any precision.
            assert attained or (distances[np.abs(x) <= 20] > 0).all(), f"{entry.name}: bounds"


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_lipschitz(entry):
    if math.isinf(entry.lipschitz):
        assert entry.smoothness < 0, f"{entry.name}: lipschitz is infinite only at a jump"
        return
    size = np.abs(slopes(entry, GRID[::16]))
    top = GRID[::16][size.argmax()]
    found = minimize_scalar(
        lambda v: -abs(slopes(entry, [v])[0]), bounds=(top - 0.05, top + 0.05), options={"xatol": 1e-10}
    )
    steepest = max(-found.fun, size.max(), *np.abs(slopes(entry, FAR)))
    assert steepest == pytest.approx(entry.lipschitz, rel=1e-14), f"{entry.name}: lipschitz"


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_monotonic_and_minimum(entry):
    falls = (slopes(entry, np.concatenate([GRID[::4], FAR[np.abs(FAR) < 1e4]])) < 0).any()
    assert falls != entry.monotonic, f"{entry.name}: monotonic"
    assert (entry.minimum is not None) == (not entry.monotonic), f"{entry.name}: minimum"
    if entry.minimum:
        place, lowest = entry.minimum
        left, right = slopes(entry, [place - 1e-14, place + 1e-14])
        assert left < 0 < right, f"{entry.name}: minimum is not at {place}"
        assert float(value(entry, place).mid()) == pytest.approx(lowest, rel=1e-15), f"{entry.name}: minimum"


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_kinks_and_smoothness(entry):
    values = np.array([float(value(entry, x).mid()) for x in GRID])
    first = slopes(entry, GRID)
    second = np.diff(first) / STEP

    def jumps(sequence, height):
        """Find where neighbours on the grid are apart by more than a smooth function can be."""
        places = GRID[:-1][: len(sequence) - 1][np.abs(np.diff(sequence)) > height]
        return {float(round(place)) for place in places}

    in_value, in_slope = jumps(values, 0.1), jumps(first, 0.1)
    assert in_value | in_slope == set(entry.kinks), f"{entry.name}: kinks"
    if entry.smoothness == -1:
        assert in_value, f"{entry.name}: smoothness"
    elif entry.smoothness == 0:
        assert bool(in_slope) > bool(in_value), f"{entry.name}: smoothness"
    else:
        assert not in_slope | in_value, f"{entry.name}: smoothness"
        assert bool(jumps(second, 0.1)) == (entry.smoothness == 1), f"{entry.name}: smoothness"


@pytest.mark.parametrize("entry", SIMPLEX)
def test_facts_along_an_axis(entry):
    generator = np.random.default_rng(5)
    x = generator.normal(0, 4, (2000, 6))
    y = entry(x)
    low, high, low_attained, high_attained = entry.bounds
    assert ((y > low) & (y < high)).all(), f"{entry.name}: bounds"
    assert not low_attained, f"{entry.name}: bounds"
    assert high_attained == (entry(np.zeros(1)) == high), f"{entry.name}: bounds"
    # Along an axis these questions have no answer, and exponentials have no kinks.
    assert (entry.monotonic, entry.minimum) == (None, None), f"{entry.name}: monotonic or minimum"
    assert (entry.kinks, entry.smoothness) == ((), math.inf), f"{entry.name}: kinks or smoothness"
    # The constant is the largest singular value of the Jacobian, over all scores: two equal ones reach it for
    # softmax; for log-softmax it grows with the length, which one score far above the rest shows.
    norms = {2: [], 6: []}
    for scores in (np.zeros(2), np.array([60.0, 0.0]), np.array([60.0, *np.zeros(5)]), *x[:100]):
        jacobian = np.array([entry.jvp(scores, unit) for unit in np.eye(len(scores))]).T
        norms[len(scores)].append(np.linalg.norm(jacobian, 2))
    if math.isinf(entry.lipschitz):
        assert max(norms[6]) > 1.5 * max(norms[2]), f"{entry.name}: lipschitz"
    else:
        assert max(norms[2] + norms[6]) == pytest.approx(entry.lipschitz, rel=1e-12), f"{entry.name}: lipschitz"


def matrix(entry, x):
    return np.array([entry.jvp(x, unit) for unit in np.eye(len(x))]).T


@pytest.mark.parametrize("entry", UNITS)
def test_facts_of_units(entry):
    x = np.random.default_rng(5).normal(0, 4, (200, 6))
    y, larger = entry(x), entry(100 * x)
    low, high, low_attained, high_attained = entry.bounds
    for bound, attained, sign in ((low, low_attained, 1), (high, high_attained, -1)):
        if math.isinf(bound):
            assert (sign * larger).min() < 50 * (sign * y).min() < 0, f"{entry.name}: bounds"
            assert not attained, f"{entry.name}: bounds"
        else:
            assert (sign * y).min() == sign * bound, f"{entry.name}: bounds"
            assert attained, f"{entry.name}: bounds"
    assert (entry.monotonic, entry.minimum, entry.kinks) == (None, None, ()), f"{entry.name}: monotonic, minimum, kinks"
    assert np.isnan(entry.limits).all(), f"{entry.name}: limits"
    steepest, steeper = (max(np.linalg.norm(matrix(entry, row), 2) for row in scale * x) for scale in (1, 100))
    if math.isinf(entry.lipschitz):
        assert steeper > 5 * steepest, f"{entry.name}: lipschitz"
    else:
        assert steepest == steeper == entry.lipschitz, f"{entry.name}: lipschitz"
    # Where one number passes through zero, the Jacobian of a smooth unit changes by as little.
    jumps = False
    for row, i in itertools.product(x[:20], range(6)):
        below, above = row.copy(), row.copy()
        below[i], above[i] = -1e-12, 1e-12
        jumps |= bool(np.abs(matrix(entry, above) - matrix(entry, below)).max() > 1e-6)
    assert entry.smoothness == (0 if jumps else math.inf), f"{entry.name}: smoothness"


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("library", ["tensorflow", "keras"])
def test_framework_names(entry, library):
    """The name exists in the library and computes the same function once the parameters are passed."""
    name = getattr(entry.frameworks, library)
    if name is None:
        return
    import keras
    import tensorflow as tf

    arguments = entry.frameworks.arguments.get(library, "")
    x = np.linspace(-8, 8, 129, dtype=np.float32)[None, :-1]
    names = {"tf": tf, "keras": keras, **entry.parameters, "x": tf.constant(x)}
    ours, theirs = entry(x), np.asarray(eval(f"{name}(x, {arguments})", names))
    # Libraries compute in single precision, some with cancellation in the tail.
    np.testing.assert_allclose(theirs, ours, rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize("entry", ENTRIES)
def test_docstring(entry):
    """The docstring shows the formula that the catalogue draws, and has every section a reader looks for."""
    text = inspect.getdoc(entry.function)
    tree = ast.parse(entry.definition, mode="eval").body
    against = tree.test.comparators[0] if isinstance(tree, ast.IfExp) else None
    chosen_by_word = isinstance(against, ast.Constant) and isinstance(against.value, str)
    formulas = [tree.body, tree.orelse] if chosen_by_word else [tree]
    folded = " ".join(text.split())
    for formula in formulas:
        assert latex(ast.unparse(formula)) in folded, entry.name
    for section in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"\n{section}\n---" in text, f"{entry.name}: {section}"
    for parameter in entry.parameters:
        assert f"\n{parameter} : " in text, f"{entry.name}: {parameter}"
    if entry.kinks:
        assert "**Convention.**" in text, entry.name
    if entry.references:
        assert "\nReferences\n---" in text, entry.name
