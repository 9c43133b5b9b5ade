"""The atlas: a page for each activation, written from its entry, its proofs and what was measured.

Before reading, each entry's facts are proved, in parallel and at most once for a definition, and its page is written
to ``atlas/<name>.md``, if its text changed. Figures are drawn while pages are read. A site without ``atlas/index``
has no such pages; ``atlas_entries`` restricts them to a few. The page of an entry that is gone is removed.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import hashlib
import inspect
import json
import multiprocessing
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.display import status_iterator
from sphinx.util.docutils import SphinxDirective

import actdocs
from actdocs import proofs, snippets
from actdocs.plotting import MUTED, plot_portrait
from actdocs.proofs import KINDS, Fact
from extensions import files, findings, seen
from extensions.figures import svg, use_style
from extensions.pages import FRAMEWORKS

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

    from actdocs import Activation

MARK = "% Made by extensions/atlas.py."
HERE = Path(__file__).parent
PACKAGE = Path(actdocs.__file__).parent
# What a figure depends on besides the text of its page and the entry's own module.
DRAWING = ("catalogue", "expressions", "numerics", "palette", "plotting", "primitives")
# What a proof depends on besides the definition.
PROVING = ("balls", "expressions", "intervals", "proofs")
KEPT = ("Parameters", "Returns", "Raises", "Examples")
# Libraries as the cross-check calls them.
TITLES = {**FRAMEWORKS, "actdocs": "actdocs", "torch": FRAMEWORKS["pytorch"], "numpy": "NumPy"}
FEW = 4  # findings that a page shows unfolded
SPAN = 10.0  # approximations are compared from -SPAN to SPAN

Measured = Mapping[str, Any]


# The facts, proved once


def digest(*parts: object) -> str:
    """Give a short key for the content of files and the text of everything else."""
    key = hashlib.sha256()
    for part in parts:
        key.update(part.read_bytes() if isinstance(part, Path) else repr(part).encode())
        key.update(b"\0")
    return key.hexdigest()[:16]


def sources(names: Iterable[str]) -> list[Path]:
    """Give the files of modules of the package."""
    return [PACKAGE / f"{name}.py" for name in names]


# Read now, as the code is that runs: a file may be edited during a long build.
PROOFS, DRAWINGS = digest(*sources(PROVING)), digest(HERE / "figures.py", *sources(DRAWING))


def proof_key(entry: Activation) -> str:
    """Name all that an entry's facts depend on: its definition and the code of the proofs."""
    defined = (entry.definition, entry.derivative_definition, dict(entry.parameters), entry.bounds, entry.lipschitz)
    return digest(defined, PROOFS)


def kept(app: Sphinx, entry: Activation) -> Path:
    """Name the file that keeps an entry's facts."""
    return Path(app.confdir).parent / "build" / "cache" / "facts" / f"{entry.name}-{proof_key(entry)}.json"


def facts(app: Sphinx, entry: Activation) -> tuple[Fact, ...]:
    """Give the facts of an entry, from the cache where its definition and the proofs have not changed.

    Parameters
    ----------
    app : Sphinx
        The build, whose cache is used.
    entry : Activation
        An entry.

    Returns
    -------
    tuple of Fact
    """
    path = kept(app, entry)
    rows = seen.read(path)
    if rows is None:
        rows = json.loads(json.dumps([dataclasses.asdict(fact) for fact in proofs.facts(entry)]))
        for old in path.parent.glob(f"{entry.name}-{'?' * 16}.json"):
            old.unlink()
        seen.write(path, rows)
    return tuple(Fact(**row) for row in rows)


def prove(app: Sphinx, entries: list[Activation]) -> None:
    """Fill the cache with the facts that are not in it, in parallel processes where they can be forked."""
    missing = [entry for entry in entries if seen.read(kept(app, entry)) is None]
    if not missing:
        return
    if "fork" in multiprocessing.get_all_start_methods():
        # Forked, the workers know this build, and entries that no import brings.
        fork = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(mp_context=fork, initializer=_build.append, initargs=(app,)) as pool:
            proved: Iterable[Any] = pool.map(_prove_one, [entry.name for entry in missing])
            list(shown(proved, missing, app))
    else:
        list(shown((facts(app, entry) for entry in missing), missing, app))


