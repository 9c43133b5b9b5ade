"""Comparison pages, written from what the cross-check of the libraries measured: ``{measured} part``.

Each part reads ``build/crosscheck.json`` while its page is read, and the page is read again when that file changes.
Where nothing was measured, the part says so. Prose stands in the pages, every number in it comes from here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

import actdocs
from extensions.atlas import crosscheck, table
from extensions.figures import THEME, svg, use_style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from actdocs import Activation

Row = dict[str, Any]
LIBRARIES = {
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "torch": "PyTorch",
    "jax": "JAX",
    "onnx": "ONNX",
    "numpy": "NumPy",
    "scipy": "SciPy",
    "transformers": "transformers",
    "actdocs": "this catalogue",
}
# The bits of the significand, and the smallest number that has them all.
FORMATS = {
    "float32": (24, 2.0**-126),
    "float64": (53, 2.0**-1022),
    "float16": (11, 2.0**-14),
    "bfloat16": (8, 2.0**-126),
}
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FEW = 4.0  # so many units are a few roundings; the catalogue's own bound


class Page(NamedTuple):
    """What a part needs of the page that it stands in."""

    measured: Mapping[str, Any]
    documents: frozenset[str]
    dtype: str

    def rows(self, key: str) -> list[Row]:
        """Give the rows of a list that belong to an entry of the catalogue."""
        known = {entry.name for entry in actdocs.catalogue()}
        return [row for row in self.measured.get(key, ()) if row["entry"] in known]

    def link(self, name: str) -> str:
        """Link an entry's page where there is one; anything else is a word."""
        entry = next((entry for entry in actdocs.catalogue() if entry.name == name), None)
        if entry is None:
            return f"`{name}`"
        return f"{{doc}}`{entry.title} </atlas/{name}>`" if f"atlas/{name}" in self.documents else entry.title


def short(value: float, digits: int = 3) -> str:
    """Write a number for a table: large and small ones with a power of ten."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    mantissa, _, power = f"{value:.{digits}g}".partition("e")
    text = mantissa.replace("-", "−")
    return f"{text}·10{str(int(power)).translate(SUPERSCRIPTS)}" if power else text


def listed(names: Iterable[str]) -> str:
    """Write names as code, each once."""
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def folded(title: str, text: str) -> str:
    """Hide text behind its title."""
    return f"`````{{dropdown}} {title}\n{text}\n`````"


def versions(page: Page) -> str:
    """Say what was measured with what."""
    found = page.measured.get("versions", {})
    named = [f"{title} {found[key]}" for key, title in LIBRARIES.items() if key in found]
    return f"Measured with {', '.join(named)}."


# Defaults


def default(row: Row) -> str:
    """Write what a library takes when it is told nothing."""
    if row["required"]:
        return "must be given"
    if row["keyword"] is None:
        fixed = (row["entry"], row["parameter"]) in FIXED
        return f"`{short(float(str(meaning(row))), 4)}`, not a choice" if fixed else "not a choice"
    return f"`{row['default']!r}`"


# What is a number in one library's formula and a parameter in another's: how to read it off the catalogue's function.
FIXED: dict[tuple[str, str], Callable[[Activation], float]] = {
    ("hard_sigmoid", "alpha"): lambda entry: entry.derivative(0.0),
    ("hard_sigmoid", "beta"): lambda entry: entry(0.0),
}


def meaning(row: Row) -> object:
    """Give what a default means: yes and no stand for the words of a choice, numbers for themselves.

    A library that offers no choice has the catalogue's function, which `crosscheck` compares.
    """
    if row["keyword"] is None and (row["entry"], row["parameter"]) in FIXED:
        return round(FIXED[row["entry"], row["parameter"]](actdocs.get(row["entry"])), 6)
    words = getattr(actdocs.get(row["entry"]).domains.get(row["parameter"]), "words", ())
    value = row["default"]
    if isinstance(value, bool) and len(words) == 2:
        return words[value]
    return round(float(value), 6) if isinstance(value, (int, float)) else value


def parameters(page: Page) -> dict[tuple[str, str], list[Row]]:
    """Group the defaults of functions by entry and parameter, in catalogue order; layers with an activation apart."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in page.rows("defaults"):
        if not row["parameter"].endswith("activation"):
            groups[row["entry"], row["parameter"]].append(row)
    order = [entry.name for entry in actdocs.catalogue()]
    return dict(sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])))


