"""Each library behind the same few methods: make an array, give it back as doubles, differentiate."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs import snippets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from actdocs import Activation


class NumPy:
    """NumPy with SciPy: no functions of its own, the catalogue's snippets stand in; and the catalogue itself."""

    framework, versions = "numpy", ("numpy", "scipy")
    dtypes: tuple[str, ...] = ("float32", "float64")

    def start(self) -> None:
        """Import the library."""
        self.names: dict[str, Any] = {"np": np, "numpy": np}

    def wide(self) -> None:
        """Let numbers be in double precision where the library has to be asked."""

    def array(self, x: np.ndarray, dtype: str) -> Any:
        """Make an array of the library."""
        return x.astype(dtype)

    def doubles(self, y: Any) -> np.ndarray:
        """Give an array of the library as doubles."""
        return np.asarray(y).astype(np.float64)

    def gradient(self, function: Callable[[Any], Any], x: Any) -> np.ndarray | None:
        """Differentiate an element-wise function by the library's own means."""
        return None

    def own(self, entry: Activation) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
        """Give library, name and function of everything that computes the entry at its defaults."""
        yield "actdocs", f"actdocs.{entry.name}", entry
        space: dict[str, Any] = {}
        exec(snippets.code(entry, "numpy"), space)
        if entry.name in space:
            yield "numpy", "the snippet", space[entry.name]
        else:
            _, _, call = snippets.code(entry, "numpy").partition("\ny = ")
            call = call.partition("\n")[0]
            yield "numpy", snippets.own_name(entry, "numpy") or call, eval(f"lambda x: {call}", space)

    def call(self, entry: Activation, library: str) -> tuple[str, Callable[[Any], Any]]:
        """Give name and function of a library's own."""
        text = snippets.own_call(entry, library)
        return getattr(entry.frameworks, library), eval(f"lambda x: {text}", dict(self.names))


class TensorFlow(NumPy):
    """TensorFlow with Keras."""

    framework, versions = "tensorflow", ("tensorflow", "keras")
    dtypes = ("float32", "float64", "float16", "bfloat16")

    def start(self) -> None:
        os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", KERAS_BACKEND="tensorflow")
        import keras
        import tensorflow as tf

        self.names = {"tf": tf, "keras": keras}
        self.tf = tf

    def array(self, x: np.ndarray, dtype: str) -> Any:
        return self.tf.cast(self.tf.constant(x), dtype) if dtype == "bfloat16" else self.tf.constant(x.astype(dtype))

    def doubles(self, y: Any) -> np.ndarray:
        return self.tf.cast(y, "float64").numpy()

    def gradient(self, function: Callable[[Any], Any], x: Any) -> np.ndarray | None:
        with self.tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        gradient = tape.gradient(y, x)
        return None if gradient is None else self.doubles(gradient)

    def own(self, entry: Activation) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
        for library in ("tensorflow", "keras"):
            if getattr(entry.frameworks, library):
                yield library, *self.call(entry, library)


class PyTorch(NumPy):
    """PyTorch."""

    framework, versions = "pytorch", ("torch",)
    dtypes = ("float32", "float64", "float16", "bfloat16")

    def start(self) -> None:
        import torch

        self.names = {"torch": torch}
        self.torch = torch

    def array(self, x: np.ndarray, dtype: str) -> Any:
        wanted = getattr(self.torch, dtype)
        # A function may make tensors for its parameters, which take the default.
        self.torch.set_default_dtype(wanted)
        return self.torch.tensor(x, dtype=wanted)

    def doubles(self, y: Any) -> np.ndarray:
        return y.detach().double().numpy()

    def gradient(self, function: Callable[[Any], Any], x: Any) -> np.ndarray | None:
        x = x.clone().requires_grad_()
        y = function(x)
        if not y.requires_grad:
            return None
        y.sum().backward()
        return self.doubles(x.grad)

    def own(self, entry: Activation) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
        if entry.frameworks.pytorch:
            yield "torch", *self.call(entry, "pytorch")


class Jax(NumPy):
    """JAX."""

    framework, versions = "jax", ("jax",)
    dtypes = ("float32", "float64", "float16", "bfloat16")

    def start(self) -> None:
        os.environ["JAX_PLATFORMS"] = "cpu"
        import jax
        import jax.numpy as jnp

        self.names = {"jax": jax, "jnp": jnp}
        self.jax, self.jnp = jax, jnp

    def wide(self) -> None:
        self.jax.config.update("jax_enable_x64", True)

    def array(self, x: np.ndarray, dtype: str) -> Any:
        return self.jnp.asarray(x, dtype=dtype)

    def gradient(self, function: Callable[[Any], Any], x: Any) -> np.ndarray | None:
        return self.doubles(self.jax.grad(lambda x: function(x).sum())(x))

    def own(self, entry: Activation) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
        if entry.frameworks.jax:
            yield "jax", *self.call(entry, "jax")


class Onnx(NumPy):
    """ONNX in its reference evaluator; it has graphs, no functions to call and no gradient."""

    framework, versions = "onnx", ("onnx",)

    def start(self) -> None:
        import onnx

        self.names = {"onnx": onnx}

    def own(self, entry: Activation) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
        yield from ()


LIBRARIES = {library.framework: library for library in (NumPy, TensorFlow, PyTorch, Jax, Onnx)}
