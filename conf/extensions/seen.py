"""What an execution saw of the project: the modules that it imported and the files that it read.

A page's kernel and a gallery's worker each write a record: the files with a hash of each. A later build runs code again
if one of them has changed, and only then. A module counts by its syntax, so that a comment changes nothing.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

ROOT = "ACTDOCS_ROOT"  # the variable that tells a process which project it belongs to
# Results and tools: what is read there is no source.
PASSED_OVER = (".git", ".nox", "build", "conf", "docs", "__pycache__")
HERE = Path(__file__).parent
# What draws the figures; every execution uses it.
STYLE = tuple(HERE / f"{name}.py" for name in ("backend", "figure_data", "figures", "seen"))


@functools.lru_cache(maxsize=1024)
def _digest(path: str, _changed: int, _size: int) -> str:
    data = Path(path).read_bytes()
    if path.endswith(".py"):
        data = ast.dump(ast.parse(data)).encode()
    return hashlib.sha256(data).hexdigest()[:16]


def digest(path: Path) -> str:
    """Give a hash of a file, of a module's syntax; an empty text if there is none.

    Parameters
    ----------
    path : Path
        Any file.

    Returns
    -------
    str
    """
    try:
        stat = path.stat()
        return _digest(str(path), stat.st_mtime_ns, stat.st_size)
    except (OSError, SyntaxError, ValueError):
        return ""


def key(root: Path) -> str:
    """Name what every execution depends on: Python, the locked versions and the way figures are drawn."""
    # A study that is not in the store yet is no file that could be seen.
    names = sorted(path.name for path in (root / "evidence").glob("*"))
    parts = [sys.version, *names, *map(digest, (root / "conf" / "locks" / "site.txt", *STYLE))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Watch:
    """Notes the files of a project that this process opens, from :meth:`start` on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.opened: set[str] = set()
        self.started = 0.0
        self.kept: dict[str, ModuleType] = {}
        sys.addaudithook(self.note)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take note of a file that is opened to be read."""
        if event == "open" and isinstance(arguments[0], str | os.PathLike) and "r" in (arguments[1] or "r"):
            self.opened.add(os.path.abspath(arguments[0]))

    def start(self) -> None:
        """Forget what was seen; what is imported of the project from now on is imported anew."""
        self.opened.clear()
        self.started = time.time()
        self.kept = self.taken()

    def stop(self) -> None:
        """Put the modules back that this process had before."""
        self.taken()
        sys.modules.update(self.kept)

    def taken(self) -> dict[str, ModuleType]:
        """Take the project's modules out of those that are loaded."""
        return {name: sys.modules.pop(name) for name, path in self.modules().items() if self.inside(path)}

    @staticmethod
    def modules() -> dict[str, str]:
        """Give the files of all modules that are loaded."""
        found = ((name, getattr(module, "__file__", None)) for name, module in [*sys.modules.items()])
        return {name: path for name, path in found if path}

    def inside(self, path: str) -> bool:
        """Tell whether a file is a source of the project."""
        place = Path(path)
        if not place.is_relative_to(self.root):
            return False
        return not set(PASSED_OVER) & set(place.relative_to(self.root).parts)

    def files(self) -> dict[str, str]:
        """Give a hash of each file that was seen, by its name from the root; of one changed meanwhile, none."""
        found = {}
        for path in sorted({*self.modules().values(), *self.opened}):
            place = Path(path)
            if self.inside(path) and place.is_file():
                fresh = place.stat().st_mtime < self.started
                found[place.relative_to(self.root).as_posix()] = digest(place) if fresh else "changed meanwhile"
        return found

    def write(self, record: Path) -> None:
        """Write what was seen."""
        record.parent.mkdir(parents=True, exist_ok=True)
        new = record.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps({"key": key(self.root), "files": self.files()}, indent=0), encoding="utf-8")
        new.replace(record)


@functools.cache
def watch() -> Watch:
    """Give the one watch of this process."""
    return Watch(Path(os.environ[ROOT]))


def records(root: Path) -> Path:
    """Name the folder of the records."""
    return root / "build" / "cache" / "seen"


def current(root: Path, record: Path) -> bool:
    """Tell whether nothing that an execution saw has changed since.

    Parameters
    ----------
    root : Path
        The project.
    record : Path
        What the execution wrote; a record that is missing or damaged is not current.

    Returns
    -------
    bool
    """
    try:
        noted = json.loads(record.read_text(encoding="utf-8"))
        seen: dict[str, str] = noted["files"]
        return bool(noted["key"] == key(root)) and all(digest(root / name) == was for name, was in seen.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


# The gallery's scripts


def script_record(root: Path, name: str) -> Path:
    """Name the record of a gallery's script; sphinx-gallery tells no more than the name of its file."""
    return records(root) / f"{Path(name).stem}.json"


def around_script(gallery_conf: dict[str, Any], fname: str | None, when: str) -> None:
    """Watch a script of the gallery: sphinx-gallery calls this before and after each."""
    if fname is None:  # it enters a folder
        return
    if when == "before":
        watch().start()
    else:
        watch().write(script_record(watch().root, fname))
        watch().stop()


# The pages' kernels


def page_record(root: Path, cells: list[str]) -> Path:
    """Name the record of a page by the code of its cells."""
    text = "\0".join(filter(None, map(str.strip, cells)))
    return records(root) / f"page-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"


def watch_kernel(shell: Any) -> None:
    """Write the record of a page's kernel after each of its cells; that after the last one is the page's."""
    watching = watch()
    cells: list[str] = []
    written: list[Path] = []
    watching.start()

    def note(result: Any) -> None:
        if not result.info.store_history:  # a line of the kernel's own
            return
        cells.append(result.info.raw_cell)
        for record in written:
            record.unlink(missing_ok=True)
        written[:] = [page_record(watching.root, cells)]
        watching.write(written[0])

    shell.events.register("post_run_cell", note)
