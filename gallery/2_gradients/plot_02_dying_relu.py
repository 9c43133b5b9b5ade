"""
Dying ReLU
==========

A ReLU unit whose input is negative for every example is dead: no gradient reaches its
weights. What kills units, and what keeps them alive?
"""

# %%
# The same small network, trained 100 steps on the same points from ten seeds, with one
# thing changed at a time. A unit counts as dead when its derivative is zero for every
# example. Dots are seeds after training; a bar is the median before it.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import INK, STYLE

plt.style.use(STYLE)
points, labels = actdocs.data.make_moons(n=100)
seeds = range(10)
functions = {"relu": (-0.24, "o"), "leaky_relu": (0, "s"), "elu": (0.24, "^")}
changes = {  # standard deviation of the weights, bias, learning rate
    "He’s weights, bias 0": ("he", 0.0, 0.1),
    "smaller weights": (0.1, 0.0, 0.1),
    "larger weights": (2.0, 0.0, 0.1),
    "bias −1": ("he", -1.0, 0.1),
    "smaller, bias −0.1": (0.1, -0.1, 0.1),
    "larger steps": ("he", 0.0, 1.0),
}


def train(name, spread, bias, rate, seed):
    """Give the share of dead units before and after training, and the accuracy."""
    start = {"initialization": spread, "bias": bias, "seed": seed}
    network = actdocs.Network([2, 16, 16, 1], name, **start)
    before = network.dead_fraction(points).mean()
    with np.errstate(all="ignore"):  # at a large rate a few runs overflow
        network.fit(points, labels, epochs=100, learning_rate=rate)
    after = network.dead_fraction(points).mean()
    return before, after, network.accuracy(points, labels)


runs = {}
figure, axes = plt.subplots(1, 2, figsize=(7.6, 6.4), sharey=True)
for row, (change, how) in enumerate(changes.items()):
    for name, (offset, marker) in functions.items():
        color, y = actdocs.get(name).color, row + offset
        before, *results = zip(
            *(train(name, *how, seed) for seed in seeds), strict=True
        )
        runs[change, name] = before, *results
        for ax, values in zip(axes, results, strict=True):
            dots = ax.plot(
                values, [y] * len(seeds), marker, color=color, alpha=0.55
            )
            plt.setp(dots, markeredgewidth=0, clip_on=False)
        look = {"color": INK, "markersize": 11, "label": f"{name} before, median"}
        axes[0].plot(np.median(before), y, "|", **look)
for name, (offset, _) in functions.items():
    entry = actdocs.get(name)
    axes[0].text(0.25, offset, entry.title, color=entry.color, va="center")
axes[0].set(
    title="Dead units", xlim=(-0.03, 1), xticks=[0, 0.5, 1], ylim=(5.5, -0.5)
)
axes[0].set_yticks(range(len(changes)), changes)
axes[1].set(title="Accuracy", xlim=(0.45, 1.01), xticks=[0.5, 0.75, 1])
dead = [f"{change} {np.median(runs[change, 'relu'][1]):.0%}" for change in changes]
figure.set_label(
    "Share of dead units and accuracy after training, a dot for each of ten seeds, for "
    f"ReLU, leaky ReLU and ELU. Median share of dead ReLU units: {', '.join(dead)}."
)
plt.show()

# %%
# Each cell: the lowest, the median and the highest of the ten seeds.

print(f"{'':<34} {'dead before':>15} {'dead after':>15} {'accuracy':>15}")
for key, shares in runs.items():
    low, middle, high = np.quantile(shares, [0, 0.5, 1], axis=1)
    cells = (
        f"{a:.2f} {b:.2f} {c:.2f}"
        for a, b, c in zip(low, middle, high, strict=True)
    )
    print(f"{key[0]:<23} {key[1]:<10}", *(f"{cell:>15}" for cell in cells))
    assert key[1] != "leaky_relu" or high[1] == 0
before = [runs[change, "relu"][0] for change in changes]
assert before[0] == before[1] == before[2]

# %%
# What to notice
# --------------
#
# With a bias of 0 the spread of the weights changes nothing at the start: it scales a
# unit's input, never its sign. A negative bias kills from the start; large weights and
# large steps kill while training. A dead unit can wake, when the layer below it
# changes. No leaky unit dies in any run, but a gradient alone is no promise: with a
# small spread and a negative bias the leaky network often learns as little as ReLU. An
# ELU thrown far to the left is dead too: there its slope rounds to zero.
