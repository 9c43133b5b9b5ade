"""The deck's two plot functions, each activation's portrait, and the one style that every figure of the site shares.

A value is drawn solid, its derivative dashed and its second derivative dotted, in the activation's own colour. Every
figure carries a text alternative as its Matplotlib label: ``figure.get_label()``. Matplotlib loads at the first call.
"""

from __future__ import annotations

import contextlib
import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs.catalogue import Activation, catalogue, get
from actdocs.expressions import second_derivative
from actdocs.parameters import Seed
from actdocs.statistics import interval, paired_differences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "STYLE",
    "label_lines",
    "plot_comparison",
    "plot_curves",
    "plot_function",
    "plot_function_and_derivative",
    "plot_portrait",
]

INK, MUTED, GRID = "#1f2328", "#59636e", "#d8dee4"

STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": GRID,
    "axes.grid": True,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 10,
    "axes.spines.bottom": False,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "figure.constrained_layout.use": True,
    "figure.figsize": (7.0, 4.2),
    "font.family": "sans-serif",
    "font.size": 10,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "image.cmap": "cividis",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.color": MUTED,
    "ytick.major.size": 0,
}
"""Matplotlib settings of every figure here; ``plt.style.use(STYLE)`` switches them on."""

_POINTS = 2001  # odd, so that a symmetric window has its middle, and most kinks, on a point
_OTHER_COLOR = MUTED
_FLATTENED = 3.0  # a curve this many times as large as another would flatten it
_HILLS = 12  # more hills and valleys than this in one window can't be told apart


def plot_function(
    func: str | Activation | Callable[..., Any],
    x_range: tuple[float, float] = (-5.0, 5.0),
    *,
    ax: Axes | None = None,
    title: str | None = None,
    **parameters: Any,
) -> Axes:
    """Draw a function of one number over a range.

    Parameters
    ----------
    func : str, Activation or callable
        A catalogue entry by name, function or object, or any function that maps an array to an array of its shape.
    x_range : tuple of float
        Left and right end, finite and increasing.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    title : str, optional
        The title; by default the function's name with its parameters.
    **parameters
        Handed to ``func``.

    Returns
    -------
    matplotlib.axes.Axes
        Its figure has a text alternative as label. Show it with ``plt.show()``.

    Raises
    ------
    ValueError
        If ``x_range`` is not two finite, increasing numbers, or ``func`` changes the shape.
    TypeError
        If ``func`` is not a function of one number, as softmax is not.
    ImportError
        If Matplotlib is missing.

    Examples
    --------
    >>> from actdocs import plot_function, relu
    >>> ax = plot_function(relu, (-5, 5))
    >>> print(ax.figure.get_label())
    ReLU for x from -5 to 5: from 0 at the left to 5 at the right; lowest 0, highest 5.
    """
    curve = _Curve(func, parameters)
    x = _grid(x_range)
    y = curve.value(x)
    with _style(ax):
        axes = _axes(ax)
        _draw_value(axes, curve, x, y)
        axes.set(xlabel="x", ylabel="f(x)")
        axes.set_title(curve.name if title is None else title, loc="left")
    _describe(axes, f"{curve.name} for x from {x[0]:g} to {x[-1]:g}: {_course(y)}.")
    return axes


def plot_function_and_derivative(
    func: str | Activation | Callable[..., Any],
    x_range: tuple[float, float] = (-5.0, 5.0),
    *,
    ax: Axes | None = None,
    title: str | None = None,
    **parameters: Any,
) -> Axes:
    """Draw a function of one number, solid, and its derivative, dashed.

    The derivative of a catalogue entry is exact. That of any other function is estimated by
    :func:`scipy.differentiate.derivative`, and the label at the curve says so.

    Parameters, answer and errors are those of :func:`plot_function`.

    Examples
    --------
    >>> from actdocs import plot_function_and_derivative, sigmoid
    >>> ax = plot_function_and_derivative(sigmoid, (-10, 10))
    >>> derivative = ax.lines[-1]
    >>> float(derivative.get_ydata().max()), derivative.get_linestyle()
    (0.25, '--')
    """
    curve = _Curve(func, parameters)
    x = _grid(x_range)
    y, slope = curve.value(x), curve.derivative(x)
    with _style(ax):
        axes = _axes(ax)
        _draw_value(axes, curve, x, y, label="f")
        axes.plot(x, _broken(x, slope, curve.kinks), "--", color=curve.color, label=curve.derivative_label)
        axes.set_xlabel("x")
        axes.set_title(curve.name if title is None else title, loc="left")
        label_lines(axes)
    text = f"{curve.name} and its derivative for x from {x[0]:g} to {x[-1]:g}. Value: {_course(y)}."
    _describe(axes, f"{text} Derivative: {_course(slope)}.")
    return axes


