"""
A deep linear network is one line
=================================

Layers without an activation between them multiply into a single layer, however many
there are. How does a stack of random layers answer to its input, with and without a
bend in between?
"""

# %%
# Each curve is one network with one input, one output and random weights. Both columns
# use the same weights; only the function between the layers differs.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import STYLE

plt.style.use(STYLE)
x = np.linspace(-5, 5, 401)[:, None]
depths, names, seeds = (1, 4, 12), ("identity", "relu", "tanh"), range(5)


def network(depth, name, seed):
    """Make a network from one number to one number."""
    return actdocs.Network(
        [1] + [16] * depth + [1], name, initialization="he", bias=0.3, seed=seed
    )


figure, axes = plt.subplots(
    len(depths), len(names), figsize=(7.2, 6.2), sharex=True
)
for row, depth in zip(axes, depths, strict=True):
    for ax, name in zip(row, names, strict=True):
        entry = actdocs.get(name)
        for seed in seeds:
            scores = network(depth, name, seed).forward(x)[-1][1][:, 0]
            # Every curve is drawn at the same height: only its shape counts here.
            ax.plot(
                x[:, 0],
                (scores - scores.min()) / np.ptp(scores),
                color=entry.color,
                linewidth=1.4,
            )
        ax.set(yticks=[], xticks=[-5, 0, 5])
        if depth == depths[0]:
            ax.set_title(entry.title, color=entry.color)
        if name == names[0]:
            ax.set_ylabel(f"{depth} hidden layer{'s' * (depth > 1)}")
figure.supxlabel("input", color=STYLE["axes.labelcolor"], fontsize=10)
figure.set_label(
    f"A grid of {axes.size} plots, {len(seeds)} random networks in each: in the column of "
    "the identity every curve is a straight line at each depth; with ReLU the lines have "
    "corners, with tanh they are curved."
)
plt.show()

# %%
# Now the proof for the linear column: multiply the matrices of the deepest network,
# fold the biases in, and compare.

for seed in seeds:
    deep = network(depths[-1], "identity", seed)
    weight, bias = np.eye(1), np.zeros(1)
    for weights, biases in zip(deep.weights, deep.biases, strict=True):
        weight, bias = weight @ weights, bias @ weights + biases
    difference = np.abs(deep.forward(x)[-1][1] - (x @ weight + bias)).max()
    line = f"{weight.item():8.3f} x {bias.item():+9.3f}"
    print(f"seed {seed}: f(x) = {line}, largest difference {difference:.0e}")
    assert difference < 1e-9 * np.abs(weight).max() + 1e-9

# %%
# What to notice
# --------------
#
# The first column is straight at every depth: two numbers, a slope and an offset, say
# all that hundreds of weights do. One bend per unit is enough to end that, and more
# layers then give more shapes.
