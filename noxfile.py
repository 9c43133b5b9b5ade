# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]"]
# ///
"""Every task of the project: ``python3 noxfile.py -l`` lists them, ``-s NAME`` runs one."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent
LOCKS = Path("conf/locks")


def run_nox_from_a_private_environment() -> int:
    """Make ``.nox/nox`` with the pinned nox in it, and run this file there."""
    home = ROOT / ".nox" / "nox"
    bin_dir = home / ("Scripts" if os.name == "nt" else "bin")
    lock = ROOT / LOCKS / "nox.txt"
    stamp = home / "installed.txt"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        print(f"making a private environment with nox in {home.relative_to(ROOT)} …", flush=True)
        venv.create(home, clear=True, with_pip=True)
        pip = [str(bin_dir / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
        stamp.write_bytes(lock.read_bytes())
    path = f"{bin_dir}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(bin_dir / "python"), "-m", "nox", "-f", __file__, *sys.argv[1:]]
    return subprocess.run(command, env={**os.environ, "PATH": path}, check=False).returncode


try:
    import nox
except ModuleNotFoundError:
    sys.exit(run_nox_from_a_private_environment())

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "tests", "doctest", "docs"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MEASURED = ROOT / "build" / "crosscheck.json"
TORCH = "torch==2.13.0"

# Two processes at once; each file of tests in one of them, with its fixtures.
TWO = ("-n", "2", "--dist", "loadfile")
SPHINX = ("-m", "sphinx", "-c", "conf", "-d", "build/doctrees", "-n", "-W", "--keep-going")


@nox.session(default=False)
def site(session: nox.Session) -> None:
    """Install the one environment that the site's sessions share, by hash."""
    session.install("--require-hashes", "-r", str(LOCKS / "site.txt"))
    session.install("--no-deps", "--no-build-isolation", "-e", ".")


def site_python() -> Path:
    """Name the Python of the shared environment."""
    return (ROOT / ".nox" / "site" / ("Scripts" if os.name == "nt" else "bin")).absolute() / "python"


def python(session: nox.Session, *arguments: str, **env: str) -> None:
    """Run Python in the shared environment, quietly and with its programs first on the path."""
    path = f"{site_python().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    # Byte code is kept, since every kernel and worker imports the same large packages again.
    env = {"PATH": path, "PYTHONDONTWRITEBYTECODE": "", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0", **env}
    session.run(str(site_python()), *arguments, env=env, external=True)


def task(function: Callable[[nox.Session], None]) -> Callable[..., None]:
    """Declare a session that works in the shared environment."""
    return nox.session(venv_backend="none", requires=["site"])(function)


def crosscheck_key() -> str:
    """Give a hash of everything that decides what the cross-check finds; comments and docstrings don't."""
    modules = (
        "balls",
        "catalogue",
        "expressions",
        "normal",
        "numerics",
        "parameters",
        "primitives",
        "singles",
        "snippets",
    )
    files = [ROOT / "actdocs" / f"{module}.py" for module in modules]
    files += [*ROOT.glob("actdocs/activations/*.py"), *ROOT.glob("tests/crosscheck/*.py")]
    digest = hashlib.sha256((ROOT / LOCKS / "crosscheck.txt").read_bytes() + TORCH.encode())
    for file in sorted(files):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
                node.body = node.body[1:]
        digest.update(file.name.encode() + ast.dump(tree).encode())
    return digest.hexdigest()


def measured() -> list[str] | None:
    """Give what the cross-check of these very sources found wrong, or None if there was none."""
    found = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
    failures: list[str] | None = found["failures"] if found.get("key") == crosscheck_key() else None
    return failures


@nox.session
def crosscheck(session: nox.Session) -> None:
    """Compare the code for each framework with the catalogue, and measure the libraries, into build/crosscheck.json."""
    session.install("--require-hashes", "-r", str(LOCKS / "crosscheck.txt"))
    # PyTorch has a build for each kind of machine: pip picks the one that is at hand.
    session.run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TORCH)
    session.run("python", "-m", "tests.crosscheck", f"--key={crosscheck_key()}")


def build(session: nox.Session, root: Path, *arguments: str, **env: str) -> None:
    """Build the site of a checkout, into build/html and build/actdocs-site.zip there; with Chromium, picture it."""
    with session.chdir(root):
        python(session, *SPHINX, "-j", "auto", *arguments, "docs", "build/html", PYTHONPATH=str(root), **env)
        browser = next(filter(None, map(shutil.which, BROWSERS)), None)
        if browser:
            page = (root / "build/html/index.html").as_uri()
            options = (
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--window-size=1200,1000",
            )
            picture = "--screenshot=build/html/_static/front-page.png"
            session.run(browser, *options, picture, page, external=True, silent=True)
        places = os.pathsep.join((str(root), str(root / "conf")))
        python(session, "-m", "extensions.offline", "build/html", "build/actdocs-site.zip", PYTHONPATH=places, **env)


