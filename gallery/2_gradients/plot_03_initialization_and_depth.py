"""
Initialization and depth
========================

The weights multiply a gradient as the slopes do. How does the spread that they are
drawn from decide what arrives at the first layer?
"""

# %%
# Untrained networks of 2 to 20 hidden layers with 32 units each. The weights are normal
# with He's or Glorot's standard deviation, or a wider or narrower one. Lines are
# medians over 20 seeds, bands hold the middle 80 %.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import STYLE, label_lines

plt.style.use(STYLE)
points, labels = actdocs.data.make_moons(n=100)
spreads = {"0.5": 0.5, "He": "he", "Glorot": "glorot", "0.1": 0.1}
depths = (2, 5, 10, 20)


def arriving(name, spread, depth):
    """Measure the first layer's gradient against the last hidden one's, for each seed."""
    shares = []
    for seed in range(20):
        sizes = [2] + [32] * depth + [1]
        network = actdocs.Network(sizes, name, initialization=spread, seed=seed)
        signals = network.gradients(points, labels).signals
        shares.append(np.linalg.norm(signals[0]) / np.linalg.norm(signals[-2]))
    return shares


figure, axes = plt.subplots(1, 3, figsize=(7.8, 5), sharey=True)
deepest = {}
for ax, name in zip(axes, ("relu", "tanh", "sigmoid"), strict=True):
    entry = actdocs.get(name)
    for label, spread in spreads.items():
        shares = np.array([arriving(name, spread, depth) for depth in depths])
        low, middle, high = np.quantile(shares, [0.1, 0.5, 0.9], axis=1)
        ax.fill_between(
            depths, low, high, color=entry.color, alpha=0.15, linewidth=0
        )
        ax.plot(depths, middle, color=entry.color, label=label)
        deepest[name, label] = shares[-1]
    ax.set(title=entry.title, xticks=depths, xlabel="hidden layers")
axes[0].set(yscale="log", ylabel="first layer's gradient, last's = 1")
axes[0].yaxis.set_major_formatter("{x:.0e}")
for ax in axes:
    label_lines(ax)
medians = [
    f"{name} {label} {np.median(s):.0e}" for (name, label), s in deepest.items()
]
figure.set_label(
    "What arrives at the first layer, by depth, on a logarithmic scale, for four spreads of "
    f"the weights. Medians at {depths[-1]} layers: {', '.join(medians)}."
)
plt.show()

# %%
# What arrives after the deepest stack.

for (name, label), shares in deepest.items():
    print(f"{name:<8} {label:<7} median {np.median(shares):.0e}", end=", ")
    print(f"seeds from {shares.min():.0e} to {shares.max():.0e}")
assert deepest["relu", "He"].min() > 0.1
assert deepest["relu", "He"].max() < 10
assert deepest["relu", "Glorot"].max() < 0.1 * deepest["relu", "He"].min()
assert max(deepest["sigmoid", label].max() for label in spreads) < 1e-3

# %%
# What to notice
# --------------
#
# ReLU passes half of its inputs on, and He's spread makes up for the other half: the
# gradient stays within a factor of ten at every seed. With Glorot's spread a part of it
# is lost at each layer. A spread that is off by a factor of two or three makes a
# gradient explode or vanish. No spread tried here saves the sigmoid.
