"""
Animals in photographs
======================

The convolutional network of chapter 11, trained on real photographs for ten epochs. How
far does it get, what does it mix up, and how sure is it when it is wrong?
"""

# %%
# The photographs are the six animal classes of CIFAR-10, enlarged from 32×32 pixels to
# the 64×64 that the network takes, which adds no detail. To keep this page quick it
# learns from 3,000 of the 30,000 training photographs; 600 others are for validation.
# An animal that faces left is the same animal when it faces right, so each picture is
# flipped at random: twice as many to learn from, at no cost.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix

import actdocs
from actdocs.data import ANIMALS
from actdocs.findings import findings
from actdocs.plotting import MUTED, STYLE

plt.style.use(STYLE)
network = actdocs.create_cnn_model("relu", classes=len(ANIMALS), seed=0)

import keras  # TensorFlow was loaded with the first network, without its log lines


def enlarged(pictures):
    """Bring pictures to 64×64, and bytes to the range from 0 to 1."""
    return np.float32(keras.ops.image.resize(pictures, (64, 64))) / 255


(photographs, labels), (test_photographs, y_test) = actdocs.data.load_animals()
x, y = enlarged(photographs[:3000]), labels[:3000]
validation = enlarged(photographs[-600:]), labels[-600:]
flip = keras.layers.RandomFlip("horizontal", seed=0)
model = keras.Sequential([keras.Input((64, 64, 3)), flip, network])
model.compile("adam", network.loss, metrics=["accuracy"], jit_compile=False)
keras.utils.set_random_seed(0)
fit = model.fit(x, y, epochs=10, validation_data=validation, verbose=0).history
for epoch in (0, 4, 9):
    train, other = fit["accuracy"][epoch], fit["val_accuracy"][epoch]
    print(f"epoch {epoch + 1:2}: training {train:.1%}, validation {other:.1%}")

# %%
# Now the test part, once. A row of the table is a true class, and a number is the share
# of its photographs that got this answer.

logits = model.predict(enlarged(test_photographs), batch_size=250, verbose=0)
guess = logits.argmax(axis=1)
right = guess == y_test
print(f"test: {right.mean():.1%} right; guessing: {1 / len(ANIMALS):.1%}")
assert right.mean() > 2 / len(ANIMALS)

table = confusion_matrix(y_test, guess, normalize="true")
figure, ax = plt.subplots(figsize=(5.4, 5))
shares = ConfusionMatrixDisplay(table, display_labels=ANIMALS)
look = {"text_kw": {"color": "#000000"}, "im_kw": {"vmin": 0, "vmax": 1.2}}
shares.plot(ax=ax, values_format=".0%", colorbar=False, cmap="Blues", **look)
ax.grid(visible=False)
found = ", ".join(map("{} {:.0%}".format, ANIMALS, table.diagonal()))
off = table - np.diag(table.diagonal())
pairs = sorted(np.ndindex(off.shape), key=lambda pair: -off[pair])[:3]
mixed = [f"{ANIMALS[a]} taken for {ANIMALS[b]} {off[a, b]:.0%}" for a, b in pairs]
figure.set_label(f"Right answers: {found}. Often wrong: {', '.join(mixed)}.")
plt.show()
print(*mixed, sep="\n")

# %%
# And how sure is it? The first four photographs of the test part that it gets right,
# the first four that it gets wrong, and the probabilities that softmax makes of its
# scores. The true class is green.

probabilities = actdocs.softmax(logits)
green, words = actdocs.get("softmax").color, []
figure, axes = plt.subplots(4, 4, figsize=(7.2, 6), width_ratios=[1, 1.2] * 2)
for column, (title, hit) in enumerate((("Right", True), ("Wrong", False))):
    axes[0, 2 * column].set_title(title)
    for row, i in enumerate(np.flatnonzero(right == hit)[:4]):
        picture, bars = axes[row, 2 * column : 2 * column + 2]
        picture.imshow(test_photographs[i])
        picture.set_axis_off()
        bars.barh(ANIMALS, probabilities[i], color=MUTED)
        bars.patches[y_test[i]].set_color(green)
        bars.set(xlim=(0, 1), xticks=[0, 0.5, 1])
        bars.invert_yaxis()
        bars.grid(axis="y", visible=False)
        answer = f"{ANIMALS[guess[i]]} with {probabilities[i].max():.0%}"
        words.append(f"{title}: a {ANIMALS[y_test[i]]}, answer {answer}.")
figure.set_label("Photographs and their probabilities. " + " ".join(words))
plt.show()

sure = [probabilities[right == hit].max(axis=1).mean() for hit in (True, False)]
print(f"mean probability where right {sure[0]:.0%}, where wrong {sure[1]:.0%}")
assert sure[0] > sure[1]

# %%
# Another activation inside? That takes more seeds than a page has time for: each function
# with a learning rate of its own, five seeds each, is a study,
# :doc:`/auto_gallery/5_evidence/plot_07_animals`. What it found:

for finding in findings("animals"):
    print(finding)

# %%
# What to notice
# --------------
#
# So small a network, with so few pictures, does far better than guessing and is far
# from good: deep networks trained on all of CIFAR-10 get about 95 % right
# :cite:p:`ramachandran2017`. It is less sure where it is wrong, but not by enough to
# warn you. In the study only a difference whose interval leaves out zero counts.
