"""Heavy studies: a grid in a small file, run once anywhere, kept as text that is checked when it is read.

``studies.toml`` describes grids. Each combination of its values is a :class:`Cell`, trained from several seeds by
:func:`measure`. A :class:`Store` keeps a line of JSON for each finished cell, with what it came from and a checksum.
:func:`run` measures what is missing, here or on a cluster, and hands each answer to the store as it comes: what is in
the store is never measured again, and what a kill interrupts is measured the next time.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import datetime
import functools
import hashlib
import itertools
import json
import os
import random
import time
import tomllib
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actdocs.parameters import Choice, Number, integer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Cell", "Store", "chosen", "drift", "measure", "pace", "run", "scores", "studies", "title"]

Record = dict[str, Any]

# In a checkout of the project beside the package, and in an installed package within it.
FOLDER = next(filter(Path.is_dir, (Path(__file__).parents[1] / "evidence", Path(__file__).parent / "store")), Path())

_WORDS, _LENGTH = 10_000, 50  # of the reviews: different words, and the longest text
_PATIENCE = 20  # seconds, for a scheduler to answer
# What decides the answer of a cell, for its provenance.
_MODULES = ("_probes", "_stacked", "_tensorflow", "data", "evidence", "layers", "models", "training")


_REQUIRED = object()
# How weights of hidden layers start: the name that Keras has for it, or a uniform range of one over the square root.
_STARTS = {
    "own": None,
    "he": "he_normal",
    "glorot": "glorot_uniform",
    "lecun": "lecun_normal",
    "fan_in": "fan_in",
    "fan_out": "fan_out",
}


def _whole(name: str, value: Any) -> int:
    return integer(name, value, 1)


def _widths(name: str, value: Any) -> int | list[int]:
    return [_whole(name, width) for width in value] if isinstance(value, list) else _whole(name, value)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be true or false, got {value!r}")
    return value


def _activation(name: str, value: Any) -> str:
    """Check a name of the catalogue, or a call with numbers, and write it as ``leaky_relu(alpha=0.1)``."""
    entry, parameters = _parsed(name, value)
    given = [f"{key}={number!r}" for key, number in parameters.items() if number != entry.parameters[key]]
    return f"{entry.name}({', '.join(given)})" if given else str(entry.name)


def _parsed(name: str, value: Any) -> tuple[Any, dict[str, Any]]:
    from actdocs.catalogue import get

    parameters: dict[str, Any] = {}
    if isinstance(value, str) and "(" in value:
        try:
            call: Any = ast.parse(value, mode="eval").body
            parameters = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
            if call.args:
                raise ValueError(value)
            value = call.func.id
        except (SyntaxError, AttributeError, ValueError):
            raise ValueError(f"{name} must be a name, or a call like leaky_relu(alpha=0.1), got {value!r}") from None
    entry = get(value)
    if not entry.elementwise:
        raise ValueError(f"{name} must be element-wise, got {value!r}")
    return entry, entry.check(**parameters)


def title(activation: str) -> str:
    """Give the title of an activation as a study writes it.

    Examples
    --------
    >>> title("leaky_relu(alpha=0.1)"), title("gelu")
    ('Leaky ReLU (alpha=0.1)', 'GELU')
    """
    from actdocs.catalogue import get

    name, _, parameters = activation.partition("(")
    return f"{get(name).title} ({parameters}" if parameters else str(get(name).title)


# Each setting of a cell: how it is checked, and what it is where a study doesn't give it.
_SETTINGS: dict[str, tuple[Callable[[str, Any], Any], Any]] = {
    "data": (Choice("mnist", "fashion_mnist", "digits", "animals", "reviews").check, _REQUIRED),
    "activation": (_activation, _REQUIRED),
    "initialization": (Choice(*_STARTS).check, "own"),
    "learning_rate": (Number(above=0).check, 0.001),
    "label_noise": (Number(low=0, high=1).check, 0.0),
    "examples": (_whole, _REQUIRED),
    "validation": (_whole, _REQUIRED),
    "epochs": (_whole, _REQUIRED),
    "batch_size": (_whole, 32),
    "seeds": (_whole, _REQUIRED),
    "probes": (_flag, False),
}
# Those of the dense networks alone. Photographs and reviews have the deck's networks.
_DENSE: dict[str, tuple[Callable[[str, Any], Any], Any]] = {
    "depth": (_whole, _REQUIRED),
    "width": (_widths, 64),
    "momentum": (Number(low=0, high=1).check, None),
    "bias": (Number().check, 0.0),
    "normalize": (_flag, False),
}
# A study that measures the time of an epoch in place of what is learned.
_PACE: dict[str, tuple[Callable[[str, Any], Any], Any]] = {
    "measure": (Choice("pace").check, _REQUIRED),
    "activation": (_activation, _REQUIRED),
    "turns": (_whole, 5),
}


@dataclass(frozen=True)
class Cell:
    """One combination of a grid: a network, how it is trained, and from how many seeds.

    Attributes
    ----------
    study : str
        The name of its study.
    settings : mapping of str to JSON values
        All that decides the answer.

    Examples
    --------
    >>> cell = Cell("rate", {"activation": "relu", "depth": 2})
    >>> cell.key == Cell("rate", {"depth": 2, "activation": "relu"}).key
    True
    """

    study: str
    settings: Mapping[str, Any]

    @property
    def key(self) -> str:
        """A hash of study and settings, whatever their order."""
        return _hash([self.study, dict(self.settings)])[:16]


@dataclass(frozen=True)
class Study:
    """A grid.

    Attributes
    ----------
    name, title : str
        What it is called in files and in prose.
    cells : tuple of Cell
        Every combination.
    """

    name: str
    title: str
    cells: tuple[Cell, ...] = field(repr=False)


def studies(path: str | os.PathLike[str] = FOLDER / "studies.toml") -> dict[str, Study]:
    """Read the grids.

    Parameters
    ----------
    path : path, optional
        A TOML file, by default the project's own: a table for each study with its ``title``, the settings of all
        cells, and under ``grid`` lists of those that vary; ``activation = "elementwise"`` stands for all such entries
        of the catalogue. Settings that are left out take their default, if they have one.

    Returns
    -------
    dict of str to Study

    Raises
    ------
    ValueError
        If a setting is missing, unknown, given twice or not one that is accepted; the message names study and setting.

    Examples
    --------
    >>> found = studies()
    >>> [len(study.cells) for study in found.values()]
    [48, 90, 48, 36, 45, 8, 10, 272, 6, 12, 3, 68]
    """
    from actdocs.catalogue import catalogue

    with Path(path).open("rb") as file:
        tables = tomllib.load(file)
    found = {}
    for name, table in tables.items():
        if not isinstance(table, dict) or not isinstance(table.get("title"), str):
            raise ValueError(f"{name} must be a table with a title, got {table!r}")
        grid = table.get("grid", {})
        fixed = {key: value for key, value in table.items() if key not in ("title", "grid")}
        paced = "measure" in fixed
        dense = not paced and not {fixed.get("data"), *grid.get("data", [])} & {"animals", "reviews"}
        accepted = _PACE if paced else {**_SETTINGS, **(_DENSE if dense else {})}
        for key in (*fixed, *grid):
            if key not in accepted:
                raise ValueError(f"{name}.{key} is not a setting; accepted: {', '.join(accepted)}")
        if grid.get("activation") == "elementwise":
            grid = {**grid, "activation": [entry.name for entry in catalogue() if entry.elementwise]}
        for key, values in grid.items():
            if not isinstance(values, list) or not values or len(set(map(str, values))) < len(values):
                raise ValueError(f"{name}.grid.{key} must be a list of different values, got {values!r}")
        if twice := fixed.keys() & grid.keys():
            raise ValueError(f"{name}.{min(twice)} must be given once, got it for all cells and in the grid")
        required = {key for key, (_, default) in accepted.items() if default is _REQUIRED}
        if missing := required - fixed.keys() - grid.keys():
            raise ValueError(f"{name}.{min(missing)} must be given, for all cells or in the grid")
        cells = []
        for values in itertools.product(*grid.values()):
            given = {**fixed, **dict(zip(grid, values, strict=True))}
            settings = {
                key: check(f"{name}.{key}", given[key]) if key in given else default
                for key, (check, default) in accepted.items()
            }
            if dense and isinstance(settings["width"], list) and len(settings["width"]) != settings["depth"]:
                raise ValueError(f"{name}.width must be a number, or one for each of the {settings['depth']} layers")
            cells.append(Cell(name, settings))
        found[name] = Study(name, table["title"], tuple(cells))
    return found


def _hash(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()


@dataclass(frozen=True, eq=False)
class _Data:
    """A data set as it is kept: training and test inputs and labels, and a hash of all four."""

    x: Any
    y: NDArray[np.int64]
    x_test: Any
    y_test: NDArray[np.int64]
    hash: str


@functools.cache
def _data(name: str) -> _Data:
    import numpy as np

    from actdocs import data

    if name == "digits":
        from sklearn.datasets import load_digits

        x, y = load_digits(return_X_y=True)
        parts = [x[:1500], y[:1500], x[1500:], y[1500:]]
    else:
        (x, y), (x_test, y_test) = getattr(data, f"load_{name}")()
        parts = [x, y, x_test, y_test]
    text = [json.dumps(list(part)).encode() if isinstance(part, (list, tuple)) else np.asarray(part) for part in parts]
    whole = b"".join(part if isinstance(part, bytes) else part.tobytes() for part in text)
    return _Data(parts[0], parts[1].astype(np.int64), parts[2], parts[3].astype(np.int64), _hash(whole))


def _inputs(name: str, parts: Sequence[Any]) -> list[NDArray[Any]]:
    """Make what a network reads of training, validation and test inputs."""
    import numpy as np

    if name == "reviews":
        from actdocs._tensorflow import import_keras

        layer = import_keras().layers.TextVectorization(_WORDS, output_sequence_length=_LENGTH)
        layer.adapt(list(parts[0]))
        return [np.asarray(layer(list(part))).astype(np.int32) for part in parts]
    largest = 16 if name == "digits" else 255
    arrays = [np.asarray(part, np.float32) / largest for part in parts]
    if name == "animals":
        return [array.repeat(2, axis=1).repeat(2, axis=2) for array in arrays]
    rows = [array.reshape(len(array), -1) for array in arrays]
    return (
        [2 * row - 1 for row in rows] if name == "fashion_mnist" else rows
    )  # from −1, as in the study that it repeats


def _builder(settings: Mapping[str, Any], features: int) -> Callable[[int], Any]:
    """Give the function from a seed to the network of a cell."""
    from actdocs import models
    from actdocs._tensorflow import import_keras
    from actdocs.layers import LayerFunction

    start: Any = _STARTS[settings["initialization"]]
    if start in ("fan_in", "fan_out"):
        start = import_keras().initializers.VarianceScaling(1 / 3, mode=start, distribution="uniform")
    entry, parameters = _parsed("activation", settings["activation"])
    function = LayerFunction(entry, **parameters)
    options = {"initializer": start, "learning_rate": settings["learning_rate"]}
    if settings["data"] == "animals":
        return lambda seed: models.create_cnn_model(function, classes=6, seed=seed, **options)
    if settings["data"] == "reviews":
        return lambda seed: models.create_sentiment_model(
            _WORDS, max_length=_LENGTH, activation=function, seed=seed, **options
        )
    width, depth = settings["width"], settings["depth"]
    sizes = (features, *(width if isinstance(width, list) else [width] * depth), 10)
    options |= {key: settings[key] for key in ("momentum", "bias", "normalize")}
    return lambda seed: models.dense_model(sizes, function, seed=seed, **options)


def _test_accuracies(replicas: Any, x: NDArray[Any], y: NDArray[np.int64]) -> list[float | None]:
    """Give the share of right answers of each network that didn't fail."""
    import numpy as np

    found: list[float | None] = []
    for seed, model in zip(replicas.seeds, replicas.models, strict=True):
        outputs = np.concatenate([np.asarray(model(x[i : i + 500], training=False)) for i in range(0, len(x), 500)])
        answers = outputs.argmax(axis=1) if outputs.shape[1] > 1 else outputs[:, 0] > 0
        found.append(None if seed in replicas.failed else round(float(np.mean(answers == y)), 6))
    return found


