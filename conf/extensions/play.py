"""What moves on a page: the explorers and the playground, plain scripts that only their pages load.

``{play} explorer`` puts one on a page; its content is what stands there where no script runs, and on paper. Scripts
come from ``conf/play``, the table of functions from the catalogue (:mod:`extensions.javascript`), d3's modules and
MicroPython from the npm packages that ``conf/web`` pins. All are written to ``_static/play``, shortened by terser;
``play_scripts = False`` leaves them out, for a build without npm.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

import actdocs
from extensions import files, javascript, seen
from extensions.maths import fetch, program, run
from extensions.play_runtime import micropython_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

SOURCES = Path(__file__).parents[1] / "play"
# d3's modules, each after those that it needs.
D3 = ("array", "dispatch", "interpolate", "path", "selection", "axis", "scale", "shape", "zoom")
CORE = ("d3", "functions", "core")
# What each kind of thing that moves needs, in the order of loading.
KINDS: Mapping[str, tuple[str, ...]] = {
    "explorer": (*CORE, "explorer"),
    "gradients": (*CORE, "gradients"),
    "playground": (*CORE, "engine", "own", "playground"),
    "own": (*CORE, "own", "explorer", "workshop"),
}
# Scripts that are written by hand, joined.
JOINED: Mapping[str, tuple[str, ...]] = {
    "core": ("state", "controls", "chart"),
    "explorer": ("explorer",),
    "gradients": ("gradients",),
    "engine": ("engine", "datasets"),
    "own": ("own",),
    "playground": ("playground",),
    "workshop": ("workshop",),
}
LABELS = {
    "explorer": "Function explorer",
    "gradients": "Gradient explorer",
    "playground": "Playground",
    "own": "Your own activation",
}


class Play(nodes.General, nodes.Element):
    """A place on a page where something moves."""


class StateRole(SphinxRole):
    """A link to a state of the page it is on: ``{state}`text <f=relu&f=gelu>```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the link."""
        titled = re.fullmatch(r"(.+?)\s*<(\S+=\S*)>", self.text, re.DOTALL)
        if titled is None:
            message = f"a state must be “text <key=value&…>”, got {self.text!r}"
            return [], [self.inliner.reporter.error(message, line=self.lineno)]
        return [nodes.reference(self.rawtext, titled[1], refuri=f"#{titled[2]}", internal=True)], []


class PlayDirective(SphinxDirective):
    """``{play} kind``: one of ``KINDS``.

    ``:state:`` is what it shows first, as an address of its own page has it after ``#``; with ``:address:`` the page's
    address follows what the reader does. The content is what stands there without scripts.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"state": directives.unchanged, "address": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Make the node."""
        kind = directives.choice(self.arguments[0], tuple(KINDS))
        if not self.content:
            raise self.error("the content must say what stands here where no script runs, got nothing")
        node = Play(kind=kind, state=self.options.get("state", ""), address="address" in self.options)
        node += self.parse_content_to_nodes()
        return [node]


def visit(writer: HTML5Translator, node: Play) -> None:
    """Open what stands there without scripts and on paper; the style sheet hides it otherwise."""
    writer.body.append(writer.starttag(node, "div", CLASS="still"))


def depart(writer: HTML5Translator, node: Play) -> None:
    """Close it, and write the box that the script fills."""
    here, builder = writer.docnames[-1], writer.builder
    box = {
        "role": "group",
        "aria-label": LABELS[node["kind"]],
        "data-play": node["kind"],
        "data-state": node["state"],
        "data-page": builder.get_relative_uri(here, f"play/{node['kind']}") or f"{node['kind']}{builder.out_suffix}",
        "data-atlas": builder.get_relative_uri(here, "atlas/index").removesuffix("index.html"),
        **({"data-address": ""} if node["address"] else {}),
    }
    tag = writer.starttag(nodes.Element(), "div", "", CLASS=f"play {node['kind']}", **box)
    writer.body.append(f"</div>\n{tag}</div>\n")


def functions_source() -> str:
    """Give the script of the numbers and the functions, before it is shortened."""
    numbers = (SOURCES / "numbers.js").read_text(encoding="utf-8")
    table = javascript.functions(actdocs.catalogue())
    start = "globalThis.actdocs ??= {};"
    return f"{start}\nconst TAIL = {json.dumps(javascript.tail())};\n{numbers}\n{table}\n"


def d3_source(modules: Path) -> str:
    """Join d3's modules, without those that only interrupt transitions or guard a drag from being a selection."""
    parts = [(modules / f"d3-{name}" / "dist" / f"d3-{name}.min.js").read_text(encoding="utf-8") for name in D3]
    none = "d3.interrupt = d3.dragDisable = d3.dragEnable = () => {};"
    return "\n".join([*parts, none, "d3.selection.prototype.interrupt = function () {\n  return this;\n};", ""])


def scripts() -> dict[str, str]:
    """Give the scripts of our own, as written."""
    own = {
        name: "\n".join((SOURCES / f"{part}.js").read_text(encoding="utf-8") for part in parts)
        for name, parts in JOINED.items()
    }
    return {
        "functions": functions_source(),
        "own-worker": (SOURCES / "own-worker.js").read_text(encoding="utf-8"),
        **own,
    }


def shortened(app: Sphinx) -> dict[str, str]:
    """Give the scripts without comments and long names; kept between builds."""
    web, build = Path(app.confdir) / "web", Path(app.confdir).parent / "build"
    wanted = scripts()
    parts = [(web / name).read_bytes() for name in ("package-lock.json", "minify.mjs")]
    key = hashlib.sha256(b"\0".join([*parts, json.dumps(wanted).encode()])).hexdigest()
    cache = build / "cache" / "play.json"
    stored = seen.read(cache) or {}
    if stored.get("key") == key:
        found: dict[str, str] = stored["scripts"]
        return found
    command = [program("node"), str(web / "minify.mjs"), str(build / "web")]
    found = json.loads(run(command, stdin=json.dumps(wanted)))
    seen.write(cache, {"key": key, "scripts": found})
    return found


def place(app: Sphinx) -> None:
    """Write the scripts beside the pages, before pages name them with a digest of their content."""
    if app.builder.format != "html" or not app.config.play_scripts:
        return
    packages = Path(app.confdir).parent / "build" / "web"
    fetch(Path(app.confdir) / "web", packages)
    modules = packages / "node_modules"
    target = Path(app.outdir) / "_static" / "play"
    made = shortened(app)
    made["d3"] = d3_source(modules)
    made["micropython"] = micropython_source(modules, made.pop("own-worker"))
    # Pages name their scripts with a digest; this one is named by a script.
    digest = hashlib.sha256(made["micropython"].encode()).hexdigest()[:8]
    made["own"] = made["own"].replace("micropython.js", f"micropython.js?v={digest}")
    for name, text in made.items():
        files.write(target / f"{name}.js", text)


def add_scripts(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Load the scripts on the pages that have something to move."""
    kinds = dict.fromkeys(node["kind"] for node in doctree.findall(Play)) if doctree else ()
    for name in dict.fromkeys(name for kind in kinds for name in KINDS[kind]):
        app.add_js_file(f"play/{name}.js", defer="defer")
    if kinds:
        app.add_css_file("play.css")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and write the scripts."""
    app.add_config_value("play_scripts", True, "html", types=(bool,))
    app.add_node(Play, html=(visit, depart))
    app.add_directive("play", PlayDirective)
    app.add_role("state", StateRole())
    app.connect("builder-inited", place)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
