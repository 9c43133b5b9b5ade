"""Measure what users wait for, and print it: ``nox -s bench``.

Each figure is the median of several runs in one process or of several processes, in one run of this script, with a
ratio to what it stands beside. A noisy machine moves all of them together.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import actdocs
from extensions.maths import program
from extensions.play import functions_source

if TYPE_CHECKING:
    from collections.abc import Callable

BUILD = Path("build")
SITE = BUILD / "html"
CAPTURED: dict[str, Any] = {"capture_output": True, "encoding": "utf-8"}
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


def mnist() -> tuple[np.ndarray, np.ndarray]:
    """Give the training images as rows between 0 and 1, and their labels."""
    (images, labels), _ = actdocs.data.load_mnist()
    return images.reshape(len(images), -1).astype(np.float32) / 255, labels.astype(np.int32)


def plain(activation: str = "relu", **options: Any) -> Any:
    """Make the deck's network as one writes it in Keras."""
    from actdocs._tensorflow import import_keras

    keras = import_keras()
    layers = [keras.layers.Dense(64, activation), keras.layers.Dense(64, activation), keras.layers.Dense(10)]
    model = keras.Sequential([keras.Input((784,)), *layers])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"], **options)
    return model


def epochs(build: Callable[[int], Any], x: np.ndarray, y: np.ndarray, count: int, size: int) -> Callable[[], Any]:
    """Give a function that takes all replicas through one epoch, as :func:`actdocs.train_replicas` does it."""
    from actdocs import training as trainer
    from actdocs._tensorflow import import_tensorflow

    tf = import_tensorflow()
    models = [build(seed) for seed in range(count)]

    def template() -> Any:
        spare = build(0)
        spare.optimizer.build(spare.trainable_variables)
        spare.compute_metrics(x[:1], y[:1], spare(x[:1]))
        spare.reset_metrics()
        return spare

    engines, _ = trainer._engines(template, count, shared=True)
    each = engines[0].replicas
    groups = [range(start, min(start + each, count)) for start in range(0, count, each)]
    assert len(groups) == len(engines), "each engine has one group"
    for engine, group in zip(engines, groups, strict=True):
        engine.load([models[replica] for replica in group])
    data, order = (tf.constant(x), tf.constant(y)), np.random.default_rng(0).permutation(len(x))
    pool = ThreadPoolExecutor(len(engines))
    return lambda: list(pool.map(lambda engine: engine.sweep("train", data, [order], size), engines))