def differing(rows: list[Row]) -> bool:
    """Tell whether libraries that have a parameter start it with different values."""
    known = [row for row in rows if row["keyword"] or (row["entry"], row["parameter"]) in FIXED]
    return len({meaning(row) for row in known if not row["required"]}) > 1


def defaults_table(page: Page, groups: Mapping[tuple[str, str], list[Row]]) -> str:
    """Write one line for each default, keyword and parameter."""
    cells = []
    for (name, _), rows in groups.items():
        same: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row["keyword"] is None):
            same[default(row), f"`{row['keyword']}`" if row["keyword"] else ""].append(row["name"])
        for number, ((value, keyword), names) in enumerate(same.items()):
            cells.append(("" if number else page.link(name), value, keyword, listed(names)))
    return table(("Function", "If you say nothing", "Keyword", "Where"), cells, "measured")


def defaults(page: Page) -> str:
    """Write the defaults that differ, and fold away the names that do."""
    groups = parameters(page)
    unlike = {key: rows for key, rows in groups.items() if differing(rows)}
    named = {
        key: rows for key, rows in groups.items() if key not in unlike and len({row["keyword"] for row in rows}) > 1
    }
    rest = {key: rows for key, rows in groups.items() if key not in {**unlike, **named}}
    alone, alike = (
        sorted(f"{page.link(name)} (`{what}`)" for (name, what), rows in rest.items() if (len(rows) == 1) == single)
        for single in (True, False)
    )
    text = [f"Parameters that start with different values: {len(unlike)}.", defaults_table(page, unlike)]
    if named:
        text += [
            folded(
                f"The same value under another name, or no choice in some libraries: {len(named)} parameters",
                defaults_table(page, named),
            )
        ]
    if alike:
        text += [f"All agree on value and name: {', '.join(alike)}."]
    if alone:
        text += [f"One function alone has them: {', '.join(alone)}."]
    return "\n\n".join(text)


class Behaviour(NamedTuple):
    """What some functions give at the same inputs."""

    names: list[str]
    x: list[float]
    y: list[float]


def behaviours(page: Page) -> dict[str, list[Behaviour]]:
    """Group, for each entry, the functions that give the same if told nothing but x."""
    found: dict[str, list[Behaviour]] = defaultdict(list)
    calls = [*page.rows("calls"), *onnx_line(page)]
    for row in calls:
        for group in found[row["entry"]]:
            if group.x == row["x"] and np.allclose(group.y, row["y"], rtol=1e-5, atol=1e-6, equal_nan=True):
                group.names.append(row["name"])
                break
        else:
            found[row["entry"]].append(Behaviour([row["name"]], row["x"], row["y"]))
    return {name: groups for name, groups in found.items() if len(groups) > 1}


def onnx_line(page: Page) -> list[Row]:
    """Compute ONNX's hard sigmoid, an operator and no function to call, from the attributes that it starts with."""
    found = {
        row["parameter"]: row["default"]
        for row in page.rows("defaults")
        if (row["entry"], row["library"]) == ("hard_sigmoid", "onnx") and row["default"] is not None
    }
    calls = [row["x"] for row in page.rows("calls") if row["entry"] == "hard_sigmoid"]
    if set(found) != {"alpha", "beta"} or not calls:
        return []
    y = np.clip(found["alpha"] * np.array(calls[0]) + found["beta"], 0, 1)
    return [{"entry": "hard_sigmoid", "library": "onnx", "name": "HardSigmoid", "x": calls[0], "y": y.tolist()}]


