"""The HTML of every built page, judged by the checker of the W3C."""

from __future__ import annotations

from shared import NOTES, invalid, no_faults


def test_the_html_of_every_page_is_valid(html, pages, web):
    no_faults(invalid(web, html))
    NOTES.append(f"{len(pages)} pages are valid HTML")
