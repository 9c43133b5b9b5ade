"""Builds that end badly, of the miniature site: the next one is right to the byte, and each says what went wrong."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_site import INDEX, PAGE, Site

KILLS = 25
COMMAND = (sys.executable, "-m", "sphinx", "-c", "conf", "-d", "build/doctrees", "-nW", "docs", "build/html")
PASSED_OVER = {".buildinfo", ".buildinfo.bak"}


def bytes_of(site: Site) -> dict[str, bytes]:
    """Read all that was built."""
    found = {path.relative_to(site.html).as_posix(): path for path in site.html.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name not in PASSED_OVER}


def same(ours: dict[str, bytes], others: dict[str, bytes]) -> None:
    assert ours.keys() == others.keys()
    assert [name for name in ours if ours[name] != others[name]] == []


def vary(site: Site, number: int) -> None:
    """Write the sources of one of many states of the site."""
    word = ("nothing", "something", "everything")[number]
    site.write("docs/index.md", f"{INDEX}\n\nState {number}, {word}.\n")
    site.write("docs/page.md", PAGE.replace("6 * 7", f"6 * 7 + {number}"))
    site.write("small/two.py", f"import small.deep\nstate = {number}\n")


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Build each state cold, in a folder of its own, as another user elsewhere would."""
    built: dict[int, dict[str, bytes]] = {}

    def give(number: int) -> dict[str, bytes]:
        if number not in built:
            cold = Site(tmp_path_factory.mktemp("cold") / "another place é")
            vary(cold, number)
            cold.build(TZ="Pacific/Kiritimati", LANG="C", USER="somebody", HOME=str(cold.root))
            built[number] = bytes_of(cold)
        return built[number]

    return give


@pytest.fixture
def site(tmp_path):
    small = Site(tmp_path / "site")
    vary(small, 0)
    yield small
    subprocess.run(["umount", "-l", small.root / "build"], check=False, stderr=subprocess.DEVNULL)


def test_a_build_that_is_killed_at_any_moment_leaves_the_next_one_right(site, reference):
    """Killed at moments drawn at random over a whole build, each with sources that changed since."""
    site.build()
    vary(site, 2)
    start = time.monotonic()
    site.build()
    whole = time.monotonic() - start
    draw, killed = random.Random(0), 0
    env = {**os.environ, "RUNS": str(site.root / "build" / "runs.txt"), "PYTHONHASHSEED": "0"}
    for kill in range(1, KILLS + 1):
        vary(site, kill % 3)
        with subprocess.Popen(
            COMMAND, cwd=site.root, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            try:
                running.wait(draw.uniform(0, 1.1) * whole)
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
                killed += 1
        if kill % 5 == 0:
            site.build()
            same(bytes_of(site), reference(kill % 3))
    assert killed > KILLS // 2


def test_two_builds_at_once_wait_for_each_other(site, reference):
    env = {**os.environ, "RUNS": str(site.root / "build" / "runs.txt"), "PYTHONHASHSEED": "0"}
    (site.root / "build").mkdir()
    (site.root / "build" / "runs.txt").touch()
    running = [
        subprocess.Popen(COMMAND, cwd=site.root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    logs = [one.communicate()[0].decode() for one in running]
    assert [one.returncode for one in running] == [0, 0], logs
    assert sum("another build of this checkout is running" in log for log in logs) == 1
    assert sorted((site.root / "build" / "runs.txt").read_text().split()) == ["page", "plot_1", "plot_10"]
    same(bytes_of(site), reference(0))


def mount(site: Site, options: str) -> None:
    """Put a small disk below the build, if this user may."""
    place = site.root / "build"
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only the administrator may mount a small disk")


@pytest.mark.parametrize("size", ["40k", "400k", "1200k", "2500k", "3400k"])
def test_a_full_disk_ends_the_build_with_a_word_and_the_next_one_is_right(site, reference, size):
    mount(site, f"size={size}")
    _, log = site.build(passes=False)
    assert "No space left on device" in log or "disk is full" in log, log
    subprocess.run(["mount", "-o", "remount,size=400m", str(site.root / "build")], check=True)
    site.build()
    same(bytes_of(site), reference(0))


def test_a_cache_that_can_not_be_written_ends_the_build_with_its_name(site, reference):
    mount(site, "size=400m")
    site.build()
    vary(site, 1)
    (site.root / "build" / "runs.txt").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(site.root / "build")], check=True)
    env = {**os.environ, "RUNS": str(site.root / "runs.txt"), "PYTHONHASHSEED": "0"}
    done = subprocess.run(COMMAND, cwd=site.root, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode != 0
    assert "Read-only file system" in done.stderr
    assert str(site.root / "build") in done.stderr
    subprocess.run(["mount", "-o", "remount,rw", str(site.root / "build")], check=True)
    site.build()
    same(bytes_of(site), reference(1))


def test_a_build_needs_no_network(site, reference):
    alone = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system gives no network of one's own")
    (site.root / "build").mkdir()
    env = {**os.environ, "RUNS": str(site.root / "build" / "runs.txt"), "PYTHONHASHSEED": "0"}
    subprocess.run([*alone, *COMMAND], cwd=site.root, env=env, check=True, capture_output=True)
    same(bytes_of(site), reference(0))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('open(os.environ["ACTDOCS_ROOT"] + "/docs/index.md", "w")', "PermissionError"),
        ('import socket\nsocket.create_connection(("127.0.0.1", 9), 1)', "PermissionError"),
    ],
)
@pytest.mark.parametrize("where", ["page", "script"])
def test_an_example_that_reaches_beyond_its_folders_fails_by_name(site, code, words, where):
    from extensions import sandbox

    if sandbox.version() < sandbox.CONNECTIONS:
        pytest.skip("this system has no Landlock, or one that knows no connections")
    if where == "page":
        site.write("docs/page.md", PAGE.replace("import small.one\n", f"import small.one\n{code}\n"))
        name = "docs/page.md"
    else:
        script = site.root / "gallery/1_first/plot_10.py"
        script.write_text(script.read_text(encoding="utf-8").replace("figure, ax", f"{code}\nfigure, ax"))
        name = "gallery/1_first/plot_10.py"
    _, log = site.build(passes=False)
    assert f"{name} failed" in log
    assert words in log
    assert "State 0" in (Path(site.root) / "docs" / "index.md").read_text(encoding="utf-8")
