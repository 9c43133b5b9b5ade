"""Run what is not current before pages are read: side by side, the longest first, confined to the build's folders.

Scripts of the gallery and pages with code are alike here: an *example* has code, results in the cache of the tool that
shows it, and a record of its last run: what it saw (:mod:`extensions.seen`), how long it took, the hash of each result.
sphinx-gallery and MyST-NB then find every result in their caches and run nothing. The record is written last, so that
an example that was stopped half-way, or whose results are damaged, has none that holds, and runs again.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import re
import shutil
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import psutil
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.db import NbCacheRecord
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader, is_myst_markdown_notebook
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util import logging
from sphinx_gallery.gen_rst import generate_file_rst
from traitlets.config import Config

import actdocs
from extensions import sandbox, seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from multiprocessing.queues import SimpleQueue

    from sphinx.application import Sphinx

LOGGER = logging.getLogger(__name__)
NEEDED = 4 * 2**30  # bytes of memory for an example that trains
GUESSED = {True: 60.0, False: 3.0}  # seconds, by whether it loads data, before a run is measured
LOADER = re.compile(r"\bload_\w+")  # of a data set
NOTEBOOK = ".notebook.json"  # how the notebook of a script ends, before its roles are put into words
SCRATCH = "ACTDOCS_SCRATCH"  # the variable that names the folder for what needs to be written and not kept


class ExamplesFailedError(SphinxError):
    """Says which examples failed; their tracebacks have been shown."""

    category = "Examples failed"


@dataclass(frozen=True)
class Example:
    """Something with code to run; ``name`` is its path from the root of the project."""

    root: Path
    name: str
    settings: Any = field(repr=False, compare=False)

    @property
    def source(self) -> Path:
        """Name the file with its text."""
        return self.root / self.name

    @cached_property
    def text(self) -> str:
        """Give its text."""
        return self.source.read_text(encoding="utf-8")

    @property
    def record(self) -> Path:
        """Name the record of its last run."""
        return seen.records(self.root) / f"{self.name}.json"

    @cached_property
    def last(self) -> dict[str, Any]:
        """Tell of its last run; nothing if there was none, or the record is damaged."""
        return seen.read(self.record) or {}

    def code(self) -> str:
        """Name what of its text matters to a run."""
        raise NotImplementedError

    def results(self) -> list[Path]:
        """List the files that its last run left in the cache."""
        raise NotImplementedError

    def forget(self) -> None:
        """Take the results out of the cache."""
        raise NotImplementedError

    def perform(self) -> tuple[str, dict[str, str]]:
        """Run, and give the traceback if that failed, and the files that it saw with their hashes."""
        raise NotImplementedError

    def show(self) -> None:
        """Put the results where the tool that shows them looks for them."""

    def current(self) -> bool:
        """Tell whether a run would give again what the last one left, all of which is there and whole."""
        last = self.last
        if not last or last["code"] != self.code() or not seen.current(self.root, last):
            return False
        kept: dict[str, str] = last["results"]
        if {self.root / name for name in kept} != {*self.results()}:
            return False
        return all(seen.file_hash(self.root / name) == was for name, was in kept.items())

    def expected(self) -> float:
        """Give the seconds that a run takes, as measured or guessed."""
        seconds: float = self.last.get("seconds", GUESSED[LOADER.search(self.text) is not None])
        return seconds

    def run(self) -> str:
        """Run, and write the record; give the traceback if that failed."""
        start = time.perf_counter()
        self.record.unlink(missing_ok=True)
        self.__dict__.pop("last", None)
        self.forget()
        try:
            failure, files = self.perform()
        except Exception:
            failure, files = traceback.format_exc(), {}
        if failure:
            self.forget()
            return failure
        results = {path.relative_to(self.root).as_posix(): seen.file_hash(path) for path in self.results()}
        if not results:
            return f"{self.name}: the run left no result in the cache"
        found = {
            "key": seen.key(self.root),
            "text": seen.text_hash(self.text),
            "code": self.code(),
            "files": files,
            "results": results,
            "seconds": round(time.perf_counter() - start, 2),
        }
        seen.write(self.record, found)
        return ""


class Script(Example):
    """A script of the gallery; ``settings`` are sphinx-gallery's and the hash of what conf.py says of them."""

    @cached_property
    def place(self) -> Path:
        """Give its path in the gallery."""
        return self.source.relative_to(Path(self.settings[0]["src_dir"], self.settings[0]["examples_dirs"]).resolve())

    @property
    def shown(self) -> Path:
        """Name its copy among the pages, beside which sphinx-gallery writes and looks for results."""
        return Path(self.settings[0]["src_dir"], self.settings[0]["gallery_dirs"], self.place)

    @property
    def kept(self) -> Path:
        """Name its copy in the cache."""
        return self.root / "build" / "cache" / "gallery" / self.place

    def code(self) -> str:
        """Name its whole text, for sphinx-gallery makes the page of it."""
        return seen.text_hash(self.text + self.settings[1])

    def beside(self, copy: Path) -> list[Path]:
        """List its page, its pictures, and what its downloads are made of, beside a copy of it."""
        name, folder = re.escape(copy.stem), copy.parent
        written = re.compile(rf"{name}(\.rst|\.py|\.py\.md5|\.codeobj\.json|{re.escape(NOTEBOOK)})")
        picture = re.compile(rf"sphx_glr_{name}_(\d{{3}}|thumb)\.\w+")
        return [
            *(path for path in folder.glob("*") if written.fullmatch(path.name)),
            *(path for path in folder.glob("images/**/*") if picture.fullmatch(path.name)),
        ]

    def results(self) -> list[Path]:
        """List what is in the cache."""
        return self.beside(self.kept)

    def forget(self) -> None:
        """Remove its results, with the mark by which sphinx-gallery knows that it ran."""
        for path in [*self.beside(self.kept), *self.beside(self.shown)]:
            path.unlink()

    def copy(self, source: Path, target: Path) -> None:
        """Put what is beside one copy of it beside another, where it is not there already."""
        for path in self.beside(source):
            new = target.parent / path.relative_to(source.parent)
            if not new.exists() or not filecmp.cmp(path, new, shallow=False):
                new.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, new)

    def show(self) -> None:
        """Put the results from the cache among the pages."""
        self.copy(self.kept, self.shown)
        if not self.shown.with_suffix(".ipynb").exists():
            shutil.copy2(self.shown.with_suffix(NOTEBOOK), self.shown.with_suffix(".ipynb"))

    def perform(self) -> tuple[str, dict[str, str]]:
        """Run it as sphinx-gallery does."""
        (self.shown.parent / "images" / "thumb").mkdir(parents=True, exist_ok=True)
        watch = seen.watch()
        watch.start()
        try:
            *_, found = generate_file_rst(self.source.name, self.shown.parent, self.source.parent, self.settings[0])
            files = watch.files()
        finally:
            watch.stop()
        shutil.copy(self.shown.with_suffix(".ipynb"), self.shown.with_suffix(NOTEBOOK))
        self.copy(self.shown, self.kept)
        return found.get("formatted_exception", ""), files


