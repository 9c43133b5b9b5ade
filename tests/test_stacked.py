"""Replicas trained at once: the training that Keras does, or a reason why not."""

from __future__ import annotations

import numpy as np
import pytest

from actdocs import _stacked, training
from actdocs._tensorflow import import_keras
from actdocs.models import create_cnn_model, create_model, create_sentiment_model, dense_model
from actdocs.training import train_replicas

keras = import_keras()
layers = keras.layers
GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(96, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int32)
SEEDS = [0, 1, 2]


def start(seed):
    return keras.initializers.GlorotUniform(seed)


def chain(seed, *between, optimizer="adam", loss="sparse_categorical_crossentropy", metrics=("accuracy",), **options):
    """Give a network of two dense layers with others between them."""
    first = layers.Dense(8, kernel_initializer=start(seed), **options)
    last = layers.Dense(2, "softmax", kernel_initializer=start(seed + 99))
    model = keras.Sequential([keras.Input((3,)), first, *between, last])
    model.compile(optimizer, loss, metrics=list(metrics), jit_compile=True)
    return model


def normalised(seed):
    momentum = keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)
    return chain(seed, layers.BatchNormalization(), layers.Activation("tanh"), use_bias=False, optimizer=momentum)


def plainly_normalised(seed):
    between = layers.BatchNormalization(scale=False, center=False, momentum=0.5), layers.ReLU()
    return chain(seed, *between, use_bias=False)


def folded(seed):
    draw = np.random.default_rng(seed)
    shapes = [layers.Reshape((1, 3)), layers.Flatten()]
    first = layers.Dense(8, "gelu", kernel_initializer=start(int(draw.integers(99))))
    rest = [layers.Reshape((2, 4)), layers.Flatten(), layers.Dense(1, kernel_initializer=start(seed + 7))]
    model = keras.Sequential([keras.Input((3,)), *shapes, first, *rest])
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 2, 0.9)
    model.compile(keras.optimizers.Nadam(schedule), "mse", metrics=["mae"], jit_compile=True)
    return model


MODELS = {
    "ten classes": lambda seed: dense_model((3, 8, 6, 10), "mish", seed=seed),
    "two classes": lambda seed: dense_model((3, 8, 1), "tanh", seed=seed),
    "batch normalisation": normalised,
    "batch normalisation without weights": plainly_normalised,
    "regression": folded,
    "clipped": lambda seed: chain(seed, optimizer=keras.optimizers.RMSprop(0.01, clipvalue=0.01)),
    "decayed": lambda seed: chain(seed, optimizer=keras.optimizers.AdamW(0.01)),
    "area under the curve": lambda seed: chain(seed, loss="mse", metrics=[keras.metrics.AUC(name="auc")]),
}


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Let all machines make the same chunks."""
    monkeypatch.setattr(training, "_cores", lambda: 1)


@pytest.mark.parametrize("shuffle_seed", [0, None])
@pytest.mark.parametrize("kind", MODELS)
def test_it_is_the_training_that_keras_does(kind, shuffle_seed):
    """Weights, losses and metrics of each epoch are those of Keras, to 1e-5; the last batch is a short one."""
    y = np.stack([Y, 1 - Y], axis=1) if kind == "area under the curve" else Y
    build = MODELS[kind]
    validation = (X[:50], y[:50])
    runs = train_replicas(
        build, X, y, seeds=SEEDS, epochs=2, batch_size=40, shuffle_seed=shuffle_seed, validation_data=validation
    )
    assert runs.method == "3 at once"
    for replica, seed in enumerate(SEEDS):
        model = build(seed)
        for epoch in range(2):
            order = np.random.default_rng([seed if shuffle_seed is None else 0, epoch]).permutation(96)
            options = {"batch_size": 40, "shuffle": False, "validation_data": validation, "verbose": 0}
            found = model.fit(X[order], y[order], **options).history
            for name, curve in runs.history.items():
                assert curve[replica, epoch] == pytest.approx(found[name][0], rel=1e-5, abs=1e-6), name
        for ours, theirs in zip(runs.models[replica].variables, model.variables, strict=True):
            if "seed_generator" not in theirs.path:
                np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-4, atol=1e-6, err_msg=theirs.path)


@pytest.mark.parametrize("shuffle_seed", [0, None])
def test_chunks(monkeypatch, shuffle_seed):
    """In chunks of unequal size, the results are those of one stack, but for the last bits."""
    options = {"seeds": range(5), "epochs": 2, "shuffle_seed": shuffle_seed}
    whole = train_replicas(normalised, X, Y, **options)
    monkeypatch.setattr(_stacked, "_CACHE", 1500)
    chunks = train_replicas(normalised, X, Y, **options)
    assert (whole.method, chunks.method) == ("5 at once", "2 at once")
    for name, curve in whole.history.items():
        np.testing.assert_allclose(chunks.history[name], curve, rtol=1e-5, err_msg=name)


def test_threads(monkeypatch):
    """Two threads share the chunks, or the replicas that can't be stacked, and the results are those of one."""
    for cache, refused, method in ((2**20, False, "3 at once"), (1500, False, "2 at once"), (0, True, "one by one")):
        monkeypatch.setattr(_stacked, "_CACHE", cache)
        build = eager if refused else normalised
        found = []
        for cores in (1, 2):
            monkeypatch.setattr(training, "_cores", lambda cores=cores: cores)
            found.append(train_replicas(build, X, Y, seeds=range(5), epochs=2, validation_data=(X, Y), probes=True))
        one, two = found
        assert two.method.startswith(f"{method} in each of 2 threads")
        for ours, theirs in ((one.history, two.history), (one.probes, two.probes)):
            for name, values in ours.items():
                np.testing.assert_allclose(values, theirs[name], rtol=1e-4, atol=1e-6, err_msg=name)
        again = train_replicas(build, X, Y, seeds=range(5), epochs=2, validation_data=(X, Y), probes=True)
        assert all(np.array_equal(values, again.history[name]) for name, values in two.history.items())