def plot_portrait(entry: str | Activation | Callable[..., Any], **parameters: Any) -> Figure:
    """Draw what is to be seen of a catalogue entry: value, derivative and second derivative with their landmarks.

    The value is solid, the derivative dashed, the second derivative dotted, over -5 to 5. The window is wider where
    a kink lies outside and narrower where the function swings many times. A derivative far larger than the value has
    a panel of its own. Circles mark kinks, hills and valleys, thin dotted lines the asymptotes. A function along an
    axis is shown by what it does: to two scores and to ten, to a value and its gate, or to one score.

    Parameters
    ----------
    entry : str, callable or Activation
        Any entry of the catalogue.
    **parameters
        Its parameters by name; those left out take their default, a seed 0.

    Returns
    -------
    matplotlib.figure.Figure
        With a text alternative as label.

    Raises
    ------
    ValueError, TypeError
        If the entry or a parameter is unknown, or a parameter is outside its domain.
    ImportError
        If Matplotlib is missing.

    Examples
    --------
    >>> figure = plot_portrait("softplus")
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['f″', 'f′', 'f']
    >>> print(figure.get_label().rpartition("highest ")[2])
    0.25. Approaches y = 0 on the left and y = x on the right.
    """
    known = get(entry)
    known.check(**parameters)
    seeds = {name: parameters.get(name) or 0 for name, domain in known.domains.items() if isinstance(domain, Seed)}
    curve = _Curve(known, parameters) if known.elementwise else None
    given = {**parameters, **seeds}
    with _style(None):
        if curve is not None:
            curve.parameters = given
            return _elementwise_portrait(curve)
        values = np.size(known(np.zeros(2), **given))
        return {1: _gate_portrait, 2: _scores_portrait}.get(values, _several_portrait)(known, given)


def _elementwise_portrait(curve: _Curve) -> Figure:
    entry = curve.entry
    assert entry is not None
    low, high = _window(curve)
    x = np.linspace(low, high, _POINTS)
    lines = [
        (label, style, values)
        for label, style, values in (
            ("f", "-", curve.value(x)),
            ("f′", "--", curve.derivative(x)),
            ("f″", ":", np.asarray(second_derivative(entry, x, **curve.parameters))),
        )
        if label != "f″" or np.nanmax(np.abs(values), initial=0.0) > 0
    ]
    top = 1.3 * max(high, 5.0)
    panels: list[list[tuple[str, str, NDArray[np.float64]]]] = []
    size = 0.0
    for line in lines:
        reach = _reach(line[2], top)
        if not panels or reach > _FLATTENED * size:
            panels.append([])
            size = reach
        panels[-1].append(line)
        size = max(size, reach)
    heights = [1.0] + [0.55] * (len(panels) - 1)
    figure: Figure
    figure, axes = _pyplot().subplots(
        len(panels), sharex=True, squeeze=False, figsize=(7.0, 3.9 * sum(heights)), height_ratios=heights
    )
    ends = _asymptotes(curve)
    turns = _turns(curve, x)
    for number, (ax, panel) in enumerate(zip(axes[:, 0], panels, strict=True)):
        for line in (ax.axhline, ax.axvline):
            line(0, color=MUTED, linewidth=0.8, zorder=1)
        # What leaves the panel ends where it leaves it, and there stands its label.
        limit = max(top, *(_reach(values, top) for _, _, values in panel)) if number == 0 else math.inf
        for label, style, values in panel:
            ax.plot(
                *_parted(x, np.where(np.abs(values) <= limit, values, np.nan)), style, color=curve.color, label=label
            )
        ax.set_ylim(ax.get_ylim())
        ax.set_xlim(low, high)
    first = axes[0, 0]
    for (slope, intercept), side in ((end, side) for end, side in zip(ends, (low, high), strict=True) if end):
        if slope or intercept:
            across = np.array([0.0, side])
            first.plot(
                across, intercept + slope * across, ":", color=MUTED, linewidth=1.0, zorder=1, label="_asymptote"
            )
    marked = np.array([place for place in (*curve.kinks, *turns) if low <= place <= high])
    if marked.size:
        face = first.get_facecolor()
        heights_there = curve.value(marked)
        inside = np.abs(heights_there) <= top
        circle = {"color": curve.color, "markersize": 6, "markerfacecolor": face, "zorder": 3, "label": "_marks"}
        first.plot(marked[inside], heights_there[inside], "o", **circle)
    axes[-1, 0].set_xlabel("x")
    for ax in axes[:, 0]:
        label_lines(ax)
    words = ["Value", "Derivative", "Second derivative"]
    text = [f"{curve.name} for x from {low:g} to {high:g}."]
    text += [
        f"{word}: {_course(values[np.isfinite(values)])}." for word, (_, _, values) in zip(words, lines, strict=False)
    ]
    if len(lines) < len(words):
        text.append("Second derivative: 0 wherever there is one.")
    if curve.kinks:
        text.append(f"{'Kink' if len(curve.kinks) == 1 else 'Kinks'} at x = {_listed(curve.kinks)}.")
    if curve.facts and curve.facts.minimum:
        place, value = curve.facts.minimum
        text.append(f"Lowest point {value:.4g} at x = {place:.4g}.")
    sides = [f"{_line(*end)} on the {side}" for end, side in zip(ends, ("left", "right"), strict=True) if end]
    if sides:
        text.append(f"Approaches {' and '.join(sides)}.")
    _describe(first, " ".join(text))
    return figure