def costs(page: Page) -> str:
    """Write what the differences come to, at the input where they are largest."""
    cells = []
    for name, groups in behaviours(page).items():
        values = np.array([group.y for group in groups])
        place = int(np.argmax(np.ptp(values, axis=0)))
        for number, group in enumerate(sorted(groups, key=lambda group: group.y[place])):
            cells.append(
                (
                    "" if number else page.link(name),
                    "" if number else short(group.x[place]),
                    short(group.y[place], 6),
                    listed(group.names),
                )
            )
    return table(("Function", "x", "Value", "Where"), cells, "numbers measured")


def draw_defaults(page: Page) -> Figure:
    """Draw the slopes of leaky ReLU and the lines of the hard sigmoid that libraries start with."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(7.0, 3.4))
    x = np.linspace(-5, 5, 1001)
    leaky, hard = actdocs.get("leaky_relu"), actdocs.get("hard_sigmoid")
    slopes = sorted(
        {row["default"] for row in parameters(page).get(("leaky_relu", "alpha"), ()) if row["default"] is not None}
    )
    lines = [(f"{slope:g}", leaky(x, alpha=slope)) for slope in slopes]
    draw_family(left, x, lines, leaky)
    left.set(title="Leaky ReLU: slopes below 0", xlim=(-5, 1), ylim=(-1.6, 1))
    attributes = {
        row["parameter"]: row["default"]
        for row in page.rows("defaults")
        if row["library"] == "onnx" and row["entry"] == "hard_sigmoid"
    }
    lines = [("x/6 + 1/2", hard(x))]
    if onnx_line(page):
        steep = attributes["alpha"] * x + attributes["beta"]
        lines.append((f"{attributes['alpha']:g}x + {attributes['beta']:g}", np.clip(steep, 0, 1)))
    draw_family(right, x, lines, hard)
    right.set(title="Hard sigmoid: two lines", xlim=(-5, 5))
    gap = f"at most {np.abs(lines[0][1] - lines[-1][1]).max():.3g} apart"
    words = ", ".join(f"{slope:g}" for slope in slopes)
    figure.set_label(
        f"Left: leaky ReLU with the slopes {words} that libraries start with. Right: the hard sigmoid as "
        f"{' and as '.join(name for name, _ in lines)}, {gap}."
    )
    return figure


def draw_family(ax: Axes, x: np.ndarray, lines: Sequence[tuple[str, np.ndarray]], entry: Activation) -> None:
    """Draw lines of one function, told apart by their dashes, with a legend."""
    for (name, y), dash in zip(lines, ("solid", "--", "-.", ":"), strict=False):
        ax.plot(x, y, color=entry.color, linestyle=dash, label=name)
    ax.legend(handlelength=2.6)


def layers(page: Page) -> str:
    """Write the activations inside layers."""
    inside: dict[str, dict[str, str]] = defaultdict(dict)
    for row in page.rows("defaults"):
        if row["parameter"].endswith("activation"):
            inside[row["name"]][row["keyword"]] = row["entry"]
    same: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, found in inside.items():
        same[found.get("activation", ""), found.get("recurrent_activation", "")].append(name)
    cells = [(listed(names), *(page.link(name) if name else "–" for name in pair)) for pair, names in same.items()]
    return table(("Layer", "`activation`", "`recurrent_activation`"), cells, "measured")


# Accuracy


def what_happened(row: Row, dtype: str) -> str:
    """Say what an error is, as far as the numbers show it."""
    bits, smallest = FORMATS[dtype]
    gave, true, ulps = row["gave"], row["true"], row["ulps"]
    if ulps <= FEW:
        return "a rounding" if ulps <= 0.5 else "a few roundings"
    if math.isnan(gave):
        return "NaN for a number"
    if math.isinf(gave):
        return "overflow on the way: ∞ for a finite number"
    if math.isinf(true):
        return "a finite number for ∞"
    if gave == 0 and abs(row["x"]) < smallest <= abs(true):
        return "a subnormal input taken for 0"
    if gave == 0 and abs(true) < smallest:
        return "a subnormal result flushed to 0"
    if gave == 0:
        return "0 for a number of full precision"
    if abs(true) < smallest:
        return "a subnormal result, off"
    wrong = min(bits, math.ceil(math.log2(ulps)))
    return f"the last {wrong} of {bits} bits are wrong"


def own_rows(page: Page) -> list[Row]:
    """Give the rows of one floating-point format, but for what stands in where a library has no function."""
    return [row for row in page.rows("accuracy") if row["dtype"] == page.dtype and row["library"] != "numpy"]


def compared(page: Page) -> tuple[list[str], list[str], dict[tuple[str, str], Row]]:
    """Give entries that a library has, the libraries with the catalogue last, and rows by both."""
    rows = own_rows(page)
    cells = {(row["entry"], row["library"]): row for row in rows}
    having = {row["entry"] for row in rows if row["library"] != "actdocs"}
    entries = [entry.name for entry in actdocs.catalogue() if entry.name in having]
    return entries, [name for name in LIBRARIES if any(row["library"] == name for row in rows)], cells


def draw_map(page: Page) -> Figure:
    """Draw the largest error among normal results, a row a function and a column a library."""
    from matplotlib import pyplot as plt
    from matplotlib.colors import LogNorm

    entries, libraries, cells = compared(page)
    sizes = np.full((len(entries), len(libraries)), np.nan)
    for (entry, library), row in cells.items():
        if entry in entries:
            sizes[entries.index(entry), libraries.index(library)] = row["normal"]["ulps"]
    bits, _ = FORMATS[page.dtype]
    norm = LogNorm(0.5, 2.0**bits, clip=True)
    figure, ax = plt.subplots(figsize=(5.6, 0.9 + 0.27 * len(entries)))
    shown = np.ma.masked_invalid(np.clip(sizes, 0.5, 2.0**bits))
    ax.pcolormesh(shown, norm=norm, cmap="cividis")
    for (down, across), size in np.ndenumerate(sizes):
        if not np.isnan(size):
            light = float(norm(min(max(size, 0.5), 2.0**bits))) > 0.5
            color = "#000000" if light else "#ffffff"
            ax.text(across + 0.5, down + 0.5, short(size, 2), color=color, ha="center", va="center", fontsize=8)
    ax.set_yticks(np.arange(len(entries)) + 0.5, [actdocs.get(name).title for name in entries])
    ax.set_xticks(np.arange(len(libraries)) + 0.5, [LIBRARIES[name] for name in libraries])
    ax.xaxis.tick_top()
    ax.grid(visible=False)
    ax.invert_yaxis()
    words = []
    for across, library in enumerate(libraries):
        column = sizes[:, across]
        worst = int(np.nanargmax(column))
        middle = short(float(np.nanmedian(column)), 2)
        words.append(
            f"{LIBRARIES[library]} at most {short(float(column[worst]), 2)}, "
            f"for {actdocs.get(entries[worst]).title}, and half of its functions within {middle}"
        )
    figure.set_label(
        f"Largest error of {len(entries)} functions in {page.dtype}, in units in the last place, subnormal results "
        f"aside: {'; '.join(words)}."
    )
    return figure


def accuracy(page: Page) -> str:
    """Write the largest errors, where they are and what they are; fold away flushes to zero and what is right."""
    entries, _, cells = compared(page)
    ordered = sorted(
        (row for (name, library), row in cells.items() if name in entries and library != "actdocs"),
        key=lambda row: (-row["normal"]["ulps"], -row["ulps"]),
    )
    large = [row for row in ordered if row["normal"]["ulps"] > FEW]
    lost = [row for row in ordered if row not in large and row["ulps"] > FEW]
    good = [row for row in ordered if row["ulps"] <= FEW]
    own = [row["ulps"] for (name, library), row in cells.items() if name in entries and library == "actdocs"]
    text = (
        f"{len(large)} of {len(ordered)} functions give a result of normal size that is off by more than {FEW:g} units."
    )
    if own:
        text += (
            f" The catalogue's own largest error over the same inputs, subnormal results and all, is {short(max(own))}."
        )
    parts = [text]
    for rows, part, title in (
        (large, "normal", ""),
        (lost, "", f"Off by more than {FEW:g} units in subnormal results alone: {len(lost)}"),
        (good, "", f"Within {FEW:g} units everywhere: {len(good)}"),
    ):
        if rows:
            lines = [accuracy_cells(page, row, part, cells.get((row["entry"], "actdocs"))) for row in rows]
            header = ("Function", "Units", "At x", "It gives", "True", "Ours")
            written_rows = table(header, lines, "numbers measured")
            parts.append(folded(title, written_rows) if title else written_rows)
    return "\n\n".join(parts)


def accuracy_cells(page: Page, row: Row, part: str, own: Row | None) -> tuple[str, ...]:
    """Write one row: what and whose, the numbers of all results or of the normal ones, and the catalogue's."""
    found, other = (row[part], own and own[part]) if part else (row, own)
    # As many digits as it takes to tell the two numbers apart.
    digits = next((n for n in range(4, 17) if short(found["gave"], n) != short(found["true"], n)), 17)
    return (
        f"{page.link(row['entry'])} [`{row['name']}`]{{.scope}} [{what_happened(found, row['dtype'])}]{{.scope}}",
        short(found["ulps"]),
        short(found["x"], 4),
        *(short(found[key], digits) for key in ("gave", "true")),
        short(other["ulps"]) if other else "–",
    )


