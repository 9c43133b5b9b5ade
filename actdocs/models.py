"""The deck's networks in current Keras, with any element-wise activation of the catalogue inside.

Each network ends in plain sums, the *logits*, where the deck ends in a softmax or a sigmoid. The loss applies
that function itself (``from_logits=True``), because together the two simplify: the logarithm of a softmax
never has to go through a probability that has rounded to 0 or 1, where the loss would stop telling right from
wrong. To get probabilities, apply the function afterwards: ``actdocs.softmax(model.predict(x))`` for classes,
``actdocs.sigmoid(model.predict(x))`` for a single unit. The largest logit is the most probable class, and a
single logit above 0 is a probability above one half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs._tensorflow import import_keras
from actdocs.catalogue import Activation, _floating
from actdocs.parameters import Number, integer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike

    Function = str | Callable[..., Any] | Activation

# What Keras calls the rules that the catalogue names.
_INITIALIZERS = {"he": "he_normal", "glorot": "glorot_uniform", "lecun": "lecun_normal"}

__all__ = ["create_cnn_model", "create_model", "create_sentiment_model", "linear_neuron"]


def linear_neuron(x: ArrayLike) -> Any:
    r"""Compute what a neuron computes without an activation: a weighted input plus a bias, here of 2 and 1.

    .. math:: f(x) = 2x + 1

    Strictly it is *affine*: a linear function would send 0 to 0.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; any shape.

    Returns
    -------
    ndarray or scalar
        The shape of ``x``; floating dtypes are kept, anything else becomes float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.

    Examples
    --------
    Two such neurons in a row are a neuron again, with weight 4 and bias 3:

    >>> import numpy as np
    >>> x = np.linspace(-5, 5, 11)
    >>> bool(np.all(linear_neuron(linear_neuron(x)) == 4 * x + 3))
    True
    """
    array = _floating("x", x)
    with np.errstate(over="ignore"):
        result = (2.0 * array.astype(np.float64) + 1.0).astype(array.dtype)
    return result.item() if isinstance(x, (bool, int, float)) and not isinstance(x, np.generic) else result[()]


def create_model(
    activation: Function = "relu",
    *,
    seed: int | None = None,
    initializer: Any = None,
    learning_rate: float = 0.001,
) -> Any:
    """Build the network for handwritten digits: 784 → 64 → 64 → 10.

    The ten outputs are logits, see :mod:`actdocs.models`; the softmax of the deck's last layer is in the loss.

    Parameters
    ----------
    activation : str, callable or Activation
        The activation of the hidden layers: an element-wise entry of the catalogue, or what its method ``keras``
        returns, where parameters are to be passed: ``actdocs.get("leaky_relu").keras(alpha=0.2)``.
    seed : int, optional
        Seed of the weights; without it each call draws others.
    initializer : str or keras.Initializer, optional
        How the hidden layers draw their weights. By default after He et al. (2015) for rectifiers and self-gated
        functions, which silence about half of their input, after LeCun et al. (1998) for SELU, which was made for it,
        and after Glorot and Bengio (2010) for the others.
        The output layer is always Glorot's. A seed of its own is replaced by ``seed``.
    learning_rate : float
        The step of Adam.

    Returns
    -------
    keras.Model
        Compiled: Adam, sparse categorical cross-entropy on logits, accuracy.

    Raises
    ------
    ValueError, TypeError
        If an argument is not one of those described.
    ImportError
        If TensorFlow is missing.

    Examples
    --------
    >>> model = create_model("mish", seed=0)
    >>> [layer.units for layer in model.layers], model.count_params()
    ([64, 64, 10], 55050)
    """
    return dense_model((784, 64, 64, 10), activation, seed=seed, initializer=initializer, learning_rate=learning_rate)


def create_cnn_model(
    activation: Function = "relu",
    *,
    classes: int = 10,
    seed: int | None = None,
    initializer: Any = None,
    learning_rate: float = 0.001,
) -> Any:
    """Build the network for photographs of 64 × 64 pixels: three convolutions with pooling, then 64 → classes.

    The outputs are logits, see :mod:`actdocs.models`; the softmax of the deck's last layer is in the loss.

    Parameters
    ----------
    activation, seed, initializer, learning_rate
        As for :func:`create_model`; the activation is that of the convolutions and of the dense layer.
    classes : int
        Number of classes, at least 2.

    Returns
    -------
    keras.Model
        Compiled: Adam, sparse categorical cross-entropy on logits, accuracy.

    Raises
    ------
    ValueError, TypeError, ImportError
        As for :func:`create_model`.

    Examples
    --------
    A 3 × 3 convolution trims one pixel from each side and pooling halves the rest, so that 12 × 12 × 64 numbers
    reach the dense layer:

    >>> model = create_cnn_model(classes=6, seed=0)
    >>> model.get_layer(index=5).output.shape
    (None, 9216)
    """
    classes = integer("classes", classes, 2)
    keras, draws = import_keras(), _draws(seed)
    layers, hidden = keras.layers, _hidden(activation, initializer)

    def convolution(filters: int) -> Any:
        return layers.Conv2D(filters, 3, **hidden(next(draws)))

    stack = [
        keras.Input((64, 64, 3)),
        convolution(32),
        layers.MaxPooling2D(),
        convolution(64),
        layers.MaxPooling2D(),
        convolution(64),
        layers.Flatten(),
        layers.Dense(64, **hidden(next(draws))),
    ]
    # XLA's convolutions for the processor take several times as long as TensorFlow's own.
    return _classifier(stack, classes, next(draws), learning_rate, jit_compile=False)


def create_sentiment_model(
    vocab_size: int = 10_000,
    embedding_dim: int = 16,
    max_length: int = 100,
    *,
    activation: Function = "relu",
    mask_zero: bool = True,
    seed: int | None = None,
    initializer: Any = None,
    learning_rate: float = 0.001,
) -> Any:
    """Build the network for the mood of a text: embedding → LSTM 64 → LSTM 64 → 64 → 1.

    The output is one logit, positive for a positive text, see :mod:`actdocs.models`; the sigmoid of the deck's
    last layer is in the loss. Inside, each LSTM keeps the tanh and the sigmoids that define it: ``activation`` is
    that of the dense layer.

    Parameters
    ----------
    vocab_size : int
        Number of different tokens, padding included.
    embedding_dim : int
        Numbers that stand for a token.
    max_length : int
        Tokens in a text, after padding with 0.
    activation, seed, initializer, learning_rate
        As for :func:`create_model`.
    mask_zero : bool
        Whether the LSTM passes over the padding. The deck leaves this out, and the network then reads mostly
        padding and learns nothing.

    Returns
    -------
    keras.Model
        Compiled: Adam, binary cross-entropy on logits, accuracy at a logit of 0.

    Raises
    ------
    ValueError, TypeError, ImportError
        As for :func:`create_model`.

    Examples
    --------
    >>> create_sentiment_model(seed=0).count_params()
    217985
    """
    vocab_size = integer("vocab_size", vocab_size, 2)
    embedding_dim = integer("embedding_dim", embedding_dim, 1)
    max_length = integer("max_length", max_length, 1)
    if not isinstance(mask_zero, bool):
        raise TypeError(f"mask_zero must be True or False, got {mask_zero!r}")
    keras, draws = import_keras(), _draws(seed)
    layers, initializers, hidden = keras.layers, keras.initializers, _hidden(activation, initializer)

    def lstm(**options: Any) -> Any:
        kernel, recurrent = initializers.GlorotUniform(next(draws)), initializers.Orthogonal(seed=next(draws))
        starts = {"kernel_initializer": kernel, "recurrent_initializer": recurrent}
        return layers.LSTM(64, seed=next(draws), **starts, **options)

    start = initializers.RandomUniform(seed=next(draws))
    stack = [
        keras.Input((max_length,), dtype="int32"),
        layers.Embedding(vocab_size, embedding_dim, mask_zero=mask_zero, embeddings_initializer=start),
        lstm(return_sequences=True),
        lstm(),
        layers.Dense(64, **hidden(next(draws))),
    ]
    return _classifier(stack, 1, next(draws), learning_rate, jit_compile=False)


def dense_model(
    sizes: tuple[int, ...],
    activation: Function,
    *,
    seed: int | None = None,
    initializer: Any = None,
    learning_rate: float = 0.001,
    momentum: float | None = None,
    bias: float = 0.0,
    normalize: bool = False,
) -> Any:
    """Build a dense network with these layer sizes, inputs first; one output means two classes.

    With ``momentum`` the optimizer is gradient descent with it instead of Adam. ``bias`` is where the biases of the
    hidden layers start, and ``normalize`` puts batch normalisation between sums and activation. The other arguments,
    the answer and the errors are those of :func:`create_model`.
    """
    keras, draws, hidden = import_keras(), _draws(seed), _hidden(activation, initializer)
    layers = keras.layers
    stack = [keras.Input((sizes[0],))]
    for units in sizes[1:-1]:
        options = hidden(next(draws))
        if normalize:
            function = options.pop("activation")
            stack += [layers.Dense(units, use_bias=False, **options), layers.BatchNormalization()]
            stack += [layers.Activation(function)]
        else:
            stack += [layers.Dense(units, bias_initializer=keras.initializers.Constant(bias), **options)]
    return _classifier(stack, sizes[-1], next(draws), learning_rate, momentum=momentum, jit_compile=True)


def _draws(seed: int | None) -> Iterator[int]:
    """Draw a seed for each layer, so that no two layers start alike."""
    generator = np.random.default_rng(seed if seed is None else integer("seed", seed, 0))
    while True:
        yield int(generator.integers(2**31))


def _hidden(activation: Function, initializer: Any) -> Callable[[int], dict[str, Any]]:
    """Give a function from a seed to the options of a hidden layer: its activation and its starting weights."""
    from actdocs.layers import LayerFunction

    keras = import_keras()
    function = activation if isinstance(activation, LayerFunction) else LayerFunction(activation)
    if initializer is None:
        initializer = _INITIALIZERS[function.entry.initialization]
    try:
        start = keras.initializers.get(initializer)
    except ValueError:
        start = None
    if not isinstance(start, keras.initializers.Initializer):
        raise ValueError(f"initializer must be a name or an object of keras.initializers, got {initializer!r}")

    def options(seed: int) -> dict[str, Any]:
        config = start.get_config()
        if "seed" in config:
            config["seed"] = seed
        return {"activation": function, "kernel_initializer": type(start).from_config(config)}

    return options


def _classifier(
    stack: list[Any],
    units: int,
    seed: int,
    learning_rate: float,
    *,
    momentum: float | None = None,
    jit_compile: bool,
) -> Any:
    """Add the layer of logits and compile."""
    keras = import_keras()
    learning_rate = Number(low=0).check("learning_rate", learning_rate)
    start = keras.initializers.GlorotUniform(seed)
    model = keras.Sequential([*stack, keras.layers.Dense(units, kernel_initializer=start)])
    if units == 1:
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        accuracy = keras.metrics.BinaryAccuracy("accuracy", threshold=0)
    else:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        accuracy = keras.metrics.SparseCategoricalAccuracy("accuracy")
    adam = momentum is None
    optimizer = keras.optimizers.Adam(learning_rate) if adam else keras.optimizers.SGD(learning_rate, momentum)
    model.compile(optimizer, loss, metrics=[accuracy], jit_compile=jit_compile)
    model.optimizer.build(model.trainable_variables)  # else a model saved before its training loads with a warning
    return model
