"""The catalogue's own promises: look-up, dtypes, shapes, parameters, errors, and one-place additions."""

from __future__ import annotations

import dataclasses
import re
import sys

import numpy as np
import pytest

import actdocs
from actdocs import catalogue as all_entries
from actdocs import get, palette
from actdocs.parameters import Axis, Choice, Number, Seed, Vector

catalogue = sys.modules["actdocs.catalogue"]
ENTRIES = [pytest.param(entry, id=entry.name) for entry in all_entries()]
ELEMENTWISE = [pytest.param(entry, id=entry.name) for entry in all_entries() if entry.elementwise]
ALONG_AN_AXIS = [pytest.param(entry, id=entry.name) for entry in all_entries() if not entry.elementwise]
SIMPLEX = [entry for entry in ALONG_AN_AXIS if entry.values[0].family == "simplex"]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_way_to_name_an_entry(entry):
    function = getattr(actdocs, entry.name)
    assert function is entry.function
    for identifier in (entry.name, entry.name.upper(), entry.name.replace("_", "-"), *entry.aliases, function, entry):
        assert get(identifier) is entry
    np.testing.assert_array_equal(function([0.5, -0.5]), entry([0.5, -0.5]))
    assert all([entry.summary, entry.title, entry.formula, entry.derivative_formula])


def test_catalogue_is_in_family_order():
    order = [list(palette.FAMILIES).index(entry.family) for entry in all_entries()]
    assert order == sorted(order)
    assert len({entry.name for entry in all_entries()}) == len(all_entries()) >= 13


def test_entries_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        get("relu").name = "other"
    with pytest.raises(TypeError):
        get("swish").parameters["beta"] = 2.0


def test_unknown_names_say_the_nearest():
    with pytest.raises(ValueError, match=r"got 'gleu'; nearest: glu, gelu"):
        get("gleu")
    with pytest.raises(ValueError, match="got 'qqqq'; known: acon_c, apl"):
        get("qqqq")
    with pytest.raises(ValueError, match="must be a function of the catalogue, got <ufunc 'tanh'>"):
        get(np.tanh)
    with pytest.raises(TypeError, match="got 3"):
        get(3)


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_shape_and_dtype_are_kept(entry, dtype):
    for shape in ((6,), (2, 4), (2, 1, 4)):
        x = np.linspace(-3, 3, int(np.prod(shape)), dtype=dtype).reshape(shape)
        before = x.copy()
        y = entry(x)
        kept = entry.elementwise or entry.family == "simplex"
        assert y.shape == (shape if kept else (*shape[:-1], y.shape[-1]))
        results = [(y, y), (entry.jvp(x, np.ones_like(x)), y), (entry.vjp(x, np.ones_like(y)), x)]
        results += [(entry.derivative(x), x)] if entry.elementwise else []
        for result, like in results:
            assert result.shape == like.shape
            assert result.dtype == dtype
        np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("entry", ENTRIES)
def test_other_inputs_become_float64(entry):
    expected = entry(np.array([-1.0, 0.0, 1.0, 2.0]))
    for x in ([-1, 0, 1, 2], (-1, 0, 1, 2), np.array([-1, 0, 1, 2], np.int8), np.array([[-1, 0, 1, 2]])[0]):
        result = entry(x)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, expected)
    assert entry(np.array([True, False])).dtype == np.float64


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_scalars_give_scalars(entry):
    assert type(entry(0.5)) is float
    assert type(entry(1)) is float
    assert type(entry(np.float32(0.5))) is np.float32
    assert type(entry.derivative(np.float16(0.5))) is np.float16
    assert np.ndim(entry(np.array(0.5))) == 0


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_empty_arrays_stay_empty(entry):
    for shape in ((0,), (3, 0)):
        assert entry(np.zeros(shape)).shape == entry.derivative(np.zeros(shape)).shape == shape


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize(
    ("x", "says"),
    [
        (np.array([1j, 2j]), "complex128"),
        (np.array(["1", "2"]), "<U1"),
        ("12", "<U2"),
        (np.array([None, 1], dtype=object), "object"),
        ([1.0, None], "object"),
        (np.array(["2026-01-01"], "datetime64[D]"), "datetime64"),
        (np.array([1, 2], np.longdouble), "longdouble|float128|float96"),
        (np.ma.array([1.0, 2.0], mask=[True, False]), "masked array"),
    ],
)
def test_wrong_dtypes_are_refused(entry, x, says):
    with pytest.raises(TypeError, match=rf"x must be real numbers .*got .*({says})"):
        entry(x)


