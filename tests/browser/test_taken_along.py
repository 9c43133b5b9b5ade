"""What readers take along from the built site, used as they would use it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

# Each runs in a few seconds.
LIGHT = ["01-spark", "02-linear-neuron", "05-tanh", "08-softmax"]


@pytest.mark.parametrize("name", LIGHT)
def test_the_notebook_of_a_chapter_runs_from_top_to_bottom(html, tmp_path, name):
    notebook = nbformat.read(html / "_static/notebooks" / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any(output.output_type == "stream" for output in shown)


def test_every_notebook_is_valid_and_has_no_roles_left(html):
    files = [*html.glob("_static/notebooks/*.ipynb"), *html.glob("_downloads/*/*.ipynb")]
    assert len(files) > 15 + 15
    for path in files:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                for trace in (":doc:`", ":cite:", ":func:`", "{doc}", "{term}", "{cite", "{glue", ":::"):
                    assert trace not in cell.source, (path.name, trace)


def test_the_wheel_installs_without_a_network_and_computes(html, tmp_path):
    (wheel,) = html.glob("_static/actdocs-*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(tmp_path)]
    subprocess.run([*pip, str(wheel)], check=True)
    code = "import actdocs; print(actdocs.__file__, actdocs.get('gelu').derivative(0.0))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    file, value = done.stdout.split()
    assert Path(file).is_relative_to(tmp_path)
    assert value == "0.5"


def test_each_page_with_code_says_what_to_install(html):
    for name in ("learn/04-sigmoid", "auto_gallery/2_gradients/plot_02_dying_relu", "api/generated/actdocs.get"):
        text = (html / f"{name}.html").read_text(encoding="utf-8")
        assert text.count('class="needs"') == 1, name
    assert 'class="needs"' not in (html / "glossary.html").read_text(encoding="utf-8")
