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
READY = ", tensor ready"
# What SciPy has, or NumPy where it is not a building block of arrays; or the shortest product of such.
ARRAYS = {
    "arctan": "np.arctan(x)",
    "exponential": "np.exp(x)",
    "gelu": "x * special.ndtr(x)",
    "log_sigmoid": "special.log_expit(x)",
    "log_softmax": "special.log_softmax(x, axis=axis)",
    "sigmoid": "special.expit(x)",
    "sinc": "np.sinc(x)",
    "sine": "np.sin(omega * x)",
    "softmax": "special.softmax(x, axis=axis)",
    "softmin": "special.softmax(-x, axis=axis)",
    "softplus": "special.softplus(x)",
    "swish": "x * special.expit(x)",
    "tanh": "np.tanh(x)",
}


def seconds(run: Callable[[], Any], times: int = 5) -> float:
    """Give the median time of a call, after one that does not count."""
    run()
    measured = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        measured.append(time.perf_counter() - start)
    return statistics.median(measured)


def together(runs: dict[str, Callable[[], Any]], times: int = 15) -> dict[str, float]:
    """Give the median time of each of several calls that take turns."""
    measured: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(times + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            measured[name].append(time.perf_counter() - start)
    return {name: statistics.median(each[1:]) for name, each in measured.items()}


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


def peers(entry: actdocs.Activation, x: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Give the same function in other libraries, at the entry's parameters, from a NumPy array to a NumPy array.

    Keras and TensorFlow are called on a tensor that is ready as well. A function that does nothing is no peer.
    """
    import scipy.special

    from actdocs._tensorflow import import_keras, import_tensorflow

    tf, keras = import_tensorflow(), import_keras()
    ready = tf.constant(x)
    names = {"np": np, "special": scipy.special, "tf": tf, "keras": keras, **entry.parameters}
    calls = {"SciPy and NumPy": ARRAYS[entry.name]} if entry.name in ARRAYS else {}
    for library in ("keras", "tensorflow"):
        if function := getattr(entry.frameworks, library):
            rest = entry.frameworks.arguments.get(library)
            calls[library] = f"np.asarray({function}(x{', ' + rest if rest else ''}))"
    made = {library: eval(f"lambda x: {call}", names) for library, call in calls.items()}
    found = {}
    for library, run in made.items():
        if np.shares_memory(run(ready), np.asarray(ready)):
            continue
        takes_tensors = library in ("keras", "tensorflow")
        found[library] = (lambda run=run: run(tf.constant(x))) if takes_tensors else (lambda run=run: run(x))
        if takes_tensors:
            found[f"{library}{READY}"] = lambda run=run: run(ready)
    return found


def functions() -> dict[str, float]:
    """Measure each function on a million float32 numbers, in turn with its peers, and the ratio to the fastest."""
    x = np.random.default_rng(0).normal(0, 3, (1000, 1000)).astype(np.float32)
    found = {}
    ratios: dict[str, dict[str, float]] = {"from arrays": {}, "with tensors ready": {}}
    for entry in actdocs.catalogue():
        others = peers(entry, x)
        times = together({"ours": lambda entry=entry: entry(x), **others})
        found |= {f"{entry.name}, {who}, ms": 1e3 * time for who, time in times.items()}
        for kind, known in ratios.items():
            fastest = min((times[who] for who in others if kind != "from arrays" or READY not in who), default=None)
            if fastest:
                known[entry.name] = found[f"{entry.name}, ratio to the fastest {kind}"] = times["ours"] / fastest
    for kind, known in ratios.items():
        slowest = max(known, key=known.__getitem__)
        found[f"largest ratio {kind} ({slowest})"] = known[slowest]
        found[f"geometric mean of {len(known)} ratios {kind}"] = statistics.geometric_mean(known.values())
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
