"""A Matplotlib backend for the pages' kernels: ``plt.show()`` puts each open figure into the page."""

from __future__ import annotations

from typing import Any

from IPython.display import HTML, display
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

from extensions import figures

__all__ = ["FigureCanvas", "show"]


def show(*arguments: Any, **options: Any) -> None:
    """Display the open figures as inline SVG and close them."""
    for number in plt.get_fignums():
        display(HTML(figures.svg(plt.figure(number))))
    plt.close("all")
