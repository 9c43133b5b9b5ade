"""The small dense network that runs through the chapters: NumPy alone, and nothing hidden.

It is written to be read. Backpropagation takes each activation's derivative from the catalogue, so that what
the chapters say about a derivative is what trains here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actdocs.catalogue import Activation, _floating, get
from actdocs.parameters import integer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Gradients", "Network"]

Array = NDArray[np.float64]

# Standard deviation of a weight from the numbers of inputs and outputs of its layer.
_INITIALIZATIONS: dict[str, Callable[[int, int], float]] = {
    "he": lambda inputs, outputs: math.sqrt(2 / inputs),
    "lecun": lambda inputs, outputs: math.sqrt(1 / inputs),
    "glorot": lambda inputs, outputs: math.sqrt(2 / (inputs + outputs)),
}


@dataclass(frozen=True)
class Gradients:
    """What one pass of backpropagation finds.

    Attributes
    ----------
    loss : float
        The mean loss.
    weights, biases : list of ndarray
        The gradient of the loss, layer by layer, first layer first.
    signals : list of ndarray
        The gradient with respect to each layer's sums, one row an example.
    """

    loss: float
    weights: list[Array]
    biases: list[Array]
    signals: list[Array]


class Network:
    r"""A dense network with one activation in its hidden layers and a plain sum at the output.

    Layer :math:`l` computes :math:`h_l = f(h_{l-1} W_l + b_l)`; the last one leaves out :math:`f` and gives scores
    (logits). The loss turns them into probabilities: a sigmoid for one output, a softmax for several. With
    ``task="regression"`` the loss is the mean squared error of the scores themselves.

    Parameters
    ----------
    sizes : sequence of int
        Number of inputs, of units in each hidden layer, and of outputs; at least two numbers.
    activation : str, callable or Activation
        An element-wise entry of the catalogue.
    initialization : {"he", "glorot", "lecun"} or float, optional
        Weights are normal with the variance of He et al. (2015), Glorot and Bengio (2010) or LeCun et al. (1998),
        or with this standard deviation. By default "he" for rectifiers and self-gated functions, "glorot" for
        the rest.
    bias : float
        The value of every bias at the start.
    task : {"classification", "regression"}
        Which loss.
    seed : int
        Seed of the weights.
    **parameters
        Parameters of the activation.

    Raises
    ------
    ValueError
        If an argument is outside what is accepted.
    TypeError
        If the activation needs an axis.

    Examples
    --------
    >>> from actdocs.data import make_moons
    >>> x, y = make_moons()
    >>> network = Network([2, 8, 8, 1], "tanh")
    >>> losses = network.fit(x, y, epochs=500)
    >>> bool(losses[-1] < 0.2 * losses[0])
    True
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Activation | Callable[..., Any] = "relu",
        *,
        initialization: str | float | None = None,
        bias: float = 0.0,
        task: str = "classification",
        seed: int = 0,
        **parameters: Any,
    ) -> None:
        self.sizes = tuple(integer("each of sizes", size, 1) for size in sizes)
        if len(self.sizes) < 2:
            raise ValueError(f"sizes must be at least two positive numbers, got {sizes!r}")
        self.activation = get(activation)
        if not self.activation.elementwise:
            raise TypeError(f"activation must be element-wise in a hidden layer, got {self.activation.name}")
        if task not in ("classification", "regression"):
            raise ValueError(f"task must be 'classification' or 'regression', got {task!r}")
        self.task = task
        self.parameters = self.activation.check(**parameters)
        if not math.isfinite(bias):
            raise ValueError(f"bias must be a finite number, got {bias!r}")
        if initialization is None:
            initialization = self.activation.initialization
        generator = np.random.default_rng(integer("seed", seed, 0))
        self.weights: list[Array] = []
        self.biases: list[Array] = []
        for inputs, outputs in zip(self.sizes, self.sizes[1:], strict=False):
            spread = _spread(initialization, inputs, outputs)
            self.weights.append(generator.normal(0.0, spread, (inputs, outputs)))
            self.biases.append(np.full(outputs, float(bias)))

    def forward(self, x: ArrayLike) -> list[tuple[Array, Array]]:
        """Compute every layer.

        Parameters
        ----------
        x : array_like of shape (examples, inputs)

        Returns
        -------
        list of tuple of ndarray
            For each layer its sums and its outputs, both of shape (examples, units); the last two are the scores.

        Raises
        ------
        ValueError
            If ``x`` does not have two dimensions and as many columns as the network has inputs.
        """
        h = self._inputs(x)
        layers: list[tuple[Array, Array]] = []
        for weights, biases in zip(self.weights, self.biases, strict=True):
            sums = h @ weights + biases
            h = sums if len(layers) == len(self.weights) - 1 else self.activation(sums, **self.parameters)
            layers.append((sums, h))
        return layers

    def predict(self, x: ArrayLike) -> Array:
        """Give probabilities, or the plain outputs of a regression.

        Returns
        -------
        ndarray
            Of shape (examples,) for a network with one output, (examples, outputs) else.
        """
        return self._squashed(self.forward(x)[-1][0])

    def accuracy(self, x: ArrayLike, y: ArrayLike) -> float:
        """Give the share of examples whose most probable class is the right one."""
        probabilities = self.predict(x)
        guesses = probabilities > 0.5 if probabilities.ndim == 1 else probabilities.argmax(axis=1)
        self._targets(y, len(guesses))
        return float(np.mean(guesses == np.asarray(y)))

    def gradients(self, x: ArrayLike, y: ArrayLike) -> Gradients:
        """Run backpropagation once.

        Parameters
        ----------
        x : array_like of shape (examples, inputs)
        y : array_like of shape (examples,)
            Class numbers from 0; for a regression numbers, of shape (examples, outputs) with several outputs.

        Returns
        -------
        Gradients

        Raises
        ------
        ValueError
            If shapes do not fit or a label is not a class.
        """
        inputs = self._inputs(x)
        return self._backpropagate(inputs, self._targets(y, len(inputs)))

    def _backpropagate(self, inputs: Array, targets: Array) -> Gradients:
        layers = self.forward(inputs)
        loss, signal = self._loss(layers[-1][0], targets)
        weights, biases, signals = [], [], []
        for i in range(len(layers) - 1, -1, -1):
            before = layers[i - 1][1] if i else inputs
            signals.append(signal)
            weights.append(before.T @ signal)
            biases.append(signal.sum(axis=0))
            if i:
                slope = self.activation.derivative(layers[i - 1][0], **self.parameters)
                signal = (signal @ self.weights[i].T) * slope
        return Gradients(loss, weights[::-1], biases[::-1], signals[::-1])

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        epochs: int = 500,
        learning_rate: float = 0.1,
        momentum: float = 0.9,
    ) -> Array:
        """Train by gradient descent with momentum, all examples at each step.

        Parameters
        ----------
        x, y : array_like
            As for :meth:`gradients`.
        epochs : int
            Number of steps, at least 1.
        learning_rate : float
            Size of a step, positive.
        momentum : float
            Share of the last step that is kept, from 0 to below 1.

        Returns
        -------
        ndarray of shape (epochs,)
            The loss before each step. Steps that are too large can make a run diverge: the losses are then infinite
            or NaN from some step on, and so are the weights.
        """
        epochs = integer("epochs", epochs, 1)
        if not (math.isfinite(learning_rate) and learning_rate > 0):
            raise ValueError(f"learning_rate must be a positive finite number, got {learning_rate!r}")
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be at least 0 and below 1, got {momentum!r}")
        values = [*self.weights, *self.biases]
        steps = [np.zeros_like(value) for value in values]
        losses = np.empty(epochs)
        inputs = self._inputs(x)
        targets = self._targets(y, len(inputs))
        with np.errstate(over="ignore", invalid="ignore"):
            for epoch in range(epochs):
                found = self._backpropagate(inputs, targets)
                losses[epoch] = found.loss
                for value, step, gradient in zip(values, steps, [*found.weights, *found.biases], strict=True):
                    step *= momentum
                    step -= learning_rate * gradient
                    value += step
        return losses

    def dead_fraction(self, x: ArrayLike) -> Array:
        """Give the share of units in each hidden layer whose derivative is zero for every example.

        Returns
        -------
        ndarray of shape (hidden layers,)
            Numbers from 0 to 1.
        """
        slopes = [self.activation.derivative(sums, **self.parameters) for sums, _ in self.forward(x)[:-1]]
        return np.array([np.mean(np.all(slope == 0, axis=0)) for slope in slopes])

    def _squashed(self, scores: Array) -> Array:
        if self.task == "regression":
            return scores[:, 0] if scores.shape[1] == 1 else scores
        if scores.shape[1] == 1:
            return np.asarray(get("sigmoid")(scores[:, 0]))
        return np.asarray(get("softmax")(scores))

    def _inputs(self, x: ArrayLike) -> Array:
        inputs = _floating("x", x).astype(float)
        if inputs.ndim != 2 or inputs.shape[1] != self.sizes[0]:
            raise ValueError(f"x must have the shape (examples, {self.sizes[0]}), got {inputs.shape}")
        if not inputs.size or not np.isfinite(inputs).all():
            raise ValueError("x must have at least one example and finite numbers only")
        return inputs

    def _targets(self, y: ArrayLike, examples: int) -> Array:
        """Give the targets in the shape of the scores."""
        labels, shape = np.asarray(y), (examples, self.sizes[-1])
        if self.task == "regression":
            if labels.size != math.prod(shape) or len(labels) != shape[0]:
                raise ValueError(f"y must hold {shape} numbers, got shape {labels.shape}")
            return labels.reshape(shape).astype(float)
        if labels.shape != shape[:1]:
            raise ValueError(f"y must have one label for each of {shape[0]} examples, got shape {labels.shape}")
        classes = max(2, shape[1])
        wrong = labels[~np.isin(labels, np.arange(classes))]
        if wrong.size:
            raise ValueError(f"y must hold class numbers from 0 to {classes - 1}, got {wrong[0].item()!r}")
        return labels[:, None].astype(float) if shape[1] == 1 else np.eye(classes)[labels.astype(int)]

    def _loss(self, scores: Array, targets: Array) -> tuple[float, Array]:
        """Give the mean loss and its gradient with respect to the scores."""
        count = len(scores)
        if self.task == "regression":
            return float(np.mean((scores - targets) ** 2)), 2 * (scores - targets) / scores.size
        if scores.shape[1] == 1:
            losses = get("softplus")(scores) - targets * scores
            return float(losses.mean()), (get("sigmoid")(scores) - targets) / count
        losses = -(targets * get("log_softmax")(scores)).sum(axis=1)
        return float(losses.mean()), (get("softmax")(scores) - targets) / count


def _spread(initialization: str | float, inputs: int, outputs: int) -> float:
    if isinstance(initialization, str):
        if initialization not in _INITIALIZATIONS:
            accepted = ", ".join(map(repr, _INITIALIZATIONS))
            raise ValueError(f"initialization must be {accepted} or a number, got {initialization!r}")
        return _INITIALIZATIONS[initialization](inputs, outputs)
    if not (math.isfinite(initialization) and initialization >= 0):
        raise ValueError(f"initialization must be a finite standard deviation of at least 0, got {initialization!r}")
    return float(initialization)
