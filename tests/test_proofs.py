"""Every recorded fact is found again by interval arithmetic; a wrong one of any kind is named."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flint import arb, ctx
from oracle import ball

import actdocs
from actdocs import proofs
from actdocs.balls import BALLS, at
from actdocs.expressions import Dual, dual, evaluate, second_derivative
from actdocs.intervals import INTERVALS, Interval

ELEMENTWISE = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if entry.elementwise]


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_recorded_facts_are_what_is_found(entry):
    assert proofs.check(entry) == []


@pytest.mark.parametrize(
    ("name", "fact", "wrong"),
    [
        ("gelu", "bounds", actdocs.get("relu").bounds),
        ("sigmoid", "bounds", actdocs.get("sigmoid").bounds._replace(high_attained=True)),
        ("tanh", "limits", (-1.0, math.inf)),
        ("swish", "lipschitz", 1.1),
        ("mish", "monotonic", True),
        ("relu6", "kinks", (0.0,)),
        ("elu", "smoothness", math.inf),
        ("gelu", "minimum", (-0.75, -0.16997120747990366)),
    ],
)
def test_a_wrong_fact_is_named_with_its_function(name, fact, wrong):
    problems = proofs.check(dataclasses.replace(actdocs.get(name), **{fact: wrong}))
    assert len(problems) == 1
    assert problems[0].startswith(f"{name}: {fact} is recorded as ")


def test_a_wrong_derivative_contradicts_the_facts():
    wrong = dataclasses.replace(actdocs.get("tanh"), derivative_definition="2 * sech(x) ** 2")
    assert proofs.check(wrong) == ["tanh: lipschitz is recorded as 1.0, but found to be 2.0"]


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("gelu", "range", r"$[-0.16997121, \infty)$"),
        ("gelu", "convex", r"concave on $(-\infty, -1.4142136]$, convex on $[-1.4142136, 1.4142136]$ and concave on"),
        ("relu", "convex", r"convex on $(-\infty, \infty)$"),
        ("relu", "kinks", "at $0$: slope $0$ before, $1$ after, $0$ there by convention"),
        ("elu", "smoothness", "1 continuous derivative; the next one jumps at $0$"),
        ("elu", "asymptotes", "$y = -1$ on the left, $y = x$ on the right"),
        ("tanh", "zeros", "$0$"),
        ("sigmoid", "fixed_points", "$0.65904607$"),
        ("sigmoid", "parity", r"symmetric about the point $(0, \tfrac{1}{2})$"),
        ("tanh", "parity", "odd"),
        ("relu", "saturation", r"left: the slope is 0 for $x \le 0$; right: none"),
        ("swish", "extrema", "minimum $-0.27846454$ at $x = -1.2784645$"),
        ("binary_step", "lipschitz", "none: the value jumps"),
        ("relu", "moments", "mean $0.398942$, variance $0.340845$"),
        ("relu", "gain", "$1.41421$; the mean square of the slope is $0.5$"),
    ],
)
def test_facts_in_words(name, kind, text):
    found = {fact.kind: fact for fact in proofs.facts(actdocs.get(name))}
    assert list(found) == list(proofs.KINDS)
    assert found[kind].text.startswith(text)


def test_functions_along_an_axis_have_the_facts_that_make_sense_there():
    assert [fact.kind for fact in proofs.facts(actdocs.get("softmax"))] == ["range", "lipschitz"]


@pytest.mark.parametrize("name", sorted(set(INTERVALS) & set(BALLS) - {"choose", "number", "pi", "power", "where"}))
def test_intervals_enclose_the_values_inside(name):
    """Each value inside lies in the enclosure; an interval stands for its inside, so that its ends are left out."""
    pair = name in {"max", "min"}
    for low in (-1e300, -800.0, -3.0, -0.5, 0.0, 0.25, 2.0, 700.0, 1e250):
        if name in {"log", "log1p", "sqrt"} and low < 0:
            continue
        for width in (1e-9, 0.7, 40.0, 1e200):
            ctx.prec = 2500
            ends = arb(low), arb(low) + arb(width)
            x = Interval(*ends)
            ctx.prec = 96
            enclosure = INTERVALS[name](x, Interval.of(1)) if pair else INTERVALS[name](x)
            for part in (1, 17, 32, 50, 63):
                ctx.prec = 2500
                point = ends[0] + (ends[1] - ends[0]) * part / 64
                value = BALLS[name](point, arb(1)) if pair else BALLS[name](point)
                if value.is_finite():
                    assert value.upper() >= enclosure.low, (point, name)
                    assert value.lower() <= enclosure.high, (point, name)


def test_arithmetic_on_intervals():
    a, b = Interval.of(-2, 3), Interval.of(4, 5)
    assert (a * b).contains(-10)
    assert (a - b).contains(-7)
    assert (b / a).contains(1e300)
    assert (b / -b).contains(-1)
    assert (1 / b).contains(0.25)
    assert (3 - b).contains(-2)
    assert (a < b, b < a, a > 3, a >= 5, a < 0) == (True, False, False, False, None)
    assert (Interval.of(1) <= 1, Interval.of(1) < 1) == (True, False)


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_the_derivative_is_what_dual_numbers_make_of_the_definition(entry):
    """Automatic differentiation of the definition, in balls, agrees with the derivative's own formula."""
    names = {**BALLS, "pi": arb.pi()}
    exact = {
        name: [arb(v) for v in value] if isinstance(value, tuple) else arb(value) if isinstance(value, float) else value
        for name, value in entry.parameters.items()
    }
    joints = [float(joint) for joint in proofs.Study(entry).joints]
    for x in (-30.3, -4.7, -1.9, -0.83, -0.11, 0.07, 0.6, 1.7, 5.3, 28.9):
        if min((abs(x - joint) for joint in joints), default=1.0) < 1e-6:
            continue
        stated = ball(entry.derivative_definition, x=x, **entry.parameters)
        found = evaluate(entry.definition, dual(names), x=Dual(arb(x), arb(1)), **exact)
        slope = found.slope if isinstance(found, Dual) else arb(0)
        assert abs(float((arb(slope) - stated).mid())) <= 1e-16 * max(1.0, abs(float(stated.mid()))), (entry.name, x)
        assert at(entry.definition, x=x, **entry.parameters).overlaps(found.value if isinstance(found, Dual) else found)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("snake", "fixed_points", r"$-9.424778$, $-6.2831853$, $-\pi$, $0$, $\pi$, $6.2831853$ and $9.424778$ (within"),
        ("gcu", "fixed_points", "$-6.2831853$, $0$ and $6.2831853$ (within"),
        ("bent_identity", "fixed_points", "$0$"),
        ("tanhexp", "fixed_points", "$0$"),
        ("xielu", "fixed_points", r"$0$ and $\tfrac{5}{8}$"),
        ("hard_silu", "fixed_points", r"$0$ and all of $[3, \infty)$"),
        ("hard_shrink", "fixed_points", r"$0$, all of $(-\infty, -\tfrac{1}{2})$ and all of $(\tfrac{1}{2}, \infty)$"),
        ("thresholded_relu", "fixed_points", r"$0$ and all of $(1, \infty)$"),
        ("binary_step", "zeros", r"all of $(-\infty, 0)$"),
        ("hard_tanh", "saturation", "left: the slope is 0 for $x < -1$; right: the slope is 0 for $x > 1$"),
        ("sinc", "saturation", r"left: $|f'| < 0.01$ for $x \le -100$"),
        ("sinc", "parity", "even"),
        ("lisht", "extrema", "minimum $0$ at $x = 0$"),
        ("phish", "extrema", "maximum $0.16465897$ at $x = -1.1954312$ and minimum $0$ at $x = 0$"),
    ],
)
def test_facts_that_are_easy_to_get_wrong(name, kind, text):
    """Double roots, ends at jumps, tails too small to see, and functions that swing."""
    found = {fact.kind: fact for fact in proofs.facts(actdocs.get(name))}[kind].text
    assert found.startswith(text)
    assert "(within" in found or found == text or kind == "saturation"


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_zero_is_among_the_roots_where_the_function_is_zero_there(entry):
    found = {fact.kind: fact.value for fact in proofs.facts(entry)}
    for kind in ("zeros", "fixed_points"):
        stretches = [(row["low"], row["high"]) for row in found[kind]["stretches"]]
        listed = 0.0 in found[kind]["points"] or any(low <= 0 <= high for low, high in stretches)
        ends = any(0 in ends for ends in stretches)
        assert listed == (entry(0.0) == 0) or ends, (entry.name, kind)
        for point in found[kind]["points"]:
            value = entry(point) - point * (kind == "fixed_points")
            assert abs(value) <= 1e-14 * max(1.0, abs(point)), (entry.name, kind, point)