def _gate_portrait(entry: Activation, parameters: dict[str, Any]) -> Figure:
    """Show a value and its gate, each against one while the other stands still."""
    x = np.linspace(-5, 5, _POINTS)
    figure: Figure
    figure, axes = _pyplot().subplots(1, 2, sharey=True, figsize=(7.0, 3.6))
    words = []
    for ax, name, fixed in ((axes[0], "a", "b"), (axes[1], "b", "a")):
        for line in (ax.axhline, ax.axvline):
            line(0, color=MUTED, linewidth=0.8, zorder=1)
        for level, shade in ((-2.0, 0.35), (1.0, 0.65), (2.0, 1.0)):
            pair = (x, np.full_like(x, level)) if name == "a" else (np.full_like(x, level), x)
            y = entry(np.stack(pair, axis=-1), **{**parameters, "axis": -1})[:, 0]
            y = np.where(np.abs(y) <= 6.5, y, np.nan)
            ax.plot(x, y, color=entry.color, alpha=shade, label=f"{fixed} = {level:g}")
            words.append(f"against {name} with {fixed} = {level:g}, {_course(y[np.isfinite(y)])}")
        ax.set(xlabel=name, xlim=(-5, 5))
        ax.set_title(f"against {name}", loc="left")
    axes[0].set_ylabel("f(a, b)")
    for ax in axes:
        label_lines(ax)
    _describe(axes[0], f"{entry.title} of a value a and a gate b. {'; '.join(words)}.")
    return figure


def _scores_portrait(entry: Activation, parameters: dict[str, Any]) -> Figure:
    """Show what becomes of one score beside a second one at 0, and of ten scores; where chance acts, in a few draws."""
    figure: Figure
    figure, (left, right) = _pyplot().subplots(1, 2, figsize=(7.0, 3.6), width_ratios=[1, 1.15])
    settings = {**parameters, "axis": -1}
    seed = next((name for name, domain in entry.domains.items() if isinstance(domain, Seed)), None)
    x = np.linspace(-5, 5, 201)
    for line in (left.axhline, left.axvline):
        line(0, color=MUTED, linewidth=0.8, zorder=1)
    courses = []
    for draw in range(settings[seed], settings[seed] + 5) if seed else (None,):
        if seed:
            settings[seed] = draw
        # One pair at a time, so that all of a curve shares one draw.
        pair = np.array([entry([score, 0.0], **settings) for score in x])
        left.plot(x, pair[:, 0], color=entry.color, label="_draw" if seed else "x")
        if not seed:
            left.plot(x, pair[:, 1], color=MUTED, linewidth=1.2, label="0")
        courses.append(_course(pair[:, 0]))
    left.set(xlabel="first score, the second is 0", xlim=(-5, 5))
    left.set_title("Two scores, five draws" if seed else "Two scores", loc="left")
    scores = np.linspace(-3, 3, 10)
    values = entry(scores, **settings)
    right.bar(range(1, 11), values, color=entry.color, width=0.7)
    right.set_xticks(range(1, 11), [f"{score:.1f}" for score in scores], fontsize=8)
    right.set_xlabel("score")
    right.set_title("Ten scores, one draw" if seed else "Ten scores", loc="left")
    right.grid(axis="x", visible=False)
    if not seed:
        label_lines(left)
    listed = ", ".join(f"{value:.2g}" for value in values)
    text = f"{entry.title}. Of the scores x and 0, for x from -5 to 5: the first {'; in another draw '.join(courses)}."
    _describe(left, f"{text} Ten scores, evenly from -3 to 3, become {listed}.")
    return figure


