"""Replicas trained at once: the training that Keras does, or a reason why not."""

from __future__ import annotations

import numpy as np
import pytest

from actdocs import _stacked
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
    assert (whole.method, chunks.method) == ("5 at once", "3 at once")
    for name, curve in whole.history.items():
        np.testing.assert_allclose(chunks.history[name], curve, rtol=1e-5, err_msg=name)


def test_a_chunk_fits_the_cache():
    model = create_model("relu", seed=0)
    model.optimizer.build(model.trainable_variables)
    sizes = [_stacked.replicas_at_once(model, replicas) for replicas in (1, 10, 20, 21)]
    state = 4 * 4 * model.count_params()
    assert max(sizes) * state <= _stacked._CACHE
    assert sizes == [1, 10, 10, 11]


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
