"""Search by double click, and what a term means."""

from __future__ import annotations

import pytest

QUERIES = {
    "dying relu": "learn/06-relu.html#dying-relu",
    "gelu derivative": "atlas/gelu.html#gelu-derivative",
    "silu derivative": "atlas/swish.html#swish-derivative",
    "swish vs mish": "learn/14-advanced.html#swish-vs-mish",
    "vanishing gradient": "learn/09-gradients.html#vanishing-gradient",
    "softmax temperature": "learn/08-softmax.html#softmax-temperature",
    "dead unit": "glossary.html#term-Dead-unit",
}


@pytest.mark.parametrize(("query", "wanted"), QUERIES.items())
def test_search_finds_the_section_first(page, html, query, wanted):
    page.goto(f"{(html / 'search.html').as_uri()}?q={query.replace(' ', '+')}")
    first = page.locator("#search-results ul.search > li a").first
    first.wait_for()
    page.wait_for_timeout(300)
    found = [link.get_attribute("href") for link in page.locator("#search-results ul.search > li a").all()[:2]]
    assert wanted in found
    page.click(f"#search-results a[href='{wanted}'] >> nth=0")
    page.wait_for_load_state()
    anchor = wanted.partition("#")[2]
    top = page.evaluate("name => document.getElementById(name).getBoundingClientRect().top", anchor)
    assert -5 <= top <= page.viewport_size["height"] / 2
    assert page.messages == []


def test_a_term_says_what_it_means_to_pointer_and_keyboard(page, html):
    page.goto((html / "learn/06-relu.html").as_uri())
    tip = page.locator("#term-meaning")
    link = page.locator("a:has(> .std-term)").first
    assert not tip.is_visible()
    link.hover()
    assert tip.is_visible()
    assert len(tip.inner_text()) > 20
    tip.hover()
    page.wait_for_timeout(400)
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    link.focus()
    assert tip.is_visible()
    assert link.get_attribute("aria-describedby") == "term-meaning"
    assert tip.get_attribute("role") == "tooltip"
    page.evaluate("document.activeElement.blur()")
    assert not tip.is_visible()
    assert link.get_attribute("aria-describedby") is None


@pytest.mark.parametrize("width", [390, 1440])
def test_a_meaning_stays_on_the_screen(page, html, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((html / "learn/06-relu.html").as_uri())
    for link in page.locator("a:has(> .std-term)").all():
        link.focus()
        box = page.locator("#term-meaning").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800
