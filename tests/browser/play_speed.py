"""How fast pages train and draw, as JSON: ``python tests/browser/play_speed.py [seconds]``.

Six curves of the explorer follow a slider. The playground runs two settings, six networks each, for so many seconds as
a reader runs them. All on the site that ``nox -s docs`` built; ``ACTDOCS_HTML`` names another one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright
from shared import PAINTED

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
    "epochs/s of each of six": epochs / passed,
    "frames/s": frames.length / passed,
    "frame at 95 %, ms": frames[Math.floor(0.95 * (frames.length - 1))],
    "heap before, MB": before / 1e6,
    "heap after, MB": heap() / 1e6,
  };
}"""


def train(page, layers: str, seconds: float) -> dict[str, float]:
    """Run six networks and watch them; the count of epochs is that of each network."""
    state = urlencode([*SIX, ("layers", layers), ("epochs", "100000")])
    page.goto(f"{(HTML / 'play' / 'playground.html').as_uri()}#{state}&pace=10000")
    page.wait_for_selector(".play .net")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(2000)  # until what is hot has been compiled
    found: dict[str, float] = page.evaluate(WATCH, seconds)
    return found


def explore(page) -> dict[str, float]:
    """Move a slider of six functions that have one."""
    functions = urlencode([("f", name) for name in ("elu", "gelu", "swish", "mish", "softplus", "tanhexp")])
    page.goto(f"{(HTML / 'play' / 'explorer.html').as_uri()}#{functions}&show=value")
    page.wait_for_selector(".play .curve")
    times = page.evaluate(PAINTED)
    return {"frame to painted, ms": times[len(times) // 2], "the same at 95 %, ms": times[int(0.95 * (len(times) - 1))]}


def main() -> None:
    """Print what was measured."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=[*OPTIONS])
        cases = {"explorer, six curves": explore}
        for layers in LAYERS:
            net = f"playground, six 2-{layers.replace(',', '-')}-1"
            cases[net] = partial(train, layers=layers, seconds=seconds)
        found = {}
        for name, measure in cases.items():
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            found |= {f"{name}: {what}": round(value, 2) for what, value in measure(page).items()}
            page.close()
        browser.close()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
