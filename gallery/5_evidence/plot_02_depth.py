"""
How deep may it be?
===================

Six activations, three ways to start, 2 to 32 hidden layers, ten seeds each. Where does
training still work, and does the gradient before the first step say so?
"""

# %%
# The networks were trained by ``nox -s evidence`` and are kept with their provenance:
# hidden layers of 64 units, Adam, 9,600 digits of MNIST, three epochs, no normalisation
# and no shortcut around layers. A seed gives the starting weights and the order of the
# images, and all cells share the seeds. Weights start by the rule of He (normal), Glorot
# (uniform) or LeCun (normal), biases at 0. All have one learning rate, printed below;
# another one may train deeper. The test images were used once, at the end.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store, chosen, scores, title
from actdocs.findings import findings
from actdocs.plotting import STYLE, label_lines

plt.style.use(STYLE)
records = list(Store().load("depth").values())
best = chosen(records)
where = "activation", "initialization", "depth"
tested = scores(best, *where, percent=True)
names, starts, depths = map(dict.fromkeys, zip(*tested, strict=True))
deepest, rules = max(depths), {"he": "He", "glorot": "Glorot", "lecun": "LeCun"}
print(f"{sum(record['settings']['seeds'] for record in records)} networks trained")
tried = sorted({record["settings"]["learning_rate"] for record in records})
print("learning rates tried:", *tried)

# %%
# A cell is the mean of ten seeds on the test images, in percent, and bold where each seed
# gets 80 or more. Guessing gets about 10.

figure, axes = plt.subplots(1, 3, sharey=True, figsize=(8, 3.1))
for ax, start in zip(axes, starts, strict=True):
    for row, name in enumerate(names):
        for column, layers in enumerate(depths):
            values = tested[name, start, layers]
            look = {"facecolor": actdocs.get(name).color, "edgecolor": "none"}
            look["alpha"] = 0.5 * values.mean() / 100
            corner = column - 0.48, row - 0.48
            ax.add_patch(plt.Rectangle(corner, 0.96, 0.96, **look))
            weight = "bold" if values.min() >= 80 else "normal"
            center = {"ha": "center", "va": "center", "weight": weight}
            ax.text(column, row, f"{values.mean():.0f}", **center)
    ax.set(xlim=(-0.5, len(depths) - 0.5), ylim=(len(names) - 0.5, -0.5))
    ax.set_xticks(range(len(depths)), depths)
    ax.set_yticks(range(len(names)), map(title, names))
    ax.set(title=f"{rules[start]}'s start", xlabel="hidden layers")
    ax.grid(visible=False)
words = [
    f"{title(name)} {' / '.join(f'{tested[name, s, deepest].mean():.0f}' for s in starts)}"
    for name in names
]
figure.set_label(
    "Mean test accuracy in percent by activation and depth, a panel for each start. "
    f"With {deepest} layers, from {' / '.join(starts)}: {', '.join(words)}."
)
plt.show()

# %%
# How much of the gradient arrives at the first layer of the deepest networks? Each line
# goes from the last layer back to the first, the median of the seeds, with the last
# layer's gradient as 1. What single precision rounds to 0 is not drawn.

figure, axes = plt.subplots(2, 3, sharex=True, sharey=True, figsize=(8, 5.6))
words = []
for record in best:
    name, start, layers = (record["settings"][key] for key in where)
    if layers == deepest:
        norms = np.array(record["results"]["gradient_norm"], float)[[0, -1], ::-1]
        norms = np.where(norms > 0, norms, np.nan) / norms[:, :1]
        entry = actdocs.get(name)
        for ax, line in zip(axes[:, list(starts).index(start)], norms, strict=True):
            ax.plot(range(len(line)), line, color=entry.color, label=entry.title)
        arrives = " then ".join(f"{share:.1g}" for share in norms[:, -1])
        words.append(f"{entry.title} from {start} {arrives}")
for ax, start in zip(axes[0], starts, strict=True):
    ax.set(title=f"{rules[start]}'s start", yscale="log", xticks=[0, 16, deepest])
axes[0, 0].set_ylabel("gradient before the first step")
axes[1, 0].set_ylabel("gradient after training")
figure.supxlabel("layers back from the last")
for ax in axes[:, -1]:
    label_lines(ax)
figure.set_label(
    f"Gradient by layer with {deepest} hidden layers, on a logarithmic scale. What arrives "
    "at the first layer, as a part of the last one's, before training then after: "
    f"{', '.join(words).replace('nan', '0')}."
)
plt.show()

# %%
# What may be said of it. Intervals are corrected for the number of comparisons; that of
# the correlation takes the settings as drawn one by one, though they share activations.

for finding in findings("depth"):
    print(finding)
for (name, start, layers), values in tested.items():
    assert layers > 8 or name == "sigmoid" or values.mean() > 85
    assert tested[name, start, deepest].mean() < tested[name, start, 4].mean()
assert (
    tested["gelu", "he", deepest].mean()
    > 50
    > 20
    > tested["gelu", "glorot", deepest].mean()
)
helped, other = (tested["sigmoid", start, 8].mean() for start in ("he", "glorot"))
assert helped > other > 20 > max(tested["sigmoid", s, 16].max() for s in starts)

# %%
# What to notice
# --------------
#
# Up to eight plain layers all but sigmoid train from any of the three starts. With 32 all
# do worse than with 4, and the start can decide: GELU learns from He's and stays at
# guessing from Glorot's. "Sigmoid can't be trained deep" holds here for a plain stack and
# three epochs: He's start helps with eight layers, and no start helps with 16.
# :doc:`plot_04_normalization` shows what does. Where next to nothing of the gradient
# arrives at the start, training mostly fails; where it arrives, training may still fail.
