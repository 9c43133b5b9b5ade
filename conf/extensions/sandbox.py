"""Keep what examples do inside their folders: no file written elsewhere, no TCP connection opened.

Linux has it since 5.13 (files) and 6.7 (connections), for any user, by Landlock: a process gives rights up, for itself
and its children, and can't take them back. Elsewhere nothing is confined, and :func:`confine` says so.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls, by the same numbers on all processors
NO_NEW_PRIVILEGES, END_WITH_PARENT = 38, 1
# Rights over files, by the version of Landlock that knows them: write, remove, make of each kind, rename, truncate.
WRITING = {1: 0b1_1111_1111_0010, 2: 1 << 13, 3: 1 << 14}
CONNECT = 2
CONNECTIONS = 4  # the version that knows connections


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    answer: int = libc.syscall(ctypes.c_long(number), *arguments)
    if answer < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return answer


def end_with(parent: int) -> None:
    """Let this process end when the one that started it does, however that ends; on Linux only.

    Parameters
    ----------
    parent : int
        The process that started this one.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(f"the build {parent} has ended")


def version() -> int:
    """Give the version of Landlock here; 0 if there is none."""
    if sys.platform != "linux":
        return 0
    try:
        return _call(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError:
        return 0


def confine(writable: Iterable[Path]) -> str:
    """Let this process and its children write below some folders only, and open no TCP connection.

    Parameters
    ----------
    writable : iterable of Path
        Folders that exist.

    Returns
    -------
    str
        What is confined: ``"files and connections"``, ``"files"``, or ``""`` where the platform allows neither.

    Raises
    ------
    OSError
        If a folder can't be opened.
    """
    known = version()
    if not known:
        return ""
    files = sum(right for since, right in WRITING.items() if since <= known)
    connections = CONNECT if known >= CONNECTIONS else 0
    rules = _Rules(files, connections)
    size = ctypes.sizeof(rules) if connections else 8
    ruleset = _call(CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for folder in writable:
            opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined,unused-ignore]
            beneath = _Beneath(files, opened)
            try:
                _call(ADD, ctypes.c_int(ruleset), ctypes.c_int(1), ctypes.byref(beneath), ctypes.c_uint32(0))
            finally:
                os.close(opened)
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _call(RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return "files and connections" if connections else "files"
