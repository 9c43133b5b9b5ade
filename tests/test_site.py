"""The site's own extensions: each by itself, then all together on a miniature site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from zipfile import ZipFile

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from docutils import nodes
from nbformat import NotebookNode
from test_palette import contrast

import actdocs
from extensions import figures, freshness, maths, pages, seen

ROOT = Path(__file__).parents[1]
PAGES = [path for path in (ROOT / "docs").rglob("*.md") if "generated" not in path.parts]


@pytest.fixture
def figure():
    mpl.use("agg")
    drawn, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], color=actdocs.get("relu").color)
    ax.set_clip_on(True)
    ax.set_title("a < b & c")
    ax.text(0, 0, "cell", color="white")
    drawn.set_label("A line <rising>\nfrom 0 to 1.")
    yield drawn
    plt.close("all")


def parse(html: str) -> ET.Element:
    return ET.fromstring(html)


# Figures


def test_a_figure_is_an_image_with_its_text_alternative(figure):
    svg = parse(figures.svg(figure)).find("svg")
    assert svg.get("role") == "img"
    assert svg[0].tag == "title"
    assert svg[0].text == "A line <rising> from 0 to 1."


def test_a_figure_keeps_its_text_as_text_in_the_font_of_the_page(figure):
    html = figures.svg(figure)
    assert {"a < b & c", "cell"} <= {element.text for element in parse(html).iter("text")}
    assert "font-family" not in html


def test_colours_are_variables_but_for_text_in_pure_white(figure):
    html = figures.svg(figure)
    color = actdocs.get("relu").color
    assert f"stroke: var(--c-{color[1:]}, {color})" in html
    cell = next(element for element in parse(html).iter("text") if element.text == "cell")
    assert "fill: #ffffff" in cell.get("style")


def test_the_same_figure_gives_the_same_bytes_and_no_date(figure):
    html = figures.svg(figure)
    assert html == figures.svg(figure)
    assert "metadata" not in html
    assert "\n" not in html


def test_names_in_two_figures_of_a_page_do_not_clash(figure):
    def names(html: str) -> set[str]:
        return {element.get("id") for element in parse(html).iter() if element.get("id")}

    first = figures.svg(figure)
    figure.axes[0].plot([0, 1], [1, 0])
    second = figures.svg(figure)
    assert names(first)
    assert not names(first) & names(second)
    assert set(re.findall(r"url\(#(.+?)\)", first)) <= names(first)


def test_a_figure_without_text_alternative_is_refused(figure):
    figure.set_label(" ")
    with pytest.raises(ValueError, match="set_label"):
        figures.svg(figure)


def test_a_figure_with_too_many_points_is_refused(figure):
    figure.axes[0].scatter(*np.random.default_rng(0).random((2, 9000)))
    with pytest.raises(ValueError, match="rasterized=True"):
        figures.svg(figure)


def test_each_colour_of_the_catalogue_has_its_dark_value_in_the_style_sheet():
    sheet = figures.style_sheet()
    for entry in actdocs.catalogue():
        assert f"--c-{entry.color[1:]}: {entry.color_dark};" in sheet


@pytest.mark.parametrize("name", ["ink", "muted", "accent"])
@pytest.mark.parametrize("theme", [0, 1])
def test_text_has_the_contrast_that_wcag_asks_of_small_text(name, theme):
    assert contrast(figures.THEME[name][theme], figures.THEME["paper"][theme]) >= 4.5


# Formulas


def test_rows_of_a_formula_are_aligned():
    block = nodes.math_block("", "a &= b\n\nc &= d")
    assert maths.formula(block) == (r"\begin{aligned}a &= b\\c &= d\end{aligned}", True)
    assert maths.formula(nodes.math("", " x ")) == ("x", False)
    assert maths.formula(nodes.math_block("", r"a \\ b")) == (r"\begin{split}a \\ b\end{split}", True)


def test_the_web_packages_are_pinned_by_hash_and_without_addresses():
    packages = json.loads((ROOT / "conf/web/package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "conf/web/package.json").read_text())["dependencies"]
    locked = {name.removeprefix("node_modules/"): entry for name, entry in packages.items() if name}
    assert wanted.items() <= {name: entry["version"] for name, entry in locked.items()}.items()
    assert all(entry["integrity"].startswith("sha512-") and "resolved" not in entry for entry in locked.values())


def test_a_program_that_fails_is_quoted():
    command = [sys.executable, "-c", "import sys; sys.exit('no such formula')"]
    with pytest.raises(maths.ExtensionError, match="no such formula"):
        maths.run(command)


# Freshness and pages


def test_the_key_follows_the_package_its_results_and_what_all_depend_on(tmp_path, monkeypatch):
    keys = {freshness.key(tmp_path)}
    for name in ("actdocs/module.py", "evidence/study.jsonl", "conf/extensions/own.py", "conf/locks/site.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for text in ("one", "two = 2"):
            path.write_text(text)
            keys.add(freshness.key(tmp_path))
    monkeypatch.setattr(seen.sys, "version", "4.0")
    keys.add(freshness.key(tmp_path))
    style = tmp_path / "style.py"
    style.write_text("wide = 2")
    monkeypatch.setattr(seen, "STYLE", (style,))
    keys.add(freshness.key(tmp_path))
    assert len(keys) == 11
    (tmp_path / "actdocs/module.py").write_text("two = 2  # a remark")
    assert freshness.key(tmp_path) in keys


def test_every_public_name_has_an_api_page():
    listed = [name for names in pages.public_names().values() for name in names]
    assert len(listed) == len(set(listed))
    assert {entry.name for entry in actdocs.catalogue()} <= set(listed)
    assert {"Activation", "catalogue", "get"} <= set(listed)


def test_a_gallery_figure_without_text_alternative_ends_the_build_with_the_script_named(figure, tmp_path):
    cell = ("code", "", 7)
    variables = {"src_file": "plot_x.py", "image_path_iterator": [str(tmp_path / "one.png")]}
    assert "<title>A line" in figures.scrape(cell, variables, {})
    assert (tmp_path / "one.png").exists()
    plt.figure()
    with pytest.raises(maths.ExtensionError, match=r"plot_x.py, cell at line 7: .*set_label"):
        figures.scrape(cell, variables, {})


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_cell_of_a_page_names_its_language_so_that_the_examples_are_run(page):
    cells = re.findall(r"^[`:]{3,}\{code-cell\}(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert {cell.strip() for cell in cells} <= {"python"}


def test_a_list_of_returned_values_stands_in_no_paragraph():
    values = nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "x")))
    body = nodes.field_body("", nodes.paragraph("", "", values))
    pages.unwrap_lists(None, body, "api")
    assert body.children == [values]


def test_a_line_that_a_kernel_sends_in_pieces_stays_one_line():
    pieces = [{"output_type": "stream", "name": "stdout", "text": text} for text in ("value", " 1\n", "end")]
    shown = pages.whole_lines([NotebookNode(piece) for piece in pieces])
    assert [output["text"] for output in shown] == ["value 1\nend\n"]
    assert pages.whole_lines([]) == []


# All together

RENDERER = """\
import json, sys
answers = [
    [None, "unknown"] if "wrong" in tex else [f"<math><mi>{len(tex)}</mi></math>", None]
    for tex, _ in json.load(sys.stdin)
]
print(json.dumps(answers))
"""
CONF = f"""\
import runpy, sys
globals().update(runpy.run_path({str(ROOT / "conf" / "conf.py")!r}))
maths_command = [sys.executable, {{renderer!r}}]
html_static_path, html_favicon, bibtex_bibfiles = [{str(ROOT / "conf" / "static")!r}], None, []
play_scripts = False
hosting_redirects = {{{{}}}}
"""
INDEX = """\
# Small

