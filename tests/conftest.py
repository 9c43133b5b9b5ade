"""What every test relies on."""

import matplotlib as mpl

mpl.use("agg")
