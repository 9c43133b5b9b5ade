"""The small network: its gradients, its training, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import actdocs
from actdocs.data import make_moons
from actdocs.network import Network

# One of each family: the network takes each derivative from the catalogue, where it is tested.
SMOOTH = [entry.name for entry in actdocs.catalogue() if entry.elementwise and not entry.kinks and entry.member < 2]
LEARNING = [name for name in SMOOTH if name != "identity"]


def data(outputs: int, task: str, examples: int = 7):
    generator = np.random.default_rng(2)
    x = generator.normal(size=(examples, 3))
    if task == "regression":
        return x, generator.normal(size=(examples, outputs))
    return x, generator.integers(0, max(2, outputs), examples)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize(
    ("outputs", "task"), [(1, "classification"), (4, "classification"), (1, "regression"), (2, "regression")]
)
def test_gradients_are_those_of_small_steps(name, outputs, task):
    x, y = data(outputs, task)
    network = Network([3, 5, 4, outputs], name, seed=3, bias=0.1, task=task)
    found = network.gradients(x, y)
    step = 1e-6
    for arrays, gradients in ((network.weights, found.weights), (network.biases, found.biases)):
        for array, gradient in zip(arrays, gradients, strict=True):
            for place in np.ndindex(array.shape):
                kept = array[place]
                losses = []
                for side in (1, -1):
                    array[place] = kept + side * step
                    losses.append(network.gradients(x, y).loss)
                array[place] = kept
                assert gradient[place] == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-6, abs=1e-8)
    assert [signal.shape for signal in found.signals] == [(7, 5), (7, 4), (7, outputs)]


@pytest.mark.parametrize("name", LEARNING)
def test_training_lowers_the_loss(name):
    x, y = make_moons(n=100)
    losses = Network([2, 8, 1], name).fit(x, y, epochs=60)
    assert losses.shape == (60,)
    assert losses[-1] < losses[0]


def test_moons_need_a_bend():
    """The thread of the chapters: without a bend, the line's accuracy; with one, all points."""
    x, y = make_moons()
    straight, bent = Network([2, 8, 8, 1], "identity"), Network([2, 8, 8, 1], "relu")
    for network in (straight, bent):
        network.fit(x, y)
    assert straight.accuracy(x, y) < 0.92
    assert bent.accuracy(x, y) > 0.99


def test_several_classes():
    generator = np.random.default_rng(0)
    y = np.arange(90) % 3
    x = np.array([[0, 3], [3, 0], [-3, -3]])[y] + generator.normal(0, 0.3, (90, 2))
    network = Network([2, 6, 3], "tanh")
    network.fit(x, y, epochs=200)
    assert network.predict(x).shape == (90, 3)
    np.testing.assert_allclose(network.predict(x).sum(axis=1), 1)
    assert network.accuracy(x, y) == 1.0


def test_regression_gives_plain_numbers():
    x = np.linspace(-2, 2, 40)[:, None]
    network = Network([1, 12, 1], "tanh", task="regression")
    network.fit(x, x[:, 0] ** 2, epochs=2000, learning_rate=0.02)
    np.testing.assert_allclose(network.predict(x), x[:, 0] ** 2, atol=0.3)
    assert Network([1, 2, 2], task="regression").predict(x).shape == (40, 2)


def test_seeds_and_initialization():
    first, again, other = (Network([2, 50, 50, 1], seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.weights[1], again.weights[1])
    assert (first.weights[1] != other.weights[1]).any()
    for name, variance in (("he", 2 / 50), ("lecun", 1 / 50), ("glorot", 2 / 100), (0.5, 0.25)):
        spread = Network([2, 50, 50, 1], initialization=name).weights[1].var()
        assert spread == pytest.approx(variance, rel=0.1)
    assert Network([2, 50, 50, 1], "tanh").weights[1].var() == pytest.approx(2 / 100, rel=0.1)
    assert (Network([2, 3, 1], bias=-2).biases[0] == -2).all()


def test_dead_units():
    x, _ = make_moons(n=50)
    assert (Network([2, 20, 20, 1], "relu", bias=-100).dead_fraction(x) == 1).all()
    assert (Network([2, 20, 20, 1], "leaky_relu", bias=-100, alpha=0.1).dead_fraction(x) == 0).all()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"sizes": [3]}, ValueError, r"sizes must be at least two positive numbers, got \[3\]"),
        ({"sizes": [3, 0, 1]}, ValueError, "each of sizes must be an integer of at least 1, got 0"),
        ({"sizes": [2.5, 1]}, TypeError, "each of sizes must be an integer of at least 1, got 2.5"),
        ({"seed": -1}, ValueError, "seed must be an integer of at least 0, got -1"),
        ({"activation": "softmax"}, TypeError, "activation must be element-wise in a hidden layer, got softmax"),
        ({"activation": "rely"}, ValueError, "nearest: relu"),
        ({"task": "ranking"}, ValueError, "task must be 'classification' or 'regression', got 'ranking'"),
        ({"initialization": "hi"}, ValueError, "initialization must be 'he', 'lecun', 'glorot' or a number, got 'hi'"),
        ({"initialization": -1.0}, ValueError, "initialization must be a finite standard deviation"),
        ({"bias": float("nan")}, ValueError, "bias must be a finite number, got nan"),
        ({"alpha": 1.0}, TypeError, "alpha is not a parameter of relu"),
    ],
)
def test_wrong_networks_are_refused(arguments, error, says):
    with pytest.raises(error, match=says):
        Network(**{"sizes": [2, 3, 1], **arguments})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"x": np.zeros((4, 3))}, r"x must have the shape \(examples, 2\), got \(4, 3\)"),
        ({"x": np.zeros(2)}, r"got \(2,\)"),
        ({"y": [0, 1]}, r"y must have one label for each of 4 examples, got shape \(2,\)"),
        ({"y": [0, 1, 2, 0]}, "y must hold class numbers from 0 to 1, got 2"),
        ({"y": [0, 1, 0.5, 0]}, "got 0.5"),
        ({"epochs": 0}, "epochs must be an integer of at least 1, got 0"),
        ({"x": np.zeros((0, 2)), "y": []}, "x must have at least one example"),
        ({"x": np.full((4, 2), np.nan)}, "finite numbers only"),
        ({"learning_rate": 0.0}, "learning_rate must be a positive finite number, got 0.0"),
        ({"momentum": 1.0}, "momentum must be at least 0 and below 1, got 1.0"),
    ],
)
def test_wrong_data_is_refused(change, says):
    arguments = {"x": np.zeros((4, 2)), "y": [0, 1, 0, 1], **change}
    with pytest.raises(ValueError, match=says):
        Network([2, 3, 1]).fit(arguments.pop("x"), arguments.pop("y"), **arguments)


def test_regression_targets_must_fit():
    with pytest.raises(ValueError, match=r"y must hold \(4, 2\) numbers, got shape \(4,\)"):
        Network([2, 3, 2], task="regression").gradients(np.zeros((4, 2)), np.zeros(4))
