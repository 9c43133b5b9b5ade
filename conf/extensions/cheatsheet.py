"""The cheat sheet: every activation on one page to print, drawn by Matplotlib as PDF and SVG."""

from __future__ import annotations

import functools
import hashlib
import math
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import actdocs
from actdocs import palette
from extensions import files, freshness
from extensions.figures import THEME
from extensions.table import WINDOW, depth, enlarge, formula, inputs, interval, number, section

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PAGE = "atlas/cheatsheet"
NAME = "activation-functions-cheatsheet"
PAPER = (1190.55, 841.89)  # A3, landscape, in points
MARGIN, HEAD, FOOT, GAP = 30.0, 34.0, 14.0, 9.0
SPACE, BRACE = 0.45, 0.35  # between the columns of cases, and the width of their brace, in letters' sizes
PLOT = 0.86  # the width of the curves, of that of a cell
TITLE, FORMULA, SMALL, LEAST = 8.5, 8.0, 6.2, 5.5  # sizes of text in points; a formula shrinks to LEAST
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "actdocs",
}
# What mathtext calls by another name, and a word that takes less room.
SPELLINGS = {
    r"\\text\{otherwise\}": r"\\text{else}",
    r"\\(le|ge|ne)(?![a-z])": r"\\\1q",
    r"\\(left|right)\|": "|",  # growing bars come out too small
    r"\\sum_": r"{\\sum}_",  # the index beside it
}
CASES = re.compile(r"\\begin\{cases\}(.*)\\end\{cases\}", re.DOTALL)


def mathtext(tex: str) -> str:
    """Write LaTeX in the words that Matplotlib's mathtext knows."""
    for pattern, spelling in SPELLINGS.items():
        tex = re.sub(pattern, spelling, tex)
    return tex


class Piece(NamedTuple):
    """A piece of a formula: its text, and where its base line starts, in letters' sizes.

    With a height it is a brace, and starts at its tip.
    """

    text: str
    x: float
    y: float
    height: float = 0.0


class Box(NamedTuple):
    """A laid out formula: its pieces, its width, and its extent above and below the middle."""

    pieces: list[Piece]
    width: float
    half: float


@functools.cache
def measure(text: str) -> tuple[float, float, float]:
    """Give the width of a piece of mathtext, and its extent above and below the base line."""
    from matplotlib import rc_context
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    with rc_context(STYLE):
        parsed = MathTextParser("path").parse(text, 72, FontProperties(size=100))
    return parsed.width / 100, (parsed.height - parsed.depth) / 100, parsed.depth / 100


def lay_out(tex: str) -> Box:
    """Lay a formula out; mathtext knows no cases, so that their rows become pieces behind a brace."""
    if not tex:
        return Box([], 0.0, 0.0)
    found = CASES.search(tex)
    if not found:
        text = f"${mathtext(tex)}$"
        width, up, down = measure(text)
        return Box([Piece(text, 0.0, (down - up) / 2)], width, (up + down) / 2)
    # A bracket that opens before the cases and closes after them is no pair to mathtext.
    sides = tex[: found.start()], tex[found.end() :]
    before, after = (lay_out(re.sub(r"\\(left|right)(?![a-z])", "", side).strip()) for side in sides)
    rows = [[lay_out(cell.strip()) for cell in row.split("&")] for row in found[1].split(r"\\")]
    columns = [max(box.width for box in column) + SPACE for column in zip(*rows, strict=True)]
    half = sum(max(box.half for box in row) for row in rows) + 0.15 * (len(rows) - 1)
    start = before.width + BRACE + 0.2
    pieces, y = [*before.pieces, Piece("{", before.width + 0.1, 0.0, 2 * half)], half
    for row in rows:
        tall = max(box.half for box in row)
        for box, x in zip(row, (start, start + columns[0]), strict=False):
            pieces += [piece._replace(x=piece.x + x, y=piece.y + y - tall) for piece in box.pieces]
        y -= 2 * tall + 0.3
    width = start + sum(columns) - SPACE
    pieces += [piece._replace(x=piece.x + width) for piece in after.pieces]
    return Box(pieces, width + after.width, max(half, before.half, after.half))


