"""Training the same network from several starting points, and comparing activations without fooling oneself."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actdocs._tensorflow import import_keras, import_tensorflow
from actdocs.models import dense_model
from actdocs.parameters import integer, share

__all__ = ["Experiment", "Replicas", "experiment_with_activations", "train_replicas"]

Array = NDArray[Any]
Pair = tuple[Array, Array]

# Examples in a step of evaluation: enough to be quick, few enough for the memory of a convolution.
_EVALUATION_BATCH = 256


@dataclass(frozen=True, eq=False)
class Replicas:
    """One network trained from several seeds.

    Attributes
    ----------
    seeds : tuple of int
        One a replica.
    history : mapping of str to ndarray
        The loss, each metric and, with a ``val_`` in front, their values on the validation data at the end of
        each epoch: arrays of shape (seeds, epochs). A replica that failed has NaN from that epoch on.
    models : tuple of keras.Model
        The networks as they were at the end.
    failed : tuple of int
        Seeds whose loss or weights stopped being finite; their training ended there.
    probes : mapping of str to ndarray
        What ``probes=True`` measured, see :func:`actdocs.train_replicas`: arrays of shape (seeds, epochs + 1, layers).
    seconds : float
        The time that all of it took, compilation included.
    method : str
        How many were stacked and in how many threads, or why they were trained one by one.
    """

    seeds: tuple[int, ...]
    history: Mapping[str, NDArray[np.float64]]
    models: tuple[Any, ...] = field(repr=False)
    failed: tuple[int, ...]
    probes: Mapping[str, NDArray[np.float64]] = field(repr=False)
    seconds: float
    method: str


def train_replicas(
    build_model: Callable[[int], Any],
    x: ArrayLike,
    y: ArrayLike,
    *,
    seeds: Sequence[int],
    epochs: int,
    batch_size: int = 32,
    validation_data: tuple[ArrayLike, ArrayLike] | None = None,
    shuffle_seed: int | None = 0,
    probes: bool = False,
    progress: bool | Callable[[int, int], None] | None = None,
) -> Replicas:
    """Train a network once for each seed, all on the same data in the same order.

    A chain of dense layers, with layers without weights and batch normalisation among them, is stacked: as many
    replicas as fit the cache become one network, and one XLA program takes them all through an epoch, a program a
    processor core. What can't be stacked is trained one replica at a time on each core, an epoch a program: through
    XLA for a model that was compiled with ``jit_compile=True``, and as a TensorFlow graph otherwise. ``method`` of
    the result says which it was. Both are
    the training that ``model.fit`` does, but for the last bits, and several times as fast. The same seeds give the
    same numbers to the last bit on the same machine.

    Parameters
    ----------
    build_model : callable
        From a seed to a compiled Keras model whose starting weights follow from that seed. The models may differ
        in these alone.
    x, y : array_like
        Inputs and targets, one a row; float64 becomes float32, other dtypes stay and wait in memory as they are.
    seeds : sequence of int
        Distinct, not negative.
    epochs : int
        Passes over the data.
    batch_size : int
        Examples in a step; the last step of an epoch takes what is left.
    validation_data : tuple of array_like, optional
        Inputs and targets to measure on at the end of each epoch.
    shuffle_seed : int, optional
        Seed of the order of the examples, which is new in each epoch and the same for all replicas, so that they
        differ in their start alone. With None each replica has the order that its own seed gives.
    probes : bool
        Whether to look inside before the first epoch and after each, on the first 1,000 examples and as in training:
        ``gradient_norm``, the Euclidean norm of the loss's gradient by the weights of each layer that has some; and
        for each activation ``dead``, the share of units (or channels) with a slope of 0 at every example,
        ``saturated``, the share of slopes under 0.01 in magnitude, and the ``mean`` and ``variance`` of the outputs.
        The model must be a ``keras.Sequential``.
    progress : bool or callable, optional
        Whether to show a progress bar; by default on a terminal, and not in continuous integration. A function is
        called instead, with the number of epochs done, those of all replicas together, and of all there are.

    Returns
    -------
    Replicas

    Raises
    ------
    ValueError, TypeError
        If an argument is not one of those described, lengths or shapes do not fit together, a number is not
        finite, a label is outside its range, or ``build_model`` ignores its seed.
    ImportError
        If TensorFlow is missing.

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs.models import create_model
    >>> x, y = np.random.default_rng(0).random((64, 784)), np.arange(64) % 10
    >>> replicas = train_replicas(lambda seed: create_model("relu", seed=seed), x, y, seeds=range(2), epochs=3)
    >>> replicas.history["accuracy"].shape, replicas.failed
    ((2, 3), ())
    """
    seeds, epochs = _seeds(seeds), integer("epochs", epochs, 1)
    if shuffle_seed is not None:
        shuffle_seed = integer("shuffle_seed", shuffle_seed, 0)
    training, validation = _data(("x", x), ("y", y)), None
    if validation_data is not None:
        if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
            raise ValueError(f"validation_data must be a pair of inputs and targets, got {validation_data!r}")
        validation = _data(("validation_data[0]", validation_data[0]), ("validation_data[1]", validation_data[1]))
        _same_features("validation_data[0]", validation[0], "x", training[0])
    batch_size = _batch_size(batch_size, len(training[0]))
    if not callable(build_model):
        raise TypeError(f"build_model must be a function from a seed to a compiled Keras model, got {build_model!r}")
    if not isinstance(probes, bool):
        raise TypeError(f"probes must be True or False, got {probes!r}")
    return _train(
        build_model, training, validation, None, seeds, epochs, batch_size, shuffle_seed, progress, probes=probes
    )


def _train(
    build_model: Callable[[int], Any],
    training: Pair,
    validation: Pair | None,
    rows: Mapping[int, Pair] | None,
    seeds: tuple[int, ...],
    epochs: int,
    batch_size: int,
    shuffle_seed: int | None,
    progress: bool | Callable[[int, int], None] | None,
    *,
    title: str = "",
    probes: bool = False,
) -> Replicas:
    """Train a replica a seed, as many at once as can be; on all the data, or on the rows that belong to the seed."""
    began = time.perf_counter()
    model = build_model(seeds[0])
    _check_model(model)
    _check_fit(model, *training, ("x", "y"))
    if validation is not None:
        _check_fit(model, *validation, ("validation_data[0]", "validation_data[1]"))
    if probes and not isinstance(model, import_keras().Sequential):
        raise ValueError(f"probes must be False for a model that is no keras.Sequential, got {model!r}")
    tf = import_tensorflow()
    data = {"train": tuple(map(tf.constant, training)), "test": tuple(map(tf.constant, validation or ()))}
    models = tuple(_build(build_model, seed, model, seeds[0]) for seed in seeds)
    first = [array[:1] for array in data["train"]]

    spares = [model]

    def template() -> Any:
        """Build one more model, and the variables that optimizer and metrics make when training begins."""
        spare = spares.pop() if spares else build_model(seeds[0])
        spare.optimizer.build(spare.trainable_variables)
        spare.compute_metrics(*first, spare(first[0]))
        spare.reset_metrics()
        return spare

    engines, method = _engines(template, len(seeds), shared=rows is None and shuffle_seed is not None)
    size = engines[0].replicas
    idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for engine in engines:
        idle.put((engine, _probe(engine.model, data["train"]) if probes else None))
    names = [*engines[0].names] + ([] if validation is None else list(map("val_{}".format, engines[0].names)))
    history = {name: np.full((len(seeds), epochs), np.nan) for name in names}
    inside: dict[str, NDArray[np.float64]] = {}
    failed: list[int] = []
    stop = threading.Event()

    def order(seed: int, epoch: int) -> Array:
        generator = np.random.default_rng([seed if shuffle_seed is None else shuffle_seed, epoch])
        return generator.permutation(len(training[0]) if rows is None else rows[seed][0])

    def look(probe: Any, engine: Any, group: range, running: set[int], epoch: int) -> None:
        for replica in sorted(running if probe else ()):
            engine.save(engine.model, replica - group.start)
            for name, values in probe().items():
                empty = np.full((len(seeds), epochs + 1, len(values)), np.nan)
                inside.setdefault(name, empty)[replica, epoch] = values

    def train(group: range) -> None:
        spare, probe = idle.get()
        try:
            go(group, spare.of(len(group)), probe)
        finally:
            idle.put((spare, probe))

    def go(group: range, engine: Any, probe: Any) -> None:
        engine.load([models[replica] for replica in group])
        running = set(group)
        look(probe, engine, group, running, 0)
        for epoch in range(epochs):
            if stop.is_set():
                break
            metrics = engine.sweep(
                "train", data["train"], [order(seeds[replica], epoch) for replica in group], batch_size
            )
            sound = np.isfinite(metrics["loss"]) & engine.finite()
            count = len(running)
            for replica in sorted(running):
                if not sound[replica - group.start]:
                    running.remove(replica)
                    failed.append(seeds[replica])
                    engine.save(models[replica], replica - group.start)
                    count += epochs - epoch - 1
            if running and validation is not None:
                tested = [
                    np.arange(len(validation[0])) if rows is None else rows[seeds[replica]][1] for replica in group
                ]
                measured = engine.sweep("test", data["test"], tested, _evaluation_batch(len(tested[0])))
                metrics |= {f"val_{name}": values for name, values in measured.items()}
            for replica in running:
                for name, values in metrics.items():
                    history[name][replica, epoch] = values[replica - group.start]
            look(probe, engine, group, running, epoch + 1)
            advance(count)
            if not running:
                break
        for replica in running:
            engine.save(models[replica], replica - group.start)

    groups = [range(start, min(start + size, len(seeds))) for start in range(0, len(seeds), size)]
    with _shown(progress, len(seeds) * epochs, title) as advance, ThreadPoolExecutor(len(engines)) as pool:
        try:
            list(pool.map(train, groups))
        except BaseException:
            stop.set()
            raise
    failed.sort(key=seeds.index)
    return Replicas(seeds, history, models, tuple(failed), inside, time.perf_counter() - began, method)


@contextmanager
def _shown(
    progress: bool | Callable[[int, int], None] | None, total: int, title: str
) -> Iterator[Callable[[int], None]]:
    """Give a function that takes how many more epochs are done, and shows it; threads may call it."""
    from tqdm import tqdm

    if progress is None and os.environ.get("CI"):
        progress = False
    hidden = None if progress is None else callable(progress) or not progress  # None hides where there is no terminal
    done, lock = 0, threading.Lock()
    with tqdm(total=total, unit="epoch", desc=title, disable=hidden) as bar:

        def advance(count: int) -> None:
            nonlocal done
            with lock:
                done += count
                bar.update(count)
                if callable(progress):
                    progress(done, total)

        yield advance


def _probe(model: Any, data: Any) -> Any:
    from actdocs._probes import EXAMPLES, Probe

    return Probe(model, *(array[:EXAMPLES] for array in data))


def _cores() -> int:
    """Give how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _engines(template: Callable[[], Any], replicas: int, *, shared: bool) -> tuple[list[Any], str]:
    """Choose how to train, make an engine for each thread, and say what was chosen."""
    threads = min(_cores(), replicas)
    where = "" if threads == 1 else f" in each of {threads} threads"
    model, reason = template(), ""
    if replicas > 1:
        from actdocs._stacked import NotStackableError, Stack, replicas_at_once

        try:
            size = replicas_at_once(model, replicas, threads)
            engines = [Stack(model, size, shared=shared)]
            engines += [Stack(template(), size, shared=shared) for _ in range(threads - 1)]
        except NotStackableError as refusal:
            reason = f", because {refusal}"
        else:
            return engines, f"{size} at once{where}"
    return [_Single(model), *(_Single(template()) for _ in range(threads - 1))], f"one by one{where}{reason}"


