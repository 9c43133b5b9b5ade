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

import pytest
from shared import NOTES, no_faults

COLD, WARM, LARGEST = 400_000, 150_000, 2_000_000
SHIFT = 0.02
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


@pytest.fixture(scope="module")
def weighed(browser, folder, pages):
    """For each page the files that it loads, its largest paint in seconds and its layout shift."""
    found = {}
    for name in pages:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.add_init_script(OBSERVE)
        files = set()
        page.on("request", lambda request, files=files: files.add(Path(unquote(urlsplit(request.url).path))))
        page.goto((folder / name).as_uri(), wait_until="load")
        page.wait_for_timeout(300)
        seen = page.evaluate("window.seen")
        found[name] = ({file for file in files if file.is_file()}, seen["paint"] / 1000, seen["shift"])
        context.close()
    return found


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
    assert all(seconds > 0 for seconds in paint.values())