Value $x^2$, see {eq}`one`.

$$ y = x $$ (one)

```{toctree}
page
auto_gallery/index
```
"""
PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
# Page

```{code-cell} python
import os
import sys
import matplotlib.pyplot as plt
from myst_nb import glue

sys.path.insert(0, os.environ["ACTDOCS_ROOT"])
import small.one

print("page", file=open(os.environ["RUNS"], "a"))
glue("answer", 6 * 7, display=False)
for slope in (1, -1):
    figure, ax = plt.subplots()
    ax.plot([0, slope])
    figure.set_label(f"A line of slope {slope}.")
plt.show()
```

The answer is {glue:text}`answer`.

::::{tab-set}
:::{tab-item} One
Text.
:::
::::

```{code-cell} python
:tags: [hide-cell]

print("the hidden solution")
```

:::{activation-table}
:columns: formula parameters family
:::
"""
SCRIPT = '''\
"""
{name}
{line}

A line.
"""

import os
import sys

import matplotlib.pyplot as plt

sys.path.insert(0, os.environ["ACTDOCS_ROOT"])
{uses}

print("{name}", file=open(os.environ["RUNS"], "a"))
figure, ax = plt.subplots()
ax.plot([0, 1])
figure.set_label("A line from the gallery.")
plt.show()
'''


