"""What readers take along from the built site, used as they would use it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbclient
import nbformat
import pytest
from shared import HEAVY, NOTES, no_faults


def notebooks(html, *, heavy: bool) -> dict[str, nbformat.NotebookNode]:
    """Take the notebooks out of the two zips, under the names of their pages."""
    found = {}
    (gallery,) = html.glob("_downloads/*/auto_gallery_jupyter.zip")
    for zipped, folder in ((html / "_static/notebooks/chapters.zip", "learn/"), (gallery, "auto_gallery/")):
        with zipfile.ZipFile(zipped) as packed:
            for name in packed.namelist():
                page = folder + (name if folder == "auto_gallery/" else name.rpartition("/")[2])
                if name.endswith(".ipynb") and page.startswith(HEAVY) is heavy:
                    found[page] = nbformat.reads(packed.read(name).decode(), as_version=4)
    return found


def execute(html, folder, *, heavy: bool) -> None:
    faults = []
    found = notebooks(html, heavy=heavy)
    for page, notebook in found.items():
        nbformat.validate(notebook)
        try:
            nbclient.NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(folder)}}).execute()
        except (nbclient.exceptions.CellExecutionError, nbclient.exceptions.CellTimeoutError) as error:
            faults.append(f"{page}: {error}")
            continue
        if not any(output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs):
            faults.append(f"{page}: shows nothing")
    NOTES.append(f"{len(found)} notebooks run from top to bottom, {len(faults)} faults")
    no_faults(faults)
    assert {page.partition("/")[0] for page in found} == {"learn", "auto_gallery"}


def test_every_notebook_runs_from_top_to_bottom(html, tmp_path):
    execute(html, tmp_path, heavy=False)


@pytest.mark.heavy
def test_every_notebook_that_trains_runs_from_top_to_bottom(html, tmp_path):
    execute(html, tmp_path, heavy=True)


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
