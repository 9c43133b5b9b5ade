"""Keep what is executed once from going stale, and what was left half-way from being taken for whole.

What an example shows is brought up to date first (:mod:`extensions.executions`). Then pages are read again if their
outputs are new, if the package changed, which directives ask too, if they were warned of, or if the last build did not
come to its end. What belongs to a deleted script or page is removed. ``ACTDOCS_EXECUTE=0`` executes nothing.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from jupyter_cache import get_cache
from sphinx.errors import ExtensionError
from sphinx.util.logging import WarningStreamHandler, getLogger

from extensions import executions, files, seen

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

LOGGER = getLogger(__name__)
ALL = "*"  # stands for all pages


def key(root: Path) -> str:
    """Name all that pages may tell of the package, its results included, and what writes them."""
    places = ("actdocs/**/*.py", "evidence/*", "conf/extensions/*.py", "conf/templates/**/*.*", "docs/api/*.md")
    files = [path for place in places for path in sorted(root.glob(place))]
    digest = hashlib.sha256(seen.key(root).encode())
    for path in files:
        digest.update(f"{path.name}\0{seen.digest(path)}".encode())
    return digest.hexdigest()[:16]


def executes() -> bool:
    """Tell whether this build runs code."""
    return os.environ.get("ACTDOCS_EXECUTE", "1") != "0"


class Freshness:
    """What one build has to do again."""

    def __init__(self, app: Sphinx) -> None:
        self.root = Path(app.confdir).parent
        self.cache = self.root / "build" / "cache"
        self.notebooks = self.cache / "notebooks"
        self.mark = Path(app.doctreedir) / "unfinished.json"
        self.unfinished: list[str] = []  # pages to be read again
        self.read: set[str] = set()
        self.warned: set[str] = set()
        self.writing = False
        self.executed = self.cache / "executed.txt"
        seen.SYNTAX.update(seen.read(self.cache / "syntax.json") or {})
        self.key = key(self.root)
        self.changed = not self.executed.exists() or self.executed.read_text(encoding="utf-8") != self.key

    def configure(self, app: Sphinx, config: Config) -> None:
        """Wait for another build of this checkout, and point both tools at their caches."""
        self.lock = FileLock(self.cache / "build.lock")
        self.cache.mkdir(parents=True, exist_ok=True)
        try:
            self.lock.acquire(timeout=0)
        except Timeout:
            LOGGER.info("another build of this checkout is running: waiting for it to end")
            self.lock.acquire()
        self.unfinished = seen.read(self.mark) or []
        os.environ[seen.ROOT] = str(self.root)
        config.package_key = self.key
        config.nb_execution_cache_path = str(self.notebooks)
        self.set_up_kernels()
        gallery = config.sphinx_gallery_conf = dict(config.sphinx_gallery_conf)
        self.settings = seen.text_hash(repr(sorted(gallery.items())))
        names = [script.name for script in Path(app.srcdir, gallery["examples_dirs"]).rglob("*.py")]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ExtensionError(f"scripts of the gallery must have names of their own, got twice: {', '.join(twice)}")
        if not executes():
            config.nb_execution_mode = "off"
            gallery["plot_gallery"] = False

    def set_up_kernels(self) -> None:
        """Set kernels up: the site's figures, short tracebacks, no progress bar or log line on pages."""
        profile = self.cache / "ipython" / "profile_default" / "ipython_kernel_config.py"
        files.write(profile, seen.KERNEL)
        os.environ["IPYTHONDIR"] = str(self.cache / "ipython")
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

    def execute(self, app: Sphinx) -> None:
        """Run what is not current, and keep in the cache what belongs to something."""
        app.config.autosummary_generate = self.generate
        if not executes():
            return
        try:
            get_cache(self.notebooks).list_cache_records()
        except Exception as error:  # of the data base, by itself or wrapped by the cache
            reason = str(error.__cause__ or error).partition("\n")[0]
            if not re.search("not a database|malformed|no such", reason):
                raise ExtensionError(f"{self.notebooks}: the cache of notebooks can't be used: {reason}") from error
            LOGGER.info("the cache of notebooks is made anew, for it is damaged: %s", reason)
            shutil.rmtree(self.notebooks)
        examples = executions.find(app, self.settings)
        waiting = executions.waiting(examples)
        if waiting:
            self.unfinished += [
                app.env.path2doc(str(one.source)) or ALL for one in waiting if isinstance(one, executions.Page)
            ]
            seen.write(self.mark, self.unfinished)
            written = Path(app.srcdir, app.config.sphinx_gallery_conf["gallery_dirs"])
            written.mkdir(exist_ok=True)
            executions.run(waiting, [self.root / "build", written])
        for example in examples:
            example.show()
        executions.prune(self.root, examples, self.notebooks)

    def forget(self, app: Sphinx) -> None:
        """Remove what sphinx-gallery and autosummary made of things that are gone."""
        conf = app.config.sphinx_gallery_conf
        source = Path(app.srcdir, conf["examples_dirs"])
        pages = Path(app.srcdir, conf["gallery_dirs"])
        generated = Path(app.srcdir, "api", "generated")
        gone = [copy for copy in pages.rglob("*.py") if not (source / copy.relative_to(pages)).exists()]
        for copy in gone:
            picture = re.compile(rf"sphx_glr_{re.escape(copy.stem)}_(\d{{3}}|thumb)\.")
            written = [
                *copy.parent.glob(f"{copy.stem}.*"),
                *Path(app.outdir).glob(f"_downloads/*/{copy.stem}.*"),
                *filter(lambda path: picture.match(path.name), copy.parent.glob("images/**/*.*")),
                *filter(lambda path: picture.match(path.name), Path(app.outdir).glob("_images/*")),
            ]
            for path in written:
                path.unlink()
        for folder in filter(Path.is_dir, pages.glob("*")):
            if folder.name != "images" and not (source / folder.name).exists():
                shutil.rmtree(folder)
        if gone or (self.changed and executes()):
            self.executed.unlink(missing_ok=True)  # until this build is done, none is
            shutil.rmtree(generated, ignore_errors=True)
        # Autosummary would look at the whole package to write again what is there.
        self.generate = app.config.autosummary_generate
        if (generated / "actdocs.rst").exists():
            app.config.autosummary_generate = False

    def read_again(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> list[str]:
        """Name pages to be read whatever their dates say; remove the written page of a source that is gone."""
        for docname in removed:
            if app.builder.format == "html":
                Path(app.outdir, app.builder.get_target_uri(docname)).unlink(missing_ok=True)
        return sorted(env.found_docs if ALL in self.unfinished else {*self.unfinished} & env.found_docs)

    def remove_pages(self, app: Sphinx) -> None:
        """Remove the pages of sources that are gone, also where the build that knew them was lost."""
        written, out = self.cache / "pages.json", Path(app.outdir)
        names = sorted(app.builder.get_target_uri(docname) for docname in app.env.found_docs)
        for name in {*(seen.read(written) or ())} - {*names}:
            (out / name).unlink(missing_ok=True)
        seen.write(written, names)
        files.sweep(out)

    def begin(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Mark the build as begun: should it be killed, all pages are read and written again."""
        self.read.update(docnames)
        seen.write(self.mark, [ALL])

    def end_of_reading(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Note that pages are being written from now on; each page that was read, even if it looks the same."""
        self.writing = True
        return sorted(self.read & env.found_docs)

    def note(self, record: logging.LogRecord) -> bool:
        """Note which page a warning tells of."""
        place = str(getattr(record, "location", None) or "")
        found = re.match(r"(.+?\.(?:md|rst))(?::|$)", place)
        self.warned.add(found[1] if found else ALL)
        return True

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Note what the next build has to do again."""
        if exception is None and app.builder.format == "html":
            self.remove_pages(app)
        if exception is None and executes() and app.builder.format == "html":
            files.write(self.executed, self.key)
            seen.write(self.cache / "syntax.json", seen.SYNTAX)
        warned = {ALL if path == ALL else app.env.path2doc(path) or ALL for path in self.warned}
        left = warned if exception is None else {ALL} if self.writing else self.read
        if left:
            seen.write(self.mark, sorted(left))
        elif exception is None:
            self.mark.unlink(missing_ok=True)
        self.lock.release()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work before sphinx-gallery, autosummary and MyST-NB read their settings, and after all are done."""
    freshness = Freshness(app)
    app.add_config_value("package_key", "", "env", types=(str,))
    app.connect("config-inited", freshness.configure, priority=1)
    app.connect("builder-inited", freshness.forget, priority=1)
    # Listed between MyST-NB, which makes its settings then, and sphinx-gallery, which runs what has not run.
    app.connect("builder-inited", freshness.execute)
    app.connect("env-get-outdated", freshness.read_again)
    app.connect("env-before-read-docs", freshness.begin)
    app.connect("env-updated", freshness.end_of_reading, priority=999)
    app.connect("build-finished", freshness.finish, priority=999)
    for handler in logging.getLogger("sphinx").handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.addFilter(freshness.note)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