class Page(Example):
    """A page with code; ``settings`` are those of MyST and MyST-NB."""

    @cached_property
    def notebook(self) -> Any:
        """Give its cells."""
        reader = create_nb_reader(str(self.source), *self.settings, self.text)
        if reader is None:
            raise ExtensionError(f"{self.name}: this page has no cells of code")
        return reader.read(self.text)

    @property
    def cache(self) -> Any:
        """Give MyST-NB's cache."""
        return get_cache(self.settings[1].execution_cache_path)

    def code(self) -> str:
        """Name its cells of code: the words between them don't matter."""
        if self.last.get("text") == seen.text_hash(self.text):  # cells need not be told from words
            return str(self.last["code"])
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        return seen.text_hash(repr([(cell.source, cell.metadata.get("tags", [])) for cell in cells]))

    def results(self) -> list[Path]:
        """List its notebook with the outputs."""
        if self.last.get("text") == seen.text_hash(self.text):
            return [path for path in (self.root / name for name in self.last["results"]) if path.exists()]
        with contextlib.suppress(KeyError):
            key = self.cache.match_cache_notebook(self.notebook).hashkey
            return [Path(self.settings[1].execution_cache_path, "executed", key, "base.ipynb")]
        return []

    def forget(self) -> None:
        """Take its notebook out of the cache."""
        with contextlib.suppress(KeyError):
            remove(self.cache, self.cache.match_cache_notebook(self.notebook).pk)

    def perform(self) -> tuple[str, dict[str, str]]:
        """Run it as MyST-NB does, but that the kernel is reached without a network."""
        note = Path(os.environ[SCRATCH], "seen.json")
        note.unlink(missing_ok=True)
        os.environ[seen.NOTE] = str(note)
        kernel = {"transport": "ipc", "ip": str(note.with_name("kernel"))} if sandbox.version() else {}
        done = single_nb_execution(
            self.notebook,
            cwd=str(self.source.parent),
            timeout=self.settings[1].execution_timeout,
            allow_errors=False,
            config=Config(KernelManager=kernel),
        )
        if done.err is not None:
            return str(done.exc_string), {}
        bundle = CacheBundleIn(self.notebook, str(self.source), data={"execution_seconds": done.time})
        self.cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        files = seen.read(note)
        if files is None:
            raise ExtensionError(f"{self.name}: its kernel did not tell what it saw")
        return "", files


