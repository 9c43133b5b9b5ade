"""Look inside a network between two epochs: how gradients, slopes and outputs are spread over its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs._tensorflow import import_keras, import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["EXAMPLES", "Probe"]

EXAMPLES = 1000
# A unit that passes on less than this part of a gradient counts as saturated.
_FLAT = 0.01


class Probe:
    """Measurements of a chain of layers on a few examples, as in training, but without a step.

    Parameters
    ----------
    model : keras.Sequential
        Whose weights are measured as they are at each call.
    x, y : tensor
        The examples and their targets.
    """

    def __init__(self, model: Any, x: Any, y: Any) -> None:
        self.keras, self.tf = import_keras(), import_tensorflow()
        self.model = model
        self.loss = self.keras.losses.get(model.loss)
        self.sums = {layer: self._linear(layer) for layer in model.layers if self._has_activation(layer)}
        compiled = self.tf.function(self._measure, autograph=False, jit_compile=model.jit_compile)
        self.program: Callable[[], dict[str, Any]] = lambda: compiled(x, y)

    def __call__(self) -> dict[str, NDArray[np.float64]]:
        """Give each measurement, a number a layer."""
        return {name: np.array(values, np.float64) for name, values in self.program().items()}

    def _has_activation(self, layer: Any) -> bool:
        layers = self.keras.layers
        kinds = (layers.Dense, layers.Conv1D, layers.Conv2D, layers.Activation)
        return isinstance(layer, kinds) and layer.activation is not self.keras.activations.linear

    def _linear(self, layer: Any) -> Any:
        """Make the same layer without its activation; it is called with the layer's own weights."""
        if isinstance(layer, self.keras.layers.Activation):
            return self.keras.layers.Identity()
        linear = type(layer).from_config({**layer.get_config(), "activation": None})
        linear.build(layer.input.shape)
        return linear

    def _measure(self, x: Any, y: Any) -> dict[str, Any]:
        tf = self.tf
        owned = {id(v): v.value for layer in self.model.layers for v in layer.trainable_variables}
        found: dict[str, list[Any]] = {name: [] for name in ("dead", "saturated", "mean", "variance")}
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(list(owned.values()))
            for layer in self.model.layers:
                x = self._through(layer, x, owned, found)
            each = self.loss(y, x if y.shape.rank == x.shape.rank or x.shape[-1] > 1 else x[..., 0])
            total = tf.reduce_mean(each)
        layers = [[owned[id(v)] for v in layer.trainable_variables] for layer in self.model.layers]
        gradients = tape.gradient(total, [values for values in layers if values])
        norms = [tf.linalg.global_norm(parts) for parts in gradients]
        return {"gradient_norm": tf.stack(norms), **{name: tf.stack(v) for name, v in found.items() if v}}

    def _through(self, layer: Any, x: Any, owned: dict[int, Any], found: dict[str, list[Any]]) -> Any:
        """Send the examples through a layer, and measure its activation, if it has one."""
        tf = self.tf
        linear = self.sums.get(layer, layer)
        options = {"training": True} if linear._call_has_training_arg else {}
        values = [owned[id(v)] for v in layer.trainable_variables]
        x, _ = linear.stateless_call(values, [v.value for v in layer.non_trainable_variables], x, **options)
        if layer not in self.sums:
            return x
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x)
            result = layer.activation(x)
        slope = tf.abs(tape.gradient(result, x))
        examples = list(range(slope.shape.rank - 1))
        found["dead"].append(tf.reduce_mean(tf.cast(tf.reduce_all(slope == 0, examples), tf.float32)))
        found["saturated"].append(tf.reduce_mean(tf.cast(slope < _FLAT, tf.float32)))
        mean, variance = tf.nn.moments(result, list(range(result.shape.rank)))
        found["mean"].append(mean)
        found["variance"].append(variance)
        return result
