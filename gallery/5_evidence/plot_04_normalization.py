"""
What does batch normalisation change?
=====================================

Six activations, each with and without batch normalisation before it, in networks of
eight hidden layers. Whom does it help, and does it make the choice matter less?
"""

# %%
# The networks were trained by ``nox -s evidence`` and are kept with their provenance:
# eight hidden layers of 64 units, Adam, 9,600 digits of MNIST, three epochs, ten seeds. A
# seed gives the starting weights and the order of the images, and all cells share the
# seeds. Weights start by He's rule for rectifiers and what resembles them, by LeCun's for
# SELU, by Glorot's for tanh and sigmoid. The learning rate of each was chosen on the
# validation images; the test images were used once, for what was chosen.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store, chosen, scores, title
from actdocs.findings import findings
from actdocs.plotting import STYLE
from actdocs.statistics import interval

plt.style.use(STYLE)
records = list(Store().load("normalization").values())
tested = scores(chosen(records), "activation", "normalize", percent=True)
names = list(dict.fromkeys(name for name, _ in tested))
said, arrives = {False: "without", True: "with"}, {}
for record in chosen(records):
    settings, norms = record["settings"], record["results"]["gradient_norm"][0]
    where = settings["activation"], settings["normalize"]
    arrives[where] = norms[0] / norms[-1]
    print(
        f"{title(where[0]):8} {said[where[1]]:8} best at {settings['learning_rate']:g}, "
        f"gradient before training, first layer over last: {arrives[where]:.1g}"
    )

# %%
# A small dot is a seed, a large one the mean with its 95 % interval: open without batch
# normalisation, filled with it. Sigmoid without it is far off, in a panel of its own.

look = {"figsize": (7.2, 3.8), "width_ratios": [1, 2.6]}
figure, (far, near) = plt.subplots(1, 2, sharey=True, **look)
words = []
for place, name in enumerate(names):
    color = actdocs.get(name).color
    for on, height in ((False, place - 0.16), (True, place + 0.16)):
        values = tested[name, on]
        mean, low, high = interval(values)
        ax = near if values.min() > 80 else far
        look = {"color": color, "label": said[on]}
        ax.plot(values, [height] * len(values), ".", alpha=0.4, **look)
        ax.hlines(height, low, high, **look)
        face = color if on else ax.get_facecolor()
        ax.plot(mean, height, "o", markersize=7, markerfacecolor=face, **look)
        if name == "sigmoid":
            ax.text(mean, height - 0.2, said[on], color=color, ha="center")
        words += [f"{title(name)} {said[on]} {mean:.1f} ({low:.1f} to {high:.1f})"]
far.set_yticks(range(len(names)), map(title, names))
far.set(xlim=(0, 80), xlabel="test accuracy in %")
near.set(ylim=(len(names) - 0.5, -0.5), xlabel="test accuracy in %, enlarged")
figure.set_label(
    "Mean test accuracy in percent with 95 % interval, with and without batch "
    f"normalisation: {', '.join(words)}."
)
plt.show()

# %%
# How large may the step be? Solid with batch normalisation, dashed without: the mean of
# the wrong answers on the validation images, on a logarithmic scale, with a band from the
# lowest seed to the highest.

where = "activation", "normalize", "learning_rate"
right = scores(records, *where, result="val_accuracy", percent=True)
rates = sorted({rate for *_, rate in right})
figure, axes = plt.subplots(2, 3, sharex=True, sharey=True, figsize=(7.6, 5.2))
words = []
for ax, name in zip(axes.flat, names, strict=True):
    color = actdocs.get(name).color
    for on, line in ((False, "dashed"), (True, "solid")):
        values = 100 - np.array([right[name, on, rate] for rate in rates])
        low, mean, high = (f(axis=1) for f in (values.min, values.mean, values.max))
        look = {"color": color, "label": said[on]}
        ax.fill_between(rates, low, high, alpha=0.15, linewidth=0, **look)
        ax.plot(rates, mean, linestyle=line, marker="o", markersize=3, **look)
        words += [f"{title(name)} {said[on]} {mean[0]:.0f} to {mean[-1]:.0f}"]
    ax.set_title(title(name), color=color)
    ax.set(xscale="log", yscale="log", ylim=(4, 100))
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    ax.set_yticks([5, 10, 20, 50, 100], [5, 10, 20, 50, 100])
    ax.minorticks_off()
figure.supxlabel("learning rate")
figure.supylabel("wrong on validation images in %")
figure.set_label(
    f"Wrong answers on the validation images in percent from the rate {rates[0]:g} to "
    f"{rates[-1]:g}, without and with batch normalisation: {', '.join(words)}."
)
plt.show()

# %%
# What may be said of it, with intervals that are corrected for the number of comparisons:

for finding in findings("normalization"):
    print(finding)
assert tested["sigmoid", True].min() > 80 > tested["sigmoid", False].max()
for name in names:
    costs = [
        right[name, on, 0.001].mean() - right[name, on, 0.01].mean() for on in said
    ]
    assert costs[0] > costs[1]
assert arrives["sigmoid", False] < 0.001 < 0.3 < arrives["sigmoid", True]

# %%
# What to notice
# --------------
#
# Batch normalisation lets sigmoid train eight layers deep: before the first step its first
# layer then gets its share of the gradient. For the others it changes little here, as
# long as the step suits them, and no change of the differences between them is shown. A
# step ten times as large costs each of the six less with it. Smaller steps were not tried,
# nor larger networks or longer training.