def training() -> dict[str, float]:
    """Measure an epoch of the deck's network on MNIST: ``fit`` by its defaults and at its best, and ten replicas."""
    from actdocs._tensorflow import import_tensorflow

    tf = import_tensorflow()
    (x, y), count = mnist(), 10
    default, best = plain(), plain(jit_compile=True, steps_per_execution=len(x) // 32 // 5)
    square = tf.random.normal((2048, 2048))
    times = together(
        {
            "fit": lambda: default.fit(x, y, batch_size=32, verbose=0),
            "best": lambda: best.fit(x, y, batch_size=32, verbose=0),
            "replicas": epochs(lambda seed: actdocs.create_model("relu", seed=seed), x, y, count, 32),
            "product": lambda: [np.asarray(tf.matmul(square, square)) for _ in range(8)],
        },
        7,
    )
    each = times["replicas"] / count
    # Forward, gradient of the weights and, but for the first layer, of the inputs: two operations a weight each.
    first, *others = (weight.shape[0] * weight.shape[1] for weight in default.get_weights()[::2])
    operations = len(x) * (4 * first + 6 * sum(others))
    peak = 8 * 2 * 2048**3 / times["product"]
    return {
        "epoch of fit, s": times["fit"],
        "epoch of fit at its best settings, s": times["best"],
        f"epoch of a replica, {count} at once, s": each,
        "fit / replica": times["fit"] / each,
        "fit at its best / replica": times["best"] / each,
        "replicas, GFLOP/s": operations / each / 1e9,
        "matrix product 2048, GFLOP/s": peak / 1e9,
        "share of the matrix product's rate": operations / each / peak,
    }


def others() -> dict[str, float]:
    """Measure an epoch of the deck's CNN and LSTM, on 1,000 photographs and 1,000 texts: ``fit``, and two replicas."""
    (photographs, kinds), _ = actdocs.data.load_animals()
    words = np.random.default_rng(0).integers(1, 10_000, (1000, 100)).astype(np.int32)
    pictures = photographs[:1000].repeat(2, axis=1).repeat(2, axis=2).astype(np.float32) / 255
    cases = {
        "CNN": (lambda seed: actdocs.create_cnn_model(classes=6, seed=seed), pictures, kinds[:1000].astype(np.int32)),
        "LSTM": (lambda seed: actdocs.create_sentiment_model(seed=seed), words, (np.arange(1000) % 2).astype(np.int32)),
    }
    found = {}
    for name, (build, x, y) in cases.items():
        model = build(0)
        runs = {
            "fit": lambda model=model, x=x, y=y: model.fit(x, y, batch_size=32, verbose=0),
            "replicas": epochs(build, x, y, 2, 32),
        }
        times = together(runs, 3)
        found |= {
            f"{name}, epoch of fit, s": times["fit"],
            f"{name}, epoch of a replica, s": times["replicas"] / 2,
            f"{name}, fit / replica": 2 * times["fit"] / times["replicas"],
        }
    return found


def study() -> dict[str, float]:
    """Measure the study of MNIST, 20 seeds × 3 activations × 5 epochs, beside the deck's three runs of ``fit``."""
    x, y = mnist()
    cut, names = len(x) * 4 // 5, ("relu", "sigmoid", "tanh")

    def replicas() -> None:
        for name in names:
            actdocs.train_replicas(
                lambda seed, name=name: actdocs.create_model(name, seed=seed),
                x[:cut],
                y[:cut],
                seeds=range(20),
                epochs=5,
                validation_data=(x[cut:], y[cut:]),
                progress=False,
            )

    def fits() -> None:
        for name in names:
            plain(name).fit(x, y, validation_split=0.2, epochs=5, verbose=0)

    times = together({"study": replicas, "fits": fits}, 2)
    return {
        "MNIST, 20 seeds x 3 activations x 5 epochs, s": times["study"],
        "three runs of fit, s": times["fits"],
        "study / three runs of fit": times["study"] / times["fits"],
    }


def studies() -> dict[str, float]:
    """Measure the studies that run while the site is built, one after the other, each in a fresh interpreter."""
    found = {}
    for script in sorted([*Path("gallery/4_training").glob("*.py"), *Path("gallery/5_evidence").glob("*.py")]):
        start = time.perf_counter()
        environment = os.environ | {"MPLBACKEND": "agg", "CI": "1"}
        subprocess.run([sys.executable, str(script)], check=True, capture_output=True, env=environment)
        found[f"{script.parent.name}/{script.stem}, s"] = time.perf_counter() - start
    return found | {"studies at build time together, min": sum(found.values()) / 60}


PEAK = """
import sys
import numpy as np
import actdocs
rows, width, seeds = map(int, sys.argv[1:])
x, y = np.random.default_rng(0).random((rows, 784), np.float32), (np.arange(rows) % 10).astype(np.int32)
build = lambda seed: actdocs.models.dense_model((784, width, width, 10), "relu", seed=seed)
actdocs.train_replicas(build, x, y, seeds=range(seeds), epochs=1, progress=False)
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def memory() -> dict[str, float]:
    """Measure the peak of a training of ten replicas over that of one that has next to no data and weights.

    Both compile the same programs, and the caller's own arrays count for nothing.
    """
    rows, seeds, parameters = 60_000, 10, 784 * 64 + 64 + 64 * 64 + 64 + 640 + 10

    def peak(*arguments: int) -> float:
        command = [sys.executable, "-c", PEAK, *map(str, arguments)]
        measured = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(3)]
        return statistics.median(int(text.split()[-1]) / 1024 for text in measured)

    data = rows * (784 + 1) * 4 / 2**20
    state = seeds * 3 * parameters * 4 / 2**20
    grown = peak(rows, 64, seeds) - peak(64, 1, seeds) - data
    return {
        "memory of training, MiB": grown,
        "data, MiB": data,
        "stacked weights and optimizer state, MiB": state,
        "memory / (data + 4 x state)": grown / (data + 4 * state),
    }


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


def play() -> dict[str, float]:
    """Measure the playground's engine beside the plain algorithm, in Node, and what a reader's page does with it."""
    found: dict[str, float] = {}
    engine = [program("node"), "tests/play/speed.js"]
    found |= json.loads(subprocess.run(engine, input=functions_source(), check=True, **CAPTURED).stdout)
    page = [sys.executable, "tests/browser/play_speed.py", "20"]
    return found | json.loads(subprocess.run(page, check=True, **CAPTURED).stdout)


# The same sources and directives, executed and kept as MyST-NB and sphinx-gallery do it by themselves.
STOCK = """
import runpy
globals().update(runpy.run_path({conf!r}))
extensions.remove("extensions.freshness")
def setup(app):
    app.add_config_value("package_key", "stock", "env", types=(str,))
"""
PROSE, SCRIPT = "docs/learn/04-sigmoid.md", "gallery/1_functions/plot_04_leaky_slopes.py"


def sources() -> list[str]:
    """List the files of the checkout that belong to the project."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, check=True, **CAPTURED).stdout.split("\0")
    return [name for name in names if name and Path(name).is_file()]


def builds() -> dict[str, float]:
    """Measure builds of this site, cold and after edits, beside those by the stock tools; takes half an hour."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench") as place:
        for who, options in (("ours", ["-j", "auto"]), ("stock", [])):
            root = Path(place, who)
            for name in sources():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(name, root / name)
            shutil.copytree(BUILD / "web", root / "build" / "web", symlinks=True)
            shutil.copy(BUILD / "crosscheck.json", root / "build")
            conf = root / "conf"
            if who == "stock":
                (conf / "conf.py").rename(conf / "ours.py")
                (conf / "conf.py").write_text(STOCK.format(conf=str(conf / "ours.py")), encoding="utf-8")
            command = [
                sys.executable,
                "-m",
                "sphinx",
                *options,
                "-c",
                "conf",
                "-d",
                "build/doctrees",
                "docs",
                "build/html",
            ]
            env = {**os.environ, "PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0"}

            def build(root: Path = root, command: list[str] = command, env: dict[str, str] = env) -> float:
                start = time.perf_counter()
                subprocess.run(command, check=True, cwd=root, env=env, **CAPTURED)
                return time.perf_counter() - start

            def after(name: str, times: int, root: Path = root, build: Callable[[], float] = build) -> float:
                measured = []
                for number in range(times):
                    with (root / name).open("a", encoding="utf-8") as file:
                        file.write(f"\n# Edit {number}.\n" if name.endswith(".py") else f"\nEdit {number}.\n")
                    measured.append(build())
                return statistics.median(measured)

            found[f"{who}: cold build, s"] = build()
            build()
            found[f"{who}: no-change build, s"] = statistics.median(build() for _ in range(3))
            found[f"{who}: after an edit of prose, s"] = after(PROSE, 3)
            found[f"{who}: after an edit of a gallery script, s"] = after(SCRIPT, 3)
    for what in [name.removeprefix("ours: ") for name in found if name.startswith("ours: ")]:
        found[f"ours / stock: {what.removesuffix(', s')}"] = found[f"ours: {what}"] / found[f"stock: {what}"]
    return found


def scale() -> dict[str, float]:
    """Measure sites with up to ten times the activations and scripts; takes an hour, and runs only if it is named."""
    import scale as grown

    extra = {"web": BUILD / "web", "crosscheck.json": BUILD / "crosscheck.json"}
    with tempfile.TemporaryDirectory(prefix="scale") as place:
        return grown.measure(Path(place), sources(), extra)


def main() -> None:
    """Run everything that can run, or the parts named, print a table and keep it as JSON."""
    parts = [imports, loaders, functions, training, others, study, studies, memory] + (
        [pages, play, builds] if (SITE / "index.html").exists() else []
    )
    if wanted := sys.argv[1:]:
        parts = [part for part in (*parts, scale) if part.__name__ in wanted]
    report = BUILD / "bench.json"
    found: dict[str, float] = json.loads(report.read_text(encoding="utf-8")) if wanted and report.exists() else {}
    for part in parts:
        for name, value in part().items():
            found[name] = round(value, 4)
            print(f"{value:10.3f}  {name}", flush=True)
    BUILD.mkdir(exist_ok=True)
    report.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