def _evaluation_batch(count: int) -> int:
    """Give the largest step that leaves no rest, for a rest is one more program to compile, or the largest of all."""
    sizes = range(min(count, _EVALUATION_BATCH), _EVALUATION_BATCH // 2, -1)
    return next((size for size in sizes if count % size == 0), _EVALUATION_BATCH)


class _Single:
    """The one model that is compiled: each replica's state is loaded into it, trained and taken out again."""

    replicas = 1

    def __init__(self, model: Any) -> None:
        self.model, self.tf = model, import_tensorflow()
        self.names = tuple(model.get_metrics_result())
        self.programs = {"train": self._program(model.train_step), "test": self._program(model.test_step)}

    def of(self, replicas: int) -> _Single:
        """Give the engine for as many replicas; there is always one."""
        return self

    def _program(self, step: Callable[[Any], Any]) -> Callable[..., Any]:
        """Make the program that takes one step after the other, over given rows of the data."""
        tf = self.tf

        def program(x: Any, y: Any, batches: Any) -> Any:
            def body(i: Any) -> Any:
                step((tf.gather(x, batches[i]), tf.gather(y, batches[i])))
                return i + 1

            return tf.while_loop(lambda i: i < batches.shape[0], body, [0], parallel_iterations=1)

        function: Callable[..., Any] = tf.function(program, autograph=False, jit_compile=self.model.jit_compile)
        return function

    def sweep(self, kind: str, pair: tuple[Any, Any], orders: Sequence[Array], size: int) -> dict[str, Array]:
        """Go once over the rows in this order, in batches, and give the loss and the metrics."""
        self.model.reset_metrics()
        (rows,) = orders
        full = len(rows) // size * size
        for batches in (rows[:full].reshape(-1, size), rows[full:].reshape(1, -1)):
            if batches.size:
                self.programs[kind](*pair, self.tf.constant(batches, self.tf.int32))
        return {name: np.array([float(value)]) for name, value in self.model.get_metrics_result().items()}

    def finite(self) -> Array:
        """Whether all weights are finite."""
        weights = (weight.numpy() for weight in self.model.trainable_variables)
        return np.array([all(bool(np.isfinite(weight).all()) for weight in weights)])

    def load(self, models: Sequence[Any]) -> None:
        """Take a replica's state over."""
        (model,) = models
        model.optimizer.build(model.trainable_variables)
        _copy(model, self.model)

    def save(self, model: Any, replica: int) -> None:
        """Give the state back to the replica."""
        _copy(self.model, model)


def _check_model(model: Any) -> None:
    if not (isinstance(model, import_keras().Model) and model.compiled and model.built):
        raise ValueError(f"build_model must return a compiled Keras model that starts with an Input, got {model!r}")


def _build(build_model: Callable[[int], Any], seed: int, model: Any, first: int) -> Any:
    """Build the model of a seed, and check that it differs from that of the first seed in its start alone."""
    replica = build_model(seed)
    _check_model(replica)
    if _description(replica) != _description(model):
        raise ValueError("build_model must return models that differ in their starting weights alone")
    if seed == first and not _equal(model, replica):
        raise ValueError(f"build_model must give the same weights again for the same seed, {first}")
    if seed != first and _equal(model, replica):
        raise ValueError(f"build_model must use its seed, got the same weights for {first} and {seed}")
    return replica


def _copy(source: Any, target: Any) -> None:
    for a, b in zip(_state(source), _state(target), strict=True):
        b.assign(a)


def _state(model: Any) -> list[Any]:
    return [*model.trainable_variables, *model.non_trainable_variables, *model.optimizer.variables]


def _equal(model: Any, other: Any) -> bool:
    """Whether two models start from the same weights and random numbers."""
    pairs = zip(model.variables, other.variables, strict=True)
    return all(np.array_equal(a.numpy(), b.numpy()) for a, b in pairs)


def _description(model: Any) -> Any:
    """Give all that makes a model, apart from its seeds and the names that Keras counts up."""
    places = {layer.name: place for place, layer in enumerate(model.layers)}

    def plain(config: Any) -> Any:
        if isinstance(config, dict):
            passed_over = ("name", "seed", "keras_history", "shared_object_id")
            return {key: plain(value) for key, value in config.items() if key not in passed_over}
        if isinstance(config, (list, tuple)):
            return [plain(value) for value in config]
        return places.get(config, config) if isinstance(config, str) else config

    return plain([model.get_config(), model.get_compile_config()])


def _check_fit(model: Any, x: Array, y: Array, names: tuple[str, str]) -> None:
    """Check that inputs have the model's shape, and labels are such as its loss can read."""
    keras = import_keras()
    wanted = model.input_shape[1:]
    if len(wanted) != x.ndim - 1 or any(a not in (None, b) for a, b in zip(wanted, x.shape[1:], strict=True)):
        raise ValueError(f"{names[0]} must have the shape {(len(x), *wanted)} that the model takes, got {x.shape}")
    loss, losses = keras.losses.get(model.loss), keras.losses
    if loss is losses.sparse_categorical_crossentropy or isinstance(loss, losses.SparseCategoricalCrossentropy):
        classes = model.output_shape[-1]
        if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= classes:
            found = f"{y.min()} to {y.max()} of dtype {y.dtype}"
            raise ValueError(f"{names[1]} must hold integer labels from 0 to {classes - 1}, got {found}")
    binary = loss is losses.binary_crossentropy or isinstance(loss, losses.BinaryCrossentropy)
    if binary and (y.min() < 0 or y.max() > 1):
        raise ValueError(f"{names[1]} must hold labels from 0 to 1, got {y.min()} to {y.max()}")


@dataclass(frozen=True, eq=False)
class Experiment:
    """What :func:`actdocs.experiment_with_activations` found.

    Attributes
    ----------
    seeds : tuple of int
        One a run; a run has its own split of the training data, its own weights and order, and all activations
        share them.
    replicas : mapping of str to Replicas
        The runs of each activation: learning curves and models.
    validation_accuracies : mapping of str to ndarray
        For each activation the accuracy on the validation part after the last epoch, one a seed; NaN where a run
        failed.
    selected : str
        The activation with the best mean accuracy on the validation part, among those that never failed.
    intervals : mapping of str to tuple of float
        For each rival, the interval of the lead of ``selected`` over it, see
        :func:`actdocs.experiment_with_activations`.
    confidence : float
        Of all intervals together.
    test_accuracies : ndarray
        The accuracy of ``selected`` on the test data, one a seed. No other activation was tested.
    """

    seeds: tuple[int, ...]
    replicas: Mapping[str, Replicas] = field(repr=False)
    validation_accuracies: Mapping[str, NDArray[np.float64]]
    selected: str
    intervals: Mapping[str, tuple[float, float]]
    confidence: float
    test_accuracies: NDArray[np.float64]

    @property
    def means(self) -> dict[str, float]:
        """Each activation's mean accuracy on the validation part."""
        return {name: float(np.mean(values)) for name, values in self.validation_accuracies.items()}

    @property
    def spreads(self) -> dict[str, float]:
        """Each activation's standard deviation over the seeds; NaN for a single seed."""
        return {name: _spread(values) for name, values in self.validation_accuracies.items()}

    @property
    def supported(self) -> bool:
        """Whether the lead over every rival is larger than the spread explains."""
        return bool(self.intervals) and all(low > 0 for low, _ in self.intervals.values())

    def summary(self) -> str:
        """Give the findings as a table and a verdict."""
        width = max(len("activation"), *map(len, self.means))
        lines = [f"{'activation':{width}}  validation accuracy, {len(self.seeds)} seeds"]
        for name, replicas in self.replicas.items():
            failed = f"  failed: {', '.join(map(str, replicas.failed))}" if replicas.failed else ""
            lines.append(f"{name:{width}}  {_plus_minus(self.validation_accuracies[name])}{failed}")
        lines.append(f"selected: {self.selected}, on the validation part alone")
        for rival, (low, high) in self.intervals.items():
            lines.append(f"  lead over {rival:{width}}  {low:+.3f} to {high:+.3f}")
        verdict = "is" if self.supported else "is not"
        lines.append(f"the choice {verdict} supported by the spread, at {self.confidence:.0%} for all leads together")
        lines.append(f"test accuracy of {self.selected}: {_plus_minus(self.test_accuracies)}")
        return "\n".join(lines)

    __str__ = summary


def experiment_with_activations(
    x_train: ArrayLike,
    y_train: ArrayLike,
    x_test: ArrayLike,
    y_test: ArrayLike,
    activations: Sequence[Any] = ("relu", "tanh", "sigmoid", "elu"),
    *,
    seeds: Sequence[int] = range(5),
    epochs: int = 10,
    validation_fraction: float = 0.2,
    batch_size: int = 32,
    standardize: bool = True,
    confidence: float = 0.95,
    progress: bool | Callable[[int, int], None] | None = None,
) -> Experiment:
    r"""Choose an activation for a table of numbers with two classes, and say whether the choice means anything.

    A network of 64 → 32 → 1 units is trained with each activation and from each seed. A seed gives a split of the
    training data into a part to train on and a part to validate on, each with the classes in the same shares,
    and the starting weights and the order of the examples. All activations share them, so that differences are
    taken in pairs. The activation is chosen by the mean accuracy on the validation part after the last epoch; the
    test data are opened once, for the chosen one.

    The intervals of its lead over each rival are Student's, with the variance that Nadeau and Bengio (2003) give
    for splits that overlap, :math:`(1/n + n_v / n_t)\,s^2` for :math:`n` seeds and parts of :math:`n_t` examples
    to train on and :math:`n_v` to validate on, and share the error probability among the rivals (Bonferroni).

    Parameters
    ----------
    x_train, x_test : array_like
        Examples, one a row.
    y_train, y_test : array_like
        Labels, 0 or 1.
    activations : sequence of str, callable or Activation
        As for :func:`actdocs.create_model`.
    seeds : sequence of int
        Distinct, not negative. Intervals need at least two.
    epochs, batch_size : int
        As for :func:`train_replicas`.
    validation_fraction : float
        Share of the training data to validate on.
    standardize : bool
        Whether to shift and scale each feature to mean 0 and standard deviation 1, measured on the part to train on.
    confidence : float
        Probability that all intervals together hold.
    progress : bool or callable, optional
        As for :func:`train_replicas`.

    Returns
    -------
    Experiment

    Raises
    ------
    ValueError, TypeError
        If an argument is not one of those described, or every activation failed with some seed.
    ImportError
        If TensorFlow is missing.

    References
    ----------
    Nadeau and Bengio (2003), "Inference for the generalization error".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=(120, 2))
    >>> y = (x.sum(axis=1) > 0).astype(int)
    >>> found = experiment_with_activations(x[:80], y[:80], x[80:], y[80:], ["relu", "tanh"], seeds=[0, 1], epochs=2)
    >>> found.validation_accuracies["tanh"].shape, found.selected in ("relu", "tanh"), found.supported in (True, False)
    ((2,), True, True)
    """
    from actdocs.layers import LayerFunction

    seeds = _seeds(seeds)
    epochs = integer("epochs", epochs, 1)
    validation_fraction = share("validation_fraction", validation_fraction)
    confidence = share("confidence", confidence)
    if not isinstance(standardize, bool):
        raise TypeError(f"standardize must be True or False, got {standardize!r}")
    train = _table("x_train", x_train, "y_train", y_train)
    test = _table("x_test", x_test, "y_test", y_test)
    _same_features("x_test", test[0], "x_train", train[0])
    if isinstance(activations, str) or not isinstance(activations, Sequence) or not activations:
        raise ValueError(f"activations must be a sequence of at least one activation, got {activations!r}")
    functions = [a if isinstance(a, LayerFunction) else LayerFunction(a) for a in activations]
    names = list(map(repr, functions))
    if len(set(names)) < len(names):
        raise ValueError(f"activations must differ, got {', '.join(names)}")

    splits = {seed: _split(train[1], validation_fraction, seed) for seed in seeds}
    sizes = [len(rows) for rows in splits[seeds[0]]]
    batch_size = _batch_size(batch_size, sizes[0])
    scales = {seed: _scale(train[0][rows], standardize) for seed, (rows, _) in splits.items()}

    # One pool for all seeds, in which each has its own rows: a split has its own scale.
    pools = [[(_scaled(train[0][part], scales[seed]), train[1][part]) for part in splits[seed]] for seed in seeds]
    training, validation = (
        (np.concatenate([pool[i][0] for pool in pools]), np.concatenate([pool[i][1] for pool in pools])) for i in (0, 1)
    )
    first, second = map(np.arange, sizes)
    rows = {seed: (first + place * sizes[0], second + place * sizes[1]) for place, seed in enumerate(seeds)}

    replicas = {}
    for name, function in zip(names, functions, strict=True):

        def build(seed: int, function: Any = function) -> Any:
            return dense_model((train[0].shape[1], 64, 32, 1), function, seed=seed)

        replicas[name] = _train(
            build, training, validation, rows, seeds, epochs, batch_size, None, progress, title=name
        )
    accuracies = {name: runs.history["val_accuracy"][:, -1] for name, runs in replicas.items()}
    sound = [name for name in names if not replicas[name].failed]
    if not sound:
        raise ValueError("x_train must let some activation train from every seed, got losses that are not finite")
    selected = max(sound, key=lambda name: float(np.mean(accuracies[name])))
    level = 1 - (1 - confidence) / max(len(sound) - 1, 1)
    intervals = {
        name: _interval(accuracies[selected] - accuracies[name], sizes[1] / sizes[0], level)
        for name in sound
        if name != selected
    }
    right = [
        (np.asarray(model(_scaled(test[0], scales[seed]), training=False))[:, 0] > 0) == test[1]
        for seed, model in zip(seeds, replicas[selected].models, strict=True)
    ]
    return Experiment(seeds, replicas, accuracies, selected, intervals, confidence, np.mean(right, axis=1))


def _seeds(seeds: Any) -> tuple[int, ...]:
    if isinstance(seeds, str) or not np.iterable(seeds):
        raise TypeError(f"seeds must be a sequence of integers, got {seeds!r}")
    checked = tuple(integer("each of seeds", seed, 0) for seed in seeds)
    if not checked or len(set(checked)) < len(checked):
        raise ValueError(f"seeds must be at least one and all different, got {list(checked)}")
    return checked


def _batch_size(value: Any, examples: int) -> int:
    size = integer("batch_size", value, 1)
    if size > examples:
        raise ValueError(f"batch_size must be at most the number of examples to train on, {examples}, got {size}")
    return size


def _same_features(name: str, x: Array, other: str, reference: Array) -> None:
    if x.shape[1:] != reference.shape[1:]:
        raise ValueError(f"{name} must have rows of the shape of {other}, {reference.shape[1:]}, got {x.shape[1:]}")


def _data(*named: tuple[str, Any]) -> Pair:
    """Take inputs and targets as arrays of one length with finite numbers."""
    arrays = []
    for name, value in named:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{name} must hold real numbers, got an array of dtype {array.dtype}")
        if array.ndim == 0 or array.size == 0:
            raise ValueError(f"{name} must have at least one row, got shape {array.shape}")
        with np.errstate(over="ignore"):
            array = array.astype(np.float32) if array.dtype == np.float64 else array
        if not np.isfinite([array.min(), array.max()]).all():  # with no second array of that size
            raise ValueError(f"{name} must hold numbers that are finite in float32, got NaN, infinity or a larger one")
        arrays.append(array)
    (first, _), (second, _) = named
    if len(arrays[0]) != len(arrays[1]):
        raise ValueError(f"{second} must have the length of {first}, {len(arrays[0])}, got {len(arrays[1])}")
    return arrays[0], arrays[1]


def _table(x_name: str, x: Any, y_name: str, y: Any) -> Pair:
    """Take rows of numbers and labels of 0 and 1."""
    _, labels = _data((x_name, x), (y_name, y))
    table = np.asarray(x, np.float64)
    if table.ndim != 2:
        raise ValueError(f"{x_name} must have two dimensions, examples and features, got shape {table.shape}")
    if labels.ndim != 1 or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"{y_name} must be one label a row, 0 or 1, got {np.unique(labels)} of shape {labels.shape}")
    return table, labels.astype(np.int32)


