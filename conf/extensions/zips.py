"""Zips that hold the same bytes for the same files, so that a build can be compared with another."""

from __future__ import annotations

import io
import os
import time
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EARLIEST = 315532800  # 1980, the first year of a zip's calendar


def write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a zip that depends on nothing but their names and contents, and on ``SOURCE_DATE_EPOCH``.

    A zip that holds them already is left alone, and there is never half of one.
    """
    seconds = max(EARLIEST, int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, time.gmtime(seconds)[:6])
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name])
    if target.exists() and target.read_bytes() == whole.getvalue():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    new.write_bytes(whole.getvalue())
    new.replace(target)


def settle(path: Path, newer: Mapping[str, Path]) -> None:
    """Write a zip again without the time and order of its making, with newer files for some base names.

    It is then as old as the newest of these, so that a page that offers it is not taken for outdated.
    """
    with zipfile.ZipFile(path) as packed:
        names = {name: newer.get(name.rpartition("/")[2]) for name in packed.namelist()}
        write_zip(path, {name: file.read_bytes() if file else packed.read(name) for name, file in names.items()})
    if dates := [file.stat().st_mtime for file in names.values() if file]:
        os.utime(path, (max(dates), max(dates)))
