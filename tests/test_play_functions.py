"""The catalogue in JavaScript against the catalogue: values and two derivatives, in double precision."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
from scripts import run

import actdocs
from actdocs.expressions import PRIMITIVES, Dual, dual, evaluate
from actdocs.primitives import DOUBLE, EXTENDED
from extensions import javascript

ENTRIES = [entry for entry in actdocs.catalogue() if entry.elementwise]
NEAR = np.geomspace(1e-8, 0.1, 8)
GRID = np.unique([*np.linspace(-8, 8, 257), *NEAR, *-NEAR, *(10.0, 20.0, 30.0, 40.0), *(-10.0, -20.0, -30.0, -40.0)])


def named(entry: actdocs.Activation, p: list[float]) -> dict[str, Any]:
    """Give parameters by name that the script has as numbers in order."""
    left = iter(p)
    found: dict[str, Any] = {}
    for name, value in entry.parameters.items():
        if isinstance(value, tuple):
            found[name] = tuple(next(left) for _ in value)
        elif isinstance(value, str):
            found[name] = entry.domains[name].words[int(next(left))]
        else:
            found[name] = next(left)
    return found


def settings(entry: actdocs.Activation) -> list[list[float]]:
    """Give the defaults, and each parameter at both ends of its slider."""
    rows = javascript.parameters(entry)
    default = [row["value"] for row in rows]
    found = [default]
    for place, row in enumerate(rows):
        for end in (row["from"], row["to"]):
            moved = [*default[:place], end, *default[place + 1 :]]
            tied = row.get("most")
            if tied is not None and moved[tied] < end:
                moved[tied] = end
            for other, one in enumerate(rows):
                if one.get("most") == place and moved[other] > end:
                    moved[other] = end
            found.append(moved)
    return found


CASES = [(entry, p) for entry in ENTRIES for p in settings(entry)]


@pytest.fixture(scope="module")
def computed() -> dict[tuple[str, tuple[float, ...]], list[np.ndarray]]:
    code = """
      const z = Float64Array.from(given.grid);
      return given.cases.map(([name, p]) => {
        const made = [0, 1, 2].map(() => new Float64Array(z.length));
        actdocs.functions[name].both(z, made[0], made[1], z.length, p);
        actdocs.functions[name].second(z, made[2], z.length, p);
        return made;
      });"""
    rows = run(code, {"grid": GRID.tolist(), "cases": [(entry.name, p) for entry, p in CASES]})
    return {
        (entry.name, tuple(p)): [np.array([float(x) for x in row]) for row in made]
        for (entry, p), made in zip(CASES, rows, strict=True)
    }


def wrong(got: np.ndarray, want: np.ndarray, absolute: np.ndarray | float = 0.0) -> list[str]:
    """List the places where a number is off by more than 1e-12 of itself, and by more than an absolute error."""
    with np.errstate(all="ignore"):
        close = np.abs(got - want) <= np.maximum(1e-12 * np.abs(want), absolute)
    same = (got == want) | (np.isnan(got) & np.isnan(want)) | close
    return [f"x = {x:g}: {a!r}, not {b!r}" for x, a, b in zip(GRID[~same], got[~same], want[~same], strict=True)]


# Close to a zero of its own, a sum of terms of size 1 can't be known to more than their rounding; nor can what is
# below the normal numbers. In the tails every digit counts.
def rounding(want: np.ndarray) -> np.ndarray:
    return np.where(np.abs(want) > 1e-6, 2e-15, 1e-290)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_values_and_slopes_are_those_of_the_catalogue(entry, computed):
    for p in settings(entry):
        value, slope, _ = computed[entry.name, tuple(p)]
        given = named(entry, p)
        wanted = entry(GRID, **given)
        assert not wrong(value, wanted, rounding(wanted)), given
        wanted = entry.derivative(GRID, **given)
        assert not wrong(slope, wanted, rounding(wanted)), given


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_values_at_the_defaults_need_no_allowance(entry, computed):
    assert not wrong(computed[entry.name, tuple(settings(entry)[0])][0], entry(GRID))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_second_derivatives_are_those_of_the_derivative(entry, computed):
    """By dual numbers in extended precision, over the same formula of the derivative."""
    if np.finfo(np.longdouble).eps > 1e-18:
        pytest.skip("this machine has no extended precision to compare with")
    number, x = EXTENDED["number"], np.asarray(GRID, np.longdouble)
    formula = javascript.derivative_definition(entry)
    for p in settings(entry):
        values = entry.check(**named(entry, p))
        lifted = {
            name: [number(one) for one in value]
            if isinstance(value, tuple)
            else value
            if isinstance(value, str)
            else number(value)
            for name, value in values.items()
        }
        with np.errstate(all="ignore"):
            found = evaluate(formula, dual(EXTENDED), x=Dual(x, np.ones_like(x)), **lifted)
        slope = found.slope if isinstance(found, Dual) else 0.0
        wanted = np.broadcast_to(slope, GRID.shape).astype(np.float64)
        # What it is made of: terms as large as the derivative's, once or twice divided by x.
        assert not wrong(computed[entry.name, tuple(p)][2], wanted, 1e-14), values


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_second_derivatives_are_the_slopes_of_the_slopes(entry, computed):
    """By central differences, which know no formula; away from kinks."""
    if not entry.smoothness >= 1 and not entry.kinks:
        pytest.skip("no kink is on record")
    step = 1e-5
    clear = (np.abs(GRID) <= 8) & np.all([np.abs(GRID - kink) > 1e-3 for kink in (*entry.kinks, 0.0)], axis=0)
    joints = np.isin(GRID, np.round(GRID * 2) / 2)  # where pieces meet that have the same slope
    x = GRID[clear & ~joints]
    wanted = (entry.derivative(x + step) - entry.derivative(x - step)) / (2 * step)
    got = computed[entry.name, tuple(settings(entry)[0])][2][clear & ~joints]
    np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-6)


def test_moments_are_those_that_quadrature_finds():
    from scipy.integrate import quad

    code = """return given.map((name) => {
      const entry = actdocs.functions[name];
      return actdocs.moments(entry, entry.parameters.map((one) => one.value));
    });"""
    found = run(code, [entry.name for entry in ENTRIES])
    for entry, made in zip(ENTRIES, found, strict=True):
        ends = sorted({-12.0, 12.0, 0.0, *entry.kinks})

        def expected(function, ends=ends):
            def weighed(x):
                return function(x) * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

            return sum(quad(weighed, a, b, epsabs=1e-13, limit=200)[0] for a, b in itertools.pairwise(ends))

        assert made["mean"] == pytest.approx(expected(entry), abs=2e-6), entry.name
        square = expected(lambda x, entry=entry: entry(x) ** 2)
        assert made["square"] == pytest.approx(square, rel=2e-6), entry.name
        assert made["slope"] == pytest.approx(expected(lambda x, entry=entry: entry.derivative(x) ** 2), rel=2e-6), (
            entry.name
        )
        assert made["forward"] == pytest.approx(1 / math.sqrt(square), rel=2e-6)


def test_arrays_may_be_overwritten():
    code = """
      return Object.values(actdocs.functions).map((entry) => {
        const p = entry.parameters.map((one) => one.value);
        const z = Float64Array.from([-2, -0.5, 0, 0.5, 2]);
        const [apart, slope, same] = [new Float64Array(5), new Float64Array(5), z.slice()];
        entry.both(z, apart, slope, 5, p);
        entry.both(same, same, new Float64Array(5), 5, p);
        return apart.every((value, k) => value === same[k]);
      });"""
    assert run(code) == [True] * len(ENTRIES)


def test_what_is_written_is_a_plain_script_that_evaluates_no_text():
    text = javascript.functions(actdocs.catalogue())
    assert not re.search(r"\beval\b|\bFunction\b|`", text)
    assert text.count("add(") == len(ENTRIES)


def test_every_primitive_has_its_script():
    assert set(PRIMITIVES) <= javascript.TERMS.keys()
    x = javascript.X
    called = [javascript.TERMS[name](*[x] * (2 if name in ("max", "min") else 1)) for name in PRIMITIVES]
    texts = ", ".join(term.text.format("x", "x") for term in called)
    code = f"const [M, N, x] = [Math, actdocs.numbers, 0.3]; return [{texts}];"
    wanted = [float(DOUBLE[name](*[np.float64(0.3)] * (2 if name in ("max", "min") else 1))) for name in PRIMITIVES]
    assert run(code) == pytest.approx(wanted, rel=1e-14)


def test_equal_terms_are_one():
    x = javascript.X
    assert x * x + 1 is x * x + 1
    assert javascript.write((x - 1) - (x - 2), {}) == "x - 1 - (x - 2)"
    assert javascript.write(-(x + 1) * 2, {}) == "2 * -(x + 1)"
    assert javascript.write(1 / (x / 2), {}) == "1 / (x / 2)"
    assert (x * 0).value == 0
    assert (x + 0) is x