@pytest.mark.parametrize("entry", ENTRIES)
def test_other_byte_orders_are_numbers_too(entry):
    x = np.array([0.5, -2.0])
    np.testing.assert_array_equal(entry(x.astype(">f8")), entry(x))
    assert entry(x.astype(">f4")).dtype == np.float32


@pytest.mark.parametrize("entry", ENTRIES)
def test_ragged_input_is_refused(entry):
    with pytest.raises(ValueError, match=r"x must be real numbers .* in a regular shape"):
        entry([[1.0, 2.0], [3.0]])


@pytest.mark.parametrize("entry", ENTRIES)
def test_unknown_parameters_are_refused(entry):
    with pytest.raises(TypeError, match=f"nonsense is not a parameter of {entry.name}; accepted: "):
        entry([1.0], nonsense=2)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.values[0].parameters])
def test_parameters_are_checked(entry):
    for name, domain in entry.domains.items():
        wrong = {
            Number: ["a", None, True, float("nan"), float("inf"), 10**400],
            Choice: ["no", 3],
            Axis: [1.5, "x", 7, -8, False],
            Vector: ["ab", 3, [], [1.0, "a"], [float("nan")], [1.0] * 99],
            Seed: [1.5, "x", -1, True],
        }
        values = wrong[type(domain)] + ([-0.5] if getattr(domain, "low", None) == 0 else [])
        values += [0] if getattr(domain, "above", None) == 0 else []
        if isinstance(domain, Vector) and not (domain.size or domain.like):
            values.pop()  # of any length, unless another parameter says which
        for value in values:
            for call in (entry, lambda x, entry=entry, **kw: entry.jvp(x, x, **kw), entry.function):
                with pytest.raises((TypeError, ValueError), match=f"{name} must be .*got {re.escape(repr(value))}"):
                    call(np.ones((2, 3)), **{name: value})


@pytest.mark.parametrize("entry", SIMPLEX)
def test_probabilities_add_up_to_one(entry):
    x = np.random.default_rng(0).normal(size=(3, 4, 5))
    for axis in (-3, -2, -1, 0, 1, 2):
        total = np.exp(entry(x, axis=axis)) if entry.name.startswith("log") else entry(x, axis=axis)
        np.testing.assert_allclose(total.sum(axis=axis), 1, rtol=1e-14)


@pytest.mark.parametrize("entry", ALONG_AN_AXIS)
def test_axis(entry):
    x = np.random.default_rng(0).normal(size=(2, 4, 6))
    for axis in (-3, -2, -1, 0, 1, 2):
        expected = np.moveaxis(entry(np.moveaxis(x, axis, -1)), -1, axis)
        np.testing.assert_array_equal(entry(x, axis=axis), expected)
    np.testing.assert_array_equal(entry(x, axis=np.int64(1)), entry.function(x, axis=1))
    with pytest.raises(ValueError, match=r"x must have at least one entry along axis 1, got shape \(3, 0\)"):
        entry(np.zeros((3, 0)), axis=1)
    assert entry(np.zeros((0, 4))).shape == (0, entry(np.zeros((1, 4))).shape[-1])
    with pytest.raises(ValueError, match=r"axis must be an axis of x, whose shape is \(\), got -1"):
        entry(1.0)
    with pytest.raises(TypeError, match="use jvp or vjp, not derivative"):
        entry.derivative(x)
    with pytest.raises(TypeError, match="can't be a hidden activation"):
        entry.keras()


