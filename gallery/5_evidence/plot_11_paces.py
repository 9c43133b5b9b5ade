"""
How long does an epoch take?
============================

Formulas differ in what they cost. But most of the work of a network is in its matrix
products, and those are the same for all. How much of the difference is left when a
network trains?

Each activation takes turns with ReLU: five small networks at once, one program, 3,200
images. The number is the ratio of the median times. It belongs to
the processor that it was measured on, as all times do; the order of magnitude carries
over, small differences don't.
"""

# %%
# The store has the answers.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.evidence import Store, title
from actdocs.findings import findings
from actdocs.plotting import MUTED, STYLE

plt.style.use(STYLE)
records = Store().load("paces").values()
times = {one["settings"]["activation"]: one["results"]["pace"] for one in records}
families = {}
for name in sorted(times, key=times.__getitem__):
    families.setdefault(actdocs.get(name).family, []).append(name)
families = dict(sorted(families.items(), key=lambda pair: len(pair[1])))

# %%
# A dot is an activation, a row a family. The fastest and the slowest of each are named.

figure, ax = plt.subplots(figsize=(7.2, 4.8))
for place, names in enumerate(families.values()):
    for name in names:
        look = {"color": actdocs.get(name).color, "label": title(name)}
        ax.plot(times[name], place, "o", alpha=0.7, **look)
    ends = {names[0]: "right", names[-1]: "left"} if len(names) > 1 else {}
    for name, side in ends.items():
        x = times[name] + (0.02 if side == "left" else -0.02)
        ax.text(x, place, title(name), ha=side, va="center", fontsize=8)
ax.axvline(1, color=MUTED, linewidth=1, zorder=0)
ax.set_yticks(range(len(families)), [family.capitalize() for family in families])
room = min(times.values()) - 0.25, max(times.values()) + 0.2
ax.set(xlim=room, xlabel="time of an epoch, in epochs with ReLU")
said = [
    f"{family} {times[names[0]]:.1f} to {times[names[-1]]:.1f}"
    for family, names in families.items()
]
figure.set_label(
    f"Time of an epoch as a multiple of ReLU's, a dot for each of {len(times)} "
    f"activations, by family: {', '.join(said)}. The median is "
    f"{np.median(list(times.values())):.1f}."
)
plt.show()

# %%
# What may be said of it:

for finding in findings("paces"):
    if finding.overview:
        print(finding)

# %%
# What to notice
# --------------
#
# A layer of 64 units is narrow. The wider it is, the more of the time goes into matrix
# products, and the less an activation matters. So time is seldom a reason for or against
# one. What decides is whether it learns: :doc:`plot_06_every`.