@functools.cache
def _code() -> str:
    """Give a hash of the sources that train."""
    folder = Path(__file__).parent
    files = [folder / f"{name}.py" for name in _MODULES] + sorted((folder / "activations").glob("*.py"))
    return _hash([file.read_text(encoding="utf-8") for file in files])


def measure(cell: Cell) -> Record:
    """Train the network of a cell from each of its seeds, or measure how long an epoch of it takes.

    Parameters
    ----------
    cell : Cell
        Of :func:`studies`.

    Returns
    -------
    dict
        ``study``, ``key`` and ``settings`` of the cell; ``results``: the validation accuracy and the training loss of
        each seed after each epoch and the test accuracy at the end, with null where a run failed, and the median over
        the seeds of what probes measured before the first epoch and after each in each layer, or the ``pace``, see
        :func:`pace`; ``seconds``, and ``epoch_seconds`` of an epoch of one seed after the first, with its validation;
        and ``provenance``: hashes of code and data, versions of libraries, and the date.

    Raises
    ------
    ValueError
        If there are fewer images than the cell asks for.

    Examples
    --------
    >>> cell = studies()["rate"].cells[0]
    >>> sizes = {"data": "digits", "examples": 100, "validation": 50, "epochs": 1, "seeds": 2}
    >>> record = measure(Cell("small", {**cell.settings, **sizes}))
    >>> len(record["results"]["val_accuracy"]), sorted(record["provenance"])
    (2, ['code', 'data', 'date', 'versions'])
    """
    began = time.perf_counter()
    if "measure" in cell.settings:
        results, seconds, data = {"pace": pace(cell.settings["activation"], cell.settings["turns"])}, None, None
    else:
        results, seconds, data = _trained(cell.settings)
    return {
        "study": cell.study,
        "key": cell.key,
        "settings": dict(cell.settings),
        "results": results,
        "seconds": round(time.perf_counter() - began, 2),
        "epoch_seconds": seconds,
        "provenance": {
            "code": _code(),
            "data": data,
            "versions": {name: version(name) for name in ("keras", "numpy", "tensorflow")},
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        },
    }