_build: list[Sphinx] = []


def _prove_one(name: str) -> None:
    facts(_build[-1], actdocs.get(name))


def shown(work: Iterable[Any], entries: list[Activation], app: Sphinx) -> Iterable[Any]:
    """Show how far long work is."""
    pairs = zip((entry.name for entry in entries), work, strict=True)
    return status_iterator(pairs, "proving facts... ", "purple", len(entries), app.verbosity, lambda pair: pair[0])


# The text of a page


def sections(docstring: str) -> dict[str, str]:
    """Split a NumPy-style docstring by its headings; what stands above the first has the name ``""``."""
    first, *rest = re.split(r"^([A-Z]\w+)\n-{3,}\n", inspect.cleandoc(docstring), flags=re.MULTILINE)
    return {"": first.strip(), **dict(zip(rest[::2], (text.strip() for text in rest[1::2]), strict=True))}


def blocks(text: str) -> list[str]:
    """Split text into paragraphs, each directive with what is indented below it."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.startswith(" ") and found:
            found[-1] += "\n\n" + block
        elif block:
            found.append(block)
    return found


def rst(text: str) -> str:
    """Let a page in MyST read a part in reStructuredText."""
    return f"````{{eval-rst}}\n{text}\n````" if text else ""


def reference(entry: Activation) -> str:
    """Give the name under which the function is documented."""
    return f"{'actdocs' if hasattr(actdocs, entry.name) else entry.function.__module__}.{entry.name}"


def heading(entry: Activation, prose: str) -> list[str]:
    """Write title, sentence and the quiet lines below them."""
    color = f"var(--c-{entry.color[1:]}, {entry.color})"
    line = [f'<span class="family" style="--own: {color}">{entry.family}</span>']
    line += [f"{{cite:t}}`{entry.references[0]}`"] if entry.references else []
    line += ["also " + ", ".join(f"`{alias}`" for alias in entry.aliases)] if entry.aliases else []
    settings = [f"- `{name}={default!r}` ({entry.domains[name]})" for name, default in entry.parameters.items()]
    meta = [":::{container} entry", " · ".join(line), "", *settings, ":::"]
    # Docstrings name other functions as their module knows them.
    module = f".. currentmodule:: {reference(entry).rpartition('.')[0]}"
    return [f"# {entry.title}", rst(f"{module}\n\n{blocks(prose)[0]}"), "\n".join(meta)]


def searched(entry: Activation) -> str:
    """Let the search for “… derivative” lead to the formula, by each part of the title."""
    names = ", ".join(f"! {name.strip()} derivative" for name in re.findall(r"[^()]+", entry.title))
    return f"```{{index}} {names}\n:name: {entry.name}-derivative\n```"


def formulas(entry: Activation, prose: str) -> list[str]:
    """Write both formulas and what the docstring says about them."""
    _, *rest = blocks(prose)
    drawn = next((block for block in rest if block.startswith(".. math::")), None)
    rest = sorted(
        (block for block in rest if block is not drawn), key=lambda block: not block.startswith("**Convention")
    )
    indexed = "[i]" in entry.definition
    left = "f(x)_i" if indexed else "f(x)"
    slope = "f'(x)" if entry.elementwise else r"\frac{\partial f_i}{\partial x_j}"
    pair = [
        f"```{{math}}\n{side} = {tex}\n```" for side, tex in ((left, entry.formula), (slope, entry.derivative_formula))
    ]
    return [
        "## Formula",
        pair[0],
        searched(entry),
        "Its derivative:" if entry.elementwise else "Its Jacobian:",
        pair[1],
        rst("\n\n".join(rest)),
    ]


def explorer(entry: Activation) -> list[str]:
    """Put the function where it can be moved, if a curve shows it whole."""
    if not entry.elementwise:
        return []
    text = f"Without scripts, the figure at the top shows {entry.title} at its default parameters."
    return ["## Move it", f"```{{play}} explorer\n:state: f={entry.name}\n\n{text}\n```"]


def advice(notes: str) -> list[str]:
    """Give each paragraph of the notes the heading that it opens with."""
    text = ""
    for block in blocks(notes):
        title, _, words = block.removeprefix("**").partition(".**")
        text += f"\n\n## {title}\n\n{rst(words.strip())}" if words and block.startswith("**") else f"\n\n{rst(block)}"
    return [text.strip()]


def table(header: Iterable[str], rows: Iterable[Iterable[str]], name: str) -> str:
    """Write a table; each cell is one line of MyST."""
    lines = [
        f"{'  -' if place else '* -'} {' '.join(cell.split())}"
        for row in (header, *rows)
        for place, cell in enumerate(row)
    ]
    return "\n".join(["```{list-table}", ":header-rows: 1", f":class: {name}", "", *lines, "```"])


def statements(found: Iterable[Fact]) -> list[str]:
    """Write the table of facts."""
    rows, last = [], ""
    for fact in found:
        word = "proved" if fact.proved else "checked"
        scope = f" [{fact.scope}]{{.scope}}" if fact.scope else ""
        title = "" if fact.kind == last else KINDS[fact.kind].title
        rows.append((title, f"{fact.text}{scope}", f"[{{ref}}`{word} <fact-{fact.kind}>`]{{.{word}}}"))
        last = fact.kind
    if not rows:
        return []
    text = "At the default parameters. " if any("default" in fact.scope for fact in found) else ""
    text += "*Proved* and *checked* say how it is known; each mark leads to the method."
    return ["## Facts", text, table(("Fact", "Statement", "Known"), rows, "facts")]


def tabs(entry: Activation, measured: Measured) -> list[str]:
    """Write the code for each framework, on tabs that switch together on all pages."""
    found = measured.get("snippets", {}).get(entry.name, {})
    lines = ["`````{tab-set}", ":sync-group: framework", ""]
    for framework, title in snippets.FRAMEWORKS.items():
        own = snippets.own_name(entry, framework)
        operator = framework == "onnx"
        thing = f"the operator `{own}`" if operator else f"the library's own function, `{own}`"
        origin = f"This calls {thing}." if own else "The code defines it in basic operations."
        # An alias of the language, since the examples of written pages, marked python, are run without these libraries.
        code = f"```{{code-block}} python3\n{snippets.code(entry, framework).strip()}\n```"
        words = f"{origin} {crosschecked(found.get(framework), framework, measured)}"
        lines += [f"````{{tab-item}} {title}", f":sync: {framework}", "", code, "", words, "````", ""]
    unit = (
        "Each is run beside the catalogue. Its errors are those of single precision, absolute for results up to 1 and "
        "relative beyond, away from kinks and joints: there, see [what happens at the kink](kinks.md)."
    )
    return ["## Code for your framework", unit if found else "", "\n".join([*lines, "`````"])]


def crosschecked(found: Measured | None, framework: str, measured: Measured) -> str:
    """Say what running a snippet beside the catalogue gave."""
    if not found:
        return "Not measured in this build."
    opset = f" at opset {found['opset']}" if found.get("opset") else ""
    errors = [
        f"of the {title} {number(found[f'{title}_error'])}"
        for title in ("value", "gradient")
        if found.get(f"{title}_error") is not None
    ]
    version = measured["versions"].get({"pytorch": "torch"}.get(framework, framework), "")
    return f"Run with {snippets.FRAMEWORKS[framework]} {version}{opset}; largest error {', '.join(errors)}."


def number(value: float) -> str:
    """Write a measured number as a formula, as precise as measurements of errors are."""
    mantissa, _, exponent = f"{value:.3g}".replace("inf", r"\infty").partition("e")
    power = rf" \cdot 10^{{{int(exponent)}}}" if exponent else ""
    return f"${mantissa}{power}$"


def accuracy(entry: Activation, measured: Measured) -> list[str]:
    """Write how far the libraries are from the true values, at worst and along the input."""
    title = "## How accurate the libraries are"
    rows = [row for row in measured.get("accuracy", ()) if row["entry"] == entry.name]
    if not rows:
        return [title, "Not measured in this build."]
    formats = list(dict.fromkeys(row["dtype"] for row in rows))
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        name = f"`{row['name']}`" if "." in row["name"] else f"{TITLES[row['library']]}: {row['name']}"
        worst = f"{number(row['ulps'])} [at {number(row['x'])}]{{.scope}}"
        cells.setdefault(name, dict.fromkeys(formats, "–"))[row["dtype"]] = worst
    text = (
        "Largest errors in units in the last place of the result, and the input where they happen: in float64 "
        "against ball arithmetic, in shorter formats against the catalogue in float64. Half a unit is what rounding "
        "takes."
    )
    if any(row["ulps"] > 1e5 and row.get("gave") == 0 for row in rows):
        text += (
            " Millions of units stand where a library gives 0 for numbers close to the smallest there are, which "
            "saves time; [this page](accuracy.md) has the largest error elsewhere too."
        )
    drawn = measured.get("accuracy_curves", {}).get(entry.name)
    curves = (
        [f"```{{atlas-figure}} {entry.name}\n:of: accuracy\n```", "The curves are those of float32."] if drawn else []
    )
    found = table(("Code", *formats), ((name, *found.values()) for name, found in cells.items()), "facts")
    return [title, text, found, *curves]


def largest_difference(entry: Activation, other: Activation, parameters: Mapping[str, Any]) -> tuple[float, float]:
    """Find where an approximation is farthest off between -SPAN and SPAN, and by how much."""
    from scipy.optimize import minimize_scalar

    def difference(x: Any) -> Any:
        return np.abs(entry(x) - other(x, **parameters))

    x = np.linspace(-SPAN, SPAN, 20001)
    sizes = difference(x)
    # Of peaks that differ only by rounding, the one on the right.
    place = int(np.flatnonzero(sizes >= (1 - 1e-9) * sizes.max())[-1])
    low, high = x[max(place - 1, 0)], x[min(place + 1, len(x) - 1)]
    finer = minimize_scalar(lambda at: -difference(at), bounds=(low, high), method="bounded", options={"xatol": 1e-12})
    best = max((float(finer.x), float(x[place])), key=lambda at: float(difference(at)))
    return best, float(difference(best))


def named(entry: Activation, parameters: Mapping[str, Any]) -> str:
    """Name an entry with its parameters."""
    return entry.title + (
        f" ({', '.join(f'{key}={value}' for key, value in parameters.items())})" if parameters else ""
    )


def approximations(entry: Activation, pages: Iterable[str]) -> list[str]:
    """Write what stands in for the function, and what it stands in for."""

    def linked(other: Activation, parameters: Mapping[str, Any]) -> str:
        title = named(other, parameters)
        return f"{{doc}}`{title} </atlas/{other.name}>`" if other.name in pages and other is not entry else title

    rows = []
    for name, parameters in entry.approximations.items():
        other = actdocs.get(name)
        place, size = largest_difference(entry, other, parameters)
        rows.append((linked(other, parameters), f"{size:.4g}", f"{place:.4g}"))
    for_others = [
        linked(other, {}) for other in actdocs.catalogue() if entry.name in other.approximations and other is not entry
    ]
    if not rows and not for_others:
        return []
    text = ["## Approximations"]
    if rows:
        text += [f"```{{atlas-figure}} {entry.name}\n:of: approximations\n```"]
        header = ("Stands in", f"Largest difference from $-{SPAN:g}$ to ${SPAN:g}$", "At")
        text += [table(header, rows, "numbers")]
    if for_others:
        text += [f"{entry.title} itself stands in for {', '.join(for_others)}."]
    return text


@functools.cache
def mentions(path: Path) -> tuple[str, frozenset[str]]:
    """Give the title of a gallery script or a chapter, and the words in its code that can name an activation."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        code = [text]
        title = (ast.get_docstring(ast.parse(text)) or path.stem).partition("\n")[0]
    else:
        code = re.findall(r"^```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```", text, re.MULTILINE | re.DOTALL)
        found = re.search(r"^# (.+)$", text, re.MULTILINE)
        title = found[1] if found else path.stem
    words = set(re.findall(r"\{func\}`~?actdocs\.(\w+)`", text))
    for node in (node for cell in code for node in ast.walk(ast.parse(cell))):
        match node:
            case ast.Constant(value=str() as word):
                words.add(word)
            case ast.Attribute(value=ast.Name(id="actdocs"), attr=name):
                words.add(name)
            case ast.ImportFrom(module=module, names=names) if module and module.startswith("actdocs"):
                words.update(alias.name for alias in names)
    return title, frozenset(words)


