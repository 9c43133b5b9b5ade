"""
An experiment on tumours
========================

Thirty measurements of cell nuclei, two kinds of tumour, four activations.
:func:`~actdocs.experiment_with_activations` chooses one; does the choice mean anything?
"""

# %%
# The training part is split anew for each of thirty seeds. A seed also gives the starting
# weights, by He's rule for ReLU and ELU and by Glorot's for the others, and the order of
# the examples; all activations share the seeds. A network has 64 and 32 hidden units and
# is trained with Adam for ten epochs. The choice is made on the validation parts; the
# test part is opened once, for the chosen activation.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import MUTED, STYLE
from actdocs.statistics import single_seeds

plt.style.use(STYLE)
(x_train, y_train), (x_test, y_test) = actdocs.data.load_breast_cancer()
found = actdocs.experiment_with_activations(
    x_train,
    y_train,
    x_test,
    y_test,
    ["relu", "tanh", "sigmoid", "elu"],
    seeds=range(30),
    epochs=10,
)
print(found)

# %%
# Each dot on the left is one run, the line their mean. On the right is the lead of the
# chosen activation over each rival, seed by seed: dots, their mean, and an interval
# that holds for all rivals together with 95 %. It allows for splits that overlap.

scores = {
    name: 100 * values for name, values in found.validation_accuracies.items()
}
figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.6))
spread = np.linspace(-0.2, 0.2, len(found.seeds))
for place, (name, values) in enumerate(scores.items()):
    color = actdocs.get(name).color
    left.plot(values, place + spread, "o", color=color, alpha=0.6, markersize=5)
    left.plot([values.mean()] * 2, [place - 0.32, place + 0.32], color=color)
for place, (name, limits) in enumerate(found.intervals.items()):
    lead = scores[found.selected] - scores[name]
    color = actdocs.get(name).color
    right.plot(
        lead, place - 0.12 + 0.6 * spread, "o", color=color, alpha=0.6, markersize=5
    )
    right.plot(100 * np.array(limits), [place + 0.2] * 2, color=color)
    right.plot(lead.mean(), place + 0.2, "o", color=color, markersize=7)
right.axvline(0, color=MUTED, linewidth=1)
left.set(
    title=f"{len(found.seeds)} runs of each", xlabel="validation accuracy in %"
)
right.set(
    title=f"Lead of {actdocs.get(found.selected).title}", xlabel="percentage points"
)
for ax, names in ((left, list(scores)), (right, list(found.intervals))):
    ax.set_yticks(range(len(names)), [actdocs.get(name).title for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="y", visible=False)
means = ", ".join(
    f"{actdocs.get(name).title} {values.mean():.1f} %, runs from {values.min():.1f} to {values.max():.1f}"
    for name, values in scores.items()
)
leads = ", ".join(
    f"over {actdocs.get(name).title} {100 * low:+.1f} to {100 * high:+.1f} points"
    for name, (low, high) in found.intervals.items()
)
figure.set_label(
    f"Validation accuracy of {len(found.seeds)} runs with each activation: {means}. "
    f"Interval of the lead of {actdocs.get(found.selected).title}: {leads}."
)
plt.show()

# %%
# Say it in a sentence that the intervals carry, and no more.

behind = [name for name, (low, _) in found.intervals.items() if low > 0]
print(
    f"{found.selected} has the best mean; shown to be behind it: {', '.join(behind) or 'no rival'}"
)
one = 100 / (len(y_train) - int(0.8 * len(y_train)))
print(f"one patient more or less in the validation part: {one:.1f} points")
assert not found.supported

# %%
# What would each of these runs have selected, taken alone? A tie counts as another
# ranking and another winner, for one run could not have decided.

print(single_seeds(found.validation_accuracies))
first = np.max(list(scores.values()), axis=0)
level = sum(values == first for values in scores.values()) > 1
other = first > scores[found.selected]
print(
    f"another than {found.selected} is ahead in {other.sum()} of {len(other)} seeds,"
)
print(f"and level with it at the top in {(level & ~other).sum()}")
assert other.any()
assert np.ptp(scores[found.selected]) > np.ptp([v.mean() for v in scores.values()])

# %%
# What to notice
# --------------
#
# The runs of one activation differ by more than the means of the activations do,
# because another split brings other patients, and a few of them decide. So a single run
# misleads: other seeds alone would have selected another activation, and a table with a
# winner in bold would say more than was found. An experiment like this one finds an
# activation that doesn't work for you. It can't tell apart those that do. Ten epochs
# are few: what is slow to start, such as the sigmoid, is measured on its way.
