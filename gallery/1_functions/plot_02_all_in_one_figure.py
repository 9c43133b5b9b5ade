"""
Functions in one figure
=======================

The element-wise activations of the chapters on the same axes. The hue says the
family, lightness and dash say which member of it. Where do the functions agree, and
where do they part?
"""

# %%
# Above, the usual window, labelled by family. Below, the left part of it, where each
# function can be told from the rest.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import GRID, STYLE, label_lines

plt.style.use(STYLE)
names = (
    "identity binary_step relu leaky_relu elu softplus sigmoid tanh swish gelu mish"
)
entries = [actdocs.get(name) for name in names.split()]
windows = {"Everywhere": (-5, 5, -2, 5.3), "Below zero": (-5, -0.75, -1.05, 0.5)}

figure, axes = plt.subplots(2, figsize=(7, 8.4), height_ratios=[1, 1.2])
for ax, (title, (left, right, low, high)) in zip(
    axes, windows.items(), strict=True
):
    x = np.linspace(left, right, 1001)
    for entry in entries:
        y = entry(x)
        if entry.smoothness < 0:
            y[1:][np.abs(np.diff(y)) > 0.5] = np.nan  # a jump has no flank
        first = entry.member == 0
        label = entry.title if ax is axes[1] else entry.family if first else None
        ax.plot(x, y, color=entry.color, linestyle=entry.linestyle, label=label)
    ax.set(xlim=(left, right), ylim=(low, high), xlabel="x", ylabel="f(x)")
    ax.set_title(title)
    label_lines(ax)
left, right, low, high = windows["Below zero"]
axes[0].add_patch(
    plt.Rectangle(
        (left, low), right - left, high - low, facecolor=GRID, alpha=0.5, zorder=0
    )
)
ends = ", ".join(f"{entry.title} ends at {entry(right):.2f}" for entry in entries)
figure.set_label(
    f"{len(entries)} functions on the same axes. Above, from −5 to 5: to the right of zero "
    "the rectifiers and the self-gated functions run close to the identity, the "
    f"sigmoidal functions level off at 1. Below, from {left} to {right}: {ends}."
)
plt.show()

# %%
# How far apart are the members of a family, at most, on each side of zero?

x = np.linspace(0, 5, 501)
print(f"{'family':<12} {'members':>7} {'apart below zero':>17} {'above':>6}")
for family in dict.fromkeys(entry.family for entry in entries):
    members = [entry for entry in entries if entry.family == family]
    below, above = (
        np.ptp([entry(side) for entry in members], axis=0).max() for side in (-x, x)
    )
    if len(members) > 1:
        print(f"{family:<12} {len(members):7} {below:17.2f} {above:6.2f}")

# %%
# What to notice
# --------------
#
# The hues part into bundles. Far to the right there are three ways to go: follow the
# input, level off, or jump and stay. What gives a function its character is what it
# does with negative inputs: cut them, let a little through, level off below zero, or
# dip and come back.
