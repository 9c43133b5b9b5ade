"""Keep what is executed once from going stale.

The caches of MyST-NB and sphinx-gallery know a page's code, but not the package that it calls. One key stands for all
the rest: the package's sources, the locked versions, Python, the way figures are drawn. When it changes, everything
runs again. What belongs to a deleted script or page is removed. ``ACTDOCS_EXECUTE=0`` executes nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
KERNEL = """\
c.IPKernelApp.log_level = 40
c.InteractiveShell.xmode = "Minimal"
c.InteractiveShellApp.exec_lines = [
    "__import__('os').environ['TQDM_DISABLE'] = '1'",
    "__import__('extensions.figures').figures.use_style()",
]
"""


def key(root: Path) -> str:
    """Name everything besides its own code that an executed page or script depends on."""
    files = [
        *sorted((root / "actdocs").rglob("*.py")),
        root / "conf" / "locks" / "site.txt",
        HERE / "figures.py",
        HERE / "backend.py",
        HERE / "freshness.py",
    ]
    digest = hashlib.sha256(sys.version.encode())
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
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
        self.changed = not self.record.exists() or self.record.read_text(encoding="utf-8") != self.key

    def configure(self, app: Sphinx, config: Config) -> None:
        """Point both tools at caches that belong to the key."""
        config.nb_execution_cache_path = str(self.cache / f"notebooks-{self.key}")
        self.set_up_kernels()
        gallery = config.sphinx_gallery_conf = dict(config.sphinx_gallery_conf)
        if executes():
            gallery["run_stale_examples"] = self.changed
        else:
            config.nb_execution_mode = "off"
            gallery["plot_gallery"] = False

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
        """Remove the written page of a source that is gone; read a page again whose code failed last time."""
        for docname in removed:
            if app.builder.format == "html":
                Path(app.outdir, app.builder.get_target_uri(docname)).unlink(missing_ok=True)
        runs = {name: data.get("exec_data") for name, data in vars(env).get("nb_metadata", {}).items()}
        return [name for name, run in runs.items() if run and not run["succeeded"] and name not in removed]

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Note the key once all was executed under it, and drop the caches of other keys."""
        if exception is None and executes() and app.builder.format == "html":
            self.cache.mkdir(parents=True, exist_ok=True)
            self.record.write_text(self.key, encoding="utf-8")
            for folder in self.cache.glob("notebooks-*"):
                if folder.name != f"notebooks-{self.key}":
                    shutil.rmtree(folder)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work before sphinx-gallery, autosummary and MyST-NB read their settings, and after all are done."""
    freshness = Freshness(app)
    app.connect("config-inited", freshness.configure, priority=1)
    app.connect("builder-inited", freshness.forget, priority=1)
    app.connect("env-get-outdated", freshness.remove_pages)
    app.connect("build-finished", freshness.finish, priority=999)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
