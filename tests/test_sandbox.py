"""What a confined process may do, and no longer can."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from extensions import sandbox

CONF = Path(__file__).parents[1] / "conf"
CODE = """\
import os, socket, subprocess, sys
from pathlib import Path
sys.path.insert(0, {conf!r})
from extensions import sandbox
inside, outside = Path({inside!r}), Path({outside!r})
server = socket.create_server(("127.0.0.1", 0))
print(sandbox.confine([inside, Path("/dev")]))
{code}
"""


def confined(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "old.txt").write_text("old")
    text = CODE.format(conf=str(CONF), inside=str(inside), outside=str(outside), code=code)
    return subprocess.run([sys.executable, "-c", text], capture_output=True, encoding="utf-8", check=False)


needs_landlock = pytest.mark.skipif(
    sandbox.version() < sandbox.CONNECTIONS, reason="this system has no Landlock, or one that knows no connections"
)


@needs_landlock
@pytest.mark.parametrize(
    "code",
    [
        '(outside / "new.txt").write_text("new")',
        '(outside / "old.txt").write_text("new")',
        'open(outside / "old.txt", "a")',
        '(outside / "old.txt").unlink()',
        '(outside / "folder").mkdir()',
        '(outside / "old.txt").rename(inside / "moved.txt")',
        'os.truncate(outside / "old.txt", 0)',
        'os.symlink("old.txt", outside / "link")',
        "socket.create_connection(server.getsockname())",
        'subprocess.run([sys.executable, "-c", f"open({str(outside / chr(110))!r}, chr(119))"], check=True)',
    ],
)
def test_what_lies_outside_stays_as_it_is(tmp_path, code):
    done = confined(tmp_path, code)
    assert done.returncode == 1
    assert "PermissionError" in done.stderr
    assert sorted(path.name for path in (tmp_path / "outside").iterdir()) == ["old.txt"]
    assert (tmp_path / "outside" / "old.txt").read_text() == "old"


@needs_landlock
def test_what_lies_inside_can_be_written_and_all_can_be_read(tmp_path):
    code = """
(inside / "folder").mkdir()
(inside / "old.txt").rename(inside / "folder" / "new.txt")
(inside / "folder" / "new.txt").write_text((outside / "old.txt").read_text() + "er")
open(os.devnull, "w").write("x")
socket.create_server(("127.0.0.1", 0))
subprocess.run([sys.executable, "-c", f"open({str(inside / 'child')!r}, 'w')"], check=True)
"""
    done = confined(tmp_path, code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("files")
    assert (tmp_path / "inside" / "folder" / "new.txt").read_text() == "older"


def test_a_platform_without_landlock_confines_nothing_and_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    assert sandbox.version() == 0
    assert sandbox.confine([tmp_path]) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread of the worker waits for the end of the build")
def test_a_worker_ends_with_its_build(tmp_path):
    worker = f"import os,sys,time; sys.path.insert(0, {str(CONF)!r}); from extensions import sandbox; "
    worker += "sandbox.end_with(int(sys.argv[1])); print('ready', flush=True); time.sleep(60)"
    build = (
        "import os, subprocess, sys; "
        f"one = subprocess.Popen([sys.executable, '-c', {worker!r}, str(os.getpid())], stdout=subprocess.PIPE); "
        "one.stdout.readline(); print(one.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", build], stdout=subprocess.PIPE, encoding="utf-8", check=False)
    state, until = Path(f"/proc/{int(done.stdout)}/stat"), time.monotonic() + 10
    while state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < until, "the worker goes on"
        time.sleep(0.05)