def _several_portrait(entry: Activation, parameters: dict[str, Any]) -> Figure:
    """Show the outputs that one score has."""
    x = np.linspace(-5, 5, _POINTS)
    y = entry(x[:, np.newaxis], **{**parameters, "axis": -1})
    figure: Figure
    figure, ax = _pyplot().subplots(figsize=(7.0, 3.6))
    for line in (ax.axhline, ax.axvline):
        line(0, color=MUTED, linewidth=0.8, zorder=1)
    names = [f"output {number}" for number in range(1, y.shape[1] + 1)]
    for number, name in enumerate(names):
        ax.plot(x, y[:, number], color=entry.color, alpha=1 - 0.45 * number, label=name)
    ax.set(xlabel="x", xlim=(-5, 5))
    label_lines(ax)
    words = "; ".join(f"{name} {_course(column)}" for name, column in zip(names, y.T, strict=True))
    _describe(ax, f"{entry.title}: the {len(names)} outputs of one score x from -5 to 5. {words}.")
    return figure


def _window(curve: _Curve) -> tuple[float, float]:
    """Start from -5 to 5: widen it until every kink is well inside, halve it while too many hills are."""
    reach = max(5.0, 1.25 * max(map(abs, curve.kinks), default=0.0))
    while len(_turns(curve, np.linspace(-reach, reach, _POINTS))) > _HILLS:
        reach /= 2
    return -reach, reach


def _turns(curve: _Curve, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find where the derivative changes its sign, kinks aside."""
    slope = curve.derivative(x)
    sign = np.sign(slope)
    crossing = (sign[:-1] * sign[1:] < 0) & ~_jumps(slope)
    i = np.flatnonzero(crossing)
    between = x[i] - slope[i] * (x[i + 1] - x[i]) / (slope[i + 1] - slope[i])
    level = np.flatnonzero((sign[1:-1] == 0) & (sign[:-2] * sign[2:] < 0)) + 1
    places = np.sort(np.concatenate((between, x[level])))
    far = [np.min(np.abs(np.subtract(place, curve.kinks)), initial=math.inf) > 2 * (x[1] - x[0]) for place in places]
    return np.asarray(places[np.array(far, dtype=bool)])


def _reach(y: NDArray[np.float64], top: float) -> float:
    """Give the largest size of a curve; of one that only grows towards an end of the window, at most ``top``."""
    sizes = np.abs(np.where(np.isfinite(y), y, 0.0))
    place = int(np.argmax(sizes))
    grows = min(place, len(y) - 1 - place) < 0.01 * len(y)
    return min(float(sizes[place]), top) if grows else float(sizes[place])


def _jumps(y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell for each gap between neighbours whether the curve jumps there: far more than it moves around it."""
    moves = np.abs(np.diff(y))
    around = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(moves, 3, mode="reflect"), 7), axis=-1)
    return np.asarray(moves > 20 * around + 1e-3 * np.ptp(y[np.isfinite(y)]))