def remove(cache: Any, number: int) -> None:
    """Take a notebook out of MyST-NB's cache, also one whose file a killed build did not write."""
    try:
        cache.remove_cache(number)
    except KeyError:
        NbCacheRecord.remove_record(number, cache.db)


def find(app: Sphinx, settings: str) -> list[Example]:
    """List all scripts of the gallery and all pages with code.

    Parameters
    ----------
    app : Sphinx
        A build whose extensions are set up.
    settings : str
        A hash of what conf.py says of the gallery.

    Returns
    -------
    list of Example
    """
    root, docs, conf = Path(app.confdir).parent, Path(app.srcdir), app.config.sphinx_gallery_conf
    scripts = sorted((docs / conf["examples_dirs"]).resolve().rglob("*.py"))
    env: Any = app.env
    pages = [path for path in sorted(docs.rglob("*.md")) if is_myst_markdown_notebook(path.read_text(encoding="utf-8"))]
    both = (env.myst_config, env.mystnb_config)
    found: list[Example] = [Script(root, path.relative_to(root).as_posix(), (conf, settings)) for path in scripts]
    found += [Page(root, path.relative_to(root).as_posix(), both) for path in pages]
    codes: dict[str, str] = {}
    for page in found[len(scripts) :]:
        if (other := codes.setdefault(page.code(), page.name)) != page.name:
            raise ExtensionError(f"{other} and {page.name} have the same code: MyST-NB would keep one result for both")
    return found


def prune(root: Path, examples: Sequence[Example], notebooks: Path) -> None:
    """Keep one result an example in the cache, and nothing of those that are gone."""
    known = {example.record for example in examples}
    known |= {path for example in examples if isinstance(example, Script) for path in example.results()}
    for folder in (seen.records(root), root / "build" / "cache" / "gallery"):
        for path in filter(Path.is_file, folder.rglob("*")):
            if path not in known:
                path.unlink()
    if notebooks.exists():
        cache = get_cache(notebooks)
        keys = {path.parent.name for example in examples if isinstance(example, Page) for path in example.results()}
        for row in cache.list_cache_records():
            if row.hashkey not in keys:
                remove(cache, row.pk)


def waiting(examples: Sequence[Example]) -> list[Example]:
    """Give the examples that are not current, the longest first."""
    return sorted((one for one in examples if not one.current()), key=lambda one: (-one.expected(), one.name))


