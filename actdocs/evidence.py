"""Heavy studies: a grid in a small file, run once anywhere, kept as text that is checked when it is read.

``studies.toml`` describes grids. Each combination of its values is a :class:`Cell`, trained from several seeds by
:func:`measure`. A :class:`Store` keeps a line of JSON for each finished cell, with what it came from and a checksum.
:func:`run` measures what is missing, here or on a cluster, and hands each answer to the store as it comes: what is in
the store is never measured again, and what a kill interrupts is measured the next time.
"""

from __future__ import annotations

import argparse
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Cell", "Store", "drift", "measure", "run", "studies"]

Record = dict[str, Any]

FOLDER = Path(__file__).parents[1] / "evidence"

_PATIENCE = 20  # seconds, for a scheduler to answer
# What decides the answer of a cell, for its provenance.
_MODULES = ("_stacked", "_tensorflow", "data", "evidence", "layers", "models", "training")


def _whole(name: str, value: Any) -> int:
    return integer(name, value, 1)


def _activation(name: str, value: Any) -> str:
    from actdocs.catalogue import get

    entry = get(value)
    if not entry.elementwise:
        raise ValueError(f"{name} must be element-wise, got {value!r}")
    return entry.name


# Each setting of a cell, and how it is checked.
_SETTINGS = {
    "data": Choice("mnist", "digits").check,
    "activation": _activation,
    "initialization": Choice("own", "he", "glorot").check,
    "depth": _whole,
    "width": _whole,
    "learning_rate": Number(above=0).check,
    "examples": _whole,
    "validation": _whole,
    "epochs": _whole,
    "batch_size": _whole,
    "seeds": _whole,
}


