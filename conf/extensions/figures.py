"""Matplotlib figures as inline SVG that follows the page: its text, its width, its light or dark theme.

Gallery scripts come here through sphinx-gallery's scraper, pages through the backend in ``extensions.backend``.
Each figure brings its text alternative in ``figure.set_label("…")``; one without it fails the build.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import actdocs
from extensions import figure_data, files

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

# Name → colour on the light and on the dark page. Stylesheets use them as --ink and so on.
THEME = {
    "ink": ("#1f2328", "#e6e9ed"),
    "muted": ("#59636e", "#9aa5b1"),
    "grid": ("#d8dee4", "#343b44"),
    "paper": ("#ffffff", "#14171c"),
    "accent": ("#0b6b7d", "#62c4d8"),
}
# Text in pure black or white stands on something coloured, a cell of a table of numbers: it stays as it is.
FIXED_TEXT = {"#000000", "#ffffff"}
LARGEST = 500_000
WIDE = 720  # pixels


def svg(figure: Figure) -> str:
    """Write a Matplotlib figure as one line of HTML.

    Parameters
    ----------
    figure : Figure
        With its text alternative as its label.

    Returns
    -------
    str
        A ``<figure>`` with an ``<svg role="img">`` in it, whose colours are CSS variables, and with its data.

    Raises
    ------
    ValueError
        If the figure has no label, or is too large to stand in a page.
    """
    import matplotlib as mpl

    label = " ".join(str(figure.get_label()).split())
    if not label:
        raise ValueError('a figure has no text alternative: say what it shows with figure.set_label("…")')
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "actdocs", "svg.image_inline": True}):
        file = io.BytesIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    root = ET.fromstring(file.getvalue())
    _simplify(root)
    width = float(root.attrib.pop("width").removesuffix("pt")) * 4 / 3
    root.attrib.pop("height")
    # On a phone a wide figure scrolls in its box, since its letters would be too small to read.
    least = f"min-width: {0.6 * width:.0f}px; " if width > WIDE else ""
    root.attrib |= {"role": "img", "style": f"{least}max-width: {width:.0f}px; stroke-linejoin: round"}
    title = ET.Element("title")
    title.text = label
    root.insert(0, title)
    text = ET.tostring(root, encoding="unicode").replace("\n", " ")
    # The same names in two figures of a page would clash.
    name = hashlib.sha256(text.encode()).hexdigest()[:8]
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>f{name}-", text)
    if len(text) > LARGEST:
        raise ValueError(f"the figure “{label}” takes {len(text)} bytes: draw dense artists with rasterized=True")
    return f'<figure class="drawn">{text}{figure_data.packed(figure)}</figure>'


def _simplify(root: ET.Element) -> None:
    """Drop what only a file of its own needs; let colours, fonts and ids fit into a page."""
    text = ET.tostring(root, encoding="unicode")
    targets = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', text))
    for parent in list(root.iter()):
        for child in list(parent):
            tag = child.tag.rpartition("}")[2]
            if tag in {"metadata", "style"}:
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if element.tag not in {"text", "tspan"}:
            element.text = None
        element.tail = None
        attributes = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
        if attributes.get("id") not in targets:
            attributes.pop("id", None)
        if "style" in attributes:
            attributes["style"] = _style(element, attributes["style"])
        if "d" in attributes:
            short = re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", attributes["d"])
            attributes["d"] = " ".join(short.split())
        if "href" in attributes:
            attributes["href"] = "".join(attributes["href"].split())
        if attributes.get("transform", "").startswith("rotate(-0 "):
            del attributes["transform"]
        element.attrib = attributes


def _style(element: ET.Element, style: str) -> str:
    """Turn fixed colours into variables, fixed fonts into the page's."""

    def color(found: re.Match[str]) -> str:
        prefix, value = found.groups()
        if element.tag in {"text", "tspan"} and value in FIXED_TEXT:
            return found[0]
        return f"{prefix}var(--c-{value[1:]}, {value})"

    style = re.sub(r"font-family: [^;]+;? ?", "", style)
    if element.tag == "text":
        style = re.sub(r"font-size: ([\d.]+px)", r"font-size: calc(\1 * var(--figure-text, 1))", style)
    return re.sub(r"((?:fill|stroke): )(#[0-9a-f]{6})\b", color, style)


def style_sheet() -> str:
    """Write the CSS variables of the theme's and the catalogue's colours for light and dark."""
    pairs = [*THEME.values(), *((entry.color, entry.color_dark) for entry in actdocs.catalogue())]
    light = "".join(f"--{name}: {value}; " for name, (value, _) in THEME.items())
    dark = "".join(f"--{name}: {value}; " for name, (_, value) in THEME.items())
    dark += "".join(f"--c-{on_light[1:]}: {on_dark}; " for on_light, on_dark in pairs)
    dark += f"--c-000000: {THEME['ink'][1]}; "
    return (
        f":root {{ {light}}}\n"
        f'html[data-theme="dark"] {{ {dark}}}\n'
        f'@media (prefers-color-scheme: dark) {{ html[data-theme="auto"] {{ {dark}}} }}\n'
    )


def use_style(gallery_conf: dict[str, Any] | None = None, script: str | None = None) -> None:
    """Start a page or a gallery script with the site's figure style."""
    from matplotlib import style

    from actdocs.plotting import STYLE

    style.use(STYLE)


def scrape(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any], **options: Any) -> str:
    """Collect the open figures of a gallery cell: SVG for the page, PNG for the thumbnail."""
    from matplotlib import pyplot as plt
    from PIL import Image
    from sphinx.errors import ExtensionError

    drawn = []
    for number, path in zip(plt.get_fignums(), block_vars["image_path_iterator"], strict=False):
        figure = plt.figure(number)
        try:
            drawn.append(svg(figure))
        except ValueError as error:
            raise ExtensionError(f"{block_vars['src_file']}, cell at line {block[2]}: {error}") from error
        figure.savefig(path, dpi=120)
        # The thumbnail shows the first rows of a tall figure, large enough to be read.
        with Image.open(path) as picture:
            width, height = picture.size
            picture.crop((0, 0, width, min(height, width * 7 // 10))).save(path)
    plt.close("all")
    return "".join(f"\n.. raw:: html\n\n{indent(one, '    ')}\n" for one in drawn)


def place_style(app: Sphinx) -> None:
    """Put the variables beside the pages."""
    if app.builder.format == "html":
        files.write(Path(app.outdir) / "_static" / "figures.css", style_sheet())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give the kernels of the pages the site's Matplotlib backend, and the pages the figures' colours."""
    here = str(Path(__file__).parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    os.environ["MPLBACKEND"] = "module://extensions.backend"
    app.setup_extension("extensions.figure_data")
    app.add_css_file("figures.css", priority=100)
    app.connect("builder-inited", place_style)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
