"""The whole site opened by double click: every page from ``file:``, with Chromium's own policy for files."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from shared import NOTES, no_faults

# What is broken on the page that is open. Pictures below the fold are loaded first.
FAULTS = """async () => {
  const faults = [];
  const shown = (node) => node.checkVisibility() && !node.closest("details:not([open]), .sd-tab-content");
  const empty = (node) => { const box = node.getBoundingClientRect(); return !box.width || !box.height; };
  for (const image of document.images) {
    image.loading = "eager";
    await image.decode().catch(() => faults.push(`no picture: ${image.src}`));
  }
  await document.fonts.ready;
  for (const font of document.fonts) if (font.status === "error") faults.push(`no font: ${font.family}`);
  for (const figure of document.querySelectorAll("figure.drawn svg"))
    if (shown(figure) && empty(figure)) faults.push(`an empty figure: ${figure.querySelector("title")?.textContent}`);
  for (const formula of document.querySelectorAll("math"))
    if (shown(formula) && empty(formula)) faults.push(`an empty formula: ${formula.textContent}`);
  for (const error of document.querySelectorAll("merror, .problematic, .system-message, .error"))
    faults.push(`an error: ${error.textContent.slice(0, 80)}`);
  return faults;
}"""


def test_no_page_asks_for_anything_or_complains_and_all_is_drawn(page, folder, pages):
    faults, formulas, figures = [], 0, 0
    for name in pages:
        page.messages.clear()
        page.requests.clear()
        page.goto((folder / name).as_uri(), wait_until="load")
        found = page.evaluate(FAULTS)
        found += [f"asks for {url}" for url in page.requests if not url.startswith(("file:", "data:"))]
        found += [f"says {message}" for message in page.messages]
        faults += [f"{name} {one}" for one in found]
        formulas += page.locator("math").count()
        figures += page.locator("figure.drawn svg").count()
    no_faults(faults)
    NOTES.append(f"{len(pages)} pages, {formulas} formulas, {figures} figures from file:, no request, no message")
    assert formulas > 1000
    assert figures > 100


def test_a_page_that_moved_leads_to_its_new_place(page, folder, moved, pages):
    for name in moved:
        page.goto((folder / name).as_uri(), wait_until="commit")
        page.wait_for_selector("article h1")
        assert Path(unquote(urlsplit(page.url).path)).relative_to(folder).as_posix() in pages
    assert moved
    assert page.messages == []


def test_formulas_are_set_in_the_font_that_the_site_brings(page, folder):
    page.goto((folder / "learn/04-sigmoid.html").as_uri())
    page.evaluate("document.fonts.ready")
    used = page.evaluate("getComputedStyle(document.querySelector('math')).fontFamily")
    loaded = page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family)")
    assert set(loaded) & {name.strip(" '\"") for name in used.split(",")}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("dying relu", "2_gradients/plot_02_dying_relu.html"),
        ("gelu derivative", "atlas/gelu.html"),
        ("swish vs mish", "1_functions/plot_07_swish_gelu_mish.html"),
        ("vanishing gradient", "learn/09-gradients.html"),
    ],
)
def test_search_finds_a_page_by_keyboard_and_leads_there(page, folder, words, wanted):
    page.goto((folder / "learn/01-spark.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    links = page.eval_on_selector_all("#search-results li > a", "links => links.slice(0, 6).map((a) => a.href)")
    assert [link for link in links if wanted in link], links
    page.click("#search-results li a")
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    assert page.messages == []
    assert all(url.startswith(("file:", "data:")) for url in page.requests)