def wrap(tex: str) -> Box:
    """Lay a formula out in two lines, cut before the plus nearest to its middle that no group holds."""
    places = [found.start() for found in re.finditer(r"\+", tex)]
    places = [place for place in places if depth(re.sub(r"\\left", "{", re.sub(r"\\right", "}", tex[:place]))) == 0]
    if not places or CASES.search(tex):
        return lay_out(tex)
    place = min(places, key=lambda place: abs(place - len(tex) / 2))
    first, second = lay_out(tex[:place].strip()), lay_out(tex[place:].strip())
    half = first.half + second.half + 0.15
    pieces = [piece._replace(y=piece.y + half - first.half) for piece in first.pieces]
    pieces += [piece._replace(x=piece.x + 1, y=piece.y - half + second.half) for piece in second.pieces]
    return Box(pieces, max(first.width, second.width + 1), half)


def slopes(entry: actdocs.Activation) -> tuple[float, float]:
    """Give the smallest and the largest slope to the third decimal, from a fine grid; beyond 1000 it is infinite."""
    far = np.geomspace(20, 1e4, 1001)
    beside = [kink + side for kink in entry.kinks for side in (-1e-9, 1e-9)]
    slope = entry.derivative(np.array([*-far, *np.linspace(-20, 20, 40001), *far, *beside]))
    ends = (round(float(end), 3) + 0.0 for end in (np.nanmin(slope), np.nanmax(slope)))
    low, high = (math.copysign(math.inf, end) if abs(end) > 1e3 else end for end in ends)
    return low, high


def facts(entry: actdocs.Activation) -> str:
    """Say in a line what the values are and, of a function of one number, the slopes."""
    values = interval(entry.bounds._asdict())
    if not entry.elementwise:
        return values
    low, high = slopes(entry)
    return f"{values}   {number(low)} … {number(high)}"


class Cell(NamedTuple):
    """A place on the paper, in points."""

    left: float
    bottom: float
    width: float
    height: float


def cells(count: int) -> list[Cell]:
    """Divide the paper among entries, row by row, in cells a little wider than high."""
    width, height = PAPER[0] - 2 * MARGIN + GAP, PAPER[1] - 2 * MARGIN - HEAD - FOOT + GAP

    def shape(columns: int) -> float:
        return abs(math.log(width / columns / (height / math.ceil(count / columns)) / 1.08))

    columns = min(range(1, count + 1), key=shape)
    step = width / columns, height / math.ceil(count / columns)
    top = PAPER[1] - MARGIN - HEAD
    places = (divmod(place, columns) for place in range(count))
    return [
        Cell(MARGIN + column * step[0], top - (row + 1) * step[1] + GAP, step[0] - GAP, step[1] - GAP)
        for row, column in places
    ]