def test_an_error_in_a_thread_ends_them_all(monkeypatch):
    """No epoch begins after the one in which it happened."""
    monkeypatch.setattr(training, "_cores", lambda: 2)
    calls = []

    def count(done, total):
        calls.append((done, total))
        raise RuntimeError("the caller has seen enough")

    with pytest.raises(RuntimeError, match="seen enough"):
        train_replicas(normalised, X, Y, seeds=range(4), epochs=500, progress=count)
    assert len(calls) <= 2


def test_progress_is_told_to_a_function():
    calls = []
    train_replicas(normalised, X, Y, seeds=range(3), epochs=2, progress=lambda *call: calls.append(call))
    assert calls == [(3, 6), (6, 6)]


def test_a_chunk_fits_the_cache():
    model = create_model("relu", seed=0)
    model.optimizer.build(model.trainable_variables)
    sizes = [_stacked.replicas_at_once(model, replicas, 1) for replicas in (1, 10, 20, 21)]
    assert [_stacked.replicas_at_once(model, replicas, 2) for replicas in (1, 2, 10, 20, 21)] == [1, 1, 5, 5, 6]
    state = 4 * 4 * model.count_params()
    assert max(sizes) * state <= _stacked._CACHE
    assert sizes == [1, 5, 7, 7]


REASONS = {
    "a Functional model is no chain of layers": lambda seed: functional(seed),
    "it was compiled with jit_compile=False": lambda seed: eager(seed),
    "is a LayerNormalization": lambda seed: chain(seed, layers.LayerNormalization()),
    "is a Dropout": lambda seed: chain(seed, layers.Dropout(0.5, seed=seed)),
    "has a kernel_regularizer": lambda seed: chain(seed, kernel_regularizer="l2"),
    "has a bias_constraint": lambda seed: chain(seed, bias_constraint="non_neg"),
    "has a dtype or regularizer of its own": lambda seed: chain(seed, layers.ActivityRegularization(0.1)),
    "works along an axis": lambda seed: along(seed),
    "first weights are not those of a dense layer": lambda seed: normal_first(seed),
    "some of its weights are frozen": lambda seed: chain(seed, trainable=False),
    "the optimizer Muon may mix the numbers of a weight": lambda seed: chain(seed, optimizer=keras.optimizers.Muon()),
    "the optimizer has clipnorm=1.0": lambda seed: chain(seed, optimizer=keras.optimizers.Adam(clipnorm=1.0)),
    "its loss has the reduction 'sum'": lambda seed: chain(
        seed, loss=keras.losses.SparseCategoricalCrossentropy(reduction="sum")
    ),
}