@pytest.mark.parametrize("entry", ALONG_AN_AXIS)
def test_odd_lengths_have_no_halves(entry):
    if entry.domains["axis"].parts == 1:
        assert entry(np.zeros((2, 3))).shape[0] == 2
        return
    with pytest.raises(ValueError, match=r"x must have a multiple of 2 entries along axis -1, got shape \(2, 3\)"):
        entry(np.zeros((2, 3)))


@pytest.mark.parametrize("entry", ENTRIES)
def test_products_are_adjoint(entry):
    """The two products belong to one Jacobian: u · (J v) = (u J) · v; and J v is what a small step shows."""
    generator = np.random.default_rng(1)
    x, v = generator.normal(0, 2, (2, 2, 6)) + 0.01
    u = generator.normal(0, 2, entry(x).shape)
    left, right = np.sum(u * entry.jvp(x, v)), np.sum(entry.vjp(x, u) * v)
    assert left == pytest.approx(right, rel=1e-12, abs=1e-12)
    step = 1e-6
    np.testing.assert_allclose((entry(x + step * v) - entry(x - step * v)) / (2 * step), entry.jvp(x, v), atol=1e-8)
    with pytest.raises(ValueError, match=r"v must have the shape of x, \(2, 6\), got \(6,\)"):
        entry.jvp(x, v[0])
    of = "x" if u.shape == x.shape else rf"{entry.name}\(x\)"
    with pytest.raises(ValueError, match=rf"v must have the shape of {of}, {re.escape(str(u.shape))}, got \(1,\)"):
        entry.vjp(x, [1.0])


@pytest.fixture
def scratch(monkeypatch):
    """A catalogue that forgets what a test enters."""
    monkeypatch.setattr(catalogue, "_ENTRIES", dict(catalogue._ENTRIES))


DEMO = {
    "title": "Demo",
    "family": "rectifier",
    "definition": "x + a",
    "derivative_definition": "1",
    "value": lambda xp, x, a: x + a,
    "derivative": lambda xp, x, a: xp.ones_like(x),
    "bounds": actdocs.catalogue()[0].bounds,
    "lipschitz": 1.0,
}


def demo(x, a=2.0):
    """Add a number."""
    return get(demo)(x, a=a)


def test_adding_an_activation_takes_one_decorated_function(scratch):
    same = catalogue.activation(**DEMO, domains={"a": Number(low=1)}, aliases=("plus",))(demo)
    assert same is demo
    entry = get("plus")
    assert entry in all_entries()
    assert entry(1.0) == demo(1.0) == 3.0
    assert entry.summary == "Add a number."
    assert entry.color not in {"", None}
    assert actdocs.plot_function("demo").get_title(loc="left") == "Demo"


def test_wrong_entries_are_refused(scratch):
    enter = catalogue.activation
    with pytest.raises(ValueError, match=r"family must be one of linear, .*got 'weird'"):
        enter(**{**DEMO, "family": "weird"})
    with pytest.raises(ValueError, match=r"domains must name the parameters of demo, got \[\]"):
        enter(**DEMO)(demo)
    with pytest.raises(ValueError, match="'silu' is taken by swish"):
        enter(**DEMO, domains={"a": Number()}, aliases=("silu",))(demo)


def test_domains_say_what_they_accept():
    assert str(Number()) == "a finite number"
    assert str(Number(low=0, high=2)) == "a finite number of at least 0 and at most 2"
    assert str(Choice("a", "b")) == "'a' or 'b'"
    assert str(Axis()) == "an integer"
    with pytest.raises(ValueError, match="b must be a finite number of at most 1, got 2"):
        Number(high=1).check("b", 2)
