"""
Functions and their derivatives
===============================

One small picture for each element-wise activation of the chapters, all on the same
axes: the value as a solid line, the derivative dashed. The colour is the function's own
and stays the same on the whole site.
"""

# %%
# The catalogue knows each function, its derivative and its colour, so one loop draws
# them all.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import STYLE

plt.style.use(STYLE)
x = np.linspace(-5, 5, 1001)
names = (
    "identity binary_step relu leaky_relu elu softplus sigmoid tanh swish gelu mish"
)
entries = [actdocs.get(name) for name in names.split()]
rows = -(-len(entries) // 4)
figure, axes = plt.subplots(
    rows,
    4,
    sharex=True,
    sharey=True,
    figsize=(7.2, 1.7 * rows),
    layout="constrained",
)
for ax in axes.flat[len(entries) :]:
    ax.set_axis_off()
for ax, entry in zip(axes.flat, entries, strict=False):
    ax.plot(x, entry(x), color=entry.color, label="f")
    ax.plot(x, entry.derivative(x), "--", color=entry.color, label="f′")
    ax.set_title(entry.title, color=entry.color)
    ax.set_ylim(-1.5, 3)
shown = ", ".join(entry.name for entry in entries)
figure.set_label(
    "Small plots on the same axes, x from −5 to 5, each with a function as a solid line "
    f"and its derivative dashed: {shown}."
)
plt.show()

# %%
# How steep is each at its steepest, and where does it still pass a gradient on?

print(f"{'function':<12} {'steepest':>8} {'|slope| < 0.01 on':>18}")
for entry in entries:
    slope = np.abs(entry.derivative(x))
    print(f"{entry.name:<12} {slope.max():8.2f} {np.mean(slope < 0.01):18.0%}")

# %%
# What to notice
# --------------
#
# Where the dashed line lies on zero, a weight below that unit gets no gradient: on the
# left for the rectifiers, on *both* sides for the sigmoidal functions. A derivative
# above 1 lets a gradient grow on its way down.