def functional(seed):
    inner = chain(seed)
    model = keras.Model(inner.inputs, inner.outputs)
    model.compile("adam", inner.loss, metrics=["accuracy"], jit_compile=True)
    return model


def eager(seed):
    model = chain(seed)
    model.compile("adam", model.loss, metrics=["accuracy"], jit_compile=False)
    return model


def along(seed):
    return chain(seed, layers.Reshape((4, 2)), layers.Dense(3, kernel_initializer=start(seed + 5)), layers.Flatten())


def normal_first(seed):
    last = layers.Dense(2, "softmax", kernel_initializer=start(seed))
    model = keras.Sequential([keras.Input((3,)), layers.BatchNormalization(), last])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=True)
    return model


@pytest.mark.parametrize("reason", REASONS)
def test_what_cannot_be_stacked_is_trained_one_by_one(reason):
    runs = train_replicas(REASONS[reason], X, Y, seeds=[0, 1], epochs=1)
    assert runs.method.startswith("one by one, because ")
    assert reason in runs.method
    assert np.isfinite(runs.history["loss"]).all()


@pytest.mark.parametrize("build", [create_cnn_model, create_sentiment_model])
def test_the_other_networks_of_the_deck_are_not_stacked(build):
    with pytest.raises(_stacked.NotStackableError):
        _stacked.Stack(build(seed=0), 2, shared=True)


PICTURES = np.random.default_rng(5).random((24, 64, 64, 3), np.float32)
TEXTS = np.random.default_rng(6).integers(1, 50, (24, 12)) * (np.arange(12) < np.arange(1, 25)[:, None] % 9 + 3)
OTHERS = {
    "convolutions": (lambda seed: create_cnn_model(classes=2, seed=seed), PICTURES),
    "recurrent, masked": (lambda seed: create_sentiment_model(50, max_length=12, seed=seed), TEXTS),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_the_other_networks_train_as_keras_does(kind, monkeypatch):
    """One by one, in two threads: losses and metrics are those of ``fit`` to 1e-4, weights to 1e-3."""
    monkeypatch.setattr(training, "_cores", lambda: 2)
    build, x = OTHERS[kind]
    y = np.arange(24) % 2
    runs = train_replicas(build, x, y, seeds=[1, 2], epochs=1, batch_size=10, validation_data=(x[:7], y[:7]))
    order = np.random.default_rng([0, 0]).permutation(24)
    for replica, seed in enumerate((1, 2)):
        model = build(seed)
        options = {"batch_size": 10, "shuffle": False, "validation_data": (x[:7], y[:7]), "verbose": 0}
        found = model.fit(x[order], y[order], **options).history
        for name, curve in runs.history.items():
            assert curve[replica, 0] == pytest.approx(found[name][0], rel=1e-4), name
        for ours, theirs in zip(runs.models[replica].trainable_variables, model.trainable_variables, strict=True):
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-3, atol=1e-5, err_msg=theirs.path)


