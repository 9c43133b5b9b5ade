"""
Does it matter for photographs?
===============================

The deck's convolutional network on photographs of six kinds of animals, with one
activation at a time in all of its layers. Which differences stand out from the spread
between seeds?
"""

# %%
# Three convolutions with pooling and a dense layer of 64 units; Adam, batches of 32, and
# few of the photographs for few epochs, as printed. Weights start by He's rule for ReLU
# and GELU, by Glorot's for tanh and sigmoid. A seed gives the starting weights and the
# order of the photographs, and all activations share the seeds. Where there were several
# learning rates, each activation has the one that was best on the validation photographs;
# the test photographs were used once, for what was chosen.

import matplotlib.pyplot as plt
import numpy as np

from actdocs.data import ANIMALS
from actdocs.evidence import Store, chosen, scores
from actdocs.findings import findings
from actdocs.plotting import MUTED, STYLE, plot_comparison, plot_curves

plt.style.use(STYLE)
records = list(Store().load("animals").values())
best = {record["settings"]["activation"]: record for record in chosen(records)}
settings = best["relu"]["settings"]
print(f"{settings['examples']:,} photographs, {settings['epochs']} epochs,")
print(f"{settings['seeds']} seeds, {settings['validation']:,} for validation")
guessing = 100 / len(ANIMALS)
for record in records:
    name, rate = (
        record["settings"][key] for key in ("activation", "learning_rate")
    )
    last = 100 * np.array(record["results"]["val_accuracy"], float)[:, -1]
    mark = "chosen" if record is best[name] else ""
    print(
        f"{name:8} at {rate:<7g} validation {last.min():.1f} to {last.max():.1f} %",
        mark,
    )

# %%
# Epoch by epoch on the validation photographs, at the chosen rates. The dotted line is
# what guessing gets.

curves = {
    name: 100 * np.array(record["results"]["val_accuracy"], float)
    for name, record in best.items()
}
ax = plot_curves(curves, "validation accuracy in %")
ax.axhline(guessing, color=MUTED, linestyle=":", linewidth=1)
plt.show()

# %%
# The sigmoid's network stays there, from each seed. Its training loss says the same: it
# ends at the logarithm of the number of classes, the loss of one who takes all classes
# for equally likely.

tested = {
    name: 100 * values
    for name, values in scores(chosen(records), "activation").items()
}
loss = {
    name: np.array(r["results"]["loss"], float)[:, -1] for name, r in best.items()
}
print(
    f"guessing: {guessing:.2f} % right, loss log {len(ANIMALS)}: {np.log(len(ANIMALS)):.3f}"
)
for name, values in tested.items():
    print(
        f"{name:8} test {values.min():.2f} to {values.max():.2f} %,",
        f"training loss {loss[name].min():.3f} to {loss[name].max():.3f}",
    )
assert abs(tested["sigmoid"] - guessing).max() < 1
assert abs(loss["sigmoid"] - np.log(len(ANIMALS))).max() < 0.03

# %%
# The others on the test photographs. Dots are seeds, bars are 95 % intervals; those of
# the differences hold together.

others = {name: values for name, values in tested.items() if name != "sigmoid"}
plot_comparison(others, "test accuracy in %")
plt.show()

# %%
# What may be said of it, with intervals that are corrected for the number of pairs
# compared:

for finding in findings("animals"):
    print(finding)

# %%
# What to notice
# --------------
#
# Every seed puts the sigmoid behind the rest. The runs show that it does not learn here,
# not why. How the others compare is said above, with what one seed alone would have said.
# All of them are short runs on a small part of the photographs: they say how far each
# gets with little, not where it ends.
