"""Replicas and the experiment: reproducible, paired, honest, and clear about what they refuse."""

from __future__ import annotations

import io
import re
import sys

import numpy as np
import pytest
from scipy import stats

import actdocs
from actdocs import training
from actdocs._tensorflow import import_keras
from actdocs.models import create_sentiment_model, dense_model
from actdocs.training import experiment_with_activations, train_replicas

keras = import_keras()
GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(96, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int64)


def build(seed, activation="tanh", **options):
    return dense_model((3, 8, 2), activation, seed=seed, **options)


def train(build_model=build, x=X, y=Y, **options):
    return train_replicas(build_model, x, y, **{"seeds": [0, 1], "epochs": 2, **options})


def weights(model):
    return [variable.numpy() for variable in model.trainable_variables]


def same(first, second):
    return all(map(np.array_equal, weights(first), weights(second)))


def convolution(seed):
    draws = iter(range(10 * seed, 10 * seed + 10))

    def start():
        return keras.initializers.GlorotUniform(next(draws))

    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            keras.layers.Conv2D(4, 3, activation=actdocs.get("gelu").keras(), kernel_initializer=start()),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2, seed=next(draws)),
            keras.layers.Dense(2, kernel_initializer=start()),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def test_history_and_models():
    replicas = train(seeds=[4, 2, 9], epochs=3, validation_data=(X[:30], Y[:30]))
    assert (replicas.seeds, replicas.failed) == ((4, 2, 9), ())
    assert sorted(replicas.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert all(curve.shape == (3, 3) and np.isfinite(curve).all() for curve in replicas.history.values())
    assert replicas.seconds > 0
    for model, loss, accuracy in zip(
        replicas.models, replicas.history["val_loss"][:, -1], replicas.history["val_accuracy"][:, -1], strict=True
    ):
        found = model.evaluate(X[:30], Y[:30], verbose=0)
        assert found == pytest.approx([loss, accuracy], rel=1e-5)


def test_it_is_the_training_that_keras_does():
    """The same steps, in the same order, as train_on_batch; the last step of an epoch is a short one."""
    replicas = train(seeds=[3], epochs=2, batch_size=40)
    model = build(3)
    for epoch in range(2):
        order = np.random.default_rng([0, epoch]).permutation(96)
        for start in range(0, 96, 40):
            rows = order[start : start + 40]
            model.train_on_batch(X[rows], Y[rows])
    for ours, theirs in zip(weights(replicas.models[0]), weights(model), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    # The optimizer came along: training can go on where it stopped.
    assert int(replicas.models[0].optimizer.iterations.numpy()) == int(model.optimizer.iterations.numpy()) == 6


@pytest.mark.parametrize("kind", ["dense", "convolution", "lstm"])
def test_seeds_give_the_same_bits_again(kind):
    if kind == "lstm":
        x = np.random.default_rng(1).integers(0, 20, (40, 4))
        case = (lambda seed: create_sentiment_model(20, 3, 4, seed=seed), x, Y[:40])
    elif kind == "convolution":
        case = (convolution, np.random.default_rng(1).random((40, 6, 6, 1)), Y[:40])
    else:
        case = (build, X, Y)
    first, again = train(*case, batch_size=20), train(*case, batch_size=20)
    for name, curve in first.history.items():
        assert np.array_equal(curve, again.history[name]), name
    assert all(map(same, first.models, again.models))
    assert not same(*first.models)


def test_a_replica_does_not_depend_on_the_others():
    """But for the last bits: products of other sizes add in another order."""
    alone, together = train(seeds=[1]).models[0], train(seeds=[0, 1]).models[1]
    for a, b in zip(weights(alone), weights(together), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)


@pytest.fixture
def orders(monkeypatch):
    """Watch which rows would be trained on, without the time that it takes."""
    orders = []

    class Watcher(training._Single):
        def sweep(self, kind, pair, rows, size):
            orders.append(rows[0].tolist())
            return dict.fromkeys(self.names, np.array([0.5]))

    monkeypatch.setattr(training, "_engines", lambda build, replicas, *, shared: ([Watcher(build())], "one by one"))
    return orders


def test_order_of_the_data(orders):
    train()
    first, second = orders[:2], orders[2:]
    assert first == second
    assert first[0] != first[1]
    assert all(sorted(order) == list(range(96)) for order in orders)
    orders.clear()
    train(shuffle_seed=7)
    assert orders[:2] == orders[2:] != first
    orders.clear()
    train(shuffle_seed=None)
    assert orders[:2] != orders[2:]


def test_a_replica_that_diverges_is_reported():
    def explode(seed):
        model = build(seed, "relu")
        if seed == 1:  # squares of these numbers are beyond single precision
            model.layers[0].kernel.assign(model.layers[0].kernel * 1e30)
            model.layers[1].kernel.assign(model.layers[1].kernel * 1e30)
        return model

    replicas = train(explode, seeds=[0, 1, 2], validation_data=(X, Y))
    assert replicas.failed == (1,)
    for curve in replicas.history.values():
        assert np.isnan(curve[1]).all()
        assert np.isfinite(curve[[0, 2]]).all()


def test_weights_that_break_at_the_last_step_count_as_failed():
    def build_model(seed):
        model = build(seed, "identity")
        model.compile(keras.optimizers.SGD(1e38), model.loss, metrics=["accuracy"], jit_compile=True)
        return model

    replicas = train(build_model, X * 1000, seeds=[0], epochs=1, batch_size=96)
    assert replicas.failed == (0,)
    assert np.isnan(replicas.history["loss"]).all()


def test_dtypes_and_targets():
    def regression(seed):
        model = build(seed)
        model.compile("sgd", "mse", metrics=["mae"], jit_compile=True)
        return model

    replicas = train(regression, X.astype(np.float64), np.stack([X[:, 0], X[:, 1]], axis=1))
    assert sorted(replicas.history) == ["loss", "mae"]
    assert train(x=(X > 0).astype(np.uint8)).failed == ()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("progress", "ci", "terminal", "shown"),
    [
        (None, "", True, True),
        (None, "", False, False),
        (None, "1", True, False),
        (True, "1", False, True),
        (False, "", True, False),
    ],
)
def test_progress(monkeypatch, orders, progress, ci, terminal, shown):
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("CI", ci)
    train(seeds=[0], progress=progress)
    assert ("2/2" in stream.getvalue()) == shown


def unbuilt(seed):
    model = keras.Sequential([keras.layers.Dense(2)])
    model.compile("adam", "mse")
    return model


def uncompiled(seed):
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


def two_losses(seed):
    model = build(seed)
    model.compile("adam", "binary_crossentropy")
    return model


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"seeds": []}, ValueError, "seeds must be at least one and all different, got []"),
        ({"seeds": [1, 1]}, ValueError, "seeds must be at least one and all different, got [1, 1]"),
        ({"seeds": [0, -1]}, ValueError, "each of seeds must be an integer of at least 0, got -1"),
        ({"seeds": 3}, TypeError, "seeds must be a sequence of integers, got 3"),
        ({"epochs": 0}, ValueError, "epochs must be an integer of at least 1, got 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be an integer of at least 1, got 0"),
        ({"batch_size": 97}, ValueError, "batch_size must be at most the number of examples to train on, 96, got 97"),
        ({"shuffle_seed": -1}, ValueError, "shuffle_seed must be an integer of at least 0, got -1"),
        ({"y": Y[:9]}, ValueError, "y must have the length of x, 96, got 9"),
        ({"x": X[:0], "y": Y[:0]}, ValueError, "x must have at least one row, got shape (0, 3)"),
        ({"x": 1.0}, ValueError, "x must have at least one row, got shape ()"),
        ({"x": X * 1j}, TypeError, "x must hold real numbers, got an array of dtype complex64"),
        ({"x": np.full((96, 3), np.nan)}, ValueError, "x must hold numbers that are finite in float32"),
        ({"x": np.full((96, 3), 1e300)}, ValueError, "x must hold numbers that are finite in float32"),
        ({"x": X[:, :2]}, ValueError, "x must have the shape (96, 3) that the model takes, got (96, 2)"),
        ({"x": X[:, 0]}, ValueError, "x must have the shape (96, 3) that the model takes, got (96,)"),
        ({"y": Y + 1}, ValueError, "y must hold integer labels from 0 to 1, got 1 to 2 of dtype int64"),
        ({"y": Y - 1}, ValueError, "y must hold integer labels from 0 to 1, got -1 to 0"),
        ({"y": Y / 2}, ValueError, "y must hold integer labels from 0 to 1, got 0.0 to 0.5 of dtype float32"),
        ({"build_model": two_losses, "y": Y * 3}, ValueError, "y must hold labels from 0 to 1, got 0 to 3"),
        ({"validation_data": X}, ValueError, "validation_data must be a pair of inputs and targets"),
        ({"validation_data": (X, Y[:3])}, ValueError, "validation_data[1] must have the length of validation_data[0]"),
        ({"validation_data": (X[:, :2], Y)}, ValueError, "validation_data[0] must have rows of the shape of x, (3,)"),
        ({"validation_data": (X, Y + 5)}, ValueError, "validation_data[1] must hold integer labels from 0 to 1"),
        ({"build_model": "relu"}, TypeError, "build_model must be a function from a seed"),
        ({"build_model": lambda seed: None}, ValueError, "build_model must return a compiled Keras model"),
        ({"build_model": unbuilt}, ValueError, "build_model must return a compiled Keras model"),
        ({"build_model": uncompiled}, ValueError, "build_model must return a compiled Keras model"),
        (
            {"build_model": lambda seed: build(0)},
            ValueError,
            "build_model must use its seed, got the same weights for 0",
        ),
        ({"build_model": lambda seed: build(None)}, ValueError, "the same weights again for the same seed, 0"),
        (
            {"build_model": lambda seed: build(seed, ["relu", "elu"][seed])},
            ValueError,
            "build_model must return models that differ in their starting weights alone",
        ),
    ],
)
def test_bad_arguments_are_named(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        train(**arguments)


def table(rows, seed):
    """Two features that tell the classes apart, one of them on a large scale, and a constant."""
    generator = np.random.default_rng(seed)
    y = (np.arange(rows) % 4 == 0).astype(int)
    x = np.stack([y + generator.normal(0, 0.4, rows), 1e3 * generator.normal(size=rows), np.full(rows, 7.0)], axis=1)
    return x, y


TRAIN, TEST = table(120, 1), table(80, 2)


@pytest.fixture(scope="module")
def found():
    return experiment_with_activations(*TRAIN, *TEST, ["relu", "silu", "sigmoid"], seeds=[0, 5, 2], epochs=3)


def test_experiment_selects_on_validation_and_tests_once(found):
    assert list(found.validation_accuracies) == ["relu", "swish", "sigmoid"]
    assert found.selected == max(found.means, key=found.means.get)
    assert set(found.intervals) == set(found.means) - {found.selected}
    for name, values in found.validation_accuracies.items():
        assert np.array_equal(values, found.replicas[name].history["val_accuracy"][:, -1])
        assert found.means[name] == np.mean(values)
        assert found.spreads[name] == np.std(values, ddof=1)
    x_test, y_test = TEST
    for seed, model, accuracy in zip(
        found.seeds, found.replicas[found.selected].models, found.test_accuracies, strict=True
    ):
        rows, _ = training._split(TRAIN[1], 0.2, seed)
        mean, spread = TRAIN[0][rows].mean(axis=0), TRAIN[0][rows].std(axis=0)
        spread[2] = 1
        logits = model.predict((x_test - mean) / spread, verbose=0)[:, 0]
        assert accuracy == np.mean((logits > 0) == y_test)


def test_test_data_choose_nothing(found):
    """With the labels of the test data turned round, the same activation is chosen and scores the opposite."""
    turned = experiment_with_activations(
        *TRAIN, TEST[0], 1 - TEST[1], ["relu", "silu", "sigmoid"], seeds=[0, 5, 2], epochs=3
    )
    assert turned.selected == found.selected
    assert turned.intervals == found.intervals
    np.testing.assert_allclose(turned.test_accuracies, 1 - found.test_accuracies, rtol=0, atol=1e-12)


def test_splits_are_stratified_disjoint_and_seeded():
    labels = TRAIN[1]
    first, second = training._split(labels, 0.2, 0)
    assert sorted([*first, *second]) == list(range(120))
    assert (labels[second].sum(), len(second)) == (6, 24)
    assert np.array_equal(second, training._split(labels, 0.2, 0)[1])
    assert not np.array_equal(second, training._split(labels, 0.2, 1)[1])
    # Each class is on both sides, however small the fraction.
    for fraction in (0.001, 0.999):
        for rows in training._split(labels, fraction, 0):
            assert set(labels[rows]) == {0, 1}


def test_activations_share_split_start_and_order(monkeypatch, orders):
    seen = []
    inner = training._train

    def spy(build_model, train, validation, rows, seeds, *arguments, **options):
        orders.clear()
        runs = inner(build_model, train, validation, rows, seeds, *arguments, **options)
        for seed in seeds:
            np.testing.assert_allclose(train[0][rows[seed][0]].mean(axis=0), 0, atol=1e-6)
        data = [(pair, part) for seed in seeds for pair, part in zip((train, validation), rows[seed], strict=True)]
        parts = [array[part].tobytes() for pair, part in data for array in pair]
        starts = [array.tobytes() for model in runs.models for array in weights(model)]
        seen.append((parts, starts, list(orders)))
        return runs

    monkeypatch.setattr(training, "_train", spy)
    experiment_with_activations(*TRAIN, *TEST, ["sigmoid", "tanh"], seeds=[0, 1], epochs=2)
    assert seen[0] == seen[1]
    parts, starts, rows = seen[0]
    assert parts[:4] != parts[4:], "each seed should have its own split"
    assert starts[: len(starts) // 2] != starts[len(starts) // 2 :]
    assert rows[0] != rows[2] != rows[4], "each epoch and each seed should have its own order"


def test_standardization_is_fitted_on_the_part_to_train_on():
    x, _ = TRAIN
    rows = np.arange(50)
    scaled = training._scaled(x[rows], training._scale(x[rows], True))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(scaled.std(axis=0), [1, 1, 0], atol=1e-6)
    assert np.array_equal(training._scaled(x, training._scale(x[rows], False)), x.astype(np.float32))
    raw = experiment_with_activations(*TRAIN, *TEST, ["relu"], seeds=[0], epochs=1, standardize=False)
    assert raw.replicas["relu"].history["loss"][0, 0] > 2, "a feature of a thousand should have reached the network"


def test_intervals_are_students_with_the_variance_for_overlapping_splits():
    differences = np.array([0.01, 0.03, -0.01, 0.02])
    spread = differences.std(ddof=1)
    plain = stats.t.interval(0.9, 3, differences.mean(), spread / 2)
    np.testing.assert_allclose(training._interval(differences, 0.0, 0.9), plain, rtol=1e-12)
    wide = stats.t.interval(0.9, 3, differences.mean(), spread * np.sqrt(1 / 4 + 1 / 3))
    np.testing.assert_allclose(training._interval(differences, 1 / 3, 0.9), wide, rtol=1e-12)
    assert training._interval(differences[:1], 0.25, 0.9) == (-np.inf, np.inf)


def test_the_rivals_share_the_error(found):
    differences = found.validation_accuracies[found.selected]
    for rival, interval in found.intervals.items():
        lead = differences - found.validation_accuracies[rival]
        assert interval == training._interval(lead, 24 / 96, 1 - 0.05 / 2)


def made(leads, **options):
    accuracies = {"tanh": np.array([0.9, 0.92])} | {name: np.array([0.8, 0.85]) for name in leads}
    runs = {
        name: training.Replicas((0, 1), {}, (), (1,) if name == "elu" else (), {}, 1.0, "2 at once")
        for name in accuracies
    }
    return training.Experiment((0, 1), runs, accuracies, "tanh", leads, 0.95, np.array([0.5, 0.75]))


def test_a_choice_is_supported_when_every_lead_is():
    assert made({"relu": (0.01, 0.05), "gelu": (0.001, 0.1)}).supported
    assert not made({"relu": (0.01, 0.05), "gelu": (-0.001, 0.1)}).supported
    assert not made({}).supported


def test_summary():
    text = str(made({"relu": (0.01, 0.05), "elu": (-0.02, 0.1)}))
    assert text.splitlines() == [
        "activation  validation accuracy, 2 seeds",
        "tanh        0.910 ± 0.014",
        "relu        0.825 ± 0.035",
        "elu         0.825 ± 0.035  failed: 1",
        "selected: tanh, on the validation part alone",
        "  lead over relu        +0.010 to +0.050",
        "  lead over elu         -0.020 to +0.100",
        "the choice is not supported by the spread, at 95% for all leads together",
        "test accuracy of tanh: 0.625 ± 0.177",
    ]


def test_one_seed_supports_nothing(orders):
    alone = experiment_with_activations(*TRAIN, *TEST, ["relu", "tanh"], seeds=[1], epochs=1)
    assert list(alone.intervals.values()) == [(-np.inf, np.inf)]
    assert not alone.supported
    assert np.isnan(alone.spreads["relu"])
    assert "±" not in alone.summary()


def test_an_activation_that_failed_is_not_selected(monkeypatch, orders):
    def experiment(broken):
        class Breaker(training._Single):
            def sweep(self, kind, pair, rows, size):
                failed = repr(self.model.layers[0].activation) in broken
                return dict.fromkeys(self.names, np.array([np.nan if failed else 0.5]))

        monkeypatch.setattr(training, "_engines", lambda build, count, *, shared: ([Breaker(build())], "one by one"))
        return experiment_with_activations(*TRAIN, *TEST, ["relu", "tanh"], seeds=[0, 1], epochs=1)

    found = experiment(["relu"])
    assert (found.selected, found.intervals, found.replicas["relu"].failed) == ("tanh", {}, (0, 1))
    assert np.isnan(found.means["relu"])
    assert "failed: 0, 1" in found.summary()
    with pytest.raises(ValueError, match="x_train must let some activation train from every seed"):
        experiment(["relu", "tanh"])


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"x_test": TEST[0][:, :2]}, ValueError, "x_test must have rows of the shape of x_train, (3,), got (2,)"),
        ({"y_train": TRAIN[1] + 1}, ValueError, "y_train must be one label a row, 0 or 1, got [1 2] of shape (120,)"),
        ({"y_test": TEST[1] * 0.5}, ValueError, "y_test must be one label a row, 0 or 1, got [0.  0.5]"),
        (
            {"y_test": TEST[1][:, None]},
            ValueError,
            "y_test must be one label a row, 0 or 1, got [0 1] of shape (80, 1)",
        ),
        ({"y_test": ["a"] * 80}, TypeError, "y_test must hold real numbers, got an array of dtype <U1"),
        ({"y_train": TRAIN[1][:5]}, ValueError, "y_train must have the length of x_train, 120, got 5"),
        ({"x_train": [], "y_train": []}, ValueError, "x_train must have at least one row, got shape (0,)"),
        ({"x_train": TRAIN[0][:, 0]}, ValueError, "x_train must have two dimensions"),
        ({"y_train": np.zeros(120, int)}, ValueError, "y_train must hold each label at least twice, got 1 0 times"),
        ({"seeds": []}, ValueError, "seeds must be at least one and all different, got []"),
        ({"seeds": [2, 2]}, ValueError, "seeds must be at least one and all different, got [2, 2]"),
        ({"seeds": "12"}, TypeError, "seeds must be a sequence of integers, got '12'"),
        ({"activations": ["rellu"]}, ValueError, "activation must be a name in the catalogue, got 'rellu'"),
        ({"activations": ["softmax"]}, TypeError, "activation must be an element-wise entry"),
        ({"activations": []}, ValueError, "activations must be a sequence of at least one activation, got []"),
        ({"activations": "relu"}, ValueError, "activations must be a sequence of at least one activation, got 'relu'"),
        ({"activations": ["swish", "silu"]}, ValueError, "activations must differ, got swish, swish"),
        ({"batch_size": 97}, ValueError, "batch_size must be at most the number of examples to train on, 96, got 97"),
        ({"epochs": 1.5}, TypeError, "epochs must be an integer of at least 1, got 1.5"),
        ({"validation_fraction": 0}, ValueError, "validation_fraction must be a number between 0 and 1, got 0"),
        (
            {"validation_fraction": 1.5},
            ValueError,
            "validation_fraction must be a finite number of at least 0 and at most",
        ),
        ({"confidence": 1}, ValueError, "confidence must be a number between 0 and 1, got 1"),
        ({"standardize": "yes"}, TypeError, "standardize must be True or False, got 'yes'"),
    ],
)
def test_bad_arguments_of_the_experiment_are_named(changes, error, message):
    data = dict(zip(("x_train", "y_train", "x_test", "y_test"), (*TRAIN, *TEST), strict=True))
    with pytest.raises(error, match=re.escape(message)):
        experiment_with_activations(**{**data, "seeds": [0], "epochs": 1, **changes})
