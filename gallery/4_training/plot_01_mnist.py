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

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.findings import findings
from actdocs.plotting import STYLE, plot_comparison, plot_curves
from actdocs.statistics import paired_differences, single_seeds

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
# A seed gives the starting weights, and the three activations share it. Everything else
# is the same for all, the order of the images included: 64 and 64 hidden units,
# Adam with its usual step, batches of 32. ReLU starts with He's weights, the other two
# with Glorot's, as is the custom for each.

runs = {}
for name in ("relu", "sigmoid", "tanh"):
    runs[name] = actdocs.train_replicas(
        lambda seed, name=name: actdocs.create_model(name, seed=seed),
        *train,
        seeds=range(20),
        epochs=5,
        validation_data=validation,
    )
    print(f"{name}: {runs[name].method}")
curves = {name: 100 * run.history["val_accuracy"] for name, run in runs.items()}
plot_curves(curves, "validation accuracy in %")
plt.show()

# %%
# What decides is the last epoch. Each dot is one seed, the bar an interval of the mean
# that holds with 95 %. On the right are differences between two activations from the
# same seed, with intervals that hold for all three pairs together with 95 %.

final = {name: curve[:, -1] for name, curve in curves.items()}
plot_comparison(final, "validation accuracy in %")
plt.show()

# %%
# What may be said of it? Only a difference whose interval leaves out zero.

first, last = (np.ptp([c[:, i].mean() for c in curves.values()]) for i in (0, -1))
print(
    f"best and worst mean: {first:.2f} points apart after epoch 1, {last:.2f} at the end"
)
assert last < first
differences = paired_differences(final)
for difference in differences:
    print(difference.sentence(" points"))

# %%
# How often would one seed alone have given another answer than the twenty together?

print(single_seeds(final))

# %%
# The test images were not touched so far. They are opened once, for the activation with
# the best mean on the validation part.

chosen = max(final, key=lambda name: final[name].mean())
x_test = test_images.reshape(-1, 784).astype("float32") / 255
scores = []
for model in runs[chosen].models:
    answers = model.predict(x_test, batch_size=1000, verbose=0).argmax(axis=1)
    scores.append(100 * np.mean(answers == test_labels))
print(f"test accuracy of {chosen}: {np.mean(scores):.2f} %")
print(f"seeds from {min(scores):.2f} to {max(scores):.2f} %")
rivals = {
    d.first if d.ahead == d.second else d.second
    for d in differences
    if d.ahead == chosen
}
print("shown to be ahead of:", ", ".join(sorted(rivals)) or "neither rival")

# %%
# All seeds saw the images in one order. Does it matter? The same study is kept in the
# store with an order of its own for each seed, see ``nox -s evidence``. There nothing is
# chosen, so that all three are measured on the test images, once.

for finding in findings("mnist"):
    print(finding)

# %%
# What to notice
# --------------
#
# The curves draw together: what separates the activations most is how fast they start.
# What the spread of the seeds allows to say about the last epoch stands in the lines
# printed above; nothing beyond it should be read into the picture. And the seeds don't
# tell all: the images were the same for each, and so was the size of Adam's step, which
# may suit one activation better than another.
