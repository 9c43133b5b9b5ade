"""The two plot functions draw what they say, and say what they draw."""

from __future__ import annotations

import functools
import itertools
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest

import actdocs
from actdocs.expressions import second_derivative
from actdocs.plotting import (
    STYLE,
    label_lines,
    plot_comparison,
    plot_curves,
    plot_function,
    plot_function_and_derivative,
    plot_portrait,
)
from actdocs.statistics import paired_differences

ELEMENTWISE = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if entry.elementwise]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def curve(axes, style="-"):
    """Give the longest line of a style."""
    lines = [line for line in axes.lines if line.get_linestyle() == style and len(line.get_xdata()) > 2]
    return lines[-1]


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_value_and_derivative_are_the_catalogues(entry):
    axes = plot_function_and_derivative(entry.function, (-4, 4))
    value, slope = curve(axes, "-"), curve(axes, "--")
    x = value.get_xdata()
    assert 0.0 in x
    assert (x[0], x[-1]) == (-4, 4)
    for line, expected in ((value, entry(x)), (slope, entry.derivative(x))):
        drawn = line.get_ydata()
        gaps = np.isnan(drawn)
        assert gaps.sum() <= len(entry.kinks)
        np.testing.assert_array_equal(drawn[~gaps], expected[~gaps])
        assert line.get_color() == entry.color
    assert entry.title in axes.figure.get_label()
    assert axes.get_title(loc="left") == entry.title
    assert [text.get_text() for text in axes.texts if text.get_text() == "f′"]


def test_names_parameters_and_partials():
    titles = [
        plot_function("silu", beta=2.0).get_title(loc="left"),
        plot_function(functools.partial(actdocs.leaky_relu, alpha=0.1)).get_title(loc="left"),
        plot_function(actdocs.get("relu"), title="Mine").get_title(loc="left"),
        plot_function(np.sin).get_title(loc="left"),
        plot_function(lambda x: x**2).get_title(loc="left"),
    ]
    assert titles == ["Swish (SiLU) (beta=2.0)", "Leaky ReLU (alpha=0.1)", "Mine", "sin", "f"]


def test_other_functions_say_that_their_derivative_is_estimated():
    axes = plot_function_and_derivative(np.sin, (-3, 3))
    slope = curve(axes, "--")
    np.testing.assert_allclose(slope.get_ydata(), np.cos(slope.get_xdata()), atol=1e-9)
    assert "f′ (finite differences)" in [text.get_text() for text in axes.texts]


def test_minimum_and_asymptotes_are_marked():
    mish = actdocs.get("mish")
    marks = [line for line in plot_function("mish").lines if line.get_marker() == "o"]
    assert marks[0].get_xydata()[0] == pytest.approx(mish.minimum, rel=1e-15)
    levels = {line.get_ydata()[0] for line in plot_function("tanh").lines if line.get_linestyle() == ":"}
    assert levels == {-1.0, 1.0}


@pytest.mark.parametrize("entry", ELEMENTWISE)
def test_a_portrait_draws_value_derivative_and_second_derivative_of_the_catalogue(entry):
    figure = plot_portrait(entry)
    drawn = {line.get_label(): line for ax in figure.axes for line in ax.lines}
    for label, style, function in (
        ("f", "-", entry),
        ("f′", "--", entry.derivative),
        ("f″", ":", functools.partial(second_derivative, entry)),
    ):
        if label not in drawn:
            assert label == "f″"
            assert "Second derivative: 0 wherever there is one." in figure.get_label()
            continue
        x, y = drawn[label].get_data()
        seen = np.isfinite(x) & np.isfinite(y)
        assert seen.sum() > 100
        np.testing.assert_array_equal(y[seen], function(x[seen]))
        assert (drawn[label].get_linestyle(), drawn[label].get_color()) == (style, entry.color)
    assert sorted(text.get_text() for ax in figure.axes for text in ax.texts) == sorted(
        label for label in drawn if not label.startswith("_")
    )


def test_the_window_of_a_portrait_holds_every_kink_and_few_hills():
    windows = {name: plot_portrait(name).axes[0].get_xlim()[1] for name in ("tanh", "relu6")}
    windows["sine"] = plot_portrait("sine", omega=30.0).axes[0].get_xlim()[1]
    assert windows["tanh"] == 5
    assert windows["relu6"] == 7.5
    assert windows["sine"] == 5 / 2**3


def test_a_large_derivative_has_a_panel_of_its_own():
    assert len(plot_portrait("swish").axes) == 1
    panels = [
        [line.get_label() for line in ax.lines if line.get_label()[0] == "f"]
        for ax in plot_portrait("swish", beta=40.0).axes
    ]
    assert panels == [["f", "f′"], ["f″"]]


def test_a_portrait_names_its_landmarks():
    assert "Approaches y = 0 on the left and y = 0.6931x on the right." in plot_portrait("logish").get_label()
    assert "Kinks at x = -3 and 3. Lowest point -0.375 at x = -1.5." in plot_portrait("hard_silu").get_label()
    assert "Approaches" not in plot_portrait("sine").get_label()
    marks = [line for line in plot_portrait("sine").axes[0].lines if line.get_marker() == "o"]
    np.testing.assert_allclose(marks[0].get_xdata(), np.pi * np.array([-1.5, -0.5, 0.5, 1.5]), atol=1e-6)


