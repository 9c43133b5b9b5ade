"""Every link of the built pages into the site itself: files and anchors are there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from conftest import base
from shared import NOTES, no_faults

REFERS = {"href", "src", "xlink:href", "poster", "data", "action"}


class Page(HTMLParser):
    """The anchors of a page, and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value or "")
            elif name in REFERS:
                self.links.append(value or "")
            elif name == "srcset":
                self.links += [part.split()[0] for part in (value or "").split(",")]
            elif name in ("style", "clip-path", "fill"):
                self.links += re.findall(r"url\(['\"]?(.+?)['\"]?\)", value or "")


def test_no_internal_link_or_anchor_is_broken(html, pages, moved):
    names = [*pages, *moved]
    parsed = {(html / name).resolve(): Page((html / name).read_text(encoding="utf-8")) for name in names}
    broken, followed = [], 0
    for path, page in parsed.items():
        for link in page.links:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            followed += 1
            place = unquote(url.path)
            if place.startswith("/"):
                target = html / place.removeprefix(base(html))
            else:
                target = path.parent / place if place else path
            target = target.resolve()
            # What a page is to show is no place on it; the tests of such pages read it.
            anchor = "" if "=" in url.fragment else unquote(url.fragment)
            if not target.is_file() or (anchor and target in parsed and anchor not in parsed[target].anchors):
                broken.append(f"{path.relative_to(html)}: {link}")
    no_faults(broken)
    NOTES.append(f"{followed} internal links on {len(parsed)} pages lead somewhere")
    assert followed > 10_000


def test_no_style_sheet_refers_to_a_file_that_is_missing(html):
    sheets = [*html.rglob("*.css")]
    links = [
        (sheet, "".join(parts))
        for sheet in sheets
        for parts in re.findall(r"""url\((?:"(.*?)"|'(.*?)'|([^"')]*))\)""", sheet.read_text(encoding="utf-8"))
    ]
    no_faults(
        f"{sheet.relative_to(html)}: {link}"
        for sheet, link in links
        if not link.startswith(("data:", "#")) and not (sheet.parent / unquote(urlsplit(link).path)).is_file()
    )
    assert sheets
