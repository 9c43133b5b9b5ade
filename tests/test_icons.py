"""The icon font holds what the pages use and nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont

from extensions import icons

SHEET = '.fa-sun{--fa:"\\f185"}.fa-bars,.fa-navicon{--fa:"\\f0c9"}.note:before{content:"\uf0f3"}'


@pytest.mark.parametrize(
    ("used", "found"),
    [(set(), {"\uf0f3"}), ({"fa-sun"}, {"\uf0f3", "\uf185"}), ({"fa-navicon", "fa-lg"}, {"\uf0f3", "\uf0c9"})],
)
def test_icons_in_use_are_those_of_the_pages_and_of_the_style_sheet(used, found):
    assert icons.icons(SHEET, used) == found


def test_the_font_beside_the_pages_is_cut(tmp_path):
    html = tmp_path / "html"
    target = html / "_static" / icons.FONT
    script = html / "_static/scripts/pydata-sphinx-theme.js"
    for path, text in ((target, ""), (script, ""), (html / "index.html", '<i class="fa-solid fa-sun"></i>')):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for _ in range(2):  # the font that was cut is not what is cut next time
        icons.place_font(SimpleNamespace(outdir=html, doctreedir=tmp_path / "doctrees"), None)
        with TTFont(target) as font:
            characters = set(map(chr, font.getBestCmap()))
        assert "\uf185" in characters
        assert "\uf0c9" not in characters
    assert target.stat().st_size < 10_000 < (icons.THEME / icons.FONT).stat().st_size
