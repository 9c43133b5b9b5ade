"""
Softmax at different temperatures
=================================

Dividing the scores by a temperature T before the softmax makes its answer bolder or
more cautious. What changes, and what stays?
"""

# %%
# Five scores and their probabilities, from a low temperature to a high one.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import INK, MUTED, STYLE, label_lines

plt.style.use(STYLE)
entry = actdocs.get("softmax")
scores = np.array([3.0, 2.0, 1.0, 0.0, -1.0])
temperatures = (0.3, 1.0, 3.0)

figure, axes = plt.subplot_mosaic(
    [list("abc"), list("ddd")], figsize=(7, 7.6), height_ratios=[1, 2]
)
for key, temperature in zip("abc", temperatures, strict=True):
    ax = axes[key]
    percent = 100 * entry(scores / temperature)
    bars = ax.bar(range(len(scores)), percent, color=entry.color)
    ax.bar_label(bars, fmt="{:.0f}", color=INK, padding=2)
    ax.set(title=f"T = {temperature:g}", xlabel="score", ylim=(0, 115))
    ax.set_xticks(
        range(len(scores)), [f"{score:g}".replace("-", "−") for score in scores]
    )
    ax.grid(visible=False, axis="x")
    ax.set_yticks([0, 50, 100], ["0", "50", "100"] if key == "a" else ["", "", ""])
axes["a"].set_ylabel("probability in %")

ax = axes["d"]
grid = np.geomspace(0.1, temperatures[-1], 400)
for score, curve in zip(scores, 100 * entry(scores / grid[:, None]).T, strict=True):
    ax.plot(
        grid, curve, color=entry.color, label=f"score {score:g}".replace("-", "−")
    )
ax.axhline(100 / len(scores), color=MUTED, linewidth=0.8)
ax.text(0.103, 100 / len(scores) + 2, "all equal", color=MUTED)
ax.set(xscale="log", xlim=grid[[0, -1]], ylim=(0, 102))
ax.set(xlabel="temperature T", ylabel="probability in %")
ax.set_xticks([0.1, *temperatures], [f"{t:g}" for t in (0.1, *temperatures)])
ax.minorticks_off()
label_lines(ax)
largest = ", ".join(
    f"{entry(scores / t).max():.2f} at T = {t:g}" for t in temperatures
)
figure.set_label(
    f"Softmax of the scores {', '.join(f'{score:g}' for score in scores)}. The largest "
    f"gets {largest}; as T grows all curves approach {1 / len(scores):g}, as it falls the "
    "largest takes all."
)
plt.show()

# %%
# The order of the classes, the sum, and the answer to a shift of all scores are the
# same at every temperature.

for temperature in temperatures:
    p = entry(scores / temperature)
    entropy = -(p * actdocs.log_softmax(scores / temperature)).sum() / np.log(2)
    assert (np.diff(p) < 0).all()
    assert np.allclose(p, entry((scores + 1000) / temperature))
    print(
        f"T = {temperature:<3g} largest {p.max():.3f}, smallest {p.min():.1e}",
        end=", ",
    )
    print(f"entropy {entropy:.2f} bits")

# %%
# What to notice
# --------------
#
# A temperature never changes which class wins, only by how much. Near zero the softmax
# becomes a choice of the largest score; far up it forgets the scores. It can't be seen
# from the probabilities alone which T was used.
