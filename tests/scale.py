"""A site with many times the activations and gallery scripts: ``nox -s bench -- scale``.

Each copy of an activation is a function of its own with a page, proofs, curves and code; each copy of a script is
executed, but for those that train for minutes, of which the words alone are kept. Printed are time, peak memory and
the sizes that readers meet, with the straight line through them.
"""

from __future__ import annotations

import ast
import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

TIMES = (1, 3, 10)
TRAINING = "4_training"


def copied_module(text: str, number: int) -> str:
    """Give the source of a module with other names for its functions."""
    names = re.findall(r'"(\w+)"', re.search(r"__all__ = \[(.*?)\]", text, re.DOTALL)[1])
    for name in names:
        new = f"{name}_{number}"
        text = re.sub(rf"^def {name}\(", f"def {new}(", text, flags=re.MULTILINE)
        text = text.replace(f'"{name}"', f'"{new}"', 1).replace(f"get({name})", f"get({new})")
        # Elsewhere in the module it is the plain function's name.
    text = re.sub(r'title="([^"]+)"', rf'title="\1 {number}"', text)
    return re.sub(r"^    aliases=\([^)]*\),\n", "", text, flags=re.MULTILINE)


def multiply(root: Path, times: int) -> None:
    """Copy modules and scripts, so that there are so many times as many."""
    folder = root / "actdocs" / "activations"
    package = folder / "__init__.py"
    modules = [path for path in sorted(folder.glob("*.py")) if path != package]
    scripts = [path for path in sorted((root / "gallery").glob("*/*.py")) if path.parent.name != TRAINING]
    for number in range(1, times):
        for path in modules:
            copy = f"{path.stem}_{number}"
            (folder / f"{copy}.py").write_text(
                copied_module(path.read_text(encoding="utf-8"), number), encoding="utf-8"
            )
            with package.open("a", encoding="utf-8") as file:
                file.write(f"from actdocs.activations.{copy} import *\n")
        for path in scripts:
            text = path.read_text(encoding="utf-8")
            title = text.splitlines()[1]
            text = text.replace(f"{title}\n{'=' * len(title)}", f"{title} {number}\n{'=' * (len(title) + 3)}", 1)
            path.with_name(f"{path.stem}_{number}.py").write_text(text, encoding="utf-8")


def build(root: Path) -> tuple[float, float]:
    """Build, and give the seconds and the peak memory of its largest process, in MiB."""
    command = [sys.executable, "-m", "sphinx", "-j", "auto", "-c", "conf", "-d", "build/doctrees", "docs", "build/html"]
    env = {**os.environ, "PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0"}
    start, log = time.perf_counter(), root.with_suffix(".log")
    with log.open("w", encoding="utf-8") as told:
        running = subprocess.Popen(command, cwd=root, env=env, stdout=told, stderr=told)
        _, status, used = os.wait4(running.pid, 0)  # of this build and its children alone
    if status:
        raise RuntimeError(f"the build of {root.name} failed:\n{log.read_text(encoding='utf-8')[-4000:]}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def sizes(html: Path) -> dict[str, float]:
    """Weigh what readers meet."""
    pages = {path: len(gzip.compress(path.read_bytes())) / 1024 for path in html.rglob("*.html")}
    return {
        "pages": len(pages),
        "median page, gz KiB": float(np.median([*pages.values()])),
        "heaviest page, gz KiB": max(pages.values()),
        "search index, gz KiB": len(gzip.compress((html / "searchindex.js").read_bytes())) / 1024,
        "functions of the explorers, gz KiB": len(gzip.compress((html / "_static/play/functions.js").read_bytes()))
        / 1024,
    }


def measure(place: Path, files: list[str], extra: dict[str, Path]) -> dict[str, float]:
    """Build each size in a folder of its own; ``extra`` is put below ``build``."""
    rows: dict[int, dict[str, float]] = {}
    for times in TIMES:
        root = place / f"{times} times"
        for name in files:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, root / name)
            if name.startswith(f"gallery/{TRAINING}/plot"):  # others link to its page
                words = ast.get_docstring(ast.parse((root / name).read_text(encoding="utf-8")), clean=False)
                (root / name).write_text(f'"""{words}"""\n', encoding="utf-8")
        for name, path in extra.items():
            (shutil.copytree if path.is_dir() else shutil.copy)(path, root / "build" / name)
        multiply(root, times)
        cold, peak = build(root)
        again, _ = build(root)
        rows[times] = {"cold build, s": cold, "no-change build, s": again, "peak memory, MiB": peak}
        rows[times] |= sizes(root / "build" / "html")
        shutil.rmtree(root)
    found = {f"{times} times: {what}": value for times, row in rows.items() for what, value in row.items()}
    for what in ("cold build, s", "peak memory, MiB"):
        values = [rows[times][what] for times in TIMES]
        slope, offset = np.polyfit(TIMES, values, 1)
        rest = np.abs(np.polyval((slope, offset), TIMES) / values - 1).max()
        found |= {
            f"{what}: slope": slope,
            f"{what}: at nought": offset,
            f"{what}: largest departure from the line": rest,
        }
    return found
