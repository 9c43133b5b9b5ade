"""What makes the functions fast leaves their values alone; and the bench compares like with like."""

from __future__ import annotations

import sys

import bench
import numpy as np
import pytest

import actdocs
from actdocs.numerics import where
from actdocs.parameters import Seed

ENTRIES = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue()]
SINGLE = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if entry.single]
SLOPED = [param for param in SINGLE if any(isinstance(value, float) for value in param.values[0].parameters.values())]


def scores(dtype: type) -> np.ndarray:
    """Give numbers of many sizes, the unusual ones among them."""
    x = np.random.default_rng(3).normal(0, 3, (40, 12)).astype(dtype)
    x[::7, 3] *= 100
    x[5, :3] = 0.0, -0.0, np.nan
    x[6, :2] = np.inf, -np.inf
    return x


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("entry", ENTRIES)
def test_blocks_don_t_show(entry, dtype, monkeypatch):
    x = scores(dtype) if entry.elementwise else scores(dtype)[7:]  # some refuse what can't be ranked
    fixed = {name: 5 for name, domain in entry.domains.items() if isinstance(domain, Seed)}
    whole = [entry(x, **fixed), entry.vjp(x, entry(x, **fixed), **fixed)]
    monkeypatch.setattr(sys.modules["actdocs.catalogue"], "_BLOCK", 500)
    pieces = [entry(x, **fixed), entry.vjp(x, entry(x, **fixed), **fixed)]
    for one, other in zip(whole, pieces, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("entry", SINGLE)
def test_a_value_is_its_own_whatever_stands_beside_it(entry):
    x = np.ravel(scores(np.float32))
    alone = np.array([entry(number) for number in x])
    np.testing.assert_array_equal(entry(x), alone)
    np.testing.assert_array_equal(np.isnan(alone), np.isnan(entry(x.astype(float))))


@pytest.mark.parametrize("entry", SLOPED)
def test_other_parameters_are_computed_in_double_precision(entry):
    """What single precision is good for is known at the defaults only."""
    name, default = next((name, value) for name, value in entry.parameters.items() if isinstance(value, float))
    x = scores(np.float32)[:5]
    with np.errstate(all="ignore"):
        expected = entry(x.astype(float), **{name: default + 0.125}).astype(np.float32)
    assert np.mean(entry(x, **{name: default + 0.125}) == expected) > 0.99


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_where_is_numpys(dtype):
    x = scores(np.float64)[5:7].astype(dtype)
    for test in (x > 0, x[0] > 0, True):
        for a, b in ((x, -x), (x, 0.0), (x, -0.0), (1.0, x), (1.0, 0.0), (x[0], x)):
            ours, numpys = where(test, a, b), np.where(test, a, b)
            assert ours.dtype == numpys.dtype
            np.testing.assert_array_equal(ours, numpys)
            np.testing.assert_array_equal(np.signbit(ours), np.signbit(numpys))


@pytest.mark.parametrize("entry", ENTRIES)
def test_peers_compute_the_same(entry):
    x = np.random.default_rng(0).normal(0, 3, (7, 8)).astype(np.float32)
    for name, run in bench.peers(entry, x).items():
        np.testing.assert_allclose(run(), entry(x), rtol=1e-4, atol=1e-6, err_msg=name)


def test_the_table_of_peers_names_entries():
    assert bench.ARRAYS.keys() <= {entry.name for entry in actdocs.catalogue()}
