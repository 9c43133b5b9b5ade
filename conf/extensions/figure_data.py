"""The numbers behind a drawn figure, as a table to take along.

A figure of :func:`extensions.figures.svg` carries its table packed in a ``<template>``, which goes wherever the figure
goes, caches included. When a page is written, each becomes a CSV file beside the pages and a link below the figure.
"""

from __future__ import annotations

import base64
import csv
import io
import re
import zlib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import actdocs
from extensions import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

FOLDER = "_static/figures"
CELLS, POINTS = 10_000, 1_000  # of a picture and of a curve at most; a finer one is thinned evenly
COLUMNS = ("panel", "series", "x", "y", "low", "high", "value")
# In an attribute: Sphinx's search would take text for words.
PACKED = re.compile(r'<template class="figure-data" data-table="([^"]*)"></template>')

Row = dict[str, Any]


def rows(figure: Figure) -> Iterator[Row]:
    """Give what a figure shows: a row for each point of a curve, end of a bar or band, cell of a picture.

    Helper lines across a whole panel, texts, arrows and photographs are no data.
    """
    shown = [axes for axes in figure.axes if axes.get_visible() and axes.get_label() != "<colorbar>"]
    called = [plain(name(axes) or f"panel {number}") if len(shown) > 1 else "" for number, axes in enumerate(shown, 1)]
    for number, (axes, panel) in enumerate(zip(shown, called, strict=True), 1):
        names, across, up = Names(axes, panel), Places(axes.xaxis), Places(axes.yaxis)
        title = f"{panel} ({number})" if called.count(panel) > 1 else panel
        for kind, artist, found in content(axes):
            some = list(found)
            xs, ys = (places.words_of([row.get(key) for row in some]) for key, places in (("x", across), ("y", up)))
            # Rows with names may hold several marks of a series; two curves of one name over the same places may not.
            series = names.of(
                artist, kind, frozenset() if up.words else frozenset(row["x"] for row in some if "x" in row)
            )
            for row, x, y in zip(some, xs, ys, strict=True):
                yield {"panel": title, "series": series} | row | {"x": x, "y": y}


def name(axes: Axes) -> str:
    """Name a panel by its title, by those of its column and its row in a grid, or by its axis."""

    def title(one: Axes) -> str:
        return " ".join(one.get_title(loc).strip() for loc in ("left", "center", "right")).strip()

    spec, grid = axes.get_subplotspec(), axes.figure.axes
    if title(axes) or spec is None:
        return title(axes) or axes.get_xlabel()
    specs = [(one, one.get_subplotspec()) for one in grid]
    column = (title(one) for one, other in specs if other and other.colspan == spec.colspan)
    row = (one.get_ylabel() for one, other in specs if other and other.rowspan == spec.rowspan)
    return ", ".join(filter(None, (next(filter(None, part), "") for part in (column, row)))) or axes.get_xlabel()


def content(axes: Axes) -> Iterator[tuple[str, Artist, Iterator[Row]]]:
    """Give the artists of a panel that stand for data, each with its kind and its rows."""
    from matplotlib import collections
    from matplotlib.container import BarContainer
    from matplotlib.contour import ContourSet
    from matplotlib.patches import Rectangle

    held: set[Any] = set()
    for container in axes.containers:
        if isinstance(container, BarContainer) and container.patches:
            held.update(container.patches)
            yield "bars", container.patches[0], bars(container)
    for line in axes.lines:
        # A single point without a mark draws nothing: it holds a label.
        drawn_at_all = np.size(line.get_xdata()) > 1 or line.get_marker() not in ("None", "none", "", " ", None)
        if line.get_transform() is axes.transData and line.get_visible() and drawn_at_all:
            yield "line", line, points(line.get_xydata())
    for drawn in axes.collections:
        # By identity: over the limits 0 and 1 another transform is equal to that of the data.
        placed = any(one is axes.transData for one in (drawn.get_transform(), drawn.get_offset_transform()))
        if not (placed and drawn.get_visible()):
            continue
        if isinstance(drawn, ContourSet):
            if not drawn.filled:
                yield "border", drawn, (point for path in drawn.get_paths() for point in points(path.vertices))
        elif isinstance(drawn, collections.QuadMesh):
            corners = np.asarray(drawn.get_coordinates())
            yield "cells", drawn, cells(middles(corners[0, :, 0]), middles(corners[:, 0, 1]), drawn.get_array())
        elif isinstance(drawn, collections.LineCollection):
            yield "bars", drawn, spans(drawn.get_segments())
        elif isinstance(drawn, collections.PathCollection):
            yield "points", drawn, points(np.ma.filled(np.ma.asarray(drawn.get_offsets(), float), np.nan))
        elif isinstance(drawn, collections.FillBetweenPolyCollection) and getattr(drawn, "t_direction", "x") == "x":
            yield "band", drawn, bands(drawn)
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch not in held]
    written = [box for box in boxes if box.get_data_transform() is axes.transData]
    if written:
        yield "cells", written[0], words(axes, written)
    for image in axes.images:
        shown = image.get_array()
        if shown is not None and shown.ndim == 2:
            left, right, bottom, top = image.get_extent()
            high, wide = shown.shape
            start, stop = (top, bottom) if image.origin == "upper" else (bottom, top)
            xs, ys = middles(np.linspace(left, right, wide + 1)), middles(np.linspace(start, stop, high + 1))
            yield "cells", image, cells(xs, ys, shown)


