"""Measure every library in its own process, put the findings together, and say what does not agree."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .defaults import missing

OUTPUT = Path("build/crosscheck.json")


def measure(framework: str) -> dict[str, Any]:
    """Measure one library, in this process."""
    if framework == "transformers":
        from .models import models

        return models()
    from .accuracy import accuracy, kinks
    from .agreement import agreement
    from .defaults import defaults
    from .libraries import LIBRARIES

    library = LIBRARIES[framework]()
    library.start()
    found = {"versions": {name: version(name) for name in library.versions}}
    return found | agreement(library) | accuracy(library) | kinks(library) | defaults(library)


def measure_apart(framework: str) -> dict[str, Any]:
    """Measure one library in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "found.json")
        command = [sys.executable, "-m", "tests.crosscheck", "--only", framework, "--output", str(file)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode or not file.exists():
            sys.exit(f"measuring {framework} failed:\n{done.stderr[-4000:]}")
        return json.loads(file.read_text(encoding="utf-8"))


def together(parts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Put the findings of the libraries into one table."""
    whole: dict[str, Any] = {"versions": {}, "failures": [], "snippets": {}}
    for framework, part in parts.items():
        for entry, found in part.pop("snippets", {}).items():
            whole["snippets"].setdefault(entry, {})[framework] = found
        for entry, curves in part.pop("accuracy_curves", {}).items():
            whole.setdefault("accuracy_curves", {}).setdefault(entry, {}).update(curves)
        for key, found in part.items():
            if isinstance(found, list):
                whole.setdefault(key, []).extend(found)
            else:
                whole.setdefault(key, {}).update(found)
    whole["defaults"] += missing(whole["defaults"], whole.pop("functions"))
    return whole


def main() -> None:
    """Run as a worker for one library, or as the whole."""
    parser = argparse.ArgumentParser(prog="python -m tests.crosscheck", description=__doc__)
    parser.add_argument("--key", default="", help="what to know a stale result by")
    parser.add_argument("--only", help="measure one library in this process")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    if options.only:
        found = measure(options.only)
    else:
        # The longest first, two at a time.
        frameworks = ("jax", "tensorflow", "pytorch", "numpy", "onnx", "transformers")
        with ThreadPoolExecutor(2) as pool:
            found = {
                "key": options.key,
                **together(dict(zip(frameworks, pool.map(measure_apart, frameworks), strict=True))),
            }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if not options.only:
        for failure in found["failures"]:
            print(failure)
        print(f"{sum(map(len, found['snippets'].values()))} snippets compared, {len(found['failures'])} failures")
        sys.exit(bool(found["failures"]))


if __name__ == "__main__":
    main()
