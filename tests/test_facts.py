"""What tests/test_proofs.py does not reach: formulas, functions along an axis, names in libraries, docstrings."""

from __future__ import annotations

import ast
import inspect
import itertools
import math

import numpy as np
import pytest
from oracle import ball, explicit, slope, variants

import actdocs
from actdocs import numerics
from actdocs.catalogue import _kernel, activation
from actdocs.formula import latex

ENTRIES = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue()]
ELEMENTWISE = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if entry.elementwise]
ALONG_AN_AXIS = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if not entry.elementwise]
# The sparse ones and the noisy one of the family stand in tests/test_simplex.py.
SIMPLEX = [e for e in ALONG_AN_AXIS if e.values[0].family == "simplex" and explicit(e.values[0])]
UNITS = [entry for entry in ALONG_AN_AXIS if entry.values[0].family != "simplex"]


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_derivative_definition(entry):
    """The derivative's formula is the derivative of the formula."""
    for setting in variants(entry):
        for x in (*np.linspace(-30, 30, 101), *np.random.default_rng(3).normal(0, 2, 100)):
            if x not in entry.kinks and x != 0:
                stated, true = ball(entry.derivative_definition, x=x, **setting), slope(entry.definition, x, **setting)
                error = abs(float((stated - true).mid()))
                assert error <= 1e-18 * max(1, abs(float(true.mid()))), f"{entry.name}, derivative_definition at {x}"


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


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("rrelu", {"lower": 0.5, "upper": 0.25}, "lower must be a finite number of at most upper, 0.25, got 0.5"),
        ("srelu", {"t_l": 2.0}, "t_l must be a finite number of at most t_r, 1, got 2.0"),
    ],
)
def test_parameters_in_the_wrong_order_are_refused(name, wrong, message):
    with pytest.raises(ValueError, match=message):
        actdocs.get(name)(1.0, **wrong)


def test_a_kernel_takes_recorded_infinite_limits_where_growth_is_slow():
    kernel = _kernel("sign(x) * log1p(abs(x))", (-math.inf, math.inf))
    np.testing.assert_array_equal(kernel(numerics, np.array([-math.inf, 0.0, math.inf])), [-math.inf, 0, math.inf])


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("tanhh(x)", "definition of made must be written in .*, got the name tanhh in 'tanhh\\(x\\)'"),
        ("x * beta", "got the name beta in"),
        ("x +", "definition of made must be a Python expression, got 'x \\+'"),
        ("x ** alpha", "powers must be whole numbers, got 'x \\*\\* alpha'"),
    ],
)
def test_a_definition_is_checked_when_it_is_entered(definition, message):
    def made(x, alpha=1.0):
        """Do nothing."""

    enter = activation(
        title="Made",
        family="linear",
        definition=definition,
        derivative_definition="1",
        domains={"alpha": actdocs.parameters.Number()},
        bounds=actdocs.get("tanh").bounds,
        lipschitz=1.0,
    )
    with pytest.raises(ValueError, match=message):
        enter(made)
