"""Every function and derivative in each dtype, over the whole range.

The promise: at most 4 units in the last place in float64 and float32, half a unit more than correct rounding in
float16. Two things are beyond any fixed precision and judged by what they are made of. Beside an irrational zero of a
value, what counts is a small part of the change that one unit of the input makes. A derivative that crosses zero is
a difference of numbers near 1; there, it is at most one unit in the last place of 1 from the truth.

Doubles are compared with ball arithmetic. Singles and halves, all 63,488 finite ones, are compared with doubles, which
by then are known to be right to a billionth of their unit.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
from flint import arb
from oracle import along_an_axis, ball, explicit, parts, ulps, variants

import actdocs

DTYPES = (np.float16, np.float32, np.float64)
LIMIT = {np.float16: 1.0, np.float32: 4.0, np.float64: 4.0}
# All 63,488 finite numbers of float16 for the defaults and each word, a sample for the other settings.
ELEMENTWISE = [
    pytest.param(entry, setting, id="-".join([entry.name, *map(str, setting.values())]))
    for entry in actdocs.catalogue()
    if entry.elementwise
    for setting in variants(entry)
]
ALONG_AN_AXIS = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if not entry.elementwise]
EXPLICIT = [entry for entry in ALONG_AN_AXIS if explicit(entry.values[0])]
SIMPLEX = [entry for entry in EXPLICIT if entry.values[0].family == "simplex"]
UNITS = [entry for entry in ALONG_AN_AXIS if entry.values[0].family == "gated unit"]


def grid(dtype: type, setting: dict, points: int = 2000) -> np.ndarray:
    """Cover the dtype: every size of number, dense where functions bend, and both sides of the branch points."""
    if dtype is np.float16:
        every = np.arange(2**16, dtype=np.uint16).view(np.float16)
        unusual = any(isinstance(value, float) and value not in (0.01, 1.0) for value in setting.values())
        return every[np.isfinite(every)][:: 17 if unusual else 1]
    limits = np.finfo(dtype)
    generator = np.random.default_rng(20261123)
    low, high = np.log2(float(limits.smallest_subnormal)), np.log2(float(limits.max))
    sizes = np.exp2(np.linspace(low, high - 1e-9, points))
    dense = [generator.uniform(-reach, reach, points) for reach in (2.0, 20.0, 110.0, 760.0)]
    branches = np.concatenate(
        [np.nextafter(dtype(b), dtype(d)) for b in (-16.0, 0.0, 16.0) for d in (-99, 99)], axis=None
    )
    return np.unique(np.concatenate([sizes, -sizes, *dense, branches, [0.0, float(limits.max)]]).astype(dtype))


def distances(entry, setting, dtype: type, *, slope: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give inputs, computed values and their errors in units in the last place."""
    x = grid(dtype, setting)
    function, definition = (
        (entry.derivative, entry.derivative_definition) if slope else (entry.__call__, entry.definition)
    )
    computed = function(x, **setting)
    if dtype is np.float64:
        truth = [ball(definition, x=float(v), **setting) for v in x]
        absolute = np.array([abs(float((arb(c) - t).mid())) for c, t in zip(computed.tolist(), truth, strict=True)])
        return x, absolute, ulps(computed, truth)
    true = function(x.astype(np.float64), **setting)
    with np.errstate(all="ignore"):
        largest = float(np.finfo(dtype).max)
        absolute = np.abs(computed.astype(np.float64) - true)
        errors = absolute / np.spacing(np.minimum(np.abs(true), largest).astype(dtype)).astype(np.float64)
    rounds_up = np.abs(true) > largest * (1 + float(np.finfo(dtype).eps) / 4)
    errors[np.isinf(computed) & rounds_up & (np.sign(computed) == np.sign(true))] = 0.0
    return x, absolute, errors


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("entry", "setting"), ELEMENTWISE)
def test_value(entry, setting, dtype):
    x, absolute, errors = distances(entry, setting, dtype, slope=False)
    # Beside a zero the true value changes by its slope times the unit of the input.
    with np.errstate(all="ignore"):
        unit = np.abs(entry.derivative(x, **setting)).astype(np.float64) * np.spacing(np.abs(x)).astype(np.float64)
    errors[absolute <= unit / 256] = 0.0
    worst = int(np.argmax(errors))
    assert errors[worst] <= LIMIT[dtype], f"{entry.name}({x[worst]!r}) is {errors[worst]:.2f} units off"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("entry", "setting"), ELEMENTWISE)
def test_derivative(entry, setting, dtype):
    x, absolute, errors = distances(entry, setting, dtype, slope=True)
    near_zero = np.abs(entry.derivative(x, **setting).astype(np.float64)) < 0.25
    errors[near_zero & (absolute <= np.finfo(np.float64).eps)] = 0.0
    worst = int(np.argmax(errors))
    assert errors[worst] <= LIMIT[dtype], f"{entry.name}.derivative({x[worst]!r}) is {errors[worst]:.2f} units off"


