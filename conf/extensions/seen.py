"""What an execution saw of the project: the modules that it imported and the files that it read.

A page's kernel and a script's worker list the files with a hash of each. A later build runs code again if one of them
has changed, and only then. A module counts by its syntax, so that a comment changes nothing.
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

from extensions import files

if TYPE_CHECKING:
    from types import ModuleType

ROOT = "ACTDOCS_ROOT"  # the variable that tells a process which project it belongs to
NOTE = "ACTDOCS_SEEN"  # the variable that tells a kernel where to write what it saw
# Results and tools: what is read there is no source.
PASSED_OVER = (".git", ".nox", "build", "conf", "docs", "__pycache__")
HERE = Path(__file__).parent
RECORD = "1"  # the layout of the records
KERNEL = """\
c.IPKernelApp.log_level = 40
c.InteractiveShell.xmode = "Minimal"
c.InteractiveShellApp.exec_lines = [
    "__import__('os').environ['TQDM_DISABLE'] = '1'",
    "__import__('extensions.seen').seen.watch_kernel(get_ipython())",
    "__import__('extensions.figures').figures.use_style()",
]
"""
# What draws the figures; every execution uses it.
STYLE = tuple(HERE / f"{name}.py" for name in ("backend", "figure_data", "figures", "seen"))


SYNTAX: dict[str, str] = {}  # Python, and hash of a module's bytes → hash of its syntax, which takes longer to find


@functools.lru_cache(maxsize=1024)
def _digest(path: str, _changed: int, _size: int) -> str:
    data = Path(path).read_bytes()
    found = hashlib.sha256(data).hexdigest()[:16]
    if not path.endswith(".py"):
        return found
    name = f"{sys.version_info.major}.{sys.version_info.minor} {found}"
    if name not in SYNTAX:
        SYNTAX[name] = text_hash(ast.dump(ast.parse(data)))
    return SYNTAX[name]


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


def text_hash(text: str) -> str:
    """Give a hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_hash(path: Path) -> str:
    """Give a hash of a file's bytes; an empty text if it can't be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


def write(path: Path, data: Any) -> None:
    """Keep data for a later build, with a check; whoever reads finds the whole of it, or what was there before."""
    text = json.dumps(data, indent=0)
    files.write(path, f"{text_hash(text)}\n{text}")


def read(path: Path) -> Any:
    """Give what :func:`write` kept; None if there is nothing, or it was damaged."""
    try:
        check, _, text = path.read_text(encoding="utf-8").partition("\n")
        return json.loads(text) if check == text_hash(text) else None
    except (OSError, ValueError):
        return None


def key(root: Path) -> str:
    """Name what every execution depends on: Python, the locked versions and the way figures are drawn."""
    # A study that is not in the store yet is no file that could be seen.
    names = sorted(path.name for path in (root / "evidence").glob("*"))
    parts = [RECORD, sys.version, *names, *map(digest, (root / "conf" / "locks" / "site.txt", *STYLE))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


_real = functools.cache(os.path.realpath)


class Watch:
    """Notes the files of a project that this process opens, from :meth:`start` on."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
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
        place = Path(_real(path))
        if not place.is_relative_to(self.root):
            return False
        return not set(PASSED_OVER) & set(place.relative_to(self.root).parts)

    def files(self) -> dict[str, str]:
        """Give a hash of each file that was seen, by its name from the root; of one changed meanwhile, none."""
        found = {}
        for path in sorted({*self.modules().values(), *self.opened}):
            place = Path(_real(path))
            if self.inside(path) and place.is_file():
                fresh = not self.started <= place.stat().st_mtime <= time.time()
                found[place.relative_to(self.root).as_posix()] = digest(place) if fresh else "changed meanwhile"
        return found


@functools.cache
def watch() -> Watch:
    """Give the one watch of this process."""
    return Watch(Path(os.environ[ROOT]))


def records(root: Path) -> Path:
    """Name the folder of the records."""
    return root / "build" / "cache" / "seen"


def current(root: Path, noted: dict[str, Any]) -> bool:
    """Tell whether nothing that an execution saw has changed since.

    Parameters
    ----------
    root : Path
        The project.
    noted : dict
        Its record, with the ``key`` of what every execution depends on, and the ``files``.

    Returns
    -------
    bool
    """
    return bool(noted["key"] == key(root)) and all(digest(root / name) == was for name, was in noted["files"].items())


def watch_kernel(shell: Any) -> None:
    """Write what a page's kernel has seen after each of its cells."""
    if NOTE not in os.environ:
        return
    watching = watch()
    watching.start()
    shell.events.register("post_run_cell", lambda _: write(Path(os.environ[NOTE]), watching.files()))