# Kinks


def same_slope(one: float, other: float) -> bool:
    """Compare a slope in single precision with one in double."""
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)


def marked(row: Row) -> str:
    """Write a library's slope, bold where it is not the catalogue's, with a sign where it lies between no two sides."""
    slope = short(row["gradient"], 4)
    if same_slope(row["gradient"], row["catalogue"]):
        return slope
    low, high = sorted((row["left"], row["right"]))
    inside = low - 1e-6 <= row["gradient"] <= high + 1e-6
    return f"**{slope}**" + ("" if inside else " ‡")


def own_kinks(page: Page) -> tuple[dict[tuple[str, float], dict[str, Row]], list[Row]]:
    """Part the libraries' functions, by entry and place, from expressions that a reader may write instead."""
    places: dict[tuple[str, float], dict[str, Row]] = defaultdict(dict)
    written = []
    for row in page.rows("kinks"):
        if "(" in row["name"]:
            written.append(row)
        else:
            places[row["entry"], row["x"]][row["library"]] = row
    return dict(places), written


def kinks(page: Page) -> str:
    """Write each library's gradient at each kink beside the one-sided slopes."""
    places, _ = own_kinks(page)
    libraries = [name for name in LIBRARIES if any(name in found for found in places.values())]
    cells, last = [], ""
    for (name, x), found in places.items():
        row = next(iter(found.values()))
        cells.append(
            (
                "" if name == last else page.link(name),
                short(x),
                *(short(row[side], 4) for side in ("left", "right", "catalogue")),
                *(marked(found[library]) if library in found else "–" for library in libraries),
            )
        )
        last = name
    unlike = [
        f"{actdocs.get(name).title} at {short(x)}"
        for (name, x), found in places.items()
        if any(not same_slope(row["gradient"], other["gradient"]) for row in found.values() for other in found.values())
    ]
    off = sum("*" in marked(row) for found in places.values() for row in found.values())
    count = sum(len(found) for found in places.values())
    text = f"{off} of {count} gradients are not the catalogue's; they are bold."
    if unlike:
        text += f" Libraries differ among themselves for {', '.join(unlike)}."
    if any("‡" in cell for line in cells for cell in line):
        text += " ‡ lies outside the two slopes beside it."
    header = ("Function", "x", "Left", "Right", "Catalogue", *(LIBRARIES[name] for name in libraries))
    return f"{text}\n\n{table(header, cells, 'numbers measured')}"


