"""Train several networks of one shape as one: each weight has one more axis, the replica's.

A step of a small network is too short for a processor to get going. With the replicas side by side, the first layer of
all of them is one large matrix product of the batch that they share, each further layer one batched product, and
a whole epoch one XLA program.

Whoever trains replicas asks :func:`stack` for a stack. :class:`NotStackableError` says why there is none; the replicas
are then trained one by one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from actdocs._tensorflow import import_keras, import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NotStackableError", "Stack", "replicas_at_once"]

Array = NDArray[Any]

# Weights, gradients and the optimizer's state of all replicas in a thread. Five of the deck's network (4 MiB) take
# 0.112 s a replica-epoch each, ten take 0.128 s, and with fewer than five the matrix products lose their speed.
_CACHE = 6 * 2**20
# Optimizers that treat each number of a weight by itself, so that replicas in one array don't see each other.
_ELEMENTWISE = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion")
_WHOLE_WEIGHT = ("clipnorm", "global_clipnorm", "use_ema", "loss_scale_factor", "gradient_accumulation_steps")


class NotStackableError(ValueError):
    """A model that has to be trained by itself; the message says why."""


def replicas_at_once(model: Any, replicas: int, threads: int) -> int:
    """Give how many replicas to stack: in equal chunks, each of which fits the cache, and some for each thread."""
    weights = sum(int(np.prod(variable.shape)) * 4 for variable in model.trainable_variables)
    state = sum(int(np.prod(variable.shape)) * 4 for variable in model.optimizer.variables)
    most = max(1, _CACHE // (2 * weights + state))
    rounds = -(-replicas // (most * threads))
    return -(-replicas // (rounds * threads))


class Stack:
    """The same network several times over, with weights of its own for each.

    Parameters
    ----------
    model : keras.Model
        A compiled and built model of the shape that all replicas have.
    replicas : int
        How many.
    shared : bool
        Whether all replicas see the same examples in a step.

    Raises
    ------
    NotStackableError
        If the model has a part that can't be stacked.
    """

    def __init__(self, model: Any, replicas: int, *, shared: bool) -> None:
        self.model, self.replicas, self.shared = model, replicas, shared
        self.keras, self.tf = import_keras(), import_tensorflow()
        self._check_layers()
        self._check_optimizer()
        self.loss = self._loss()
        self.metrics = [metric for outer in model.metrics[1:] for metric in getattr(outer, "metrics", [outer])]
        self.names = ("loss", *(metric.name for metric in self.metrics))
        self.trainable = self._variables(model.trainable_variables)
        self.others = self._variables(model.non_trainable_variables)
        self.optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
        self.optimizer.build(self.trainable)
        self.programs = {"train": self._program(self._train_step), "test": self._program(self._test_step)}

    def of(self, replicas: int) -> Stack:
        """Give the stack for as many replicas."""
        return self if replicas == self.replicas else Stack(self.model, replicas, shared=self.shared)

    # What can be stacked

    def _check_layers(self) -> None:
        layers = self.keras.layers
        if not isinstance(self.model, self.keras.Sequential):
            raise NotStackableError(f"a {type(self.model).__name__} model is no chain of layers")
        if not self.model.jit_compile:
            raise NotStackableError("it was compiled with jit_compile=False")
        for layer in self.model.layers:
            settings = layer.get_config()
            kind = type(layer)
            if kind in (layers.Dense, layers.BatchNormalization):
                held = [key for key, value in settings.items() if value and key.endswith(("regularizer", "constraint"))]
                if held:
                    raise NotStackableError(f"layer {layer.name!r} has a {held[0]}")
                if len(layer.input.shape) != 2:
                    raise NotStackableError(f"layer {layer.name!r} works along an axis")
            elif layer.variables:
                raise NotStackableError(f"layer {layer.name!r} is a {kind.__name__}")
            if layer.activity_regularizer is not None or layer.compute_dtype != "float32":
                raise NotStackableError(f"layer {layer.name!r} has a dtype or regularizer of its own")
        if not self.model.trainable_variables or type(self._weighted()[0]) is not layers.Dense:
            raise NotStackableError("its first weights are not those of a dense layer")
        if not all(layer.trainable for layer in self._weighted()):
            raise NotStackableError("some of its weights are frozen")

    def _weighted(self) -> list[Any]:
        return [layer for layer in self.model.layers if layer.variables]

    def _check_optimizer(self) -> None:
        optimizer = self.model.optimizer
        if type(optimizer) not in [getattr(self.keras.optimizers, name) for name in _ELEMENTWISE]:
            raise NotStackableError(f"the optimizer {type(optimizer).__name__} may mix the numbers of a weight")
        settings = optimizer.get_config()
        for key in _WHOLE_WEIGHT:
            if settings.get(key):
                raise NotStackableError(f"the optimizer has {key}={settings[key]!r}")

    def _loss(self) -> Any:
        """Give the loss as a function that answers a number an example."""
        loss = self.keras.losses.get(self.model.loss)
        if isinstance(loss, self.keras.losses.Loss):
            if loss.reduction != "sum_over_batch_size":
                raise NotStackableError(f"its loss has the reduction {loss.reduction!r}")
            return loss.call
        return loss

    # Weights of all replicas in one variable

    def _variables(self, singles: Sequence[Any]) -> list[Any]:
        """Make the stacked variables; those of a shared first layer lie side by side in one matrix."""
        wide = self._weighted()[0].variables if self.shared else []
        made = []
        for single in singles:
            shape = (self.replicas, *single.shape)
            if any(single is variable for variable in wide):
                shape = (*single.shape[:-1], self.replicas * single.shape[-1])
            made.append(self.keras.Variable(np.zeros(shape, np.float32), name=single.name))
        return made

    def _pairs(self, model: Any) -> list[tuple[Any, Any]]:
        """Give each stacked variable beside a model's own."""
        ours = [*self.trainable, *self.others, *self.optimizer.variables]
        theirs = [*model.trainable_variables, *model.non_trainable_variables, *model.optimizer.variables]
        return list(zip(ours, theirs, strict=True))

    def load(self, models: Sequence[Any]) -> None:
        """Take the state of the replicas over."""
        for model in models:
            model.optimizer.build(model.trainable_variables)
        for pairs in zip(*map(self._pairs, models), strict=True):
            ours, parts = pairs[0][0], [single.numpy() for _, single in pairs]
            if ours.ndim > parts[0].ndim:
                ours.assign(np.stack(parts))
            else:
                ours.assign(np.concatenate(parts, axis=-1) if parts[0].ndim else parts[0])

    def save(self, model: Any, replica: int) -> None:
        """Give its state back to a replica."""
        for ours, single in self._pairs(model):
            values = ours.numpy()
            if ours.ndim > single.ndim:
                values = values[replica]
            elif single.ndim:
                values = np.split(values, self.replicas, axis=-1)[replica]
            single.assign(values)

    def finite(self) -> Array:
        """Say for each replica whether all its weights are finite."""
        sound = np.ones(self.replicas, bool)
        for ours, single in zip(self.trainable, self.model.trainable_variables, strict=True):
            values = np.isfinite(ours.numpy())
            parts = values if ours.ndim > single.ndim else np.split(values, self.replicas, axis=-1)
            sound &= [bool(np.all(part)) for part in parts]
        return sound

    # The network

    def _forward(self, x: Any, *, training: bool) -> tuple[Any, list[tuple[Any, Any]]]:
        """Give the outputs, replica by replica, and what a step in training makes of the other variables."""
        tf, layers, count = self.tf, self.keras.layers, self.replicas
        weights, others = iter(self.trainable), iter(self.others)
        updates: list[tuple[Any, Any]] = []
        beside = self.shared  # no axis of replicas yet
        x = tf.cast(x, tf.float32)
        for layer in self.model.layers:
            if type(layer) is layers.Dense:
                x = tf.matmul(x, next(weights))
                if layer.use_bias:
                    bias = next(weights)
                    x += bias if beside else bias[:, None]
                if beside:
                    x, beside = tf.transpose(tf.reshape(x, (-1, count, layer.units)), (1, 0, 2)), False
                x = layer.activation(x)
            elif type(layer) is layers.BatchNormalization:
                scale = next(weights)[:, None] if layer.scale else None
                center = next(weights)[:, None] if layer.center else None
                moving = next(others), next(others)
                mean, variance = (value.value for value in moving)
                if training:
                    mean, variance = tf.nn.moments(x, axes=[1])
                    rest = 1 - layer.momentum
                    updates += [
                        (old, old * layer.momentum + new * rest)
                        for old, new in zip(moving, (mean, variance), strict=True)
                    ]
                x = tf.nn.batch_normalization(x, mean[:, None], variance[:, None], center, scale, layer.epsilon)
            elif beside:
                x = layer(x, training=training)
            else:
                y = layer(tf.reshape(x, (-1, *x.shape[2:])), training=training)
                x = tf.reshape(y, (count, -1, *y.shape[1:]))
        return x, updates

    def _each(self, function: Any, y: Any, outputs: Any) -> Any:
        """Apply a loss or metric to the examples of all replicas in one row; give the numbers replica by replica."""
        tf = self.tf
        answers = tf.reshape(outputs, (-1, *outputs.shape[2:]))
        targets = (
            tf.tile(y, [self.replicas, *[1] * (y.shape.rank - 1)]) if self.shared else tf.reshape(y, (-1, *y.shape[2:]))
        )
        if targets.shape.rank == answers.shape.rank - 1 and answers.shape[-1] == 1:
            targets = targets[..., None]
        return tf.reshape(function(targets, answers), (self.replicas, -1))

    def _losses(self, y: Any, outputs: Any) -> Any:
        return self.tf.reduce_mean(self._each(self.loss, y, outputs), axis=1)

    def _measured(self, y: Any, outputs: Any, losses: Any, states: Any) -> Any:
        """Take a step's answers into the sums of the loss and the states of the metrics."""
        tf = self.tf
        size = tf.cast(tf.shape(outputs)[1], tf.float32)
        after = [[states[0][0] + losses * size, states[0][1] + size]]
        for metric, state in zip(self.metrics, states[1:], strict=True):
            if isinstance(metric, self.keras.metrics.MeanMetricWrapper):  # a mean of numbers an example: all in one go
                values = tf.cast(self._each(partial(metric._fn, **metric._fn_kwargs), y, outputs), tf.float32)
                after.append([state[0] + tf.reduce_sum(values, axis=1), state[1] + size])
                continue
            each = [
                metric.stateless_update_state([value[i] for value in state], y if self.shared else y[i], outputs[i])
                for i in range(self.replicas)
            ]
            after.append([tf.stack(values) for values in zip(*each, strict=True)])
        return after

    def _train_step(self, x: Any, y: Any, states: Any) -> Any:
        tf = self.tf
        weights = [variable.value for variable in self.trainable]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            outputs, updates = self._forward(x, training=True)
            losses = self._losses(y, outputs)
            total = tf.reduce_sum(losses)
        self.optimizer.apply(tape.gradient(total, weights), self.trainable)
        for variable, value in updates:
            variable.assign(value)
        return self._measured(y, outputs, losses, states)

    def _test_step(self, x: Any, y: Any, states: Any) -> Any:
        outputs, _ = self._forward(x, training=False)
        return self._measured(y, outputs, self._losses(y, outputs), states)

    def _program(self, step: Any) -> Any:
        """Make the program that takes one step after the other, over given rows of the data."""
        tf = self.tf

        def program(x: Any, y: Any, batches: Any, states: Any) -> Any:
            def body(i: Any, states: Any) -> Any:
                return i + 1, step(tf.gather(x, batches[i]), tf.gather(y, batches[i]), states)

            return tf.while_loop(lambda i, _: i < batches.shape[0], body, (0, states), parallel_iterations=1)[1]

        return tf.function(program, autograph=False, jit_compile=True)

    def sweep(self, kind: str, pair: tuple[Any, Any], orders: Sequence[Array], size: int) -> dict[str, Array]:
        """Go once over the rows, in each replica's order, and give the loss and the metrics of each."""
        tf = self.tf
        states = [[tf.zeros(self.replicas), tf.zeros(())]]
        states += [
            [tf.stack([variable.value] * self.replicas) for variable in metric.variables] for metric in self.metrics
        ]
        rows = np.asarray(orders[0] if self.shared else np.stack(orders, axis=-1), np.int32)
        full = len(rows) // size * size
        for part, length in ((rows[:full], size), (rows[full:], len(rows) - full)):
            if len(part):
                batches = part.reshape(-1, length, *rows.shape[1:])
                batches = batches if self.shared else batches.transpose(0, 2, 1)
                states = self.programs[kind](*pair, tf.constant(batches), states)
        found = {"loss": (states[0][0] / states[0][1]).numpy()}
        for metric, state in zip(self.metrics, states[1:], strict=True):
            each = [metric.stateless_result([value[i] for value in state]) for i in range(self.replicas)]
            found[metric.name] = np.array(each, np.float64)
        return found
