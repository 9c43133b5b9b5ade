"""Two versions of a small site on one host: the switcher leads to the same page of the other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extensions import versions

CONF = Path(__file__).parents[2] / "conf"
SMALL = f"""\
import os, sys
sys.path.insert(0, {str(CONF)!r})
extensions = ["myst_parser", "extensions.hosting", "extensions.versions"]
html_theme = "pydata_sphinx_theme"
html_title = "Small"
html_static_path = [{str(CONF / "static")!r}]
html_js_files = [("colours.js", {{"priority": 1}}), ("site.js", {{"defer": "defer"}})]
html_favicon = {str(CONF / "static" / "favicon.svg")!r}
html_context = {{"default_mode": "auto"}}
html_theme_options = {{"navbar_end": ["theme-switcher"]}}
html_baseurl = os.environ["ACTDOCS_URL"]
versions_list = os.environ["ACTDOCS_VERSIONS"]
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    root = tmp_path_factory.mktemp("versions")
    docs, host = root / "docs", root / "host"
    docs.mkdir()
    (root / "conf.py").write_text(SMALL, encoding="utf-8")
    (docs / "index.md").write_text("# Front\n\n```{toctree}\none\n```\n", encoding="utf-8")
    (docs / "one.md").write_text("# One\n\nText.\n", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(host))) as server:
        place = f"http://127.0.0.1:{server.server_port}/"
        for name in ("latest", "v1.0"):
            known = {"ACTDOCS_URL": f"{place}{name}/", "ACTDOCS_VERSIONS": f"{place}versions.json"}
            command = [sys.executable, "-m", "sphinx", "-q", "-c", str(root), str(docs), str(host / name)]
            subprocess.run(command, env=os.environ | known, check=True)
        versions.place(host, place)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield place
        server.shutdown()


def test_the_switcher_leads_to_the_same_page_of_another_version(page, address):
    page.goto(f"{address}latest/one.html")
    button = page.locator(".version-switcher__button >> visible=true").first
    page.wait_for_function("document.querySelector('.version-switcher__button').innerText.includes('latest')")
    button.click()
    assert page.locator(".version-switcher__menu.show a").all_inner_texts() == ["v1.0", "latest"]
    page.locator(".version-switcher__menu.show a >> text=v1.0").click()
    page.wait_for_url(f"{address}v1.0/one.html")
    assert page.messages == []


def test_the_root_leads_to_the_newest_release(page, address):
    page.goto(address)
    page.wait_for_url(f"{address}v1.0/index.html")
    assert page.inner_text("h1").startswith("Front")
