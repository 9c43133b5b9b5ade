"""What pages say through the catalogue, and small repairs of what other extensions write."""

from __future__ import annotations

import copy
import functools
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pybtex.plugin
from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.core import render
from myst_nb.core.utils import coalesce_streams
from myst_nb.sphinx_ import HideCodeCellNode
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.util.docutils import SphinxDirective
from sphinx_design import tabs
from sphinxcontrib.bibtex.domain import BibtexDomain

import actdocs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

FRAMEWORKS = {"tensorflow": "TensorFlow", "keras": "Keras", "pytorch": "PyTorch", "jax": "JAX", "onnx": "ONNX"}
COLUMNS: dict[str, tuple[str, Callable[[actdocs.Activation], str]]] = {
    "name": ("Function", lambda entry: f"{{func}}`~actdocs.{entry.name}`"),
    "formula": ("Value", lambda entry: f"${entry.formula}$"),
    "derivative": ("Derivative", lambda entry: f"${entry.derivative_formula}$"),
    "parameters": (
        "Parameters",
        lambda entry: ", ".join(f"`{name}={default!r}`" for name, default in entry.parameters.items()) or "–",
    ),
    "family": ("Family", lambda entry: entry.family),
}


def column_names(argument: str) -> list[str]:
    """Check the names of columns in a directive's option."""
    return [directives.choice(name, tuple(COLUMNS)) for name in argument.split()]


class ActivationTable(SphinxDirective):
    """A table of the catalogue, one activation a row: ``{activation-table}`` in MyST pages.

    The option ``columns`` names the columns, of ``name formula derivative parameters family``.
    """

    option_spec: ClassVar = {"columns": column_names}

    def run(self) -> list[nodes.Node]:
        """Write the rows as a list-table and let the page's own parser read it."""
        columns = [COLUMNS[name] for name in self.options.get("columns", ["name", "formula", "derivative"])]
        rows = [[title for title, _ in columns]]
        rows += [[cell(entry) for _, cell in columns] for entry in actdocs.catalogue()]
        lines = ["```{list-table}", ":header-rows: 1", ":class: activations", ""]
        lines += [f"{'  -' if place else '* -'} {cell}" for row in rows for place, cell in enumerate(row)]
        return self.parse_text_to_nodes("\n".join([*lines, "```"]))


def public_names() -> dict[str, list[str]]:
    """Group what ``import actdocs`` gives for the API pages: activations first, then by module."""
    groups = {"activations": [entry.name for entry in actdocs.catalogue()]}
    for name in dir(actdocs):
        module = getattr(getattr(actdocs, name), "__module__", "")
        if module.startswith("actdocs.") and name not in groups["activations"]:
            groups.setdefault(module.rpartition(".")[2], []).append(name)
    return groups


def give_names(app: Sphinx, config: Config) -> None:
    """Let the templates of the API pages loop over the public names."""
    groups = public_names()
    exported = [name for names in groups.values() for name in names]
    config.autosummary_context = {**config.autosummary_context, "groups": groups, "exported": exported}


def name_prompts(app: Sphinx, doctree: nodes.document) -> None:
    """Say what a hidden cell hides: a whole one is a solution to an exercise."""
    for cell in doctree.findall(nodes.container):
        if cell.get("hide_mode") == "all" and "mystnb" not in cell["cell_metadata"]:
            cell["prompt_show"] = "Show the solution"


def visit_hidden(writer: HTML5Translator, node: HideCodeCellNode) -> None:
    """Write a closed cell whose summary is its label; MyST-NB's own gives every one the same label."""
    summary = html.escape(node["prompt_show"])
    writer.body.append(f'<details class="hidden-cell"><summary>{summary}</summary>\n')


def depart_hidden(writer: HTML5Translator, node: HideCodeCellNode) -> None:
    """Close it."""
    writer.body.append("</details>\n")


def whole_lines(outputs: list[Any]) -> list[Any]:
    """Put the pieces of a stream together; MyST-NB ends each with a line break, also amid a line."""
    joined: dict[Any, Any] = {}
    for place, output in enumerate(outputs):
        key = output["name"] if output["output_type"] == "stream" else place
        if key in joined:
            joined[key]["text"] += output["text"]
        else:
            joined[key] = copy.copy(output)
    return list(coalesce_streams(list(joined.values())))


def unwrap_lists(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take a list of returned values out of the paragraph that it would stand in, which HTML doesn't allow."""
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if isinstance(paragraph.parent, nodes.field_body) and any(
            isinstance(child, nodes.bullet_list) for child in paragraph
        ):
            paragraph.replace_self(paragraph.children)


def mend_thumbnails(app: Sphinx, doctree: nodes.document) -> None:
    """Drop what sphinx-gallery writes and no standard knows: an attribute of its own, an id several times on a page."""
    for raw in doctree.findall(nodes.raw):
        text = raw.astext()
        if "sphx-glr-thumbcontainer" in text:
            text = re.sub(r' tooltip="[^"]*"', "", text)
        elif "sg-tag-list" in text:
            text = ""
        if text != raw.astext():
            raw.children = [nodes.Text(text)]
            raw.rawsource = text


def visit_tab_label(writer: HTML5Translator, node: nodes.Element) -> None:
    """Write a tab's label; what it controls is said by the button that it belongs to."""
    node.attributes.pop("aria_controls", None)
    tabs.visit_tab_label(writer, node)


def remove_templates(app: Sphinx, exception: Exception | None) -> None:
    """Remove the template that the theme leaves among its static files as if it were a page."""
    Path(app.outdir, "_static", "webpack-macros.html").unlink(missing_ok=True)


def keep_citations(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Spare the bibliography, which is put together again at each build, where no page was read."""
    if not docnames:
        BibtexDomain.env_updated = lambda domain: None


def place_style(app: Sphinx) -> None:
    """Put MyST-NB's style sheet there before pages are written, or they would not name its digest at first."""
    if app.builder.format == "html":
        (Path(app.outdir) / "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and the repairs."""
    app.setup_extension("myst_nb")
    app.setup_extension("sphinx_design")
    render.coalesce_streams = whole_lines
    # It looks through all that is installed each time, once a citation.
    pybtex.plugin._load_entry_point = functools.cache(pybtex.plugin._load_entry_point)
    app.add_directive("activation-table", ActivationTable)
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden, depart_hidden))
    app.connect("config-inited", give_names)
    app.connect("builder-inited", place_style)
    app.connect("env-before-read-docs", keep_citations)
    app.add_node(tabs.sd_tab_label, override=True, html=(visit_tab_label, tabs.depart_tab_label))
    app.connect("doctree-read", name_prompts)
    app.connect("doctree-read", mend_thumbnails)
    app.connect("doctree-resolved", unwrap_lists)
    app.connect("build-finished", remove_templates)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
