"""Intervals against SciPy's own tests, coverage by simulation, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from actdocs.statistics import interval, paired_differences, single_seeds


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


def test_the_test_is_scipys_times_the_pairs_and_agrees_with_the_interval():
    generator = np.random.default_rng(1)
    for shift in (0.0, 0.5, 0.9, 1.2, 3.0):
        results = {name: generator.normal(shift * (name == "a"), 1, 12) for name in "abc"}
        for difference in paired_differences(results):
            own = stats.ttest_rel(results[difference.first], results[difference.second]).pvalue
            assert difference.p_value == pytest.approx(min(1, 3 * own), rel=1e-9)
            assert (difference.p_value < 0.05) == (difference.ahead is not None)


def test_comparisons_with_one_are_corrected_for_those_alone():
    generator = np.random.default_rng(3)
    results = {name: generator.normal(0, 1, 12) for name in "abcd"}
    found = paired_differences(results, against="b")
    assert [(difference.first, difference.second) for difference in found] == [("a", "b"), ("c", "b"), ("d", "b")]
    for difference in found:
        test = stats.ttest_rel(results[difference.first], results["b"])
        ends = test.confidence_interval(1 - 0.05 / 3)
        assert (difference.low, difference.high) == pytest.approx((ends.low, ends.high), rel=1e-9)
        assert difference.p_value == pytest.approx(min(1, 3 * test.pvalue), rel=1e-9)
    widths = {(d.first, d.second): d.high - d.low for d in paired_differences(results)}
    assert all(d.high - d.low < widths[tuple(sorted((d.first, d.second)))] for d in found)
    (small,) = paired_differences({"a": [0.1, 0.2], "b": [0.3, 0.4001]}, better="smaller", against="a")
    assert (small.first, small.ahead) == ("b", "a")
    with pytest.raises(ValueError, match="against must be 'a' or 'b' or 'c' or 'd', got 'e'"):
        paired_differences(results, against="e")


def test_the_effect_is_unbiased():
    generator = np.random.default_rng(2)
    draws = generator.normal(0.5, 1, (4000, 8))
    effects = [paired_differences({"a": draw, "b": np.zeros(8)})[0].effect for draw in draws]
    assert np.mean(effects) == pytest.approx(0.5, abs=3 * np.std(effects) / math.sqrt(4000))
    assert paired_differences({"a": [2.0, 3.0], "b": [1.0, 2.0]})[0].effect == math.inf


def test_smaller_losses_are_better():
    (found,) = paired_differences({"a": [0.1, 0.2, 0.1], "b": [0.5, 0.6, 0.51]}, better="smaller")
    assert (found.ahead, found.verdict) == ("a", "better")
    assert found.sentence().startswith("a is better than b by 0.40 (95 % interval")
    (other,) = paired_differences({"b": [0.5, 0.6, 0.51], "a": [0.1, 0.2, 0.1]}, better="smaller")
    assert (other.ahead, other.verdict) == ("a", "worse")
    (same,) = paired_differences({"a": [0.1, 0.2, 0.3], "b": [0.3, 0.2, 0.1]}, 0.9)
    assert same.sentence(" points", 100, 1) == (
        "a and b are not distinguishable with 3 seeds: the difference is -33.7 to +33.7 points (90 % interval)."
    )
    with pytest.raises(ValueError, match="better must be 'larger' or 'smaller', got 'higher'"):
        paired_differences({"a": [1.0, 2.0], "b": [1.0, 3.0]}, better="higher")


def test_single_seeds_that_mislead_are_counted():
    found = single_seeds({"a": [1, 2, 3, 3], "b": [0, 3, 1, 3], "c": [-1, -1, 2, -5]})
    assert found.ranking == ("a", "b", "c")
    assert (found.other_ranking, found.other_winner, found.seeds) == (0.75, 0.5, 4)
    assert single_seeds({"a": [1, 2], "b": [2, 3]}, better="smaller").ranking == ("a", "b")
    for wrong in ({"a": [1]}, {"a": [1, 2], "b": [1]}, {"a": [1, math.nan], "b": [1, 2]}, {"a": 1, "b": 2}):
        with pytest.raises(ValueError, match="results must be"):
            single_seeds(wrong)
