"""Intervals against SciPy's own tests, coverage by simulation, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from actdocs.statistics import interval, paired_differences


@pytest.mark.parametrize("seeds", [2, 3, 8, 30])
def test_interval_is_students(seeds):
    values = np.random.default_rng(seeds).normal(5, 2, seeds)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    assert interval(values, 0.9) == pytest.approx((values.mean(), expected.low, expected.high), rel=1e-12)


def test_differences_are_paired_and_hold_together():
    """With no true difference, some interval of three leaves zero out in about one case of twenty, or less."""
    generator = np.random.default_rng(0)
    false_alarms = 0
    for _ in range(400):
        shared = generator.normal(0, 10, 6)
        results = {name: shared + generator.normal(0, 1, 6) for name in "abc"}
        false_alarms += any(difference.ahead for difference in paired_differences(results))
    assert false_alarms / 400 < 0.07
    clear = {"a": shared, "b": shared + 1 + generator.normal(0, 0.1, 6)}
    (difference,) = paired_differences(clear)
    assert difference.ahead == "b"
    assert "b is ahead" in str(difference)
    assert difference.low < difference.mean < difference.high < 0
    assert str(paired_differences({"a": shared, "b": shared[::-1]})[0]).endswith("not distinguishable with 6 seeds")
    assert paired_differences({"b": clear["b"], "a": clear["a"]})[0].ahead == "b"


@pytest.mark.parametrize("values", [[1.0], [], [1.0, np.nan], [[1.0, 2.0]], 3.0])
def test_too_little_is_refused(values):
    with pytest.raises(ValueError, match="values must be at least two finite numbers, one a seed, got"):
        interval(values)


def test_wrong_arguments_are_refused():
    for confidence in (0, 1, 1.5, float("nan")):
        with pytest.raises(ValueError, match=f"confidence must be .*got {confidence}"):
            interval([1.0, 2.0], confidence)
    for results in ({"a": [1, 2]}, {"a": [1, 2], "b": [1, 2, 3]}):
        with pytest.raises(ValueError, match="results must be at least two activations"):
            paired_differences(results)


@pytest.mark.parametrize("confidence", [0, 1, 1.5, -1, math.nan])
def test_paired_differences_check_their_confidence(confidence):
    with pytest.raises(ValueError, match=f"confidence must be .*, got {confidence}"):
        paired_differences({"a": [1.0, 2.0], "b": [2.0, 4.0]}, confidence)