def test_no_flank_is_drawn_where_a_portrait_jumps():
    _, y = next(line for line in plot_portrait("sign").axes[0].lines if line.get_label() == "f").get_data()
    assert set(np.diff(y)[np.isfinite(np.diff(y))]) == {0.0}


def test_functions_along_an_axis_show_what_they_do_to_scores_and_gates():
    softmax = plot_portrait("softmax").axes
    x, y = softmax[0].lines[-2].get_data()
    np.testing.assert_allclose(y, actdocs.sigmoid(x))
    assert sum(bar.get_height() for bar in softmax[1].patches) == pytest.approx(1)
    glu = plot_portrait("glu")
    assert [text.get_text() for text in glu.axes[0].texts] == ["b = -2", "b = 1", "b = 2"]
    assert "the 2 outputs of one score" in plot_portrait("crelu").get_label()


def test_a_portrait_of_chance_is_the_same_each_time():
    first, second = (plot_portrait("gumbel_softmax", seed=None).get_label() for _ in range(2))
    assert first == second
    assert first.count("in another draw") == 4


def test_wrong_portraits_are_refused():
    with pytest.raises(ValueError, match="nearest: relu"):
        plot_portrait("rellu")
    with pytest.raises(TypeError, match="alpha is not a parameter of relu"):
        plot_portrait("relu", alpha=1.0)


def test_text_alternatives_add_up_on_a_shared_figure():
    figure, axes = plt.subplots(1, 2)
    for ax, name in zip(axes, ("relu", "tanh"), strict=True):
        assert plot_function(name, ax=ax) is ax
    assert figure.get_label().startswith("ReLU for x from -5 to 5")
    assert "Tanh for x from -5 to 5: from -1 at the left to 1 at the right" in figure.get_label()


def test_labels_at_lines_do_not_overlap():
    _, axes = plt.subplots()
    for i in range(6):
        axes.plot([0, 1], [0, 1 + 0.001 * i], label=f"line {i}")
    axes.plot([0, 1], [0, 5], label="_hidden")
    label_lines(axes)
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 6
    heights = sorted((box.y0, box.y1) for box in boxes)
    assert all(low[1] <= high[0] + 1 for low, high in itertools.pairwise(heights))


def test_the_readers_own_style_is_left_alone():
    before = dict(plt.rcParams)
    plot_function("relu")
    assert dict(plt.rcParams) == before
    assert set(STYLE) <= set(plt.rcParams)


@pytest.mark.parametrize("x_range", [(5, -5), (0, 0), (0, np.inf), (np.nan, 1), (1,), 3, ("a", "b"), None])
def test_wrong_ranges_are_refused(x_range):
    with pytest.raises(ValueError, match="x_range must be two finite numbers, the smaller one first, got"):
        plot_function("relu", x_range)


def test_wrong_functions_are_refused():
    with pytest.raises(TypeError, match="func must be a function of one number, got softmax, which needs an axis"):
        plot_function("softmax")
    with pytest.raises(ValueError, match="nearest: relu"):
        plot_function("rellu")
    with pytest.raises(ValueError, match=r"func must keep the shape of its input, got \(\) for \(2001,\) from sum"):
        plot_function(np.sum)


def test_missing_matplotlib_says_what_to_install():
    code = "import sys; sys.modules['matplotlib.pyplot'] = None; import actdocs; actdocs.plot_function('relu')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'ImportError: plots need Matplotlib: pip install "actdocs[plot]"' in run.stderr


def test_curves_show_mean_and_range():
    rows = {"relu": [[1, 4, 7], [3, 4, 5]], "tanh": [[0, 1, 2], [2, 3, 4]]}
    axes = plot_curves(rows, "loss")
    means = {str(line.get_label()): line.get_ydata().tolist() for line in axes.lines}
    assert means == {"ReLU": [2, 4, 6], "Tanh": [1, 2, 3]}
    low, high = axes.collections[0].get_paths()[0].get_extents().intervaly
    assert (low, high) == (1, 7)
    assert "Tanh from 1.0 to 3.0, at the end 2.0 to 4.0" in axes.figure.get_label()
    with pytest.raises(ValueError, match="nearest: relu"):
        plot_curves({"rellu": [[1, 2]]}, "loss")


def test_comparison_shows_each_seed_and_each_pair():
    results = {"relu": [1.0, 2.0, 3.0], "tanh": [1.0, 1.5, 2.0], "elu": [0.0, 0.0, 0.5]}
    figure = plot_comparison(results, "score")
    left, right = figure.axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["ReLU", "Tanh", "ELU"]
    assert [label.get_text() for label in right.get_yticklabels()] == ["ReLU − Tanh", "ReLU − ELU", "Tanh − ELU"]
    assert list(left.lines[0].get_xdata()) == results["relu"]
    bars = [
        list(line.get_xdata()) for line in right.lines if len(line.get_xdata()) == 2 and line.get_marker() == "None"
    ]
    expected = [[pair.low, pair.high] for pair in paired_differences(results)]
    assert bars[:3] == expected
    assert "ReLU 2.00 (" in figure.get_label()
