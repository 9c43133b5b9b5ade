"""Files of a build: written only if they differ, and whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HALF = ".half"  # how the name of a file ends that is being written


def write(path: Path, data: str | bytes) -> bool:
    """Write a file unless it holds the data already, which then keeps its date.

    Parameters
    ----------
    path : Path
        The file; its folders are made. Whoever reads it meanwhile, or after a kill, finds what was there before.
    data : str or bytes
        All of its content; text becomes UTF-8.

    Returns
    -------
    bool
        Whether it was written.
    """
    content = data.encode() if isinstance(data, str) else data
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        pass  # there is none, or no file
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}{HALF}")
    try:
        new.write_bytes(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return True


def sweep(folder: Path) -> None:
    """Remove what builds left that were killed while they wrote."""
    for path in folder.rglob(f".*{HALF}"):
        path.unlink()
