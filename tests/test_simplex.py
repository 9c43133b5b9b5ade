"""The functions along an axis that have a threshold or noise: exact values, Jacobians, constants, refusals."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from oracle import ulps

import actdocs
from actdocs import entmax15, get, gumbel_softmax, softmax, softmin, sparsemax

DTYPES = {np.float16: 1.0, np.float32: 4.0, np.float64: 4.0}
SPARSE = [pytest.param(get(name), id=name) for name in ("sparsemax", "entmax15")]
# A score at, just inside of and just outside of the edge, for one score that is far above the other.
EDGES = [[1.0, 0.0], [1.0, 1e-300], [1.0, 2**-53], [0.0, -1 + 2**-53], [2.0, 0.0], [2.0, 2**-40], [0.0, -2 + 2**-52]]
EDGES += [[1.0, 2**-60, 2**-61 * (1 + 2**-52)], [1.0, 2**-60, 1.7 * 2**-61, 1.4 * 2**-61], [2.0, 2**-60, 2**-61]]


def rows(dtype: type) -> list[np.ndarray]:
    """Give scores of many sizes and spreads, with ties, edges of the support, and large common parts."""
    generator = np.random.default_rng(23)
    spreads, sizes = (1e-12, 1e-3, 0.3, 1.0, 30.0), (1, 2, 3, 10, 120)
    vectors = [generator.normal(0, s, n) for s, n in itertools.product(spreads, sizes)]
    vectors += [4e4 + generator.normal(0, 1, 30), np.repeat([0.5, 0.25, -3.0], 5), *map(np.array, EDGES)]
    vectors += [np.array([1e4, -6e4, 1e4 - 1]), np.zeros(7), -(2.0 ** -np.arange(24.0))]
    return [vector.astype(dtype) for vector in vectors]


def exact(number: Fraction) -> arb:
    return arb(fmpq(number.numerator, number.denominator))


def truth(name: str, scores: np.ndarray) -> tuple[list[arb], list[arb]]:
    """Enclose each value, and what it is a power of: rational up to the root in the threshold of entmax-1.5."""
    ctx.prec = 400
    power = 1 if name == "sparsemax" else 2
    z = [Fraction(score) / power for score in scores.astype(float).tolist()]
    support = [score for score in z if sum(max(0, other - score) ** power for other in z) < 1]
    k, total = len(support), sum(support)
    if power == 1:
        tau = exact((total - 1) / k)
    else:
        spread = sum(score**2 for score in support) - total**2 / k
        tau = exact(total / k) - exact((1 - spread) / k).sqrt()
    distances = [(exact(score) - tau if score in support else arb(0)) for score in z]
    return [distance**power for distance in distances], distances


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("entry", SPARSE)
def test_sparse_values_are_exact(entry, dtype):
    for row in rows(dtype):
        values, distances = truth(entry.name, row)
        assert float(abs(sum(values, arb(0)) - 1)) < 1e-100
        for axis, x in ((-1, row), (0, row[:, None])):
            computed = entry(x, axis=axis).ravel()
            errors = ulps(computed, values)
            # What the docstrings promise at the edge of the support.
            power, nearest = (1, 1e-29) if entry.name == "sparsemax" else (2, 1e-28)
            edge = np.array([abs(float(d)) for d in distances]) < nearest * 2.0**52
            apart = [float(abs(arb(float(c)).root(power) - d)) for c, d in zip(computed, distances, strict=True)]
            errors[edge & (np.array(apart) <= nearest)] = 0.0
            assert errors.max() <= DTYPES[dtype], f"{entry.name}, {row[:5]}: {errors.max():.2f} units"
        np.testing.assert_array_equal(computed > 0, [float(v) >= np.finfo(dtype).smallest_subnormal for v in values])


@pytest.mark.parametrize("entry", SPARSE)
def test_sparse_values_add_up_to_one(entry):
    x = np.random.default_rng(4).normal(0, 1, (200, 50))
    for shift in (0.0, 1e6, -1e12):
        y = entry(x + shift)
        np.testing.assert_allclose([math.fsum(row) for row in y], 1, rtol=0, atol=4e-16)
    assert 0 < (entry(x) == 0).mean() < 1


def test_sparsemax_is_the_nearest_point_of_the_simplex():
    """The variational inequality of a projection: no corner lies on the scores' side of the value."""
    x = np.random.default_rng(8).normal(0, 1, (100, 6))
    p = sparsemax(x)
    for corner in np.eye(6):
        assert (np.sum((x - p) * (corner - p), axis=-1) <= 1e-15).all()


