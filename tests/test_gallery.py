"""The gallery's scripts: each in its form, and all but the long training runs whole in a fresh interpreter."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from pathlib import Path

import pytest

import actdocs
from actdocs._tensorflow import import_keras, import_tensorflow
from extensions import figures

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted((ROOT / "gallery").glob("*/*.py"))
SHORT = [script for script in SCRIPTS if script.parent.name not in {"4_training", "5_evidence"}]
LONGEST = 80

# Runs a script as a reader would, then says what each figure shows and in which colours.
RUN = """
import json, re, runpy, sys
runpy.run_path(sys.argv[1], run_name="__main__")
from extensions.figures import svg
from matplotlib import pyplot as plt
drawn = {plt.figure(number).get_label(): svg(plt.figure(number)) for number in plt.get_fignums()}
print(json.dumps({label: sorted(set(re.findall(r"var[(]--c-(.{6})", figure))) for label, figure in drawn.items()}))
"""


def named(scripts):
    return pytest.mark.parametrize("script", scripts, ids=attrgetter("stem"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Run every short script, two at a time, each in an interpreter of its own and an empty folder."""
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    env |= {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "conf")}
    # Off Linux, Matplotlib warns that agg can't show; that is what the scripts are run with it for.
    strict = ["-W", "error", "-W", "ignore:FigureCanvasAgg is non-interactive:UserWarning"]

    folders = {
        script: tmp_path_factory.mktemp(script.stem) for script in SHORT
    }  # which no two threads may make at once

    def run(script):
        folder = folders[script]
        command = [sys.executable, *strict, "-c", RUN, str(script)]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        return done, list(folder.iterdir())

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(SHORT, pool.map(run, SHORT), strict=True))


def cells(script):
    """Split a script into the title's docstring and its cells, as sphinx-gallery does."""
    text = script.read_text(encoding="utf-8")
    head, *rest = re.split(r"^# %%\n", text, flags=re.MULTILINE)
    return ast.parse(head), rest


@named(SCRIPTS)
def test_a_script_has_a_name_that_orders_it(script):
    assert re.fullmatch(r"plot_\d\d_[a-z0-9_]+", script.stem)
    assert re.fullmatch(r"\d_[a-z]+", script.parent.name)
    assert (script.parent / "GALLERY_HEADER.rst").exists()


@named(SCRIPTS)
def test_a_script_opens_with_a_title_and_its_question(script):
    head, _ = cells(script)
    assert len(head.body) == 1, "only the docstring stands before the first cell"
    title, underline, blank, *question = ast.get_docstring(head).splitlines()
    assert underline == "=" * len(title)
    assert not blank
    assert question


@named(SCRIPTS)
def test_each_cell_opens_with_words_and_the_last_is_words_alone(script):
    _, rest = cells(script)
    assert "#%%" not in script.read_text(encoding="utf-8")
    for cell in rest:
        assert re.match(r"# \w", cell), f"a cell opens with {cell[:40]!r}"
    *_, last = rest
    assert last.startswith("# What to notice\n# --------------\n#\n# ")
    assert all(line.startswith("#") for line in last.splitlines())


@named(SCRIPTS)
def test_a_script_is_short(script):
    _, rest = cells(script)
    lines = [line for cell in rest for line in cell.splitlines() if line and not line.startswith("#")]
    assert len(lines) <= LONGEST


@named(SCRIPTS)
def test_each_figure_has_a_text_alternative_and_is_shown(script):
    calls = [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    shown = calls.count("plt.show")
    assert shown
    describing = [call for call in calls if call.endswith(".set_label") or call in {"plot_comparison", "plot_curves"}]
    assert len(describing) == shown


@named(SHORT)
def test_a_script_runs_in_a_fresh_interpreter_without_a_warning(runs, script):
    done, left = runs[script]
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert not left, "it leaves files behind"


@named(SHORT)
def test_a_script_says_what_its_figures_show_in_colours_that_follow_the_theme(runs, script):
    done, _ = runs[script]
    drawn = json.loads(done.stdout.splitlines()[-1])
    known = {color[1:] for color, _ in figures.THEME.values()} | {"000000"}
    known |= {entry.color[1:] for entry in actdocs.catalogue()}
    assert drawn
    for label, colors in drawn.items():
        assert len(label) > 60
        assert label.endswith(".")
        assert set(colors) <= known


def test_the_leaky_slopes_are_the_defaults_of_the_libraries():
    script = ROOT / "gallery" / "1_functions" / "plot_04_leaky_slopes.py"
    tree = ast.parse(script.read_text(encoding="utf-8"))
    values = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DEFAULTS"
    ]
    libraries = {"tf": import_tensorflow(), "keras": import_keras()}
    checked = 0
    for alpha, users in ast.literal_eval(values[0]).items():
        for library, name in re.findall(r"\b(tf|keras)\.([\w.]+)", users):
            function = attrgetter(name)(libraries[library])
            function = function() if isinstance(function, type) else function
            assert float(function(libraries["tf"].constant(-1.0))) == pytest.approx(-alpha)
            checked += 1
    assert checked == 3
    assert actdocs.leaky_relu(-1.0) == -next(
        alpha for alpha, users in ast.literal_eval(values[0]).items() if "actdocs" in users
    )