def uses(entry: Activation, source: Path, gallery: Path) -> list[str]:
    """Link the chapters and the gallery's scripts that name the function in their code or their title."""
    places = [(path, f"/learn/{path.stem}") for path in sorted(source.glob("learn/*.md"))]
    places += [(path, f"/auto_gallery/{path.parent.name}/{path.stem}") for path in sorted(gallery.glob("*/*.py"))]
    links = []
    for path, docname in places:
        title, words = mentions(path)
        in_title = re.search(rf"(?<![\w-]){re.escape(entry.title)}(?![\w-])", title)
        if in_title or words & {entry.name, *entry.aliases}:
            links.append(f"{{doc}}`{docname}`")
    return links


def used_by(entry: Activation, links: list[str], measured: Measured) -> list[str]:
    """Write who uses it: models as published, and pages of this site."""
    models = measured.get("models", {}).get("counts", {}).get(entry.name, [])
    version = measured.get("models", {}).get("version", "")
    text = []
    if models:
        some = ", ".join(models[:12]) + (f" and {len(models) - 12} more" if len(models) > 12 else "")
        count = "one model configuration" if len(models) == 1 else f"{len(models)} model configurations"
        text.append(f"By default in {count} of transformers {version}: {some}.")
    if links:
        text.append("On this site: " + ", ".join(links) + ".")
    return ["## Used by", *text] if text else []


