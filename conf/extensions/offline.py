"""What readers take along: the package as a wheel, the examples as zips, the whole site as one zip.

Each page with code says below its title what to install for it, found from what the code imports.

``python -m extensions.offline build/html build/actdocs-site.zip`` packs a built site.
"""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

import actdocs
from extensions import files, freshness, notebooks
from extensions.zips import write_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

SITE = "actdocs-site.zip"
FOLDER = "activation-functions"  # what the site's zip unpacks to
# What only a host has use for.
HOSTED = {"404.html", "_headers", "robots.txt", "sitemap.xml", SITE, ".buildinfo"}
# The switcher between versions, and the address of their list, which is on the host.
SWITCHER = re.compile(
    rb'<div class="version-switcher__container.*?</button>\s*<div.*?</div>\s*</div>'
    rb"|DOCUMENTATION_OPTIONS\.theme_switcher_json_url = '[^']*';",
    re.DOTALL,
)
PAGE = "use"

LANGUAGES = {"python", "pycon", "pycon3", "ipython", "ipython3", "default"}
EXTRAS = ("", "plot", "all")  # each brings what those before it bring
# A third-party module that is missing here takes all.
BRINGS = {
    "numpy": "",
    "scipy": "",
    "matplotlib": "plot",
    "actdocs": "",
    "actdocs.plotting": "plot",
    **dict.fromkeys(
        (f"actdocs.{name}" for name in ("data", "evidence", "layers", "models", "proofs", "training")), "all"
    ),
}
LIGHT = {
    "actdocs.data.make_moons",
    "actdocs.data.ANIMALS",
    "actdocs.models.linear_neuron",
}  # of a heavy module, and light


def pack(site: Path, target: Path) -> None:
    """Pack a built site for offline use; a site to be hosted offers the zip itself."""
    if not (site / "index.html").exists():
        raise FileNotFoundError(f"site is {str(site)!r}: give the folder of a built site")
    names = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    kept = {name: path for name, path in names.items() if name not in HOSTED and not name.startswith("_static/cards/")}
    whole = {f"{FOLDER}/{name}": path.read_bytes() for name, path in kept.items()}
    write_zip(
        target, {name: SWITCHER.sub(b"", data) if name.endswith(".html") else data for name, data in whole.items()}
    )
    if "sitemap.xml" in names:
        files.write(site / SITE, target.read_bytes())


# The wheel


def wheel_name(root: Path) -> str:
    """Give the name of the package's wheel."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['name']}-{project['version']}-py3-none-any.whl"


def build_wheel(app: Sphinx) -> None:
    """Build the wheel beside the pages, unless it is there and the package has not changed."""
    root, static = Path(app.confdir).parent, Path(app.outdir) / "_static"
    if app.builder.format != "html" or not (root / "pyproject.toml").exists():
        return
    parts = [(root / name).read_bytes() for name in ("pyproject.toml", "README.md", "LICENSE")]
    key = freshness.key(root) + hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    wheel, stamp = static / wheel_name(root), Path(app.doctreedir) / "wheel.txt"
    if wheel.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == key:
        return
    for old in static.glob("actdocs-*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(static)]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    if done.returncode or not wheel.exists():
        raise ExtensionError(f"{wheel.name} was not built:\n{done.stderr.strip()}")
    files.write(stamp, key)


# What to install for a page


def imported(code: str) -> Iterator[str]:
    """Give the full names of what some code imports, or takes from ``actdocs``."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)
    # Only the full name says something: actdocs.data is heavy, actdocs.data.make_moons isn't.
    yield from re.findall(r"(?<![.\w])(?<!from )(?<!import )actdocs(?:\.\w+)+", code)


def extra(name: str) -> str:
    """Give the extra of the package that brings an imported name."""
    top, _, rest = name.partition(".")
    if top == "actdocs" and rest and "." not in rest:
        # The package gives the functions of its modules.
        name = f"{getattr(getattr(actdocs, rest, None), '__module__', None) or 'actdocs'}.{rest}"
    if top in sys.stdlib_module_names or name in LIGHT:
        return ""
    parts = name.split(".")
    known = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((BRINGS[part] for part in known if part in BRINGS), "all")


