"""
How leaky is leaky?
===================

Leaky ReLU lets negative inputs through with a small slope α. Libraries and papers
differ in the α that they take when you name none. How much of a difference is that?
"""

# %%
# In the usual window α = 0.01 can't be told from ReLU, so here is the negative side,
# enlarged.

import matplotlib.pyplot as plt
import numpy as np

import actdocs
from actdocs.plotting import MUTED, STYLE

plt.style.use(STYLE)
DEFAULTS = {
    0.01: "the paper, PyTorch, JAX, ONNX, actdocs",
    0.1: "Darknet (the YOLO detectors)",
    0.2: "tf.nn.leaky_relu, keras.activations.leaky_relu",
    0.3: "keras.layers.LeakyReLU",
}
entry = actdocs.get("leaky_relu")
assert entry.parameters["alpha"] in DEFAULTS

x = np.array([-5.0, 0.0, 1.0])
figure, ax = plt.subplots(figsize=(7, 5.2))
for alpha, users in DEFAULTS.items():
    y = entry(x, alpha=alpha)
    ax.plot(x, y, color=entry.color)
    ax.text(
        *(-4.95, entry(-4.95, alpha=alpha) - 0.03),
        f"α = {alpha}: {users}",
        color=entry.color,
        rotation=np.degrees(np.arctan2(y[1] - y[0], x[1] - x[0])),
        rotation_mode="anchor",
        transform_rotates_text=True,
        va="top",
    )
relu = actdocs.get("relu")
ax.plot(x, relu(x), color=relu.color)
ax.text(-4.95, 0.03, relu.title, color=relu.color)
ax.set(xlim=(-5, 1), ylim=(-1.7, 1), xlabel="x", ylabel="f(x)")
ax.axvline(0, color=MUTED, linewidth=0.8)
figure.set_label(
    "Leaky ReLU from −5 to 1. Right of zero all slopes give one line. At −5: "
    + "; ".join(
        f"{entry(-5.0, alpha=alpha):g} with α = {alpha} ({users})"
        for alpha, users in DEFAULTS.items()
    )
    + "."
)
plt.show()

# %%
# A gradient that passes inactive units is multiplied by α at each of them.

print(
    f"{'α':>5} {'f(−5)':>7} {'slope':>6} {'gradient left after 5 inactive units':>37}"
)
for alpha in DEFAULTS:
    slope = entry.derivative(-5.0, alpha=alpha)
    print(
        f"{alpha:5} {entry(-5.0, alpha=alpha):7.2f} {slope:6.2f} {slope**5:37.1e}"
    )

# %%
# What to notice
# --------------
#
# “Leaky ReLU” without its α names several functions. When you move a network from one
# library to another, write α out. Even the largest of these slopes lets little of a
# gradient through several inactive units in a row; what counts is that it isn't zero.
