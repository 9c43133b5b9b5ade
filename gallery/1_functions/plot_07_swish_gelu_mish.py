"""
Swish, GELU and Mish apart
==========================

In the usual window the three self-gated functions lie on top of one another. Their
lowest points, their distance from ReLU and their derivatives tell them apart.
"""

# %%
# First the dip below zero, with each lowest point; then what is left when ReLU is taken
# away; then the slopes, with each steepest point.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import MUTED, STYLE, label_lines

plt.style.use(STYLE)
entries = [actdocs.get(name) for name in ("swish", "gelu", "mish")]
x = np.linspace(-5, 5, 10_001)
left = x[x <= -0.35]


def mark(ax, entry, x, y, text_x, text_y, ha):
    """Mark a point and write its numbers where the curves leave room."""
    ax.plot(x, y, "o", color=entry.color, markerfacecolor="#ffffff", zorder=3)
    text = f"{y:.4f} at {x:.2f}".replace("-", "−")
    ax.text(text_x, text_y, text, color=entry.color, ha=ha, va="center")


figure, (dip, rest, slope) = plt.subplots(3, figsize=(7, 10.5))
dip_text = {"swish": (-1.37, -0.226, "center"), "gelu": (-0.8, -0.188, "right")}
dip_text["mish"] = (-1.19, -0.329, "center")
slope_text = {"swish": (2.4, 1.19, "left"), "gelu": (1.3, 1.2, "right")}
slope_text["mish"] = (1.75, 0.92, "left")
steepest = {}
for entry in entries:
    line = {
        "color": entry.color,
        "linestyle": entry.linestyle,
        "label": entry.title,
    }
    dip.plot(left, entry(left), **line)
    mark(dip, entry, *entry.minimum, *dip_text[entry.name])
    rest.plot(x, entry(x) - actdocs.relu(x), **line)
    slopes = entry.derivative(x)
    slope.plot(x, slopes, **line)
    steepest[entry.name] = x[slopes.argmax()], slopes.max()
    mark(slope, entry, *steepest[entry.name], *slope_text[entry.name])
slope.axhline(1, color=MUTED, linewidth=0.8)
dip.set(title="The dip: f(x)", xlim=(-5, -0.35), ylim=(-0.345, 0.01))
rest.set(title="Distance from ReLU: f(x) − ReLU(x)", xlim=(-5, 5))
slope.set(title="Derivative: f′(x)", xlim=(-5, 5), ylim=(-0.2, 1.3), xlabel="x")
for ax in (dip, rest, slope):
    label_lines(ax)
lowest = ", ".join(
    f"{e.title} {e.minimum[1]:.4f} at {e.minimum[0]:.2f}" for e in entries
)
steep = ", ".join(f"{name} {y:.4f} at {x:.2f}" for name, (x, y) in steepest.items())
figure.set_label(
    f"Three plots. The dip below zero, lowest points: {lowest}. The distance from ReLU, at "
    "most 0 and as large on the right as on the left for Swish and GELU, smaller on the "
    f"right for Mish. The derivatives, all above 1 somewhere: {steep}."
)
plt.show()

# %%
# The distance from ReLU says how fast each becomes a straight line on either side.

wide = np.linspace(0.01, 10, 1000)
for entry in entries:
    gaps = [np.abs(entry(side) - actdocs.relu(side)) for side in (-wide, wide)]
    below, above = (wide[gap > 0.01].max() for gap in gaps)
    print(
        f"{entry.title:<12} within 0.01 of ReLU below −{below:.1f} and above {above:.1f}",
        end="",
    )
    print(", the same on both sides" if np.allclose(*gaps) else "")

# %%
# What to notice
# --------------
#
# GELU is ReLU with a narrow smooth corner; Swish needs a longer way to get there. Both
# miss ReLU by the same amount on the two sides of zero. Mish follows Swish on the left
# and lies nearer to the line on the right. All three are steeper than 1 for a while,
# and all three have a falling stretch: that is what the dip is.
