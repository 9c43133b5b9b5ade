"""The deck's networks: their shape, their start, their gradients, and what they refuse."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from oracle import variants

import actdocs
from actdocs import _tensorflow
from actdocs._tensorflow import import_keras, import_tensorflow
from actdocs.layers import LayerFunction
from actdocs.models import create_cnn_model, create_model, create_sentiment_model, dense_model, linear_neuron

# Keras saves variables with np.array(variable), which TensorFlow 2.21 answers in the way of NumPy 1.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")

keras, tf = import_keras(), import_tensorflow()
ENTRIES = [pytest.param(entry, id=entry.name) for entry in actdocs.catalogue() if entry.elementwise]
ALONG_AN_AXIS = [entry.name for entry in actdocs.catalogue() if not entry.elementwise]
# Single precision throughout: the textbook forms on tensors lose a few digits of the seven to cancellation in the
# tails, and results below the smallest normal number, 1.2e-38, may be flushed to zero.
FLOAT32 = {"rtol": 2e-5, "atol": 2e-7}


def grid(entry):
    """Cover the range, with every kink and its nearest neighbours among the normal numbers."""
    kinks = np.float32([0.0, *entry.kinks])
    near = np.maximum(np.spacing(np.abs(kinks)), np.finfo(np.float32).tiny)
    return np.concatenate([np.linspace(-12, 12, 481, dtype=np.float32), kinks, kinks + near, kinks - near])


def value_and_gradient(function, x, compiled):
    @tf.function(jit_compile=compiled, autograph=False)
    def both(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        return y, tape.gradient(y, x)

    return [array.numpy() for array in both(tf.constant(x))]


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("entry", ENTRIES)
def test_value_and_gradient_are_the_catalogues(entry, compiled):
    x = grid(entry)
    y, slope = value_and_gradient(entry.keras(), x, compiled)
    np.testing.assert_allclose(y, entry(x), **FLOAT32)
    np.testing.assert_allclose(slope, entry.derivative(x), **FLOAT32)


@pytest.mark.parametrize("entry", ENTRIES)
def test_ends_are_limits_and_nan_stays_nan(entry):
    """A kernel written for it goes to infinity; one made of the definition is for finite numbers, as tested below."""
    made = "_kernel.<locals>" in entry.value_kernel.__qualname__ + entry.derivative_kernel.__qualname__
    x = np.array([np.nan, *([] if made else [-np.inf, np.inf, -1e30, 1e30])], np.float32)
    tensor = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        value = entry.keras()(tensor)
    np.testing.assert_allclose(value, entry(x), rtol=1e-6)
    np.testing.assert_allclose(tape.gradient(value, tensor), entry.derivative(x), rtol=1e-6)


@pytest.mark.parametrize("entry", ENTRIES)
def test_large_inputs_keep_finite_gradients(entry):
    x = np.float32([-1e4, -200, -100, 100, 200, 1e4])
    with np.errstate(over="ignore"):
        x = x[np.isfinite(entry.derivative(x))]
    y, slope = value_and_gradient(entry.keras(), x, True)
    np.testing.assert_allclose(y, entry(x), **FLOAT32)
    np.testing.assert_allclose(slope, entry.derivative(x), **FLOAT32)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("entry", ENTRIES)
def test_backpropagation_through_a_layer_takes_the_catalogues_derivative(entry):
    model = dense_model((3, 6, 2), entry, seed=5)
    x = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model(x))
    found = tape.gradient(total, model.trainable_variables[0].value)
    first, _, last, _ = (variable.numpy() for variable in model.trainable_variables)
    expected = x.T @ (entry.derivative(x @ first) * last.sum(axis=1))
    # Sums of forty products, in another order.
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_trains_a_step(entry):
    model = create_model(entry, seed=0)
    before = [variable.numpy() for variable in model.trainable_variables]
    generator = np.random.default_rng(0)
    x, y = generator.random((32, 784), dtype=np.float32), generator.integers(0, 10, 32)
    found = model.train_step((tf.constant(x), tf.constant(y)))
    assert np.isfinite(found["loss"])
    flat = not entry.derivative(np.linspace(-3, 3, 12)).any()  # a step passes no gradient down
    for layer, (old, variable) in enumerate(zip(before, model.trainable_variables, strict=True)):
        assert np.array_equal(old, variable.numpy()) == (flat and layer < 4), variable.path


def test_parameters_reach_the_layer():
    x = np.float32([-2, -1, 0, 1])
    for entry in actdocs.catalogue():
        for given in variants(entry)[1:] if entry.elementwise else []:
            y, slope = value_and_gradient(entry.keras(**given), x, False)
            np.testing.assert_allclose(y, entry(x, **given), **FLOAT32, err_msg=f"{entry.name} {given}")
            np.testing.assert_allclose(slope, entry.derivative(x, **given), **FLOAT32, err_msg=f"{entry.name} {given}")
    model = create_model(actdocs.get("leaky_relu").keras(alpha=0.25))
    assert repr(model.layers[0].activation) == "leaky_relu(alpha=0.25)"


@pytest.mark.parametrize("given", ["swish", "SiLU", actdocs.swish, actdocs.get("swish"), actdocs.get("swish").keras()])
def test_an_activation_has_many_names(given):
    assert repr(create_model(given).layers[1].activation) == "swish"


def shapes(model):
    return [layer.output.shape[1:] for layer in model.layers]


def test_layers_of_the_deck():
    assert shapes(create_model()) == [(64,), (64,), (10,)]
    assert create_model().count_params() == 785 * 64 + 65 * 64 + 65 * 10
    images = [(62, 62, 32), (31, 31, 32), (29, 29, 64), (14, 14, 64), (12, 12, 64), (9216,), (64,)]
    assert shapes(create_cnn_model()) == [*images, (10,)]
    assert shapes(create_cnn_model(classes=6)) == [*images, (6,)]
    convolutions = 28 * 32 + (9 * 32 + 1) * 64 + (9 * 64 + 1) * 64
    assert create_cnn_model().count_params() == convolutions + 9217 * 64 + 65 * 10
    assert shapes(create_sentiment_model()) == [(100, 16), (100, 64), (64,), (64,), (1,)]
    lstms = 4 * 64 * (16 + 64 + 1) + 4 * 64 * (64 + 64 + 1)
    assert create_sentiment_model().count_params() == 10_000 * 16 + lstms + 65 * 64 + 65
    assert shapes(create_sentiment_model(50, 3, 7)) == [(7, 3), (7, 64), (64,), (64,), (1,)]


@pytest.mark.parametrize("build", [create_model, create_cnn_model, create_sentiment_model])
def test_hidden_layers_have_the_activation_and_the_output_has_none(build):
    model = build(activation="mish")
    *hidden, last = (layer for layer in model.layers if isinstance(layer, (keras.layers.Dense, keras.layers.Conv2D)))
    assert {repr(layer.activation) for layer in hidden} == {"mish"}
    assert last.activation is keras.activations.linear
    assert model.loss.from_logits if hasattr(model.loss, "from_logits") else model.loss.get_config()["from_logits"]


def test_the_lstm_keeps_its_own_functions():
    for layer in create_sentiment_model(activation="gelu").layers[1:3]:
        assert (layer.activation, layer.recurrent_activation) == (keras.activations.tanh, keras.activations.sigmoid)


def test_padding_is_passed_over():
    text = np.array([[7, 3, 5, 0, 0, 0]])
    other = np.array([[7, 3, 5, 0, 0, 0, 0, 0, 0]])
    for mask_zero in (True, False):
        models = [create_sentiment_model(10, 4, n, mask_zero=mask_zero, seed=1) for n in (6, 9)]
        a, b = (float(model(x)[0, 0]) for model, x in zip(models, (text, other), strict=True))
        assert (a == pytest.approx(b, rel=1e-5)) == mask_zero


def test_accuracy_is_that_of_the_more_probable_class():
    for model, logits, labels in (
        (create_model(), [[2.0, -1.0, *[-3.0] * 8], [0.1, 0.2, *[-3.0] * 8]], [0, 0]),
        (create_sentiment_model(), [[-0.4], [0.2]], [0, 0]),
    ):
        x = tf.zeros((2, *model.input_shape[1:]))
        found = model.compute_metrics(x, tf.constant(labels), tf.constant(logits))
        assert float(found["accuracy"]) == 0.5


@pytest.mark.parametrize("build", [create_model, create_cnn_model, create_sentiment_model])
def test_weights_follow_from_the_seed(build):
    def start(seed, *, drawn_only=False):
        variables = build(seed=seed).variables
        kept = [v for v in variables if "kernel" in v.path or "embeddings" in v.path] if drawn_only else variables
        return [variable.numpy() for variable in kept]

    assert all(map(np.array_equal, start(3), start(3)))
    first = start(3, drawn_only=True)
    for other in (start(4, drawn_only=True), start(None, drawn_only=True)):
        assert not any(map(np.array_equal, first, other))
    samples = [array.ravel()[:500] for array in first if array.size > 500]
    assert np.abs(np.corrcoef(samples) - np.eye(len(samples))).max() < 0.3, "two layers start alike"


def test_the_start_suits_the_activation():
    bends = ("rectifier", "smooth rectifier", "self-gated")
    for entry in (parameter.values[0] for parameter in ENTRIES):
        spread = create_model(entry, seed=0).layers[0].kernel.numpy().std()
        # 50,176 draws: the standard error of their spread is 0.3 %.
        wanted = np.sqrt(2 / 784 if entry.family in bends else 2 / (784 + 64))
        if entry.name == "selu":  # made for weights that keep the variance
            wanted = np.sqrt(1 / 784)
        assert spread == pytest.approx(wanted, rel=0.02), entry.name


def test_initializer_is_for_the_hidden_layers():
    glorot = create_model("relu", seed=0, initializer="glorot_uniform")
    assert glorot.layers[0].kernel.numpy().std() == pytest.approx(np.sqrt(2 / 848), rel=0.02)
    wide = keras.initializers.RandomNormal(stddev=3.0, seed=1)
    models = [create_model("relu", seed=seed, initializer=wide) for seed in (0, 1)]
    assert models[0].layers[0].kernel.numpy().std() == pytest.approx(3, rel=0.02)
    assert not np.array_equal(models[0].layers[0].kernel.numpy(), models[1].layers[0].kernel.numpy())
    assert not np.array_equal(models[0].layers[0].kernel.numpy()[:64], models[0].layers[1].kernel.numpy())
    assert np.abs(models[0].layers[2].kernel.numpy()).max() < 1
    assert not create_model(initializer="zeros").layers[0].kernel.numpy().any()
    assert float(create_model(learning_rate=0.5).optimizer.learning_rate) == 0.5


@pytest.mark.parametrize("build", [create_model, create_cnn_model, create_sentiment_model])
def test_a_saved_model_comes_back(build, tmp_path):
    model = build(activation=actdocs.get("leaky_relu").keras(alpha=0.25), seed=0)
    x = np.random.default_rng(0).integers(0, 9, (2, *model.input_shape[1:])).astype(np.float32)
    model.save(tmp_path / "model.keras")
    back = keras.saving.load_model(tmp_path / "model.keras")
    assert {repr(layer.activation) for layer in back.layers if isinstance(layer, keras.layers.Dense)} >= {
        "leaky_relu(alpha=0.25)"
    }
    assert np.array_equal(model.predict(x, verbose=0), back.predict(x, verbose=0))
    assert np.isfinite(back.evaluate(x, np.zeros(2), verbose=0)).all()


def test_a_quiet_terminal_and_a_fresh_process(tmp_path):
    """No log line or warning is seen, and the import of one module is enough to read a saved model."""
    create_model("mish", seed=0).save(tmp_path / "model.keras")
    program = (
        "import actdocs.layers, keras, numpy\n"
        f"model = keras.saving.load_model({str(tmp_path / 'model.keras')!r})\n"
        "model.fit(numpy.zeros((4, 784)), numpy.zeros(4), verbose=0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_log_lines_are_held_back_and_errors_are_not(capfd):
    with _tensorflow._no_log_lines():
        os.write(2, b"I0000 00:00:1 noise\nWARNING: All log messages before absl::InitializeLog() are\nE0000 fault\n")
        os.write(2, b"plain words\n")
    assert capfd.readouterr().err == "E0000 fault\nplain words\n"


@pytest.mark.parametrize("missing", ["tensorflow", "keras"])
def test_a_missing_library_is_named_with_the_remedy(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match=rf'training needs {missing}: pip install "actdocs\[train\]"'):
        import_keras()


def test_another_backend_is_refused(monkeypatch):
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(ImportError, match="KERAS_BACKEND must be 'tensorflow', got 'jax'"):
        import_keras()


@pytest.mark.parametrize("name", ALONG_AN_AXIS)
def test_a_function_along_an_axis_is_no_hidden_activation(name):
    with pytest.raises(TypeError, match=f"activation must be an element-wise entry of the catalogue, got '{name}'"):
        create_model(name)


@pytest.mark.parametrize(
    ("build", "arguments", "error", "message"),
    [
        (create_model, {"activation": "rellu"}, ValueError, "activation must be .* got 'rellu'; nearest: relu"),
        (create_model, {"activation": np.tanh}, ValueError, "activation must be a function of the catalogue"),
        (create_model, {"activation": None}, TypeError, "activation must be .* got None"),
        (create_model, {"seed": -1}, ValueError, "seed must be an integer of at least 0, got -1"),
        (create_model, {"seed": 1.5}, TypeError, "seed must be an integer of at least 0, got 1.5"),
        (create_model, {"seed": True}, ValueError, "seed must be an integer of at least 0, got True"),
        (create_model, {"initializer": "he"}, ValueError, "initializer must be a name .* got 'he'"),
        (create_model, {"initializer": len}, ValueError, "initializer must be a name .* got <built-in function len>"),
        (create_model, {"learning_rate": -0.1}, ValueError, "learning_rate must be .* at least 0, got -0.1"),
        (create_model, {"learning_rate": "fast"}, TypeError, "learning_rate must be .* got 'fast'"),
        (create_cnn_model, {"classes": 1}, ValueError, "classes must be an integer of at least 2, got 1"),
        (create_sentiment_model, {"vocab_size": 1}, ValueError, "vocab_size must be .* at least 2, got 1"),
        (create_sentiment_model, {"embedding_dim": 0}, ValueError, "embedding_dim must be .* at least 1, got 0"),
        (create_sentiment_model, {"max_length": "9"}, TypeError, "max_length must be .* at least 1, got '9'"),
        (create_sentiment_model, {"mask_zero": 1}, TypeError, "mask_zero must be True or False, got 1"),
        (LayerFunction, {"activation": "elu", "alpha": -1.0}, ValueError, "alpha must be .* got -1.0"),
        (LayerFunction, {"activation": "elu", "beta": 1.0}, TypeError, "beta is not a parameter of elu"),
    ],
)
def test_bad_arguments_are_named(build, arguments, error, message):
    with pytest.raises(error, match=message):
        build(**arguments)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_linear_neuron_keeps_shape_and_dtype(dtype):
    x = np.linspace(-5, 5, 22).reshape(2, 11).astype(dtype)
    y = linear_neuron(x)
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    assert np.array_equal(y, (2 * x.astype(np.float64) + 1).astype(dtype))
    assert np.array_equal(linear_neuron(dtype([np.inf, -np.inf])), [np.inf, -np.inf])
    assert np.isnan(linear_neuron(dtype(np.nan)))
    assert linear_neuron(np.finfo(dtype).max) == np.inf


def test_linear_neuron_takes_what_the_catalogue_takes():
    assert linear_neuron([1, 2]).tolist() == [3.0, 5.0]
    assert [type(linear_neuron(x)) for x in (2, 2.0, True)] == [float] * 3
    assert type(linear_neuron(np.float32(2))) is np.float32
    for wrong in ("2", 2j, [None]):
        with pytest.raises(TypeError, match="x must be real numbers"):
            linear_neuron(wrong)
