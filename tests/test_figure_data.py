"""The table behind a figure: what is drawn comes back as numbers, under names that a reader knows."""

from __future__ import annotations

import csv
import io
import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import actdocs
from extensions import figure_data
from extensions.figures import svg


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def rows(axes):
    return list(csv.DictReader(io.StringIO(figure_data.table(axes.figure))))


def test_a_curve_comes_back_point_by_point_under_its_label(axes):
    axes.plot([0, 1, 2], [0.5, np.nan, 1 / 3], label="loss")
    axes.axhline(0.1)
    axes.axvspan(0, 1)
    assert rows(axes) == [{"series": "loss", "x": "0", "y": "0.5"}, {"series": "loss", "x": "2", "y": "0.333333"}]


def test_a_fine_curve_is_thinned_and_keeps_its_ends(axes):
    axes.plot(np.linspace(-5, 5, 12_345), np.arange(12_345), label="fine")
    found = rows(axes)
    assert len(found) == figure_data.POINTS
    assert (found[0]["x"], found[-1]["x"], found[-1]["y"]) == ("-5", "5", "12344")


def test_a_series_is_named_by_the_text_of_its_colour_or_the_function_that_has_it(axes):
    axes.plot([0, 1], [1, 1], color="#123456")
    axes.text(0, 1, "the $mean$", color="#123456")
    relu = actdocs.get("relu")
    axes.set_title(relu.title)
    axes.plot([0, 1], [2, 2], color=relu.color)
    axes.plot([0, 1], [3, 3], color=relu.color, linestyle="dashed")
    axes.plot([0], [4], "o", color="#654321")
    axes.plot([0], [5], "o", color="#654321")
    series = list(dict.fromkeys(row["series"] for row in rows(axes)))
    assert series == ["the mean", "line 1", "line 2", "line 3", "line 4"]
    figure, (left, right) = plt.subplots(1, 2)
    left.set_title(relu.title)
    left.plot([0], [2], "o", color=relu.color)
    left.plot([0, 1], [3, 3], color=relu.color, linestyle="dashed")
    right.set_xlabel("epoch")
    right.plot([0], [4], "o", color="#654321", label="_hidden")
    found = list(dict.fromkeys((row["panel"], row["series"]) for row in rows(left)))
    plt.close(figure)
    assert found == [("ReLU", "ReLU"), ("ReLU", "ReLU, dashed"), ("epoch", "line 1")]


def test_bars_bands_and_intervals_have_ends(axes):
    axes.bar(["a", "b"], [3, 4], label="bars")
    axes.fill_between([0, 1], [1, 2], [3, 5], label="band")
    axes.vlines([0], 1, 2, label="up")
    axes.hlines([7], 3, 4, label="across")
    found = {name: [row for row in rows(axes) if row["series"] == name] for name in ("bars", "band", "up", "across")}
    assert [(row["x"], row["y"]) for row in found["bars"]] == [("a", "3"), ("b", "4")]
    assert [(row["x"], row["low"], row["high"]) for row in found["band"]] == [("a", "1", "3"), ("b", "2", "5")]
    assert [(row["x"], row["low"], row["high"]) for row in found["up"]] == [("a", "1", "2")]
    assert [(row["y"], row["low"], row["high"]) for row in found["across"]] == [("7", "3", "4")]


def test_level_bars_and_error_bars(axes):
    axes.barh(["x1", "x2"], [3, 4], label="bars")
    axes.errorbar([1], [0.1], xerr=[0.5], fmt="o", label="mean")
    found = [(row["series"], row["x"], row["y"]) for row in rows(axes)]
    assert ("bars", "4", "x2") in found
    assert ("mean", "1", "x1") in found, "what is drawn a little beside a row belongs to it"


def test_a_picture_gives_its_cells_and_a_photograph_nothing(axes):
    axes.imshow([[1, np.nan], [3, 4]], extent=(0, 2, 0, 2))
    cells = [(row["x"], row["y"], row["value"]) for row in rows(axes)]
    assert cells == [("0.5", "1.5", "1"), ("0.5", "0.5", "3"), ("1.5", "0.5", "4")]
    axes.clear()
    axes.imshow(np.zeros((4, 4, 3)))
    assert figure_data.table(axes.figure) == ""
    assert figure_data.packed(axes.figure) == ""
    axes.clear()
    axes.pcolormesh(np.arange(250_000.0).reshape(500, 500))
    assert 9_000 < len(rows(axes)) <= figure_data.CELLS