class Sheet:
    """The sheet while it is drawn: one set of axes, in points."""

    def __init__(self) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(PAPER[0] / 72, PAPER[1] / 72), facecolor=THEME["paper"][0])
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, PAPER[0]), ylim=(0, PAPER[1]))
        self.axes.set_axis_off()

    def text(self, x: float, y: float, text: str, size: float, color: str, /, **options: Any) -> None:
        """Write text at a place."""
        self.axes.text(x, y, text, size=size, color=color, **options)

    def entry(self, entry: actdocs.Activation, cell: Cell, heads: bool) -> None:
        """Draw one activation: family, name, curves, formula, facts, from top to bottom."""
        ink, muted = THEME["ink"][0], THEME["muted"][0]
        family = palette.color(entry.family, 0)
        top = cell.bottom + cell.height
        self.axes.plot([cell.left, cell.left + cell.width], [top, top], color=family, linewidth=0.8)
        if heads:
            self.text(cell.left, top + 2, entry.family, SMALL, family, weight="bold")
        self.text(
            cell.left, top - TITLE, entry.title, min(TITLE, fit(entry.title, cell.width, "bold")), ink, weight="bold"
        )
        left, right, low, high = WINDOW
        width = PLOT * cell.width
        height = width / (right - left) * (high - low)
        self.curves(entry, Cell(cell.left, top - TITLE - 4 - height, width, height))
        self.formula(entry, cell, top - TITLE - 6 - height, ink)
        words = facts(entry)
        self.text(cell.left, cell.bottom + 1, words, min(SMALL, fit(words, cell.width)), muted)

    def curves(self, entry: actdocs.Activation, box: Cell) -> None:
        """Draw value and derivative in a box that cuts them off."""
        from matplotlib.patches import Rectangle

        left, right, low, _ = WINDOW
        unit = box.width / (right - left)
        frame = Rectangle(box[:2], box.width, box.height, transform=self.axes.transData)
        zero = box.left - left * unit, box.bottom - low * unit
        for xs, ys in (
            ([box.left, box.left + box.width], [zero[1]] * 2),
            ([zero[0]] * 2, [box.bottom, box.bottom + box.height]),
        ):
            self.axes.plot(xs, ys, color=THEME["grid"][0], linewidth=0.5)
        x = inputs(entry, 401)
        drawn = section(entry, x)
        jumps = entry.kinks if entry.smoothness < 0 else ()
        for y, breaks, style, width in (
            (drawn.slope, entry.kinks, (0, (3.0, 1.5)), 0.8),
            (drawn.value, jumps, "solid", 1.2),
        ):
            at = np.searchsorted(x, breaks)
            points = (
                np.insert(x, at, np.nan) * unit + zero[0],
                np.insert(np.clip(y, -99, 99), at, np.nan) * unit + zero[1],
            )
            (line,) = self.axes.plot(*points, color=entry.color, linestyle=style, linewidth=width)
            line.set_clip_path(frame)
        if drawn.along != "x":
            self.text(box.left, box.bottom + 1, f"first of {drawn.along}", LEAST, THEME["muted"][0])

    def formula(self, entry: actdocs.Activation, cell: Cell, top: float, color: str) -> None:
        """Write the formula as large as it fits between the curves and the facts."""
        room = top - cell.bottom - SMALL - 3
        small = formula(entry)
        ways = [of(tex) for tex in (enlarge(small), small) for of in (lay_out, wrap)]
        sizes = [min(FORMULA, cell.width / box.width, room / (2 * box.half)) for box in ways]
        best = next((place for place, size in enumerate(sizes) if size >= LEAST), None)
        if best is None:
            raise ValueError(f"the formula of {entry.name} needs letters of {max(sizes):.1f} pt to fit into its cell")
        box, size = ways[best], sizes[best]
        middle = cell.bottom + SMALL + 3 + room / 2
        for piece in box.pieces:
            x, y = cell.left + piece.x * size, middle + piece.y * size
            if piece.height:
                self.brace(x, y, BRACE * size, piece.height * size / 2, color)
            else:
                self.text(x, y, piece.text, size, color)

    def brace(self, x: float, y: float, width: float, half: float, color: str) -> None:
        """Draw a brace that opens to the right, its tip at (x, y)."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path as Curve

        middle, end = x + width / 2, x + width
        corners = [(end, half), (middle, half), (middle, half - width), (middle, width), (middle, 0), (x, 0)]
        points = [(across, y + up) for across, up in corners]
        points += [(across, 2 * y - up) for across, up in points[-2::-1]]
        kinds = [Curve.MOVETO, *([Curve.CURVE3] * 2 + [Curve.LINETO] + [Curve.CURVE3] * 2) * 2]
        self.axes.add_patch(PathPatch(Curve(points, kinds), fill=False, edgecolor=color, linewidth=0.6))


def fit(text: str, width: float, weight: str = "normal") -> float:
    """Give the size at which a line of text is as wide as given."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    shape = TextPath((0, 0), text, prop=FontProperties(family=STYLE["font.family"], weight=weight, size=100))
    return 100 * width / float(shape.get_extents().width)