def evidence(keys: Iterable[str]) -> list[str]:
    """Cite what the studies found about it; of many findings all but the first few are folded."""
    items = [f"- {{finding}}`{key}`" for key in keys]
    rest = items[FEW:] if len(items) > FEW + 1 else []
    shown = "\n".join(items[: len(items) - len(rest)])
    folded = "\n".join([f":::{{dropdown}} The other {len(rest)} findings", *rest, ":::"]) if rest else ""
    return ["## Evidence", shown, folded] if items else []


def page(
    entry: Activation,
    found: tuple[Fact, ...],
    *,
    links: list[str] | None = None,
    keys: Iterable[str] = (),
    measured: Measured | None = None,
    pages: Iterable[str] = (),
) -> str:
    """Write the page of an entry.

    Parameters
    ----------
    entry : Activation
        An entry.
    found : tuple of Fact
        Its facts.
    links : list of str
        Links to the pages that use it.
    keys : iterable of str
        Those of the findings that are about it.
    measured : mapping
        What the cross-check of the frameworks found; empty where it did not run.
    pages : iterable of str
        The names of the entries that have pages.

    Returns
    -------
    str
        MyST Markdown.
    """
    measured = measured or {}
    text = sections(entry.function.__doc__ or "")
    works = ", ".join(f'"{key}"' for key in entry.references)
    module = inspect.getsource(inspect.getmodule(entry.function) or entry.function)
    parts = [
        f"{MARK} {digest(module, entry.color, DRAWINGS)}",
        *heading(entry, text[""]),
        f"```{{atlas-figure}} {entry.name}\n```",
        *formulas(entry, text[""]),
        *explorer(entry),
        *advice(text.get("Notes", "")),
        *statements(found),
        *tabs(entry, measured),
        *accuracy(entry, measured),
        *approximations(entry, tuple(pages)),
        *evidence(keys),
        *used_by(entry, links or [], measured),
        "## In actdocs",
        rst(f".. autofunction:: {reference(entry)}"),
        *(["## References", f"```{{bibliography}}\n:filter: key in {{{works}}}\n:list: bullet\n```"] if works else []),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


# The figures


def draw_accuracy(entry: Activation, measured: Measured) -> Figure:
    """Draw each library's error along the input, one below the other."""
    from matplotlib import pyplot as plt

    curves = measured["accuracy_curves"][entry.name]
    size = (7.0, 0.7 + 1.1 * len(curves))
    figure, axes = plt.subplots(len(curves), sharex=True, sharey=True, squeeze=False, figsize=size)
    words = []
    for ax, (library, curve) in zip(axes[:, 0], curves.items(), strict=True):
        # Next to nothing is drawn as a hundredth, since the axis is logarithmic.
        ax.plot(curve["x"], np.maximum(curve["ulps"], 0.01), color=entry.color, linewidth=1.2)
        ax.axhline(0.5, color=MUTED, linewidth=0.8, linestyle=":")
        ax.set_title(TITLES[library], loc="left", pad=4)
        words.append(f"{TITLES[library]} at most {max(curve['ulps']):.3g}")
    axes[0, 0].set(yscale="log")
    axes[-1, 0].set_xlabel("x")
    figure.supylabel("error in units in the last place", fontsize=9, color=MUTED)
    figure.set_label(
        f"Error of {entry.title} in single precision along x, in units in the last place: {'; '.join(words)}."
    )
    return figure


def draw_approximations(entry: Activation, measured: Measured) -> Figure:
    """Draw how far each approximation is off."""
    from matplotlib import pyplot as plt

    panels = len(entry.approximations)
    figure, axes = plt.subplots(panels, sharex=True, squeeze=False, figsize=(7.0, 0.6 + 1.5 * panels))
    x = np.linspace(-SPAN, SPAN, 2001)
    words = []
    for ax, (name, parameters) in zip(axes[:, 0], entry.approximations.items(), strict=True):
        other = actdocs.get(name)
        title = named(other, parameters)
        difference = other(x, **parameters) - entry(x)
        ax.axhline(0, color=MUTED, linewidth=0.8)
        ax.plot(x, difference, color=other.color)
        ax.set_title(f"{title} less {named(entry, {})}", loc="left", pad=6)
        words.append(f"{title} is off by {difference.min():.3g} to {difference.max():+.3g}")
    axes[-1, 0].set(xlabel="x", xlim=(-SPAN, SPAN))
    figure.set_label(
        f"How far approximations of {entry.title} are off for x from {-SPAN:g} to {SPAN:g}: {'; '.join(words)}."
    )
    return figure


FIGURES: dict[str, Callable[[Activation, Measured], Figure]] = {
    "portrait": lambda entry, measured: plot_portrait(entry),
    "accuracy": draw_accuracy,
    "approximations": draw_approximations,
}


class AtlasFigure(SphinxDirective):
    """A figure of an activation: ``{atlas-figure} name``; ``:of:`` names another one than its portrait."""

    required_arguments = 1
    option_spec: ClassVar = {"of": lambda word: directives.choice(word, tuple(FIGURES))}

    def run(self) -> list[nodes.Node]:
        """Draw it."""
        from matplotlib import pyplot as plt

        of = self.options.get("of", "portrait")
        if of == "accuracy":
            self.env.note_dependency(str(crosscheck_file(self.env.app)))
        use_style()
        figure = FIGURES[of](actdocs.get(self.arguments[0]), crosscheck(self.env.app))
        drawn = svg(figure)
        plt.close(figure)
        return [nodes.raw("", drawn, format="html")]


class FactKinds(SphinxDirective):
    """How each kind of fact is established, one section a kind: ``{fact-kinds}``."""

    def run(self) -> list[nodes.Node]:
        """Write the sections, each with its kind for an anchor."""
        self.env.note_dependency(proofs.__file__)
        found: list[nodes.Node] = []
        for name, kind in KINDS.items():
            section = nodes.section("", nodes.title("", kind.title), ids=[name], names=[f"fact-{name}"])
            section += self.parse_text_to_nodes(kind.how)
            self.state.document.note_explicit_target(section)
            found.append(section)
        return found


# The build


@functools.lru_cache(1)
def read_measured(path: Path, modified: int) -> Measured:
    """Read what was measured, once a build."""
    result: Measured = json.loads(path.read_text(encoding="utf-8"))
    return result


def crosscheck_file(app: Sphinx) -> Path:
    """Name the file that the cross-check writes."""
    return Path(app.confdir).parent / "build" / "crosscheck.json"


def crosscheck(app: Sphinx) -> Measured:
    """Give what the cross-check of the frameworks measured; nothing where it did not run.

    Parameters
    ----------
    app : Sphinx
        The build, beside whose output ``build/crosscheck.json`` stands.

    Returns
    -------
    mapping
    """
    path = crosscheck_file(app)
    return read_measured(path, path.stat().st_mtime_ns) if path.exists() else {}


def write_pages(app: Sphinx) -> None:
    """Write the pages that changed, and remove those whose entry is gone."""
    folder = Path(app.srcdir, "atlas")
    wanted = app.config.atlas_entries
    entries = [entry for entry in actdocs.catalogue() if wanted is None or entry.name in wanted]
    if not (folder / "index.md").exists():
        entries = []
    names = [entry.name for entry in entries]
    for path in folder.glob("*.md"):
        if path.stem not in names and path.read_text(encoding="utf-8").startswith(MARK):
            path.unlink()
    mentions.cache_clear()
    prove(app, entries)
    measured = crosscheck(app)
    gallery = Path(app.srcdir, app.config.sphinx_gallery_conf["examples_dirs"])
    paths = {entry: folder / f"{entry.name}.md" for entry in entries}
    links = {entry.name: uses(entry, Path(app.srcdir), gallery) for entry in entries}
    made, stamp = digest(app.config.package_key, names, links, measured), Path(app.doctreedir) / "atlas.json"
    if seen.read(stamp) == [made, *map(seen.file_hash, paths.values())]:
        return
    for entry, path in paths.items():
        keys = [key for key, finding in findings.known(app).items() if entry.name in finding.activations]
        text = page(entry, facts(app, entry), links=links[entry.name], keys=keys, measured=measured, pages=names)
        files.write(path, text)
    seen.write(stamp, [made, *map(seen.file_hash, paths.values())])


def reread_index(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Read the page that lists the others again when one comes or goes."""
    index = "atlas/index"
    moved = any(name.startswith("atlas/") for name in added | removed)
    return [index] if moved and index in env.found_docs and index not in added else []


def leave_out(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Leave out of a function's docstring what the page says above its block."""
    if what == "function" and any(entry.function is obj for entry in actdocs.catalogue()):
        found = sections("\n".join(lines))
        kept = [f"{title}\n{'-' * len(title)}\n{found[title]}\n" for title in KEPT if title in found]
        lines[:] = "\n".join(kept).splitlines()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the pages before anything is read or, by the gallery, imported."""
    app.setup_extension("extensions.findings")
    app.add_config_value("atlas_entries", None, "env", types=(list,))
    app.add_directive("atlas-figure", AtlasFigure)
    app.add_directive("fact-kinds", FactKinds)
    app.connect("builder-inited", write_pages, priority=100)
    app.connect("env-get-outdated", reread_index)
    # Before napoleon, which rewrites the headings.
    app.connect("autodoc-process-docstring", leave_out, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