@task
def docs(session: nox.Session) -> None:
    """Build the site, everything executed, into build/html and build/actdocs-site.zip; with Chromium, picture it."""
    if measured() is None:
        session.run(sys.executable, __file__, "-s", "crosscheck", external=True, success_codes=range(256))
    failures = measured()
    if failures is None:
        session.warn("the libraries could not be measured here: the pages will say so")
    elif failures:
        session.error("the snippets don't agree with the catalogue: " + "; ".join(failures))
    build(session, ROOT.absolute(), *session.posargs)


def sources() -> list[str]:
    """List the files of the checkout that belong to the project, committed or not yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout.split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def hashes(folder: Path) -> dict[str, str]:
    """Give a hash of each file in the built site and of its zip; Sphinx's own notes on a build are no part of it."""
    files = [folder / "actdocs-site.zip", *filter(Path.is_file, (folder / "html").rglob("*"))]
    files = [path for path in files if not path.name.startswith(".buildinfo")]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def data_folder(session: nox.Session) -> str:
    """Ask where the data sets are kept."""
    code = "import actdocs; print(actdocs.data.cache_dir())"
    return str(session.run(str(site_python()), "-c", code, external=True, silent=True)).strip()


@task
def reproduce(session: nox.Session) -> None:
    """Build the site again elsewhere, as another user in another time zone, and compare; ``-- --cold`` executes all."""
    here = ROOT / "build"
    if not (here / "actdocs-site.zip").exists():
        session.error("build/actdocs-site.zip is missing: run the session docs first")
    with tempfile.TemporaryDirectory(prefix="another place é") as place:
        there, home = Path(place, "deeper"), Path(place, "home")
        home.mkdir()
        for name in sources():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, there / name)
        (there / "build").mkdir()
        shutil.copy(MEASURED, there / "build")
        if "--cold" not in session.posargs:
            shutil.copytree(here / "web", there / "build" / "web", symlinks=True)
            shutil.copytree(here / "cache", there / "build" / "cache")
            # Every tenth example is executed again.
            records = sorted((there / "build" / "cache" / "seen").rglob("*.json"))
            for record in random.sample(records, len(records) // 10):
                session.log(f"executed again: {record.stem}")
                record.unlink()
        # Where it is already tomorrow, for most of the day.
        env = {"HOME": str(home), "USER": "somebody", "LOGNAME": "somebody", "TZ": "Pacific/Kiritimati", "LANG": "C"}
        env["ACTDOCS_DATA"] = os.environ.get("ACTDOCS_DATA") or data_folder(session)
        build(session, there, **env)
        ours, again = hashes(here), hashes(there / "build")
    differ = sorted(name for name in ours.keys() | again.keys() if ours.get(name) != again.get(name))
    if differ:
        session.error(f"{len(differ)} of {len(ours)} files differ: {', '.join(differ[:20])}")
    session.log(f"{len(ours)} files are the same to the byte")


@task
def versions(session: nox.Session) -> None:
    """List the versions of the site in a folder for its switcher: ``-- FOLDER ADDRESS``."""
    python(session, "-m", "extensions.versions", *session.posargs, PYTHONPATH="conf")


@task
def tests(session: nox.Session) -> None:
    """Run the tests of the package and of the site's own code, with coverage; needs no network."""
    whole = () if session.posargs else (*TWO, "--cov", "--cov-report=term-missing:skip-covered")
    python(session, "-m", "pytest", *whole, *session.posargs)


@nox.session(default=False)
def themes(session: nox.Session) -> None:
    """Build chapter 6, as text and code alone, with the themes that the session browser weighs this site beside."""
    session.install("--require-hashes", "-r", str(LOCKS / "themes.txt"))
    html = os.environ.get("ACTDOCS_HTML", "build/html")
    notebook = f"{html}/_static/notebooks/06-relu.ipynb"
    session.run("python", "tests/browser/themes.py", notebook, "build/browser/themes")


@nox.session(venv_backend="none", requires=["site", "themes"])
def browser(session: nox.Session) -> None:
    """Use the built site in Chromium as readers do, and print what it weighs; ``-- --heavy`` also runs what trains."""
    if not any(map(shutil.which, BROWSERS)):
        session.error(f"no browser on the path: install one of {', '.join(BROWSERS)}")
    some = any(word.startswith("tests/") for word in session.posargs)
    # Once, before two processes would do it at the same time.
    fetch = "from pathlib import Path; from extensions import maths; maths.fetch(*map(Path, {!r}))"
    folders = ["tests/browser/web", "build/browser/web"]
    python(session, "-c", fetch.format(folders), PYTHONPATH="conf")
    python(session, "-m", "pytest", *(() if some else (*TWO, "tests/browser")), *session.posargs)


@task
def doctest(session: nox.Session) -> None:
    """Run every example of the docstrings, the README and the chapters."""
    python(session, "-m", "pytest", *(session.posargs or (*TWO, "actdocs", "docs", "README.md")))


@task
def bench(session: nox.Session) -> None:
    """Measure import, loaders, functions, training, pages and the no-change build; keep them in build/bench.json."""
    python(session, "tests/bench.py", *session.posargs, PYTHONPATH="conf")


@task
def evidence(session: nox.Session) -> None:
    """Run what the store of the heavy studies lacks; goes on where it stopped, here or on a cluster."""
    python(session, "-m", "actdocs.evidence", *session.posargs)


@task
def accuracy(session: nox.Session) -> None:
    """Check all 2³² float32 inputs of the deck's functions, or of those named; goes on where it stopped."""
    python(session, "tests/sweep.py", *session.posargs)


@task
def linkcheck(session: nox.Session) -> None:
    """Follow every external link of the pages; needs the internet, executes no example."""
    sphinx = SPHINX[:-2]
    python(session, *sphinx, "-b", "linkcheck", *session.posargs, "docs", "build/linkcheck", ACTDOCS_EXECUTE="0")


@task
def live(session: nox.Session) -> None:
    """Serve the site on loopback, rebuild and reload it at each save."""
    watch = [f"--watch={folder}" for folder in ("actdocs", "gallery", "conf")]
    ignore = ["--ignore=*/auto_gallery/*", "--ignore=*/__pycache__/*", "--ignore=*/api/generated/*"]
    command = ("-m", "sphinx_autobuild", "-c", "conf", "-d", "build/doctrees", *watch, *ignore)
    python(session, *command, *session.posargs, "docs", "build/html")


@nox.session
def lint(session: nox.Session) -> None:
    """Check format and style with ruff, types with mypy, and those of the pages' scripts with TypeScript."""
    session.install("--require-hashes", "-r", str(LOCKS / "lint.txt"))
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    web = ROOT / "build" / "types"
    web.mkdir(parents=True, exist_ok=True)
    for file in (ROOT / LOCKS / "types").iterdir():
        shutil.copy(file, web)
    with session.chdir(web):
        session.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", silent=True)
    session.run(
        "node", str(web / "node_modules" / "typescript" / "bin" / "tsc"), "--project", "conf/play/jsconfig.json"
    )


@nox.session(default=False, requires=["site"])
def audit(session: nox.Session) -> None:
    """List the licences of all that is installed, and known vulnerabilities where their database can be reached."""
    session.install("--require-hashes", "-r", str(LOCKS / "audit.txt"))
    listing = ("pip-licenses", f"--python={site_python()}", "--format=json")
    told = [tuple(row.values()) for row in json.loads(str(session.run(*listing, silent=True)))]
    for package in (ROOT / "build" / "web" / "node_modules").glob("**/package.json"):
        row = json.loads(package.read_text(encoding="utf-8"))
        if "version" in row:
            told.append((str(row.get("license", "not told")), row["name"], row["version"]))
    for licence, name, version in sorted((row[0].partition("\n")[0][:60], *row[1:]) for row in told):
        print(f"{licence:62}{name} {version}")
    known = False
    for lock in sorted(LOCKS.glob("*.txt")):
        command = ("pip-audit", "--disable-pip", "--progress-spinner=off", "--requirement", str(lock))
        found = str(session.run(*command, silent=True, success_codes=range(256)))
        known |= "known vulnerabilit" in found and "No known" not in found
        if "could not be audited" in found or "ERROR" in found or "rror:" in found:
            session.warn(f"not all that {lock} names could be looked up")
        print(f"\nVulnerabilities of what {lock} names:\n{found.strip()}")
    if known:
        session.error("what is installed has known vulnerabilities: see above")


@nox.session(venv_backend="none")
def lock(session: nox.Session) -> None:
    """Pin the newest versions that the ranges in pyproject.toml allow, with hashes."""
    options = (
        "--universal",
        "--python-version=3.11",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--no-emit-package=actdocs",
    )
    site = ("--extra=all", "--group=docs", "--group=evidence", "--group=live", "--group=test", "--group=build")
    # The libraries that the site runs are measured in the same versions.
    crosscheck = ("--group=crosscheck", f"--constraints={LOCKS / 'site.txt'}")
    groups = {"site": site, "crosscheck": crosscheck} | {
        name: (f"--group={name}",) for name in ("audit", "lint", "nox", "themes")
    }
    for name, wanted in groups.items():
        source = ("pyproject.toml",) if name == "site" else ()
        target = f"--output-file={LOCKS / name}.txt"
        session.run("uv", "pip", "compile", *source, *wanted, *options, "--upgrade", "--quiet", target)


if __name__ == "__main__":
    nox.main()
