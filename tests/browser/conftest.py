"""Tests of the built site in Debian's Chromium: ``nox -s browser``, after ``nox -s docs``.

``ACTDOCS_HTML`` names another folder with a built site.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from shared import NOTES

from extensions import maths, offline

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LEADS_ON = '<meta http-equiv="refresh"'
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update")


def pytest_addoption(parser):
    parser.addoption("--heavy", action="store_true", help="also run the copied code that trains for minutes")


def pytest_configure(config):
    config.addinivalue_line("markers", "heavy: trains for minutes; run with --heavy")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.get_closest_marker("heavy") and not config.getoption("heavy"):
            item.add_marker(pytest.mark.skip(reason="trains for minutes: nox -s browser -- --heavy"))


def pytest_sessionfinish(session):
    """Hand the notes of one of several processes to the one that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["notes"] = NOTES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    NOTES.extend(getattr(node, "workeroutput", {}).get("notes", []))


def pytest_terminal_summary(terminalreporter):
    if NOTES:
        terminalreporter.section("measured")
        for note in NOTES:
            terminalreporter.write_line(note)


@pytest.fixture(scope="session")
def html() -> Path:
    folder = Path(os.environ.get("ACTDOCS_HTML", Path(__file__).parents[2] / "build" / "html"))
    if not (folder / "index.html").exists():
        pytest.skip(f"there is no built site in {folder}: nox -s docs builds one")
    return folder.resolve()


@pytest.fixture(scope="session")
def pages(html) -> list[str]:
    """The names of all pages of the built site, but for those that only lead on to where a page has moved."""
    found = {path.relative_to(html).as_posix(): path.read_text(encoding="utf-8") for path in html.rglob("*.html")}
    return sorted(name for name, text in found.items() if LEADS_ON not in text)


@pytest.fixture(scope="session")
def moved(html, pages) -> list[str]:
    """The names of the pages that lead on."""
    return sorted({path.relative_to(html).as_posix() for path in html.rglob("*.html")} - set(pages))


@pytest.fixture(scope="session")
def folder(html, tmp_path_factory) -> Path:
    """The site's zip, unpacked into a folder with spaces and letters beyond ASCII; with the 404 page in it."""
    place = tmp_path_factory.mktemp("taken") / "Vorträge & Übungen (été) 網"
    offline.pack(html, place.parent / offline.SITE)
    with zipfile.ZipFile(place.parent / offline.SITE) as packed:
        packed.extractall(place)
    shutil.copy(html / "404.html", place / offline.FOLDER)
    return place / offline.FOLDER


@pytest.fixture(scope="session")
def web() -> Path:
    """The npm packages of these tests."""
    target = Path(__file__).parents[2] / "build" / "browser" / "web"
    maths.fetch(Path(__file__).parent / "web", target)
    return target / "node_modules"


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"no browser on the path: install one of {', '.join(BROWSERS)}")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=[*OPTIONS, "--disable-background-networking"])
        yield started
        started.close()


@pytest.fixture
def page(browser):
    """A page that notes what it asks for, what it warns of and what goes wrong in it."""
    context = browser.new_context()
    opened = context.new_page()
    opened.requests, opened.messages = [], []
    opened.on("request", lambda request: opened.requests.append(request.url))
    warned = ("warning", "error")
    opened.on("console", lambda message: opened.messages.append(message.text) if message.type in warned else None)
    opened.on("pageerror", lambda error: opened.messages.append(str(error)))
    yield opened
    context.close()


def base(html: Path) -> str:
    """Give the path under which a build is to be hosted, or the root for one that doesn't know."""
    sitemap = html / "sitemap.xml"
    places = re.findall("<loc>https?://[^/]+(.*/)index.html<", sitemap.read_text()) if sitemap.exists() else []
    return min(places, key=len, default="/")


class StaticHost(SimpleHTTPRequestHandler):
    """Serve a folder as a static host does: with the headers of its ``_headers``, and its 404 page."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        prefix = base(Path(self.directory))
        return super().translate_path(f"/{path.removeprefix(prefix)}" if path.startswith(prefix) else "/ /")

    def end_headers(self) -> None:
        rule, *lines = Path(self.directory, "_headers").read_text(encoding="utf-8").splitlines()
        assert rule == "/*"
        for line in lines:
            name, _, value = line.strip().partition(": ")
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def host(html):
    """The address of the built site on loopback, served with its own headers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHost, directory=str(html))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{base(html)}"
        server.shutdown()
