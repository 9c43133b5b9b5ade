"""What a reader imports: the deck's names, and nothing heavy."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys

import pytest

import actdocs

DECK = [
    "plot_function",
    "linear_neuron",
    "relu",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "softmax",
    "plot_function_and_derivative",
    "create_model",
    "create_cnn_model",
    "create_sentiment_model",
    "experiment_with_activations",
    "swish",
    "gelu",
    "mish",
    "train_replicas",
]
NAMESPACES = {"actdocs.numerics", "actdocs.singles", "actdocs.tensors"}
MODULES = [
    module.name
    for module in pkgutil.walk_packages(actdocs.__path__, "actdocs.")
    if not module.name.startswith("actdocs._") and module.name not in NAMESPACES
]


@pytest.mark.parametrize("name", DECK)
def test_the_decks_names_are_there(name):
    assert callable(getattr(actdocs, name))


def test_the_loaders_are_there():
    for name in ("load_mnist", "load_animals", "load_reviews", "load_breast_cancer"):
        assert callable(getattr(actdocs.data, name))


def test_import_is_light():
    """NumPy alone; SciPy, Matplotlib, TensorFlow, Keras and scikit-learn wait until they are needed."""
    code = "import sys, json, actdocs; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(run.stdout))
    assert not loaded & {
        "tensorflow",
        "keras",
        "matplotlib",
        "sklearn",
        "PIL",
        "tqdm",
        "platformdirs",
        "pandas",
        "scipy",
    }
    assert "numpy" in loaded


@pytest.mark.parametrize("name", MODULES)
def test_public_functions_are_documented(name):
    """Every public function says what it takes, gives and raises, with an example."""
    module = importlib.import_module(name)
    assert module.__doc__
    for attribute in getattr(module, "__all__", ()):
        item = getattr(module, attribute)
        if inspect.isfunction(item) and item.__module__ == name:
            text = inspect.getdoc(item)
            assert text, f"{name}.{attribute}"
            assert "Examples\n---" in text, f"{name}.{attribute} has no example"
