"""
Exact against approximate GELU
==============================

Some libraries compute GELU by a formula with tanh, some models by an even simpler one
with a sigmoid. How far off are they, and what becomes of the difference in a deep
network?
"""

# %%
# The simple one, quick GELU, is x σ(1.702 x): that is Swish with β = 1.702.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import STYLE, label_lines

plt.style.use(STYLE)
gelu, swish = actdocs.get("gelu"), actdocs.get("swish")
forms = {
    "tanh form": (gelu, {"approximate": "tanh"}),
    "quick GELU": (swish, {"beta": 1.702}),
}
points, labels = actdocs.data.make_moons(n=100)
depths, seeds = (1, 2, 4, 8, 16, 32), range(10)


def last_layer(entry, parameters, depth, seed):
    """Compute the outputs of the last hidden layer of an untrained network."""
    sizes = [2] + [64] * depth + [1]
    network = actdocs.Network(
        sizes, entry, initialization="he", seed=seed, **parameters
    )
    return network.forward(points)[-2][1]


x = np.linspace(-5, 5, 2001)
layout = [["tanh form", "quick GELU"], ["depth", "depth"]]
figure, axes = plt.subplot_mosaic(layout, figsize=(7.4, 7.4))
ax = axes["depth"]
off, deepest = {}, {}
for name, (entry, parameters) in forms.items():
    difference = entry(x, **parameters) - gelu(x)
    worst = np.abs(difference).argmax()
    off[name] = abs(x[worst]), abs(difference[worst])
    axes[name].plot(x, difference, color=entry.color)
    axes[name].plot(
        x[worst], difference[worst], "o", color=entry.color, mfc="#ffffff"
    )
    axes[name].set(title=f"{name} − GELU", xlabel="x")
    axes[name].ticklabel_format(axis="y", scilimits=(0, 0))
    shares = np.empty((len(seeds), len(depths)))
    for i, j in np.ndindex(shares.shape):
        exact = last_layer(gelu, {}, depths[j], seeds[i])
        change = last_layer(entry, parameters, depths[j], seeds[i]) - exact
        shares[i, j] = np.linalg.norm(change) / np.linalg.norm(exact)
    deepest[name] = shares[:, -1]
    band = {"color": entry.color, "alpha": 0.15, "linewidth": 0}
    ax.fill_between(depths, shares.min(axis=0), shares.max(axis=0), **band)
    ax.plot(depths, np.median(shares, axis=0), color=entry.color, label=name)
ax.set(title="Relative change of the last hidden layer", xlabel="hidden layers")
ax.set(xscale="log", yscale="log", ylim=(1e-4, 1))
ax.set_xticks(depths, depths)
ax.minorticks_off()
ax.yaxis.set_major_formatter("{x:g}")
label_lines(ax)
most = ", ".join(
    f"{name} {value:.1e} at ±{place:.2f}" for name, (place, value) in off.items()
)
deep = ", ".join(
    f"{name} {np.median(shares):.1e}" for name, shares in deepest.items()
)
figure.set_label(
    f"Above, the differences from GELU between −5 and 5, at most: {most}. Below, the change "
    "of the last hidden layer against depth, median and range of the seeds, growing in both "
    f"cases; at {depths[-1]} layers: {deep}."
)
plt.show()

# %%
# For comparison: how much rounding changes a number of that size.

for name, (place, value) in off.items():
    print(f"{name:<10} off by at most {value:.3e}, at x = ±{place:.2f}")
    shares = deepest[name]
    print(f"{'':<10} after {depths[-1]} layers {np.median(shares):.1%}", end=" ")
    print(f"(seeds from {shares.min():.1%} to {shares.max():.1%})")
    for dtype in (np.float16, np.float32):
        half = np.spacing(gelu(dtype(place))) / 2
        print(
            f"{'':<10} rounding GELU({place:.2f}) to {dtype.__name__}: up to {half:.0e}"
        )
assert deepest["tanh form"].max() < deepest["quick GELU"].min()

# %%
# What to notice
# --------------
#
# Right of zero, where the tanh form is off most, rounding to float16 may change GELU by
# more; in float32 the difference is plain to see. It grows with depth. Quick GELU is
# off by far more and, in a deep stack, makes another network: use the form that a model
# was trained with.