def points(places: Any) -> Iterator[Row]:
    """Give the points of a curve, of a fine one its ends and each so many between; where it is broken, none."""
    kept = np.unique(np.linspace(0, len(places) - 1, POINTS).round().astype(int)) if len(places) > POINTS else None
    for x, y in places if kept is None else np.asarray(places)[kept]:
        if np.isfinite(x) and np.isfinite(y):
            yield {"x": number(x), "y": number(y)}


def bars(container: Any) -> Iterator[Row]:
    """Give the ends of bars, beside where they stand."""
    upright = container.orientation != "horizontal"
    for bar in container.patches:
        (x, y), wide, high = bar.get_xy(), bar.get_width(), bar.get_height()
        start, end = (y, y + high) if upright else (x, x + wide)
        if np.isfinite(start) and np.isfinite(end):
            stacked = {"low": number(min(start, end)), "high": number(max(start, end))} if start else {}
            place = (
                {"x": number(x + wide / 2), "y": number(end)}
                if upright
                else {"x": number(end), "y": number(y + high / 2)}
            )
            yield place | stacked


def spans(segments: Iterable[Any]) -> Iterator[Row]:
    """Give the ends of upright and level lines, which are intervals."""
    for ends in segments:
        if len(ends) != 2:
            yield from points(ends)
            continue
        (x, y), (x1, y1) = ends
        if x == x1:
            yield {"x": number(x), "low": number(min(y, y1)), "high": number(max(y, y1))}
        elif y == y1:
            yield {"y": number(y), "low": number(min(x, x1)), "high": number(max(x, x1))}
        else:
            yield from points(ends)


def bands(drawn: Any) -> Iterator[Row]:
    """Give the lower and upper edge of a filled band, from its outline."""
    for path in drawn.get_paths():
        edges = defaultdict(list)
        for x, y in path.vertices:
            if np.isfinite(x) and np.isfinite(y):
                edges[number(x)].append(number(y))
        for x in sorted(edges):
            yield {"x": x, "low": min(edges[x]), "high": max(edges[x])}


def words(axes: Axes, boxes: Iterable[Any]) -> Iterator[Row]:
    """Give what is written into the boxes of a panel."""
    texts = [(text.get_position(), plain(text.get_text())) for text in axes.texts]
    for box in boxes:
        (x, y), wide, high = box.get_xy(), box.get_width(), box.get_height()
        for (across, up), text in texts:
            if x <= across <= x + wide and y <= up <= y + high:
                yield {"x": number(x + wide / 2), "y": number(y + high / 2), "value": text}


def cells(xs: Any, ys: Any, shown: Any) -> Iterator[Row]:
    """Give the cells of a picture, of a fine one each so many rows and columns."""
    values = np.ma.masked_invalid(np.reshape(shown, (len(ys), len(xs))))
    hidden, step = np.ma.getmaskarray(values), int(np.ceil(np.sqrt(values.size / CELLS)))
    for i in range(0, len(ys), step):
        for j in range(0, len(xs), step):
            if not hidden[i, j]:
                yield {"x": number(xs[j]), "y": number(ys[i]), "value": number(values[i, j])}


def middles(edges: Any) -> Any:
    """Give the middles between neighbours."""
    edges = np.asarray(edges, float)
    return (edges[1:] + edges[:-1]) / 2


def number(value: Any) -> float:
    """Round to six digits, which is more than a figure shows."""
    return float(f"{float(value):.6g}")


class Places:
    """The words that stand along an axis in place of numbers."""

    def __init__(self, axis: Axis) -> None:
        from matplotlib.category import StrCategoryFormatter
        from matplotlib.ticker import FixedFormatter, FixedLocator

        self.words: dict[float, str] = {}
        formatter, locator = axis.get_major_formatter(), axis.get_major_locator()
        if isinstance(formatter, (FixedFormatter, StrCategoryFormatter)) or isinstance(locator, FixedLocator):
            spots = locator()
            words = map(plain, formatter.format_ticks(list(spots)))
            self.words = {number(spot): word for spot, word in zip(spots, words, strict=False) if word}
        # What is drawn a little beside a named row or column belongs to it; a number at its own place names nothing.
        if all(itself(word, spot) for spot, word in self.words.items()):
            self.words = {}
        self.reach = 0.45 * (float(np.diff(sorted(self.words)).min()) if len(self.words) > 1 else 1.0)

    def words_of(self, places: list[Any]) -> list[Any]:
        """Give the words at some places, or the places, where two of them would fall on one word."""
        words = [self.word(place) for place in places]
        return words if len(set(words)) == len(set(places)) else places

    def word(self, place: Any) -> Any:
        """Give the word at a place, or the place itself where there is none."""
        if place is None or not self.words:
            return place
        nearest = min(self.words, key=lambda spot: abs(spot - place))
        return self.words[nearest] if abs(nearest - place) <= self.reach else place