@pytest.mark.parametrize(("entry", "setting"), ELEMENTWISE)
def test_ends_are_limits(entry, setting):
    """At an infinity the value is the limit, and the derivative is that of the asymptote; NaN stays NaN."""
    ends = np.array([-np.inf, np.inf])
    near = np.array([-1e300, 1e300])
    swings = np.isnan(entry.limits) & (setting.get("omega") != 0)  # a wave of frequency 0 is flat
    waves = "sin(" in entry.derivative_definition or "cos(" in entry.derivative_definition
    for function in (entry.__call__, entry.derivative):
        far, limit = function(near, **setting), function(ends, **setting)
        missing = np.isnan(limit)
        assert (missing == swings).all() if function == entry.__call__ else waves or not missing.any()
        grows = np.abs(far) > 1e280
        np.testing.assert_array_equal(limit[grows & ~missing], np.copysign(np.inf, far[grows & ~missing]))
        np.testing.assert_allclose(limit[~grows & ~missing], far[~grows & ~missing], rtol=1e-15, atol=1e-280)
        for dtype in DTYPES:
            assert np.isnan(function(dtype(np.nan), **setting))


def rows(dtype: type, parts: int) -> list[np.ndarray]:
    """Give vectors of many sizes and spreads, ties and single entries among them, and numbers of opposite sizes."""
    generator = np.random.default_rng(7)
    spreads = (1e-3, 1.0, 30.0, 700.0, 2000.0)
    vectors = [generator.normal(0, s, n * parts).astype(dtype) for s in spreads for n in (1, 2, 3, 10, 300)]
    large = np.ldexp(np.finfo(dtype).max, -4)
    opposite = [[large, x] * (parts // 2) for x in (-10.0, -30.0, -47.0, -90.0, -740.0, -1000.0)]
    several = np.array([[1.0, 1.0, -3.0], [2.0, 1.0, 0.1]], dtype)
    return [*vectors, *np.tile(several, parts), *np.array(opposite, dtype).reshape(-1, parts)]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("entry", EXPLICIT)
def test_value_along_an_axis(entry, dtype):
    for row in rows(dtype, parts(entry)):
        formula = along_an_axis(entry, row.astype(float))
        truth = [formula(entry.definition, i=i) for i in range(np.size(entry(row)))]
        for axis, x in ((-1, row), (0, row[:, None])):
            errors = ulps(np.ravel(entry(x, axis=axis)), truth)
            assert errors.max() <= LIMIT[dtype], (
                f"{entry.name}, {len(row)} numbers, axis {axis}: {errors.max():.2f} units"
            )


@pytest.mark.parametrize("entry", ALONG_AN_AXIS)
def test_jacobian_products(entry):
    """The products equal those with the full matrix of the textbook's entries, to rounding."""
    generator = np.random.default_rng(11)
    for n in (1, 2, 5, 20):
        x = generator.normal(0, 3, n * parts(entry))
        x[generator.random(len(x)) < 0.1] = 0.0
        formula = functools.partial(along_an_axis(entry, x), entry.derivative_definition)
        values = range(np.size(entry(x)))
        matrix = np.array([[float(formula(i=i, j=j).mid()) for j in range(len(x))] for i in values])
        rows, columns = generator.normal(0, 1, len(matrix)), generator.normal(0, 1, len(x))
        np.testing.assert_allclose(entry.jvp(x, columns), matrix @ columns, rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(entry.vjp(x, rows), rows @ matrix, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("entry", SIMPLEX)
def test_infinite_scores(entry):
    logarithm = entry.name.startswith("log")
    sign = 1 if entry([1.0, 0.0])[0] > entry([0.0, 0.0])[0] else -1  # of a cost, the smallest takes all
    cases = {
        (1.0, np.inf, 2.0): (0.0, 1.0, 0.0),
        (np.inf, np.inf, 2.0): (0.5, 0.5, 0.0),
        (-np.inf, -np.inf, -np.inf, -np.inf): (0.25, 0.25, 0.25, 0.25),
        (-np.inf, 3.0): (0.0, 1.0),
    }
    for scores, probabilities in cases.items():
        with np.errstate(divide="ignore"):
            expected = np.log(probabilities) if logarithm else np.array(probabilities)
        np.testing.assert_allclose(entry(sign * np.array(scores)), expected, rtol=1e-15)
    assert np.isnan(entry(np.array([1.0, np.nan, 2.0]))).all()


@pytest.mark.parametrize("entry", UNITS)
def test_open_and_shut_gates(entry):
    """A gate at minus infinity lets nothing through, one at infinity what the limit says; NaN spoils its own pair."""
    passing, gates = [2.0, -3.0, 2.0, 1.0, np.nan], [-np.inf, -np.inf, np.inf, np.nan, 1.0]
    opened = 2.0 if entry.name == "glu" else np.inf
    np.testing.assert_array_equal(entry(np.array(passing + gates)), [0.0, 0.0, opened, np.nan, np.nan])


@pytest.mark.parametrize("entry", UNITS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_shut_gate_holds_infinity_back(entry, dtype):
    """All gated units have one rule: a gate of zero, or one that rounds to it, lets nothing pass."""
    passing = np.array([np.inf, -np.inf, np.inf, -np.inf, np.inf], dtype)
    gates = np.array([-np.inf, -np.inf, np.inf, 1.0, -1e4], dtype)
    result = entry(np.concatenate([passing, gates]))
    np.testing.assert_array_equal(result, np.array([0, 0, np.inf, -np.inf, 0], dtype))
    if entry.name != "glu":  # its gate is half open at 0
        np.testing.assert_array_equal(entry(np.array([np.inf, 0.0], dtype)), [0.0])
