"""
Textbook formulas in floating point
===================================

Typed in as a textbook prints them, most activation functions lose digits somewhere, and
some end in NaN. Where does each formula break, and how badly?
"""

# %%
# The textbook formulas, and how far they are from the truth in units in the last place.
# Half a unit is correct rounding; at ten million units of a float32 no digit is right.
# The truth for float32 is actdocs in double precision.

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import erf

import actdocs
from actdocs.plotting import GRID, INK, STYLE

plt.style.use(STYLE)
TEXTBOOK = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "swish": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x / 2 * (1 + erf(x / np.sqrt(x.dtype.type(2)))),
    "mish": lambda x: x * np.tanh(np.log(1 + np.exp(x))),
}


@np.errstate(all="ignore")
def error(function, name, x):
    """Measure the error in units in the last place of the type of x."""
    truth = actdocs.get(name)(x.astype(np.float64))
    return np.abs(function(x) - truth) / np.spacing(np.abs(truth).astype(x.dtype))


side = np.geomspace(1e-5, 1e4, 4000)
x = np.concatenate([-side[::-1], side])
middle = x[20::40]
figure, axes = plt.subplots(4, 2, figsize=(7.4, 9), sharex=True, sharey=True)
for ax, (name, textbook) in zip(axes.flat, TEXTBOOK.items(), strict=False):
    entry = actdocs.get(name)
    for function, color in ((textbook, entry.color), (entry, INK)):
        worst = (
            error(function, name, x.astype(np.float32)).reshape(-1, 40).max(axis=1)
        )
        lost = ~np.isfinite(worst)
        ax.plot(middle, np.where(lost, np.nan, worst.clip(0.1)), color=color)
        ax.fill_between(
            middle, 1e-2, 1e9, where=lost, color=GRID, linewidth=0, zorder=0
        )
    ax.set_title(entry.title, color=entry.color)
ax.set_xscale("symlog", linthresh=1e-4)
ax.set_xticks([-1e4, -1, 0, 1, 1e4], ["−10⁴", "−1", "0", "1", "10⁴"])
ax.set(yscale="log", ylim=(0.05, 1e9), xlabel="x")
ax.set_yticks([0.5, 1e3, 1e7], ["0.5", "10³", "10⁷"])
ax.minorticks_off()
key = [
    "coloured: textbook formula",
    "in this colour: actdocs",
    "shaded: infinite or NaN",
]
key += ["height: error in units", "in the last place"]
axes[3, 1].text(-5, 0.5, "\n".join(key), color=INK)
axes[3, 1].set_axis_off()
figure.set_label(
    "Errors of seven textbook formulas in float32, in units in the last place, against "
    "actdocs, which stays within 4 units. Tanh is NaN far out on both sides and inaccurate "
    "around zero, ELU just below zero; softplus overflows on the right; softplus, GELU and "
    "Mish lose every digit on the left."
)
plt.show()

# %%
# The largest finite error in each precision, and where the answer becomes infinite or
# NaN. For float64 the truth is actdocs in float64, itself within 4 units.

for name, textbook in TEXTBOOK.items():
    for dtype in (np.float32, np.float64):
        errors = error(textbook, name, x.astype(dtype))
        lost = np.abs(x[~np.isfinite(errors)])
        worst = errors[np.isfinite(errors)].max()
        print(f"{name:<9} {dtype.__name__}: up to {worst:.0e} units", end="")
        print(f", infinite or NaN from |x| = {lost.min():.0f}" if lost.size else "")
    assert error(actdocs.get(name), name, x.astype(np.float32)).max() <= 4

# %%
# What to notice
# --------------
#
# Two things go wrong. An exponential overflows: ∞/∞ makes the tanh NaN and ln ∞ the
# softplus infinite, though the true values are ordinary numbers; sigmoid and Swish only
# fall to zero a little early. And digits cancel: in tanh and ELU around zero, and in
# the left tail of softplus, GELU and Mish, where a tiny number is added to 1 and lost.
# What comes out there is a plausible zero, and no warning. float64 only moves these
# places.
