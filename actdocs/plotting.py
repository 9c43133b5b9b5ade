"""The deck's two plot functions, and the one style that every figure of the site shares.

A value is drawn solid and its derivative dashed, in the activation's own colour. Every figure carries a text
alternative as its Matplotlib label: ``figure.get_label()``. Matplotlib loads at the first call.
"""

from __future__ import annotations

import contextlib
import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs.catalogue import Activation, catalogue, get
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
                ax.plot(dots, [place - 0.15] * len(dots), "o", color=color, alpha=0.55, markersize=5)
                ax.plot([low, high], [place + 0.15] * 2, color=color)
                ax.plot(mean, place + 0.15, "o", color=color, markersize=7)
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
    first, last, low, high = (f"{value:.3g}" for value in (y[0], y[-1], np.nanmin(y), np.nanmax(y)))
    return f"from {first} at the left to {last} at the right; lowest {low}, highest {high}"


def _describe(axes: Axes, text: str) -> None:
    """Set the figure's text alternative, or add to it where several axes share a figure."""
    figure = axes.figure
    before = str(figure.get_label())
    figure.set_label(f"{before} {text}".strip())
