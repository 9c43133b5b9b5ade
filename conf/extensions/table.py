"""The big table of the atlas: every activation a row, complete without a script, sorted and filtered with one."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective

import actdocs
from actdocs import palette
from actdocs.formula import latex
from actdocs.parameters import Choice, Seed
from actdocs.records import PROPERTIES
from extensions import records
from extensions.pages import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

    from actdocs.records import Record

PAGE = "atlas/index"
SHORT = {"tensorflow": "TF", "keras": "Keras", "pytorch": "Torch", "jax": "JAX", "onnx": "ONNX"}
WINDOW = (-5.0, 5.0, -1.6, 3.2)  # left, right, bottom, top: that of the front page
PIXELS = 24  # a unit of the window, in the sparkline's own coordinates


class Section(NamedTuple):
    """What is drawn of an activation: the input in words, value and derivative along it."""

    along: str
    value: NDArray[np.float64]
    slope: NDArray[np.float64]


def section(entry: actdocs.Activation, x: NDArray[np.float64]) -> Section:
    """Give value and derivative of a function of one number; of one along an axis, the first output of two inputs.

    They are x and 0, or x twice where half of the input gates the other half. Random draws stay the same along x.
    """
    if entry.elementwise:
        return Section("x", entry(x), entry.derivative(x))
    fixed = {name: 0 for name, domain in entry.domains.items() if isinstance(domain, Seed)}
    gated = entry(np.zeros(2), **fixed).size == 1
    direction = np.array([1.0, 1.0 if gated else 0.0])
    value = [entry(direction * place, **fixed)[0] for place in x]
    slope = [entry.jvp(direction * place, direction, **fixed)[0] for place in x]
    return Section("(x, x)" if gated else "(x, 0)", np.array(value), np.array(slope))


class _Defaults(ast.NodeTransformer):
    """Take the branch that the default of a word parameter decides."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        names = {part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)}
        if not names or not names <= self.words.keys():
            return self.generic_visit(node)
        holds = eval(compile(ast.Expression(node.test), "test", "eval"), {"__builtins__": {}, **self.words})
        branch: ast.AST = self.visit(node.body if holds else node.orelse)
        return branch


def formula(entry: actdocs.Activation) -> str:
    """Give the formula of the curve that is drawn: word parameters stand at their default."""
    words = {name: entry.parameters[name] for name, domain in entry.domains.items() if isinstance(domain, Choice)}
    tree = ast.fix_missing_locations(_Defaults(words).visit(ast.parse(entry.definition, mode="eval")))
    return latex(ast.unparse(tree))


def enlarge(tex: str) -> str:
    """Set fractions large that stand in no other one."""
    return re.sub(r"\\frac", lambda found: r"\dfrac" if depth(tex[: found.start()]) == 0 else found[0], tex)


def depth(tex: str) -> int:
    """Count the groups that are open at the end of a piece of LaTeX."""
    return tex.count("{") - tex.count("}")


def inputs(entry: actdocs.Activation, count: int) -> NDArray[np.float64]:
    """Give ``count`` even places over the window, and two close to each kink in place of the kink itself."""
    left, right, *_ = WINDOW
    sides = [kink + side for kink in entry.kinks for side in (-1e-9, 1e-9)]
    x = np.setdiff1d([*np.linspace(left, right, count), *sides], entry.kinks)
    return x[(x >= left) & (x <= right)]


def path(x: NDArray[np.float64], y: NDArray[np.float64], breaks: Sequence[float] = ()) -> str:
    """Draw a curve as the data of an SVG path in whole coordinates, with a gap at each break."""
    left, _, bottom, top = WINDOW
    across = np.rint((x - left) * PIXELS).astype(int)
    down = np.rint((top - np.clip(y, bottom - 3, top + 3)) * PIXELS).astype(int)
    pieces = np.split(np.column_stack((across, down)), np.searchsorted(x, sorted(breaks)))
    drawn = []
    for (start, *_), steps in ((piece, np.diff(piece, axis=0)) for piece in pieces if len(piece) > 1):
        straight: list[NDArray[Any]] = []
        for step in steps:
            if straight and np.array_equal(straight[-1][0] * step[1], straight[-1][1] * step[0]) and step[0]:
                straight[-1] = straight[-1] + step
            else:
                straight.append(step)
        moves = " ".join(f"{dx} {dy}" for dx, dy in straight)
        drawn.append(f"M{start[0]} {start[1]}l{moves}".replace(" -", "-"))
    return "".join(drawn)


