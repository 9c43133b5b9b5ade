"""Meanings of terms and index entries, on a small site that is built twice."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONF = f"""\
import sys
sys.path.insert(0, {str(ROOT / "conf")!r})
extensions = ["myst_parser", "extensions.search"]
"""
GLOSSARY = "# Words\n\n```{glossary}\nUnit\n  One *output* of a layer, with $\\alpha$.\n```\n"
PAGE = "# Page\n\nA {term}`thing <Unit>`.\n\n```{index} ! some thing\n:name: some-thing\n```\n"


class Site:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("conf.py", CONF)
        self.write("index.md", "# Front\n\n```{toctree}\nwords\npage\n```\n")
        self.write("words.md", GLOSSARY.replace("$\\alpha$", "{math}`\\alpha`"))
        self.write("page.md", PAGE)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def build(self, strict: str = "-W") -> None:
        command = [sys.executable, "-m", "sphinx", "-n", strict, "-j", "2", ".", "html"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def read(self, name: str) -> str:
        return (self.root / "html" / name).read_text(encoding="utf-8")

    def index(self) -> dict[str, list]:
        text = self.read("searchindex.js")
        return json.loads(text[text.index("(") + 1 : text.rindex(")")])["indexentries"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    small = Site(tmp_path_factory.mktemp("finding"))
    small.build()
    return small


def title(site: Site) -> str:
    return re.search(r'href="words.html#term-Unit" title="([^"]*)"', site.read("page.html"))[1]


def test_a_link_to_a_term_carries_its_meaning(site):
    assert title(site) == "One output of a layer, with α."


def test_the_search_keeps_the_entries_of_pages_that_are_not_written_again(site):
    assert set(site.index()) == {"unit", "some thing"}
    site.write("page.md", PAGE + "\nMore.\n")
    site.build()
    assert set(site.index()) == {"unit", "some thing"}
    site.write("page.md", PAGE.replace("some thing", "another thing"))
    site.build()
    assert set(site.index()) == {"unit", "another thing"}


def test_a_new_meaning_reaches_pages_that_did_not_change(site):
    site.write("words.md", "# Words\n\n```{glossary}\nUnit\n  Something else.\n```\n")
    site.build()
    assert title(site) == "Something else."


def test_a_deleted_page_takes_its_entries_along(site):
    (site.root / "page.md").unlink()
    site.write("index.md", "# Front\n\n```{toctree}\nwords\n```\n")
    site.build()
    assert set(site.index()) == {"unit"}


def test_a_lost_search_index_is_no_error(site):
    (site.root / "html" / "searchindex.js").unlink()
    site.write("index.md", "# Front\n\n```{toctree}\nwords\n```\n\nMore.\n")
    site.build(strict="-q")
    assert "unit" not in site.index()
