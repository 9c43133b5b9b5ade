"""
Softmax and the batch axis
==========================

Softmax works along an axis. On a batch, one row an example, it must run along the
classes. What comes out along another axis, or over the whole array at once?
"""

# %%
# Three examples with scores for four classes, and three ways to normalise them.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import INK, MUTED, STYLE

plt.style.use(STYLE)
entry = actdocs.get("softmax")
scores = np.array(
    [[2.0, 1.0, 0.5, -1.0], [0.0, 3.0, 1.0, 0.5], [1.0, -0.5, 0.0, 0.5]]
)
answers = {
    "axis=-1: along the classes": entry(scores, axis=-1),
    "axis=0: along the examples": entry(scores, axis=0),
    "the whole array at once": entry(scores.ravel()).reshape(scores.shape),
}

figure, axes = plt.subplots(len(answers), figsize=(6.4, 7.2))
rows, columns = scores.shape
place = {"ha": "center", "va": "center", "color": INK}
for ax, (title, p) in zip(axes, answers.items(), strict=True):
    for i, j in np.ndindex(p.shape):
        cell = plt.Rectangle((j + 0.03, i + 0.04), 0.94, 0.92)
        cell.set(facecolor=entry.color, alpha=0.6 * p[i, j])
        ax.add_patch(cell)
        ax.text(j + 0.5, i + 0.5, f"{p[i, j]:.2f}", **place)
    for i, total in enumerate(p.sum(axis=1)):
        mark = "✓" if np.isclose(total, 1) else "✗"
        ax.text(columns + 0.4, i + 0.5, f"{total:.2f} {mark}", **place)
    ax.text(columns + 0.4, -0.2, "row sum", **place | {"color": MUTED})
    ax.set(title=title, xlim=(0, columns + 0.8), ylim=(rows, -0.3))
    ax.set_xticks(np.arange(columns) + 0.5, [f"class {j}" for j in range(columns)])
    ax.set_yticks(np.arange(rows) + 0.5, [f"example {i}" for i in range(rows)])
    ax.grid(visible=False)
sums = {
    name: ", ".join(f"{s:.2f}" for s in p.sum(axis=1))
    for name, p in answers.items()
}
figure.set_label(
    f"Three tables of probabilities for {rows} examples and {columns} classes, a "
    "stronger colour where larger, with the sum of each row. "
    + " ".join(f"With {name} the rows add up to {s}." for name, s in sums.items())
)
plt.show()

# %%
# Only along the classes does an example's answer not depend on which other examples
# share its batch.

for title, p in answers.items():
    print(f"{title:<27} row sums {sums[title]}; most probable {p.argmax(axis=1)}")
alone = entry(scores[:1])
print("example 0 alone, axis=-1:", alone.round(2))
print("example 0 alone, axis=0: ", entry(scores[:1], axis=0))
assert np.array_equal(alone[0], answers["axis=-1: along the classes"][0])

# %%
# What to notice
# --------------
#
# All three tables hold numbers between 0 and 1, and no error is raised: check that
# ``p.sum(axis=-1)`` is 1. Along the wrong axis an example alone in its batch is certain
# of every class.
