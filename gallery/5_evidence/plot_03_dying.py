"""
When do rectifiers die?
=======================

A ReLU unit that is off for every example gets no gradient. How many such units are
there, what makes them, and what do they cost?
"""

# %%
# The networks were trained by ``nox -s evidence`` and are kept with their provenance: two
# or eight hidden layers of 64 units, Adam, 9,600 digits of MNIST, three epochs, ten seeds.
# Weights start by He's rule, biases at 0 or at −1. A seed gives the starting weights and
# the order of the images, and all cells share the seeds. A unit counts as dead when its
# slope is 0 at each of 1,000 training images; what is stored is the median of the seeds.
# Rates are compared on the validation images; the test images were used once, at the rate
# that was best there.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store, scores
from actdocs.findings import findings
from actdocs.plotting import MUTED, STYLE, label_lines

plt.style.use(STYLE)
records = list(Store().load("dying").values())
where = "activation", "depth", "bias", "learning_rate"
right = scores(records, *where, result="val_accuracy", percent=True)
dead = {
    tuple(record["settings"][key] for key in where): 100
    * np.array(record["results"]["dead"], float)
    for record in records
}
names = list(dict.fromkeys(name for name, *_ in dead))
depths, biases, rates = (sorted({key[i] for key in dead}) for i in (1, 2, 3))
panels = [(layers, bias) for bias in biases[::-1] for layers in depths]
print(f"{sum(map(len, right.values()))} networks trained")

# %%
# Above: the share of dead units after training, all layers together; the dotted line is
# ReLU's before the first step. Below: the accuracy on the validation images, the mean of
# the seeds with the lowest and the highest as a band. Guessing gets about 10 %.

figure, axes = plt.subplots(2, 4, sharex=True, sharey="row", figsize=(8, 5))
words = []
for (upper, lower), (layers, bias) in zip(axes.T, panels, strict=True):
    for name in names:
        entry = actdocs.get(name)
        look = {"color": entry.color, "marker": "o", "markersize": 3}
        share = [dead[name, layers, bias, rate][-1].mean() for rate in rates]
        values = np.array([right[name, layers, bias, rate] for rate in rates])
        upper.plot(rates, share, label=entry.title, **look)
        lower.plot(rates, values.mean(axis=1), label=entry.title, **look)
        ends = values.min(axis=1), values.max(axis=1)
        lower.fill_between(rates, *ends, color=entry.color, alpha=0.15, linewidth=0)
        words.append(
            f"{entry.title}, {layers} layers, biases at {bias:g}: dead {share[0]:.0f} to "
            f"{share[-1]:.0f}, right {values[0].mean():.0f} to {values[-1].mean():.0f}"
        )
    born = dead["relu", layers, bias, rates[0]][0].mean()
    upper.axhline(born, color=actdocs.get("relu").color, linestyle=":")
    upper.set_title(f"{layers} layers, bias {bias:.0f}".replace("-", "−"))
    upper.set(xscale="log", ylim=(-4, 104))
axes[0, 0].set_ylabel("dead units in %")
axes[1, 0].set(ylabel="validation accuracy in %", ylim=(0, 100))
for ax in axes[:, -1]:
    label_lines(ax)
figure.supxlabel("learning rate")
figure.set_label(
    f"Percentages of dead units and of right answers from the rate {rates[0]:g} to "
    f"{rates[-1]:g}. {'; '.join(words)}."
)
plt.show()

# %%
# Where and when do ReLU units die? Eight layers, biases from 0: the share in each layer
# before the first epoch (faint) and after each (fuller), a panel for each learning rate.

figure, axes = plt.subplots(1, len(rates), sharey=True, figsize=(8, 3))
words = []
for ax, rate in zip(axes, rates, strict=True):
    epochs = dead["relu", depths[-1], 0.0, rate]
    for number, shares in enumerate(epochs):
        alpha = 0.25 + 0.75 * number / (len(epochs) - 1)
        color = actdocs.get("relu").color
        when = f"after epoch {number}" if number else "before"
        look = {"color": color, "alpha": alpha, "label": when}
        ax.plot(range(1, len(shares) + 1), shares, **look)
    ax.set(title=f"rate {rate:g}", xticks=[1, depths[-1]], ylim=(-4, 104))
    course = ", ".join(f"{shares.mean():.0f}" for shares in epochs)
    words.append(f"at {rate:g} {course}")
axes[0].set_ylabel("dead units in %")
axes[0].text(1, 30, "faint: before training\nfull: at the end", color=MUTED)
figure.supxlabel("layer, from the input")
figure.set_label(
    f"Dead ReLU units in {depths[-1]} layers with biases from 0, in percent of all units, "
    f"before the first epoch and after each: {'; '.join(words)}."
)
plt.show()

# %%
# What may be said of it, with intervals that are corrected for the number of pairs:

for finding in findings("dying"):
    print(finding)
for rate in rates:
    before, first, *_, end = dead["relu", 8, 0.0, rate].mean(axis=1)
    assert first - before > (end - before) / 2
    assert right["leaky_relu", 8, -1.0, rate].mean() < 30
assert right["elu", 8, -1.0, rates[0]].min() > 80
assert max(right[name, 8, 0.0, rates[-1]].mean() for name in names) < 20

# %%
# What to notice
# --------------
#
# Large steps and low biases kill ReLU units, most of them within the first epoch. Leaky
# ReLU has no dead unit, yet the largest step ruins its deep networks as well, and so do
# biases from −1: a gradient alone is no promise. ELU gets over such biases. Its slope has
# no flat side in mathematics; in single precision it rounds to 0 far to the left, and
# units of deep networks end there when the step is too large. A third or a half of the
# units dead costs nothing that ten seeds could show, where the step is not ruinous anyway.
# Where a whole layer is dead, nothing of the image gets through.
