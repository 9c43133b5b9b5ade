"""What a page weighs and how fast it stands, for every page.

Bytes are those that a host sends with gzip. Cold: the reader has nothing yet. Warm: the reader comes from the front
page and keeps what it brought. Times are read from ``file:`` in a new window and depend on the machine: they are
printed, not judged.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlsplit

import brotli
import pytest
from shared import AXE, NOTES, invalid, no_faults

THEMES = Path(__file__).parents[2] / "build" / "browser" / "themes"
COLD, WARM, LARGEST = 400_000, 150_000, 2_000_000
SHIFT = 0.02
SCRIPTS = 60_000
PACKED = {".woff2", ".woff", ".png", ".jpg", ".webp"}
OBSERVE = """
window.seen = {paint: 0, shift: 0};
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.seen.paint = one.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput)
  window.seen.shift += one.value; }).observe({type: "layout-shift", buffered: true});
"""


@cache
def sent(path: Path) -> int:
    """Give the bytes of a file as a host sends it."""
    data = path.read_bytes()
    return len(data) if path.suffix in PACKED else len(gzip.compress(data, 6))


def weigh(browser, path: Path) -> tuple[set[Path], float, float]:
    """Give the files that a page loads, its largest paint in seconds and its layout shift."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    asked = set()
    page.on("request", lambda request: asked.add(Path(unquote(urlsplit(request.url).path))))
    page.goto(path.as_uri(), wait_until="load")
    page.wait_for_function("window.seen.paint")
    page.wait_for_timeout(300)
    seen = page.evaluate("window.seen")
    context.close()
    return {file for file in asked if file.is_file()}, seen["paint"] / 1000, seen["shift"]


@pytest.fixture(scope="module")
def weighed(browser, folder, pages):
    return {name: weigh(browser, folder / name) for name in pages}


def test_pages_are_light_and_stand_still(weighed, folder):
    front = weighed["index.html"][0]
    cold = {name: sum(map(sent, files)) for name, (files, _, _) in weighed.items()}
    warm = {name: sum(map(sent, files - front | {folder / name})) for name, (files, _, _) in weighed.items()}
    plain = {name: (folder / name).stat().st_size for name in weighed}
    paint = {name: paint for name, (_, paint, _) in weighed.items()}
    shift = {name: shift for name, (_, _, shift) in weighed.items()}
    rows = {
        "cold, kB": {name: size / 1000 for name, size in cold.items()},
        "warm, kB": {name: size / 1000 for name, size in warm.items()},
        "HTML, kB": {name: size / 1000 for name, size in plain.items()},
        "largest paint, s": paint,
        "layout shift": shift,
    }
    NOTES.append(f"{len(weighed)} pages{'':14}{'median':>9}{'most':>9}")
    for title, values in rows.items():
        worst = max(values, key=values.__getitem__)
        NOTES.append(f"{title:22}{median(values.values()):9.3g}{values[worst]:9.3g}  {worst}")
    slow = [name for name, seconds in paint.items() if seconds > 1.0]
    NOTES.append(f"pages whose largest paint took longer than 1 s: {len(slow)}")
    assert median(cold.values()) <= COLD
    assert median(warm.values()) <= WARM
    no_faults(
        f"{name}: {cold[name]} bytes cold, {plain[name]} bytes of HTML"
        for name in weighed
        if max(cold[name], plain[name]) > LARGEST
    )
    no_faults(f"{name}: layout shift {value:.3f}" for name, value in shift.items() if value > SHIFT)


def test_all_that_moves_weighs_little_and_python_comes_only_when_asked_for(html, weighed):
    """Compressed as hosts do it that know brotli; others use gzip."""
    scripts = sorted((html / "_static" / "play").glob("*.js"))
    sizes = {path.stem: len(brotli.compress(path.read_bytes())) for path in scripts if path.stem != "micropython"}
    zipped = sum(map(sent, (path for path in scripts if path.stem != "micropython")))
    NOTES.append(
        f"scripts of what moves: {sum(sizes.values()) / 1000:.1f} kB by brotli, {zipped / 1000:.1f} kB by gzip: {sizes}"
    )
    assert sum(sizes.values()) <= SCRIPTS
    no_faults(name for name, (files, _, _) in weighed.items() if any(file.stem == "micropython" for file in files))


def test_the_same_chapter_with_other_themes_is_weighed_beside_ours(browser, folder, web):
    """The others have its text and code; ours has its figures, formulas and outputs as well."""
    others = sorted(path.parent for path in THEMES.glob("*/page.html"))
    if not others:
        pytest.skip("no page with another theme: nox -s themes builds them")
    sites = {"this site, whole": (folder, "learn/06-relu.html")} | {one.name: (one, "page.html") for one in others}
    NOTES.append(f"{'chapter 6':22}{'cold, kB':>9}{'warm, kB':>9}{'paint, s':>9}{'shift':>9}{'axe':>9}{'HTML':>9}")
    for title, (site, name) in sites.items():
        front, (files, paint, shift) = weigh(browser, site / "index.html")[0], weigh(browser, site / name)
        cold, warm = sum(map(sent, files)), sum(map(sent, files - front | {site / name}))
        page = browser.new_page()
        page.goto((site / name).as_uri())
        page.add_script_tag(path=web / "axe-core" / "axe.min.js")
        axe, errors = len(page.evaluate(AXE)), len(invalid(web, site / name))
        page.close()
        NOTES.append(f"{title:22}{cold / 1e3:9.0f}{warm / 1e3:9.0f}{paint:9.2f}{shift:9.3f}{axe:9}{errors:9}")
    assert len(others) == 4