class Site:
    """A miniature site with the real extensions, formulas aside, which a small program stands in for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.html = root / "build" / "html"
        renderer = root / "renderer.py"
        renderer.write_text(RENDERER)
        self.write("conf/conf.py", CONF.format(renderer=str(renderer)))
        self.write("docs/index.md", INDEX)
        self.write("docs/page.md", PAGE)
        self.write("gallery/GALLERY_HEADER.rst", "Gallery\n=======\n")
        self.write("gallery/1_first/GALLERY_HEADER.rst", "First\n-----\n")
        uses = 'import small.two\nopen(os.environ["ACTDOCS_ROOT"] + "/small/data.csv").read()'
        for name, used in (("plot_1", uses), ("plot_10", "")):
            script = SCRIPT.format(name=name, line="=" * len(name), uses=used)
            self.write(f"gallery/1_first/{name}.py", script)
        modules = {"__init__": "", "one": "", "two": "import small.deep\n", "deep": "", "other": ""}
        for name, text in modules.items():
            self.write(f"small/{name}.py", text)
        self.write("small/data.csv", "1\n")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.html / name).read_text(encoding="utf-8")

    def build(self, *, passes: bool = True, **env: str) -> tuple[list[str], str]:
        """Build, and give the names of what was executed, and the log."""
        runs = self.root / "build" / "runs.txt"  # where examples may write
        runs.parent.mkdir(exist_ok=True)
        runs.write_text("")
        command = [sys.executable, "-m", "sphinx", "-c", "conf", "-d", "build/doctrees", "-nW", "--keep-going"]
        done = subprocess.run(
            [*command, "docs", "build/html"],
            cwd=self.root,
            env={**os.environ, "RUNS": str(runs), "PYTHONHASHSEED": "0", **env},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        log = done.stdout + done.stderr
        assert (done.returncode == 0) is passes, log
        return sorted(runs.read_text().split()), log


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    small = Site(tmp_path_factory.mktemp("site"))
    small.first = small.build()[0]
    return small


def test_a_cold_build_runs_everything(site):
    assert site.first == ["page", "plot_1", "plot_10"]


def test_pages_ask_nothing_of_the_network(site):
    for path in site.html.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|iframe)[^>]+src="(?:https?:)?//|<link[^>]+href="(?:https?:)?//', text)
        assert not re.findall(r"@import|url\(.?https?:", text)


def test_figures_of_chapters_and_gallery_are_drawn_in_place(site):
    for name, titles in (
        ("page.html", ["A line of slope 1.", "A line of slope -1."]),
        ("auto_gallery/1_first/plot_1.html", ["A line from the gallery."]),
    ):
        html = site.read(name)
        assert re.findall(r'<figure class="drawn"><svg [^>]*role="img"[^>]*><title>(.*?)</title>', html) == titles
    assert "--ink" in site.read("_static/figures.css")


def test_formulas_are_mathml_with_their_numbers(site):
    html = site.read("index.html")
    assert "<mi>3</mi>" in html
    assert "equation (1)" in html
    assert 'class="eqno">(1)' in html


def test_numbers_reach_the_prose_and_solutions_are_hidden(site):
    html = site.read("page.html")
    assert "The answer is 42." in re.sub(r"<.*?>", "", html)
    assert '<details class="hidden-cell"><summary>Show the solution</summary>' in html
    assert html.count("<tr") == len(actdocs.catalogue()) + 1


def test_what_others_write_and_no_standard_knows_is_mended(site):
    gallery = site.read("auto_gallery/index.html")
    assert "sphx-glr-thumbcontainer" in gallery
    assert "tooltip=" not in gallery
    assert "sg-tag-list" not in gallery
    labels = re.findall("<label.*?>", site.read("page.html"))
    assert labels
    assert "aria-controls" not in "".join(labels)
    assert not (site.html / "_static" / "webpack-macros.html").exists()


def test_what_did_not_change_is_not_run_again(site):
    assert site.build()[0] == []


@pytest.mark.parametrize(
    ("name", "text", "runs"),
    [
        ("small/one.py", "changed = 1", ["page"]),
        ("small/two.py", "import small.deep\nchanged = 1", ["plot_1"]),
        ("small/deep.py", "changed = 1", ["plot_1"]),
        ("small/data.csv", "2\n", ["plot_1"]),
        ("small/__init__.py", "changed = 1", ["page", "plot_1"]),
        ("conf/locks/site.txt", "numpy==3", ["page", "plot_1", "plot_10"]),
        ("small/one.py", "changed = 1  # a remark", []),
        ("small/other.py", "changed = 1", []),
        ("actdocs/module.py", "changed = 1", []),
        ("docs/index.md", f"{INDEX}\n\nMore words.\n", []),
        ("docs/page.md", f"{PAGE}\n\nMore words.\n", []),
        ("docs/page.md", PAGE.replace("6 * 7", "7 * 7"), ["page"]),
    ],
)
def test_what_saw_a_change_runs_again_and_nothing_else(site, name, text, runs):
    site.write(name, text)
    assert site.build()[0] == runs


def test_dates_and_the_place_of_the_checkout_change_nothing(site, tmp_path):
    for path in (site.root / "small").iterdir():
        path.touch()
    assert site.build()[0] == []
    moved = Site.__new__(Site)
    moved.root = tmp_path / "elsewhere-é"
    shutil.copytree(site.root, moved.root)
    moved.html = moved.root / "build" / "html"
    assert moved.build()[0] == []


@pytest.mark.parametrize(
    ("pattern", "runs"),
    [
        ("seen/gallery/1_first/plot_1.py.json", ["plot_1"]),
        ("seen/docs/page.md.json", ["page"]),
        ("gallery/1_first/plot_1.rst", ["plot_1"]),
        ("gallery/1_first/images/*plot_1_001.png", ["plot_1"]),
        ("notebooks/executed/*/base.ipynb", ["page"]),
        ("notebooks/global.db", ["page"]),
    ],
)
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_record_or_result_is_made_anew_and_never_shown(site, pattern, runs, damage):
    (path,) = (site.root / "build" / "cache").glob(pattern)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if damage == "cut" else data[:40] + bytes([data[40] ^ 1]) + data[41:])
    assert site.build()[0] in ([runs] if pattern != "notebooks/global.db" else [runs, []])
    shown = site.read("page.html")
    assert "The answer is 49." in re.sub(r"<.*?>", "", shown)


def test_a_script_that_failed_and_is_as_it_was_runs_again(site):
    script = site.root / "gallery/1_first/plot_1.py"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("figure.set_label", "print(no_such_name)\nfigure.set_label"), encoding="utf-8")
    assert "no_such_name" in site.build(passes=False)[1]
    script.write_text(text, encoding="utf-8")
    assert site.build()[0] == ["plot_1"]
    assert "no_such_name" not in site.read("auto_gallery/1_first/plot_1.html")


def test_a_deleted_script_takes_its_page_along(site):
    (site.root / "gallery/1_first/plot_1.py").unlink()
    assert site.build()[0] == []
    left = {path.name for folder in ("docs", "build/html") for path in (site.root / folder).rglob("*plot_1.*")}
    assert not {name for name in left if name.endswith((".rst", ".html", ".py"))}
    assert (site.html / "auto_gallery/1_first/plot_10.html").exists()
    assert "plot_1.html" not in site.read("auto_gallery/index.html")
    for kind in ("python", "jupyter"):
        with ZipFile(site.root / f"docs/auto_gallery/auto_gallery_{kind}.zip") as packed:
            assert [Path(name).stem for name in packed.namelist()] == ["plot_10"]


def test_an_example_that_fails_ends_the_build_with_its_traceback_and_keeps_the_others_results(site):
    site.write("docs/page.md", PAGE.replace("    figure.set_label", "    str"))
    script = site.root / "gallery/1_first/plot_10.py"
    script.write_text(script.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    ran, log = site.build(passes=False)
    assert ran == ["page", "plot_10"]
    assert re.search(r"docs/page\.md failed:\n(.*\n)*.*set_label", log)
    ran, log = site.build(passes=False)
    assert ran == ["page"]
    assert "set_label" in log
    site.write("docs/page.md", PAGE)
    assert site.build()[0] == ["page"]


def test_a_warning_fails_every_build_until_it_is_mended(site):
    site.write("docs/index.md", INDEX.replace("x^2", r"\wrong"))
    for _ in range(2):
        ran, log = site.build(passes=False)
        assert ran == []
        assert re.search(r"index\.md:\d+: \\wrong", log)
    site.write("docs/index.md", INDEX)
    assert site.build()[0] == []


def test_a_build_can_execute_nothing(site):
    site.write("docs/page.md", "# Page\n")
    script = site.root / "gallery/1_first/plot_10.py"
    script.write_text(script.read_text() + "\n# changed\n")
    assert site.build(ACTDOCS_EXECUTE="0")[0] == []
    assert site.build()[0] == ["plot_10"]