def needed(blocks: Iterable[str], documented: Iterable[str] = ()) -> str | None:
    """Give the extra that blocks of code need together, or None if they import nothing but Python's own.

    The examples of documented names import nothing and use them.
    """
    names = set(documented)
    for block in blocks:
        shown = re.findall(r"^(?:>>>|\.\.\.) ?(.*)$", block, re.MULTILINE)
        try:
            names.update(imported("\n".join(shown) if shown else block))
        except SyntaxError:
            continue  # a fragment, or something that only looks like Python
    foreign = [name for name in names if name.partition(".")[0] not in sys.stdlib_module_names]
    return max(map(extra, foreign), key=EXTRAS.index) if foreign else None


def code(doctree: nodes.document) -> Iterator[str]:
    """Give a page's blocks of Python."""
    for kind in (nodes.literal_block, nodes.doctest_block):
        for block in doctree.findall(kind):
            if kind is nodes.doctest_block or str(block.get("language")).lower() in LANGUAGES:
                yield block.astext()


def note_needs(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page needs while its code is code: sphinx-gallery turns it into HTML later."""
    blocks = list(code(doctree))
    documented = [name for one in doctree.findall(addnodes.desc_signature) for name in one["ids"]]
    found = needed(blocks, documented) if blocks else None
    if found is not None:
        app.env.metadata[app.env.current_document.docname]["needs"] = found


def say_needs(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Say below the title what to install for the code of the page."""
    root = Path(app.confdir).parent
    found = app.env.metadata[pagename].get("needs") if pagename in app.env.found_docs else None
    if found is None or PAGE not in app.env.found_docs or not (root / "pyproject.toml").exists():
        return
    to, wheel = context["pathto"], wheel_name(root)
    name = f"actdocs[{found}]" if found else "actdocs"
    links = [f'<a href="{to(f"_static/{wheel}", 1)}" download>wheel</a>', f'<a href="{to(PAGE)}#install">how</a>']
    line = f"To run the code, install <code>{name}</code> ({', '.join(links)})"
    if pagename in notebooks.pages(app):
        line += f' · <a href="{to(notebooks.place(pagename), 1)}" download>notebook</a>'
    line = f'<p class="needs">{line}</p>'
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{line}", 1)


class FileRole(SphinxRole):
    """A link to a file beside the pages: ``{offline}`wheel``` or ``{offline}`chapters```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Link to it from the page's folder."""
        wheel = wheel_name(Path(self.env.app.confdir).parent)
        files = {"wheel": f"_static/{wheel}", "chapters": f"{notebooks.FOLDER}/chapters.zip"}
        if self.text not in files:
            message = self.inliner.reporter.error(
                f"offline is {self.text!r}: one of {', '.join(files)}", line=self.lineno
            )
            return [], [message]
        name = files[self.text]
        up = "../" * self.env.docname.count("/")
        text = f'<a href="{up}{name}" download>{name.rpartition("/")[2]}</a>'
        return [nodes.raw("", text, format="html")], []


class InstallCommands(SphinxDirective):
    """The commands that install the wheel: ``{install-commands}``."""

    def run(self) -> list[nodes.Node]:
        """Write them as one block to copy."""
        wheel = wheel_name(Path(self.env.app.confdir).parent)
        lines = [f'pip install "{wheel}[{name}]"' for name in EXTRAS if name] + [f"pip install --no-deps {wheel}"]
        text = "\n".join(f"$ {line}" for line in lines)
        return [nodes.literal_block(text, text, language="console")]


def tag(app: Sphinx, config: Config) -> None:
    """Let pages say more where they are to be hosted."""
    if config.html_baseurl:
        app.tags.add("hosted")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Build the wheel first, so that its failure costs no time."""
    app.setup_extension("extensions.notebooks")
    app.add_role("offline", FileRole())
    app.add_directive("install-commands", InstallCommands)
    app.connect("config-inited", tag)
    app.connect("builder-inited", build_wheel, priority=50)
    app.connect("doctree-read", note_needs)
    app.connect("html-page-context", say_needs)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    pack(*map(Path, sys.argv[1:]))
