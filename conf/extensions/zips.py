"""Zips that hold the same bytes for the same files, so that a build can be compared with another."""

from __future__ import annotations

import io
import os
import time
import zipfile
from typing import TYPE_CHECKING

from extensions import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EARLIEST = 315532800  # 1980, the first year of a zip's calendar


def write_zip(target: Path, contents: Mapping[str, bytes]) -> None:
    """Write a zip that depends on nothing but the names and contents of its files, and on ``SOURCE_DATE_EPOCH``."""
    seconds = max(EARLIEST, int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, time.gmtime(seconds)[:6])
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, contents[name])
    files.write(target, whole.getvalue())


def settle(path: Path, newer: Mapping[str, Path]) -> None:
    """Write a zip again without the time and order of its making, with newer files for some base names.

    It is then as old as the newest of these, so that a page that offers it is not taken for outdated.
    """
    with zipfile.ZipFile(path) as packed:
        names = {name: newer.get(name.rpartition("/")[2]) for name in packed.namelist()}
        write_zip(path, {name: one.read_bytes() if one else packed.read(name) for name, one in names.items()})
    if dates := [one.stat().st_mtime for one in names.values() if one]:
        os.utime(path, (max(dates), max(dates)))
