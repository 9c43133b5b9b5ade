"""The built site on a host that sends its headers."""

from __future__ import annotations

import re

import pytest
from shared import no_faults

KINDS = [
    "index.html",
    "learn/index.html",
    "learn/06-relu.html",
    "choose.html",
    "atlas/index.html",
    "atlas/gelu.html",
    "atlas/cheatsheet.html",
    "atlas/accuracy.html",
    "auto_gallery/index.html",
    "auto_gallery/2_gradients/plot_02_dying_relu.html",
    "api/index.html",
    "api/generated/actdocs.get.html",
    "glossary.html",
    "genindex.html",
    "404.html",
    "use.html",
    "slides.html",
    "play/explorer.html",
    "play/gradients.html",
    "play/playground.html",
    "play/own.html",
]


@pytest.mark.parametrize("name", KINDS)
def test_a_page_works_under_its_content_policy(page, host, name):
    answer = page.goto(host + name, wait_until="load")
    assert answer.status == 200
    assert "'unsafe-eval'" not in answer.headers["content-security-policy"]
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"].partition("style-src")[0]
    page.wait_for_timeout(200)
    assert page.messages == []
    assert all(url.startswith((host, "data:")) for url in page.requests)


def test_the_policy_bites(page, host):
    page.goto(host + "index.html")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.alien = 1'}))")
    assert page.evaluate("window.alien") is None
    assert "Content Security Policy" in "".join(page.messages)


def test_theme_search_copying_and_tabs_work_under_the_policy(page, host):
    page.goto(host + "atlas/gelu.html")
    page.click(".theme-switch-button")
    page.click(".theme-change-button[data-mode=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.click("label.sd-tab-label >> text=PyTorch")
    page.keyboard.press("Control+k")
    page.keyboard.type("gelu")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li")
    assert page.url.startswith(host + "search.html?q=gelu")
    assert page.messages == []


def test_a_missing_path_gets_a_page_that_says_so(page, host, html):
    answer = page.goto(host + "atlas/nosuch.html")
    assert answer.status == 404
    assert page.inner_text("h1").startswith("This page is not here")
    if not (html / "sitemap.xml").exists():
        return  # built without an address, it can't know where its style is
    assert {"Failed to load resource: the server responded with a status of 404 (Not Found)"} == set(page.messages)
    assert len(page.messages) == 1
    page.click("article >> text=Atlas")
    assert page.url == host + "atlas/index.html"


def test_the_address_of_each_script_and_style_changes_with_its_content(html, pages):
    """So a host may let browsers keep them. The search page asks for files that Sphinx names without."""
    found = set()
    for name in set(pages) - {"search.html"}:
        text = (html / name).read_text(encoding="utf-8")
        found |= set(re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"#]*\.(?:js|css)(?:\?[^"]*)?)"', text))
    assert found
    no_faults(sorted(name for name in found if not re.search(r"\?(v|digest)=\w+$|\.[0-9a-f]{32,}\.css$", name)))
