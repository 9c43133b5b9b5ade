"""Pictures of every kind of page, to be looked at: ``build/browser/*.png``."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared import KINDS

TARGET = Path(__file__).parents[2] / "build" / "browser"


@pytest.mark.parametrize("name", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_pictured_in_the_colours_that_the_reader_prefers(page, folder, name, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{folder.as_uri()}/{name}")
        if "search.html?" in name:
            page.wait_for_selector("#search-results li a")
        page.evaluate("document.fonts.ready")
        TARGET.mkdir(parents=True, exist_ok=True)
        stem = name.partition(".html")[0].replace("/", "-")
        tall = min(page.evaluate("document.documentElement.scrollHeight"), 6000)
        clip = {"x": 0, "y": 0, "width": width, "height": tall}
        page.screenshot(path=TARGET / f"{stem}-{scheme}-{width}.png", full_page=True, clip=clip)
    red, green, blue = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")[:3]
    assert (red + green + blue > 600) is (scheme == "light")
