"""The presentation, used by keyboard and printed."""

from __future__ import annotations

import re
import shutil

CHAPTERS = 15
SLIDES = 1 + 2 * CHAPTERS


def shown(page) -> str:
    return page.inner_text("section:visible")


def test_the_keyboard_moves_through_all_slides(page, html, tmp_path):
    # One file, alone in a folder.
    shutil.copy(html / "slides.html", tmp_path / "Folien – é.html")
    page.goto((tmp_path / "Folien – é.html").as_uri())
    assert page.locator("section:visible").count() == 1
    titles = {shown(page)}
    for key in ["ArrowRight", " ", "PageDown", "ArrowDown"] * 8:
        page.keyboard.press(key)
        titles.add(shown(page))
    assert len(titles) == SLIDES
    assert page.inner_text("#place") == f"{SLIDES} of {SLIDES}"
    page.keyboard.press("Home")
    assert "Driving Force" in shown(page)
    page.keyboard.press("End")
    page.keyboard.press("PageUp")
    assert page.evaluate("location.hash") == f"#{SLIDES - 1}"
    assert page.messages == []
    assert all(url.startswith(("file:", "data:")) for url in page.requests)
    assert len({url.partition("#")[0] for url in page.requests if url.startswith("file:")}) == 1


def test_a_slide_has_an_address_and_the_buttons_work(page, html):
    page.goto((html / "slides.html").as_uri() + "#4")
    assert "Chapter 2" in shown(page)
    page.click("#next")
    assert "What to remember" in shown(page)
    # Space presses a button that has the focus.
    page.focus("#back")
    page.keyboard.press("Space")
    assert page.evaluate("location.hash") == "#4"


def test_every_slide_fits_the_screen(page, html):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto((html / "slides.html").as_uri())
    for number in range(1, SLIDES + 1):
        page.evaluate(f"location.hash = '#{number}'")
        page.wait_for_function(f"document.getElementById('place').textContent.startsWith('{number} of')")
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size[0] <= 1280, number
        assert size[1] <= 720, number


def test_each_slide_prints_on_a_sheet_of_its_own(page, html, tmp_path):
    page.goto((html / "slides.html").as_uri())
    page.pdf(path=tmp_path / "slides.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "slides.pdf").read_bytes())) == SLIDES
