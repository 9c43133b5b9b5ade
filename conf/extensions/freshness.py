"""Keep what is executed once from going stale.

The caches of MyST-NB and sphinx-gallery know a page's code, but not what it calls. Each execution leaves a record of
what it saw (:mod:`extensions.seen`): where that has changed, it is taken out of its cache and runs again. One key
stands for all of the package: when it changes, every page is read again, since directives ask the package too. What
belongs to a deleted script or page is removed. ``ACTDOCS_EXECUTE=0`` executes nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_cache import get_cache
from sphinx.errors import ExtensionError
from sphinx_gallery.utils import get_md5sum

from extensions import seen

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

KERNEL = """\
c.IPKernelApp.log_level = 40
c.InteractiveShell.xmode = "Minimal"
c.InteractiveShellApp.exec_lines = [
    "__import__('os').environ['TQDM_DISABLE'] = '1'",
    "__import__('extensions.figures').figures.use_style()",
    "__import__('extensions.seen').seen.watch_kernel(get_ipython())",
]
"""


def key(root: Path) -> str:
    """Name all that pages may tell of the package, its results included, and what writes them."""
    places = ("actdocs/**/*.py", "evidence/*", "conf/extensions/*.py", "conf/templates/**/*.*")
    files = [path for place in places for path in sorted(root.glob(place))]
    digest = hashlib.sha256(seen.key(root).encode())
    for path in files:
        digest.update(f"{path.name}\0{seen.digest(path)}".encode())
    return digest.hexdigest()[:16]


def executes() -> bool:
    """Tell whether this build runs code."""
    return os.environ.get("ACTDOCS_EXECUTE", "1") != "0"


class Freshness:
    """The caches of one build."""

    def __init__(self, app: Sphinx) -> None:
        self.root = Path(app.confdir).parent
        self.cache = self.root / "build" / "cache"
        self.record = self.cache / "executed.txt"
        self.key = key(self.root)
        self.stale: set[str] = set()  # sources of pages whose code has to run again
        self.changed = not self.record.exists() or self.record.read_text(encoding="utf-8") != self.key

    def configure(self, app: Sphinx, config: Config) -> None:
        """Point both tools at their caches, without what is stale."""
        os.environ[seen.ROOT] = str(self.root)
        config.package_key = self.key
        config.nb_execution_cache_path = str(self.cache / "notebooks")
        self.set_up_kernels()
        gallery = config.sphinx_gallery_conf = dict(config.sphinx_gallery_conf)
        gallery["reset_modules"] = (*gallery["reset_modules"], "extensions.seen.around_script")
        gallery["reset_modules_order"] = "both"
        self.drop_stale_scripts(Path(app.srcdir, gallery["gallery_dirs"]), Path(app.srcdir, gallery["examples_dirs"]))
        if executes():
            self.drop_stale_pages(config)
        else:
            config.nb_execution_mode = "off"
            gallery["plot_gallery"] = False

    def drop_stale_scripts(self, pages: Path, source: Path) -> None:
        """Take the mark from each script of the gallery that has to run again."""
        names = [script.name for script in source.rglob("*.py")]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ExtensionError(f"scripts of the gallery must have names of their own, got twice: {', '.join(twice)}")
        for mark in pages.rglob("*.py.md5"):
            script = source / mark.with_suffix("").relative_to(pages)
            # The mark outlives a run that failed, whose traceback would be shown once the script is as it was.
            edited = not script.exists() or get_md5sum(script, mode="t") != mark.read_text(encoding="utf-8")
            stale = executes() and not seen.current(self.root, seen.script_record(self.root, script.name))
            if edited or stale:
                mark.unlink()

    def drop_stale_pages(self, config: Config) -> None:
        """Take each notebook out of the cache that has to run again, and note its page."""
        if not Path(config.nb_execution_cache_path).exists():
            return
        cache = get_cache(config.nb_execution_cache_path)
        for record in cache.list_cache_records():
            cells = cache.get_cache_bundle(record.pk).nb.cells
            code = [cell.source for cell in cells if cell.cell_type == "code"]
            if not seen.current(self.root, seen.page_record(self.root, code)):
                cache.remove_cache(record.pk)
                self.stale.add(str(record.uri))

    def set_up_kernels(self) -> None:
        """Set kernels up: the site's figures, short tracebacks, no progress bar or log line on pages."""
        profile = self.cache / "ipython" / "profile_default" / "ipython_kernel_config.py"
        profile.parent.mkdir(parents=True, exist_ok=True)
        profile.write_text(KERNEL, encoding="utf-8")
        os.environ["IPYTHONDIR"] = str(self.cache / "ipython")
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

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
            shutil.rmtree(generated, ignore_errors=True)

    def remove_pages(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> list[str]:
        """Remove the written page of a source that is gone; read a page again whose code failed or has to run again."""
        for docname in removed:
            if app.builder.format == "html":
                Path(app.outdir, app.builder.get_target_uri(docname)).unlink(missing_ok=True)
        runs = {name: data.get("exec_data") for name, data in vars(env).get("nb_metadata", {}).items()}
        failed = {name for name, run in runs.items() if run and not run["succeeded"]}
        stale = {name for path in self.stale if (name := env.path2doc(path)) in env.found_docs}
        return sorted((failed | stale) - removed)

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Note the key once all was executed under it."""
        if exception is None and executes() and app.builder.format == "html":
            self.cache.mkdir(parents=True, exist_ok=True)
            self.record.write_text(self.key, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work before sphinx-gallery, autosummary and MyST-NB read their settings, and after all are done."""
    freshness = Freshness(app)
    app.add_config_value("package_key", "", "env", types=(str,))
    app.connect("config-inited", freshness.configure, priority=1)
    app.connect("builder-inited", freshness.forget, priority=1)
    app.connect("env-get-outdated", freshness.remove_pages)
    app.connect("build-finished", freshness.finish, priority=999)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
