"""
How large may the step be?
==========================

Eight activations, six learning rates, ten seeds each. Most comparisons give all
activations the same step. Does that decide who wins?
"""

# %%
# The networks were trained by ``nox -s evidence`` and are kept with their provenance:
# four hidden layers of 64 units, Adam, 10,000 digits of MNIST, three epochs. A seed
# gives the starting weights and the order of the images, and all cells share the seeds.
# Weights start by He's rule, for tanh and sigmoid by Glorot's; SELU, which was made for
# LeCun's, is at a small disadvantage here. The accuracy is that on 10,000
# other images, which chose nothing but the rates below.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store
from actdocs.plotting import STYLE
from actdocs.statistics import interval, paired_differences

plt.style.use(STYLE)
records = Store().load("rate").values()
accuracy = {}
for record in records:
    where = record["settings"]["activation"], record["settings"]["learning_rate"]
    curves = np.array(record["results"]["val_accuracy"], float)
    accuracy[where] = 100 * curves[:, -1]
names = list(dict.fromkeys(name for name, _ in accuracy))
rates = sorted({rate for _, rate in accuracy})
trained = sum(len(scores) for scores in accuracy.values())
hours = sum(record["seconds"] for record in records) / 3600
print(f"{trained} networks, trained in {hours:.1f} hours")
for record in list(records)[:1]:
    print(record["provenance"]["versions"], record["provenance"]["date"])

# %%
# A run whose loss stopped being finite would have no accuracy. The line is the mean of
# ten seeds, the band from the lowest to the highest.

broken = sum(int(np.isnan(scores).sum()) for scores in accuracy.values())
print(f"runs that broke down: {broken}")
figure, axes = plt.subplots(2, 4, sharex=True, sharey=True, figsize=(8, 4.4))
for ax, name in zip(axes.flat, names, strict=True):
    entry = actdocs.get(name)
    scores = np.array([accuracy[name, rate] for rate in rates])
    ax.fill_between(
        rates, scores.min(axis=1), scores.max(axis=1), color=entry.color, alpha=0.2
    )
    ax.plot(rates, scores.mean(axis=1), color=entry.color, marker="o", markersize=3)
    ax.set_title(entry.title, color=entry.color)
    ax.set(xscale="log", ylim=(0, 100))
figure.supxlabel("learning rate")
figure.supylabel("validation accuracy in %")
figure.set_label(
    "Accuracy against the learning rate, a panel for each activation: "
    + ", ".join(
        f"{actdocs.get(name).title} best at "
        f"{max(rates, key=lambda rate: accuracy[name, rate].mean()):g}"
        for name in names
    )
    + "."
)
plt.show()

# %%
# Each has a step that suits it, and a range in which it loses less than two points.

best = {
    name: max(rates, key=lambda rate: accuracy[name, rate].mean()) for name in names
}
for name in names:
    means = {rate: accuracy[name, rate].mean() for rate in rates}
    good = [rate for rate in rates if means[rate] > means[best[name]] - 2]
    mean, low, high = interval(accuracy[name, best[name]])
    print(
        f"{name:10} best at {best[name]:g}: {mean:.2f} % ({low:.2f} to {high:.2f}), "
        f"within two points from {good[0]:g} to {good[-1]:g}"
    )

# %%
# Is the ranking that of the activations, or that of the step that all were given?

orders = {
    f"all at {rate:g}": sorted(names, key=lambda name: -accuracy[name, rate].mean())
    for rate in rates
}
orders["each at its best"] = sorted(
    names, key=lambda name: -accuracy[name, best[name]].mean()
)
for title, order in orders.items():
    print(f"{title:17}", " > ".join(order))
assert len({order[0] for order in orders.values()}) > 1

# %%
# With its own step each, which differences are left? Intervals and tests hold for all 28
# pairs together.

final = {name: accuracy[name, best[name]] for name in names}
differences = paired_differences(final)
apart = [d for d in differences if d.ahead]
print(f"{len(apart)} of {len(differences)} pairs can be told apart")
for difference in sorted(apart, key=lambda d: -abs(d.mean)):
    print(difference.sentence(" points"))

# %%
# What to notice
# --------------
#
# The rankings above differ from rate to rate: a comparison with one step for all
# measures how well the step suits each activation. The rate of each was chosen on the
# same images that are compared here, and a choice among six is a little too kind to all
# of them; it is equally kind to each. Three epochs on a sixth of the data show how fast
# a network learns, not where it ends.
