"""Check every one of the 2³² float32 inputs: ``nox -s accuracy``, ``-- NAME …`` for some functions only.

The answer to float32 data is compared with the catalogue's answer to the same numbers as float64, which the tests hold
against ball arithmetic: at most 4 units in the last place of float64, so good to 1e-8 of a unit of float32. The worst
input of every chunk is then measured again in ball arithmetic. NaN must stay NaN, and an infinity must be one where
the truth rounds to it.

The state is kept under ``build``: a run that was interrupted goes on where it stopped, unless a source of the package
has changed since.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import multiprocessing
import os
import sys
from pathlib import Path

import numpy as np
from oracle import ulps
from tqdm import tqdm

import actdocs
from actdocs.balls import ball

DECK = ["identity", "binary_step", "relu", "leaky_relu", "elu", "softplus", "sigmoid", "tanh", "swish", "gelu", "mish"]
ALL = 2**32
CHUNK = 2**21  # inputs that are checked at a time; their count is what the state remembers
LIMIT = 4.0
STATE = Path("build/accuracy.json")
_LARGE = np.nextafter(np.finfo(np.float32).max, np.float32(0))  # NumPy's spacing of the largest number is infinite


def inputs(start: int, stop: int, step: int = 1) -> np.ndarray:
    """Give the numbers whose bits, read as whole numbers, are those of the range."""
    return np.arange(start, stop, step, dtype=np.uint64).astype(np.uint32).view(np.float32)


def errors(computed: np.ndarray, truth: np.ndarray, *, derivative: bool = False) -> np.ndarray:
    """Measure float32 answers against float64 ones, in units in the last place of float32.

    A derivative that crosses zero is a difference of numbers near 1; there, an error below the last place of a double
    near 1 is none.
    """
    with np.errstate(all="ignore"):
        rounded = truth.astype(np.float32)
        spacing = np.spacing(np.minimum(np.abs(rounded), _LARGE)).astype(np.float64)
        distance = np.abs(computed - truth)
        if derivative:
            distance[(np.abs(computed) < 0.25) & (distance <= np.finfo(np.float64).eps)] = 0.0
        result = distance / spacing
    result[(computed == rounded) & np.isinf(rounded) | np.isnan(computed) & np.isnan(truth)] = 0.0
    return np.where(np.isnan(result), np.inf, result)


def chunk(start: int, name: str, derivative: bool = False, step: int = 1) -> tuple[float, float, int]:
    """Check the inputs of one chunk: the largest error, its input, and how many answers are not correctly rounded."""
    entry = actdocs.get(name)
    function = entry.derivative if derivative else entry
    x = inputs(start, min(start + CHUNK * step, ALL), step)
    with np.errstate(all="ignore"):  # NaNs that signal, and truths too large
        truth = function(x.astype(np.float64))
        rounded = truth.astype(np.float32)
    computed = function(x)
    found = errors(computed, truth, derivative=derivative)
    worst = int(np.argmax(found))
    error = float(found[worst])
    if 0 < error < np.inf and np.isfinite(x[worst]):
        formula = entry.derivative_definition if derivative else entry.definition
        exact = ball(formula, x=float(x[worst]), **entry.parameters)
        error = float(ulps(computed[worst : worst + 1], [exact])[0])
    right = (computed == rounded) | np.isnan(computed) & np.isnan(rounded)
    return error, float(x[worst]), int(np.sum(~right))


def merged(before: dict, result: tuple[float, float, int]) -> dict:
    """Add what a chunk gave to what is known of a function."""
    error, x, misrounded = result
    worse = error > before["error"]
    return {
        "chunks": before["chunks"] + 1,
        "error": error if worse else before["error"],
        "x": float(x).hex() if worse else before["x"],
        "misrounded": before["misrounded"] + misrounded,
    }


def load(state: Path, key: str) -> dict:
    """Read what is known, if it is of these sources."""
    try:
        known = json.loads(state.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        known = {}
    return known["functions"] if known.get("key") == key else {}


def save(state: Path, key: str, functions: dict) -> None:
    """Write what is known, whole or not at all."""
    state.parent.mkdir(parents=True, exist_ok=True)
    partial = state.with_suffix(".part")
    partial.write_text(json.dumps({"key": key, "functions": functions}, indent=2) + "\n", encoding="utf-8")
    os.replace(partial, state)


def sources(step: int) -> str:
    """Name the state of the package's sources and the choice of inputs."""
    files = sorted(Path(actdocs.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join([*(file.read_bytes() for file in files), b"%d" % step])).hexdigest()


def sweep(names: list[str], *, derivative: bool, step: int, processes: int, state: Path) -> list[str]:
    """Check functions one after the other, print what was found, and list what passes the limit."""
    key = sources(step)
    known = load(state, key)
    starts = range(0, ALL, CHUNK * step)
    complaints = []
    # Each worker is a fresh interpreter, on every platform alike.
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for name in names:
            label = f"{name}, derivative" if derivative else name
            found = known.get(label, {"chunks": 0, "error": 0.0, "x": (0.0).hex(), "misrounded": 0})
            run = functools.partial(chunk, name=name, derivative=derivative, step=step)
            left = pool.imap(run, starts[found["chunks"] :])
            for result in tqdm(left, label, len(starts), initial=found["chunks"], unit="chunk", disable=None):
                found = known[label] = merged(found, result)
                if found["chunks"] % 16 == 0 or found["chunks"] == len(starts):
                    save(state, key, known)
            x = np.float32(float.fromhex(found["x"]))
            inside = f"{found['error']:.3f} units at x = {x!r}"
            print(
                f"{label}: at most {inside}; {found['misrounded']} of {ALL // step} not correctly rounded", flush=True
            )
            if found["error"] > LIMIT:
                complaints.append(f"{label}({x!r}) is {found['error']:.2f} units off, more than {LIMIT:g}")
    return complaints


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", default=DECK, help="functions; by default the deck's")
    parser.add_argument("--derivative", action="store_true", help="check derivatives in place of values")
    parser.add_argument("--step", type=int, default=1, help="check only every so many inputs; odd numbers serve best")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--state", type=Path, default=STATE, help="the file that a later run goes on from")
    options = vars(parser.parse_args(arguments))
    entries = [actdocs.get(name) for name in options.pop("names")]
    wrong = [entry.name for entry in entries if not entry.elementwise]
    if wrong:
        parser.error(f"each NAME must be an element-wise function, got {', '.join(wrong)}")
    try:
        complaints = sweep([entry.name for entry in entries], **options)
    except KeyboardInterrupt:
        sys.exit("interrupted; the same command goes on from here")
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main()
