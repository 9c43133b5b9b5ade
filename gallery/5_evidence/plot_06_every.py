"""
Every activation, at its own rate
=================================

All element-wise activations of the catalogue in the same small network. How many of
them can be told apart, and what does each cost in time?
"""

# %%
# The networks were trained by ``nox -s evidence`` and are kept with their provenance:
# two hidden layers of 64 units, Adam, 20,000 digits of MNIST, five epochs. A seed gives
# the starting weights and the order of the images, and all cells share the seeds, so
# that they are compared in pairs. Weights start by He's rule for rectifiers and what
# resembles them, by LeCun's for SELU, by Glorot's for the rest. Parameters are the
# catalogue's defaults. The learning rate of each was chosen on the validation images;
# the test images were used once, for what was chosen.

import itertools

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store, chosen, scores, title
from actdocs.findings import findings
from actdocs.plotting import MUTED, STYLE
from actdocs.statistics import interval, paired_differences

plt.style.use(STYLE)
records = list(Store().load("every").values())
best = chosen(records)
tested = {name: 100 * v for name, v in scores(best, "activation").items()}
seeds = len(tested["relu"])
print(f"{len(tested)} activations, {seeds * len(records)} networks, {seeds} seeds")
for rate in sorted({record["settings"]["learning_rate"] for record in records}):
    count = sum(record["settings"]["learning_rate"] == rate for record in best)
    print(f"learning rate {rate:g}: chosen for {count}")

# %%
# Some share a function: at the default parameters they differ in name alone. They count
# once in all comparisons. Those that broke down in some seeds are left out of them.

sound = {name: v for name, v in tested.items() if np.isfinite(v).all()}
twins = {}
for a, b in itertools.combinations(sound, 2):
    if np.array_equal(sound[a], sound[b]):
        twins.setdefault(b, a)
        print(f"{title(b)} is {title(a)}")
single = {name: v for name, v in sound.items() if name not in twins}
pairs = [pair.ahead for pair in paired_differences(single)]
print(f"{sum(map(bool, pairs))} of {len(pairs)} pairs can be told apart")
compared = {pair.first: pair for pair in paired_differences(single, against="relu")}
worse = [name for name, pair in compared.items() if pair.ahead == "relu"]
assert len(worse) < len(compared) / 2
assert {pair.ahead for pair in compared.values()} <= {"relu", None}

# %%
# One row an activation, sorted by the mean. On the left is the accuracy on the test
# images: the mean over the seeds with its interval, each of which holds with 95 %. What
# lies far to the left is written as a number. In the middle is the difference from ReLU,
# seed by seed, with intervals that hold together with 95 %: one that leaves out zero
# shows a difference. The dotted line is half a point below ReLU; what lies more than three
# points below is not drawn. On the right is the time
# of an epoch as a multiple of ReLU's, from a study of its own.

order = sorted(tested, key=lambda name: -sound[name].mean() if name in sound else 0)
relu, left = sound["relu"].mean(), np.floor(sound["relu"].mean()) - 2
paces = Store().load("paces").values()
times = {r["settings"]["activation"]: r["results"]["pace"] for r in paces}
size = {"figsize": (8, 0.19 * len(order) + 1), "width_ratios": [1.6, 1, 0.7]}
figure, axes = plt.subplots(1, 3, sharey=True, **size)
ax, other, clock = axes
for place, name in enumerate(order):
    look = {"color": actdocs.get(name).color, "label": title(name)}
    clock.plot(times[name], place, "o", markersize=5, **look)
    if name in compared:
        pair = compared[name]
        other.hlines(place, pair.low, pair.high, **look)
        other.plot(pair.mean, place, "o", markersize=5, **look)
    elif name in twins:
        other.text(0.07, place, f"is {title(twins[name])}", va="center", fontsize=8)
    mean, low, high = interval(np.nan_to_num(tested[name]))
    if low >= left:
        ax.hlines(place, low, high, **look)
        ax.plot(mean, place, "o", markersize=5, **look)
        continue
    failed = f"broke down in {np.isnan(tested[name]).sum()} of {seeds} seeds"
    text = f"{mean:.1f} % ({low:.1f} to {high:.1f})" if name in sound else failed
    ax.text(left + 0.03, place, text, va="center", fontsize=8, color=look["color"])
for panel, place in zip(axes, (relu, 0, 1), strict=True):
    panel.axvline(place, color=MUTED, linewidth=1, zorder=0)
    panel.tick_params(axis="x", labeltop=True)
other.axvline(-0.5, color=MUTED, linewidth=1, linestyle=":", zorder=0)
ax.set_yticks(range(len(order)), map(title, order), fontsize=8)
ax.set(xlabel="test accuracy in %", xlim=(left, None), ylim=(len(order), -1))
other.set(xlabel="less ReLU, in points", xlim=(-3, 1))
clock.set(xlabel="time of an epoch", xlim=(0.8, 1.7), xticks=[1, 1.5])
figure.set_label(
    f"{len(order)} activations sorted by mean test accuracy, from {title(order[0])} with "
    f"{sound[order[0]].mean():.1f} %. ReLU is in place {order.index('relu') + 1} with "
    f"{relu:.1f} %, and {sum(v.mean() > relu - 1 for v in sound.values())} lie above "
    f"{relu - 1:.1f} %. Of {len(compared)} differences from ReLU the intervals of "
    f"{len(compared) - len(worse)} hold zero, {len(worse)} lie below it. "
    f"An epoch takes {min(times.values()):.1f} to {max(times.values()):.1f} times as long as "
    f"with ReLU, in the median {np.median(list(times.values())):.1f} times."
)
plt.show()

# %%
# An activation whose slope is 0 hands no gradient down: the hidden weights stay as they
# were drawn, and the last layer learns alone.

x = np.linspace(-4, 4, 800)
flat = [name for name in tested if not actdocs.get(name).derivative(x).any()]
print("slope 0 everywhere:", ", ".join(map(title, flat)))

# %%
# What may be said of it, with intervals that are corrected for the number of pairs
# compared:

for finding in findings("every"):
    if finding.overview:
        print(finding)

# %%
# What to notice
# --------------
#
# In a small network, and with a learning rate of its own, no activation is shown to be
# better than ReLU, and most are not shown to be worse. That does not make them alike:
# ten seeds and so many comparisons leave wide intervals. What can be told apart is
# mostly at the lower end of the picture. Don't rely on the order at the upper end: the
# last line above says how many pairs of the first ten can be told apart, and in how
# many seeds one run of each would have put them in this order.
#
# The rates printed at the top are few. Where the smallest was chosen, a still smaller
# one might be better. For the times see :doc:`plot_11_paces`.