def test_numbers_written_into_boxes_are_data(axes):
    axes.add_patch(plt.Rectangle((0, 0), 1, 1))
    axes.text(0.5, 0.5, "93")
    assert [(row["x"], row["y"], row["value"]) for row in rows(axes)] == [("0.5", "0.5", "93")]


def test_numbers_at_ticks_are_no_names(axes):
    axes.plot([0.0012, 0.01], [1, 2], label="rate")
    axes.set_xticks([0.001, 0.01], ["0.001", "0.01"])
    assert [row["x"] for row in rows(axes)] == ["0.0012", "0.01"]
    axes.clear()
    axes.plot([0, 1, 2], [1, 2, 3], label="deep")
    axes.set_xticks([0, 1, 2], ["2", "4", "8"])
    assert [row["x"] for row in rows(axes)] == ["2", "4", "8"], "places that stand for other numbers are named by them"


def test_a_written_page_has_a_file_and_a_link_for_each_figure(axes, tmp_path):
    axes.plot([0, 1], [2, 3], label="loss")
    axes.figure.set_label("A line")
    app = SimpleNamespace(outdir=tmp_path)
    stale = tmp_path / figure_data.FOLDER / "learn" / "01-spark-7.csv"
    stale.parent.mkdir(parents=True)
    stale.touch()
    context = {"body": f"<p>{svg(axes.figure)}</p>", "pathto": lambda name, _: f"../{name}"}
    figure_data.place(app, "learn/01-spark", "page.html", context, None)
    assert '<a href="../_static/figures/learn/01-spark-1.csv" download>' in context["body"]
    assert "<template" not in context["body"]
    written = stale.with_name("01-spark-1.csv").read_text(encoding="utf-8")
    assert written == "series,x,y\nloss,0,2\nloss,1,3\n"
    assert not stale.exists()


def test_two_curves_of_one_name_over_the_same_places_are_told_apart(axes):
    axes.plot([0, 1], [2, 3], label="seed")
    axes.plot([0, 1], [4, 5], label="seed")
    axes.plot([2, 3], [6, 7], label="seed")
    assert [row["series"] for row in rows(axes)] == ["seed", "seed", "seed 2", "seed 2", "seed", "seed"]


def test_two_panels_of_one_name_are_told_apart():
    figure, (left, right) = plt.subplots(1, 2)
    for one in (left, right):
        one.set_xlabel("epoch")
        one.plot([0, 1], [2, 3], label="loss")
    found = {row["panel"] for row in rows(left)}
    plt.close(figure)
    assert found == {"epoch (1)", "epoch (2)"}


def test_what_is_no_data_is_left_out(axes):
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axhline(0.5)
    axes.axvspan(0.2, 0.4)
    axes.text(0.3, 0.5, "a note")
    axes.plot([41], [3], label="an anchor")
    axes.plot([0, 1], [0, 1], label="hidden", visible=False)
    axes.scatter([0.5], [0.5], transform=axes.transAxes)
    axes.scatter(np.ma.masked_greater([1.0, 99.0], 10), [1, 2], label="dots")
    assert rows(axes) == [{"series": "dots", "x": "1", "y": "1"}]


def test_a_bar_on_another_has_both_ends_and_a_curve_over_names_keeps_its_places(axes):
    axes.bar(["a", "b"], [1, 2], label="low")
    axes.bar(["a", "b"], [3, 3], bottom=[1, 2], label="top")
    top = [(row["x"], row["y"], row["low"], row["high"]) for row in rows(axes) if row["series"] == "top"]
    assert top == [("a", "4", "1", "4"), ("b", "5", "2", "5")]
    axes.plot([0, 0.2, 0.4], [1, 2, 3], label="curve")
    assert [row["x"] for row in rows(axes) if row["series"] == "curve"] == ["0", "0.2", "0.4"]


def test_the_packed_table_gives_the_search_no_words(axes):
    """Sphinx strips tags from raw HTML and indexes what is left."""
    axes.plot([0, 1], [2, 3], label="loss")
    packed = figure_data.packed(axes.figure)
    assert len(packed) > 60
    assert re.sub(r"<[^<]+?>", "", packed) == ""