def sparkline(entry: actdocs.Activation) -> str:
    """Draw value, solid, and derivative, dashed, as a small picture in the page."""
    left, right, bottom, top = WINDOW
    x = inputs(entry, 41)
    drawn = section(entry, x)
    width, height = round((right - left) * PIXELS), round((top - bottom) * PIXELS)
    middle, zero = round(-left * PIXELS), round(top * PIXELS)
    value = path(x, drawn.value, entry.kinks if entry.smoothness < 0 else ())
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" aria-hidden="true" '
        f'style="color: var(--c-{entry.color[1:]}, {entry.color})">'
        f'<path class="axes" d="M0 {zero}H{width}M{middle} 0V{height}"/>'
        f'<path class="slope" d="{path(x, drawn.slope, entry.kinks)}"/><path d="{value}"/></svg>'
    )


def number(value: float | str | None) -> str:
    """Write a number of a record, short, with a proper minus."""
    if value is None:
        return "–"
    return f"{float(value):.3g}".replace("inf", "∞").replace("-", "−")


def interval(bounds: Mapping[str, Any]) -> str:
    """Write a range with its open and closed ends."""
    ends = "[" if bounds["low_attained"] else "(", "]" if bounds["high_attained"] else ")"
    return f"{ends[0]}{number(bounds['low'])}, {number(bounds['high'])}{ends[1]}"


def smoothness(row: Record) -> Sequence[nodes.Node]:
    """Write the class of smoothness: C and the number of continuous derivatives."""
    order = number(row["smoothness"])
    return [nodes.Text("jumps")] if order == "−1" else [nodes.Text("C"), nodes.superscript(text=order)]


def saturates(row: Record) -> str:
    """Say at which end the values settle."""
    ends = [end for end, limit in row["limits"].items() if isinstance(limit, int | float)]
    return "both ends" if len(ends) == 2 else ends[0] if ends else "no"


def symmetry(row: Record) -> str:
    """Say odd, even or neither, if it is known."""
    known = [fact["value"] for fact in row["facts"] if fact["kind"] == "parity"]
    return str(known[0] or "no") if known else "–"


def settings(row: Record) -> str:
    """List the parameters with their defaults."""
    return ", ".join(f"{one['name']} = {setting(one['default'])}" for one in row["parameters"]) or "–"


def setting(value: Any) -> str:
    """Write a default."""
    match value:
        case list():
            return f"({', '.join(map(setting, value))})"
        case str():
            return value
    return "none" if value is None else number(value)


class Column(NamedTuple):
    """A column: its title, what stands in a cell, and what the cell is sorted by (its text, unless given)."""

    title: str
    cell: Callable[[Record], Sequence[nodes.Node]]
    key: Callable[[Record], str] | None = None


class Html(nodes.TextElement):
    """An element of HTML that Sphinx has no node for."""


def element(tag: str, *children: nodes.Node | str, **attributes: str | None) -> Html:
    """Make one; an underscore in an attribute's name stands for a hyphen."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    parts = [nodes.Text(child) if isinstance(child, str) else child for child in children]
    return Html("", "", *parts, tag=tag, attributes=names)


def words(of: Callable[[Record], str]) -> Callable[[Record], Sequence[nodes.Node]]:
    """Make a cell of text."""
    return lambda row: [nodes.Text(of(row))]


def name_cell(row: Record) -> Sequence[nodes.Node]:
    """Link the function's page."""
    link = pending_xref(
        "", nodes.inline(text=row["title"]), refdomain="std", reftype="doc", reftarget=f"/atlas/{row['name']}",
        refexplicit=True, refwarn=True,
    )  # fmt: skip
    picture = nodes.raw("", sparkline(actdocs.get(row["name"])), format="html")
    return [picture, link]


def library_cell(row: Record) -> Sequence[nodes.Node]:
    """Name the libraries that have the function, each in its own place."""
    found = row["frameworks"]
    slots = [
        element("span", SHORT[name], title=f"{FRAMEWORKS[name]}: {found[name]}") if found[name] else element("span")
        for name in SHORT
    ]
    parts = [part for slot in slots for part in (slot, nodes.Text(" "))]
    return [element("span", *parts, class_="libraries")]


COLUMNS = (
    Column("Function", name_cell, lambda row: str(row["title"]).casefold()),
    Column("Family", words(lambda row: row["family"]), lambda row: str(list(palette.FAMILIES).index(row["family"]))),
    Column(
        "Formula",
        lambda row: [nodes.math(text=enlarge(formula(actdocs.get(row["name"]))))],
        lambda row: str(len(formula(actdocs.get(row["name"])))),
    ),
    Column(
        "Range",
        words(lambda row: interval(row["bounds"])),
        lambda row: f"{row['bounds']['low']} {row['bounds']['high']}",
    ),
    Column("Smooth", smoothness, lambda row: str(row["smoothness"])),
    Column("Monotone", words(lambda row: {True: "yes", False: "no", None: "–"}[row["monotonic"]])),
    Column("Symmetry", words(symmetry)),
    Column("Saturates", words(saturates)),
    Column("Steepest", words(lambda row: number(row["lipschitz"])), lambda row: str(row["lipschitz"])),
    Column("Parameters", words(settings), lambda row: str(len(row["parameters"]))),
    Column("Year", words(lambda row: str(row["year"] or "–")), lambda row: str(row["year"] or "")),
    Column("Libraries", library_cell, lambda row: str(sum(map(bool, row["frameworks"].values())))),
)


