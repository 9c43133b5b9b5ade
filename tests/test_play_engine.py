"""The playground's networks and data: the same training in NumPy, gradients by differences, and what is refused."""

from __future__ import annotations

import itertools
import math
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scripts

import actdocs
from extensions import javascript

ROOT = Path(__file__).parents[1]
HELPERS = ROOT / "tests" / "play"
SOURCES = {name: (scripts.PLAY / f"{name}.js").read_text(encoding="utf-8") for name in ("engine", "datasets")}
ENTRIES = [entry for entry in actdocs.catalogue() if entry.elementwise]
CLASSES = ["circle", "xor", "blobs", "spiral", "moons"]
SURFACES = ["plane", "sine", "bumps"]

# A network by names: hidden is a list of [units, entry, parameters], where no parameters are the defaults.
COMMON = """
const { engine, datasets, functions } = actdocs;
const layer = ([units, name, p]) => {
  const entry = functions[name];
  return { units, entry, p: p ?? entry.parameters.map(({ value }) => value) };
};
const USUAL = { inputs: 2, loss: "cross-entropy", optimizer: "sgd", rate: 0.1, batch: 10, start: "own", seed: 1 };
const network = (options) => {
  const all = { ...USUAL, hidden: [[3, "tanh"]], ...options };
  return engine.network({ ...all, hidden: all.hidden.map(layer) });
};
const points = (x, y) => ({ x: Float64Array.from(x.flat()), y: Float64Array.from(y), n: y.length });
"""


def js(code: str, **given: Any) -> Any:
    return scripts.run(COMMON + code, {"helpers": str(HELPERS), **given}, "engine", "datasets")


# The same in NumPy