def run(examples: Sequence[Example], writable: Sequence[Path]) -> None:
    """Run examples in worker processes, in the order given.

    Parameters
    ----------
    examples : sequence of Example
        What to run.
    writable : sequence of Path
        The only folders that they may write to, besides one for the time of their run.

    Raises
    ------
    ExamplesFailedError
        If some failed. The others' results are kept.
    """
    fetch(examples)
    failed = []
    with tempfile.TemporaryDirectory(prefix="actdocs-") as scratch, progress(examples) as done:
        folders = [path.resolve() for path in (*writable, Path(scratch), Path("/dev")) if path.is_dir()]
        spawn = get_context("spawn")
        count, free = min(workers(), len(examples)), spawn.SimpleQueue()
        for core in cores():
            free.put(core)
        with ProcessPoolExecutor(count, spawn, prepare, (scratch, folders, os.getpid(), free)) as pool:
            futures = {pool.submit(one.run): one for one in examples}
            for future in until_interrupted(as_completed(futures), pool):
                one = futures[future]
                try:
                    failure = future.result()
                except Exception as error:  # a worker died, or what it raised could not be told
                    failure = f"{type(error).__name__}: {error}"
                one.__dict__.pop("last", None)
                done(one)
                if failure:
                    failed.append(one.name)
                    LOGGER.error("%s failed:\n%s", one.name, failure.rstrip())
    if failed:
        raise ExamplesFailedError(f"{len(failed)} of {len(examples)} examples failed: {', '.join(sorted(failed))}")


def until_interrupted(futures: Iterator[Future[str]], pool: ProcessPoolExecutor) -> Iterator[Future[str]]:
    """Go through what is done; whoever presses Ctrl-C waits for no example that has not begun."""
    try:
        yield from futures
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def cores() -> list[int]:
    """List the cores that this build may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [*range(os.cpu_count() or 1)]


def workers() -> int:
    """Give how many examples may run side by side: as many as there are cores, and memory for."""
    room: int = psutil.virtual_memory().available // NEEDED
    return max(1, min(len(cores()), room, 61))  # the most that Windows has


def prepare(scratch: str, writable: list[Path], parent: int, free: SimpleQueue[int]) -> None:
    """Set a worker up: it ends with its build, keeps to a core of its own, and gives up rights that no example needs.

    Two examples that train, each with as many threads as there are cores, would take a fifth longer, and what an
    example prints would depend on how many others run.
    """
    sandbox.end_with(parent)
    Thread(target=end_with_build, daemon=True).start()
    if hasattr(os, "sched_setaffinity") and not free.empty():
        os.sched_setaffinity(0, {free.get()})
    own = tempfile.mkdtemp(dir=scratch)
    os.environ |= {SCRATCH: own, "TMPDIR": own, "JUPYTER_RUNTIME_DIR": own}
    tempfile.tempdir = own
    sandbox.confine(writable)


def end_with_build() -> None:
    """End this worker when its build ends, where the system does not."""
    build = parent_process()
    if build is not None:
        build.join()
        os._exit(1)


def fetch(examples: Sequence[Example]) -> None:
    """Fetch the data that examples load, for they have no network; what can't be had fails where it is used."""
    names = {name for example in examples for name in LOADER.findall(example.text)}
    for name in sorted(names):
        if loader := getattr(actdocs.data, name, None):
            with contextlib.suppress(actdocs.data.DataUnavailableError):
                loader()


@contextlib.contextmanager
def progress(examples: Sequence[Example]) -> Iterator[Any]:
    """Give a function that takes an example that is done, and shows what is left: a bar on a terminal, else lines."""
    from tqdm import tqdm

    start, left, count = time.monotonic(), {one: one.expected() for one in examples}, len(examples)
    total = sum(left.values())
    with tqdm(total=count, unit="example", desc="executing", disable=None, leave=False, dynamic_ncols=True) as bar:

        def done(example: Example) -> None:
            left.pop(example)
            passed = time.monotonic() - start
            # What was expected took so long: the rest will take its share.
            rest = passed * sum(left.values()) / max(total - sum(left.values()), 1e-9)
            bar.update()
            bar.set_postfix_str(f"about {rest:.0f} s left")
            if bar.disable:
                LOGGER.info("executed %s (%d of %d)", example.name, count - len(left), count)

        yield done
