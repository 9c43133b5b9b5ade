"""What readers take along: zips, notebooks, and the line that says what to install."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from sphinx.errors import ExtensionError

from extensions import notebooks, offline, zips

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "docs/learn").glob("[0-9]*.md"))

# Zips


def test_a_zip_depends_on_names_and_contents_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    files = {"b.txt": b"two", "a/ü.txt": b"one"}
    zips.write_zip(tmp_path / "one.zip", files)
    zips.write_zip(tmp_path / "two.zip", dict(reversed(files.items())))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.namelist() == ["a/ü.txt", "b.txt"]
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_zip_takes_its_date_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    zips.write_zip(tmp_path / "one.zip", {"a": b""})
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.infolist()[0].date_time == (2023, 11, 14, 22, 13, 20)


def test_a_zip_that_another_program_wrote_is_settled_with_newer_contents(tmp_path):
    newer = tmp_path / "newer"
    newer.write_text("newer")
    for name, order in (("one.zip", "ab"), ("two.zip", "ba")):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for letter in order:
                packed.writestr(f"{letter}/{letter}.txt", letter)
        zips.settle(tmp_path / name, {"a.txt": newer})
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {"a/a.txt": b"newer", "b/b.txt": b"b"}


def test_the_site_is_packed_into_a_folder_of_its_own_without_what_only_hosts_use(tmp_path):
    site = tmp_path / "html"
    for name in ("index.html", "_static/a.css", "_headers", "sitemap.xml", "_static/cards/index.png"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    offline.pack(site, tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as packed:
        assert packed.namelist() == ["activation-functions/_static/a.css", "activation-functions/index.html"]
    first = (tmp_path / "site.zip").read_bytes()
    assert (site / offline.SITE).read_bytes() == first
    offline.pack(site, tmp_path / "site.zip")
    assert (tmp_path / "site.zip").read_bytes() == first


def test_only_a_built_site_is_packed(tmp_path):
    with pytest.raises(FileNotFoundError, match="give the folder of a built site"):
        offline.pack(tmp_path, tmp_path / "site.zip")


# What to install


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        ("x = 1", None),
        ("import math", None),
        ("import numpy as np\nfrom scipy.special import erf", ""),
        ("from actdocs import gelu, Network", ""),
        ("import actdocs\nactdocs.plot_function('relu')", "plot"),
        (">>> import actdocs\n>>> actdocs.get('relu')\nActivation", ""),
        ("import matplotlib.pyplot as plt", "plot"),
        ("from actdocs.data import make_moons", ""),
        ("from actdocs.data import make_moons, load_mnist", "all"),
        ("import actdocs\nactdocs.data.make_moons()", ""),
        ("import actdocs\nactdocs.create_model('relu')", "all"),
        ("import keras", "all"),
        ("import something_else", "all"),
        ("def broken(", None),
    ],
)
def test_what_to_install_follows_from_the_imports(code, extra):
    assert offline.needed([code]) == extra


def test_examples_of_documented_names_need_what_the_names_need():
    assert offline.needed([">>> load_mnist()"], ["actdocs.data.load_mnist"]) == "all"
    assert offline.needed([">>> get('relu')"], ["actdocs.get"]) == ""


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda path: path.stem)
def test_the_chapters_up_to_the_ninth_need_no_more_than_matplotlib(page):
    cells = re.findall(r"^```\{code-cell\} python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    shown = [re.sub(r"^:.*\n", "", cell, flags=re.M) for cell in cells if "remove-cell" not in cell]
    heavy = page.stem[:2] in {"10", "11", "12", "13"}
    assert offline.needed(shown) == ("all" if heavy else "plot")


# Notebooks


@pytest.fixture
def words():
    people = SimpleNamespace(prelast_names=["de"], last_names=["Vries"])
    entry = SimpleNamespace(persons={"author": [people] * 3}, fields={"year": "1999"})
    domain = SimpleNamespace(bibdata=SimpleNamespace(data=SimpleNamespace(entries={"vries1999": entry})))
    env = SimpleNamespace(
        domains={"cite": domain},
        found_docs={"learn/02-two"},
        titles={"learn/02-two": SimpleNamespace(astext=lambda: "Two")},
        relfn2path=lambda target, docname: (f"learn/{target}", ""),
    )
    builder = SimpleNamespace(get_target_uri=lambda name: f"{name}.html")
    app = SimpleNamespace(env=env, builder=builder, config=SimpleNamespace(html_baseurl=""))
    return notebooks.Words(app, "learn/01-one", {"count": "42"})


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("{term}`units <unit>` and {term}`weight`", "units and weight"),
        ("{doc}`02-two`, {doc}`chapter\n2 <02-two>`", "Two, chapter 2"),
        ("[chapter 2](02-two.md#there) and [out](https://example.org)", "chapter 2 and [out](https://example.org)"),
        ("{func}`~actdocs.gelu` {py:func}`actdocs.get`", "`gelu` `actdocs.get`"),
        ("{cite:t}`vries1999` {cite:p}`vries1999`", "de Vries et al. [1999] [de Vries et al., 1999]"),
        ("{glue:text}`count` and {math}`x^2`", "42 and $x^2$"),
        (":::{admonition} Note well\n:class: remember\n\n- one\n:::\nAfter.", "> **Note well**\n>\n> - one\nAfter."),
        ("Before.\n\n```{index} ! word\n:name: word\n```\n\nAfter.", "Before.\n\nAfter."),
        ("(here)=\n## There", "## There"),
        ("Term\n: What it is.", "**Term.** What it is."),
        ("```python\n{'a': 1}\n```", "```python\n{'a': 1}\n```"),
    ],
)  # fmt: skip
def test_text_cells_are_plain_markdown(words, myst, plain):
    assert words.markdown(myst) == plain


def test_links_are_kept_where_the_site_has_an_address(words):
    words.app.config.html_baseurl = "https://example.org/"
    assert words.markdown("{doc}`02-two`") == "[Two](https://example.org/learn/02-two.html)"
    assert words.markdown("[two](02-two.md#there)") == "[two](https://example.org/learn/02-two.html#there)"


@pytest.mark.parametrize("text", ["{unheard}`x`", "{doc}`03-three`", ":::{tab-set}\n:::"])
def test_what_has_no_plain_words_is_refused(words, text):
    with pytest.raises(ExtensionError, match="learn/01-one: "):
        words.markdown(text)


def test_a_notebook_has_no_outputs_no_hidden_checks_and_closed_solutions(words):
    def cell(kind, source, *tags):
        return {"cell_type": kind, "source": [source], "metadata": {"tags": [*tags]}, "outputs": [1]}

    source = {
        "cells": [
            cell("markdown", "A {term}`unit`."),
            cell("code", "1 + 1"),
            cell("code", "assert True", "remove-cell"),
            cell("code", "print('solution')", "hide-cell"),
        ]
    }
    text = notebooks.dump(notebooks.convert(source, words, "First"))
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert [one.source for one in notebook.cells] == ["First", "A unit.", "1 + 1", "print('solution')"]
    assert [one.metadata.get("jupyter") for one in notebook.cells] == [None, None, None, {"source_hidden": True}]
    assert not any(one.get("outputs") for one in notebook.cells)
    assert json.loads(text)["cells"][0]["id"] == "cell-0"
