"""The comparison pages say what was measured, and say so where nothing was."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import actdocs
from extensions import figures, measured
from extensions.measured import Page

ROOT = Path(__file__).parents[1]


def spot(ulps: float, x: float, gave: float, true: float) -> dict[str, float]:
    return {"ulps": ulps, "x": x, "gave": gave, "true": true}


def error(entry: str, library: str, worst: dict, normal: dict | None = None, dtype: str = "float32") -> dict:
    name = f"{library}.{entry}"
    return {"entry": entry, "library": library, "name": name, "dtype": dtype, **worst, "normal": normal or worst}


def start(entry, parameter, library, name, keyword, default, required=False):
    keys = ("entry", "parameter", "library", "name", "keyword", "default", "required")
    return dict(zip(keys, (entry, parameter, library, name, keyword, default, required), strict=True))


def slope(library, name, gradient, entry="relu", x=0.0, catalogue=0.0, left=0.0, right=1.0):
    keys = ("entry", "library", "name", "x", "gradient", "catalogue", "left", "right")
    return dict(zip(keys, (entry, library, name, x, gradient, catalogue, left, right), strict=True))


SAMPLE = [-1.0, 1.0]
FLUSH = spot(8e6, 1e-39, 0.0, 1e-39)
ROUNDING = spot(0.4, 1.0, 1.0, 1.0)
MEASURED = {
    "versions": {"torch": "2.1", "jax": "0.9"},
    "defaults": [
        start("leaky_relu", "alpha", "torch", "torch.leaky", "negative_slope", 0.01),
        start("leaky_relu", "alpha", "keras", "keras.leaky", "alpha", 0.3),
        start("gelu", "approximate", "torch", "torch.gelu", "approximate", "none"),
        start("gelu", "approximate", "jax", "jax.gelu", "approximate", False),
        start("gelu", "approximate", "keras", "keras.gelu", None, None),
        start("elu", "alpha", "torch", "torch.elu", "alpha", 1.0),
        start("hard_sigmoid", "alpha", "onnx", "HardSigmoid", "alpha", 0.2),
        start("hard_sigmoid", "beta", "onnx", "HardSigmoid", "beta", 0.5),
        start("sigmoid", "recurrent_activation", "keras", "keras.LSTM", "recurrent_activation", "sigmoid"),
        start("of_yesterday", "alpha", "torch", "torch.gone", "alpha", 1.0),
    ],
    "calls": [
        {"entry": "hard_sigmoid", "library": "torch", "name": "torch.hard", "x": SAMPLE, "y": [1 / 3, 2 / 3]},
        {"entry": "leaky_relu", "library": "torch", "name": "torch.leaky", "x": SAMPLE, "y": [-0.01, 1.0]},
        {"entry": "leaky_relu", "library": "torch", "name": "torch.Leaky", "x": SAMPLE, "y": [-0.01, 1.0]},
        {"entry": "leaky_relu", "library": "keras", "name": "keras.leaky", "x": SAMPLE, "y": [-0.3, 1.0]},
        {"entry": "relu", "library": "torch", "name": "torch.relu", "x": SAMPLE, "y": [0.0, 1.0]},
        {"entry": "relu", "library": "keras", "name": "keras.relu", "x": SAMPLE, "y": [0.0, 1.0]},
    ],
    "accuracy": [
        error("gelu", "torch", spot(math.inf, 1e38, math.inf, 1e38)),
        error("relu", "torch", FLUSH, ROUNDING),
        error("tanh", "torch", ROUNDING),
        error("tanh", "actdocs", spot(1.5, 1.0, 1.0, 1.0)),
        error("mish", "numpy", spot(1e5, 1.0, 1.0, 1.0)),
        error("tanh", "torch", spot(7.0, 2.0, 0.9, 0.8), dtype="float16"),
    ],
    "kinks": [
        slope("torch", "torch.relu", 0.0),
        slope("jax", "jax.relu", 0.0),
        slope("jax", "jnp.maximum(x, 0)", 0.5),
        slope("torch", "torch.tanh", 1.0, "hard_tanh", -1.0, 1.0),
        slope("jax", "jax.tanh", 2.0, "hard_tanh", -1.0, 1.0),
    ],
    "models": {
        "version": "5.0",
        "configurations": 9,
        "counts": {"relu": ["one", "two"], "unheard": ["two"]},
        "words": {"ReLU": {"entry": "relu"}, "unheard": {"entry": None}},
    },
}
PAGE = Page(MEASURED, frozenset({"atlas/relu"}), "float32")


@pytest.fixture(autouse=True)
def _figures():
    yield
    plt.close("all")


def test_a_default_differs_by_what_it_means_and_not_by_how_it_is_written():
    text = measured.defaults(PAGE)
    assert text.startswith("Parameters that start with different values: 1.")
    first, _, rest = text.partition("`````{dropdown}")
    assert "Leaky ReLU" in first
    assert "`0.3`\n  - `alpha`\n  - `keras.leaky`" in first
    assert "GELU" not in first
    assert "`False`\n  - `approximate`\n  - `jax.gelu`" in rest
    assert "not a choice" in rest
    assert "ELU (`alpha`)" in rest.rpartition("All agree")[2]
    assert "of_yesterday" not in text


def test_what_differs_is_shown_where_it_is_largest_and_what_agrees_is_not():
    found = measured.behaviours(PAGE)
    assert {name: [group.names for group in groups] for name, groups in found.items()} == {
        "hard_sigmoid": [["torch.hard"], ["HardSigmoid"]],
        "leaky_relu": [["torch.leaky", "torch.Leaky"], ["keras.leaky"]],
    }
    assert found["hard_sigmoid"][1].y == pytest.approx([0.3, 0.7])
    assert "−1\n  - −0.3\n  - `keras.leaky`" in measured.costs(PAGE)


def test_activations_inside_layers_stand_apart():
    assert "`keras.LSTM`\n  - –\n  - Sigmoid" in measured.layers(PAGE)


@pytest.mark.parametrize(
    ("worst", "words"),
    [
        (spot(0.5, 0, 1, 1), "a rounding"),
        (spot(3, 0, 1, 1), "a few roundings"),
        (spot(math.inf, 0, math.nan, 1), "NaN for a number"),
        (spot(math.inf, 0, math.inf, 1), "overflow on the way: ∞ for a finite number"),
        (spot(9, 0, 1, math.inf), "a finite number for ∞"),
        (FLUSH, "a subnormal result flushed to 0"),
        (spot(1e7, -60, 0.0, 1e-30), "0 for a number of full precision"),
        (spot(1e7, 1e-39, 0.0, 1.0), "a subnormal input taken for 0"),
        (spot(9, 0, 2e-39, 1e-39), "a subnormal result, off"),
        (spot(100, 0, 1, 1), "the last 7 of 24 bits are wrong"),
    ],
)
def test_an_error_is_named_by_its_numbers(worst, words):
    assert measured.what_happened(worst, "float32") == words


def test_accuracy_parts_what_is_wrong_from_flushes_and_roundings():
    text = measured.accuracy(PAGE)
    wrong, flushed, right = text.split("`````{dropdown}")
    assert wrong.startswith("1 of 3 functions give")
    assert "subnormal results and all, is 1.5." in wrong
    assert "torch.gelu" in wrong
    assert "torch.relu" in flushed
    assert "10⁻³⁹" in flushed
    assert "torch.tanh" in right
    assert "mish" not in text
    assert "torch.tanh" in measured.accuracy(PAGE._replace(dtype="float16")).partition("{dropdown}")[0]


def test_gradients_that_are_not_the_catalogues_are_marked():
    text = measured.kinks(PAGE)
    assert text.startswith("1 of 4 gradients are not the catalogue's")
    assert "differ among themselves for Hard tanh at −1." in text
    assert "**2** ‡" in text
    assert "**0.5**" in measured.written(PAGE)
    assert "{doc}`ReLU </atlas/relu>`" in text
    assert "Hard tanh </atlas" not in text


def test_models_are_listed_under_what_they_use():
    text = measured.models(PAGE)
    assert text.startswith("Of 9 configuration classes that can be made without arguments, 2 name an activation.")
    assert "{doc}`ReLU </atlas/relu>`, written `ReLU`.\n\n`one`, `two`" in text


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("defaults-figure", "leaky ReLU with the slopes 0.01, 0.3 that"),
        ("accuracy-map", "PyTorch at most ∞, for GELU"),
        ("models-figure", "ReLU 2, unheard 1."),
    ],
)
def test_figures_tell_their_numbers(part, words):
    figure = measured.FIGURES[part](PAGE)
    assert words in figure.get_label()
    assert figures.svg(figure)


def test_numbers_are_short():
    numbers = (0.0, -1.5, 1.25e-7, 3e20, math.inf, -math.inf, math.nan)
    assert [measured.short(number) for number in numbers] == ["0", "−1.5", "1.25·10⁻⁷", "3·10²⁰", "∞", "−∞", "NaN"]


def test_every_part_is_on_a_page_and_every_page_names_its_versions():
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs/atlas").glob("*.md")}
    used = "".join(pages.values())
    assert all(f"{{measured}} {part}\n" in used for part in (*measured.TEXTS, *measured.FIGURES))
    assert all("{measured} versions\n" in text for text in pages.values() if "{measured}" in text)


def test_pages_build_without_measurements_and_are_read_again_when_there_are_some(tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "docs").mkdir()
    parts = "\n\n".join(f":::{{measured}} {part}\n:::" for part in (*measured.TEXTS, *measured.FIGURES))
    (tmp_path / "docs/index.md").write_text(f"# Page\n\n{parts}\n")
    (tmp_path / "conf/conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'conf')!r})\n"
        "extensions = ['myst_parser', 'sphinx_design', 'extensions.measured']\n"
        "myst_enable_extensions = ['attrs_inline', 'colon_fence']\n"
    )

    def build() -> str:
        command = [sys.executable, "-m", "sphinx", "-qnW", "-c", "conf", "docs", "build/html"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        html = (tmp_path / "build/html/index.html").read_text(encoding="utf-8")
        return re.sub(r"</?(?:span|code)\b[^>]*>", "", html)

    before = build()
    assert "nox -s crosscheck" in before
    assert before.count("Not measured in this build.") == len(measured.TEXTS) + len(measured.FIGURES) - 1
    (tmp_path / "build/crosscheck.json").write_text(json.dumps(MEASURED))
    after = build()
    assert "Measured with PyTorch 2.1, JAX 0.9." in after
    assert "Not measured" not in after
    assert after.count('<figure class="drawn">') == len(measured.FIGURES)
    assert actdocs.get("leaky_relu").title in after