def draw() -> Figure:
    """Draw the sheet.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a formula is too large for its place.
    """
    from matplotlib import rc_context

    entries = actdocs.catalogue()
    with rc_context(STYLE):
        sheet = Sheet()
        ink, muted = THEME["ink"][0], THEME["muted"][0]
        top = PAPER[1] - MARGIN - 14
        sheet.text(MARGIN, top, "Activation functions", 20, ink, weight="bold")
        left, right, low, high = (number(end) for end in WINDOW)
        key = (
            f"Value solid, derivative dashed; x from {left} to {right}, y from {low} to {high}; default parameters. "
            "Under each: range of values, a round bracket leaving the end out; least … greatest slope."
        )
        sheet.text(PAPER[0] - MARGIN, top, key, 9, muted, ha="right")
        seen: set[str] = set()
        for entry, cell in zip(entries, cells(len(entries)), strict=True):
            sheet.entry(entry, cell, heads=entry.family not in seen)
            seen.add(entry.family)
        source = f"the catalogue of the Python package actdocs {version('actdocs')}"
        last = f"{len(entries)} functions, drawn from {source}. CC BY 4.0."
        sheet.text(MARGIN, MARGIN - 4, last, SMALL, muted)
    return sheet.figure


def write(folder: Path) -> None:
    """Write the sheet as PDF and SVG, and once more as SVG in the colours of dark pages."""
    from matplotlib import rc_context

    with rc_context(STYLE):
        figure = draw()
        figure.savefig(folder / f"{NAME}.pdf", metadata={"CreationDate": None, "Title": "Activation functions"})
        figure.savefig(folder / f"{NAME}.svg", metadata={"Date": None, "Title": "Activation functions"})
    colors = dict(THEME.values())
    colors |= {palette.color(family, 0): palette.color(family, 0, dark=True) for family in palette.FAMILIES}
    colors |= {entry.color: entry.color_dark for entry in actdocs.catalogue()}
    light = (folder / f"{NAME}.svg").read_text(encoding="utf-8")
    dark = re.sub(r"#[0-9a-f]{6}\b", lambda found: colors.get(found[0], found[0]), light)
    (folder / f"{NAME}-dark.svg").write_text(dark, encoding="utf-8")


class CheatSheet(SphinxDirective):
    """The sheet as a picture that links to itself: ``{cheat-sheet}``."""

    def run(self) -> list[nodes.Node]:
        """Show it in the colours of the page."""
        count = len(actdocs.catalogue())
        label = f"Small plots of {count} activation functions by family, each with formula, range and slopes."
        pictures = "".join(
            f'<img class="only-{theme}" src="../_static/{NAME}{suffix}.svg" alt="{label}" loading="lazy" '
            f'width="{PAPER[0]:.0f}" height="{PAPER[1]:.0f}">'
            for theme, suffix in (("light", ""), ("dark", "-dark"))
        )
        text = f'<a class="cheat-sheet" href="../_static/{NAME}.svg">{pictures}</a>'
        return [nodes.raw("", text, format="html")]


def place_files(app: Sphinx, exception: Exception | None) -> None:
    """Draw the sheet beside the pages, unless it is there and nothing that it shows has changed."""
    if exception is not None or app.builder.format != "html" or PAGE not in app.env.found_docs:
        return
    static, root = Path(app.outdir) / "_static", Path(app.confdir).parent
    stamp = static / f"{NAME}.txt"
    key = freshness.key(root) + hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != key:
        write(static)
        files.write(stamp, key)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, and draw the sheet at the end."""
    app.add_directive("cheat-sheet", CheatSheet)
    app.connect("build-finished", place_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
