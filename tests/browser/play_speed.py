"""How fast the playground trains and draws, as JSON: ``python tests/browser/play_speed.py [seconds]``.

Two settings, six networks each, run for so many seconds as a reader runs them, on the site that ``nox -s docs`` built;
``ACTDOCS_HTML`` names another one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

HTML = Path(os.environ.get("ACTDOCS_HTML", Path(__file__).parents[2] / "build" / "html")).resolve()
SIX = [("f", name) for name in ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "swish")]
LAYERS = ("4,2", "8,8,8")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--enable-precise-memory-info", "--js-flags=--expose-gc")
WATCH = """async (seconds) => {
  const count = document.querySelector(".play > .bar > span");
  const epoch = () => Number(/epoch (\\d+)/i.exec(count.textContent)[1]);
  const heap = () => { gc(); return performance.memory.usedJSHeapSize; };
  const frames = [];
  const before = heap();
  const [at, from] = [performance.now(), epoch()];
  for (let now = at; now < at + 1000 * seconds;) {
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - now);
    now = performance.now();
  }
  const passed = (performance.now() - at) / 1000;
  const epochs = epoch() - from;
  frames.sort((a, b) => a - b);
  return {
    epochs_per_second: Math.round(epochs / passed),
    frames_per_second: Number((frames.length / passed).toFixed(1)),
    frame_ms: [0.5, 0.95, 0.99].map((share) => Number(frames[Math.floor(share * (frames.length - 1))].toFixed(1))),
    heap_mb: [before, heap()].map((bytes) => Number((bytes / 1e6).toFixed(2))),
  };
}"""


def measure(page, layers: str, seconds: float) -> dict:
    """Run six networks and watch them; the count of epochs is that of each network."""
    state = urlencode([*SIX, ("layers", layers), ("epochs", "100000")])
    page.goto(f"{(HTML / 'play' / 'playground.html').as_uri()}#{state}&pace=10000")
    page.wait_for_selector(".play .net")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(2000)  # until what is hot has been compiled
    return page.evaluate(WATCH, seconds)


def main() -> None:
    """Print what was measured."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=[*OPTIONS])
        found = {}
        for layers in LAYERS:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            found[f"2-{layers.replace(',', '-')}-1"] = measure(page, layers, seconds)
            page.close()
        browser.close()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
