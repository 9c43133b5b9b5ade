"""Zips that hold the same bytes for the same files, so that a build can be compared with another."""

from __future__ import annotations

import os
import time
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EARLIEST = 315532800  # 1980, the first year of a zip's calendar


def write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a zip that depends on nothing but their names and contents, and on ``SOURCE_DATE_EPOCH``."""
    seconds = max(EARLIEST, int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)))
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, time.gmtime(seconds)[:6])
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name])


def settle(path: Path, newer: Mapping[str, bytes]) -> None:
    """Write a zip again without the time and order of its making, with newer contents for some base names."""
    with zipfile.ZipFile(path) as packed:
        files = {name: newer.get(name.rpartition("/")[2], packed.read(name)) for name in packed.namelist()}
    write_zip(path, files)
