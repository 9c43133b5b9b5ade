"""The atlas's pages: their text for each entry, their figures, and a made-up activation from definition to HTML."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from test_site import Site

import actdocs
from actdocs import snippets
from actdocs.proofs import KINDS, Fact
from extensions import atlas, figures

ROOT = Path(__file__).parents[1]
ENTRIES = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue()]
NAMES = [entry.name for entry in actdocs.catalogue()]
FACTS = (
    Fact("range", "$[0, \\infty)$", True, "for $|x| \\le 128$", {}),
    Fact("gain", "$1.41$", False, "", 1.41),
)
MEASURED = {
    "versions": {"torch": "2.0"},
    "snippets": {"relu": {"pytorch": {"own": True, "opset": None, "value_error": 0.5, "gradient_error": 0.0}}},
    "accuracy": [
        {
            "entry": "relu",
            "library": "torch",
            "name": "F.relu",
            "dtype": "float32",
            "ulps": 0.5,
            "x": 1,
            "gave": 1,
            "true": 1,
        }
    ],
    "accuracy_curves": {"relu": {"torch": {"x": [-1, 0, 1], "ulps": [0.0, 0.1, 0.5]}}},
    "models": {"version": "5.0", "counts": {"relu": [f"model {number}" for number in range(14)]}},
}


@pytest.fixture(autouse=True)
def _figures():
    mpl.use("agg")
    yield
    plt.close("all")


# The text


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_has_a_page_with_all_its_parts_in_order(entry):
    text = atlas.page(entry, FACTS, pages=NAMES)
    assert text.startswith(atlas.MARK)
    titles = re.findall(
        r"^(#+ .+)$", re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )
    wanted = [f"# {entry.title}", "## Formula", "## Facts", "## Code for your framework", "## In actdocs"]
    assert [title for title in titles if title in wanted] == wanted
    for part in (
        entry.formula,
        entry.derivative_formula,
        entry.family,
        *entry.aliases,
        *entry.domains,
        *entry.references,
    ):
        assert part in text
    assert all(f"{{tab-item}} {title}" in text for title in snippets.FRAMEWORKS.values())
    assert f".. autofunction:: actdocs.{entry.name}\n" in text
    for name in entry.approximations:
        assert actdocs.get(name).title in text.partition("## Approximations")[2]


def test_a_fact_shows_its_mark_its_method_and_its_scope():
    text = "\n".join(atlas.statements(FACTS))
    assert (
        "* - Range\n  - $[0, \\infty)$ [for $|x| \\le 128$]{.scope}\n  - [{ref}`proved <fact-range>`]{.proved}" in text
    )
    assert "[{ref}`checked <fact-gain>`]{.checked}" in text
    assert atlas.statements(()) == []


def test_what_was_measured_stands_with_versions_and_what_was_not_is_said():
    relu = actdocs.get("relu")
    text = atlas.page(relu, FACTS, measured=MEASURED)
    assert "Run with PyTorch 2.0; largest error of the value $0.5$, of the gradient $0$." in text
    assert text.count("Not measured in this build.") == len(snippets.FRAMEWORKS) - 1
    assert "* - Code\n  - float32\n* - `F.relu`\n  - $0.5$ [at $1$]{.scope}\n" in text
    assert "14 model configurations of transformers 5.0: model 0, " in text
    assert " and 2 more." in text
    figure = atlas.draw_accuracy(relu, MEASURED)
    assert "PyTorch at most 0.5" in figure.get_label()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "$0.5$"), (np.inf, r"$\infty$"), (-1.5e7, r"$-1.5 \cdot 10^{7}$"), (7e-8, r"$7 \cdot 10^{-8}$")],
)
def test_a_measured_number_is_short(value, text):
    assert atlas.number(value) == text


def test_a_docstring_is_split_by_its_headings_and_directives_stay_whole():
    found = atlas.sections("One.\n\n.. math::\n\n    a\n\n    b\n\nTwo.\n\nNotes\n-----\n**Use.** Words.\n")
    assert list(found) == ["", "Notes"]
    assert atlas.blocks(found[""]) == ["One.", ".. math::\n\n    a\n\n    b", "Two."]
    assert atlas.advice(found["Notes"]) == ["## Use\n\n````{eval-rst}\nWords.\n````"]


def test_the_reference_leaves_out_what_the_page_has_said():
    lines = (actdocs.relu.__doc__ or "").splitlines()
    atlas.leave_out(None, "function", "actdocs.relu", actdocs.relu, None, lines)
    assert [line for line in lines if line in {*atlas.KEPT, "Notes", "References"}] == list(atlas.KEPT)
    assert lines[0] == "Parameters"
    before = ["Anything else", "stays."]
    after = list(before)
    atlas.leave_out(None, "function", "actdocs.get", actdocs.get, None, after)
    assert after == before


def test_the_largest_error_of_an_approximation_is_found():
    gelu = actdocs.get("gelu")
    # Both numbers by ball arithmetic on a fine grid.
    place, size = atlas.largest_difference(gelu, gelu, {"approximate": "tanh"})
    assert (place, size) == (pytest.approx(2.69894, abs=1e-4), pytest.approx(4.732355e-4, rel=1e-6))
    assert "quick_gelu" in " ".join(atlas.approximations(gelu, NAMES))


def test_pages_that_use_a_function_are_found_by_their_code_and_their_title(tmp_path):
    (tmp_path / "learn").mkdir()
    (tmp_path / "gallery" / "1_one").mkdir(parents=True)
    chapter, script = tmp_path / "learn" / "01-one.md", tmp_path / "gallery" / "1_one" / "plot_01_two.py"
    chapter.write_text('# All of ReLU\n\ntanh in prose\n\n```{code-cell} python\n:tags: [x]\nget("silu")\n```\n')
    script.write_text('"""\nTwo\n===\n"""\nfrom actdocs import tanh\nimport actdocs\nactdocs.mish(1)\n')
    found = {name: atlas.uses(actdocs.get(name), tmp_path, tmp_path / "gallery") for name in NAMES}
    learn, gallery = "{doc}`/learn/01-one`", "{doc}`/auto_gallery/1_one/plot_01_two`"
    assert {name: links for name, links in found.items() if links} == {
        "relu": [learn], "swish": [learn], "tanh": [gallery], "mish": [gallery],
    }  # fmt: skip


# The figures


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_portrait_says_what_it_shows_and_fits_into_a_page(entry):
    figure = actdocs.plotting.plot_portrait(entry)
    assert figure.get_label().startswith(entry.title)
    html = figures.svg(figure)
    assert f"var(--c-{entry.color[1:]}" in html
    assert "nan" not in figure.get_label()
    if entry.approximations:
        assert entry.title in atlas.draw_approximations(entry, {}).get_label()


# All together

CONF = """
sys.path.insert(0, {root!r})
import made_up
atlas_entries, bibtex_bibfiles = ["cube"], [{bibliography!r}]
"""
MODULE = '''\
import math
from actdocs.catalogue import Bounds, activation, get


@activation(
    title="Cube", family="rectifier", definition="x ** 3", derivative_definition="3 * x ** 2",
    bounds=Bounds(-math.inf, math.inf), lipschitz=math.inf, monotonic=True, limits=(-math.inf, math.inf),
)
def cube(x):
    """Raise to the third power.

    .. math:: f(x) = x^{3}

    Parameters
    ----------
    x : array_like
        Real numbers.

    Notes
    -----
    **When to use.** In a test.

    **What goes wrong.** It explodes.
    """
    return get(cube)(x)
'''


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    small = Site(tmp_path_factory.mktemp("atlas"))
    bibliography = str(ROOT / "conf" / "references.bib")
    conf = (small.root / "conf" / "conf.py").read_text()
    small.write("conf/conf.py", conf + CONF.format(root=str(small.root), bibliography=bibliography))
    small.write("made_up.py", MODULE)
    small.write("docs/index.md", "# Small\n\n```{toctree}\npage\nauto_gallery/index\natlas/index\nworks\n```\n")
    small.write("docs/page.md", "# Page\n")
    small.write("docs/works.md", "# Works\n\n```{bibliography}\n:all:\n```\n")
    small.write("docs/atlas/index.md", "# Atlas\n\n```{toctree}\n:glob:\n*\n```\n")
    small.write("docs/atlas/proofs.md", (ROOT / "docs" / "atlas" / "proofs.md").read_text(encoding="utf-8"))
    small.build(PYTHONDONTWRITEBYTECODE="1")
    return small


def test_a_made_up_activation_has_its_page(site):
    html = site.read("atlas/cube.html")
    assert re.search(r'<figure class="drawn"><svg [^>]*role="img"[^>]*><title>Cube for x from -5 to 5\.', html)
    assert "<mi>" in html.partition("Formula")[2]
    text = re.sub(r"<.*?>", "", html)
    assert "It explodes." in text.partition("What goes wrong")[2]
    assert text.count("Raise to the third power.") == 1
    facts = re.findall(r'<a class="reference internal" href="proofs\.html#(\w+)">', html)
    assert list(dict.fromkeys(facts)) == list(KINDS)
    assert set(facts) <= set(re.findall(r'<section id="(\w+)">', site.read("atlas/proofs.html")))
    labels = re.findall(r'<label [^>]*class="sd-tab-label"[^>]*>\s*(.*?)\s*</label>', html)
    assert labels == list(snippets.FRAMEWORKS.values())
    assert 'id="made_up.cube"' in html
    assert "cube.html" in site.read("atlas/index.html")


def test_a_build_without_a_change_proves_writes_and_reads_nothing(site):
    files = [
        *site.root.glob("build/cache/facts/*"),
        site.root / "docs/atlas/cube.md",
        *site.root.glob("build/doctrees/atlas/cube*"),
    ]
    before = [path.stat().st_mtime_ns for path in files]
    assert len(before) == 3
    site.build(PYTHONDONTWRITEBYTECODE="1")
    assert [path.stat().st_mtime_ns for path in files] == before


def test_a_deleted_activation_takes_its_page_along(site):
    site.write("made_up.py", "")
    site.build(PYTHONDONTWRITEBYTECODE="1")
    assert not (site.root / "docs/atlas/cube.md").exists()
    assert not (site.html / "atlas/cube.html").exists()
    assert "cube.html" not in site.read("atlas/index.html")
    assert "made_up" not in sys.modules
