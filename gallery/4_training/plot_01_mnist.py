"""
MNIST with ReLU, sigmoid and tanh
=================================

The same small network, all 60,000 digits, five epochs. Which of three activations does
best, and would it do so again from other starting weights?
"""

# %%
# The digits come as bytes. Divided by 255 in single precision they lie between 0 and 1.
# The last 20 % of the training images, which are in no particular order, are kept for
# validation.

import itertools

import matplotlib.pyplot as plt
import numpy as np
from scipy import stats

import actdocs
from actdocs.plotting import MUTED, STYLE, label_lines

plt.style.use(STYLE)
(images, labels), (test_images, test_labels) = actdocs.data.load_mnist()
x = images.reshape(-1, 784).astype("float32") / 255
cut = int(0.8 * len(x))
train, validation = (x[:cut], labels[:cut]), (x[cut:], labels[cut:])
shares = np.bincount(validation[1]) / len(validation[1])
print(f"{cut:,} images to train on, {len(x) - cut:,} to validate on")
print(
    f"in which each digit has a share of {shares.min():.1%} to {shares.max():.1%}"
)

# %%
# A seed gives the starting weights and the order of the images, and the three
# activations share it. Everything else is the same for all: 64 and 64 hidden units,
# Adam with its usual step, batches of 32. ReLU starts with He's weights, the other two
# with Glorot's, as is the custom for each.

seeds, epochs = range(8), 5
runs = {}
for name in ("relu", "sigmoid", "tanh"):
    runs[name] = actdocs.train_replicas(
        lambda seed, name=name: actdocs.create_model(name, seed=seed),
        *train,
        seeds=seeds,
        epochs=epochs,
        validation_data=validation,
        shuffle_seed=None,
    )
curves = {name: 100 * run.history["val_accuracy"] for name, run in runs.items()}
final = {name: curve[:, -1] for name, curve in curves.items()}

figure, ax = plt.subplots()
epoch = np.arange(1, epochs + 1)
for name, curve in curves.items():
    entry = actdocs.get(name)
    style = {
        "color": entry.color,
        "linestyle": entry.linestyle,
        "label": entry.title,
    }
    ax.plot(epoch, curve.mean(axis=0), **style)
    ax.fill_between(
        epoch,
        curve.min(axis=0),
        curve.max(axis=0),
        color=entry.color,
        alpha=0.18,
        linewidth=0,
    )
ax.set(xlabel="epoch", ylabel="validation accuracy in %", xticks=epoch)
ax.set_title(f"Mean of {len(seeds)} seeds, band from the lowest to the highest")
label_lines(ax)
words = [
    f"{actdocs.get(name).title} from {curve[:, 0].mean():.1f} to {curve[:, -1].mean():.1f} %"
    for name, curve in curves.items()
]
figure.set_label(
    f"Validation accuracy from the first to the last of {epochs} epochs, mean and range of {len(seeds)} seeds: {', '.join(words)}."
)
plt.show()

# %%
# What decides is the last epoch. Each dot is one seed, the bar an interval of the mean
# that holds with 95 %. On the right are differences between two activations from the
# same seed, with intervals that hold for all three pairs together with 95 %.

pairs = list(itertools.combinations(final, 2))
rows = [
    [(actdocs.get(a).title, actdocs.get(a).color, final[a], 0.95) for a in final]
]
rows.append(
    [
        (
            f"{actdocs.get(a).title} − {actdocs.get(b).title}",
            MUTED,
            final[a] - final[b],
            1 - 0.05 / len(pairs),
        )
        for a, b in pairs
    ]
)
figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.4), width_ratios=[1, 1.25])
words = []
for ax, column in zip(axes, rows, strict=True):
    for place, (title, color, values, level) in enumerate(column):
        low, high = stats.ttest_1samp(values, 0).confidence_interval(level)
        ax.plot(
            values,
            [place - 0.12] * len(values),
            "o",
            color=color,
            alpha=0.55,
            markersize=5,
        )
        ax.plot([low, high], [place + 0.15] * 2, color=color)
        ax.plot(values.mean(), place + 0.15, "o", color=color, markersize=7)
        words.append(
            f"{title} {values.mean():.2f}, interval {low:.2f} to {high:.2f}"
        )
    ax.set_yticks(range(len(column)), [title for title, *_ in column])
    ax.set_ylim(len(column) - 0.5, -0.5)
    ax.grid(axis="y", visible=False)
axes[0].set(title="After the last epoch", xlabel="validation accuracy in %")
axes[1].set(title="Difference, same seed", xlabel="percentage points")
axes[1].axvline(0, color=STYLE["text.color"], linewidth=1)
figure.set_label(
    f"Validation accuracy of {len(seeds)} seeds in percent, and differences between two activations: "
    f"{'; '.join(words)}."
)
plt.show()

# %%
# What may be said of it? Only a difference whose interval leaves out zero.

means = np.array([curve.mean(axis=0) for curve in curves.values()])
first, last = np.ptp(means, axis=0)[[0, -1]]
print(
    f"best and worst mean: {first:.2f} points apart after epoch 1, {last:.2f} at the end"
)
assert last < first
ahead = {name: [] for name in final}
for a, b in pairs:
    low, high = stats.ttest_rel(final[a], final[b]).confidence_interval(
        1 - 0.05 / len(pairs)
    )
    more, less = (a, b) if low > 0 else (b, a)
    if low * high > 0:
        ahead[more].append(less)
    verdict = f"{more} is ahead" if low * high > 0 else "no difference shown"
    print(f"{a} − {b}: {low:+.2f} to {high:+.2f} points: {verdict}")

# %%
# The test images were not touched so far. They are opened once, for the activation with
# the best mean on the validation part.

chosen = max(final, key=lambda name: final[name].mean())
x_test = test_images.reshape(-1, 784).astype("float32") / 255
answers = np.array(
    [
        model.predict(x_test, batch_size=1000, verbose=0).argmax(axis=1)
        for model in runs[chosen].models
    ]
)
scores = 100 * np.mean(answers == test_labels, axis=1)
print(
    f"test accuracy of {chosen}: {scores.mean():.2f} %, seeds from {scores.min():.2f} to {scores.max():.2f}"
)
print(f"shown to be ahead of: {', '.join(ahead[chosen]) or 'neither rival'}")

# %%
# What to notice
# --------------
#
# The curves draw together: what separates the activations most is how fast they start.
# What the spread of the seeds allows to say about the last epoch stands in the lines
# printed above; nothing beyond it should be read into the picture. And the seeds don't
# tell all: the validation images were the same for each, and so was the size of Adam's
# step, which may suit one activation better than another.