class AtlasTable(SphinxDirective):
    """The table with its controls, which wait for the script: ``{atlas-table}``."""

    def run(self) -> list[nodes.Node]:
        """Make the rows from the records."""
        for source in (*Path(actdocs.__file__).parent.rglob("*.py"), *Path(self.env.app.confdir).glob("*.bib")):
            self.env.note_dependency(str(source))
        made = records.rows(self.env.app)
        head = [element("th", column.title, scope="col") for column in COLUMNS]
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *map(self.row, made)),
            class_="table",
        )
        box = element(
            "div", table, class_="atlas-table", role="region", aria_label="All activation functions", tabindex="0"
        )
        return [nodes.raw("", controls(made), format="html"), box]

    def row(self, row: Record) -> Html:
        """Make a row; its data are what the controls ask for."""
        has = [name for name, found in row["frameworks"].items() if found]
        cells = []
        for place, column in enumerate(COLUMNS):
            key = {"data_sort": column.key(row)} if column.key else {}
            side = {"scope": "row"} if place == 0 else {}
            cells.append(element("td" if place else "th", *column.cell(row), **side, **key))
        return element(
            "tr",
            *cells,
            data_q=" ".join([row["name"], row["title"], *row["aliases"], row["family"], row["summary"]]).casefold(),
            data_family=row["family"],
            data_is=";".join(row["properties"]),
            data_in=";".join(has),
            data_year=str(row["year"] or ""),
        )


OPEN = """\
{
  const form = document.currentScript.previousElementSibling;
  form.hidden = false;
  form.querySelector("details").open = matchMedia("(min-width: 60rem)").matches;
}
"""


def controls(made: Sequence[Record]) -> str:
    """Write the form above the table, hidden where no script runs; it opens before the table is drawn below it."""
    years = [row["year"] for row in made if row["year"]]
    first, last = min(years, default=""), max(years, default="")
    year = f'type="number" inputmode="numeric" min="{first}" max="{last}" placeholder'
    families = dict.fromkeys(row["family"] for row in made)
    options = "".join(f"<option>{html.escape(family)}</option>" for family in families)
    return f"""
<form class="atlas-controls" hidden>
<div class="line">
<label class="wide">Search <input type="search" name="q" autocomplete="off" spellcheck="false"></label>
<label>Family <select name="family"><option value="">all</option>{options}</select></label>
<span class="years">
<label>From <input name="from" {year}="{first}"></label>
<label>to <input name="to" {year}="{last}"></label>
</span>
</div>
<details><summary>Properties and libraries</summary>
{choices("is", "It is or has", {word: word for word in PROPERTIES})}
{choices("in", "It is in", FRAMEWORKS)}
</details>
<div class="line"><output aria-live="polite"></output><button type="reset">Reset</button></div>
</form>
<script>{OPEN}</script>
"""


def choices(name: str, legend: str, options: Mapping[str, str]) -> str:
    """Write boxes to tick; a row must have all that are ticked."""
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{value}"> {html.escape(text)}</label> '
        for value, text in options.items()
    )
    return f"<fieldset><legend>{legend}</legend>{boxes}</fieldset>"


class AtlasPages(SphinxDirective):
    """The hidden table of contents of the generated pages, by family: ``{atlas-pages}``."""

    def run(self) -> list[nodes.Node]:
        """Write a toctree a family and let the page's own parser read it."""
        found: list[nodes.Node] = []
        shown = records.entries(self.env.app)
        for family in dict.fromkeys(entry.family for entry in shown):
            lines = ["```{toctree}", ":hidden:", f":caption: {family.capitalize()}", ""]
            lines += [entry.name for entry in shown if entry.family == family]
            found += self.parse_text_to_nodes("\n".join([*lines, "```"]))
        return found


def visit(writer: HTML5Translator, node: Html) -> None:
    """Open the element."""
    writer.body.append(writer.starttag(node, node["tag"], "", **node["attributes"]))


def depart(writer: HTML5Translator, node: Html) -> None:
    """Close it."""
    writer.body.append(f"</{node['tag']}>")


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Load the script on the page that has the table."""
    if pagename == PAGE:
        app.add_js_file("table.js", defer="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, and the script for their page."""
    app.setup_extension("extensions.records")
    app.add_node(Html, html=(visit, depart))
    app.add_directive("atlas-table", AtlasTable)
    app.add_directive("atlas-pages", AtlasPages)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