def itself(word: str, spot: float) -> bool:
    """Tell whether the word at a place is the place, as a number or in percent."""
    try:
        value = float(word.replace("−", "-").rstrip("% "))
    except ValueError:
        return False
    return bool(np.isclose(value, spot) or (word.endswith("%") and np.isclose(value, 100 * spot)))


def plain(text: str) -> str:
    """Give a label on one line, its formulas without their marks."""
    return " ".join(str(text).replace("$", "").split())


class Names:
    """What the series of a panel are called: by label, by the text of their colour, or as the function that has it."""

    def __init__(self, axes: Axes, panel: str) -> None:
        from matplotlib.colors import to_hex

        self.counts: dict[str, int] = defaultdict(int)
        self.places: dict[tuple[str, str], set[float]] = defaultdict(set)
        self.parts = {part: str(whole.get_label()) for whole in axes.containers for part in whole.get_children()}
        said = defaultdict(list)
        for text in axes.texts:
            said[to_hex(text.get_color())].append(plain(text.get_text()))
        for artist in (*axes.lines, *axes.collections):
            label = str(artist.get_label())
            if label and not label.startswith("_"):
                said[color(artist)].append(plain(label))
        self.functions = {shade: titles[-1] for shade, titles in functions().items() if len(titles) == 1}
        self.functions |= {shade: panel for shade, titles in functions().items() if panel in titles}
        # A colour that says several things says nothing.
        self.said = {shade: texts[0] for shade, texts in said.items() if len(set(texts)) == 1}

    def of(self, artist: Any, kind: str, places: frozenset[float]) -> str:
        """Name a series, with a number where one of its kind and name has stood at the same places."""
        label = self.parts.get(artist) or str(artist.get_label())
        if label and not label.startswith("_"):
            name = plain(label)
            clash = bool(places & self.places[kind, name])
            self.places[kind, name] |= places
            self.counts[name] += clash
            return f"{name} {self.counts[name] + 1}" if clash else name
        shade = color(artist)
        if known := self.said.get(shade) or self.functions.get(shade):
            style = artist.get_linestyle() if kind == "line" else ""
            more = {"--": "dashed", ":": "dotted"}.get(style, kind if kind == "band" else "")
            name = f"{known}, {more}" if more else known
        else:
            name = kind
        self.counts[name] += 1
        return f"{name} {self.counts[name]}" if self.counts[name] > 1 or name == kind else name


@cache
def functions() -> dict[str, list[str]]:
    """Give the functions that have each colour; some share theirs."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in actdocs.catalogue():
        found[entry.color].append(entry.title)
    return found


def color(artist: Any) -> str:
    """Give the colour that a series is drawn in, if it is a single one."""
    from matplotlib.colors import to_hex

    for name in ("get_color", "get_facecolor", "get_edgecolor"):
        if hasattr(artist, name):
            try:
                shades = np.atleast_2d(np.array(getattr(artist, name)()))
                first = str(shades[0, 0]) if shades.dtype.kind in "US" else tuple(shades[0, :3].astype(float))
                return to_hex(first)
            except (IndexError, ValueError):
                continue
    return ""


def table(figure: Figure) -> str:
    """Write what a figure shows as CSV, without the columns that it has no use for.

    Returns
    -------
    str
        Nothing, if the figure shows no data.
    """
    found = list(rows(figure))
    if not found:
        return ""
    columns = [name for name in COLUMNS if any(row.get(name) not in (None, "") for row in found)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: f"{v:.6g}" if isinstance(v, float) else v for name, v in row.items()} for row in found)
    return text.getvalue()


def packed(figure: Figure) -> str:
    """Give the table in one line of HTML that shows nothing."""
    text = table(figure)
    if not text:
        return ""
    table_data = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    return f'<template class="figure-data" data-table="{table_data}"></template>'


def place(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Write the tables of a page as files, and link each below its figure."""
    body = context.get("body") or ""
    folder = Path(app.outdir, FOLDER)
    for old in folder.glob(f"{pagename}-[0-9]*.csv"):
        old.unlink()
    count = 0

    def link(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        name = f"{pagename}-{count}.csv"
        files.write(folder / name, zlib.decompress(base64.b64decode(found[1])))
        address = context["pathto"](f"{FOLDER}/{name}", 1)
        return f'<figcaption class="data"><a href="{address}" download>Data as CSV</a></figcaption>'

    context["body"] = PACKED.sub(link, body)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Place the tables before anything else reads the body of a page."""
    app.connect("html-page-context", place, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