class Reference:
    """The network in NumPy, with the catalogue's own functions."""

    def __init__(self, options: dict[str, Any], weights: Any) -> None:
        self.options = {"momentum": 0.9, "l1": 0.0, "l2": 0.0, **options}
        self.weights = np.array(weights)
        self.penalised = np.zeros_like(self.weights)
        self.layers, start = [], 0
        sizes = [options["inputs"], *(units for units, *_ in options["hidden"]), 1]
        for before, behind in itertools.pairwise(sizes):
            end = start + before * behind
            self.penalised[start:end] = 1
            self.layers.append((self.weights[start:end].reshape(before, behind), self.weights[end : end + behind]))
            start = end + behind
        assert start == self.weights.size, "the weights are those of this network"
        self.first, self.second = np.zeros_like(self.weights), np.zeros_like(self.weights)
        self.steps = 0

    def forward(self, x: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Give the signal before each layer of weights, then the output, and the slopes in the hidden layers."""
        signals, slopes = [x], []
        for (_, name, *p), (matrix, bias) in zip(self.options["hidden"], self.layers, strict=False):
            parameters = p[0] if p else {}
            z = signals[-1] @ matrix + bias
            signals.append(actdocs.get(name)(z, **parameters))
            slopes.append(actdocs.get(name).derivative(z, **parameters))
        matrix, bias = self.layers[-1]
        return [*signals, (signals[-1] @ matrix + bias)[:, 0]], slopes

    def losses(self, output: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the loss of each point, and its derivative by the output."""
        if self.options["loss"] == "squared error":
            return (output - y) ** 2 / 2, output - y
        return np.logaddexp(0, output) - y * output, 1 / (1 + np.exp(-output)) - y

    def gradients(self, x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray, list[np.ndarray]]:
        """Give the mean loss, its gradient by the weights, and that of each loss by each layer's z."""
        signals, slopes = self.forward(x)
        losses, change = self.losses(signals[-1], y)
        deltas = [change[:, None]]
        for slope, (matrix, _) in zip(slopes[::-1], self.layers[:0:-1], strict=True):
            deltas.insert(0, (deltas[0] @ matrix.T) * slope)
        parts = [(s.T @ d / len(y), d.mean(axis=0)) for s, d in zip(signals, deltas, strict=False)]
        return float(losses.mean()), np.concatenate([part.ravel() for pair in parts for part in pair]), deltas

    def step(self, g: np.ndarray) -> None:
        self.steps += 1
        o, b1, b2 = self.options, 0.9, 0.999
        g = g + self.penalised * (o["l2"] * self.weights + o["l1"] * np.sign(self.weights))
        if o["optimizer"] == "sgd":
            self.weights -= o["rate"] * g
        elif o["optimizer"] == "momentum":
            self.first = o["momentum"] * self.first - o["rate"] * g
            self.weights += self.first
        else:
            self.first = b1 * self.first + (1 - b1) * g
            self.second = b2 * self.second + (1 - b2) * g**2
            rate = o["rate"] * math.sqrt(1 - b2**self.steps) / (1 - b1**self.steps)
            self.weights -= rate * self.first / (np.sqrt(self.second) + 1e-7)

    def epoch(self, x: np.ndarray, y: np.ndarray, order: np.ndarray) -> float:
        losses = []
        for start in range(0, len(order), self.options["batch"]):
            batch = order[start : start + self.options["batch"]]
            loss, gradient, _ = self.gradients(x[batch], y[batch])
            self.step(gradient)
            losses.append(loss)
        return float(np.mean(losses))


def numbered(options: dict[str, Any]) -> dict[str, Any]:
    """Give parameters by their places, as the scripts have them."""
    hidden = []
    for units, name, *p in options["hidden"]:
        rows = javascript.parameters(actdocs.get(name))
        hidden.append([units, name, [(p[0] if p else {}).get(row["name"], row["value"]) for row in rows]])
    return options | {"hidden": hidden}


# The rates are such that the losses fall smoothly: a difference in the last digit stays one. With rates at which losses
# jump, or with units right at a kink, it would grow from epoch to epoch, in any two programs.
TRAININGS = {
    "sgd": {"hidden": [[4, "tanh"], [2, "tanh"]], "optimizer": "sgd", "rate": 0.05},
    "sgd, squared error, L2, a parameter": {
        "hidden": [[5, "swish", {"beta": 1.5}]],
        "loss": "squared error",
        "optimizer": "sgd",
        "rate": 0.01,
        "l2": 0.003,
    },
    "momentum, squared error, mixed": {
        "hidden": [[4, "sine"], [3, "elu"]],
        "loss": "squared error",
        "optimizer": "momentum",
        "momentum": 0.8,
        "rate": 0.002,
        "start": "gain",
    },
    "momentum, L1 and L2, a batch that is left over": {
        "hidden": [[6, "sigmoid"]],
        "optimizer": "momentum",
        "rate": 0.01,
        "batch": 16,
        "l1": 0.001,
        "l2": 0.002,
        "start": "glorot",
    },
    "adam, mixed": {"hidden": [[5, "gelu"], [4, "softsign"]], "optimizer": "adam", "rate": 0.002, "start": "lecun"},
    "adam, squared error, a kink, L1": {
        "hidden": [[4, "leaky_relu", {"alpha": 0.2}], [3, "tanh"]],
        "loss": "squared error",
        "optimizer": "adam",
        "rate": 0.001,
        "l1": 0.0003,
        "start": "he",
    },
    "adam, three points a batch, uniform": {
        "hidden": [[3, "softplus"]],
        "optimizer": "adam",
        "rate": 0.0005,
        "batch": 3,
        "start": "uniform",
    },
    "no hidden layer": {"hidden": [], "optimizer": "sgd", "rate": 0.02, "batch": 100},
}


@pytest.mark.parametrize("name", TRAININGS)
def test_losses_are_those_of_numpy_for_500_epochs(name):
    options = {"inputs": 2, "loss": "cross-entropy", "batch": 10, "start": "own", "seed": 7, **TRAININGS[name]}
    code = """
      const net = network(given.options);
      const data = datasets.sets[given.data].make(40, 0.1, 3);
      const start = net.weights.slice();
      const orders = Array.from({ length: 500 }, (_, k) => engine.order(data.n, 5, k));
      const losses = orders.map((order) => net.epoch(data, order));
      return { start, data, orders, losses, end: net.weights, epochs: net.epochs, after: net.evaluate(data) };"""
    data = "bumps" if options["loss"] == "squared error" else "moons"
    made = js(code, options=numbered(options), data=data)
    reference = Reference(options, made["start"])
    x, y = np.reshape(made["data"]["x"], (-1, 2)), np.array(made["data"]["y"])
    losses = [reference.epoch(x, y, np.array(order)) for order in made["orders"]]
    assert losses[-1] < 0.95 * losses[0], "it learns"
    np.testing.assert_allclose(made["losses"], losses, rtol=1e-9)
    np.testing.assert_allclose(made["end"], reference.weights, rtol=1e-8, atol=1e-10)
    assert made["epochs"] == 500
    loss, _, _ = reference.gradients(x, y)
    assert made["after"]["loss"] == pytest.approx(loss, rel=1e-9)


@pytest.mark.parametrize("sizes", [[4, 2], [8, 8, 8]], ids=str)
@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
def test_losses_are_those_of_the_yardstick(sizes, name):
    code = """
      const yardstick = require(given.helpers + "/yardstick.js");
      const hidden = given.sizes.map((units) => [units, given.name]);
      const net = network({ hidden, loss: "squared error", rate: 0.01 });
      const layers = yardstick.network([2, ...given.sizes, 1], yardstick.ACTIVATIONS[given.name], net.weights);
      const data = datasets.sets.circle.make(255, 0.1, 3);
      return Array.from({ length: 50 }, (_, k) => {
        const order = engine.order(data.n, 5, k);
        return [net.epoch(data, order), yardstick.epoch(layers, data, order, 10, 0.01)];
      });"""
    ours, theirs = np.array(js(code, sizes=sizes, name=name)).T
    assert theirs[-1] < theirs[0], "it learns"
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


# Gradients


@pytest.fixture(scope="module")
def gradients():
    """Give central differences and first steps for each entry, in a network where no unit is near a kink at any point.

    Twice with other weights, since an entry's kinks are those of its defaults. The network is searched for by seed.
    """
    code = """
      const STEP = 1e-6, AWAY = 1e-3;
      const sizes = [2, 3, 2];
      const data = points([[0.3, -0.8], [1.1, 0.4], [-0.7, 0.9], [-1.3, -0.2], [0.6, 1.4]], [1, 0, 1, 1, 0]);
      /** How near any unit comes to a kink, from the weights alone. */
      const nearest = ({ weights }, { entry, p }) => {
        let near = Infinity;
        for (let s = 0; s < data.n; s++) {
          let signal = data.x.slice(2 * s, 2 * s + 2), at = 0;
          for (const units of [3, 2]) {
            const z = weights.slice(at + signal.length * units, at + (signal.length + 1) * units); // the biases
            signal.forEach((one, i) => z.forEach((_, j) => { z[j] += one * weights[at + i * units + j]; }));
            for (const one of z) for (const at of given.kinks[entry.name]) near = Math.min(near, Math.abs(one - at));
            at += (signal.length + 1) * units;
            signal = new Float64Array(units);
            entry.both(z, signal, z, units, p);
          }
        }
        return near;
      };
      return given.cases.map(([name, loss]) => {
        const options = { hidden: [[3, name], [2, name]], loss, batch: 5, rate: 1, l1: 0.01, l2: 0.02 };
        const order = engine.order(5, 1, 1);
        for (let seed = 0; seed < 1000; seed++) {
          const net = network({ ...options, seed });
          const start = net.weights.map((w, i) => 1.5 * w + 0.2 * Math.cos(seed + i));
          net.weights.set(start);
          if (nearest(net, layer([3, name])) < AWAY) continue;
          const value = (i, step) => {
            net.weights.set(start);
            net.weights[i] += step;
            return net.evaluate(data).loss;
          };
          const slopes = start.map((_, i) => (value(i, STEP) - value(i, -STEP)) / (2 * STEP));
          if (slopes[0] === 0 && !given.flat.includes(name)) continue;
          if (!slopes.every((one) => Math.abs(one) < 10)) continue;
          const steps = ["sgd", "momentum", "adam"].map((optimizer) => {
            const other = network({ ...options, optimizer, rate: optimizer === "sgd" ? 1 : 0.125 });
            other.weights.set(start);
            other.epoch(data, order);
            return other.weights.map((w, i) => w - start[i]);
          });
          return { name, loss, start, slopes, steps };
        }
        return { name, loss };
      });"""
    cases = list(itertools.product([entry.name for entry in ENTRIES], ["cross-entropy", "squared error"]))
    flat = ["binary_step", "sign"]
    kinks = {entry.name: entry.kinks for entry in ENTRIES}
    return {(made["name"], made["loss"]): made for made in js(code, cases=cases, flat=flat, kinks=kinks)}


@pytest.mark.parametrize("loss", ["cross-entropy", "squared error"])
@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_gradients_and_first_steps_are_those_of_differences(gradients, name, loss):
    made = gradients[name, loss]
    assert "start" in made, f"{name}: no network keeps clear of its kinks"
    start = np.array(made["start"])
    weights = np.ones(len(start), bool)
    weights[[6, 7, 8, 15, 16, 19]] = False  # the biases of 2-3-2-1
    slopes = np.array(made["slopes"]) + np.where(weights, 0.01 * np.sign(start) + 0.02 * start, 0)
    # A difference over 2e-6 of losses near 1 is wrong by some 2e-16 / 1e-6 from rounding, and by f''' 1e-12 / 6.
    tolerance = 1e-8 * max(1, np.abs(slopes).max())
    sgd, momentum, adam = map(np.array, made["steps"])
    np.testing.assert_allclose(-sgd, slopes, rtol=0, atol=tolerance)
    np.testing.assert_allclose(-momentum / 0.125, slopes, rtol=0, atol=tolerance)
    # The first step of Adam is nearly a sign, so that it says next to nothing about a slope of 0.
    clear = np.abs(slopes) > 1e-4
    size = np.sqrt(0.001) * np.abs(slopes)
    expected = -0.125 * np.sqrt(0.001) * slopes / (size + 1e-7)
    np.testing.assert_allclose(adam[clear], expected[clear], rtol=1e-4)
    assert clear[weights].any()


# Starts, orders


def test_starts_are_the_same_draws_scaled_by_the_rule():
    code = """
      const starts = {};
      for (const start of ["own", "he", "glorot", "lecun", "gain", "uniform"]) {
        const net = network({ hidden: [[5, "relu"], [4, "tanh"], [3, "swish", [1.5]]], start });
        starts[start] = net.weights;
      }
      const before = [["relu", []], ["tanh", []], ["swish", [1.5]]];
      const gains = before.map(([name, p]) => actdocs.moments(functions[name], p).forward);
      return { starts, gains, draws: engine.normals(starts.own.length, 1) };"""
    made = js(code)
    gains = made["gains"]
    assert gains[0] == pytest.approx(math.sqrt(2), rel=1e-6)
    scales = {  # for each layer of weights
        "own": [math.sqrt(2 / 2), math.sqrt(2 / (5 + 4)), math.sqrt(2 / 4), math.sqrt(1 / 3)],
        "he": [math.sqrt(2 / before) for before in (2, 5, 4, 3)],
        "glorot": [math.sqrt(2 / (before + behind)) for before, behind in ((2, 5), (5, 4), (4, 3), (3, 1))],
        "lecun": [math.sqrt(1 / before) for before in (2, 5, 4, 3)],
        "gain": [gain / math.sqrt(before) for gain, before in zip([1, *gains], (2, 5, 4, 3), strict=True)],
    }
    at = 0
    for k, (before, behind) in enumerate(((2, 5), (5, 4), (4, 3), (3, 1))):
        weights, biases = slice(at, at + before * behind), slice(at + before * behind, at + (before + 1) * behind)
        draws = np.array(made["draws"][weights])
        for rule, each in scales.items():
            np.testing.assert_allclose(made["starts"][rule][weights], draws * each[k], rtol=1e-14)
        uniform = [math.erf(draw / math.sqrt(2)) / 2 for draw in draws]
        np.testing.assert_allclose(made["starts"]["uniform"][weights], uniform, atol=1e-14)
        assert all(not any(start[biases]) for start in made["starts"].values())
        at = biases.stop
    assert at == len(made["draws"])


def test_a_function_that_is_zero_has_no_gain_and_starts_by_lecun():
    code = """
      const zero = { parameters: [], both: (z, a, d, n) => { a.fill(0, 0, n); d.fill(0, 0, n); } };
      const hidden = [1, 2].map(() => ({ units: 3, entry: zero, p: [] }));
      return ["gain", "lecun"].map((start) => engine.network({ ...USUAL, hidden, start }).weights);"""
    gain, lecun = js(code)
    assert gain == lecun


def test_gain_keeps_the_size_of_signals_through_ten_layers():
    code = """
      const draw = actdocs.normal(actdocs.uniform(2 ** 31));
      const x = Float64Array.from({ length: 2 * 200 }, draw);
      const data = { x, y: new Float64Array(200), n: 200 };
      return given.names.map((name) => {
        const hidden = Array.from({ length: 10 }, () => [100, name]);
        const { signal } = network({ hidden, start: given.start, loss: "squared error" }).probe(data);
        return signal.map((one) => one * actdocs.moments(functions[name], []).forward);
      });"""
    names = ["relu", "tanh"]
    for name, sizes in zip(names, js(code, names=names, start="gain"), strict=True):
        # Relative to that of f(z) for a normal z of deviation 1; these weights are few, and signals depart by chance.
        assert 0.6 < min(sizes) < max(sizes) < 1.6, f"{name}: {sizes}"
    for name, sizes in zip(names, js(code, names=names, start="lecun"), strict=True):
        assert sizes[-1] < 0.4, f"{name} keeps nothing by another rule: {sizes}"


def test_normals_are_normal_and_neighbouring_seeds_are_unlike():
    rows = np.array(js("return Array.from({ length: 400 }, (_, seed) => engine.normals(50, seed));"))
    # 20,000 numbers: the mean is within 5 / √20000 = 0.035, the variance within 5 √(2 / 20000) = 0.05.
    assert abs(rows.mean()) < 0.035
    assert abs(rows.var() - 1) < 0.05
    assert (np.abs(rows) < 1).mean() == pytest.approx(0.683, abs=0.017)
    # Each column over the seeds: 50 means within 5 / √400, and next to no correlation between neighbours.
    assert np.abs(rows.mean(axis=0)).max() < 0.25
    assert abs(np.corrcoef(rows[:-1].ravel(), rows[1:].ravel())[0, 1]) < 0.035
    assert js("return engine.normals(3, 5);") == js("return engine.normals(50, 5).slice(0, 3);")


def test_orders_are_permutations_by_seed_and_epoch():
    code = "return given.pairs.map(([seed, epoch]) => engine.order(20, seed, epoch));"
    pairs = list(itertools.product(range(40), range(50)))
    orders = js(code, pairs=pairs)
    assert all(sorted(order) == list(range(20)) for order in orders)
    assert len({tuple(order) for order in orders}) == len(orders)
    assert js(code, pairs=pairs[:3]) == orders[:3]
    # Each number comes to each place about 100 times in 2000: no count is further off than 5.5 deviations.
    counts = np.array([np.bincount(place, minlength=20) for place in np.array(orders).T])
    assert np.abs(counts - 100).max() < 5.5 * math.sqrt(2000 * 0.05 * 0.95)


# What it tells


def test_many_points_are_as_one_after_the_other():
    """Whole chunks and what is left over, against NumPy; nothing is changed by looking."""
    code = """
      const data = datasets.sets[given.data].make(600, 0.2, 4);
      const net = network(given.options);
      const order = engine.order(data.n, 1, 1);
      for (let k = 0; k < 5; k++) net.epoch(data, order);
      const weights = net.weights.slice();
      const out = new Float64Array(data.n);
      net.predict(data.x, data.n, out);
      const seen = [net.evaluate(data), net.probe(data), net.evaluate(data)];
      return { data, weights, out, seen, same: net.weights.every((w, i) => w === weights[i]), epochs: net.epochs };"""
    for data, loss in (("xor", "cross-entropy"), ("sine", "squared error")):
        options = {
            "inputs": 2,
            "hidden": [[7, "relu"], [5, "tanh"]],
            "loss": loss,
            "optimizer": "adam",
            "rate": 0.01,
            "batch": 32,
        }
        made = js(code, options=numbered(options), data=data)
        reference = Reference(options, made["weights"])
        x, y = np.reshape(made["data"]["x"], (-1, 2)), np.array(made["data"]["y"])
        signals, slopes = reference.forward(x)
        mean, _, deltas = reference.gradients(x, y)
        classes = loss == "cross-entropy"
        np.testing.assert_allclose(
            made["out"], 1 / (1 + np.exp(-signals[-1])) if classes else signals[-1], rtol=1e-11, atol=1e-14
        )
        first, probe, second = made["seen"]
        assert first == second
        assert first["loss"] == pytest.approx(mean, rel=1e-12)
        assert first["accuracy"] == (((signals[-1] > 0) == (y == 1)).mean() if classes else "NaN")
        root = [[math.sqrt((each**2).mean()) for each in kind] for kind in (signals[1:-1], deltas[:-1])]
        np.testing.assert_allclose(probe["signal"], root[0], rtol=1e-12)
        np.testing.assert_allclose(probe["gradient"], root[1], rtol=1e-11)
        assert probe["dead"] == [(slope == 0).all(axis=0).mean() for slope in slopes]
        assert probe["saturated"] == [((np.abs(slope) < 0.05).mean(axis=0) >= 0.95).mean() for slope in slopes]
        assert made["same"]
        assert made["epochs"] == 5


def test_dead_and_saturated_units_are_counted():
    code = """
      const net = network({ hidden: [[4, "relu"], [4, "tanh"]] });
      const data = datasets.sets.circle.make(1000, 0, 1);
      // Biases: two units of the first layer never fire; three of the second are far out, one of them at most points.
      net.weights.fill(0);
      net.weights.set([-1, 1, -2, 1], 8);
      net.weights.set([9, -9, 0, 0], 12 + 16);
      const { dead, saturated, signal } = net.probe(data);
      return { dead, saturated, signal };"""
    made = js(code)
    assert made["dead"] == [0.5, 0]
    assert made["saturated"] == [0.5, 0.5]
    assert made["signal"][0] == pytest.approx(math.sqrt(0.5))
    far = js("""
      const net = network({ hidden: [[1, "tanh"]] });
      // A tanh of slope under 0.05 where |x| > 2.18: at 94, 95 and 96 of 100 points.
      return [94, 95, 96].map((count) => {
        net.weights.set([1, 0, 0]);
        const x = Array.from({ length: 100 }, (_, k) => [k < count ? 3 : 0, 0]);
        return net.probe(points(x, x.map(() => 0))).saturated[0];
      });""")
    assert far == [0, 1, 1]
    slopes = js("""
      return [["leaky_relu", [0.05]], ["leaky_relu", [0.0499]], ["swish", [1]]].map(([name, p]) => {
        const net = network({ hidden: [[1, name, p]] });
        net.weights.set([0, 0, -3]);
        const { dead, saturated } = net.probe(points([[1, 1]], [0]));
        return [dead[0], saturated[0]];
      });""")
    assert slopes == [[0, 0], [0, 1], [0, 0]], "a slope of 0.05 is none of them, nor is one of -0.09"


def test_losses_are_computed_stably():
    code = """
      const net = network({ hidden: [] });
      return [-1e4, -40, 0, 40, 1e4].flatMap((output) => [0, 1].map((target) => {
        net.weights.set([output, 0, 0]);
        const data = points([[1, 0]], [target]);
        const out = new Float64Array(1);
        net.predict(data.x, 1, out);
        const { loss } = net.evaluate(data);
        net.epoch(data, engine.order(1, 1, 1));
        return [output, target, loss, out[0], (output - net.weights[0]) / 0.1];
      }));"""
    for output, target, loss, probability, gradient in js(code):
        assert loss == pytest.approx(np.logaddexp(0, -output if target else output), rel=1e-14), (output, target)
        assert probability == pytest.approx(math.exp(-np.logaddexp(0, -output)), rel=1e-13, abs=0)
        if abs(output) < 1e4:  # where a weight has digits left for it
            assert gradient == pytest.approx(probability - target, abs=1e-13)


# When it goes wrong


def test_what_diverges_stops_and_keeps_its_weights():
    code = """
      const net = network({ hidden: [[4, "relu"], [4, "relu"]], loss: "squared error", rate: given.rate });
      const data = datasets.sets.plane.make(50, 0, 1);
      const orders = Array.from({ length: 200 }, (_, k) => engine.order(50, 1, k));
      const first = network({ hidden: [[4, "relu"], [4, "relu"]], loss: "squared error", rate: 0.01 });
      const losses = orders.map((order) => net.epoch(data, order));
      const [weights, epochs, diverged] = [net.weights.slice(), net.epochs, net.diverged];
      const again = net.epoch(data, orders[0]);
      const kept = weights.every((w, i) => w === net.weights[i]);
      net.reset();
      const anew = orders.slice(0, 2).map((order) => net.epoch(data, order));
      return { losses, weights, epochs, diverged, again, kept, anew, fresh: first.weights };"""
    made = js(code, rate=5)
    losses = [float(loss) for loss in made["losses"]]
    assert made["diverged"]
    assert 0 < made["epochs"] < 200
    assert np.isfinite(losses[: made["epochs"]]).all()
    assert np.isnan(losses[made["epochs"] :]).all()
    assert np.isfinite([float(w) for w in made["weights"]]).all()
    assert made["weights"] != made["fresh"]
    assert (made["again"], made["kept"]) == ("NaN", True)
    assert made["anew"] == made["losses"][:2]
    calm = js(code, rate=0.01)
    assert (calm["diverged"], calm["epochs"]) == (False, 200)
    assert calm["anew"] == calm["losses"][:2]


def test_a_weight_that_is_not_finite_is_not_taken():
    """The loss of the first batch and its gradient are finite, but not a weight behind them; the second is not met."""
    code = """
      return ["sgd", "momentum", "adam"].map((optimizer) => {
        const net = network({ hidden: [], optimizer, rate: 1.7e308, batch: 1 });
        net.weights.set([1e308, 1e308, 0]);
        const loss = net.epoch(points([[1, -1], [0, 0]], [1, 0]), Uint32Array.of(0, 1));
        return [loss, net.weights, net.diverged, net.epochs];
      });"""
    assert js(code) == [["NaN", [1e308, 1e308, 0], True, 0]] * 3


def test_a_loss_that_is_not_finite_changes_nothing():
    """The square is too large for a number, its slope is not."""
    code = """
      const net = network({ hidden: [], loss: "squared error", batch: 1 });
      net.weights.set([1, 2, 3]);
      const loss = net.epoch(points([[0, 0], [0, 0]], [1e160, 3]), Uint32Array.of(0, 1));
      return [loss, net.weights, net.diverged, net.epochs];"""
    assert js(code) == ["NaN", [1, 2, 3], True, 0]


def test_after_a_reset_all_is_as_at_first():
    code = """
      const data = datasets.sets.circle.make(50, 0, 1);
      return ["sgd", "momentum", "adam"].map((optimizer) => {
        const net = network({ optimizer });
        const train = () => [1, 2, 3].map((epoch) => net.epoch(data, engine.order(data.n, 1, epoch)));
        const losses = train();
        net.reset();
        return [losses, train(), net.epochs];
      });"""
    for first, again, epochs in js(code):
        assert first == again
        assert epochs == 3


REFUSED = {
    "inputs: 0": "inputs is 0; accepted is a whole number from 1 to 256",
    "inputs: 1.5": "inputs is 1.5; accepted is a whole number from 1 to 256",
    "hidden: 3": "hidden is 3; accepted is a list of at most 64 layers",
    "hidden: [null]": "hidden[0].units is undefined; accepted is a whole number from 1 to 256",
    "hidden: [{ units: 2 }]": "hidden[0].entry is undefined; accepted is an entry of actdocs.functions",
    "hidden: [layer([2, 'swish', []])]": "hidden[0].p is []; accepted is a list of 1 finite numbers",
    "hidden: [layer([2, 'swish', [NaN]])]": "hidden[0].p is [NaN]; accepted is a list of 1 finite numbers",
    "loss: 'hinge'": 'loss is "hinge"; accepted is one of "cross-entropy", "squared error"',
    "optimizer: undefined": 'optimizer is undefined; accepted is one of "sgd", "momentum", "adam"',
    "rate: 0": "rate is 0; accepted is a finite number above 0",
    "rate: Infinity": "rate is Infinity; accepted is a finite number above 0",
    "rate: '0.1'": 'rate is "0.1"; accepted is a finite number above 0',
    "momentum: 1": "momentum is 1; accepted is a number from 0, below 1",
    "l1: -1": "l1 is -1; accepted is a finite number from 0",
    "l2: NaN": "l2 is NaN; accepted is a finite number from 0",
    "batch: 0": "batch is 0; accepted is a whole number from 1 to 5000",
    "start: 'xavier'": 'start is "xavier"; accepted is one of "own", "he", "glorot", "lecun", "gain", "uniform"',
    "seed: -1": "seed is -1; accepted is a whole number from 0 to 4294967295",
}


def refusals(calls: list[str]) -> list[str]:
    """Give what each call throws, by its own words if it is a RangeError."""
    tries = [f"() => {call}" for call in calls]
    code = f"""
      return [{", ".join(tries)}].map((call) => {{
        try {{
          call();
        }} catch (error) {{
          return error instanceof RangeError ? error.message : String(error);
        }}
      }});"""
    return js(code)


def test_a_wrong_option_is_named_with_what_is_accepted():
    said = refusals([f'engine.network({{ ...USUAL, hidden: [layer([2, "relu"])], {change} }})' for change in REFUSED])
    assert dict(zip(REFUSED, said, strict=True)) == REFUSED


def test_what_may_be_left_out_may_be_undefined():
    code = """
      const { options } = network({ l1: undefined, momentum: undefined });
      return [options.momentum, options.l1, options.l2];"""
    assert js(code) == [0.9, 0, 0]


# The data sets


def test_data_sets_are_balanced_seeded_and_stay_in_their_square():
    code = """
      const found = {};
      for (const [name, set] of Object.entries(datasets.sets)) {
        const { title, kind } = set;
        const make = (...all) => {
          const { x, y, n } = set.make(...all);
          return [x, y, n];
        };
        const made = [0, 0.5, 1].map((noise) => make(301, noise, 1));
        found[name] = { title, kind, made, again: make(301, 0.5, 1), other: make(301, 0.5, 2) };
      }
      return found;"""
    found = js(code)
    assert list(found) == CLASSES + SURFACES
    for name, each in found.items():
        assert re.fullmatch("[A-Z][A-Za-z ]+", each["title"])
        assert each["kind"] == ("classification" if name in CLASSES else "regression")
        assert each["again"] == each["made"][1]
        assert each["other"][0] != each["again"][0]
        for x, y, n in each["made"]:
            assert (len(x), len(y), n) == (602, 301, 301)
            assert np.abs(x).max() <= 6
            if name in CLASSES:
                assert sorted(set(y)) == [0, 1]
                assert sum(y) == 150
            else:
                assert 0.5 < np.abs(y).max() < 4
    calm = {
        name: (np.reshape(each["made"][0][0], (-1, 2)), np.array(each["made"][0][1])) for name, each in found.items()
    }
    truth = {
        "circle": lambda x: np.hypot(*x.T) < 3,
        "xor": lambda x: x[:, 0] * x[:, 1] < 0,
        "plane": lambda x: x.sum(axis=1) / 12,
        "sine": lambda x: np.sin(x[:, 0]),
    }
    for name, rule in truth.items():
        x, y = calm[name]
        np.testing.assert_allclose(y, rule(x), atol=1e-14)
    # Classes that noise doesn't mix keep apart: the nearest other point is of the same class.
    for name in ("spiral", "moons", "blobs"):
        x, y = calm[name]
        away = np.linalg.norm(x[:, None] - x, axis=2) + 1e9 * np.eye(len(x))
        assert (y == y[away.argmin(axis=1)]).mean() > 0.98, name
    x, y = calm["bumps"]
    near = np.abs(np.abs(x) - 3).max(axis=1) < 0.3
    assert near.any()
    assert (y[near] * np.sign(x[near, 0] * x[near, 1]) > 0.9).all()
    for name in CLASSES + SURFACES:
        rows = [each[0] if name in CLASSES else each[1] for each in found[name]["made"]]
        assert len({tuple(row) for row in rows}) == 3, f"{name}: noise moves points"


def test_a_wrong_number_is_named_with_what_is_accepted():
    expected = {
        "datasets.sets.xor.make(0, 0, 1)": "n is 0; accepted is a whole number from 1",
        "datasets.sets.xor.make(5, 1.5, 1)": "noise is 1.5; accepted is a number from 0 to 1",
        "datasets.split(points([[1, 2], [3, 4]], [0, 1]), 1, 1)": "share is 1; accepted is a number above 0, below 1",
    }
    assert dict(zip(expected, refusals(list(expected)), strict=True)) == expected


def parsed(texts: list[str]) -> list[dict[str, Any]]:
    return js("return given.texts.map(datasets.parse);", texts=texts)


def test_points_are_read_with_any_separator_header_and_comments():
    texts = [
        "1,2,0\n-3,.5,1\n",
        "x1,x2,y\n1,2,0\n-3,.5,1",
        "\ufeff# made by hand\r\n\r\n x , y , class \r\n1\t2\t0\r\n-3; 5.e-1; +1e0  # a note\r\n",
        '"a";"b";"c"\r1;2;0\r-3;0.5;1\r\r',
    ]
    for text, made in zip(texts, parsed(texts), strict=True):
        assert made == {
            "points": {"x": [1, 2, -3, 0.5], "y": [0, 1], "n": 2},
            "kind": "classification",
            "faults": [],
        }, text


def test_targets_that_are_no_classes_are_numbers():
    assert {made["kind"] for made in parsed(["1,2,0\n3,4,1\n5,6,2", "1,2,0\n3,4,0.5"])} == {"regression"}


COLUMNS = "accepted are 3, x1, x2 and y, with commas, semicolons or tabs between them, and points in numbers."
NUMBER = "accepted is a finite number such as -1.5 or 2e-3."
FAULTS = {
    "": ["Points in the file: 0; accepted are 2 to 5000."],
    "x,y,z\n1,2,0": ["Points in the file: 1; accepted are 2 to 5000."],
    "1,2,0\n1,2\n": [f"Columns in line 2: 2; {COLUMNS}"],
    "# c\n\n1 2 0\n": [f"Columns in line 3: 1; {COLUMNS}"],
    "0,5;1,2;1\n": [f"Columns in line 1: 5; {COLUMNS}"],
    "1,2,0\n1,two,0\n": [f"Line 2, column 2: “two”; {NUMBER}"],
    "a,b,c\na,b,c\n": [f"Line 2, column 1: “a”; {NUMBER}"],
    "1,2,c\n": [f"Line 1, column 3: “c”; {NUMBER}"],
    "1,,0\n1e999,2,0x10\n": [f"Line 1, column 2: “”; {NUMBER}", f"Line 2, column 1: “1e999”; {NUMBER}"],
    f"1,2,{'9' * 15}{'a' * 99}": [f"Line 1, column 3: “{'9' * 15}{'a' * 5}”; {NUMBER}"],
    "1\n" * 5: [f"Columns in line {k}: 1; {COLUMNS}" for k in range(1, 6)],
    "1\n" * 12: [*(f"Columns in line {k}: 1; {COLUMNS}" for k in range(1, 6)), "and 7 more"],
    "1,2,0\n" * 5001: ["Points in the file: 5001; accepted are 2 to 5000."],
}


def test_each_fault_of_a_file_is_said():
    for (text, faults), made in zip(FAULTS.items(), parsed(list(FAULTS)), strict=True):
        assert made["points"] is None, text[:50]
        assert made["faults"] == faults


def test_five_thousand_points_are_read():
    [made] = parsed(["1,2,0\n" * 5000])
    assert (made["points"]["n"], made["faults"]) == (5000, [])


def test_any_text_is_read_or_refused():
    """10,000 texts: characters at random, more of those that mean something, and files with a few of them changed."""
    draw = random.Random(4)
    pieces = [
        *"0123456789",
        *",;\t\n\r#+-.eE \"'",
        "\r\n",
        "\n\n",
        "NaN",
        "Infinity",
        "1e5",
        "-0",
        "1e999",
        "x1,x2,y\n",
        "1,2,0\n",
        "\ufeff",
        "\0",
        "é",
        "😀",
        "\ud83d",
    ]
    texts = []
    for k in range(10_000):
        text = list(
            "x1,x2,y\n" + "".join(f"{draw.uniform(-6, 6):.3f},{draw.uniform(-6, 6)},{k % 2}\n" for _ in range(4))
        )
        if k % 2:
            text = [draw.choice(pieces) for _ in range(draw.randrange(60))]
        else:
            for _ in range(draw.randrange(4)):
                text[draw.randrange(len(text))] = draw.choice(pieces)
        texts.append("".join(text))
    code = """
      return given.texts.map((text) => {
        try {
          const { points, kind, faults } = datasets.parse(text);
          const right = points
            ? !faults.length && points.n > 1 && points.x.length === 2 * points.n && points.y.length === points.n &&
              [...points.x, ...points.y].every(Number.isFinite) &&
              kind === (points.y.every((one) => one === 0 || one === 1) ? "classification" : "regression")
            : faults.length > 0 && faults.length <= 6 && faults.every((one) => one.length > 5 && one.length < 200);
          return right ? (points ? "read" : "refused") : "wrong";
        } catch (error) {
          return String(error);
        }
      });"""
    found = js(code, texts=texts)
    counts = {word: found.count(word) for word in set(found)}
    assert set(counts) == {"read", "refused"}, next(
        text for text, word in zip(texts, found, strict=True) if word not in ("read", "refused")
    )
    assert min(counts.values()) > 500


def test_a_split_keeps_each_class_in_its_share():
    code = """
      return given.cases.map(([n, share, real]) => {
        const y = Array.from({ length: n }, (_, k) => (real ? k / 7 : Number(k % 5 === 0)));
        const data = points(y.map((_, k) => [k, -k]), y);
        return [1, 1, 2].map((seed) => {
          const { train, test } = datasets.split(data, share, seed);
          return [train, test].map(({ x, y, n }) => [x, y, n]);
        });
      });"""
    cases = list(itertools.product((2, 3, 5, 50, 250, 999), (0.01, 0.5, 0.8, 0.99), (False, True)))
    for (n, share, real), (first, same, other) in zip(cases, js(code, cases=cases), strict=True):
        assert first == same
        (x, y, size), (test_x, test_y, test_size) = (
            (np.reshape(x, (-1, 2)), np.array(y), size) for x, y, size in first
        )
        assert (len(y), len(test_y)) == (size, test_size)
        assert size == min(n - 1, max(1, math.floor(share * n + 0.5)))
        rows = np.concatenate([x, test_x])
        assert sorted(rows[:, 0]) == list(range(n))
        assert (rows[:, 1] == -rows[:, 0]).all()
        expected = rows[:, 0] / 7 if real else rows[:, 0] % 5 == 0
        assert (np.concatenate([y, test_y]) == expected).all()
        if not real:
            assert abs(y.sum() - size / n * math.ceil(n / 5)) <= 1
        if n >= 50:
            assert first != other


# The scripts themselves


def test_the_scripts_evaluate_no_text():
    for text in SOURCES.values():
        assert not re.search(r"\b(eval|Function\(|import|require|fetch|Math\.random)\b", text)
