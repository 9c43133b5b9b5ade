"""What hosts and search engines are told: on its own, then on a small site built with and without an address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from docutils import nodes

from extensions import hosting

ROOT = Path(__file__).parents[1]
CONF = f"""\
import sys
sys.path.insert(0, {str(ROOT / "conf")!r})
extensions = ["myst_parser", "extensions.hosting"]
html_theme = "pydata_sphinx_theme"
html_title = "Small"
html_context = {{{{"default_mode": "auto"}}}}
html_baseurl = "{{base}}"
hosting_redirects = {{redirects!r}}
hosting_policy = {{{{"script-src": "'self'"}}}}
hosting_headers = {{{{"X-One": "two"}}}}
"""
PAGES = {
    "index": "# Front\n\n```{toctree}\natlas/gelu\nlearn/one\n```\n",
    "atlas/gelu": "# GELU\n\n```{note}\nNot this.\n```\n\nA `<gate>` & more by Φ. More.\n",
    "learn/one": "# One & all\n\nFirst.\n",
    "404": "---\norphan: true\n---\n# Not here\n\n[Front](index.md)\n",
}


def paragraph(*children: nodes.Node) -> nodes.document:
    document = nodes.document(None, None)
    document += nodes.section("", nodes.paragraph("", "", *children))
    return document


def test_a_description_is_the_first_sentence_with_letters_for_letters_of_formulas():
    text = nodes.Text("A slope of 0.2 for each ")
    document = paragraph(text, nodes.math("", r"\alpha"), nodes.Text(". Then more."))
    assert hosting.description(document) == "A slope of 0.2 for each α."
    assert hosting.description(None) == ""


def test_a_long_sentence_is_cut_at_a_word():
    found = hosting.sentence("longer " * 100)
    assert len(found) <= hosting.LONGEST
    assert found.endswith("longer…")


def test_links_of_the_404_page_start_from_the_root():
    page = '<a href="#a"><a href="learn/x.html"><img src="./y.png"><a href="https://z"><html data-content_root="./">'
    wanted = (
        '<a href="#a"><a href="/p/learn/x.html"><img src="/p/y.png"><a href="https://z"><html data-content_root="/p/">'
    )
    assert hosting.absolute(page, "/p/") == wanted
    assert hosting.absolute(wanted, "/p/") == wanted


def test_scripts_that_run_have_their_hash_and_data_has_none():
    page = '<script>\n1</script><script src="a.js"></script><script type="application/json">{}</script>'
    # As a browser names it: the base64 of SHA-256 of "\n1".
    assert hosting.scripts(page) == {"'sha256-790w0d2loaMp7p0L9hOH7n4lTsaUd+F84cQ3DSjists='"}


def test_the_card_of_a_chapter_shows_the_function_that_it_is_named_after():
    assert hosting.portrayed("ReLU", "learn/06-relu").name == "relu"
    assert hosting.portrayed("ReLU", "choose") is None
    assert hosting.portrayed("Anything", "atlas/gelu").name == "gelu"


class Site:
    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in PAGES.items():
            path = root / "docs" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(self, base: str = "", redirects: dict[str, str] | None = None) -> tuple[int, str]:
        (self.root / "conf.py").write_text(CONF.format(base=base, redirects=redirects or {}))
        command = [sys.executable, "-m", "sphinx", "-c", ".", "-nW", "docs", "html"]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        done = subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        return done.returncode, done.stdout + done.stderr

    def read(self, name: str) -> str:
        return (self.root / "html" / name).read_text(encoding="utf-8")

    def meta(self, name: str) -> dict[str, str]:
        found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', self.read(name))
        return dict(found)


@pytest.fixture(scope="module")
def offline(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("offline"))
    code, log = site.build(redirects={"old/page": "learn/one#there"})
    assert code == 0, log
    return site


@pytest.fixture(scope="module")
def hosted(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("hosted"))
    code, log = site.build("https://example.org/docs/", redirects={"old": "learn/one"})
    assert code == 0, log
    return site


def test_an_offline_page_describes_itself_and_names_no_server(offline):
    meta = offline.meta("atlas/gelu.html")
    assert meta["description"] == meta["og:description"] == "A &lt;gate&gt; &amp; more by Φ."
    assert meta["og:title"] == "GELU"
    assert offline.meta("learn/one.html")["og:title"] == "One &amp; all"
    assert not {"og:url", "og:image"} & meta.keys()
    head = offline.read("atlas/gelu.html").partition("</head>")[0]
    assert "canonical" not in head
    assert "http" not in re.sub("http-equiv", "", head)
    assert not {"sitemap.xml", "robots.txt"} & {path.name for path in (offline.root / "html").iterdir()}


def test_no_page_has_a_script_of_its_own(offline):
    assert "DOCUMENTATION_OPTIONS.pagename" not in offline.read("atlas/gelu.html")
    assert offline.meta("atlas/gelu.html")["pagename"] == "atlas/gelu"
    policy, other = offline.read("_headers").splitlines()[1:]
    assert other == "  X-One: two"
    hashes = set(re.findall(r"'sha256-[^']+'", policy))
    assert hashes >= hosting.scripts(offline.read("index.html"))
    assert len(hashes) <= hosting.MOST_SCRIPTS


def test_a_moved_page_leads_to_its_new_place(offline):
    page = offline.read("old/page.html")
    assert 'content="0; url=../learn/one.html#there"' in page
    assert "One &amp; all" in page
    assert "canonical" not in page


def test_a_hosted_page_has_its_address_and_a_picture_that_exists(hosted):
    meta = hosted.meta("atlas/gelu.html")
    assert '<link rel="canonical" href="https://example.org/docs/atlas/gelu.html"' in hosted.read("atlas/gelu.html")
    assert meta["og:url"] == "https://example.org/docs/atlas/gelu.html"
    pictures = {hosted.meta(f"{name}.html")["og:image"] for name in PAGES if name != "404"}
    assert pictures == {f"https://example.org/docs/_static/cards/{name}.png" for name in ("gelu", "index")}
    for url in pictures:
        data = (hosted.root / "html" / url.removeprefix("https://example.org/docs/")).read_bytes()
        assert data[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)


def test_the_sitemap_lists_the_pages_and_nothing_else(hosted):
    found = {place.text for place in ET.fromstring(hosted.read("sitemap.xml")).findall(".//{*}loc")}
    assert found == {f"https://example.org/docs/{name}.html" for name in PAGES if name != "404"}
    assert "Sitemap: https://example.org/docs/sitemap.xml" in hosted.read("robots.txt")


def test_the_404_page_links_from_the_root_of_the_host(hosted):
    links = re.findall(r'(?:href|src|action|data-content_root)="([^"]*)"', hosted.read("404.html"))
    assert "/docs/index.html" in links
    assert not [link for link in links if not link.startswith(("/docs/", "#", "https:"))]
    assert 'rel="canonical" href="https://example.org/docs/learn/one.html"' in hosted.read("old.html")


@pytest.mark.parametrize(
    ("base", "redirects", "message"),
    [
        ("https://example.org", {}, "ends with a slash"),
        ("example.org/", {}, "ends with a slash"),
        ("", {"index": "learn/one"}, "'index' is a page"),
        ("", {"old": "learn/none"}, "'learn/none': there is no such page"),
    ],
)
def test_values_that_cannot_work_end_the_build(tmp_path, base, redirects, message):
    code, log = Site(tmp_path).build(base, redirects)
    assert code != 0
    assert message in log


def test_a_build_without_an_address_forgets_that_of_an_earlier_one(tmp_path):
    site = Site(tmp_path)
    assert site.build("https://example.org/")[0] == 0
    assert (tmp_path / "html/sitemap.xml").exists()
    assert site.build()[0] == 0
    assert not (tmp_path / "html/sitemap.xml").exists()
    assert "og:url" not in site.meta("atlas/gelu.html")


def test_every_workflow_runs_sessions_that_exist():
    sessions = set(
        re.findall(r"@(?:task|nox\.session.*)\ndef (\w+)", (ROOT / "noxfile.py").read_text(encoding="utf-8"))
    )
    assert {"docs", "lint", "tests", "browser"} <= sessions
    files = [ROOT / ".readthedocs.yaml", *(ROOT / ".github/workflows").glob("*.yml")]
    assert len(files) == 3
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert yaml.safe_load(text)
        wanted = re.findall(r"noxfile\.py -s ([a-z ]+)", text) + re.findall(
            r'"([a-z ]+)"', text.partition("sessions: [")[2]
        )
        assert wanted
        assert {name for names in wanted for name in names.split()} <= sessions, path.name