def written(page: Page) -> str:
    """Write the gradient of ReLU at 0 for each way to write it."""
    places, other = own_kinks(page)
    relu = [*places.get(("relu", 0.0), {}).values(), *(row for row in other if row["entry"] == "relu")]
    order = list(LIBRARIES)
    cells = [
        (LIBRARIES[row["library"]], f"`{row['name']}`", marked(row))
        for row in sorted(relu, key=lambda row: order.index(row["library"]))
    ]
    return table(("Library", "Written", "Gradient at 0"), cells, "numbers measured")


# Models


def draw_models(page: Page) -> Figure:
    """Draw how many model types ask for each activation."""
    from matplotlib import pyplot as plt

    counts = {name: len(models) for name, models in page.measured["models"]["counts"].items()}
    entries = {entry.name: entry for entry in actdocs.catalogue()}
    figure, ax = plt.subplots(figsize=(7.0, 0.6 + 0.3 * len(counts)))
    names = [entries[name].title if name in entries else name for name in counts]
    colors = [entries[name].color if name in entries else THEME["muted"][0] for name in counts]
    bars = ax.barh(names, list(counts.values()), color=colors, height=0.65)
    ax.bar_label(bars, padding=4)
    ax.invert_yaxis()
    ax.grid(visible=False)
    ax.set_xticks([])
    words = ", ".join(f"{name} {number}" for name, number in zip(names, counts.values(), strict=True))
    figure.set_label(f"Model types of transformers that ask for an activation by default: {words}.")
    return figure