def test_a_range_that_rests_on_a_limit_says_how_far_it_is_proved():
    softplus, sigmoid = (proofs.facts(actdocs.get(name))[0] for name in ("softplus", "sigmoid"))
    assert (softplus.kind, softplus.scope) == ("range", r"for $|x| \le 2^{1024}$; checked beyond")
    assert (sigmoid.kind, sigmoid.proved, sigmoid.scope) == ("range", True, "")


@pytest.mark.parametrize(
    ("definition", "derivative", "expected"),
    [
        (
            "sign(x) * log(abs(x) + sqrt(x * x + 1))",
            "1 / sqrt(x * x + 1)",
            {"range": r"$(-\infty, \infty)$", "limits": r"$-\infty$ for", "zeros": "$0$", "asymptotes": "none on"},
        ),
        ("max(x - 200, 0)", "sign(max(x - 200, 0))", {"kinks": "at $200$: slope $0$ before, $1$ after"}),
        (
            "sign(x) * sqrt(abs(x))",
            "1 / (2 * sqrt(abs(x)))",
            {
                "smoothness": "continuous, with kinks",
                "lipschitz": "none: the slope",
                "fixed_points": "$-1$, $0$ and $1",
            },
        ),
        ("0 * x + 3", "0 * x", {"parity": "even", "range": "$[3, 3]$", "fixed_points": "$3$"}),
        ("x + (x - 2) * (x - 2)", "1 + 2 * (x - 2)", {"fixed_points": "$2$", "zeros": "none"}),
    ],
)
def test_functions_made_to_be_hard(definition, derivative, expected):
    identity = actdocs.get("identity")
    made = dataclasses.replace(identity, name="made", definition=definition, derivative_definition=derivative)
    found = {fact.kind: fact.text for fact in proofs.facts(made)}
    for kind, text in expected.items():
        assert found[kind].startswith(text), (kind, found[kind])


def test_only_element_wise_functions_have_a_study():
    for call in (proofs.check, lambda name: second_derivative(actdocs.get(name), [0.0])):
        with pytest.raises(TypeError, match="entry must be element-wise, got softmax, which mixes its inputs"):
            call("softmax")
    assert proofs.facts("relu") == proofs.facts(actdocs.get("relu"))
    assert proofs.check("relu") == []