def test_order_of_sparsity():
    """Raising the power of the entropy makes the choice sparser."""
    x = np.random.default_rng(9).normal(0, 1, (300, 8))
    support = [(function(x) > 0).sum(axis=-1) for function in (sparsemax, entmax15, softmax)]
    assert (support[0] <= support[1]).all()
    assert (support[1] <= support[2]).all()
    assert (support[0] < support[1]).any()


@pytest.mark.parametrize("name", ["softmin", "sparsemax", "entmax15", "gumbel_softmax"])
def test_jacobian_is_the_stated_one(name):
    """The products equal those with the full matrix of the formula's entries, at the function's own values."""
    entry, generator = get(name), np.random.default_rng(11)
    formula = compile(entry.derivative_definition, name, "eval")
    for n, spread in itertools.product((1, 2, 5, 40), (0.2, 3.0)):
        x, v = generator.normal(0, spread, n), generator.normal(0, 1, n)
        delta = {(i, j): float(i == j) for i in range(n) for j in range(n)}
        known = {"p": entry(x), "delta": delta, "sqrt": np.sqrt, "sign": np.sign, "indices": range(n), "tau": 1.0}
        jacobian = np.array([[eval(formula, {**known, "i": i, "j": j}) for j in range(n)] for i in range(n)])
        np.testing.assert_allclose(entry.jvp(x, v), jacobian @ v, rtol=0, atol=1e-14)
        np.testing.assert_allclose(entry.vjp(x, v), v @ jacobian, rtol=0, atol=1e-14)


def norm(entry, x):
    return np.linalg.norm([entry.jvp(x, unit) for unit in np.eye(len(x))], 2)


def test_lipschitz_constants():
    generator = np.random.default_rng(12)
    samples = [spread * generator.normal(0, 1, n) for spread in (0.1, 0.5, 1, 3) for n in (2, 3, 8) for _ in range(50)]
    largest = {name: max(norm(get(name), x) for x in samples) for name in ("softmin", "sparsemax", "entmax15")}
    for name, found in largest.items():
        assert found <= get(name).lipschitz * (1 + 1e-15), name
    assert norm(get("softmin"), np.zeros(2)) == pytest.approx(get("softmin").lipschitz, rel=1e-15)
    assert largest["sparsemax"] == pytest.approx(get("sparsemax").lipschitz, rel=1e-15)
    assert norm(get("entmax15"), np.zeros(2)) == pytest.approx(1 / math.sqrt(2), rel=1e-15)
    # The chosen seed's noise is undone by the scores, so that the noisy scores tie.
    noise = np.random.default_rng(0).gumbel(size=(1, 2))[0]
    assert norm(get("gumbel_softmax"), -noise) == pytest.approx(get("gumbel_softmax").lipschitz, rel=1e-12)


def test_entmax15_comes_close_to_its_constant():
    """One score just short of taking all from m equal ones: the norm grows with m, towards 1, and never reaches it."""
    norms = []
    for m, lead in ((10, 0.9), (10**3, 0.97), (10**6, 0.999)):
        others = math.sqrt((1 - lead**2) / m)
        x = np.append(2 * (lead - others), np.zeros(m))
        assert entmax15(x)[0] == pytest.approx(lead**2, rel=1e-12)
        v = np.append(m, -np.ones(m)) / math.sqrt(m * m + m)
        norms.append(float(np.linalg.norm(get("entmax15").jvp(x, v))))
    assert norms == sorted(norms)
    assert 0.97 < norms[-1] < 1


@pytest.mark.parametrize("entry", SPARSE)
def test_nan_has_no_rank(entry):
    x = np.array([[1.0, 2.0], [np.nan, 0.0]])
    message = r"x must hold scores that can be ranked along axis -1, no NaN, got nan at x\[1, 0\]"
    for call in (entry, lambda x: entry.jvp(x, np.ones_like(x)), lambda x: entry.vjp(x, np.ones_like(x))):
        for dtype in DTYPES:
            with pytest.raises(ValueError, match=message):
                call(x.astype(dtype))
    assert np.isnan(entry.jvp([1.0, 0.8], [np.nan, 1.0])).all()


@pytest.mark.parametrize("entry", [*SPARSE, get("gumbel_softmax")])
def test_infinite_scores(entry):
    inf = math.inf
    cases = {(1, inf, 2): (0, 1, 0), (inf, inf, 2): (0.5, 0.5, 0), (-inf,) * 4: (0.25,) * 4, (-inf, 3): (0, 1)}
    for scores, expected in cases.items():
        np.testing.assert_allclose(entry(np.array(scores, float)), expected, rtol=1e-15)
    np.testing.assert_array_equal(entry([1e308, -1e308]), [1, 0])