def _split(labels: Array, fraction: float, seed: int) -> Pair:
    """Give the rows to train on and to validate on, with the classes in the same shares."""
    generator = np.random.default_rng(seed)
    train, validation = [], []
    for label in (0, 1):
        rows = generator.permutation(np.flatnonzero(labels == label))
        if len(rows) < 2:
            raise ValueError(f"y_train must hold each label at least twice, got {label} {len(rows)} times")
        count = min(max(round(fraction * len(rows)), 1), len(rows) - 1)
        validation.append(rows[:count])
        train.append(rows[count:])
    return np.sort(np.concatenate(train)), np.sort(np.concatenate(validation))


def _scale(x: Array, standardize: bool) -> Pair:
    """Give each feature's mean and standard deviation; a constant one keeps its scale."""
    if not standardize:
        return np.zeros(x.shape[1]), np.ones(x.shape[1])
    spread = x.std(axis=0)
    return x.mean(axis=0), np.where(spread > 0, spread, 1.0)


def _scaled(x: Array, scale: Pair) -> Array:
    mean, spread = scale
    return ((x - mean) / spread).astype(np.float32)


def _interval(differences: Array, ratio: float, level: float) -> tuple[float, float]:
    """Give the interval of a mean difference over splits that overlap."""
    mean, count = float(np.mean(differences)), len(differences)
    if count < 2:
        return -np.inf, np.inf
    from scipy.special import stdtrit

    half = stdtrit(count - 1, (1 + level) / 2) * _spread(differences) * np.sqrt(1 / count + ratio)
    return mean - float(half), mean + float(half)


def _spread(values: Array) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else np.nan


def _plus_minus(values: Array) -> str:
    """Write mean and standard deviation."""
    return f"{np.mean(values):.3f}" + (f" ± {_spread(values):.3f}" if len(values) > 1 else "")