def _trained(settings: Mapping[str, Any]) -> tuple[dict[str, Any], float | None, str]:
    """Train the network of a cell; give results, the time of an epoch after the first, and the hash of the data."""
    import numpy as np

    from actdocs.training import train_replicas

    data = _data(settings["data"])
    examples, rest = settings["examples"], settings["validation"]
    if examples + rest > len(data.x):
        raise ValueError(f"examples and validation must together be at most {len(data.x)}, got {examples} and {rest}")
    x, x_validation, x_test = _inputs(settings["data"], [data.x[:examples], data.x[-rest:], data.x_test])
    y = data.y[:examples].copy()
    if settings["label_noise"]:
        generator = np.random.default_rng(0)
        wrong = generator.choice(examples, round(settings["label_noise"] * examples), replace=False)
        y[wrong] = generator.integers(data.y.max() + 1, size=len(wrong))
    calls: list[tuple[float, int]] = []
    replicas = train_replicas(
        _builder(settings, x.shape[-1]),
        x,
        y,
        seeds=range(settings["seeds"]),
        epochs=settings["epochs"],
        batch_size=settings["batch_size"],
        validation_data=(x_validation, data.y[-rest:]),
        shuffle_seed=None,
        probes=settings["probes"],
        progress=lambda done, _: calls.append((time.perf_counter(), done)),
    )
    results: dict[str, Any] = {name: _rounded(replicas.history[name]) for name in ("loss", "val_accuracy")}
    results["test_accuracy"] = _test_accuracies(replicas, x_test, data.y_test)
    results |= {name: _rounded(np.nanmedian(values, axis=0), 3) for name, values in replicas.probes.items()}
    first = calls[len(calls) // settings["epochs"] - 1]  # when all have their first epoch behind them, and a compiler
    later = calls[-1][1] - first[1]
    return results, round((calls[-1][0] - first[0]) / later, 4) if later else None, data.hash


def _rounded(values: NDArray[np.float64], digits: int = 6) -> list[Any]:
    """Give nested lists of short numbers, with None for those that are not finite."""
    import numpy as np

    if values.ndim > 1:
        return [_rounded(part, digits) for part in values]
    return [float(f"{value:.{digits}g}") if np.isfinite(value) else None for value in values]


def pace(activation: str, turns: int = 5) -> float:
    """Measure an epoch of the deck's network with an activation, as a multiple of one with ReLU.

    Five networks at once are trained on 3,200 made-up images, in one program. The activation takes turns
    with ReLU, and the ratio of the medians is given, so that other work on the machine matters less.

    Parameters
    ----------
    activation : str
        The name of an element-wise entry of the catalogue.
    turns : int
        How many epochs of each are timed, at least 1.

    Returns
    -------
    float
        In hundredths.

    Raises
    ------
    ValueError
        If the activation is unknown or not element-wise, or turns is less than 1.

    Examples
    --------
    >>> 0.2 < pace("tanh") < 20
    True
    """
    import numpy as np

    from actdocs._tensorflow import import_tensorflow

    tf, generator, count = import_tensorflow(), np.random.default_rng(0), integer("turns", turns, 1)
    name = _activation("activation", activation)
    images = tf.constant(generator.random((3200, 784), np.float32))
    data = images, tf.constant(generator.integers(10, size=3200).astype(np.int32))
    runs = [_epoch(name, data), _epoch("relu", data)]
    times = np.empty((count, 2))
    for turn, place in itertools.product(range(count), range(2)):
        began = time.perf_counter()
        runs[place]()
        times[turn, place] = time.perf_counter() - began
    mine, reference = np.median(times, axis=0)
    return round(float(mine / reference), 2)


def _epoch(activation: str, data: Any) -> Callable[[], Any]:
    """Give a function that trains five of the deck's networks for an epoch, compiled."""
    import numpy as np

    from actdocs._stacked import Stack
    from actdocs.layers import LayerFunction
    from actdocs.models import create_model

    entry, parameters = _parsed("activation", activation)
    model = create_model(LayerFunction(entry, **parameters), seed=0)
    model.optimizer.build(model.trainable_variables)
    model.compute_metrics(data[0][:1], data[1][:1], model(data[0][:1]))
    model.reset_metrics()
    stack = Stack(model, 5, shared=True)
    stack.load([model] * 5)
    run = functools.partial(stack.sweep, "train", data, [np.arange(len(data[0]))], 32)
    run()
    return run


def drift(record: Record) -> str | None:
    """Measure a stored cell again, and say where the answer is another.

    Another kind of processor rounds otherwise, and training carries the last bit far. So the means of the last epoch
    are compared, with four standard errors for each of both. A pace may be three times as much or a third.

    Parameters
    ----------
    record : dict
        Of a store.

    Returns
    -------
    str or None
        The first result that differs, with both values; None where all agree.

    Examples
    --------
    >>> cell = studies()["rate"].cells[0]
    >>> sizes = {"data": "digits", "examples": 100, "validation": 50, "epochs": 1, "seeds": 2}
    >>> record = measure(Cell("small", {**cell.settings, **sizes}))
    >>> drift(record) is None
    True
    """
    import numpy as np

    again = measure(Cell(record["study"], record["settings"]))
    if "pace" in record["results"]:
        before, now = (float(each["results"]["pace"]) for each in (record, again))
        told = f"{record['study']}, {record['settings']}: pace is stored as {before}, but came out as {now}"
        return None if 1 / 3 <= now / before <= 3 else told
    for name in ("loss", "val_accuracy"):
        old, new = _final(record, name), _final(again, name)
        if np.isnan(old).any() or np.isnan(new).any():
            same = np.isnan(old).sum() == np.isnan(new).sum()
        else:
            error = np.sqrt((old.var(ddof=1) + new.var(ddof=1)) / len(old)) if len(old) > 1 else 0.01
            same = abs(new.mean() - old.mean()) <= 4 * error + 1e-3 * abs(old.mean())
        if not same:
            values = [f"{part.mean():.4g} ± {part.std():.2g}" for part in (old, new)]
            return (
                f"{record['study']}, {record['settings']}: {name} is stored as {values[0]}, but came out as {values[1]}"
            )
    return None


def chosen(records: Iterable[Record], setting: str = "learning_rate") -> list[Record]:
    """Choose a setting for each of the others by the mean validation accuracy after the last epoch.

    The choice does not look at the test images, so that ``test_accuracy`` of what was chosen is a fair measurement.

    Parameters
    ----------
    records : iterable of dict
        Of a store.
    setting : str
        The one that is chosen.

    Returns
    -------
    list of dict
        A record for each combination of the other settings, in the order in which these come. A failed run counts as
        an accuracy of 0.

    Examples
    --------
    >>> best = chosen(Store().load("rate").values())
    >>> len(best), {record["settings"]["learning_rate"] for record in best} <= {0.0003, 0.001, 0.003, 0.01}
    (8, True)
    """
    import numpy as np

    groups: dict[str, list[Record]] = {}
    for record in records:
        others = {key: value for key, value in record["settings"].items() if key != setting}
        groups.setdefault(_hash(others), []).append(record)
    return [
        max(group, key=lambda record: float(np.nan_to_num(_final(record, "val_accuracy")).mean()))
        for group in groups.values()
    ]


def scores(
    records: Iterable[Record], *settings: str, result: str = "test_accuracy", percent: bool = False
) -> dict[Any, NDArray[np.float64]]:
    """Arrange a result by settings.

    Parameters
    ----------
    records : iterable of dict
        Of a store.
    *settings : str
        Those by which the records differ.
    result : str
        ``"test_accuracy"``, or ``"val_accuracy"`` or ``"loss"`` after the last epoch.
    percent : bool
        Whether to give an accuracy as a percentage, in which a run that failed has none right.

    Returns
    -------
    dict of values to array of float, shape (seeds,)
        By the value of the setting, or the tuple of them where there are several; NaN where a run failed.

    Raises
    ------
    ValueError
        If two records have the same values.

    Examples
    --------
    >>> found = scores(Store().load("rate").values(), "activation", "learning_rate")
    >>> found["relu", 0.001].shape
    (10,)
    """
    import numpy as np

    found: dict[Any, NDArray[np.float64]] = {}
    for record in records:
        values = tuple(record["settings"][name] for name in settings)
        where = values[0] if len(values) == 1 else values
        if where in found:
            raise ValueError(f"settings must tell all records apart, got two with {where!r}")
        known = record["results"][result]
        each = np.array(known, float) if result == "test_accuracy" else _final(record, result)
        found[where] = 100 * np.nan_to_num(each) if percent else each
    return found


def _final(record: Record, name: str) -> NDArray[np.float64]:
    """Give a result of each seed after the last epoch."""
    import numpy as np

    return np.array([curve[-1] for curve in record["results"][name]], float)


class Store:
    """Finished cells in a folder, one file a study, one line of JSON a cell.

    A line ends with a checksum of the rest. A last line without an end is what a kill left: it is passed over, and cut
    off when the next one is written.

    Parameters
    ----------
    folder : path, optional
        Where the files are; made at the first line. By default the project's own, in a checkout of it.
    """

    FIELDS = ("study", "key", "settings", "results", "seconds", "epoch_seconds", "provenance", "checksum")

    def __init__(self, folder: str | os.PathLike[str] = FOLDER) -> None:
        self.folder = Path(folder)

    def _path(self, study: str) -> Path:
        return self.folder / f"{study}.jsonl"

    def load(self, study: str) -> dict[str, Record]:
        """Read the finished cells of a study; none, where it has not begun.

        Returns
        -------
        dict of str to dict
            Each record by the key of its cell. Where a cell was written twice, the later line counts.

        Raises
        ------
        ValueError
            If a line is damaged or was not written by a store; the message names file and line.
        """
        path = self._path(study)
        if not path.exists():
            return {}
        found = {}
        *lines, _ = path.read_bytes().split(b"\n")  # behind the last end of a line there is nothing, or a torn line
        for number, line in enumerate(lines, 1):
            record = self._read(line, f"{path}, line {number}")
            if record["study"] != study:
                raise ValueError(f"{path}, line {number} must be of the study {study}, got {record['study']!r}")
            found[record["key"]] = record
        return found

    def _read(self, line: bytes, place: str) -> Record:
        try:
            record = json.loads(line)
        except ValueError:
            raise ValueError(f"{place} must be a line of JSON, got {line[:60]!r}") from None
        if not isinstance(record, dict) or tuple(record) != self.FIELDS:
            raise ValueError(f"{place} must have the fields {', '.join(self.FIELDS)}, got {line[:60]!r}")
        if record.pop("checksum") != _hash(record):
            raise ValueError(f"{place} must be as it was written, got a checksum that does not fit its content")
        if record["key"] != Cell(record["study"], record["settings"]).key:
            raise ValueError(f"{place} must have the key of its settings, got {record['key']!r}")
        return record

    def add(self, record: Record) -> None:
        """Write a finished cell, so that it outlasts a kill at any moment."""
        self.folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps({**record, "checksum": _hash(record)}, separators=(",", ":")) + "\n"
        with self._path(record["study"]).open("ab+") as file:
            whole = _whole_lines(file)
            if whole < file.seek(0, os.SEEK_END):
                file.truncate(whole)
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())


