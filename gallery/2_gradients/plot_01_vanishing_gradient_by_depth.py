"""
Vanishing gradients by depth
============================

Backpropagation multiplies a gradient by the weights and slopes of every layer on its
way down. How much of it arrives at the first layer of a deep network?
"""

# %%
# Each network is untrained and has 20 hidden layers of 32 units, with the usual
# initialization of its function: He for rectifiers and self-gated functions, Glorot for
# the rest. Lines are medians over 20 seeds, bands hold the middle 80 %.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import STYLE, label_lines

plt.style.use(STYLE)
points, labels = actdocs.data.make_moons(n=100)
depth, seeds = 20, range(20)


def gradients(name):
    """Measure the gradient in each hidden layer against the last one, a row a seed."""
    rows = []
    for seed in seeds:
        network = actdocs.Network([2] + [32] * depth + [1], name, seed=seed)
        signals = network.gradients(points, labels).signals[-2::-1]
        rows.append([np.linalg.norm(signal) for signal in signals])
    return np.array(rows) / np.array(rows)[:, :1]


names = "relu leaky_relu elu softplus sigmoid tanh swish gelu mish"
entries = [actdocs.get(name) for name in names.split()]
families = list(dict.fromkeys(entry.family for entry in entries))
figure, axes = plt.subplots(1, len(families), figsize=(7.8, 5), sharey=True)
arriving = {}
for ax, family in zip(axes, families, strict=True):
    for entry in (entry for entry in entries if entry.family == family):
        rows = gradients(entry.name)
        arriving[entry.name] = rows[:, -1]
        low, middle, high = np.quantile(rows, [0.1, 0.5, 0.9], axis=0)
        ax.fill_between(
            range(depth), low, high, color=entry.color, alpha=0.15, linewidth=0
        )
        line = {
            "color": entry.color,
            "linestyle": entry.linestyle,
            "label": entry.title,
        }
        ax.plot(range(depth), middle, **line)
    ax.set(
        title=family.capitalize(), xticks=[0, 10, depth - 1], xlabel="layers back"
    )
axes[0].set(yscale="log", ylabel="gradient, last hidden layer = 1")
axes[0].yaxis.set_major_formatter("{x:.0e}")
for ax in axes:
    label_lines(ax)
medians = ", ".join(
    f"{name} {np.median(left):.0e}" for name, left in arriving.items()
)
figure.set_label(
    "The gradient from the last hidden layer back to the first, on a logarithmic scale, one "
    f"plot for each family. Median of what arrives at the first layer: {medians}."
)
plt.show()

# %%
# What arrives at the first layer, with the range over the seeds, and which ranges
# overlap with that of ReLU.

relu = arriving["relu"]
for name, left in arriving.items():
    overlaps = left.min() <= relu.max() and relu.min() <= left.max()
    print(
        f"{name:<12} median {np.median(left):.0e}, {left.min():.0e} to {left.max():.0e}",
        end="",
    )
    print("" if overlaps else "  apart from ReLU")
assert arriving["sigmoid"].max() < 1e-6 * min(
    left.min() for name, left in arriving.items() if name != "sigmoid"
)

# %%
# What to notice
# --------------
#
# The sigmoid's slope is at most 0.25, so each layer keeps at most a quarter of what its
# weights hand down: in twenty layers nearly all of it is gone. Every other function
# keeps at least a million times as much. Where the ranges overlap, twenty seeds give no
# reason to prefer one function to the other.