@dataclass(frozen=True)
class Cell:
    """One combination of a grid: a network, how it is trained, and from how many seeds.

    Attributes
    ----------
    study : str
        The name of its study.
    settings : mapping of str to str, int or float
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


def studies(path: str | os.PathLike[str]) -> dict[str, Study]:
    """Read the grids.

    Parameters
    ----------
    path : path
        A TOML file: a table for each study with its ``title``, the settings of all cells, and under ``grid`` lists of
        those that vary.

    Returns
    -------
    dict of str to Study

    Raises
    ------
    ValueError
        If a setting is missing, unknown, given twice or not one that is accepted; the message names study and setting.

    Examples
    --------
    >>> found = studies("evidence/studies.toml")
    >>> [len(study.cells) for study in found.values()]
    [80, 48]
    """
    with Path(path).open("rb") as file:
        tables = tomllib.load(file)
    found = {}
    for name, table in tables.items():
        if not isinstance(table, dict) or not isinstance(table.get("title"), str):
            raise ValueError(f"{name} must be a table with a title, got {table!r}")
        grid = table.get("grid", {})
        fixed = {key: value for key, value in table.items() if key not in ("title", "grid")}
        for key in (*fixed, *grid):
            if key not in _SETTINGS:
                raise ValueError(f"{name}.{key} is not a setting; accepted: {', '.join(_SETTINGS)}")
        for key, values in grid.items():
            if not isinstance(values, list) or not values or len(set(map(str, values))) < len(values):
                raise ValueError(f"{name}.grid.{key} must be a list of different values, got {values!r}")
        if twice := fixed.keys() & grid.keys():
            raise ValueError(f"{name}.{min(twice)} must be given once, got it for all cells and in the grid")
        if missing := _SETTINGS.keys() - fixed.keys() - grid.keys():
            raise ValueError(f"{name}.{min(missing)} must be given, for all cells or in the grid")
        cells = []
        for values in itertools.product(*grid.values()):
            given = {**fixed, **dict(zip(grid, values, strict=True))}
            cells.append(Cell(name, {key: check(f"{name}.{key}", given[key]) for key, check in _SETTINGS.items()}))
        found[name] = Study(name, table["title"], tuple(cells))
    return found


def _hash(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()


@functools.cache
def _images(name: str) -> tuple[NDArray[np.float32], NDArray[np.int64], str]:
    """Give training images as rows of numbers from 0 to 1, their labels, and a hash of both."""
    import numpy as np

    if name == "mnist":
        from actdocs.data import load_mnist

        (images, labels), _ = load_mnist()
        largest = 255
    else:
        from sklearn.datasets import load_digits

        images, labels = load_digits(return_X_y=True)
        largest = 16
    x = images.reshape(len(images), -1).astype(np.float32)
    x /= largest
    y = labels.astype(np.int64)
    return x, y, _hash(x.tobytes() + y.tobytes())


@functools.cache
def _code() -> str:
    """Give a hash of the sources that train."""
    folder = Path(__file__).parent
    files = [folder / f"{name}.py" for name in _MODULES] + sorted((folder / "activations").glob("*.py"))
    return _hash([file.read_text(encoding="utf-8") for file in files])


def measure(cell: Cell) -> Record:
    """Train the network of a cell from each of its seeds.

    Parameters
    ----------
    cell : Cell
        Of :func:`studies`.

    Returns
    -------
    dict
        ``study``, ``key`` and ``settings`` of the cell; ``results``, the validation accuracy and the training loss of
        each seed after each epoch, with null where a run failed; ``seconds``; and ``provenance``: hashes of code and
        data, versions of libraries, and the date.

    Raises
    ------
    ValueError
        If there are fewer images than the cell asks for.

    Examples
    --------
    >>> sizes = {"depth": 1, "width": 8, "examples": 100, "validation": 50, "epochs": 1, "batch_size": 20, "seeds": 2}
    >>> settings = {"data": "digits", "activation": "tanh", "initialization": "own", "learning_rate": 0.01, **sizes}
    >>> record = measure(Cell("small", settings))
    >>> len(record["results"]["val_accuracy"]), sorted(record["provenance"])
    (2, ['code', 'data', 'date', 'versions'])
    """
    import numpy as np

    from actdocs.models import dense_model
    from actdocs.training import train_replicas

    began = time.perf_counter()
    settings = cell.settings
    x, y, data = _images(settings["data"])
    examples, rest = settings["examples"], settings["validation"]
    if examples + rest > len(x):
        raise ValueError(f"examples and validation must together be at most {len(x)}, got {examples} and {rest}")
    sizes = (x.shape[1], *[settings["width"]] * settings["depth"], 10)
    initializer = {"own": None, "he": "he_normal", "glorot": "glorot_uniform"}[settings["initialization"]]

    def build(seed: int) -> Any:
        return dense_model(
            sizes,
            settings["activation"],
            seed=seed,
            initializer=initializer,
            learning_rate=settings["learning_rate"],
        )

    replicas = train_replicas(
        build,
        x[:examples],
        y[:examples],
        seeds=range(settings["seeds"]),
        epochs=settings["epochs"],
        batch_size=settings["batch_size"],
        validation_data=(x[-rest:], y[-rest:]),
        shuffle_seed=None,
        progress=False,
    )
    results = {
        name: [[float(f"{value:.6g}") if np.isfinite(value) else None for value in curve] for curve in curves]
        for name, curves in replicas.history.items()
        if name in ("loss", "val_accuracy")
    }
    return {
        "study": cell.study,
        "key": cell.key,
        "settings": dict(settings),
        "results": results,
        "seconds": round(time.perf_counter() - began, 2),
        "provenance": {
            "code": _code(),
            "data": data,
            "versions": {name: version(name) for name in ("keras", "numpy", "tensorflow")},
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        },
    }


def drift(record: Record) -> str | None:
    """Measure a stored cell again, and say where the answer is another.

    Another kind of processor rounds otherwise, and training carries the last bit far. So the means of the last epoch
    are compared, with four standard errors for each of both.

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
    >>> sizes = {"depth": 1, "width": 8, "examples": 100, "validation": 50, "epochs": 1, "batch_size": 20, "seeds": 2}
    >>> settings = {"data": "digits", "activation": "tanh", "initialization": "own", "learning_rate": 0.01, **sizes}
    >>> record = measure(Cell("small", settings))
    >>> drift(record) is None
    True
    """
    import numpy as np

    again = measure(Cell(record["study"], record["settings"]))["results"]
    for name, curves in record["results"].items():
        old, new = (np.array(values, float)[:, -1] for values in (curves, again[name]))
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


class Store:
    """Finished cells in a folder, one file a study, one line of JSON a cell.

    A line ends with a checksum of the rest. A last line without an end is what a kill left: it is passed over, and cut
    off when the next one is written.

    Parameters
    ----------
    folder : path, optional
        Where the files are; made at the first line. By default the project's own, in a checkout of it.
    """

    FIELDS = ("study", "key", "settings", "results", "seconds", "provenance", "checksum")

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
    with _engine(backend, scheduler, integer("jobs", jobs, 1)) as options:
        answers = Parallel(**options, return_as="generator_unordered")(delayed(measure)(cell) for cell in waiting)
        for record in tqdm(answers, total=len(waiting), unit="cell", disable=hidden):
            store.add(record)
    return len(waiting)


@contextlib.contextmanager
def _engine(backend: str | None, scheduler: str | None, jobs: int) -> Iterator[dict[str, Any]]:
    """Make joblib's backend ready, and give its options."""
    from joblib import parallel_config

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
            yield {"n_jobs": -1}
    elif backend == "ray":
        import ray
        from ray.util.joblib import register_ray

        ray.init(address=scheduler)
        register_ray()
        with parallel_config(backend="ray"):
            yield {"n_jobs": -1}
    elif backend == "loky" or jobs > 1:
        with parallel_config(backend="loky"):
            yield {"n_jobs": jobs}
    else:
        yield {"n_jobs": 1}


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