def _whole_lines(file: Any) -> int:
    """Give the length of a file up to the end of its last whole line."""
    file.seek(0)
    return int(file.read().rfind(b"\n")) + 1


def run(
    cells: Iterable[Cell],
    store: Store,
    *,
    backend: str | None = None,
    scheduler: str | None = None,
    jobs: int = 1,
    progress: bool | None = None,
) -> int:
    """Measure the cells that a store does not have, and put each answer into it as soon as it is there.

    Parameters
    ----------
    cells : iterable of Cell
        In the order in which to start them.
    store : Store
        Where answers go. One process writes: the one that calls this.
    backend : str, optional
        One of joblib's: ``"loky"`` for processes on this machine, ``"dask"`` or ``"ray"`` for a cluster; by default one
        cell after the other, here.
    scheduler : str, optional
        The address of a Dask scheduler, or of a Ray cluster.
    jobs : int
        How many cells at a time on this machine; a cluster takes as many as it has workers.
    progress : bool, optional
        Whether to show a progress bar; by default on a terminal.

    Returns
    -------
    int
        How many were measured.

    Raises
    ------
    ValueError
        If the backend is unknown, an address is given without a cluster, or the store is damaged.
    ConnectionError
        If there is no scheduler at the address.
    ImportError
        If the backend's package is missing.

    Examples
    --------
    What the store has is not measured again:

    >>> store = Store()
    >>> finished = [Cell(record["study"], record["settings"]) for record in store.load("rate").values()]
    >>> run(finished, store, progress=False)
    0
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    wanted = list(cells)
    known = {study: store.load(study) for study in {cell.study for cell in wanted}}
    waiting = [cell for cell in wanted if cell.key not in known[cell.study]]
    hidden = None if progress is None else not progress
    with (
        _engine(backend, scheduler, integer("jobs", jobs, 1)) as (options, at_once),
        tqdm(total=len(waiting), unit="cell", disable=hidden) as bar,
    ):
        size = at_once or max(len(waiting), 1)
        for start in range(0, len(waiting), size):
            part = waiting[start : start + size]
            for record in Parallel(**options)(delayed(measure)(cell) for cell in part):
                store.add(record)
                bar.update()
    return len(waiting)


@contextlib.contextmanager
def _engine(backend: str | None, scheduler: str | None, jobs: int) -> Iterator[tuple[dict[str, Any], int | None]]:
    """Make joblib's backend ready; give its options, and how many cells to hand over at once where not all can be."""
    from joblib import parallel_config

    as_they_come = {"return_as": "generator_unordered"}

    if backend is not None:
        Choice("loky", "dask", "ray").check("backend", backend)
    if scheduler is not None and backend not in ("dask", "ray"):
        raise ValueError(f"scheduler must come with the backend 'dask' or 'ray', got {scheduler!r} and {backend!r}")
    if backend == "dask":
        if scheduler is None:
            raise ValueError(
                "scheduler must be the address of a Dask scheduler, such as 'tcp://10.0.0.1:8786', got None"
            )
        from distributed import Client

        try:
            client = Client(scheduler, timeout=_PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            raise ConnectionError(f"scheduler must be the address of a running one, got {scheduler!r}") from error
        with client, parallel_config(backend="dask", wait_for_workers_timeout=60):
            yield {"n_jobs": -1, **as_they_come}, None
    elif backend == "ray":
        import ray
        from ray.util.joblib import register_ray

        ray.init(address=scheduler)
        register_ray()
        with parallel_config(backend="ray"):
            # Ray gives its answers all together: a round of one cell for each core of the cluster.
            yield {"n_jobs": -1}, max(int(ray.cluster_resources().get("CPU", 1)), 1)
    elif backend == "loky" or jobs > 1:
        with parallel_config(backend="loky"):
            yield {"n_jobs": jobs, **as_they_come}, None
    else:
        yield {"n_jobs": 1, **as_they_come}, None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the studies of ``evidence/studies.toml``, or those named, as far as the store lacks them."""
    parser = argparse.ArgumentParser(prog="nox -s evidence --", description=main.__doc__)
    parser.add_argument("studies", nargs="*", help="names of studies; all by default")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where studies.toml and the store are")
    parser.add_argument("--backend", help="of joblib: loky, dask or ray")
    parser.add_argument("--scheduler", help="address of the Dask scheduler, or of the Ray cluster")
    parser.add_argument("--jobs", type=int, default=1, help="cells at a time on this machine")
    parser.add_argument("--check", type=int, metavar="N", help="measure N stored cells again instead, and compare")
    given = parser.parse_args(arguments)
    try:
        known = studies(given.folder / "studies.toml")
        for name in given.studies:
            Choice(*known).check("study", name)
        cells = [cell for name in given.studies or known for cell in known[name].cells]
        if given.check is not None:
            return _check(given.studies or list(known), Store(given.folder), given.check)
        engine = {"backend": given.backend, "scheduler": given.scheduler, "jobs": given.jobs}
        measured = run(cells, Store(given.folder), **engine)
    except (ImportError, OSError, TypeError, ValueError) as error:
        parser.exit(2, f"{error}\n")
    print(f"{measured} of {len(cells)} cells measured, {len(cells) - measured} were there")
    return 0


def _check(names: Sequence[str], store: Store, count: int) -> int:
    """Measure some stored cells again, at random."""
    stored = [record for name in names for record in store.load(name).values()]
    drawn = random.sample(stored, min(integer("check", count, 1), len(stored)))
    problems = [problem for problem in map(drift, drawn) if problem]
    if problems:
        raise ValueError("\n".join(problems))
    print(f"{len(drawn)} of {len(stored)} cells measured again, all as they were")
    return 0


if __name__ == "__main__":
    # The classes must be those of the module that workers import.
    from actdocs.evidence import main as run_main

    raise SystemExit(run_main())