def models(page: Page) -> str:
    """Write which models ask for each activation, and the words that they use for it."""
    found = page.measured["models"]
    counts, words = found["counts"], found.get("words", {})
    total = found.get("configurations")
    text = f"Of {total} configuration classes that can be made without arguments, " if total else ""
    text += f"{len({model for models in counts.values() for model in models})} name an activation."
    parts = [text[0].upper() + text[1:]]
    for name, users in counts.items():
        said = [word for word, use in words.items() if (use["entry"] or word) == name]
        entry = next((entry for entry in actdocs.catalogue() if entry.name == name), None)
        line = page.link(name) + (f", written {listed(said)}" if said else "")
        title = f"{entry.title if entry else name}: {len(users)}"
        parts.append(folded(title, f"{line}.\n\n{listed(users)}"))
    return "\n\n".join(parts)


# The directive

TEXTS: dict[str, Callable[[Page], str]] = {
    "versions": versions,
    "defaults": defaults,
    "costs": costs,
    "layers": layers,
    "accuracy": accuracy,
    "kinks": kinks,
    "written": written,
    "models": models,
}
FIGURES: dict[str, Callable[[Page], Figure]] = {
    "defaults-figure": draw_defaults,
    "accuracy-map": draw_map,
    "models-figure": draw_models,
}
# What a part cannot be without; a build may have measured some libraries alone.
NEEDS = {
    "accuracy-map": "accuracy",
    "costs": "calls",
    "defaults-figure": "defaults",
    "layers": "defaults",
    "models-figure": "models",
    "written": "kinks",
}
MISSING = {
    "versions": "Nothing was measured in this build. `nox -s crosscheck` installs the libraries, runs them and writes "
    "the numbers; the next build of the site shows them."
}


class Measured(SphinxDirective):
    """A part of a comparison page: ``{measured} part``; ``:dtype:`` names the floating-point format."""

    required_arguments = 1
    option_spec: ClassVar = {"dtype": lambda word: directives.choice(word, tuple(FORMATS))}

    def run(self) -> list[nodes.Node]:
        """Write the part, or say that it was not measured."""
        part = directives.choice(self.arguments[0], (*TEXTS, *FIGURES))
        self.env.note_dependency(str(Path(self.env.app.confdir).parent / "build" / "crosscheck.json"))
        self.env.note_dependency(__file__)
        measured = crosscheck(self.env.app)
        if not measured.get(NEEDS.get(part, part)):
            return self.parse_text_to_nodes(MISSING.get(part, "Not measured in this build."))
        page = Page(measured, frozenset(self.env.found_docs), self.options.get("dtype", "float32"))
        if part in TEXTS:
            return self.parse_text_to_nodes(TEXTS[part](page))
        from matplotlib import pyplot as plt

        use_style()
        figure = FIGURES[part](page)
        drawn = svg(figure)
        plt.close(figure)
        return [nodes.raw("", drawn, format="html")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("measured", Measured)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
