"""
Does it matter behind an LSTM?
==============================

The deck's network for film reviews ends in a dense layer with an activation of its own.
Five of them in its place: does the accuracy notice?
"""

# %%
# An embedding, two LSTM layers of 64 units that keep the tanh and the sigmoids that
# define them, then a dense layer of 64 units with the activation in question, and one
# output. Adam, batches of 32, sentences cut to 50 words, of which the padding is masked.
# The dense layer's weights start by He's rule for ReLU, ELU and GELU, by Glorot's for
# tanh and sigmoid. A seed gives the starting weights and the order of the sentences, and
# all activations share the seeds. Where there were several learning rates, each
# activation has the one that was best on the validation sentences; the test sentences
# were used once, for what was chosen.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store, chosen, scores
from actdocs.findings import findings
from actdocs.plotting import MUTED, STYLE, plot_comparison

plt.style.use(STYLE)
records = list(Store().load("reviews").values())
best = {record["settings"]["activation"]: record for record in chosen(records)}
settings = best["relu"]["settings"]
print(f"{settings['examples']:,} sentences, {settings['epochs']} epochs,")
print(f"{settings['seeds']} seeds, {settings['validation']:,} for validation")
for name, record in best.items():
    print(f"{name:8} at a learning rate of {record['settings']['learning_rate']:g}")

# %%
# Above the loss on the training sentences, below the accuracy on the validation
# sentences. Lines are means over the seeds, bands go from the lowest to the highest; the
# dotted lines are what guessing gets.

figure, axes = plt.subplots(
    2, len(best), sharex=True, sharey="row", figsize=(8, 4.6)
)
ends = []
for (top, bottom), (name, record) in zip(axes.T, best.items(), strict=True):
    entry = actdocs.get(name)
    loss = np.array(record["results"]["loss"], float)
    accuracy = 100 * np.array(record["results"]["val_accuracy"], float)
    epochs = np.arange(1, loss.shape[1] + 1)
    for ax, values, guess in ((top, loss, np.log(2)), (bottom, accuracy, 50)):
        low, high = values.min(axis=0), values.max(axis=0)
        ax.fill_between(
            epochs, low, high, color=entry.color, alpha=0.2, linewidth=0
        )
        ax.plot(epochs, values.mean(axis=0), color=entry.color)
        ax.axhline(guess, color=MUTED, linestyle=":", linewidth=1)
    top.set_title(entry.title, color=entry.color)
    bottom.set(xticks=epochs, ylim=(48, 80))
    assert loss[:, -1].mean() < 0.6 * loss[:, -2].mean()
    assert abs(accuracy[:, -1].mean() - accuracy[:, -2].mean()) < 3
    means = loss[:, -1].mean(), accuracy[:, 0].mean(), accuracy[:, -1].mean()
    ends.append(
        "{} loss to {:.2f}, accuracy {:.1f} to {:.1f} %".format(entry.title, *means)
    )
axes[0, 0].set(ylabel="training loss", ylim=(0, None))
axes[1, 0].set_ylabel("validation\naccuracy in %")
figure.supxlabel("epoch")
figure.set_label(
    "Training loss and validation accuracy by epoch, a column for each activation. Means "
    f"from the first epoch to the last: {'; '.join(ends)}."
)
plt.show()

# %%
# The test sentences. Dots are seeds, bars are 95 % intervals; those of the differences
# hold together.

tested = {
    name: 100 * values
    for name, values in scores(chosen(records), "activation").items()
}
plot_comparison(tested, "test accuracy in %")
plt.show()
assert min(values.min() for values in tested.values()) > 60

# %%
# What may be said of it, with intervals that are corrected for the number of pairs
# compared:

for finding in findings("reviews"):
    print(finding)

# %%
# What to notice
# --------------
#
# All five learn, the sigmoid too: it stands in one layer here, behind two that have
# their own functions. The intervals say how much a difference between two of them could
# still be, over other seeds and on these sentences; other sentences, or a longer
# training, they don't answer for. In the last epoch the training loss falls by about half,
# and the accuracy on new sentences stays about where it was.
