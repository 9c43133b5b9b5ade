"""The catalogue's functions as Keras layers take them.

Import this module before ``keras.saving.load_model`` reads a model that was saved with one of them.
"""

from __future__ import annotations

from typing import Any

from actdocs import tensors
from actdocs._tensorflow import import_keras
from actdocs.catalogue import Activation, get

keras = import_keras()
tf = tensors.tf

__all__ = ["LayerFunction"]


@keras.saving.register_keras_serializable(package="actdocs")
class LayerFunction:
    """An element-wise activation whose gradient is the catalogue's derivative.

    Parameters
    ----------
    activation : str, callable or Activation
        An element-wise entry of the catalogue.
    **parameters
        Its parameters; those left out take their default.

    Raises
    ------
    ValueError
        If the catalogue has no such entry or a parameter is outside its domain.
    TypeError
        If the entry mixes its inputs along an axis, or a parameter is unknown.

    Examples
    --------
    >>> LayerFunction("leaky_relu", alpha=0.2)
    leaky_relu(alpha=0.2)
    """

    def __init__(self, activation: Any, **parameters: Any) -> None:
        self.entry: Activation = get(activation)
        if not self.entry.elementwise:
            raise TypeError(
                f"activation must be an element-wise entry of the catalogue, got {self.entry.name!r}, "
                "which mixes its inputs along an axis: it can't be a hidden activation"
            )
        self.parameters = self.entry.check(**parameters)
        self.__name__ = self.entry.name

    def __repr__(self) -> str:
        """Give the name, and the parameters that differ from their default."""
        given = [f"{key}={value!r}" for key, value in self.parameters.items() if value != self.entry.parameters[key]]
        return self.__name__ + (f"({', '.join(given)})" if given else "")

    def __call__(self, x: Any) -> Any:
        """Compute the value of a TensorFlow tensor, in its shape and dtype."""

        def with_gradient(x: Any) -> tuple[Any, Any]:
            def gradient(upstream: Any) -> Any:
                assert self.entry.derivative_kernel is not None
                return upstream * keep_nan(self.entry.derivative_kernel(tensors, x, **self.parameters))

            def keep_nan(result: Any) -> Any:
                return tf.where(tf.math.is_nan(x), x, result)

            return keep_nan(self.entry.value_kernel(tensors, x, **self.parameters)), gradient

        return tf.custom_gradient(with_gradient)(tf.convert_to_tensor(x))

    def get_config(self) -> dict[str, Any]:
        """Give what Keras saves."""
        return {"name": self.entry.name, "parameters": self.parameters}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> LayerFunction:
        """Make the function from what Keras saved."""
        return cls(config["name"], **config["parameters"])
