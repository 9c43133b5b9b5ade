"""
How large may the step be?
==========================

Eight activations, six learning rates, ten seeds each. Most comparisons give all
activations the same step. Does that decide who wins?
"""

# %%
# The networks were trained by ``nox -s evidence`` and are kept with their provenance:
# four hidden layers of 64 units, Adam, 9,600 digits of MNIST, three epochs. A seed
# gives the starting weights and the order of the images, and all cells share the seeds.
# Weights start by He's rule for rectifiers and what resembles them, by LeCun's for SELU,
# by Glorot's for tanh and sigmoid.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store, chosen, scores
from actdocs.findings import findings
from actdocs.plotting import STYLE
from actdocs.statistics import interval

plt.style.use(STYLE)
records = list(Store().load("rate").values())
accuracy = {
    where: 100 * values
    for where, values in scores(
        records, "activation", "learning_rate", result="val_accuracy"
    ).items()
}
names = list(dict.fromkeys(name for name, _ in accuracy))
rates = sorted({rate for _, rate in accuracy})
trained = sum(len(values) for values in accuracy.values())
hours = sum(record["seconds"] for record in records) / 3600
print(f"{trained} networks, trained in {hours:.1f} hours")
broken = sum(int(np.isnan(values).sum()) for values in accuracy.values())
print(f"runs that broke down: {broken}")

# %%
# The line is the mean of ten seeds on the validation images, the band from the lowest
# to the highest.

best = {
    name: max(rates, key=lambda rate: accuracy[name, rate].mean()) for name in names
}
figure, axes = plt.subplots(2, 4, sharex=True, sharey=True, figsize=(8, 4.4))
for ax, name in zip(axes.flat, names, strict=True):
    entry = actdocs.get(name)
    values = np.array([accuracy[name, rate] for rate in rates])
    ax.fill_between(
        rates, values.min(axis=1), values.max(axis=1), color=entry.color, alpha=0.2
    )
    ax.plot(rates, values.mean(axis=1), color=entry.color, marker="o", markersize=3)
    ax.set_title(entry.title, color=entry.color)
    ax.set(xscale="log", ylim=(0, 100))
figure.supxlabel("learning rate")
figure.supylabel("validation accuracy in %")
figure.set_label(
    "Accuracy against the learning rate, a panel for each activation: "
    + ", ".join(
        f"{actdocs.get(name).title} best at {rate:g}" for name, rate in best.items()
    )
    + "."
)
plt.show()

# %%
# Each has a step that suits it, and a range in which it loses less than two points.
# With the step that was best on the validation images, each is measured once on the
# test images.

tested = scores(chosen(records), "activation")
for name in names:
    means = {rate: accuracy[name, rate].mean() for rate in rates}
    good = [rate for rate in rates if means[rate] > means[best[name]] - 2]
    mean, low, high = interval(100 * tested[name])
    print(
        f"{name:10} best at {best[name]:g}: test {mean:.2f} % ({low:.2f} to {high:.2f}), "
        f"within two points from {good[0]:g} to {good[-1]:g}"
    )

# %%
# Is the ranking that of the activations, or that of the step that all were given?

for rate in rates:
    order = sorted(names, key=lambda name: -accuracy[name, rate].mean())
    print(f"all at {rate:g}:", " > ".join(order))
print(
    "each at its own:", " > ".join(sorted(names, key=lambda n: -tested[n].mean()))
)

# %%
# What may be said of it, with intervals and tests that are corrected for the number of
# pairs compared:

for finding in findings("rate"):
    print(finding)

# %%
# What to notice
# --------------
#
# The rankings above differ from rate to rate: a comparison with one step for all
# measures how well the step suits each activation. Three epochs on a sixth of the data
# show how fast a network learns, not where it ends.