def _parted(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Leave a gap at each jump, so that no false flank is drawn."""
    gaps = np.flatnonzero(_jumps(y)) + 1
    return np.insert(x, gaps, np.nan), np.insert(y, gaps, np.nan)


def _asymptotes(curve: _Curve) -> list[tuple[float, float] | None]:
    """Find slope and intercept of the line that the curve approaches at the left and at the right, if there is one."""
    lines: list[tuple[float, float] | None] = []
    for side in (-1.0, 1.0):
        places = side * np.array([1e4, 1e6])
        near, far = curve.value(places)
        slope = float(curve.derivative(places)[1])
        with np.errstate(all="ignore"):
            intercept = float(far - slope * places[1])
        fits = math.isfinite(intercept) and abs(near - slope * places[0] - intercept) < 1e-2
        # Farther out it would come closer still; zero is added to leave no minus at a zero.
        lines.append((round(slope, 6) + 0.0, round(intercept, 4) + 0.0) if fits else None)
    return lines


def _line(slope: float, intercept: float) -> str:
    """Write the equation of a straight line."""
    steep = {0.0: "", 1.0: "x", -1.0: "−x"}.get(slope, f"{slope:.4g}x")
    if not steep or not intercept:
        return f"y = {steep or f'{intercept:g}'}"
    return f"y = {steep} {'+' if intercept > 0 else '−'} {abs(intercept):g}"


def _listed(numbers: tuple[float, ...]) -> str:
    """Write numbers with commas and a last "and"."""
    *most, last = (f"{number:.4g}" for number in numbers)
    return f"{', '.join(most)} and {last}" if most else last


def label_lines(axes: Axes) -> None:
    """Write the label of each line at its right end, in its colour, moved apart where ends are close.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Every line with a label takes part. Call this last: limits, scales and shared axes must stand.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> _, ax = plt.subplots()
    >>> _ = ax.plot([0, 1], [0, 1], label="up"), ax.plot([0, 1], [0, 0.99], label="almost")
    >>> label_lines(ax)
    >>> [text.get_text() for text in ax.texts]
    ['almost', 'up']
    """
    from scipy.optimize import isotonic_regression

    lines = [line for line in axes.lines if not str(line.get_label()).startswith("_")]
    ends = []
    for line in lines:
        x, y = (np.asarray(data, dtype=float) for data in line.get_data())
        last = np.flatnonzero(np.isfinite(x) & np.isfinite(y))[-1]
        ends.append((x[last], y[last]))
    to_points = 72.0 / axes.figure.dpi
    heights = [axes.transData.transform(end)[1] * to_points for end in ends]
    order = sorted(range(len(lines)), key=heights.__getitem__)
    # The smallest moves, in the sense of least squares, that keep the labels in order and a gap apart.
    room = 1.25 * _font_size() * np.arange(len(order))
    moved = isotonic_regression([heights[i] for i in order] - room).x + room
    for i, height in zip(order, moved, strict=True):
        axes.annotate(
            str(lines[i].get_label()),
            ends[i],
            xytext=(6, height - heights[i]),
            textcoords="offset points",
            color=lines[i].get_color(),
            va="center",
            annotation_clip=False,
        )


def plot_curves(curves: Mapping[str, ArrayLike], quantity: str, *, ax: Axes | None = None) -> Axes:
    """Draw learning curves over several seeds: the mean as a line, lowest to highest as a band.

    Parameters
    ----------
    curves : mapping of str to array_like of shape (seeds, epochs)
        For each activation of the catalogue one row a seed.
    quantity : str
        What is drawn, with its unit.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        Its figure has a text alternative as label.

    Examples
    --------
    >>> ax = plot_curves({"relu": [[90, 95], [92, 96]]}, "validation accuracy in %")
    >>> print(ax.figure.get_label())
    validation accuracy in %, mean of 2 seeds from epoch 1 to 2: ReLU from 91.0 to 95.5, at the end 95.0 to 96.0.
    """
    with _style(ax):
        axes = _axes(ax)
        words = []
        for name, rows in curves.items():
            values, entry = np.asarray(rows, dtype=float), get(name)
            mean, epochs = values.mean(axis=0), np.arange(1, values.shape[1] + 1)
            axes.plot(epochs, mean, color=entry.color, linestyle=entry.linestyle, label=entry.title)
            low, high = values.min(axis=0), values.max(axis=0)
            axes.fill_between(epochs, low, high, color=entry.color, alpha=0.18, linewidth=0)
            words.append(
                f"{entry.title} from {mean[0]:.1f} to {mean[-1]:.1f}, at the end {low[-1]:.1f} to {high[-1]:.1f}"
            )
        axes.set(xlabel="epoch", ylabel=quantity, xticks=epochs)
        axes.set_title(f"Mean of {len(values)} seeds, band from the lowest to the highest", loc="left")
        label_lines(axes)
    _describe(axes, f"{quantity}, mean of {len(values)} seeds from epoch 1 to {len(epochs)}: {'; '.join(words)}.")
    return axes


def plot_comparison(results: Mapping[str, ArrayLike], quantity: str, *, confidence: float = 0.95) -> Figure:
    """Draw the results of several seeds beside the differences between activations, seed by seed.

    On the left each dot is a seed and the bar the interval of the mean. On the right are the differences of each pair
    with the intervals of :func:`actdocs.statistics.paired_differences`, which hold together.

    Parameters
    ----------
    results : mapping of str to array_like of shape (seeds,)
        For each activation of the catalogue one result a seed, in the same order of seeds.
    quantity : str
        What is drawn, with its unit.
    confidence : float
        Of each interval on the left, and of all together on the right.

    Returns
    -------
    matplotlib.figure.Figure
        With a text alternative as label.

    Examples
    --------
    >>> figure = plot_comparison({"relu": [97, 98, 97], "tanh": [97, 96, 98]}, "accuracy in %")
    >>> print(figure.get_label().partition(" Differences")[0])
    accuracy in % of 3 seeds: ReLU 97.33 (95.90 to 98.77), Tanh 97.00 (94.52 to 99.48).
    """
    values = {name: np.asarray(result, dtype=float) for name, result in results.items()}
    pairs = paired_differences(values, confidence)
    means = [(get(name).title, get(name).color, value, *interval(value, confidence)) for name, value in values.items()]
    differences = [
        (
            f"{get(pair.first).title} − {get(pair.second).title}",
            MUTED,
            values[pair.first] - values[pair.second],
            *(pair.mean, pair.low, pair.high),
        )
        for pair in pairs
    ]
    height = 1.2 + 0.55 * max(len(means), len(differences))
    with _style(None):
        figure, axes = _pyplot().subplots(1, 2, figsize=(7.2, height), width_ratios=[1, 1.25])
        for ax, rows in zip(axes, (means, differences), strict=True):
            for place, (_, color, dots, mean, low, high) in enumerate(rows):
                ax.plot(dots, [place - 0.15] * len(dots), "o", color=color, alpha=0.55, markersize=5, label="seeds")
                ax.plot([low, high], [place + 0.15] * 2, color=color, label="interval")
                ax.plot(mean, place + 0.15, "o", color=color, markersize=7, label="mean")
            ax.set_yticks(range(len(rows)), [title for title, *_ in rows])
            ax.set_ylim(len(rows) - 0.5, -0.5)
            ax.grid(axis="y", visible=False)
        axes[0].set_xlabel(quantity)
        axes[0].set_title("Each seed, and the mean", loc="left")
        axes[1].set_xlabel("difference")
        axes[1].set_title("Pairs, seed by seed", loc="left")
        axes[1].axvline(0, color=INK, linewidth=1)
    left = ", ".join(f"{title} {mean:.2f} ({low:.2f} to {high:.2f})" for title, _, _, mean, low, high in means)
    right = ", ".join(
        f"{title} {mean:+.2f} ({low:+.2f} to {high:+.2f})" for title, _, _, mean, low, high in differences
    )
    figure.set_label(f"{quantity} of {pairs[0].seeds} seeds: {left}. Differences, seed by seed: {right}.")
    result: Figure = figure
    return result


class _Curve:
    """A function to draw: a catalogue entry with its facts, or any other one with none."""

    def __init__(self, func: str | Activation | Callable[..., Any], parameters: dict[str, Any]) -> None:
        match func:
            case functools.partial(func=inner, args=(), keywords=given):
                func, parameters = inner, {**given, **parameters}
        if isinstance(func, str | Activation):
            self.func: Callable[..., Any] = get(func)
        else:
            self.func = next((entry for entry in catalogue() if entry.function is func), func)
        self.entry = self.func if isinstance(self.func, Activation) else None
        self.parameters = parameters
        if self.entry and not self.entry.elementwise:
            raise TypeError(f"func must be a function of one number, got {self.entry.name}, which needs an axis")
        name = self.entry.title if self.entry else getattr(func, "__name__", "f")
        settings = ", ".join(f"{key}={value}" for key, value in parameters.items())
        self.name = f"{'f' if name == '<lambda>' else name}{f' ({settings})' if settings else ''}"
        self.color = self.entry.color if self.entry else _OTHER_COLOR
        # Facts hold at the default parameters.
        self.facts = self.entry if self.entry and not parameters else None
        self.kinks = self.entry.kinks if self.entry else ()
        self.derivative_label = "f′" if self.entry else "f′ (finite differences)"

    def value(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        y = np.asarray(self.func(x, **self.parameters))
        if y.shape != x.shape:
            raise ValueError(f"func must keep the shape of its input, got {y.shape} for {x.shape} from {self.name}")
        return y

    def derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.entry:
            return np.asarray(self.entry.derivative(x, **self.parameters))
        from scipy.differentiate import derivative

        return np.asarray(derivative(self.value_of_any_shape, x).df)

    def value_of_any_shape(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.value(x.ravel()).reshape(x.shape)


def _grid(x_range: tuple[float, float]) -> NDArray[np.float64]:
    try:
        low, high = (float(end) for end in x_range)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"x_range must be two finite numbers, the smaller one first, got {x_range!r}")
    return np.linspace(low, high, _POINTS)


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as error:
        raise ImportError('plots need Matplotlib: pip install "actdocs[plot]"') from error
    return plt


def _font_size() -> float:
    return float(_pyplot().rcParams["font.size"])


def _style(ax: Axes | None) -> contextlib.AbstractContextManager[Any]:
    """Draw on a new figure in the house's style, on the reader's own axes in the reader's."""
    style: contextlib.AbstractContextManager[Any] = (
        _pyplot().rc_context(STYLE) if ax is None else contextlib.nullcontext()
    )
    return style


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    new: Axes = _pyplot().subplots()[1]
    return new


def _draw_value(
    axes: Axes, curve: _Curve, x: NDArray[np.float64], y: NDArray[np.float64], label: str | None = None
) -> None:
    """Draw the value with its axes through zero, and mark kinks, minimum and asymptotes lightly."""
    for line in (axes.axhline, axes.axvline):
        line(0, color=MUTED, linewidth=0.8, zorder=1)
    if curve.facts:
        bounds = curve.facts.bounds
        ends = ((bounds.low, bounds.low_attained), (bounds.high, bounds.high_attained))
        for level in (level for level, reached in ends if math.isfinite(level) and not reached and level != 0):
            axes.axhline(level, color=MUTED, linewidth=0.8, linestyle=":", zorder=1)
    broken = _broken(x, y, curve.kinks if curve.entry and curve.entry.smoothness < 0 else ())
    axes.plot(x, broken, color=curve.color, label="_value" if label is None else label)
    marks = [curve.facts.minimum[0]] if curve.facts and curve.facts.minimum else []
    places = np.array([place for place in (*curve.kinks, *marks) if x[0] <= place <= x[-1]])
    if places.size:
        face = axes.get_facecolor()
        axes.plot(places, curve.value(places), "o", color=curve.color, markersize=6, markerfacecolor=face, zorder=3)
    axes.set_xlim(x[0], x[-1])


def _broken(x: NDArray[np.float64], y: NDArray[np.float64], breaks: tuple[float, ...]) -> NDArray[np.float64]:
    """Leave a gap where a curve jumps, so that no false flank is drawn."""
    gaps = np.array(y, dtype=float)
    for place in breaks:
        nearest = int(np.argmin(np.abs(x - place)))
        if 0 < nearest < len(x) - 1 and abs(gaps[nearest + 1] - gaps[nearest - 1]) > 10 * abs(x[1] - x[0]):
            gaps[nearest] = np.nan
    return gaps


def _course(y: NDArray[np.float64]) -> str:
    """Say in words how a curve runs."""
    # What rounds to nothing is nothing, and has no sign.
    y = np.where(np.abs(y) < 1e-9, 0.0, y)
    first, last, low, high = (f"{value:.3g}" for value in (y[0], y[-1], np.nanmin(y), np.nanmax(y)))
    return f"from {first} at the left to {last} at the right; lowest {low}, highest {high}"


def _describe(axes: Axes, text: str) -> None:
    """Set the figure's text alternative, or add to it where several axes share a figure."""
    figure = axes.figure
    before = str(figure.get_label())
    figure.set_label(f"{before} {text}".strip())
