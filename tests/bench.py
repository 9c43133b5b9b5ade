"""Measure what users wait for, and print it: ``nox -s bench``.

Each figure is the median of several runs in one process or of several processes, in one run of this script, with a
ratio to what it stands beside. A noisy machine moves all of them together.
"""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import actdocs

if TYPE_CHECKING:
    from collections.abc import Callable

BUILD = Path("build")
SITE = BUILD / "html"


def seconds(run: Callable[[], Any], times: int = 5) -> float:
    """Give the median time of a call, after one that does not count."""
    run()
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        measured.append(time.perf_counter() - start)
    return statistics.median(measured)


def process(code: str) -> float:
    """Give the median time of a fresh interpreter that runs some code."""
    return seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True))


def imports() -> dict[str, float]:
    """Measure what ``import actdocs`` costs beyond an interpreter with NumPy."""
    bare, ours = process("import numpy"), process("import actdocs")
    return {"import actdocs, s": ours, "beyond numpy, s": ours - bare}


def loaders() -> dict[str, float]:
    """Measure each loader from its cache."""
    names = [name for name in dir(actdocs.data) if name.startswith("load_")]
    return {f"{name}, cached, s": seconds(getattr(actdocs.data, name), 3) for name in names}


def functions() -> dict[str, float]:
    """Measure each function on a million single-precision numbers, and its ratio to Keras' own."""
    from actdocs._tensorflow import import_keras, import_tensorflow

    tf, keras = import_tensorflow(), import_keras()
    x = np.random.default_rng(0).normal(0, 3, (1000, 1000)).astype(np.float32)
    found = {}
    for entry in actdocs.catalogue():
        ours = seconds(lambda entry=entry: entry(x))
        found[f"{entry.name}, ms"] = 1e3 * ours
        if entry.frameworks.keras:
            theirs = eval(entry.frameworks.keras, {"keras": keras})
            found[f"{entry.name}, ratio to Keras"] = ours / seconds(
                lambda theirs=theirs: np.asarray(theirs(tf.constant(x)))
            )
    return found


def pages() -> dict[str, float]:
    """Weigh the built pages; the site must be built."""
    sizes = {page: len(gzip.compress(page.read_bytes())) / 1024 for page in SITE.rglob("*.html")}
    heaviest = max(sizes, key=sizes.__getitem__)
    return {
        "pages": len(sizes),
        "median page, gz KiB": statistics.median(sizes.values()),
        f"heaviest page ({heaviest.relative_to(SITE)}), gz KiB": sizes[heaviest],
        "whole site, MiB": sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file()) / 2**20,
    }


def rebuild() -> dict[str, float]:
    """Measure a build in which nothing changed."""
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-c", "conf", "-d", "build/doctrees", "docs", str(SITE)]
    return {"no-change build, s": seconds(lambda: subprocess.run(sphinx, check=True), 3)}


def main() -> None:
    """Run everything that can run, print a table and keep it as JSON."""
    parts = [imports, loaders, functions] + ([pages, rebuild] if (SITE / "index.html").exists() else [])
    found: dict[str, float] = {}
    for part in parts:
        for name, value in part().items():
            found[name] = round(value, 4)
            print(f"{value:10.3f}  {name}", flush=True)
    BUILD.mkdir(exist_ok=True)
    (BUILD / "bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