def test_probes_are_the_measurements_by_hand():
    """The network is read off before the first step, and gradients, slopes and outputs are worked out in NumPy."""

    def build(seed):
        model = keras.Sequential([keras.Input((3,)), layers.Dense(5, "relu", kernel_initializer=start(seed))])
        model.add(layers.Dense(3, "tanh", kernel_initializer=start(seed + 1)))
        model.add(layers.Dense(2, kernel_initializer=start(seed + 2)))
        model.layers[0].bias.assign([0, 0, -100, 0, 0])  # the third unit is dead
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("adam", loss, metrics=["accuracy"], jit_compile=True)
        return model

    found = train_replicas(build, X, Y, seeds=[0, 1], epochs=1, probes=True).probes
    assert {name: values.shape for name, values in found.items()} == {
        "gradient_norm": (2, 2, 3), "dead": (2, 2, 2), "saturated": (2, 2, 2), "mean": (2, 2, 2), "variance": (2, 2, 2)
    }  # fmt: skip
    for replica, seed in enumerate((0, 1)):
        w1, b1, w2, b2, w3, b3 = build(seed).get_weights()
        z1 = X @ w1 + b1
        a1 = np.maximum(z1, 0)
        a2 = np.tanh(a1 @ w2 + b2)
        scores = a2 @ w3 + b3
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        d3 = (p - np.eye(2)[Y]) / len(X)
        d2 = (d3 @ w3.T) * (1 - a2**2)
        d1 = (d2 @ w2.T) * (z1 > 0)
        pairs = ((X, d1), (a1, d2), (a2, d3))
        norms = [np.hypot(np.linalg.norm(a.T @ d), np.linalg.norm(d.sum(axis=0))) for a, d in pairs]
        np.testing.assert_allclose(found["gradient_norm"][replica, 0], norms, rtol=1e-4)
        dead = (z1 <= 0).all(axis=0).mean()
        assert dead >= 0.2
        np.testing.assert_allclose(found["dead"][replica, 0], [dead, 0], rtol=1e-6)
        flat = [(z1 <= 0).mean(), (1 - a2**2 < 0.01).mean()]
        np.testing.assert_allclose(found["saturated"][replica, 0], flat, rtol=1e-6)
        np.testing.assert_allclose(found["mean"][replica, 0], [a1.mean(), a2.mean()], rtol=1e-4)
        np.testing.assert_allclose(found["variance"][replica, 0], [a1.var(), a2.var()], rtol=1e-4)


def test_probes_change_nothing():
    """A network with batch normalisation trains to the last bit as it does without them."""
    plain, probed = (train_replicas(normalised, X, Y, seeds=SEEDS, epochs=2, probes=on) for on in (False, True))
    assert not plain.probes
    for name, curve in plain.history.items():
        assert np.array_equal(curve, probed.history[name]), name
    for one, other in zip(plain.models, probed.models, strict=True):
        assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in zip(one.variables, other.variables, strict=True))


def test_probes_need_a_chain():
    with pytest.raises(ValueError, match="probes must be False for a model that is no "):
        train_replicas(functional, X, Y, seeds=[0, 1], epochs=1, probes=True)
    with pytest.raises(TypeError, match="probes must be True or False, got 1"):
        train_replicas(normalised, X, Y, seeds=[0, 1], epochs=1, probes=1)


def test_one_seed_needs_no_stack():
    assert train_replicas(normalised, X, Y, seeds=[4], epochs=1).method == "one by one"


def test_both_ways_agree(monkeypatch):
    """The way that a network is trained changes its last bits alone."""
    stacked = train_replicas(normalised, X, Y, seeds=SEEDS, epochs=3, validation_data=(X, Y))
    monkeypatch.setattr(_stacked, "_ELEMENTWISE", ())
    single = train_replicas(normalised, X, Y, seeds=SEEDS, epochs=3, validation_data=(X, Y))
    assert single.method.startswith("one by one, because the optimizer SGD")
    for name, curve in stacked.history.items():
        np.testing.assert_allclose(single.history[name], curve, rtol=1e-4, err_msg=name)


def test_a_replica_that_fails_leaves_the_others_alone():
    def build(seed):
        model = normalised(seed)
        if seed == 1:
            model.layers[0].kernel.assign(model.layers[0].kernel * np.float32(1e38))
        return model

    runs, alone = (train_replicas(build, X, Y, seeds=seeds, epochs=2) for seeds in (SEEDS, [0, 2]))
    assert (runs.failed, runs.method) == ((1,), "3 at once")
    for name, curve in runs.history.items():
        assert np.isnan(curve[1]).all()
        np.testing.assert_allclose(curve[[0, 2]], alone.history[name], rtol=1e-5)