def test_infinite_costs():
    inf = math.inf
    np.testing.assert_array_equal(softmin([1.0, -inf, 2.0]), [0, 1, 0])
    np.testing.assert_array_equal(softmin([inf, inf]), [0.5, 0.5])


def noisy(row, tau, seed):
    """Enclose the Gumbel-softmax of one row from the generator's own noise."""
    ctx.prec = 200
    noise = np.random.default_rng(seed).gumbel(size=(1, len(row)))[0]
    weights = [((arb(float(x)) + arb(float(g))) / arb(tau)).exp() for x, g in zip(row, noise, strict=True)]
    return [weight / sum(weights, arb(0)) for weight in weights]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("tau", [1.0, 0.3, 1e-3, 20.0])
def test_gumbel_softmax_is_exact(dtype, tau):
    generator = np.random.default_rng(7)
    for spread, n in itertools.product((1e-3, 1.0, 30.0, 500.0), (1, 2, 10, 300)):
        row = generator.normal(0, spread, n).astype(dtype)
        errors = ulps(gumbel_softmax(row, tau=tau, seed=n), noisy(row, tau, n))
        assert errors.max() <= DTYPES[dtype], f"{n} scores, tau {tau}: {errors.max():.2f} units"


def test_gumbel_softmax_has_the_noise_of_its_seed():
    x = np.random.default_rng(3).normal(size=(4, 3))
    np.testing.assert_array_equal(gumbel_softmax(x), gumbel_softmax(x, seed=0))
    assert (gumbel_softmax(x, seed=1) != gumbel_softmax(x, seed=2)).all()
    assert (gumbel_softmax(x, seed=None) != gumbel_softmax(x, seed=None)).all()
    np.testing.assert_allclose(gumbel_softmax(x.astype(np.float32), seed=5), gumbel_softmax(x, seed=5), rtol=1e-5)
    # One draw for the whole array, however many blocks it is computed in.
    large = np.zeros((3000, 20))
    assert len(np.unique(gumbel_softmax(large)[:, 0])) == len(large)


@pytest.mark.parametrize("tau", [1.0, 0.1, 10.0])
def test_gumbel_softmax_draws_from_the_softmax(tau):
    scores, count = [2.0, 1.0, 0.1, -3.0], 200_000
    drawn = gumbel_softmax(np.tile(scores, (count, 1)), tau=tau, seed=2).argmax(axis=-1)
    expected = softmax(scores)
    error = np.sqrt(expected * (1 - expected) / count)
    assert (np.abs(np.bincount(drawn, minlength=4) / count - expected) < 4 * error).all()


def test_cold_gumbel_softmax_is_hard():
    x = np.random.default_rng(6).normal(size=(50, 5))
    cold = gumbel_softmax(x, tau=1e-300)
    np.testing.assert_array_equal(np.sort(cold, axis=-1), np.eye(5)[[-1] * 50])
    np.testing.assert_array_equal(cold.argmax(axis=-1), gumbel_softmax(x, tau=5.0).argmax(axis=-1))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"tau": 0}, "tau must be a finite number of more than 0, got 0"),
        ({"tau": -1.0}, "tau must be a finite number of more than 0, got -1.0"),
        ({"tau": math.nan}, "tau must be a finite number of more than 0, got nan"),
        ({"seed": -1}, "seed must be a whole number of at least 0, or None, got -1"),
        ({"seed": 1.5}, "seed must be a whole number of at least 0, or None, got 1.5"),
    ],
)
def test_gumbel_softmax_refuses(parameters, message):
    with pytest.raises((TypeError, ValueError), match=message):
        gumbel_softmax([1.0, 2.0], **parameters)


def test_keras_has_another_sparsemax():
    """The docstring says so; when this fails, Keras has mended it, and the entry can name it."""
    import keras

    x = np.array([[1.0, 0.5, -1.0]], np.float32)
    theirs = np.asarray(keras.activations.sparsemax(keras.ops.convert_to_tensor(x)))
    assert theirs.sum() < 0.9
    np.testing.assert_allclose(actdocs.sparsemax(x).sum(), 1, rtol=1e-6)


@pytest.mark.parametrize("name", ["sparsemax", "entmax15", "gumbel_softmax"])
def test_bounds(name):
    low, high, low_attained, high_attained = get(name).bounds
    y = get(name)(np.random.default_rng(5).normal(0, 2, (2000, 6)))
    assert ((y >= low) & (y <= high)).all()
    assert bool((y == low).any()) == low_attained
    assert get(name)(np.zeros(1)) == high
    assert high_attained
